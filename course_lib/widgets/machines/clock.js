// A clock, Python and a device that computes later: where does the clock stop, and what has it measured?
import { svg } from "../shared/dom.js";
import { sheet } from "../shared/sheet.js";
import { ticks } from "../shared/scale.js";
import { brief } from "../shared/numbers.js";
import { html, slider, stage, toggle } from "../shared/stage.js";
import { orders } from "./orders.js";

const LANES = [["Python", 44], ["device", 104]];
const TALL = 34, LEFT = 62, RIGHT = 14, BOTTOM = 168;
const COLOUR = { orders: "var(--class0)", waits: "none", there: "var(--negative)", back: "var(--negative)", "first call": "var(--wrong)", computes: "var(--class1)" };
const ms = (value) => `${Number(value.toPrecision(3))} ms`;

export default stage({
  title: ({ run }) => {
    const ratio = run.says / run.truth;
    if (Math.abs(ratio - 1) < 0.15) return "This clock tells the truth, give or take the ordering";
    return ratio < 1 ? `This clock flatters: it says ${factor(1 / ratio)} times too little` : `This clock blames the product for other things: ${factor(ratio)} times too much`;
  },
  controls: [
    toggle("wait", { word: "wait before the clock stops" }),
    toggle("warm", { word: "warm up first" }),
    toggle("inside", { word: "transfers inside the clock" }),
    slider("products", { word: "products", low: 1, high: 12, step: 1, whole: true }),
    slider("compute", { word: "one product, ms", low: 0.1, high: 10, log: true, step: 1.1 }),
    slider("copy", { word: "one transfer, ms", low: 0.1, high: 10, log: true, step: 1.1 }),
    slider("first", { word: "first call, ms", low: 0, high: 40, step: 1 }),
  ],
  presets: [
    { name: "how everyone times first", values: { wait: false, warm: false, inside: false, products: 5, compute: 2, copy: 3, first: 15 } },
    { name: "waits, but not warm", values: { wait: true, warm: false, inside: false, products: 5, compute: 2, copy: 3, first: 15 } },
    { name: "transfers in the loop", values: { wait: true, warm: true, inside: true, products: 5, compute: 2, copy: 3, first: 15 } },
    { name: "warm, waited for, in place", values: { wait: true, warm: true, inside: false, products: 5, compute: 2, copy: 3, first: 15 } },
  ],
  begin: ({ values }) => orders({ ...values, order: 0.05 }),
  picture() {
    let shown = null;
    const paper = sheet({ label: "Two lanes over time, Python's and the device's, with the clock's start and stop", height: 196, draw: (width) => paint(width), kind: "lanes" });
    const read = html("p", { class: "reading" });
    function paint(width) {
      if (!shown) return;
      const { bars, start, stop, end } = shown;
      const toX = (t) => LEFT + (t / (end * 1.02)) * (width - LEFT - RIGHT);
      const text = (x, y, words, more = {}) => svg("text", { x, y, ...more }, words);
      paper.drawing.replaceChildren(
        svg("rect", { x: toX(start), y: 30, width: Math.max(1, toX(stop) - toX(start)), height: BOTTOM - 30, fill: "var(--flash)", opacity: 0.55 }),
        ...ticks([0, end], false, Math.max(3, Math.floor(width / 110))).flatMap((t) => [svg("line", { x1: toX(t), x2: toX(t), y1: 30, y2: BOTTOM, class: "grid" }), text(toX(t), BOTTOM + 17, brief(t), { "text-anchor": "middle" })]),
        text(width - RIGHT, BOTTOM + 17, "ms", { "text-anchor": "end", class: "name" }),
        ...LANES.map(([lane, y]) => text(2, y + TALL / 2 + 5, lane, { class: "name" })),
        ...bars.flatMap(({ lane, from, to, what }) => {
          const y = LANES.find(([name]) => name === lane)[1], wide = toX(to) - toX(from);
          const shape = what === "waits" ? { fill: "none", stroke: "var(--border)", "stroke-dasharray": "3 3" } : { fill: COLOUR[what], stroke: "var(--ink)", "stroke-width": wide > 3 ? 1 : 0 };
          const fits = wide > 8.2 * what.length + 4;
          return [
            svg("rect", { x: toX(from), y: what === "waits" ? y + 8 : y, width: Math.max(wide, 1.5), height: what === "waits" ? TALL - 16 : TALL, ...shape }, svg("title", {}, `${lane} ${what}, ${ms(from)} to ${ms(to)}`)),
            fits && text((toX(from) + toX(to)) / 2, y + TALL / 2 + 4.5, what, { "text-anchor": "middle", fill: what === "waits" ? "var(--quiet)" : what === "computes" ? "#1A1A1A" : "var(--paper)", class: "inside" }),
          ].filter(Boolean);
        }),
        ...[[start, "start", "end"], [stop, "stop", "start"]].flatMap(([t, words, anchor]) => {
          const side = anchor === "end" && toX(t) < LEFT + 50 ? "start" : anchor === "start" && toX(t) > width - 60 ? "end" : anchor;
          return [
            svg("line", { x1: toX(t), x2: toX(t), y1: 20, y2: BOTTOM, stroke: "var(--ink)", "stroke-width": 2.5 }),
            text(toX(t) + (side === "end" ? -4 : 4), words === "start" ? 27 : 11, `clock ${words}s`, { "text-anchor": side, "font-weight": 650 }),
          ];
        }),
      );
    }
    return {
      node: html("div", {}, paper.node, read),
      draw({ run }) {
        shown = run;
        paper.measure();
        if (paper.width()) paint(paper.width());
        read.textContent = `The clock says ${ms(run.says)} for a product; it takes ${ms(run.truth)}`;
      },
    };
  },
  describe({ values, run }) {
    const done = run.bars.filter(({ what, to }) => what === "computes" && to <= run.stop + 1e-9).length - (values.warm ? 1 : 0);
    return `Python orders ${values.products} product${values.products === 1 ? "" : "s"}; when the clock stops, after ${ms(run.stop - run.start)}, the device has computed ${Math.max(0, done)} of them. All are done ${ms(run.end - run.start)} after the start. Inside the clock: ${[!values.warm && values.first > 0 && values.wait && "the first call", values.inside && `${2 * values.products} transfers`, !values.wait && !values.inside && "only the ordering", values.wait && "the computing"].filter(Boolean).join(", ")}.`;
  },
});

const factor = (ratio) => (ratio >= 10 ? Math.round(ratio) : Number(ratio.toPrecision(2)));
