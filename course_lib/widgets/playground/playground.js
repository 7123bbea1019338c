// The playground: a network trained while you watch, by course_lib in the kernel or by net.js in the page.
import { curve } from "../shared/curve.js";
import { html } from "../shared/dom.js";
import { brief } from "../shared/numbers.js";
import { plane } from "../shared/plane.js";
import { select, stage } from "../shared/stage.js";
import { ramp, viridis } from "../shared/theme.js";
import { kernelEngine, pageEngine } from "./engines.js";
import { neurons } from "./neurons.js";
import { codeSection, histograms, race, rateFan, stateSection } from "./sections.js";
import { controlsFor, difference, parseState } from "./settings.js";

const KEPT = 6; // earlier runs that stay in the picture
const WHERE = select("where", { word: "trained", group: "training", options: [["python", "in Python"], ["page", "in this page"]] });
const PRESETS = [
  { name: "two moons, just right", values: {} },
  { name: "η too large", values: { eta: 5, optimizer: "SGD" } },
  { name: "all weights zero", values: { init: "zeros" } },
  { name: "rings, with the right features", values: { data: "circles", layers: "none", features: ["x1^2", "x2^2"], eta: 0.1 } },
  { name: "spirals, 64-64-64", values: { data: "spirals", layers: "64-64-64", noise: 0.05, eta: 0.005, n: 400, activation: "relu", init: "he_normal" } },
  { name: "noise learned by heart", values: { n: 60, noise: 0.4, layers: "32-32", eta: 0.01, test: 0.5, activation: "relu", init: "he_normal" } },
];

const engines = new WeakMap(); // one pair for each view, found by its feed
function engineFor({ feed, data, values }) {
  if (!engines.has(feed)) engines.set(feed, { python: kernelEngine(feed), page: pageEngine(data) });
  return engines.get(feed)[values.where];
}

const settingsOf = (values, { schema }) => Object.fromEntries(schema.map(({ name }) => [name, values[name]]));

export default {
  render(context) {
    const { schema } = context.model.get("data");
    return stage({ ...spec, controls: [...controlsFor(schema), WHERE], restartOn: [...schema.map(({ name }) => name).filter((name) => name !== "eta"), "where"] }).render(context);
  },
};

