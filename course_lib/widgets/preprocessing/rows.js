// One unit's weighted sums for the rows of a batch, and what batch normalization makes of them. No drawing here.
const EPS = 1e-5;

export function statistics(h) {
  const mean = h.reduce((sum, value) => sum + value, 0) / h.length;
  return { mean, variance: h.reduce((sum, value) => sum + (value - mean) ** 2, 0) / h.length };
}

// y = γ (h − mean) / √(var + ε) + β, with the batch's own mean and variance in training, the running ones in use
export function normalized(h, { train, running, gamma = 1, beta = 0 }) {
  const { mean, variance } = train ? statistics(h) : running;
  return h.map((value) => (gamma * (value - mean)) / Math.sqrt(variance + EPS) + beta);
}
