// Every part once: a network trained in the page on moons.
import { html, select, slider, stage } from "../../../course_lib/widgets/shared/stage.js";
import { bars, histogram } from "../../../course_lib/widgets/shared/bars.js";
import { curve } from "../../../course_lib/widgets/shared/curve.js";
import { heat } from "../../../course_lib/widgets/shared/heat.js";
import { netdraw } from "../../../course_lib/widgets/shared/netdraw.js";
import { forward, generator, mlp, moons, optimizer, predict, sigmoid, trainStep } from "../../../course_lib/widgets/shared/net.js";
import { brief } from "../../../course_lib/widgets/shared/numbers.js";
import { plane } from "../../../course_lib/widgets/shared/plane.js";

export default stage({
  title: "Three hidden units bend the border around the moons",
  controls: [slider("eta", { symbol: "η", word: "learning rate", low: 0.001, high: 1, log: true, step: 1.2 }), select("rule", { word: "rule", options: [["sgd", "SGD"], ["adam", "Adam"]] })],
  seeded: true,
  begin({ seed, values }) {
    const rng = generator(seed);
    const { X, y } = moons(80, rng);
    return { X, y, net: mlp([2, 3, 1], { rng }), rule: optimizer(values.rule), losses: [], k: 0, picked: { unit: [1, 0] } };
  },
  restartOn: ["rule"],
  stepsPerSecond: 30,
  step({ run, values }) {
    run.losses.push([run.k, trainStep(run.net, "sigmoid", run.X, run.y, run.rule, { eta: values.eta })]);
    run.k++;
  },
  picture({ redraw }) {
    let now = null;
    const ground = plane({ box: { x: [-1.6, 2.6], y: [-1.9, 2.3] }, label: "What the network says, and 80 points" });
    const net = netdraw({ sizes: [2, 3, 1], label: "The network", names: { "0,0": "x₁", "0,1": "x₂", "2,0": "o" }, onPick: (picked) => ((now.picked = picked), redraw()) });
    const chart = curve({ x: { name: "step k", low: 0 }, y: { name: "loss", low: 0 }, label: "Loss by step", height: 220, marker: { label: "Look at step", step: 1, onMove: (k) => ((now.at = Math.round(k)), redraw()) } });
    const matrix = heat({ label: "W of the first layer", rows: 2, columns: 3, rowNames: ["x₁", "x₂"], columnNames: ["h₁", "h₂", "h₃"], onPick: (i, j) => ((now.picked = { wire: [0, i, j] }), redraw()) });
    const sizes = bars({ label: "Biases", y: { name: "bias" }, height: 160 });
    const spread = histogram({ label: "Activations of the hidden layer", x: { name: "a", low: -1, high: 1 }, bins: 24 });
    return {
      node: html("div", { class: "side-by-side" }, ground.node, net.node, chart.node, matrix.node, sizes.node, spread.node),
      draw({ run }) {
        now = run;
        ground.field((x, y) => sigmoid(predict(run.net, Float64Array.of(x, y))[0]));
        ground.dots(Array.from(run.y, (y, i) => ({ at: [run.X[2 * i], run.X[2 * i + 1]], y, hollow: i % 4 === 0 })));
        net.show({ weights: run.net.layers.map(({ W }) => W), units: [[], [...run.net.layers[0].b], [...run.net.layers[1].b]], picked: run.picked });
        chart.show([{ points: run.losses, name: "training" }], { marker: run.at ?? run.k, marks: [{ y: 0.2, text: "good enough" }] });
        matrix.show(run.net.layers[0].W, { picked: run.picked.wire?.[0] === 0 ? run.picked.wire.slice(1) : null });
        sizes.show([...run.net.layers[0].b].map((value, j) => ({ name: `b${j + 1}`, value, colour: value > 0 ? "positive" : "negative" })));
        spread.show(forward(run.net, run.X).A[1]);
      },
    };
  },
  describe: ({ run }) => `Step ${run.k}: the loss is ${brief(run.losses.at(-1)?.[1] ?? Math.log(2))}.`,
});
