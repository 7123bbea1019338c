"""What a term asks in its own way: where the examples stand, the order of what goes in and comes out, the tie, the gate, the error."""

from __future__ import annotations

import dataclasses
from typing import Callable

import numpy as np

from autograder.questions.signature import called

GATE = np.array([[0., 0], [0, 1], [1, 0], [1, 1]])
GATES = {"AND": (0, 0, 0, 1), "OR": (0, 1, 1, 1), "NAND": (1, 1, 1, 0), "NOR": (1, 0, 0, 0)}
KIN = {"AND": "OR", "OR": "AND", "NAND": "NOR", "NOR": "NAND"}          # the gate that looks most alike


@dataclasses.dataclass(frozen=True)
class Term:
    """The conventions of one term; the first of each is what everybody without a term is asked."""

    columns: bool = False                                # X holds an example in each column, not in each row
    order: tuple[str, ...] = ("X", "w", "b")             # the arguments of weighted_sum and predict
    returned: tuple[str, ...] = ("h", "p", "y_hat")      # what predict returns
    tie: float = 1.                                      # ŷ where p is exactly one half
    gate: str = "AND"
    error: str = "mean"                                  # of the squares: their mean, half of it, or their sum

    @property
    def row(self) -> str:
        """Where one example stands in X."""
        return "column" if self.columns else "row"

    @property
    def axis(self) -> int:
        """The axis of X along which the inputs of one example lie."""
        return 0 if self.columns else 1

    @property
    def product(self) -> str:
        return "w @ X" if self.columns else "X @ w"

    @property
    def at_least(self) -> str:
        return "≥" if self.tie else ">"

    @property
    def compare(self) -> str:
        return ">=" if self.tie else ">"

    @property
    def factor(self) -> float:
        return .5 if self.error == "half" else 1.

    @property
    def total(self) -> Callable:
        return np.sum if self.error == "sum" else np.mean

    def stored(self, X):
        """Examples in rows, as this term's students see them."""
        return np.ascontiguousarray(X.T) if self.columns else X

    def decide(self, h, p):
        return p >= .5 if self.tie else p > .5

    def asked(self, function: Callable) -> Callable:
        """A function of X (examples in rows), w and b, as this term calls it. What is a table comes back as X is stored."""
        def turned(X, w, b, **knobs):
            found = function(X.T if self.columns else X, w, b, **knobs)
            return self.stored(found) if isinstance(found, np.ndarray) and found.ndim == 2 else found
        return called(self.order, turned)

    def arguments(self, X, w, b) -> tuple:
        """X (examples in rows), w and b in this term's order."""
        values = {"X": self.stored(X), "w": w, "b": b}
        return tuple(values[name] for name in self.order)

    def give(self, **columns):
        """What predict returns, in this term's order."""
        return tuple(columns[name] for name in self.returned)

    def error_of(self, y, p):
        return float(self.factor * self.total((y - p) ** 2))


def term_of(variant) -> Term:
    return Term(
        columns=variant.choose("examples in X", [False, True]), order=variant.choose("arguments", [("X", "w", "b"), ("w", "b", "X"), ("b", "w", "X"), ("w", "X", "b")]),
        returned=variant.choose("what predict returns", [("h", "p", "y_hat"), ("y_hat", "p", "h"), ("p", "h", "y_hat"), ("y_hat", "h", "p")]),
        tie=variant.choose("ties", [1., 0.]), gate=variant.choose("gate", list(GATES)), error=variant.choose("error", ["mean", "half", "sum"]))


def in_words(term: Term) -> dict:
    """The conventions as an instructor reads them."""
    return {"examples in X": f"one in each {term.row}", "arguments of weighted_sum and predict": ", ".join(term.order), "predict returns": ", ".join(term.returned),
            "a tie, p = .5": f"counts as {term.tie:.0f}", "gate": term.gate, "error": {"mean": "mean of the squares", "half": "half the mean of the squares", "sum": "sum of the squares"}[term.error]}


