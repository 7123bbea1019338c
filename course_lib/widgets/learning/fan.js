// Many learning rates at once: the same neuron, the same start, the same rows; only η differs.
import { error, gradients, rowsRight, step } from "./neuron.js";

// One run at its start. losses[k] is the error after k steps, d_theta the slopes there, `first` the first step after
// which every row is right.
function start(X, y, theta, eta) {
  return look({ eta, theta: [...theta], losses: [], first: null }, X, y);
}

function look(one, X, y) {
  one.losses.push(error(X, y, one.theta));
  one.d_theta = gradients(X, y, one.theta);
  if (one.first === null && rowsRight(X, y, one.theta) === y.length) one.first = one.losses.length - 1;
  return one;
}

function advance(one, X, y) {
  one.theta = step(one.theta, one.d_theta, one.eta);
  look(one, X, y);
}

export function train(X, y, theta, eta, steps) {
  const one = start(X, y, theta, eta);
  for (let k = 0; k < steps; k++) advance(one, X, y);
  return one;
}

export const beginFan = (X, y, theta, etas) => ({ k: 0, X, y, theta, all: etas.map((eta) => start(X, y, theta, eta)) });

// One step of every rate, in place.
export function stepFan(fan) {
  for (const one of fan.all) advance(one, fan.X, fan.y);
  fan.k++;
}

export const lowest = (fan) => fan.all.reduce((best, one) => (one.losses.at(-1) < best.losses.at(-1) ? one : best));

// What a rate has done, beside the lowest error of all: it is "stuck" where no slope is left, it "leaps" if the error
// rose at some step, it "creeps" if it is not half-way down, and otherwise it "walks".
const NO_SLOPE = 1e-3;
export function habit({ losses, d_theta }, best) {
  const halfway = losses[0] - losses.at(-1) >= 0.5 * (losses[0] - best);
  if (!halfway && Math.hypot(...d_theta) < NO_SLOPE) return "stuck";
  if (losses.some((loss, k) => k > 0 && loss > losses[k - 1] + 1e-9)) return "leaps";
  return halfway ? "walks" : "creeps";
}

export function habits(fan) {
  const count = { creeps: 0, walks: 0, leaps: 0, stuck: 0 };
  const best = lowest(fan).losses.at(-1);
  for (const one of fan.all) count[habit(one, best)]++;
  return count;
}
