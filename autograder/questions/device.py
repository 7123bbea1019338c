"""An array module that counts: `Device` is the `xp` of a question, and its arrays live nowhere but there.

    xp = Device()
    X = xp.asarray([[1., 2.]])       a transfer there
    (xp.exp(X) @ X.T).sum()          operations
    X.get()                          a transfer back

It computes with CuPy on a machine with a card that CuPy can use, else with NumPy, and behaves alike: strict, as a card is,
about arrays of the computer's memory. It may be lent to a student's process (`autograder.sandbox.lending`), so every
operation is on a list, and its result is measured before it is computed.
"""

from __future__ import annotations

import functools
import math

import numpy as np

from course_lib.backend import gpu_available

from ..sandbox.elsewhere import BINARY, COMPARE, IN_PLACE, UNARY, Elsewhere
from ..sandbox.lending import Lendable

MOST_NUMBERS = 4_000_000      # in one array
MOST_WORK = 400_000_000       # multiplications in one product
DTYPES = {name: np.dtype(name) for name in ("bool", "uint8", "int32", "int64", "float16", "float32", "float64")}
ELEMENTWISE = {"abs", "absolute", "exp", "expm1", "log", "log1p", "log2", "log10", "sqrt", "square", "sign", "tanh", "negative", "reciprocal", "isnan", "isfinite", "logical_not", "maximum", "minimum",
               "logaddexp", "logical_and", "logical_or", "where", "clip", *BINARY, *COMPARE} - {"matmul"}
REDUCTIONS = {"sum", "mean", "max", "min", "amax", "amin", "any", "all", "argmax", "argmin", "std", "var"}
RESHAPING = {"reshape", "transpose", "ravel", "flatten", "squeeze", "expand_dims"}
PRODUCTS = {"matmul", "dot", "outer"}
MAKING = {"asarray", "array", "zeros", "ones", "empty", "full", "arange", "zeros_like", "ones_like", "empty_like", "full_like", "asnumpy", "copy"}


@functools.cache
def array_module():
    """CuPy where there is a graphics card that it can use, else NumPy."""
    if gpu_available():
        import cupy
        return cupy
    return np


