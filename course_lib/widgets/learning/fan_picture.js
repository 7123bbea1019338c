// A fan of runs, one for each learning rate: left their errors as they go, right the last errors over the rate.
//   draw({ all, yours, x, ylim, started })   all, yours: { eta, losses }; x(k) is where loss k stands. Losses are only ever added.
import { html } from "../shared/dom.js";
import { curve } from "../shared/curve.js";
import { brief } from "../shared/numbers.js";
import { viridis } from "../shared/theme.js";

const TAIL = 10; // the last errors of a rate, as dots on the right
const GAP = [NaN, NaN]; // between two dots no line
const HEIGHT = 340;

const wide = (name) => name.padEnd(10, "\u00a0"); // names of one length, so that the chart keeps its width
export const two = (value) => brief(Number(value.toPrecision(2)));

export function fanPicture({ etas, across, error, put }) {
  const move = (value) => {
    const eta = Number(value.toPrecision(3));
    put({ eta }, `η = ${brief(eta)}`);
  };
  const curves = curve({ x: across, y: { name: error, log: true }, label: `${error} over ${across.name}, one curve a learning rate`, height: HEIGHT });
  const ends = curve({
    x: { name: "η, learning rate", low: etas[0], high: etas.at(-1), log: true }, y: { name: `${error}, the last ${TAIL}`, log: true },
    label: `The last ${TAIL} values over the learning rate`, height: HEIGHT, marker: { label: "η, your learning rate", step: 1.1, onMove: move },
  });
  // The lists of points of a run, which grow with it: while it rests they stay the same lists, and the charts need not draw them again.
  const known = new WeakMap();
  function pointsOf(one, x) {
    if (!known.has(one)) known.set(one, { line: [], tail: [] });
    const points = known.get(one), { eta, losses } = one, had = points.line.length;
    for (let k = had; k < losses.length; k++) points.line.push([x(k), losses[k]]);
    if (losses.length > had) points.tail = losses.slice(-TAIL).flatMap((loss) => [[eta, loss], GAP]);
    return points;
  }

  function draw({ all, yours, x, ylim, started }) {
    const inks = all.map((_, r) => viridis(r / (all.length - 1)));
    const lists = all.map((one) => pointsOf(one, x)), mine = pointsOf(yours, x);
    curves.show(
      [...lists.map(({ line }, r) => ({ points: line, colour: inks[r], kept: true })), { points: mine.line, thick: true, name: started ? wide(`η = ${brief(yours.eta)}`) : "" }],
      { ylim, marks: started ? [] : [{ at: mine.line[0], text: "all start here" }] },
    );
    ends.show(
      [...lists.map(({ tail }, r) => ({ points: tail, colour: inks[r], dots: true, kept: true })), { points: mine.tail, dots: true, thick: true, name: wide(two(yours.losses.at(-1))) }],
      { ylim, marker: yours.eta },
    );
  }
  return { node: html("div", { class: "side-by-side" }, curves.node, ends.node), draw };
}
