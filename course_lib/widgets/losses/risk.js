// Survival times: at each event, who was at risk, and how the risk was shared.
import { html, svg } from "../shared/dom.js";
import { format, inWords } from "../shared/numbers.js";
import { sheet } from "../shared/sheet.js";
import { slider, stage } from "../shared/stage.js";
import { setText } from "../shared/table.js";
import { events, loss } from "./cox.js";

const ROW = 40, TOP = 34, BOTTOM = 34, LEFT = 34, RIGHT = 96;
const NAMES = "ABCDEF";
const scores = (data, values) => data.time.map((_, i) => values[`o${i + 1}`]);
const list = (names) => (names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`);

export default stage({
  title: "Of all still at risk, who had the event should have had the highest risk",
  controls: [
    slider("k", { symbol: "k", word: "which event", low: 1, high: 3, step: 1, whole: true }),
    ...[...NAMES].slice(0, 5).map((name, i) => slider(`o${i + 1}`, { symbol: `o ${name}`, word: "log of risk", low: -3, high: 3, step: 0.1, signed: true })),
  ],
  picture({ data }) {
    const n = data.time.length, height = TOP + n * ROW + BOTTOM;
    const paper = sheet({ label: "One line for each patient, from the start to the event or to when last seen", height, draw: paint, kind: "risk" });
    const layer = svg("g", {});
    paper.drawing.append(layer);
    const sum = html("p", { class: "formula" }), all = html("p", { class: "formula" });
    let now = null;

    function paint(width) {
      if (!now) return;
      const { at, o } = now;
      const most = Math.max(...data.time) * 1.08;
      const x = (time) => LEFT + (time / most) * (width - LEFT - RIGHT);
      const y = (i) => TOP + (i + 0.5) * ROW;
      layer.replaceChildren(
        svg("line", { x1: x(at.time), x2: x(at.time), y1: TOP - 8, y2: TOP + n * ROW, stroke: "var(--ink)", "stroke-width": 2, "stroke-dasharray": "3 4" }),
        svg("text", { x: x(at.time), y: TOP - 14, "text-anchor": "middle", class: "name" }, `time ${at.time}`),
        svg("text", { x: width - 4, y: TOP - 14, "text-anchor": "end", class: "name" }, "share"),
        svg("line", { x1: LEFT, x2: width - RIGHT, y1: TOP + n * ROW + 4, y2: TOP + n * ROW + 4, class: "frame" }),
        svg("text", { x: width - RIGHT, y: height - 10, "text-anchor": "end", class: "name" }, "time"),
        ...[0, 2, 4, 6, 8, 10].filter((tick) => x(tick) < width - RIGHT - 44).map((tick) => svg("text", { x: x(tick), y: height - 12, "text-anchor": "middle", class: "quiet" }, String(tick))),
        ...data.time.flatMap((time, i) => {
          const risk = at.atRisk[i], chosen = at.i === i, seen = data.event[i] === 1;
          const ink = chosen ? "var(--wrong)" : "var(--ink)";
          const end = seen
            ? svg("circle", { cx: x(time), cy: y(i), r: 7, fill: ink })
            : svg("circle", { cx: x(time), cy: y(i), r: 6.5, fill: "var(--paper)", stroke: ink, "stroke-width": 2.5 });
          return [
            svg("text", { x: 4, y: y(i) + 5, class: "name", opacity: risk ? 1 : 0.5 }, NAMES[i]),
            svg("g", { opacity: risk ? 1 : 0.35 }, svg("line", { x1: LEFT, x2: x(time), y1: y(i), y2: y(i), stroke: ink, "stroke-width": 3 }), end),
            risk && svg("rect", { x: width - RIGHT + 14, y: y(i) + 7, width: Math.max(1, (RIGHT - 18) * at.shares[i]), height: 6, fill: chosen ? "var(--wrong)" : "var(--border)" }),
            svg("text", { x: width - 4, y: y(i) + 2, "text-anchor": "end", class: risk ? "name" : "quiet", fill: risk ? ink : null }, risk ? format(at.shares[i]) : "gone"),
          ].filter(Boolean);
        }),
      );
    }
    function draw({ values }) {
      const o = scores(data, values), happened = events(data, o);
      const at = happened[Math.min(values.k, happened.length) - 1];
      now = { at, o };
      paper.measure();
      if (paper.width()) paint(paper.width());
      setText(sum, `−log ${format(at.shares[at.i])} = ${format(at.term)}`);
      setText(all, `all events: ℓ = (${happened.map(({ term }) => format(term)).join(" + ")}) / ${n} = ${format(loss(data, o), 3)}`);
    }
    return { node: html("div", {}, paper.node, html("p", { class: "key" }, html("span", {}, "● the event was seen"), html("span", {}, "○ last seen well"), html("span", {}, "share: eᵒ of one, of the eᵒ of all at risk")), sum, all), draw };
  },
  describe({ data, values }) {
    const o = scores(data, values), happened = events(data, o), at = happened[Math.min(values.k, happened.length) - 1];
    const risk = [...NAMES].filter((_, i) => at.atRisk[i]);
    return `Event ${inWords(Math.min(values.k, happened.length))} of ${inWords(happened.length)}, at time ${at.time}: ${list(risk)} ${risk.length === 1 ? "was" : "were"} at risk, and it happened to ${NAMES[at.i]}, whose share of the risk was ${format(at.shares[at.i])}. The loss over all events is ${format(loss(data, o), 3)}.`;
  },
});