class Device(Lendable):
    """`xp`: a module of arrays with counts: `operations`; `brought`, the transfers there; `fetched`, those back, of `fetched_numbers` in all.

    `module` is what computes. TypeError for arrays of another place, MemoryError for what is too large.
    """

    attributes = frozenset({"float16", "float32", "float64", "int32", "int64", "uint8", "bool_", "newaxis", "pi", "e", "inf", "nan"})
    methods = frozenset(ELEMENTWISE | REDUCTIONS | RESHAPING | PRODUCTS | MAKING | {"__repr__"})
    float16, float32, float64, int32, int64, uint8, bool_ = np.float16, np.float32, np.float64, np.int32, np.int64, np.uint8, np.bool_
    newaxis, pi, e, inf, nan = None, np.pi, np.e, np.inf, np.nan

    def __init__(self, module=None):
        self.module = array_module() if module is None else module
        self.operations = self.fetched = self.fetched_numbers = self.brought = 0

    def __repr__(self):
        return "<xp, an array module>"

    # ---- operations, by sort

    def elementwise(self, name, *args):
        plain = [self.numbers_of(arg, name) for arg in args]
        if math.prod(getattr(arg, "size", 1) for arg in plain) > MOST_NUMBERS:          # no result has more than every number paired with every other
            _refuse_large(np.broadcast_shapes(*(getattr(arg, "shape", ()) for arg in plain)))
        return self.result(getattr(self.module, name)(*plain))

    def reduction(self, name, a, axis=None, dtype=None, keepdims=False):
        if not isinstance(a, DeviceArray):
            raise TypeError(f"xp.{name} takes an array of xp, not {_words(a)}")
        options = {} if name in ("argmax", "argmin", "any", "all", "max", "min", "amax", "amin") or dtype is None else {"dtype": _dtype(dtype)}
        return self.result(getattr(self.module, name)(self.numbers_of(a, name), axis=_axis(axis), keepdims=bool(keepdims), **options))

    def reshaping(self, name, a, *sizes):
        """A view in another shape."""
        sizes = tuple(sizes[0]) if len(sizes) == 1 and isinstance(sizes[0], (tuple, list)) else sizes
        if not all(type(size) is int for size in sizes):
            raise TypeError(f"{name} takes whole numbers")
        numbers = self.numbers_of(a, name)
        if name == "reshape":
            return self.result(numbers.reshape(sizes))
        if name == "transpose":
            return self.result(numbers.transpose(*sizes))
        if name == "squeeze":
            return self.result(numbers.squeeze(sizes or None))
        if name == "expand_dims":
            return self.result(self.module.expand_dims(numbers, sizes[0]))
        return self.result(numbers.flatten() if name == "flatten" else numbers.ravel())

    def product(self, name, a, b):
        a, b = self.numbers_of(a, name), self.numbers_of(b, name)
        if not hasattr(a, "shape") or not hasattr(b, "shape"):
            raise TypeError(f"xp.{name} takes two arrays of xp")
        if a.ndim > 2 or b.ndim > 2:
            raise ValueError(f"xp.{name} of arrays with more than two axes is not offered here")
        inner = a.shape[-1] if a.ndim and name != "outer" else 1
        size = (a.size // max(1, inner)) * (b.size // max(1, b.shape[0] if b.ndim and name != "outer" else 1))
        _refuse_large((size,), size * inner)
        return self.result(getattr(self.module, name)(a, b))

    # ---- making arrays

    def asarray(self, a, dtype=None):
        """Bring numbers over, as an array of their own; an array of xp stays where it is."""
        if isinstance(a, DeviceArray):
            return a if dtype is None else a.astype(dtype)
        return self.array(a, dtype)

    def array(self, a, dtype=None):
        if isinstance(a, DeviceArray):
            return a.copy() if dtype is None else a.astype(dtype)
        if _holds_arrays(a):
            raise TypeError("a list of arrays of xp cannot be brought over: they are there already")
        numbers = np.array(a)
        if numbers.dtype.kind not in "biuf":
            raise TypeError(f"xp.asarray takes numbers, not {_words(a)}")
        _refuse_large(numbers.shape)
        self.brought += 1
        return self.result(self.module.asarray(numbers if dtype is None else numbers.astype(_dtype(dtype))))

    def asnumpy(self, a):
        return self.checked(a).get()

    def copy(self, a):
        return self.checked(a).copy()

    def zeros(self, shape, dtype="float64"):
        return self.full(shape, 0, dtype)

    def ones(self, shape, dtype="float64"):
        return self.full(shape, 1, dtype)

    def full(self, shape, value, dtype="float64"):
        shape = tuple(shape) if isinstance(shape, (tuple, list)) else (shape,)
        if not all(isinstance(size, (int, np.integer)) and size >= 0 for size in shape) or len(shape) > 8:
            raise TypeError("a shape is a whole number or several of them")
        _refuse_large(shape)
        return self.result(self.module.full(shape, self.numbers_of(value, "full"), dtype=_dtype(dtype)))

    def arange(self, *bounds, dtype=None):
        if not 1 <= len(bounds) <= 3 or not all(isinstance(bound, (int, float)) and abs(bound) < 1e9 for bound in bounds):
            raise TypeError("arange takes one to three numbers")
        start, stop, step = (0, bounds[0], 1) if len(bounds) == 1 else (*bounds, 1)[:3]
        if step == 0:
            raise ZeroDivisionError("arange with steps of 0 never ends")
        _refuse_large((max(0, math.ceil((stop - start) / step)),))
        return self.result(self.module.arange(*bounds, dtype=None if dtype is None else _dtype(dtype)))

    def full_like(self, a, value, dtype=None):
        a = self.checked(a)
        return self.full(a.shape, value, a.dtype if dtype is None else dtype)

    def zeros_like(self, a, dtype=None):
        return self.full_like(a, 0, dtype)

    def ones_like(self, a, dtype=None):
        return self.full_like(a, 1, dtype)

    empty, empty_like = zeros, zeros_like

    # ---- in and out

    def numbers_of(self, value, name):
        """The module's own array of an argument, or the single number that it is."""
        if isinstance(value, DeviceArray):
            return self.checked(value).numbers
        if value is None and name == "clip" or isinstance(value, (bool, float)):
            return value
        if isinstance(value, int) and abs(value) < 2**63 or isinstance(value, np.generic) and value.dtype.kind in "biuf":
            return value
        raise TypeError(f"xp.{name} was given {_words(value)}, which does not live where xp's arrays live: bring it over with xp.asarray(…)")

    def checked(self, a):
        """An array of this device. TypeError for any other."""
        if not isinstance(a, DeviceArray) or a.device is not self:
            raise TypeError(f"an array of xp is needed here, not {_words(a)}")
        return a

    def result(self, numbers):
        self.operations += 1
        return DeviceArray(self, self.module.asarray(numbers))


class DeviceArray(Elsewhere, Lendable):
    """An array of a `Device`. Its numbers come back by `get`, `item`, `tolist` and `float(…)`, and each of these is counted."""

    attributes = frozenset({"shape", "ndim", "size", "dtype", "T", "nbytes"})
    methods = (frozenset({"get", "item", "tolist", "astype", "copy", "fill", "dot", "clip", "__getitem__", "__setitem__", "__repr__"} | REDUCTIONS - {"amax", "amin"} | RESHAPING - {"expand_dims"})
               | {f"__{name}__" for name in (*BINARY.values(), *COMPARE.values(), *IN_PLACE.values(), *UNARY.values())} | {f"__r{name}__" for name in BINARY.values()})

    def __init__(self, device, numbers):
        self.device, self.numbers = device, numbers

    shape = property(lambda self: tuple(int(size) for size in self.numbers.shape))
    ndim = property(lambda self: int(self.numbers.ndim))
    size = property(lambda self: int(self.numbers.size))
    nbytes = property(lambda self: int(self.numbers.nbytes))
    T = property(lambda self: self.device.reshaping("transpose", self))

    dtype = property(lambda self: np.dtype(self.numbers.dtype.name))

    def __repr__(self):
        return f"<an array of xp, shape {self.shape}, {self.dtype}; .get() brings it back>"

    # ---- back to the computer's memory

    def get(self):
        self.device.fetched += 1
        self.device.fetched_numbers += self.size
        return np.array(self.numbers.get() if hasattr(self.numbers, "get") else self.numbers)

    def item(self):
        if self.size != 1:
            raise ValueError("only an array of one number can become that number, or be true or false")
        return self.get().item()

    def tolist(self):
        return self.get().tolist()

    # ---- in place

    def __setitem__(self, place, value):
        self.device.operations += 1
        self.numbers[self._place(place)] = self.device.numbers_of(value, "asarray")

    def fill(self, value):
        self[...] = value

    # ---- new arrays

    def __getitem__(self, place):
        return self.device.result(self.numbers[self._place(place)])

    def _place(self, place):
        parts = place if isinstance(place, tuple) else (place,)
        if len(parts) > 8 or not all(_is_place(part) for part in parts):
            raise IndexError("an index is made of whole numbers, slices, None, … and arrays of xp")
        plain = tuple(self.device.checked(part).numbers if isinstance(part, DeviceArray) else part for part in parts)
        _refuse_large((math.prod(part.size for part in plain if hasattr(part, "size")) * (self.size if any(hasattr(part, "size") and part.dtype.kind != "b" for part in plain) else 1),))
        return plain if isinstance(place, tuple) else plain[0]

    def astype(self, dtype, copy=True):
        return self.device.result(self.numbers.astype(_dtype(dtype), copy=True))

    def copy(self):
        return self.device.result(self.numbers.copy())

    def dot(self, other):
        return self.device.product("dot", self, other)

    def clip(self, low=None, high=None):
        return self.device.elementwise("clip", self, low, high)


def _of_device(sort, name):
    def operate(self, *args, **options):
        return getattr(self, sort)(name, *args, **options)
    return operate


def _of_array(sort, name, place=0):
    """An operation as a method of its first argument (place 0) or of its second."""
    def operate(self, *args, **options):
        return getattr(self.device, sort)(name, *((self, *args) if place == 0 else (*args, self)), **options)
    return operate


def _in_place(name):
    def operate(self, other):
        changed = getattr(self.device.module, name)(self.numbers, self.device.numbers_of(other, name))
        if changed.shape != self.numbers.shape or not np.can_cast(changed.dtype, self.numbers.dtype, "same_kind"):
            raise TypeError(f"the result has shape {changed.shape} and dtype {changed.dtype}, and does not fit in place of shape {self.shape} and dtype {self.dtype}")
        self.numbers[...] = changed
        self.device.operations += 1
        return self
    return operate


for _sort, _names in (("elementwise", ELEMENTWISE), ("reduction", REDUCTIONS), ("reshaping", RESHAPING), ("product", PRODUCTS)):
    for _name in _names:
        setattr(Device, _name, _of_device(_sort, _name))
for _name, _short in {**BINARY, **COMPARE, **UNARY}.items():
    _sort = "product" if _name == "matmul" else "elementwise"
    setattr(DeviceArray, f"__{_short}__", _of_array(_sort, _name))
    if _name in BINARY:
        setattr(DeviceArray, f"__r{_short}__", _of_array(_sort, _name, 1))
for _name, _short in IN_PLACE.items():
    setattr(DeviceArray, f"__{_short}__", _in_place(_name))
for _sort, _names in (("reduction", REDUCTIONS - {"amax", "amin"}), ("reshaping", RESHAPING - {"expand_dims"})):
    for _name in _names:
        setattr(DeviceArray, _name, _of_array(_sort, _name))


def _refuse_large(shape, work=0):
    if math.prod(shape) > MOST_NUMBERS or work > MOST_WORK:
        raise MemoryError(f"that would be {max(math.prod(shape), work):,} numbers or multiplications: more than xp takes on here. Did a column meet a row?")


def _dtype(wanted):
    """A kind of number by its name or type. TypeError for another than xp has."""
    try:
        name = np.dtype(wanted).name if not isinstance(wanted, str) or len(wanted) <= 16 else None
    except TypeError:
        name = None
    if name not in DTYPES:
        raise TypeError(f"xp has the kinds of number {', '.join(DTYPES)}, not {str(wanted)[:40]!r}")
    return DTYPES[name]


def _axis(axis):
    if axis is None or type(axis) is int or isinstance(axis, (tuple, list)) and all(type(one) is int for one in axis):
        return tuple(axis) if isinstance(axis, list) else axis
    raise TypeError("axis is a whole number, several of them, or None")


def _is_place(part):
    if isinstance(part, slice):
        return all(bound is None or isinstance(bound, (int, np.integer)) for bound in (part.start, part.stop, part.step))
    return part is None or part is ... or isinstance(part, (int, np.integer, DeviceArray))


def _holds_arrays(value):
    return isinstance(value, (list, tuple)) and any(isinstance(item, DeviceArray) or _holds_arrays(item) for item in value)


def _words(value):
    if isinstance(value, np.ndarray):
        return "a NumPy array"
    return f"a {type(value).__name__}"
