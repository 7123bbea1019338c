"""The same run, line by line, in two libraries."""

from __future__ import annotations

from dataclasses import asdict

from course_lib.measurements.pytorch import recorded_pytorch
from course_lib.side_by_side import PAIRS
from course_lib.widgets import css, esm
from course_lib.widgets.figure import Figure

STEPS = 54


class SideBySide(Figure):
    """One training run in course_lib and in PyTorch: choose a line and its partner lights up; Play walks through a run.

    `ours` and `theirs` are the losses of the 54 steps, as `course_lib.side_by_side.run` returns them. Without `theirs`,
    where PyTorch is not installed, the recorded losses are shown, and called so.

    >>> from course_lib.side_by_side import run
    >>> SideBySide(run("ours")).values
    {'line': 0, 'k': 0}
    """

    _esm, _css = esm("sidebyside/side_by_side.js"), css("sidebyside/sidebyside.css")

    def __init__(self, ours, theirs=None):
        record = recorded_pytorch()
        origin, how = "run here, now", "PyTorch"
        if theirs is None:
            if not record["measured"]:
                raise ValueError("There is no recorded run of PyTorch: give theirs, the losses of a run of your own.")
            theirs, how = record["losses"], "PyTorch, recorded"
            origin = f"recorded on {record['date']} with torch {record['versions']['torch']}, {record['machine']['cpu']}"
        for name, losses in (("ours", ours), ("theirs", theirs)):
            if len(losses) != STEPS:
                raise ValueError(f"{name} has {len(losses)} losses; the run has {STEPS} steps.")
        data = {"pairs": [asdict(pair) for pair in PAIRS], "ours": list(ours), "theirs": list(theirs), "how": how, "origin": origin}
        super().__init__(values={"line": 0, "k": 0}, data=data)
