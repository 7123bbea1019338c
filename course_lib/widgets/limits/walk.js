// Full-batch gradient descent on a few rows, every step kept: one neuron, or hidden ones and one that adds them up, all
// sigmoids, with ℓ = the mean of (y − p)².  θ as in a Network: all weights, then all biases.
import { flat, mlp, optimizer, predict, trainStep } from "../shared/net.js";

export const networkOf = (theta, hidden) => mlp(hidden ? [2, hidden, 1] : [2, 1], { hidden: "sigmoid", output: "sigmoid", theta });

// For k = 0 … steps: θ, the p of the rows, the loss, and how many rows are right (p ≥ ½ is class 1).
export function walk(theta, hidden, X, y, eta, steps) {
  const net = networkOf(theta, hidden), rule = optimizer("sgd");
  const rows = flat(X), answers = Float64Array.from(y);
  const all = [];
  for (let k = 0; k <= steps; k++) {
    const p = predict(net, rows);
    const loss = p.reduce((sum, p_i, i) => sum + (y[i] - p_i) ** 2, 0) / y.length;
    all.push({ theta: net.theta.slice(), p, loss, good: y.filter((y_i, i) => (p[i] >= 0.5 ? 1 : 0) === y_i).length });
    if (k < steps) trainStep(net, "squared", rows, answers, rule, { eta });
  }
  return all;
}

// The lines of the neurons that look at the inputs: { w: [w₁, w₂], b } each.
export function lines(theta, hidden) {
  const { W, b, n_out } = networkOf(theta, hidden).layers[0];
  return Array.from({ length: n_out }, (_, j) => ({ w: [W[j], W[n_out + j]], b: b[j] }));
}

// Where the number of right rows changes.
export const turns = (all) => all.flatMap(({ good }, k) => (k && good !== all[k - 1].good ? [{ k, from: all[k - 1].good, to: good }] : []));
