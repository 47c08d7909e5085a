// Drawings. Each says in its label what it shows; the same figures stand in tables.

/** A share with its interval on a line from 0 to 1. */
function intervalBar(share) {
  if (!share) return null;
  const x = (value) => (value * 100).toFixed(2);
  const drawing = svg("svg", { class: "interval", viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("rect", { class: "track", x: 0, y: 1, width: 100, height: 8, "vector-effect": "non-scaling-stroke" }),
    svg("rect", { class: "bar", x: 0, y: 1, width: x(share.value), height: 8 }),
    svg("path", { class: "whisker", d: `M${x(share.low)} 5H${x(share.high)}M${x(share.low)} 2.5V7.5M${x(share.high)} 2.5V7.5`, "vector-effect": "non-scaling-stroke" }));
  return drawing;
}

/** Round numbers that part a range into about `count` pieces. */
function ticks(low, high, count) {
  const rough = (high - low) / count || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= rough) * power;
  const all = [];
  for (let at = Math.ceil(low / step - 1e-9); at * step <= high + step * 1e-9; at++) all.push(at * step);
  return all;
}

/** `width`: in pixels; `points`: name, cost in micro-dollars a prompt, accuracy with its interval. */
function scatter(points, width) {
  const [height, left, right, top, bottom] = [340, 58, 20, 16, 46];
  const most = Math.max(...points.map((point) => point.cost), 1) * 1.12;
  const low = Math.max(0, Math.min(...points.map((point) => point.low)) - 0.05);
  const high = Math.min(1, Math.max(...points.map((point) => point.high)) + 0.03);
  const x = (cost) => left + 14 + (cost / most) * (width - left - right - 14);
  const y = (share) => top + ((high - share) / (high - low)) * (height - top - bottom);
  const drawing = svg("svg", {
    viewBox: `0 0 ${width} ${height}`, role: "img",
    "aria-label": `Accuracy against cost per prompt: ${points.map(({ name, cost, value }) => `${name} ${percent(value)} at ${dollars(cost)}`).join("; ")}`,
  });
  for (const share of ticks(low, high, 5)) {
    drawing.append(
      svg("path", { class: "grid", d: `M${left} ${y(share)}H${width - right}` }),
      svg("text", { class: "quiet", x: left - 8, y: y(share) + 4, "text-anchor": "end" }, `${Math.round(share * 100)}%`));
  }
  for (const cost of ticks(0, most, width < 480 ? 2 : 5)) {
    drawing.append(svg("text", { class: "quiet", x: x(cost), y: height - bottom + 18, "text-anchor": "middle" }, dollars(cost)));
  }
  drawing.append(
    svg("path", { class: "grid", d: `M${left} ${height - bottom}H${width - right}` }),
    svg("text", { class: "quiet", x: width - right, y: height - 8, "text-anchor": "end" }, "cost per prompt"));
  // A name goes below that of a near point instead of over it.
  const taken = [];
  for (const { name, cost, value, low: from, high: to } of points) {
    const [cx, cy] = [x(cost), y(value)];
    const toLeft = cx > width * 0.7;
    let place = cy + 4;
    while (taken.some(([ax, ay]) => Math.abs(ax - cx) < 180 && Math.abs(ay - place) < 15)) place += 15;
    taken.push([cx, place]);
    drawing.append(
      svg("path", { class: "whisker", d: `M${cx} ${y(from)}V${y(to)}M${cx - 5} ${y(from)}h10M${cx - 5} ${y(to)}h10` }),
      svg("circle", { class: "point", cx, cy, r: 6 }),
      svg("text", { x: toLeft ? cx - 12 : cx + 12, y: place, "text-anchor": toLeft ? "end" : "start" }, `${name} ${percent(value)}`));
  }
  return drawing;
}

/** Times in bins of equal width on a logarithmic scale; `name`: the stage. */
function histogram(name, times) {
  const sorted = times.map((ms) => Math.max(ms, 0.001)).sort((a, b) => a - b);
  const [width, height, bottom, top] = [280, 128, 20, 8];
  const [low, high] = [Math.log10(sorted[0]) - 0.02, Math.log10(sorted.at(-1)) + 0.02];
  const bins = new Array(24).fill(0);
  const place = (ms) => (Math.log10(ms) - low) / (high - low);
  for (const ms of sorted) bins[Math.min(bins.length - 1, Math.floor(place(ms) * bins.length))] += 1;
  const most = Math.max(...bins);
  const [p50, p95] = [quantile(sorted, 0.5), quantile(sorted, 0.95)];
  const said = `p50 ${millis(p50)} ms, p95 ${millis(p95)} ms, ${whole(sorted.length)} times`;
  const drawing = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `Latency of ${name}: ${said}` });
  const step = width / bins.length;
  bins.forEach((count, at) => {
    const tall = (count / most) * (height - bottom - top);
    if (count > 0) drawing.append(svg("rect", { class: "bar", x: at * step + 0.5, y: height - bottom - tall, width: step - 1, height: tall }));
  });
  drawing.append(svg("path", { class: "grid", d: `M0 ${height - bottom}H${width}` }));
  for (const [ms, kind] of [[p50, "median"], [p95, "p95"]]) {
    drawing.append(svg("path", { class: kind, d: `M${place(ms) * width} ${top - 6}V${height - bottom}` }));
  }
  drawing.append(
    svg("text", { class: "quiet", x: 0, y: height - 5 }, `${millis(sorted[0])} ms`),
    svg("text", { class: "quiet", x: width, y: height - 5, "text-anchor": "end" }, `${millis(sorted.at(-1))} ms`));
  return el("figure", {}, el("h4", {}, name), drawing, el("figcaption", {}, said));
}
