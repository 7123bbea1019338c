// A kernel slides over a digit by hand: nine products and their sum at every place.
import { select, slider, stage, toggle } from "../shared/stage.js";
import { html } from "../shared/dom.js";
import { heat } from "../shared/heat.js";
import { short } from "../shared/numbers.js";
import { setText } from "../shared/table.js";
import { convolve, dot, flipped, padded, placesAlong, windowAt } from "./conv.js";

const SIZE = 3;
const preset = (name, kernel) => ({ name, values: { kernel, cell: 4, weight: kernel[4], stride: 1, padding: 0, flip: false } });
const paper = (value) => Array(3).fill(250 - (14 * Math.abs(value))); // pixels 0 … 16: white to black

const weightsOf = ({ kernel, flip }) => (flip ? flipped(kernel) : kernel);
const outputs = (data, values) => convolve(data.images[values.digit], data.side, weightsOf(values), SIZE, values.stride, values.padding);

export default stage({
  title: "Nine weights look at every place of the picture, one after the other",
  controls: [
    select("digit", { word: "digit", options: (data) => data.labels.map((label, i) => [i, `a ${label}`]) }),
    slider("weight", { symbol: "w", word: "the chosen weight", low: -2, high: 2, step: 1, signed: true, limits: [-9, 9] }),
    slider("stride", { symbol: "s", word: "stride", low: 1, high: 3, step: 1, whole: true }),
    slider("padding", { symbol: "p", word: "padding", low: 0, high: 2, step: 1, whole: true }),
    toggle("flip", { word: "flip the kernel" }),
  ],
  presets: [
    preset("a vertical edge", [-1, 0, 1, -1, 0, 1, -1, 0, 1]),
    preset("a horizontal edge", [-1, -1, -1, 0, 0, 0, 1, 1, 1]),
    preset("a falling stroke", [2, -1, -1, -1, 2, -1, -1, -1, 2]),
    preset("a blur", [1, 1, 1, 1, 1, 1, 1, 1, 1]),
    preset("the pixel itself", [0, 0, 0, 0, 1, 0, 0, 0, 0]),
  ],
  stepsPerSecond: 4,
  unit: "places seen:",
  restartOn: ["digit", "stride", "padding", "flip", "kernel"],

  begin({ values }) {
    return { k: 0, next: 0, seen: new Set(), weight: values.weight };
  },
  step({ data, values, run, put }) {
    const n = placesAlong(data.side, SIZE, values.stride, values.padding);
    const at = run.next++;
    run.seen.add(at);
    run.k = run.seen.size;
    put({ at: [Math.floor(at / n), at % n] });
    return run.next < n * n;
  },

  picture({ data, put, redraw }) {
    let now = null, sizes = "", image, output;
    const left = html("div"), right = html("div");
    const kernel = heat({ label: "The kernel, nine weights", rows: SIZE, columns: SIZE, decimals: 0, size: 48, onPick: (row, column) => put({ cell: row * SIZE + column, weight: now.values.kernel[row * SIZE + column] }) });
    const sum = html("p", { class: "sum" }), total = html("output", {});
    const node = html("div", { class: "slide" },
      html("div", {}, html("p", { class: "caption" }, "the picture"), left),
      html("div", {}, html("p", { class: "caption" }, "the kernel: choose a weight"), kernel.node, html("p", { class: "caption" }, "products, summed"), sum, total),
      html("div", {}, html("p", { class: "caption" }, "the sums: click a place"), right));

    // Picture and sums have other sizes when stride or padding change.
    function lay(values, n) {
      sizes = `${values.padding} ${n}`;
      const wide = data.side + 2 * values.padding;
      image = heat({ label: "The picture, pixels from 0 to 16", rows: wide, columns: wide, decimals: 0, size: 33, paint: paper });
      output = heat({ label: "The sums, one for each place of the window", rows: n, columns: n, decimals: 0, size: 42, onPick: (row, column) => {
        now.run.seen.add(row * n + column);
        now.run.k = now.run.seen.size;
        put({ at: [row, column] });
        redraw();
      } });
      left.replaceChildren(image.node);
      right.replaceChildren(output.node);
    }

    function draw(scene) {
      now = scene;
      const { values, run } = scene;
      if (values.weight !== values.kernel[values.cell]) return put({ kernel: values.kernel.map((w, i) => (i === values.cell ? values.weight : w)) });
      const n = placesAlong(data.side, SIZE, values.stride, values.padding);
      if (sizes !== `${values.padding} ${n}`) lay(values, n);
      const at = values.at.map((place) => Math.min(place, n - 1));
      const big = padded(data.images[values.digit], data.side, values.padding);
      const { cells, pixels } = windowAt(big, SIZE, values.stride, at);
      const sums = outputs(data, values), weights = weightsOf(values);
      run.seen.add(at[0] * n + at[1]);
      run.k = run.seen.size;
      image.show(big.image, { marks: cells });
      kernel.show(weights, { picked: values.flip ? [2 - Math.floor(values.cell / SIZE), 2 - (values.cell % SIZE)] : [Math.floor(values.cell / SIZE), values.cell % SIZE], most: 2 });
      output.show(sums.flat().map((value, i) => (run.seen.has(i) ? value : 0)), { picked: at, most: Math.max(1, ...sums.flat().map(Math.abs)), texts: sums.flat().map((value, i) => (run.seen.has(i) ? short(value) : "")) });
      setText(sum, pixels.map((pixel, i) => `${weights[i] < 0 ? `(${short(weights[i])})` : short(weights[i])}·${short(pixel)}`).join(" + "), { still: true });
      setText(total, `= ${short(dot(pixels, weights))}`);
    }
    return { node, draw };
  },

  describe({ data, values }) {
    const n = placesAlong(data.side, SIZE, values.stride, values.padding);
    const at = values.at.map((place) => Math.min(place, n - 1));
    const sums = outputs(data, values);
    const flat = sums.flat();
    return `With the window at row ${at[0] + 1}, column ${at[1] + 1} the nine products sum to ${short(sums[at[0]][at[1]])}. ${n} × ${n} places: the sums go from ${short(Math.min(...flat))} to ${short(Math.max(...flat))}, all from the same nine weights.`;
  },
});
