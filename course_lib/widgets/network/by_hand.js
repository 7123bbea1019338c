// The 2-3-1 network with every number on it: values forward, ∂ℓ/∂ back, all of it to be dragged.
// values: x1, x2, y, phi, theta (13 numbers), back, with_wo      data: learned (θ of a network that has learned XOR)
import { html, select, slider, stage, toggle } from "../shared/stage.js";
import { brief, format, short } from "../shared/numbers.js";
import { numberTable } from "../shared/table.js";
import { NAMES, b, backward, forward, nudged, relativeError, w } from "./formulas.js";
import { netDrawing } from "./net_drawing.js";

const RIGHT = 1e-6; // relative error of a right gradient stays below: nudging itself is that exact
const everything = ({ theta, x1, x2, y, phi, with_wo: withWo }) => {
  const x = [x1, x2];
  const state = backward(theta, x, y, phi, { withWo }), by = nudged(theta, x, y, phi);
  return { ...state, x, y, theta, loss: (y - state.p) ** 2, by, error: relativeError(state.grad, by) };
};

export default stage({
  title: ({ values: { back, with_wo: withWo } }) =>
    !back ? "Forward: four neurons, each a sum and a bend" : withWo ? "Backward: what reaches a hidden neuron has passed through its w_o" : "Without w_o, every gradient of the hidden layer is wrong",
  controls: [
    toggle("back", { word: "backward, too" }),
    toggle("with_wo", { word: "w_o in the way back" }),
    slider("x1", { symbol: "x₁", word: "first input", low: -2, high: 2, step: 0.1, signed: true }),
    slider("x2", { symbol: "x₂", word: "second input", low: -2, high: 2, step: 0.1, signed: true }),
    select("y", { symbol: "y", word: "right answer", options: [[0, "0"], [1, "1"]] }),
    select("phi", { symbol: "φ", word: "bend of the hidden", options: [["sigmoid", "sigmoid"], ["tanh", "tanh"], ["relu", "ReLU"]] }),
  ],
  presets: (data) => [
    { name: "numbers for a pencil", values: { theta: data.theta, x1: 1, x2: 1, y: 0, phi: "sigmoid" } },
    { name: "it has learned XOR", values: { theta: data.learned, x1: 0, x2: 1, y: 1, phi: "sigmoid" } },
    { name: "three equal neurons", values: { theta: [1, 1, 1, -1, -1, -1, 0.5, 0.5, 0.5, 0, 0, 0, 0], x1: 1, x2: 0, y: 1, phi: "tanh" } },
    { name: "a dead ReLU", values: { theta: [1, -1, 0.5, 1, 1, -1, 2, -1.5, 0.5, -3, 1, 1, -0.5], x1: 1, x2: 1, y: 0, phi: "relu" } },
  ],
  picture({ put }) {
    const drawing = netDrawing({
      onInput: (i, value) => put({ [`x${i + 1}`]: value }, `x${"₁₂"[i]} = ${short(value)}`),
      onWeight: (k, value, theta) => put({ theta: theta.map((old, i) => (i === k ? value : old)) }, `${NAMES[k]} = ${short(value)}`),
    });
    const table = numberTable({
      caption: "Gradients of the hidden layer, walked back, and beside a wrong one what nudging says",
      columns: [{ key: "name", head: "", spoken: "∂ℓ/∂ of", width: 16 }, ...[1, 2, 3].map((j) => ({ key: `h${j}`, head: `neuron ${j}`, spoken: `hidden neuron ${j}`, width: 28 }))],
    });
    const beside = html("div", { class: "gradients" }, html("p", {}, "∂ℓ/∂ in the hidden layer: walked back, ✓ if nudging agrees"), table.node);
    return {
      node: html("div", { class: "by-hand" }, drawing.node, beside),
      draw({ values }) {
        const state = everything(values);
        drawing.show({ ...state, back: values.back, phi: values.phi });
        const cell = (k) => {
          const right = Math.abs(state.grad[k] - state.by[k]) <= RIGHT * Math.max(Math.abs(state.by[k]), 1e-3);
          if (!values.back) return "·";
          return right ? { text: `${format(state.grad[k], 4)} ✓`, mark: "good" } : { text: `${format(state.grad[k], 4)} ✗ ${format(state.by[k], 4)}`, mark: "wrong", spoken: `${format(state.grad[k], 4)}, wrong: nudging says ${format(state.by[k], 4)}` };
        };
        table.show(["w₁ⱼ", "w₂ⱼ", "bⱼ"].map((name, row) => ({ name, ...Object.fromEntries([0, 1, 2].map((j) => [`h${j + 1}`, cell([w(0, j), w(1, j), b(j)][row])])) })), { silent: true }); // the boxes light up, that is enough
      },
    };
  },
  describe({ values }) {
    const { x, a, h, o, p, y, loss, d_o, d_h, error } = everything(values);
    const list = (numbers) => numbers.map((each) => short(each)).join(", ");
    const there = `x = (${list(x)}): the sums are ${list(a)}, the hidden neurons say ${list(h)}; o is ${short(o)}, p is ${short(p)} where y is ${y}, so the loss is ${short(loss, 3)}.`;
    if (!values.back) return there;
    const kink = values.phi === "relu" && a.some((each) => Math.abs(each) < 1e-4);
    const judged = kink && values.with_wo ? "A ReLU stands at its kink, where nudging straddles the corner and says the mean of both slopes" : error < RIGHT ? `Nudging agrees, to ${brief(error)}` : `Nudging disagrees: the hidden layer's gradient is off by ${error === Infinity ? "all of it" : `${short(100 * error, 0)} %`}`;
    return `${there} Back come ${short(d_o, 3)} to o and ${d_h.map((each) => short(each, 3)).join(", ")} to the hidden neurons. ${judged}.`;
  },
});
