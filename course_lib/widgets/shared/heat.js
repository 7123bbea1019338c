// A matrix as coloured cells with their numbers: positive warm, negative cool, zero pale.
//   heat({ label, rows, columns, decimals, size, onPick(row, column), paint(value) → [r, g, b], most })
//   .show(values, { picked: [row, column], most, marks: [[row, column], …], texts })      values: lists of rows, or a flat array
// With onPick a cell can be chosen by click or by keyboard (Tab to the matrix, arrows, the choice follows).
import { svg, html } from "./dom.js";
import { format } from "./numbers.js";
import { colourOf, signed } from "./theme.js";

export function heat({ label, rows, columns, decimals = 2, size = 44, onPick = null, paint = null, most: fixed = null, rowNames = [], columnNames = [] }) {
  const left = rowNames.length ? 8 + 7.5 * Math.max(...rowNames.map((name) => name.length)) : 1;
  const top = columnNames.length ? 20 : 1;
  const [width, height] = [left + columns * size + 1, top + rows * size + 1];
  const numbers = decimals !== null && size >= 26;
  const drawing = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: onPick ? "application" : "img", "aria-label": label, tabindex: onPick ? "0" : null });
  const node = html("div", { class: "heat" }, drawing);
  node.style.maxWidth = `${width}px`;
  const cells = Array.from({ length: rows * columns }, (_, i) => {
    const [x, y] = [left + (i % columns) * size, top + Math.floor(i / columns) * size];
    const ground = svg("rect", { x, y, width: size, height: size, class: "cell" });
    const text = numbers ? svg("text", { x: x + size / 2, y: y + size / 2 + 4.5, "text-anchor": "middle" }) : null;
    const group = svg("g", { class: onPick ? "pickable" : null }, ground, text);
    if (onPick) group.addEventListener("click", () => pick(Math.floor(i / columns), i % columns));
    return { ground, text, group };
  });
  const frame = svg("rect", { width: size, height: size, class: "picked hidden" });
  const rings = svg("g", {});
  drawing.append(
    ...rowNames.map((name, i) => svg("text", { x: left - 6, y: top + (i + 0.5) * size + 4.5, "text-anchor": "end", class: "quiet" }, name)),
    ...columnNames.map((name, j) => svg("text", { x: left + (j + 0.5) * size, y: 14, "text-anchor": "middle", class: "quiet" }, name)),
    ...cells.map(({ group }) => group), rings, frame);

  let at = [0, 0];
  function pick(row, column) {
    at = [row, column];
    onPick(row, column);
  }
  if (onPick) drawing.addEventListener("keydown", (event) => {
    const [down, right] = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key] ?? [0, 0];
    if (!down && !right && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    pick(Math.min(rows - 1, Math.max(0, at[0] + down)), Math.min(columns - 1, Math.max(0, at[1] + right)));
  });

  function show(given, { picked = null, most = fixed, marks = [], texts = null, label: words } = {}) {
    const values = Array.isArray(given?.[0]) ? given.flat() : Array.from(given);
    const scale = most ?? (Math.max(...values.map((value) => Math.abs(value) || 0).filter(Number.isFinite)) || 1);
    values.forEach((value, i) => {
      const rgb = !Number.isFinite(value) ? [200, 200, 200] : paint ? paint(value) : signed(value / scale);
      const { ground, text } = cells[i];
      ground.setAttribute("fill", colourOf(rgb));
      if (!text) return;
      const words = texts ? texts[i] ?? "" : format(value, decimals);
      if (text.textContent !== words) text.textContent = words;
      text.setAttribute("fill", luminance(rgb) > 0.36 ? "#1a1a1a" : "#fff");
    });
    const box = ([row, column]) => ({ x: left + column * size, y: top + row * size });
    rings.replaceChildren(...marks.map((mark) => svg("rect", { ...box(mark), width: size, height: size, class: "mark" })));
    frame.classList.toggle("hidden", !picked);
    if (picked) {
      at = picked;
      for (const [key, value] of Object.entries(box(picked))) frame.setAttribute(key, value);
    }
    const named = picked ? `${label}; chosen: row ${picked[0] + 1}, column ${picked[1] + 1}, ${format(values[picked[0] * columns + picked[1]], decimals ?? 2)}` : label;
    drawing.setAttribute("aria-label", words ?? named);
  }
  return { node, show };
}

const luminance = ([r, g, b]) => [r, g, b].map((c) => ((c / 255) ** 2.2)).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
