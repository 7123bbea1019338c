"""A project's checklist, and what its broken points do."""

from __future__ import annotations

from itertools import combinations

from course_lib.leaks import LEAKS, trial
from course_lib.widgets import css, esm
from course_lib.widgets.figure import Figure


class Leaks(Figure):
    """The checklist of a project: break a point of it, and see the accuracy that is reported and the true one.

    Every combination of the four leaks is trained when the figure is made, `replicas` small projects each; that takes
    some seconds. Raises ValueError for a replicas below 2.

    >>> figure = Leaks(replicas=2)
    >>> len(figure.data["results"]), figure.values["later"]
    (16, False)
    """

    _esm, _css = esm("sidebyside/leaks.js"), css("sidebyside/sidebyside.css")

    def __init__(self, *, replicas=20):
        if not isinstance(replicas, int) or replicas < 2:
            raise ValueError(f"replicas is {replicas!r}; a mean over projects needs a whole number of them, 2 or more.")
        broken = [leaks for n in range(len(LEAKS) + 1) for leaks in combinations(LEAKS, n)]
        results = {"+".join(leaks): trial(*leaks, replicas=replicas) for leaks in broken}
        data = {"results": results, "words": LEAKS, "replicas": replicas}
        super().__init__(values={leak: False for leak in LEAKS}, data=data)
