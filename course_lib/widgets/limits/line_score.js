// A line to drag over the four rows of a table, and the best score so far.
import { draggableLine } from "../shared/line.js";
import { format, inWords, short } from "../shared/numbers.js";
import { boxAround, plane } from "../shared/plane.js";
import { html, select, slider, stage } from "../shared/stage.js";
import { numberTable, setText } from "../shared/table.js";
import { sigmoid } from "../perceptron/neuron.js";
import { MOST, rowsOf, score } from "./scores.js";

const LABELLED = 12; // more rows than this stay without numbers
const COLUMNS = [
  { key: "x1", head: "x₁", spoken: "x₁, first input", width: 14 },
  { key: "x2", head: "x₂", spoken: "x₂, second input", width: 14 },
  { key: "y", head: "y", spoken: "y, the right answer", width: 14 },
  { key: "wanted", head: "wanted", spoken: "what the row asks of h", width: 20 },
  { key: "h", head: "h", spoken: "h, weighted sum", width: 18 },
  { key: "right", head: "right?", spoken: "is the row on the right side?", width: 20 },
];
const now = ({ data, values }) => {
  const { X, y } = rowsOf(values.table, data);
  const w = [values.w1, values.w2], b = values.b;
  return { X, y, w, b, ...score(X, y, w, b) };
};

export default stage({
  title: ({ data, values }) => {
    const { y } = rowsOf(values.table, data);
    if (!(values.table in MOST)) return "Drag the line: how many of your rows can it get right?";
    return MOST[values.table] < y.length ? `Every line gets at most 3 of the 4 rows of ${values.table}` : `Some line gets all 4 rows of ${values.table}`;
  },
  controls: [
    select("table", { word: "table", options: (data) => [...(data.X ? [["yours", "your rows"]] : []), ...Object.keys(MOST).map((name) => [name, name])] }),
    slider("w1", { symbol: "w₁", word: "weight of x₁", low: -4, high: 4, step: 0.1, signed: true, limits: [-100, 100] }),
    slider("w2", { symbol: "w₂", word: "weight of x₂", low: -4, high: 4, step: 0.1, signed: true, limits: [-100, 100] }),
    slider("b", { symbol: "b", word: "bias", low: -4, high: 4, step: 0.1, signed: true, limits: [-100, 100] }),
  ],
  picture(scene) {
    const best = new Map(); // table -> the most rows that were right so far
    let latest = scene, shown = null, chart = null, line = null;
    const place = html("div");
    const table = numberTable({ caption: "The rows and what the line says", columns: COLUMNS });
    const good = html("output"), most = html("output");
    const totals = html("p", { class: "totals" }, html("span", {}, "right ", good), html("span", {}, "your best so far ", most));
    const node = html("div", { class: "side-by-side" }, place, html("div", { class: "numbers" }, html("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "The rows" }, table.node), totals));

    // A plane for these points; another when the table has others.
    function planeFor(X) {
      const key = JSON.stringify(X);
      if (key === shown) return;
      shown = key;
      const box = boxAround(X);
      const range = ([low, high]) => `from ${short(low)} to ${short(high)}`;
      chart = plane({ box, label: `Plane of ${X.length} points, x₁ ${range(box.x)} across, x₂ ${range(box.y)} upwards, with a line to drag` });
      line = draggableLine(chart, {
        get: () => ({ w: [latest.values.w1, latest.values.w2], b: latest.values.b }),
        put: ({ w, b }, how) => scene.put({ w1: w[0], w2: w[1], b }, how === "turn" ? "The line turns" : "The line moves"),
      });
      place.replaceChildren(chart.node);
    }

    function draw(current) {
      latest = current;
      const { X, y, w, b, h, right, good: count } = now(current);
      planeFor(X);
      const name = current.values.table;
      best.set(name, Math.max(best.get(name) ?? 0, count));
      chart.field((x1, x2) => sigmoid(w[0] * x1 + w[1] * x2 + b));
      chart.points(X.map((at, i) => ({ at, y: y[i], right: right[i], text: X.length <= LABELLED && (right[i] ? "✓" : "✗") })));
      line.redraw();
      table.show(X.map((x, i) => ({
        x1: short(x[0]), x2: short(x[1]), y: String(y[i]), wanted: y[i] ? "h ≥ 0" : "h < 0", h: format(h[i]),
        right: right[i] ? { text: "✓", mark: "good", spoken: "right" } : { text: "✗", mark: "wrong", spoken: "wrong" },
      })));
      setText(good, `${count} of ${y.length}`);
      setText(most, `${best.get(name)} of ${y.length}`);
    }
    return { node, draw };
  },
  describe(scene) {
    const { y, good, right, w } = now(scene);
    const wrong = right.flatMap((is, i) => (is ? [] : [i + 1]));
    const begin = `${inWords(good)} of ${inWords(y.length)} rows ${good === 1 ? "is" : "are"} on the right side of the line`;
    const sentence = `${begin[0].toUpperCase()}${begin.slice(1)}.`;
    if (!w[0] && !w[1]) return `${sentence} Both weights are 0, so there is no line: every row gets the same answer.`;
    if (!wrong.length) return `${sentence} The two classes of this table can be parted by a line.`;
    return `${sentence} On the wrong side: row${wrong.length > 1 ? "s" : ""} ${wrong.slice(0, 8).join(", ")}${wrong.length > 8 ? " and more" : ""}.`;
  },
});
