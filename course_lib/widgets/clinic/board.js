// The search board: spend a budget of runs on cells of learning rate × penalty, coarse first, then fine.
import { number, stage, toggle } from "../shared/stage.js";
import { svg, html } from "../shared/dom.js";
import { brief, clamp, format } from "../shared/numbers.js";
import { generator } from "../shared/random.js";
import { sheet } from "../shared/sheet.js";
import { viridis } from "../shared/theme.js";
import { nextTry, place, standing } from "./search.js";

const LEFT = 70, TOP = 26, BOTTOM = 42, RIGHT = 8, HEIGHT = 360;
const two = (value) => brief(Number(value.toPrecision(2)));

export default stage({
  title: ({ data, values }) => {
    const best = standing(values.tried, data.scores);
    return best && values.tried.length >= values.budget
      ? `${values.budget} runs found ${best.rank === 1 ? "the best" : `number ${best.rank}`} of ${data.scores.length}`
      : "Spread the first runs wide, spend the last ones near the best";
  },
  controls: [number("budget", { word: "budget of runs", low: 4, high: 60, whole: true }), toggle("map", { word: "show the whole map" })],
  seeded: true,
  stepsPerSecond: 2,
  unit: "played by coarse-to-fine:",
  restartOn: [],

  begin: ({ seed }) => ({ k: 0, random: generator(seed) }),
  step({ data, values, run, put }) {
    if (values.tried.length >= values.budget) return false;
    const cell = nextTry({ tried: values.tried, budget: values.budget, scores: data.scores, columns: data.etas.length, random: run.random });
    if (cell === null) return false;
    run.k++;
    put({ tried: [...values.tried, cell], cell });
    return values.tried.length + 1 < values.budget;
  },

  picture({ data, put, note, redraw }) {
    const { etas, lambdas, scores } = data;
    const columns = etas.length, rows = lambdas.length;
    const finite = scores.filter((score) => score < data.worst);
    const low = Math.log(Math.min(...finite)), high = Math.log(Math.min(3, Math.max(...finite)));
    const shade = (score) => viridis(1 - clamp((Math.log(score) - low) / (high - low), 0, 1));
    let values = null;

    const paper = sheet({ label: "The board: learning rate across, penalty upwards", height: HEIGHT, draw: () => values && paint(), role: "group", kind: "board" });
    const cells = svg("g", {}), axes = svg("g", { "aria-hidden": "true" });
    const cursor = svg("g", { class: "cursor", role: "button", tabindex: "0" }, svg("rect", { class: "box" }));
    paper.drawing.append(axes, cells, cursor);
    const node = html("div", { class: "board-room" }, paper.node, html("p", { class: "caption" }, "A click spends a run on a cell. By keyboard: Tab to the board, arrow keys, Enter. Bright is good. Or press Play and watch coarse-to-fine spend it."));

    function spend(cell) {
      if (values.tried.includes(cell)) return note("This run was made already: the same settings give the same result.");
      if (values.tried.length >= values.budget) return note(`All ${values.budget} runs are spent. Press Reset for a new game, or look at the whole map.`);
      put({ tried: [...values.tried, cell], cell }, `Run ${values.tried.length + 1}`);
    }
    const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    cursor.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") spend(values.cell);
      else if (!KEYS[event.key]) return;
      else {
        const [x, y] = place(values.cell, columns).map((at, axis) => clamp(at + KEYS[event.key][axis], 0, [columns, rows][axis] - 1));
        put({ cell: x + columns * y });
      }
      event.preventDefault();
    });
    cells.addEventListener("click", (event) => {
      const cell = event.target.closest("[data-cell]");
      if (cell) spend(Number(cell.dataset.cell));
    });
    cursor.addEventListener("click", () => spend(values.cell));

    function paint() {
      const width = (paper.width() - LEFT - RIGHT) / columns, tall = (HEIGHT - TOP - BOTTOM) / rows;
      const at = (cell) => (([x, y]) => ({ x: LEFT + x * width, y: HEIGHT - BOTTOM - (y + 1) * tall }))(place(cell, columns));
      const best = standing(values.tried, scores);
      cells.replaceChildren(...scores.map((score, cell) => {
        const order = values.tried.indexOf(cell), open = order >= 0 || values.map;
        const { x, y } = at(cell);
        const words = width > 34 ? (score >= data.worst ? "✕" : format(score)) : score >= data.worst ? "✕" : order >= 0 ? "•" : "";
        return svg("g", { "data-cell": cell, class: `cell${order >= 0 ? " tried" : ""}${best?.cell === cell ? " best" : ""}` },
          svg("rect", { x: x + 1, y: y + 1, width: width - 2, height: tall - 2, rx: 3, fill: open ? shade(score) : "var(--panel)" }),
          open && svg("text", { x: x + width / 2, y: y + tall / 2 + 4.5, "text-anchor": "middle" }, words));
      }));
      const tick = (list, each) => list.map((value, i) => [value, i]).filter(([, i]) => i % each === 0);
      axes.replaceChildren(
        ...tick(etas, width > 34 ? 2 : 7).map(([eta, i]) => svg("text", { x: LEFT + (i + 0.5) * width, y: HEIGHT - BOTTOM + 16, "text-anchor": "middle" }, two(eta))),
        ...tick(lambdas, 2).map(([lam, i]) => svg("text", { x: LEFT - 7, y: HEIGHT - BOTTOM - (i + 0.5) * tall + 4.5, "text-anchor": "end" }, two(lam))),
        svg("text", { x: paper.width() - RIGHT, y: HEIGHT - 8, "text-anchor": "end", class: "name" }, "η, learning rate"),
        svg("text", { x: 2, y: 14, class: "name" }, "λ, penalty"),
      );
      const { x, y } = at(values.cell);
      for (const [key, value] of Object.entries({ x, y, width, height: tall, rx: 4 })) cursor.firstChild.setAttribute(key, value);
      const [i, j] = place(values.cell, columns);
      cursor.setAttribute("aria-label", `η = ${two(etas[i])}, λ = ${two(lambdas[j])}: ${values.tried.includes(values.cell) ? `validation loss ${format(scores[values.cell])}` : "Enter makes this run"}`);
    }
    function draw(scene) {
      values = scene.values;
      paper.measure();
      if (paper.width()) paint();
    }
    return { node, draw };
  },

  describe({ data, values }) {
    const best = standing(values.tried, data.scores);
    const settings = (cell) => (([i, j]) => `η = ${two(data.etas[i])}, λ = ${two(data.lambdas[j])}`)(place(cell, data.etas.length));
    if (!best) return `${data.scores.length} runs lie hidden, η from ${two(data.etas[0])} to ${two(data.etas.at(-1))}, λ from ${two(data.lambdas[0])} to ${two(data.lambdas.at(-1))}. You may make ${values.budget} of them; find a low validation loss.`;
    const last = values.tried.at(-1);
    const left = Math.max(0, values.budget - values.tried.length);
    return `The last run, ${settings(last)}, has validation loss ${format(data.scores[last])}. The best so far is ${format(best.score)} at ${settings(best.cell)}; ${left ? `${left} run${left === 1 ? " is" : "s are"} left.` : `that is number ${best.rank} of all ${data.scores.length}.`}`;
  },
});
