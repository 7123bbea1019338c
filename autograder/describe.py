"""Comparing an answer with the right one, and saying in words how they differ when no known mistake fits."""

from __future__ import annotations

import itertools

import numpy as np

from .firstaid import explain_result

ANY = object()        # a right value that anything is the same as
TOLERANCE = 1e-5      # relative to the larger of 1 and the right value: float32 answers are right answers


def numbers(value) -> np.ndarray | None:
    """`value` as an array of numbers, or None where it is none (text, None, a ragged list, an object)."""
    if value is None or isinstance(value, (str, bytes, dict, set)) or _elsewhere(value):
        return None
    try:
        array = np.asarray(value)
    except (TypeError, ValueError):
        return None
    return array if array.dtype.kind in "biufc" else None


def _elsewhere(value):
    """Whether something in it stayed in the student's process: NumPy would ask it for its parts, which need never end."""
    return type(value).__name__ == "Proxy" or isinstance(value, (list, tuple)) and any(map(_elsewhere, value))


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


def first_difference(given, expected, tolerance=TOLERANCE):
    """(which of several things, the wrong one, the right one): the first thing of a tuple that is wrong, or all of it as it is."""
    parts = _parts(given, len(expected)) if isinstance(expected, tuple) and len(expected) > 1 else None
    wrong = [] if parts is None else [place for place, (part, right) in enumerate(zip(parts, expected)) if not same(part, right, tolerance)]
    if not wrong:
        return "", given, expected
    first = wrong[0]
    which = "" if isinstance(expected[first], str) else f" as the {_ordinal(first)} thing"       # words are what was seen of it, not what it returns
    return which, parts[first], expected[first]


def describe(given, expected, tolerance=TOLERANCE, *, args=(), hidden=False) -> str:
    """One sentence, true and useful, on how a wrong answer differs from the right one; it tells no right number.

    `args` are the arguments of the case: with them a sum over the wrong axis is seen. Of a `hidden` case no number at
    all is told, not even one that the student's code chose: it could have put the case's own numbers there.
    """
    if isinstance(expected, tuple):
        parts = _parts(given, len(expected))
        if parts is None:
            return f"It should return {len(expected)} things, but it returns {_kind(given, hidden)}."
        wrong = [(place, part, right) for place, (part, right) in enumerate(zip(parts, expected)) if not same(part, right, tolerance)]
        if not wrong:
            return ""
        place, part, right = wrong[0]
        return f"The {_ordinal(place)} of the {len(expected)} things it returns is wrong. {describe(part, right, tolerance, args=args, hidden=hidden)}"
    if isinstance(given, str) and isinstance(expected, str):
        return "It is not the right text."
    found, right = numbers(given), numbers(expected)
    if found is None or right is None:
        return explain_result(given, expected=expected, told=not hidden) or f"It should be {_kind(expected)}, but it is {_kind(given, hidden)}."
    if (sentence := _shape(found, right, _table(args), hidden)):
        return sentence
    found = found.reshape(right.shape)
    for sentence in (_not_a_number(found, right, hidden), _kind_of_number(found, right, tolerance)):
        if sentence:
            return sentence
    return _values(_real(found), _real(right), tolerance, hidden)


def describe_growth(given, expected, cases, tolerance=TOLERANCE, *, names=()) -> str:
    """How the answers to several cases differ from the right ones as the data grow; "" where no rule is seen.

    `cases` are the arguments of each and `names` what they are called. A sum where a mean is asked is N times too
    large, whatever N is.
    """
    known = []
    for one, right, args in zip(given, expected, cases):
        one, right = numbers(one), numbers(right)
        if right is not None and not np.abs(right).max(initial=0) > 1e-9 and same(one, right, tolerance):
            continue                                                # 0 stays 0, whatever it is multiplied by
        known.append((_factor(one, right, tolerance), args))
    if len(known) < 2 or any(factor is None for factor, _ in known):
        return ""
    factor = np.array([factor for factor, _ in known])
    if np.ptp(factor) <= 1e-4 * abs(factor[0]):
        return f"It is {factor[0]:.4g} times the right one in every case." if abs(abs(factor[0]) - 1) > 1e-3 else ""
    for what, n in _lengths([args for _, args in known], names):
        for rule, sentence in RULES:
            with np.errstate(divide="ignore", invalid="ignore"):
                constant = factor / rule(n)
            if np.isfinite(constant).all() and np.ptp(constant) <= 1e-4 * np.abs(constant).max():
                return f"{sentence.format(what)}{'' if abs(constant[0] - 1) <= 1e-4 else ' A constant factor is off besides.'}"
    return ""


RULES = (
    (lambda n: n, "It is N times the right one, N being {0}, so it grows with them. Is a mean asked for and a sum returned?"),
    (lambda n: 1 / n, "It is the right one divided by N, N being {0}. Is it divided by N once too often, or a mean taken where a sum is asked for?"),
    (lambda n: n / (n - 1), "It is N / (N − 1) times the right one, N being {0}: is it divided by N − 1?"),
    (lambda n: np.sqrt(n), "It is √N times the right one, N being {0}: is it divided by √N where N is right?"),
    (lambda n: n ** 2, "It is N² times the right one, N being {0}: is it multiplied by N where it is to be divided?"),
)


