// Batch size and noise: a cloud of 60 000 points pulls θ to its middle, B points at a time.
import { html, slider, stage } from "../shared/stage.js";
import { curve } from "../shared/curve.js";
import { svg } from "../shared/dom.js";
import { brief, format } from "../shared/numbers.js";
import { plane } from "../shared/plane.js";
import { palette, viridis } from "../shared/theme.js";
import { SIGMA, advance, begin, cloud, distance, gradient, middleOf, nextFrom, orderOf, race, scatter, wouldGo } from "./cloud.js";

const EPOCHS = 2, STEPS = 400, DRAWN = 300, GHOSTS = 60;
const BOX = { x: [-11, 13], y: [-11, 13] }, START = [-8, 8];
const SIZES = [1, 10, 50, 100, 1000, 10000], RACERS = [1, 10, 100, 1000, 60000];
const LEVELS = [1, 2, 4, 6, 8, 10, 12].map((r) => (r * r) / 2);
const grouped = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, " ");
const two = (value) => brief(Number(value.toPrecision(2)));

export default stage({
  title: "The larger the batch, the quieter the slope, and the fewer the steps",
  controls: [
    slider("B", { symbol: "B", word: "batch size", low: 1, high: 60000, log: true, step: 1.25, whole: true }),
    slider("eta", { symbol: "η", word: "learning rate", low: 0.01, high: 1, log: true, step: 1.1 }),
  ],
  presets: [
    { name: "one row at a time, B = 1", values: { B: 1, eta: 0.1 } },
    { name: "a minibatch, B = 50", values: { B: 50, eta: 0.1 } },
    { name: "all rows, B = 60 000", values: { B: 60000, eta: 0.1 } },
    { name: "B = 1, small steps", values: { B: 1, eta: 0.01 } },
  ],
  seeded: true,
  stepsPerSecond: 12,
  begin({ data: { N }, seed }) {
    const X = cloud(N, seed), order = orderOf(N, EPOCHS, seed + 1), middle = middleOf(X);
    return { ...begin(X, order, START), middle, measured: SIZES.map((B) => [B, scatter(X, order, B)]) };
  },
  step({ run, values: { eta, B } }) {
    if (run.k < STEPS) advance(run, eta, B);
    return run.k < STEPS;
  },

  picture({ data: { N }, put }) {
    const map = plane({ box: BOX, label: "The cloud of points, level lines of the loss around its middle, and the path of θ", xName: "θ₁", yName: "θ₂" });
    // Many small discs are one path of round ends, which a browser draws far sooner than as many circles.
    const discs = (name, r, colour, opacity = 1) => svg("path", { class: name, d: "M0 0", stroke: colour, "stroke-width": 2 * r, "stroke-linecap": "round", fill: "none", "stroke-opacity": opacity });
    const dots = discs("dots", 2, "#6b7a88", 0.45), rims = discs("rims", 4.6, "#1a1a1a"), taken = discs("taken", 3.8, palette.class1), ghosts = discs("ghosts", 2.2, palette.light.positive, 0.75);
    map.layers.contours.after(dots, rims, taken, ghosts);
    const discsAt = (path, places) => path.setAttribute("d", places.map((at) => `M${map.toPixel(at).map((part) => part.toFixed(1)).join(" ")}h0`).join("") || "M-9 -9");
    const pointOf = (X) => (i) => [X[2 * i], X[2 * i + 1]];
    const move = (value) => put({ B: Math.round(value) }, `B = ${grouped(Math.round(value))}`);
    const noise = curve({
      x: { name: "B, batch size", low: 1, high: N, log: true }, y: { name: "noise of the slope", low: 0.005, high: 5, log: true }, label: "Noise of the slope over the batch size", height: 210,
      marker: { label: "B, batch size", step: 1.25, onMove: move },
    });
    const work = curve({ x: { name: "rows looked at", low: 1, high: EPOCHS * N, log: true }, y: { name: "distance from the middle", low: 0.01, high: 20, log: true }, label: "Distance from the middle over the rows looked at, one curve a batch size", height: 240 });
    let drawn = null, raced = null, lines = [];

    function ground({ run }) {
      if (drawn === run.X) return;
      drawn = run.X;
      const [m1, m2] = run.middle;
      map.contours((x, y) => ((x - m1) ** 2 + (y - m2) ** 2) / 2, LEVELS, { resolution: 48 });
      discsAt(dots, Array.from({ length: DRAWN }, (_, i) => pointOf(run.X)(i)));
    }
    // The same work for every batch size, with the rate of now.
    function racers({ run, values: { eta } }) {
      if (raced?.X === run.X && raced.eta === eta) return lines;
      raced = { X: run.X, eta };
      lines = RACERS.map((B, i) => ({ points: race(run.X, run.order, START, eta, B, run.middle), colour: viridis(i / (RACERS.length - 1)), name: `B = ${grouped(B)}`, dots: B === N, kept: true }));
      return lines;
    }
    return {
      node: html("div", { class: "side-by-side" }, map.node, html("div", {}, noise.node, work.node)),
      draw(scene) {
        const { run, values: { eta, B } } = scene;
        ground(scene);
        const shown = run.rows.length <= 100 ? Array.from(run.rows) : [];
        for (const path of [rims, taken]) discsAt(path, shown.map(pointOf(run.X)));
        discsAt(ghosts, wouldGo(run.X, run.order, run.theta, eta, B, GHOSTS));
        map.paths([{ points: [run.middle], dots: true, colour: palette.class0, name: "middle" }, { points: run.path, dots: run.k < 80 }]);
        noise.show([{ points: [[1, SIGMA], [N, SIGMA / Math.sqrt(N)]], dash: true, colour: "quiet" }, { points: run.measured.flatMap((point) => [point, [NaN, NaN]]), dots: true, thick: true, name: "3/√B" }], { marker: B });
        const mine = run.path.map((theta, k) => [run.seen[k], distance(theta, run.middle)]).slice(1);
        work.show([...racers(scene), { points: mine, thick: true }]);
      },
    };
  },

  describe({ run, values: { eta, B } }) {
    const g = gradient(run.X, run.theta, run.order, nextFrom(run.order, run.from, B), B), full = run.theta.map((value, j) => value - run.middle[j]);
    const said = run.k ? `After ${run.k === 1 ? "1 step" : `${run.k} steps`} and ${grouped(run.seen.at(-1))} rows looked at, θ is ${two(distance(run.theta, run.middle))} from the middle.` : "θ waits at the upper left, 12 from the middle of the cloud.";
    return `${said} The next minibatch, ${B === 1 ? "1 row" : `${grouped(B)} rows`}, gives a slope that is off by ${two(distance(g, full))}; expected in each direction 3/√B = ${format(SIGMA / Math.sqrt(B), B > 10000 ? 3 : 2)}. The small dots are where ${GHOSTS} other minibatches would have gone with η = ${brief(eta)}.`;
  },
});
