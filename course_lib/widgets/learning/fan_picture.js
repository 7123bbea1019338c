// A fan of runs, one for each learning rate: left their errors as they go, right the last errors over the rate.
//   draw({ all, yours, ylim, started })   all, yours: { eta, points: [[x, loss], …] }
import { html } from "../shared/dom.js";
import { curve } from "../shared/curve.js";
import { brief } from "../shared/numbers.js";
import { viridis } from "../shared/theme.js";

const TAIL = 10; // the last errors of a rate, as dots on the right
const GAP = [NaN, NaN]; // between two dots no line
const HEIGHT = 340;

export const two = (value) => brief(Number(value.toPrecision(2)));

export function fanPicture({ etas, across, error, put }) {
  const move = (value) => {
    const eta = Number(value.toPrecision(4));
    put({ eta }, `η = ${brief(eta)}`);
  };
  const curves = curve({ x: across, y: { name: error, log: true }, label: `${error} over ${across.name}, one curve a learning rate`, height: HEIGHT });
  const ends = curve({
    x: { name: "η, learning rate", low: etas[0], high: etas.at(-1), log: true }, y: { name: `${error}, the last ${TAIL}`, log: true },
    label: `The last ${TAIL} values over the learning rate`, height: HEIGHT, marker: { label: "η, your learning rate", step: 1.1, onMove: move },
  });
  const tail = ({ eta, points }) => points.slice(-TAIL).flatMap(([, loss]) => [[eta, loss], GAP]);

  function draw({ all, yours, ylim, started }) {
    const inks = all.map((_, r) => viridis(r / (all.length - 1)));
    curves.show(
      [...all.map(({ points }, r) => ({ points, colour: inks[r] })), { points: yours.points, thick: true, name: started ? `η = ${brief(yours.eta)}` : "" }],
      { ylim, marks: started ? [] : [{ at: yours.points[0], text: "all start here" }] },
    );
    ends.show(
      [...all.map((one, r) => ({ points: tail(one), colour: inks[r], dots: true })), { points: tail(yours), dots: true, thick: true, name: two(yours.points.at(-1)[1]) }],
      { ylim, marker: yours.eta },
    );
  }
  return { node: html("div", { class: "side-by-side" }, curves.node, ends.node), draw };
}
