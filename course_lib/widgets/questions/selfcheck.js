// A question to oneself: an answer that is judged at once, hints one at a time, a worked solution to fold out.
import { html, prose, set, uniqueId } from "../shared/dom.js";
import { keepPlainKeys } from "../shared/keys.js";
import { tell } from "../shared/sync.js";
import { followTheme } from "../shared/theme.js";
import { button } from "../shared/controls.js";
import { close, read } from "./answers.js";

function render({ model, el }) {
  const choices = model.get("choices"); // [[words, reply], …], or [] where a number is asked for
  const hints = model.get("hints");
  const id = uniqueId("check");
  const box = html("section", { class: "course-figure question" });
  const leave = [followTheme(box), keepPlainKeys(box)];

  const question = prose(model.get("question"));
  const number = html("input", { id, type: "text", inputmode: "decimal", autocomplete: "off", size: 8 });
  number.style.width = "auto";
  const radios = choices.map(([words], i) =>
    html("label", {}, html("input", { type: "radio", name: id, value: i }), html("span", {}, ...prose(words))));
  const asked = choices.length
    ? html("fieldset", { class: "choices" }, html("legend", { class: "asked" }, ...question), radios)
    : html("label", { class: "asked", for: id, style: "display: block" }, ...question);
  const reply = html("p", { class: "reply", role: "status" });
  const list = html("ol", { "aria-label": "Hints", "aria-live": "polite" });

  const check = button("Check", () => {
    const { problem, right, words } = judge();
    set(reply, { class: `reply ${problem ? "" : right ? "good" : "wrong"}` });
    reply.replaceChildren(...prose(problem ?? `${right ? "✓ Right." : "✗ Not yet."} ${words}`));
    if (!problem) tell(model, { attempts: model.get("attempts") + 1, solved: model.get("solved") || right });
  });
  const hint = button("", () => {
    list.append(html("li", {}, ...prose(hints[list.children.length])));
    tell(model, { hints_opened: list.children.length });
    nameHint();
  });
  function nameHint() {
    const opened = list.children.length;
    hint.textContent = opened < hints.length ? `Hint ${opened + 1} of ${hints.length}` : "No more hints";
    hint.disabled = opened === hints.length;
  }
  function judge() {
    const answer = model.get("answer");
    if (choices.length) {
      const chosen = box.querySelector("input:checked");
      if (!chosen) return { problem: "Choose one first." };
      return { right: Number(chosen.value) === answer, words: choices[chosen.value][1] };
    }
    const { value, problem } = read(number.value, { kind: "float" });
    set(number, { "aria-invalid": problem ? "true" : "false" });
    if (problem) return { problem };
    const right = close(value, answer, model.get("tolerance"));
    return { right, words: right ? "" : "Try again, or take a hint." };
  }
  number.addEventListener("keydown", (event) => event.key === "Enter" && check.click());
  nameHint();

  const steps = model.get("solution").split("\n\n").map((step) => html("p", {}, ...prose(step)));
  box.append(asked, html("div", { class: "answer" }, choices.length ? null : number, check, hint), reply, list,
    html("details", {}, html("summary", {}, "Worked solution"), steps));
  el.append(box);
  return () => leave.forEach((end) => end());
}

export default { render };
