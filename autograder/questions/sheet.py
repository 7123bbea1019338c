"""A sheet of numbers worked out by hand, step after step, each judged on the student's own earlier ones.

A `Sheet` answers to the same calls as `course_lib.hand_table.HandTable`, which is the sheet of one neuron: `fill` writes
a column, `check` reports on every cell. Its columns are any steps of any derivation.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Callable, Mapping

import numpy as np


@dataclasses.dataclass(frozen=True)
class Cell:
    """One number of a sheet: where it stands, what was written (None where nothing was), what it should be, and whether that is so."""

    column: str
    row: int
    given: float | None
    expected: float
    ok: bool


@dataclasses.dataclass(frozen=True)
class Report:
    """All cells of a sheet, in the order in which it is filled."""

    cells: tuple[Cell, ...]

    @property
    def right(self) -> int:
        return sum(cell.ok for cell in self.cells)

    @property
    def total(self) -> int:
        return len(self.cells)

    def __str__(self):
        wrong = [cell for cell in self.cells if not cell.ok and cell.given is not None]
        empty = sum(cell.given is None for cell in self.cells)
        lines = []
        if wrong:
            first = wrong[0]
            many = sum(cell.column == first.column for cell in self.cells) > 1
            lines.append(f"First wrong: {first.column}{f', number {first.row + 1}' if many else ''}. You wrote {first.given:g}; from your own numbers before it another comes out.")
        lines.append(f"{self.right} of {self.total} numbers are right, {len(wrong)} {'is' if len(wrong) == 1 else 'are'} wrong{f', {empty} still empty' if empty else ''}.")
        return "\n".join(lines)


class Sheet:
    """An empty sheet. `columns` gives, in order, each step's name and its rule: from the earlier steps' numbers to its own.

    A rule takes a dict of the earlier steps (a step of one number is that number, another an array of one axis) and
    returns one number or a flat array. Numbers are compared to `decimals` places: a last place that is off by one, as
    rounding on the way makes it, is right.

    >>> sheet = Sheet({"h": lambda so_far: np.array([2., -1.]), "total": lambda so_far: so_far["h"].sum()})
    >>> print(sheet.fill("h", [2, 1]).fill("total", 3).check())
    First wrong: h, number 2. You wrote 1; from your own numbers before it another comes out.
    2 of 3 numbers are right, 1 is wrong.
    """

    def __init__(self, columns: Mapping[str, Callable[[dict], Any]], *, decimals: int = 2):
        self.columns, self.decimals = dict(columns), decimals
        self._right = self.solution()
        self._written = {name: np.full(np.size(right), np.nan) for name, right in self._right.items()}

    def solution(self) -> dict:
        """Each step's right numbers, unrounded."""
        found: dict = {}
        for name, rule in self.columns.items():
            found[name] = _plain(rule(dict(found)))
        return found

    def fill(self, column: str, values) -> "Sheet":
        """Write one step: as many numbers as it has, None where one stays empty. ValueError where they are not that many."""
        values = list(values) if isinstance(values, (list, tuple, np.ndarray)) else [values]
        wanted = self._written[column].size
        if len(values) != wanted:
            raise ValueError(f"{column} needs {'one number' if wanted == 1 else f'{wanted} numbers'}; you gave {len(values)}")
        self._written[column] = np.array([_number(value, column) for value in values])
        return self

    def check(self) -> Report:
        """A report on every cell, each judged on what was written before it (on the right number where nothing was)."""
        cells, so_far, faultless = [], {}, True
        for name, rule in self.columns.items():
            given, right = self._written[name], np.atleast_1d(self._right[name])
            own = np.atleast_1d(_plain(rule(dict(so_far))))
            ok = self._near(given, own) | (faultless & self._near(given, right))          # who went on with unrounded numbers is right too
            cells += [Cell(name, row, None if np.isnan(value) else float(value), float(expected), bool(fine))
                      for row, (value, expected, fine) in enumerate(zip(given, own, ok))]
            faultless &= bool(np.all(ok | np.isnan(given)))
            so_far[name] = np.where(np.isnan(given), own, given).reshape(np.shape(self._right[name]))[()]
        return Report(tuple(cells))

    def _near(self, given, expected):
        with np.errstate(invalid="ignore"):
            return np.abs(given - expected) <= 1.0001 * 10.0**-self.decimals


def _plain(value):
    value = np.asarray(value, dtype=float)
    return value[()] if value.ndim == 0 else value.ravel()


def _number(value, column):
    if value is None or (isinstance(value, str) and not value.strip()):
        return np.nan
    if isinstance(value, (str, bytes, complex)) or np.ndim(value):
        raise ValueError(f"{column} holds {value!r}; each place holds one number, such as 0.38, or None while it is empty")
    value = float(value)
    if np.isinf(value):
        raise ValueError(f"{column} holds {value}; every number here is finite")
    return value
