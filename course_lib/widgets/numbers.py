"""Traits that hold lists of finite numbers: what a figure shares with the page. Arrays, tuples and lists are welcome."""

from __future__ import annotations

import numpy as np
import traitlets

from course_lib.checks import floats


class Numbers(traitlets.TraitType):
    """Finite numbers as (nested) lists of floats; `shape` has None where any length will do, () is a single number.

    >>> class Line(traitlets.HasTraits):
    ...     w = Numbers((2,))
    >>> line = Line(w=np.array([1, -1]))
    >>> line.w
    [1.0, -1.0]
    >>> line.w = [1, 2, 3]
    Traceback (most recent call last):
    ValueError: w must be 2 numbers; got an array of shape (3,).
    """

    def __init__(self, shape: tuple, **options):
        super().__init__(**options)
        self.shape = shape

    def validate(self, owner, value):
        return numbers(value, self.shape, self.name)


def numbers(value, shape: tuple, name: str):
    """`value` as lists of floats (or one float), or a sentence about what is wrong with it."""
    _, array = floats(**{name: value})
    if array.ndim != len(shape) or any(want not in (None, have) for want, have in zip(shape, array.shape)):
        raise ValueError(f"{name} must be {_in_words(shape)}; got an array of shape {tuple(array.shape)}.")
    return np.asarray(array, dtype=float).tolist()


def _in_words(shape: tuple) -> str:
    if not shape:
        return "a single number"
    if len(shape) == 1:
        return f"{shape[0]} numbers" if shape[0] else "a list of numbers"
    return f"rows of {shape[1]} numbers"
