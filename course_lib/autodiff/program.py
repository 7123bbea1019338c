"""Arrays that write down what is done to them, and the program that comes of it.

A `Written` array computes like any other, and adds each call that it took part in to its program, with the result's
place: `np.add(a, b, out)`. To run the program is to make the same calls again, on whatever numbers are in the arrays
now. Views (a transpose, a reshape) are made once: they show what is in the array. What depends on nothing that can
change is a constant and made once, too.

A `Program` is used in place of the module xp, so that `xp.exp(a)` is written down as well.
"""

from functools import partial, partialmethod
from operator import getitem, pow, setitem


class Program:
    """The calls so far, in order. For those who compute it stands in for the module `xp`."""

    def __init__(self, xp):
        self.xp, self.calls = xp, []

    def __getattr__(self, name):
        """xp.exp and all the others, written down."""
        function = getattr(self.xp, name)
        written = partial(self.write, function)
        if hasattr(function, "at"):
            written.at = partial(self.do, function.at)
        return written

    def asarray(self, a, dtype=None):
        if isinstance(a, Written):
            return self.write(self.xp.asarray, a, dtype=dtype)
        return Written(self, self.xp.asarray(a, dtype=dtype), changes=False)

    def __eq__(self, other):  # what is kept for xp (ones, the identity matrix) will do for us
        return other is self.xp or isinstance(other, Program) and other.xp is self.xp

    def __hash__(self):
        return hash(self.xp)

    def empty_like(self, a):
        """A place whose numbers somebody else writes: nothing to do at a run."""
        return Written(self, self.xp.empty_like(_array(a)))

    def write(self, function, *operands, out=None, **settings):
        """function(*operands, **settings), now and at each run. The result goes to `out`, or a place of its own."""
        arrays = [_array(x) for x in operands]
        written = [x for x in _all(operands) if isinstance(x, Written)]
        if not written:  # ones, the identity matrix
            return function(*arrays, **settings)
        changing = [x.array for x in written if x.changes]
        if changing and hasattr(function, "nin"):  # an elementwise function: a number meets an array faster as an array
            arrays = [self.xp.asarray(x, dtype=changing[0].dtype) if isinstance(x, (int, float)) else x for x in arrays]
        if out is not None:
            self.do(function, *arrays, out.array, **settings)
            return out
        result = self.xp.asarray(function(*arrays, **settings))
        if not changing:
            return Written(self, result, changes=False)
        if not any(self.xp.may_share_memory(result, array) for array in changing):
            self.calls.append(_again(self.xp, function, arrays, settings, result))
        return Written(self, result)

    def do(self, function, *operands, **settings):
        """A call that changes one of its operands in place, now and at each run."""
        call = partial(function, *map(_array, operands), **settings)
        call()
        self.calls.append(call)


class Written:
    """An array of a program. It computes as its module's arrays do, and what it computes is written down."""

    __slots__ = ("program", "array", "changes")
    __array_ufunc__ = None  # `number * written` and `array * written` are this class's affair

    def __init__(self, program, array, changes=True):
        self.program, self.array, self.changes = program, array, changes

    shape = property(lambda self: self.array.shape)
    dtype = property(lambda self: self.array.dtype)
    ndim = property(lambda self: self.array.ndim)
    size = property(lambda self: self.array.size)
    T = property(lambda self: self._method("transpose"))

    def __len__(self):
        return len(self.array)

    def __getitem__(self, key):
        return self.program.write(getitem, self, key)

    def __setitem__(self, key, value):
        self.program.do(setitem, self, key, value)

    def dot(self, other, into=None):
        return self.program.write(type(self.array).dot, self, other, out=into)

    def _method(self, name, *args, **settings):
        return self.program.write(getattr(type(self.array), name), self, *args, **settings)


def _binary(name):
    def method(self, other):
        return self.program.write(getattr(self.program.xp, name), self, other)

    def reflected(self, other):
        return self.program.write(getattr(self.program.xp, name), other, self)

    def in_place(self, other):
        return self.program.write(getattr(self.program.xp, name), self, other, out=self)

    return method, reflected, in_place


_OPERATORS = {
    "add": "add", "sub": "subtract", "mul": "multiply", "truediv": "divide", "matmul": "matmul",
    "lt": "less", "le": "less_equal", "gt": "greater", "ge": "greater_equal", "ne": "not_equal", "eq": "equal",
}  # fmt: skip
for _python, _name in _OPERATORS.items():
    _method, _reflected, _in_place = _binary(_name)
    setattr(Written, f"__{_python}__", _method)
    if _python in ("add", "sub", "mul", "truediv", "matmul"):
        setattr(Written, f"__r{_python}__", _reflected)
        setattr(Written, f"__i{_python}__", _in_place)
for _name in ("sum", "max", "mean", "reshape", "swapaxes", "transpose", "argmax", "take"):
    setattr(Written, _name, partialmethod(Written._method, _name))
Written.__neg__ = lambda a: a.program.write(a.program.xp.negative, a)
Written.__invert__ = lambda a: a.program.write(a.program.xp.invert, a)
Written.__pow__ = lambda a, b: a.program.write(pow, a, b)
Written.__rpow__ = lambda a, b: a.program.write(pow, b, a)


def _again(xp, function, arrays, settings, result):
    """A call that puts what the function returns where it was put the first time."""
    if hasattr(function, "nin") or function is type(result).dot:  # `out` by its place: a third faster than by name
        return partial(function, *arrays, result)
    if function is xp.asarray or function is xp.array:  # to another float type
        return partial(xp.copyto, result, *arrays)
    try:
        call = partial(function, *arrays, out=result, **settings)
        call()
        return call
    except TypeError:  # a function without `out`
        return partial(_assign, result, partial(function, *arrays, **settings))


def _assign(result, call):
    result[...] = call()


def _array(x):
    if isinstance(x, (tuple, list)):
        return type(x)(map(_array, x))
    return x.array if isinstance(x, Written) else x


def _all(operands):
    """Also those that stand in a tuple, as in `concatenate((a, b))`."""
    for x in operands:
        yield from x if isinstance(x, (tuple, list)) else (x,)
