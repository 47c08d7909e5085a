// Everything above the cases.

/** A line for each figure: its name, and how a slice's is shown. As the terminal has them. */
const FIGURES = [
  ["cases", (f) => whole(f.cases)],
  ["accuracy [95%]", (f) => withInterval(f.accuracy)],
  ["right", (f) => whole(f.right)],
  ["wrong", (f) => whole(f.wrong)],
  ["abstained", (f) => whole(f.abstained)],
  ["errors", (f) => whole(f.errors)],
  ["not applicable", (f) => whole(f.not_applicable)],
  ["graded", (f) => someOf(f.graded)],
  ["right by luck", (f) => someOf(f.lucky)],
  ["coverage [95%]", (f) => withInterval(f.coverage)],
  ["precision [95%]", (f) => withInterval(f.precision)],
  ["abstention precision [95%]", (f) => withInterval(f.abstention_precision)],
  ["abstention recall [95%]", (f) => withInterval(f.abstention_recall)],
  ["soft-F1", (f) => orNone(f.soft_f1, unit)],
  ["SQL ran", (f) => whole(f.sql_ran)],
  ["SQL refused", (f) => someOf(f.sql_refused)],
  ["SQL repaired", (f) => someOf(f.sql_repaired)],
  ["SQL failed", (f) => someOf(f.sql_failed)],
  ["recall@5", (f) => orNone(f.retrieval, (of) => unit(of.recall_at_5))],
  ["recall@10", (f) => orNone(f.retrieval, (of) => unit(of.recall_at_10))],
  ["MRR", (f) => orNone(f.retrieval, (of) => unit(of.mrr))],
  ["nDCG@10", (f) => orNone(f.retrieval, (of) => unit(of.ndcg_at_10))],
  ["grounded [95%]", (f) => withInterval(f.grounded)],
  ["ms p50 / p95 / p99", (f) => orNone(f.latency_ms.total, (q) => `${millis(q.p50)} / ${millis(q.p95)} / ${millis(q.p99)}`)],
  ["tokens in / out", (f) => bothOf(f.input_tokens, f.output_tokens)],
  ["cache read / write", (f) => bothOf(f.cache_read_tokens, f.cache_write_tokens)],
  ["cost", (f) => orNone(f.cost_micro_usd, dollars)],
  ["cost / prompt", (f) => orNone(f.cost_per_prompt_micro_usd, dollars)],
  ["cost / right", (f) => orNone(f.cost_per_right_micro_usd, dollars)],
  ["route regret", (f) => orNone(f.route_regret_micro_usd, dollars)],
];

const someOf = (count) => (count === 0 ? NONE : whole(count));
const bothOf = (first, second) => (first + second === 0 ? NONE : `${whole(first)} / ${whole(second)}`);

/** The address of the cases that fit: `{verdict: "wrong"}`. */
const casesOf = (filters) => `#${new URLSearchParams(filters)}`;

function showSummary() {
  const { header } = summary;
  const many = header.repeat > 1 ? `, asked ${header.repeat} times` : "";
  const copies = header.mutants > 0 ? `, on ${header.mutants} changed copies of the data` : "";
  byId("headline").append(`askline ${header.crate_version}: ${whole(header.cases)} cases of ${Object.keys(header.suites).join(", ")}${many}${copies}, on ${header.started_at}`);
  if (header.stopped) byId("headline").after(el("p", { class: "bad" }, `Stopped before all cases were asked: ${header.stopped}`));
  showGates();
  byId("accuracies").append(el("h3", {}, "Accuracy, with its 95% interval"), ...summary.strategies.map(({ strategy, figures }) =>
    el("div", { class: "share" }, el("span", {}, strategy), intervalBar(figures.accuracy) ?? el("span"),
      el("span", {}, el("strong", {}, orNone(figures.accuracy, (share) => percent(share.value))), " ",
        figures.accuracy ? `[${(figures.accuracy.low * 100).toFixed(1)}, ${(figures.accuracy.high * 100).toFixed(1)}] of ${whole(figures.accuracy.of)}` : "nothing was judged"))));
  const lines = FIGURES.map(([name, shown]) => [name, ...summary.strategies.map((slice) => shown(slice.figures))]);
  byId("figures").append(el("h3", {}, "Figures"), table("Figures by strategy", ["", ...strategies], lines.filter((line) => line.slice(1).some((cell) => cell !== NONE))));
  if (summary.parity.length > 0) {
    byId("parity").append(el("h3", {}, "Korean beside English, over the cases that ask the same"),
      table("Korean beside English", ["", "pairs", "both right", "only Korean", "only English", "neither", "p (McNemar)"],
        summary.parity.map((of) => [of.strategy, of.pairs, of.both_right, of.only_korean, of.only_english, of.neither, orNone(of.p, pValue)].map(String))));
  }
  const versions = [["data", header.data_hash], ["lexicon", header.lexicon_hash], ["models", header.models.join(", ") || NONE]];
  for (const [what, of] of [["suite", header.suites], ["strategy", header.strategies], ["prompt", header.prompts]]) {
    versions.push(...Object.entries(of).map(([name, hash]) => [`${what} ${name}`, hash]));
  }
  byId("versions").append(table("Versions", ["", "version or hash"], versions, 9));
}

