// First weights, by the names of course_lib/initializers.py (the numbers drawn are others: the generator is another).
const schemes = {
  zeros: () => () => 0,
  constant: () => () => 0.5,
  normal: () => (rng) => rng.normal(), // standard deviation 1: too large on purpose
  small: () => (rng) => 0.01 * rng.normal(),
  lecun_normal: (n_in) => (rng) => rng.normal(0, Math.sqrt(1 / n_in)),
  glorot_normal: (n_in, n_out) => (rng) => rng.normal(0, Math.sqrt(2 / (n_in + n_out))),
  glorot_uniform: (n_in, n_out) => (rng) => rng.uniform(-1, 1) * Math.sqrt(6 / (n_in + n_out)),
  he_normal: (n_in) => (rng) => rng.normal(0, Math.sqrt(2 / n_in)),
  he_uniform: (n_in) => (rng) => rng.uniform(-1, 1) * Math.sqrt(6 / n_in),
};

export const initializerNames = Object.keys(schemes);

// Fill W. `name` is one of the names, or a number: normal with that standard deviation.
export function draw(name, W, n_in, n_out, rng) {
  const one = typeof name === "number" ? (each) => each.normal(0, name) : schemes[name]?.(n_in, n_out);
  if (!one) throw new Error(`There is no initializer ${name}; there are ${initializerNames.join(", ")}.`);
  for (let i = 0; i < W.length; i++) W[i] = one(rng);
}
