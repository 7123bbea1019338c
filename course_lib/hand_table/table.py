"""HandTable: one neuron's table, filled by hand and checked cell by cell."""

from difflib import get_close_matches

import numpy as np

from course_lib.backend import to_cpu
from course_lib.checks import neuron, rate, targets
from course_lib.hand_table.formulas import columns_of
from course_lib.hand_table.judge import Judge
from course_lib.hand_table.view import as_html, as_text


class HandTable:
    """A table of one neuron's numbers: filled by hand, checked cell by cell, the first wrong cell named.

    X (N, D), y (N,), w (D,) and b (one number) are the examples and the neuron. `columns` are any of

    h, p, y_hat        weighted sum, probability, decision [p ≥ .5]
    loss               (y − p)² of each row
    d_w1 … d_wD, d_b   each row's own part of the gradient: 2 (p − y) p (1 − p) x_j, for d_b without x_j
    w1 … wD, b         after one step: w_j − eta · mean of d_wj, one number each; they need `eta`

    `decimals` says to how many places cells are compared, None to full precision; what exactly counts as
    right is said in `course_lib.hand_table.judge`. A notebook shows the table in HTML, a terminal as text.

    Raises ValueError or TypeError for shapes that do not fit, for what is not a number, for unknown columns.

    >>> table = HandTable([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 1], w=[1, -1], b=-.5)
    >>> table.fill("h", [-.5, -1.5, .5, -.5]).fill("p", [.38, .82, None, None])
    row  x1  x2  y      h     p  y_hat  loss
      1   0   0  0  -0.50  0.38      .     .
      2   0   1  1  -1.50  0.82      .     .
      3   1   0  1   0.50     .      .     .
      4   1   1  1  -0.50     .      .     .
    >>> print(table.check())
    First wrong cell: p in row 2. You wrote 0.82; p = 1 / (1 + exp(-h)) with your h = -1.50 gives another number.
    5 of 16 cells are right, 1 is wrong, 10 are still empty.
    """

    def __init__(self, X, y, w, b, *, eta=None, columns=("h", "p", "y_hat", "loss"), decimals=2):
        _, X, w, b = neuron(X, w, b)
        y = targets(y, X)
        self.X, self.y, self.w = (np.array(to_cpu(a), dtype=np.float64) for a in (X, y, w))
        self.b = float(b)
        self.eta = None if eta is None else rate(eta)
        self.decimals = _places(decimals)
        noise = np.finfo(to_cpu(X).dtype).eps
        self.available = columns_of(self.X, self.y, self.w, self.b, self.eta, noise)
        self.columns = self._chosen(columns)
        self._written = {name: np.full(self._length(name), np.nan) for name in self.columns}
        self._report = None

    def fill(self, column, values):
        """Write one column: a number for each row, None (or "" or NaN) where a cell stays empty.

        A new weight is one number. Filling a column again replaces it; when the values cannot be a column,
        a sentence says why and the table stays as it was. Returns the table, so fills can be chained.
        """
        if not isinstance(column, str):
            raise TypeError(f'fill takes the name of a column first, as in fill("h", [...]); got {column!r}')
        if column not in self.columns:
            self._require_known(column)
            raise ValueError(
                f"this table was made without column {column!r}; it has {', '.join(self.columns)} "
                f"(add it with columns={(*self.columns, column)!r})"
            )
        self._written[column] = _cells(
            column, values, self._length(column), self.available[column].is_new_weight
        )
        self._report = None
        return self

    def check(self):
        """A report on every cell; it names the first wrong one, in the order in which a table is filled."""
        self._report = Judge(self).report(html=lambda cells: as_html(self, cells))
        return self._report

    def solution(self):
        """Each column's right numbers, unrounded: a dict from column to array.

        >>> HandTable([[0, 1]], [1], w=[1, -1], b=-.5).solution()["h"]
        array([-1.5])
        """
        return {name: self._right(name) for name in self.columns}

    def solved(self):
        """The same table, filled with the solution to the decimals that count.

        >>> HandTable([[0, 1]], [1], w=[1, -1], b=-.5).solved()
        row  x1  x2  y      h     p  y_hat  loss
          1   0   1  1  -1.50  0.18      0  0.67
        """
        table = HandTable(self.X, self.y, self.w, self.b, eta=self.eta, columns=self.columns, decimals=self.decimals)
        for name, numbers in self.solution().items():
            table.fill(name, numbers if self.decimals is None else np.round(numbers, self.decimals) + 0)
        return table

    @property
    def filled(self):
        """What has been filled in: a dict from column to a tuple of numbers, None for an empty cell."""
        return {
            name: tuple(None if np.isnan(v) else float(v) for v in cells) for name, cells in self._written.items()
        }

    def written(self, column):
        """A column's numbers as an array, NaN where a cell is empty or the table lacks the column."""
        return self._written.get(column, np.full(self._length(column), np.nan))

    def __repr__(self):
        return as_text(self, self._report.cells if self._report else ())

    def _repr_html_(self):
        return as_html(self, self._report.cells if self._report else ())

    def _right(self, name):
        column = self.available[name]
        return column.formula(None if column.source is None else self._right(column.source))

    def _length(self, name):
        return 1 if self.available[name].is_new_weight else len(self.X)

    def _chosen(self, columns):
        if not isinstance(columns, (list, tuple)) or not all(isinstance(name, str) for name in columns):
            raise TypeError(f'columns are given by their names, as in ("h", "p"); got {columns!r}')
        for name in columns:
            self._require_known(name)
        if not columns or len(set(columns)) < len(columns):
            raise ValueError(f"columns are one or more names, each of them once; got {tuple(columns)!r}")
        return tuple(columns)

    def _require_known(self, name):
        if name not in self.available:
            nearest = get_close_matches(name, self.available, n=1, cutoff=0)[0]
            raise ValueError(
                f"there is no column {name!r}; the nearest is {nearest!r} (a table of this neuron can have "
                f"{', '.join(self.available)})"
            )
        if self.available[name].is_new_weight and self.eta is None:
            raise ValueError(
                f"column {name!r} is the {name} after one step, and a step needs a learning rate: make the table "
                "with eta=.1, for example"
            )


