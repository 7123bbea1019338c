// A table of numbers whose cells can change: a cell that does flashes once (not under reduced motion).
//   columns  [{ key, head, spoken, width (per cent) }]      rows are put in with show([{ key: text | { text, mark, spoken, bar } }, …]),
//                                       where bar ∈ [0, 1] draws how large the number is behind it
import { html, reducedMotion } from "./dom.js";

export function numberTable({ caption, columns }) {
  const body = html("tbody");
  const head = columns.map(({ head, spoken, width }) => html("th", { scope: "col", title: spoken, "aria-label": spoken, style: `width: ${width}%` }, head));
  const node = html("table", {}, html("caption", { class: "unseen" }, caption), html("thead", {}, html("tr", {}, head)), body);

  function show(rows, { silent = false } = {}) {
    while (body.rows.length > rows.length) body.deleteRow(-1);
    while (body.rows.length < rows.length) body.append(html("tr", {}, columns.map(() => html("td"))));
    rows.forEach((row, i) =>
      columns.forEach(({ key }, j) => {
        const cell = body.rows[i].cells[j];
        const { text, mark = "", spoken, bar = 0 } = typeof row[key] === "object" ? row[key] : { text: row[key] };
        if (cell.textContent !== text) {
          cell.textContent = text;
          if (!silent) flash(cell);
        }
        cell.className = mark;
        cell.style.setProperty("--bar", `${(100 * bar).toFixed(1)}%`);
        if (spoken) cell.setAttribute("aria-label", spoken);
        else cell.removeAttribute("aria-label");
      }),
    );
  }
  return { node, show };
}

// A number that changes again while it flashes goes on with the flash that it has, so a drag does not flicker.
const flashing = new WeakMap();

export function flash(node) {
  if (reducedMotion() || !node.isConnected || flashing.get(node)?.playState === "running") return;
  const colours = [{ backgroundColor: "var(--flash)" }, { backgroundColor: "transparent" }];
  flashing.set(node, node.animate(colours, { duration: 450, easing: "ease-out" }));
}

// Text that flashes when it changes, for numbers outside tables.
export function setText(node, text, { still = false } = {}) {
  if (node.textContent === text) return;
  const first = node.textContent === "";
  node.textContent = text;
  if (!first && !still) flash(node);
}
