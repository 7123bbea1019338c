"""pandas' tables as plain values, and back: a DataFrame crosses the wire as the numbers and the text that it holds.

So what a test cell looks at is pandas' own table, made here, and no object of the student's. What cannot be told in plain
values (objects in a column, time zones) is no table for the wire: `plain` is None, and it stays with the student as a handle.
Read by both sides, so it imports NumPy and the standard library alone; pandas is there where somebody has imported it.
"""

from __future__ import annotations

import datetime
import sys

import numpy as np

MOST_CELLS = 50_000               # of a column that is no array
MOST_WORDS = 64 << 20             # bytes of a column of words
MOST_ROWS = 10_000_000            # of a table without columns
NUMBERS = "biufcmM"
NULLABLE = {f"{kind}{bits}" for kind, sizes in (("Int", (8, 16, 32, 64)), ("UInt", (8, 16, 32, 64)), ("Float", (32, 64))) for bits in sizes} | {"boolean"}
WORD, NONE, NAN = 0, 1, 2         # what stands in a place of a column of words
LEAVES = (str, int, float, bool, type(None), datetime.date, datetime.datetime)


class _Unfit(Exception):
    """It cannot be told in plain values."""


def plain(value):
    """A DataFrame, Series, Index, Timestamp or Timedelta as a tuple of plain values; None for anything else."""
    if type(value).__module__.partition(".")[0] != "pandas" or (pandas := sys.modules.get("pandas")) is None:
        return None
    kind = type(value)
    try:
        if kind is pandas.DataFrame:
            return "DataFrame", _labels(pandas, value.columns), _labels(pandas, value.index), [_column(pandas, value.iloc[:, place]) for place in range(value.shape[1])]
        if kind is pandas.Series:
            return "Series", _label(value.name), _labels(pandas, value.index), _column(pandas, value)
        if isinstance(value, pandas.Index):
            return "Index", _labels(pandas, value)
        if kind in (pandas.Timestamp, pandas.Timedelta) and getattr(value, "tzinfo", None) is None:
            return kind.__name__, value.isoformat(), value.unit
        return ("missing", "NaT") if value is pandas.NaT else ("missing", "NA") if value is pandas.NA else None
    except _Unfit:
        return None


def made(told):
    """The table that `plain` told; ValueError where it is none."""
    try:
        import pandas
        kind, *parts = told
        if kind == "DataFrame":
            columns, rows = _index(pandas, parts[0]), _index(pandas, parts[1])
            frame = pandas.DataFrame(dict(enumerate(_values(pandas, column, rows) for column in parts[2])), index=rows)
            frame.columns = columns
            return frame
        if kind == "Series":
            rows = _index(pandas, parts[1])
            return _values(pandas, parts[2], rows).rename(_label(parts[0]))
        if kind == "Index":
            return _index(pandas, *parts)
        if kind in ("Timestamp", "Timedelta"):
            return {"Timestamp": pandas.Timestamp, "Timedelta": pandas.Timedelta}[kind](parts[0]).as_unit(parts[1])
        return {"NaT": pandas.NaT, "NA": pandas.NA}[parts[0]]
    except Exception as error:
        raise ValueError(f"no table: {type(error).__name__}") from None


def changed_in_place(value, new) -> bool:
    """Carry a change of a DataFrame that was made in place over to the one here; False where that cannot be."""
    if type(value) is not type(new) or not hasattr(value, "_update_inplace"):
        return False
    value._update_inplace(new)
    return True


# ---------------------------------------------------------------- labels

def _label(name):
    if isinstance(name, tuple):
        return tuple(map(_label, name))
    name = name.item() if isinstance(name, np.generic) else name
    if type(name) not in LEAVES:
        raise _Unfit
    return name


def _labels(pandas, index):
    if isinstance(index, pandas.RangeIndex):
        return "range", index.start, index.stop, index.step, _label(index.name)
    if isinstance(index, pandas.MultiIndex):
        return "levels", [_column(pandas, index.get_level_values(place)) for place in range(index.nlevels)], [_label(name) for name in index.names]
    freq = getattr(index, "freqstr", None)
    return "labels", _column(pandas, index), _label(index.name), freq if isinstance(freq, str) else None


def _index(pandas, told):
    kind, *parts = told
    if kind == "range":
        index = pandas.RangeIndex(*parts[:3], name=_label(parts[3]))
        if len(index) > MOST_ROWS:
            raise ValueError
        return index
    if kind == "levels":
        levels, names = parts
        return pandas.MultiIndex.from_arrays([_values(pandas, level, None) for level in levels], names=names)
    column, name, freq = parts
    values = _values(pandas, column, None)
    if freq is not None:
        return (pandas.DatetimeIndex if values.dtype.kind == "M" else pandas.TimedeltaIndex)(values, freq=freq, name=_label(name))
    return pandas.Index(values, dtype=values.dtype, name=_label(name))


# ---------------------------------------------------------------- columns

def _column(pandas, values):
    """The values of a Series or an Index."""
    dtype = values.dtype
    if isinstance(dtype, np.dtype) and dtype.kind in NUMBERS:
        return "array", values.to_numpy()
    if isinstance(dtype, pandas.CategoricalDtype):
        codes = values.cat.codes if isinstance(values, pandas.Series) else values.codes
        return "category", np.asarray(codes), _column(pandas, dtype.categories), bool(dtype.ordered)
    name = str(dtype)
    if name not in ("object", "str", "string") and name not in NULLABLE:
        raise _Unfit
    cells = values.tolist()
    if name != "object":
        cells = [None if cell is pandas.NA or cell is None or cell != cell else cell for cell in cells]
    return ("words", name, *words) if (words := _words(cells)) else ("cells", name, _cells(cells))


def _words(cells):
    """(the words, what stands in each place) of a long column of words, some of which may be missing; None for any other."""
    if len(cells) <= 256:
        return None
    marks = [WORD if type(cell) is str else NONE if cell is None else NAN if type(cell) is float and cell != cell else None for cell in cells]
    if None in marks:
        return None
    words = [cell if type(cell) is str else "" for cell in cells]
    if 4 * len(words) * max(map(len, words)) > MOST_WORDS or any(word.endswith("\0") for word in words):
        raise _Unfit
    return np.array(words, dtype=str), np.array(marks, "u1")


def _cells(cells):
    if len(cells) > MOST_CELLS:
        raise _Unfit
    return [_cell(cell) for cell in cells]


def _cell(cell):
    return [_cell(one) for one in cell] if type(cell) is list else _label(cell)


def _values(pandas, told, rows):
    """A column as a Series, with as many values as there are `rows`."""
    kind, *parts = told
    if kind == "array":
        values, dtype = np.asarray(parts[0]), None
        if values.ndim != 1 or values.dtype.kind not in NUMBERS:
            raise ValueError
    elif kind == "category":
        codes, categories, ordered = parts
        categories = _values(pandas, categories, None)
        values, dtype = pandas.Categorical.from_codes(codes, categories=pandas.Index(categories, dtype=categories.dtype), ordered=ordered), None
    else:
        dtype = parts[0]
        if dtype not in ("object", "str", "string") and dtype not in NULLABLE:
            raise ValueError
        if kind == "words":
            values = [word if mark == WORD else None if mark == NONE else float("nan") for word, mark in zip(parts[1].tolist(), parts[2].tolist(), strict=True)]
        else:
            values = [_cell(cell) for cell in parts[1]]
    if rows is not None and len(rows) != len(values):
        raise ValueError
    return pandas.Series(values, index=rows, dtype=dtype, copy=True)
