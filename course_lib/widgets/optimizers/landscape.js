// A loss as ground under a path: dark where it is high, with level lines; on a scale of ratios, so that the floor shows.
import { ground } from "../shared/theme.js";

const COLUMNS = 100, LINES = 12;

export function paintLandscape(plane, { value, lowest }, { offset = 0.05, resolution = 80 } = {}) {
  const { box } = plane;
  const height = (x, y) => Math.log(value([x, y]) - lowest + offset);
  const heights = new Float64Array(COLUMNS * COLUMNS);
  for (let i = 0; i < heights.length; i++) {
    const [row, column] = [Math.floor(i / COLUMNS), i % COLUMNS];
    const x = box.x[0] + ((column + 0.5) / COLUMNS) * (box.x[1] - box.x[0]);
    const y = box.y[1] - ((row + 0.5) / COLUMNS) * (box.y[1] - box.y[0]);
    heights[i] = height(x, y);
  }
  const low = Math.min(...heights), high = Math.max(...heights);
  plane.fieldFrom(heights, COLUMNS, (h) => ground((0.85 * (h - low)) / (high - low)));
  plane.contours(height, Array.from({ length: LINES }, (_, i) => low + ((i + 0.5) / LINES) * (high - low)), { resolution });
}
