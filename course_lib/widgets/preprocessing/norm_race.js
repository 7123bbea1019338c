// The same deep net twice, from the same weights on the same minibatches: without and with batch normalization.
import { html, select, slider, stage, toggle } from "../shared/stage.js";
import { curve } from "../shared/curve.js";
import { generator, minibatches, moons, take } from "../shared/net.js";
import { brief, clamp } from "../shared/numbers.js";
import { plane } from "../shared/plane.js";
import { setText } from "../shared/table.js";
import { crossEntropy, forward, make, rightOf, trainStep } from "./bn_net.js";

const N = 200, WIDTH = 12, STEPS = 600, GRID = 40, LOST = 1e6;
const BOX = { x: [-2.6, 2.6], y: [-2.6, 2.6] };
const grid = Float64Array.from({ length: 2 * GRID * GRID }, (_, at) => {
  const [row, column, axis] = [Math.floor(at / 2 / GRID), Math.floor(at / 2) % GRID, at % 2];
  return axis ? BOX.y[1] - ((row + 0.5) / GRID) * (BOX.y[1] - BOX.y[0]) : BOX.x[0] + ((column + 0.5) / GRID) * (BOX.x[1] - BOX.x[0]);
});
const digits = (value) => brief(Number(value.toPrecision(3)));

// Two moons, each column with mean 0 and variance 1.
function points(rng) {
  const { X, y } = moons(N, rng, { noise: 0.2 });
  for (const axis of [0, 1]) {
    const column = X.filter((_, i) => i % 2 === axis);
    const mean = column.reduce((sum, x) => sum + x / N, 0);
    const std = Math.sqrt(column.reduce((sum, x) => sum + (x - mean) ** 2 / N, 0));
    for (let i = axis; i < X.length; i += 2) X[i] = (X[i] - mean) / std;
  }
  return { X, y };
}

function begin({ values: { init, depth }, seed }) {
  const rng = generator(seed);
  const data = points(rng);
  const drawn = rng.bits(); // both nets draw the same weights
  const side = (bn) => ({ net: make({ depth, width: WIDTH, bn, init: init === "he" ? "he_normal" : Number(init) }, generator(drawn)), losses: [], lost: null });
  return { k: 0, rng, data, batches: [], plain: side(false), normed: side(true) };
}

function step({ run, values: { eta, B } }) {
  if (!run.batches.length || run.size !== B) [run.batches, run.size] = [minibatches(N, B, run.rng), B];
  const rows = run.batches.shift();
  const X = take(run.data.X, rows, N), y = take(run.data.y, rows, N);
  for (const side of [run.plain, run.normed]) {
    if (side.lost !== null) continue;
    const loss = trainStep(side.net, X, y, rows.length, eta);
    if (!(loss < LOST)) side.lost = run.k;
    else side.losses.push([run.k, loss]);
  }
  return ++run.k < STEPS && (run.plain.lost === null || run.normed.lost === null);
}

// What a net says about rows: by its running statistics, or by those of the rows themselves (without following them).
function says({ net }, X, rows, byBatch) {
  const kept = byBatch ? net.layers.map(({ mean, variance }) => [mean?.slice(), variance?.slice()]) : null;
  const { o } = forward(net, X, rows, byBatch);
  kept?.forEach(([mean, variance], l) => mean && Object.assign(net.layers[l], { mean, variance }));
  return o;
}

// A moving mean over the last steps, so that the noise of minibatches leaves the line readable.
function smooth(list, window = 9) {
  return list.map(([k], i) => {
    const some = list.slice(Math.max(0, i - window + 1), i + 1);
    return [k, some.reduce((sum, [, loss]) => sum + loss, 0) / some.length];
  });
}

