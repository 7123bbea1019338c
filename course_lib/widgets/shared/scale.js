// Axes: where a value lies, where an axis ends, which round numbers stand on it. No drawing here.

// value -> pixel, and .back(pixel) -> value
export function places([low, high], [from, to], log = false) {
  const f = log ? Math.log : (value) => value;
  const back = log ? Math.exp : (value) => value;
  const [a, c] = [f(low), f(high)];
  const at = (value) => from + ((f(value) - a) / (c - a || 1)) * (to - from);
  at.back = (pixel) => back(a + ((pixel - from) / (to - from)) * (c - a));
  return at;
}

// The ends of an axis: what is given, else what the data reach, a little rounded so that it does not creep.
//   axis 0 or 1 · within: only points whose x lies there count
export function ends(series, axis, { low, high, log = false }, marks = [], within = null) {
  if (low !== undefined && high !== undefined) return [low, high];
  let [least, most] = [Infinity, -Infinity];
  const take = (point) => {
    const value = point[axis];
    if (!Number.isFinite(value) || (log && value <= 0) || (within && !(point[0] >= within[0] && point[0] <= within[1]))) return;
    if (value < least) least = value;
    if (value > most) most = value;
  };
  for (const { points } of series) points.forEach(take);
  for (const { at } of marks) if (at) take(at);
  if (least > most) [least, most] = log ? [0.1, 1] : [0, 1];
  const [a, c] = axis === 0 ? [least, most] : log ? [floorTen(least), ceilTen(most)] : rounded(Math.min(least, low ?? least), most);
  const from = low ?? a, to = high ?? c;
  return from < to ? [from, to] : log ? [from / 2, from * 2] : [from - 0.5, from + 0.5];
}

const floorTen = (value) => 10 ** Math.floor(Math.log10(value) + 1e-9);
const ceilTen = (value) => 10 ** Math.ceil(Math.log10(value) - 1e-9);

function rounded(low, high) {
  const size = stepFor(high - low || Math.abs(high) || 1, 5);
  return [Math.floor(low / size + 1e-9) * size, Math.ceil(high / size - 1e-9) * size];
}

// 1, 2 or 5 times a power of ten, such that about `count` of them make `length`.
function stepFor(length, count) {
  const rough = length / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((m) => m * power).find((size) => size >= rough * 0.999);
}

// Round numbers within [low, high], at most about `count`.
export function ticks([low, high], log = false, count = 5) {
  if (log) {
    const [a, c] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
    const every = Math.max(1, Math.ceil((c - a) / count));
    const powers = [];
    for (let power = a; power <= c; power += every) powers.push(Number(`1e${power}`));
    if (powers.length >= 2) return powers;
    const close = powers.length ? [0.1, 0.2, 0.5, 1, 2, 5].map((m) => m * powers[0]) : ticks([low, high], false, count);
    return close.filter((tick) => tick >= low * 0.999 && tick <= high * 1.001).map((tick) => Number(tick.toPrecision(6)));
  }
  const size = stepFor(high - low, count);
  const list = [];
  for (let i = Math.ceil(low / size - 1e-9); i * size <= high + 1e-9 * size; i++) list.push(Number((i * size).toPrecision(12)));
  return list;
}
