// The two things that a neuron does, side by side where there is room, each under its name.
import { html } from "../shared/dom.js";

export const twoSteps = (sum, bent) => html("div", { class: "two-steps" }, ...[["1. add up", sum], ["2. bend", bent]].map(([words, formula]) => html("div", {}, html("p", { class: "caption" }, words), formula)));
