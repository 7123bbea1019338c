// Left the data, right the bowl that they make: prepare the data, and the bowl becomes round.
import { html, select, slider, stage } from "../shared/stage.js";
import { svg } from "../shared/dom.js";
import { generator } from "../shared/random.js";
import { brief } from "../shared/numbers.js";
import { plane } from "../shared/plane.js";
import { setText } from "../shared/table.js";
import { ground } from "../shared/theme.js";
import { PREPARATIONS, bowl, cloud, ellipse, hessian, slope, speed } from "./clouds.js";

const POINTS = 60, STEPS = 150, DOTTED = 60, COLUMNS = 32, START = [-3, 2.2];
const LEVELS = [0.05, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9]; // of the root of the height
const BOX = { x: [-10, 10], y: [-10, 10] }, WEIGHTS = { x: [-4, 4], y: [-4, 4] };
const digits = (value) => brief(Number(value.toPrecision(3)));

// Standard normal points, their mean and covariance made exact, so that every number on the controls is the cloud's own.
function normals(seed) {
  const rng = generator(seed);
  return PREPARATIONS.whiten.apply(Array.from({ length: POINTS }, () => [rng.normal(), rng.normal()]));
}

export default stage({
  title: ({ values, run }) => {
    const { kappa } = speed(run.H);
    return kappa < 1.1 ? "A round cloud around zero makes a round bowl: one step to the bottom" : `Here one direction is ${digits(kappa)} times as steep as the other, so training zigzags`;
  },
  controls: [
    select("prepare", { word: "the data are", options: Object.entries(PREPARATIONS).map(([name, { word }]) => [name, word]) }),
    slider("stretch", { word: "stretch", low: 1, high: 5, step: 0.1 }),
    slider("angle", { word: "angle, degrees", low: -90, high: 90, step: 5 }),
    slider("m1", { symbol: "x̄₁", word: "mean", low: -5, high: 5, step: 0.1, signed: true }),
    slider("m2", { symbol: "x̄₂", word: "mean", low: -5, high: 5, step: 0.1, signed: true }),
  ],
  presets: [
    { name: "far, long and tilted", values: { prepare: "raw", stretch: 2.5, angle: 35, m1: 4, m2: 3 } },
    { name: "round, but far from zero", values: { prepare: "raw", stretch: 1, angle: 0, m1: 4, m2: 3 } },
    { name: "long, along an axis", values: { prepare: "raw", stretch: 5, angle: 0, m1: 0, m2: 0 } },
    { name: "long, tilted by 45 degrees", values: { prepare: "standardize", stretch: 5, angle: 45, m1: 0, m2: 0 } },
  ],

  begin({ values, seed }) {
    const X = cloud(normals(seed), values), Z = PREPARATIONS[values.prepare].apply(X);
    const H = hessian(Z), { eta } = speed(H);
    const path = [START], down = slope(H);
    while (path.length <= STEPS && Math.hypot(...path.at(-1)) > 0.01 * Math.hypot(...START)) {
      const at = path.at(-1), d_w = down(at);
      path.push(at.map((w, axis) => w - eta * d_w[axis]));
    }
    return { X, Z, H, path };
  },

  picture({ put }) {
    const data = plane({ box: BOX, label: "The data, as the neuron gets them" });
    const middle = data.handle({ at: [0, 0], label: "Move the cloud", step: 0.2, onMove: ([m1, m2]) => put({ m1: within(m1), m2: within(m2) }, `The cloud's mean is at (${brief(within(m1))}, ${brief(within(m2))})`) });
    const map = plane({ box: WEIGHTS, label: "The loss around its lowest place, with the way of gradient descent", xName: "w₁", yName: "w₂" });
    const above = html("p", { class: "caption" }), right = html("p", { class: "caption" });
    const node = html("div", { class: "side-by-side" }, html("div", {}, above, data.node), html("div", {}, right, map.node));

    function draw({ values, run: { X, Z, H, path } }) {
      data.dots(Z.filter((at) => at.every((value) => Math.abs(value) < 10)).map((at) => ({ at, y: 0 })));
      middle.show([values.m1, values.m2]);
      middle.hide(values.prepare !== "raw");
      setText(above, `The data, ${PREPARATIONS[values.prepare].word}${values.prepare === "raw" ? "; drag their middle" : ""}.`, { still: true });
      const { kappa, steps } = speed(H);
      setText(right, `The loss around its lowest place: κ = ${digits(kappa)}, ${steps} ${steps === 1 ? "step" : "steps"} at the best η.`, { still: true });
      paint(map, H);
      map.paths([{ points: path, colour: "#1A1A1A", dots: path.length <= DOTTED }]);
    }
    return { node, draw };
  },

  describe({ values, run: { H } }) {
    const { kappa, eta, left, steps } = speed(H);
    return `The data are ${PREPARATIONS[values.prepare].word}. The steepest direction of the bowl is κ = ${digits(kappa)} times as curved as the flattest. At its best rate, η = ${digits(eta)}, a step leaves ${digits(left)} of the distance: ${steps} ${steps === 1 ? "step" : "steps"} to a hundredth of it.`;
  },
});

const within = (value) => Math.min(5, Math.max(-5, Number(value.toFixed(1))));

// The bowl as ground, relative to its own height at the corners, and as level lines.
function paint(map, H) {
  const height = bowl(H);
  const heights = new Float64Array(COLUMNS * COLUMNS);
  for (let i = 0; i < heights.length; i++) heights[i] = height([-4 + (8 * ((i % COLUMNS) + 0.5)) / COLUMNS, 4 - (8 * (Math.floor(i / COLUMNS) + 0.5)) / COLUMNS]);
  const most = Math.max(...heights);
  map.fieldFrom(heights, COLUMNS, (h) => ground(0.8 * Math.sqrt(h / most)));
  const rings = LEVELS.map((level) => svg("path", { d: `M${ellipse(H, level * level * most).map((at) => map.toPixel(at).map((px) => px.toFixed(1)).join(" ")).join("L")}Z`, stroke: "#4a5a68", fill: "none", "stroke-opacity": 0.75 }));
  map.layers.contours.replaceChildren(...rings);
}
