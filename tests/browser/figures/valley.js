import { html, select, slider, stage, toggle } from "../../../course_lib/widgets/shared/stage.js";
import { curve } from "../../../course_lib/widgets/shared/curve.js";
import { plane } from "../../../course_lib/widgets/shared/plane.js";
import { ground, viridis } from "../../../course_lib/widgets/shared/theme.js";
import { brief } from "../../../course_lib/widgets/shared/numbers.js";

// The whole stage in one small figure: gradient descent on f(θ) = ½ (θ₁² + c θ₂²).
// On purpose it fails: a step where c = 7, the picture where c = 8, a start where the seed is 13.
export default stage({
  title: ({ values }) => (values.eta * values.c < 2 ? "Below 2/c every step comes closer" : "Above 2/c the steps grow: the run diverges"),
  controls: [
    slider("eta", { symbol: "η", word: "learning rate", low: 0.01, high: 1, log: true, step: 1.1 }),
    slider("c", { symbol: "c", word: "steepness", low: 1, high: 10, step: 0.5 }),
    select("rule", { word: "rule", options: [["sgd", "SGD"], ["heavy", "momentum"]] }),
    toggle("trace", { word: "show the way" }),
  ],
  presets: [{ name: "just right", values: { eta: 0.2 } }, { name: "too large", values: { eta: 0.45 } }],
  seeded: true,
  begin({ seed }) {
    if (seed === 13) throw new Error("Thirteen is no seed here. Take another.");
    const theta = [-3 + 0.1 * seed, 2];
    return { theta, v: [0, 0], path: [theta], k: 0 };
  },
  step({ values, run }) {
    const d = [run.theta[0], values.c * run.theta[1]];
    const m = values.rule === "heavy" ? 0.9 : 0;
    run.v = run.v.map((v, i) => m * v - values.eta * d[i]);
    run.theta = run.theta.map((t, i) => t + run.v[i]);
    run.path.push(run.theta);
    run.k++;
    if (values.c === 7) throw new Error("no sevens");
    return run.k < 300;
  },
  restartOn: ["c"],
  picture({ put }) {
    const f = (c) => (x, y) => 0.5 * (x * x + c * y * y);
    const hill = plane({ box: { x: [-4, 4], y: [-4, 4] }, label: "The loss over θ₁ and θ₂", xName: "θ₁", yName: "θ₂" });
    const chart = curve({ x: { name: "step k", low: 0 }, y: { name: "loss", log: true }, label: "Loss by step" });
    const knob = hill.handle({ at: [1, 1], label: "Move the steepness", onMove: ([, y]) => put({ c: Number(Math.max(1, y).toFixed(2)) }, "Dragged") });
    let drawn = null;
    return {
      node: html("div", { class: "side-by-side" }, hill.node, chart.node),
      draw({ values, run }) {
        if (values.c === 8) throw new Error("no eights");
        if (drawn !== values.c) {
          drawn = values.c;
          const g = f(values.c);
          const cells = Float32Array.from({ length: 64 * 64 }, (_, i) => g(-4 + (i % 64) / 8, 4 - Math.floor(i / 64) / 8));
          hill.fieldFrom(cells, 64, (v) => ground(Math.sqrt(v / 60)));
          hill.contours(g, [0.1, 0.5, 1, 2, 4, 8, 16, 32]);
        }
        knob.show([0, Math.min(values.c, 4)]);
        hill.paths(values.trace ? [{ points: run.path, dots: true, name: "you" }] : []);
        const losses = run.path.map((t, k) => [k, f(values.c)(...t)]);
        const fan = Array.from({ length: 8 }, (_, r) => ({ points: losses.map(([k, l]) => [k, l * 3 ** (r - 4)]), colour: viridis(r / 7), name: r % 3 ? "" : `r ${r}` }));
        chart.show([...fan, { points: losses, name: "training", thick: true }], { marks: [{ y: 0.01, text: "done" }] });
      },
    };
  },
  describe: ({ values, run }) => `Step ${run.k}: θ is (${run.theta.map(brief).join(", ")}).`,
});
