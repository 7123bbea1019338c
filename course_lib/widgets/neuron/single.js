// One neuron with one input:  h = w x + b,  output φ(h).  No drawing here.
import { bends } from "./bends.js";

export const weightedSum = (x, w, b) => w * x + b;

// Where the neuron changes its mind, h = 0:  x = −b / w.  null if it does not look at x.
export const boundary = (w, b) => (w === 0 ? null : -b / w + 0);

export function answer(x, { w, b, phi }) {
  const h = weightedSum(x, w, b);
  return { h, out: bends[phi].f(h) };
}
