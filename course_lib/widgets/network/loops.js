// Seconds for one gradient, by loops and by matrices, against the number of rows. values: m      data: sizes, loop, matrix (seconds), n
import { slider, stage } from "../shared/stage.js";
import { html } from "../shared/dom.js";
import { curve } from "../shared/curve.js";
import { brief } from "../shared/numbers.js";
import { viridis } from "../shared/theme.js";
import { at, inTime } from "./times.js";

export default stage({
  title: ({ data }) => `The more rows, the more a loop loses: ${brief(Math.round(data.loop.at(-1) / data.matrix.at(-1)))} times at ${data.sizes.at(-1)} rows`,
  controls: [slider("m", { symbol: "m", word: "rows", low: ({ sizes }) => sizes[0], high: ({ sizes }) => sizes.at(-1), log: true, whole: true, step: 1.25 })],
  picture({ data, put }) {
    const { sizes } = data;
    const chart = curve({
      x: { name: "m, rows", low: sizes[0], high: sizes.at(-1), log: true }, y: { name: "seconds for one gradient", log: true }, height: 320, label: "Seconds for one gradient against the number of rows, both logarithmic",
      marker: { label: "m, rows", step: 1.25, onMove: (m) => put({ m: Math.round(m) }, `m = ${Math.round(m)}`) },
    });
    const line = (times) => sizes.map((m, i) => [m, times[i]]);
    return {
      node: html("div", { class: "loops" }, chart.node),
      draw({ values: { m } }) {
        const [loop, matrix] = [at(sizes, data.loop, m), at(sizes, data.matrix, m)];
        chart.show([
          { points: line(data.loop), name: "two loops", colour: viridis(0.7), dash: true, dots: true },
          { points: line(data.matrix), name: "one product", colour: viridis(0.25), thick: true, dots: true },
        ], { marker: m, marks: [{ at: [m, loop], text: inTime(loop) }, { at: [m, matrix], text: inTime(matrix) }] });
      },
    };
  },
  describe({ data, values: { m } }) {
    const [loop, matrix] = [at(data.sizes, data.loop, m), at(data.sizes, data.matrix, m)];
    const ratio = loop / matrix;
    return `${m} rows of ${data.n} numbers: ${inTime(loop)} by loops, ${inTime(matrix)} by matrices, ${ratio >= 1 ? `${brief(Number(ratio.toPrecision(2)))} times as long` : "the loop is quicker"}. Measured on the computer that ran the cell; between measured sizes a straight line is drawn.`;
  },
});
