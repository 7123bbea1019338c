// "Predict first": the question, and further down (part = "outcome") the guess beside what happened.
import { html, prose, set, uniqueId } from "../shared/dom.js";
import { keepPlainKeys } from "../shared/keys.js";
import { tell } from "../shared/sync.js";
import { followTheme } from "../shared/theme.js";
import { button } from "../shared/controls.js";
import { compare, read } from "./answers.js";
import { keep, onGuess, recall } from "./memory.js";

function render({ model, el }) {
  const name = model.get("name");
  const box = html("section", { class: "course-figure question" });
  const leave = [followTheme(box), keepPlainKeys(box)];
  const show = (model.get("part") === "ask" ? ask : outcome)(model, box, name);
  const tellGuess = () => tell(model, { guess: recall(name)?.text ?? null });
  show();
  tellGuess();
  const leaveGuess = onGuess(name, () => (show(), tellGuess()));
  model.on("change:actual", show);
  el.append(box);
  return () => {
    for (const end of leave) end();
    leaveGuess();
    model.off("change:actual", show);
  };
}

function ask(model, box, name) {
  const [kind, choices, low, high] = ["kind", "choices", "low", "high"].map((trait) => model.get(trait));
  const id = uniqueId("guess");
  const field = kind === "choice"
    ? html("select", { id }, html("option", { value: "" }, "choose"), choices.map((words) => html("option", { value: words }, words)))
    : html("input", { id, type: "text", autocomplete: "off", inputmode: kind === "text" ? "text" : "decimal", size: kind === "text" ? 30 : 8 });
  field.style.width = "auto";
  const reply = html("p", { class: "reply", role: "status" });
  const write = button("Write it down", () => {
    const { problem } = read(field.value, { kind, low, high });
    set(field, { "aria-invalid": problem ? "true" : "false" });
    if (problem) reply.textContent = problem;
    else keep(name, { text: field.value.trim() });
  });
  const skip = button("Skip", () => keep(name, { skipped: true }));
  field.addEventListener("keydown", (event) => event.key === "Enter" && write.click());
  box.append(
    html("label", { class: "asked", for: id, style: "display: block" }, "Predict first. ", ...prose(model.get("question"))),
    html("div", { class: "answer" }, field, write, skip),
    reply,
  );
  return () => {
    const guess = recall(name);
    write.textContent = guess?.text ? "Change it" : "Write it down";
    if (guess?.text) field.value = guess.text;
    set(field, { "aria-invalid": "false" });
    reply.textContent = guess?.text
      ? `You wrote ${guess.text}. It is kept, and waits beside the answer further down.`
      : guess?.skipped ? "Skipped. You can still write a guess." : "";
  };
}

function outcome(model, box, name) {
  const said = html("p", { class: "asked", role: "status" });
  const because = html("p");
  const anyway = button("Show me without a guess", () => keep(name, { skipped: true }));
  box.append(html("p", {}, "You were asked: ", ...prose(model.get("question"))), said, because, anyway);
  return () => {
    const guess = recall(name);
    said.textContent = guess ? compare(guess, model.get("actual"), model.get("kind")) : "Write your guess above first. Then it stands here, beside the answer.";
    because.replaceChildren(...(guess ? prose(model.get("because")) : []));
    anyway.hidden = Boolean(guess);
  };
}

export default { render };
