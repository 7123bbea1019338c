// The row of controls: each named by its symbol and its word, its value beside it.
import { html, uniqueId } from "./dom.js";
import { clamp, parse, short } from "./numbers.js";

const BIGGER = 5;

// A slider with its number. onValue(value) gets good numbers; onBad(sentence) what is wrong with a bad one, or "".
export function numberControl({ symbol, word, low, high, step, limit = 100, onValue, onBad }) {
  const name = `${symbol}, ${word}`;
  const id = uniqueId("control");
  const slider = html("input", { type: "range", id, min: low, max: high, step });
  const number = html("input", { type: "text", inputmode: "decimal", autocomplete: "off", size: 5, "aria-label": `${name}, as a number` });
  const node = html("div", { class: "control number" }, html("label", { for: id }, html("b", {}, symbol), `, ${word}`), html("div", { class: "pair" }, slider, number));
  let value = 0;

  const complain = (sentence) => {
    number.setAttribute("aria-invalid", sentence ? "true" : "false");
    onBad(sentence);
  };
  const accept = (next) => {
    complain("");
    onValue(next);
  };
  slider.addEventListener("input", () => accept(Number(slider.value)));
  slider.addEventListener("keydown", (event) => {
    const sign = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1 }[event.key];
    if (!sign || !event.shiftKey) return;
    event.preventDefault();
    accept(Math.round(clamp(value + sign * BIGGER * step, low, high) * 100) / 100);
  });
  number.addEventListener("input", () => {
    const typed = parse(number.value);
    if (typed === null) complain(`${symbol} needs a number, such as −1 or 0.5. Until then it stays ${short(value)}.`);
    else if (Math.abs(typed) > limit) complain(`${symbol} must lie between −${limit} and ${limit}. Until then it stays ${short(value)}.`);
    else accept(typed);
  });
  number.addEventListener("keydown", (event) => {
    const sign = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!sign) return;
    event.preventDefault();
    accept(Math.round(clamp(value + sign * step * (event.shiftKey ? BIGGER : 1), -limit, limit) * 100) / 100);
    number.value = short(value);
  });
  number.addEventListener("blur", () => {
    number.value = short(value, 6);
    complain("");
  });

  // `next` is the value in force; a field in which someone is typing is left alone.
  function show(next) {
    value = next;
    slider.value = clamp(next, low, high);
    const [from, to] = [0, next].map((end) => (100 * (clamp(end, low, high) - low)) / (high - low)).sort((a, c) => a - c);
    slider.style.setProperty("--from", `${from}%`);
    slider.style.setProperty("--to", `${to}%`);
    slider.setAttribute("aria-valuetext", short(next));
    node.dataset.sign = next > 0 ? "positive" : next < 0 ? "negative" : "zero";
    if (document.activeElement !== number && node.getRootNode().activeElement !== number) number.value = short(next, 6);
  }
  return { node, show, focus: () => number.focus() };
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
