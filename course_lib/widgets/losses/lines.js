// The lines of the derivation, with the numbers at hand put in: a_{k} is set low, e^{o} high. No drawing here.
import { format } from "../shared/numbers.js";
import { crossEntropy, softmax } from "./classes.js";

export const LINES = 8;

export function sentences(o, c, names) {
  const p = softmax(o), sub = "₁₂₃"[c], right = names[c];
  const sum = o.reduce((total, o_k) => total + Math.exp(o_k), 0);
  return [
    { formula: "o₁, o₂, o₃", spoken: "three scores", words: `Three scores, any numbers at all. The right class is ${right}.` },
    { formula: "e^{o}", spoken: "e to the o", words: "Raise e to each: now all are positive, and larger stays larger." },
    { formula: "p_{k} = e^{o_k} / Σ e^{o}", spoken: "p is e to the o, divided by the sum", words: `Divide by their sum, ${format(sum)}: now they sum to 1. That is softmax.` },
    { formula: `ℓ = −log p${sub} = ${format(crossEntropy(o, c))}`, spoken: `the loss is minus log p${sub}, ${format(crossEntropy(o, c))}`, words: `The loss looks at the right class only. As a logarithm of a fraction it is log Σ e^{o} − o${sub}: two parts.` },
    { formula: "∂ log Σ e^{o} / ∂o_{k} = e^{o_k} / Σ e^{o} = p_{k}", spoken: "the slope of log of the sum is p", words: `First part. The logarithm brings 1/Σ, the sum keeps e^{o_k}: it is p again, ${p.map((p_k) => format(p_k)).join(", ")}.` },
    { formula: `∂(−o${sub}) / ∂o_{k} = −y_{k}`, spoken: `the slope of minus o${sub} is minus y`, words: `Second part. Only the score of ${right} stands in it: −1 for ${right}, 0 for the others. That is −y, with y one-hot.` },
    { formula: "∂ℓ / ∂o = p − y", spoken: "the slope of the loss is p minus y", words: "Both together. What the network says, minus what is right. Nothing else is left." },
    { formula: "(ℓ(o_{k} + .0001) − ℓ(o_{k} − .0001)) / .0002", spoken: "the slope by nudging", words: "Believe it only when nudged: the last row is measured, not derived." },
  ];
}

// Text without the marks, for a reader who hears it.
export const plain = (text) => text.replace(/[_^]\{([^}]*)\}/g, (mark, inner) => (mark[0] === "^" ? ` to the ${inner.replace("_", " ")}` : inner));
