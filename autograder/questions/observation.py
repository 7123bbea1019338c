"""What can be seen of a function from outside, on one set of arguments: here, or in the student's process."""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import io
import warnings
from contextlib import redirect_stdout
from typing import Any, Callable

import numpy as np

from ..describe import TOLERANCE, numbers, same


@dataclasses.dataclass(frozen=True)
class Observation:
    """What a function did with one probe: its value or its error, what it changed in place, warned of and printed."""

    value: Any = None
    error: Exception | None = None
    changed: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()
    printed: str = ""

    @property
    def nbytes(self) -> int:
        """How many bytes the arrays and texts of the value take."""
        return _bytes_of(self.value)

    @property
    def silent(self) -> bool:
        """Whether nothing came of it: neither a value, nor any part of one, nor an error, nor a change."""
        return self.error is None and not self.changed and _is_nothing(self.value)

    def agrees(self, other: "Observation", tolerance=TOLERANCE) -> bool:
        """Whether two observations are those of the same function, as far as one probe shows."""
        if (self.error is None) != (other.error is None) or self.changed != other.changed:
            return False
        if self.error is not None:
            return kind_of(self.error) == kind_of(other.error)
        return _alike(self.value, other.value, tolerance)


def _is_nothing(value):
    return value is None or isinstance(value, tuple) and bool(value) and all(map(_is_nothing, value))


def _bytes_of(value) -> int:
    if isinstance(value, dict):
        return sum(map(_bytes_of, value.keys())) + sum(map(_bytes_of, value.values()))
    if isinstance(value, (list, tuple, set, frozenset)):
        return 8 * len(value) + sum(_bytes_of(item) for item in value if not isinstance(item, (bool, int, float)))
    return value.nbytes if isinstance(value, (np.ndarray, np.generic)) else len(value) if isinstance(value, (str, bytes)) else 0


def kind_of(error):
    return getattr(error, "kind", type(error).__name__)


def _alike(value, other, tolerance):
    """Like `same`, but NaN equals NaN: two wrong answers are compared, not an answer with the right one."""
    if isinstance(value, (tuple, list)) and isinstance(other, (tuple, list)):
        return len(value) == len(other) and all(_alike(a, b, tolerance) for a, b in zip(value, other))
    if isinstance(value, str) or isinstance(other, str):
        return value == other if type(value) is type(other) else False
    found, known = numbers(value), numbers(other)
    if found is None and known is None and isinstance(value, dict) and isinstance(other, dict):
        return value.keys() == other.keys() and all(_alike(value[key], other[key], tolerance) for key in value)
    if found is None or known is None or found.shape != known.shape:
        return found is None and known is None and type(value) is type(other)
    value, other = found, known
    hollow = np.isnan(other)
    return bool(np.array_equal(np.isnan(value), hollow)) and same(np.where(hollow, 0, value), np.where(hollow, 0, other), tolerance)


def observe(function: Callable, args: tuple, *, of: Any = None, summary: Callable = lambda value: value) -> Observation:
    """Call the function on fresh copies of the arguments and note all that can be seen from outside.

    Works alike on a function of this process and on a proxy of the student's; a process that ended is an error too.
    `of` is the student's own object where `function` only makes use of it; `summary(value)` is what is kept of the value.
    """
    given = copy.deepcopy(args)
    printed = io.StringIO()
    with warnings.catch_warnings(record=True) as noticed, redirect_stdout(printed):
        warnings.simplefilter("always")
        try:
            value, error = function(*given), None
        except (Exception, SystemExit) as raised:
            value, error = None, raised
        if error is None:
            with contextlib.suppress(Exception):        # a value of another kind than was asked for stays as it is, to be told so
                value = summary(value)
    session = getattr(function if of is None else of, "_of", (None,))[0]
    if session is not None:
        told, text = tuple(session.warnings), session.printed
    else:
        told, text = tuple(f"{w.category.__name__}: {w.message}" for w in noticed), printed.getvalue()
    changed = tuple(place for place, (now, was) in enumerate(zip(given, args)) if not _identical(now, was))
    return Observation(value, error, changed, told, text)


def _identical(now, was):
    if isinstance(was, np.ndarray):
        return np.array_equal(now, was, equal_nan=was.dtype.kind in "fc")
    return callable(was) or type(now) is type(was) and now == was
