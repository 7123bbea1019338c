// Problems from easy to hopeless, and three learners. Points are drawn in the page, the same for the same seed.
import { flat, generator, mlp, moons, optimizer, predict, trainStep } from "../shared/net.js";

export const SEEN = 24; // points to learn from
export const NEW = 1000; // points to be right about
export const STEPS = 600;
const HIDDEN = 32, ETA = 0.03;
export const BOX = { x: [-1, 1], y: [-1, 1] };

const uniform = (rng, N, label) => {
  const X = Array.from({ length: N }, () => [rng.uniform(-1, 1), rng.uniform(-1, 1)]);
  return { X: flat(X), y: Float64Array.from(X, label), N };
};
export const PROBLEMS = {
  line: { words: "a line parts them", draw: (rng, N) => uniform(rng, N, ([a, c]) => (0.8 * a + c > 0.1 ? 1 : 0)) },
  xor: { words: "XOR, as a square", draw: (rng, N) => uniform(rng, N, ([a, c]) => (a * c < 0 ? 1 : 0)) },
  moons: { words: "two moons", draw: (rng, N) => within(moons(N, rng, { noise: 0.08 })) },
  coins: { words: "no structure: coins", draw: (rng, N) => uniform(rng, N, () => rng.integer(2)) },
};

// Moons reach from −1 to 2 and −.5 to 1: moved into the square.
function within({ X, y, N }) {
  return { X: X.map((value, i) => (i % 2 ? (value - 0.25) / 1.1 : (value - 0.5) / 1.8)), y, N };
}

export const LEARNERS = {
  neuron: "one neuron",
  network: `a network 2-${HIDDEN}-1`,
  neighbour: "the nearest neighbour",
};

// Rows to learn from and rows that are new, in one draw of the same kind.
export function draw(problem, seed) {
  const rng = generator(seed);
  const kind = PROBLEMS[problem];
  return { seen: kind.draw(rng, SEEN), fresh: kind.draw(rng, NEW) };
}

// A learner that has seen nothing yet: says(X) gives p for each row, learn() makes one step.
export function learner(kind, { X, y, N }, seed) {
  if (kind === "neighbour") return { says: (rows) => nearest(X, y, N, rows), learn() {} };
  const net = mlp(kind === "neuron" ? [2, 1] : [2, HIDDEN, 1], { hidden: "tanh", rng: generator(seed + 1) });
  const rule = optimizer("adam");
  return {
    says: (rows) => predict(net, rows).map((o) => 1 / (1 + Math.exp(-o))),
    learn: () => trainStep(net, "sigmoid", X, y, rule, { eta: ETA }),
  };
}

// The class of the nearest row that was seen.
function nearest(X, y, N, rows) {
  const says = new Float64Array(rows.length / 2);
  for (let i = 0; i < says.length; i++) {
    let least = Infinity;
    for (let n = 0; n < N; n++) {
      const distance = (rows[2 * i] - X[2 * n]) ** 2 + (rows[2 * i + 1] - X[2 * n + 1]) ** 2;
      if (distance < least) [least, says[i]] = [distance, y[n]];
    }
  }
  return says;
}

export const share = (p, y) => p.reduce((good, p_i, i) => good + ((p_i >= 0.5 ? 1 : 0) === y[i]), 0) / y.length;
