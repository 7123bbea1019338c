// Softmax, once or twice: the loss of C classes over how far ahead the right one is.
import { curve } from "../shared/curve.js";
import { html } from "../shared/dom.js";
import { format, short } from "../shared/numbers.js";
import { slider, stage, toggle } from "../shared/stage.js";
import { setText } from "../shared/table.js";
import { floor, once, twice } from "./classes.js";

const LEAD = [-5, 20], POINTS = 250;
const places = Array.from({ length: POINTS + 1 }, (_, i) => LEAD[0] + (i * (LEAD[1] - LEAD[0])) / POINTS);

export default stage({
  title: ({ values: { C, again } }) => (again ? `With softmax twice, ${C} classes cannot get below ${format(floor(C), 3)}` : "With softmax once, the loss goes on towards 0"),
  controls: [
    toggle("again", { word: "softmax twice" }),
    slider("lead", { symbol: "o", word: "lead of the right class", low: LEAD[0], high: LEAD[1], step: 0.5, signed: true }),
    slider("C", { symbol: "C", word: "classes", low: 2, high: 100, step: 1, whole: true }),
  ],
  picture({ put }) {
    const chart = curve({
      x: { name: "lead of the right score", low: LEAD[0], high: LEAD[1] },
      y: { name: "loss" },
      label: "Cross-entropy over the lead of the right class",
      height: 290,
      marker: { label: "Move the lead", step: 0.5, onMove: (lead) => put({ lead: Math.round(2 * lead) / 2 }, "A new lead") },
    });
    const sure = html("p", { class: "formula" });
    function draw({ values: { C, again, lead } }) {
      const f = again ? twice : once;
      chart.show(
        [{ points: places.map((o) => [o, once(o, C)]), faint: again, thick: !again, name: "once" }, again && { points: places.map((o) => [o, twice(o, C)]), colour: "positive", thick: true, name: "twice" }],
        { ylim: [0, Math.ceil(once(LEAD[0], C))], marker: lead, marks: [{ at: [lead, f(lead, C)], text: format(f(lead, C), 3), colour: again ? "positive" : "loss" }, again && { y: floor(C), colour: "positive" }].filter(Boolean) },
      );
      setText(sure, `p of the right class: ${format(Math.exp(-f(lead, C)), 3)}${again ? `, floor of the loss: log(1 + ${C - 1}/e) = ${format(floor(C), 4)}` : ""}`);
    }
    return { node: html("div", {}, chart.node, sure), draw };
  },
  describe({ values: { C, again, lead } }) {
    const one = `The loss over the lead of the right score, −5 to 20, with ${C} classes. At a lead of ${short(lead)} it is ${format((again ? twice : once)(lead, C), 3)}`;
    return again ? `${one}, with one softmax ${format(once(lead, C), 3)}. Twice, it stays above ${format(floor(C), 4)}, and p below ${format(Math.exp(-floor(C)), 3)}.` : `${one}, and it goes on towards 0.`;
  },
});
