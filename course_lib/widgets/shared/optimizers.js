// How the gradient becomes a step: as course_lib/optimizers, in 64-bit numbers. `update` changes θ in place.
//   const rule = optimizer("adam", { beta_1: 0.9 });   rule.step(theta, grad, eta);
// A rule remembers things for one θ; make a new one for another.

const rules = {
  //  v ← μ v + g, θ ← θ − η v;  nesterov: θ ← θ − η (g + μ v)
  sgd({ momentum: mu = 0, nesterov = false }) {
    let v;
    return (theta, g, eta) => {
      v ??= new Float64Array(theta.length);
      for (let i = 0; i < theta.length; i++) {
        v[i] = mu * v[i] + g[i];
        theta[i] -= eta * (nesterov ? g[i] + mu * v[i] : v[i]);
      }
    };
  },

  //  s ← s + g², θ ← θ − η g / (√s + eps)
  adagrad({ eps = 1e-10 }) {
    let s;
    return (theta, g, eta) => {
      s ??= new Float64Array(theta.length);
      for (let i = 0; i < theta.length; i++) {
        s[i] += g[i] * g[i];
        theta[i] -= (eta * g[i]) / (Math.sqrt(s[i]) + eps);
      }
    };
  },

  //  s ← ρ s + (1 − ρ) g², θ ← θ − η g / (√s + eps)
  rmsprop({ rho = 0.99, eps = 1e-8 }) {
    let s;
    return (theta, g, eta) => {
      s ??= new Float64Array(theta.length);
      for (let i = 0; i < theta.length; i++) {
        s[i] = rho * s[i] + (1 - rho) * g[i] * g[i];
        theta[i] -= (eta * g[i]) / (Math.sqrt(s[i]) + eps);
      }
    };
  },

  //  m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², θ ← θ − η m̂ / (√v̂ + eps), m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ)
  adam({ beta_1 = 0.9, beta_2 = 0.999, eps = 1e-8, weight_decay = 0 }) {
    let m, v, t = 0;
    return (theta, g, eta) => {
      m ??= new Float64Array(theta.length);
      v ??= new Float64Array(theta.length);
      t++;
      const [c_1, c_2] = [1 - beta_1 ** t, 1 - beta_2 ** t];
      for (let i = 0; i < theta.length; i++) {
        m[i] = beta_1 * m[i] + (1 - beta_1) * g[i];
        v[i] = beta_2 * v[i] + (1 - beta_2) * g[i] * g[i];
        theta[i] -= eta * weight_decay * theta[i] + (eta * (m[i] / c_1)) / (Math.sqrt(v[i] / c_2) + eps);
      }
    };
  },
};

export const optimizerNames = Object.keys(rules);

export function optimizer(name, options = {}) {
  if (!rules[name]) throw new Error(`There is no optimizer ${name}; there are ${optimizerNames.join(", ")}.`);
  return { name, step: rules[name](options) };
}
