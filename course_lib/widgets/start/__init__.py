"""Figures of lecture L00: what you need before you start, and whether you have it.

    NudgeSlope        a slope, by nudging a point on a curve                             (nudge.js)
    TwoKnobs          two partial slopes: turn one knob, hold the other                  (knobs.js)
    Gears             the chain rule: two couplings one after the other                  (gears.js)
    ShapePuzzle       broadcasting: which shape has the sum?                             (broadcasting.js)
    KernelMemory      what a notebook's kernel remembers                                 (kernel.js)
    SelfTest          nine questions, and which lectures you can already follow          (selftest.js)

The arithmetic is in slopes.js, shapes.js, memory.js and ready.js, without a page, and is tested against NumPy and Python.
"""

from course_lib.widgets.start.figures import Gears, KernelMemory, NudgeSlope, SelfTest, ShapePuzzle, TwoKnobs

__all__ = ["NudgeSlope", "TwoKnobs", "Gears", "ShapePuzzle", "KernelMemory", "SelfTest"]
