// Schedules as in course_lib/schedules.py: eta = schedule(k), k = 0 first. And what a schedule does to a noisy descent.

export const constant = (eta) => () => eta;

export const linear = (eta_0, eta_tau, tau) => (k) => {
  const alpha = Math.min(k / tau, 1);
  return (1 - alpha) * eta_0 + alpha * eta_tau;
};

// The slide's, without the minimum: past τ it goes on falling, below zero.
export const unclamped = (eta_0, eta_tau, tau) => (k) => (1 - k / tau) * eta_0 + (k / tau) * eta_tau;

export const inverse = (eta_0, decay) => (k) => eta_0 / (1 + decay * k);
export const stepDecay = (eta_0, factor, every) => (k) => eta_0 * factor ** Math.floor(k / every);
export const exponential = (eta_0, factor) => (k) => eta_0 * factor ** k;
export const cosine = (eta_0, eta_tau, tau) => (k) => eta_tau + (eta_0 - eta_tau) * (0.5 * (1 + Math.cos(Math.PI * Math.min(k / tau, 1))));
export const warmup = (steps, then) => (k) => (k < steps ? ((k + 1) / steps) * then(0) : then(k - steps));

// Each shape from η₀ to η_τ in τ steps, and the Python that makes it. (An inverse that would have to rise stays level.)
const decay = (a, c, tau) => Math.max(0, (a / c - 1) / tau);
const short = (value) => String(Number(value.toPrecision(4)));
export const shapes = {
  constant: { words: "constant", make: (a) => constant(a), code: (a) => `constant(${short(a)})` },
  linear: { words: "linear, then level", make: linear, code: (a, c, tau) => `linear(${short(a)}, ${short(c)}, tau=${tau})` },
  unclamped: { words: "linear, never level (a mistake)", make: unclamped, code: (a, c, tau) => `lambda k: (1 - k/${tau}) * ${short(a)} + k/${tau} * ${short(c)}   # no min(k/tau, 1)` },
  inverse: { words: "inverse", make: (a, c, tau) => inverse(a, decay(a, c, tau)), code: (a, c, tau) => `inverse(${short(a)}, decay=${short(decay(a, c, tau))})` },
  step: { words: "stairs", make: (a, c, tau) => stepDecay(a, (c / a) ** 0.25, Math.ceil(tau / 4)), code: (a, c, tau) => `step_decay(${short(a)}, factor=${short((c / a) ** 0.25)}, every=${Math.ceil(tau / 4)})` },
  exponential: { words: "exponential", make: (a, c, tau) => exponential(a, (c / a) ** (1 / tau)), code: (a, c, tau) => `exponential(${short(a)}, factor=${short((c / a) ** (1 / tau))})` },
  cosine: { words: "cosine", make: cosine, code: (a, c, tau) => `cosine(${short(a)}, ${short(c)}, tau=${tau})` },
  warmup: { words: "warm-up, then linear", make: (a, c, tau) => warmup(Math.ceil(tau / 10), linear(a, c, tau)), code: (a, c, tau) => `warmup(${Math.ceil(tau / 10)}, then=linear(${short(a)}, ${short(c)}, tau=${tau}))` },
};

//  x ← x − η_k (x + σ z_k), z_k standard normal: the root of the mean of x² over all possible noise, exactly:
//  mean x² ← (1 − η_k)² mean x² + η_k² σ².   Entry k is after k steps.
export function rms(schedule, { x0 = 5, sigma = 1, steps }) {
  const out = new Float64Array(steps + 1);
  let m = x0 ** 2;
  out[0] = x0;
  for (let k = 0; k < steps; k++) {
    const eta = schedule(k);
    m = (1 - eta) ** 2 * m + eta ** 2 * sigma ** 2;
    out[k + 1] = Math.sqrt(m);
  }
  return out;
}

// One run with the noise z given.
export function walk(schedule, z, { x0 = 5, sigma = 1 }) {
  const out = new Float64Array(z.length + 1);
  out[0] = x0;
  for (let k = 0; k < z.length; k++) out[k + 1] = out[k] - schedule(k) * (out[k] + sigma * z[k]);
  return out;
}

//  Σ η and Σ η² of the first n steps, for each n
export function sums(schedule, steps) {
  const first = new Float64Array(steps), second = new Float64Array(steps);
  let [a, c] = [0, 0];
  for (let k = 0; k < steps; k++) {
    const eta = schedule(k);
    first[k] = a += eta;
    second[k] = c += eta * eta;
  }
  return { first, second };
}