function showGates() {
  if (gates.length === 0) return;
  const rows = gates.map((gate) => [gate.gate, gate.strategy, el("span", { class: gate.failed ? "bad" : "good" }, gate.failed ? "✗ failed" : "✓ passed"), gate.found]);
  byId("gates").append(el("h3", {}, "Gates"), table("Gates", ["fail if", "strategy", "result", "found"], rows, 9));
}

function showCharts() {
  const priced = summary.strategies.flatMap(({ strategy, figures: { accuracy, cost_per_prompt_micro_usd: cost } }) =>
    accuracy && cost !== null ? [{ name: strategy, cost, ...accuracy }] : []);
  const left = strategies.filter((name) => !priced.some((point) => point.name === name));
  if (priced.length > 0) {
    // Drawn anew at another width, so that its text keeps its size.
    new ResizeObserver(([{ contentRect }]) => {
      byId("scatter").replaceChildren(scatter(priced, Math.max(280, Math.min(contentRect.width, 736))));
    }).observe(byId("scatter"));
  }
  if (left.length > 0) byId("scatter").after(el("p", { class: "muted" }, `No accuracy or no price is known of ${left.join(", ")}.`));
  const draw = (strategy) =>
    byId("latency").replaceChildren(...[...stages(strategy)].filter(([, times]) => times.length > 0).map(([stage, times]) => histogram(stage, times)));
  byId("latency").before(el("p", { class: "muted small" }, "Times on a logarithmic scale; the line is the median, the dashed one the 95th percentile."));
  if (strategies.length > 1) byId("latency-choice").append(choice("Strategy", strategies.map((name) => [name, name]), strategies[0], draw));
  draw(strategies[0]);
}

function showSlices() {
  const kinds = [...new Set(summary.slices.map((slice) => slice.by))];
  if (kinds.length === 0) return byId("slices").setAttribute("hidden", "");
  const draw = (by) => {
    const of = summary.slices.filter((slice) => slice.by === by);
    const keys = [...new Set(of.map((slice) => slice.key))];
    const rows = keys.flatMap((key) => of.filter((slice) => slice.key === key)).map(({ key, strategy, figures: f }) => [
      el("a", { href: casesOf({ [by]: key, strategy }) }, key),
      strategy,
      whole(f.cases),
      el("div", {}, withInterval(f.accuracy), intervalBar(f.accuracy)),
      orNone(f.coverage, (share) => percent(share.value)),
      orNone(f.precision, (share) => percent(share.value)),
      whole(f.errors),
      whole(f.not_applicable),
      orNone(f.latency_ms.total, (q) => millis(q.p50)),
      orNone(f.cost_per_prompt_micro_usd, dollars),
    ]);
    const head = [by, "strategy", "cases", "accuracy [95%]", "coverage", "precision", "errors", "n/a", "p50 ms", "cost / prompt"];
    byId("slices-table").replaceChildren(table(`Slices by ${by}`, head, rows, 2));
  };
  byId("slices-choice").append(choice("By", kinds.map((by) => [by, by]), kinds[0], draw));
  draw(kinds[0]);
}

