// How far each of four parameters moves, when their gradients differ a million times. Bars on a scale of ratios.
import { html, select, slider, stage, toggle } from "../shared/stage.js";
import { curve } from "../shared/curve.js";
import { svg } from "../shared/dom.js";
import { brief } from "../shared/numbers.js";
import { places, ticks } from "../shared/scale.js";
import { sheet } from "../shared/sheet.js";
import { onPaper } from "./colours.js";
import { RULES } from "./rules.js";
import { SIZES, walk } from "./steps.js";

const STEPS = 100, LOW = 1e-9, HIGH = 1e3;
const HUES = ["orange", "pink", "blue", "green"];
const NAMES = ["θ₁", "θ₂", "θ₃", "θ₄"];
const digits = (value) => brief(Number(value.toPrecision(3)));

export default stage({
  title: ({ values: { rule } }) => ({
    gd: "Gradient descent's steps differ as much as the gradients do",
    momentum: "Momentum's steps grow while gradients agree, and differ as much as they do",
    adagrad: "Adagrad gives all parameters the same step, and it shrinks like 1/√t",
    rmsprop: "RMSprop gives all parameters the same step, once it has warmed up",
    adam: "Adam's first step is η, whatever the gradient",
  })[rule],
  controls: [
    select("rule", { word: "rule", options: Object.entries(RULES).map(([rule, { word }]) => [rule, word]) }),
    select("gradients", { word: "gradients come", options: [["steady", "steadily"], ["noisy", "with noise"], ["rare", "rarely, 1 step in 10"]] }),
    slider("eta", { symbol: "η", word: "learning rate", low: 0.0001, high: 10, log: true, step: 1.2 }),
    slider("beta", { symbol: "β", word: "memory", low: 0, high: 0.99, step: 0.01, when: ({ rule }) => rule === "momentum" || rule === "adam" }),
    toggle("corrected", { word: "bias correction", when: ({ rule }) => rule === "adam" }),
  ],
  seeded: true,
  restartOn: ["rule", "gradients", "eta", "beta", "corrected"],
  stepsPerSecond: 6,
  begin: ({ values, seed }) => ({ k: 1, steps: walk(values, seed, STEPS) }), // the first step is the one to look at first
  step: ({ run }) => ++run.k < STEPS,

  picture() {
    let now = null, eta = 0;
    const bars = sheet({ label: "Gradient and step of each parameter, on a scale of ratios", height: 300, draw: paint, kind: "bars" });
    const chart = curve({ x: { name: "step t", log: true, low: 1, high: STEPS }, y: { name: "length of the step", log: true }, label: "Length of each parameter's step, by step", height: 300 });
    const node = html("div", { class: "side-by-side" },
      html("div", {}, html("p", { class: "caption" }, "Pale: the gradient's size. Dark: how far the parameter moved in this step. Dashed: η."), bars.node),
      html("div", {}, html("p", { class: "caption" }, "The same steps over time. Both axes count in ratios."), chart.node));

    function paint(width) {
      if (!now) return;
      const to = places([LOW, HIGH], [30, width - 22], true);
      const row = (i) => 18 + i * 63;
      const bar = (value, top, tall, opacity, colour) => (value > LOW ? svg("rect", { x: to(LOW), y: top, width: Math.max(1, to(Math.min(value, HIGH)) - to(LOW)), height: tall, rx: 2, fill: colour, opacity }) : null);
      bars.drawing.replaceChildren(
        ...ticks([LOW, HIGH], true, 4).flatMap((tick) => [
          svg("line", { x1: to(tick), x2: to(tick), y1: 8, y2: 266, class: "grid" }),
          svg("text", { x: to(tick), y: 284, "text-anchor": "middle" }, brief(tick)),
        ]),
        ...SIZES.flatMap((size, i) => [
          svg("text", { x: 0, y: row(i) + 26, class: "name" }, NAMES[i]),
          bar(Math.abs(now.g[i]), row(i), 14, 0.35, onPaper(HUES[i])),
          bar(now.moved[i], row(i) + 17, 22, 1, onPaper(HUES[i])),
          svg("text", { x: Math.min(to(Math.max(now.moved[i], 2 * LOW)) + 6, width - 62), y: row(i) + 33, class: "halo" }, digits(now.moved[i])),
        ].filter(Boolean)),
        svg("line", { x1: to(eta), x2: to(eta), y1: 8, y2: 266, stroke: "var(--ink)", class: "across" }),
        svg("text", { x: to(eta) + 4, y: 12, class: "halo" }, "η"),
      );
    }
    function draw({ values, run }) {
      [now, eta] = [run.steps[run.k - 1], values.eta];
      bars.measure();
      if (bars.width()) paint(bars.width());
      const lines = SIZES.map((size, i) => run.steps.map(({ moved }, k) => [k + 1, moved[i] || NaN]));
      const all = [values.eta, ...lines.flat().map(([, length]) => length).filter((length) => length > 0)];
      chart.show(lines.map((points, i) => ({ points, name: NAMES[i], colour: onPaper(HUES[i]), dash: [null, "10 4", "5 4", "2 4"][i] })), {
        ylim: [10 ** (Math.floor(Math.log10(Math.min(...all))) - 1), 10 ** (Math.ceil(Math.log10(Math.max(...all))) + 1)],
        marks: lines.map((points, i) => ({ at: points[run.k - 1], colour: onPaper(HUES[i]) })),
      });
    }
    return { node, draw };
  },

  describe({ values, run }) {
    const { g, moved } = run.steps[run.k - 1];
    return `${RULES[values.rule].word}, step ${run.k}, η = ${brief(values.eta)}. Gradients ${g.map((each) => digits(Math.abs(each))).join(", ")}; steps ${moved.map(digits).join(", ")}, which is ${moved.map((length) => digits(length / values.eta)).join(", ")} times η.`;
  },
});
