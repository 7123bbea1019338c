// Five rules from one start, on one loss. All is known as soon as a value changes; Play walks along the paths.
import { html, select, slider, stage, toggle } from "../shared/stage.js";
import { curve } from "../shared/curve.js";
import { brief } from "../shared/numbers.js";
import { plane } from "../shared/plane.js";
import { onGround, onPaper } from "./colours.js";
import { RULES, pathOf } from "./rules.js";
import { paintLandscape } from "./landscape.js";
import { SURFACES } from "./surfaces.js";

const STEPS = 100, CLOSE = 0.01;
const HUES = { gd: "grey", momentum: "blue", adagrad: "pink", rmsprop: "green", adam: "orange" };
const DASHES = { gd: null, momentum: null, adagrad: "2 4", rmsprop: "9 5", adam: "12 3 2 3" };
const NAMES = Object.keys(RULES);
const RATES = Array.from({ length: 25 }, (_, i) => 0.001 * 10 ** (i / 6)); // .001 to 10

const capital = (words) => words[0].toUpperCase() + words.slice(1);

// The rate with which a rule is lowest after all its steps.
function bestEta(rule, surface, start, beta) {
  const ends = RATES.map((eta) => {
    const path = pathOf(rule, surface.gradient, start, { eta, beta, steps: STEPS });
    return path.length > STEPS ? surface.value(path[STEPS]) : Infinity;
  });
  return RATES[ends.indexOf(Math.min(...ends))];
}

// Each rule's rate, path and losses above the lowest.
function raced({ surface: name, eta, beta, own, x, y }) {
  const surface = SURFACES[name];
  const start = [x, y];
  return NAMES.map((rule) => {
    const rate = own ? bestEta(rule, surface, start, beta) : eta;
    const path = pathOf(rule, surface.gradient, start, { eta: rate, beta, steps: STEPS });
    const losses = path.map((theta) => Math.max(surface.value(theta) - surface.lowest, 0));
    const late = losses.findLastIndex((loss) => loss >= CLOSE * losses[0]); // from the step after it the loss stays small
    const away = path.length <= STEPS;
    return { rule, rate, path, losses, away, there: away || late >= STEPS ? null : late + 1 };
  });
}

// The same values, the same race: it is run once, and looked at many times.
let last = { key: null, race: null };
function race(values) {
  const key = JSON.stringify([values.surface, values.eta, values.beta, values.own, values.x, values.y]);
  if (last.key !== key) last = { key, race: raced(values) };
  return last.race;
}

