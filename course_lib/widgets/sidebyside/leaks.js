// A project's checklist, and what each broken point of it does to the accuracy that is reported and to the true one.
// All numbers were computed in Python, for every combination (course_lib/leaks.py).
import { html, stage, toggle } from "../shared/stage.js";

const LEAKS = ["twice", "columns", "later", "stop"];
const LIST = [
  ["Look for rows that stand in the table twice, before anything is split.", "twice"],
  ["Split. Lock the test rows away."],
  ["Choose columns and scale them with the training rows alone.", "columns"],
  ["Ask of every column: is it known on the day?", "later"],
  ["Begin with a baseline."],
  ["Search, and stop training, by validation rows.", "stop"],
  ["Open the test rows once. Report the number and how far it may be off."],
];
export const key = (values) => LEAKS.filter((leak) => values[leak]).join("+");
const percent = (share) => `${(100 * share).toFixed(0)} %`;

export default stage({
  title: ({ run }) => {
    const gap = run.reported - run.truth;
    return gap < 0.02 ? `Nothing leaks: reported ${percent(run.reported)}, true ${percent(run.truth)}` : `Reported ${percent(run.reported)}, true ${percent(run.truth)}: ${run.broken.length === 1 ? "one leak" : `${run.broken.length} leaks`} made up the difference`;
  },
  controls: [
    toggle("twice", { word: "patients in the table twice" }),
    toggle("columns", { word: "columns chosen on all rows" }),
    toggle("later", { word: "a column known only later" }),
    toggle("stop", { word: "stopped by the test rows" }),
  ],
  begin({ data, values }) {
    const [reported, truth] = data.results[key(values)];
    return { reported, truth, broken: LEAKS.filter((leak) => values[leak]) };
  },
  picture() {
    const bar = (name, kind) => {
      const fill = html("span", { class: `fill ${kind}` }), value = html("b", {});
      return { node: html("div", { class: "bar-row" }, html("span", { class: "bar-name" }, name), html("span", { class: "track" }, fill, html("span", { class: "coin" })), value), show: (share) => { fill.style.width = `${100 * share}%`; value.textContent = percent(share); } };
    };
    const reported = bar("reported", "reported"), truth = bar("true", "truth");
    const points = LIST.map(([words, leak]) => ({ leak, mark: html("span", { class: "mark", "aria-hidden": "true" }), spoken: html("span", { class: "hidden-words" }), words }));
    const list = html("ol", { class: "checklist" }, points.map(({ mark, spoken, words }) => html("li", {}, mark, html("span", {}, words, " ", spoken))));
    return {
      node: html("div", {}, html("div", { class: "bars", role: "img", "aria-label": "Two bars: the accuracy that is reported and the true one, with a line at one half" }, reported.node, truth.node, html("p", { class: "coin-name" }, "a coin: 50 %")), list),
      draw({ run }) {
        reported.show(run.reported);
        truth.show(run.truth);
        points.forEach(({ leak, mark, spoken }, i) => {
          const bad = run.broken.includes(leak);
          mark.textContent = bad ? "✗" : "✓";
          spoken.textContent = bad ? "(broken)" : "";
          list.children[i].className = bad ? "broken" : "kept";
        });
      },
    };
  },
  describe({ data, run }) {
    const what = run.broken.length ? `Broken: ${run.broken.map((leak) => data.words[leak]).join("; ")}.` : "Every point of the checklist is kept.";
    return `${what} The report says ${(100 * run.reported).toFixed(1)} % right on the test rows, and on new patients it is ${(100 * run.truth).toFixed(1)} %. Each number is a mean over ${data.replicas} small projects of 100 patients.`;
  },
});