def _lengths(cases, names):
    """What the cases have more or less of, with how many in each: the rows of an argument, then its columns."""
    for axis, word in enumerate(("rows", "columns")):
        for place, (arrays, name) in enumerate(itertools.zip_longest(zip(*(map(numbers, args) for args in cases)), names)):
            if arrays and all(array is not None and array.ndim > axis for array in arrays):
                n = np.array([array.shape[axis] for array in arrays], float)
                if np.ptp(n):
                    yield f"the number of {word} of " + (f"`{name}`" if name else f"its {_ordinal(place)} argument"), n


def _factor(found, right, tolerance):
    """The one number by which the right answer is multiplied to give the answer; None where there is none."""
    if found is None or right is None or found.shape != right.shape and not found.size == right.size == 1:
        return None
    found, right = _real(found).ravel(), _real(right).ravel()
    weighty = np.abs(right) > 1e-9
    if not weighty.any() or not np.isfinite(found).all() or np.abs(found[~weighty]).max(initial=0) > tolerance:
        return None
    ratios = found[weighty] / right[weighty]
    steady = np.ptp(ratios) <= 1e-4 * abs(ratios[0]) and abs(ratios[0]) > 1e-9
    return float(ratios[0]) if steady else None


def _table(args):
    """(N, D) of the first table among the arguments, or None."""
    return next((array.shape for array in map(numbers, args) if array is not None and array.ndim == 2), None)


def _shape(found, right, table, hidden):
    given, expected = found.shape, right.shape
    if given == expected or found.size == right.size == 1:
        return ""
    shapes = "" if hidden else f" It has shape {given}, right is {expected}." if expected else f" It has shape {given}."
    if found.size == 0:
        return "It is empty: it holds no number at all."
    if given == expected[::-1]:
        return f"It has the transpose of the right shape: rows and columns are exchanged.{shapes}"
    if table and table[0] != table[1] and found.ndim == right.ndim == 1 and {given[0], expected[0]} == set(table):
        each, asked = ("column", "row") if given[0] == table[1] else ("row", "column")
        return f"It holds one number for each {each}, where one for each {asked} is right: it was summed along the wrong axis.{shapes}"
    if found.size == right.size:
        return f"It holds as many numbers as are right, but its shape is another.{shapes}"
    if given == (right.size, right.size) and (right.ndim == 1 or right.ndim == 2 and 1 in expected):
        return f"It is a square: a column met a row, and NumPy paired each with each.{shapes}"
    if found.ndim == 0:
        return f"It is one number where several are right: something was summed or averaged too much.{shapes}"
    if right.ndim == 0:
        return f"It holds several numbers where one is right: is a sum or a mean missing?{shapes}"
    return f"It has another shape than is right.{shapes}"


def _not_a_number(found, right, hidden):
    bad = ~np.isfinite(found) & np.isfinite(right)
    if not bad.any():
        return ""
    if np.isnan(found[bad]).any():
        return f"{_count(bad, hidden)} NaN (not a number): 0 / 0, ∞ − ∞, or the logarithm of a negative number makes one."
    return f"{_count(bad, hidden)} infinite: a division by 0, the logarithm of 0 or the exponential of a large number makes one."


def _kind_of_number(found, right, tolerance):
    """Complex numbers, whole numbers where fractions are right, yes and no where numbers are."""
    if found.dtype.kind == "c" and right.dtype.kind != "c":
        imaginary = np.abs(found.imag).max() > tolerance
        return "It holds complex numbers: was a root or a power taken of a negative number?" if imaginary else ""
    found, right = _real(found), _real(right)
    whole = found == np.round(found)
    if whole.all() and not same(np.round(right), right, tolerance) and np.unique(right).size > 1:
        for cut, how in ((np.round, "rounded"), (np.trunc, "cut off"), (np.floor, "rounded down")):
            if np.array_equal(found, cut(right)):
                return f"It holds whole numbers where fractions are right: they were {how}. Arrays of whole numbers, `int(…)`, `round` and `//` do that."
    return ""


def _values(found, right, tolerance, hidden):
    table, found, right = (found, right), found.ravel(), right.ravel()
    factor = _factor(found, right, tolerance)
    if same(-found, right, tolerance):
        return "Every number has the wrong sign." if found.size > 1 else "The number has the wrong sign."
    if right.size > 1 and found.size and np.ptp(found) == 0 and np.ptp(right) > 0:
        return "Every number is 0." if found[0] == 0 else "Every number is the same, whatever the input."
    if right.size > 1 and factor is not None:
        return "Every number is the same multiple of the right one." if hidden else f"Every number is {factor:.4g} times the right one."
    differences = found - right
    if right.size > 1 and np.ptp(differences) <= tolerance * max(1, np.abs(differences).max()):
        return "Every number is off by the same amount."
    sentence = _another_order(*table, tolerance) if right.size > 1 else ""
    if sentence:
        return sentence
    for change, words in CHANGES:
        with np.errstate(all="ignore"):
            changed = change(right)
        if np.isfinite(changed).all() and same(found, changed, tolerance) and not same(changed, right, 1e-3):
            return f"{'Every number' if found.size > 1 else 'The number'} is {words}."
    return _some(found, right, tolerance, hidden)


