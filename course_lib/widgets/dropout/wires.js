// The neuron and its inputs as a drawing; an input is a switch: there, or left out.
import { svg } from "../shared/dom.js";
import { format, short } from "../shared/numbers.js";
import { sheet } from "../shared/sheet.js";

const SUBSCRIPT = "₀₁₂₃₄₅";

// The slide's names for two inputs, numbered ones for more.
export function namesOf(n) {
  const one = (letter, from) => Array.from({ length: n }, (_, i) => letter + SUBSCRIPT[i + from]);
  return n === 2 ? { x: ["x", "y"], w: one("w", 0) } : { x: one("x", 1), w: one("w", 1) };
}

export function wires({ x, w, onToggle }) {
  const n = x.length, height = Math.max(190, 62 * n + 40);
  const names = namesOf(n);
  let shown = null;
  const paper = sheet({ label: "The neuron and its inputs", height, draw: paint, role: "group", kind: "neuron" });
  const inputs = x.map((value, i) => input(value, i));
  const lines = x.map((_, i) => svg("line", { class: w[i] < 0 ? "wire negative" : "wire positive", "stroke-width": 1.5 + 2.5 * Math.min(1, Math.abs(w[i])) }));
  const labels = x.map((_, i) => svg("text", { class: "halo", "text-anchor": "middle" }, `${names.w[i]} = ${short(w[i])}`));
  const neuron = svg("circle", { r: 34, class: "body" });
  const symbol = svg("text", { "text-anchor": "middle", class: "quiet" }, "a");
  const says = svg("text", { "text-anchor": "middle", class: "says" });
  paper.drawing.append(...lines, ...labels, neuron, symbol, says, ...inputs.map(({ node }) => node));

  function input(value, i) {
    const digit = svg("text", { "text-anchor": "middle", y: 5, class: "digit" });
    const node = svg("g", { class: "input", role: "switch", tabindex: "0", "aria-label": `input ${names.x[i]} = ${short(value)}` },
      svg("circle", { r: 27, class: "focus-ring" }), svg("circle", { r: 24, class: "body" }), digit);
    node.addEventListener("click", () => onToggle(i));
    node.addEventListener("keydown", (event) => {
      if (event.key !== " " && event.key !== "Enter") return;
      event.preventDefault();
      onToggle(i);
    });
    return { node, digit };
  }

  function paint(width) {
    const from = [Math.max(40, 0.16 * width), (i) => (height * (i + 0.5)) / n];
    const to = [Math.min(width - 46, 0.8 * width), height / 2];
    x.forEach((_, i) => {
      const [px, py] = [from[0], from[1](i)];
      inputs[i].node.setAttribute("transform", `translate(${px} ${py})`);
      for (const [key, value] of Object.entries({ x1: px + 24, y1: py, x2: to[0] - 34, y2: to[1] })) lines[i].setAttribute(key, value);
      labels[i].setAttribute("x", px + 0.42 * (to[0] - px));
      labels[i].setAttribute("y", py + 0.42 * (to[1] - py) - 9);
    });
    for (const [node, dy] of [[neuron, 0], [symbol, -10], [says, 12]]) {
      for (const [key, value] of Object.entries(node === neuron ? { cx: to[0], cy: to[1] } : { x: to[0], y: to[1] + dy })) node.setAttribute(key, value);
    }
    if (shown) show(...shown);
  }

  // mask: which inputs are there; a: what the neuron says; scale: what kept inputs are multiplied by
  function show(mask, a, scale = 1) {
    shown = [mask, a, scale];
    mask.forEach((kept, i) => {
      inputs[i].node.setAttribute("aria-checked", String(Boolean(kept)));
      inputs[i].node.classList.toggle("out", !kept);
      inputs[i].digit.textContent = kept ? short(x[i] * scale) : "✕";
      lines[i].classList.toggle("out", !kept);
    });
    says.textContent = format(a);
    paper.measure();
  }
  return { node: paper.node, show };
}
