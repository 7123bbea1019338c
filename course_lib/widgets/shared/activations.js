// What a neuron does with its weighted sum, and the slope of that: as course_lib/activations.py, in 64-bit numbers.
//   value(h)        slope(y, h)  ∂y/∂h, from what came out and what went in

export const activations = {
  identity: { value: (h) => h, slope: () => 1 },
  // each sign gets the form whose exp stays below 1
  sigmoid: { value: (h) => (h >= 0 ? 1 / (1 + Math.exp(-h)) : Math.exp(h) / (1 + Math.exp(h))), slope: (y) => y * (1 - y) },
  tanh: { value: Math.tanh, slope: (y) => 1 - y * y },
  relu: { value: (h) => (h > 0 ? h : 0), slope: (y, h) => (h > 0 ? 1 : 0) },
  leakyrelu: { value: (h) => (h > 0 ? h : 0.01 * h), slope: (y, h) => (h > 0 ? 1 : 0.01) },
};

export const sigmoid = activations.sigmoid.value;

// softmax of a row: probabilities that sum to 1
export function softmax(row) {
  const most = Math.max(...row);
  const e = Array.from(row, (value) => Math.exp(value - most));
  const total = e.reduce((sum, value) => sum + value, 0);
  return e.map((value) => value / total);
}

export function activation(name) {
  if (!activations[name]) throw new Error(`There is no activation ${name}; there are ${Object.keys(activations).join(", ")}.`);
  return activations[name];
}
