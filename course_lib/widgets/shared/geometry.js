// The line w₁x₁ + w₂x₂ + b = 0 in the plane: no drawing here.
// A box is { x: [low, high], y: [low, high] }.

export const norm = (w) => Math.hypot(w[0], w[1]);

export const height = (w, b, [x, y]) => w[0] * x + w[1] * y + b;

// The two points where the line enters and leaves the box, in the direction (−w₂, w₁); null if it misses, or if w = 0.
export function clip(w, b, box) {
  const length = norm(w);
  if (length === 0) return null;
  const start = foot(w, b, middle(box));
  const along = [-w[1] / length, w[0] / length];
  let low = -Infinity, high = Infinity;
  [box.x, box.y].forEach(([near, far], axis) => {
    if (along[axis] === 0) {
      if (start[axis] < near || start[axis] > far) low = Infinity;
      return;
    }
    const ends = [(near - start[axis]) / along[axis], (far - start[axis]) / along[axis]];
    low = Math.max(low, Math.min(...ends));
    high = Math.min(high, Math.max(...ends));
  });
  if (!(low < high)) return null;
  return [low, high].map((t) => [start[0] + t * along[0], start[1] + t * along[1]]);
}

export const middle = (box) => [(box.x[0] + box.x[1]) / 2, (box.y[0] + box.y[1]) / 2];

// The point of the line that is nearest to `point`.
export function foot(w, b, point) {
  const t = height(w, b, point) / (w[0] ** 2 + w[1] ** 2);
  return [point[0] - t * w[0], point[1] - t * w[1]];
}

// The b for which the line with these weights goes through `point`.
export const through = (w, point) => -(w[0] * point[0] + w[1] * point[1]);

// w turned by `angle` (radians, counter-clockwise), as long as before.
export function turned(w, angle) {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return [c * w[0] - s * w[1], s * w[0] + c * w[1]];
}
