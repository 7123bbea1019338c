// A network as columns of units, its wires coloured by sign and thick by size.
//   netdraw({ sizes: [2, 3, 1], label, names: { "0,1": "x₂" }, height, numbers: true, onPick({ unit: [l, j] } or { wire: [l, i, j] }) })
//   .show({ weights: [W₀, W₁, …], biases, units: [[…], …], picked, colours, texts, most, wireTexts })
// weights[l] is n_in × n_out, row by row (flat or lists). units are numbers shown inside the circles; colours a CSS colour for
// each. With onPick units and wires can be chosen by click; by keyboard: Tab to the drawing, arrows go over its units.
import { svg } from "./dom.js";
import { format } from "./numbers.js";
import { colour, sheet } from "./sheet.js";

export function netdraw({ sizes, label, names = {}, height = 300, numbers = true, onPick = null, columnNames = [], edge: least = 0 }) {
  const most = Math.max(...sizes);
  const radius = Math.max(7, Math.min(22, (height - 40) / most / 2.6));
  const readable = radius >= 15;
  const paper = sheet({ label, height, draw: () => layOut(), role: onPick ? "application" : "img", kind: "netdraw" });
  if (onPick) paper.drawing.setAttribute("tabindex", "0");
  const layers = Object.fromEntries(["wires", "numbers", "units", "names"].map((name) => [name, svg("g", { class: name })]));
  paper.drawing.append(...Object.values(layers));

  const wires = sizes.slice(1).map((n_out, l) => Array.from({ length: sizes[l] * n_out }, (_, at) => {
    const [i, j] = [Math.floor(at / n_out), at % n_out];
    const line = svg("line", { class: "wire" });
    const reach = onPick && sizes[l] * n_out <= 400 ? svg("line", { class: "wire-reach" }) : null;
    reach?.addEventListener("click", () => onPick({ wire: [l, i, j] }));
    const text = numbers && sizes[l] * n_out <= 12 ? svg("text", { class: "halo", "text-anchor": "middle" }) : null;
    layers.wires.append(...[line, reach].filter(Boolean));
    if (text) layers.numbers.append(text);
    return { line, reach, text, l, i, j };
  })).flat();
  const units = sizes.map((n, l) => Array.from({ length: n }, (_, j) => {
    const disc = svg("circle", { r: radius, class: "unit" });
    const text = svg("text", { "text-anchor": "middle", dy: 4.5, class: "inside" });
    const name = svg("text", { "text-anchor": "middle", class: "quiet" }, names[`${l},${j}`] ?? "");
    const group = svg("g", { class: onPick ? "pickable" : null }, disc, text, name);
    if (onPick) group.addEventListener("click", () => onPick({ unit: [l, j] }));
    layers.units.append(group);
    return { disc, text, name, group, l, j };
  }));
  columnNames.forEach((name) => layers.names.append(svg("text", { "text-anchor": "middle", class: "quiet" }, name)));

  let shown = {}, at = [0, 0];
  if (onPick) paper.drawing.addEventListener("keydown", (event) => {
    const [right, down] = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key] ?? [0, 0];
    if (!right && !down && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    const l = Math.min(sizes.length - 1, Math.max(0, at[0] + right));
    at = [l, Math.min(sizes[l] - 1, Math.max(0, at[1] + down))];
    onPick({ unit: at });
  });

  function place(l, j) {
    const width = paper.width(), edge = Math.max(radius + 16, 0.06 * width, least);
    const [top, bottom] = [columnNames.length ? 26 : 6, height - 18];
    const gap = Math.min((bottom - top) / most, 4.2 * radius);
    return [edge + (l / Math.max(1, sizes.length - 1)) * (width - 2 * edge), (top + bottom) / 2 + (j - (sizes[l] - 1) / 2) * gap];
  }
  function layOut() {
    for (const { line, reach, text, l, i, j } of wires) {
      const [[x1, y1], [x2, y2]] = [place(l, i), place(l + 1, j)];
      for (const each of [line, reach]) if (each) for (const [key, value] of Object.entries({ x1, y1, x2, y2 })) each.setAttribute(key, value);
      const clear = Math.min(0.5, (radius + 21) / Math.max(1, x2 - x1)); // beside the disc, not on it
      const share = Math.max(clear, Math.min(0.5, Math.max(0.18, 0.75 / sizes[l + 1]))); // before the wires of two units cross
      text?.classList.toggle("hidden", share * Math.abs(place(l + 1, 0)[1] - place(l + 1, 1)[1]) < 13 && sizes[l + 1] > 1); // no room
      text?.setAttribute("transform", `translate(${x1 + share * (x2 - x1)} ${y1 + share * (y2 - y1) + 4})`);
    }
    for (const { group, name, l, j } of units.flat()) {
      const [x, y] = place(l, j);
      group.setAttribute("transform", `translate(${x} ${y})`);
      name.setAttribute("dy", radius + 14);
    }
    [...layers.names.children].forEach((text, l) => {
      text.setAttribute("x", place(l, 0)[0]);
      text.setAttribute("y", 14);
    });
    paint();
  }

  function show(next) {
    shown = next;
    paper.measure();
    if (paper.width()) paint();
  }
  function paint() {
    const { weights = [], units: values = [], colours = [], picked = null, texts = [], wireTexts = null, label: words } = shown;
    if (words) paper.drawing.setAttribute("aria-label", words);
    const flat = weights.map((W) => (Array.isArray(W?.[0]) ? W.flat() : W));
    const largest = shown.most ?? Math.max(1e-9, ...flat.map((W) => Array.from(W).reduce((most, w) => Math.max(most, Math.abs(w) || 0), 0)));
    const fine = wires.length > 400;
    for (const { line, text, l, i, j } of wires) {
      const w = flat[l]?.[i * sizes[l + 1] + j] ?? 0;
      const share = Math.min(1, Math.abs(w) / largest);
      const chosen = picked?.wire && picked.wire[0] === l && picked.wire[1] === i && picked.wire[2] === j;
      line.setAttribute("stroke", colour(w > 0 ? "positive" : w < 0 ? "negative" : "zero"));
      line.setAttribute("stroke-width", (fine ? 0.2 : 0.8) + (fine ? 2 : 5) * share + (chosen ? 3 : 0));
      line.setAttribute("stroke-opacity", fine ? 0.1 + 0.9 * share : 0.35 + 0.65 * share);
      line.setAttribute("stroke-dasharray", w < 0 && !fine ? "9 3" : "none"); // a dash repeats what the colour says
      if (text) text.textContent = wireTexts ? wireTexts[l]?.[i * sizes[l + 1] + j] ?? "" : flat[l] ? format(w) : "";
    }
    for (const { disc, text, group, l, j } of units.flat()) {
      const value = texts[l]?.[j] ?? (readable && Number.isFinite(values[l]?.[j]) ? format(values[l][j]) : "");
      if (text.textContent !== value) text.textContent = value;
      const paint = colours[l]?.[j];
      disc.style.fill = paint ?? "";
      group.classList.toggle("painted", Boolean(paint));
      group.classList.toggle("chosen", Boolean(picked?.unit && picked.unit[0] === l && picked.unit[1] === j));
    }
    if (picked?.unit) at = picked.unit;
  }
  return { node: paper.node, drawing: paper.drawing, show, place, radius };
}
