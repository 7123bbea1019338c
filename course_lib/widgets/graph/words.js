// A step of the walk in words and numbers.
import { short } from "../shared/numbers.js";
import { operations } from "./operations.js";
import { isResult, nudged, slope, steps } from "./tape.js";

const COMBINING = "\u0304"; // ā: a bar over the last letter of a name
export const overlined = (name) => `${name[0]}${COMBINING}${name.slice(1)}`;
const spoken = (name) => `${name} bar`;

const bracketed = (value) => (value < 0 ? `(${short(value, 3)})` : short(value, 3));
const operandNames = (nodes, node) => node.from.map((source) => (typeof source === "number" ? nodes[source].name : short(source.number)));

// d = b + 1
export const equation = (nodes, node) => `${node.name} = ${operations[node.op].words(...operandNames(nodes, node))}`;

// What the step does, first in letters, then in numbers. `bar` writes ∂ℓ/∂ of a name: c̄, or for the ear c bar.
export function stepInWords(nodes, { kind, node: place, operand, source }, { values, bars, shares }, { addUp = true, bar = overlined } = {}) {
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

// The figure in words: what just happened, or at the end the gradient beside what nudging says.
export function describe(nodes, { given, at, add_up: addUp }, state, cause = "") {
  const all = steps(nodes), out = nodes.at(-1).name;
  const start = cause ? `${cause}: ` : "";
  const bad = nodes.findIndex((_, i) => state.values[i] !== null && !Number.isFinite(state.values[i]));
  if (bad >= 0) return `${start}${equation(nodes, nodes[bad])} is not a finite number here. Move what is given, or press Reset.`;
  if (!state.last) {
    const leaves = nodes.flatMap((node, i) => (isResult(node) ? [] : [`${node.name} = ${short(state.values[i])}`]));
    const results = nodes.filter(isResult).map((node) => equation(nodes, node));
    return `${start}Given: ${leaves.join(", ")}. Still empty: ${results.join("; ")}. ${all.length} steps: ${results.length} forward, ${all.length - results.length} back.`;
  }
  if (at < all.length) return `${start}Step ${at} of ${all.length}, ${state.last.kind === "value" ? "forward" : "backward"}: ${stepInWords(nodes, state.last, state, { addUp, bar: spoken })}.`;
  const leaves = nodes.flatMap((node, i) => (isResult(node) ? [] : [i]));
  const walked = leaves.map((i) => `∂${out}/∂${nodes[i].name} is ${short(state.bars[i])}`).join(", ");
  const off = leaves.find((i) => Math.abs(nudged(nodes, given, i) - state.bars[i]) > 1e-4 * Math.max(1, Math.abs(state.bars[i])));
  return off === undefined
    ? `${start}The walk is over: ${walked}. Nudging what is given says the same.`
    : `${start}The walk is over: ${walked}. But nudging says that ∂${out}/∂${nodes[off].name} is ${short(nudged(nodes, given, off))}${addUp ? ": here is a kink" : ": a share is lost"}.`;
}
