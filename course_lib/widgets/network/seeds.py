"""Runs from many seeds, counted by width and bend."""

from __future__ import annotations

import numpy as np

from course_lib.widgets import css, esm
from course_lib.widgets.figure import Figure, packed

SHOWN = 120  # points of a curve


class SeedTable(Figure):
    """How many seeds solve a problem, a row for each width, a column for each bend. A cell opens its loss curves.

    runs is {(width, bend): (losses, solved)} with losses (steps, seeds), as `History.loss` of a run with replicas has
    them, and solved (seeds,) of True and False. Every width must come with every bend.

    Raises ValueError for a cell that is missing or of another shape.

    >>> run = np.array([[.3, .3], [.25, .01]]), np.array([False, True])
    >>> SeedTable({(1, "tanh"): run, (2, "tanh"): run}).data["solved"]
    [[1], [1]]
    """

    _esm = esm("network/seeds.js")
    _css = css("network/network.css")

    def __init__(self, runs: dict, *, sentence: str | None = None):
        widths, bends = sorted({width for width, _ in runs}), list(dict.fromkeys(bend for _, bend in runs))
        cells = [(width, bend) for width in widths for bend in bends]
        missing = [cell for cell in cells if cell not in runs]
        if not cells or missing:
            raise ValueError(f"Each width needs a run with each bend; {missing or 'all'} are missing.")
        losses = [np.asarray(runs[cell][0], dtype=np.float32) for cell in cells]
        right = [np.asarray(runs[cell][1], dtype=bool) for cell in cells]
        steps, seeds = losses[0].shape
        if any(loss.shape != (steps, seeds) or good.shape != (seeds,) for loss, good in zip(losses, right)):
            raise ValueError("Every run must have the same number of steps and of seeds: losses (steps, seeds), solved (seeds,).")
        shown = np.unique(np.linspace(0, steps - 1, SHOWN).astype(int))
        solved = np.array([good.sum() for good in right]).reshape(len(widths), len(bends))
        data = {
            "rows": [f"H = {width}" for width in widths], "columns": bends, "seeds": seeds, "solved": solved.tolist(), "steps": (shown + 1).tolist(),
            "losses": packed(np.stack([loss[shown] for loss in losses])), "right": [good.tolist() for good in right], "sentence": sentence or _sentence(widths, bends, solved, seeds),
        }  # fmt: skip
        super().__init__(values={"row": len(widths) - 1, "column": len(bends) - 1}, data=data)


def _sentence(widths, bends, solved, seeds) -> str:
    row, column = np.unravel_index(np.argmax(solved), solved.shape)
    return f"{widths[row]} {bends[column]} neurons solve it from {solved[row, column]} of {seeds} starts; fewer neurons, fewer starts"
