// Functions to nudge, of one number and of two. No drawing here.

export const curves = {
  square: { name: "x²", f: (x) => x * x },
  cube: { name: "x³/4 − x", f: (x) => x ** 3 / 4 - x },
  wave: { name: "2 sin x", f: (x) => 2 * Math.sin(x) },
  edge: { name: "|x|, with an edge", f: Math.abs },
};

// How much f moves when x moves by the nudge, divided by the nudge.
export const slope = (f, x, nudge) => (f(x + nudge) - f(x)) / nudge;

// Two knobs, one number:  f(a, b) = (a − 1)² + ab/2 + b²
export const hill = (a, b) => (a - 1) ** 2 + (a * b) / 2 + b * b;

// Turn one knob a little, hold the other.
export const alongA = (a, b, nudge = 1e-4) => (hill(a + nudge, b) - hill(a - nudge, b)) / (2 * nudge);
export const alongB = (a, b, nudge = 1e-4) => (hill(a, b + nudge) - hill(a, b - nudge)) / (2 * nudge);

// Two couplings one after the other: how far u and y turn when x turns.
export const throughGears = (x, first, second) => ({ u: first * x, y: second * first * x });
