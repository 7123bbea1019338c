// Activations and their slopes, one above the other, with a place h to drag.
import { curve } from "../shared/curve.js";
import { html } from "../shared/dom.js";
import { format, hundredths, short } from "../shared/numbers.js";
import { select, slider, stage } from "../shared/stage.js";
import { setText } from "../shared/table.js";
import { bendChoices, bends } from "./bends.js";

const H = [-10, 10], POINTS = 400, TOUCH = 2.5;
const NAMES = Object.keys(bends);
const places = Array.from({ length: POINTS + 1 }, (_, i) => H[0] + (i * (H[1] - H[0])) / POINTS);

export default stage({
  title: ({ values: { phi } }) => bends[phi].sentence,
  controls: [
    select("phi", { symbol: "φ", word: "bend", options: bendChoices(NAMES) }),
    slider("h", { symbol: "h", word: "weighted sum", low: H[0], high: H[1], step: 0.1, signed: true }),
  ],
  picture({ put }) {
    const onMove = (h) => put({ h: hundredths(h) }, `h = ${short(h)}`);
    const x = { name: "h", low: H[0], high: H[1] };
    const value = curve({ x, y: { name: "φ(h)" }, label: "The bend φ over h from −10 to 10", height: 250, marker: { label: "Move h", step: 0.1, onMove } });
    const slope = curve({ x, y: { name: "φ′(h), its slope" }, label: "The slope of φ over h from −10 to 10", height: 250, marker: { label: "Move h, in the slope's picture", step: 0.1, onMove } });
    const one = html("p", { class: "formula" }), two = html("p", { class: "formula" });
    const slopes = Object.fromEntries(NAMES.map((name) => [name, places.map((h) => [h, bends[name].slope(h)])]));

    function draw({ values: { phi, h } }) {
      const { f, slope: d, formula, slopeFormula, range } = bends[phi];
      const touch = [h - TOUCH, h + TOUCH].map((each) => [each, f(h) + d(h) * (each - h)]);
      value.show(
        [{ points: broken(places.map((each) => [each, f(each)]), phi), thick: true }, { points: touch, colour: "positive", dash: true }],
        { ylim: range ? [-1.25, 1.25] : [-2.5, 10.5], marker: h, marks: [{ at: [h, f(h)], text: format(f(h)) }] },
      );
      slope.show(
        [...NAMES.filter((name) => name !== phi).map((name) => ({ points: broken(slopes[name], name), colour: "zero", faint: true })), { points: broken(slopes[phi], phi), colour: "positive", thick: true }],
        { ylim: [-0.1, 1.15], marker: h, marks: [{ at: [h, d(h)], text: format(d(h), 4), colour: "positive" }] },
      );
      setText(one, formula);
      setText(two, slopeFormula);
    }
    return { node: html("div", { class: "side-by-side" }, html("div", {}, value.node, one), html("div", {}, slope.node, two)), draw };
  },
  describe({ values: { phi, h } }) {
    const { name, f, slope, range } = bends[phi];
    const flat = range && Math.abs(slope(h)) < 0.01 && phi !== "step" ? " Here it is almost flat: a small change of h changes nothing." : "";
    return `The bend, ${name === "none" ? "none at all" : name}, and its slope, both for h from −10 to 10; the slopes of the others are faint. At h = ${short(h)} the bend gives ${format(f(h), 4)} and its slope is ${format(slope(h), 4)}.${flat}`;
  },
});

// A jump is not drawn as a wall: the line breaks there.
function broken(points, name) {
  const jumps = name === "step" || name === "relu" || name === "leakyrelu";
  if (!jumps) return points;
  return points.flatMap((point, i) => (i && Math.abs(point[1] - points[i - 1][1]) > 0.5 ? [[point[0], NaN], point] : [point]));
}
