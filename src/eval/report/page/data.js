// The run, and what follows from it.

const { summary, comparison, gates, cases } = JSON.parse(byId("run").textContent);
// Thousands of cases need not be kept twice.
byId("run").remove();

const VERDICTS = {
  right: "✓ right", wrong: "✗ wrong", abstained: "○ abstained", error: "! error",
  not_applicable: "· not applicable", graded: "≈ graded",
};
const strategies = summary.strategies.map((slice) => slice.strategy);

/** One case of one strategy, whatever the repeat. */
const keyOf = (record) => JSON.stringify([record.suite, record.case, record.strategy]);

const repeats = Map.groupBy ? Map.groupBy(cases, keyOf) : grouped(cases, keyOf);

function grouped(items, key) {
  const groups = new Map();
  for (const item of items) {
    const of = key(item);
    if (!groups.has(of)) groups.set(of, []);
    groups.get(of).push(item);
  }
  return groups;
}

/** Case ids of a list of every compared strategy. */
function listed(name) {
  const compared = comparison ? comparison.strategies : [];
  return new Set(compared.flatMap((of) => of[name].map((pair) => keyOf({ ...pair, strategy: of.after }))));
}

const fixed = listed("fixed");
const broken = listed("broken");

/** What else can be said of a record than its verdict: name, words, and whether it holds. */
const MARKS = [
  ["broken", "broken", (record) => broken.has(keyOf(record))],
  ["fixed", "fixed", (record) => fixed.has(keyOf(record))],
  ["flipped", "flipped by chance", (record) => repeats.get(keyOf(record)).some((other) => other.verdict !== record.verdict)],
  ["lucky", "right by luck", (record) => record.lucky.length > 0],
  ["ungrounded", "not grounded", (record) => (record.ungrounded ?? []).length > 0],
];

/** Milliseconds by stage, of one strategy's records: `total` first, then in the order of the trace. */
function stages(strategy) {
  const times = new Map([["total", []]]);
  for (const record of cases) {
    if (record.strategy !== strategy) continue;
    times.get("total").push(record.ms);
    for (const { step, ms } of record.steps) {
      if (!times.has(step)) times.set(step, []);
      times.get(step).push(ms);
    }
  }
  return times;
}

/** Type 7, as the summary has it. */
function quantile(sorted, q) {
  const place = q * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
}
