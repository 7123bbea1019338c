// What a net of three hidden units can learn when they began alike: they stay alike, and the layer is as good as one unit.
import { html, select, slider, stage } from "../shared/stage.js";
import { curve } from "../shared/curve.js";
import { heat } from "../shared/heat.js";
import { netdraw } from "../shared/netdraw.js";
import { brief, format, inWords } from "../shared/numbers.js";
import { setText } from "../shared/table.js";
import { begin, moved, step, width, UNITS } from "./copies.js";

const STEPS = 1000, NAMES = ["h₁", "h₂", "h₃"];

export default stage({
  title: ({ values: { init, phi, gate } }) => ({
    zeros: phi !== "sigmoid" ? "From zeros, no weight of the first layer ever moves" : gate === "XOR" ? "XOR has as many ones as zeros, so from zeros not even the sigmoid moves" : "From zeros, three sigmoid units stay copies of one",
    equal: "Units that begin alike stay alike: three of them are as good as one",
    random: "Units that begin apart learn different things",
  })[init],
  controls: [
    select("init", { word: "weights begin", options: [["zeros", "all 0"], ["equal", "all ½"], ["random", "random"]] }),
    select("phi", { symbol: "φ", word: "activation", options: [["tanh", "tanh"], ["sigmoid", "sigmoid"], ["relu", "ReLU"]] }),
    select("gate", { word: "learns", options: [["OR", "OR"], ["XOR", "XOR"], ["AND", "AND"]] }),
    slider("eta", { symbol: "η", word: "learning rate", low: 0.01, high: 10, log: true, step: 1.2 }),
  ],
  presets: [
    { name: "tanh, all 0", values: { init: "zeros", phi: "tanh", gate: "OR", eta: 1 } },
    { name: "sigmoid, all 0", values: { init: "zeros", phi: "sigmoid", gate: "OR", eta: 1 } },
    { name: "XOR, all ½", values: { init: "equal", phi: "tanh", gate: "XOR", eta: 1 } },
    { name: "XOR, random", values: { init: "random", phi: "tanh", gate: "XOR", eta: 1 } },
  ],
  seeded: true,
  restartOn: ["init", "phi", "gate"],
  stepsPerSecond: 20,
  begin: ({ values, seed }) => begin(values, seed),
  step: ({ run, values }) => {
    step(run, values);
    return run.k < STEPS;
  },

  picture() {
    const drawing = netdraw({ sizes: [2, UNITS, 1], label: "The net, with its weights on its wires", names: { "0,0": "x₁", "0,1": "x₂", "1,0": "h₁", "1,1": "h₂", "1,2": "h₃", "2,0": "o" }, height: 270 });
    const weights = heat({ label: "First weights W, a column for each hidden unit", rows: 2, columns: UNITS, size: 62, most: 2, rowNames: ["x₁", "x₂"], columnNames: NAMES });
    const slopes = heat({ label: "Their gradient, a column for each hidden unit", rows: 2, columns: UNITS, size: 62, decimals: 3, most: 0.1, rowNames: ["x₁", "x₂"], columnNames: NAMES });
    const chart = curve({ x: { name: "step k", low: 0, high: STEPS }, y: { name: "loss", low: 0, high: 1 }, label: "The loss, by step", height: 200 });
    const verdict = html("p", { class: "formula", style: "white-space: normal; margin-top: 0.6rem" });
    const matrix = (words, { node }) => html("div", {}, html("p", { class: "caption" }, words), node);
    const node = html("div", {},
      html("div", { class: "side-by-side" }, drawing.node, html("div", { class: "side-by-side", style: "grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr))" }, matrix("W, first layer", weights), matrix("∂ℓ/∂W, its gradient", slopes))),
      verdict, chart.node);

    function draw({ run }) {
      const [hidden, output] = run.net.layers;
      drawing.show({ weights: [hidden.W, output.W], most: 3 });
      weights.show(hidden.W);
      slopes.show(hidden.d_W);
      setText(verdict, `${words(width(run.net))} W has moved by ${format(moved(run), 4)} at most.`);
      chart.show([{ points: run.losses.map((loss, k) => [k, loss]), name: "loss" }], { ylim: [0, Math.max(1, ...run.losses)] });
    }
    return { node, draw };
  },

  describe({ run, values }) {
    const loss = run.losses.at(-1);
    return `${values.gate} after ${run.k} steps from ${{ zeros: "zeros", equal: "equal weights", random: "random weights" }[values.init]}. ${words(width(run.net))} Loss ${brief(Number(loss.toPrecision(3)))}, ${run.right} of 4 right.`;
  },
});

const words = (wide) => [`The hidden layer is 0 wide: no unit says anything.`, `The hidden layer is 1 wide: ${inWords(UNITS)} copies of one unit.`][wide] ?? `The hidden layer is ${wide} wide: ${wide === UNITS ? "all units differ" : "two units are copies"}.`;