function showComparison() {
  if (!comparison) return byId("to-comparison").remove();
  const section = byId("comparison");
  section.hidden = false;
  section.append(el("p", {}, `With the run of ${comparison.before}. Differences are this run minus that one.`));
  if (comparison.changed.length > 0) {
    section.append(el("p", {}, "Changed in between:"), el("ul", {}, comparison.changed.map((of) =>
      el("li", {}, `${of.what}: ${of.before ?? "none"} → ${of.after ?? "none"}`))));
  }
  for (const of of comparison.strategies) {
    const { accuracy } = of;
    const counts = `${accuracy.fixed} fixed, ${accuracy.broken} broken of ${accuracy.pairs} (exact McNemar p ${pEquals(accuracy.p)})`;
    const says = accuracy.fixed + accuracy.broken === 0 ? ["", "No case changed between right and not right"]
      : accuracy.p > 0.05 ? ["", "No difference in accuracy that chance would not make: "]
      : accuracy.fixed > accuracy.broken ? ["good", "Better: "] : ["bad", "Worse: "];
    const least = of.detectable === null ? "There are too few cases to find any difference in accuracy."
      : `With so many cases, a difference of ${(of.detectable * 100).toFixed(1)} points is found 4 times in 5; a smaller one may be missed.`;
    section.append(
      el("h3", {}, of.before === of.after ? of.after : `${of.after} (before: ${of.before})`),
      el("p", {}, el("span", { class: says[0] }, says[1]), says[1].endsWith(" ") ? counts : "", ". ", least),
      table(`Figures of ${of.after} before and after`, ["", "before", "after", "difference", "95% of the difference"], measuresOf(of)));
    const changed = of.slices.filter((slice) => slice.accuracy.fixed + slice.accuracy.broken > 0);
    if (changed.length > 0) {
      section.append(el("details", {}, el("summary", {}, `Slices in which a case changed (${changed.length})`),
        table(`Slices of ${of.after} that changed`, ["", "cases", "before", "after", "points", "fixed / broken", "p (Holm)"], changed.map((slice) => [
          `${slice.by} ${slice.key}`, whole(slice.accuracy.pairs), orNone(slice.accuracy.before, percent), orNone(slice.accuracy.after, percent),
          orNone(slice.accuracy.difference, points), `${slice.accuracy.fixed} / ${slice.accuracy.broken}`, pValue(slice.p_holm)]))));
    }
    for (const [title, name] of [["Broken", "broken"], ["Fixed", "fixed"], ["Judged in one run only", "unjudged"], ["Flipped by chance between repeats", "flipped"]]) {
      if (of[name].length > 0) section.append(el("details", { open: name === "broken" && of[name].length <= 20 }, el("summary", {}, `${title} (${of[name].length})`), pairsOf(of, of[name])));
    }
  }
}

function measuresOf(of) {
  const rows = [["accuracy", orNone(of.accuracy.before, percent), orNone(of.accuracy.after, percent), orNone(of.accuracy.difference, (value) => `${points(value)} points`), `p ${pEquals(of.accuracy.p)}`]];
  const add = (name, { before, after, difference, interval }, shown) => rows.push([name, shown(before), shown(after), signed(difference, shown),
    orNone(interval, ({ low, high }) => `[${signed(low, shown)}, ${signed(high, shown)}]`)]);
  for (const [name, measured, shown] of [["ms", of.ms, millis], ["cost / prompt", of.cost_micro_usd, dollars], ["nDCG@10", of.ndcg_at_10, unit]]) {
    if (!measured) continue;
    add(`${name}, mean`, measured.mean, shown);
    add(`${name}, median`, measured.median, shown);
  }
  return rows;
}

function pairsOf(of, pairs) {
  const verdicts = (all) => [...new Set(all)].map((one) => VERDICTS[one].slice(2)).join(" or ");
  const side = (all, why) => `${verdicts(all)}${why ? ` (${why})` : ""}`;
  return el("ul", {}, pairs.map((pair) => el("li", {},
    el("a", { href: casesOf({ case: `${pair.suite}/${pair.case}`, strategy: of.after }) }, `${pair.suite}/${pair.case}`),
    `: ${side(pair.before, pair.why_before)} → ${side(pair.after, pair.why_after)}`)));
}
