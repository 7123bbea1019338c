"""Networks that were trained apart, and their mean."""

from __future__ import annotations

from course_lib.widgets import css, esm
from course_lib.widgets.figure import Figure
from course_lib.widgets.numbers import numbers

MOST_MEMBERS = 100


class Committee(Figure):
    """Members' predictions along x, the mean of n of them, and its squared error against n.

    x and truth are (G,), predictions (R, G), a row for each member; points = (x, y) of the data, if you have them.
    On average over all choices of n of the R members
        error of the mean of n = error of the mean of all + spread · (R − n) / (n (R − 1)).

    >>> figure = Committee([0, 1], [[0, 1], [1, 2], [2, 0]], truth=[1, 1])
    >>> figure.values
    {'n': 1, 'seed': 0}
    """

    _esm = esm("dropout/committee.js")
    _css = css("dropout/dropout.css")

    def __init__(self, x, predictions, truth, *, points=None, **options):
        x, truth = numbers(x, (None,), "x"), numbers(truth, (None,), "truth")
        predictions = numbers(predictions, (None, len(x)), "predictions")
        if len(truth) != len(x):
            raise ValueError(f"x has {len(x)} numbers and truth has {len(truth)}; give one true value for each x.")
        if not 2 <= len(predictions) <= MOST_MEMBERS or len(x) < 2:
            raise ValueError(f"predictions has {len(predictions)} members at {len(x)} places; a committee has 2 to {MOST_MEMBERS} members, at 2 places or more.")
        if points is not None:
            points = [numbers(each, (None,), "points") for each in points]
            if len(points) != 2 or len(points[0]) != len(points[1]):
                raise ValueError("points is a pair of lists of equal length: points=(x, y).")
        data = {"x": x, "truth": truth, "predictions": predictions, "points": points}
        super().__init__(values={"n": 1, "seed": 0}, data=data, **options)
