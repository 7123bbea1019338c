"""The figures of lecture L13: what keeps a network from learning its points by heart.

    Shrinkage        two weights: the circle and the diamond meet the ellipses, and the weights walk to 0 on one λ
    ShrinkagePaths   every weight of a linear model on real data, L2 beside L1 on one λ, and the error on new rows
    ExactZero        one weight under L1: the subgradient circles zero, the proximal step lands on it
    Overfit          a network trained in the page: with L2, L1, noise on its inputs, or stopped early
"""

from __future__ import annotations

import numpy as np

from course_lib.checks import floats, number
from course_lib.data import diabetes, moons, train_test_split
from course_lib.network import mlp
from course_lib.preprocessing import standardize
from course_lib.regularizers import shrinkage_path
from course_lib.widgets import esm
from course_lib.widgets.figure import Figure
from course_lib.widgets.numbers import numbers

__all__ = ["Shrinkage", "ShrinkagePaths", "ExactZero", "Overfit"]

BOWLS = {
    "flat": ("flat along w₁, steep along w₂", [[0.15, 0], [0, 1]], [1.5, 1.2]),
    "round": ("round: the same curvature everywhere", [[1, 0], [0, 1]], [0.6, 1.5]),
    "tilted": ("tilted: two columns alike", [[1, 0.8], [0.8, 1]], [0.4, 1.4]),
}


class Shrinkage(Figure):
    """Two weights, ½·mean squared error + penalty: its ellipses, L2's circle, L1's diamond and both paths, on one λ.

    The paths are course_lib.regularizers.shrinkage_path's, on data whose second moments XᵀX/N are the bowl's curvature
    and whose least-squares weights are its middle. `values` has lam and problem ("flat", "round" or "tilted").

    >>> Shrinkage(lam=1, problem="round").data["problems"]["round"]["lasso"][40]  # soft threshold: .6 − 1 and 1.5 − 1
    [0.0, 0.5]
    """

    _esm = esm("regularization/shrinkage.js")

    def __init__(self, *, lam=0.01, problem="flat", title=""):
        if problem not in BOWLS:
            raise ValueError(f"There is no bowl {problem!r}; there are {', '.join(BOWLS)}.")
        lambdas = np.geomspace(0.01, 10, 61)
        data = {"lambdas": lambdas.tolist(), "problems": {name: _bowl(*bowl, lambdas) for name, bowl in BOWLS.items()}}
        super().__init__(values={"lam": _strength(lam, 0.01, 10), "problem": problem}, data=data, title=title)


class ShrinkagePaths(Figure):
    """The weights of a linear model as λ grows, L2 beside L1, and the mean squared error on new rows.

    X (N, D) with 2 ≤ D ≤ 20 is standardized; y (N,); X_new and y_new, if given, are the rows to be right about; names
    has one word for each column. Without data: 110 of the diabetes patients, and the other 332 as new rows.
    Computed by shrinkage_path: ½·mean squared error + ½ λ Σ w² or + λ Σ |w|.

    Raises `ValueError` for shapes that do not fit, and for columns that never change.

    >>> figure = ShrinkagePaths(lam=1)
    >>> len(figure.data["names"]), len(figure.data["lasso"]["w"])
    (10, 121)
    """

    _esm = esm("regularization/paths.js")

    def __init__(self, X=None, y=None, X_new=None, y_new=None, *, names=None, lam=1, title=""):
        if (X is None) != (y is None) or (X_new is None) != (y_new is None):
            raise ValueError("Give X and y together, and X_new and y_new together. Without any, the figure shows the diabetes patients.")
        if X is None:
            patients = diabetes()
            names = patients.columns
            X, X_new, y, y_new = train_test_split(*patients, test=0.75, rng=np.random.default_rng(0))
        super().__init__(values={"lam": _strength(lam, 1e-6, 1e6), "over": False}, data=_paths(X, y, X_new, y_new, names), title=title)


class ExactZero(Figure):
    """One weight with loss ½ (w − c)² + λ|w|: sixty steps along the subgradient, and sixty proximal steps.

    >>> ExactZero(lam=1).values["c"]
    0.5
    """

    _esm = esm("regularization/exact_zero.js")

    def __init__(self, *, lam=0.8, eta=0.1, c=0.5, title=""):
        c = number(c, "c")
        if abs(c) > 2:
            raise ValueError(f"c is {c:g}; the figure draws weights from −2 to 2.")
        super().__init__(values={"lam": _strength(lam, 0, 2), "eta": _strength(eta, 0.001, 1, "eta"), "c": c}, title=title)


