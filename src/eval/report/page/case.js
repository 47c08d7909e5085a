// One case: its line in the list, and all that is known of it, which is made when it is opened.

function caseItem(record) {
  const marks = MARKS.filter(([, , holds]) => holds(record)).map(([, words]) => el("span", { class: "mark" }, words));
  const again = summary.header.repeat > 1 ? ` · repeat ${record.repeat + 1}` : "";
  const head = el("summary", { class: "head" },
    el("span", { class: `badge ${record.verdict}` }, VERDICTS[record.verdict]),
    el("span", { class: "question", lang: record.lang }, record.prompt),
    el("span", { class: "line" }, `${record.suite}/${record.case} · ${record.strategy}${again}`, marks),
    el("span", { class: "cost" }, `${millis(record.ms)} ms`, el("br"), " ", orNone(record.usage.cost_micro_usd, dollars)));
  const details = el("details", {}, head);
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) details.append(caseDetail(record));
  });
  return el("li", {}, details);
}

function caseDetail(record) {
  const part = (title, ...content) => [el("h3", {}, title), ...content];
  const parts = [];
  const reasons = [record.reason, record.said_no].filter(Boolean);
  if (reasons.length > 0) parts.push(part("Why", reasons.map((why) => el("p", {}, `${why.message} (${why.code})`))));
  if (record.lucky.length > 0) parts.push(part("Right by luck", el("p", {}, `Gold and answer differ on changed copies of the data: ${record.lucky.join(", ")}.`)));
  if (record.reply) parts.push(part("Reply", el("blockquote", { lang: record.lang }, record.reply)));
  if ((record.ungrounded ?? []).length > 0) parts.push(el("p", { class: "bad" }, `Not in the evidence: ${record.ungrounded.join(", ")}`));
  if (record.gold_sql || record.sql) parts.push(part("SQL", statements(record)));
  if (record.gold || record.predicted) parts.push(part("Rows", results(record)));
  if (record.retrieval) {
    const { recall_at_5, recall_at_10, mrr, ndcg_at_10 } = record.retrieval;
    parts.push(part("Ranking", table("Ranking", ["", "value"], [["recall@5", recall_at_5], ["recall@10", recall_at_10], ["MRR", mrr], ["nDCG@10", ndcg_at_10]].map(([name, value]) => [name, unit(value)]))));
  }
  parts.push(part("Trace", table(`Trace of ${record.case}`, ["step", "outcome", "reason", "ms"], record.steps.map((step) => [step.step, step.outcome, step.reason ?? NONE, millis(step.ms)]), 3)));
  parts.push(part("Price", price(record)), part("The case", facts(record)));
  return el("div", { class: "detail" }, parts.flat());
}

function statements(record) {
  const [gold, ran] = record.gold_sql && record.sql ? sqlDifference(record.gold_sql, record.sql) : [[record.gold_sql], [record.sql]];
  const side = (title, nodes) => el("div", {}, el("h4", {}, title), nodes[0] === null ? el("p", { class: "muted" }, "none") : el("pre", {}, nodes));
  const fate = { none: "", ran: "", refused: " (refused)", repaired: " (repaired)", failed: " (failed)" }[record.sql_fate];
  return el("div", { class: "sides" }, side("Gold", gold), side(`Predicted${fate}`, ran));
}

function results(record) {
  const alone = record.gold && record.predicted ? rowDifference(record.kind, record.gold, record.predicted) : null;
  const side = (title, excerpt, missing, kind, words) => {
    if (!excerpt) return el("div", {}, el("h4", {}, title), el("p", { class: "muted" }, "none"));
    const mark = kind === "gone" ? "−" : "+";
    const rows = excerpt.rows.map((row, at) => {
      const only = missing?.[at];
      const first = only ? el("td", {}, mark, el("span", { class: "seen" }, ` ${words}`)) : el("td");
      return el("tr", { class: only ? kind : false }, first, row.map((cell) => (cell === null ? el("td", { class: "null" }, "NULL") : el("td", {}, cell))));
    });
    const head = el("tr", {}, el("td"), excerpt.columns.map((name) => el("th", { scope: "col" }, name)));
    const shown = excerpt.rows.length < excerpt.total ? `, the first ${excerpt.rows.length}` : "";
    const name = `${title}: ${whole(excerpt.total)} ${excerpt.total === 1 ? "row" : "rows"}${shown}`;
    return el("div", {}, el("h4", {}, name), scrolling(`${name}, of ${record.case}`, el("table", {}, el("thead", {}, head), el("tbody", {}, rows))));
  };
  return el("div", { class: "sides" },
    side("Gold", record.gold, alone?.[0], "gone", "only in gold"),
    side("Predicted", record.predicted, alone?.[1], "new", "only predicted"));
}

function price(record) {
  const { input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, cost_micro_usd } = record.usage;
  const tokens = input_tokens + output_tokens + cache_read_tokens + cache_write_tokens;
  const used = tokens === 0 ? "no tokens" : `tokens: ${whole(input_tokens)} in, ${whole(output_tokens)} out, ${whole(cache_read_tokens)} read from the cache, ${whole(cache_write_tokens)} written to it`;
  return el("p", {}, `${orNone(cost_micro_usd, dollars)}; ${used}`);
}

function facts(record) {
  const others = cases.filter((other) => other.suite === record.suite && other.case === record.case && other !== record);
  const known = [`kind ${record.kind}`, `language ${record.lang}`, `video ${record.video_id}`, record.difficulty ? `difficulty ${record.difficulty}` : "",
    record.tags.length > 0 ? `tags ${record.tags.join(", ")}` : "", record.pair ? `pair ${record.pair}` : "", record.rung ? `rung ${record.rung}` : "",
    record.soft_f1 === null ? "" : `soft-F1 ${unit(record.soft_f1)}`];
  const also = others.map((other) => `${other.strategy}${summary.header.repeat > 1 ? ` repeat ${other.repeat + 1}` : ""} ${VERDICTS[other.verdict]}`);
  return el("div", {},
    el("p", {}, known.filter(Boolean).join(" · ")),
    also.length > 0 ? el("p", {}, "Also asked: ", el("a", { href: casesOf({ case: `${record.suite}/${record.case}` }) }, also.join("; "))) : null);
}
