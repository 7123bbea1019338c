"""A5, question 6: the gradient of A2's loss, without A2's formulas."""

from functools import partial

import numpy as np

from autograder.questions import FunctionQuestion, Probe
from course_lib.perceptron import gradients

from .rules import sigmoid
from .shared import LECTURE, drawn, mistake


ROWS, ONE_ROW = "several rows", "one row"


def compare_model(bias_first, X, y, w, b, *, factor=lambda N: 2 / N, slope=lambda p: p * (1 - p), keep=lambda N: slice(None), flat=True, swap=False, target=lambda p, y: p - y):
    """∂ℓ/∂w and ∂ℓ/∂b of the mean squared error, in one list, with each step to turn."""
    X, y = np.asarray(X, float)[keep(len(X))], np.asarray(y, float)[keep(len(X))]
    p = np.array([sigmoid(h) for h in X @ np.asarray(w, float) + b])
    d_h = factor(len(X)) * target(p, y) * slope(p)
    d_w, d_b = d_h @ X, np.sum(d_h)
    if not flat:
        return d_w, d_b
    return np.concatenate([[d_b], d_w] if bias_first != swap else [d_w, [d_b]])


def compare_reference(bias_first, X, y, w, b):
    d_w, d_b = gradients(X, y, w, b)
    return np.concatenate([[d_b], d_w] if bias_first else [d_w, [d_b]])


def _table(rng, rows, columns):
    """Rows in which nothing cancels: every mean, sum and single row gives another gradient."""
    while True:
        X = rng.integers(-4, 5, size=(rows, columns)) / 2
        w, b = [drawn(rng, .3, 1.3) for _ in range(columns)], drawn(rng, .3, 1.3)
        y = rng.permutation((np.arange(rows) + rng.integers(2)) % 2)
        found = compare_model(False, X, y, w, b)
        if np.abs(found).min() > .01 and np.abs(X).min() > 0 and np.abs(found[:-1] - found[-1]).min() > .01 and np.abs(compare_model(False, X, y, w, b, keep=lambda N: slice(-1, None)) - found).min() > .005:
            return X.tolist(), [int(v) for v in y], w, b


def compare_probes(rng):
    X, y, w, b = _table(rng, 5, 3)
    return [Probe(ROWS, _table(rng, 4, 2), "four rows"), Probe(ROWS, (X, y, w, b), "three inputs"), Probe(ONE_ROW, (X[:1], y[:1], w, b), "a single row")]


def compare_question(bias_first):
    model = partial(compare_model, bias_first)
    X = [[0., 0.], [0., 1.], [1., 0.], [1., 1.]]
    return FunctionQuestion(
        name="compare", function="whole_gradient", parameters=("X", "y", "w", "b"), lecture=LECTURE, groups={ROWS: 7, ONE_ROW: 3}, reference=partial(compare_reference, bias_first), model=model, hidden=compare_probes,
        public=(Probe(ROWS, (X, [0, 1, 1, 1], [1., -1.], -.5), "A2's table"), Probe(ROWS, ([[1., 2.], [-1., .5], [.5, -2.]], [1, 0, 1], [.5, -1.], .75), "three rows"), Probe(ONE_ROW, ([[2., -1.]], [0], [1., -1.], -.5), "a single row")),
        hints=("Make the values of w and b once, before the loop over the rows, and use them in every row.", "Add up the squared errors of all rows, multiply by 1/N, and walk back once, at the end.",
               "σ(h) from your own operations, d = p − y, `total = total + d * d`; then `(total * (1 / N)).backward()`."),
        mistakes=(
            mistake("Sum instead of mean", "Your gradient is N times too large: the squared errors are added up, but not divided by the number of rows.", knobs={"factor": lambda N: 2.0},
                     hints=("What happens to your gradient when every row is given twice?", "That of a mean stays.", "Multiply the total by 1/N before you walk back.")),
            mistake("Divided by N twice", "Your gradient is N times too small: there are two divisions by N.", knobs={"factor": lambda N: 2 / N**2},
                     hints=("Where do you divide by the number of rows?", "Once in the loss is enough.", "Leave the second one out.")),
            mistake("An extra ½", "Your gradient is half the right one: the loss of A2 has no ½ in front.", knobs={"factor": lambda N: 1 / N},
                     hints=("Which factor stands in front of your squares?", "The mean of (y − p)² has none.", "Leave the ½ out; the 2 then comes by itself.")),
            mistake("Only the last row", "Your gradient is that of one row: each walk back replaces the gradients of the row before.", knobs={"keep": lambda N: slice(N - 1, None)},
                     also=(lambda X, y, w, b: model(X, y, w, b, keep=lambda N: slice(N - 1, None), factor=lambda M: 2 / len(X)),),
                     hints=("How often do you call `backward()`?", "Once in each row, and each time the gradients are new.", "Add up the losses first, and walk back once, after the loop.")),
            mistake("Only the first row", "Your gradient is that of the first row.", knobs={"keep": lambda N: slice(1)}, also=(lambda X, y, w, b: model(X, y, w, b, keep=lambda N: slice(1), factor=lambda M: 2 / len(X)),),
                     hints=("Does your result change when the last row does?", "Is there a `return` inside your loop?", "Return after the loop.")),
            mistake("The slope of the sigmoid is missing", "Your gradient lacks the factor p(1 − p): it is as if p were h itself.", knobs={"slope": lambda p: 1.0},
                     hints=("Is your sigmoid made of values, all the way?", "If its number is taken out and put into a new value, the way back ends there.", "Build p from h with your own operations; a formula for the gradient is not needed.")),
            mistake("The gradient of another loss", "Your gradient is that of the cross-entropy, the mean of (p − y) x; A2's loss is the mean squared error.", wrong=lambda X, y, w, b: model(X, y, w, b, slope=lambda p: 1.0, factor=lambda N: 1 / N),
                     hints=("Which loss did A2 have?", "The mean of (y − p)².", "Square the difference; do not take a logarithm.")),
            mistake("The wrong sign", "Your gradient points downhill; a gradient points uphill.", knobs={"target": lambda p, y: y - p},
                     hints=("If the gradient is positive, does the loss rise or fall with that weight?", "It rises. Is there a minus somewhere?", "Return the gradients as they are.")),
            mistake("The bias at the wrong end", f"The gradient of b stands {'last' if bias_first else 'first'} in your list; here it comes {'first' if bias_first else 'last'}.", knobs={"swap": True},
                     hints=("Where in your list does the gradient of b stand?", "Read the line that begins with *Return* again.", "`[b.grad] + …` or `… + [b.grad]`.")),
            mistake("The library's own convention", "Two things come back, the gradient of w and that of b: so do `course_lib` and A2. Here one flat list is asked for, weights and bias together.", knobs={"flat": False},
                     also=(lambda X, y, w, b: (lambda d_w, d_b: (d_b, d_w))(*model(X, y, w, b, flat=False)),),
                     hints=("How many things does your function return?", "One list, with one number for each parameter.", "Put the number of b into the same list as those of w.")),
            mistake("The gradient of the bias is missing", "Your list has one number for each weight and none for b.", wrong=lambda X, y, w, b: model(X, y, w, b, flat=False)[0],
                     hints=("How many parameters has the neuron?", "One for each weight, and b.", "Put the gradient of b into the list too.")),
        ))
