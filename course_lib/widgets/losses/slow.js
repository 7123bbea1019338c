// A confidently wrong neuron learns one example, once with each loss.
import { curve } from "../shared/curve.js";
import { html } from "../shared/dom.js";
import { format, brief } from "../shared/numbers.js";
import { slider, stage } from "../shared/stage.js";
import { sigmoid } from "../shared/activations.js";
import { beginRace, losses, stepRace } from "./binary.js";

const H = [-10, 10], POINTS = 300, Y = 1, ENOUGH = 0.9;
const places = Array.from({ length: POINTS + 1 }, (_, i) => H[0] + (i * (H[1] - H[0])) / POINTS);
const INK = { squared: "negative", cross: "loss" };
const curves = Object.entries(losses).map(([name, { fromH }]) => ({ points: places.map((h) => [h, fromH(h, Y)]), colour: INK[name], dash: name === "squared", thick: name === "cross" }));

export default stage({
  title: "Sure and wrong, a squared error hardly learns; cross-entropy does",
  controls: [
    slider("h", { symbol: "h", word: "where it starts", low: H[0], high: H[1], step: 0.1, signed: true }),
    slider("eta", { symbol: "η", word: "learning rate", low: 0.01, high: 10, log: true }),
  ],
  restartOn: ["h", "eta"],
  stepsPerSecond: 8,
  begin: ({ values: { h, eta } }) => beginRace(h, eta),
  step({ run }) {
    stepRace(run, Y);
    return run.k < 5000;
  },
  picture({ put }) {
    const land = curve({ x: { name: "h", low: H[0], high: H[1] }, y: { name: "loss, y = 1" }, label: "Both losses over h, and where the two neurons stand", height: 260, marker: { label: "Move the start", step: 0.1, onMove: (h) => put({ h: Math.round(10 * h) / 10 }, "A new start") } });
    const time = curve({ x: { name: "step", low: 0 }, y: { name: "p", low: 0, high: 1 }, label: "The probability p of the right answer over the steps", height: 260 });
    const slopes = html("p", { class: "formula" });
    function draw({ values, run }) {
      const now = Object.fromEntries(Object.entries(run.paths).map(([name, path]) => [name, path.at(-1)]));
      land.show(curves, {
        ylim: [0, 10],
        marker: values.h,
        marks: Object.entries(now).flatMap(([name, h]) => {
          const { fromH, slopeFromH, short } = losses[name], next = h - values.eta * slopeFromH(h, Y);
          return [{ at: [next, fromH(next, Y)], colour: INK[name], shape: "cross" }, { at: [h, fromH(h, Y)], text: short, colour: INK[name], shape: name === "cross" ? "disc" : "square" }];
        }),
      });
      const lines = Object.entries(run.paths).map(([name, path]) => ({ points: path.map((h, k) => [k, sigmoid(h)]), colour: INK[name], dash: name === "squared", thick: name === "cross", name: run.k > 0 && losses[name].short }));
      time.show(lines, { xlim: [0, Math.max(20, run.k)], marks: [{ y: ENOUGH, text: `p = ${ENOUGH}`, colour: "quiet" }] });
      slopes.textContent = `∂ℓ/∂h now: squared ${format(losses.squared.slopeFromH(now.squared, Y), 5)}, cross-entropy ${format(losses.cross.slopeFromH(now.cross, Y), 5)}`;
    }
    return { node: html("div", {}, html("div", { class: "side-by-side" }, land.node, time.node), slopes), draw };
  },
  describe({ values, run }) {
    const sure = (name) => sigmoid(run.paths[name].at(-1));
    const first = (name) => run.paths[name].findIndex((h) => sigmoid(h) >= ENOUGH);
    const arrived = (name) => (first(name) < 0 ? `stands at p = ${brief(sure(name))}` : `was at p = ${ENOUGH} after ${first(name)} steps`);
    return `The right answer is 1, and both neurons began at h = ${format(values.h, 1)}, p = ${brief(sigmoid(values.h))}. Crosses: the next step. After ${run.k} steps the one with squared error ${arrived("squared")}, the one with cross-entropy ${arrived("cross")}.`;
  },
});
