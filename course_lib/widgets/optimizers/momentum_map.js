// Every (η, β) on one map: what is left of the distance after a step. Beside it the way that the chosen pair takes.
import { html, slider, stage } from "../shared/stage.js";
import { curve } from "../shared/curve.js";
import { brief, clamp, format } from "../shared/numbers.js";
import { plane } from "../shared/plane.js";
import { setText } from "../shared/table.js";
import { ramp } from "../shared/theme.js";
import { onPaper } from "./colours.js";
import { paintLandscape } from "./landscape.js";
import { bestDescent, bestMomentum, rate, slowest } from "./rates.js";
import { pathOf } from "./rules.js";

const STEPS = 60, COLUMNS = 160, ROWS = 120, MOST_BETA = 0.99;
const EDGES = [0.6, 0.7, 0.8, 0.9, 0.95];

// A slider that ends where the map does.
const etaSlider = (declared, data, hear) => {
  const high = largest(data);
  return slider().make({ ...declared, high, step: high / 400, limits: [0, high] }, data, hear);
};

const gradientOf = (lambdas) => (theta) => theta.map((value, i) => lambdas[i] * value);
const largest = ({ lambdas }) => 4 / lambdas[1];

export default stage({
  title: ({ data: { lambdas } }) => `Gradient descent leaves ${format(bestDescent(lambdas).rate)} of the distance per step at best; momentum leaves ${format(bestMomentum(lambdas).rate)}`,
  controls: [
    { ...slider("eta", { symbol: "η", word: "learning rate", low: 0 }), make: etaSlider },
    slider("beta", { symbol: "β", word: "memory", low: 0, high: MOST_BETA, step: 0.01 }),
  ],
  presets: ({ lambdas }) => [
    { name: "no momentum, its best η", values: { eta: Number(bestDescent(lambdas).eta.toPrecision(3)), beta: 0 } },
    { name: "best momentum", values: pair(bestMomentum(lambdas)) },
    { name: "no momentum, just too large", values: { eta: Number((2.05 / lambdas[1]).toPrecision(3)), beta: 0 } },
    { name: "too much memory", values: { eta: Number(bestDescent(lambdas).eta.toPrecision(3)), beta: 0.95 } },
  ],

  picture({ data, put }) {
    const { lambdas } = data;
    const best = bestMomentum(lambdas).rate;
    const map = plane({ box: { x: [0, largest(data)], y: [0, 1] }, label: "Map of all learning rates η across and memories β upwards", xName: "η", yName: "β" });
    paintMap(map, lambdas, best);
    const chosen = map.handle({ at: [0, 0], label: "Choose η and β", onMove: ([eta, beta]) => put({ eta, beta: Math.min(beta, MOST_BETA) }, `η = ${brief(eta)}, β = ${brief(Math.min(beta, MOST_BETA))}`) });

    const bowl = plane({ box: { x: [-5, 5], y: [-5, 5] }, label: "The ravine from above, with the way of the steps", xName: "θ₁", yName: "θ₂" });
    paintLandscape(bowl, { lowest: 0, value: (theta) => theta.reduce((sum, value, i) => sum + 0.5 * lambdas[i] * value * value, 0) }, { offset: 0.3, resolution: 48 });
    const start = bowl.handle({ at: [4, 3], label: "Move the start", onMove: ([x, y]) => put({ x, y }, `Start at (${brief(x)}, ${brief(y)})`) });

    const chart = curve({ x: { name: "step k", low: 0, high: STEPS }, y: { name: "share of the distance that is left", log: true, low: 1e-6, high: 100 }, label: "What is left of the distance in the flat and in the steep direction, by step", height: 230 });
    const sum = html("p", { class: "formula", style: "white-space: normal; margin-top: 0.6rem" });
    const node = html("div", {},
      html("div", { class: "side-by-side" },
        html("div", {}, html("p", { class: "caption" }, "Blue converges, the deeper the faster; orange flies off. Lines: .6 .7 .8 .9 .95 and 1 left per step."), map.node),
        html("div", {}, html("p", { class: "caption" }, `θ for ${STEPS} steps. The flat direction lies across (λ = ${brief(lambdas[0])}), the steep one upwards (λ = ${brief(lambdas[1])}).`), bowl.node)),
      sum, chart.node);

    function draw({ values }) {
      const { eta, beta, x, y } = values;
      const path = pathOf("momentum", gradientOf(lambdas), [x, y], { eta, beta, steps: STEPS });
      chosen.show([eta, beta]);
      start.show([x, y]);
      bowl.paths([{ points: path, colour: "#1A1A1A", dots: true }]);
      const left = lambdas.map((lambda) => rate(eta, beta, lambda));
      setText(sum, `left per step: ${format(left[0], 3)} in the flat direction, ${format(left[1], 3)} in the steep one; the slower decides: ${format(Math.max(...left), 3)}`);
      const share = (axis, from) => path.map((theta, k) => [k, from ? Math.abs(theta[axis] / from) : NaN]);
      chart.show([
        { points: share(0, x), name: "flat", colour: onPaper("blue"), thick: left[0] >= left[1] },
        { points: share(1, y), name: "steep", colour: onPaper("orange"), dash: "8 4", thick: left[1] > left[0] },
      ]);
    }
    return { node, draw };
  },

  describe({ data: { lambdas }, values: { eta, beta } }) {
    const left = slowest(eta, beta, lambdas);
    const edge = (2 * (1 + beta)) / lambdas[1];
    const verdict = left < 0.9995 ? `Each step leaves ${format(left, 3)} of the distance, so a millionth is left after ${Math.ceil(Math.log(1e-6) / Math.log(left))} steps` : left <= 1.0005 ? "This is the edge: nothing is gained and nothing is lost" : `The distance grows by ${format(left, 3)} each step: it flies off`;
    return `η = ${brief(eta)}, β = ${brief(beta)}. ${verdict}. For this β the edge lies at η = ${brief(edge)}.`;
  },
});

const pair = ({ eta, beta }) => ({ eta: Number(eta.toPrecision(12)), beta });

function paintMap(map, lambdas, best) {
  const rates = new Float64Array(COLUMNS * ROWS);
  for (let i = 0; i < rates.length; i++) {
    const eta = (((i % COLUMNS) + 0.5) / COLUMNS) * map.box.x[1], beta = 1 - (Math.floor(i / COLUMNS) + 0.5) / ROWS;
    rates[i] = slowest(eta, beta, lambdas);
  }
  const shade = (left) => (left < 1 ? 0.5 * clamp((left - best) / (1 - best), 0, 1) : 0.5 + 0.5 * clamp((left - 1) / 0.5, 0, 1));
  map.fieldFrom(rates, COLUMNS, (left) => ramp[Math.round(255 * shade(left))]);
  map.contours((eta, beta) => slowest(eta, beta, lambdas), [...EDGES.filter((edge) => edge > best), 1], { resolution: 120 });
}
