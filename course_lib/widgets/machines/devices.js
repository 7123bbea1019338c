// What a device can do at best. The same formulas as course_lib/devices.py; a test compares the two.
//   device  { peak, bandwidth, bus, double, launch }   operations a second (float32), bytes a second, factor, seconds

export const BATCH = 32;
export const BYTES = { float32: 4, float64: 8 };
export const OPERATIONS = {
  product: "matrix product, n × n",
  vector: "matrix times vector, n × n",
  relu: "ReLU of n × n numbers",
  layer: `dense layer, n units, batch ${BATCH}`,
};

export function work(operation, n, dtype = "float32") {
  const [operations, read, written, stays] = {
    product: [2 * n ** 3, 2 * n * n, n * n, 0],
    vector: [2 * n * n, n * n + n, n, 0],
    relu: [n * n, n * n, n * n, 0],
    layer: [2 * BATCH * n * n, BATCH * n + n * n, BATCH * n, n * n],
  }[operation];
  const size = BYTES[dtype];
  const bytes = size * (read + written);
  return { operations, bytes, bytesIn: size * (read - stays), bytesOut: size * written, intensity: operations / bytes };
}

export const peakOf = (device, dtype = "float32") => device.peak / (dtype === "float64" ? device.double : 1);
export const best = (device, intensity, dtype) => Math.min(peakOf(device, dtype), intensity * device.bandwidth);
export const ridge = (device, dtype) => peakOf(device, dtype) / device.bandwidth;

export function seconds(device, operation, n, dtype, transfer = false) {
  const { operations, bytes, bytesIn, bytesOut } = work(operation, n, dtype);
  const time = device.launch + Math.max(operations / peakOf(device, dtype), bytes / device.bandwidth);
  return time + (transfer ? 2 * device.launch + (bytesIn + bytesOut) / device.bus : 0);
}

// The sliders' units: TFLOP/s, GB/s, GB/s, a factor, µs.
export const deviceOf = ({ peak, bandwidth, bus, double, launch }) => ({ peak: peak * 1e12, bandwidth: bandwidth * 1e9, bus: bus * 1e9, double, launch: launch * 1e-6 });

// Measured times between the sizes that were measured: a straight line on log-log axes. NaN outside.
export function between(sizes, times, n) {
  const i = sizes.findIndex((size, k) => k < sizes.length - 1 && n >= size && n <= sizes[k + 1]);
  if (i < 0) return sizes.length === 1 && n === sizes[0] ? times[0] : NaN;
  const share = Math.log(n / sizes[i]) / Math.log(sizes[i + 1] / sizes[i]);
  return Math.exp(Math.log(times[i]) + share * Math.log(times[i + 1] / times[i]));
}

// The first size from which on the second curve stays below the first, to the last size; null if it does not.
export function crossover(first, last, slow, fast) {
  let found = null;
  for (let n = last; n >= first; n--) {
    if (!(fast(n) < slow(n))) break;
    found = n;
  }
  return found;
}

// A time with three digits and its unit: 12.3 µs.
export function inWords(time) {
  const [unit, size] = time >= 1 ? ["s", 1] : time >= 1e-3 ? ["ms", 1e-3] : time >= 1e-6 ? ["µs", 1e-6] : ["ns", 1e-9];
  return `${Number((time / size).toPrecision(3))} ${unit}`;
}

// Operations or bytes a second: 8.1 TFLOP/s.
export function rate(value, what = "FLOP/s") {
  const [unit, size] = value >= 1e12 ? ["T", 1e12] : value >= 1e9 ? ["G", 1e9] : value >= 1e6 ? ["M", 1e6] : ["k", 1e3];
  return `${Number((value / size).toPrecision(3))} ${unit}${what}`;
}
