"""What every array does that does not live in NumPy's memory: it keeps NumPy away, and its numbers come home only on request.

Both sides read this file: the trusted side's `DeviceArray` is such an array, and so is the student's `Lent` picture of it.
So it imports NumPy alone.
"""

from __future__ import annotations

import numpy as np

BINARY = {"add": "add", "subtract": "sub", "multiply": "mul", "divide": "truediv", "floor_divide": "floordiv", "remainder": "mod", "power": "pow", "matmul": "matmul"}   # NumPy's name → Python's
COMPARE = {"less": "lt", "less_equal": "le", "greater": "gt", "greater_equal": "ge", "equal": "eq", "not_equal": "ne", "bitwise_and": "and", "bitwise_or": "or"}
IN_PLACE = {"add": "iadd", "subtract": "isub", "multiply": "imul", "divide": "itruediv"}
UNARY = {"negative": "neg", "positive": "pos", "absolute": "abs", "invert": "invert"}
REFLECTED = {**{name: f"__r{short}__" for name, short in BINARY.items()}, "less": "__gt__", "less_equal": "__ge__", "greater": "__lt__", "greater_equal": "__le__", "equal": "__eq__", "not_equal": "__ne__"}


class Elsewhere:
    """An array that is not NumPy's. A subclass has `shape`, `item()`, `[…]` and the operators."""

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        reflected = REFLECTED.get(ufunc.__name__)
        if method == "__call__" and reflected and not options and inputs[1] is self and isinstance(inputs[0], np.generic):
            return getattr(self, reflected)(inputs[0])                     # np.float32(.5) * array: a single number goes along with any array
        raise TypeError(f"np.{ufunc.__name__} and NumPy's arrays work in the computer's memory, and this array does not live there: "
                        f"write xp.{ufunc.__name__}, and bring other arrays over with xp.asarray(…)")

    def __array_function__(self, function, types, args, kwargs):
        raise TypeError(f"np.{function.__name__} works in the computer's memory, and this array does not live there: write xp.{function.__name__}")

    def __array__(self, *_, **__):
        raise TypeError("this array does not become a NumPy array by itself, as that would be a hidden transfer: compute with xp, or bring it back with .get()")

    def __len__(self):
        if not self.shape:
            raise TypeError("len() of an array that holds a single number")
        return self.shape[0]

    def __iter__(self):
        return (self[place] for place in range(len(self)))

    def __bool__(self):
        return bool(self.item())

    def __float__(self):
        return float(self.item())

    def __int__(self):
        return int(self.item())

    __hash__ = object.__hash__
