// Networks trained apart and averaged: the curves of the members, their mean, and its error against how many they are.
import { slider, stage } from "../shared/stage.js";
import { curve } from "../shared/curve.js";
import { html } from "../shared/dom.js";
import { format } from "../shared/numbers.js";
import { generator } from "../shared/random.js";
import { viridis } from "../shared/theme.js";
import { committee, errorOfMean } from "./masks.js";

const OTHERS = 12; // other orders in which the members might have come

export default stage({
  title: "The more members, the less the committee wavers",
  controls: [slider("n", { symbol: "n", word: "members", low: 1, high: (data) => data.predictions.length, step: 1, whole: true })],
  seeded: true,
  stepsPerSecond: 3,
  unit: "added:",

  // Who speaks first is drawn anew with each seed.
  begin({ data, seed }) {
    const P = data.predictions, R = P.length;
    const random = generator(seed);
    const grown = (order) => order.map((_, i) => errorOfMean(P, data.truth, order.slice(0, i + 1)).error);
    const order = random.permutation(R);
    const others = Array.from({ length: OTHERS }, () => grown(random.permutation(R)));
    return { k: 0, order, errors: grown(order), others, ...committee(P, data.truth), R };
  },
  step({ values, run, put }) {
    if (values.n >= run.R) return false;
    run.k++;
    put({ n: Math.round(values.n) + 1 }, `n = ${Math.round(values.n) + 1}`);
    return values.n + 1 < run.R;
  },

  picture({ data }) {
    const { x, truth, predictions: P, points } = data;
    const left = curve({ x: { name: "x" }, y: { name: "y" }, height: 300, label: "The members' curves, their mean and the truth" });
    const right = curve({ x: { name: "n, members", low: 1, high: P.length }, y: { name: "squared error", low: 0 }, height: 300, label: "Error of the mean against the number of members" });
    const node = html("div", { class: "side-by-side" }, left.node, right.node);
    const line = (y) => x.map((x_i, i) => [x_i, y[i]]);
    const all = [...truth, ...P.flat(), ...(points?.[1] ?? [])];
    const cloud = (points?.[0] ?? []).flatMap((x_i, i) => [[x_i, points[1][i]], [NaN, NaN]]); // points without a line
    const ylim = [Math.min(...all), Math.max(...all)];
    function draw({ values, run }) {
      const n = Math.min(Math.round(values.n), run.R), who = run.order.slice(0, n);
      left.show([
        ...who.map((r, i) => ({ points: line(P[r]), colour: viridis(run.R > 1 ? r / (run.R - 1) : 0), faint: n > 1 })),
        { points: line(truth), name: "truth", colour: "quiet", dash: true },
        { points: line(errorOfMean(P, truth, who).mean), name: "mean", colour: "loss", thick: true },
        { points: cloud, colour: "border", dots: true },
      ], { ylim, xlim: [x[0], x.at(-1)] });
      right.show([
        ...run.others.map((errors) => ({ points: errors.map((error, i) => [i + 1, error]), colour: "border", faint: true })),
        { points: run.errors.map((_, i) => [i + 1, run.expected(i + 1)]), name: "usual", colour: "good", dash: true },
        { points: run.errors.slice(0, n).map((error, i) => [i + 1, error]), colour: "loss", thick: true, dots: true },
      ], { ylim: [0, 1.05 * Math.max(run.alone, run.errors[0], ...run.others.map(([first]) => first))] });
    }
    return { node, draw };
  },

  describe({ values, run }) {
    const n = Math.min(Math.round(values.n), run.R);
    return `${n === 1 ? "One member has" : `The mean of ${n} members has`} squared error ${format(run.errors[n - 1], 4)}; a member alone has ${format(run.alone, 4)} on average, all ${run.R} together ${format(run.together, 4)}. The difference, ${format(run.spread, 4)}, is how far they disagree.`;
  },
});
