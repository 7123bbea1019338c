// How much of the distance is left after a step, in the long run, along a direction of curvature λ:
// the larger root of  z² − (1 + β − ηλ) z + β = 0.  With β = 0 it is |1 − ηλ|.
export function rate(eta, beta, lambda) {
  const half = (1 + beta - eta * lambda) / 2;
  const inside = half * half - beta;
  return inside < 0 ? Math.sqrt(beta) : Math.abs(half) + Math.sqrt(inside);
}

// The slowest direction decides.
export const slowest = (eta, beta, lambdas) => Math.max(...lambdas.map((lambda) => rate(eta, beta, lambda)));

// The best of all η without momentum, and of all η and β (Polyak 1964), for curvatures from `low` to `high`.
export const bestDescent = ([low, high]) => ({ eta: 2 / (low + high), beta: 0, rate: (high - low) / (high + low) });

export function bestMomentum([low, high]) {
  const a = Math.sqrt(low), b = Math.sqrt(high);
  const root = (b - a) / (b + a);
  return { eta: (2 / (a + b)) ** 2, beta: root ** 2, rate: root };
}
