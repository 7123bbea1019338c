// Slopes by nudging, and how wrong they are. float32 rounds every value of f as a float32 computation would.
export const functions = {
  sigmoid: { words: "sigmoid at 0.7", x: 0.7, f: (v, r) => r(1 / r(1 + r(Math.exp(-v)))), slope: (v) => 1 / (2 + Math.exp(v) + Math.exp(-v)) },
  exp: { words: "exp at 1", x: 1, f: (v, r) => r(Math.exp(v)), slope: Math.exp },
  square: { words: "x² at 1", x: 1, f: (v, r) => r(v * v), slope: (v) => 2 * v },
  relu: { words: "relu at 0.001, near its kink", bend: "kink", x: 0.001, f: (v) => Math.max(v, 0), slope: (v) => (v > 0 ? 1 : 0) },
};

const exactly = (value) => value;
export const rounding = (float32) => (float32 ? Math.fround : exactly);

// f at x + δ as the computer gets it: the place is rounded, too.
export const valueAt = ({ f, x }, delta, r = exactly) => f(r(r(x) + delta), r);

// (f(x + h) − f(x)) / h  and  (f(x + h) − f(x − h)) / 2h
export function nudged(each, h, float32 = false) {
  const r = rounding(float32);
  const up = valueAt(each, r(h), r), here = valueAt(each, 0, r), down = valueAt(each, -r(h), r);
  return { oneSided: (up - here) / h, central: (up - down) / (2 * h) };
}

export function errors(each, h, float32 = false) {
  const exact = each.slope(each.x);
  const { oneSided, central } = nudged(each, h, float32);
  return { exact, oneSided, central, oneSidedError: Math.abs(oneSided - exact), centralError: Math.abs(central - exact) };
}

// The h of the curves, from 1e-16 to 1.
export const STEPS = Array.from({ length: 16 * 6 + 1 }, (_, i) => 10 ** (i / 6 - 16));