class Overfit(Figure):
    """A network 2-24-24-1 that can learn sixty noisy points by heart, trained in the page by gradient descent, η = .2.

    Its points, five hundred new ones and its first weights come from course_lib with `seed`. `values` has penalty
    ("none", "L2" or "L1"), lam, noise on the inputs, and stop: give up 150 steps after the best validation loss.

    >>> len(Overfit().data["theta"])
    697
    """

    _esm = esm("regularization/overfit.js")
    SIZES = [2, 24, 24, 1]

    def __init__(self, *, penalty="none", lam=0.01, noise=0, stop=False, seed=0, title=""):
        if penalty not in ("none", "L2", "L1"):
            raise ValueError(f"There is no penalty {penalty!r}; there are none, L2, L1.")
        noise = number(noise, "noise")
        if not 0 <= noise <= 0.8:
            raise ValueError(f"noise is {noise:g}; the figure takes 0 to 0.8.")
        rng = np.random.default_rng(seed)
        (X, y), (X_new, y_new) = moons(60, rng, noise=0.35), moons(500, rng, noise=0.35)
        theta = mlp(self.SIZES, hidden="relu", rng=seed, dtype=np.float64).theta
        data = {"X": X.tolist(), "y": y.tolist(), "X_new": X_new.tolist(), "y_new": y_new.tolist(), "sizes": self.SIZES, "theta": theta.tolist()}
        values = {"penalty": penalty, "lam": _strength(lam, 0.0001, 1), "noise": noise, "stop": bool(stop)}
        super().__init__(values=values, data=data, title=title)


def _bowl(words, G, b, lambdas):
    """Both paths for a bowl: of data with XᵀX/N = G, centred, and y = Xb."""
    N = 50
    Z = np.random.default_rng(0).normal(size=(N, 2))
    X = N**0.5 * np.linalg.qr(Z - Z.mean(axis=0))[0] @ np.linalg.cholesky(np.array(G, float)).T
    paths = {kind: shrinkage_path(X, X @ b, kind, lambdas)[0].round(12).tolist() for kind in ("ridge", "lasso")}
    return {"words": words, "G": G, "b": b, **paths}


def _paths(X, y, X_new, y_new, names):
    X, y = numbers(X, (None, None), "X"), numbers(y, (None,), "y")
    _, X, y = floats(X=X, y=y)
    N, D = X.shape
    if len(y) != N or N < 3 or not 2 <= D <= 20:
        raise ValueError(f"X has shape {X.shape} and y {y.shape}; the figure takes X (N, D) with 2 to 20 columns, y (N,) and at least 3 rows.")
    names = [f"w{j + 1}" for j in range(D)] if names is None else [str(name) for name in names]
    if len(names) != D:
        raise ValueError(f"X has {D} columns and there are {len(names)} names; give one name a column.")
    if (X.std(axis=0) == 0).any():
        raise ValueError(f"Column {names[int(np.argmin(X.std(axis=0)))]} never changes, so nothing can be learned from it: leave it out.")
    scale, lambdas = standardize(X), np.geomspace(0.001, 1000, 121)
    data = {"lambdas": lambdas.tolist(), "names": names}
    for kind in ("ridge", "lasso"):
        w, df = shrinkage_path(scale(X), y, kind, lambdas)
        size = np.abs(w).sum(axis=1)
        data[kind] = {"w": w.tolist(), "df": df.tolist(), "share": (size / (size.max() or 1)).tolist()}
        if X_new is not None:
            _, Z, t = floats(X_new=X_new, y_new=y_new)
            if Z.ndim != 2 or Z.shape[1] != D or t.shape != Z.shape[:1]:
                raise ValueError(f"X_new has shape {Z.shape} and y_new {t.shape}; they need {D} columns, and one answer a row.")
            data[kind]["error"] = np.mean((scale(Z) @ w.T + y.mean() - t[:, None]) ** 2, axis=0).tolist()
    return data


def _strength(value, low, high, name="lam"):
    value = number(value, name)
    if not low <= value <= high:
        raise ValueError(f"{name} is {value:g}; the figure takes {low:g} to {high:g}.")
    return value
