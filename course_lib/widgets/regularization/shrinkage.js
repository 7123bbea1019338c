// Two weights under a growing penalty: the circle and the diamond meet the bowl's ellipses, and both paths walk to 0.
import { curve } from "../shared/curve.js";
import { brief, format } from "../shared/numbers.js";
import { plane } from "../shared/plane.js";
import { html, select, slider, stage } from "../shared/stage.js";
import { ball, bowl, nearest } from "./geometry.js";

const BOX = { x: [-1.4, 2.2], y: [-1.4, 2.2] };
const NAMED = { ridge: "L2, the circle", lasso: "L1, the diamond" };
const at = ({ data, values }, penalty) => data.problems[values.problem][penalty][nearest(data.lambdas, values.lam)];

export default stage({
  title: (scene) => {
    const w = at(scene, "lasso"), zeros = w.map((w_j, j) => (w_j === 0 ? ["w₁", "w₂"][j] : "")).filter(Boolean);
    if (zeros.length === 2) return "The diamond has set both weights to exactly 0; the circle never will";
    return zeros.length ? `The diamond has set ${zeros[0]} to exactly 0; the circle only shrinks it` : "A penalty pulls the weights from the least-squares point towards 0";
  },
  controls: [
    slider("lam", { symbol: "λ", word: "strength of the penalty", low: 0.01, high: 10, log: true, step: 10 ** 0.05 }),
    select("problem", { word: "the bowl", options: (data) => Object.entries(data.problems).map(([name, { words }]) => [name, words]) }),
  ],
  picture({ data, put }) {
    const sides = ["ridge", "lasso"].map((penalty) => {
      const scene = plane({ box: BOX, label: `Plane of two weights from −1.4 to 2.2: ellipses of equal loss and ${penalty === "ridge" ? "the circle of L2" : "the diamond of L1"}`, xName: "w₁", yName: "w₂" });
      const chart = curve({
        x: { name: "λ", low: data.lambdas[0], high: data.lambdas.at(-1), log: true }, y: { name: "weight", low: -0.5, high: 2 }, height: 210,
        label: `The two weights over λ, ${penalty}`, marker: { label: `λ on the path of ${penalty}`, step: 10 ** 0.05, onMove: (lam) => put({ lam: data.lambdas[nearest(data.lambdas, lam)] }, `λ = ${brief(lam)}`) },
      });
      const node = html("div", {}, html("p", { class: "caption" }, NAMED[penalty]), scene.node, chart.node);
      scene.node.style.maxWidth = "22rem";
      return { penalty, scene, chart, node };
    });
    const ways = Object.fromEntries(Object.entries(data.problems).map(([name, problem]) => [name, Object.fromEntries(sides.map(({ penalty }) => [penalty, [0, 1].map((j) => data.lambdas.map((lam, i) => [lam, problem[penalty][i][j]]))]))]));
    let drawn = null; // the bowl whose level lines stand there: they do not depend on λ
    return {
      node: html("div", { class: "side-by-side" }, sides.map(({ node }) => node)),
      draw({ values }) {
        const problem = data.problems[values.problem], place = nearest(data.lambdas, values.lam);
        if (drawn !== problem) for (const { scene } of sides) scene.contours((a, c) => bowl(problem, a, c), [0.02, 0.1, 0.3, 0.7, 1.4], { resolution: 60 });
        drawn = problem;
        for (const { penalty, scene, chart } of sides) {
          const w = problem[penalty][place];
          scene.paths([
            { points: ring(problem, bowl(problem, ...w)), closed: true, colour: "#4a5a68", dash: true },
            { points: ball(penalty, w), closed: true, thick: true },
            { points: [problem.b, ...problem[penalty].slice(0, place + 1)], colour: "positive", thick: true },
            { points: [problem.b], dots: true, name: "least squares" },
            { points: [w], dots: true, colour: "positive", name: "w" },
          ]);
          const lines = ["w₁", "w₂"].map((name, j) => ({ points: ways[values.problem][penalty][j], kept: true, name: `${name} ${w[j] === 0 ? "0" : format(w[j])}`, colour: "ink", thick: j === 0, dash: j === 1 }));
          chart.show(lines, { marker: data.lambdas[place], marks: ["w₁", "w₂"].map((_, j) => ({ at: [data.lambdas[place], w[j]], colour: "positive", shape: w[j] === 0 ? "square" : "disc" })) });
        }
      },
    };
  },
  describe(scene) {
    const [ridge, lasso] = ["ridge", "lasso"].map((penalty) => at(scene, penalty).map((w) => (w === 0 ? "exactly 0" : format(w))).join(" and "));
    const { b } = scene.data.problems[scene.values.problem];
    return `λ = ${brief(scene.values.lam)}. Without a penalty the weights are ${b.map((w) => format(w)).join(" and ")}; with L2 they are ${ridge}, with L1 ${lasso}.`;
  },
});

// The ellipse of equal loss through w: J = level.
function ring({ G, b }, level) {
  const [[a, c], [, d]] = G;
  return Array.from({ length: 96 }, (_, i) => {
    const [x, y] = [Math.cos((i * Math.PI) / 48), Math.sin((i * Math.PI) / 48)];
    const r = Math.sqrt((2 * level) / (a * x * x + 2 * c * x * y + d * y * y));
    return [b[0] + r * x, b[1] + r * y];
  });
}
