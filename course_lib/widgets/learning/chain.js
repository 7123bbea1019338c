// One row's chain from the inputs to the loss, and back: three factors light up, from ℓ to the weight.
import { html, select, slider, stage } from "../shared/stage.js";
import { format, short } from "../shared/numbers.js";
import { setText } from "../shared/table.js";
import { NAMES, centralDifference, chain } from "./neuron.js";

const EPSILON = 1e-4;
const theta = ({ w1, w2, b }) => [w1, w2, b];
const point = (x) => `(${x.map((value) => short(value)).join(", ")})`;

// What the row and the weight are, and every number of the chain.
function now({ data: { X, y }, values }) {
  const x = X[values.row - 1], y_i = y[values.row - 1], j = values.weight;
  return { x, y: y_i, j, name: NAMES[j], input: ["x₁", "x₂", "1"][j], ...chain(x, y_i, theta(values), j), measured: centralDifference(x, y_i, theta(values), j, EPSILON) };
}

// The factors in the order in which they light up: [symbol, formula, value, place in the strip]
const factors = ({ name, input, d_p, p_h, h_theta }) => [
  { symbol: "∂ℓ/∂p", formula: "2(p − y)", value: d_p },
  { symbol: "∂p/∂h", formula: "p(1 − p)", value: p_h },
  { symbol: `∂h/∂${name}`, formula: input, value: h_theta },
];

const signed = (value) => (value < 0 ? `(${format(value)})` : format(value));

export default stage({
  title: ({ values }) => `Three links, one slope: ∂ℓ/∂${NAMES[values.weight]} is the product of what each link passes on`,
  controls: [
    select("row", { word: "row", options: ({ X, y }) => X.map((x, i) => [i + 1, `${i + 1}: x = ${point(x)}, y = ${y[i]}`]) }),
    select("weight", { word: "slope for", options: NAMES.map((name, j) => [j, name]) }),
    slider("w1", { symbol: "w₁", word: "weight of x₁", low: -4, high: 4, step: 0.1, signed: true, limits: [-100, 100] }),
    slider("w2", { symbol: "w₂", word: "weight of x₂", low: -4, high: 4, step: 0.1, signed: true, limits: [-100, 100] }),
    slider("b", { symbol: "b", word: "bias", low: -4, high: 4, step: 0.1, signed: true, limits: [-100, 100] }),
  ],
  unit: "factors lit",
  stepsPerSecond: 1,
  begin: () => ({ k: 0 }),
  step: ({ run }) => ++run.k < 3,

  picture() {
    const boxes = ["x", "h", "p", "ℓ"].map((symbol) => {
      const value = html("output", {});
      return { symbol, value, node: html("div", { class: "link-box" }, html("b", {}, symbol), value) };
    });
    const forward = ["add up", "bend", "compare"].map((word) => html("span", { class: "forward" }, word));
    const sums = forward.map(() => html("span", { class: "sum" }));
    const backs = [0, 1, 2].map(() => {
      const symbol = html("b", {}), formula = html("span", { class: "formula" }), value = html("output", {}), bar = html("i", {});
      return { symbol, formula, value, bar, node: html("div", { class: "factor" }, symbol, formula, value, html("span", { class: "bar" }, bar)) };
    });
    // link 0 lies between x and h, and carries the last factor to light up
    const links = forward.map((word, i) => html("div", { class: "link" }, html("div", { class: "there" }, word, sums[i]), backs[2 - i].node));
    const strip = html("div", { class: "chain" }, boxes.flatMap(({ node }, i) => [node, links[i]]));
    const product = html("p", { class: "product" }), judge = html("p", { class: "judge" });
    return {
      node: html("div", { class: "chain-picture" }, strip, product, judge),
      draw(scene) {
        const { run, values } = scene;
        const all = now(scene), list = factors(all), lit = run.k;
        [point(all.x), format(all.h), format(all.p), format(all.loss)].forEach((text, i) => setText(boxes[i].value, text));
        const [w1, w2, b] = theta(values).map((value) => format(value));
        [`h = ${w1}·x₁ + ${w2}·x₂ + ${b}`.replaceAll("+ −", "− "), "p = σ(h)", `ℓ = (y − p)², y = ${short(all.y)}`].forEach((text, i) => (sums[i].textContent = text));
        list.forEach(({ symbol, formula, value }, i) => {
          const { node, ...part } = backs[i];
          const on = i < lit;
          node.classList.toggle("lit", on);
          node.dataset.sign = value > 0 ? "positive" : value < 0 ? "negative" : "zero";
          part.symbol.textContent = symbol;
          part.formula.textContent = `= ${formula}`;
          setText(part.value, on ? format(value) : "?");
          part.bar.style.width = `${on ? Math.min(100, 50 * Math.abs(value)) : 0}%`;
        });
        boxes.forEach(({ node }, i) => node.classList.toggle("reached", i >= 3 - lit));
        product.textContent =
          lit < 3
            ? `∂ℓ/∂${all.name} = ${list.map(({ symbol, value }, i) => (i < lit ? signed(value) : symbol)).join(" · ")}`
            : `∂ℓ/∂${all.name} = ${list.map(({ value }) => signed(value)).join(" · ")} = ${format(all.product, 4)}`;
        product.classList.toggle("lit", lit === 3);
        judge.textContent = lit === 3 ? `Two nudges of ${all.name}, measured: ${format(all.measured, 4)}` : "The judge, two nudges, speaks when all three are lit.";
      },
    };
  },

  describe(scene) {
    const all = now(scene), { run, values } = scene;
    const there = `Row ${values.row}, x = ${point(all.x)}, y = ${short(all.y)}: h is ${format(all.h)}, p is ${format(all.p)}, ℓ is ${format(all.loss)}.`;
    const list = factors(all).slice(0, run.k);
    if (!list.length) return `${there} No factor is lit yet; they light up from ℓ back to ${all.name}.`;
    const said = list.map(({ symbol, value }) => `${symbol} is ${format(value)}`).join(", ");
    if (run.k < 3) return `${there} Lit so far: ${said}.`;
    const why = all.product === 0 ? `so ${all.name} gets no blame` : `so raising ${all.name} ${all.product < 0 ? "lowers" : "raises"} the error of this row`;
    return `${there} ${said}; the product is ${format(all.product, 4)}, ${why}.`;
  },
});
