// Gradient descent at a cliff: one enormous gradient throws the parameters out, unless it is shortened.
import { html, slider, stage, toggle } from "../shared/stage.js";
import { curve } from "../shared/curve.js";
import { brief } from "../shared/numbers.js";
import { plane } from "../shared/plane.js";
import { onPaper } from "./colours.js";
import { paintLandscape } from "./landscape.js";
import { pathOf } from "./rules.js";
import { cliff } from "./surfaces.js";

const STEPS = 150, OUT = 0.05; // above this loss, and not moving, a run is lost
const digits = (value) => brief(Number(value.toPrecision(3)));

// The whole walk: places, losses, lengths of the gradients.
let last = { key: null, walk: null };
function walk({ eta, clip, longest, x, y }) {
  const key = JSON.stringify([eta, clip, longest, x, y]);
  if (last.key === key) return last.walk;
  const path = pathOf("gd", cliff.gradient, [x, y], { eta, steps: STEPS, clip: clip ? longest : Infinity });
  const seen = path.map(cliff.lossAndGradient);
  last = { key, walk: { path, losses: seen.map(({ loss }) => loss), lengths: seen.map(({ gradient }) => Math.hypot(...gradient)) } };
  return last.walk;
}

export default stage({
  title: ({ values }) => (walk(values).losses.at(-1) > OUT ? "One enormous gradient, and the run never comes back" : values.clip ? "Shortened, the enormous gradient is one step like any other" : "This run comes down without meeting the worst of the cliff"),
  controls: [
    toggle("clip", { word: "clip" }),
    slider("longest", { word: "longest gradient", low: 0.01, high: 1000, log: true, step: 1.25, when: ({ clip }) => clip }),
    slider("eta", { symbol: "η", word: "learning rate", low: 0.001, high: 1, log: true, step: 1.1 }),
  ],
  presets: [
    { name: "no clip: thrown out", values: { clip: false, longest: 1, eta: 0.1, x: 5, y: -2.2 } },
    { name: "clip at 1: it comes down", values: { clip: true, longest: 1, eta: 0.1, x: 5, y: -2.2 } },
    { name: "clip at 0.01: it crawls", values: { clip: true, longest: 0.01, eta: 0.1, x: 5, y: -2.2 } },
  ],
  restartOn: ["clip", "longest", "eta", "x", "y"],
  stepsPerSecond: 15,
  begin: () => ({ k: 0 }),
  step: ({ run }) => ++run.k < STEPS,

  picture({ put }) {
    const map = plane({ box: cliff.box, label: "The loss over w and b, with its cliff, and the way of the steps", xName: "w", yName: "b" });
    paintLandscape(map, cliff, { offset: 1e-3, resolution: 110 });
    const start = map.handle({ at: [5, -2.2], label: "Move the start", step: 0.05, onMove: ([x, y]) => put({ x, y }, `Start at w = ${brief(x)}, b = ${brief(y)}`) });
    const loss = curve({ x: { name: "step k", low: 0, high: STEPS }, y: { name: "loss", log: true, low: 1e-5, high: 1 }, label: "The loss, by step", height: 195 });
    const length = curve({ x: { name: "step k", low: 0, high: STEPS }, y: { name: "length of the gradient", log: true, low: 1e-3, high: 1e4 }, label: "The length of the gradient before clipping, by step", height: 195 });
    const node = html("div", { class: "side-by-side" },
      html("div", {}, html("p", { class: "caption" }, "Seen from above: dark is high. The cliff is where the lines crowd."), map.node),
      html("div", {}, loss.node, length.node));

    function draw({ values, run }) {
      const { path, losses, lengths } = walk(values), far = (run.k || STEPS) + 1; // before the first step all is shown
      start.show([values.x, values.y]);
      map.paths([{ points: path.slice(0, far), colour: "#1A1A1A", dots: true }]);
      const upTo = (series) => series.slice(0, far).map((value, k) => [k, Math.max(value, 1e-9)]);
      loss.show([{ points: upTo(losses) }]);
      length.show([{ points: upTo(lengths), colour: onPaper("pink") }], { marks: values.clip ? [{ y: values.longest, text: "longest allowed" }] : [] });
    }
    return { node, draw };
  },

  describe({ values, run }) {
    const { path, losses, lengths } = walk(values);
    const k = Math.min(run.k || STEPS, path.length - 1), most = Math.max(...lengths.slice(0, k + 1));
    const place = path[k].map(digits);
    const lost = losses[k] > OUT && lengths[k] < 1e-6 ? " There the gradient is 0: it will not come back." : "";
    return `After ${k} steps, ${values.clip ? `gradients clipped at ${digits(values.longest)}` : "without clipping"}: w = ${place[0]}, b = ${place[1]}, loss ${digits(losses[k])}. The longest gradient so far is ${digits(most)}, at step ${lengths.indexOf(most)}.${lost}`;
  },
});
