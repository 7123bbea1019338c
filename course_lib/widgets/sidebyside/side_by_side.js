// The same training run in two libraries, line by line: choose a line, and its partner lights up. Play walks through a
// run: the lines of the loop one by one, a point of each loss curve at the end of every step.
import { curve } from "../shared/curve.js";
import { html, slider, stage } from "../shared/stage.js";

const OURS = "class0", THEIRS = "class1";

const loopOf = ({ pairs }) => pairs.map((_, i) => i).filter((i) => (pairs[i].ours || pairs[i].theirs).startsWith("        "));

export function apart(ours, theirs, k) {
  let most = 0;
  for (let i = 0; i < k; i++) most = Math.max(most, Math.abs(ours[i] - theirs[i]) / Math.abs(theirs[i]));
  return most;
}
const loss = (value) => value.toFixed(7);

export default stage({
  title: "Two libraries, line by line, and one loss curve",
  controls: [slider("k", { symbol: "k", word: "training steps done", low: 0, high: 54, step: 1, whole: true })],
  presets: ({ pairs }) => [
    { name: "the first line", values: { line: 0, k: 0 } },
    { name: "the way back", values: { line: pairs.findIndex(({ name }) => name === "backward"), k: 0 } },
    { name: "trained", values: { line: pairs.findIndex(({ name }) => name === "keep"), k: 54 } },
  ],
  stepsPerSecond: 5,
  unit: "lines walked:",
  begin: () => ({}),
  step({ data, values, put }) {
    const loop = loopOf(data), last = loop.at(-1);
    if (values.k >= data.ours.length) return false;
    if (values.line === last) put({ line: loop[0] }, "The next minibatch");
    else put({ line: values.line + 1, k: values.line + 1 === last ? values.k + 1 : values.k }, "One line on");
    return !(values.line + 1 === last && values.k + 1 >= data.ours.length);
  },
  picture({ data, put }) {
    const chart = curve({ x: { name: "training step", low: 0, high: data.ours.length }, y: { name: "loss", low: 0, high: 2.5 }, height: 220, label: "The loss of each training step, ours and PyTorch's" });
    const rows = data.pairs.map(({ name, ours, theirs }, i) => {
      const cell = (code, whose) => html("span", { class: `code ${whose}` }, html("span", { class: "hidden-words" }, `${whose === "ours" ? "ours" : "PyTorch"}: `), code ? html("code", {}, code) : html("em", {}, "nothing to do"));
      return html("button", { type: "button", class: "pair-row", onclick: () => put({ line: i }, `Line ${i + 1}, ${name}`) }, cell(ours, "ours"), cell(theirs, "theirs"));
    });
    const list = html("div", { class: "pairs", role: "group", "aria-label": "The lines of both programs, side by side" }, html("p", { class: "heads" }, html("b", {}, "course_lib"), html("b", {}, "PyTorch")), rows);
    list.addEventListener("keydown", (event) => {
      const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const at = rows.indexOf(event.target);
      if (!way || at < 0) return;
      event.preventDefault();
      const next = Math.min(rows.length - 1, Math.max(0, at + way));
      rows[next].focus();
      put({ line: next }, `Line ${next + 1}, ${data.pairs[next].name}`);
    });
    const says = html("p", { class: "says" });
    const read = html("p", { class: "reading" });
    return {
      node: html("div", {}, list, says, read, chart.node),
      draw({ values: { line, k } }) {
        rows.forEach((row, i) => row.setAttribute("aria-pressed", i === line ? "true" : "false"));
        says.textContent = data.pairs[line].says;
        const points = (losses) => losses.slice(0, k).map((value, i) => [i + 1, value]);
        chart.show(
          [
            { points: points(data.ours), name: "ours", colour: OURS, thick: true },
            { points: points(data.theirs), name: data.how, colour: THEIRS, dash: "2 6", thick: true },
          ],
          { xlim: [0, data.ours.length], ylim: [0, 2.5] },
        );
        const parts = k ? [`step ${k}`, `ours ${loss(data.ours[k - 1])}`, `PyTorch ${loss(data.theirs[k - 1])}`, `apart so far at most ${apart(data.ours, data.theirs, k).toExponential(0)} of the loss`] : ["no step done yet"];
        read.replaceChildren(...parts.map((words) => html("span", {}, words)));
      },
    };
  },
  describe({ data, values: { line, k } }) {
    const { ours, theirs } = data.pairs[line];
    const curves = k ? `After ${k} of ${data.ours.length} steps the losses are ${loss(data.ours[k - 1])} and ${loss(data.theirs[k - 1])}.` : `No step is done yet.`;
    return `Line ${line + 1}: ours ${ours.trim() || "has nothing to do"}; PyTorch ${theirs.trim() || "has nothing to do"}. ${curves} PyTorch's numbers: ${data.origin}.`;
  },
});
