// What can be opened under the playground's picture: histograms, 32 rates, a race, the code, the state.
import { button } from "../shared/controls.js";
import { curve } from "../shared/curve.js";
import { html, uniqueId } from "../shared/dom.js";
import { histogram } from "../shared/bars.js";
import { brief } from "../shared/numbers.js";
import { plane } from "../shared/plane.js";
import { ground, viridis } from "../shared/theme.js";
import { courseLines } from "./code.js";
import { BINS } from "./engines.js";
import { asText, parseState } from "./settings.js";

function section(heading, content, { onOpen } = {}) {
  const node = html("details", { class: "section" }, html("summary", {}, heading), content);
  node.addEventListener("toggle", () => node.open && onOpen?.());
  return node;
}

// Activations and gradients, layer by layer.
export function histograms({ onOpen }) {
  const body = html("div", { class: "histograms" });
  const node = section("Activations and gradients, layer by layer", body, { onOpen });
  let charts = [];
  function show(run) {
    if (!node.open || !run.counts) return;
    const layers = run.sizes.length - 1;
    if (charts.length !== 2 * layers) {
      charts = Array.from({ length: 2 * layers }, () => histogram({ label: "", height: 118 }));
      body.replaceChildren(...charts.map((chart) => chart.node));
    }
    charts.forEach((chart, i) => {
      const layer = Math.floor(i / 2) + 1;
      const title = i % 2 ? `layer ${layer}: log₁₀ |∂ℓ/∂w|` : layer === layers ? "what comes out, o" : `layer ${layer}: activations`;
      const counts = run.counts.slice(i * BINS, (i + 1) * BINS), [low, high] = run.ends.slice(2 * i, 2 * i + 2);
      const most = counts.indexOf(Math.max(...counts));
      chart.show({ counts, low, high }, { title, colour: i % 2 ? "positive" : "class0", label: `${title}: most near ${brief(low + ((most + 0.5) / BINS) * (high - low))}` });
    });
  }
  return { node, show, open: () => node.open };
}

// 32 learning rates from the same first weights, as a fan.
export function rateFan({ experiment, note }) {
  const chart = curve({ x: { name: "epoch", low: 0 }, y: { name: "loss", log: true }, label: "The loss of 32 networks by epoch, one for each learning rate", height: 300 });
  const words = html("p", { class: "caption", role: "status" }, "The same network 32 times, with rates from η/300 to 100 η, trained for 60 epochs in one call.");
  const go = button("Train 32 at once", async () => {
    go.disabled = true;
    try {
      const { header, arrays: [etas, losses] } = await experiment("rates");
      draw(header.epochs, etas, losses);
    } catch (error) {
      note(error.message);
    }
    go.disabled = false;
  });
  const node = section("32 learning rates at once", html("div", {}, go, words, chart.node));

  function draw(epochs, etas, losses) {
    const R = etas.length;
    const curves = Array.from(etas, (eta, r) => ({ eta, points: Array.from({ length: epochs }, (_, k) => [k + 1, losses[k * R + r]]) }));
    const last = ({ points }) => points.at(-1)?.[1] ?? NaN;
    const best = curves.reduce((a, c) => (last(c) < (Number.isFinite(last(a)) ? last(a) : Infinity) ? c : a));
    const highest = 3 * Math.max(...curves.map(({ points }) => points[0]?.[1]).filter((v) => v < 10));
    const lowest = Math.min(...curves.map(last).filter((v) => v > 0), 0.5);
    chart.show(curves.map(({ eta, points }, r) => ({ points, colour: viridis(r / (R - 1)), thick: curves[r] === best, name: curves[r] === best || r === 0 || r === R - 1 ? `η ${brief(eta)}` : "" })), { ylim: [lowest / 1.3, Math.max(highest, 1)] });
    const lost = curves.filter(({ points }) => !(last({ points }) < 3 * points[0][1])).length;
    words.textContent = `Lowest after ${epochs} epochs is η = ${brief(best.eta)} with a loss of ${brief(last(best))}; ${lost ? `${lost} of the largest rates ended above where they began or nowhere.` : "none diverged."}`;
  }
  return { node };
}

