"""A layer's Jacobian as a picture."""

from __future__ import annotations

import numpy as np

from course_lib.checks import floats, number
from course_lib.widgets import css, esm
from course_lib.widgets.figure import Figure

LAYERS = ("relu", "sigmoid", "tanh", "softmax", "dense")
X = (1.5, -0.5, 0.3, -2, 0.8, -0.1)
W = np.random.default_rng(2).normal(0, 0.4, (6, 6)).round(2)


class JacobianMap(Figure):
    """∂y_i/∂x_j of one layer at one x of six numbers, as a heat map: a row for each output, a column for each input.

    `layer` is relu, sigmoid, tanh, softmax or dense; the slider adds one number to all of x. A cell can be chosen.

    Raises ValueError for other layers or shapes.

    >>> JacobianMap("softmax").values["layer"]
    'softmax'
    """

    _esm = esm("network/jacobian.js")
    _css = css("network/network.css")

    def __init__(self, layer: str = "relu", *, x=X, shift: float = 0):
        _, x = floats(x=x)
        if layer not in LAYERS:
            raise ValueError(f"There is no layer {layer!r} here; there are {', '.join(LAYERS)}.")
        if x.shape != (6,):
            raise ValueError(f"x must be six numbers; got shape {tuple(x.shape)}.")
        if abs(number(shift, "shift")) > 3:
            raise ValueError(f"shift must lie between −3 and 3; got {shift:g}.")
        super().__init__(values={"layer": layer, "shift": float(shift), "row": 0, "column": 0}, data={"x": x.tolist(), "W": W.tolist()})
