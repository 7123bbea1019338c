// The operations of a graph of single numbers, as in course_lib/autodiff/rules.py: each with its local derivatives beside it.
//   value(a, b)       forward
//   slopes(a, b, y)   ∂y/∂a, ∂y/∂b: how much y moves when an input moves
//   words(a, b)       how it is written
const infix = (symbol) => (a, b) => `${a} ${symbol} ${b}`;
const call = (name) => (a, b) => `${name}(${b === undefined ? a : `${a}, ${b}`})`;

export const sigmoid = (a) => (1 + Math.tanh(a / 2)) / 2;

export const operations = {
  "+": { value: (a, b) => a + b, slopes: () => [1, 1], words: infix("+"), rule: () => ["1", "1"] },
  "−": { value: (a, b) => a - b, slopes: () => [1, -1], words: infix("−"), rule: () => ["1", "−1"] },
  "×": { value: (a, b) => a * b, slopes: (a, b) => [b, a], words: infix("·"), rule: (a, b) => [b, a] },
  "/": { value: (a, b) => a / b, slopes: (a, b, y) => [1 / b, -y / b], words: infix("/"), rule: (a, b) => [`1/${b}`, `−${a}/${b}²`] },
  "^": {
    value: (a, b) => a ** b, words: infix("^"), rule: (a, b) => [`${b} ${a}^(${b}−1)`, `${a}^${b} ln ${a}`],
    slopes: (a, b, y) => [b === 0 ? 0 : b * a ** (b - 1), y * Math.log(a)],
  },
  max: { value: (a, b) => Math.max(a, b), slopes: (a, b) => (a >= b ? [1, 0] : [0, 1]), words: call("max"), rule: () => ["1 if it wins", "1 if it wins"] },
  neg: { value: (a) => -a, slopes: () => [-1], words: (a) => `−${a}`, rule: () => ["−1"] },
  exp: { value: Math.exp, slopes: (a, _, y) => [y], words: call("exp"), rule: (a) => [`exp(${a})`] },
  log: { value: Math.log, slopes: (a) => [1 / a], words: call("ln"), rule: (a) => [`1/${a}`] },
  sin: { value: Math.sin, slopes: (a) => [Math.cos(a)], words: call("sin"), rule: (a) => [`cos(${a})`] },
  "√": { value: Math.sqrt, slopes: (a, _, y) => [1 / (2 * y)], words: call("√"), rule: (a) => [`1/(2√${a})`] },
  "|·|": { value: Math.abs, slopes: (a) => [Math.sign(a)], words: (a) => `|${a}|`, rule: () => ["its sign"] },
  tanh: { value: Math.tanh, slopes: (a, _, y) => [1 - y * y], words: call("tanh"), rule: (a, b, y) => [`1 − ${y}²`] },
  "σ": { value: sigmoid, slopes: (a, _, y) => [y * (1 - y)], words: call("σ"), rule: (a, b, y) => [`${y}(1 − ${y})`] },
  relu: { value: (a) => Math.max(a, 0), slopes: (a) => [a > 0 ? 1 : 0], words: call("relu"), rule: (a) => [`1 if ${a} > 0`] },
};