CHANGES = (
    (lambda right: 1 / right, "1 divided by the right one"),
    (lambda right: 1 - right, "1 minus the right one"),
    (lambda right: right ** 2, "the square of the right one"),
    (lambda right: np.sqrt(right), "the square root of the right one"),
    (lambda right: np.log(right), "the logarithm of the right one"),
    (lambda right: np.exp(right), "the exponential of the right one"),
)


def _another_order(found, right, tolerance):
    """Where the numbers are the right ones and stand elsewhere: how they were moved; else ""."""
    if not same(np.sort(found, axis=None), np.sort(right, axis=None), tolerance):
        return ""
    if found.ndim == 2:
        if found.shape[0] == found.shape[1] and same(found.T, right, tolerance):
            return "It is the transpose of the right one: rows and columns are exchanged."
        for axis, words in ((1, "columns"), (0, "rows")):
            if same(np.flip(found, axis), right, tolerance) or _moved(found, right, axis, tolerance):
                return f"The {words} are right but stand in another order."
    elif found.ndim == 1:
        if same(found[::-1], right, tolerance):
            return "The numbers are right but stand in reverse order."
        if same(np.roll(found, -1), right, tolerance) or same(np.roll(found, 1), right, tolerance):
            return "The numbers are right but each stands one place too far."
    return "The numbers are right but stand in another order."


def _moved(found, right, axis, tolerance):
    """Whether the lines along an axis are the right ones, in another order."""
    left = list(np.moveaxis(right, axis, 0))
    for line in np.moveaxis(found, axis, 0):
        match = next((place for place, one in enumerate(left) if same(line, one, tolerance)), None)
        if match is None:
            return False
        left.pop(match)
    return True


def _some(found, right, tolerance, hidden):
    """Which of the numbers are wrong, and how far."""
    wrong = np.abs(found - right) > tolerance * np.maximum(1, np.abs(right))
    if found.size == 1:
        near = np.abs(found - right) <= .01 * np.abs(right)
        return "The number is nearly right, off by less than 1 %: was something rounded on the way?" if near else "The number is not the right one."
    if (np.abs(found - right) <= .01 * np.abs(right)).all():
        return "Every number is nearly right, off by less than 1 %: was something rounded on the way, or computed with too few digits?"
    if not np.all(found >= 0) and same(np.abs(found), np.abs(right), tolerance):
        return "The sizes are right, but some signs are wrong."
    if same(found, np.abs(right), tolerance):
        return "The sizes are right, but negative numbers came out positive."
    for place, words in ((0, "first"), (-1, "last")):
        if found.size > 2 and wrong.sum() == 1 and wrong[place]:
            return f"Only the {words} of the numbers is not right."
        if found.size > 2 and (~wrong).sum() == 1 and not wrong[place]:
            return f"Only the {words} of the numbers is right."
    return "None of the numbers is right." if wrong.all() else f"{_count(wrong, hidden)} not right."


def _real(array):
    """An array as ordinary numbers."""
    return array.real.astype(float) if array.dtype.kind == "c" else array.astype(float)


def _count(marked, hidden):
    """"3 of 7 numbers are", for the numbers that are marked."""
    some, most = int(marked.sum()), marked.size
    if some == most:
        return "The number is" if most == 1 else "All numbers are"
    return "Some of the numbers are" if hidden else f"{some} of {most} numbers {'is' if some == 1 else 'are'}"


def _kind(value, hidden=False) -> str:
    if value is None:
        return "None"
    if isinstance(value, str):
        return "text"
    array = numbers(value)
    if array is None:
        return "a list that holds no plain numbers" if isinstance(value, (list, tuple, np.ndarray)) else "an object" if hidden else f"a {type(value).__name__}"
    if isinstance(value, tuple):
        return "another number of things" if hidden else f"{len(value)} thing{'s' * (len(value) != 1)}"
    return "one number" if array.ndim == 0 else "numbers of another shape" if hidden else f"numbers of shape {array.shape}"


def _ordinal(place):
    return ("first", "second", "third", "fourth", "fifth")[place] if place < 5 else f"{place + 1}th"


def show(value, digits=4) -> str:
    """A value as a person would write it on paper, short: ``[[0, 1], [0.5, -1]]``."""
    if isinstance(value, tuple):
        return "(" + ", ".join(show(part, digits) for part in value) + ")"
    array = numbers(value)
    if array is None:
        return repr(value)[:120]
    if array.dtype.kind == "c":
        return " ".join(np.array2string(array, precision=digits, separator=", ", threshold=12, edgeitems=2).split())
    return _listed(array * 1 + 0., digits, most=8 if array.ndim < 3 else 4)


def _listed(array, digits, most=8):
    if array.ndim == 0:
        return f"{array[()]:.{digits}g}"
    parts = [_listed(part, digits, most) for part in array[:most]]
    return f"[{', '.join(parts)}{', …' if len(array) > most else ''}]"
