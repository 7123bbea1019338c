// A small net with its numbers: press a unit and read its sum and its bend.
import { html } from "../shared/dom.js";
import { format } from "../shared/numbers.js";
import { netdraw } from "../shared/netdraw.js";
import { select, slider, stage } from "../shared/stage.js";
import { numberTable, setText } from "../shared/table.js";
import { bendChoices, bends } from "./bends.js";
import { layerName, readNet, unitName } from "./layers.js";
import { twoSteps } from "./steps.js";

const COLUMNS = [
  { key: "from", head: "reads", spoken: "the number that comes in", width: 25 },
  { key: "value", head: "value", spoken: "its value", width: 22 },
  { key: "weight", head: "× weight", spoken: "times the weight of the wire", width: 25 },
  { key: "product", head: "= product", spoken: "the product", width: 28 },
];

const at = (unit) => unit.split(",").map(Number); // "1,0": column 1, its first unit
const shapeOf = (data) => [2, ...data.layers.map(({ b }) => b.length)];
const columnsOf = (data, { x1, x2, phi }) => readNet([x1, x2], data.layers, bends[phi].f);

export default stage({
  title: ({ data, values }) => {
    const unit = at(values.unit), sizes = shapeOf(data), last = sizes.length - 1;
    return unit[0] === 0 ? "An input unit only holds a number" : `Unit ${unitName(unit, last, sizes[unit[0]])} adds up, then bends: one number comes out`;
  },
  controls: [
    slider("x1", { symbol: "x₁", word: "first input", low: -3, high: 3, step: 0.1, signed: true }),
    slider("x2", { symbol: "x₂", word: "second input", low: -3, high: 3, step: 0.1, signed: true }),
    select("phi", { symbol: "φ", word: "bend", options: bendChoices(["sigmoid", "tanh", "relu", "step", "identity"]) }),
    select("unit", { word: "unit", options: everyUnit }),
  ],
  picture({ data, put }) {
    const sizes = shapeOf(data), last = sizes.length - 1;
    const name = (unit) => unitName(unit, last, sizes[unit[0]]);
    const names = Object.fromEntries(sizes.flatMap((n, c) => Array.from({ length: n }, (_, k) => [`${c},${k}`, name([c, k])])));
    const drawing = netdraw({
      sizes, names, height: 60 + 74 * Math.max(...sizes), columnNames: sizes.map((_, c) => layerName(c, last).replace(" layer", "")),
      label: "The net. Press a unit, or move among the units with the arrow keys.",
      onPick: ({ unit }) => unit && put({ unit: unit.join() }, `Unit ${name(unit)}`),
    });
    const work = numberTable({ caption: "What the chosen unit reads", columns: COLUMNS });
    const sum = html("p", { class: "formula" }), bent = html("p", { class: "formula" });
    const most = Math.max(...sizes.slice(0, -1)) + 1; // as many rows as any unit needs, so that nothing jumps

    function draw({ values }) {
      const columns = columnsOf(data, values);
      const [c, k] = at(values.unit), { h, out, terms, bias } = columns[c][k];
      drawing.show({ weights: data.layers.map(({ W }) => W), units: columns.map((column) => column.map((unit) => unit.out)), picked: { unit: [c, k] }, wireTexts: wireTexts(data, [c, k]) });
      const rows = c === 0 ? [] : [...terms.map(({ value, weight, product }, j) => ({ from: name([c - 1, j]), value: format(value), weight: format(weight), product: format(product) })), { from: "bias", value: "", weight: "", product: format(bias) }];
      work.show([...rows, ...Array.from({ length: most - rows.length }, () => ({ from: "", value: "", weight: "", product: "" }))], { silent: true });
      setText(sum, c === 0 ? `${name([c, k])} = ${format(out)}` : `h = ${format(h)}`);
      setText(bent, c === 0 ? "–" : `φ(h) = ${format(out)}`);
    }
    return { node: html("div", { class: "side-by-side" }, drawing.node, html("div", { class: "numbers" }, html("div", { class: "scroll" }, work.node), twoSteps(sum, bent))), draw };
  },
  describe({ data, values }) {
    const sizes = shapeOf(data), last = sizes.length - 1, columns = columnsOf(data, values), [c, k] = at(values.unit);
    const who = `Unit ${unitName([c, k], last, sizes[c])}, in the ${layerName(c, last)},`;
    const output = columns.at(-1).map(({ out }) => format(out)).join(", ");
    if (c === 0) return `${who} holds ${format(columns[c][k].out)}. The output of the net is ${output}.`;
    const { h, out, terms, bias } = columns[c][k];
    return `${who} adds ${terms.map(({ value, weight }) => `${format(value)} times ${format(weight)}`).join(", ")} and the bias ${format(bias)}: h is ${format(h)}, and it puts out ${format(out)}. The output of the net is ${output}.`;
  },
});

function everyUnit(data) {
  const sizes = shapeOf(data), last = sizes.length - 1;
  return sizes.flatMap((n, c) => Array.from({ length: n }, (_, k) => [`${c},${k}`, `${unitName([c, k], last, n)}, ${layerName(c, last)}`]));
}

// The weights of the wires that end in the chosen unit; the others keep theirs to themselves.
function wireTexts(data, [c, k]) {
  return data.layers.map(({ W, b }, l) => W.flatMap((row) => b.map((_, j) => (l + 1 === c && j === k ? format(row[j]) : ""))));
}
