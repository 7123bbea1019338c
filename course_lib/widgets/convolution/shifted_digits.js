// One digit, moved; a dense network and a convolution look at it, and say what they see.
import { select, slider, stage } from "../shared/stage.js";
import { bars } from "../shared/bars.js";
import { html } from "../shared/dom.js";
import { heat } from "../shared/heat.js";
import { predict, shifted } from "./conv.js";

const paper = (value) => Array(3).fill(250 - 224 * Math.min(1, Math.abs(value)));
const moved = (data, { digit, down, right }) => shifted(data.images[digit], data.side, down, right);
const best = (p) => p.indexOf(Math.max(...p));
const percent = (share) => `${Math.round(100 * share)} %`;

export default stage({
  title: "Move the digit by a pixel or two: the dense network loses it, the convolution follows",
  controls: [
    select("digit", { word: "digit", options: (data) => data.labels.map((label, i) => [i, `a ${label}`]) }),
    slider("down", { symbol: "↓", word: "pixels down", low: -2, high: 2, step: 1, whole: true, signed: true }),
    slider("right", { symbol: "→", word: "pixels to the right", low: -2, high: 2, step: 1, whole: true, signed: true }),
  ],

  begin: ({ data, values }) => ({ seen: data.nets.map(({ layers }) => predict(layers, moved(data, values), data.side)) }),

  picture({ data, put }) {
    const image = heat({ label: "The digit", rows: data.side, columns: data.side, decimals: null, size: 24, paint: paper });
    const sides = data.nets.map(({ name, numbers, accuracy }) => {
      const chart = bars({ label: `What the ${name} says`, y: { name: "probability", low: 0, high: 1 }, height: 190 });
      const map = heat({ label: `Share of all test digits that the ${name} gets right, by shift`, rows: 5, columns: 5, decimals: 2, size: 46, paint: (value) => [1, 2, 3].map((_, c) => Math.round(250 - value * [170, 60, 90][c])), rowNames: ["−2", "−1", "0", "1", "2"], columnNames: ["−2", "−1", "0", "1", "2"], onPick: (row, column) => put({ down: row - 2, right: column - 2 }, "Moved") });
      const says = html("output", {});
      return { chart, map, says, accuracy, node: html("div", {}, html("p", { class: "heading" }, html("b", {}, name), ` · ${numbers} numbers`, says), chart.node, html("p", { class: "caption" }, "share of all test digits right, by shift (↓ rows, → columns)"), map.node) };
    });
    const node = html("div", { class: "shifts" }, html("div", {}, image.node), ...sides.map((side) => side.node));
    function draw({ values, run }) {
      const label = data.labels[values.digit];
      image.show(moved(data, values));
      sides.forEach(({ chart, map, says, accuracy }, i) => {
        const p = run.seen[i];
        says.textContent = `says ${best(p)} ${best(p) === label ? "✓" : "✗"}`;
        says.className = best(p) === label ? "good" : "wrong";
        chart.show(p.map((value, k) => ({ name: String(k), value, text: value > 0.1 ? percent(value) : "", colour: k === label ? "good" : k === best(p) ? "wrong" : "border" })), { ylim: [0, 1] });
        map.show(accuracy.flat(), { picked: [values.down + 2, values.right + 2] });
      });
    }
    return { node, draw };
  },

  describe({ data, values, run }) {
    const label = data.labels[values.digit];
    const ways = [values.down && `${Math.abs(values.down)} ${values.down < 0 ? "up" : "down"}`, values.right && `${Math.abs(values.right)} to the ${values.right < 0 ? "left" : "right"}`].filter(Boolean);
    const where = ways.length ? `moved by ${ways.join(" and ")}` : "in its place";
    return `A ${label}, ${where}. ${data.nets.map(({ name, accuracy }, i) => `The ${name} says ${best(run.seen[i])} with ${percent(Math.max(...run.seen[i]))}, and gets ${percent(accuracy[values.down + 2][values.right + 2])} of all test digits right that are moved like this`).join(". ")}.`;
  },
});
