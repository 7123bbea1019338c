// Scores, softmax and cross-entropy of one example. c is the right class, counted from 0. No drawing here.
import { softmax } from "../shared/activations.js";

export { softmax };

// ℓ = −log p_c = log Σ e^o − o_c
export function crossEntropy(o, c) {
  const most = Math.max(...o);
  return Math.log(o.reduce((sum, o_k) => sum + Math.exp(o_k - most), 0)) + most - o[c];
}

// ∂ℓ/∂o = p − y
export const gradient = (o, c) => softmax(o).map((p, k) => p - (k === c ? 1 : 0));

// The same slopes, measured: nudge each score up and down.
export const measured = (o, c, nudge = 1e-4) =>
  o.map((_, k) => {
    const [up, down] = [nudge, -nudge].map((by) => crossEntropy(o.map((value, j) => value + (j === k ? by : 0)), c));
    return (up - down) / (2 * nudge);
  });

// C classes, the right one `lead` points ahead of the others: its loss with one softmax, and with one too many.
export function once(lead, C) {
  return Math.log(1 + (C - 1) * Math.exp(-lead));
}
export function twice(lead, C) {
  const right = 1 / (1 + (C - 1) * Math.exp(-lead));
  return once(right - (1 - right) / (C - 1), C); // the first softmax's output is the second one's input
}

// A second softmax sees numbers from 0 to 1, so its best input is 1 against 0: log(1 + (C − 1)/e).
export const floor = (C) => Math.log(1 + (C - 1) / Math.E);