const spec = {
  presets: ({ schema }) => PRESETS.map(({ name, values }) => ({ name, values: { ...Object.fromEntries(schema.map((setting) => [setting.name, setting.start])), ...values } })),
  unit: "epoch",
  stepsPerSecond: 60,

  async begin(scene) {
    const { values, data, run: old, put, note } = scene;
    const earlier = [...(old?.earlier ?? []), ...(old?.k >= 3 ? [{ values: old.values, loss: old.loss }] : [])].slice(-KEPT);
    const settings = settingsOf(values, data);
    try {
      const run = await engineFor(scene).begin(settings);
      return run && { ...run, values: settings, earlier, picked: null, frames: 0 };
    } catch (error) {
      if (values.where !== "python" || !/does not answer|no kernel/.test(error.message)) throw error;
      put({ where: "page" });
      note("Python does not answer, so the page trains by itself. Run this figure's cell to have Python back.");
      return null;
    }
  },

  // A frame while it plays: one epoch at speed 1, so that there is something to watch, more at higher speeds. One epoch when it is stepped.
  async step(scene) {
    const { run, values, playing, speed } = scene;
    if (!run) return;
    run.frames++;
    const due = (n, every) => !playing || (run.frames + n) % every === 0;
    const wants = (n) => [...(due(n, 3) ? ["units"] : []), ...(run.showHistograms && due(n, 6) ? ["histograms"] : [])];
    await engineFor(scene).advance(run, { epochs: playing ? Math.max(1, Math.round(speed)) : 1, seconds: 0.03, eta: values.eta, wants, playing });
    run.values = { ...run.values, eta: values.eta };
    return !run.problem;
  },

  title({ run, values }) {
    if (run?.problem) return `With η = ${brief(values.eta)} the run diverges: the loss is no longer a number`;
    if (!run?.k) return "A network that knows nothing yet: press Play";
    const lowest = Math.min(...run.testLoss);
    if (run.testLoss.length > 20 && run.testLoss.at(-1) > 1.25 * lowest) return "The loss on held-back points was lower before: it learns by heart";
    return run.loss.at(-1) < 0.1 ? "The border runs between the classes" : "The border moves to where the loss is smaller";
  },

  picture(scene) {
    const { data, put, note, redraw } = scene;
    const { schema, grid, map } = data;
    let now = null, latest = scene.values, ground = null, drawnBox = "", drawnPoints = null;
    const place = html("div", { class: "plane-place" });
    const caption = html("p", { class: "caption" });
    const net = neurons({ map, onPick: (unit) => ((now.picked = isOutput(now, unit) ? null : unit), redraw()) });
    const chart = curve({ x: { name: "epoch", low: 0 }, y: { name: "loss", low: 0 }, label: "Loss by epoch", height: 250 });
    const experiment = (name) => engineFor({ ...scene, values: latest }).experiment(name, settingsOf(latest, data));
    const spread = histograms({ onOpen: redraw });
    const code = codeSection({ note }), state = stateSection({ schema, put, note });
    const fan = rateFan({ experiment, note }), optimizers = race({ experiment, note });
    fromAddress();

    // A run that is not played any more has pictures on their way.
    function rest(run) {
      const engine = engineFor({ ...scene, values: { ...latest, where: run.engine } });
      if (engine.behind(run)) engine.catchUp(run).then(redraw, (error) => note(error.message));
    }

    // A page's address may carry a state:  …#playground?data=spirals
    function fromAddress() {
      if (!location.hash.startsWith("#playground?")) return;
      try {
        put(parseState(decodeURIComponent(location.hash), schema), "From the link");
      } catch (error) {
        note(error.message);
      }
    }

    function newPlane(run) {
      const [x0, x1, y0, y1] = run.box;
      ground = plane({ box: { x: [x0, x1], y: [y0, y1] }, label: "The plane: where the network says which class, and the points" });
      place.replaceChildren(ground.node);
      drawnPoints = null;
    }
    function drawPlane(run, options) {
      if (drawnBox !== String(run.box)) newPlane(run);
      drawnBox = String(run.box);
      if (run.picked) {
        const value = net.bytes(run, options, ...run.picked);
        ground.fieldFrom(Float32Array.from({ length: map * map }, (_, i) => value(i) / 255), map);
      } else ground.fieldFrom(run.field, grid);
      if (drawnPoints !== run.X) ground.dots([...points(run.X, run.y), ...points(run.X_test, run.y_test, true)]);
      drawnPoints = run.X;
      caption.textContent = run.picked ? `What unit ${run.picked[1] + 1} of layer ${run.picked[0]} says. Choose p to come back.` : "Filled: learned from. White: held back.";
    }
    function drawLosses(run) {
      const many = run.earlier.length;
      const series = run.earlier.map((each, i) => ({ points: line(each.loss), colour: viridis((i + 0.5) / many), faint: true, name: difference(each.values, run.values, schema) }));
      const highest = Math.max(1, ...[...run.earlier.map(({ loss }) => loss), run.loss, run.testLoss].flatMap((losses) => [losses[0] ?? 0, losses.at(-1) ?? 0]));
      chart.show([...series, { points: line(run.testLoss), name: "held back", dash: true }, { points: line(run.loss), name: "training", thick: true }], { ylim: [0, Math.min(5, Math.ceil(highest * 2) / 2)] });
    }

    const node = html("div", { class: "playground" },
      html("div", { class: "side-by-side" }, html("div", {}, place, caption), html("div", {}, net.node, chart.node)));
    const below = html("div", { class: "sections" }, spread.node, fan.node, optimizers.node, code.node, state.node);
    return {
      node,
      below,
      draw({ run, values, playing }) {
        latest = values;
        state.show(values);
        if (!run) return;
        if (!playing) rest(run);
        now = run;
        run.showHistograms = spread.open();
        const options = schema.find(({ name }) => name === "features").options.filter(([name]) => run.values.features.includes(name));
        drawPlane(run, options);
        net.show(run, options, run.picked ?? [run.sizes.length - 1, 0]);
        if (!playing || run.frames % 4 === 1) drawLosses(run); // a curve that grows needs no 40 pictures a second
        spread.show(run);
        code.show(run.values, run);
      },
    };
  },

  describe({ run }) {
    if (!run) return "Waiting for the first picture.";
    if (run.problem) return run.problem;
    const { X, y, X_test, y_test, k, loss, testLoss, sizes } = run;
    const size = `A network with ${sizes.join("-")} units sees ${y.length} points`;
    if (!k) return `${size} and ${y_test.length} are held back. It is not yet trained.`;
    const best = testLoss.indexOf(Math.min(...testLoss));
    const held = testLoss.length ? `, on held-back points ${brief(testLoss.at(-1))} (lowest ${brief(testLoss[best])} at epoch ${best + 1})` : "";
    return `Epoch ${k}: the loss is ${brief(loss.at(-1))}${held}. ${right(run, X, y)} of ${y.length} points lie on their side of the border${y_test.length ? `, and ${right(run, X_test, y_test)} of the ${y_test.length} held back` : ""}.`;
  },
};

// [epoch, loss] of a run's losses; what is known stays and the new is put behind it.
const known = new WeakMap();
function line(losses) {
  if (!known.has(losses)) known.set(losses, []);
  const list = known.get(losses);
  for (let k = list.length; k < losses.length; k++) list.push([k + 1, losses[k]]);
  return list;
}

const isOutput = (run, [layer]) => layer === run.sizes.length - 1;
const points = (X, y, hollow = false) => Array.from(y, (each, i) => ({ at: [X[2 * i], X[2 * i + 1]], y: each, hollow }));

// How many points lie where the field says their class.
function right({ field, box: [x0, x1, y0, y1] }, X, y) {
  const n = Math.round(Math.sqrt(field.length));
  const cell = (share) => Math.min(n - 1, Math.max(0, Math.floor(share * n)));
  return Array.from(y).filter((each, i) => field[cell((y1 - X[2 * i + 1]) / (y1 - y0)) * n + cell((X[2 * i] - x0) / (x1 - x0))] >= 0.5 === each > 0.5).length;
}
