// Robbins and Monro: η_k = c / k^a. Do the steps reach far enough, and does their noise die out?
import { html, slider, stage } from "../shared/stage.js";
import { curve } from "../shared/curve.js";
import { brief } from "../shared/numbers.js";
import { generator } from "../shared/random.js";
import { viridis } from "../shared/theme.js";
import { rms, sums, walk } from "./schedules.js";

const STEPS = 20000, RUNS = 4;
const two = (value) => brief(Number(value.toPrecision(2)));
export const power = (c, a) => (k) => c / (k + 1) ** a;

// The noise of all runs, drawn once: the same for every rate, so that only the rate makes the difference.
let drawn = null;
function noise() {
  const random = generator(0);
  return (drawn ??= Array.from({ length: RUNS }, () => Float64Array.from({ length: STEPS }, () => random.normal())));
}

// About 120 numbers k, spread evenly over the orders of magnitude.
const marks = [...new Set(Array.from({ length: 120 }, (_, i) => Math.round(STEPS ** (i / 119))))];

const verdict = ({ a, c }) => {
  if (a > 1) return "Σ η is finite: it stops before it arrives";
  if (a > 0.5) return "Σ η is infinite and Σ η² finite: in the end it gets there, and the noise dies out";
  if (a > 0) return "Σ η² is infinite: the theorem promises nothing, and still it gets closer";
  return "A constant rate: quick at first, then it trembles for ever";
};

export default stage({
  title: ({ values }) => verdict(values),
  controls: [
    slider("a", { symbol: "a", word: "power of k", low: 0, high: 2, step: 0.05 }),
    slider("c", { symbol: "c", word: "first rate", low: 0.01, high: 1, log: true, step: 1.1 }),
  ],
  presets: [
    { name: "1/k", values: { a: 1, c: 1 } },
    { name: "constant .1", values: { a: 0, c: 0.1 } },
    { name: ".5/√k", values: { a: 0.5, c: 0.5 } },
    { name: ".5/k²", values: { a: 2, c: 0.5 } },
  ],
  begin({ values: { a, c }, data: { x0, sigma } }) {
    const eta = power(c, a), rates = new Float64Array(STEPS), schedule = (k) => rates[k];
    for (let k = 0; k < STEPS; k++) rates[k] = eta(k); // each power once, for all that follows
    const at = (list) => marks.map((k) => [k, Math.abs(list[k])]);
    const total = sums(schedule, STEPS);
    return {
      expected: at(rms(schedule, { x0, sigma, steps: STEPS })),
      runs: noise().map((z) => at(walk(schedule, z, { x0, sigma }))),
      first: marks.map((k) => [k, total.first[k - 1]]), second: marks.map((k) => [k, total.second[k - 1]]),
    };
  },

  picture() {
    const across = { name: "k, steps", low: 1, high: STEPS, log: true };
    const away = curve({ x: across, y: { name: "distance from the best θ", low: 0.001, high: 10, log: true }, label: "Distance over steps, both logarithmic", height: 320 });
    const total = curve({ x: across, y: { name: "sums so far", low: 0.1, high: 2000, log: true }, label: "The sums of the rates and of their squares over steps", height: 320 });
    return {
      node: html("div", { class: "side-by-side" }, away.node, total.node),
      draw({ run }) {
        away.show([...run.runs.map((points, i) => ({ points, colour: viridis(i / (RUNS - 1)), faint: true })), { points: run.expected, thick: true, name: "typical" }]);
        total.show([{ points: run.first, thick: true, name: "Σ η" }, { points: run.second, thick: true, dash: true, name: "Σ η²" }]);
      },
    };
  },

  describe({ run, values: { a, c }, data: { x0 } }) {
    const [, first] = run.first.at(-1), [, second] = run.second.at(-1);
    return `The rate is ${brief(c)} divided by k to the power ${brief(a)}. After ${STEPS} steps from a distance of ${x0} a typical run is ${two(run.expected.at(-1)[1])} away. The rates add up to ${two(first)} so far and ${a > 1 ? "to a limit" : "without limit"}; their squares to ${two(second)} and ${a > 0.5 ? "to a limit" : "without limit"}.`;
  },
});
