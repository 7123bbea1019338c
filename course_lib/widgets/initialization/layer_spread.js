// A real net, 500 wide, in the kernel: how its activations, gradients and updates are spread, layer by layer. What theory
// says for an endlessly wide net is worked out here and follows the slider at once; the net's own numbers come after.
import { html, number, select, slider, stage } from "../shared/stage.js";
import { curve } from "../shared/curve.js";
import { brief } from "../shared/numbers.js";
import { askLatest } from "./latest.js";
import { spreads } from "./theory.js";
import { violins } from "./violins.js";

const digits = (value) => brief(Number(value.toPrecision(2)));
const tight = (value) => (value >= 0.01 && value < 100 ? digits(value) : value.toExponential(0).replace("-", "−").replace("+", "")); // under a narrow column
const RANGES = { tanh: [-1, 1], sigmoid: [0, 1], relu: [0, 3] };
const same = (a, c) => ["phi", "gain", "depth", "seed"].every((name) => a[name] === c[name]);

export default stage({
  title({ values: { phi, gain, depth } }) {
    const list = spreads(phi, gain, depth);
    const change = list.at(-1) / list[0];
    if (phi === "tanh" && gain > 4) return "Weights too large: nearly every unit sits at −1 or 1";
    if (change < 0.05) return "Weights too small: layer by layer the signal dies away";
    if (change > 20) return "Weights too large: layer by layer the signal explodes";
    return "Just right: the last layer still hears what went into the first";
  },
  controls: [
    select("phi", { symbol: "φ", word: "activation", options: [["tanh", "tanh"], ["relu", "ReLU"], ["sigmoid", "sigmoid"]] }),
    slider("gain", { symbol: "g", word: "gain", low: 0.1, high: 30, log: true, step: 1.05 }),
    slider("depth", { word: "depth", low: 2, high: 20, step: 1, whole: true }),
    number("seed", { word: "seed", low: 0, high: 99999, whole: true }),
  ],
  presets: ({ known }) => known.map(({ name, values }) => ({ name, values })),

  begin({ data, values, feed }) {
    const known = data.known.find((each) => same(each.values, values));
    if (known) return known;
    const { phi, gain, depth, seed } = values;
    return askLatest(feed, { phi, gain, depth, seed }).then(({ header, arrays: [activations, gradients] }) => ({ values: { phi, gain, depth, seed }, header, activations, gradients }));
  },

  picture({ data }) {
    const activations = violins({ name: "activations", label: "Histogram of the activations of each layer", colour: "var(--class0)", below: "std" });
    const gradients = violins({ name: "size of ∂ℓ/∂W", label: "Histogram of the size of the gradients of each layer, in powers of ten", colour: "var(--positive)", power: true, below: "std" });
    const chart = curve({ x: { name: "layer" }, y: { name: "from layer to layer", log: true }, label: "Spread of the activations and size of an update, by layer", height: 240 });
    const node = html("div", {},
      html("div", { class: "side-by-side" }, activations.node, gradients.node), chart.node,
      html("p", { class: "caption" }, `Weights have standard deviation g/√n, n = ${data.width}. Dashed: what theory says for an endlessly wide net; it follows the slider at once. All else is measured, on ${data.rows} examples. Update: the length of η ∂ℓ/∂W as a share of W's, η = ${brief(data.eta)}; about .001 is healthy.`));

    function draw({ values, run }) {
      const { header } = run, depth = header.std.length;
      const rows = (flat, sizes, text) => sizes.map((size, l) => ({ counts: flat.subarray(l * data.bins, (l + 1) * data.bins), text: text(size) }));
      const [low, high] = RANGES[run.values.phi];
      activations.show({ columns: rows(run.activations, header.std, tight), low, high });
      gradients.show({ columns: rows(run.gradients, header.gradient, tight), low: data.powers[0], high: data.powers[1] });
      const byLayer = (list) => list.map((value, l) => [l + 1, value]);
      const theory = byLayer(spreads(values.phi, values.gain, values.depth));
      chart.show([
        { points: byLayer(header.std), name: "activations", colour: "class0", dots: true },
        { points: byLayer(header.ratio), name: "update / W", colour: "positive", dots: true },
        { points: theory, colour: "ink", dash: "4 7" },
      ], { xlim: [1, Math.max(depth, values.depth)], ylim: limits([...header.std, ...header.ratio, ...theory.map(([, value]) => value)]), bands: [{ y: [3e-4, 3e-3], colour: "good", text: "healthy updates" }] });
    }
    return { node, draw };
  },

  describe({ run }) {
    const { std, ratio, saturated, dead } = run.header, { phi, gain } = run.values;
    const edge = phi === "relu" ? `${Math.round(100 * dead.at(-1))} % of its outputs are 0` : `${Math.round(100 * saturated.at(-1))} % of its outputs are within .01 of an end`;
    return `${phi === "relu" ? "ReLU" : phi}, gain ${brief(gain)}: the std of the activations goes from ${digits(std[0])} in layer 1 to ${digits(std.at(-1))} in layer ${std.length}, where ${edge}. An update changes the first weights by ${digits(ratio[0])} of their size, the last by ${digits(ratio.at(-1))}.`;
  },
});

// Whole powers of ten, never nearer than 1e−12 and 1e12, and always around the healthy band.
function limits(values) {
  const good = values.filter((value) => value > 0);
  const power = (value) => Math.log10(Math.min(1e12, Math.max(1e-12, value)));
  return [10 ** Math.floor(power(Math.min(1e-4, ...good))), 10 ** Math.ceil(power(Math.max(1, ...good)))];
}
