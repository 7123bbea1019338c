// One neuron that learns, as in course_lib/perceptron.py: the mean squared error of the rows, its gradients, one step.
// X is a list of rows (x₁, x₂); θ = [w₁, w₂, b] is one list, as in a Network.
import { sigmoid } from "../perceptron/neuron.js";

export const NAMES = ["w₁", "w₂", "b"];

export const weightedSum = ([w1, w2, b], [x1, x2]) => w1 * x1 + w2 * x2 + b;

//  ℓ = (1/N) Σ (y − p)²
export function error(X, y, theta) {
  let sum = 0;
  for (let i = 0; i < y.length; i++) sum += (y[i] - sigmoid(weightedSum(theta, X[i]))) ** 2;
  return sum / y.length;
}

//  ∂ℓ/∂θ: the mean over the rows of 2 (p − y) · p (1 − p) · (x₁, x₂, 1)
export function gradients(X, y, theta) {
  const d_theta = [0, 0, 0];
  for (let i = 0; i < y.length; i++) {
    const p = sigmoid(weightedSum(theta, X[i]));
    const d_h = ((2 / y.length) * (p - y[i])) * p * (1 - p);
    d_theta[0] += d_h * X[i][0];
    d_theta[1] += d_h * X[i][1];
    d_theta[2] += d_h;
  }
  return d_theta;
}

//  θ ← θ − η ∂ℓ/∂θ, a new list; `learn` says which of the three move
export const step = (theta, d_theta, eta, learn = [true, true, true]) => theta.map((value, j) => (learn[j] ? value - eta * d_theta[j] : value));

// ŷ = [p ≥ ½] is right where h ≥ 0 meets y = 1: how many rows.
export const rowsRight = (X, y, theta) => y.filter((y_i, i) => (sigmoid(weightedSum(theta, X[i])) >= 0.5 ? 1 : 0) === y_i).length;

// The chain of one row: from the inputs to ℓ, and the factors of ∂ℓ/∂θ_j from ℓ back to θ_j.
export function chain(x, y, theta, j) {
  const h = weightedSum(theta, x), p = sigmoid(h);
  const d_p = 2 * (p - y); //  ∂ℓ/∂p
  const p_h = p * (1 - p); //  ∂p/∂h
  const h_theta = [...x, 1][j]; //  ∂h/∂w₁ = x₁, ∂h/∂w₂ = x₂, ∂h/∂b = 1
  return { h, p, loss: (y - p) ** 2, d_p, p_h, h_theta, product: d_p * p_h * h_theta };
}

//  (ℓ(θ_j + ε) − ℓ(θ_j − ε)) / 2ε for one row: two nudges, and the slope between them
export function centralDifference(x, y, theta, j, epsilon) {
  const at = (by) => error([x], [y], theta.map((value, i) => (i === j ? value + by : value)));
  return (at(epsilon) - at(-epsilon)) / (2 * epsilon);
}
