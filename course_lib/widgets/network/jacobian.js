// A layer's Jacobian as a heat map, and how x moves it. values: layer, shift, column, row      data: x (6 numbers), W (6 × 6)
import { html, select, slider, stage } from "../shared/stage.js";
import { heat } from "../shared/heat.js";
import { brief, format, short } from "../shared/numbers.js";
import { counted, layers } from "./jacobians.js";

const at = ({ x }, shift) => x.map((value) => value + shift);
const TITLES = {
  relu: "ReLU's Jacobian is a diagonal of ones and zeros",
  sigmoid: "A sigmoid's Jacobian is a diagonal, and nothing on it is above ¼",
  tanh: "tanh's Jacobian is a diagonal, up to 1 where x is near 0",
  softmax: "A softmax is not elementwise: raising one lowers all others",
  dense: "A dense layer's Jacobian is full, and it is Wᵀ wherever x is",
};
const EXAMPLE = { units: 1000, rows: 100, bytes: 4 };

export default stage({
  title: ({ values }) => TITLES[values.layer],
  controls: [
    select("layer", { word: "layer", options: Object.entries(layers).map(([name, { words }]) => [name, words]) }),
    slider("shift", { symbol: "s", word: "added to every x", low: -3, high: 3, step: 0.1, signed: true }),
  ],
  picture({ data, put }) {
    const n = data.x.length;
    const map = heat({
      label: "Jacobian, a row for each output y, a column for each input x", rows: n, columns: n, size: 48, most: 1,
      rowNames: data.x.map((_, i) => `y${"₁₂₃₄₅₆"[i]}`), columnNames: data.x.map((_, j) => `x${"₁₂₃₄₅₆"[j]}`),
      onPick: (row, column) => put({ row, column }, `y${"₁₂₃₄₅₆"[row]} by x${"₁₂₃₄₅₆"[column]}`),
    });
    const strip = heat({ label: "The inputs x", rows: 1, columns: n, size: 48, most: 3, rowNames: ["x "] });
    const count = html("p", { class: "big" }), words = html("p"), cell = html("p"), memory = html("p");
    return {
      node: html("div", { class: "jacobian" }, html("div", {}, strip.node, map.node), html("div", { class: "beside" }, count, words, cell, memory)),
      draw({ data, values: { layer, shift, row, column } }) {
        const x = at(data, shift), J = layers[layer].jacobian(x, data.W), { entries, nonzero } = counted(J);
        strip.show([x]);
        map.show(J, { picked: [row, column] });
        count.textContent = `${nonzero} of ${entries}`;
        words.textContent = "entries are not zero.";
        cell.textContent = `Chosen: ∂y${"₁₂₃₄₅₆"[row]}/∂x${"₁₂₃₄₅₆"[column]} = ${format(J[row][column], 3)}. Nudge x${"₁₂₃₄₅₆"[column]} by 0.01, and y${"₁₂₃₄₅₆"[row]} moves by ${short(0.01 * J[row][column], 5)}.`;
        const { units, rows, bytes } = EXAMPLE;
        const whole = (units * rows) ** 2 * bytes, kept = units * rows * bytes;
        memory.textContent = layer === "dense" || layer === "softmax"
          ? `For ${units} units and ${rows} rows the whole Jacobian would have ${brief(whole / 1e9)} GB. Nobody builds it: the way back is one product.`
          : `For ${units} units and ${rows} rows the whole Jacobian would have ${brief(whole / 1e9)} GB; its diagonal has ${brief(kept / 1e6)} MB, and the way back is one multiplication each.`;
      },
    };
  },
  describe({ data, values: { layer, shift, row, column } }) {
    const x = at(data, shift), J = layers[layer].jacobian(x, data.W), { entries, nonzero, most } = counted(J);
    return `${layers[layer].words} at x = ${x.map((each) => short(each)).join(", ")}: ${nonzero} of ${entries} entries are not zero, the largest is ${short(most)}. Chosen is output ${row + 1} by input ${column + 1}: ${format(J[row][column], 3)}.`;
  },
});
