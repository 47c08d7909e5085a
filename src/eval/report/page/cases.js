// The list of cases and its filters. What is chosen stands in the address, so that it can be shared and linked to.

/** Shown at once, and added at a press. */
const PAGE = 50;
/** Choices of one value: name, label, what a record has of it. */
const CHOICES = [
  ["strategy", "Strategy", (record) => [record.strategy]],
  ["suite", "Suite", (record) => [record.suite]],
  ["kind", "Kind", (record) => [record.kind]],
  ["lang", "Language", (record) => [record.lang]],
  ["tag", "Tag", (record) => record.tags],
  ["difficulty", "Difficulty", (record) => [String(record.difficulty)]],
  ["rung", "Rung", (record) => (record.rung ? [record.rung] : [])],
];
const SORTS = {
  "": ["as asked", () => 0],
  slow: ["slowest first", (a, b) => b.ms - a.ms],
  dear: ["dearest first", (a, b) => (b.usage.cost_micro_usd ?? 0) - (a.usage.cost_micro_usd ?? 0)],
};

/** Name to text; `verdict` and `only` are lists with commas. */
let filters = {};
let found = [];

function fits(record) {
  const any = (name) => (filters[name] ? filters[name].split(",") : null);
  const [verdicts, only] = [any("verdict"), any("only")];
  return (!verdicts || verdicts.includes(record.verdict))
    && (!only || MARKS.some(([name, , holds]) => only.includes(name) && holds(record)))
    && (!filters.case || filters.case === `${record.suite}/${record.case}`)
    && CHOICES.every(([name, , values]) => !filters[name] || values(record).includes(filters[name]))
    && (!filters.q || plainText(filters.q).split(" ").every((word) => haystack(record).includes(word)));
}

const haystacks = new WeakMap();

/** All text of a case, made when it is first looked through. */
function haystack(record) {
  if (!haystacks.has(record)) {
    const { case: id, prompt, reply, gold_sql, sql, reason, said_no } = record;
    const texts = [id, prompt, reply, gold_sql, sql, reason?.message, reason?.code, said_no?.message, said_no?.code];
    haystacks.set(record, plainText(texts.filter(Boolean).join(" ")));
  }
  return haystacks.get(record);
}

const plainText = (text) => text.normalize("NFC").toLowerCase().replace(/\s+/gu, " ").trim();

function showFound() {
  found = cases.filter(fits).sort((SORTS[filters.sort ?? ""] ?? SORTS[""])[1]);
  byId("found").textContent = `${whole(found.length)} of ${whole(cases.length)} results${filters.case ? ` of case ${filters.case}` : ""}`;
  byId("list").replaceChildren();
  showMore();
}

function showMore() {
  const shown = byId("list").children.length;
  const next = found.slice(shown, shown + PAGE).map(caseItem);
  byId("list").append(...next);
  const left = found.length - shown - next.length;
  byId("more").hidden = left === 0;
  byId("more").textContent = `Show ${Math.min(left, PAGE)} more of ${whole(left)}`;
  return next[0];
}

/** The form, as the filters have it. */
function showFilters() {
  const form = byId("filters");
  const count = (holds) => cases.reduce((sum, record) => sum + (holds(record) ? 1 : 0), 0);
  const boxes = (name, legend, options) => el("fieldset", {}, el("legend", {}, legend), options.filter(([, , count]) => count > 0).map(([value, text, count]) =>
    el("label", {}, el("input", { type: "checkbox", name, value }), `${text} (${whole(count)})`)));
  const marks = MARKS.map(([value, text, holds]) => [value, text, count(holds)]).filter(([, , count]) => count > 0);
  form.replaceChildren(
    boxes("verdict", "Verdict", Object.entries(VERDICTS).map(([value, text]) => [value, text, count((record) => record.verdict === value)])),
    ...(marks.length > 0 ? [boxes("only", "Only", marks)] : []),
    ...CHOICES.map(([name, label, values]) => {
      const all = [...new Set(cases.flatMap(values))].sort();
      return all.length < 2 ? "" : el("label", { class: "field" }, el("span", {}, label), el("select", { name }, el("option", { value: "" }, "all"), all.map((value) => el("option", { value }, value))));
    }).filter(Boolean),
    el("label", { class: "field" }, el("span", {}, "Order"), el("select", { name: "sort" }, Object.entries(SORTS).map(([value, [text]]) => el("option", { value }, text)))),
    el("label", { class: "field wide" }, el("span", {}, "Text of question, reply, SQL or reason"), el("input", { type: "search", name: "q", autocomplete: "off" })),
    el("button", { type: "reset" }, "Clear"));
  form.addEventListener("input", later(() => chosen(read(form))));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => chosen({}));
}

function read(form) {
  const now = {};
  for (const [name, value] of new FormData(form)) {
    if (value !== "") now[name] = now[name] && (name === "verdict" || name === "only") ? `${now[name]},${value}` : value;
  }
  return now;
}

function write(form) {
  for (const field of form.elements) {
    if (field.type === "checkbox") field.checked = (filters[field.name] ?? "").split(",").includes(field.value);
    else if (field.name) field.value = filters[field.name] ?? "";
  }
}

function chosen(now) {
  filters = now;
  const address = new URLSearchParams(filters).toString();
  history.replaceState(null, "", address ? `#${address}` : location.pathname + location.search);
  showFound();
}

/** Whether the address names filters, and not a section. */
function fromAddress() {
  const hash = location.hash.slice(1);
  if (!hash.includes("=")) return false;
  filters = Object.fromEntries(new URLSearchParams(hash));
  write(byId("filters"));
  showFound();
  byId("cases").scrollIntoView();
  byId("cases").focus({ preventScroll: true });
  return true;
}

/** Once the asker has paused. */
function later(act) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, 120);
  };
}

showSummary();
showComparison();
showCharts();
showSlices();
showFilters();
byId("more").addEventListener("click", () => showMore()?.querySelector("summary").focus());
window.addEventListener("hashchange", fromAddress);
if (!fromAddress()) showFound();
