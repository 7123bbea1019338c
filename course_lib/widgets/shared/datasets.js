// Points to learn from, drawn as course_lib/data/drawn.py draws them: { X: Float64Array (N × D), y: Float64Array (N), N }.
const GATES = { AND: [0, 0, 0, 1], OR: [0, 1, 1, 1], XOR: [0, 1, 1, 0], NAND: [1, 1, 1, 0], NOR: [1, 0, 0, 0], XNOR: [1, 0, 0, 1] };

export function gate(name) {
  if (!GATES[name]) throw new Error(`There is no gate ${name}; there are ${Object.keys(GATES).join(", ")}.`);
  return { X: Float64Array.of(0, 0, 0, 1, 1, 0, 1, 1), y: Float64Array.from(GATES[name]), N: 4 };
}

export const blobs = (N, rng, { classes = 2, noise = 0.5 } = {}) =>
  points(N, classes, rng, noise, (c) => circle((2 * Math.PI * c) / classes, 2));

export const circles = (N, rng, { noise = 0.1, inner = 0.5 } = {}) =>
  points(N, 2, rng, noise, (c) => circle(rng.uniform(0, 2 * Math.PI), c ? inner : 1));

export const moons = (N, rng, { noise = 0.1 } = {}) =>
  points(N, 2, rng, noise, (c) => {
    const [x, y] = circle(rng.uniform(0, Math.PI), 1);
    return c ? [1 - x, 0.5 - y] : [x, y];
  });

export const spirals = (N, rng, { classes = 2, noise = 0.05, turns = 1 } = {}) =>
  points(N, classes, rng, noise, (c) => {
    const along = rng.uniform();
    return circle(2 * Math.PI * (turns * along + c / classes), 0.1 + 0.9 * along);
  });

// y = sin(2πx) + x + noise on [0, 1]
export function regressionCurve(N, rng, { noise = 0.1 } = {}) {
  const X = Float64Array.from({ length: N }, () => rng.uniform());
  return { X, y: X.map((x) => Math.sin(2 * Math.PI * x) + x + noise * rng.normal()), N };
}

const circle = (angle, radius) => [radius * Math.cos(angle), radius * Math.sin(angle)];

// Classes in order, as equally many of each as N allows.
function points(N, classes, rng, noise, place) {
  const X = new Float64Array(2 * N), y = Float64Array.from({ length: N }, (_, i) => Math.floor((i * classes) / N));
  for (let i = 0; i < N; i++) X.set(place(y[i]).map((value) => value + noise * rng.normal()), 2 * i);
  return { X, y, N };
}
