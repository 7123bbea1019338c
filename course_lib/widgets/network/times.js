// Times measured at some sizes, read between them: a straight line on logarithmic axes.
export function at(sizes, times, m) {
  const i = Math.min(sizes.length - 2, Math.max(0, sizes.findLastIndex((size) => size <= m)));
  const share = Math.log(m / sizes[i]) / Math.log(sizes[i + 1] / sizes[i]);
  return times[i] * (times[i + 1] / times[i]) ** share;
}

export function inTime(seconds) {
  const [unit, size] = [["s", 1], ["ms", 1e-3], ["µs", 1e-6], ["ns", 1e-9]].find(([, size]) => seconds >= size) ?? ["ns", 1e-9];
  return `${Number((seconds / size).toPrecision(3))} ${unit}`;
}
