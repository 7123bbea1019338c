// The doctor's rounds: a sick run with its curves and its code; tests to order, a diagnosis, a prescription, and what comes of it.
import { select, stage } from "../shared/stage.js";
import { button } from "../shared/controls.js";
import { curve } from "../shared/curve.js";
import { html } from "../shared/dom.js";
import { format } from "../shared/numbers.js";
import { setText } from "../shared/table.js";
import { resultCard } from "./results.js";
import { accuracy, changedLines, patientOf, verdict } from "./words.js";

const line = (values) => values.map((value, i) => [i + 1, value ?? NaN]);

// The tests ordered for this patient.
const testsOf = ({ patient, ordered }) => ordered.filter((each) => each.startsWith(`${patient}: `)).map((each) => each.slice(each.indexOf(" ") + 1));

// Numbers that the figure brought along, or that the kernel works out.
async function ask(data, feed, request) {
  const key = `${request.patient}: ${request.test ?? request.prescribe}`;
  data.known[key] ??= (await feed.ask(request)).header;
  return data.known[key];
}

export default stage({
  title: ({ data, values }) => `Patient ${values.patient} of ${data.patients.length}: “${patientOf(data, values).complaint}”`,
  controls: [
    select("patient", { word: "patient", options: (data) => data.patients.map((_, i) => [i + 1, `patient ${i + 1}`]) }),
    select("diagnosis", { word: "your diagnosis", options: (data) => [["", "not yet"], ...data.patients.map(({ diagnosis }) => diagnosis).toSorted().map((each) => [each, each])] }),
    select("prescription", { word: "prescribe", options: (data) => [["", "nothing yet"], ...data.pharmacy] }),
  ],

  // What is known of this patient so far. A result that is not there yet comes from the kernel; without one the figure goes on.
  async begin({ data, values, run, feed, note }) {
    const patient = values.patient;
    const other = run && run.patient !== patient; // diagnosis and prescription were for somebody else
    const asked = (request) => ask(data, feed, { patient, ...request }).catch(({ message }) => void note(message));
    const results = [];
    for (const test of testsOf(values)) {
      const result = await asked({ test });
      if (result) results.push({ test, ...result });
    }
    const treated = values.prescription && !other ? await asked({ prescribe: values.prescription }) : null;
    return { patient, prescription: other ? "" : values.prescription, results, treated, other };
  },

  picture({ data, put }) {
    let now = null;
    const chart = curve({ x: { name: "epoch", low: 1 }, y: { name: "loss", log: true }, height: 300, label: "Training and validation loss of each epoch" });
    const code = html("pre", { tabindex: "0", "aria-label": "The code of this run" });
    const orders = data.tests.map(([name, words]) => ({ name, node: button(words, () => order(name)) }));
    const count = html("output", { "aria-label": "tests ordered" });
    const results = html("div", { class: "results" });
    const outcome = html("p", { class: "verdict", role: "status" });
    const cured = html("p", { class: "caption" });
    const node = html("div", { class: "clinic" },
      html("div", { class: "side-by-side" }, html("div", {}, chart.node, html("p", { class: "caption" }, "black: this run · green: after the prescription · grey: a healthy run · dashed: validation")), html("div", {}, code, cured)),
      html("div", { class: "orders", role: "group", "aria-label": "Order a test" }, html("span", { class: "caption" }, "order a test:"), orders.map(({ node }) => node), count),
      results, outcome);

    const order = (name) => put({ ordered: [...now.ordered, `${now.patient}: ${name}`] }, `Ordered: ${name}`);

    function draw({ values, run }) {
      now = values;
      if (run?.other && run.patient === values.patient && (values.diagnosis || values.prescription)) return put({ diagnosis: "", prescription: "" });
      const patient = patientOf(data, values);
      const fresh = run?.patient === values.patient;
      const treated = fresh && run.prescription === values.prescription ? run.treated : null;
      chart.show([
        { points: line(data.healthy.loss), colour: "border", faint: true },
        { points: line(data.healthy.validation_loss), colour: "border", faint: true, dash: true },
        { points: line(patient.loss), name: "training", colour: "loss", thick: true },
        { points: line(patient.validation_loss), name: "validation", colour: "loss", dash: true },
        treated && { points: line(treated.loss), name: "treated", colour: "good", thick: true },
        treated && { points: line(treated.validation_loss), colour: "good", dash: true },
      ], { xlim: [1, Math.max(patient.loss.length, data.healthy.loss.length, treated?.loss.length ?? 1)] });
      const lines = treated && !treated.same ? changedLines(patient.code, treated.code) : patient.code.split("\n").map((text) => ({ text }));
      code.replaceChildren(...lines.map(({ text, mark }) => html("span", { class: mark ?? "" }, `${mark === "gone" ? "− " : mark === "new" ? "+ " : "  "}${text}\n`)));
      for (const { name, node } of orders) node.disabled = testsOf(values).includes(name);
      setText(count, `${values.ordered.length} test${values.ordered.length === 1 ? "" : "s"} so far`);
      results.replaceChildren(...(fresh ? run.results : []).map((result) => resultCard(data.tests.find(([name]) => name === result.test)[1], result)));
      setText(outcome, verdict(data, values, treated));
      outcome.className = `verdict ${treated ? (treated.well ? "good" : "wrong") : ""}`;
      if (treated?.well && !values.cured.includes(values.patient)) put({ cured: [...values.cured, values.patient] });
      setText(cured, `${values.cured.length} of ${data.patients.length} patients are well again.`, { still: true });
    }
    return { node, draw };
  },

  describe({ data, values, run }) {
    const patient = patientOf(data, values);
    const last = patient.validation_loss.at(-1) ?? NaN;
    const curves = `${patient.loss.length} epochs: the training loss goes from ${format(patient.loss[0])} to ${format(patient.loss.at(-1))}, the validation loss ends at ${format(last)}, ${accuracy(patient)}.`;
    const test = run?.results.at(-1);
    const treated = run?.treated && run.prescription === values.prescription ? ` After the prescription the validation loss ends at ${format(run.treated.validation_loss.at(-1) ?? NaN)}, ${accuracy(run.treated)}.` : "";
    return `${curves}${treated || (test ? ` ${test.says}` : "")}`;
  },
});
