// A schedule of learning rates: its curve, its Python, and what it does to a noisy descent.
import { html, select, slider, stage } from "../shared/stage.js";
import { curve } from "../shared/curve.js";
import { brief, format } from "../shared/numbers.js";
import { constant, rms, shapes } from "./schedules.js";

const SIGMA = 3, X0 = 5;
const two = (value) => brief(Number(value.toPrecision(2)));

export default stage({
  title: ({ values }) =>
    values.shape === "unclamped" && values.tau < 300 ? "A line that nobody stops goes below zero, and the descent becomes a climb" : "Large steps first, to get there; small steps last, to stay there",
  controls: [
    select("shape", { word: "schedule", options: Object.entries(shapes).map(([name, { words }]) => [name, words]) }),
    slider("eta_0", { symbol: "η₀", word: "first rate", low: 0.001, high: 1, log: true, step: 1.1 }),
    slider("eta_tau", { symbol: "η(τ)", word: "rate at τ", low: 0.0001, high: 1, log: true, step: 1.1 }),
    slider("tau", { symbol: "τ", word: "steps until then", low: 10, high: 300, step: 10, whole: true }),
    select("B", { word: "batch size", options: [1, 10, 100].map((B) => [B, `B = ${B}, noise ${format(SIGMA / Math.sqrt(B))}`]) }),
  ],
  presets: [
    { name: "linear to 1 % of η₀", values: { shape: "linear", eta_0: 0.3, eta_tau: 0.003, tau: 200, B: 10 } },
    { name: "constant, large", values: { shape: "constant", eta_0: 0.3, eta_tau: 0.003, tau: 200, B: 10 } },
    { name: "constant, small", values: { shape: "constant", eta_0: 0.003, eta_tau: 0.003, tau: 200, B: 10 } },
    { name: "down too soon", values: { shape: "exponential", eta_0: 0.3, eta_tau: 0.0001, tau: 20, B: 10 } },
    { name: "the slide's line, never level", values: { shape: "unclamped", eta_0: 0.1, eta_tau: 0.001, tau: 100, B: 10 } },
  ],
  begin({ data: { steps }, values: { shape, eta_0, eta_tau, tau, B } }) {
    const schedule = shapes[shape].make(eta_0, eta_tau, tau), how = { x0: X0, sigma: SIGMA / Math.sqrt(B), steps };
    return {
      eta: Array.from({ length: steps + 1 }, (_, k) => schedule(k)),
      code: `eta = ${shapes[shape].code(eta_0, eta_tau, tau)}`,
      distance: rms(schedule, how), large: rms(constant(eta_0), how), small: rms(constant(eta_tau), how),
    };
  },

  picture({ data: { steps } }) {
    const rates = curve({ x: { name: "k, steps made", low: 0, high: steps }, y: { name: "η, learning rate" }, label: "The learning rate over the steps", height: 280 });
    const away = curve({ x: { name: "k, steps made", low: 0, high: steps }, y: { name: "distance from the best θ", low: 0.02, high: 20, log: true }, label: "The expected distance from the best parameter over the steps", height: 280 });
    const code = html("code", {});
    const points = (list) => Array.from(list, (value, k) => [k, value]);
    return {
      node: html("div", {}, html("div", { class: "side-by-side" }, rates.node, away.node), html("p", { class: "caption" }, "In Python: ", code)),
      draw({ run, values }) {
        const below = Math.min(...run.eta) < 0;
        rates.show([{ points: points(run.eta), thick: true }], {
          ylim: below ? undefined : [0, 1.1 * Math.max(...run.eta)],
          marks: [...(values.shape !== "constant" ? [{ x: values.tau, text: "τ" }] : []), ...(below ? [{ y: 0, text: "below here it climbs", colour: "wrong" }] : [])],
        });
        away.show([
          { points: points(run.large), colour: "quiet", dash: true, name: "η₀ always" },
          { points: points(run.small), colour: "quiet", dash: "2 4", name: "η(τ) always" },
          { points: points(run.distance), thick: true, name: "yours" },
        ]);
        code.textContent = run.code;
      },
    };
  },

  describe({ run, values, data: { steps } }) {
    const at = (k) => brief(Number(run.eta[k].toPrecision(3)));
    const half = Math.round(steps / 2);
    const end = run.distance[steps];
    const others = `always η₀ ends at ${two(run.large[steps])}, always η(τ) at ${two(run.small[steps])}`;
    const below = run.eta.findIndex((eta) => eta < 0);
    const rises = values.eta_tau > values.eta_0 && values.shape !== "constant" ? " η(τ) is larger than η₀, so this schedule does not fall." : "";
    const note = below >= 0 ? ` From step ${below} on the rate is negative, and the distance grows again.` : "";
    return `η is ${at(0)} at first, ${at(half)} after ${half} steps and ${at(steps)} after ${steps}. The distance, ${X0} at the start, is expected to be ${two(end)} at the end; ${others}.${note}${rises}`;
  },
});
