// Cybenko's construction, as in course_lib/bumps.py: two steep sigmoids make a bump, a bump for each interval makes a curve.
import { sigmoid } from "../perceptron/neuron.js";

export const LOW = 0;
export const HIGH = 4;
const OUTSIDE = 10; // widths by which the outermost edges lie outside, so that the curve does not fall off at its ends

export const CURVES = {
  wave: { words: "a wave, sin x", f: Math.sin },
  hills: { words: "hills, sin x + ½ sin 3x", f: (x) => Math.sin(x) + 0.5 * Math.sin(3 * x) },
  roof: { words: "a roof, 1 − |x − 2|", f: (x) => 1 - Math.abs(x - 2) },
  cliff: { words: "a cliff at x = 1.7", f: (x) => (x < 1.7 ? -0.5 : 1) },
};

//  σ(k (x − a)) − σ(k (x − b))
export const bump = (x, a, b, k) => sigmoid(k * (x - a)) - sigmoid(k * (x - b));

// The network's bumps: where each goes up and down, how high it is, and k = steepness / width for all.
export function build(f, bins, steepness, { low = LOW, high = HIGH } = {}) {
  const width = (high - low) / bins;
  const bumps = Array.from({ length: bins }, (_, i) => ({
    from: low + i * width,
    to: low + (i + 1) * width,
    a: low + (i === 0 ? -OUTSIDE : i) * width,
    b: low + (i + 1 + (i === bins - 1 ? OUTSIDE : 0)) * width,
    height: f(low + (i + 0.5) * width),
  }));
  return { bumps, k: steepness / width, width };
}

//  Σ_i a_i · bump_i(x)
export const sumOf = ({ bumps, k }, x) => bumps.reduce((sum, { a, b, height }) => sum + height * bump(x, a, b, k), 0);

// n places from low to high, both ends included
export const places = (n, low = LOW, high = HIGH) => Array.from({ length: n }, (_, i) => low + (i / (n - 1)) * (high - low));

// How far the sum is from the curve at worst, and where.
export function worst(f, network, xs) {
  return xs.reduce((most, x) => {
    const error = Math.abs(sumOf(network, x) - f(x));
    return error > most.error ? { error, x } : most;
  }, { error: -1, x: xs[0] });
}
