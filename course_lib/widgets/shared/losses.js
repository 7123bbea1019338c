// One number for how far outputs are from targets: as course_lib/losses, columns summed, rows averaged.
//   loss(o, y, N) -> { value, d_o }     o is N rows of K numbers, one after the other; y too (classes 0 … K−1 for softmax)
import { sigmoid } from "./activations.js";

export const losses = {
  //  (o − y)²
  squared: (o, y, N) => each(o, N, (o_i, i) => [(o_i - y[i]) ** 2, 2 * (o_i - y[i])]),

  //  −y log p − (1 − y) log(1 − p), p = o; logarithms cut at −100, as in Python
  binary: (o, y, N) => each(o, N, (p, i) => {
    const log = (a) => Math.max(a > 0 ? Math.log(a) : -Infinity, -100);
    return [(y[i] - 1) * log(1 - p) - y[i] * log(p), (p - y[i]) / Math.max(p * (1 - p), 1e-12)];
  }),

  //  the same from the numbers before the sigmoid: log(1 + eᵒ) − y o
  sigmoid: (o, y, N) => each(o, N, (o_i, i) => [Math.max(o_i, 0) + Math.log1p(Math.exp(-Math.abs(o_i))) - y[i] * o_i, sigmoid(o_i) - y[i]]),

  //  −log p_y, p = softmax(o), from the numbers before the softmax
  softmax(o, y, N) {
    const K = o.length / N, d_o = new Float64Array(o.length);
    let value = 0;
    for (let n = 0; n < N; n++) {
      let most = -Infinity, total = 0;
      for (let k = 0; k < K; k++) most = Math.max(most, o[n * K + k]);
      for (let k = 0; k < K; k++) total += d_o[n * K + k] = Math.exp(o[n * K + k] - most);
      for (let k = 0; k < K; k++) d_o[n * K + k] /= total * N;
      value += Math.log(total) - (o[n * K + y[n]] - most);
      d_o[n * K + y[n]] -= 1 / N;
    }
    return { value: value / N, d_o };
  },

  //  max(0, 1 − y o), y = −1 or 1
  hinge: (o, y, N) => each(o, N, (o_i, i) => (y[i] * o_i < 1 ? [1 - y[i] * o_i, -y[i]] : [0, 0])),
};

function each(o, N, f) {
  const d_o = new Float64Array(o.length);
  let value = 0;
  for (let i = 0; i < o.length; i++) {
    const [loss, slope] = f(o[i], i);
    value += loss;
    d_o[i] = slope / N;
  }
  return { value: value / N, d_o };
}

// The share of rows that are right: the side of the border, or the largest output.
export function accuracy(kind, o, y, N) {
  const K = o.length / N, border = kind === "sigmoid" || kind === "hinge" ? 0 : 0.5;
  let right = 0;
  for (let n = 0; n < N; n++) {
    if (K === 1) right += o[n] >= border === y[n] > (kind === "hinge" ? 0 : 0.5) - 1e-12;
    else {
      let best = 0;
      for (let k = 1; k < K; k++) if (o[n * K + k] > o[n * K + best]) best = k;
      right += best === y[n];
    }
  }
  return right / N;
}
