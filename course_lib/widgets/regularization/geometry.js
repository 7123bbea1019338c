// The loss of two weights as a bowl, J(w) = ½ (w − b)ᵀ G (w − b), and the penalties' shapes around 0. No drawing here.
export const bowl = ({ G, b }, w1, w2) => {
  const d1 = w1 - b[0], d2 = w2 - b[1];
  return 0.5 * (G[0][0] * d1 * d1 + 2 * G[0][1] * d1 * d2 + G[1][1] * d2 * d2);
};

//  Σ w² = r²: a circle through w.   Σ |w| = r: a diamond through w.
export function ball(penalty, [w1, w2]) {
  if (penalty === "lasso") {
    const r = Math.abs(w1) + Math.abs(w2);
    return [[r, 0], [0, r], [-r, 0], [0, -r]];
  }
  const r = Math.hypot(w1, w2);
  return Array.from({ length: 72 }, (_, i) => [r * Math.cos((i * Math.PI) / 36), r * Math.sin((i * Math.PI) / 36)]);
}

// The place in a list of rising λ that is nearest to this one, by ratio.
export function nearest(lambdas, lam) {
  let best = 0;
  lambdas.forEach((each, i) => {
    if (Math.abs(Math.log(each / lam)) < Math.abs(Math.log(lambdas[best] / lam))) best = i;
  });
  return best;
}

// One weight, loss ½ (w − c)² + λ|w|, steps of size η: along the subgradient, and proximal.
export function twoWays(c, lam, eta, steps) {
  const slope = [c], prox = [c];
  for (let k = 0; k < steps; k++) {
    const w = slope[k], v = prox[k];
    slope.push(w - eta * (w - c + lam * Math.sign(w)));
    const u = v - eta * (v - c);
    prox.push(u - Math.min(Math.max(u, -eta * lam), eta * lam));
  }
  return { slope, prox };
}
