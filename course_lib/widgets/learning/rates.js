// Learning rates from creeping to chaos: 32 of them trained at once, and one of your own, drawn thick.
import { select, slider, stage } from "../shared/stage.js";
import { brief, format, inWords } from "../shared/numbers.js";
import { gates } from "../perceptron/presets.js";
import { beginFan, habits, lowest, stepFan, train } from "./fan.js";
import { fanPicture, two } from "./fan_picture.js";

const LIMITS = { OR: [2e-4, 0.6], AND: [2e-4, 0.6], XOR: [0.24, 0.62], mine: [2e-4, 1] };

const rows = ({ data, values }) => (values.gate === "mine" ? data.y : gates[values.gate]);
const named = ({ values }) => (values.gate === "mine" ? "your rows" : values.gate);
const steps = (k) => (k === 1 ? "1 step" : `${k} steps`);

// Your rate's run, worked out anew when η or the number of steps has changed: it is a fifth of a millisecond's work.
function mine({ run, values }) {
  if (run.mine?.eta !== values.eta || run.mine.losses.length !== run.k + 1) run.mine = train(run.X, run.y, run.theta, values.eta, run.k);
  return run.mine;
}

export default stage({
  title: ({ values }) =>
    values.gate === "XOR" ? "Past η = 10 the error leaps between two values, then four, then chaos" : "32 learning rates, one start: too small creeps, too large never arrives",
  controls: [
    slider("eta", { symbol: "η", word: "learning rate", low: 0.01, high: 1000, log: true, step: 1.1 }),
    select("gate", { word: "rows", options: ({ choices }) => choices.map((name) => [name, name === "mine" ? "your rows" : name]) }),
  ],
  restartOn: ["gate"],
  stepsPerSecond: 15,
  begin: (scene) => beginFan(scene.data.X, rows(scene), scene.data.theta, scene.data.etas),
  step({ run, data }) {
    if (run.k < data.steps) stepFan(run);
    return run.k < data.steps;
  },

  picture({ data, put }) {
    const fan = fanPicture({ etas: data.etas, across: { name: "steps", low: 0, high: data.steps }, error: "mean squared error", put });
    return {
      node: fan.node,
      draw(scene) {
        fan.draw({ all: scene.run.all, yours: mine(scene), x: (k) => k, ylim: LIMITS[scene.values.gate], started: scene.run.k > 0 });
      },
    };
  },

  describe(scene) {
    const { run, values } = scene, yours = mine(scene), N = inWords(run.y.length), now = yours.losses.at(-1);
    if (!run.k) return `Nothing is trained yet. ${run.all.length} neurons stand at the same start on ${named(scene)}, where the error is ${format(now, 3)}; Play trains them, each with its own η.`;
    const right = yours.first === null ? "never had all rows right" : yours.first === 0 ? "had all rows right from the start" : `had all ${N} rows right first after ${steps(yours.first)}`;
    const best = lowest(run), count = habits(run);
    const said = [[count.creeps, "creep"], [count.walks, "walk down"], [count.leaps, "leap up at some step"], [count.stuck, "are stuck without a slope"]];
    return (
      `After ${steps(run.k)} on ${named(scene)} your η = ${brief(values.eta)} is at ${two(now)} and ${right}. ` +
      `Of the ${run.all.length}, ${said.filter(([n]) => n).map(([n, does]) => `${n} ${does}`).join(", ")}; lowest is η = ${two(best.eta)}.`
    );
  },
});
