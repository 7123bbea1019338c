// The five rules of the lecture, as shared/optimizers.js has them, and the paths that they take.
import { optimizer } from "../shared/optimizers.js";

const RHO = 0.9; // RMSprop's memory here; Adam's β₂ is .999

// name -> { word, make({ beta, corrected }) }: a rule that remembers nothing yet, with step(θ, g, η), which changes θ
export const RULES = {
  gd: { word: "gradient descent", short: "descent", make: () => optimizer("sgd") },
  momentum: { word: "momentum", make: ({ beta }) => optimizer("sgd", { momentum: beta }) },
  adagrad: { word: "Adagrad", make: () => optimizer("adagrad") },
  rmsprop: { word: "RMSprop", make: () => optimizer("rmsprop", { rho: RHO }) },
  adam: { word: "Adam", make: ({ beta, corrected = true }) => (corrected ? optimizer("adam", { beta_1: beta }) : biasedAdam(beta)) },
};

// Adam as it would be without taking the bias out: m and v as they are, although both began at 0.
function biasedAdam(beta_1, beta_2 = 0.999, eps = 1e-8) {
  let m = 0, v = 0;
  const remember = (past, now, beta) => Float64Array.from(now, (value, i) => beta * (past[i] ?? 0) + (1 - beta) * value);
  return {
    step(theta, g, eta) {
      m = remember(m, g, beta_1);
      v = remember(v, g.map((value) => value * value), beta_2);
      for (let i = 0; i < theta.length; i++) theta[i] -= (eta * m[i]) / (Math.sqrt(v[i]) + eps);
    },
  };
}

const FAR = 1e6; // further out than this a path is not followed

// The places θ₀, θ₁, …, θ_steps that a rule visits. It ends early where θ runs away. `clip` shortens long gradients.
export function pathOf(name, gradient, start, { steps, eta, beta, clip = Infinity }) {
  const rule = RULES[name].make({ beta }), theta = Float64Array.from(start);
  const path = [[...start]];
  while (path.length <= steps && theta.every((value) => Math.abs(value) < FAR)) {
    rule.step(theta, shorten(gradient(theta), clip), eta);
    path.push([...theta]);
  }
  return path;
}

// g · min(1, longest / ‖g‖): a long gradient keeps its direction.
export function shorten(g, longest) {
  const length = Math.hypot(...g);
  return length > longest ? g.map((value) => (value * longest) / length) : g;
}
