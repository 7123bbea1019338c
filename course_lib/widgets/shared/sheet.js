// A drawing as wide as its place and as tall as it says, in the page's own pixels: letters keep their size on every screen.
//   draw(width)   is called when the width changes
import { html, svg } from "./dom.js";

export function sheet({ label, height, draw, role = "img", kind }) {
  const drawing = svg("svg", { role, "aria-label": label, height, width: "100%" });
  const node = html("div", { class: `sheet ${kind}` }, drawing);
  node.style.height = `${height}px`;
  let width = 0;
  const measure = () => {
    const now = Math.round(node.clientWidth);
    if (!now || now === width) return;
    width = now;
    drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
    draw(width);
  };
  new ResizeObserver(measure).observe(node);
  return { node, drawing, width: () => width, measure };
}

// The palette's names and every CSS colour:  colour("loss"), colour("#0072B2")
const NAMES = ["ink", "quiet", "rule", "border", "good", "wrong", "positive", "negative", "zero", "loss", "class0", "class1", "focus"];
export const colour = (name = "loss") => (NAMES.includes(name) ? `var(--${name})` : name);
