"""The four figures of lecture L09."""

from __future__ import annotations

import numpy as np

from course_lib.widgets import css, esm
from course_lib.widgets.figure import Figure
from course_lib.widgets.numbers import numbers

SHAPES = ("constant", "linear", "unclamped", "inverse", "step", "exponential", "cosine", "warmup")
RATES = 32


class BatchNoise(Figure):
    """A cloud of 60 000 points pulls θ to its middle, B points at a time.

    ℓ(θ) = ½ · mean of ‖θ − x_i‖²,  slope over a minibatch = θ − mean of its x_i,  noise of the slope = 3/√B

    Left θ's path, the rows it looked at last and where other minibatches would have sent it; right the noise over B,
    measured, and the distance from the middle for the same number of rows looked at. Raises `ValueError` for a B that
    is no whole number from 1 to 60 000, or a rate that is not between 0.01 and 1.

    >>> BatchNoise(B=50).values["B"]
    50
    """

    _esm = esm("batches/noise.js")
    _css = css()
    N = 60_000

    def __init__(self, *, B=50, eta=0.1, seed=0, title=""):
        values = {"B": _whole(B, "B", 1, self.N), "eta": _within(eta, "eta", 0.01, 1), "seed": _whole(seed, "seed", 0, 99_999)}
        super().__init__(values=values, data={"N": self.N}, title=title)


class MinibatchFan(Figure):
    """32 learning rates trained on the same minibatches; one, yours, is drawn thick.

    θ ← θ − η · mean over the minibatch of (p − y)(x₁, x₂, 1): logistic regression with cross-entropy

    X is (N, 2), y is (N,) of 0 and 1; 200 points of two clouds that overlap unless they are given. Left the loss over
    all rows during ten epochs, right the last losses over η. Raises `ValueError` for what does not fit.

    >>> fan = MinibatchFan(B=10)
    >>> len(fan.data["etas"]), fan.data["epochs"], len(fan.data["X"])
    (32, 10, 200)
    """

    _esm = esm("batches/fan.js")
    _css = css()
    MOST_ROWS = 2000

    def __init__(self, X=None, y=None, *, B=10, eta=0.1, epochs=10, seed=0, title=""):
        if (X is None) != (y is None):
            raise ValueError("Give X and y together: the points and their right answers. Without both, the figure draws two clouds.")
        X, y = overlapping_clouds() if X is None else (X, y)
        X, y = numbers(X, (None, 2), "X"), numbers(y, (None,), "y")
        if len(X) != len(y) or not 2 <= len(X) <= self.MOST_ROWS:
            raise ValueError(f"X has {len(X)} rows and y has {len(y)} answers; give one answer a row, for 2 to {self.MOST_ROWS} rows.")
        if any(value not in (0, 1) for value in y):
            raise ValueError(f"y must hold classes 0 and 1; got {next(value for value in y if value not in (0, 1)):g}.")
        data = {
            "X": X, "y": y, "theta": [-1, 1, 0], "epochs": _whole(epochs, "epochs", 1, 50),
            "etas": np.geomspace(0.001, 100, RATES),
        }  # fmt: skip
        values = {"B": _whole(B, "B", 1, len(X)), "eta": _within(eta, "eta", 0.001, 100), "seed": _whole(seed, "seed", 0, 99_999)}
        super().__init__(values=values, data=data, title=title)


class ScheduleDesigner(Figure):
    """A schedule of learning rates from η₀ to η_τ in τ steps: its curve, its Python, and what it does.

    x ← x − η_k (x + noise),  from x = 5, with the noise of minibatches of B rows, 3/√B

    `shape` is one of constant, linear, unclamped (the slide's, which goes below zero), inverse, step, exponential,
    cosine, warmup. Raises `ValueError` for what it does not know.

    >>> ScheduleDesigner(shape="cosine").values["shape"]
    'cosine'
    """

    _esm = esm("batches/designer.js")
    _css = css()

    def __init__(self, *, shape="linear", eta_0=0.3, eta_tau=0.003, tau=200, B=10, title=""):
        if shape not in SHAPES:
            raise ValueError(f"shape is {shape!r}; there are {', '.join(SHAPES)}.")
        if B not in (1, 10, 100):
            raise ValueError(f"B is {B!r}; the figure has batches of 1, 10 and 100.")
        values = {
            "shape": shape, "eta_0": _within(eta_0, "eta_0", 0.001, 1), "eta_tau": _within(eta_tau, "eta_tau", 0.0001, 1),
            "tau": _whole(tau, "tau", 10, 300), "B": B,
        }  # fmt: skip
        super().__init__(values=values, data={"steps": 300}, title=title)


class RobbinsMonro(Figure):
    """Rates η_k = c / k^a on a noisy descent: the distance that is left, and the two sums of the theorem.

    x ← x − η_k (x + z_k),  from x = 5, z_k standard normal;  Σ η_k = ∞ and Σ η_k² < ∞ where ½ < a ≤ 1

    Left a few runs and the root of the mean of x² over all of them that could be, exactly. Raises `ValueError` for a
    outside of 0 to 2, or c outside of 0.01 to 1.

    >>> RobbinsMonro(a=.5, c=.5).values["a"]
    0.5
    """

    _esm = esm("batches/conditions.js")
    _css = css()

    def __init__(self, *, a=1, c=1, title=""):
        super().__init__(values={"a": _within(a, "a", 0, 2), "c": _within(c, "c", 0.01, 1)}, data={"x0": 5, "sigma": 1}, title=title)


def overlapping_clouds(N=200, seed=0):
    """X (N, 2) and y (N,): two clouds of spread 1.2 whose middles lie 2.3 apart, so that no line separates them.

    >>> X, y = overlapping_clouds()
    >>> X.shape, int(y.sum())
    ((200, 2), 100)
    """
    rng = np.random.default_rng(seed)
    y = np.arange(N) % 2
    return rng.normal(np.outer(2 * y - 1, [1, 0.6]), 1.2), y


def _whole(value, name, low, high):
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or not low <= value <= high:
        raise ValueError(f"{name} is {value!r}; it must be a whole number from {low} to {high}.")
    return int(value)


def _within(value, name, low, high):
    value = numbers(value, (), name)
    if not low <= value <= high:
        raise ValueError(f"{name} is {value:g}; the figure takes {low:g} to {high:g}.")
    return value
