// The slope of softmax and cross-entropy, line by line, with its numbers.
import { button } from "../shared/controls.js";
import { html } from "../shared/dom.js";
import { clamp, format, inWords } from "../shared/numbers.js";
import { select, slider, stage } from "../shared/stage.js";
import { crossEntropy, gradient, measured, softmax } from "./classes.js";
import { LINES, plain, sentences } from "./lines.js";

const NAMES = ["A", "B", "C"];
const scoresOf = ({ o1, o2, o3 }) => [o1, o2, o3];

const ROWS = [
  { from: 1, head: "o", spoken: "scores o", numbers: (o) => o },
  { from: 2, head: "e^{o}", spoken: "e to the o", numbers: (o) => o.map(Math.exp) },
  { from: 3, head: "p", spoken: "probabilities p", numbers: softmax, bar: true },
  { from: 6, head: "y", spoken: "right answer y", numbers: (o, c) => o.map((_, k) => (k === c ? 1 : 0)) },
  { from: 7, head: "p − y", spoken: "the slope, p minus y", numbers: gradient, sign: true },
  { from: 8, head: "nudged", spoken: "the slope, measured by nudging", numbers: measured, sign: true },
];

export default stage({
  title: ({ values: { line } }) => (line < 7 ? "How steep is the loss, for each score? Go down line by line" : "The slope of softmax and cross-entropy together is p − y"),
  controls: [
    slider("line", { symbol: "≡", word: "lines shown", low: 1, high: LINES, step: 1, whole: true }),
    ...NAMES.map((name, k) => slider(`o${k + 1}`, { symbol: `o${"₁₂₃"[k]}`, word: `score of ${name}`, low: -5, high: 5, step: 0.1, signed: true })),
    select("c", { symbol: "c", word: "right class", options: NAMES.map((name, k) => [k, name]) }),
  ],
  picture({ put }) {
    const text = Array.from({ length: LINES }, () => ({ formula: html("b", {}), words: html("span", {}) }));
    const list = html("ol", { class: "derivation" }, text.map(({ formula, words }) => html("li", {}, formula, words)));
    const cells = ROWS.map(() => NAMES.map(() => html("td", {})));
    const heads = NAMES.map((name) => html("th", { scope: "col" }, name));
    const body = ROWS.map(({ head, spoken }, r) => html("tr", {}, html("th", { scope: "row", "aria-label": spoken }, set(head)), cells[r]));
    const table = html("table", {}, html("caption", { class: "unseen" }, "The three classes, row by row of the derivation"), html("thead", {}, html("tr", {}, html("td", {}), heads)), html("tbody", {}, body));
    let line = 1;
    const go = (by) => put({ line: (line = clamp(line + by, 1, LINES)) }, `Line ${line}`);
    const back = button("◀ Line back", () => go(-1)), next = button("Next line ▶", () => go(1));

    function draw({ values }) {
      const { c } = values, o = scoresOf(values);
      line = values.line;
      sentences(o, c, NAMES).forEach(({ formula, words }, i) => {
        text[i].formula.replaceChildren(...set(formula));
        text[i].words.replaceChildren(...set(words));
        list.children[i].className = i + 1 > line ? "later" : i + 1 === line ? "now" : "";
        list.children[i].setAttribute("aria-hidden", String(i + 1 > line));
      });
      ROWS.forEach(({ from, numbers, bar, sign }, r) => {
        body[r].className = from > line ? "later" : from === line ? "now" : "";
        body[r].setAttribute("aria-hidden", String(from > line));
        numbers(o, c).forEach((value, k) => {
          cells[r][k].textContent = format(value, Math.abs(value) >= 100 ? 1 : 2);
          cells[r][k].style.setProperty("--bar", bar ? `${(100 * value).toFixed(0)}%` : "0%");
          cells[r][k].dataset.sign = sign ? (value > 0 ? "positive" : "negative") : "";
        });
      });
      heads.forEach((head, k) => head.classList.toggle("right-class", k === c));
      back.disabled = line === 1;
      next.disabled = line === LINES;
    }
    return { node: html("div", { class: "derive" }, html("div", {}, list, html("p", { class: "stepper" }, back, next)), html("div", { class: "scroll" }, table)), draw };
  },
  describe({ values }) {
    const { line, c } = values, o = scoresOf(values);
    const { spoken, words } = sentences(o, c, NAMES)[line - 1];
    const done = line >= 7 ? ` The loss is ${format(crossEntropy(o, c))}; its slopes are ${gradient(o, c).map((d) => format(d)).join(", ")} and sum to 0.` : "";
    return `Line ${inWords(line)} of ${inWords(LINES)}: ${spoken}. ${plain(words)}${done}`;
  },
});

// "p_{k}" with the k set low, "e^{o_k}" with the o_k set high
function set(text) {
  return text.split(/([_^]\{[^}]*\})/).filter(Boolean).map((part) => {
    const mark = /^([_^])\{(.*)\}$/.exec(part);
    return mark ? html(mark[1] === "^" ? "sup" : "sub", {}, mark[2].replace("_k", "ₖ")) : part;
  });
}
