// What a run's numbers become: lines, marks and sentences. No page needed.
import { brief } from "../shared/numbers.js";

const NAMES = { loss: "training", validation_loss: "validation", validation_accuracy: "validation" };
const DASH = { validation_loss: true, validation_accuracy: true };

// { epochs, values } with values (points, curves) -> one line for each curve.
export function linesOf(curves, names) {
  return names.filter((name) => curves[name]).flatMap((name) => {
    const { epochs, values } = curves[name];
    const many = values.shape[1];
    return Array.from({ length: many }, (_, r) => ({
      points: Array.from(epochs, (epoch, i) => [epoch, values[i * many + r]]),
      name: r === 0 ? NAMES[name] : "",
      colour: "loss",
      dash: DASH[name] ?? false,
      faint: many > 1 && r > 0,
      thick: many > 1 && r === 0,
    }));
  });
}

export function last(curves, name) {
  const series = curves[name];
  return series ? series.values[series.values.length - series.values.shape[1]] : null;
}

// Where early stopping found its best: of the first curve.
export function marksOf({ best = [] }, curves) {
  if (!best.length || !best[0] || !curves.validation_loss) return [];
  const { epochs, values } = curves.validation_loss;
  const i = Math.max(0, epochs.findLastIndex((epoch) => epoch <= best[0]));
  return [{ at: [best[0], values[i * values.shape[1]]], text: `best, epoch ${best[0]}`, shape: "disc", colour: "good" }];
}

export function titleOf({ state, stopped, best = [] }, curves) {
  if (state === "running") return "Training, while you watch";
  if (best.length && best[0]) return `The validation loss was lowest after epoch ${best[0]}: the network went back there`;
  if (stopped) return `The run ${stopped}`;
  const first = curves.loss?.values[0], now = last(curves, "loss");
  return first === undefined ? "No epoch was made" : `The training loss went from ${brief(first)} to ${brief(now)}`;
}

export function wordsFor(progress, curves) {
  if (!curves.loss) return "The run has begun; there is no epoch to show yet.";
  const many = curves.loss.values.shape[1];
  const parts = [`After epoch ${progress.epoch} of ${progress.epochs} the training loss is ${brief(last(curves, "loss"))}${many > 1 ? `, of the first of ${many} networks` : ""}`];
  if (curves.validation_loss) parts.push(`the validation loss ${brief(last(curves, "validation_loss"))}`);
  if (curves.validation_accuracy) parts.push(`and ${brief(100 * last(curves, "validation_accuracy"))} % of the validation data are right`);
  const gone = Object.keys(progress.diverged ?? {}).length;
  return `${parts.join(", ")}.${gone ? ` ${gone} of the networks diverged.` : ""}${progress.stopped ? ` The run ${progress.stopped}.` : ""}`;
}

export function duration(seconds) {
  if (!Number.isFinite(seconds)) return "";
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
