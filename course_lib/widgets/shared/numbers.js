// Numbers as readers see them: a true minus sign, a fixed number of decimals, no "-0.00".

export function format(value, decimals = 2) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "not a number" : value > 0 ? "∞" : "−∞";
  const text = Math.abs(value).toFixed(decimals);
  const negative = value < 0 && Number(text) !== 0;
  return (negative ? "−" : "") + text;
}

// As short as it can be: 1, −0.5, 0.25 (for inputs x, which are rarely long).
export function short(value, decimals = 2) {
  return format(value, decimals).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
}

// Four digits that count, for numbers of any size: 0.0003, 12.5, 1e-7. What it writes, `parse` reads.
export function brief(value) {
  if (!Number.isFinite(value)) return format(value);
  const size = Math.abs(value);
  const text = size !== 0 && (size < 1e-4 || size >= 1e6) ? value.toExponential(2).replace(/\.?0+e/, "e").replace("e+", "e") : String(Number(value.toPrecision(size >= 1000 ? 6 : 4)));
  return text.replace("-", "−").replace("e-", "e−");
}

// What someone typed, as a number; or null. A comma and a true minus are understood.
export function parse(text) {
  const plain = String(text).trim().replaceAll("−", "-").replace(/^([^.,]*),([^.,]*)$/, "$1.$2");
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) && Number.isFinite(Number(plain)) ? Number(plain) : null;
}

export const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

// Rounded to two decimals, so that the number on screen is the number in use.
export const hundredths = (value) => Math.round(value * 100) / 100 + 0;

const WORDS = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
export const inWords = (count) => WORDS[count] ?? String(count);
