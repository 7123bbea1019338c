"""What counts as right in a hand table.

**On your own numbers.** Every cell is judged on what the student wrote before it: p on the h in the same row,
the loss on that p. So one slip costs one cell, not a row.

**To so many decimals.** With `decimals=2`, as on the slides, a cell may be off by half a unit of the last place,
either way: for .375 both .37 and .38 are right. Behind a right cell a student may hold the number that is
written (.38) or the one that was rounded to it (.3775…), and go on with either; what follows is right when
it rounds from anything between the two. Behind a wrong cell only the student knows what was rounded, so
what follows may come from any number that rounds to the one written.

**A decision cannot be rounded.** ŷ is right when it is the decision on one number: on the p that is written,
or on an unrounded p that the written one agrees with. So at h = 0, where p is .5 exactly, only 1 is right.

**To full precision.** With `decimals=None` a cell must agree to one part in a million of the terms added up in
it. float32 carries seven digits and a few operations cost the last of them; slips are far larger than that.
"""

from dataclasses import dataclass

import numpy as np

from course_lib.hand_table.report import CellReport, TableReport, number_in_words

FULL_PRECISION = 1e-6


@dataclass(frozen=True)
class Held:
    """What a student may hold behind the cells of a column.

    points       (K, N), single numbers; the first is the one written (or expected, where nothing is)
    low, high    (N,), the range that rounding leaves open around them
    """

    points: np.ndarray
    low: np.ndarray
    high: np.ndarray


@dataclass(frozen=True)
class Judged:
    """One column: what was expected and what is right, (N,) each, and what may be held behind it."""

    expected: np.ndarray
    ok: np.ndarray
    held: Held


class Judge:
    """One check of one table."""

    def __init__(self, table):
        self.table = table
        self._done = {}

    def report(self, html):
        """The report on the table; `html` draws the table with its marks from the cells."""
        cells = tuple(cell for name in self.table.columns for cell in self._cells(name))
        return TableReport(
            cells=cells,
            first_wrong=next((cell for cell in cells if cell.wrong), None),
            complete=all(cell.given is not None for cell in cells),
            right=sum(cell.ok for cell in cells),
            total=len(cells),
            decimals=self.table.decimals,
            table_html=html(cells),
        )

    def column(self, name):
        """The judgement on a column, after that on the column it follows from."""
        if name not in self._done:
            self._done[name] = self._judge(name, self.table.available[name])
        return self._done[name]

    def _judge(self, name, column):
        if column.source is None:
            before = Held(*(np.zeros((1, len(self.table.X))),) * 3)  # h follows from X, w and b alone
        else:
            before = self.column(column.source).held
        points = np.atleast_2d(column.formula(before.points))
        reach = np.vstack([points, column.formula(np.vstack([before.low, before.high]))])
        low, high = reach.min(axis=0), reach.max(axis=0)
        slack = self._slack(column.size(before.points[0]))

        own = self.table.written(name)
        if name == "y_hat":
            ok = np.any(own == points, axis=0)
        else:
            ok = (low - slack <= own) & (own <= high + slack)
        return Judged(points[0], ok, self._held(own, ok, slack, points, low, high))

    def _slack(self, size):
        """How far a cell may be off."""
        if self.table.decimals is None:
            return FULL_PRECISION * size
        half = .5 * 10.0**-self.table.decimals
        return half * (1 + 1e-9) + 1e-12 * size  # in floats, .38 − .375 is .0050000000000000044

    def _held(self, own, ok, slack, points, low, high):
        empty = np.isnan(own)
        agrees = empty | (np.abs(points - own) <= slack)
        blur = np.where(self._may_be_rounded(own), slack, 0)
        return Held(
            points=np.vstack([np.where(empty, points[0], own), np.where(agrees, points, own)]),
            low=np.select([empty, ok], [low, np.minimum(own, np.maximum(low, own - slack))], own - blur),
            high=np.select([empty, ok], [high, np.maximum(own, np.minimum(high, own + slack))], own + blur),
        )

    def _may_be_rounded(self, own):
        """A number with more decimals than asked for is the one that the student goes on with."""
        if self.table.decimals is None:
            return np.isfinite(own)
        return np.abs(own - np.round(own, self.table.decimals)) <= 1e-9 * 10.0**-self.table.decimals

    def _cells(self, name):
        judged = self.column(name)
        for row, given in enumerate(self.table.filled[name]):
            yield CellReport(
                row=row,
                column=name,
                given=given,
                expected=float(judged.expected[row]),
                ok=bool(judged.ok[row]),
                where=f"the new {name}" if self.table.available[name].is_new_weight else f"{name} in row {row + 1}",
                formula=self._in_words(name, row),
            )

    def _in_words(self, name, row):
        """The column's formula, with the numbers of this row and the student's own."""
        table, column = self.table, self.table.available[name]
        if column.is_new_weight:
            return column.words
        own = column.source
        written = table.filled[own][row] if own in table.columns else None
        if written is not None:
            own = f"your {own} = {number_in_words(written, table.decimals)}"
        return column.words.format(own=own, y=f"{table.y[row]:g}", x=[f"{x:g}" for x in table.X[row]])
