// Layers on layers: without a bend between them they are one line.
import { curve } from "../shared/curve.js";
import { html } from "../shared/dom.js";
import { format, inWords } from "../shared/numbers.js";
import { select, slider, stage } from "../shared/stage.js";
import { setText } from "../shared/table.js";
import { bendChoices, bends } from "./bends.js";
import { collapsed, throughStack } from "./stack.js";

const X = [-3, 3], POINTS = 240;
const places = Array.from({ length: POINTS + 1 }, (_, i) => X[0] + (i * (X[1] - X[0])) / POINTS);

// Of a drawn network with many layers the first ones, and its own last one.
const cut = (layers, depth) => [...layers.slice(0, depth - 1), layers.at(-1)];
const many = (depth) => `${inWords(depth)} layers`;

export default stage({
  title: ({ values: { phi, depth } }) =>
    phi === "identity" ? `Without a bend, ${many(depth)} are one line` : phi === "relu" ? `With ReLU between them, ${many(depth)} draw a line with corners` : `With a bend between them, ${many(depth)} draw a curve`,
  controls: [
    select("phi", { symbol: "φ", word: "between layers", options: bendChoices(["identity", "tanh", "relu", "sigmoid"]) }),
    slider("depth", { symbol: "L", word: "layers", low: 2, high: 10, step: 1, whole: true }),
    slider("draw", { symbol: "#", word: "drawn weights", low: 1, high: 8, step: 1, whole: true }),
  ],
  picture() {
    const chart = curve({ x: { name: "x", low: X[0], high: X[1] }, y: { name: "output" }, label: "The output of the stack over its input x", height: 300 });
    const sum = html("p", { class: "formula" });
    function draw({ data, values: { phi, depth, draw: number } }) {
      const layers = cut(data.networks[number - 1], depth);
      const points = places.map((x) => [x, throughStack(x, layers, bends[phi].f)]);
      const { w, b } = collapsed(layers);
      const line = { points: places.map((x) => [x, w * x + b]), colour: "positive", dash: true, name: phi === "identity" ? "1 neuron" : "no bend" };
      const most = Math.max(...points.map(([, value]) => Math.abs(value)), 0.1);
      chart.show([{ points, thick: true, name: "the stack" }, line], { ylim: [-1.15 * most, 1.15 * most] });
      setText(sum, `no bend: w x + b = ${format(w)} x ${b < 0 ? "−" : "+"} ${format(Math.abs(b))}`);
    }
    return { node: html("div", {}, chart.node, sum), draw };
  },
  describe({ data, values: { phi, depth, draw: number } }) {
    const layers = cut(data.networks[number - 1], depth);
    const { w, b } = collapsed(layers);
    const gap = Math.max(...places.map((x) => Math.abs(throughStack(x, layers, bends[phi].f) - w * x - b)));
    const end = phi === "identity" ? "lies on the straight line of one single neuron, dashed." : `leaves the dashed line that it would be without the bend by up to ${format(gap)}.`;
    return `The output of ${many(depth)} with ${phi === "identity" ? "nothing" : bends[phi].name} between them, for x from −3 to 3: it ${end} As one neuron without bends: w = ${format(w, 3)}, b = ${format(b, 3)}.`;
  },
});
