// The stage on which a moving figure stands: frame, title, picture, player, controls, live description, error line; the
// theme, the keys, the values that Python sees. A figure says what is its own (the list below) and nothing else.
//
//   title        the sentence that the figure proves, or ({ data, values, run }) => sentence
//   controls     [slider(…), select(…), toggle(…), number(…)], each with a `group` if they are many
//   presets      [{ name, values, title }] or (data) => such a list: starting points that say what they show
//   begin        ({ data, values, seed }) => run: a fresh run. The same arguments, the same run. It may return a promise.
//   step         ({ data, values, run, put }) => one step in place; false when done. It may return a promise. What it puts
//                is part of the run and does not begin it anew.
//   stepsPerSecond, seeded, restartOn
//   picture      ({ data, values, put, note }) => { node, draw({ data, values, run }), below (a node under the words), leave }
//   describe     ({ data, values, run, cause }) => one or two sentences
import { button, choice } from "./controls.js";
import { liveDescription } from "./describe.js";
import { html } from "./dom.js";
import { kernelFeed } from "./feed.js";
import { keepPlainKeys } from "./keys.js";
import { brief } from "./numbers.js";
import { player } from "./player.js";
import { number, select, settingFor, slider, toggle } from "./settings.js";
import { tell } from "./sync.js";
import { setText } from "./table.js";
import { followTheme } from "./theme.js";
import { unpacked } from "./arrays.js";

export { html, number, select, slider, toggle };

const STILL_NEWS = 2000; // ms for which what the reader did is mentioned while a run goes on
const SEED = number("seed", { word: "seed", low: 0, high: 99999, whole: true });

export const stage = (spec) => ({ render: ({ model, el }) => raise(spec, model, el) });

