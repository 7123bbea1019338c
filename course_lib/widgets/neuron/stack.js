// A stack of layers with one number in and one out, with or without a bend between them. No drawing here.
// layers: [{ W: rows of weights (n_in × n_out), b }], as course_lib.layers.Dense has them.

const dense = (row, { W, b }) => b.map((b_k, k) => row.reduce((sum, value, j) => sum + value * W[j][k], b_k));

// What the stack makes of x; φ stands between layers, not after the last.
export function throughStack(x, layers, phi) {
  return layers.reduce((row, layer, i) => dense(i ? row.map(phi) : row, layer), [x])[0];
}

// Without a bend the whole stack is one neuron: W₁W₂… and b₁W₂… + b₂ …
export function collapsed(layers) {
  const b = throughStack(0, layers, (h) => h);
  return { w: throughStack(1, layers, (h) => h) - b, b };
}
