// Two losses of one prediction, p or the number h before its sigmoid, and their slopes. y is 0 or 1. No drawing here.
import { sigmoid } from "../shared/activations.js";

export const losses = {
  squared: {
    name: "squared error",
    short: "squared",
    formula: "(y − p)²",
    value: (p, y) => (y - p) ** 2,
    slope: (p, y) => 2 * (p - y), // ∂ℓ/∂p
    fromH: (h, y) => (y - sigmoid(h)) ** 2,
    slopeFromH: (h, y) => 2 * (sigmoid(h) - y) * sigmoid(h) * sigmoid(-h), // ∂ℓ/∂h = 2 (p − y) · p (1 − p)
  },
  cross: {
    name: "cross-entropy",
    short: "cross-entropy",
    formula: "−y log p − (1 − y) log(1 − p)",
    value: (p, y) => -Math.log(y === 1 ? p : 1 - p),
    slope: (p, y) => (y === 1 ? -1 / p : 1 / (1 - p)),
    fromH: (h, y) => softplus(y === 1 ? -h : h), // −log σ(h) or −log σ(−h)
    slopeFromH: (h, y) => (y === 1 ? -sigmoid(-h) : sigmoid(h)), // ∂ℓ/∂h = p − y
  },
};

// log(1 + eʰ), without ever raising e to a large power
const softplus = (h) => Math.max(h, 0) + Math.log1p(Math.exp(-Math.abs(h)));

// Two neurons that learn one example by following the slope, one with each loss, from the same start.
export const beginRace = (h, eta) => ({ k: 0, eta, paths: { squared: [h], cross: [h] } });

export function stepRace(race, y) {
  for (const [name, path] of Object.entries(race.paths)) {
    const h = path.at(-1);
    path.push(h - race.eta * losses[name].slopeFromH(h, y));
  }
  race.k++;
}
