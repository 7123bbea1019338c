// Losses of two parameters: value(θ), gradient(θ), the part of the plane to show, where to begin, and the lowest value.
const SQUARE = { x: [-5, 5], y: [-5, 5] };

// ½ λ₁ u² + ½ λ₂ v², with (u, v) = θ turned by `angle` degrees.
function quadratic(name, sentence, lambda, angle, start) {
  const c = Math.cos((angle * Math.PI) / 180), s = Math.sin((angle * Math.PI) / 180);
  const turned = ([x, y]) => [c * x + s * y, -s * x + c * y];
  return {
    name, sentence, start, box: SQUARE, lowest: 0, minima: [[0, 0]],
    value: (theta) => turned(theta).reduce((sum, u, i) => sum + 0.5 * lambda[i] * u * u, 0),
    gradient(theta) {
      const [gu, gv] = turned(theta).map((u, i) => lambda[i] * u);
      return [c * gu - s * gv, s * gu + c * gv];
    },
  };
}

// ½ x² − ½ y² + y⁴/36: a pass between two valleys at y = ±3. From (4, 0) exactly, the slope leads to the pass and nowhere else.
const saddle = {
  name: "saddle", sentence: "a saddle: flat in the middle, with a valley above and one below",
  box: SQUARE, start: [-4, 0.001], lowest: -2.25, minima: [[0, 3], [0, -3]],
  value: ([x, y]) => 0.5 * x * x - 0.5 * y * y + y ** 4 / 36,
  gradient: ([x, y]) => [x, -y + y ** 3 / 9],
};

export const SURFACES = {
  bowl: quadratic("bowl", "a round bowl, equally steep in every direction (λ = 1 and 1)", [1, 1], 0, [-4, 3]),
  ravine: quadratic("ravine", "a ravine, a hundred times as curved upwards as across (λ = 0.1 and 10)", [0.1, 10], 0, [-4, 1.5]),
  turned: quadratic("turned ravine", "the same ravine, turned by 45 degrees (λ = 0.1 and 10)", [0.1, 10], 45, [-4, -2]),
  saddle,
};

// A neuron that is fed its own output, fifty times: h ← w σ(h) + b from h = ½, and at the end (σ(h) − 0.7)².
// The slopes travel forward with h. Source: Pascanu, Mikolov and Bengio (2013), figure 6.
const TIMES = 50, TARGET = 0.7;
const sigma = (h) => 1 / (1 + Math.exp(-h));

function loop([w, b]) {
  let h = 0.5, dw = 0, db = 0;
  for (let t = 0; t < TIMES; t++) {
    const s = sigma(h), slope = s * (1 - s);
    [dw, db] = [s + w * slope * dw, 1 + w * slope * db];
    h = w * s + b;
  }
  return { p: sigma(h), dw, db };
}

function lossAndGradient(theta) {
  const { p, dw, db } = loop(theta);
  const d_h = 2 * (p - TARGET) * p * (1 - p);
  return { loss: (p - TARGET) ** 2, gradient: [d_h * dw, d_h * db] };
}

export const cliff = {
  name: "cliff", box: { x: [3.5, 6], y: [-3.2, -1.2] }, start: [5, -2.2], lowest: 0,
  value: (theta) => lossAndGradient(theta).loss,
  gradient: (theta) => lossAndGradient(theta).gradient,
  lossAndGradient,
};
