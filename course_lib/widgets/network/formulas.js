// The 2-3-1 network as on the slides, one row at a time. θ holds w₁₁ w₁₂ w₁₃ w₂₁ w₂₂ w₂₃, w_o1 w_o2 w_o3, b₁ b₂ b₃, b_o: the
// order of course_lib's networks. Read w_ij as: from input i to hidden neuron j.
//   a_j = w_1j x₁ + w_2j x₂ + b_j    h_j = φ(a_j)    o = Σ w_oj h_j + b_o    p = σ(o)    ℓ = (y − p)²
import { activations, sigmoid } from "../shared/activations.js";

export const H = 3;
export const w = (i, j) => i * H + j;
export const w_o = (j) => 2 * H + j;
export const b = (j) => 3 * H + j;
export const b_o = 4 * H;

const SUB = ["₁", "₂", "₃"];
export const NAMES = [...SUB.map((j) => `w₁${j}`), ...SUB.map((j) => `w₂${j}`), ...SUB.map((j) => `w_o${j}`), ...SUB.map((j) => `b${j}`), "b_o"];
const units = [0, 1, 2];

export function forward(theta, x, phi) {
  const a = units.map((j) => theta[w(0, j)] * x[0] + theta[w(1, j)] * x[1] + theta[b(j)]);
  const h = a.map(activations[phi].value);
  const o = units.reduce((sum, j) => sum + theta[w_o(j)] * h[j], theta[b_o]);
  return { a, h, o, p: sigmoid(o) };
}

export const loss = (theta, x, y, phi) => (y - forward(theta, x, phi).p) ** 2;

// ∂ℓ/∂ of everything, from the loss to the inputs. `withWo` false is the slide's mistake: ∂o/∂h_j taken as 1, not as w_oj.
export function backward(theta, x, y, phi, { withWo = true } = {}) {
  const { a, h, o, p } = forward(theta, x, phi);
  const d_p = 2 * (p - y);
  const d_o = d_p * p * (1 - p);
  const d_h = units.map((j) => d_o * (withWo ? theta[w_o(j)] : 1));
  const d_a = units.map((j) => d_h[j] * activations[phi].slope(h[j], a[j]));
  const d_x = [0, 1].map((i) => units.reduce((sum, j) => sum + d_a[j] * theta[w(i, j)], 0));
  const grad = [...units.map((j) => d_a[j] * x[0]), ...units.map((j) => d_a[j] * x[1]), ...units.map((j) => d_o * h[j]), ...d_a, d_o];
  return { a, h, o, p, d_p, d_o, d_h, d_a, d_x, grad };
}

// ∂ℓ/∂θ by nudging every number to both sides.
export const nudged = (theta, x, y, phi, step = 1e-5) =>
  theta.map((_, k) => {
    const [up, down] = [step, -step].map((by) => loss(theta.map((value, i) => (i === k ? value + by : value)), x, y, phi));
    return (up - down) / (2 * step);
  });

const HIDDEN = NAMES.map((_, k) => k).filter((k) => k < w_o(0) || (k >= b(0) && k < b_o)); // what the hidden layer owns

// How far the hidden layer's gradients are from what nudging says, as a share: ‖backward − nudged‖ / ‖nudged‖.
export function relativeError(grad, by) {
  const size = (list) => Math.hypot(...list);
  const most = size(HIDDEN.map((k) => by[k]));
  const off = size(HIDDEN.map((k) => grad[k] - by[k]));
  return most > 0 ? off / most : off > 0 ? Infinity : 0;
}
