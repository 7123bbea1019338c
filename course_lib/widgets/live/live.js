// A run of fit, seen while it goes on. Python sets `curves` and `progress`; the page sets `stop_asked`.
import { unpacked } from "../shared/arrays.js";
import { button } from "../shared/controls.js";
import { curve } from "../shared/curve.js";
import { liveDescription } from "../shared/describe.js";
import { html } from "../shared/dom.js";
import { keepPlainKeys } from "../shared/keys.js";
import { tell } from "../shared/sync.js";
import { setText } from "../shared/table.js";
import { followTheme } from "../shared/theme.js";
import { duration, linesOf, marksOf, titleOf, wordsFor } from "./words.js";

function render({ model, el }) {
  const title = html("h3", { class: "title" });
  const bar = html("progress", { "aria-label": "Epochs made" });
  const count = html("output", { class: "count" });
  const stop = button("Stop", () => {
    tell(model, { stop_asked: true });
    stop.disabled = true;
  });
  const loss = curve({ x: { name: "epoch" }, y: { name: "loss" }, label: "Loss over the epochs", height: 260 });
  const right = curve({ x: { name: "epoch" }, y: { name: "share right", low: 0, high: 1 }, label: "Share of the validation data that is right, over the epochs", height: 260 });
  const pictures = html("div", { class: "side-by-side" }, loss.node, right.node);
  const description = liveDescription({ delay: 800 });
  const figure = html("section", { class: "course-figure stage" },
    title, html("div", { class: "player" }, bar, count, stop), html("div", { class: "picture" }, pictures), description.node);

  let waiting = null;
  const changed = () => (waiting ??= requestAnimationFrame(() => ((waiting = null), draw())));

  function draw() {
    const progress = model.get("progress") ?? {}, curves = unpacked(model.get("curves") ?? {});
    const over = progress.state !== "running";
    setText(title, model.get("title") || titleOf(progress, curves));
    bar.max = progress.epochs || 1;
    bar.value = progress.epoch ?? 0;
    setText(count, `epoch ${progress.epoch ?? 0} of ${progress.epochs ?? 0}${over ? `, ${duration(progress.seconds)}` : progress.left ? `, ${duration(progress.left)} left` : ""}`, { still: true });
    stop.hidden = over;
    loss.show(linesOf(curves, ["loss", "validation_loss"]), { marks: marksOf(progress, curves), xlim: [1, Math.max(2, progress.epoch ?? 2)] });
    right.node.hidden = !curves.validation_accuracy;
    if (curves.validation_accuracy) right.show(linesOf(curves, ["validation_accuracy"]), { xlim: [1, Math.max(2, progress.epoch ?? 2)], ylim: [0, 1] });
    description.node.setAttribute("aria-live", over ? "polite" : "off");
    description.say(wordsFor(progress, curves), { now: !over });
  }

  const watched = ["change:progress", "change:curves"];
  const leave = [followTheme(figure, changed), keepPlainKeys(figure), description.stop];
  for (const event of watched) model.on(event, changed);
  el.append(figure);
  draw();
  return () => {
    for (const event of watched) model.off(event, changed);
    cancelAnimationFrame(waiting);
    for (const end of leave) end();
  };
}

export default { render };
