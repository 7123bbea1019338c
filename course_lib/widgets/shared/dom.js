// Elements in one call:  html("p", { class: "note" }, "text", child).

const SVG = "http://www.w3.org/2000/svg";
let count = 0;

export const html = (name, attributes = {}, ...children) => fill(document.createElement(name), attributes, children);
export const svg = (name, attributes = {}, ...children) => fill(document.createElementNS(SVG, name), attributes, children);

export const uniqueId = (word) => `course-${word}-${Date.now().toString(36)}-${count++}`;

export const reducedMotion = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

export function set(node, attributes) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value === false || value === null || value === undefined) node.removeAttribute(key);
    else node.setAttribute(key, value === true ? "" : value);
  }
  return node;
}

// Text with `code` in back quotes; everything else stays text, so no sentence can smuggle in markup.
export function prose(text) {
  return String(text).split("`").map((part, i) => (i % 2 ? html("code", {}, part) : part));
}

function fill(node, attributes, children) {
  set(node, attributes);
  node.append(...children.flat().filter((child) => child || child === 0));
  return node;
}
