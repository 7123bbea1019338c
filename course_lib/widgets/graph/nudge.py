"""How small should a nudge be? The error of a nudged slope for every h."""

from __future__ import annotations

from course_lib.checks import number
from course_lib.widgets import css, esm
from course_lib.widgets.figure import Figure

FUNCTIONS = ("sigmoid", "exp", "square", "relu")


class NudgeChecker(Figure):
    """The slope of f at x by nudging, (f(x + h) − f(x)) / h and (f(x + h) − f(x − h)) / 2h, and how wrong each is.

    The error of the one-sided difference is about h |f″|/2, of the central one h² |f‴|/6, and rounding adds about ε|f|/h
    to both: on logarithmic axes each is a V, with its foot near √ε and ∛ε. ε is 2e-16 in float64, 1e-7 in float32.

    `f` is sigmoid (at x = .7), exp (at 1), square (at 1) or relu (at .001, near its kink); h lies between 1e-16 and 1.

    >>> NudgeChecker(h=1e-5).values["h"]
    1e-05
    """

    _esm = esm("graph/nudge.js")
    _css = css("graph/graph.css")

    def __init__(self, f: str = "sigmoid", *, h: float = 1, float32: bool = False):
        h = number(h, "h")
        if f not in FUNCTIONS:
            raise ValueError(f"There is no function {f!r} here; there are {', '.join(FUNCTIONS)}.")
        if not 1e-16 <= h <= 1:
            raise ValueError(f"h must lie between 1e-16 and 1; got {h:g}.")
        super().__init__(values={"f": f, "h": h, "float32": bool(float32)})
