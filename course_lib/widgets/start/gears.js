// Three axles, two belts: x turns u, u turns y. A belt that is crossed turns the other way.
import { html, svg } from "../shared/dom.js";
import { drag } from "../shared/drag.js";
import { brief, clamp, format, hundredths } from "../shared/numbers.js";
import { sheet } from "../shared/sheet.js";
import { slider, stage } from "../shared/stage.js";
import { setText } from "../shared/table.js";
import { throughGears } from "./slopes.js";

const HEIGHT = 250, MIDDLE = 126, DRIVER = 44, LEAST = 0.5;

export default stage({
  title: "One after the other, factors multiply: that is the chain rule",
  controls: [
    slider("x", { symbol: "x", word: "turns of the first axle", low: -2, high: 2, step: 0.05, signed: true }),
    slider("first", { symbol: "∂u/∂x", word: "first belt", low: -3, high: 3, step: 0.5, signed: true }),
    slider("second", { symbol: "∂y/∂u", word: "second belt", low: -3, high: 3, step: 0.5, signed: true }),
  ],
  picture({ put }) {
    const paper = sheet({ label: "Three axles joined by two belts", height: HEIGHT, draw: paint, kind: "gears" });
    const layer = svg("g", {});
    const crank = svg("circle", { class: "crank", r: 70 }, svg("title", {}, "Turn the first axle. By keyboard: the slider x."));
    paper.drawing.append(layer, crank);
    turning(crank, paper, () => now.x, (x) => put({ x: hundredths(clamp(x, -2, 2)) }, "x turned"));
    const sum = html("p", { class: "formula" });
    let now = null;

    function paint(width) {
      if (!now) return;
      const { x, first, second } = now;
      const { u, y } = throughGears(x, first, second);
      const size = Math.min(1, width / 620);
      const axles = [0.14, 0.5, 0.86].map((share) => [share * width, MIDDLE]);
      const radius = (factor) => (size * DRIVER) / Math.max(LEAST, Math.abs(factor)); // twice as fast: half as large
      const driver = size * DRIVER;
      crank.setAttribute("cx", axles[0][0]);
      crank.setAttribute("cy", MIDDLE);
      crank.setAttribute("r", driver + 10);
      const [r1, r2] = [radius(first), radius(second)];
      layer.replaceChildren(
        ...belt(axles[0], driver, axles[1], r1, first),
        ...belt(axles[1], driver, axles[2], r2, second),
        wheel(axles[0], driver, x, "x"),
        svg("circle", { cx: axles[1][0], cy: axles[1][1], r: r1, class: "disc-line" }),
        wheel(axles[1], driver, u, "u"),
        wheel(axles[2], r2, y, "y"),
        ...[["x", x], ["u", u], ["y", y]].map(([name, turns], i) => svg("text", { x: axles[i][0], y: HEIGHT - 8, "text-anchor": "middle", class: "name" }, `${name} = ${format(turns)}`)),
      );
    }
    function draw({ values }) {
      now = values;
      paper.measure();
      if (paper.width()) paint(paper.width());
      setText(sum, `∂y/∂x = ∂y/∂u · ∂u/∂x = ${brief(values.second)} · ${brief(values.first)} = ${brief(values.first * values.second)}`);
    }
    return { node: html("div", {}, paper.node, sum), draw };
  },
  describe({ values: { x, first, second } }) {
    const { u, y } = throughGears(x, first, second);
    const product = first * second;
    return `The first axle has turned ${format(x)} times, the second ${format(u)}, the third ${format(y)}. ${product === 0 ? "A belt with factor 0 turns nothing: the chain is broken." : `Whatever x does, y does ${brief(Math.abs(product))} times as much${product < 0 ? ", the other way round" : ""}.`}`;
  },
});

function wheel([cx, cy], r, turns, name) {
  const angle = 2 * Math.PI * turns - Math.PI / 2;
  const spokes = [0, 1, 2, 3].map((k) => angle + (k * Math.PI) / 2);
  return svg("g", { "aria-hidden": "true", class: `wheel ${name}` },
    svg("circle", { cx, cy, r, class: "disc" }),
    ...spokes.map((each, k) => svg("line", { x1: cx, y1: cy, x2: cx + r * Math.cos(each), y2: cy + r * Math.sin(each), class: k ? "spoke" : "hand" })),
    svg("circle", { cx, cy, r: 4, fill: "var(--ink)" }));
}

// Straight from rim to rim, or crossed where the factor is negative; none where it is 0.
function belt([x1, y1], r1, [x2, y2], r2, factor) {
  const text = svg("text", { x: (x1 + x2) / 2, y: 26, "text-anchor": "middle", class: "halo", fill: "var(--ink)" }, `× ${brief(factor)}`);
  if (factor === 0) return [text];
  const way = factor > 0 ? 1 : -1;
  const line = (side) => svg("line", { x1, y1: y1 - side * r1, x2, y2: y2 - side * way * r2, stroke: `var(--${factor > 0 ? "positive" : "negative"})`, "stroke-width": 3, "stroke-dasharray": way > 0 ? null : "8 4" });
  return [line(1), line(-1), text];
}

// A wheel under the pointer: it turns by as much as the pointer goes round its middle.
function turning(node, paper, get, set) {
  let last = 0, turns = 0;
  const bearing = (event) => {
    const frame = paper.drawing.getBoundingClientRect();
    const x = event.clientX - frame.left - Number(node.getAttribute("cx")), y = event.clientY - frame.top - Number(node.getAttribute("cy"));
    return Math.atan2(y, x) / (2 * Math.PI);
  };
  const onMove = (event) => {
    const by = bearing(event) - last;
    last += by;
    turns += by - Math.round(by); // the short way round
    set(turns);
  };
  drag([node], onMove, node, { onStart: (event) => ([last, turns] = [bearing(event), get()]) });
}
