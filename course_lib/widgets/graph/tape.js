// A computation of single numbers as a list of nodes, each after everything it needs, walked one step at a time.
//   node   { name, value }                         something given: an input or a parameter
//          { name, op, from: [place | { number }] }   the result of an operation on earlier nodes
// The walk: every result forward, in order; then ℓ̄ = 1 at the end, and each use hands a share of its bar to what it used.
import { operations } from "./operations.js";

export const isResult = (node) => node.op !== undefined && node.op !== null;

// Every step of the walk, in order: { kind: "value" | "seed" | "share", node, operand, source }.
export function steps(nodes) {
  const results = nodes.flatMap((node, i) => (isResult(node) ? [i] : []));
  const shares = results.toReversed().flatMap((i) =>
    nodes[i].from.flatMap((source, operand) => (typeof source === "number" ? [{ kind: "share", node: i, operand, source }] : [])),
  );
  return [...results.map((i) => ({ kind: "value", node: i })), { kind: "seed", node: nodes.length - 1 }, ...shares];
}

// What is known after the first `count` steps, from these values of the given nodes:
//   values   of each node, or null                bars    ∂ℓ/∂node so far, or null
//   shares   key(node, operand) -> what came back along that edge        last    the step taken last, or null
// `addUp` false is the mistake to see: a second share replaces the first. `seed` is what comes back to the last node.
export function walk(nodes, given, count = Infinity, { addUp = true, seed = 1 } = {}) {
  const values = start(nodes, given);
  const bars = nodes.map(() => null);
  const shares = new Map();
  let last = null;
  for (const step of steps(nodes).slice(0, count)) {
    last = step;
    if (step.kind === "value") values[step.node] = result(nodes[step.node], values);
    else if (step.kind === "seed") bars[step.node] = seed;
    else {
      const share = bars[step.node] * slope(nodes[step.node], step.operand, values);
      shares.set(key(step.node, step.operand), share);
      bars[step.source] = addUp ? (bars[step.source] ?? 0) + share : share;
    }
  }
  return { values, bars, shares, last };
}

export const key = (node, operand) => `${node} ${operand}`;

// All values forward.
export function forward(nodes, given) {
  const values = start(nodes, given);
  nodes.forEach((node, i) => isResult(node) && (values[i] = result(node, values)));
  return values;
}

// ∂(this node)/∂(its operand), the number on the edge.
export function slope(node, operand, values) {
  const [a, b] = operands(node, values);
  return operations[node.op].slopes(a, b, operations[node.op].value(a, b))[operand];
}

// The same by nudging: what the last node does when the given node `place` moves by ±h.
export function nudged(nodes, given, place, h = 1e-5) {
  const order = nodes.flatMap((node, i) => (isResult(node) ? [] : [i]));
  const at = (change) => forward(nodes, given.map((value, k) => (order[k] === place ? value + change : value))).at(-1);
  return (at(h) - at(-h)) / (2 * h);
}

function start(nodes, given) {
  let k = 0;
  return nodes.map((node) => (isResult(node) ? null : given[k++]));
}

const operands = (node, values) => node.from.map((source) => (typeof source === "number" ? values[source] : source.number));
const result = (node, values) => operations[node.op].value(...operands(node, values));
