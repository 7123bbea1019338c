// One neuron whose inputs go missing: the table of its masks, their mean, and masks drawn at random.
import { select, slider, stage, toggle } from "../shared/stage.js";
import { curve } from "../shared/curve.js";
import { html } from "../shared/dom.js";
import { format, short } from "../shared/numbers.js";
import { generator } from "../shared/random.js";
import { numberTable, setText } from "../shared/table.js";
import { drawn, maskTable } from "./masks.js";
import { namesOf, wires } from "./wires.js";

const MOST = 1000;

const keepOf = ({ p, means }) => (means === "keep" ? p : 1 - p);
const tableOf = ({ data, values }) => maskTable(data.x, data.w, keepOf(values), values.divide);

export default stage({
  title: ({ values }) => (values.divide ? "Divided by keep, the mean is what the neuron says in use" : "Missing inputs make the mean keep times what it is in use"),
  controls: [
    slider("p", { symbol: "p", word: "probability", low: 0.05, high: 0.95, step: 0.05 }),
    select("means", { word: "p is the chance of", options: [["keep", "keeping"], ["drop", "dropping"]] }),
    toggle("divide", { word: "divide by keep while training" }),
  ],
  presets: [
    { name: "the slide: p = ½", values: { p: 0.5, means: "keep", divide: false } },
    { name: "keep = .8", values: { p: 0.8, means: "keep", divide: false } },
    { name: "p = .8, read as drop", values: { p: 0.8, means: "drop", divide: false } },
    { name: "inverted, keep = .8", values: { p: 0.8, means: "keep", divide: true } },
  ],
  seeded: true,
  stepsPerSecond: 4,
  unit: "masks drawn:",
  restartOn: ["p", "means", "divide"],

  begin: ({ data, seed }) => ({ k: 0, shown: 2 ** data.x.length - 1, counts: Array(2 ** data.x.length).fill(0), sum: 0, trail: [], uniform: generator(seed).uniform }),

  step({ data, values, run }) {
    run.shown = drawn(data.x.length, keepOf(values), run.uniform);
    run.k++;
    run.counts[run.shown]++;
    run.sum += tableOf({ data, values }).rows[run.shown].a;
    run.trail.push([run.k, run.sum / run.k]);
    return run.k < MOST;
  },

  picture({ data, redraw }) {
    let run = null;
    const n = data.x.length;
    const names = namesOf(n);
    const neuron = wires({ x: data.x, w: data.w, onToggle: (i) => ((run.shown ^= 1 << (n - 1 - i)), redraw()) });
    const columns = [
      ...names.x.map((name) => ({ key: name, head: name, spoken: `input ${name}`, width: 34 / n })),
      { key: "chance", head: "chance", spoken: "chance of this mask", width: 22 },
      { key: "a", head: "a", spoken: "a, what the neuron says", width: 22 },
      { key: "drawn", head: "drawn", spoken: "how often it was drawn", width: 22 },
    ];
    const table = numberTable({ caption: "Every mask, one a row: which inputs stay, how likely it is, what the neuron says", columns });
    const mean = html("output", {}), use = html("output", {}), sentence = html("span", {});
    const chart = curve({ x: { name: "masks drawn", low: 1, high: MOST, log: true }, y: { name: "mean so far" }, height: 210, label: "The mean of what the neuron said, against the number of masks drawn" });
    const node = html("div", { class: "side-by-side masks" },
      html("div", {}, neuron.node, html("p", { class: "caption" }, "Click an input to leave it out, or to bring it back.")),
      html("div", { class: "numbers" },
        html("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "The table of masks" }, table.node),
        html("p", { class: "totals" }, html("span", {}, "mean over the masks ", mean), html("span", {}, "in use ", use), sentence)),
      html("div", { class: "whole" }, chart.node));

    function draw(scene) {
      run = scene.run;
      const { rows, mean: expected, use: inUse } = tableOf(scene);
      const keep = keepOf(scene.values), scale = scene.values.divide ? 1 / keep : 1;
      neuron.show(rows[run.shown].mask, rows[run.shown].a, scale);
      table.show(rows.map((row, k) => ({
        ...Object.fromEntries(row.mask.map((m, i) => [names.x[i], { text: m ? short(data.x[i]) : "·", mark: k === run.shown ? "now" : m ? "" : "off", spoken: m ? undefined : "left out" }])),
        chance: { text: format(row.chance, n > 2 ? 3 : 2), mark: k === run.shown ? "now" : "", bar: row.chance },
        a: { text: format(row.a), mark: k === run.shown ? "now" : "" },
        drawn: { text: run.counts[k] ? String(run.counts[k]) : "", mark: k === run.shown ? "now" : "" },
      })));
      setText(mean, format(expected, 2));
      setText(use, format(inUse, 2));
      setText(sentence, Math.abs(expected - inUse) < 1e-9 ? "the same" : `${format(keep)} times as much`);
      chart.show([{ points: run.trail, name: "drawn", colour: "loss", thick: true }], {
        ylim: around([expected, inUse, ...run.trail.map(([, m]) => m)]),
        marks: Math.abs(expected - inUse) < 1e-9
          ? [{ y: expected, text: "mean of all masks = in use", colour: "good" }]
          : [{ y: expected, text: "mean of all masks", colour: "good" }, { y: inUse, text: "in use", colour: "wrong" }],
      });
    }
    return { node, draw };
  },

  describe({ data, values, run, cause }) {
    const keep = keepOf(values);
    const { rows, mean, use } = tableOf({ data, values });
    const now = rows[run.shown];
    const names = namesOf(data.x.length).x;
    const missing = names.filter((_, i) => !now.mask[i]);
    const one = `With ${missing.length === names.length ? "every input" : missing.length ? missing.join(" and ") : "nothing"} left out the neuron says ${format(now.a)}.`;
    const far = run.k ? ` After ${run.k} drawn at random the mean so far is ${format(run.sum / run.k)}.` : "";
    return `${cause ? `${cause}. ` : ""}keep = ${format(keep)}: the mean over all ${rows.length} masks is ${format(mean)}, in use it is ${format(use)}. ${one}${far}`;
  },
});

// Room for these values and for the words at the lines.
function around(values) {
  const low = Math.min(0, ...values), high = Math.max(0, ...values);
  const more = 0.15 * Math.max(high - low, 0.5);
  return [low - more, high + more];
}
