// The row of controls: each named by its symbol and its word, its value beside it.
import { html, uniqueId } from "./dom.js";
import { brief, clamp, parse } from "./numbers.js";

const BIGGER = 5;

// A slider with its number. onValue(value) gets good numbers; onBad(sentence) what is wrong with a bad one, or "".
//   log      each step multiplies by `step`; otherwise it adds it       whole    only whole numbers
//   limits   what may be typed; the slider itself ends at low and high
//   signed   warm for positive numbers, cool for negative ones (a weight has a sign, a learning rate has none to show)
export function numberControl({ symbol = "", word, low, high, step, log = false, whole = false, signed = true, limits = [-100, 100], onValue, onBad }) {
  const name = symbol && word ? `${symbol}, ${word}` : symbol || word;
  const scale = log ? ratios(low, high, step) : sums(low, high, step);
  const id = uniqueId("control");
  const slider = html("input", { type: "range", id, ...scale.range });
  const number = numberField({ symbol: symbol || word, name: `${name}, as a number`, whole, limits, next: (value, steps) => counted(value, scale.next(value, steps)), onValue, onBad });
  const label = symbol ? [html("b", {}, symbol), word && `, ${word}`] : [word];
  const node = html("div", { class: "control number" }, html("label", { for: id }, label), html("div", { class: "pair" }, slider, number.node));
  let value = 0;

  // Whole numbers only, if it is to be whole: the nearest, but a step that was made is a step of one at least.
  const counted = (from, to) => (!whole ? to : Math.round(to) !== from ? Math.round(to) : from + Math.sign(to - from));
  // What was chosen counts at once: a second key may come before the picture is drawn.
  const accept = (next) => {
    number.complain("");
    value = next;
    onValue(next);
  };
  slider.addEventListener("input", () => accept(clamp(counted(value, scale.value(Number(slider.value))), low, high)));
  slider.addEventListener("keydown", (event) => {
    const sign = SIGN[event.key];
    if (!sign || !event.shiftKey) return;
    event.preventDefault();
    accept(clamp(counted(value, scale.next(value, sign * BIGGER)), low, high));
  });

  // `next` is the value in force.
  function show(next) {
    value = next;
    const at = scale.at(next);
    slider.value = at;
    const { min, max } = scale.range;
    const [from, to] = [log ? min : clamp(0, min, max), at].map((end) => (100 * (end - min)) / (max - min)).sort((a, c) => a - c);
    slider.style.setProperty("--from", `${from}%`);
    slider.style.setProperty("--to", `${to}%`);
    slider.setAttribute("aria-valuetext", brief(next));
    node.dataset.sign = !signed ? "none" : next > 0 ? "positive" : next < 0 ? "negative" : "zero";
    number.show(next);
  }
  return { node, show, focus: number.focus, enable: (on) => [slider, number.node].forEach((input) => (input.disabled = !on)) };
}

// A number to type; ArrowUp and ArrowDown step. next(value, steps) says where a step leads.
export function numberField({ symbol, name, id, whole = false, limits, next, onValue, onBad }) {
  const node = html("input", { type: "text", id, inputmode: whole ? "numeric" : "decimal", autocomplete: "off", size: 5, "aria-label": name });
  let value = 0;
  const complain = (sentence) => {
    node.setAttribute("aria-invalid", sentence ? "true" : "false");
    onBad(sentence);
  };
  node.addEventListener("input", () => {
    const typed = parse(node.value);
    const stays = `Until then it stays ${brief(value)}.`;
    if (typed === null) complain(`${symbol} needs a number, such as ${whole ? "3" : limits[0] < 0 ? "−1 or 0.5" : "0.5"}. ${stays}`);
    else if (typed < limits[0] || typed > limits[1]) complain(`${symbol} must lie between ${brief(limits[0])} and ${brief(limits[1])}. ${stays}`);
    else if (whole && !Number.isInteger(typed)) complain(`${symbol} must be a whole number. ${stays}`);
    else {
      complain("");
      onValue(typed);
    }
  });
  node.addEventListener("keydown", (event) => {
    const sign = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!sign) return;
    event.preventDefault();
    complain("");
    value = clamp(next(value, sign * (event.shiftKey ? BIGGER : 1)), ...limits);
    onValue(value);
    node.value = brief(value);
  });
  node.addEventListener("blur", () => {
    node.value = brief(value);
    complain("");
  });
  // A field in which someone is typing is left alone.
  function show(now) {
    value = now;
    if (document.activeElement !== node && node.getRootNode().activeElement !== node) node.value = brief(now);
  }
  return { node, show, complain, focus: () => node.focus() };
}

const SIGN = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1 };

// Where on its track a slider stands for a value, and back.
function sums(low, high, step) {
  const round = (value) => Number(value.toPrecision(10));
  return {
    range: { min: low, max: high, step },
    at: (value) => clamp(value, low, high),
    value: round,
    next: (value, steps) => round(value + steps * step),
  };
}
function ratios(low, high, factor) {
  const most = Math.max(1, Math.round(Math.log(high / low) / Math.log(factor)));
  const at = (value) => (most * Math.log(value / low)) / Math.log(high / low);
  const value = (place) => Number((low * (high / low) ** (place / most)).toPrecision(3));
  return {
    range: { min: 0, max: most, step: 1 },
    at: (now) => clamp(Math.round(at(now)), 0, most),
    value,
    next: (now, steps) => value(clamp(Math.round(at(now)) + steps, 0, most)),
  };
}

// A choice among named things. options: [[value, words], …]
export function choice({ word, options, onChoice }) {
  const id = uniqueId("control");
  const select = html("select", { id }, options.map(([value, words]) => html("option", { value }, words)));
  select.addEventListener("change", () => onChoice(select.value));
  return {
    node: html("div", { class: "control" }, html("label", { for: id }, word), select),
    show: (value) => (select.value = value),
  };
}

export function button(words, onPress) {
  return html("button", { type: "button", onclick: onPress }, words);
}

export function tick(words, onTick) {
  const box = html("input", { type: "checkbox" });
  box.addEventListener("change", () => onTick(box.checked));
  return html("label", { class: "tick" }, box, ` ${words}`);
}
