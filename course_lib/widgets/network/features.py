"""What two hidden neurons make of the plane."""

from __future__ import annotations

import numpy as np

from course_lib.checks import number
from course_lib.data import gate
from course_lib.initializers import normal
from course_lib.network import mlp
from course_lib.widgets import css, esm
from course_lib.widgets.figure import Figure

SEEDS, BENDS = 20, ("sigmoid", "tanh")


class HiddenFeatures(Figure):
    """A network 2-2-1 learns a gate, in two pictures: the rows as they lie, and as its two hidden neurons see them.

    In the plane of (h₁, h₂) the output neuron draws one straight line, h being what a sheet of graph paper becomes when
    each hidden neuron has bent it. The page trains: full batch, squared error, η as set. Seed s begins where replica s of
    `mlp([2, 2, 1], …, init=normal(1), rng=0, replicas=20)` begins.

    >>> HiddenFeatures(seed=3).values
    {'seed': 3, 'hidden': 'sigmoid', 'eta': 1.0}
    """

    _esm = esm("network/features.js")
    _css = css("network/network.css")

    def __init__(self, table: str = "XOR", *, seed: int = 0, hidden: str = "sigmoid", eta: float = 1):
        X, y = gate(table)
        if hidden not in BENDS:
            raise ValueError(f"There is no bend {hidden!r} here; there are {', '.join(BENDS)}.")
        if seed not in range(SEEDS):
            raise ValueError(f"seed must be a whole number from 0 to {SEEDS - 1}; got {seed}.")
        eta = number(eta, "eta")
        if not 0.1 <= eta <= 10:
            raise ValueError(f"eta must lie between 0.1 and 10; got {eta:g}.")
        thetas = {bend: starts(bend).tolist() for bend in BENDS}
        super().__init__(values={"seed": int(seed), "hidden": hidden, "eta": eta}, data={"X": X.tolist(), "y": y.tolist(), "thetas": thetas})


def starts(hidden: str) -> np.ndarray:
    """θ of the 20 networks before training, (20, 9)."""
    return mlp([2, 2, 1], hidden=hidden, output="sigmoid", init=normal(1), rng=0, replicas=SEEDS, dtype=np.float64).theta
