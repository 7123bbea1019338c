// Logistic regression on minibatches, many learning rates at once: the same rows in the same order for all, only η differs.
//   ℓ = mean of −log of the probability of the right class;  ∂ℓ/∂h = p − y
import { sigmoid } from "../perceptron/neuron.js";
import { generator } from "../shared/random.js";

const PER_EPOCH = 10; // so often in an epoch the loss of all rows is looked at

//  log(1 + e^(−|h|)) + max(h, 0) − y h, which never overflows
export function loss(X, y, theta) {
  let sum = 0;
  for (let i = 0; i < y.length; i++) {
    const h = theta[0] * X[i][0] + theta[1] * X[i][1] + theta[2];
    sum += Math.log1p(Math.exp(-Math.abs(h))) + Math.max(h, 0) - y[i] * h;
  }
  return sum / y.length;
}

//  θ ← θ − η · mean over the rows of (p − y)(x₁, x₂, 1), in place
export function update(X, y, theta, rows, eta) {
  let [d1, d2, d3] = [0, 0, 0];
  for (const i of rows) {
    const d_h = sigmoid(theta[0] * X[i][0] + theta[1] * X[i][1] + theta[2]) - y[i];
    d1 += d_h * X[i][0];
    d2 += d_h * X[i][1];
    d3 += d_h;
  }
  theta[0] -= (eta / rows.length) * d1;
  theta[1] -= (eta / rows.length) * d2;
  theta[2] -= (eta / rows.length) * d3;
}

// The minibatches of all epochs between two looks at the loss: looks[k] is a list of lists of rows.
export function plan(N, B, epochs, seed) {
  const random = generator(seed), looks = [];
  const every = Math.max(1, Math.round(N / B / PER_EPOCH)); // updates between two looks
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = random.permutation(N);
    const all = Array.from({ length: Math.ceil(N / B) }, (_, i) => order.slice(i * B, (i + 1) * B));
    for (let i = 0; i < all.length; i += every) looks.push(all.slice(i, i + every));
  }
  return looks;
}

const start = (X, y, theta, eta) => ({ eta, theta: [...theta], losses: [loss(X, y, theta)] });

function advance(one, X, y, look) {
  for (const rows of look) update(X, y, one.theta, rows, one.eta);
  one.losses.push(loss(X, y, one.theta));
}

export function begin({ X, y, theta, etas, B, epochs, seed }) {
  const looks = plan(y.length, B, epochs, seed);
  const seen = [0];
  for (const look of looks) seen.push(seen.at(-1) + look.reduce((sum, rows) => sum + rows.length, 0) / y.length);
  return { k: 0, X, y, theta, looks, epochs: seen, all: etas.map((eta) => start(X, y, theta, eta)) };
}

// All rates go on to the next look, in place; false when the epochs are over.
export function step(run) {
  if (run.k >= run.looks.length) return false;
  for (const one of run.all) advance(one, run.X, run.y, run.looks[run.k]);
  return ++run.k < run.looks.length;
}

export function train(run, eta, looks = run.k) {
  const one = start(run.X, run.y, run.theta, eta);
  for (let k = 0; k < looks; k++) advance(one, run.X, run.y, run.looks[k]);
  return one;
}

// The mean over the last three epochs, so that a trembling run is judged by where it trembles.
export function level(run, { losses }) {
  const now = losses.length - 1;
  const last = losses.filter((_, k) => k === now || run.epochs[k] > run.epochs[now] - 3);
  return last.reduce((sum, value) => sum + value, 0) / last.length;
}
export const lowest = (run) => run.all.reduce((best, one) => (level(run, one) < level(run, best) ? one : best));