// Four optimizers from the same first weights, seen from above.
export function race({ experiment, note }) {
  const place = html("div", { class: "side-by-side" });
  const words = html("p", { class: "caption", role: "status" }, "SGD, momentum, RMSprop and Adam from the same θ₀ with the same batches and your η, and the loss over the plane that holds most of their ways.");
  const go = button("Start the race", async () => {
    go.disabled = true;
    try {
      draw(await experiment("race"));
    } catch (error) {
      note(error.message);
    }
    go.disabled = false;
  });
  const node = section("Optimizers on the loss surface", html("div", {}, go, words, place));

  function draw({ header: { names, box: [x0, x1, y0, y1], share }, arrays: [ways, losses, surface] }) {
    const T = ways.shape[1], side = Math.round(Math.sqrt(surface.length));
    const box = { x: [x0, x1], y: [y0, y1] };
    const heights = Array.from(surface, (value) => Math.log(Math.max(value, 1e-6)));
    const sorted = heights.filter(Number.isFinite).sort((a, c) => a - c);
    const [low, high] = [sorted[0], sorted[Math.floor(0.97 * (sorted.length - 1))]];
    const map = plane({ box, label: `The loss over a plane through four ways of optimizers; ${Math.round(100 * share)} per cent of their movement lies in it`, xName: "u₁", yName: "u₂" });
    map.fieldFrom(heights, side, (value) => ground((value - low) / (high - low)));
    map.contours((x, y) => between(heights, side, (x - x0) / (x1 - x0), (y1 - y) / (y1 - y0)), Array.from({ length: 9 }, (_, i) => low + ((i + 0.5) / 9) * (high - low)));
    const colours = ["#1A1A1A", "#0072B2", "#CC79A7", "#D55E00"];
    const paths = names.map((name, o) => ({ name, colour: colours[o], points: Array.from({ length: T }, (_, t) => [ways[(o * T + t) * 2], ways[(o * T + t) * 2 + 1]]) }));
    map.paths(paths.map((path) => ({ ...path, dots: true })));
    const chart = curve({ x: { name: "epoch", low: 0 }, y: { name: "loss", log: true }, label: "The loss of the four by epoch", height: 300 });
    const inks = ["loss", "#3D9BDC", "#CC79A7", "positive"];
    chart.show(names.map((name, o) => ({ name, colour: inks[o], points: Array.from({ length: T }, (_, t) => [t, losses[o * T + t]]) })));
    place.replaceChildren(map.node, chart.node);
    const ends = names.map((name, o) => [name, losses[o * T + T - 1]]).sort((a, c) => (a[1] || Infinity) - (c[1] || Infinity));
    words.textContent = `After ${T - 1} epochs ${ends[0][0]} is lowest, ${brief(ends[0][1])}; then ${ends.slice(1).map(([name, loss]) => `${name} ${Number.isFinite(loss) ? brief(loss) : "diverged"}`).join(", ")}. ${Math.round(100 * share)} % of all movement lies in this plane.`;
  }
  return { node };
}

// Between the numbers of a square grid, row by row from the top; across and down from 0 to 1.
function between(values, side, across, down) {
  const x = Math.min(Math.max(across * (side - 1), 0), side - 1.001), y = Math.min(Math.max(down * (side - 1), 0), side - 1.001);
  const [i, j] = [Math.floor(x), Math.floor(y)], [s, t] = [x - i, y - j];
  const at = (a, c) => values[c * side + a];
  return (1 - t) * ((1 - s) * at(i, j) + s * at(i + 1, j)) + t * ((1 - s) * at(i, j + 1) + s * at(i + 1, j + 1));
}

// The lines that make this run.
export function codeSection({ note }) {
  const text = html("code", {});
  const copy = button("Copy the lines", () => copyText(text.textContent, note));
  const words = html("p", { class: "caption" });
  const node = section("Show the code", html("div", {}, words, html("pre", { tabindex: "0", role: "region", "aria-label": "The course_lib lines of this run" }, text), copy), { onOpen: () => last && show(...last) });
  let last = null;
  function show(values, run) {
    last = [values, run];
    if (!node.open) return;
    const lines = courseLines(values, { epochs: run.loss.length, rates: run.rates, problem: run.problem });
    if (text.textContent !== lines) text.textContent = lines;
    words.textContent = run.engine === "python" ? "Paste these lines into a cell: the same curve comes out, to the last digit." : "The same settings in Python. (This run was trained in the page, with random numbers of its own.)";
  }
  return { node, show };
}

// The state as text: to copy, and to paste another.
export function stateSection({ schema, put, note }) {
  const id = uniqueId("state");
  const field = html("input", { type: "text", id, class: "state", autocomplete: "off", spellcheck: "false" });
  const link = () => `${location.protocol.startsWith("http") && !document.body.dataset.jpThemeLight ? location.href.split("#")[0] : ""}#playground?${field.value}`;
  const use = button("Use what I pasted", () => {
    try {
      put(parseState(field.value, schema), "A pasted state");
    } catch (error) {
      field.setAttribute("aria-invalid", "true");
      note(error.message);
    }
  });
  const node = section("Take it with you", html("div", { class: "state-row" }, html("label", { for: id }, "this playground as text"), field, button("Copy as link", () => copyText(link(), note)), use));
  let shown = null;
  function show(values) {
    const text = asText(values, schema);
    if (text === shown) return;
    field.value = shown = text;
    field.setAttribute("aria-invalid", "false");
  }
  return { node, show };
}

async function copyText(text, note) {
  try {
    await navigator.clipboard.writeText(text);
    note("Copied.");
  } catch {
    note("This browser does not let a page copy: select the text and copy it yourself.");
  }
}
