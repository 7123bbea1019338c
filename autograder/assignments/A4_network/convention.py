"""What one term asks otherwise than another: the loss, the layout of W₁, the order of arguments and results, the bend."""

import dataclasses

import numpy as np

from autograder.questions.signature import called


@dataclasses.dataclass(frozen=True)
class Loss:
    """A loss and its slope ∂ℓ/∂o: `scale` · (p − y) · [p(1 − p)], divided by N where it is a mean."""

    words: str
    tex: str
    value: str                                  # as the solution types it
    slope: str
    scale: float = 1.
    mean: bool = True
    bent: bool = True                           # whether p(1 − p) stands in the slope; the cross-entropy cancels it


MEAN = Loss("the mean of the squares", r"\ell = \frac1N \sum (y - p)^2", "np.mean((y - p) ** 2)", "2 * (p - y) * p * (1 - p) / len(y)", 2.)
HALF = Loss("half the mean of the squares", r"\ell = \frac1{2N} \sum (y - p)^2", "np.mean((y - p) ** 2) / 2", "(p - y) * p * (1 - p) / len(y)")
SUM = Loss("the sum of the squares, not their mean", r"\ell = \sum (y - p)^2", "np.sum((y - p) ** 2)", "2 * (p - y) * p * (1 - p)", 2., mean=False)
CROSS = Loss("the mean binary cross-entropy", r"\ell = -\frac1N \sum \left( y \ln p + (1 - y) \ln(1 - p) \right)", "-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))", "(p - y) / len(y)", bent=False)

# The lecture and the library have columns and the mean of the squares: every term differs from them in one at least.
FORMS = ((MEAN, True), (HALF, False), (HALF, True), (SUM, True), (SUM, False), (CROSS, True), (CROSS, False))

ORDERS = (
    {"forward": "X W1 b1 w_o b_o phi", "output": "h p y", "hidden": "X h p y w_o phi", "bias": "h p y w_o phi", "fit": "X y W1 b1 w_o b_o eta steps"},
    {"forward": "X b1 W1 b_o w_o phi", "output": "y h p", "hidden": "X y h p w_o phi", "bias": "y h p w_o phi", "fit": "X y b1 W1 b_o w_o eta steps"},
    {"forward": "phi X W1 b1 w_o b_o", "output": "p y h", "hidden": "phi X w_o h p y", "bias": "phi w_o h p y", "fit": "eta steps X y W1 b1 w_o b_o"},
)
# By the bend: the step size that learns XOR in a few hundred steps under the mean of the squares.
BENDS = {"sigmoid": 8., "tanh": 4., "relu": 2.}


@dataclasses.dataclass(frozen=True)
class Convention:
    """One term's. `rows`: W₁ has a row for each hidden neuron, (H, D); else a column, (D, H)."""

    loss: Loss
    rows: bool
    orders: dict
    p_first: bool
    output_bias_first: bool
    bend: str

    def order(self, function):
        return tuple(self.orders[function].split())

    def by_order(self, function, rule):
        """`rule`, which takes its arguments by name, as a function that takes them in this term's order."""
        return called(self.order(function), rule)

    def arguments(self, function, values):
        """The values of a dictionary in this term's order, W₁ in this term's layout."""
        return tuple(self.laid_out(values[name]) if name == "W1" else values[name] for name in self.order(function))

    def laid_out(self, W1):
        """W₁, or its gradient, from (D, H) to this term's layout, or back."""
        return np.ascontiguousarray(W1.T) if self.rows else W1

    @property
    def parameters(self):
        """The order in which the four parameters stand."""
        return tuple(name for name in self.order("fit") if name in ("W1", "b1", "w_o", "b_o"))

    @property
    def eta(self):
        return BENDS[self.bend] * {MEAN: 1, HALF: 2, SUM: .25, CROSS: .5}[self.loss]


def convention(variant):
    loss, rows = variant.choose("loss and layout", FORMS)
    return Convention(loss, rows, variant.choose("order of arguments", ORDERS), variant.choose("order of results", (False, True)),
                      variant.choose("order of bias gradients", (False, True)), variant.choose("bend of XOR", tuple(BENDS)))
