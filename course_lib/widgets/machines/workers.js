// Few fast hands against many slow ones: the same tasks, twice. Press Play, then change how many there are.
import { svg } from "../shared/dom.js";
import { html, slider, stage } from "../shared/stage.js";
import { cpuOf, crossing, done, gpuOf, time } from "./hands.js";

const MOST = 4096, WIDE = 64, CELL = 5;
const ticks = (t) => `${t} tick${t === 1 ? "" : "s"}`;

export default stage({
  title: ({ run }) => {
    if (run.k < Math.min(run.cpuTime, run.gpuTime)) return `${run.tasks} tasks: which side is done first?`;
    if (run.cpuTime === run.gpuTime) return `${run.tasks} tasks: a dead heat`;
    return run.cpuTime < run.gpuTime ? `${run.tasks} tasks: few fast hands are done first` : `${run.tasks} tasks: many slow hands are done first`;
  },
  controls: [
    slider("tasks", { symbol: "N", word: "equal tasks", low: 1, high: MOST, log: true, step: 1.1, whole: true }),
    slider("cores", { word: "fast hands (CPU)", low: 1, high: 64, step: 1, whole: true }),
    slider("many", { word: "slow hands (GPU)", low: 64, high: 8192, log: true, step: 1.1, whole: true }),
    slider("slow", { word: "how much slower", low: 1, high: 50, step: 1, whole: true }),
    slider("call", { word: "calling them, ticks", low: 0, high: 200, step: 1, whole: true }),
  ],
  presets: [
    { name: "100 tasks", values: { tasks: 100 } },
    { name: "1000 tasks", values: { tasks: 1000 } },
    { name: "1000 tasks, nobody to be called", values: { tasks: 1000, call: 0 } },
    { name: "one task", values: { tasks: 1 } },
  ],
  restartOn: ["tasks", "cores", "many", "slow", "call"],
  stepsPerSecond: 12,
  unit: "tick",
  begin({ values }) {
    const cpu = cpuOf(values), gpu = gpuOf(values), { tasks } = values;
    return { k: 0, tasks, cpu, gpu, cpuTime: time(cpu, tasks), gpuTime: time(gpu, tasks), cross: crossing(values) };
  },
  step({ run }) {
    run.k += 1;
    return run.k < Math.max(run.cpuTime, run.gpuTime);
  },
  picture() {
    const two = [grid("CPU", "var(--class0)"), grid("GPU", "var(--class1)")];
    return {
      node: html("div", { class: "side" }, two.map(({ node }) => node)),
      draw({ run, values: { cores, many, slow, call } }) {
        two[0].name(`${cores} fast hand${cores === 1 ? "" : "s"}, 1 tick a task`);
        two[1].name(`${many} slow hands, ${ticks(slow)} a task, ${ticks(call)} to be called`);
        two[0].show(run.tasks, done(run.cpu, run.tasks, run.k), run.k >= run.cpuTime ? `done after ${ticks(run.cpuTime)}` : "");
        two[1].show(run.tasks, done(run.gpu, run.tasks, run.k), run.k >= run.gpuTime ? `done after ${ticks(run.gpuTime)}` : run.k < run.gpu.call ? "being called" : "");
      },
    };
  },
  describe({ run, values }) {
    const cross = run.cross === null ? "With these numbers the many slow hands never win." : `From ${run.cross} tasks on the many slow hands win.`;
    const over = run.k >= Math.max(run.cpuTime, run.gpuTime) ? ` They needed ${ticks(run.cpuTime)} and ${ticks(run.gpuTime)}. ${cross}` : "";
    return `After ${ticks(run.k)} the ${values.cores} fast hands have done ${done(run.cpu, run.tasks, run.k)} of ${run.tasks} tasks, the ${values.many} slow ones ${done(run.gpu, run.tasks, run.k)}.${over}`;
  },
});

// One square of cells, a cell a task; those that are done are filled.
function grid(name, colour) {
  const size = WIDE * CELL;
  const open = svg("path", { class: "open" }), full = svg("path", { fill: colour });
  const drawing = svg("svg", { viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": `${name}: one cell for each task, filled when it is done` }, open, full);
  const words = html("span", { class: "quiet" }), count = html("span", {}), note = html("span", { class: "quiet" });
  const cells = (from, to, wide, edge) => {
    let d = "";
    for (let i = from; i < to; i++) d += `M${(i % wide) * edge + 0.08 * edge} ${Math.floor(i / wide) * edge + 0.08 * edge}h${0.84 * edge}v${0.84 * edge}h${-0.84 * edge}z`;
    return d || "M0 0";
  };
  return {
    node: html("div", { class: "hands" }, html("p", { class: "reading" }, html("span", {}, name), words, count, note), drawing),
    name: (text) => (words.textContent = text),
    show(tasks, ready, says) {
      const wide = Math.max(4, Math.ceil(Math.sqrt(tasks))), edge = size / wide;
      full.setAttribute("d", cells(0, ready, wide, edge));
      open.setAttribute("d", cells(ready, tasks, wide, edge));
      count.textContent = `${ready} of ${tasks}`;
      note.textContent = says;
    },
  };
}
