// A slope by nudging: a point on a curve, a second one a little further, and the line through both.
import { curve } from "../shared/curve.js";
import { html } from "../shared/dom.js";
import { brief, format, hundredths, short } from "../shared/numbers.js";
import { select, slider, stage } from "../shared/stage.js";
import { setText } from "../shared/table.js";
import { curves, slope } from "./slopes.js";

const X = [-3, 3], POINTS = 240;
const places = Array.from({ length: POINTS + 1 }, (_, i) => X[0] + (i * (X[1] - X[0])) / POINTS);

export default stage({
  title: "Nudge x: how much f moves, divided by the nudge, is the slope",
  controls: [
    slider("x", { symbol: "x", word: "where", low: X[0], high: X[1], step: 0.1, signed: true }),
    slider("nudge", { symbol: "Δ", word: "nudge", low: 0.001, high: 2, log: true, step: 1.25 }),
    select("f", { symbol: "f", word: "curve", options: Object.entries(curves).map(([key, { name }]) => [key, name]) }),
  ],
  picture({ put }) {
    const chart = curve({
      x: { name: "x", low: X[0], high: X[1] },
      y: { name: "f(x)" },
      label: "A curve, a point on it and a second point, one nudge to the right",
      height: 320,
      marker: { label: "Move x", step: 0.1, onMove: (x) => put({ x: hundredths(x) }, `x = ${short(x)}`) },
    });
    const sum = html("p", { class: "formula" });
    function draw({ values: { x, nudge, f: which } }) {
      const { f } = curves[which], d = slope(f, x, nudge), [y1, y2] = [f(x), f(x + nudge)];
      const line = X.map((end) => [end, y1 + d * (end - x)]);
      const stairs = [[x, y1], [x + nudge, y1], [x + nudge, y2]];
      chart.show([{ points: places.map((each) => [each, f(each)]), thick: true }, { points: line, colour: d < 0 ? "negative" : "positive", dash: true }, { points: stairs, colour: "quiet" }], {
        ylim: [-3, 9],
        marker: x,
        marks: [{ at: [x, y1] }, { at: [x + nudge, y2], shape: "square", colour: "quiet", text: `slope ${brief(Number(d.toPrecision(5)))}` }],
      });
      setText(sum, `(${format(y2, 4)} − ${format(y1, 4)}) / ${brief(nudge)} = ${brief(Number(d.toPrecision(5)))}`);
    }
    return { node: html("div", {}, chart.node, sum), draw };
  },
  describe({ values: { x, nudge, f: which } }) {
    const { f, name } = curves[which], d = slope(f, x, nudge);
    const way = Math.abs(d) < 0.01 ? "it is level here" : d > 0 ? "the curve goes up to the right" : "the curve goes down to the right";
    return `The curve ${name} for x from −3 to 3. At x = ${short(x)}, a nudge of ${brief(nudge)} moves f from ${format(f(x), 3)} to ${format(f(x + nudge), 3)}: the slope is ${brief(Number(d.toPrecision(5)))}, ${way}.`;
  },
});
