// Curves over one quantity: lines named at their ends, bands, marks, and (if wanted) a vertical marker to drag.
//   curve({ x: { name, low, high, log }, y: { name, low, high, log }, label, height, marker: { label, step, onMove } })
//   .show([{ points: [[x, y], …], name, colour, dash, thick, dots, faint, kept }], { marks, bands, xlim, ylim, marker, label })
// `kept` promises that this list of points is only ever added to: then its line is not drawn anew as long as nothing changed.
// Ends that are not given follow the data. Points that are not finite (or not positive on a log axis) break a line.
//   marks  [{ at: [x, y], text, colour, shape: "disc" | "square" | "cross" }], or { x, text } and { y, text }: a line across
//   bands  [{ x: [from, to], colour, text }] or { y: [from, to], … }
import { svg } from "./dom.js";
import { drag } from "./drag.js";
import { brief, clamp } from "./numbers.js";
import { colour, sheet } from "./sheet.js";
import { ends, places, ticks } from "./scale.js";

const TOP = 26, BOTTOM = 40, LEFT = 54, LETTER = 8.4; // px; a letter's width, about

export function curve({ x, y, label, height = 280, marker = null }) {
  let series = [], more = {}, labelled = label;
  const paper = sheet({ label, height, draw: paint, role: marker ? "group" : "img", kind: "curve" });
  const id = `clip-${Math.random().toString(36).slice(2)}`;
  const window_ = svg("rect", {});
  const layers = Object.fromEntries(["bands", "axes", "lines", "marks", "names", "handle"].map((name) => [name, svg("g", { class: name })]));
  for (const name of ["lines", "bands"]) layers[name].setAttribute("clip-path", `url(#${id})`);
  paper.drawing.append(svg("clipPath", { id }, window_), ...Object.values(layers));
  const handle = marker && markerHandle();

  const shapes = new WeakMap(); // points -> { key, shape }
  let scale = "";
  let toX = (v) => v, toY = (v) => v, fromX = (v) => v, span = [0, 1];

  function show(list, options = {}) {
    series = list.filter(Boolean);
    more = options;
    if (options.label && options.label !== labelled) paper.drawing.setAttribute("aria-label", (labelled = options.label));
    if (!paper.width()) paper.measure(); // later widths are the observer's to notice: asking would lay out the page each time
    if (paper.width()) paint(paper.width());
  }

  function paint(width) {
    const named = series.filter(({ name, points }) => name && points.length);
    const right = clamp(10 + LETTER * Math.max(0, ...named.map(({ name }) => name.length)), 12, 0.34 * width);
    const box = { left: LEFT, right: width - right, top: TOP, bottom: height - BOTTOM };
    span = more.xlim ?? ends(series, 0, x, more.marks);
    const range = more.ylim ?? ends(series, 1, y, more.marks, span);
    toX = places(span, [box.left, box.right], x.log);
    toY = places(range, [box.bottom, box.top], y.log);
    fromX = toX.back;
    for (const [key, value] of Object.entries({ x: box.left, y: box.top - 2, width: Math.max(0, box.right - box.left), height: box.bottom - box.top + 4 })) window_.setAttribute(key, value);
    layers.axes.replaceChildren(...axes(box, span, range));
    layers.bands.replaceChildren(...(more.bands ?? []).flatMap((band) => bandShape(band, box)));
    scale = [...span, ...range, box.left, box.right].join();
    place(layers.lines, series.map((one) => (one.kept ? keptShape(one) : lineShape(one))));
    layers.marks.replaceChildren(...(more.marks ?? []).flatMap((mark) => markShape(mark, box)));
    layers.names.replaceChildren(...nameShapes(named, box));
    handle?.place(box);
  }

  function axes(box, [low, high], [bottom, top]) {
    const steps = Math.max(2, Math.floor((box.right - box.left) / 75));
    return [
      ...ticks([bottom, top], y.log, 5).flatMap((tick) => [
        svg("line", { x1: box.left, x2: box.right, y1: toY(tick), y2: toY(tick), class: "grid" }),
        svg("text", { x: box.left - 7, y: toY(tick) + 4.5, "text-anchor": "end" }, brief(tick)),
      ]),
      ...ticks([low, high], x.log, steps).map((tick) => svg("text", { x: toX(tick), y: box.bottom + 17, "text-anchor": "middle" }, brief(tick))),
      svg("path", { d: `M${box.left} ${box.top}V${box.bottom}H${box.right}`, class: "frame" }),
      svg("text", { x: box.right, y: box.bottom + 34, "text-anchor": "end", class: "name" }, x.name),
      svg("text", { x: 2, y: 14, class: "name" }, y.name),
    ];
  }

  function keptShape(one) {
    const key = [one.points.length, one.colour, one.thick, one.dash, one.dots, one.faint, scale].join();
    if (shapes.get(one.points)?.key !== key) shapes.set(one.points, { key, shape: lineShape(one) });
    return shapes.get(one.points).shape;
  }
  // The nodes in a layer, touching only those that are others than before.
  function place(layer, nodes) {
    nodes.forEach((node, i) => {
      const there = layer.children[i];
      if (there !== node) there ? layer.replaceChild(node, there) : layer.append(node);
    });
    while (layer.children.length > nodes.length) layer.lastChild.remove();
  }
  function lineShape({ points, colour: ink, dash, thick, dots, faint }) {
    const paint = { stroke: colour(ink), "stroke-width": thick ? 3.5 : 2, "stroke-dasharray": dash ? (dash === true ? "7 5" : dash) : null, opacity: faint ? 0.45 : null };
    const line = svg("path", { d: trace(points), class: "line", ...paint });
    if (!dots) return line;
    // All dots are one path of round ends, each place once: hundreds of circles would take their time.
    const spots = new Set(points.filter(drawable).map(([a, c]) => `M${toX(a).toFixed(1)} ${toY(c).toFixed(1)}h0`));
    return svg("g", {}, line, svg("path", { d: [...spots].join("") || "M0 0", class: "dots", stroke: colour(ink), "stroke-width": thick ? 9 : 7, "stroke-linecap": "round" }));
  }
  const drawable = ([a, c]) => Number.isFinite(c) && Number.isFinite(a) && !(y.log && c <= 0) && !(x.log && a <= 0);

  // In each column of pixels a line needs only its first, lowest, highest and last point.
  function trace(points) {
    const parts = [];
    let pen = "M", column = null, low, high, last;
    const put = (px, py) => {
      parts.push(`${pen}${px.toFixed(1)} ${clamp(py, -5000, 5000).toFixed(1)}`);
      pen = "L";
    };
    const close = () => {
      if (column === null) return;
      if (low !== last && high !== low) put(column, low);
      if (high !== last && high !== low) put(column, high);
      put(column, last);
      column = null;
    };
    for (const point of points) {
      if (!drawable(point)) {
        close();
        pen = "M";
        continue;
      }
      const px = toX(point[0]), py = toY(point[1]);
      if (points.length < 800) put(px, py);
      else if (Math.round(px) === column) [low, high, last] = [Math.min(low, py), Math.max(high, py), py];
      else {
        close();
        put(px, py);
        [column, low, high, last] = [Math.round(px), py, py, py];
      }
    }
    close();
    return parts.join("") || "M0 0";
  }

  function bandShape({ x: across, y: upwards, colour: ink = "rule", text }, box) {
    const [x1, x2] = across ? across.map((value) => clamp(toX(value), box.left, box.right)) : [box.left, box.right];
    const [y1, y2] = upwards ? upwards.map((value) => clamp(toY(value), box.top, box.bottom)) : [box.bottom, box.top];
    const area = svg("rect", { x: Math.min(x1, x2), y: Math.min(y1, y2), width: Math.abs(x2 - x1), height: Math.abs(y1 - y2), fill: colour(ink), class: "band" });
    return text ? [area, svg("text", { x: (x1 + x2) / 2, y: Math.min(y1, y2) + 15, "text-anchor": "middle", class: "quiet" }, text)] : [area];
  }

  function markShape({ at, x: across, y: upwards, text, colour: ink = "ink", shape = "disc" }, box) {
    const paint = colour(ink);
    if (across !== undefined) {
      const px = toX(across);
      if (!(px >= box.left - 1 && px <= box.right + 1)) return [];
      const leftward = px > (box.left + box.right) / 2;
      return [
        svg("line", { x1: px, x2: px, y1: box.top, y2: box.bottom, stroke: paint, class: "across" }),
        text && svg("text", { x: px + (leftward ? -5 : 5), y: box.top + 11, "text-anchor": leftward ? "end" : "start", fill: paint, class: "halo" }, text),
      ].filter(Boolean);
    }
    if (upwards !== undefined) {
      const py = toY(upwards);
      if (!(py >= box.top - 1 && py <= box.bottom + 1)) return [];
      return [
        svg("line", { x1: box.left, x2: box.right, y1: py, y2: py, stroke: paint, class: "across" }),
        text && svg("text", { x: box.left + 6, y: py - 5, fill: paint, class: "halo" }, text),
      ].filter(Boolean);
    }
    if (!drawable(at)) return [];
    const [px, py] = [clamp(toX(at[0]), box.left, box.right), clamp(toY(at[1]), box.top - 4, box.bottom)];
    const shapes = {
      disc: () => svg("circle", { cx: px, cy: py, r: 6, fill: paint, class: "mark" }),
      square: () => svg("rect", { x: px - 5.5, y: py - 5.5, width: 11, height: 11, fill: paint, class: "mark" }),
      cross: () => svg("path", { d: `M${px - 5} ${py - 5}l10 10m0 -10l-10 10`, stroke: paint, class: "cross" }),
    };
    const leftward = px > box.left + 0.7 * (box.right - box.left);
    return [shapes[shape](), text && svg("text", { x: px + (leftward ? -10 : 10), y: py + (py < box.top + 20 ? 16 : -8), "text-anchor": leftward ? "end" : "start", fill: paint, class: "halo" }, text)].filter(Boolean);
  }

  // Names stand at the ends of their lines, pushed apart where they would touch.
  function nameShapes(named, box) {
    const labels = named
      .map(({ points, name, colour: ink, thick }) => ({ name, ink, thick, end: points.findLast(drawable) }))
      .filter(({ end }) => end)
      .map((each) => ({ ...each, px: clamp(toX(each.end[0]), box.left, box.right), py: clamp(toY(each.end[1]), box.top, box.bottom) }))
      .sort((a, c) => a.py - c.py);
    const GAP = 15;
    labels.forEach((each, i) => (each.at = i ? Math.max(each.py, labels[i - 1].at + GAP) : each.py));
    for (let i = labels.length - 1, most = box.bottom + 4; i >= 0; most = labels[i].at - GAP, i--) labels[i].at = Math.min(labels[i].at, most);
    return labels.map(({ name, ink, thick, px, at }) => svg("text", { x: px + 6, y: at + 4.5, fill: colour(ink), class: "end", "font-weight": thick ? 700 : 600 }, name));
  }

  function markerHandle() {
    const line = svg("line", { class: "marker" });
    const knob = svg("g", { class: "handle", role: "slider", tabindex: "0", "aria-label": marker.label },
      svg("title", {}, `${marker.label}. Drag it, or use the arrow keys (Shift for bigger steps).`),
      svg("circle", { r: 22, class: "reach" }), svg("circle", { r: 14, class: "focus-ring" }), svg("circle", { r: 9, class: "knob" }));
    layers.handle.append(line, knob);
    const move = (value) => marker.onMove((more.marker = clamp(value, ...span))); // two keys within a frame are two steps
    drag([knob], (event) => {
      const frame = paper.drawing.getBoundingClientRect();
      move(fromX(((event.clientX - frame.left) / frame.width) * paper.width()));
    }, knob);
    knob.addEventListener("keydown", (event) => {
      const sign = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key] * (event.shiftKey ? 5 : 1);
      if (!sign) return;
      event.preventDefault();
      const now = more.marker;
      const step = marker.step ?? (x.log ? 1.1 : (span[1] - span[0]) / 100);
      move(x.log ? now * step ** sign : Number((now + sign * step).toPrecision(10)));
    });
    function place(box) {
      const value = more.marker ?? span[0];
      const px = clamp(toX(value), box.left, box.right);
      for (const [key, at] of Object.entries({ x1: px, x2: px, y1: box.top, y2: box.bottom })) line.setAttribute(key, at);
      knob.setAttribute("transform", `translate(${px} ${box.bottom})`);
      const spoken = (number) => Number((x.log ? Math.log10(number) : number).toFixed(6)); // ARIA knows no 1e-16
      for (const [key, at] of Object.entries({ valuemin: spoken(span[0]), valuemax: spoken(span[1]), valuenow: spoken(value), valuetext: `${x.name} ${brief(value)}` })) knob.setAttribute(`aria-${key}`, at);
    }
    return { place };
  }

  return { node: paper.node, show };
}
