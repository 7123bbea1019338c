"""The three figures of lecture L03."""

from __future__ import annotations

from course_lib.widgets import css, esm
from course_lib.widgets.figure import Figure
from course_lib.widgets.numbers import numbers

OR = ([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 1])
GATES = {(0, 1, 1, 1): "OR", (0, 0, 0, 1): "AND", (0, 1, 1, 0): "XOR"}
MOST_ROWS, LIMIT = 50, 100
LOWEST_RATE, HIGHEST_RATE = 0.01, 1000
RATES, STEPS = 32, 100


class ChainStrip(Figure):
    """One row's chain from its inputs to its loss, and the three factors of a slope, lit from the loss backwards.

    ∂ℓ/∂w_j = 2(p − y) · p(1 − p) · x_j,  ℓ = (y − p)² of this row;  for b the last factor is 1

    X is (N, 2), y is (N,) of 0 and 1, w is (2,), b a number: OR with the slide's neuron unless you say otherwise.
    `row` counts from 1; `weight` is 1 for w₁, 2 for w₂, "b" for the bias. Below the product stands what two nudges
    measure. Raises `ValueError` for what does not fit.

    >>> ChainStrip(row=3, weight="b").values["row"]
    3
    """

    _esm = esm("learning/chain.js")
    _css = css("learning/learning.css")

    def __init__(self, X=None, y=None, w=(1, -1), b=-0.5, *, row=2, weight=2, title=""):
        X, y, w, b = _neuron(X, y, w, b)
        if isinstance(row, bool) or row not in range(1, len(X) + 1):
            raise ValueError(f"row is {row!r}, but there are rows 1 to {len(X)}.")
        if isinstance(weight, bool) or weight not in (1, 2, "b"):
            raise ValueError(f'weight is {weight!r}; it is 1 for w₁, 2 for w₂ or "b" for the bias.')
        values = {"row": row, "weight": 2 if weight == "b" else weight - 1, "w1": w[0], "w2": w[1], "b": b}
        super().__init__(values=values, data={"X": X, "y": y}, title=title)


class ErrorSurface(Figure):
    """The mean squared error of a neuron as a map over w₁ and b, and the path of gradient descent on it.

    (w₁, b) ← (w₁, b) − η ∂ℓ/∂(w₁, b), with w₂ held still, so that the map is the whole truth

    The start can be dragged, η and w₂ set; *Play* makes the steps. OR unless X (N, 2) and y (N,) are given.
    Raises `ValueError` for numbers that the map does not reach.

    >>> surface = ErrorSurface(eta=10)
    >>> surface.values = {"eta": 50}
    >>> surface.values["eta"]
    50
    """

    _esm = esm("learning/surface.js")
    _css = css("learning/learning.css")

    BOX = {"x": [-3, 7], "y": [-3, 4]}
    HELD = [-4, 4]

    def __init__(self, X=None, y=None, *, eta=10, w1=-2, w2=1, b=2, title=""):
        X, y, w, b = _neuron(X, y, (w1, w2), b)
        for name, value, (low, high) in (("w1", w[0], self.BOX["x"]), ("b", b, self.BOX["y"]), ("w2", w[1], self.HELD)):
            if not low <= value <= high:
                raise ValueError(f"{name} is {value:g}, but the figure takes {low} to {high}.")
        values = {"eta": _rate(eta), "w2": w[1], "w1": w[0], "b": b}
        super().__init__(values=values, data={"X": X, "y": y, "box": self.BOX}, title=title)


class RateFan(Figure):
    """Many learning rates trained at once on the same rows from the same start; one, yours, is drawn thick.

    w ← w − η ∂ℓ/∂w for 32 rates η from 0.01 to 1000, each the same factor above the last; ℓ is the mean of (y − p)²

    Left the error after each step, right the error over η after the last steps: one dot where a rate has settled,
    two or four where it leaps between as many values, a cloud where it never repeats itself. X (N, 2), y (N,) replace
    OR; other points than a gate's leave the choice of gates out. Raises `ValueError` for what does not fit.

    >>> fan = RateFan(eta=1)
    >>> len(fan.data["etas"]), fan.data["steps"]
    (32, 100)
    """

    _esm = esm("learning/rates.js")
    _css = css("learning/learning.css")

    def __init__(self, X=None, y=None, w=(1, -1), b=-0.5, *, eta=1, steps=STEPS, title=""):
        X, y, w, b = _neuron(X, y, w, b)
        if not (isinstance(steps, int) and 1 <= steps <= 1000):
            raise ValueError(f"steps is {steps!r}; the figure makes 1 to 1000.")
        factor = (HIGHEST_RATE / LOWEST_RATE) ** (1 / (RATES - 1))
        gate = GATES.get(tuple(y), "mine") if X == OR[0] else "mine"
        data = {
            "X": X, "y": y, "theta": [*w, b], "steps": steps, "etas": [LOWEST_RATE * factor**r for r in range(RATES)],
            "choices": [*(GATES.values() if X == OR[0] else ()), *(["mine"] if gate == "mine" else ())],
        }  # fmt: skip
        super().__init__(values={"gate": gate, "eta": _rate(eta)}, data=data, title=title)


def _neuron(X, y, w, b):
    if (X is None) != (y is None):
        raise ValueError("Give X and y together: the points and their right answers. Without both, the figure shows OR.")
    X, y = OR if X is None else (X, y)
    X, y, w, b = numbers(X, (None, 2), "X"), numbers(y, (None,), "y"), numbers(w, (2,), "w"), numbers(b, (), "b")
    if len(X) != len(y):
        raise ValueError(f"X has {len(X)} rows and y has {len(y)} answers; give one answer a row.")
    if not 1 <= len(X) <= MOST_ROWS:
        raise ValueError(f"X has {len(X)} rows; the figure takes 1 to {MOST_ROWS}.")
    if any(value not in (0, 1) for value in y):
        raise ValueError(f"y must hold classes 0 and 1; got {next(value for value in y if value not in (0, 1)):g}.")
    if max(abs(w[0]), abs(w[1]), abs(b)) > LIMIT:
        raise ValueError(f"w and b must lie between −{LIMIT} and {LIMIT}; got w = {w}, b = {b}.")
    return X, y, w, b


def _rate(eta):
    eta = numbers(eta, (), "eta")
    if not LOWEST_RATE <= eta <= HIGHEST_RATE:
        raise ValueError(f"eta is {eta:g}; the figure's rates go from {LOWEST_RATE} to {HIGHEST_RATE}.")
    return eta
