// The 2-3-1 network with a number on every wire and in every unit. Inputs, weights and biases can be dragged.
import { drag } from "../shared/drag.js";
import { html, svg } from "../shared/dom.js";
import { clamp, format, hundredths, short } from "../shared/numbers.js";
import { attribute, light, sign, wide, write } from "../graph/writing.js";
import { NAMES, b, b_o, w, w_o } from "./formulas.js";

const TALL = 62, ROW = 122, HEIGHT = 3 * ROW + 6, LIMIT = 10; // px; numbers stay within ±10
const PER_PIXEL = 0.02, PER_KEY = 0.1;
const NEAR_HIDDEN = 0.7, NEAR_SOURCE = 0.3; // where along a wire its number stands, so that no two meet
const MACRON = "\u0304";
const bar = (name) => `${name[0]}${MACRON}${name.slice(1)}`;

//   onInput(i, value) · onWeight(k, value, theta)
export function netDrawing({ onInput, onWeight }) {
  const drawing = svg("svg", { role: "group", width: "100%", height: HEIGHT, "aria-label": "A network of two inputs, three hidden neurons and one output" });
  const node = html("div", { class: "graph net" }, drawing);
  node.style.height = `${HEIGHT}px`;
  const layers = Object.fromEntries(["wires", "units", "numbers"].map((name) => [name, svg("g", { class: name })]));
  drawing.append(...Object.values(layers));
  let latest = null, width = 0;

  const inputs = [0, 1].map((i) => unit(`x${"₁₂"[i]}`, { onMove: (value) => onInput(i, value), here: () => latest.x[i] }));
  const hidden = [0, 1, 2].map((j) => unit(`h${"₁₂₃"[j]}`));
  const output = unit("p"), judge = unit("ℓ");
  const wires = [
    ...[0, 1].flatMap((i) => [0, 1, 2].map((j) => wire(w(i, j), inputs[i], hidden[j], NEAR_HIDDEN))),
    ...[0, 1, 2].map((j) => wire(w_o(j), hidden[j], output, NEAR_SOURCE)),
  ];
  const down = svg("path", { class: "line plain" });
  layers.wires.append(down);
  const biases = [...[0, 1, 2].map((j) => number(b(j))), number(b_o)];

  new ResizeObserver(() => {
    const now = Math.round(node.clientWidth);
    if (!now || now === width) return;
    width = now;
    drawing.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    layOut();
    if (latest) update();
  }).observe(node);

  function unit(name, moves = null) {
    const frame = svg("rect", { height: TALL, rx: moves ? 4 : 15, class: "frame" });
    const says = svg("tspan", { class: "says", dx: 5 });
    const texts = { top: svg("text", { y: -13, class: "top" }, svg("tspan", { class: "name" }, name), says), value: svg("text", { y: 6, class: "value" }), back: svg("text", { y: 24, class: "bar" }) };
    const g = svg("g", { class: moves ? "box given" : "box", ...(moves ? handle(`${name}, an input`) : { "aria-hidden": "true" }) }, moves && tip(name), frame, Object.values(texts));
    layers.units.append(g);
    const made = { name, g, frame, says, ...texts, at: [0, 0], wide: 0 };
    if (moves) movable(g, moves);
    return made;
  }
  function number(k) {
    const frame = svg("rect", { x: -29, y: -13, width: 58, height: 18, rx: 3, class: "grip" });
    const value = svg("text", { class: "weight" }), back = svg("text", { y: 15, class: "share" });
    const g = svg("g", { class: "box given label", ...handle(`${NAMES[k]}, a ${k < b(0) ? "weight" : "bias"}`) }, tip(NAMES[k]), frame, value, back);
    layers.numbers.append(g);
    movable(g, { onMove: (next) => onWeight(k, next, latest.theta), here: () => latest.theta[k] });
    return { k, g, value, back };
  }
  function wire(k, from, to, share) {
    const line = svg("path", { class: "line" });
    const g = svg("g", { class: "wire", "aria-hidden": "true" }, line);
    layers.wires.append(g);
    return { ...number(k), from, to, share, line, group: g };
  }

  function layOut() {
    const roomy = width > 560;
    const [small, wide] = roomy ? [84, 112] : [58, 70];
    const column = (share) => (roomy ? 60 : small / 2 + 3) + share * (width - (roomy ? 60 : small / 2 + 3) - wide / 2 - (roomy ? 60 : 3));
    const put = (each, x, y, size) => {
      each.at = [x, y];
      each.wide = size;
      each.g.setAttribute("transform", `translate(${x} ${y})`);
      for (const [key, value] of Object.entries({ x: -size / 2, y: -TALL / 2, width: size })) each.frame.setAttribute(key, value);
    };
    const row = (r) => 36 + r * ROW;
    inputs.forEach((each, i) => put(each, column(0), row(0.5 + i), small));
    hidden.forEach((each, j) => put(each, column(roomy ? 0.52 : 0.5), row(j), wide));
    put(output, column(1), row(0.75), wide);
    put(judge, column(1), row(2), wide);
    for (const { line, from, to, share, g } of wires) {
      const [x1, y1] = [from.at[0] + from.wide / 2, from.at[1]], [x2, y2] = [to.at[0] - to.wide / 2, to.at[1]];
      line.setAttribute("d", `M${x1} ${y1}L${x2} ${y2}`);
      g.setAttribute("transform", `translate(${x1 + share * (x2 - x1)} ${y1 + share * (y2 - y1)})`);
    }
    down.setAttribute("d", `M${output.at[0]} ${output.at[1] + TALL / 2}V${judge.at[1] - TALL / 2}`);
    biases.forEach(({ g }, i) => {
      const [x, y] = (hidden[i] ?? output).at;
      g.setAttribute("transform", `translate(${x + (i === 3 ? -wide / 4 : 0)} ${y + TALL / 2 + 16})`);
    });
  }

  function show(state) {
    latest = state;
    if (width) update();
  }
  function update() {
    const { x, h, a, o, p, y, loss, theta, grad, d_x, d_h, d_o, d_p, back, phi } = latest;
    const fill = (each, says, value, bars) => {
      write(each.says, says);
      if (write(each.value, value)) light(each.frame);
      write(each.back, back ? `${bar(each.name)} ${format(bars)}` : "");
      sign(each.back, bars);
    };
    inputs.forEach((each, i) => {
      fill(each, "", short(x[i]), d_x[i]);
      spoken(each.g, each.name, x[i], back ? d_x[i] : null);
    });
    const bend = phi === "sigmoid" ? "σ" : phi === "relu" ? "ReLU" : "tanh";
    hidden.forEach((each, j) => fill(each, `${bend}(${short(a[j])})`, format(h[j]), d_h[j]));
    fill(output, `σ(${short(o)})`, format(p), d_p);
    fill(judge, `y = ${y}`, format(loss, 3), 1);
    const most = (list) => Math.max(1e-9, ...list.map(Math.abs));
    const [largest, steepest] = [most(theta.slice(0, 9)), most(grad.slice(0, 9))];
    for (const { k, value, back: share, line, group, g } of [...wires, ...biases]) {
      const bias = k >= b(0);
      write(value, bias ? `${k === b_o ? "b_o" : "b"} ${short(theta[k])}` : short(theta[k]));
      write(share, back ? format(grad[k], width > 560 ? 3 : 2) : "");
      sign(share, grad[k]);
      spoken(g, NAMES[k], theta[k], back ? grad[k] : null);
      if (!line) continue;
      const shown = back ? grad[k] : theta[k];
      sign(group, shown);
      wide(group, 1.2 + 5 * (Math.abs(shown) / (back ? steepest : largest)));
      attribute(line, "stroke-dasharray", shown < 0 ? "9 3" : "none"); // a dash repeats what the colour says
    }
    sign(down, back ? d_o : null);
  }
  return { node, show };
}

const handle = (name) => ({ role: "slider", tabindex: "0", "aria-label": name, "aria-valuemin": -LIMIT, "aria-valuemax": LIMIT });
const tip = (name) => svg("title", {}, `${name}. Drag it, or use the arrow keys (Shift for bigger steps).`);
function spoken(g, name, value, back) {
  attribute(g, "aria-valuenow", value);
  attribute(g, "aria-valuetext", `${name} = ${short(value)}${back === null ? "" : `, ∂ℓ/∂${name} = ${short(back, 4)}`}`);
}

function movable(g, { onMove, here }) {
  let from = null;
  const move = (value) => onMove(hundredths(clamp(value, -LIMIT, LIMIT)));
  drag([g], (event) => move(from.value + PER_PIXEL * (event.clientX - from.x - (event.clientY - from.y))), g, { onStart: (event) => (from = { x: event.clientX, y: event.clientY, value: here() }) });
  g.addEventListener("keydown", (event) => {
    const step = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    move(here() + step * PER_KEY * (event.shiftKey ? 5 : 1));
  });
}