export default stage({
  title({ values }) {
    const all = race(values), gd = all[0];
    const first = all.filter(({ there }) => there !== null).sort((a, c) => a.there - c.there)[0];
    const descent = gd.away ? "gradient descent flies off" : gd.there === null ? `gradient descent not within ${STEPS} steps` : `gradient descent after ${gd.there} steps`;
    if (!first) return `None of the five gets there within ${STEPS} steps`;
    return `${capital(RULES[first.rule].word)} gets there first, after ${first.there} steps${first === gd ? "" : `; ${descent}`}`;
  },
  controls: [
    select("surface", { word: "loss", options: Object.entries(SURFACES).map(([value, { name }]) => [value, name]) }),
    select("rule", { word: "look at", options: NAMES.map((rule) => [rule, RULES[rule].word]) }),
    slider("eta", { symbol: "η", word: "learning rate", low: 0.001, high: 10, log: true, step: 1.1, when: ({ own }) => !own }),
    slider("beta", { symbol: "β", word: "memory", low: 0, high: 0.99, step: 0.01 }),
    toggle("own", { word: "each its own best η" }),
  ],
  presets: [
    { name: "ravine", values: { surface: "ravine", eta: 0.1, beta: 0.9, own: false, x: -4, y: 1.5 } },
    { name: "ravine, η above 2/λmax", values: { surface: "ravine", eta: 0.25, beta: 0.9, own: false, x: -4, y: 1.5 } },
    { name: "ravine, turned", values: { surface: "turned", eta: 0.1, beta: 0.9, own: false, x: -4, y: -2 } },
    { name: "saddle, almost on the ridge", values: { surface: "saddle", eta: 0.05, beta: 0.9, own: false, x: -4, y: 0.001 } },
    { name: "bowl", values: { surface: "bowl", eta: 0.1, beta: 0.9, own: false, x: -4, y: 3 } },
  ],
  restartOn: ["surface", "eta", "beta", "own", "x", "y"],
  stepsPerSecond: 12,
  begin: () => ({ k: 0 }),
  step: ({ run }) => ++run.k < STEPS,

  picture({ put }) {
    const place = html("div");
    const caption = html("p", { class: "caption" });
    const chart = curve({ x: { name: "step k", low: 0, high: STEPS }, y: { name: "loss above the lowest", log: true }, label: "The loss of each rule, by step", height: 400 });
    const node = html("div", { class: "side-by-side" }, html("div", {}, caption, place), html("div", {}, html("p", { class: "caption" }, "There: the loss is below 1 % of the first one, and stays so. Thick: the rule that you look at."), chart.node));
    let drawn = null, map, start;

    function groundOf(name) {
      drawn = name;
      const surface = SURFACES[name];
      map = plane({ box: surface.box, label: `${surface.sentence}, with the ways of five rules`, xName: "θ₁", yName: "θ₂" });
      paintLandscape(map, surface, { offset: 0.1, resolution: 56 });
      map.dots(surface.minima.map((at) => ({ at, y: 0, hollow: true })));
      start = map.handle({ at: [0, 0], label: "Move the start", onMove: ([x, y]) => put({ x, y }, `Start at (${brief(x)}, ${brief(y)})`) });
      caption.textContent = `Seen from above: ${surface.sentence}.`;
      place.replaceChildren(map.node);
    }
    function draw({ values, run }) {
      if (drawn !== values.surface) groundOf(values.surface);
      start.show([values.x, values.y]);
      const all = race(values), far = run.k || STEPS; // before the first step all is shown
      const inOrder = [...all.filter(({ rule }) => rule !== values.rule), ...all.filter(({ rule }) => rule === values.rule)];
      map.paths(inOrder.map(({ rule, path }) => ({ points: path.slice(0, far + 1), colour: onGround(HUES[rule]), thick: rule === values.rule, dots: rule === values.rule, name: rule === values.rule ? RULES[rule].word : "" })));
      const top = 10 ** Math.ceil(Math.log10(3 * all[0].losses[0]));
      chart.show(
        inOrder.map(({ rule, losses, rate }) => ({ points: losses.slice(0, far + 1).map((loss, k) => [k, Math.max(loss, 1e-12)]), name: values.own ? `${brief(Number(rate.toPrecision(2)))} ${RULES[rule].short ?? RULES[rule].word}` : `${RULES[rule].short ?? RULES[rule].word}\u00a0`, colour: onPaper(HUES[rule]), dash: DASHES[rule], thick: rule === values.rule })),
        { ylim: [1e-7 * top, top] },
      );
    }
    return { node, draw };
  },

  describe({ values, run }) {
    const all = race(values), one = all.find(({ rule }) => rule === values.rule);
    const k = Math.min(run.k || STEPS, one.path.length - 1);
    const where = `${capital(RULES[one.rule].word)} with η = ${brief(Number(one.rate.toPrecision(3)))} is at (${one.path[k].map((value) => brief(Number(value.toPrecision(3)))).join(", ")}) after ${k} steps, loss ${brief(Number(one.losses[k].toPrecision(3)))} above the lowest`;
    const arrived = all.filter(({ there }) => there !== null).sort((a, c) => a.there - c.there).map(({ rule, there }) => `${RULES[rule].word} ${there}`);
    const away = all.filter((each) => each.away).map(({ rule }) => RULES[rule].word);
    return `${where}. Below 1 % of the first loss, to stay, after: ${arrived.join(", ") || `none within ${STEPS}`}${away.length ? `; flown off: ${away.join(", ")}` : ""}.`;
  },
});
