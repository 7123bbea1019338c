// The Jacobian of a layer at one x: J[i][j] = ∂y_i/∂x_j, how output i moves when input j does.
import { activations, softmax } from "../shared/activations.js";

export const layers = {
  relu: { words: "ReLU", forward: (x) => x.map(activations.relu.value), jacobian: (x) => diagonal(x.map((h) => (h > 0 ? 1 : 0))) },
  sigmoid: { words: "sigmoid", forward: (x) => x.map(activations.sigmoid.value), jacobian: (x) => diagonal(x.map((h) => activations.sigmoid.slope(activations.sigmoid.value(h)))) },
  tanh: { words: "tanh", forward: (x) => x.map(Math.tanh), jacobian: (x) => diagonal(x.map((h) => 1 - Math.tanh(h) ** 2)) },
  softmax: {
    words: "softmax", forward: softmax,
    jacobian(x) {
      const p = softmax(x);
      return p.map((p_i, i) => p.map((p_j, j) => p_i * ((i === j ? 1 : 0) - p_j)));
    },
  },
  dense: {
    words: "dense, y = x W", forward: (x, W) => W[0].map((_, i) => x.reduce((sum, x_j, j) => sum + x_j * W[j][i], 0)),
    jacobian: (x, W) => W[0].map((_, i) => x.map((_, j) => W[j][i])), // Wᵀ, whatever x is
  },
};

const diagonal = (list) => list.map((value, i) => list.map((_, j) => (i === j ? value : 0)));

// What is not zero, and the largest size of an entry.
export function counted(J) {
  const all = J.flat();
  return { entries: all.length, nonzero: all.filter((value) => value !== 0).length, most: Math.max(...all.map(Math.abs)) };
}
