// Four cells and the kernel's memory: press them in any order.
import { button } from "../shared/controls.js";
import { html } from "../shared/dom.js";
import { inWords } from "../shared/numbers.js";
import { stage } from "../shared/stage.js";
import { setText } from "../shared/table.js";
import { CELLS, replay } from "./memory.js";

const MOST = 40;
const names = (memory) => Object.entries(memory).map(([name, value]) => `${name} = ${value}`).join(", ");

export default stage({
  title: "The kernel remembers what ran, not what is written",
  controls: [],
  picture({ put }) {
    let ran = []; // known at once, so that two presses within a frame are two runs
    const run = (cells, what) => put({ ran: (ran = [...ran, ...cells].slice(0, MOST)) }, what);
    const rows = CELLS.map((code, i) => {
      const number = html("span", { class: "prompt" }), out = html("output", { class: "out" });
      const press = button("▶ Run", () => run([i], `Cell ${i + 1} ran`));
      press.setAttribute("aria-label", `Run cell ${i + 1}, ${code}`);
      return { node: html("div", { class: "cell-row" }, number, html("code", {}, code), press, out), number, out };
    });
    const memory = html("p", { class: "formula" });
    const all = button("Run all, from the top", () => run([0, 1, 2, 3], "All cells ran"));
    const restart = button("Restart the kernel", () => put({ ran: (ran = []) }, "The kernel was restarted"));
    function draw({ values }) {
      ran = values.ran;
      const { memory: now, numbers, outputs } = replay(ran);
      rows.forEach(({ number, out }, i) => {
        setText(number, `[${numbers[i] ?? " "}]`);
        setText(out, outputs[i]);
        out.classList.toggle("failed", outputs[i].startsWith("NameError"));
      });
      setText(memory, `memory: ${names(now) || "empty"}`);
    }
    return { node: html("div", { class: "kernel" }, ...rows.map(({ node }) => node), html("div", { class: "stepper" }, all, restart), memory), draw };
  },
  describe({ values: { ran } }) {
    const { memory, outputs } = replay(ran);
    const last = ran.at(-1), said = last === undefined ? "" : outputs[last];
    const runs = ran.length ? `${inWords(ran.length)} ${ran.length === 1 ? "run" : "runs"} so far` : "Nothing has run yet";
    return `${runs[0].toUpperCase()}${runs.slice(1)}; the kernel's memory holds ${names(memory) || "nothing"}.${said ? ` The last cell said: ${said}.` : ""}${ran.length >= MOST ? " That is enough: restart the kernel." : ""}`;
  },
});
