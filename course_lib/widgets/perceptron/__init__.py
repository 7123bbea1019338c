"""The figure of lecture L02: one neuron, its line and its table."""

from __future__ import annotations

import anywidget
import traitlets

from course_lib.widgets import css, esm
from course_lib.widgets.numbers import Numbers, numbers

OR = ([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 1])
SLIDE = (*OR, [1, -1], -0.5)
SLIDE_TITLE = "The slide's line gets 2 of the 4 rows of OR right; another line gets all 4"
ANY_TITLE = "The line is where p = 0.5: move it, and every number follows"
LIMIT, MOST_ROWS = 100, 50


class PerceptronFigure(anywidget.AnyWidget):
    """One neuron on a plane: drag its line or its weights, and h, p, ŷ and the squared errors follow at once.

    h = X w + b,  p = 1 / (1 + e^(−h)),  ŷ = [p ≥ ½],  error = mean (y − p)²

    X is (N, 2), y is (N,) of 0 and 1, w is (2,), b a number; the OR gate with the slide's weights unless you say
    otherwise. `w` and `b` (and X, y) are kept in step with the page: read them after dragging, or set them.
    `title` is the sentence above the picture. *Reset* returns to what the figure was made with.

    Raises `ValueError` for other shapes, values that are not finite numbers, or targets other than 0 and 1.

    >>> figure = PerceptronFigure(w=[1, 1], b=-.5)
    >>> figure.w, figure.b
    ([1.0, 1.0], -0.5)
    >>> figure.b = -1.5
    """

    _esm = esm("perceptron/figure.js")
    _css = css()

    X = Numbers((None, 2)).tag(sync=True)
    y = Numbers((None,)).tag(sync=True)
    w = Numbers((2,)).tag(sync=True)
    b = Numbers(()).tag(sync=True)
    title = traitlets.Unicode().tag(sync=True)
    start = traitlets.Dict(read_only=True).tag(sync=True)

    def __init__(self, X=None, y=None, w=(1, -1), b=-0.5, *, title: str | None = None, **options):
        if (X is None) != (y is None):
            raise ValueError("Give X and y together: the points and their right answers. Without both, the figure shows OR.")
        w, b = numbers(w, (2,), "w"), numbers(b, (), "b")
        X, y = OR if X is None else (X, y)
        X, y = numbers(X, (None, 2), "X"), numbers(y, (None,), "y")
        _refuse_bad_rows(X, y)
        if max(abs(w[0]), abs(w[1]), abs(b)) > LIMIT:
            raise ValueError(f"w and b must lie between −{LIMIT} and {LIMIT} to be drawn; got w = {w}, b = {b}.")
        if title is None:
            title = SLIDE_TITLE if (X, y, w, b) == SLIDE else ANY_TITLE
        super().__init__(X=X, y=y, w=w, b=b, title=title, **options)
        self.set_trait("start", {"X": X, "y": y, "w": w, "b": b, "title": title})


def _refuse_bad_rows(X: list, y: list) -> None:
    if len(X) != len(y):
        raise ValueError(f"X has {len(X)} rows and y has {len(y)} answers; give one answer a row.")
    if not 1 <= len(X) <= MOST_ROWS:
        raise ValueError(f"X has {len(X)} rows; the figure draws 1 to {MOST_ROWS}.")
    strange = [value for value in y if value not in (0, 1)]
    if strange:
        raise ValueError(f"y must hold classes 0 and 1; got {strange[0]:g}.")
