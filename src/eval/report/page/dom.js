// Elements, and figures as text. What a case says is only ever set as text, never as markup.

function el(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

function svg(name, attributes = {}, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

const byId = (id) => document.getElementById(id);

/**
 * A table that scrolls by itself where the screen is narrow. `head`: names; `rows`: lists of text or nodes, the first the
 * row's name; `numbers`: from which column on cells are figures. `name`: what it is, for who cannot see it.
 */
function table(name, head, rows, numbers = 1) {
  const kind = (at) => (at >= numbers ? "n" : false);
  const line = (row) =>
    el("tr", {}, row.map((cell, at) => (at === 0 ? el("th", { scope: "row" }, cell) : el("td", { class: kind(at) }, cell))));
  const names = head.map((text, at) =>
    text === "" ? el("td") : el("th", { scope: "col", class: kind(at) }, text));
  const inner = el("table", {}, el("caption", { class: "seen" }, name), el("thead", {}, el("tr", {}, names)), el("tbody", {}, rows.map(line)));
  return scrolling(name, inner);
}

/** What scrolls can be reached by the keyboard. */
const scrolling = (name, inner) => el("div", { class: "scroll", role: "group", "aria-label": name, tabindex: "0" }, inner);

/** A labelled choice. `options`: pairs of value and text. */
function choice(label, options, value, chosen) {
  const select = el("select", { onchange: () => chosen(select.value) },
    options.map(([key, text]) => el("option", { value: key, selected: key === value }, text)));
  return el("label", { class: "field" }, el("span", {}, label), select);
}

const NONE = "–";
const orNone = (value, shown) => (value === null || value === undefined ? NONE : shown(value));
const percent = (share) => `${(share * 100).toFixed(1)}%`;
const points = (difference) => signed(difference * 100, (value) => value.toFixed(1));
const signed = (value, shown) => `${value > 0 ? "+" : value < 0 ? "−" : "±"}${shown(Math.abs(value))}`;
const millis = (ms) => (ms < 10 ? ms.toFixed(2) : ms < 100 ? ms.toFixed(1) : ms.toFixed(0));
const unit = (value) => value.toFixed(3);
const whole = (n) => n.toLocaleString("en-US");
const pValue = (p) => (p < 0.001 ? "< 0.001" : p.toFixed(3));
const pEquals = (p) => `${p < 0.001 ? "" : "= "}${pValue(p)}`;
/** Micro-dollars, all digits; at least cents. */
const dollars = (micro) => `$${(micro / 1e6).toFixed(6).replace(/0{1,4}$/, "")}`;
const withInterval = (share) =>
  orNone(share, ({ value, low, high }) => `${percent(value)} [${(low * 100).toFixed(1)}, ${(high * 100).toFixed(1)}]`);
