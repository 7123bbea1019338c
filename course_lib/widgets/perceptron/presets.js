// Starting points that say what they show. The slide's neuron has w = (1, −1), b = −0.5.
const X = [[0, 0], [0, 1], [1, 0], [1, 1]];
const slide = { X, w: [1, -1], b: -0.5 };

export const gates = {
  OR: [0, 1, 1, 1],
  AND: [0, 0, 0, 1],
  XOR: [0, 1, 1, 0],
};

const named = [
  { name: "OR, as on the slide", ...slide, y: gates.OR, title: "The slide's line gets 2 of the 4 rows of OR right; another line gets all 4" },
  { name: "OR, b = 0: two ties", ...slide, b: 0, y: gates.OR, title: "A point on the line is a tie: p is exactly 0.5" },
  { name: "AND, the same line", ...slide, y: gates.AND, title: "The same line gets 2 of the 4 rows of AND right; another line gets all 4" },
  { name: "XOR, the same line", ...slide, y: gates.XOR, title: "Every line gets at most 3 of the 4 rows of XOR right" },
];

// The figure's own start comes first, under its preset's name if it is one.
export function presets(start) {
  const same = (a) => ["X", "y", "w", "b"].every((name) => JSON.stringify(a[name]) === JSON.stringify(start[name]));
  const known = named.find(same);
  return [{ ...start, name: known?.name ?? "your numbers" }, ...named.filter((preset) => preset !== known)];
}
