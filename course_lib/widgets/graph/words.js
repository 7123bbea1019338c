// A step of the walk in words and numbers.
import { short } from "../shared/numbers.js";
import { operations } from "./operations.js";
import { isResult, slope } from "./tape.js";

const COMBINING = "\u0304"; // ā: a bar over the last letter of a name
export const bar = (name) => `${name[0]}${COMBINING}${name.slice(1)}`;

const bracketed = (value) => (value < 0 ? `(${short(value, 3)})` : short(value, 3));
const operandNames = (nodes, node) => node.from.map((source) => (typeof source === "number" ? nodes[source].name : short(source.number)));

// d = b + 1
export const equation = (nodes, node) => `${node.name} = ${operations[node.op].words(...operandNames(nodes, node))}`;

// What the step does, first in letters, then in numbers.
export function stepInWords(nodes, { kind, node: place, operand, source }, { values, bars, shares }, { addUp = true } = {}) {
  const node = nodes[place];
  if (kind === "value") {
    const numbers = node.from.map((from) => bracketed(typeof from === "number" ? values[from] : from.number));
    return `${equation(nodes, node)} = ${operations[node.op].words(...numbers)} = ${short(values[place], 3)}`;
  }
  if (kind === "seed") return `${bar(node.name)} = ∂${node.name}/∂${node.name} = 1: here the way back starts`;
  const rule = operations[node.op].rule(...padded(operandNames(nodes, node)), node.name)[operand];
  const local = slope(node, operand, values), back = bars[place], share = back * local;
  const target = bar(nodes[source].name);
  const product = `${bar(node.name)} · ∂${node.name}/∂${nodes[source].name} = ${bracketed(back)} · ${bracketed(local)} = ${short(share, 3)}`;
  const because = `(∂${node.name}/∂${nodes[source].name} is ${rule})`;
  const before = firstShares(nodes, place, operand, source, shares);
  if (before === null) return `${target} = ${product} ${because}`;
  return addUp
    ? `${target} gets a second share, ${product}: ${short(before, 3)} ${share < 0 ? "−" : "+"} ${short(Math.abs(share), 3)} = ${short(before + share, 3)} ${because}`
    : `${target} = ${product}, and the ${short(before, 3)} that was there is lost`;
}

// What came back to `source` before this share; null if this one is the first.
function firstShares(nodes, place, operand, source, shares) {
  let sum = null;
  for (const [name, share] of shares) {
    const [node, k] = name.split(" ").map(Number);
    if (node === place && k === operand) break;
    if (nodes[node].from[k] === source) sum = (sum ?? 0) + share;
  }
  return sum;
}

const padded = ([a, b]) => [a, b];

// The whole of it, once the walk is over: ∂ℓ/∂a is 2, ∂ℓ/∂b is 5.
export function gradientInWords(nodes, bars) {
  const out = nodes.at(-1).name;
  return nodes.flatMap((node, i) => (isResult(node) || bars[i] === null ? [] : [`∂${out}/∂${node.name} is ${short(bars[i], 3)}`])).join(", ");
}
