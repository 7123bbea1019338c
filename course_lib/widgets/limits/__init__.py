"""The figures of lecture L05: what a line cannot do, and what neurons together can.

    LineScore     a line to drag over four rows, and the best score so far
    XorTraining   training on XOR, played and scrubbed: the loss falls, the rows go wrong; with hidden=3 they come right
    Structure     a neuron and a network on data with structure, and on coins
    BumpBuilder   any curve out of sigmoids: bins, steepness, error
"""

from __future__ import annotations

import numpy as np

from course_lib.checks import number, whole
from course_lib.data import gate
from course_lib.initializers import normal
from course_lib.network import mlp
from course_lib.widgets import esm
from course_lib.widgets.figure import Figure
from course_lib.widgets.numbers import numbers

__all__ = ["LineScore", "XorTraining", "Structure", "BumpBuilder"]

TABLES = ("XOR", "AND", "OR")
MOST_ROWS = 50


class LineScore(Figure):
    """A line over the rows of a table: drag it, and see how many rows it gets right, and the best so far.

    Without points it begins with XOR and the slide's neuron; X (N, 2) and y (N,) of 0 and 1 are the reader's own.
    `values` has w1, w2, b and the name of the table.

    Raises `ValueError` for other shapes, more than 50 rows, or answers other than 0 and 1.

    >>> LineScore().values
    {'table': 'XOR', 'w1': 1.0, 'w2': -1.0, 'b': -0.5}
    """

    _esm = esm("limits/line_score.js")

    def __init__(self, X=None, y=None, *, w=(1, -1), b=-0.5, table="XOR", title=""):
        if (X is None) != (y is None):
            raise ValueError("Give X and y together: the points and their right answers. Without both, the figure shows XOR.")
        if table not in TABLES:
            raise ValueError(f"There is no table {table!r}; there are {', '.join(TABLES)}.")
        data = {}
        if X is not None:
            data, table = _rows(X, y), "yours"
        w = numbers(w, (2,), "w")
        super().__init__(values={"table": table, "w1": w[0], "w2": w[1], "b": numbers(b, (), "b")}, data=data, title=title)


class XorTraining(Figure):
    """Gradient descent on XOR, every step kept: play it, or pull the step slider back and forth.

    hidden=0 is one neuron from w and b; hidden=H a network 2-H-1 of sigmoids whose weights are drawn from N(0, 1) with
    `seed`, as mlp([2, H, 1], …, init=normal(1)) draws them. ℓ is the mean of (y − p)². `values` has k, eta and table.

    >>> len(XorTraining(hidden=3).data["theta"])
    13
    """

    def __init__(self, *, hidden=0, w=(1, -1), b=-0.5, eta=1, table="XOR", seed=0, title=""):
        if table not in TABLES:
            raise ValueError(f"There is no table {table!r}; there are {', '.join(TABLES)}.")
        if hidden == 0:
            theta = [*numbers(w, (2,), "w"), numbers(b, (), "b")]
        else:
            theta = mlp([2, _few(hidden), 1], hidden="sigmoid", output="sigmoid", init=normal(1), rng=seed, dtype=np.float64).theta.tolist()
        eta = number(eta, "eta")
        if not 0.001 <= eta <= 1000:
            raise ValueError(f"eta is {eta:g}; the figure takes rates from 0.001 to 1000.")
        module = esm("limits/hidden_training.js" if hidden else "limits/xor_training.js")
        super().__init__(values={"k": 0, "eta": eta, "table": table}, data={"hidden": hidden, "theta": theta}, title=title, _esm=module)


class BumpBuilder(Figure):
    """A curve out of bumps: 2·bins sigmoids in one hidden layer, set by hand, and how far their sum is off.

    `k` is the steepness in a bin's width, as `steepness` in course_lib.bumps. `values` has bins, k, curve and alone.

    >>> BumpBuilder(bins=10).values["bins"]
    10
    """

    _esm = esm("limits/bump_builder.js")

    def __init__(self, *, bins=4, k=20, curve="wave", alone=False, title=""):
        curves = ("wave", "hills", "roof", "cliff")
        if curve not in curves:
            raise ValueError(f"There is no curve {curve!r}; there are {', '.join(curves)}.")
        bins, k = whole(bins, "bins"), number(k, "k")
        if bins > 100 or not 0.1 <= k <= 1000:
            raise ValueError(f"The figure draws 1 to 100 bins and steepnesses from 0.1 to 1000; got bins = {bins}, k = {k:g}.")
        super().__init__(values={"bins": bins, "k": k, "curve": curve, "alone": bool(alone)}, title=title)


class Structure(Figure):
    """Twenty-four points to learn, a thousand new ones to be right about: with structure, and without any.

    `problem` is "line", "xor", "moons" or "coins", `learner` "neuron", "network" or "neighbour". Points are drawn anew
    with each seed.

    >>> Structure().values["problem"]
    'coins'
    """

    _esm = esm("limits/structure.js")

    def __init__(self, *, problem="coins", learner="network", seed=0, title=""):
        for value, what, known in ((problem, "problem", ("line", "xor", "moons", "coins")), (learner, "learner", ("neuron", "network", "neighbour"))):
            if value not in known:
                raise ValueError(f"There is no {what} {value!r}; there are {', '.join(known)}.")
        super().__init__(values={"problem": problem, "learner": learner, "fresh": False, "seed": whole(seed, "seed", at_least=0)}, title=title)


def _few(hidden):
    hidden = whole(hidden, "hidden")
    if hidden > 8:
        raise ValueError(f"hidden is {hidden}; the figure draws 0 to 8 hidden neurons.")
    return hidden


def _rows(X, y):
    X, y = numbers(X, (None, 2), "X"), numbers(y, (None,), "y")
    if len(X) != len(y):
        raise ValueError(f"X has {len(X)} rows and y has {len(y)} answers; give one answer a row.")
    if not 1 <= len(X) <= MOST_ROWS:
        raise ValueError(f"X has {len(X)} rows; the figure draws 1 to {MOST_ROWS}.")
    strange = [value for value in y if value not in (0, 1)]
    if strange:
        raise ValueError(f"y must hold classes 0 and 1; got {strange[0]:g}.")
    return {"X": X, "y": [int(value) for value in y]}
