"""The 2-3-1 network with every number on its wires and units."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from course_lib.checks import floats, number
from course_lib.data import gate
from course_lib.initializers import normal
from course_lib.losses import SquaredError
from course_lib.network import Network, mlp
from course_lib.optimizers import SGD
from course_lib.training import fit
from course_lib.widgets import css, esm
from course_lib.widgets.figure import Figure

PENCIL = [1, -1, 0.5, 0.5, 1, -1, 2, -1.5, 0.5, -0.5, 0, 0.5, -0.5]  # w_1j, w_2j, w_oj, b_j, b_o: h is .73 .5 .5 at (1, 1)
BENDS = ("sigmoid", "tanh", "relu")
LIMIT = 10


class NetByHand(Figure):
    """Two inputs, three hidden neurons, one output, for one row: every value forward, every ∂ℓ/∂ back.

    a_j = w_1j x₁ + w_2j x₂ + b_j,  h_j = φ(a_j),  o = Σ w_oj h_j + b_o,  p = σ(o),  ℓ = (y − p)²

    Inputs, weights and biases can be dragged. `with_wo=False` leaves the factor w_oj = ∂o/∂h_j out of the way back, as
    the slide does; beside it stands what nudging says. `theta` (13 numbers: w_11 w_12 w_13 w_21 w_22 w_23, w_o1 w_o2 w_o3,
    b_1 b_2 b_3, b_o) or a network 2-3-1 of `course_lib` gives the start; `values["theta"]` is what is shown now.

    Raises ValueError for other shapes, numbers beyond ±10, or another bend.

    >>> NetByHand(x=(1, 0), y=1).values["theta"][:3]
    [1.0, -1.0, 0.5]
    """

    _esm = esm("network/by_hand.js")
    _css = css("graph/graph.css", "network/network.css")

    def __init__(self, theta=None, *, x=(1, 1), y=0, phi: str = "sigmoid", back: bool = False, with_wo: bool = True):
        theta = _thirteen(PENCIL if theta is None else theta.theta if isinstance(theta, Network) else theta)
        _, x = floats(x=x)
        if x.shape != (2,) or np.abs(x).max() > 2:
            raise ValueError(f"x must be two numbers between −2 and 2; got {x.tolist()}.")
        if number(y, "y") not in (0, 1):
            raise ValueError(f"y must be class 0 or 1; got {y}.")
        if phi not in BENDS:
            raise ValueError(f"There is no bend {phi!r} here; there are {', '.join(BENDS)}.")
        values = {"theta": theta, "x1": float(x[0]), "x2": float(x[1]), "y": int(y), "phi": phi, "back": bool(back), "with_wo": bool(with_wo)}
        super().__init__(values=values, data={"theta": theta, "learned": _learned()})


def _thirteen(theta) -> list[float]:
    _, theta = floats(theta=theta)
    if theta.shape != (13,):
        raise ValueError(f"theta must be 13 numbers, those of a network 2-3-1; got shape {tuple(theta.shape)}.")
    if np.abs(theta).max() > LIMIT:
        raise ValueError(f"theta must lie between −{LIMIT} and {LIMIT} to be drawn; got {float(np.abs(theta).max()):g}.")
    return theta.tolist()


@lru_cache(maxsize=1)
def _learned() -> list[float]:
    """θ of a network 2-3-1 that has learned XOR, rounded to hundredths so that what is shown is what is computed."""
    X, y = gate("XOR")
    network = mlp([2, 3, 1], hidden="sigmoid", output="sigmoid", init=normal(1), rng=0, dtype=np.float64)
    fit(network, SquaredError(), X, y, SGD(5.0), epochs=1000)
    return network.theta.round(2).tolist()
