// How many of many seeds solve a problem, by width and bend; a cell opens its runs. values: row, column
// data: rows (names), columns (names), solved (counts), seeds, steps, losses (packed: cells × steps × seeds), right (cells × seeds)
import { html, select, stage } from "../shared/stage.js";
import { curve } from "../shared/curve.js";
import { heat } from "../shared/heat.js";
import { viridis } from "../shared/theme.js";

const colourOf = (share) => [247 - 190 * share, 247 - 100 * share, 243 - 70 * share];

export default stage({
  title: ({ data }) => data.sentence,
  controls: [
    select("row", { symbol: "H", word: "hidden neurons", options: ({ rows }) => rows.map((name, i) => [i, name]) }),
    select("column", { symbol: "φ", word: "bend", options: ({ columns }) => columns.map((name, i) => [i, name]) }),
  ],
  picture({ data, put }) {
    const { rows, columns, seeds } = data;
    const map = heat({
      label: `Solved of ${seeds} seeds, a row for each width, a column for each bend`, rows: rows.length, columns: columns.length, decimals: 0, size: 64, rowNames: rows, columnNames: columns,
      paint: (solved) => colourOf(solved / seeds), onPick: (row, column) => put({ row, column }, `${rows[row]}, ${columns[column]}`),
    });
    const chart = curve({ x: { name: "step", low: 0, high: 1.04 * data.steps.at(-1) }, y: { name: "loss", low: 1e-4, high: 1, log: true }, height: 300, label: "The loss of every seed over the steps" });
    const head = html("h4", {});
    return {
      node: html("div", { class: "seeds" }, html("div", {}, html("h4", {}, `solved, of ${seeds} seeds`), map.node), html("div", {}, head, chart.node)),
      draw({ values: { row, column } }) {
        const cell = row * columns.length + column;
        map.show(data.solved, { picked: [row, column] });
        head.textContent = `${rows[row]}, ${columns[column]}: ${data.solved[row][column]} of ${seeds} solved`;
        const loss = (t, r) => data.losses[(cell * data.steps.length + t) * seeds + r];
        const order = Array.from({ length: seeds }, (_, r) => r).sort((a, b) => loss(data.steps.length - 1, a) - loss(data.steps.length - 1, b));
        chart.show(order.map((r, rank) => ({ points: data.steps.map((step, t) => [step, loss(t, r)]), colour: viridis(rank / Math.max(1, seeds - 1)), thick: !data.right[cell][r], dash: !data.right[cell][r] })));
      },
    };
  },
  describe({ data, values: { row, column } }) {
    const solved = data.solved[row][column], left = data.seeds - solved;
    return `${data.rows[row]}, ${data.columns[column]}: ${solved} of ${data.seeds} seeds solve it in ${data.steps.at(-1)} steps.${left ? ` The ${left} thick dashed curves are those that do not.` : ""} Choose another cell to see its runs.`;
  },
});
