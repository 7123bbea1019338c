// One neuron on a plane: drag the line or the weights, and the table follows. Everything is computed here, in the page.
// The model holds X, y, w, b, title and start = { X, y, w, b, title }; Python sees every change of them.
import { html } from "../shared/dom.js";
import { button, choice, numberControl, tick } from "../shared/controls.js";
import { liveDescription } from "../shared/describe.js";
import { keepPlainKeys } from "../shared/keys.js";
import { draggableLine } from "../shared/line.js";
import { format, short } from "../shared/numbers.js";
import { boxAround, plane } from "../shared/plane.js";
import { tell } from "../shared/sync.js";
import { numberTable, setText } from "../shared/table.js";
import { followTheme, palette } from "../shared/theme.js";
import { sigmoid, table } from "./neuron.js";
import { presets } from "./presets.js";
import { describe, formula } from "./words.js";

const COLUMNS = [
  { key: "x1", head: "x₁", spoken: "x₁, first input", width: 9 },
  { key: "x2", head: "x₂", spoken: "x₂, second input", width: 9 },
  { key: "y", head: "y", spoken: "y, the right answer", width: 8 },
  { key: "h", head: "h", spoken: "h, weighted sum", width: 15 },
  { key: "p", head: "p", spoken: "p, probability of class 1", width: 13 },
  { key: "y_hat", head: "ŷ", spoken: "ŷ, prediction", width: 8 },
  { key: "loss", head: "(y − p)²", spoken: "squared error", width: 21 },
  { key: "right", head: "right?", spoken: "is the prediction right?", width: 17 },
];
const LABELLED = 12; // more points than this stay without their numbers in the picture

function render({ model, el }) {
  const state = () => Object.fromEntries(["X", "y", "w", "b"].map((name) => [name, model.get(name)]));
  let cause = "", decimals = 2, ours = false, drawnFor = null, picture, line, box;

  const title = html("h3", { class: "title" });
  const place = html("div", { class: "picture" });
  const sum = html("p", { class: "formula" });
  const numbers = numberTable({ caption: "The hand table, one row a point", columns: COLUMNS });
  const error = html("output", {}), score = html("output", {});
  const note = html("p", { class: "note", role: "status" });
  const description = liveDescription();

  const controls = [
    ["w₁", "weight of x₁", (value) => put({ w: [value, model.get("w")[1]] }, `w₁ = ${format(value)}`)],
    ["w₂", "weight of x₂", (value) => put({ w: [model.get("w")[0], value] }, `w₂ = ${format(value)}`)],
    ["b", "bias", (value) => put({ b: value }, `b = ${format(value)}`)],
  ].map(([symbol, word, onValue]) =>
    numberControl({ symbol, word, low: -4, high: 4, step: 0.1, onValue, onBad: (sentence) => (note.textContent = sentence) }),
  );
  const examples = choice({
    word: "start from",
    options: presets(model.get("start")).map(({ name }, i) => [i, name]),
    onChoice: (i) => begin(presets(model.get("start"))[i], "A new start"),
  });
  const reset = button("Reset", () => {
    examples.show(0);
    begin(model.get("start"), "Back at the start");
  });
  const more = tick("more decimals", (on) => {
    decimals = on ? 5 : 2;
    update({ silent: true });
  });

  const figure = html(
    "section",
    { class: "course-figure" },
    title,
    html("div", { class: "scene" }, place, html("div", { class: "numbers" },
      sum,
      html("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "The hand table" }, numbers.node),
      html("p", { class: "totals" }, html("span", {}, "mean squared error ", error), html("span", {}, "right ", score), more))),
    html("div", { class: "controls", role: "group", "aria-label": "Controls" }, controls.map(({ node }) => node), examples.node, reset),
    description.node,
    note,
  );

  // Change some of the model; what just happened is said first in the description.
  function put(changes, what) {
    cause = what;
    ours = true; // several values may change; draw once
    tell(model, changes);
    ours = false;
    update();
  }
  function begin({ X, y, w, b, title }, what) {
    note.textContent = "";
    put({ X, y, w, b, title }, what);
  }

  // A new plane, when the points are others.
  function draw(X) {
    drawnFor = JSON.stringify(X);
    box = boxAround(X);
    const range = ([low, high]) => `from ${short(low)} to ${short(high)}`;
    picture = plane({ box, label: `Plane of ${X.length} points, x₁ ${range(box.x)} across, x₂ ${range(box.y)} upwards, with the line where p is 0.5` });
    line = draggableLine(picture, { get: state, put: (next, how) => put(next, how === "turn" ? `w₁ = ${format(next.w[0])}, w₂ = ${format(next.w[1])}, b = ${format(next.b)}` : `b = ${format(next.b)}`) });
    place.replaceChildren(picture.node, key());
  }

  function update({ silent = false, first = false } = {}) {
    const { X, y, w, b } = state();
    if (drawnFor !== JSON.stringify(X)) draw(X);
    const result = table(X, y, w, b);
    const good = result.right.filter(Boolean).length;
    setText(title, model.get("title"));
    setText(sum, formula(w, b));
    picture.field((x1, x2) => sigmoid(w[0] * x1 + w[1] * x2 + b));
    picture.points(X.map((at, i) => ({ at, y: y[i], right: result.right[i], text: X.length <= LABELLED && `${format(result.p[i])} ${result.right[i] ? "✓" : "✗"}` })));
    line.redraw();
    numbers.show(X.map((x, i) => ({
      x1: short(x[0]), x2: short(x[1]), y: String(y[i]),
      h: format(result.h[i], decimals), p: format(result.p[i], decimals), y_hat: String(result.y_hat[i]), loss: { text: format(result.loss[i], decimals), bar: result.loss[i] },
      right: result.right[i] ? { text: "✓", mark: "good", spoken: "right" } : { text: "✗", mark: "wrong", spoken: "wrong" },
    })), { silent });
    setText(error, format(result.mse, decimals));
    setText(score, `${good} of ${y.length}`);
    [w[0], w[1], b].forEach((value, i) => controls[i].show(value));
    description.say(describe({ X, y, w, b, box, cause }, result), { now: first });
    cause = "";
  }

  // What the colours and shapes mean, beside the picture and not over it.
  function key() {
    const blend = html("span", { class: "blend", "aria-hidden": "true" });
    blend.style.background = `linear-gradient(to right, ${palette.class0}, ${palette.half}, ${palette.class1})`;
    return html("p", { class: "key" }, html("span", {}, "p: 0 ", blend, " 1"), html("span", {}, html("i", { class: "disc" }), "y = 0"), html("span", {}, html("i", { class: "square" }), "y = 1"), html("span", {}, html("i", { class: "ring" }), "wrong"));
  }

  const leave = [followTheme(figure), keepPlainKeys(figure), description.stop];
  update({ silent: true, first: true });
  el.append(figure);
  const onChange = () => ours || update();
  const watched = ["X", "y", "w", "b", "title"].map((name) => `change:${name}`);
  for (const event of watched) model.on(event, onChange);
  return () => {
    for (const event of watched) model.off(event, onChange);
    for (const end of leave) end();
  };
}

export default { render };
