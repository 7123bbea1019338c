// How small should a nudge be? On the left f near x, as wide as the nudge; on the right the error for every h.
// values: f (sigmoid, exp, square, relu), h, float32
import { html, select, slider, stage, toggle } from "../shared/stage.js";
import { curve } from "../shared/curve.js";
import { brief } from "../shared/numbers.js";
import { viridis } from "../shared/theme.js";
import { STEPS, errors, functions, nudged, rounding, valueAt } from "./slopes.js";

const FLOOR = 1e-16; // an error of exactly 0 stands at the bottom
const STEP = 10 ** (1 / 6); // of a key
const REACH = 2.4; // of the left picture, in h
const SAMPLES = 480;

export default stage({
  title: "Too large a nudge misses the bend, too small a nudge drowns in rounding",
  controls: [
    slider("h", { symbol: "h", word: "size of the nudge", low: 1e-16, high: 1, log: true, step: STEP }),
    select("f", { symbol: "f", word: "function", options: Object.entries(functions).map(([name, { words }]) => [name, words]) }),
    toggle("float32", { word: "float32: 7 digits instead of 16" }),
  ],
  picture({ put }) {
    const close = curve({ x: { name: "distance from x, in h", low: -REACH, high: REACH }, y: { name: "f(x + δ) − f(x), in h" }, height: 300, label: "f near x, with the two nudged slopes" });
    const far = curve({
      x: { name: "h", low: 1e-16, high: 1, log: true }, y: { name: "error of the slope", low: FLOOR, high: 10, log: true }, height: 300,
      label: "Error of the slope against h, both logarithmic", marker: { label: "h, size of the nudge", step: STEP, onMove: (h) => put({ h: Number(h.toPrecision(2)) }, `h = ${brief(h)}`) },
    });
    const digits = html("dl", { class: "digits" });
    return {
      node: html("div", { class: "nudge" }, close.node, far.node, digits),
      draw({ values: { f, h, float32 } }) {
        const each = functions[f], r = rounding(float32);
        const [one, two] = [viridis(0.7), viridis(0.3)];
        const here = valueAt(each, 0, r), { oneSided, central } = nudged(each, h, float32);
        const rise = (share) => (valueAt(each, share * h, r) - here) / h;
        const across = Array.from({ length: SAMPLES + 1 }, (_, i) => REACH * ((2 * i) / SAMPLES - 1));
        const down = rise(-1);
        close.show([
          { points: across.map((share) => [share, rise(share)]), name: "f", colour: "quiet" },
          { points: [[-0.4, -0.4 * oneSided], [1.4, 1.4 * oneSided]], name: "one-sided", colour: one, dash: true },
          { points: [[-1.4, down - 0.4 * central], [1.4, down + 2.4 * central]], name: "central", colour: two },
        ], { marks: [{ at: [0, 0], colour: "ink" }, { at: [1, rise(1)], colour: "ink" }, { at: [-1, down], colour: "ink" }] });
        const all = STEPS.map((step) => ({ step, ...errors(each, step, float32) }));
        far.show([
          { points: all.map(({ step, oneSidedError }) => [step, Math.max(oneSidedError, FLOOR)]), name: "one-sided", colour: one, dash: true },
          { points: all.map(({ step, centralError }) => [step, Math.max(centralError, FLOOR)]), name: "central", colour: two, thick: true },
        ], { marker: h });
        const now = errors(each, h, float32);
        digits.replaceChildren(
          ...line("exact slope", now.exact, now.exact, ""),
          ...line("one-sided", now.oneSided, now.exact, `error ${brief(now.oneSidedError)}`),
          ...line("central", now.central, now.exact, `error ${brief(now.centralError)}`),
        );
      },
    };
  },
  describe({ values: { f, h, float32 } }) {
    const each = functions[f], now = errors(each, h, float32);
    const best = STEPS.map((step) => [errors(each, step, float32).centralError, step]).reduce((a, b) => (b[0] < a[0] ? b : a));
    const side = h > 3 * best[1] ? `The nudge is large: what is wrong is the ${each.bend ?? "bend"} of f between the points` : h < best[1] / 3 ? "The nudge is small: what is wrong is rounding, divided by h" : "Here neither error is large";
    return `${each.words}, h = ${brief(h)}, ${float32 ? "float32" : "float64"}: the one-sided slope is wrong by ${brief(now.oneSidedError)}, the central one by ${brief(now.centralError)}. ${side}.`;
  },
});

// A slope with the digits that agree with the exact one in one colour, and the rest in another.
function line(name, value, exact, error) {
  const [text, right] = [value, exact].map((each) => each.toFixed(14).replace("-", "−"));
  let same = 0;
  while (same < text.length && text[same] === right[same]) same++;
  return [
    html("dt", {}, name),
    html("dd", {}, html("span", { class: "same" }, text.slice(0, same)), html("span", { class: "other" }, text.slice(same))),
    html("dd", { class: "error" }, error),
  ];
}
