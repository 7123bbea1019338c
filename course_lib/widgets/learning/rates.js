// Learning rates from creeping to chaos: 32 of them trained at once, and one of your own, drawn thick.
import { html, select, slider, stage } from "../shared/stage.js";
import { curve } from "../shared/curve.js";
import { brief, format, inWords } from "../shared/numbers.js";
import { viridis } from "../shared/theme.js";
import { gates } from "../perceptron/presets.js";
import { beginFan, habits, lowest, stepFan, train } from "./fan.js";

const TAIL = 10; // the last errors of a rate, as dots on the right
const LIMITS = { OR: [2e-4, 0.6], AND: [2e-4, 0.6], XOR: [0.24, 0.62], mine: [2e-4, 1] };
const GAP = [NaN, NaN];

const rows = ({ data, values }) => (values.gate === "mine" ? data.y : gates[values.gate]);
const named = ({ values }) => (values.gate === "mine" ? "your rows" : values.gate);

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
    select("gate", { word: "rows", options: ({ is_gate }) => (is_gate ? [...Object.keys(gates).map((name) => [name, name])] : [["mine", "your rows"]]) }),
  ],
  restartOn: ["gate"],
  stepsPerSecond: 15,
  begin: (scene) => beginFan(scene.data.X, rows(scene), scene.data.theta, scene.data.etas),
  step({ run, data }) {
    if (run.k < data.steps) stepFan(run);
    return run.k < data.steps;
  },

  picture({ data, put }) {
    const error = "mean squared error";
    const curves = curve({ x: { name: "steps", low: 0, high: data.steps }, y: { name: error, log: true }, label: "Error over steps, one curve a learning rate", height: 340 });
    const ends = curve({
      x: { name: "η, learning rate", low: data.etas[0], high: data.etas.at(-1), log: true }, y: { name: `${error}, the last ${TAIL}`, log: true },
      label: `The last ${TAIL} errors over the learning rate`, height: 340,
      marker: { label: "η, your learning rate", step: 1.1, onMove: (value) => put({ eta: Number(value.toPrecision(4)) }, `η = ${brief(Number(value.toPrecision(4)))}`) },
    });
    const colours = () => data.etas.map((_, r) => viridis(r / (data.etas.length - 1)));
    return {
      node: html("div", { class: "side-by-side" }, curves.node, ends.node),
      draw(scene) {
        const { run, values } = scene, yours = mine(scene), inks = colours(), ylim = LIMITS[values.gate];
        const over = (one) => one.losses.map((loss, k) => [k, loss]);
        const tail = (one) => one.losses.slice(-TAIL).flatMap((loss) => [[one.eta, loss], GAP]);
        curves.show(
          [...run.all.map((one, r) => ({ points: over(one), colour: inks[r] })), { points: over(yours), thick: true, name: run.k ? `η = ${brief(values.eta)}` : "" }],
          { ylim, marks: run.k ? [] : [{ at: [0, yours.losses[0]], text: "all start here" }] },
        );
        ends.show(
          [...run.all.map((one, r) => ({ points: tail(one), colour: inks[r], dots: true })), { points: tail(yours), dots: true, thick: true, name: brief(Number(yours.losses.at(-1).toPrecision(2))) }],
          { ylim, marker: values.eta },
        );
      },
    };
  },

  describe(scene) {
    const { run, values } = scene, yours = mine(scene), N = inWords(run.y.length), now = yours.losses.at(-1);
    if (!run.k) return `Nothing is trained yet. ${run.all.length} neurons stand at the same start on ${named(scene)}, where the error is ${format(now, 3)}; Play trains them, each with its own η.`;
    const right = yours.first === null ? "never had all rows right" : `had all ${N} rows right first after ${yours.first === 1 ? "1 step" : `${yours.first} steps`}`;
    const best = lowest(run), count = habits(run);
    const said = [[count.creeps, "creep"], [count.walks, "walk down"], [count.leaps, "leap up at some step"], [count.stuck, "are stuck without a slope"]];
    return (
      `After ${run.k === 1 ? "1 step" : `${run.k} steps`} on ${named(scene)} your η = ${brief(values.eta)} is at ${brief(Number(now.toPrecision(2)))} and ${right}. ` +
      `Of the ${run.all.length}, ${said.filter(([n]) => n).map(([n, does]) => `${n} ${does}`).join(", ")}; lowest is η = ${brief(Number(best.eta.toPrecision(2)))}.`
    );
  },
});
