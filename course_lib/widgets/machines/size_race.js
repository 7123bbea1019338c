// Time against size, CPU and GPU: where do they cross? CPU points are measured; a GPU's are measured, recorded, or a model.
import { curve } from "../shared/curve.js";
import { html, select, slider, stage, toggle } from "../shared/stage.js";
import { bandwidth, bus, cardName, cardPresets, launch, peak } from "./cards.js";
import { between, crossover, deviceOf, inWords, seconds } from "./devices.js";

const OPERATION = { product: "the product of two n × n matrices", relu: "the ReLU of n × n numbers" };
const CPU = "class0", GPU = "class1";

// The curves at hand, as functions of n, in seconds; the GPU's best source is taken: measured here, recorded, a model.
function curves(data, values) {
  const { operation, dtype, transfer } = values;
  const { sizes } = data;
  const live = data.measured[operation][dtype];
  const recorded = data.recorded?.results?.[operation]?.[dtype];
  const device = deviceOf(values);
  const cpu = (n) => between(sizes, live.cpu, n);
  if (values.source === "measured" && live.gpu[0] !== null)
    return { cpu, gpu: (n, moved = transfer) => between(sizes, moved ? live.gpu_with_transfer : live.gpu, n), how: "measured here", points: sizes };
  if (values.source === "recorded" && recorded)
    return { cpu, gpu: (n, moved = transfer) => between(data.recorded.sizes, moved ? recorded.gpu.map((t, i) => t + recorded.transfer[i]) : recorded.gpu, n), how: `recorded, ${data.recorded.machine.card}, ${data.recorded.date}`, points: data.recorded.sizes };
  return { cpu, gpu: (n, moved = transfer) => seconds(device, operation, n, dtype, moved), how: `model of ${cardName(data.cards, values)}`, model: true, points: null };
}

// The ends of the upright axis, in µs: whole powers of ten below, twice the slowest above.
function reach({ measured }, { operation, dtype }, { gpu, low, high }) {
  const times = [...measured[operation][dtype].cpu, gpu(low, false), gpu(high, true)].filter(Number.isFinite).map((time) => 1e6 * time);
  return [10 ** Math.floor(Math.log10(Math.min(...times))), 2 * Math.max(...times)];
}

const SOURCES = (data) => [
  ["model", "a data-sheet model"],
  ...(data.measured.product.float32.gpu[0] === null ? [] : [["measured", "measured on this machine"]]),
  ...(data.recorded ? [["recorded", `recorded: ${data.recorded.machine.card}`]] : []),
];

export default stage({
  title: ({ values, run }) => {
    const where = run.cross === null ? "at none of these sizes" : run.cross === run.low ? "at every size here" : `from n = ${run.cross} on`;
    return `The GPU${run.model ? " model" : ""} wins the ${values.operation === "product" ? "product" : "ReLU"} ${where}, ${values.transfer ? "transfer included" : "its data in place"}`;
  },
  controls: [
    slider("n", { symbol: "n", word: "size", low: 4, high: 1024, log: true, step: 1.06, whole: true, limits: [1, 4096] }),
    select("operation", { word: "operation", options: [["product", "matrix product"], ["relu", "ReLU"]] }),
    select("dtype", { word: "numbers", options: [["float32", "float32"], ["float64", "float64"]] }),
    select("source", { word: "the GPU is", options: SOURCES }),
    toggle("transfer", { word: "with transfer there and back" }),
    ...[peak, bandwidth, bus, launch].map((control) => ({ ...control, when: (values) => values.source === "model" })),
  ],
  presets: ({ cards, recorded, measured }) => cardPresets(cards, { source: measured.product.float32.gpu[0] !== null ? "measured" : recorded ? "recorded" : "model" }),
  begin({ data, values }) {
    const [low, high] = [data.sizes[0], data.sizes.at(-1)];
    const both = curves(data, values);
    return { ...both, low, high, cross: crossover(low, high, both.cpu, both.gpu) };
  },
  picture({ data, put }) {
    const [low, high] = [data.sizes[0], data.sizes.at(-1)];
    const chart = curve({
      x: { name: "n, rows and columns", low, high, log: true }, y: { name: "microseconds", log: true }, height: 340,
      label: "Microseconds against size n, CPU and GPU, both axes logarithmic",
      marker: { label: "size n", step: 1.06, onMove: (value) => put({ n: Math.max(low, Math.round(value)) }, `n = ${Math.round(value)}`) },
    });
    const read = html("p", { class: "reading" });
    const grid = Array.from({ length: 121 }, (_, i) => low * (high / low) ** (i / 120));
    return {
      node: html("div", {}, chart.node, read),
      draw({ values, run }) {
        const live = data.measured[values.operation][values.dtype];
        const line = (f, points) => (points ?? grid).filter((n) => n >= low && n <= high).map((n) => [n, 1e6 * f(n)]);
        chart.show(
          [
            { points: data.sizes.map((n, i) => [n, 1e6 * live.cpu[i]]), name: "CPU", colour: CPU, thick: true, dots: true },
            values.transfer && { points: line((n) => run.gpu(n, false), run.points), colour: GPU, faint: true, dash: run.model },
            { points: line(run.gpu, run.points), name: run.model ? "GPU model" : "GPU", colour: GPU, thick: true, dash: run.model, dots: !run.model },
          ],
          { marker: Math.min(high, Math.max(low, values.n)), xlim: [low, high], ylim: reach(data, values, run), bands: run.cross === null ? [] : [{ x: [run.cross, high], text: run.cross < high / 4 ? "GPU wins" : "" }] },
        );
        const n = values.n, [cpu, gpu] = [run.cpu(n), run.gpu(n)];
        const told = (time) => (Number.isFinite(time) ? inWords(time) : "not measured at this size");
        const faster = Number.isFinite(cpu / gpu) && `${cpu > gpu ? "GPU" : "CPU"} ${Number(Math.max(cpu / gpu, gpu / cpu).toPrecision(2))} times faster`;
        read.replaceChildren(...[`n = ${n}`, `CPU ${told(cpu)}`, `GPU ${told(gpu)}`, faster].filter(Boolean).map((words) => html("span", {}, words)));
      },
    };
  },
  describe({ data, values, run }) {
    const { n } = values, [cpu, gpu] = [run.cpu(n), run.gpu(n)];
    const at = Number.isFinite(cpu) && Number.isFinite(gpu) ? `at n = ${n} the CPU takes ${inWords(cpu)}, the GPU ${inWords(gpu)}` : `n = ${n} lies outside of what was measured`;
    const wins = run.cross === null ? "The GPU wins at no size up to the largest measured" : `The GPU wins from n = ${run.cross} on`;
    return `${OPERATION[values.operation][0].toUpperCase()}${OPERATION[values.operation].slice(1)} in ${values.dtype}, ${values.transfer ? "transfer there and back included" : "data already in place"}: ${at}. ${wins}. The CPU was measured on this machine; the GPU is ${run.model ? `a ${run.how}, a limit and not a measurement` : run.how}.`;
  },
});
