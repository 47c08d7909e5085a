// What differs between two statements, and between two results.

/** Words, numbers, quoted texts and signs, with the space behind each. */
const TOKENS = /('(?:[^']|'')*'|"(?:[^"]|"")*"|[\p{L}\p{N}_.]+|[<>=!|]+|[^\s])(\s*)/gu;
/** Above so many pairs of tokens, differences are not looked for. */
const MOST = 1_000_000;

/** Both statements as nodes: what only the gold has in <del>, what only the other has in <ins>. */
function sqlDifference(gold, other) {
  const [a, b] = [gold, other].map((text) => [...text.matchAll(TOKENS)].map(([, token, space]) => ({ token, space, same: plain(token) })));
  if (a.length * b.length > MOST) return [[gold], [other]];
  // The longest common subsequence, from the ends.
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i][j] = a[i].same === b[j].same ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  const common = [new Set(), new Set()];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i].same === b[j].same) common[0].add(i++) && common[1].add(j++);
    else if (lengths[i + 1][j] >= lengths[i][j + 1]) i++;
    else j++;
  }
  return [marked(a, common[0], "del"), marked(b, common[1], "ins")];
}

/** Keywords are the same in any case; quoted text is not. */
const plain = (token) => (/^['"]/.test(token) ? token : token.toLowerCase());

/** Runs of tokens that are not common are one element. */
function marked(tokens, common, name) {
  const nodes = [];
  let run = [];
  const flush = () => {
    if (run.length === 0) return;
    const last = run.at(-1);
    nodes.push(el(name, {}, run.map(({ token, space }, at) => token + (at < run.length - 1 ? space : "")).join("")), last.space);
    run = [];
  };
  tokens.forEach((token, at) => {
    if (!common.has(at)) return run.push(token);
    flush();
    nodes.push(token.token + token.space);
  });
  flush();
  return nodes;
}

/**
 * Which rows of each result are in the other: two lists of booleans, `true` where not. `null` where nothing can be said:
 * one of them is not shown whole, or their columns do not answer each other.
 */
function rowDifference(kind, gold, predicted) {
  const whole = (excerpt) => excerpt.rows.length === excerpt.total;
  if (!whole(gold) || !whole(predicted)) return null;
  const column = (excerpt) => excerpt.columns.indexOf("id");
  const byId = kind === "events" && column(gold) >= 0 && column(predicted) >= 0;
  if (!byId && gold.columns.length !== predicted.columns.length) return null;
  const keys = (excerpt) => excerpt.rows.map((row) => JSON.stringify(byId ? row[column(excerpt)] : row));
  const alone = (mine, theirs) => {
    const left = new Map();
    for (const key of theirs) left.set(key, (left.get(key) ?? 0) + 1);
    return mine.map((key) => {
      const count = left.get(key) ?? 0;
      left.set(key, count - 1);
      return count <= 0;
    });
  };
  const [a, b] = [keys(gold), keys(predicted)];
  return [alone(a, b), alone(b, a)];
}
