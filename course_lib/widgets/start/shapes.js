// Broadcasting, as NumPy does it. No drawing here.

// The shape of a + b, or null where they do not fit: from the right, sizes must be equal, or one of them 1 (or missing).
export function broadcast(a, b) {
  const n = Math.max(a.length, b.length);
  const at = (shape, i) => shape[shape.length - n + i] ?? 1;
  const result = Array.from({ length: n }, (_, i) => (at(a, i) === at(b, i) || at(b, i) === 1 ? at(a, i) : at(a, i) === 1 ? at(b, i) : null));
  return result.includes(null) ? null : result;
}

export const written = (shape) => (shape === null ? "an error" : `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`);

// An array of this shape as rows and columns to draw: [rows, columns]
export const drawnAs = (shape) => (shape.length === 0 ? [1, 1] : shape.length === 1 ? [1, shape[0]] : shape);

export const PUZZLES = [
  { a: [3, 4], b: [4] },
  { a: [3, 4], b: [3, 1] },
  { a: [3, 4], b: [3] },
  { a: [4, 1], b: [4] },
  { a: [3, 1], b: [1, 4] },
  { a: [3, 4], b: [] },
];

export const GUESSES = [[4], [3, 4], [4, 4], [3, 1], [4, 1], null];

// A guess is [which puzzle, what shape]; one for another puzzle does not count.
export function judge({ puzzle, guess: [which, shape] }) {
  const { a, b } = PUZZLES[puzzle - 1];
  return { a, b, result: broadcast(a, b), guessed: which === puzzle, right: which === puzzle && shape === written(broadcast(a, b)) };
}
