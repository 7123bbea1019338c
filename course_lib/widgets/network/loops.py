"""Loops against matrices, as measured."""

from __future__ import annotations

import numpy as np

from course_lib.checks import floats, whole
from course_lib.widgets import css, esm
from course_lib.widgets.figure import Figure


class LoopTimes(Figure):
    """Seconds for one gradient by loops and by matrices, against the number of rows: what you have measured, to be read off.

    sizes, loop and matrix are lists of the same length: rows, growing, and seconds. `n` is the number of features.

    >>> LoopTimes([10, 100], [1e-3, 1e-2], [1e-4, 1e-4], n=20).values
    {'m': 10}
    """

    _esm = esm("network/loops.js")
    _css = css("network/network.css")

    def __init__(self, sizes, loop, matrix, *, n: int):
        _, sizes, loop, matrix = floats(sizes=sizes, loop=loop, matrix=matrix)
        if sizes.ndim != 1 or len(sizes) < 2 or not sizes.shape == loop.shape == matrix.shape:
            raise ValueError("sizes, loop and matrix must be lists of the same length, of two measurements at least.")
        if np.any(np.diff(sizes) <= 0) or min(sizes[0], loop.min(), matrix.min()) <= 0:
            raise ValueError("sizes must grow, and sizes and seconds must be above 0.")
        data = {"sizes": sizes.astype(int).tolist(), "loop": loop.tolist(), "matrix": matrix.tolist(), "n": whole(n, "n")}
        super().__init__(values={"m": int(sizes[0])}, data=data)
