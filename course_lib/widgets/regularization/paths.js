// Every weight of a linear model as the penalty grows, L2 beside L1 on one λ, and what it does to new rows.
import { curve } from "../shared/curve.js";
import { brief, format } from "../shared/numbers.js";
import { html, slider, stage, toggle } from "../shared/stage.js";
import { viridis } from "../shared/theme.js";
import { nearest } from "./geometry.js";

const KINDS = ["ridge", "lasso"];
const TITLE = { ridge: "L2, ridge", lasso: "L1, lasso" };
const kept = (w) => w.filter((w_j) => w_j !== 0).length;
const place = ({ data, values }) => nearest(data.lambdas, values.lam);

export default stage({
  title: (scene) => {
    const { data } = scene, i = place(scene), D = data.names.length;
    return `At λ = ${brief(scene.values.lam)} L1 keeps ${kept(data.lasso.w[i])} of ${D} weights, L2 keeps ${kept(data.ridge.w[i])}`;
  },
  controls: [
    slider("lam", { symbol: "λ", word: "strength of the penalty", low: 0.001, high: 1000, log: true, step: 10 ** 0.05, limits: [1e-6, 1e6] }),
    toggle("over", { word: "over λ" }),
  ],
  picture({ data, put }) {
    const most = Math.max(...KINDS.flatMap((kind) => data[kind].w.flat().map(Math.abs)));
    const across = { ridge: data.ridge.df, lasso: data.lasso.share };
    const charts = KINDS.flatMap((kind) => [false, true].map((left) => {
      const x = left ? { name: kind === "ridge" ? "degrees of freedom" : "Σ|w| left", low: 0, high: left && kind === "ridge" ? data.names.length : 1 } : { name: "λ", low: data.lambdas[0], high: data.lambdas.at(-1), log: true };
      const find = left ? (value) => closest(across[kind], value) : (value) => nearest(data.lambdas, value);
      const chart = curve({
        x, y: { name: "weight" }, height: 300, label: `The weights over ${x.name}, ${TITLE[kind]}`,
        marker: { label: `λ on the paths of ${TITLE[kind]}`, step: left ? x.high / 40 : 10 ** 0.05, onMove: (value) => put({ lam: Number(data.lambdas[find(value)].toPrecision(3)) }, `λ = ${brief(Number(data.lambdas[find(value)].toPrecision(3)))}`) },
      });
      const xs = left ? across[kind] : data.lambdas;
      const ways = data.names.map((_, j) => way(xs, data[kind].w, j));
      return { kind, left, chart, xs, ways, node: html("div", {}, html("p", { class: "caption" }, TITLE[kind]), chart.node) };
    }));
    const news = data.ridge.error && curve({ x: { name: "λ", low: data.lambdas[0], high: data.lambdas.at(-1), log: true }, y: { name: "mean squared error on new rows" }, height: 190, label: "The error on new rows over λ" });
    const errors = news && Object.fromEntries(KINDS.map((kind) => [kind, data.lambdas.map((lam, k) => [lam, data[kind].error[k]])]));
    return {
      node: html("div", {}, html("div", { class: "side-by-side" }, charts.map(({ node }) => node)), news?.node),
      draw({ values }) {
        const i = nearest(data.lambdas, values.lam);
        for (const { kind, left, chart, xs, ways, node } of charts) {
          node.hidden = left === values.over;
          if (node.hidden) continue;
          const w = data[kind].w;
          chart.show(data.names.map((name, j) => ({ points: ways[j], kept: true, name: left && labelled(w[0], j) ? name : "", colour: viridis(j / Math.max(1, data.names.length - 1)), faint: w[i][j] === 0 })),
            { marker: xs[i], ylim: [-1.1 * most, 1.1 * most], marks: data.names.map((_, j) => ({ at: [xs[i], w[i][j]], colour: viridis(j / Math.max(1, data.names.length - 1)), shape: w[i][j] === 0 ? "square" : "disc" })) });
        }
        news?.show(KINDS.map((kind, j) => ({ points: errors[kind], kept: true, name: kind === "ridge" ? "L2" : "L1", colour: "ink", dash: j === 1, thick: true })),
          { marks: [{ x: data.lambdas[i], text: `λ = ${brief(values.lam)}`, colour: "quiet" }] });
      },
    };
  },
  describe(scene) {
    const { data } = scene, i = place(scene);
    const zeros = data.names.filter((_, j) => data.lasso.w[i][j] === 0);
    const said = zeros.length ? `L1 has exactly 0 for ${zeros.slice(0, 6).join(", ")}${zeros.length > 6 ? " and more" : ""}` : "L1 has no weight at exactly 0 yet";
    const size = (kind) => format(data[kind].w[i].reduce((sum, w) => sum + Math.abs(w), 0), 1);
    const errors = data.ridge.error ? ` The error on new rows is ${rounded(data.ridge.error[i])} with L2 and ${rounded(data.lasso.error[i])} with L1.` : "";
    return `λ = ${brief(scene.values.lam)}: Σ|w| is ${size("ridge")} with L2, worth ${format(data.ridge.df[i], 1)} weights, and ${size("lasso")} with L1. ${said}.${errors}`;
  },
});

// Only large weights are named at their ends, so that the names can be read.
const labelled = (w, j) => w.map(Math.abs).filter((size) => size > Math.abs(w[j])).length < 6;

// One weight's path from the smallest model to the largest, so that its name stands where it is free.
const way = (xs, w, j) => xs.map((x, k) => [x, w[k][j]]).sort((one, other) => one[0] - other[0]);

const rounded = (error) => brief(Number(error.toPrecision(4)));
const closest = (list, value) => list.reduce((best, each, i) => (Math.abs(each - value) < Math.abs(list[best] - value) ? i : best), 0);
