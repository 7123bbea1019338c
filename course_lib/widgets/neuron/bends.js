// The bends of the gallery by name, with their formulas and what each shows: f is the bend, slope its derivative at h.
import { sigmoid } from "../shared/activations.js";

const LEAK = 0.1; // more than usual, so that it can be seen

export const bends = {
  sigmoid: {
    name: "sigmoid",
    formula: "φ(h) = 1 / (1 + e^(−h))",
    slopeFormula: "φ′(h) = φ(h) (1 − φ(h))",
    f: sigmoid,
    slope: (h) => sigmoid(h) * sigmoid(-h),
    sentence: "The sigmoid's slope is largest at h = 0: there it is 0.25",
    range: [0, 1],
    middle: 0.5,
  },
  tanh: {
    name: "tanh",
    formula: "φ(h) = tanh h = 2σ(2h) − 1",
    slopeFormula: "φ′(h) = 1 − φ(h)²",
    f: Math.tanh,
    slope: (h) => 1 - Math.tanh(h) ** 2,
    sentence: "tanh is centred: it passes through 0, with a slope of 1",
    range: [-1, 1],
    middle: 0,
  },
  relu: {
    name: "ReLU",
    formula: "φ(h) = max(h, 0)",
    slopeFormula: "φ′(h) = 1 where h > 0, else 0",
    f: (h) => Math.max(h, 0),
    slope: (h) => (h > 0 ? 1 : 0),
    sentence: "ReLU is off or it is a line: its slope is 0 or 1",
    range: null,
  },
  leakyrelu: {
    name: "leaky ReLU",
    formula: `φ(h) = h where h > 0, else ${LEAK} h`,
    slopeFormula: `φ′(h) = 1 where h > 0, else ${LEAK}`,
    f: (h) => (h > 0 ? h : LEAK * h),
    slope: (h) => (h > 0 ? 1 : LEAK),
    sentence: "A leaky ReLU is never quite off: some slope is left",
    range: null,
  },
  step: {
    name: "step",
    formula: "φ(h) = 1 where h ≥ 0, else 0",
    slopeFormula: "φ′(h) = 0 wherever it exists",
    f: (h) => (h >= 0 ? 1 : 0),
    slope: () => 0,
    sentence: "A step has no slope: nothing for a learner to follow",
    range: [0, 1],
    middle: 0.5,
  },
  identity: {
    name: "none",
    formula: "φ(h) = h",
    slopeFormula: "φ′(h) = 1",
    f: (h) => h,
    slope: () => 1,
    sentence: "No bend at all: the slope is 1 everywhere",
    range: null,
  },
};

export const bendChoices = (names) => names.map((name) => [name, bends[name].name]);
