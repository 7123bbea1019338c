// What the figure shows, in a sentence or two: always on the page, and spoken when it has stood still for a moment.
import { html } from "./dom.js";

export function liveDescription({ delay = 350 } = {}) {
  const node = html("p", { class: "description", role: "status", "aria-live": "polite", "aria-atomic": "true" });
  let waiting = null;
  function say(text, { now = false } = {}) {
    clearTimeout(waiting);
    if (now) node.textContent = text;
    else waiting = setTimeout(() => (node.textContent = text), delay);
  }
  return { node, say, stop: () => clearTimeout(waiting) };
}
