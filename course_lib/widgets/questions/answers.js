// Is what someone typed an answer, and is it right? No page needed.
import { parse, short } from "../shared/numbers.js";

// { value } or { problem: sentence } for the text of a guess of this kind.
export function read(text, { kind, low = null, high = null }) {
  const bounds = low !== null && high !== null ? ` from ${short(low)} to ${short(high)}` : "";
  const wanted = kind === "int" ? `a whole number${bounds}` : `a number${bounds}, such as 0.5`;
  if (kind === "text") return String(text).trim() ? { value: String(text).trim() } : { problem: "Write a word or two first." };
  if (kind === "choice") return text ? { value: text } : { problem: "Choose one first." };
  const value = parse(text);
  const fits = value !== null && (kind !== "int" || Number.isInteger(value)) && (low === null || value >= low) && (high === null || value <= high);
  return fits ? { value } : { problem: `Type ${wanted}.` };
}

// The guess beside what happened.
export function compare(guess, actual, kind) {
  const numbers = kind === "int" || kind === "float";
  const shown = numbers ? short(actual, kind === "int" ? 0 : 4) : actual;
  if (!guess || guess.skipped) return `You made no guess, which is fine. The answer is ${shown}.`;
  const value = numbers ? parse(guess.text) : guess.text;
  const right = numbers ? Math.abs(value - actual) <= (kind === "int" ? 0 : 0.005 + 1e-9) : value === actual;
  return right ? `You said ${guess.text}, and ${shown} it is.` : `You said ${guess.text}; it is ${shown}.`;
}

// A number counts as right within `tolerance`.
export const close = (value, answer, tolerance) => Math.abs(value - answer) <= tolerance + 1e-9;
