// A net of dense layers with or without batch normalization before each ReLU, as course_lib's layers in 64-bit numbers.
//   h = A W + b,   x̂ = (h − mean) / √(var + ε),   y = max(γ x̂ + β, 0)
// In training mean and var are the minibatch's, and the running ones follow them; in use they are the running ones.
// X is N rows, one after the other. `make` draws the weights; W, b, γ, β of every layer can be overwritten.
import { draw } from "../shared/initializers.js";

const EPS = 1e-5, MOMENTUM = 0.1;

export function make({ depth, width, bn, init }, rng) {
  const sizes = [2, ...new Array(depth).fill(width), 1];
  const layers = sizes.slice(1).map((n_out, l) => {
    const n_in = sizes[l], W = new Float64Array(n_in * n_out), normalized = bn && l < depth;
    draw(init, W, n_in, n_out, rng);
    const layer = { n_in, n_out, bends: l < depth, normalized, W, b: new Float64Array(n_out) };
    if (normalized) Object.assign(layer, { gamma: new Float64Array(n_out).fill(1), beta: new Float64Array(n_out), mean: new Float64Array(n_out), variance: new Float64Array(n_out).fill(1) });
    return layer;
  });
  return { layers };
}

// The outputs for the rows of X, and what the way back needs. train: normalize by this minibatch, and follow it.
export function forward({ layers }, X, N, train) {
  const kept = [];
  let A = X;
  for (const layer of layers) {
    const h = dense(layer, A, N);
    const now = { A, N };
    if (layer.normalized) Object.assign(now, normalize(layer, h, N, train));
    const y = now.y ?? h;
    if (layer.bends) for (let i = 0; i < y.length; i++) if (!(y[i] > 0)) y[i] = 0; // its own slope, then
    now.out = y;
    kept.push(now);
    A = y;
  }
  return { o: A, kept };
}

function dense({ n_in, n_out, W, b }, A, N) {
  const h = new Float64Array(N * n_out);
  for (let n = 0; n < N; n++) {
    const row = n * n_out;
    for (let j = 0; j < n_out; j++) h[row + j] = b[j];
    for (let i = 0; i < n_in; i++) {
      const a = A[n * n_in + i];
      if (a !== 0) for (let j = 0, at = i * n_out; j < n_out; j++) h[row + j] += a * W[at + j]; // after a ReLU half are 0
    }
  }
  return h;
}

function normalize(layer, h, N, train) {
  const { n_out, gamma, beta } = layer;
  const x_hat = new Float64Array(h.length), y = new Float64Array(h.length), scale = new Float64Array(n_out);
  for (let j = 0; j < n_out; j++) {
    const { mean, variance } = train ? statistics(h, N, n_out, j) : { mean: layer.mean[j], variance: layer.variance[j] };
    if (train) follow(layer, j, mean, variance, N);
    scale[j] = 1 / Math.sqrt(variance + EPS);
    for (let i = j; i < h.length; i += n_out) {
      x_hat[i] = (h[i] - mean) * scale[j];
      y[i] = gamma[j] * x_hat[i] + beta[j];
    }
  }
  return { x_hat, y, scale };
}

function statistics(h, N, n_out, j) {
  let mean = 0, variance = 0;
  for (let i = j; i < h.length; i += n_out) mean += h[i] / N;
  for (let i = j; i < h.length; i += n_out) variance += (h[i] - mean) ** 2 / N;
  return { mean, variance };
}

// Python refuses a minibatch of one row. Here it is shown: x̂ = 0, and there is no variance to follow.
function follow(layer, j, mean, variance, N) {
  layer.mean[j] += MOMENTUM * (mean - layer.mean[j]);
  if (N > 1) layer.variance[j] += MOMENTUM * ((N / (N - 1)) * variance - layer.variance[j]);
}

// One step of gradient descent on cross-entropy from logits. Returns the loss before it.
export function trainStep(net, X, y, N, eta) {
  const { o, kept } = forward(net, X, N, true);
  let d = Float64Array.from(o, (o_i, i) => (1 / (1 + Math.exp(-o_i)) - y[i]) / N);
  for (let l = net.layers.length - 1; l >= 0; l--) d = backward(net.layers[l], kept[l], d, eta);
  return crossEntropy(o, y);
}

export const crossEntropy = (o, y) => o.reduce((sum, o_i, i) => sum + (Math.max(o_i, 0) + Math.log1p(Math.exp(-Math.abs(o_i))) - y[i] * o_i) / o.length, 0);

export const rightOf = (o, y) => o.reduce((sum, o_i, i) => sum + (o_i >= 0 === y[i] > 0.5 ? 1 : 0), 0);

// ∂ℓ/∂A from ∂ℓ/∂y, with the old weights; then the layer's step.
function backward(layer, { A, N, out, x_hat, scale }, d, eta) {
  const { n_in, n_out, W, b } = layer;
  if (layer.bends) for (let i = 0; i < d.length; i++) if (out[i] === 0) d[i] = 0;
  if (layer.normalized) throughNormalization(layer, { N, x_hat, scale }, d, eta);
  const d_A = new Float64Array(N * n_in), d_W = new Float64Array(W.length), d_b = new Float64Array(n_out);
  for (let n = 0; n < N; n++)
    for (let i = 0; i < n_in; i++) {
      let sum = 0;
      for (let j = 0; j < n_out; j++) {
        const d_h = d[n * n_out + j];
        d_W[i * n_out + j] += A[n * n_in + i] * d_h;
        sum += W[i * n_out + j] * d_h;
      }
      d_A[n * n_in + i] = sum;
    }
  for (let i = 0; i < d.length; i++) d_b[i % n_out] += d[i];
  for (let i = 0; i < W.length; i++) W[i] -= eta * d_W[i];
  for (let j = 0; j < n_out; j++) b[j] -= eta * d_b[j];
  return d_A;
}

// ∂ℓ/∂h = γ / √(var + ε) · (d − mean(d) − x̂ mean(d x̂)), in place; γ and β take their step.
function throughNormalization({ n_out, gamma, beta }, { N, x_hat, scale }, d, eta) {
  for (let j = 0; j < n_out; j++) {
    let d_beta = 0, d_gamma = 0;
    for (let i = j; i < d.length; i += n_out) {
      d_beta += d[i];
      d_gamma += d[i] * x_hat[i];
    }
    for (let i = j; i < d.length; i += n_out) d[i] = gamma[j] * scale[j] * (d[i] - d_beta / N - (x_hat[i] * d_gamma) / N);
    gamma[j] -= eta * d_gamma;
    beta[j] -= eta * d_beta;
  }
}
