// Addition, multiplication and a maximum side by side: the same a and b, the same ȳ coming back. values: a, b, d_y
import { html, slider, stage } from "../shared/stage.js";
import { short } from "../shared/numbers.js";
import { graphDrawing } from "./drawing.js";
import { walk } from "./tape.js";

const given = [{ name: "a", column: 0, row: 0 }, { name: "b", column: 0, row: 1 }];
const gate = (op, word, says) => ({ word, nodes: [...given, { name: "y", op, says, from: [0, 1], stops: [[], []], column: 1, row: 0.5 }] });
const GATES = [gate("+", "addition distributes", "+"), gate("×", "multiplication switches", "×"), gate("max", "max routes", "max")];

const walked = ({ a, b, d_y: seed }) => GATES.map(({ nodes }) => walk(nodes, [a, b], Infinity, { seed }));
const knob = (name, symbol, word) => slider(name, { symbol, word, low: -4, high: 4, step: 0.1, signed: true });

export default stage({
  title: "Addition hands the bar to both, multiplication switches the factors, max sends everything to the winner",
  controls: [knob("a", "a", "first input"), knob("b", "b", "second input"), knob("d_y", "ȳ", "comes back to y")],
  presets: [
    { name: "a is larger", values: { a: 3, b: -2, d_y: 1 } },
    { name: "b is larger", values: { a: -1, b: 0.5, d_y: 1 } },
    { name: "a tie", values: { a: 2, b: 2, d_y: 1 } },
    { name: "a factor is 0", values: { a: 0, b: 3, d_y: 2 } },
  ],
  picture({ put }) {
    const drawings = GATES.map(() => graphDrawing({
      onGiven: (place, value) => put({ [given[place].name]: Math.max(-4, Math.min(4, value)) }, `${given[place].name} = ${short(value)}`),
    }));
    const node = html("div", { class: "gates" }, GATES.map(({ word }, i) => html("div", {}, html("h4", {}, word), drawings[i].node)));
    return { node, draw: ({ values }) => walked(values).forEach((state, i) => drawings[i].show({ nodes: GATES[i].nodes, ...state, last: null })) };
  },
  describe({ values }) {
    const [sum, product, largest] = walked(values).map(({ bars }) => bars.map((each) => short(each)));
    const { a, b } = values;
    const winner = a >= b ? "a" : "b";
    const tie = a === b ? ", a tie, which here counts as won by a" : "";
    return `To y comes back ${short(values.d_y)}. The sum hands ${sum[0]} to a and ${sum[1]} to b; the product hands ${product[0]} to a and ${product[1]} to b; of the maximum ${winner} wins${tie}, so a gets ${largest[0]} and b gets ${largest[1]}.`;
  },
});
