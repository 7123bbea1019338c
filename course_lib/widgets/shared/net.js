// A multilayer perceptron in the page, as course_lib's mlp: the same formulas in 64-bit numbers, checked against it.
// X is N rows, one after the other in a Float64Array (`flat` makes it from lists). θ holds all weights, then all biases,
// layer by layer, as in Python, so a θ from there can be put in.
//
//   const net = mlp([2, 3, 1], { hidden: "tanh", output: "identity", init: "glorot_uniform", rng: generator(0) });
//   const rule = optimizer("adam");
//   const value = trainStep(net, "sigmoid", X, y, rule, { eta: 0.01, l2: 0, l1: 0, masks });
//   predict(net, X)
import { activation } from "./activations.js";
import { draw } from "./initializers.js";
import { losses } from "./losses.js";

export { activations, sigmoid, softmax } from "./activations.js";
export { blobs, circles, gate, moons, regressionCurve, spirals } from "./datasets.js";
export { initializerNames } from "./initializers.js";
export { accuracy, losses } from "./losses.js";
export { optimizer, optimizerNames } from "./optimizers.js";
export { generator } from "./random.js";

export function mlp(sizes, { hidden = "tanh", output = "identity", init = null, rng = null, theta = null } = {}) {
  const pairs = sizes.slice(1).map((n_out, i) => [sizes[i], n_out]);
  const nWeights = pairs.reduce((sum, [a, c]) => sum + a * c, 0);
  const P = nWeights + pairs.reduce((sum, [, c]) => sum + c, 0);
  if (theta && theta.length !== P) throw new Error(`θ has ${theta.length} numbers; a network ${sizes.join("-")} has ${P}.`);
  const net = { sizes, hidden, output, nWeights, theta: theta ? Float64Array.from(theta) : new Float64Array(P), grad: new Float64Array(P) };
  let w = 0, b = nWeights;
  net.layers = pairs.map(([n_in, n_out], i) => {
    const view = (from, size) => [net.theta, net.grad].map((all) => all.subarray(from, from + size));
    const [W, d_W] = view(w, n_in * n_out), [bias, d_b] = view(b, n_out);
    w += n_in * n_out;
    b += n_out;
    return { n_in, n_out, W, d_W, b: bias, d_b, bends: activation(i === pairs.length - 1 ? output : hidden) };
  });
  if (!theta) for (const { W, n_in, n_out } of net.layers) draw(init ?? (hidden.includes("relu") ? "he_normal" : "glorot_uniform"), W, n_in, n_out, rng);
  return net;
}

// Numbers in rows, one after the other.
export const flat = (rows) => (rows instanceof Float64Array ? rows : Float64Array.from(rows.flat()));

//  h = A W + b, A = f(h), layer by layer. Returns what the way back needs: A[0] = X, …, A[L] = o, and h[l].
//  masks[l] (N × n, entries 0 or 1/keep, or null) multiplies the output of hidden layer l.
export function forward(net, X, masks = null) {
  const N = X.length / net.sizes[0];
  const pass = { N, A: [X], h: [], y: [], masks };
  net.layers.forEach(({ n_in, n_out, W, b, bends }, l) => {
    const before = pass.A[l], h = new Float64Array(N * n_out), y = new Float64Array(N * n_out);
    for (let n = 0; n < N; n++) {
      const row = n * n_out;
      for (let j = 0; j < n_out; j++) h[row + j] = b[j];
      for (let i = 0; i < n_in; i++) {
        const a = before[n * n_in + i];
        if (a !== 0) for (let j = 0, at = i * n_out; j < n_out; j++) h[row + j] += a * W[at + j];
      }
    }
    for (let i = 0; i < h.length; i++) y[i] = bends.value(h[i]);
    const mask = masks?.[l];
    pass.h.push(h);
    pass.y.push(y);
    pass.A.push(mask ? y.map((value, i) => value * mask[i]) : y);
  });
  pass.o = pass.A.at(-1);
  return pass;
}

