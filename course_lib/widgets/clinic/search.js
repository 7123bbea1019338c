// The board's game without a page: where a cell is, what a search from coarse to fine tries next, how good a find is.

export const place = (cell, columns) => [cell % columns, Math.floor(cell / columns)];

// The next cell that coarse-to-fine tries: the first two thirds of the budget anywhere, the rest around the best three.
export function nextTry({ tried, budget, scores, columns, random }) {
  const free = scores.map((_, cell) => cell).filter((cell) => !tried.includes(cell));
  if (!free.length) return null;
  const coarse = Math.ceil((2 / 3) * budget);
  if (tried.length < coarse) return free[random.integer(free.length)];
  const best = [...tried].sort((a, c) => scores[a] - scores[c]).slice(0, 3).map((cell) => place(cell, columns));
  const [low, high] = [0, 1].map((axis) => best.map((at) => at[axis])).reduce(([lo, hi], list) => [[...lo, Math.min(...list) - 1], [...hi, Math.max(...list) + 1]], [[], []]);
  const near = free.filter((cell) => place(cell, columns).every((at, axis) => at >= low[axis] && at <= high[axis]));
  const pool = near.length ? near : free;
  return pool[random.integer(pool.length)];
}

// The best of the cells tried, and its rank among all (1 is the best there is).
export function standing(tried, scores) {
  if (!tried.length) return null;
  const cell = tried.reduce((best, each) => (scores[each] < scores[best] ? each : best));
  return { cell, score: scores[cell], rank: 1 + scores.filter((score) => score < scores[cell]).length };
}
