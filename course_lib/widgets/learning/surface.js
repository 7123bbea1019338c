// The error as a map over w₁ and b, and the steps on it. The start can be dragged; the dashed line is the next step.
import { html, slider, stage } from "../shared/stage.js";
import { curve } from "../shared/curve.js";
import { brief, format } from "../shared/numbers.js";
import { plane } from "../shared/plane.js";
import { ground, palette } from "../shared/theme.js";
import { advance, at, begin, next, steepness } from "./descent.js";
import { error } from "./neuron.js";

const STEPS = 200, COLUMNS = 64;
const LEVELS = [0.07, 0.08, 0.09, 0.11, 0.13, 0.16, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.75];
const HIGHEST = 0.6;

export default stage({
  title: "The step is η times the slope: long where it is steep, short where it is flat",
  controls: [
    slider("eta", { symbol: "η", word: "learning rate", low: 0.01, high: 1000, log: true, step: 1.1 }),
    slider("w2", { symbol: "w₂", word: "held still", low: -4, high: 4, step: 0.1, signed: true }),
  ],
  presets: [
    { name: "just right, η = 10", values: { eta: 10, w1: -2, b: 2, w2: 1 } },
    { name: "creeping, η = 1", values: { eta: 1, w1: -2, b: 2, w2: 1 } },
    { name: "wall to wall, η = 30", values: { eta: 30, w1: -2, b: 2, w2: 1 } },
    { name: "too large, η = 100", values: { eta: 100, w1: -2, b: 2, w2: 1 } },
  ],
  restartOn: ["w1", "b", "w2"],
  stepsPerSecond: 8,
  begin: ({ data, values }) => begin(data.X, data.y, at(values)),
  step({ run, values }) {
    if (run.k < STEPS) advance(run, values.eta);
    return run.k < STEPS;
  },

  picture({ data, values, put }) {
    const { box, X, y } = data;
    const map = plane({ box, label: `Map of the error over w₁ from ${box.x[0]} to ${box.x[1]} and b from ${box.y[0]} to ${box.y[1]}`.replaceAll("-", "−"), xName: "w₁", yName: "b" });
    const losses = curve({ x: { name: "steps", low: 0 }, y: { name: "mean squared error", low: 0, high: 0.5 }, label: "Error over steps", height: 300 });
    const start = map.handle({ at: [values.w1, values.b], label: "The start", onMove: ([w1, b]) => put({ w1, b }, `Start at w₁ = ${format(w1)}, b = ${format(b)}`) });
    let drawnFor = null;

    function ground_(w2) {
      if (drawnFor === w2) return;
      drawnFor = w2;
      const height = (w1, b) => error(X, y, [w1, w2, b]);
      const field = new Float32Array(COLUMNS * COLUMNS);
      const along = ([low, high], i) => low + ((i + 0.5) / COLUMNS) * (high - low);
      for (let row = 0; row < COLUMNS; row++) for (let i = 0; i < COLUMNS; i++) field[row * COLUMNS + i] = height(along(box.x, i), along([box.y[1], box.y[0]], row));
      map.fieldFrom(field, COLUMNS, (loss) => ground(loss / HIGHEST));
      map.contours(height, LEVELS, { resolution: 48 });
    }
    return {
      node: html("div", { class: "side-by-side" }, map.node, losses.node),
      draw({ run, values }) {
        ground_(values.w2);
        const [w1, , b] = next(run, values.eta);
        map.paths([
          { points: [run.path.at(-1), [w1, b]], dash: true, colour: palette.light.positive },
          { points: run.path, dots: true },
        ]);
        start.show([values.w1, values.b]);
        const points = run.losses.map((loss, k) => [k, loss]);
        losses.show([{ points, thick: true, dots: run.k < 40 }], { xlim: [0, Math.max(20, run.k)], marks: [{ at: points.at(-1), text: brief(Number(run.losses.at(-1).toPrecision(3))) }] });
      },
    };
  },

  describe({ run, values, data }) {
    const [w1, , b] = run.theta, long = values.eta * steepness(run);
    const outside = w1 > data.box.x[1] || w1 < data.box.x[0] || b > data.box.y[1] || b < data.box.y[0];
    const where = `After ${run.k === 1 ? "1 step" : `${run.k} steps`} w₁ is ${format(w1)}, b is ${format(b)}, the error ${format(run.losses.at(-1), 3)}${outside ? ", outside of the map" : ""}.`;
    const rose = run.k && run.losses.at(-1) > run.losses.at(-2);
    return `${where} The slope here is ${brief(Number(steepness(run).toPrecision(2)))}, so the next step with η = ${brief(values.eta)} is ${brief(Number(long.toPrecision(2)))} long${rose ? "; the last one went up" : ""}.`;
  },
});
