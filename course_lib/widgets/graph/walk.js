// A computation graph, one step at a time: the values forward, then ∂ℓ/∂ of each value backward. What is given moves.
// values: graph (which), at (steps taken), given (numbers of that graph), add_up      data: graphs (walk.py)
import { html, stage, toggle } from "../shared/stage.js";
import { graphDrawing } from "./drawing.js";
import { isResult, steps, walk } from "./tape.js";
import { describe, stepInWords } from "./words.js";

const here = (data, values) => data.graphs[values.graph];
const walked = (data, { graph, given, at, add_up: addUp }) => walk(data.graphs[graph].nodes, given, at, { addUp });

export default stage({
  title: ({ data, values }) => here(data, values).title,
  controls: [toggle("add_up", { word: "a second share is added, +=" })],
  presets: (data) => (data.graphs.length > 1 ? data.graphs.map(({ words, given }, graph) => ({ name: words, values: { graph, at: 0, given } })) : []),
  restartOn: ["at", "graph"],
  stepsPerSecond: 0.8,
  begin: ({ values }) => ({ k: values.at }),
  step({ data, values, run, put }) {
    const count = steps(here(data, values).nodes).length;
    if (values.at >= count) return false;
    run.k = values.at + 1;
    put({ at: run.k });
    return run.k < count;
  },
  picture({ data, put }) {
    let nodes = null, given = null;
    const drawing = graphDrawing({
      onGiven(place, value) {
        const k = nodes.slice(0, place).filter((each) => !isResult(each)).length;
        put({ given: given.map((old, i) => (i === k ? value : old)) }, `${nodes[place].name} = ${value}`);
      },
    });
    const scrubber = html("input", { type: "range", min: 0, step: 1, "aria-label": "steps of the walk", oninput: () => put({ at: Number(scrubber.value) }) });
    const count = html("output", {});
    const words = html("p", { class: "step-words" });
    const scrub = html("div", { class: "pair scrub", "data-sign": "zero" }, html("span", { "aria-hidden": "true" }, "forward"), scrubber, html("span", { "aria-hidden": "true" }, "back"), count);
    return {
      node: html("div", { class: "walk" }, drawing.node, words, scrub),
      draw({ data, values }) {
        ({ nodes } = here(data, values));
        ({ given } = values);
        const state = walked(data, values), all = steps(nodes);
        drawing.show({ nodes, ...state });
        words.textContent = state.last ? stepInWords(nodes, state.last, state, { addUp: values.add_up }) : "Press Step: the first box fills.";
        scrubber.max = all.length;
        scrubber.value = values.at;
        const share = (100 * Math.min(values.at, all.length)) / all.length;
        scrubber.style.setProperty("--from", "0%");
        scrubber.style.setProperty("--to", `${share}%`);
        scrubber.setAttribute("aria-valuetext", `${values.at} of ${all.length}`);
        count.textContent = `${Math.min(values.at, all.length)} of ${all.length}`;
      },
    };
  },
  describe({ data, values, cause }) {
    const { nodes } = here(data, values);
    return describe(nodes, values, walked(data, values), cause);
  },
});
