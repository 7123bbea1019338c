// One weight under L1: steps along the subgradient circle around zero, proximal steps land on it.
import { curve } from "../shared/curve.js";
import { brief, format } from "../shared/numbers.js";
import { html, slider, stage } from "../shared/stage.js";
import { twoWays } from "./geometry.js";

const STEPS = 60;
const ways = ({ c, lam, eta }) => twoWays(c, lam, eta, STEPS);

export default stage({
  title: ({ run: { slope, prox } }) => {
    if (prox.at(-1) !== 0) return "The penalty is too weak for a zero: both go to the same weight";
    return slope.at(-1) === 0 ? "Both steps end at exactly 0" : "The subgradient circles around zero, the proximal step lands on it";
  },
  controls: [
    slider("lam", { symbol: "λ", word: "strength of L1", low: 0, high: 2, step: 0.05 }),
    slider("eta", { symbol: "η", word: "learning rate", low: 0.01, high: 0.5, log: true, step: 1.1, limits: [0.001, 1] }),
    slider("c", { symbol: "c", word: "weight without a penalty", low: -2, high: 2, step: 0.1, signed: true }),
  ],
  begin: ({ values }) => ways(values),
  picture() {
    const chart = curve({ x: { name: "step k", low: 0, high: STEPS }, y: { name: "weight w" }, label: "One weight over the steps, by subgradient and by proximal steps", height: 280 });
    return {
      node: html("div", {}, chart.node),
      draw({ run: { slope, prox } }) {
        const line = (list) => list.map((w, k) => [k, w]);
        chart.show([
          { points: line(slope), name: "subgradient", colour: "wrong" },
          { points: line(prox), name: "proximal", colour: "good", thick: true },
        ], { marks: [{ y: 0, colour: "quiet" }] });
      },
    };
  },
  describe({ values, run: { slope, prox } }) {
    const first = prox.findIndex((w) => w === 0);
    const end = prox.at(-1) === 0 ? `exactly 0 from step ${first} on` : format(prox.at(-1), 4);
    return `λ = ${brief(values.lam)}, η = ${brief(values.eta)}. After ${STEPS} steps the subgradient stands at ${format(slope.at(-1), 4)}, the proximal step at ${end}.`;
  },
});
