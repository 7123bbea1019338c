"""Where no mistake of the catalogue fits a column filled by hand: the words for how it differs from what the rule gives.

All is said of the student's own numbers before it. The right numbers are told neither here nor by an odd factor: in
practice these words are free, and "0.3817 times the right one" would give the right one away.
"""

from __future__ import annotations

from typing import Mapping, Sequence

import numpy as np

TELLING = 5               # last places: a number below that is too near 0 for a factor to be seen

FACTORS = {
    100: "a hundred times the right {one}. Is it in percent, where a fraction is asked for?",
    .01: "a hundredth of the right {one}. Is it a fraction, where percent is asked for?",
    10: "ten times the right {one}: the decimal point stands one place too far to the right.",
    .1: "a tenth of the right {one}: the decimal point stands one place too far to the left.",
    2: "twice the right {one}.", .5: "half the right {one}.", 3: "three times the right {one}.", 4: "four times the right {one}.", .25: "a quarter of the right {one}.",
}
CHANGES = (
    (lambda right: 1 - right, "1 minus the right {one}."), (lambda right: 1 / right, "1 divided by the right {one}."),
    (lambda right: right ** 2, "the square of the right {one}."), (lambda right: np.sqrt(right), "the square root of the right {one}."),
)


def explain_column(cells: Sequence, others: Mapping[str, np.ndarray] | None = None, solution=None, decimals: int = 2) -> str:
    """A sentence on a column that has a wrong cell.

    A cell knows its `row`, what was `given` (None where it is empty), what is `expected` from the student's numbers before
    it, and whether it is `ok`. `others` are the numbers that belong into the other columns, by name, and `solution` those
    that the column has where all before it is right.
    """
    near = 1.0001 * 10.**-decimals                                 # a last place that is off by one
    filled = [cell for cell in cells if cell.given is not None]
    given, right = (np.array([getattr(cell, name) for cell in filled], float) for name in ("given", "expected"))
    if len(filled) == len(cells):
        sentence = _of_other_numbers(given, right, solution, near) or _of_another_column(given, right, others or {}, near) or _moved(given, right, near)
        if sentence:
            return sentence
    wrong = np.array([not cell.ok for cell in filled])
    for these in ((np.ones_like(wrong), wrong) if not wrong.all() else (wrong,)):        # the column as a whole, or else what is wrong in it
        if (sentence := _throughout(given[these], right[these], len(cells), decimals, near)):
            return _told(sentence, np.array([cell.row for cell in filled])[these], whole=bool(these.all()), count=len(cells))
    return _which(filled, wrong, len(cells))


def _which(filled, wrong, count) -> str:
    """Where the wrong numbers stand, if nothing else is seen."""
    if count == 1:
        return "It is not the number that the rule gives with your own numbers before it."
    if wrong.all():
        return f"None of its {len(filled)} numbers comes out of the rule with your own numbers before it: work one of them out again, alone."
    rows = [cell.row for cell, bad in zip(filled, wrong) if bad]
    return f"{_listed(rows)} of its {count} {'is' if len(rows) == 1 else 'are'} wrong, the {'others come' if len(filled) - len(rows) > 1 else 'other one comes'} out of the rule."


def _told(sentence, rows, whole, count) -> str:
    """A sentence of `_throughout` with its subject."""
    plural = not whole and len(rows) > 1
    it = "The number" if count == 1 else "Every number" if whole else _listed(rows)
    return sentence.format(it=it, its="their" if plural else "its", be="are" if plural else "is", have="have" if plural else "has", one="ones" if plural else "one")


def _listed(rows) -> str:
    *before, last = (str(row + 1) for row in rows)
    return f"Numbers {', '.join(before)} and {last}" if before else f"Number {last}"


# ---------------------------------------------------------------- what is looked for

def _near(given, right, room) -> bool:
    with np.errstate(invalid="ignore"):
        return given.shape == right.shape and bool(np.all(np.abs(given - right) <= room))


def _throughout(given, right, count, decimals, near) -> str:
    """What all these numbers have in common, told of `{it}`; "" where nothing is seen."""
    if _near(given, -right, near):
        return "{it} {have} the right size and the wrong sign."
    if count > 1 and len(given) == count:
        factors = {**FACTORS, float(count): f"{count} times the right {{one}}, and there are {count} numbers. Is it a sum, where a mean is asked for?",
                   1 / count: f"the right {{one}} divided by {count}, and there are {count} numbers. Is it a mean, where a sum is asked for?"}
    else:
        factors = FACTORS
    for factor, words in factors.items():
        for sign, besides in ((1, ""), (-1, " The sign is wrong besides.")):
            wanted, room = sign * factor * right, near * max(1, factor)
            if np.abs(wanted).max() > TELLING * room and _near(given, wanted, room):
                return f"{{it}} {{be}} {words}{besides}"
    for places in range(decimals):
        for cut, words in ((np.round, "rounded to"), (_cut, "cut off after")):
            if _near(given, cut(right, places), 1e-9):
                asked = f"{decimals} decimals are asked for."
                return f"{{it}} {{be}} a whole number; {asked}" if places == 0 and cut is np.round else f"{{it}} {{be}} {words} {places} decimal{'s' * (places != 1)}; {asked}"
    with np.errstate(all="ignore"):
        for change, words in CHANGES:
            if np.abs(change(right) - right).min() > TELLING * near and _near(given, change(right), near):
                return f"{{it}} {{be}} {words}"
    if len(given) > 1 and np.ptp(given - right) <= near:
        return "{it} {be} off by the same amount. Is something added that does not belong there, or left out that does?"
    off = np.abs(given - right)
    if np.abs(right).max() > TELLING * near and np.all((off > near / 2) & (off <= np.maximum(.05 * np.abs(right), near))):
        return "{it} {be} nearly right. Was something rounded on the way, before the last step?"
    return ""


def _cut(numbers, places):
    return np.trunc(numbers * 10.**places + 1e-9 * np.sign(numbers)) / 10.**places


def _of_other_numbers(given, right, solution, near) -> str:
    solution = right if solution is None else np.atleast_1d(solution).ravel()
    if _near(right, solution, near) or not _near(given, solution, near):
        return ""
    return "This would follow from other numbers than those that you wrote before it. Was one of them changed afterwards?"


def _of_another_column(given, right, others, near) -> str:
    for name, numbers in others.items():
        numbers = np.atleast_1d(numbers).astype(float).ravel()
        if len(given) > 1 and np.ptp(numbers) > near and _near(given, numbers, near) and not _near(numbers, right, near):
            return f"These are the numbers of {name}."
    return ""


def _moved(given, right, near) -> str:
    """The right numbers at other places. (Of a column of zeros and ones nobody can tell.)"""
    if len(given) > 2 and np.ptp(given) <= 1e-9 and np.ptp(right) > near:
        return "All its numbers are the same, and those of the rule are not."
    if len(np.unique(np.round(right, 2))) < min(3, len(right)) or len(right) < 2:
        return ""
    if len(given) > 2 and _near(given[1:], right[:-1], near):
        return "The numbers are right and stand one place too low: number 1 stands at place 2, and so on."
    if len(given) > 2 and _near(given[:-1], right[1:], near):
        return "The numbers are right and stand one place too high: number 2 stands at place 1, and so on."
    if not _near(np.sort(given), np.sort(right), near):
        return ""
    if len(given) > 2 and _near(given[::-1], right, near):
        return "The numbers are right and stand in reverse order."
    moved = np.flatnonzero(np.abs(given - right) > near)
    return f"{_listed(moved)} are exchanged: each stands in the other's place." if len(moved) == 2 else "The numbers are right and stand in another order."
