// Stairs out of sigmoids: how many, how steep, and how far the sum is from the curve.
import { brief, format } from "../shared/numbers.js";
import { curve } from "../shared/curve.js";
import { html, select, slider, stage, toggle } from "../shared/stage.js";
import { CURVES, HIGH, LOW, build, bump, places, sumOf, worst } from "./bumps.js";
import { sigmoid } from "../perceptron/neuron.js";

const XS = places(601);
const draft = ({ bins, k, curve: name }) => {
  const { f } = CURVES[name];
  const network = build(f, bins, k);
  return { f, network, off: worst(f, network, XS) };
};
// The bump that "one bump" shows: with four bins the one on [2, 3], as on the slide.
const chosen = ({ bumps }) => bumps[Math.min(bumps.length - 1, Math.floor(0.625 * bumps.length))];

export default stage({
  title: ({ values, run }) => values.alone ? "Up by one sigmoid, down by another: a bump on one interval" : `${2 * values.bins} hidden sigmoids draw this curve to within ${format(run.off.error, run.off.error < 0.1 ? 3 : 2)}`,
  controls: [
    slider("bins", { symbol: "n", word: "bins", low: 1, high: 100, log: true, step: 1.05, whole: true }),
    slider("k", { symbol: "k", word: "steepness", low: 1, high: 200, log: true, step: 1.06, limits: [0.1, 1000] }),
    select("curve", { word: "curve", options: Object.entries(CURVES).map(([name, { words }]) => [name, words]) }),
    toggle("alone", { word: "one bump" }),
  ],
  presets: [
    { name: "4 bins", values: { bins: 4, k: 20, curve: "wave", alone: false } },
    { name: "one soft bump", values: { bins: 4, k: 5, curve: "wave", alone: true } },
    { name: "one steep bump", values: { bins: 4, k: 20, curve: "wave", alone: true } },
    { name: "40 bins", values: { bins: 40, k: 20, curve: "wave", alone: false } },
    { name: "a cliff", values: { bins: 40, k: 20, curve: "cliff", alone: false } },
  ],
  begin: ({ values }) => draft(values),
  picture() {
    const chart = curve({ x: { name: "x", low: LOW, high: HIGH }, y: { name: "y" }, label: "The curve, the bumps and their sum", height: 320 });
    return {
      node: html("div", {}, chart.node),
      draw({ values, run }) {
        if (values.alone) chart.show(...oneBump(run.network));
        else chart.show(...allOfThem(run));
      },
    };
  },
  describe({ values, run: { network, off } }) {
    if (values.alone) {
      const { from, to, a, b } = chosen(network);
      const middle = (from + to) / 2;
      return `One bump on the interval from ${brief(from)} to ${brief(to)}, weight k = ${brief(network.k)}: ${format(bump(middle, a, b, network.k), 4)} in its middle, ${format(bump(to + network.width / 2, a, b, network.k), 4)} half a bin beyond its end.`;
    }
    return `${values.bins === 1 ? "One bump" : `${values.bins} bumps`} of two sigmoids each, weight k = ${brief(network.k)}, add up to a stair for x from 0 to 4. At worst, at x = ${format(off.x)}, the sum is ${format(off.error, 3)} off the curve, ${CURVES[values.curve].words}.`;
  },
});

function oneBump({ bumps, k }) {
  const { from, to, a, b } = chosen({ bumps });
  const line = (f) => XS.map((x) => [x, f(x)]);
  return [
    [
      { points: line((x) => sigmoid(k * (x - a))), name: "up", colour: "positive", dash: true },
      { points: line((x) => -sigmoid(k * (x - b))), name: "down", colour: "negative", dash: true },
      { points: line((x) => bump(x, a, b, k)), name: "bump", colour: "class0", thick: true },
    ],
    { ylim: [-1.2, 1.2], bands: [{ x: [from, to] }], label: "Two sigmoids, one up and one down, and their sum" },
  ];
}

function allOfThem({ f, network, off }) {
  const { bumps, k } = network;
  const heights = XS.map(f);
  const room = [Math.min(...heights, 0) - 0.25, Math.max(...heights, 0) + 0.25];
  const singly = bumps.length <= 20 ? bumps.map(({ a, b, height }) => ({ points: XS.map((x) => [x, height * bump(x, a, b, k)]), colour: "zero", faint: true })) : [];
  return [
    [...singly, { points: XS.map((x, i) => [x, heights[i]]), name: "curve", colour: "loss", dash: true }, { points: XS.map((x) => [x, sumOf(network, x)]), name: "sum", colour: "class0", thick: true }],
    { ylim: room, marks: [{ at: [off.x, f(off.x)], text: off.error >= 0.02 && `${format(off.error, 3)} off`, colour: "wrong" }], label: `A dashed curve and the solid sum of ${bumps.length} bumps` },
  ];
}
