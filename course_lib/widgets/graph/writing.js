// Writing into a drawing only what has changed: the browser lays out and paints no more than that.
import { reducedMotion } from "../shared/dom.js";

export const write = (text, words) => {
  if (text.textContent === words) return false;
  text.textContent = words;
  return true;
};

export const attribute = (node, name, value) => {
  const words = String(value);
  if (node.getAttribute(name) !== words) node.setAttribute(name, words);
};

export const sign = (node, value) => {
  const word = value === null || value === undefined ? "none" : value > 0 ? "positive" : value < 0 ? "negative" : "zero";
  if (node.dataset.sign !== word) node.dataset.sign = word;
};

export const wide = (node, pixels) => {
  const words = pixels.toFixed(2);
  if (node.style.getPropertyValue("--wide") !== words) node.style.setProperty("--wide", words);
};

// A box whose number has changed lights up once; one that is still lit is left alone.
const lit = new WeakMap();
export function light(frame) {
  if (reducedMotion() || lit.get(frame)?.playState === "running") return;
  lit.set(frame, frame.animate([{ fill: "var(--flash)" }, {}], { duration: 450, easing: "ease-out" }));
}
