"""The door: what every public function does with its arguments before it computes.

Lists, integers and arrays of any kind come in; arrays of one kind and one float type go on. What is
not a number, not finite or not rectangular is refused here, by name and place, not deep inside.
"""

from operator import index

import numpy as np

from course_lib.backend import array_module


def floats(*, finite=True, **named):
    """The module of all the named values, then each of them as a float array of that module.

    float32 stays float32; everything else (float64, integers, booleans) becomes float64. Lists, integers
    and single numbers follow the float arrays beside them, so that `b = -.5` does not turn a float32
    computation into a float64 one. `finite=False` lets infinity pass, but never NaN.

    Raises TypeError for what is not a real number, ValueError for ragged lists, NaN and infinity.

    >>> xp, X, b = floats(X=np.ones((2, 2), np.float32), b=-.5)
    >>> b.dtype
    dtype('float32')
    """
    xp = array_module(*named.values())
    dtype = xp.float32 if _float_kinds(named.values()) == {"float32"} else xp.float64
    return xp, *(_as_float(value, name, xp, dtype, finite) for name, value in named.items())


def floats_like(array, **named):
    """The named values as finite arrays of the same kind and float type as `array`.

    >>> floats_like(np.ones(2, np.float32), y=[0, 1])[0].dtype
    dtype('float32')
    """
    xp = array_module(array, *named.values())
    return tuple(_as_float(value, name, xp, array.dtype) for name, value in named.items())


def number(value, name):
    """One finite real number, as a Python float.

    >>> number(1, "eta")
    1.0
    """
    _, value = floats(**{name: value})
    if value.ndim != 0:
        raise ValueError(f"{name} must be a single number; it has shape {tuple(value.shape)}")
    return float(value)


def whole(value, name, at_least=1):
    """One whole number, as a Python int.

    >>> whole(3, "epochs")
    3
    """
    try:
        n = index(value)
    except TypeError:
        raise TypeError(f"{name} must be a whole number; it is {value!r}") from None
    if isinstance(value, bool) or n < at_least:
        raise ValueError(f"{name} is {value}; it must be a whole number, {at_least} or larger")
    return n


def rate(eta):
    """A learning rate: a finite number, not below zero.

    >>> rate(.1)
    0.1
    """
    eta = number(eta, "eta")
    if eta < 0:
        raise ValueError(
            f"eta is {eta:g}, but a learning rate is 0 or larger: the update subtracts already, "
            "so a minus sign here would climb"
        )
    return eta


def neuron(X, w, b):
    """The module of X, w and b, and the three as arrays whose shapes fit one neuron."""
    xp, X, w, b = floats(X=X, w=w, b=b)
    if X.ndim != 2:
        raise ValueError(
            f"X has shape {tuple(X.shape)}, but it needs rows and columns: one example per row, as in [[0, 1]]"
        )
    if 0 in X.shape:
        raise ValueError(f"X has shape {tuple(X.shape)}: it needs at least one row and one column")
    if w.ndim != 1:
        raise ValueError(f"w has shape {tuple(w.shape)}, but one neuron needs a flat list of weights, as in [1, -1]")
    if X.shape[1] != w.shape[0]:
        raise ValueError(
            f"X has {count(X.shape[1], 'column')}, w has {count(w.shape[0], 'weight')}: "
            "a neuron needs one weight for each column"
        )
    if b.ndim != 0:
        raise ValueError(f"b has shape {tuple(b.shape)}, but one neuron has one bias: a single number")
    return xp, X, w, b


def targets(y, X):
    """y as an array with one target for each row of X."""
    (y,) = floats_like(X, y=y)
    if y.shape != X.shape[:1]:
        raise ValueError(
            f"y has shape {tuple(y.shape)}, X has {count(X.shape[0], 'row')}: "
            f"y needs one target for each row, shape ({X.shape[0]},)"
        )
    return y


def check_columns(shape, n, layer):
    """An X of this shape must have rows, and n numbers in each."""
    if len(shape) < 2:
        raise ValueError(f"X has shape {shape}, {layer!r} expects rows: shape (N, {n}), one example per row")
    if shape[-1] != n:
        raise ValueError(f"X has {count(shape[-1], 'column')}, {layer!r} expects {n}")


def count(n, word):
    return f"{n} {word}{'' if n == 1 else 's'}"


def _float_kinds(values):
    """The float types among the arrays; a single number counts only where no array has one."""
    kinds = {True: set(), False: set()}
    for value in values:
        if _kind(value).startswith("float"):
            kinds[value.ndim > 0].add(_kind(value))
    return kinds[True] or kinds[False]


def _kind(value):
    """The name of an array's type ("float32", "int64", "<U3" …), the same in every array module."""
    return str(getattr(value, "dtype", "")).rpartition(".")[2]


def _as_float(value, name, xp, dtype, finite=True):
    if not hasattr(value, "dtype"):
        try:
            value = np.asarray(value)
        except ValueError:
            raise ValueError(f"{name} is ragged: all its rows must be of the same length") from None
    if not _kind(value).startswith(("float", "int", "uint", "bool")):
        raise TypeError(f"{name} must hold real numbers; it holds {_in_words(_kind(value))}")
    if isinstance(value, (np.ndarray, np.generic)) and value.ndim == 0:
        value = value.item()  # a single number goes along with any module, as a plain one
    value = xp.asarray(value, dtype=dtype)
    bad = xp.isnan(value) if not finite else ~xp.isfinite(value)
    if bool(xp.any(bad)):
        place = _first_place(bad, xp)
        raise ValueError(f"{name} must hold {'finite ' if finite else ''}numbers; it holds {float(value[place])}"
                         f"{_place_in_words(place)}")
    return value


def _in_words(kind):
    if kind.startswith(("<U", ">U", "|S", "StringDType")):
        return "text"
    if kind.startswith("complex"):
        return "complex numbers"
    return "things that are not numbers" if kind == "object" else kind


def _first_place(bad, xp):
    first = int(xp.argmax(xp.reshape(xp.asarray(bad, dtype=xp.int8), (-1,))))
    return tuple(int(i) for i in np.unravel_index(first, tuple(bad.shape)))


def _place_in_words(place):
    """Counted from 1, as a person counts."""
    if len(place) == 0:
        return ""
    if len(place) == 1:
        return f" at place {place[0] + 1}"
    *before, row, column = (i + 1 for i in place)
    return f" in row {row}, column {column}" + (f" of block {before}" if before else "")


def generator(rng):
    """A numpy.random.Generator: the one that is given, or a new one from a seed, a whole number.

    >>> bool(generator(0).integers(10) == np.random.default_rng(0).integers(10))
    True
    """
    if isinstance(rng, np.random.Generator):
        return rng
    if isinstance(rng, (int, np.integer)) and not isinstance(rng, bool) and rng >= 0:
        return np.random.default_rng(rng)
    raise TypeError(
        f"rng is {rng!r}; random numbers come from a numpy.random.Generator or a seed, a whole number that is 0 or "
        "larger: pass rng=np.random.default_rng(0), or rng=0"
    )
