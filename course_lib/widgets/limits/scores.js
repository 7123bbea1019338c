// How many rows a line gets right.
import { predict } from "../perceptron/neuron.js";

const X = [[0, 0], [0, 1], [1, 0], [1, 1]];
const TABLES = { XOR: [0, 1, 1, 0], AND: [0, 0, 0, 1], OR: [0, 1, 1, 1] };

// The most rows of a table that any line gets right.
export const MOST = { XOR: 3, AND: 4, OR: 4 };

// The rows of a table by name; any other name means the reader's own.
export const rowsOf = (table, data) => (table in TABLES ? { X, y: TABLES[table] } : { X: data.X, y: data.y });

export function score(X, y, w, b) {
  const { h, p, y_hat } = predict(X, w, b);
  const right = y.map((y_i, i) => y_i === y_hat[i]);
  return { h, p, y_hat, right, good: right.filter(Boolean).length };
}
