// A plane with axes, a coloured field and labelled points. It knows places and colours, not what they mean.
//   box     { x: [low, high], y: [low, high] } in data units
//   label   what a screen reader says it is
import { svg, html, uniqueId } from "./dom.js";
import { drag } from "./drag.js";
import { palette, ramp } from "./theme.js";
import { brief, clamp, short } from "./numbers.js";
import { isolines } from "./isolines.js";
import { colour } from "./sheet.js";

const SIZE = 400, LEFT = 36, RIGHT = 8, TOP = 8, BOTTOM = 28;
const GREY = [200, 200, 200]; // where there is no number
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
  const layers = Object.fromEntries(["contours", "axes", "lines", "points", "handles"].map((name) => [name, svg("g", { class: name })]));
  const clip = uniqueId("plane");
  for (const name of ["contours", "lines"]) layers[name].setAttribute("clip-path", `url(#${clip})`);
  const drawing = svg("svg", { viewBox: `0 0 ${SIZE} ${SIZE}`, role: "group", "aria-label": label }, svg("clipPath", { id: clip }, svg("rect", { x: LEFT, y: TOP, width, height: tall })), Object.values(layers));
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
    if (canvas.width !== FIELD || canvas.height !== FIELD) canvas.width = canvas.height = FIELD;
    const context = canvas.getContext("2d");
    const image = context.createImageData(FIELD, FIELD);
    for (let row = 0, at = 0; row < FIELD; row++) {
      const y = box.y[1] - ((row + 0.5) / FIELD) * (box.y[1] - box.y[0]);
      for (let column = 0; column < FIELD; column++, at += 4) {
        const x = box.x[0] + ((column + 0.5) / FIELD) * (box.x[1] - box.x[0]);
        const [r, g, b] = ramp[Math.round(255 * p(x, y))] ?? GREY;
        image.data[at] = r;
        image.data[at + 1] = g;
        image.data[at + 2] = b;
        image.data[at + 3] = 255;
      }
    }
    context.putImageData(image, 0, 0);
  }

  // Paints numbers given row by row, the top row first, `columns` in each. `paint(value)` gives [r, g, b]; without it a
  // value is a probability.
  function fieldFrom(values, columns, paint = (p) => ramp[Math.round(255 * clamp(p, 0, 1))]) {
    const rows = values.length / columns;
    if (canvas.width !== columns || canvas.height !== rows) [canvas.width, canvas.height] = [columns, rows];
    const context = canvas.getContext("2d");
    const image = context.createImageData(columns, rows);
    for (let i = 0, at = 0; i < values.length; i++, at += 4) {
      const [r, g, b] = Number.isFinite(values[i]) ? paint(values[i]) : GREY;
      image.data[at] = r;
      image.data[at + 1] = g;
      image.data[at + 2] = b;
      image.data[at + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }

  // Level lines of f(x, y).
  function contours(f, levels, { resolution = 80, colour: ink = "#4a5a68", wide = 1 } = {}) {
    layers.contours.replaceChildren(
      ...isolines(f, box, levels, resolution).map((segments) => svg("path", {
        d: segments.map(([from, to]) => `M${pair(from)}L${pair(to)}`).join("") || "M0 0", stroke: colour(ink), "stroke-width": wide, fill: "none", "stroke-opacity": 0.75,
      })),
    );
  }
  const pair = (at) => toPixel(at).map((part) => clamp(part, -4000, 4000).toFixed(1)).join(" ");

  // Ways and lines through data points, all at once: [{ points, colour, thick, dash, dots, name, closed }]
  const ways = svg("g", { class: "ways" });
  layers.lines.append(ways);
  function paths(list) {
    ways.replaceChildren(...list.filter(({ points }) => points.length).map(way));
  }
  function way({ points: given, colour: ink = palette.picture.ink, thick, dash, dots, name, closed }) {
    const list = given.filter((at) => at.every(Number.isFinite));
    if (!list.length) return svg("g");
    const wide = thick ? 3.5 : 2.2;
    const d = `M${list.map(pair).join("L")}${closed ? "Z" : ""}`;
    const [px, py] = toPixel(list.at(-1));
    const leftward = px + 12 + 9 * (name?.length ?? 0) > SIZE - RIGHT;
    return svg("g", {},
      svg("path", { d, class: "halo-line", "stroke-width": wide + 2.5 }),
      svg("path", { d, stroke: colour(ink), "stroke-width": wide, "stroke-dasharray": dash ? "7 5" : null, fill: "none", "stroke-linejoin": "round" }),
      dots && list.map((at, i) => svg("circle", { cx: toPixel(at)[0], cy: toPixel(at)[1], r: i === list.length - 1 ? 5 : 2.6, fill: colour(ink) })),
      name && svg("text", { x: clamp(px, LEFT, SIZE - RIGHT) + (leftward ? -9 : 9), y: clamp(py, TOP + 16, SIZE - BOTTOM - 8) + 5, "text-anchor": leftward ? "end" : "start", class: "label" }, name));
  }

  // Many points, without their digits: [{ at, y: 0 | 1, hollow, faint, title }]. Class 0 is a disc, class 1 a square.
  const crowd = svg("g", { class: "crowd" });
  function dots(list, { size = 4.5 } = {}) {
    if (!crowd.parentNode) layers.points.prepend(crowd);
    crowd.replaceChildren(
      ...list.map(({ at, y, hollow, faint }) => {
        const [px, py] = toPixel(at);
        const ink = y ? palette.class1 : palette.class0;
        const paint = { fill: hollow ? "#fff" : ink, stroke: hollow ? ink : palette.picture.ink, "stroke-width": hollow ? 2 : 0.9, opacity: faint ? 0.35 : null };
        return y ? svg("rect", { x: px - size * 0.9, y: py - size * 0.9, width: size * 1.8, height: size * 1.8, ...paint }) : svg("circle", { cx: px, cy: py, r: size, ...paint });
      }),
    );
  }

  // A point to take hold of, by mouse, finger or arrow keys.  onMove([x, y]) · step: what a key moves it by
  function handle({ at, label: name, onMove, onKey, step = (box.x[1] - box.x[0]) / 40, colour: ink = "#fff" }) {
    const knob = svg("g", { class: "handle", role: "slider", tabindex: "0", "aria-label": name, "aria-valuemin": box.x[0], "aria-valuemax": box.x[1] },
      svg("title", {}, `${name}. Drag it, or use the arrow keys (Shift for bigger steps).`),
      svg("circle", { r: 22, class: "reach" }), svg("circle", { r: 15, class: "focus-ring" }), svg("circle", { r: 10, class: "knob", style: `fill: ${ink}` }));
    layers.handles.append(knob);
    let here = at;
    const within = (point) => point.map((value, axis) => Number(clamp(value, ...[box.x, box.y][axis]).toPrecision(6)));
    const show = (point) => {
      here = point;
      knob.setAttribute("transform", `translate(${pair(point)})`);
      knob.setAttribute("aria-valuenow", point[0]);
      knob.setAttribute("aria-valuetext", `${xName} ${brief(point[0])}, ${yName} ${brief(point[1])}`);
    };
    drag([knob], (event) => onMove(within(pointer(event))), knob);
    knob.addEventListener("keydown", (event) => {
      const [across, upwards] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key] ?? [0, 0];
      if (!across && !upwards) return void onKey?.(event);
      event.preventDefault();
      const far = step * (event.shiftKey ? 5 : 1);
      here = within([here[0] + far * across, here[1] + far * upwards]); // two keys within a frame are two steps
      onMove(here);
    });
    show(at);
    return { node: knob, show, hide: (on) => knob.classList.toggle("hidden", on) };
  }

  // points: [{ at: [x, y], y: 0 | 1, text, right }]. Class 0 is a disc, class 1 a square; a wrong one wears a dashed ring.
  function points(list) {
    layers.points.replaceChildren(
      ...(crowd.parentNode ? [crowd] : []),
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

  const context = canvas.getContext("2d"); // a plane without a field is near-white in both themes
  context.fillStyle = palette.half;
  context.fillRect(0, 0, FIELD, FIELD);
  return { node, box, layers, toPixel, toData, field, fieldFrom, contours, paths, dots, points, handle, pointer };
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
