// What the clinic says, and which lines of code a prescription changed. No page here.

export const patientOf = (data, values) => data.patients[Math.min(Math.max(1, Math.round(values.patient)), data.patients.length) - 1];

export const accuracy = ({ accuracy, diverged }) => (diverged ? "and then it is no number any more" : accuracy === null ? "and nothing is right" : `with ${Math.round(100 * accuracy)} % right`);

// Both texts line by line: { text } stays, { text, mark: "gone" } and { text, mark: "new" } do not.
export function changedLines(before, after) {
  const old = before.split("\n"), fresh = after.split("\n");
  const lines = [];
  let at = 0;
  for (const text of old) {
    const there = fresh.indexOf(text, at);
    if (there < 0) lines.push({ text, mark: "gone" });
    else {
      for (; at < there; at++) lines.push({ text: fresh[at], mark: "new" });
      lines.push({ text });
      at++;
    }
  }
  for (; at < fresh.length; at++) lines.push({ text: fresh[at], mark: "new" });
  return lines;
}

// What comes of a diagnosis and a prescription, in one or two sentences.
export function verdict(data, values, treated) {
  const patient = patientOf(data, values);
  const named = values.diagnosis && (values.diagnosis === patient.diagnosis ? "Your diagnosis is right." : "Your diagnosis is another than ours.");
  if (!treated) return named && !values.prescription ? `Noted: ${values.diagnosis}. Now prescribe.` : values.prescription ? "One moment: it is being trained." : "";
  if (treated.same) return `Nothing changed: the run had none of that, so its code stays as it was. ${named}`;
  const ends = `the validation loss ends at ${(treated.validation_loss.at(-1) ?? NaN).toFixed(2)}, ${accuracy(treated)}`;
  if (!treated.well) return `Not well yet: ${ends}. Order another test, or think again.`;
  const way = values.prescription === patient.cure ? "" : " (Another way than ours, and it works.)";
  return `Well again: ${ends}.${way} ${named || ""} The cause: ${patient.diagnosis}. ${patient.because}`;
}
