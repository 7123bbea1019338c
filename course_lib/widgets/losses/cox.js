// Cox's partial likelihood, as in course_lib/losses/survival.py: who was at risk when it happened? No drawing here.
//   time[i], event[i] = 1 seen, 0 not seen yet; o[i] the logarithm of i's risk

// Events in the order of their times, each with those at risk, i's share of their risk and its term of the loss.
export function events({ time, event }, o) {
  const order = time.map((_, i) => i).filter((i) => event[i] === 1).sort((a, c) => time[a] - time[c] || a - c);
  return order.map((i) => {
    const atRisk = time.map((t) => t >= time[i]);
    const risks = o.map((o_j, j) => (atRisk[j] ? Math.exp(o_j) : 0));
    const total = risks.reduce((sum, risk) => sum + risk, 0);
    return { i, time: time[i], atRisk, shares: risks.map((risk) => risk / total), term: Math.log(total) - o[i] };
  });
}

// ℓ = (1/N) Σ over events of log Σ_{at risk} e^o − o_i
export const loss = (patients, o) => events(patients, o).reduce((sum, { term }) => sum + term, 0) / o.length;
