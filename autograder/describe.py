"""Comparing an answer with the right one, and saying in words how they differ when no known mistake fits."""

from __future__ import annotations

import numpy as np

ANY = object()        # a right value that anything is the same as
TOLERANCE = 1e-5      # relative to the larger of 1 and the right value: float32 answers are right answers


def numbers(value) -> np.ndarray | None:
    """`value` as an array of numbers, or None where it is none (text, None, a ragged list, an object)."""
    if value is None or isinstance(value, (str, bytes, dict, set)):
        return None
    try:
        array = np.asarray(value)
    except (TypeError, ValueError):
        return None
    return array if array.dtype.kind in "biufc" else None


def same(given, expected, tolerance=TOLERANCE) -> bool:
    """Whether the answer is the right one: same numbers within the tolerance, as list, tuple or array, of any number type."""
    if expected is ANY:
        return True
    if isinstance(expected, tuple):
        parts = _parts(given, len(expected))
        return parts is not None and all(same(part, right, tolerance) for part, right in zip(parts, expected))
    if expected is None or isinstance(expected, (str, bool)):
        return type(given) is type(expected) and given == expected
    given, expected = numbers(given), np.asarray(expected)
    if given is None:
        return False
    if given.shape != expected.shape and not (given.size == expected.size == 1):
        return False
    with np.errstate(invalid="ignore", over="ignore"):
        near = np.abs(given.astype(complex if given.dtype.kind == "c" else float).ravel() - expected.ravel()) <= tolerance * np.maximum(1, np.abs(expected.ravel()))
    finite = np.isfinite(expected.ravel())
    return bool(np.all(np.where(finite, near, given.ravel() == expected.ravel())))


def _parts(given, count):
    """The `count` parts of an answer that should be a tuple; None where it has another number of parts."""
    if isinstance(given, np.ndarray) and given.ndim == 0:
        return None
    if not isinstance(given, (tuple, list, np.ndarray)) or len(given) != count:
        return None
    return list(given)


def describe(given, expected, tolerance=TOLERANCE) -> str:
    """One sentence, true and useful, on how a wrong answer differs from the right one; it tells no hidden number."""
    if isinstance(expected, tuple):
        parts = _parts(given, len(expected))
        if parts is None:
            return f"It should return {len(expected)} things, but it returns {_kind(given)}."
        place, part, right = next((place, part, right) for place, (part, right) in enumerate(zip(parts, expected)) if not same(part, right, tolerance))
        return f"The {_ordinal(place)} of the {len(expected)} things it returns is wrong. {describe(part, right, tolerance)}"
    found, right = numbers(given), np.asarray(expected)
    if found is None:
        return f"It should be {_kind(expected)}, but it is {_kind(given)}."
    for description, fits in ((_shape, found.shape != right.shape and not found.size == right.size == 1), (_not_a_number, True), (_values, True)):
        sentence = description(found, right, tolerance) if fits else ""
        if sentence:
            return sentence
    return ""


def _shape(found, right, tolerance):
    given, expected = found.shape, right.shape
    if given == expected[::-1] and found.ndim == 2:
        return f"It has shape {given}, the transpose of the right shape {expected}."
    if found.size == right.size:
        return f"It has shape {given} where {expected} is right: as many numbers, arranged differently."
    if found.ndim == 2 and right.ndim == 1 and given[0] == given[1] == right.size:
        return f"It is a square of shape {given} where {expected} is right: a column met a row, and NumPy paired each with each."
    if found.ndim == 0:
        return f"It is one number where an answer of shape {expected} is right: something was summed or averaged too much."
    return f"It has shape {given}, right is {expected or 'one number'}."


def _not_a_number(found, right, tolerance):
    bad = ~np.isfinite(found) & np.isfinite(right)
    if not bad.any():
        return ""
    kind = "NaN (not a number)" if np.isnan(found[bad] if found.ndim else found).any() else "infinite"
    return f"{int(bad.sum())} of {found.size} numbers {'is' if bad.sum() == 1 else 'are'} {kind}."


def _values(found, right, tolerance):
    found, right = found.ravel().astype(float), right.ravel().astype(float)
    wrong = np.abs(found - right) > tolerance * np.maximum(1, np.abs(right))
    if same(-found, right, tolerance):
        return "Every number has the wrong sign."
    weighty = np.abs(right) > 1e-9
    if weighty.any() and not (found[~weighty] != 0).any():
        ratios = found[weighty] / right[weighty]
        if right.size > 1 and np.ptp(ratios) <= 1e-4 * abs(ratios[0]) and abs(ratios[0]) > 1e-9:
            return f"Every number is {ratios[0]:.4g} times the right one."
    differences = found - right
    if right.size > 1 and np.ptp(differences) <= tolerance * max(1, np.abs(differences).max()):
        return "Every number is off by the same amount."
    if right.size > 1 and not same(found, right) and same(np.sort(found), np.sort(right), tolerance):
        return "The numbers are right but stand in another order."
    if found.size > 1 and np.ptp(found) == 0:
        return "Every number is the same, whatever the input."
    if found.size == 1:
        return "The number is not the right one."
    return f"{int(wrong.sum())} of {found.size} numbers {'is' if wrong.sum() == 1 else 'are'} not right."


def _kind(value) -> str:
    if value is None:
        return "None"
    if isinstance(value, str):
        return "text"
    array = numbers(value)
    if array is None:
        return f"a {type(value).__name__} that holds no plain numbers" if isinstance(value, (list, tuple, np.ndarray)) else f"a {type(value).__name__}"
    return "one number" if array.ndim == 0 else f"numbers of shape {array.shape}" if not isinstance(value, tuple) else f"{len(value)} things"


def _ordinal(place):
    return ("first", "second", "third", "fourth", "fifth")[place] if place < 5 else f"{place + 1}th"


def show(value, digits=4) -> str:
    """A value as a person would write it on paper, short: ``[[0, 1], [0.5, -1]]``."""
    if isinstance(value, tuple):
        return "(" + ", ".join(show(part, digits) for part in value) + ")"
    array = numbers(value)
    if array is None:
        return repr(value)[:120]
    if array.dtype.kind == "c" or array.ndim > 2:
        return " ".join(np.array2string(array, precision=digits, separator=", ", threshold=12, edgeitems=2).split())
    return _listed(array * 1, digits)


def _listed(array, digits, most=8):
    if array.ndim == 0:
        return f"{array[()]:.{digits}g}"
    parts = [_listed(part, digits) for part in array[:most]]
    return f"[{', '.join(parts)}{', …' if len(array) > most else ''}]"
