"""Gradient descent until XOR is learned."""

import functools

import numpy as np

from autograder.questions import FunctionQuestion, Mistake, Probe

from .mistakes import FIRST, MISSING
from .model import fit, solves
from .probes import INPUTS, LECTURE, network

XOR = np.array([[0., 0], [0, 1], [1, 0], [1, 1]]), np.array([0., 1, 1, 0])
STEPS = 120
ONE, SEVERAL, SOLVED = "one step", "several steps", "XOR at 100 %"


def fit_question(asked, variant):
    def rule(X, y, W1, b1, w_o, b_o, eta, steps, *, rate=1, **knobs):
        start = {"W1": asked.laid_out(W1), "b1": b1, "w_o": w_o, "b_o": b_o}
        found = fit(X, y, start, eta if rate == 1 else 1., steps, asked.bend, asked.loss, **knobs)
        return tuple(asked.laid_out(found[name]) if name == "W1" else found[name] for name in asked.parameters)

    model = asked.by_order("fit", rule)

    def learned(value, expected):
        found = {name: np.asarray(part, float) for name, part in zip(asked.parameters, value, strict=True)}
        found["W1"] = asked.laid_out(found["W1"])
        return solves(found, *XOR, asked.bend)

    def start(rng):
        """A start from which XOR is learned, and is in float32 too: no right answer may fail by its rounding."""
        while True:
            values = {"X": XOR[0], "y": XOR[1], "W1": rng.normal(size=(2, 3)).round(2), "b1": rng.normal(size=3).round(2), "w_o": rng.normal(size=3).round(2), "b_o": 0.}
            if trained(np.float64, values) and trained(np.float32, values):
                return {**values, "eta": asked.eta, "steps": STEPS}

    def trained(cast, values):
        """Whether XOR is learned, well clear of one half."""
        found = fit(*(cast(part) for part in XOR), {name: cast(values[name]) for name in ("W1", "b1", "w_o", "b_o")}, asked.eta, STEPS, asked.bend, asked.loss)
        return solves(found, *XOR, asked.bend, margin=.2)

    def probe(group, values, label="", accept=None):
        return Probe(group, asked.arguments("fit", values), label, accept=accept)

    def few(rng, rows, hidden, eta, steps):
        return {**network(rng, rows, 2, hidden, asked.bend), "eta": eta, "steps": steps}

    def hidden(rng):
        return [probe(ONE, few(rng, 4, 3, 3., 1), "one step"), probe(ONE, few(rng, 1, 2, 5., 1), "one step, one row"), probe(SEVERAL, few(rng, 5, 4, 3., 3), "three steps"),
                probe(SEVERAL, few(rng, 3, 1, 4., 2), "two steps"), probe(SOLVED, start(rng), "XOR from another start", learned)]

    open_rng = np.random.default_rng(7)
    arrays = ", ".join(asked.parameters)
    return FunctionQuestion(
        name="fit", function="fit", parameters=asked.order("fit"), lecture=LECTURE, keeps_inputs=INPUTS, groups={ONE: 5, SEVERAL: 4, SOLVED: 5, INPUTS: 1},
        reference=model, model=model, hidden=hidden,
        public=(probe(ONE, few(open_rng, 4, 3, 4., 1), "one step"), probe(SEVERAL, few(open_rng, 4, 3, 2., 3), "three steps"), probe(SOLVED, start(variant.shared("XOR start")), "XOR", learned)),
        hints=("In each step: forward, all four gradients, then all four updates.", "Take the gradients from the old numbers, all of them, before the first one changes.",
               f"`W1 = W1 - eta * d_W1`, and so on; after the last step return `{arrays}`."),
        mistakes=(
            Mistake("Uphill", "Your steps go along the gradient, not against it: the loss grows.", lecture=FIRST, knobs={"way": 1},
                    hints=("Print the loss after each step.", "The gradient points to where the loss grows.", "`W1 - eta * d_W1`: a minus.")),
            Mistake("The updated w_o on the way back", "You changed w_o first and sent the error back through the new one: all gradients are to be taken at the old numbers.", knobs={"early": True}, also=(functools.partial(model, anew=True),),
                    hints=("In which order do the four updates and the four gradients stand?", "Which w_o does your hidden gradient see?", "First all gradients, then all updates.")),
            Mistake("w_oj is missing", MISSING.sentence, knobs={"back": MISSING.knobs["back"]}, hints=MISSING.hints),
            Mistake("η is missing", "Your steps are whole gradients: the step size η is not multiplied in.", lecture=FIRST, knobs={"rate": 0},
                    hints=("Does your result change when eta does?", "Which argument is never used?", "`eta * d_W1`.")),
            Mistake("The biases stand still", "Your biases never change: they are learned like the weights.", knobs={"frozen": ("b1", "b_o")},
                    hints=("Compare the biases before and after.", "How many updates does one step have?", "Four: W1, b1, w_o and b_o.")),
            Mistake("The output's bias stands still", "b_o never changes in your steps.", knobs={"frozen": ("b_o",)},
                    hints=("Compare b_o before and after.", "How many updates does one step have?", "Four: W1, b1, w_o and b_o.")),
            Mistake("Only the output neuron learns", "W1 and b1 never change: the hidden neurons stay as they began.", knobs={"frozen": ("W1", "b1")},
                    hints=("Compare W1 before and after.", "Who moves the points so that one line is enough?", "Update all four.")),
            Mistake("Only the hidden neurons learn", "w_o and b_o never change.", knobs={"frozen": ("w_o", "b_o")},
                    hints=("Compare w_o before and after.", "How many updates does one step have?", "Update all four.")),
            Mistake("The first gradient for every step", "Your gradients are taken once, before the loop; after a step they are others.", knobs={"stale": True},
                    hints=("What stands inside your loop?", "The slope changes as you walk.", "Forward and gradients belong into the loop.")),
            Mistake("Only one step", "Your function stops after the first step.", knobs={"once": True},
                    hints=("Does your result change with `steps`?", "Is there a `return` inside the loop?", "Return after the loop.")),
            Mistake("One step too many", "Your function takes one step more than asked.", knobs={"more": 1},
                    hints=("How many steps are taken for steps = 1?", "`range(steps + 1)` counts from 0 to steps.", "`for _ in range(steps)`.")),
            Mistake("One step too few", "Your function takes one step less than asked.", knobs={"more": -1},
                    hints=("How many steps are taken for steps = 1?", "`range(1, steps)` leaves one out.", "`for _ in range(steps)`.")),
            Mistake("Returned in another order", f"The right numbers come back in another order: asked for is {arrays}.", wrong=asked.by_order("fit", lambda **values: rule(**values)[::-1]),
                    also=tuple(asked.by_order("fit", lambda order=order, **values: tuple(rule(**values)[place] for place in order)) for order in ((0, 2, 1, 3), (1, 0, 3, 2))),
                    hints=("Which of the four comes first?", "As in the function's own first line.", f"`return {arrays}`.")),
            Mistake("Returned only the weights", "Two results come back; the biases are asked for too.",
                    wrong=asked.by_order("fit", lambda **values: tuple(part for name, part in zip(asked.parameters, rule(**values)) if name in ("W1", "w_o"))),
                    hints=("How many results are asked for?", "Four.", f"`return {arrays}`.")),
        ))
