"""What is said about a hand table: frozen records, and sentences."""

from dataclasses import dataclass, field
from html import escape


@dataclass(frozen=True)
class CellReport:
    """One cell of the table.

    row        counted from 0 (the sentences count from 1)
    given      the student's number, None where the cell is still empty
    expected   what follows from the student's own earlier numbers, unrounded
    ok         given, and right; an empty cell is neither right nor wrong
    where      the place in words; `formula` the rule in words, with this row's numbers
    """

    row: int
    column: str
    given: float | None
    expected: float
    ok: bool
    where: str = field(default="", repr=False)
    formula: str = field(default="", repr=False)

    @property
    def wrong(self):
        return self.given is not None and not self.ok


@dataclass(frozen=True)
class TableReport:
    """All cells in the order of filling, the first wrong one or None, whether every cell is filled, and counts.

    `str(report)` is one or two sentences. They name the place and the rule, not the number that belongs there,
    so that there is something left to do; the number is `first_wrong.expected`.
    """

    cells: tuple[CellReport, ...]
    first_wrong: CellReport | None
    complete: bool
    right: int
    total: int
    decimals: int | None = field(default=2, repr=False)
    table_html: str = field(default="", repr=False, compare=False)

    def __str__(self):
        if self.first_wrong:
            cell = self.first_wrong
            given = number_in_words(cell.given, self.decimals)
            rule = f"You wrote {given}; {cell.formula} gives another number."
            return f"First wrong cell: {cell.where}. {rule}\n{self._counts()}"
        if self.complete:
            return f"All {self.total} cells are right." if self.total > 1 else "The cell is right."
        following = next(cell for cell in self.cells if cell.given is None)
        if not self.right:
            return f"Nothing is filled in yet. Start with {following.where}: {following.formula}."
        return f"Right so far, {self.right} of {self.total} cells. Next is {following.where}: {following.formula}."

    def _counts(self):
        wrong = sum(cell.wrong for cell in self.cells)
        empty = self.total - self.right - wrong
        parts = [f"{self.right} of {self.total} cells {_is(self.right)} right", f"{wrong} {_is(wrong)} wrong"]
        if empty:
            parts.append(f"{empty} {_is(empty)} still empty")
        return ", ".join(parts) + "."

    def _repr_html_(self):
        sentences = escape(str(self)).replace("\n", "<br>")
        return f'<p role="status">{sentences}</p>{self.table_html}'


def _is(n):
    return "is" if n == 1 else "are"


def number_in_words(value, decimals):
    """A number as one writes it: with `decimals` places, with more where it was given with more.

    >>> number_in_words(-.5, 2), number_in_words(.3775, 2), number_in_words(1, 0)
    ('-0.50', '0.3775', '1')
    """
    if decimals is None:
        return f"{value:.10g}"
    short = f"{value:.{decimals}f}"
    return short if abs(float(short) - value) <= 1e-9 * 10.0**-decimals else f"{value:.6g}"
