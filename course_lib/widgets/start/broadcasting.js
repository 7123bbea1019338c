// A puzzle: which shape has the sum of two arrays? The answer comes after the guess.
import { button } from "../shared/controls.js";
import { html, svg } from "../shared/dom.js";
import { slider, stage } from "../shared/stage.js";
import { sheet } from "../shared/sheet.js";
import { setText } from "../shared/table.js";
import { drawnAs, GUESSES, judge, PUZZLES, written } from "./shapes.js";

const HEIGHT = 210, TOP = 44, CELL = 30;

export default stage({
  title: ({ values }) => {
    const { a, b, result, guessed } = judge(values);
    return guessed ? `${written(a)} and ${written(b)} ${result ? `make ${written(result)}` : "do not fit"}` : "Which shape has the sum? Guess first";
  },
  controls: [
    slider("puzzle", { symbol: "#", word: "puzzle", low: 1, high: PUZZLES.length, step: 1, whole: true }),
  ],
  picture({ put }) {
    const paper = sheet({ label: "Two arrays as cells, and their sum", height: HEIGHT, draw: paint, kind: "shapes" });
    const layer = svg("g", {});
    paper.drawing.append(layer);
    const verdict = html("p", { class: "formula" });
    let now = null, puzzle = 1;
    const guesses = GUESSES.map((shape) => button(written(shape), () => put({ guess: [puzzle, written(shape)] }, `Your guess: ${written(shape)}`)));

    function paint(width) {
      if (!now) return;
      const { a, b, result, guessed } = now;
      const cell = Math.min(CELL, (width - 76) / 12.2);
      const room = 4 * cell;
      let x = 4;
      const parts = [];
      const block = (shape, tone, name, full) => {
        parts.push(...cells(x, shape, cell, tone, full), svg("text", { x: x + room / 2, y: 18, "text-anchor": "middle", class: "name" }, name));
        x += room;
      };
      const sign = (text) => {
        parts.push(svg("text", { x: x + 17, y: TOP + 2 * cell, "text-anchor": "middle", class: "name", "font-size": 20 }, text));
        x += 34;
      };
      block(a, "class0", written(a), guessed && result);
      sign("+");
      block(b, "class1", written(b), guessed && result);
      sign("=");
      if (guessed && result) block(result, "zero", written(result));
      else parts.push(svg("text", { x: x + room / 2, y: TOP + 2 * cell, "text-anchor": "middle", class: "name", "font-size": 20 }, guessed ? "error" : "?"));
      layer.replaceChildren(...parts);
    }
    function draw({ values }) {
      puzzle = values.puzzle;
      now = judge(values);
      paper.measure();
      if (paper.width()) paint(paper.width());
      setText(verdict, now.guessed ? (now.right ? "✓ right" : `✗ it is ${written(now.result)}`) : "The sum has shape …");
      guesses.forEach((each, i) => each.setAttribute("aria-pressed", String(now.guessed && written(GUESSES[i]) === values.guess[1])));

    }
    return { node: html("div", {}, paper.node, verdict, html("div", { class: "stepper", role: "group", "aria-label": "Your guess" }, guesses)), draw };
  },
  describe({ values }) {
    const { a, b, result, guessed, right } = judge(values);
    if (!guessed) return `Puzzle ${values.puzzle} of ${PUZZLES.length}: an array of shape ${written(a)} plus one of shape ${written(b)}. Which shape has the sum? Choose your guess.`;
    const why = result ? "Sizes are compared from the right; where one is 1 or missing, it is repeated, drawn faint." : "Sizes are compared from the right, and here the last two are neither equal nor 1.";
    return `${right ? "Right" : `You said ${values.guess[1]}`}: ${written(a)} plus ${written(b)} ${result ? `has shape ${written(result)}` : "is an error"}. ${why}`;
  },
});

// An array as cells; with `full`, its repeated copies too, faint.
function cells(x, shape, size, tone, full) {
  const [rows, columns] = drawnAs(shape), [most, wide] = full ? drawnAs(full) : [rows, columns];
  return Array.from({ length: most * wide }, (_, i) => {
    const [r, c] = [Math.floor(i / wide), i % wide];
    const copy = r >= rows || c >= columns;
    return svg("rect", { x: x + c * size + 1, y: TOP + r * size + 1, width: size - 2, height: size - 2, rx: 3, fill: `var(--${tone})`, "fill-opacity": copy ? 0.22 : 0.9, stroke: copy ? `var(--${tone})` : "none", "stroke-dasharray": "3 3" });
  });
}
