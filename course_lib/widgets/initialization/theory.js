// What the spread of the activations must be, layer by layer, in a net so wide that every weighted sum is normal:
//   q ← g² E[y²],  h = √q z,  y = φ(h)   with z normal and weights of standard deviation g/√n
import { activation } from "../shared/activations.js";

const REACH = 8, POINTS = 400;
const zs = Array.from({ length: POINTS + 1 }, (_, i) => -REACH + (2 * REACH * i) / POINTS);
const density = zs.map((z) => Math.exp((-z * z) / 2));
const total = density.reduce((sum, p) => sum + p, 0);
const mean = (f) => zs.reduce((sum, z, i) => sum + density[i] * f(z), 0) / total;

// The standard deviation of the activations of layers 1, …, depth. The inputs have mean 0 and variance 1.
export function spreads(phi, gain, depth) {
  const { value } = activation(phi);
  const list = [];
  for (let layer = 1, square = 1; layer <= depth; layer++) {
    const h = gain * Math.sqrt(square);
    const first = mean((z) => value(h * z));
    square = mean((z) => value(h * z) ** 2);
    list.push(Math.sqrt(Math.max(0, square - first * first)));
  }
  return list;
}
