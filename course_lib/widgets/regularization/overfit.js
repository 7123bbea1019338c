// A network large enough to learn its points by heart, trained in the page: with a penalty, with noise, or stopped early.
import { curve } from "../shared/curve.js";
import { flat, generator, losses, mlp, optimizer, predict, trainStep } from "../shared/net.js";
import { brief, format } from "../shared/numbers.js";
import { plane } from "../shared/plane.js";
import { html, select, slider, stage, toggle } from "../shared/stage.js";

const STEPS = 1000, PATIENCE = 150, ETA = 0.2;
const BOX = { x: [-1.7, 2.7], y: [-1.95, 2.45] };
const CELLS = 40; // of the coloured field, along each side; the top row first
const between = ([low, high], i) => low + ((i + 0.5) / CELLS) * (high - low);
const GRID = flat(Array.from({ length: CELLS ** 2 }, (_, i) => [between(BOX.x, i % CELLS), between(BOX.y, CELLS - 1 - Math.floor(i / CELLS))]));
const sigmoid = (o) => 1 / (1 + Math.exp(-o));
const lossOf = (net, { X, y }) => losses.sigmoid(predict(net, X), y, y.length).value;
const strength = ({ penalty, lam }) => ({ l2: penalty === "L2" ? lam : 0, l1: penalty === "L1" ? lam : 0 });

export function begin({ data, values }) {
  const set = (X, y) => ({ X: flat(X), y: Float64Array.from(y) });
  const net = mlp(data.sizes, { hidden: "relu", theta: data.theta });
  const run = { k: 0, net, rule: optimizer("sgd"), rng: generator(values.seed ?? 0), seen: set(data.X, data.y), fresh: set(data.X_new, data.y_new), train: [], validation: [], best: 0, kept: null };
  return note(run);
}

// One step on all rows. Noise is drawn anew for every step, so the network never sees the same row twice.
export function step({ values, run }) {
  const { X, y } = run.seen;
  const rows = values.noise > 0 ? X.map((x) => x + values.noise * run.rng.normal()) : X;
  trainStep(run.net, "sigmoid", rows, y, run.rule, { eta: ETA, ...strength(values) });
  run.k++;
  note(run);
  const waited = run.k - run.best;
  if (values.stop && waited >= PATIENCE) return back(run);
  return run.k < STEPS;
}

function note(run) {
  run.train.push(lossOf(run.net, run.seen));
  run.validation.push(lossOf(run.net, run.fresh));
  if (run.k === 0 || run.validation.at(-1) < run.validation[run.best]) {
    run.best = run.k;
    run.kept = run.net.theta.slice();
  }
  return run;
}
// Stopped: the network goes back to where it was best.
function back(run) {
  run.net.theta.set(run.kept);
  run.stopped = true;
  return false;
}

export default stage({
  title: ({ run, values }) => {
    if (run.stopped) return `Stopped: back to step ${run.best}, where new points cost least`;
    if (run.k < 30) return "The network learns its points; what about new ones?";
    const [now, best] = [run.validation.at(-1), run.validation[run.best]];
    if (now > 1.3 * best && now > best + 0.05) return `It learns its points by heart: on new ones it was best at step ${run.best}`;
    return values.penalty === "none" && !values.noise ? "So far, what is learned holds for new points" : "Held back, it does about as well on new points as on its own";
  },
  controls: [
    select("penalty", { word: "penalty", options: [["none", "none"], ["L2", "L2, ½ λ Σ w²"], ["L1", "L1, λ Σ |w|"]] }),
    slider("lam", { symbol: "λ", word: "strength", low: 0.0001, high: 1, log: true, step: 10 ** 0.1, when: ({ penalty }) => penalty !== "none" }),
    slider("noise", { word: "noise on the inputs", low: 0, high: 0.8, step: 0.05 }),
    toggle("stop", { word: "stop early" }),
  ],
  presets: [
    { name: "no restraint", values: { penalty: "none", lam: 0.01, noise: 0, stop: false } },
    { name: "L2, about right", values: { penalty: "L2", lam: 0.01, noise: 0, stop: false } },
    { name: "L1: most weights 0", values: { penalty: "L1", lam: 0.01, noise: 0, stop: false } },
    { name: "L2, too much", values: { penalty: "L2", lam: 0.3, noise: 0, stop: false } },
    { name: "noise on the inputs", values: { penalty: "none", lam: 0.01, noise: 0.3, stop: false } },
    { name: "stop early", values: { penalty: "none", lam: 0.01, noise: 0, stop: true } },
  ],
  restartOn: ["penalty", "noise", "stop"],
  stepsPerSecond: 60,
  begin,
  step,
  picture({ data }) {
    const scene = plane({ box: BOX, label: "Plane of the points to learn, with what the network says everywhere" });
    const chart = curve({ x: { name: "step k", low: 0, high: STEPS }, y: { name: "loss", low: 0, high: 1.5 }, label: "The loss on the points it learns and on new ones, over the steps", height: 340 });
    scene.dots(data.X.map((at, i) => ({ at, y: data.y[i] })), { size: 5 });
    return {
      node: html("div", { class: "side-by-side" }, html("div", {}, scene.node), html("div", {}, chart.node)),
      draw({ run }) {
        scene.fieldFrom(predict(run.net, GRID).map((o) => 0.5 + 0.8 * (sigmoid(o) - 0.5)), CELLS); // paler, so that points can be seen
        const line = (list) => list.map((value, k) => [k, value]);
        chart.show([
          { points: line(run.train), name: `own ${format(run.train.at(-1))}`, colour: "loss", thick: true },
          { points: line(run.validation), name: `new ${format(run.validation.at(-1))}`, colour: "loss", dash: true },
        ], { marks: run.k > 0 ? [{ x: run.best, text: `best: ${format(run.validation[run.best])}`, colour: "good" }] : [] });
      },
    };
  },
  describe({ values, run }) {
    const { l1, l2 } = strength(values);
    const weights = run.net.theta.subarray(0, run.net.nWeights);
    const zeros = weights.reduce((count, w) => count + (w === 0), 0);
    const how = [l2 && `L2 with λ = ${brief(l2)}`, l1 && `L1 with λ = ${brief(l1)} (${zeros} of ${weights.length} weights are exactly 0)`, values.noise && `noise ${brief(values.noise)} on the inputs`].filter(Boolean).join(", ") || "nothing holding it back";
    return `Step ${run.k}, ${how}: loss ${format(run.train.at(-1), 3)} on its own ${run.seen.y.length} points, ${format(run.validation.at(-1), 3)} on new ones, where the best so far was ${format(run.validation[run.best], 3)} at step ${run.best}.`;
  },
});
