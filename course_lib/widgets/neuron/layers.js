// A small net, layer by layer, as course_lib.network would compute it. No drawing here.
//   layers: [{ W: n_in × n_out, b }]      unit [c, k] is number k of column c, column 0 being the inputs

// Every unit's numbers: [[{ out }, …], [{ h, out, terms: [{ value, weight, product }], bias }, …], …]
export function readNet(x, layers, f) {
  const columns = [x.map((out) => ({ out }))];
  for (const { W, b } of layers) {
    const before = columns.at(-1);
    columns.push(
      b.map((bias, k) => {
        const terms = before.map(({ out }, j) => ({ value: out, weight: W[j][k], product: out * W[j][k] }));
        const h = terms.reduce((sum, { product }) => sum + product, 0) + bias;
        return { h, out: f(h), terms, bias };
      }),
    );
  }
  return columns;
}

// What a column is called.
export function layerName(c, last) {
  if (c === 0) return "input layer";
  if (c === last) return "output layer";
  return last === 2 ? "hidden layer" : `${["1st", "2nd", "3rd"][c - 1]} hidden layer`;
}

const sub = (n) => String(n).replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[digit]);

// x₁, x₂ at the inputs; a letter for each hidden layer; y at the output
export function unitName([c, k], last, width) {
  if (c === 0) return `x${sub(k + 1)}`;
  if (c === last) return width === 1 ? "y" : `y${sub(k + 1)}`;
  return `${["u", "v", "w"][c - 1]}${sub(k + 1)}`;
}
