// Two losses over p, the probability that the network gives to class 1.
import { curve } from "../shared/curve.js";
import { html } from "../shared/dom.js";
import { clamp, format, hundredths, short } from "../shared/numbers.js";
import { select, slider, stage } from "../shared/stage.js";
import { losses } from "./binary.js";

const N = 160, LEAST = 0.001;
const places = Array.from({ length: N + 1 }, (_, i) => clamp(Math.sin((Math.PI * i) / N / 2) ** 2, LEAST, 1 - LEAST)); // close together at both ends, where the curves are steep
const INK = { squared: "negative", cross: "loss" };

export default stage({
  title: "Sure and wrong: a squared error costs 1, cross-entropy has no limit",
  controls: [
    slider("p", { symbol: "p", word: "probability of class 1", low: 0.01, high: 0.99, step: 0.01, limits: [LEAST, 1 - LEAST] }),
    select("y", { symbol: "y", word: "right answer", options: [[1, "1"], [0, "0"]] }),
  ],
  picture({ put }) {
    const chart = curve({
      x: { name: "p", low: 0, high: 1 },
      y: { name: "loss" },
      label: "Squared error and cross-entropy over p",
      height: 320,
      marker: { label: "Move p", step: 0.01, onMove: (p) => put({ p: clamp(hundredths(p), 0.01, 0.99) }, `p = ${short(p)}`) },
    });
    function draw({ values: { p, y } }) {
      const lines = Object.entries(losses).map(([name, { value }]) => ({ points: places.map((each) => [each, value(each, y)]), colour: INK[name], thick: name === "cross", dash: name === "squared" }));
      const marks = Object.entries(losses).map(([name, each]) => ({ at: [p, Math.min(each.value(p, y), 5)], text: `${each.short} ${format(each.value(p, y), 3)}`, colour: INK[name], shape: name === "cross" ? "disc" : "square" }));
      chart.show(lines, { marks: apart(marks), ylim: [0, 5], marker: p });
    }
    return { node: html("div", {}, chart.node), draw };
  },
  describe({ values: { p, y } }) {
    const [squared, cross] = Object.values(losses).map(({ value }) => value(p, y));
    const sure = y === 1 ? p : 1 - p;
    const so = sure <= 0.2 ? "Confidently wrong." : sure >= 0.8 ? "Confidently right." : "Not sure.";
    return `Two losses over p from 0 to 1, where the right answer is ${y}. At p = ${short(p, 3)} the squared error, dashed, is ${format(squared, 3)} and the cross-entropy ${format(cross, 3)}. ${so}`;
  },
});

// Where both marks are close together, only the upper one carries words, for both.
function apart(marks) {
  const [a, c] = marks;
  if (Math.abs(a.at[1] - c.at[1]) > 0.45) return marks;
  return [{ ...a, text: undefined }, { ...c, text: `${a.text}, ${c.text}` }];
}
