// A graph drawn: boxes for values, wires for uses. What is given can be dragged. It flows to the right where there is
// room, and down where there is none.
import { drag } from "../shared/drag.js";
import { html, svg } from "../shared/dom.js";
import { clamp, hundredths, short } from "../shared/numbers.js";
import { isResult, key, slope } from "./tape.js";
import { overlined } from "./words.js";
import { attribute, light, sign, wide, write } from "./writing.js";

const TALL = 62, ROW_GAP = 26, DOWN_GAP = 36, WIDEST = 108, NARROWEST = 60, LEAST_GAP = 36, MOST_GAP = 150, EDGE = 4; // px
const ROOMY = 70; // a gap this wide has room for two numbers on a wire
const LIMIT = 10; // what is given stays within ±10
const PER_PIXEL = 0.02, PER_KEY = 0.1;
const LARGEST = 1.35; // a small graph on a wide page is drawn larger

//   onGiven(place, value)   someone moved what is given
export function graphDrawing({ onGiven }) {
  const drawing = svg("svg", { role: "group", width: "100%", "aria-label": "The graph" });
  const node = html("div", { class: "graph" }, drawing);
  let nodes = null, boxes = [], wires = [], width = 0, latest = null;

  new ResizeObserver(() => {
    if (!latest || Math.round(node.clientWidth) === width) return;
    nodes = null; // stands elsewhere now
    show(latest);
  }).observe(node);

  function show(state) {
    latest = state;
    if (state.nodes !== nodes || !width) build(state.nodes);
    if (width) update(state);
  }

  function build(list) {
    width = Math.round(node.clientWidth);
    if (!width) return;
    nodes = list;
    const { at, size, height, down, tight, zoom } = standing(nodes, width);
    drawing.setAttribute("viewBox", `0 0 ${width / zoom} ${height}`);
    drawing.setAttribute("height", height * zoom);
    node.style.height = `${height * zoom}px`;
    wires = nodes.flatMap((each, i) => (isResult(each) ? each.from.flatMap((source, operand) => (typeof source === "number" ? [wire(i, operand, source, { at, size, down, tight })] : [])) : []));
    boxes = nodes.map((each, i) => box(each, i, at(each.column, each.row), size));
    drawing.replaceChildren(...wires.map(({ line }) => line), ...boxes.map(({ g }) => g), ...wires.map(({ labels }) => labels));
  }

  function box(each, i, [x, y], [wide, tall]) {
    const given = !isResult(each);
    const name = svg("text", { y: -13, class: "top" }, svg("tspan", { class: "name" }, each.name), given ? "" : svg("tspan", { class: "says", dx: 5 }, each.says));
    const value = svg("text", { y: 6, class: "value" }), back = svg("text", { y: 24, class: "bar" });
    const frame = svg("rect", { x: -wide / 2, y: -tall / 2, width: wide, height: tall, rx: given ? 4 : 15, class: "frame" });
    const about = given ? { role: "slider", tabindex: "0", "aria-label": `${each.name}, given`, "aria-valuemin": -LIMIT, "aria-valuemax": LIMIT } : { "aria-hidden": "true" };
    const g = svg("g", { class: given ? "box given" : "box", transform: `translate(${x} ${y})`, ...about },
      given && svg("title", {}, `${each.name} is given. Drag it, or use the arrow keys (Shift for bigger steps).`), frame, name, value, back);
    if (given) movable(g, i);
    return { g, frame, value, back };
  }

  function movable(g, i) {
    let from = null;
    const here = () => latest.values[i];
    const move = (value) => onGiven(i, hundredths(clamp(value, -LIMIT, LIMIT)));
    drag([g], (event) => move(from.value + PER_PIXEL * (event.clientX - from.x - (event.clientY - from.y))), g, { onStart: (event) => (from = { x: event.clientX, y: event.clientY, value: here() }) });
    g.addEventListener("keydown", (event) => {
      const sign = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1 }[event.key];
      if (!sign) return;
      event.preventDefault();
      move(here() + sign * PER_KEY * (event.shiftKey ? 5 : 1));
    });
  }

  function wire(i, operand, source, { at, size, down, tight }) {
    const target = nodes[i];
    const twins = target.from.flatMap((each, k) => (each === source ? [k] : []));
    const bow = (twins.indexOf(operand) - (twins.length - 1) / 2) * 60;
    const route = [[nodes[source].column, nodes[source].row], ...target.stops[operand], [target.column, target.row]].map(([c, r]) => at(c, r));
    const reach = (down ? size[1] : size[0]) / 2;
    const along = down ? 1 : 0;
    route[0][along] += reach;
    route.at(-1)[along] -= reach;
    const d = path(route, along, bow);
    const [x, y] = route.length > 2 ? route[1] : halfway(route, along, bow); // a long wire has its number where it passes
    const line = svg("g", { class: "wire", "aria-hidden": "true" }, svg("path", { d, class: "line" }), svg("path", { d: tip(route.at(-1), along, 1), class: "tip" }), svg("path", { d: tip(route[0], along, -1), class: "tip home" }));
    const local = svg("tspan", { class: "local" }), share = svg("tspan", { class: "share", dx: 4 });
    const label = svg("text", down ? { x: x + 6, y: y + 4, "text-anchor": "start" } : { x, y: y + (bow > 0 ? 18 : -7), "text-anchor": "middle" }, local, share);
    const several = nodes.flatMap((each) => each.from ?? []).filter((each) => each === source).length > 1;
    return { i, operand, source, several, tight, line, local, share, labels: svg("g", { class: "labels", "aria-hidden": "true" }, label) };
  }

  function update({ values, bars, shares, last }) {
    const most = Math.max(1e-9, ...bars.map((each) => Math.abs(each ?? 0)));
    boxes.forEach(({ g, frame, value, back }, i) => {
      const now = last && (last.kind === "share" ? last.source === i : last.node === i);
      g.classList.toggle("now", Boolean(now));
      const news = [
        write(value, values[i] === null ? "·" : threeDigits(values[i])) && values[i] !== null,
        write(back, bars[i] === null ? "" : `${overlined(nodes[i].name)} ${threeDigits(bars[i])}`) && bars[i] !== null,
      ];
      if (news.some(Boolean)) light(frame);
      sign(back, bars[i]);
      if (isResult(nodes[i])) return;
      attribute(g, "aria-valuenow", values[i]);
      attribute(g, "aria-valuetext", `${nodes[i].name} = ${short(values[i])}${bars[i] === null ? "" : `, bar ${short(bars[i])}`}`);
    });
    for (const { i, operand, several, tight, line, local, share } of wires) {
      const back = shares.get(key(i, operand));
      line.classList.toggle("now", Boolean(last) && last.kind === "share" && last.node === i && last.operand === operand);
      line.classList.toggle("back", back !== undefined);
      wide(line, back === undefined ? 1.6 : 1.6 + 4 * (Math.abs(back) / most));
      sign(line, back);
      const both = several && back !== undefined; // of a value used once, the share is its bar, which stands in the box
      write(share, both ? `→ ${threeDigits(back)}` : "");
      write(local, values[i] === null || (both && tight) ? "" : `×${threeDigits(slope(nodes[i], operand, values))}`);
      sign(share, back);
    }
  }

  return { node, show };
}

