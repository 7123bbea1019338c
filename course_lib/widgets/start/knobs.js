// Two knobs: turn one and hold the other. Each picture is a cut through the same hill.
import { curve } from "../shared/curve.js";
import { html } from "../shared/dom.js";
import { format, hundredths, short } from "../shared/numbers.js";
import { slider, stage } from "../shared/stage.js";
import { setText } from "../shared/table.js";
import { alongA, alongB, hill } from "./slopes.js";

const END = [-3, 3], POINTS = 120, TOUCH = 1;
const places = Array.from({ length: POINTS + 1 }, (_, i) => END[0] + (i * (END[1] - END[0])) / POINTS);

export default stage({
  title: ({ values: { a, b } }) => (Math.hypot(alongA(a, b), alongB(a, b)) < 0.1 ? "Both slopes are 0: no knob makes it smaller from here" : "Two knobs, two slopes: turn one, hold the other"),
  controls: [
    slider("a", { symbol: "a", word: "first knob", low: END[0], high: END[1], step: 0.05, signed: true }),
    slider("b", { symbol: "b", word: "second knob", low: END[0], high: END[1], step: 0.05, signed: true }),
  ],
  picture({ put }) {
    const cut = (name, onMove) => curve({ x: { name, low: END[0], high: END[1] }, y: { name: "f" }, label: `f over ${name}, the other knob held`, height: 250, marker: { label: `Turn knob ${name}`, step: 0.05, onMove } });
    const left = cut("a", (a) => put({ a: hundredths(a) }, `a = ${short(a)}`)), right = cut("b", (b) => put({ b: hundredths(b) }, `b = ${short(b)}`));
    const words = [html("p", { class: "formula" }), html("p", { class: "formula" })];
    function one(chart, f, at, d) {
      const touch = [at - TOUCH, at + TOUCH].map((each) => [each, f(at) + d * (each - at)]);
      chart.show([{ points: places.map((each) => [each, f(each)]), thick: true }, { points: touch, colour: d < 0 ? "negative" : "positive", dash: true }], { ylim: [-1, 15], marker: at, marks: [{ at: [at, f(at)], text: format(f(at)) }] });
    }
    function draw({ values: { a, b } }) {
      one(left, (each) => hill(each, b), a, alongA(a, b));
      one(right, (each) => hill(a, each), b, alongB(a, b));
      setText(words[0], `∂f/∂a = ${format(alongA(a, b))}`);
      setText(words[1], `∂f/∂b = ${format(alongB(a, b))}`);
    }
    return { node: html("div", { class: "side-by-side" }, html("div", {}, left.node, words[0]), html("div", {}, right.node, words[1])), draw };
  },
  describe({ values: { a, b } }) {
    const way = (d) => (Math.abs(d) < 0.05 ? "does nothing" : d > 0 ? "raises f" : "lowers f");
    return `f is ${format(hill(a, b))} at a = ${short(a)}, b = ${short(b)}. Turning a up a little ${way(alongA(a, b))}, slope ${format(alongA(a, b))}; turning b up a little ${way(alongB(a, b))}, slope ${format(alongB(a, b))}. Each curve holds the other knob still.`;
  },
});
