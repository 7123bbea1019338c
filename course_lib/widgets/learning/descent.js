// Gradient descent over two parameters, w₁ and b, while w₂ is held: the path on a map that holds still.
import { error, gradients, step } from "./neuron.js";

const LEARN = [true, false, true];

export const at = ({ w1, w2, b }) => [w1, w2, b];

export function begin(X, y, theta) {
  return look({ k: 0, X, y, theta, path: [], losses: [] });
}
function look(run) {
  run.path.push([run.theta[0], run.theta[2]]);
  run.losses.push(error(run.X, run.y, run.theta));
  run.d_theta = gradients(run.X, run.y, run.theta);
  return run;
}
export const next = (run, eta) => step(run.theta, run.d_theta, eta, LEARN);

export function advance(run, eta) {
  run.theta = next(run, eta);
  run.k++;
  return look(run);
}

// How long the slope is that these two follow.
export const steepness = ({ d_theta }) => Math.hypot(d_theta[0], d_theta[2]);
