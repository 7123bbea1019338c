// The rows of one batch on their way through batch normalization: in training every row's answer depends on all the others.
import { html, select, slider, stage } from "../shared/stage.js";
import { svg } from "../shared/dom.js";
import { generator } from "../shared/random.js";
import { brief, format } from "../shared/numbers.js";
import { places, ticks } from "../shared/scale.js";
import { sheet } from "../shared/sheet.js";
import { normalized, statistics } from "./rows.js";

const LOW = -8, HIGH = 12, RUNNING = { mean: 2, variance: 4 }; // what many batches have in common: sums around 2, std 2
const HEIGHT = 260, TOP = 60, FLOOR = 205;

// h of every row of the batch: the chosen first row, the rest drawn.
export const batch = ({ first, B }, seed) => {
  const rng = generator(seed);
  return [first, ...Array.from({ length: B - 1 }, () => Number((RUNNING.mean + Math.sqrt(RUNNING.variance) * rng.normal()).toFixed(2)))];
};

export default stage({
  title: ({ values: { mode, B } }) => mode === "use" ? "In use, a row's answer is its own, whatever stands beside it" : B === 1 ? "A batch of one: whatever goes in, β comes out" : "In training, moving one row moves the answers of all the others",
  controls: [
    slider("first", { symbol: "h₁", word: "of the first row", low: LOW, high: HIGH, step: 0.1, signed: true }),
    select("B", { symbol: "B", word: "batch size", options: [1, 2, 4, 8, 16].map((B) => [B, String(B)]) }),
    select("mode", { word: "mode: whose mean and std", options: [["train", "training: the batch's"], ["use", "in use: the running"]] }),
    slider("gamma", { symbol: "γ", word: "scale", low: -3, high: 3, step: 0.1, signed: true }),
    slider("beta", { symbol: "β", word: "shift", low: -5, high: 5, step: 0.1, signed: true }),
  ],
  presets: [
    { name: "training, 8 rows", values: { first: 2, B: 8, mode: "train", gamma: 1, beta: 0 } },
    { name: "training, the first row far out", values: { first: 12, B: 8, mode: "train", gamma: 1, beta: 0 } },
    { name: "in use, the first row far out", values: { first: 12, B: 8, mode: "use", gamma: 1, beta: 0 } },
    { name: "training, a batch of 1", values: { first: 4, B: 1, mode: "train", gamma: 1, beta: 0 } },
  ],
  seeded: true,
  begin: ({ values, seed }) => {
    const h = batch(values, seed);
    return { h, y: normalized(h, { ...values, train: values.mode === "train", running: RUNNING }) };
  },

  picture() {
    let now = null;
    const paper = sheet({ label: "The rows before and after batch normalization", height: HEIGHT, draw: paint, kind: "rows" });
    const node = html("div", {}, html("p", { class: "caption" }, "Above: h of each row. Below: y = γ x̂ + β. Square and thick: the first row. Band: one standard deviation around the mean that is subtracted."), paper.node);
    function paint(width) {
      if (!now) return;
      const { h, y, spread } = now;
      const to = places([LOW, HIGH], [38, width - 18]);
      const axis = (at, name) => [
        svg("line", { x1: to(LOW), x2: to(HIGH), y1: at, y2: at, stroke: "var(--border)" }),
        svg("text", { x: 2, y: at + 5, class: "name" }, name),
        ...ticks([LOW, HIGH], false, 10).map((tick) => svg("text", { x: to(tick), y: at === TOP ? at - 22 : at + 34, "text-anchor": "middle", class: "quiet" }, brief(tick))),
      ];
      const ends = [spread.mean - Math.sqrt(spread.variance), spread.mean + Math.sqrt(spread.variance)].map((value) => to(Math.min(HIGH, Math.max(LOW, value))));
      const drawn = h.map((value, i) => [value, y[i], i]).reverse(); // the first row on top
      paper.drawing.replaceChildren(
        svg("rect", { x: ends[0], y: TOP - 14, width: Math.max(2, ends[1] - ends[0]), height: 28, fill: "var(--rule)" }),
        svg("line", { x1: to(spread.mean), x2: to(spread.mean), y1: TOP - 14, y2: TOP + 14, stroke: "var(--ink)", "stroke-width": 2 }),
        ...axis(TOP, "h"), ...axis(FLOOR, "y"),
        ...drawn.map(([a, c, i]) => svg("line", { x1: to(a), x2: to(c), y1: TOP, y2: FLOOR, stroke: i ? "var(--quiet)" : "var(--class1)", "stroke-width": i ? 1.2 : 3.5, opacity: i ? 0.7 : 1 })),
        ...drawn.flatMap(([a, c, i]) => [[a, TOP], [c, FLOOR]].map(([value, at]) => i
          ? svg("circle", { cx: to(value), cy: at, r: 5.5, fill: "var(--class0)", class: "mark" })
          : svg("rect", { x: to(value) - 6.5, y: at - 6.5, width: 13, height: 13, fill: "var(--class1)", class: "mark" }))),
      );
    }
    function draw({ run, values }) {
      now = { ...run, spread: values.mode === "train" ? statistics(run.h) : RUNNING };
      paper.measure();
      if (paper.width()) paint(paper.width());
    }
    return { node, draw };
  },

  describe({ run: { h, y }, values }) {
    const { mean, variance } = values.mode === "train" ? statistics(h) : RUNNING;
    const other = h.length > 1 ? ` The second row, with h = ${format(h[1])}, becomes ${format(y[1])}.` : "";
    return `${values.mode === "train" ? `Training: the mean of these ${h.length === 1 ? "one row is" : `${h.length} rows is`} ${format(mean)}, their standard deviation ${format(Math.sqrt(variance))}` : `In use: the running mean ${format(mean)} and standard deviation ${format(Math.sqrt(variance))} stay as they are`}. The first row, with h = ${format(h[0])}, becomes ${format(y[0])}.${other}`;
  },
});
