// A 2-3-1 net on a logic gate, and how many different hidden units it has. No drawing here.
import { accuracy, gate, generator, lossAndGradient, mlp, optimizer } from "../shared/net.js";

export const UNITS = 3;
const SAME = 1e-9; // numbers nearer than this are the same number

// init: "zeros" | "equal" (every weight ½) | "random"
export function begin({ phi, init, gate: name }, seed) {
  const net = mlp([2, UNITS, 1], { hidden: phi, init: { zeros: "zeros", equal: "constant", random: "normal" }[init], rng: generator(seed) });
  const run = { k: 0, net, data: gate(name), rule: optimizer("sgd"), losses: [], before: net.layers[0].W.slice() };
  look(run);
  return run;
}

export function step(run, { eta }) {
  run.rule.step(run.net.theta, run.net.grad, eta);
  run.k++;
  look(run);
}

// The loss and the gradient where the net now is.
function look(run) {
  const { net, data } = run;
  const { value, pass } = lossAndGradient(net, "sigmoid", data.X, data.y);
  run.losses.push(value);
  run.right = Math.round(data.N * accuracy("sigmoid", pass.o, data.y, data.N));
}

// What unit j knows: its two weights, its bias and its weight to the output.
const unit = ([hidden, output], j) => [hidden.W[j], hidden.W[UNITS + j], hidden.b[j], output.W[j]];
const alike = (a, c) => a.every((value, i) => Math.abs(value - c[i]) < SAME);

// How many units differ from all before them; units that pass nothing on at all do not count.
export function width(net) {
  const units = Array.from({ length: UNITS }, (_, j) => unit(net.layers, j));
  return units.filter((one, j) => !alike(one, [0, 0, 0, 0]) && !units.slice(0, j).some((other) => alike(one, other))).length;
}

export const moved = ({ net, before }) => Math.max(...before.map((value, i) => Math.abs(net.layers[0].W[i] - value)));
