// Five ways to turn a gradient into a step, as course_lib.optimizers has them. θ and g are lists of numbers.
//   begin(n)                                 what the rule remembers, before the first step
//   step(θ, g, memory, { eta, beta, t })     θ after it; memory is changed. t = 1, 2, … counts the steps
const EPS = 1e-8, ADAGRAD_EPS = 1e-10, BETA_2 = 0.999;
export const RHO = 0.9;

const zeros = (n) => new Array(n).fill(0);

const gradientDescent = {
  word: "gradient descent",
  begin: () => ({}),
  step: (theta, g, memory, { eta }) => theta.map((value, i) => value - eta * g[i]),
};

const momentum = {
  word: "momentum",
  begin: (n) => ({ v: zeros(n) }),
  step(theta, g, memory, { eta, beta }) {
    memory.v = memory.v.map((v, i) => beta * v + g[i]);
    return theta.map((value, i) => value - eta * memory.v[i]);
  },
};

const adagrad = {
  word: "Adagrad",
  begin: (n) => ({ s: zeros(n) }),
  step(theta, g, memory, { eta }) {
    memory.s = memory.s.map((s, i) => s + g[i] ** 2);
    return theta.map((value, i) => value - (eta * g[i]) / (Math.sqrt(memory.s[i]) + ADAGRAD_EPS));
  },
};

const rmsprop = {
  word: "RMSprop",
  begin: (n) => ({ s: zeros(n) }),
  step(theta, g, memory, { eta, rho = RHO }) {
    memory.s = memory.s.map((s, i) => rho * s + (1 - rho) * g[i] ** 2);
    return theta.map((value, i) => value - (eta * g[i]) / (Math.sqrt(memory.s[i]) + EPS));
  },
};

const adam = {
  word: "Adam",
  begin: (n) => ({ m: zeros(n), v: zeros(n) }),
  step(theta, g, memory, { eta, beta, t, corrected = true }) {
    memory.m = memory.m.map((m, i) => beta * m + (1 - beta) * g[i]);
    memory.v = memory.v.map((v, i) => BETA_2 * v + (1 - BETA_2) * g[i] ** 2);
    const bias_1 = corrected ? 1 - beta ** t : 1, bias_2 = corrected ? 1 - BETA_2 ** t : 1;
    return theta.map((value, i) => value - (eta * (memory.m[i] / bias_1)) / (Math.sqrt(memory.v[i] / bias_2) + EPS));
  },
};

export const RULES = { gd: gradientDescent, momentum, adagrad, rmsprop, adam };

const FAR = 1e6; // further out than this a path is not followed

// The places θ₀, θ₁, …, θ_steps that a rule visits. It ends early where θ runs away. `clip` shortens long gradients.
export function pathOf(rule, gradient, start, { steps, clip = Infinity, ...settings }) {
  const { begin, step } = RULES[rule];
  const path = [start], memory = begin(start.length);
  for (let t = 1; t <= steps; t++) {
    const theta = path[t - 1];
    path.push(step(theta, shorten(gradient(theta), clip), memory, { ...settings, t }));
    if (!path[t].every((value) => Math.abs(value) < FAR)) break;
  }
  return path;
}

// g · min(1, longest / ‖g‖): a long gradient keeps its direction.
export function shorten(g, longest) {
  const length = Math.hypot(...g);
  return length > longest ? g.map((value) => (value * longest) / length) : g;
}
