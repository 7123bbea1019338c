// Random numbers from a seed: the same seed, the same numbers, in every browser. (Not NumPy's: other numbers than Python's.)
// Generator: sfc32 of Chris Doty-Humphrey's PractRand, seeded by splitmix32.

export function generator(seed = 0) {
  let state = Math.trunc(seed) >>> 0;
  const mixed = () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state ^ (state >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return z ^ (z >>> 15);
  };
  let [a, b, c, count] = [mixed(), mixed(), mixed(), 1];
  const bits = () => {
    const out = (a + b + count) | 0;
    count = (count + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + out | 0;
    return out >>> 0;
  };
  for (let i = 0; i < 12; i++) bits();

  // [low, high), with 53 random bits
  const uniform = (low = 0, high = 1) => low + (high - low) * ((bits() >>> 5) * 67108864 + (bits() >>> 6)) / 9007199254740992;
  let spare = null; // Box and Muller make two at a time
  const normal = (mean = 0, std = 1) => {
    let z = spare;
    spare = null;
    if (z === null) {
      const radius = Math.sqrt(-2 * Math.log(1 - uniform())), angle = 2 * Math.PI * uniform();
      z = radius * Math.cos(angle);
      spare = radius * Math.sin(angle);
    }
    return mean + std * z;
  };
  const integer = (n) => Math.floor(uniform() * n); // 0 … n − 1
  const shuffle = (list) => {
    for (let i = list.length - 1; i > 0; i--) {
      const j = integer(i + 1);
      [list[i], list[j]] = [list[j], list[i]];
    }
    return list;
  };
  const permutation = (n) => shuffle(Array.from({ length: n }, (_, i) => i));
  const spawn = () => generator(bits()); // a generator of its own
  return { bits, uniform, normal, integer, shuffle, permutation, spawn };
}
