// Dropout's arithmetic: masks, their chances, what a neuron or a small network says under each. No page here.

// All masks of n inputs, each left out (0) or kept (1): 2ⁿ of them, from none to all.
export const masksOf = (n) => Array.from({ length: 2 ** n }, (_, k) => Array.from({ length: n }, (_, i) => (k >> (n - 1 - i)) & 1));

// How likely a mask is: keep for each input that stays, 1 − keep for each that goes.
export const chance = (mask, keep) => mask.reduce((p, m) => p * (m ? keep : 1 - keep), 1);

// a = Σ m_i w_i x_i, divided by keep where dropout is inverted
export const says = (mask, x, w, scale = 1) => scale * mask.reduce((sum, m, i) => sum + m * w[i] * x[i], 0);

// Every mask with its chance and what the neuron says; E[a], their mean; and what it says in use, with all inputs.
export function maskTable(x, w, keep, inverted) {
  const rows = masksOf(x.length).map((mask) => ({ mask, chance: chance(mask, keep), a: says(mask, x, w, inverted ? 1 / keep : 1) }));
  return { rows, mean: rows.reduce((sum, row) => sum + row.chance * row.a, 0), use: says(x.map(() => 1), x, w) };
}

// The number of the mask in which input i stays where uniform() < keep.
export const drawn = (n, keep, uniform) => Array.from({ length: n }).reduce((k) => 2 * k + (uniform() < keep ? 1 : 0), 0);

// ---- a network: [{ W: rows, b }, { relu: true }, { keep, n }, …], as dropout/__init__.py takes it from course_lib

// Its answer for one x; masks has one list for each dropout layer, or is null: everything on (the one pass in use).
export function answer(layers, x, masks = null) {
  let at = 0;
  for (const { W, b, relu, keep } of layers) {
    if (W) x = b.map((b_k, k) => x.reduce((sum, x_i, i) => sum + x_i * W[i][k], b_k));
    else if (relu) x = x.map((h) => Math.max(0, h));
    else if (masks) {
      const mask = masks[at++];
      x = x.map((h, i) => (h * mask[i]) / keep);
    }
  }
  return x[0];
}

export const dropouts = (layers) => layers.filter(({ keep }) => keep !== undefined);

// One mask for each dropout layer, drawn.
export const drawMasks = (layers, uniform) => dropouts(layers).map(({ keep, n }) => Array.from({ length: n }, () => (uniform() < keep ? 1 : 0)));

// The mean over all masks, each by its chance.
export function overAllMasks(layers, x) {
  const all = dropouts(layers).reduce((list, { keep, n }) => list.flatMap((each) => masksOf(n).map((mask) => ({ masks: [...each.masks, mask], p: each.p * chance(mask, keep) }))), [{ masks: [], p: 1 }]);
  return { count: all.length, mean: all.reduce((sum, { masks, p }) => sum + p * answer(layers, x, masks), 0) };
}

// ---- a committee: P[r][i], what member r predicts at x_i

// Mean over the x of (mean of the first n members − truth)²
export function errorOfMean(P, truth, members) {
  const mean = truth.map((_, i) => members.reduce((sum, r) => sum + P[r][i], 0) / members.length);
  return { mean, error: mean.reduce((sum, m, i) => sum + (m - truth[i]) ** 2, 0) / truth.length };
}

// The error of the mean of n members, averaged over all choices of n among the R:
//   error of all R together + spread · (R − n) / (n (R − 1))        (n = 1: the mean of the members' errors)
export function committee(P, truth) {
  const R = P.length;
  const { mean, error: together } = errorOfMean(P, truth, P.map((_, r) => r));
  const spread = P.reduce((sum, p) => sum + p.reduce((s, v, i) => s + (v - mean[i]) ** 2, 0), 0) / (R * truth.length);
  return { together, spread, alone: together + spread, expected: (n) => together + (R > 1 ? (spread * (R - n)) / (n * (R - 1)) : 0) };
}
