// The running average over random masks, the average over all of them, and one pass with everything on.
import { select, stage } from "../shared/stage.js";
import { curve } from "../shared/curve.js";
import { brief, format } from "../shared/numbers.js";
import { generator } from "../shared/random.js";
import { answer, drawMasks, overAllMasks } from "./masks.js";

const MOST = 1000;
const SAME = 1e-9;

const goals = (data, net) => ({ layers: data.nets[net], one: answer(data.nets[net], data.x), ...overAllMasks(data.nets[net], data.x) });

export default stage({
  title: ({ run }) => (Math.abs(run.mean - run.one) < SAME ? "One pass is the average over all masks, if nothing bends afterwards" : "Where a ReLU follows a mask, one pass only comes near the average"),
  controls: [select("net", { word: "network", options: (data) => Object.keys(data.nets).map((name) => [name, name]) })],
  seeded: true,
  stepsPerSecond: 15,
  unit: "passes:",
  restartOn: ["net"],

  begin: ({ data, values, seed }) => ({ k: 0, sum: 0, squares: 0, trail: [], uniform: generator(seed).uniform, ...goals(data, values.net) }),

  step({ data, run }) {
    const o = answer(run.layers, data.x, drawMasks(run.layers, run.uniform));
    run.k++;
    run.sum += o;
    run.squares += o * o;
    const mean = run.sum / run.k;
    const error = run.k > 1 ? Math.sqrt(Math.max(0, run.squares / run.k - mean * mean) / (run.k - 1)) : NaN;
    run.trail.push([run.k, mean, error, o]);
    return run.k < MOST;
  },

  picture() {
    const chart = curve({ x: { name: "passes", low: 1, high: MOST, log: true }, y: { name: "the network's output" }, height: 320, label: "Running average of the output over random masks, against the number of passes" });
    function draw({ run: { trail, mean, one, count } }) {
      const band = (sign) => ({ points: trail.filter(([k]) => k > 4).map(([k, m, error]) => [k, m + 2 * sign * error]), colour: "border", dash: "2 4" });
      const values = [mean, one, ...trail.map(([, m]) => m)];
      const low = Math.min(...values), high = Math.max(...values), more = 0.25 * (high - low || 1);
      chart.show([band(1), band(-1), { points: trail.map(([k, m]) => [k, m]), name: "average so far", colour: "loss", thick: true }], {
        ylim: [low - more, high + more],
        marks: Math.abs(mean - one) < SAME
          ? [{ y: mean, text: `average over all ${count} masks, and the one pass`, colour: "good" }]
          : [{ y: mean, text: `average over all ${count} masks`, colour: "good" }, { y: one, text: "one pass, everything on", colour: "wrong" }],
      });
    }
    return { node: chart.node, draw };
  },

  describe({ run: { k, trail, mean, one, count } }) {
    const goal = Math.abs(mean - one) < SAME ? `The average over all ${count} masks is ${format(mean, 3)}, and so is the one pass` : `The average over all ${count} masks is ${format(mean, 3)}, the one pass says ${format(one, 3)}`;
    if (!k) return `${goal}. Press Play to average over masks drawn at random.`;
    const [, now, error] = trail.at(-1);
    return `${goal}. After ${k} pass${k === 1 ? "" : "es"} the running average is ${format(now, 3)}${k > 4 ? `, give or take ${brief(Number((2 * error).toPrecision(2)))} (dotted)` : ""}.`;
  },
});