export const predict = (net, X) => forward(net, flat(X)).o;

//  ∂ℓ/∂θ into net.grad, from ∂ℓ/∂o.   d_W = Aᵀ d_h · d_b = Σ d_h · d_A = d_h Wᵀ.  Returns d_A of every layer, the last first.
export function backward(net, pass, d_o) {
  const { N } = pass, d_A = [];
  let d = d_o;
  for (let l = net.layers.length - 1; l >= 0; l--) {
    const { n_in, n_out, W, d_W, d_b, bends } = net.layers[l];
    const mask = pass.masks?.[l], h = pass.h[l], y = pass.y[l], A = pass.A[l];
    d_A.push(d);
    const d_h = new Float64Array(N * n_out);
    for (let i = 0; i < d_h.length; i++) d_h[i] = d[i] * (mask ? mask[i] : 1) * bends.slope(y[i], h[i]);
    const back = new Float64Array(N * n_in);
    d_W.fill(0);
    d_b.fill(0);
    for (let n = 0; n < N; n++) {
      const row = n * n_out;
      for (let j = 0; j < n_out; j++) d_b[j] += d_h[row + j];
      for (let i = 0; i < n_in; i++) {
        const a = A[n * n_in + i], at = i * n_out;
        let sum = 0;
        for (let j = 0; j < n_out; j++) {
          d_W[at + j] += a * d_h[row + j];
          sum += d_h[row + j] * W[at + j];
        }
        back[n * n_in + i] = sum;
      }
    }
    d = back;
  }
  return d_A;
}

// The loss at X, and its gradient in net.grad.
export function lossAndGradient(net, loss, X, y, masks = null) {
  const pass = forward(net, X, masks);
  const { value, d_o } = losses[loss](pass.o, y, pass.N);
  return { value, pass, d_A: backward(net, pass, d_o) };
}

// One step on one minibatch, in the order of Python's fit: the gradient of ½ l2 Σw², clipping, the rule, then l1's shrinking.
export function trainStep(net, loss, X, y, rule, { eta, l2 = 0, l1 = 0, clip = 0, masks = null }) {
  const { value } = lossAndGradient(net, loss, X, y, masks);
  const { theta, grad, nWeights } = net;
  if (l2) for (let i = 0; i < nWeights; i++) grad[i] += l2 * theta[i];
  if (clip) shorten(grad, clip);
  rule.step(theta, grad, eta);
  if (l1) for (let i = 0; i < nWeights; i++) theta[i] -= Math.min(Math.max(theta[i], -eta * l1), eta * l1);
  return value;
}

function shorten(grad, longest) {
  const length = Math.sqrt(grad.reduce((sum, g) => sum + g * g, 0));
  if (length > longest) for (let i = 0; i < grad.length; i++) grad[i] *= longest / length;
}

// The rows with these numbers, out of N rows one after the other.
export function take(all, rows, N) {
  const K = all.length / N;
  const some = new Float64Array(rows.length * K);
  rows.forEach((row, i) => some.set(all.subarray(row * K, row * K + K), i * K));
  return some;
}

// One epoch's minibatches: lists of row numbers in a new order; one list of all rows if `size` covers them.
export function minibatches(N, size, rng) {
  if (!size || size >= N) return [Array.from({ length: N }, (_, i) => i)];
  const order = rng.permutation(N);
  return Array.from({ length: Math.ceil(N / size) }, (_, i) => order.slice(i * size, (i + 1) * size));
}

// Dropout's masks for N rows: 0 with probability `drop`, else 1/keep, after every hidden layer.
export function dropoutMasks(net, N, drop, rng) {
  if (!drop) return null;
  return net.layers.slice(0, -1).map(({ n_out }) => Float64Array.from({ length: N * n_out }, () => (rng.uniform() < drop ? 0 : 1 / (1 - drop))));
}