// 0.92, −13.2, 105: what fits into a box
const threeDigits = (value) => (Math.abs(value) >= 10 ? short(value, Math.abs(value) >= 100 ? 0 : 1) : short(value));

// Where the boxes stand: columns to the right, or downwards on a narrow page.
function standing(nodes, page) {
  const places = nodes.flatMap(({ column, row, stops = [] }) => [[column, row], ...stops.flat()]);
  const columns = 1 + Math.max(...places.map(([c]) => c)), rows = 1 + Math.max(...places.map(([, r]) => r));
  const zoom = clamp(page / (columns * (WIDEST + MOST_GAP)), 1, LARGEST);
  const width = page / zoom;
  const room = width - 2 * EDGE;
  const wide = clamp(room / (columns * 1.45), NARROWEST, WIDEST);
  const gap = columns > 1 ? (room - columns * wide) / (columns - 1) : 0;
  if (gap >= LEAST_GAP) {
    const step = wide + Math.min(gap, MOST_GAP);
    const left = (width - (columns - 1) * step) / 2;
    const at = (c, r) => [left + c * step, EDGE + TALL / 2 + r * (TALL + ROW_GAP)];
    return { at, size: [wide, TALL], height: rows * (TALL + ROW_GAP) - ROW_GAP + 2 * EDGE, down: false, tight: gap < ROOMY, zoom };
  }
  const step = Math.min(room / rows, WIDEST + 40);
  const left = (width - (rows - 1) * step) / 2;
  const at = (c, r) => [left + r * step, EDGE + TALL / 2 + c * (TALL + DOWN_GAP)];
  return { at, size: [Math.min(WIDEST, step - 8), TALL], height: columns * (TALL + DOWN_GAP) - DOWN_GAP + 2 * EDGE, down: true, tight: true, zoom };
}

// A smooth line through the stops, along axis 0 (to the right) or 1 (down), bowed aside by `bow` pixels.
function path(route, along, bow) {
  return route.slice(1).reduce((d, to, k) => {
    const [one, two] = controls(route[k], to, along, bow);
    return `${d}C${one} ${two} ${to}`;
  }, `M${route[0]}`);
}

function controls(from, to, along, bow) {
  const half = (from[along] + to[along]) / 2;
  const aside = (point) => (along ? [point[0] + bow, half] : [half, point[1] + bow]);
  return [aside(from), aside(to)];
}

function halfway(route, along, bow) {
  const [from, to] = route, [one, two] = controls(from, to, along, bow);
  return [0, 1].map((axis) => (from[axis] + 3 * one[axis] + 3 * two[axis] + to[axis]) / 8);
}

// An arrow's tip at `at`: pointing along (1), or home (−1).
function tip([x, y], along, way) {
  return along ? `M${x} ${y}l-5 ${-9 * way}h10z` : `M${x} ${y}l${-9 * way} -5v10z`;
}
