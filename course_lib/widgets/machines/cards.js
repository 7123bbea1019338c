// The controls that describe a card, and the published cards to start from. Data-sheet numbers are limits, not measurements.
import { slider } from "../shared/stage.js";

export const peak = slider("peak", { word: "peak, TFLOP/s", low: 0.5, high: 200, log: true, step: 1.1 });
export const bandwidth = slider("bandwidth", { word: "its memory, GB/s", low: 20, high: 10000, log: true, step: 1.1 });
export const bus = slider("bus", { word: "bus each way, GB/s", low: 1, high: 200, log: true, step: 1.1 });
export const launch = slider("launch", { word: "ordering, µs", low: 1, high: 200, log: true, step: 1.1 });

// `more` are values that a start sets besides the card's.
export const cardPresets = (cards, more = {}) =>
  cards.map(({ name, peak, bandwidth, bus, double }) => ({ name: `${name}, data sheet`, values: { peak, bandwidth, bus, double, launch: 10, ...more } }));

export function cardName(cards, values) {
  const one = cards.find((card) => ["peak", "bandwidth", "bus", "double"].every((key) => Math.abs(card[key] / values[key] - 1) < 1e-9));
  return one ? one.name : "a card of your own";
}
