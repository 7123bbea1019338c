// Nine questions, and which lectures you can already follow.
import { html, uniqueId } from "../shared/dom.js";
import { inWords } from "../shared/numbers.js";
import { stage } from "../shared/stage.js";
import { setText } from "../shared/table.js";
import { QUESTIONS, ready } from "./ready.js";

const score = (answers) => QUESTIONS.filter(({ right }, i) => answers[i] === right).length;
const given = (answers) => answers.filter((answer) => answer !== null).length;

export default stage({
  title: ({ values: { answers } }) => {
    const open = ready(answers).filter(({ missing }) => !missing.length).length;
    return given(answers) < QUESTIONS.length ? "Nine questions: which lectures can you already follow?" : open === ready(answers).length ? "You can follow every lecture" : `You can already follow ${inWords(open)} of the twelve parts`;
  },
  controls: [],
  picture({ put }) {
    let answers = [];
    const forms = QUESTIONS.map(({ ask, options, where }, i) => {
      const name = uniqueId("question");
      const boxes = options.map((option) => {
        const box = html("input", { type: "radio", name, value: option });
        box.addEventListener("change", () => put({ answers: (answers = answers.map((each, j) => (j === i ? option : each))) }, `Question ${i + 1} is answered`));
        return { box, node: html("label", {}, box, ` ${option}`) };
      });
      const reply = html("p", { class: "reply" });
      return { boxes, reply, where, node: html("fieldset", { class: "asked" }, html("legend", {}, `${i + 1}. ${ask}`), html("div", { class: "options" }, boxes.map(({ node }) => node)), reply) };
    });
    const list = html("ul", { class: "lectures" });
    function draw({ values }) {
      answers = values.answers;
      forms.forEach(({ boxes, reply, where }, i) => {
        boxes.forEach(({ box }) => (box.checked = box.value === answers[i]));
        const right = answers[i] === QUESTIONS[i].right;
        setText(reply, answers[i] === null ? "" : right ? "✓ right" : `✗ not yet: read “${where}”`);
        reply.className = `reply ${answers[i] === null ? "" : right ? "good" : "wrong"}`;
      });
      list.replaceChildren(...ready(answers).map(({ name, missing }) => html("li", { class: missing.length ? "" : "open" }, html("b", {}, `${missing.length ? "○" : "✓"} ${name}`), missing.length ? html("span", {}, ` after ${missing.map((each) => `“${each}”`).join(", ")}`) : "")));
    }
    return { node: html("div", { class: "selftest" }, html("div", {}, forms.map(({ node }) => node)), html("div", {}, html("h4", {}, "What you can follow"), list)), draw };
  },
  describe({ values: { answers } }) {
    const open = ready(answers).filter(({ missing }) => !missing.length).map(({ name }) => name.split(" ")[0]);
    return `${inWords(given(answers))[0].toUpperCase()}${inWords(given(answers)).slice(1)} of nine questions are answered, ${inWords(score(answers))} rightly. You can follow ${open.length ? open.join(", ") : "no lecture yet"}.`;
  },
});
