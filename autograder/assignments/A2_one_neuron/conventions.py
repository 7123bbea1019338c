"""What a term asks in its own way: the loss, the activation with its labels, what comes first, the gate; and the right answers to it."""

from __future__ import annotations

import dataclasses
from typing import Callable, Mapping

import numpy as np

from course_lib.activations import stable_sigmoid

GATE = np.array([[0., 0], [0, 1], [1, 0], [1, 1]])
GATES = {"OR": (0, 1, 1, 1), "NAND": (1, 1, 1, 0), "NOR": (1, 0, 0, 0), "AND": (0, 0, 0, 1), "x₁ and not x₂": (0, 0, 1, 0)}
LOSSES = ("mean", "half", "sum")                 # (1/N) Σ (y − p)², (1/2N) Σ (y − p)², Σ (y − p)²


def sigmoid(h):
    return stable_sigmoid(np, np.asarray(h, float))


@dataclasses.dataclass(frozen=True)
class Unit:
    """An activation, the two labels it can reach, and its slope as students write it: rightly and in five other ways."""

    name: str
    formula: str
    code: str
    labels: tuple[float, float]
    value: Callable
    slope_formula: str
    slope_words: str
    slope: Callable
    wrong_slopes: Mapping[str, Callable]
    decide: Callable
    shown: Mapping[str, str]


SIGMOID = Unit(
    name="sigmoid", formula=r"\frac{1}{1 + \exp(-h)}", code="1 / (1 + np.exp(-h))", labels=(0., 1.), value=sigmoid, decide=lambda p: (p >= .5) * 1.,
    slope_formula="p\\,(1 - p)", slope_words="p (1 − p)", slope=lambda h, p: p * (1 - p),
    wrong_slopes={"at h": lambda h, p: h * (1 - h), "at p": lambda h, p: sigmoid(p) * (1 - sigmoid(p)), "half": lambda h, p: p, "other": lambda h, p: 1 - p**2, "none": lambda h, p: np.ones_like(p)},
    shown={"at h": "h (1 − h)", "half": "p", "other": "1 − p², the slope of tanh"})

TANH = Unit(
    name="tanh", formula=r"\tanh(h)", code="np.tanh(h)", labels=(-1., 1.), value=np.tanh, decide=lambda p: np.where(p >= 0, 1., -1.),
    slope_formula="1 - p^2", slope_words="1 − p²", slope=lambda h, p: 1 - p**2,
    wrong_slopes={"at h": lambda h, p: 1 - h**2, "at p": lambda h, p: 1 - np.tanh(p)**2, "half": lambda h, p: 1 - p, "other": lambda h, p: p * (1 - p), "none": lambda h, p: np.ones_like(p)},
    shown={"at h": "1 − h²", "half": "1 − p", "other": "p (1 − p), the slope of the sigmoid"})


@dataclasses.dataclass(frozen=True)
class Term:
    """The conventions of one term. What comes `first`, "weights" or "bias", does so wherever both are returned."""

    loss: str
    unit: Unit
    first: str
    gate: str = "OR"
    eta: float = .3
    start: float = 0.
    slopes_order: tuple[str, ...] = ("x", "y", "h", "p")
    gradients_order: tuple[str, ...] = ("X", "y", "w", "b")
    step_order: tuple[str, ...] = ("w", "b", "slopes", "eta")
    numerical_order: tuple[str, ...] = ("f", "w", "b", "nudge")
    fit_order: tuple[str, ...] = ("X", "y", "eta", "epochs")
    noted: str = "before"                        # the loss of an epoch is noted before or after its step

    @property
    def factor(self) -> float:
        """What the square's derivative leaves in front of (p − y)."""
        return 1. if self.loss == "half" else 2.

    @property
    def mean(self) -> bool:
        return self.loss != "sum"

    @property
    def y(self) -> np.ndarray:
        """The gate's labels, for the four rows of `GATE`."""
        return np.take(self.unit.labels, GATES[self.gate])

    @property
    def gentle(self) -> float:
        """A learning rate that is far from leaping, whatever the loss."""
        return .8 / (self.factor * (1 if self.mean else 4) * (2.5 if self.unit is TANH else 1))

    def pair(self, d_w, d_b, *rest):
        """Both, in the order in which this term returns them."""
        return (d_w, d_b, *rest) if self.first == "weights" else (d_b, d_w, *rest)

    def error(self, y, p, *, mean=None, factor=None):
        """The loss of all rows together."""
        mean, factor = self.mean if mean is None else mean, self.factor if factor is None else factor
        return float(factor / 2 * np.sum((y - p) ** 2) / (len(y) if mean else 1))

    def differs(self) -> list[str]:
        """In what this term asks otherwise than the library does."""
        return [name for name in ("loss", "unit", "first") if getattr(self, name) != getattr(LIBRARY, name)]


LIBRARY = Term("mean", SIGMOID, "weights")


def term_of(variant) -> Term:
    """The term's conventions. All three as in the library is what no term asks."""
    asked = [(loss, unit, first) for loss in LOSSES for unit in (SIGMOID, TANH) for first in ("bias", "weights") if (loss, unit, first) != ("mean", SIGMOID, "weights")]
    loss, unit, first = variant.choose("conventions", asked)
    return Term(
        loss, unit, first,
        gate=variant.choose("gate", list(GATES)), eta=variant.choose("eta", [.3, .4, .6, .7]), start=variant.choose("start", [0., .5, -.5]),
        slopes_order=variant.choose("arguments of local_slopes", [("x", "y", "h", "p"), ("h", "p", "x", "y"), ("y", "p", "h", "x")]),
        gradients_order=variant.choose("arguments of gradients", [("X", "y", "w", "b"), ("w", "b", "X", "y"), ("b", "w", "X", "y")]),
        step_order=variant.choose("arguments of step", [("w", "b", "slopes", "eta"), ("slopes", "w", "b", "eta"), ("eta", "slopes", "w", "b")]),
        numerical_order=variant.choose("arguments of numerical_gradient", [("f", "w", "b", "nudge"), ("w", "b", "f", "nudge"), ("f", "nudge", "w", "b")]),
        fit_order=variant.choose("arguments of fit", [("X", "y", "eta", "epochs"), ("epochs", "eta", "X", "y"), ("X", "y", "epochs", "eta")]),
        noted=variant.choose("losses", ["before", "after"]))


# ---------------------------------------------------------------- gradients, right and with a screw turned

def gradients(term: Term, X, y, w, b, *, factor=None, mean=None, sign=1, slope=None, output=lambda p: p, inputs=lambda X: X, bias_inputs=lambda X: 1., bias=1, exponent=1, rate=1.):
    """The slopes of a term's loss for w and b. Each keyword turns one link of the chain."""
    h = X @ w + bias * b
    p = term.unit.value(exponent * h)
    d_p = (term.factor if factor is None else factor) * sign * (output(p) - y)
    d_h = rate * d_p * (term.unit.slope if slope is None else slope)(h, p)
    rows = len(y) if (term.mean if mean is None else mean) else 1
    return term.pair(inputs(X).T @ d_h / rows, np.sum(bias_inputs(X) * d_h) / rows)
