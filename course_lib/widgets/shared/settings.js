// A figure's controls, as it declares them: each changes one of its values. (stage.js puts them on the page.)
import { choice, numberControl, numberField } from "./controls.js";
import { html, uniqueId } from "./dom.js";

// A slider with its number: { symbol, word, low, high, step, log, whole, signed, limits, when }
//   log: each step multiplies by `step` · signed: coloured by sign · limits: what may be typed, [low, high] unless said
//   low and high may be functions of the data
export const slider = (name, options) => ({ make: sliderFor, name, ...options });

// A choice: { word, options: [[value, words], …] }, the values being whatever you like
export const select = (name, options) => ({ make: selectFor, name, ...options });

// A tick: { word }
export const toggle = (name, options) => ({ make: toggleFor, name, ...options });

// A number without a slider: { symbol, word, low, high, step, whole }
export const number = (name, options) => ({ make: numberFor, name, ...options });

// One declared control on the page: { node, show(value), enable(on) }.  onValue(value, words) · onBad(sentence)
export const settingFor = (declared, data, hear) => declared.make(declared, data, hear);

function sliderFor({ symbol, word, low: least, high: most, step, log, whole, signed = false, limits }, data, { onValue, onBad }) {
  const [low, high] = [least, most].map((end) => (typeof end === "function" ? end(data) : end));
  return numberControl({ symbol, word, low, high, step: step ?? (log ? 1.1 : (high - low) / 100), log, whole, signed, limits: limits ?? [low, high], onValue, onBad });
}

function selectFor({ word, symbol, options }, data, { onValue }) {
  const list = typeof options === "function" ? options(data) : options;
  const control = choice({ word: symbol && word ? `${symbol}, ${word}` : word ?? symbol, options: list.map(([, words], i) => [i, words]), onChoice: (i) => onValue(list[i][0], list[i][1]) });
  const box = control.node.querySelector("select");
  return {
    node: control.node,
    show: (value) => control.show(list.findIndex(([each]) => each === value)),
    enable: (on) => (box.disabled = !on),
  };
}

function toggleFor({ word }, data, { onValue }) {
  const box = html("input", { type: "checkbox" });
  box.addEventListener("change", () => onValue(box.checked));
  return {
    node: html("label", { class: "control toggle" }, box, ` ${word}`),
    show: (value) => (box.checked = Boolean(value)),
    enable: (on) => (box.disabled = !on),
  };
}

function numberFor({ symbol, word, low, high, step = 1, whole = false }, data, { onValue, onBad }) {
  const id = uniqueId("number");
  const name = symbol && word ? `${symbol}, ${word}` : symbol || word;
  const field = numberField({ symbol: symbol || word, name, id, whole, limits: [low, high], next: (value, steps) => Number((value + steps * step).toPrecision(10)), onValue, onBad });
  return {
    node: html("div", { class: "control plain" }, html("label", { for: id }, symbol ? [html("b", {}, symbol), word && `, ${word}`] : word), field.node),
    show: field.show,
    enable: (on) => (field.node.disabled = !on),
  };
}
