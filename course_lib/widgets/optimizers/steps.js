// Four parameters that all feel the same kind of gradient, each at a size of its own. No drawing here.
import { generator } from "../shared/random.js";
import { RULES } from "./rules.js";

export const SIZES = [100, 1, 0.01, 0.0001];
const RARE = 10; // with rare gradients one step in so many has any

// Every step of a rule: [{ g, moved }], with the gradients of that step and how far each parameter went.
export function walk({ rule, gradients, eta, beta, corrected }, seed, steps) {
  const random = generator(seed), one = RULES[rule].make({ beta, corrected });
  return Array.from({ length: steps }, (_, k) => {
    const g = SIZES.map((size) => size * factor(k, gradients, random));
    const theta = new Float64Array(SIZES.length);
    one.step(theta, g, eta);
    return { g, moved: [...theta].map(Math.abs) };
  });
}

function factor(k, gradients, random) {
  if (gradients === "steady") return 1;
  if (gradients === "noisy") return 1 + 0.5 * random.normal();
  return k % RARE === 0 ? 1 : 0;
}
