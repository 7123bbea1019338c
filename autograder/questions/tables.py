"""Questions that ask for a table filled by hand, judged column by column on the student's own earlier numbers."""

from __future__ import annotations

import dataclasses
from typing import Any, Callable, Mapping

import numpy as np

from ..describe import numbers
from ..firstaid import explain_result
from .columns import explain_column
from .language import Mistake, Question
from .values import is_blank


@dataclasses.dataclass(frozen=True, kw_only=True)
class TableQuestion(Question):
    """Fill a table by hand. `table()` is an empty `HandTable` or `Sheet`, `names` says which of the student's names holds which column.

    Points by column, shared among its cells; each cell is judged on the student's own earlier numbers. Columns of one
    group share its points.
    """

    table: Callable[[], Any]
    names: Mapping[str, str]                     # column → the student's name for it
    columns: Mapping[str, str]                   # column → group

    def judge(self, get, rng=None, assignment=""):
        practice = rng is None
        table, blank = self.table(), []
        written, problems, lost = self.read(get, self.names.values(), assignment, practice)
        if lost:
            return lost
        for column, name in self.names.items():
            if name not in written:
                continue
            if is_blank(written[name]):
                blank.append(name)
                continue
            try:
                table.fill(column, _cells(written[name]))
            except (TypeError, ValueError) as error:
                problems.append(f"`{name}`: {error}")
        report = table.check()
        shares = {}
        for group in self.groups:
            cells = [cell for cell in report.cells if self.columns[cell.column] == group]
            shares[group] = sum(cell.ok for cell in cells) / len(cells)
        if report.right == report.total:
            return self.verdict(assignment, shares, "Right, every cell.", practice=practice)
        if not report.right and len(blank) + len(problems) == len(self.names) and not problems:
            return self.verdict(assignment, {}, "Not filled in yet.", status="blank", explanation=f"Write your numbers into {_listed(blank)}.", practice=practice)
        fitting = self.recognise(table, report)
        explanation = [mistake.sentence for mistake in fitting] + self._in_words(table, report, fitting) + problems
        return self.verdict(assignment, shares, (" and ".join(mistake.name for mistake in fitting) + ".") if fitting else "Not all cells are right yet.",
                            mistakes=fitting, explanation=" ".join(explanation), evidence=str(report), practice=practice)

    def recognise(self, table, report) -> tuple[Mistake, ...]:
        """For each column with a wrong cell, the mistake whose rule gives what the student wrote there."""
        found = []
        for column in self.names:
            cells = [cell for cell in report.cells if cell.column == column and cell.given is not None]
            if not cells or all(cell.ok for cell in cells):
                continue
            given = np.array([cell.given for cell in cells])
            for mistake in self.mistakes:
                if mistake.column == column:
                    predicted = np.asarray(mistake.rule(self._filled(table, report)), float).ravel()[[cell.row for cell in cells]]
                    if np.all(np.abs(predicted - given) <= 0.0100001):
                        found.append(mistake)
                        break
        return tuple(found)

    def _in_words(self, table, report, fitting, most=2) -> list[str]:
        """A sentence on each of the first columns that are wrong in a way without a name."""
        named, solution, said = {mistake.column for mistake in fitting}, table.solution(), []
        for column, name in self.names.items():
            cells = [cell for cell in report.cells if cell.column == column]
            if column in named or all(cell.ok or cell.given is None for cell in cells):
                continue
            others = {f"`{self.names[other]}`": [cell.expected for cell in report.cells if cell.column == other] for other in self.names if other != column}
            said.append(f"`{name}`: {explain_column(cells, others, solution.get(column), table.decimals)}")
        return said[:most]

    @staticmethod
    def _filled(table, report):
        """Column → the student's own numbers (the right one where a cell is empty), shaped as the solution's."""
        columns: dict[str, list] = {}
        for cell in report.cells:
            columns.setdefault(cell.column, []).append(cell.expected if cell.given is None else cell.given)
        return {column: np.array(columns[column], float).reshape(np.shape(right))[()] for column, right in table.solution().items() if column in columns}


def _cells(given):
    """A column as a list whose empty cells are None."""
    if isinstance(given, (list, tuple)):
        return [None if is_blank(item) else item for item in given]
    found = numbers(given)
    if found is None:
        raise TypeError(explain_result(given) or "a list of numbers is asked for.")
    return found.tolist() if found.ndim else [found.item()]


def _listed(names):
    return ", ".join(f"`{name}`" for name in names)
