// Bars over names, and histograms.
//   bars({ label, y: { name, low, high, log }, height }).show([{ name, value, colour, text }], { ylim, marks: [{ y, text }] })
//   histogram({ label, x: { name, low, high }, height, bins }).show(values, { colour, xlim })  or  .show({ counts, low, high })
import { svg } from "./dom.js";
import { brief, clamp } from "./numbers.js";
import { ends, places, ticks } from "./scale.js";
import { colour, sheet } from "./sheet.js";

const TOP = 24, BOTTOM = 36, LEFT = 50, RIGHT = 8;

export function bars({ label, y = {}, height = 220 }) {
  let list = [], more = {};
  const paper = sheet({ label, height, draw: paint, kind: "bars" });

  function show(next, options = {}) {
    [list, more] = [next, options];
    if (options.label) paper.drawing.setAttribute("aria-label", options.label);
    paper.measure();
    if (paper.width()) paint(paper.width());
  }
  function paint(width) {
    const box = { left: LEFT, right: width - RIGHT, top: TOP, bottom: height - BOTTOM };
    const values = list.map(({ value }, i) => [i, value]);
    const below = values.some(([, value]) => value < 0);
    const floor = y.low ?? (y.log || below ? undefined : 0);
    if (below) values.push([0, 0]);
    const range = more.ylim ?? ends([{ points: values }], 1, { ...y, low: floor });
    const toY = places(range, [box.bottom, box.top], y.log);
    const zero = toY(y.log ? range[0] : clamp(0, ...range));
    const each = (box.right - box.left) / Math.max(1, list.length);
    const wide = Math.min(0.72 * each, 64);
    const crowded = Math.max(...list.map(({ name }) => name.length)) * 7.2 > each;
    paper.drawing.replaceChildren(
      ...ticks(range, y.log, 4).flatMap((tick) => [
        svg("line", { x1: box.left, x2: box.right, y1: toY(tick), y2: toY(tick), class: "grid" }),
        svg("text", { x: box.left - 6, y: toY(tick) + 4.5, "text-anchor": "end" }, brief(tick)),
      ]),
      svg("text", { x: 2, y: 13, class: "name" }, y.name ?? ""),
      ...list.flatMap(({ name, value, colour: ink = "border", text }, i) => {
        const middle = box.left + (i + 0.5) * each;
        const top = Number.isFinite(value) && !(y.log && value <= 0) ? clamp(toY(value), box.top, box.bottom) : zero;
        const up = top <= zero;
        return [
          svg("rect", { x: middle - wide / 2, y: Math.min(top, zero), width: wide, height: Math.max(1, Math.abs(zero - top)), fill: colour(ink), rx: 1.5 }),
          (text ?? !crowded) && svg("text", { x: middle, y: up ? Math.max(11, top - 5) : top + 14, "text-anchor": "middle", class: "halo" }, text ?? brief(value)),
          (!crowded || i % Math.ceil(list.length / 8) === 0) && svg("text", { x: middle, y: box.bottom + 18, "text-anchor": "middle", class: "quiet" }, name),
        ].filter(Boolean);
      }),
      svg("line", { x1: box.left, x2: box.right, y1: zero, y2: zero, class: "frame" }),
      ...(more.marks ?? []).flatMap(({ y: at, text, colour: ink = "ink" }) => [
        svg("line", { x1: box.left, x2: box.right, y1: toY(at), y2: toY(at), stroke: colour(ink), class: "across" }),
        svg("text", { x: box.right, y: toY(at) - 5, "text-anchor": "end", fill: colour(ink), class: "halo" }, text),
      ]),
    );
  }
  return { node: paper.node, show };
}

export function histogram({ label, x = {}, height = 150, bins = 40, title = "" }) {
  let shown = { counts: [], low: 0, high: 1 }, more = {};
  const paper = sheet({ label, height, draw: paint, kind: "histogram" });

  function show(given, options = {}) {
    more = options;
    shown = ArrayBuffer.isView(given) || Array.isArray(given) ? binned(given, { bins, ends: options.xlim ?? (x.low === undefined ? null : [x.low, x.high]) }) : given;
    if (options.label) paper.drawing.setAttribute("aria-label", options.label);
    paper.measure();
    if (paper.width()) paint(paper.width());
  }
  function paint(width) {
    const { counts, low, high } = shown;
    const box = { left: 8, right: width - 8, top: 20, bottom: height - (x.name ? 36 : 20) };
    const toX = places([low, high], [box.left, box.right]);
    const most = Math.max(1, more.most ?? 0, ...counts);
    const each = (box.right - box.left) / Math.max(1, counts.length);
    const heading = more.title ?? title;
    paper.drawing.replaceChildren(
      ...Array.from(counts, (n, i) => svg("rect", { x: box.left + i * each, width: Math.max(0.5, each - 0.6), y: box.bottom - (n / most) * (box.bottom - box.top), height: (n / most) * (box.bottom - box.top), fill: colour(more.colour ?? "border") })),
      svg("line", { x1: box.left, x2: box.right, y1: box.bottom, y2: box.bottom, class: "frame" }),
      ...ticks([low, high], false, Math.max(2, Math.floor(width / 90))).map((tick) => svg("text", { x: clamp(toX(tick), 14, width - 14), y: box.bottom + 15, "text-anchor": "middle", class: "quiet" }, brief(tick))),
      heading && svg("text", { x: box.left, y: 13, class: "name" }, heading),
      x.name && svg("text", { x: box.right, y: height - 4, "text-anchor": "end", class: "name" }, x.name),
    );
  }
  return { node: paper.node, show };
}

// How many values fall where; what lies beyond the ends counts to the last bin, what is not finite nowhere.
export function binned(values, { bins = 40, ends: given = null } = {}) {
  let [low, high] = given ?? [Infinity, -Infinity];
  if (!given) for (const value of values) if (Number.isFinite(value)) [low, high] = [Math.min(low, value), Math.max(high, value)];
  if (!(low < high)) [low, high] = Number.isFinite(low) ? [low - 0.5, low + 0.5] : [0, 1];
  const counts = new Array(bins).fill(0);
  for (const value of values) if (Number.isFinite(value)) counts[clamp(Math.floor((bins * (value - low)) / (high - low)), 0, bins - 1)]++;
  return { counts, low, high };
}
