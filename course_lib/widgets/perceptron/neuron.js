// One neuron, as in course_lib/perceptron.py: the same numbers, computed in the page. X is a list of rows.

//  h = w₁x₁ + w₂x₂ + … + b
export const weightedSum = (X, w, b) => X.map((x) => x.reduce((sum, x_i, i) => sum + w[i] * x_i, 0) + b);

//  σ(h) = 1 / (1 + e^(−h)), written so that e is never raised to a large positive power
export const sigmoid = (h) => (h >= 0 ? 1 / (1 + Math.exp(-h)) : Math.exp(h) / (1 + Math.exp(h)));

//  ŷ = [p ≥ ½]: a tie counts as class 1
export function predict(X, w, b) {
  const h = weightedSum(X, w, b);
  const p = h.map(sigmoid);
  return { h, p, y_hat: p.map((p_i) => (p_i >= 0.5 ? 1 : 0)) };
}

//  (y − p)²
export const squaredErrors = (y, p) => y.map((y_i, i) => (y_i - p[i]) ** 2);

export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

// Everything that the figure shows.
export function table(X, y, w, b) {
  const { h, p, y_hat } = predict(X, w, b);
  const loss = squaredErrors(y, p);
  return { h, p, y_hat, loss, mse: mean(loss), right: y.map((y_i, i) => y_i === y_hat[i]) };
}
