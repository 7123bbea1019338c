"""Functions whose arguments stand in the order that a term asks for."""

from __future__ import annotations

from typing import Any, Callable, Sequence


def ordered(order: Sequence[str], **values: Any) -> tuple:
    """The values in this order of their names."""
    return tuple(values[name] for name in order)


def called(order: Sequence[str], function: Callable) -> Callable:
    """A function of arguments by name, to be called with them in this order; further keywords are passed on.

    >>> called(("w", "X"), lambda X, w: X - w)(1, 5)
    4
    """
    def with_names(*args, **knobs):
        if len(args) != len(order):
            raise TypeError(f"takes {len(order)} positional arguments but {len(args)} were given")
        return function(**dict(zip(order, args)), **knobs)
    return with_names