def _places(decimals):
    if decimals is None:
        return None
    if isinstance(decimals, bool) or not isinstance(decimals, (int, np.integer)):
        raise TypeError(f"decimals is a whole number of places, or None for full precision; got {decimals!r}")
    if not 0 <= decimals <= 12:
        raise ValueError(f"decimals is {decimals}, but it goes from 0 to 12; None compares to full precision")
    return int(decimals)


def _cells(column, values, length, is_new_weight):
    """The values as a float array of this length, NaN where empty."""
    wants = "one number" if length == 1 else f"{length} numbers, one for each row"
    if isinstance(values, (str, bytes, dict, set)):
        raise TypeError(f"{column} needs {wants}; you gave {values!r}")
    if not isinstance(values, (list, tuple)):
        values = np.atleast_1d(to_cpu(values)).tolist()
    if len(values) != length:
        raise ValueError(f"{column} needs {wants}; you gave {len(values)}")
    wheres = [f"the new {column}"] if is_new_weight else [f"{column} in row {row + 1}" for row in range(length)]
    return np.array([_cell(value, where) for value, where in zip(values, wheres)])


def _cell(value, where):
    if value is None or (isinstance(value, str) and not value.strip()):
        return np.nan
    if isinstance(value, (list, tuple)) or getattr(value, "ndim", 0):
        raise ValueError(f"{where} is {value!r}, but a cell holds one number: give a flat list")
    try:
        if isinstance(value, (str, bytes, complex, np.complexfloating)):
            raise TypeError
        value = float(value)
    except (TypeError, ValueError, OverflowError):
        raise TypeError(
            f"{where} is {value!r}, but a cell holds a number such as .38, or None while it is empty"
        ) from None
    if np.isinf(value):
        raise ValueError(f"{where} is {value}, but every number of this table is finite")
    return value
