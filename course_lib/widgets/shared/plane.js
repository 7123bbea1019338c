// A plane with axes, a coloured field and labelled points. It knows places and colours, not what they mean.
//   box     { x: [low, high], y: [low, high] } in data units
//   label   what a screen reader says it is
import { svg, html } from "./dom.js";
import { palette, ramp } from "./theme.js";
import { short } from "./numbers.js";

const SIZE = 400, LEFT = 36, RIGHT = 8, TOP = 8, BOTTOM = 28;
const FIELD = 96; // pixels of the field along each side; the browser smooths between them

export function plane({ box, label, xName = "x₁", yName = "x₂" }) {
  const width = SIZE - LEFT - RIGHT, tall = SIZE - TOP - BOTTOM;
  const toPixel = ([x, y]) => [
    LEFT + ((x - box.x[0]) / (box.x[1] - box.x[0])) * width,
    TOP + ((box.y[1] - y) / (box.y[1] - box.y[0])) * tall,
  ];
  const toData = ([px, py]) => [
    box.x[0] + ((px - LEFT) / width) * (box.x[1] - box.x[0]),
    box.y[1] - ((py - TOP) / tall) * (box.y[1] - box.y[0]),
  ];

  const canvas = html("canvas", { width: FIELD, height: FIELD, "aria-hidden": "true" });
  const percent = (part) => `${(100 * part) / SIZE}%`;
  Object.assign(canvas.style, { left: percent(LEFT), top: percent(TOP), width: percent(width), height: percent(tall) });
  const layers = Object.fromEntries(["axes", "lines", "points", "handles"].map((name) => [name, svg("g", { class: name })]));
  const drawing = svg("svg", { viewBox: `0 0 ${SIZE} ${SIZE}`, role: "group", "aria-label": label }, Object.values(layers));
  layers.axes.setAttribute("aria-hidden", "true");
  layers.axes.append(...axes());
  const node = html("div", { class: "plane" }, canvas, drawing);

  function axes() {
    const frame = svg("rect", { x: LEFT, y: TOP, width, height: tall, class: "frame" });
    const ticks = [
      ...inside(box.x).flatMap((x) => {
        const [px] = toPixel([x, 0]);
        return [
          svg("line", { x1: px, x2: px, y1: TOP, y2: TOP + tall, class: "grid" }),
          px < SIZE - RIGHT - 40 && svg("text", { x: px, y: SIZE - BOTTOM + 19, "text-anchor": "middle" }, short(x)),
        ];
      }),
      ...inside(box.y).flatMap((y) => {
        const [, py] = toPixel([0, y]);
        return [
          svg("line", { x1: LEFT, x2: LEFT + width, y1: py, y2: py, class: "grid" }),
          py > TOP + 30 && svg("text", { x: LEFT - 8, y: py + 5, "text-anchor": "end" }, short(y)),
        ];
      }),
    ];
    const names = [
      svg("text", { x: SIZE - RIGHT, y: SIZE - BOTTOM + 19, "text-anchor": "end", class: "name" }, xName),
      svg("text", { x: LEFT - 8, y: TOP + 13, "text-anchor": "end", class: "name" }, yName),
    ];
    return [...ticks, frame, ...names];
  }

  // Paints the probability p(x, y) ∈ [0, 1] everywhere.
  function field(p) {
    const context = canvas.getContext("2d");
    const image = context.createImageData(FIELD, FIELD);
    for (let row = 0, at = 0; row < FIELD; row++) {
      const y = box.y[1] - ((row + 0.5) / FIELD) * (box.y[1] - box.y[0]);
      for (let column = 0; column < FIELD; column++, at += 4) {
        const x = box.x[0] + ((column + 0.5) / FIELD) * (box.x[1] - box.x[0]);
        const [r, g, b] = ramp[Math.round(255 * p(x, y))];
        image.data[at] = r;
        image.data[at + 1] = g;
        image.data[at + 2] = b;
        image.data[at + 3] = 255;
      }
    }
    context.putImageData(image, 0, 0);
  }

  // points: [{ at: [x, y], y: 0 | 1, text, right }]. Class 0 is a disc, class 1 a square; a wrong one wears a dashed ring.
  function points(list) {
    layers.points.replaceChildren(
      ...list.map(({ at, y, text, right }) => {
        const [px, py] = toPixel(at);
        const paint = { fill: y ? palette.class1 : palette.class0, stroke: palette.picture.ink, "stroke-width": 1.5 };
        const shape = y
          ? svg("rect", { x: px - 10, y: py - 10, width: 20, height: 20, rx: 2, ...paint })
          : svg("circle", { cx: px, cy: py, r: 11, ...paint });
        const digit = svg("text", { x: px, y: py + 5, "text-anchor": "middle", fill: y ? palette.on_class1 : palette.on_class0, class: "digit" }, String(y));
        const ring = right ? null : svg("circle", { cx: px, cy: py, r: 18, class: "wrong-ring" });
        const leftward = px > LEFT + 0.82 * width;
        const words = text && svg("text", { x: px + (leftward ? -22 : 22), y: py + 5, "text-anchor": leftward ? "end" : "start", class: "label" }, text);
        return svg("g", { "aria-hidden": "true" }, ring, shape, digit, words);
      }),
    );
  }

  // Where a pointer event is, in data units.
  function pointer(event) {
    const frame = drawing.getBoundingClientRect();
    return toData([((event.clientX - frame.left) / frame.width) * SIZE, ((event.clientY - frame.top) / frame.height) * SIZE]);
  }

  return { node, box, layers, toPixel, toData, field, points, pointer };
}

// A box around the points with half of their spread to spare on each side, the same for both axes.
export function boxAround(X) {
  const ranges = [0, 1].map((axis) => {
    const values = X.map((x) => x[axis]);
    return [Math.min(...values), Math.max(...values)];
  });
  const spread = Math.max(...ranges.map(([low, high]) => high - low)) || 1;
  const [x, y] = ranges.map(([low, high]) => [(low + high) / 2 - spread, (low + high) / 2 + spread]);
  return { x, y };
}

// A few round numbers strictly inside [low, high].
export function inside([low, high]) {
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((size) => size >= rough);
  const first = Math.ceil(low / step) * step;
  const ticks = [];
  for (let i = 0; first + i * step <= high + 1e-9 * step; i++) {
    const tick = Number((first + i * step).toPrecision(12));
    if (tick - low > 0.02 * (high - low) && high - tick > 0.02 * (high - low)) ticks.push(tick);
  }
  return ticks;
}
