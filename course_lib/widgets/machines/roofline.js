// The roofline: what an operation can reach at most, by how much it computes for each byte. Drag the size.
import { curve } from "../shared/curve.js";
import { html, select, slider, stage } from "../shared/stage.js";
import { bandwidth, cardName, cardPresets, peak } from "./cards.js";
import { OPERATIONS, best, deviceOf, peakOf, rate, ridge, work } from "./devices.js";

const CPU = "class0", GPU = "class1";
const LOW = 1 / 32, HIGH = 4096;
const MOST = 1e5; // the largest n

export default stage({
  title: ({ run }) => (run.memory ? "Here memory is the limit: the GPU waits for its numbers" : "Here computing is the limit: the GPU is busy"),
  controls: [
    slider("n", { symbol: "n", word: "size", low: 1, high: 8192, log: true, step: 1.1, whole: true, limits: [1, MOST] }),
    select("operation", { word: "operation", options: Object.entries(OPERATIONS) }),
    select("dtype", { word: "numbers", options: [["float32", "float32"], ["float64", "float64"]] }),
    peak,
    bandwidth,
    slider("double", { word: "float64 slower by", low: 1, high: 64, log: true, step: 1.1 }),
  ],
  presets: ({ cards }) => cardPresets(cards),
  begin({ values }) {
    const device = deviceOf(values);
    const intensity = work(values.operation, values.n, values.dtype).intensity;
    return { device, intensity, reach: best(device, intensity, values.dtype), ridge: ridge(device, values.dtype), memory: intensity < ridge(device, values.dtype) };
  },
  picture({ data, put }) {
    const chart = curve({
      x: { name: "operations for each byte", low: LOW, high: HIGH, log: true }, y: { name: "operations a second", low: 1e8, high: 3e14, log: true }, height: 340,
      label: "Operations a second against operations for each byte, both axes logarithmic: a slope and a flat roof for each machine",
      marker: { label: "operations for each byte", step: 1.1, onMove: (value) => put({ n: sizeFor(value) }, "Dragged") },
    });
    let now = { operation: "product", dtype: "float32" };
    // The size whose intensity comes nearest to the one dragged to.
    const sizeFor = (intensity) => {
      let n = 1;
      while (n < 8192 && work(now.operation, n, now.dtype).intensity < intensity) n = Math.ceil(n * 1.01);
      return Math.min(n, 8192);
    };
    const read = html("p", { class: "reading" });
    const roof = (device, dtype) => {
      const edge = ridge(device, dtype);
      return [LOW, edge, HIGH].filter((x, i) => i !== 1 || (x > LOW && x < HIGH)).map((x) => [x, best(device, x, dtype)]);
    };
    return {
      node: html("div", {}, chart.node, read),
      draw({ values, run }) {
        now = values;
        const cpu = data.cpu[values.dtype];
        const points = cpu ? cpu.points.map(({ operation, n, seconds }) => { const w = work(operation, n, values.dtype); return { at: [w.intensity, w.operations / seconds], colour: CPU, shape: operation === "product" ? "square" : "cross" }; }) : [];
        chart.show(
          [
            cpu && { points: roof({ ...cpu, double: 1 }, values.dtype), name: "CPU", colour: CPU, thick: true },
            { points: roof(run.device, values.dtype), name: "GPU model", colour: GPU, thick: true, dash: true },
          ],
          { marker: Math.min(HIGH, Math.max(LOW, run.intensity)), xlim: [LOW, HIGH], marks: [...points, { at: [run.intensity, run.reach], colour: GPU }] },
        );
        const share = run.reach / peakOf(run.device, values.dtype);
        const words = [`n = ${values.n}`, `${Number(run.intensity.toPrecision(3))} operations a byte`, `at most ${rate(run.reach)}, ${Number((100 * share).toPrecision(2))} % of the peak`];
        read.replaceChildren(...words.map((each) => html("span", {}, each)));
      },
    };
  },
  describe({ data, values, run }) {
    const cpu = data.cpu[values.dtype] ? ` Squares and crosses are what this machine's CPU reached, measured: products and ReLUs of several sizes.` : "";
    return `${OPERATIONS[values.operation][0].toUpperCase()}${OPERATIONS[values.operation].slice(1)}, n = ${values.n}, ${values.dtype}: ${Number(run.intensity.toPrecision(3))} operations for each byte. The roof of ${cardName(data.cards, values)} bends at ${Number(run.ridge.toPrecision(3))}, so ${run.memory ? "memory" : "computing"} is the limit, at most ${rate(run.reach)}.${cpu}`;
  },
});
