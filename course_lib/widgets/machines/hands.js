// Equal tasks, done by a few fast hands or by many slow ones that have to be called first. Time in ticks: one task of a
// fast hand. Pure arithmetic.
export const done = ({ hands, ticks, call }, tasks, t) => Math.min(tasks, hands * Math.max(0, Math.floor((t - call) / ticks)));
export const time = ({ hands, ticks, call }, tasks) => call + ticks * Math.ceil(tasks / hands);

export const cpuOf = ({ cores }) => ({ hands: cores, ticks: 1, call: 0 });
export const gpuOf = ({ many, slow, call }) => ({ hands: many, ticks: slow, call });

// The first number of tasks from which on the GPU is done first, up to `most`; null if there is none.
export function crossing(values, most = 1e6) {
  const [cpu, gpu] = [cpuOf(values), gpuOf(values)];
  let found = null;
  // Both times grow in stairs; once the CPU's stairs, the steeper ones, are above for a whole round of the GPU, they stay.
  const last = Math.min(most, Math.ceil(cpu.hands * (gpu.call + 2 * gpu.ticks) / Math.max(1e-9, 1 - (cpu.hands * gpu.ticks) / gpu.hands)) + 2 * gpu.hands);
  if (cpu.hands * gpu.ticks >= gpu.hands) return null;
  for (let tasks = last; tasks >= 1 && time(gpu, tasks) < time(cpu, tasks); tasks--) found = tasks;
  return found;
}
