"""The six figures of lecture L00."""

from __future__ import annotations

from course_lib.checks import number, whole
from course_lib.widgets import css, esm
from course_lib.widgets.figure import Figure

CURVES = ("square", "cube", "wave", "edge")
PUZZLES, QUESTIONS, CELLS, MOST_RUNS = 6, 9, 4, 40


class NudgeSlope(Figure):
    """A point on a curve, a nudge, and the slope that the two make.

    slope = (f(x + Δ) − f(x)) / Δ

    x lies between −3 and 3, the nudge Δ between .001 and 2; f is "square", "cube", "wave" or "edge".
    Raises `ValueError` for others.

    >>> NudgeSlope(x=1, nudge=.5).values
    {'x': 1.0, 'nudge': 0.5, 'f': 'square'}
    """

    _esm = esm("start/nudge.js")
    _css = css("start/start.css")

    def __init__(self, f="square", *, x=1, nudge=1, title=""):
        if f not in CURVES:
            raise ValueError(f"f is {f!r}; this figure knows {', '.join(CURVES)}.")
        super().__init__(values={"x": within(x, "x", -3, 3), "nudge": within(nudge, "nudge", 0.001, 2), "f": f}, title=title)


class TwoKnobs(Figure):
    """Two knobs and one number, f(a, b) = (a − 1)² + ab/2 + b²: each slope with the other knob held.

    ∂f/∂a = 2(a − 1) + b/2        ∂f/∂b = a/2 + 2b

    a and b lie between −3 and 3. Raises `ValueError` for others.

    >>> TwoKnobs(a=2).values["b"]
    1.0
    """

    _esm = esm("start/knobs.js")
    _css = css("start/start.css")

    def __init__(self, a=-1, b=1, *, title=""):
        super().__init__(values={"a": within(a, "a", -3, 3), "b": within(b, "b", -3, 3)}, title=title)


class Gears(Figure):
    """Three axles and two belts: x turns u, u turns y, and the factors multiply.

    ∂y/∂x = ∂y/∂u · ∂u/∂x

    `first` and `second` are the factors, from −3 to 3 (below 0 the belt is crossed); x lies between −2 and 2 turns.
    Raises `ValueError` for others.

    >>> Gears(first=2, second=-1).values["second"]
    -1.0
    """

    _esm = esm("start/gears.js")
    _css = css("start/start.css")

    def __init__(self, first=2, second=1.5, *, x=0, title=""):
        values = {"x": within(x, "x", -2, 2), "first": within(first, "first", -3, 3), "second": within(second, "second", -3, 3)}
        super().__init__(values=values, title=title)


class ShapePuzzle(Figure):
    """Six puzzles of broadcasting: which shape has the sum of two arrays? The answer comes after the guess.

    `puzzle` is 1 to 6. Raises `ValueError` for others.

    >>> ShapePuzzle(2).values["puzzle"]
    2
    """

    _esm = esm("start/broadcasting.js")
    _css = css("start/start.css")

    def __init__(self, puzzle=1, *, title=""):
        values = {"puzzle": int(within(whole(puzzle, "puzzle"), "puzzle", 1, PUZZLES)), "guess": [0, "?"]}
        super().__init__(values=values, title=title)


class KernelMemory(Figure):
    """Four notebook cells and a kernel's memory: the cells can be run in any order, and the memory shows what ran.

    `ran` lists the cells that have run, counted from 1: up to 40 of them. Raises `ValueError` for others.

    >>> KernelMemory(ran=[1, 2]).values["ran"]
    [0, 1]
    """

    _esm = esm("start/kernel.js")
    _css = css("start/start.css")

    def __init__(self, ran=(), *, title=""):
        ran = [int(within(whole(cell, "ran"), "ran", 1, CELLS)) - 1 for cell in ran]
        if len(ran) > MOST_RUNS:
            raise ValueError(f"ran lists {len(ran)} cells; the figure remembers {MOST_RUNS}.")
        super().__init__(values={"ran": ran}, title=title)


class SelfTest(Figure):
    """Nine questions of school mathematics and notebooks, and which lectures their answers let you follow.

    Nothing is graded, and nothing leaves the page but into `values["answers"]`.

    >>> SelfTest().values["answers"].count(None)
    9
    """

    _esm = esm("start/selftest.js")
    _css = css("start/start.css")

    def __init__(self, *, title=""):
        super().__init__(values={"answers": [None] * QUESTIONS}, title=title)


def within(value, name: str, low: float, high: float) -> float:
    value = number(value, name)
    if not low <= value <= high:
        raise ValueError(f"{name} is {value:g}; the figure shows {low:g} to {high:g}.".replace("-", "−"))
    return value