export default stage({
  title: ({ run, values }) => {
    if (values.B === 1) return "One row is its own mean: with B = 1 batch normalization leaves nothing to learn from";
    const end = (side) => (side.lost !== null ? Infinity : smooth(side.losses).at(-1)?.[1] ?? Infinity);
    if (run.k > 50 && end(run.normed) < 0.5 * end(run.plain)) return "Normalized in every layer, the same net learns where the plain one does not";
    return "The same deep net twice: as it is, and with batch normalization";
  },
  controls: [
    slider("eta", { symbol: "η", word: "learning rate", low: 0.01, high: 10, log: true, step: 1.15 }),
    select("init", { word: "weights begin", options: [["0.01", "std .01"], ["0.1", "std .1"], ["he", "He, √(2/n)"], ["1", "std 1"]] }),
    select("B", { symbol: "B", word: "batch size", options: [1, 2, 4, 10, 50, 200].map((B) => [B, String(B)]) }),
    slider("depth", { word: "depth", low: 1, high: 8, step: 1, whole: true }),
    toggle("byBatch", { word: "show in training mode" }),
  ],
  presets: [
    { name: "weights too small", values: { eta: 0.1, init: "0.01", B: 50, depth: 6 } },
    { name: "weights too large", values: { eta: 0.1, init: "1", B: 50, depth: 6 } },
    { name: "rate too large", values: { eta: 5, init: "he", B: 50, depth: 6 } },
    { name: "both well", values: { eta: 0.1, init: "he", B: 50, depth: 6 } },
    { name: "a batch of 2", values: { eta: 0.1, init: "he", B: 2, depth: 6 } },
    { name: "a batch of 1", values: { eta: 0.1, init: "he", B: 1, depth: 6 } },
  ],
  seeded: true,
  restartOn: ["init", "depth", "B"],
  stepsPerSecond: 60,
  begin,
  step,

  picture() {
    const side = (name) => {
      const map = plane({ box: BOX, label: `Plane with two moons, coloured by what the net ${name} finds likely` });
      const caption = html("p", { class: "caption" });
      return { map, caption, name, node: html("div", {}, caption, map.node) };
    };
    const sides = { plain: side("as it is"), normed: side("with batch normalization") };
    const chart = curve({ x: { name: "step k", low: 0, high: STEPS }, y: { name: "loss of the minibatch, mean of 9", log: true, low: 0.01, high: 10 }, label: "The loss of both nets, by step", height: 230 });
    const node = html("div", {}, html("div", { class: "side-by-side" }, sides.plain.node, sides.normed.node), chart.node);
    let drawn = null;

    function draw({ run, values }) {
      const { X, y } = run.data;
      for (const [key, { map, caption, name }] of Object.entries(sides)) {
        const one = run[key];
        if (drawn !== run) map.dots(Array.from(y, (y_i, i) => ({ at: [X[2 * i], X[2 * i + 1]], y: y_i })), { size: 3.6 });
        const o = one.lost === null ? says(one, grid, GRID * GRID, values.byBatch) : new Float64Array(GRID * GRID).fill(NaN);
        map.fieldFrom(o.map((value) => 1 / (1 + Math.exp(-clamp(value, -500, 500)))), GRID);
        setText(caption, `${name}: ${one.lost !== null ? `diverged at step ${one.lost}` : `${rightOf(says(one, X, N, values.byBatch), y)} of ${N} right`}`, { still: true });
      }
      drawn = run;
      chart.show([
        { points: smooth(run.plain.losses), name: "as it is", colour: "quiet", dash: "8 4" },
        { points: smooth(run.normed.losses), name: "normalized", colour: "loss", thick: true },
      ]);
    }
    return { node, draw };
  },

  describe({ run, values }) {
    const { X, y } = run.data;
    const words = (side, name) => {
      if (side.lost !== null) return `${name} diverged at step ${side.lost}`;
      const o = says(side, X, N, values.byBatch);
      return `${name} has loss ${digits(crossEntropy(o, y))} on all rows, ${rightOf(o, y)} of ${N} right`;
    };
    return `After ${run.k} steps with η = ${brief(values.eta)}, B = ${values.B}, ${values.depth} hidden layers: ${words(run.plain, "as it is, the net")}; ${words(run.normed, "normalized, it")}${values.byBatch ? " (by the statistics of what is shown)" : " (by its running statistics)"}.`;
  },
});
