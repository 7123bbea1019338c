// The middle of a cloud of points, found by gradient descent: ℓ(θ) = ½ · mean of ‖θ − xᵢ‖², so ∂ℓ/∂θ = θ − mean of xᵢ.
// With a minibatch the mean is that of B points only: a noisy slope, off by about σ/√B.
// X holds x₁, x₂ of point 0, then of point 1, …; `order` the rows of a few epochs, each epoch all rows in a new order.
import { generator } from "../shared/random.js";

export const SIGMA = 3;
export const MIDDLE = [2, 1];

export function cloud(N, seed) {
  const random = generator(seed);
  return Float64Array.from({ length: 2 * N }, (_, i) => random.normal(MIDDLE[i % 2], SIGMA));
}

export function orderOf(N, epochs, seed) {
  const random = generator(seed);
  return Int32Array.from(Array.from({ length: epochs }, () => random.permutation(N)).flat());
}

// Where the next minibatch of B rows begins: one after the other, and from the beginning when too few are left.
export const nextFrom = (order, from, B) => (from + B > order.length ? 0 : from);

//  ∂ℓ/∂θ over the rows order[from], …, order[from + B − 1]
export function gradient(X, theta, order, from, B) {
  let s1 = 0, s2 = 0;
  for (let i = from; i < from + B; i++) {
    s1 += X[2 * order[i]];
    s2 += X[2 * order[i] + 1];
  }
  return [theta[0] - s1 / B, theta[1] - s2 / B];
}

export function middleOf(X) {
  let s1 = 0, s2 = 0;
  for (let i = 0; i < X.length; i += 2) {
    s1 += X[i];
    s2 += X[i + 1];
  }
  return [(2 * s1) / X.length, (2 * s2) / X.length];
}

export const distance = (a, c) => Math.hypot(a[0] - c[0], a[1] - c[1]);

// One run at its start: every place it has been, how many rows it had looked at there, and the rows it looked at last.
export const begin = (X, order, theta) => ({ k: 0, X, order, theta, path: [theta], seen: [0], rows: [], from: 0 });

export function advance(run, eta, B) {
  const from = nextFrom(run.order, run.from, B);
  const g = gradient(run.X, run.theta, run.order, from, B);
  run.theta = run.theta.map((value, j) => value - eta * g[j]);
  run.from = from + B;
  run.rows = run.order.subarray(from, from + B);
  run.k++;
  run.path.push(run.theta);
  run.seen.push(run.seen.at(-1) + B);
}

// How far minibatch slopes scatter about the slope of all rows: the standard deviation of one of their two numbers.
export function scatter(X, order, B, most = 1000) {
  const middle = middleOf(X), count = Math.min(most, Math.floor(order.length / B));
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const g = gradient(X, middle, order, i * B, B); // at the middle the slope of all rows is 0
    sum += g[0] ** 2 + g[1] ** 2;
  }
  return Math.sqrt(sum / (2 * count));
}

// Where each of `count` minibatches would go from θ.
export const wouldGo = (X, order, theta, eta, B, count) =>
  Array.from({ length: Math.min(count, Math.floor(order.length / B)) }, (_, i) => gradient(X, theta, order, i * B, B).map((g, j) => theta[j] - eta * g));

// The distance from the middle as the work grows, for one B: [[rows looked at, distance], …], a few dozen of them.
export function race(X, order, theta, eta, B, middle) {
  const points = [];
  let mark = 0;
  for (let from = 0; from + B <= order.length; from += B) {
    const g = gradient(X, theta, order, from, B);
    theta = [theta[0] - eta * g[0], theta[1] - eta * g[1]];
    if (from + B < mark) continue;
    points.push([from + B, distance(theta, middle)]);
    mark = (from + B) * 1.2;
  }
  return points;
}
