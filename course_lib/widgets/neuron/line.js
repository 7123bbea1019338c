// A neuron on a line of numbers: w and b are set, its boundary is dragged.
import { curve } from "../shared/curve.js";
import { html } from "../shared/dom.js";
import { clamp, format, hundredths, short } from "../shared/numbers.js";
import { select, slider, stage } from "../shared/stage.js";
import { setText } from "../shared/table.js";
import { bendChoices, bends } from "./bends.js";
import { answer, boundary } from "./single.js";
import { twoSteps } from "./steps.js";

const X = [-5, 5], POINTS = 400, LIMIT = 10;

export default stage({
  title: ({ values: { w } }) => (w === 0 ? "With w = 0 the neuron does not look at x" : "w sets how steep and which way, −b/w sets where"),
  controls: [
    slider("w", { symbol: "w", word: "weight", low: -LIMIT, high: LIMIT, step: 0.1, signed: true }),
    slider("b", { symbol: "b", word: "bias", low: -LIMIT, high: LIMIT, step: 0.1, signed: true }),
    slider("x", { symbol: "x", word: "input", low: X[0], high: X[1], step: 0.1, signed: true }),
    select("phi", { symbol: "φ", word: "bend", options: bendChoices(["sigmoid", "tanh", "relu", "step", "identity"]) }),
  ],
  presets: [
    { name: "w = 1, b = 0", values: { w: 1, b: 0 } },
    { name: "steep", values: { w: 10, b: -10 } },
    { name: "the other way round", values: { w: -2, b: 3 } },
    { name: "deaf: w = 0", values: { w: 0, b: 1 } },
  ],
  picture({ put }) {
    const chart = curve({
      x: { name: "x", low: X[0], high: X[1] },
      y: { name: "φ(h)" },
      label: "What the neuron puts out, over its input x",
      height: 270,
      marker: { label: "Move the boundary", step: 0.1, onMove: (x) => moveTo(x) },
    });
    const sum = html("p", { class: "formula" }), bent = html("p", { class: "formula" });
    let now;
    // The boundary goes to x when b does what it must: w x + b = 0.
    function moveTo(x) {
      if (now.w === 0) return;
      const b = hundredths(clamp(-now.w * x, -LIMIT, LIMIT));
      put({ b }, `b = ${short(b)}`);
    }
    function draw({ values }) {
      now = values;
      const { w, b, x, phi } = values;
      const { h, out } = answer(x, values), at = boundary(w, b);
      const points = Array.from({ length: POINTS + 1 }, (_, i) => X[0] + (i * (X[1] - X[0])) / POINTS).map((each) => [each, answer(each, values).out]);
      chart.show([{ points, thick: true }], {
        marks: [at !== null && { x: at, text: `h = 0 at x = ${short(at)}` }, { at: [x, out], text: format(out), shape: h >= 0 ? "square" : "disc" }].filter(Boolean),
        bands: sides(w, b, at),
        ylim: bends[phi].range ? [bends[phi].range[0] - 0.1, 1.1] : [-4, 10],
        marker: at === null ? X[0] : clamp(at, ...X),
      });
      setText(sum, `h = ${format(w)} · ${format(x)} ${b < 0 ? "−" : "+"} ${format(Math.abs(b))} = ${format(h)}`);
      setText(bent, `φ(h) = ${format(out)}`);
    }
    return { node: html("div", {}, chart.node, twoSteps(sum, bent)), draw };
  },
  describe({ values }) {
    const { w, b, x, phi } = values;
    const { h, out } = answer(x, values), at = boundary(w, b);
    const where = at === null ? "h is b for every x, so there is no boundary" : `h is 0 at x = ${short(at)}${Math.abs(at) > X[1] ? ", outside of the picture" : ""}, and above 0 to the ${w > 0 ? "right" : "left"} of it`;
    return `The output of a ${bends[phi].name === "none" ? "neuron without a bend" : `${bends[phi].name} neuron`} for x from −5 to 5: ${where}. At x = ${short(x)} the sum h is ${format(h)} and the output ${format(out)}.`;
  },
});

// Blue where h is negative, orange where it is not.
function sides(w, b, at) {
  const [low, high] = X;
  if (at === null) return [{ x: X, colour: b >= 0 ? "class1" : "class0" }];
  const edge = clamp(at, low, high);
  const [left, right] = w > 0 ? ["class0", "class1"] : ["class1", "class0"];
  return [{ x: [low, edge], colour: left }, { x: [edge, high], colour: right }];
}
