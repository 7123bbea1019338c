// One histogram for each layer, side by side on one upright axis; each is as wide as its place at its fullest bin.
//   violins({ name, label, colour, power }).show({ columns: [{ counts, text }], low, high })
//   power: the axis counts powers of ten, low and high are exponents
import { svg } from "../shared/dom.js";
import { brief } from "../shared/numbers.js";
import { places, ticks } from "../shared/scale.js";
import { sheet } from "../shared/sheet.js";

const HEIGHT = 250, TOP = 26, BOTTOM = 44, LEFT = 54, RIGHT = 4, ROOM = 33; // px; a number under a column needs this much

export function violins({ name, label, colour, power = false, below = "" }) {
  let shown = null;
  const paper = sheet({ label, height: HEIGHT, draw: paint, kind: "violins" });
  const tickText = (tick) => (power ? brief(Number(`1e${tick}`)) : brief(tick));

  function show(next) {
    shown = next;
    paper.measure();
    if (paper.width()) paint(paper.width());
  }
  function paint(width) {
    if (!shown) return;
    const { columns, low, high } = shown;
    const each = (width - LEFT - RIGHT) / columns.length;
    const toY = places([low, high], [HEIGHT - BOTTOM, TOP]);
    const every = Math.max(1, Math.ceil(ROOM / each));
    paper.drawing.replaceChildren(
      svg("text", { x: 2, y: 14, class: "name" }, name),
      ...ticks([low, high], false, 5).filter((tick) => !power || Number.isInteger(tick)).flatMap((tick) => [
        svg("line", { x1: LEFT, x2: width - RIGHT, y1: toY(tick), y2: toY(tick), class: "grid" }),
        svg("text", { x: LEFT - 6, y: toY(tick) + 4.5, "text-anchor": "end" }, tickText(tick)),
      ]),
      ...columns.flatMap(({ counts, text }, i) => {
        const middle = LEFT + (i + 0.5) * each;
        const words = i % every === 0 ? [
          svg("text", { x: middle, y: HEIGHT - BOTTOM + 19, "text-anchor": "middle", class: "quiet" }, String(i + 1)),
          svg("text", { x: middle, y: HEIGHT - BOTTOM + 36, "text-anchor": "middle", style: "font-size: 11px" }, text),
        ] : [];
        return [svg("path", { d: outline(counts, middle, 0.46 * each, toY, low, high), fill: colour }), ...words];
      }),
      svg("text", { x: 2, y: HEIGHT - BOTTOM + 19, class: "quiet" }, "layer"),
      svg("text", { x: 2, y: HEIGHT - BOTTOM + 36, class: "quiet", style: "font-size: 11px" }, below),
    );
  }
  return { node: paper.node, show };
}

// Steps, mirrored at the column's middle. At least a hair wide, so that a lonely bin is seen.
function outline(counts, middle, half, toY, low, high) {
  const most = Math.max(...counts) || 1;
  const edge = (i) => toY(low + ((high - low) * i) / counts.length).toFixed(1);
  const wide = Array.from(counts, (count) => (count ? Math.max(0.6, (half * count) / most) : 0));
  const right = wide.map((w, i) => `H${(middle + w).toFixed(1)}V${edge(i + 1)}`).join("");
  const left = wide.map((w, i) => `H${(middle - w).toFixed(1)}V${edge(i)}`).reverse().join("");
  return `M${middle.toFixed(1)} ${edge(0)}${right}${left}Z`;
}
