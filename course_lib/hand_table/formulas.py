"""The columns of a hand table: each follows from one column before it, as on the slides.

    h → p → y_hat
          → loss
          → d_w1 … d_wD, d_b → w1 … wD, b after one step
"""

from dataclasses import dataclass
from typing import Callable

import numpy as np

from course_lib.activations import stable_sigmoid


@dataclass(frozen=True)
class Column:
    """One column: the column it follows from (None: from X, w and b), the formula, and the formula in words.

    `formula` takes the source's numbers, (…, N), and returns its own, (…, N), or (…, 1) for a new weight.
    `size` is how large the terms are that the formula adds up: rounding is measured by it, because two
    large terms may cancel to a small number. `words` has places for the row's numbers.
    """

    source: str | None
    formula: Callable
    size: Callable
    words: str
    is_new_weight: bool = False


def columns_of(X, y, w, b, eta, noise):
    """Every column that this neuron can have, by name, in the order of the chain rule."""
    D = X.shape[1]
    columns = {
        "h": _weighted_sum(X, w, b, noise),
        "p": Column("h", lambda h: stable_sigmoid(np, h), lambda h: stable_sigmoid(np, h),
                    "p = 1 / (1 + exp(-h)) with {own}"),
        "y_hat": Column("p", lambda p: (p >= .5).astype(int), np.ones_like,
                        "y_hat = 1 for p >= .5, else 0, with {own}"),
        "loss": Column("p", lambda p: (y - p) ** 2, lambda p: (y - p) ** 2 + 1e-6 * (abs(y) + abs(p)) ** 2,
                       "loss = (y - p)^2 with y = {y} and {own}"),
    }
    for j in range(D):
        columns[f"d_w{j + 1}"] = _gradient(f"d_w{j + 1}", y, X[:, j], f" x{j + 1}", f"x{j + 1} = {{x[{j}]}}, ")
    columns["d_b"] = _gradient("d_b", y, np.ones_like(y), "", "")
    for j in range(D):
        columns[f"w{j + 1}"] = _new_weight(f"w{j + 1}", w[j], eta)
    columns["b"] = _new_weight("b", b, eta)
    return columns


def _weighted_sum(X, w, b, noise):
    D = len(w)
    size = np.abs(X) @ np.abs(w) + abs(b)
    h = X @ w + b
    # .7 + .1 − .8 is −1e−16 in binary but 0 by hand, and this table is by hand.
    h = np.where(np.abs(h) <= (D + 1) * noise * size, 0, h)
    terms = [f"w{j + 1} x{j + 1}" for j in range(D)]
    if D > 3:
        terms = [terms[0], "...", terms[-1]]
    return Column(None, lambda _: h, lambda _: size, f"h = {' + '.join([*terms, 'b'])} with the inputs of this row")


def _gradient(name, y, x, factor, its_number):
    """One row's own part of a gradient; the mean over the rows is the gradient of the mean squared error."""
    return Column(
        "p",
        lambda p: 2 * (p - y) * p * (1 - p) * x,
        lambda p: abs(2 * (p - y) * p * (1 - p) * x) + 1e-6 * abs(2 * (abs(p) + abs(y)) * p * (1 + abs(p)) * x),
        f"{name} = 2 (p - y) p (1 - p){factor} with y = {{y}}, {its_number}{{own}}",
    )


def _new_weight(name, old, eta):
    return Column(
        f"d_{name}",
        lambda d: old - eta * np.mean(d, axis=-1, keepdims=True),
        lambda d: abs(old) + eta * np.mean(np.abs(d), axis=-1, keepdims=True),
        f"new {name} = {name} - eta * (mean of d_{name} over the rows) with {name} = {old:g}"
        + ("" if eta is None else f", eta = {eta:g}"),
        is_new_weight=True,
    )
