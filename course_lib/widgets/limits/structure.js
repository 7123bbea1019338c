// A learner on twenty-four points: how many of them it knows, and how many of a thousand new ones.
import { curve } from "../shared/curve.js";
import { flat } from "../shared/net.js";
import { plane } from "../shared/plane.js";
import { html, select, stage, toggle } from "../shared/stage.js";
import { BOX, LEARNERS, NEW, PROBLEMS, SEEN, STEPS, draw, learner, share } from "./problems.js";

const CELLS = 64; // of the coloured field, along each side; the top row first
const SHOWN = 200; // of the new points, so that the others can be seen
const middle = (i) => -1 + (2 * (i + 0.5)) / CELLS;
const GRID = flat(Array.from({ length: CELLS ** 2 }, (_, i) => [middle(i % CELLS), middle(CELLS - 1 - Math.floor(i / CELLS))]));
const pairs = ({ X, y }) => Array.from(y, (y_i, i) => ({ at: [X[2 * i], X[2 * i + 1]], y: y_i }));
const paler = (p) => 0.5 + 0.7 * (p - 0.5); // so that a point can be seen on a ground of its own colour
const percent = (part) => `${Math.round(100 * part)} %`;

export default stage({
  title: ({ values: { problem, learner: who } }) => {
    if (problem === "coins") return "Without structure, nobody beats a coin on new points";
    return who === "neuron" && problem !== "line" ? "One line is too little for this structure" : "With structure, what was learned holds for new points";
  },
  controls: [
    select("problem", { word: "problem", options: Object.entries(PROBLEMS).map(([name, { words }]) => [name, words]) }),
    select("learner", { word: "learner", options: Object.entries(LEARNERS) }),
    toggle("fresh", { word: "show the new points" }),
  ],
  seeded: true,
  restartOn: ["problem", "learner"],
  stepsPerSecond: 60,
  begin({ values }) {
    const points = draw(values.problem, values.seed);
    const run = { k: 0, points, who: learner(values.learner, points.seen, values.seed), seen: [], fresh: [] };
    return count(run);
  },
  step({ values, run }) {
    run.who.learn();
    run.k++;
    count(run);
    return run.k < STEPS && values.learner !== "neighbour";
  },
  picture() {
    const scene = plane({ box: BOX, label: "Plane of the points to learn, with what the learner says everywhere" });
    const chart = curve({ x: { name: "step k", low: 0, high: STEPS }, y: { name: "share right", low: 0, high: 1 }, label: "The share of right answers over the steps", height: 330 });
    return {
      node: html("div", { class: "side-by-side" }, html("div", {}, scene.node), html("div", {}, chart.node)),
      draw({ values, run }) {
        scene.fieldFrom(run.who.says(GRID).map(paler), CELLS);
        scene.dots([...(values.fresh ? pairs(run.points.fresh).slice(0, SHOWN).map((point) => ({ ...point, faint: true })) : []), ...pairs(run.points.seen)], { size: 5.5 });
        chart.show([
          { points: line(run.seen), name: `seen ${percent(run.seen.at(-1))}`, colour: "ink", thick: true },
          { points: line(run.fresh), name: `new ${percent(run.fresh.at(-1))}`, colour: "ink", dash: true },
        ], { marks: [{ y: 0.5, text: "a coin", colour: "quiet" }] });
      },
    };
  },
  describe({ values, run }) {
    const who = LEARNERS[values.learner];
    return `${who[0].toUpperCase()}${who.slice(1)} on "${PROBLEMS[values.problem].words}", step ${run.k}: right on ${percent(run.seen.at(-1))} of the ${SEEN} points it learns from and on ${percent(run.fresh.at(-1))} of ${NEW} new ones; a coin would be right on 50 %.`;
  },
});

function count(run) {
  const { seen, fresh } = run.points;
  run.seen.push(share(run.who.says(seen.X), seen.y));
  run.fresh.push(share(run.who.says(fresh.X), fresh.y));
  return run;
}
// One point is a line too, across the chart: the nearest neighbour knows all it will ever know at once.
const line = (shares) => (shares.length === 1 ? [[0, shares[0]], [STEPS, shares[0]]] : shares.map((part, k) => [k, part]));
