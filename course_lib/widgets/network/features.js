// What hidden neurons do to the plane: the four rows and a grid of lines, as they lie (left) and as two hidden neurons see
// them (right), while the network learns. On the right the output neuron still draws one straight line.
// values: seed, hidden, eta      data: thetas (name of the bend -> one θ a seed), X, y
import { svg } from "../shared/dom.js";
import { html, select, slider, stage } from "../shared/stage.js";
import { activations, sigmoid } from "../shared/activations.js";
import { clip } from "../shared/geometry.js";
import { flat, mlp, optimizer, predict, trainStep } from "../shared/net.js";
import { brief, format, inWords } from "../shared/numbers.js";
import { plane } from "../shared/plane.js";

const MOST = 5000, STRIDE = 10, CELLS = 48, LINES = 11;
const PLANE = { x: [-0.5, 1.5], y: [-0.5, 1.5] };
const SEEN = { sigmoid: { x: [-0.15, 1.15], y: [-0.15, 1.15] }, tanh: { x: [-1.25, 1.25], y: [-1.25, 1.25] } };

const between = ([low, high], i, n) => low + ((high - low) * i) / n;
const grid = (box) => flat(Array.from({ length: CELLS ** 2 }, (_, i) => [between(box.x, (i % CELLS) + 0.5, CELLS), between(box.y, CELLS - 0.5 - Math.floor(i / CELLS), CELLS)]));
const PLACES = grid(PLANE);
// The lines of a sheet of graph paper, each as many points, because they will bend.
const SHEET = [0, 1].flatMap((axis) => Array.from({ length: LINES }, (_, k) => Array.from({ length: 41 }, (_, t) => {
  const [across, along] = [between(PLANE.x, k, LINES - 1), between(PLANE.x, t, 40)];
  return axis ? [along, across] : [across, along];
})));

const seen = ({ layers: [{ W, b }] }, bend, [x, y]) => [0, 1].map((j) => activations[bend].value(W[j] * x + W[2 + j] * y + b[j]));

export default stage({
  title({ data, run }) {
    if (run.good === data.y.length) return "Two hidden neurons have bent the plane until one straight line is enough";
    return run.k ? `One straight line in the bent plane: ${run.good} of ${data.y.length} so far` : "Two hidden neurons bend the plane; the output draws one straight line";
  },
  controls: [
    slider("seed", { symbol: "s", word: "seed", low: 0, high: 19, whole: true, step: 1 }),
    select("hidden", { symbol: "φ", word: "bend", options: [["sigmoid", "sigmoid"], ["tanh", "tanh"]] }),
    slider("eta", { symbol: "η", word: "learning rate", low: 0.1, high: 10, log: true, step: 1.25 }),
  ],
  restartOn: ["hidden"],
  stepsPerSecond: 30,
  begin({ data, values: { seed, hidden } }) {
    const net = mlp([2, 2, 1], { hidden, output: "sigmoid", theta: data.thetas[hidden][seed] });
    return judged({ k: 0, net, rule: optimizer("sgd"), hidden }, data);
  },
  step({ data, values: { eta }, run }) {
    for (let i = 0; i < STRIDE; i++) trainStep(run.net, "squared", flat(data.X), data.y, run.rule, { eta });
    run.k += STRIDE;
    judged(run, data);
    return run.k < MOST;
  },
  picture({ data }) {
    const left = plane({ box: PLANE, label: "The plane of x₁ and x₂ with the four rows, and the line of each hidden neuron" });
    const titles = [html("h4", {}, "as the rows lie"), html("h4", {}, "as the hidden neurons see them")];
    const place = html("div", {});
    const sheet = svg("path", { class: "paper", fill: "none", "aria-hidden": "true" });
    let right = null, drawnFor = null;
    return {
      node: html("div", { class: "features" }, html("div", {}, titles[0], left.node), html("div", {}, titles[1], place)),
      draw({ run: { net, hidden, p } }) {
        if (drawnFor !== hidden) {
          right = plane({ box: SEEN[hidden], label: "The plane of the hidden neurons' outputs h₁ and h₂, with the rows where they see them", xName: "h₁", yName: "h₂" });
          right.layers.lines.prepend(sheet);
          place.replaceChildren(right.node);
          drawnFor = hidden;
        }
        const [first, last] = net.layers;
        const rows = data.X.map((at, i) => ({ at, y: data.y[i], right: (p[i] >= 0.5 ? 1 : 0) === data.y[i], text: format(p[i]) }));
        const lines = [0, 1].flatMap((j) => lineIn([first.W[j], first.W[2 + j]], first.b[j], PLANE, { dash: true, name: `h${"₁₂"[j]}` }));
        left.fieldFrom(predict(net, PLACES), CELLS);
        left.paths(lines);
        left.points(rows);
        const box = SEEN[hidden], says = grid(box);
        right.fieldFrom(Float64Array.from({ length: CELLS ** 2 }, (_, i) => sigmoid(last.W[0] * says[2 * i] + last.W[1] * says[2 * i + 1] + last.b[0])), CELLS);
        sheet.setAttribute("d", SHEET.map((line) => `M${line.map((at) => right.toPixel(seen(net, hidden, at)).map((part) => part.toFixed(1)).join(" ")).join("L")}`).join(""));
        right.paths(lineIn([last.W[0], last.W[1]], last.b[0], box, { thick: true, name: "p = ½" }));
        right.points(rows.map((row) => ({ ...row, at: seen(net, hidden, row.at), text: "" })));
      },
    };
  },
  describe({ data, values, run: { k, loss, good, net, hidden } }) {
    const places = data.X.map((at) => `(${seen(net, hidden, at).map((each) => format(each, 2)).join(", ")})`);
    return `Step ${k}, seed ${values.seed}, η = ${brief(values.eta)}: ${inWords(good)} of ${inWords(data.y.length)} rows are right, the loss is ${format(loss, 3)}. The hidden neurons see the rows ${data.X.map((at) => at.join(" ")).join(", ")} at ${places.join(", ")}.`;
  },
});

function judged(run, { X, y }) {
  run.p = predict(run.net, X);
  run.loss = y.reduce((sum, t, i) => sum + (run.p[i] - t) ** 2, 0) / y.length;
  run.good = y.filter((t, i) => (run.p[i] >= 0.5 ? 1 : 0) === t).length;
  return run;
}

function lineIn(w, b, box, look) {
  const ends = clip(w, b, box);
  return ends ? [{ points: ends, ...look }] : [];
}
