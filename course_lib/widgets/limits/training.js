// Training on four rows, played and scrubbed: the line (or three) in the plane, and beside it the loss and the rows right.
// `steps` is how long the walk is, `stride` how far a step of the player goes.
import { curve } from "../shared/curve.js";
import { clip } from "../shared/geometry.js";
import { flat, predict } from "../shared/net.js";
import { brief, format, inWords } from "../shared/numbers.js";
import { plane } from "../shared/plane.js";
import { html, select, slider, stage } from "../shared/stage.js";
import { setText } from "../shared/table.js";
import { MOST, rowsOf } from "./scores.js";
import { lines, networkOf, turns, walk } from "./walk.js";

const BOX = { x: [-0.5, 1.5], y: [-0.5, 1.5] };
const CELLS = 64; // of the coloured field, along each side; the top row first
const middle = (i) => BOX.x[0] + ((i + 0.5) / CELLS) * (BOX.x[1] - BOX.x[0]);
const GRID = flat(Array.from({ length: CELLS ** 2 }, (_, i) => [middle(i % CELLS), middle(CELLS - 1 - Math.floor(i / CELLS))]));

export const training = ({ steps, stride }) => stage({
  title: ({ data, values, run }) => {
    const { all } = run;
    const falls = all.at(-1).loss < all[0].loss, [before, after] = [all[0].good, Math.min(...all.map(({ good }) => good))];
    if (data.hidden && all.at(-1).good === 4) return `${data.hidden === 3 ? "Three lines" : `${data.hidden} hidden neurons`} together solve ${values.table}`;
    if (falls && after < before && all.at(-1).good < before) return `The loss falls, and the right rows go from ${before} to ${all.at(-1).good}`;
    return all.at(-1).good === 4 ? `The loss falls, and all 4 rows of ${values.table} come right` : `After ${all.length - 1} steps ${all.at(-1).good} of 4 rows are right`;
  },
  controls: [
    slider("k", { symbol: "k", word: "step", low: 0, high: steps, whole: true, step: stride }),
    slider("eta", { symbol: "η", word: "learning rate", low: 0.1, high: 10, log: true, step: 1.25, limits: [0.001, 1000] }),
    select("table", { word: "table", options: Object.keys(MOST).map((name) => [name, name]) }),
  ],
  restartOn: ["k", "eta", "table"],
  stepsPerSecond: 50,
  begin({ data, values }) {
    const { X, y } = rowsOf(values.table, data);
    return { k: values.k, ...remembered(`${values.eta} ${values.table}`, data, () => told(walk(data.theta, data.hidden, X, y, values.eta, steps))) };
  },
  step({ values, run, put }) {
    run.k = Math.min(steps, values.k + stride);
    put({ k: run.k });
    return run.k < steps;
  },
  picture({ data }) {
    const solo = !data.hidden;
    const scene = plane({ box: BOX, label: `Plane of the four rows, x₁ and x₂ from −0.5 to 1.5, with the ${solo ? "neuron's line" : `${data.hidden} hidden neurons' lines`}` });
    const numbers = html("p", { class: "caption" });
    const x = { name: "step k", low: 0, high: steps };
    const loss = curve({ x, y: { name: "loss, mean of (y − p)²" }, label: "The loss over the steps", height: 210 });
    const rows = curve({ x, y: { name: "rows right", low: 0, high: 4 }, label: "The number of right rows over the steps", height: 170 });
    const node = html("div", { class: "side-by-side" }, html("div", {}, scene.node, numbers), html("div", {}, loss.node, rows.node));
    return {
      node,
      draw({ values, run }) {
        const { X, y } = rowsOf(values.table, data);
        const { theta, p } = run.all[values.k];
        const units = lines(theta, data.hidden);
        scene.fieldFrom(predict(networkOf(theta, data.hidden), GRID), CELLS);
        scene.paths(units.flatMap((unit, j) => lineOf(unit, solo ? { thick: true } : { dash: true, name: `${j + 1}` })));
        scene.points(X.map((at, i) => ({ at, y: y[i], right: (p[i] >= 0.5 ? 1 : 0) === y[i], text: format(p[i], 2) })));
        setText(numbers, solo ? `w₁ = ${format(units[0].w[0], 3)}, w₂ = ${format(units[0].w[1], 3)}, b = ${format(units[0].b, 3)}` : "Dashed: where each hidden neuron is at one half. Colour: what the output says.", { still: true });
        const { loss: losses, most, least, turned } = run;
        const now = run.all[values.k], past = turned.filter(({ k }) => k <= values.k);
        loss.show([{ points: losses.slice(0, values.k + 1), name: format(now.loss, 4), colour: "loss" }], { ylim: [least - 0.08 * (most - least), most + 0.08 * (most - least)], marks: [{ at: [values.k, now.loss], colour: "loss" }] });
        rows.show([{ points: stairs(run.all[0].good, past, values.k), name: `${now.good} of 4`, colour: "ink", thick: true }], { marks: solo ? past.slice(-2).map(({ k, from }) => ({ at: [k, from], text: `step ${k}`, colour: "ink" })) : [] });
      },
    };
  },
  describe({ data, values, run }) {
    const { loss, good, p } = run.all[values.k];
    const change = run.turned.findLast(({ k }) => k <= values.k);
    const last = change ? ` The number last changed at step ${change.k}, from ${change.from} to ${change.to}.` : "";
    return `Step ${values.k} of ${steps}, η = ${brief(values.eta)}: loss ${format(loss, 4)}, ${inWords(good)} of four rows right; p is ${Array.from(p, (p_i) => format(p_i)).join(", ")}.${last}`;
  },
});

function lineOf({ w, b }, style) {
  const ends = clip(w, b, BOX);
  return ends ? [{ points: ends, ...style }] : [];
}

// A walk with what the charts need of it.
function told(all) {
  const losses = all.map(({ loss }) => loss);
  return { all, turned: turns(all), loss: losses.map((loss, k) => [k, loss]), most: Math.max(...losses), least: Math.min(...losses) };
}

// A number of rows stays until the step at which it changes.
const stairs = (first, past, k) => [[0, first], ...past.flatMap((turn) => [[turn.k, turn.from], [turn.k, turn.to]]), [k, past.at(-1)?.to ?? first]];

// A walk is worked out once for each rate and table.
const walks = new WeakMap();
function remembered(key, data, work) {
  if (!walks.has(data)) walks.set(data, new Map());
  const known = walks.get(data);
  if (!known.has(key)) known.set(key, work());
  return known.get(key);
}
