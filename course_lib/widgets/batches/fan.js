// 32 learning rates again, on minibatches: which one is best depends on the batch.
import { slider, stage } from "../shared/stage.js";
import { brief, format } from "../shared/numbers.js";
import { fanPicture, two } from "../learning/fan_picture.js";
import { begin, level, lowest, step, train } from "./minifan.js";

const LIMITS = [0.3, 6];

function mine({ run, values: { eta } }) {
  if (run.mine?.eta !== eta || run.mine.losses.length !== run.k + 1) run.mine = train(run, eta);
  return run.mine;
}

export default stage({
  title: ({ run, values }) => (run && run.k >= run.looks.length ? `With batches of ${values.B}, the best of ${run.all.length} rates is ${two(lowest(run).eta)}` : "Batch size and learning rate belong together"),
  controls: [
    slider("B", { symbol: "B", word: "batch size", low: 1, high: ({ y }) => y.length, log: true, step: 1.25, whole: true }),
    slider("eta", { symbol: "η", word: "learning rate", low: 0.001, high: 100, log: true, step: 1.1 }),
  ],
  presets: ({ y: { length: N } }) => [
    { name: "minibatches of 10", values: { B: Math.min(10, N), eta: 0.1 } },
    { name: "one row at a time, B = 1", values: { B: 1, eta: 0.1 } },
    { name: `all rows, B = ${N}`, values: { B: N, eta: 0.1 } },
  ],
  seeded: true,
  restartOn: ["B"],
  unit: "look",
  stepsPerSecond: 15,
  begin: ({ data, values, seed }) => begin({ ...data, B: values.B, seed }),
  step: ({ run }) => step(run),

  picture({ data, put }) {
    const fan = fanPicture({ etas: data.etas, across: { name: "epochs", low: 0, high: data.epochs }, error: "loss over all rows", put });
    return {
      node: fan.node,
      draw(scene) {
        const { run } = scene;
        fan.draw({ all: run.all, yours: mine(scene), x: (k) => run.epochs[k], ylim: LIMITS, started: run.k > 0 });
      },
    };
  },

  describe(scene) {
    const { run, values: { B, eta } } = scene, yours = mine(scene);
    const N = run.y.length, updates = Math.ceil(N / B);
    const rows = B >= N ? "all rows, 1 update an epoch" : `minibatches of ${B}, ${updates} updates an epoch`;
    if (!run.k) return `Nothing is trained yet: ${run.all.length} rates stand at a loss of ${format(yours.losses[0], 2)}, with ${rows}. Play trains them for ${scene.data.epochs} epochs.`;
    const best = lowest(run);
    return `After ${brief(Number(run.epochs[run.k].toPrecision(3)))} epochs with ${rows}, your η = ${brief(eta)} is at ${format(level(run, yours), 3)} on average over the last epochs. Best of the ${run.all.length} is η = ${two(best.eta)} at ${format(level(run, best), 3)}.`;
  },
});
