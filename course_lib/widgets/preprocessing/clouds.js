// A cloud of points in a plane, four ways to prepare it, and the bowl that a linear neuron's squared error makes of it.
// A point is [x₁, x₂]; a 2 × 2 symmetric matrix is [a, b, c] for [[a, b], [b, c]].
const mean = (list) => list.reduce((sum, value) => sum + value, 0) / list.length;
const column = (X, axis) => X.map((x) => x[axis]);

// Standard normal points z, stretched along one axis, turned, moved.
export const cloud = (Z, { stretch, angle, m1, m2 }) => {
  const c = Math.cos((angle * Math.PI) / 180), s = Math.sin((angle * Math.PI) / 180);
  return Z.map(([a, b]) => [c * stretch * a - s * b + m1, s * stretch * a + c * b + m2]);
};

export function covariance(X) {
  const [p, q] = [mean(column(X, 0)), mean(column(X, 1))];
  return [mean(X.map(([a]) => (a - p) ** 2)), mean(X.map(([a, b]) => (a - p) * (b - q))), mean(X.map(([, b]) => (b - q) ** 2))];
}

// Eigenvalues, the larger first, and the angle of the first axis.
export function eigen([a, b, c]) {
  const middle = (a + c) / 2, reach = Math.hypot((a - c) / 2, b);
  return { values: [middle + reach, middle - reach], angle: 0.5 * Math.atan2(2 * b, a - c) };
}

const EPS = 1e-5;
const centred = (X) => {
  const [p, q] = [mean(column(X, 0)), mean(column(X, 1))];
  return X.map(([a, b]) => [a - p, b - q]);
};
const turnedOntoAxes = (X) => {
  const { angle } = eigen(covariance(X));
  const c = Math.cos(angle), s = Math.sin(angle);
  return centred(X).map(([a, b]) => [c * a + s * b, -s * a + c * b]);
};
const divided = (X, scales) => X.map((x) => x.map((value, axis) => value / scales[axis]));

export const PREPARATIONS = {
  raw: { word: "as they are", apply: (X) => X },
  center: { word: "centred", apply: centred },
  standardize: { word: "centred and scaled", apply: (X) => divided(centred(X), [covariance(X)[0], covariance(X)[2]].map(Math.sqrt)) },
  pca: { word: "centred and turned (PCA)", apply: turnedOntoAxes },
  whiten: { word: "turned and scaled (whitened)", apply: (X) => divided(turnedOntoAxes(X), eigen(covariance(X)).values.map((value) => Math.sqrt(value + EPS))) },
};

// ½ mean (w·x − t)² around its best w: ½ δᵀ H δ with H = mean of x xᵀ, whatever the targets t are.
export const hessian = (X) => [mean(X.map(([a]) => a * a)), mean(X.map(([a, b]) => a * b)), mean(X.map(([, b]) => b * b))];
export const bowl = ([a, b, c]) => ([p, q]) => 0.5 * (a * p * p + 2 * b * p * q + c * q * q);
export const slope = ([a, b, c]) => ([p, q]) => [a * p + b * q, b * p + c * q];

// The places where the bowl is `height` high: an ellipse along the two axes of H.
export function ellipse(H, height, points = 72) {
  const { values, angle } = eigen(H);
  const [c, s] = [Math.cos(angle), Math.sin(angle)], [long, short] = values.map((value) => Math.sqrt((2 * height) / Math.max(value, 1e-12)));
  return Array.from({ length: points }, (_, i) => {
    const turn = (2 * Math.PI * i) / points, [p, q] = [long * Math.cos(turn), short * Math.sin(turn)];
    return [c * p - s * q, s * p + c * q];
  });
}

// The best rate, what it leaves per step, and how many steps it takes to a hundredth of the distance.
export function speed(H) {
  const [high, low] = eigen(H).values;
  const left = (high - low) / (high + low);
  return { kappa: high / low, eta: 2 / (high + low), left, steps: left < 1e-9 ? 1 : Math.ceil(Math.log(0.01) / Math.log(left)) };
}
