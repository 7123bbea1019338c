"""Questions that ask for chosen numbers, of which many are right."""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any, Callable, Mapping

import numpy as np

from ..describe import numbers
from ..firstaid import explain_result
from ..sandbox.session import StudentError, StudentGone
from .language import Question


@dataclasses.dataclass(frozen=True, kw_only=True)
class ValuesQuestion(Question):
    """Choose numbers. `shapes` names them and their shapes; `shares(values)` says how much of each group they earn (0 to 1)."""

    shapes: Mapping[str, tuple[int, ...]]
    shares: Callable[[Mapping[str, np.ndarray]], Mapping[str, float]]
    evidence: Callable[[Mapping[str, np.ndarray]], str] = lambda values: ""
    example: Mapping[str, Any] | None = None

    def judge(self, get, rng=None, assignment=""):
        practice = rng is None
        values = {}
        for name, shape in self.shapes.items():
            try:
                given = get(name)
            except (NameError, StudentGone, StudentError) as error:
                return self.lost(assignment, error, name, practice)
            problem = _value_problem(given, shape)
            if problem:
                blank = is_blank(given)
                return self.verdict(assignment, {}, "Not filled in yet." if blank else f"`{name}` is not what is asked for.", status="blank" if blank else "failed",
                                    explanation=f"`{name}`: {problem}", practice=practice)
            values[name] = numbers(given).astype(float).reshape(shape)
        shares = self.shares(values)
        if all(shares.get(group) == 1 for group in self.groups):
            return self.verdict(assignment, shares, "Right.", practice=practice)
        fitting = tuple(itertools.islice((mistake for mistake in self.mistakes if mistake.fits(values)), 1))
        headline = f"{fitting[0].name}." if fitting else "Not right yet."
        return self.verdict(assignment, shares, headline, mistakes=fitting, explanation=fitting[0].sentence if fitting else "",
                            evidence=self.evidence(values), practice=practice)


def is_blank(value):
    flat = list(value) if isinstance(value, (list, tuple)) else [value]
    return all(item is None or item is Ellipsis or type(item).__name__ == "Proxy" and item._of[-1] == "ellipsis" for item in flat)


def _value_problem(given, shape) -> str:
    """What is wrong with a value that should be numbers of a shape; "" where nothing is."""
    asked = "one number" if shape in ((), (1,)) else f"{shape[0]} numbers" if len(shape) == 1 else f"numbers of shape {shape}"
    if is_blank(given):
        return f"write {asked} in place of the dots."
    found = numbers(given)
    if found is None:
        return explain_result(given) or f"{asked} {'is' if asked == 'one number' else 'are'} asked for, but it holds something that is no number."
    if found.dtype.kind == "c" or not np.isfinite(found.astype(complex)).all():
        return "it must be finite, ordinary numbers."
    if found.shape != shape and not (found.size == int(np.prod(shape)) and (found.size == 1 or len(shape) == 1)):
        return f"{asked} {'is' if asked == 'one number' else 'are'} asked for, you gave {'one number' if found.ndim == 0 else f'{found.size} numbers' if found.ndim == 1 else f'shape {found.shape}'}."
    return ""
