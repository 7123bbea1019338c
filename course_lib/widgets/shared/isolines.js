// Where f(x, y) has a level: marching over a grid, two corners of a cell at a time. No drawing here.

const NONE = [];

// One list of segments [[x, y], [x, y]] for each level. box { x: [low, high], y: [low, high] }.
export function isolines(f, box, levels, resolution = 80) {
  const along = ([low, high]) => Array.from({ length: resolution + 1 }, (_, i) => low + ((high - low) * i) / resolution);
  const xs = along(box.x), ys = along(box.y);
  const heights = ys.map((y) => xs.map((x) => f(x, y)));
  return levels.map((level) => {
    const segments = [];
    for (let j = 0; j < resolution; j++) for (let i = 0; i < resolution; i++) segments.push(...cell(i, j, level));
    return segments;
  });

  function cell(i, j, level) {
    const above = heights[j][i] >= level;
    if (heights[j][i + 1] >= level === above && heights[j + 1][i] >= level === above && heights[j + 1][i + 1] >= level === above) return NONE; // most cells
    const corners = [[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1]];
    const over = corners.map(([a, c]) => heights[c][a] - level);
    if (!over.every(Number.isFinite)) return [];
    const cuts = [];
    for (let side = 0; side < 4; side++) {
      const next = (side + 1) % 4;
      if (over[side] >= 0 === over[next] >= 0) continue;
      const share = over[side] / (over[side] - over[next]);
      const [a, c] = [corners[side], corners[next]];
      cuts.push([xs[a[0]] + share * (xs[c[0]] - xs[a[0]]), ys[a[1]] + share * (ys[c[1]] - ys[a[1]])]);
    }
    if (cuts.length === 2) return [cuts];
    if (cuts.length !== 4) return [];
    // a saddle: the middle says which corners belong together
    const middle = over.reduce((sum, value) => sum + value, 0) / 4;
    return middle >= 0 === over[0] >= 0 ? [[cuts[0], cuts[1]], [cuts[2], cuts[3]]] : [[cuts[3], cuts[0]], [cuts[1], cuts[2]]];
  }
}
