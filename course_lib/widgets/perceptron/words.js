// The figure in words.
import { clip, norm } from "../shared/geometry.js";
import { format, inWords, short } from "../shared/numbers.js";

const capital = (text) => text[0].toUpperCase() + text.slice(1);
const point = (x) => `(${x.map((value) => short(value)).join(", ")})`;
const rows = (numbers) =>
  numbers.length === 1 ? `Row ${numbers[0]} lies` : `Rows ${numbers.slice(0, -1).join(", ")} and ${numbers.at(-1)} lie`;

// One or two sentences: what just happened and the score; then the row to look at.
export function describe({ X, y, w, b, box, cause = "" }, { h, p, loss, mse, right }) {
  const good = right.filter(Boolean).length;
  const score = `${good === y.length ? `all ${inWords(good)} rows are` : `${inWords(good)} of ${inWords(y.length)} rows ${good === 1 ? "is" : "are"}`} right, mean squared error ${format(mse)}.`;
  const ties = h.flatMap((h_i, i) => (h_i === 0 ? [i + 1] : []));
  const worst = loss.indexOf(Math.max(...loss));
  const row = `row ${worst + 1}, x = ${point(X[worst])}: p is ${format(p[worst])} where y is ${y[worst]}.`;
  let second;
  if (norm(w) === 0) second = `Both weights are 0, so there is no line: every row gets the same p, ${format(p[0])}.`;
  else if (!clip(w, b, box)) second = "The line lies outside the picture, so every point is on the same side of it.";
  else if (ties.length) second = `${rows(ties)} exactly on the line: p is 0.5, and a tie counts as class 1.`;
  else if (good === y.length) second = `Closest to wrong is ${row}`;
  else second = `Furthest off is ${row}`;
  return `${cause ? `${cause}: ${score}` : capital(score)} ${second}`;
}

// The weighted sum with its numbers: h = 1.00 x₁ − 1.00 x₂ − 0.50
export function formula(w, b) {
  const term = (value, name) => `${value < 0 ? "−" : "+"} ${format(Math.abs(value))}${name}`;
  return `h = ${format(w[0])} x₁ ${term(w[1], " x₂")} ${term(b, "")}`;
}