function raise(spec, model, el) {
  const data = unpacked(model.get("data") ?? {});
  const start = { ...(spec.seeded && { seed: 0 }), ...(model.get("start") ?? model.get("values")) };
  const feed = kernelFeed(model);
  let values = { ...start, ...model.get("values") };
  let shown = null, run = null, round = 0, ready = false, cause = "", ours = false, waiting = null, view = null, spoken = 0, happened = 0, steps = 0, stepping = false;

  // ---- the page

  const title = html("h3", { class: "title" });
  const place = html("div", { class: "picture" });
  const noteLine = html("p", { class: "note", role: "status" });
  const description = liveDescription();
  const count = html("output", { class: "count", "aria-label": "steps" });
  const note = (sentence = "") => (noteLine.textContent = sentence);

  const declared = [...(spec.controls ?? []), ...(spec.seeded ? [SEED] : [])];
  const settings = declared.map((each) => ({
    ...each,
    ...settingFor(each, data, {
      onValue: (value, words) => put({ [each.name]: value }, `${each.symbol ?? each.word} = ${words ?? (typeof value === "number" ? brief(value) : value ? "on" : "off")}`),
      onBad: note,
    }),
  }));
  const presets = (typeof spec.presets === "function" ? spec.presets(data) : spec.presets) ?? [];
  const starts = presets.some((preset) => holds(start, preset.values)) ? presets : presets.length ? [{ name: "as it began", values: {} }, ...presets] : [];
  const first = starts.findIndex((preset) => holds(start, preset.values));
  const examples = starts.length > 1 && choice({ word: "start from", options: starts.map(({ name }, i) => [i, name]), onChoice: (i) => startFrom(i) });
  const drive = spec.step && player({ step, changed, failed: (error) => trouble("This step", error), stepsPerSecond: spec.stepsPerSecond });
  const reset = button("Reset", () => startFrom(Math.max(first, 0), "Back at the start"));
  if (drive) drive.node.append(reset, count);

  const figure = html(
    "section",
    { class: "course-figure stage" },
    title,
    place,
    drive?.node,
    html("div", { class: "controls", role: "group", "aria-label": "Controls" }, inGroups(settings), examples?.node, drive ? null : reset),
    description.node,
    noteLine,
  );
  if (!settings.length && !examples && drive) figure.querySelector(".controls").remove();
  figure.addEventListener("keydown", drawnByNow, true);

  // ---- values and runs

  const scene = () => ({ data, values, run, seed: values.seed ?? 0, cause, feed, put, note, playing: Boolean(drive?.playing()), speed: drive?.speed() ?? 1 });

  // Change some values; `what` just happened is said first in the description.
  function put(changes, what = "") {
    const before = values;
    values = { ...values, ...changes };
    note();
    cause = what;
    happened = performance.now();
    afterChange(before); // a new start asks the kernel first: the picture waits for it, the stored values do not
    ours = true;
    tell(model, { values });
    ours = false;
  }
  function afterChange(before) {
    const anew = spec.step ? ["seed", ...(spec.restartOn ?? [])] : Object.keys(values); // what a figure without steps shows, it works out again
    if (!stepping && anew.some((name) => JSON.stringify(values[name]) !== JSON.stringify(before[name]))) restart();
    changed();
  }
  function startFrom(i, what = "A new start") {
    drive?.pause();
    if (examples) examples.show(i);
    put({ ...start, ...starts[i]?.values }, what);
    if (spec.step) restart();
    changed();
  }

  function restart() {
    const mine = ++round;
    drive?.begin();
    ready = !spec.begin;
    if (ready) return;
    const begun = (fresh) => {
      if (mine !== round) return;
      run = fresh;
      steps = 0;
      ready = true;
      changed();
    };
    const broke = (error) => mine === round && trouble("This start", error);
    try {
      const fresh = spec.begin(scene());
      if (typeof fresh?.then === "function") fresh.then(begun, broke);
      else begun(fresh);
    } catch (error) {
      broke(error);
    }
  }

  function step() {
    if (!ready) return;
    if (performance.now() - happened > STILL_NEWS) cause = "";
    stepping = true; // what a step puts is part of the run
    let more;
    try {
      more = spec.step(scene());
    } finally {
      stepping = false;
    }
    if (typeof more?.then !== "function") steps++;
    else return more.then((answer) => (steps++, answer));
    return more;
  }

  // ---- drawing, at most once a frame

  function changed() {
    waiting ??= requestAnimationFrame(() => {
      waiting = null;
      draw();
    });
  }
  // A key steps on from what is drawn. Of two keys within one frame, the second steps on from the first.
  function drawnByNow() {
    if (waiting === null) return;
    cancelAnimationFrame(waiting);
    waiting = null;
    draw();
  }
  function draw({ now = false } = {}) {
    if (values !== shown) for (const { name, show, enable, when } of settings) {
      show(values[name]);
      if (when) enable(Boolean(when(values)));
    }
    shown = values;
    if (!ready) return;
    try {
      const sentence = typeof spec.title === "function" ? spec.title(scene()) : spec.title;
      setText(title, model.get("title") || sentence);
      if (drive) setText(count, `${spec.unit ?? "step"} ${run?.k ?? steps}`, { still: true });
      view.draw(scene());
      speak(now);
    } catch (error) {
      drive?.pause();
      trouble("The picture", error);
    }
  }
  // While it plays, the words follow twice a second and nobody reads them out; when it rests, they are spoken.
  function speak(now) {
    const playing = Boolean(drive?.playing());
    description.node.setAttribute("aria-live", playing ? "off" : "polite");
    if (playing && performance.now() - spoken < 500) return;
    spoken = performance.now();
    const said = spec.describe(scene());
    description.say(cause && !said.startsWith(cause) ? `${cause}. ${said}` : said, { now: now || playing });
  }
  function trouble(what, error) {
    console.error(error);
    const words = String(error?.message ?? error);
    note(/[.!?]$/.test(words) ? words : `${what} could not be worked out (${words}). Change a value, or press Reset.`);
  }

  // ---- beginning and end

  el.append(figure);
  const leave = [followTheme(figure, changed), keepPlainKeys(figure), description.stop, feed.close];
  try {
    view = spec.picture({ ...scene(), redraw: changed });
    place.append(view.node);
    if (view.below) figure.append(view.below);
    if (examples) examples.show(Math.max(first, 0));
    restart();
    draw({ now: true });
  } catch (error) {
    trouble("The picture", error);
  }

  const onValues = () => {
    if (ours) return;
    const before = values;
    values = { ...values, ...model.get("values") };
    cause = "Set from Python";
    afterChange(before);
  };
  model.on("change:values", onValues);
  return () => {
    model.off("change:values", onValues);
    cancelAnimationFrame(waiting);
    round++;
    ready = false;
    drive?.leave();
    view?.leave?.();
    for (const end of leave) end();
  };
}

// Controls with a `group` stand in a box of its name, the others by themselves.
function inGroups(settings) {
  const boxes = {};
  for (const { node, group } of settings) {
    if (!group) continue;
    boxes[group] ??= html("fieldset", {}, html("legend", {}, group));
    boxes[group].append(node);
  }
  return [...new Set(settings.map(({ node, group }) => boxes[group] ?? node))];
}

const holds = (values, some = {}) => Object.entries(some).every(([name, value]) => JSON.stringify(values[name]) === JSON.stringify(value));
