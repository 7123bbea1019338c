"""The engine: a value that remembers where it came from, and the walk back.

Two ideas carry everything here.

Forward.   Every operation computes its value and keeps, for each input, the way back: a function that turns
           ∂ℓ/∂y into ∂ℓ/∂input. The result is written at the end of its graph's tape. An input exists before
           its result does, so the order of creation is a topological order; nothing is ever sorted.
Backward.  Walk the tape from its end to its start. When a value is reached, everything that used it has handed
           its share back already, and the shares have been added up; so each value is visited once.

Both are loops: a chain of ten thousand operations needs no recursion.
"""

from functools import lru_cache, wraps
from inspect import signature
from weakref import ref

from course_lib.checks import floats


class Tensor:
    """A value with its gradient, and the operation that made it.

    value   a float array, or a number; an array is kept, not copied: change it in place and the tensor changes
    grad    ∂ℓ/∂value after `ℓ.backward()`, of value's shape; None before
    name    what drawings call it

    `Tensor(value, grad=view)` lets backward write into `view`, an array of value's shape and float type, such as
    a slice of a network's flat gradient.

    `+ − * / ** @`, indexing, `exp log sqrt tanh sigmoid relu max sum mean reshape T` work as on arrays, between
    tensors, arrays and numbers; only tensors get gradients. Comparisons give plain arrays.

    Raises TypeError for what is not a real number, ValueError for NaN and infinity and for a view that does not fit.
    Source: S3 40-61, 184-221; the walk is reverse-mode automatic differentiation, Griewank & Walther, 2008, chapter 3.

    >>> a, b = Tensor(2), Tensor(1)
    >>> e = (a + b) * (b + 1)
    >>> e.backward()
    >>> float(e.value), float(a.grad), float(b.grad)
    (6.0, 2.0, 5.0)
    """

    __slots__ = (
        "value",
        "grad",
        "name",
        "xp",
        "tape",
        "made_by",
        "inputs",
        "settings",
        "ways_back",
        "buffer",
        "__weakref__",
    )
    __array_ufunc__ = None  # NumPy and CuPy leave `array + tensor` to the tensor

    def __init__(self, value, grad=None, *, name=None):
        self.xp, self.value = floats(value=value)
        self.grad = self.buffer = grad
        self.name = name
        self.tape = self.made_by = None
        self.inputs = self.ways_back = ()
        self.settings = {}
        if grad is not None and _kind(grad) != _kind(self.value):
            raise ValueError(
                f"grad is {_kind_in_words(grad)}, value is {_kind_in_words(self.value)}: "
                "the gradient is written into it, so it must be an array of the same shape and float type"
            )

    def backward(self, d_out=None):
        """Set `grad` to ∂(this)/∂x for every tensor x that this one was computed from.

        `grad` is set anew: what an earlier call left there is forgotten, not added to. Within one call, a value
        that was used twice gets the sum of both shares. Tensors that this one does not depend on keep what they had.

        This must be a single number, or `d_out` given, an array of this shape: then the gradients are those of
        the sum of d_out · this. Raises ValueError otherwise.

        >>> x = Tensor([1, 2, 3])
        >>> (x * x).sum().backward()
        >>> x.grad
        array([2., 4., 6.])
        """
        # ∂ℓ/∂x so far, for every x that something came back to
        received = {self: self.seed() if d_out is None else self._given(d_out)}
        leaves = [self] if self.tape is None else []
        for link in reversed(self.tape or ()):
            y = link()
            d_y = received.get(y)
            if d_y is None:  # no part of what led here
                continue
            y.grad = d_y
            for x, way_back in zip(y.inputs, y.ways_back):
                if type(x) is not Tensor:
                    continue
                buffer = x.buffer
                if buffer is None:
                    d_x = way_back(d_y)
                    if d_x.shape != x.value.shape:
                        d_x = _fold(d_x, x.value.shape)
                    if x in received:
                        d_x = received[x] + d_x
                    elif x.tape is None:
                        leaves.append(x)
                    received[x] = d_x
                elif x in received:
                    buffer += _fold(way_back(d_y), buffer.shape)
                else:
                    received[x] = x.grad = buffer
                    _fill(buffer, way_back, d_y, y.made_by.writes)
        for x in leaves:
            x.receive(received[x])
        self._clean_tape(len(received))

    def _clean_tape(self, used):
        """Where most of the tape is of no use here, links to results that are gone are taken off it."""
        if self.tape and len(self.tape) > 4 * used + 64:
            self.tape[:] = [link for link in self.tape if link() is not None]

    def seed(self):
        """∂this/∂this = 1, where the walk back starts."""
        if self.value.size != 1:
            raise ValueError(
                f"backward starts from a single number, but this tensor has shape {self.shape}: "
                "add .sum() or .mean(), or say with d_out how much each of its numbers counts"
            )
        return ones(self.xp, self.value.shape, self.value.dtype).copy()

    def _given(self, d_out):
        d_out = _as_operand(d_out, self)
        if getattr(d_out, "shape", ()) != self.shape:
            raise ValueError(
                f"d_out has shape {getattr(d_out, 'shape', ())}, this tensor has shape {self.shape}: they must agree"
            )
        return d_out

    def receive(self, d_x):
        """Set `grad`, in an array of its own: no one else's changes with it."""
        if self.buffer is None:
            self.grad = self.xp.array(d_x, dtype=self.value.dtype)
        else:
            self.grad = self.buffer
            self.grad[...] = d_x

    @property
    def shape(self):
        return self.value.shape

    @property
    def ndim(self):
        return self.value.ndim

    @property
    def dtype(self):
        return self.value.dtype

    def __float__(self):
        return float(self.value)

    def __len__(self):
        return len(self.value)

    def __lt__(self, other):
        return self.value < _value(other)

    def __le__(self, other):
        return self.value <= _value(other)

    def __gt__(self, other):
        return self.value > _value(other)

    def __ge__(self, other):
        return self.value >= _value(other)

    def __bool__(self):
        return bool(self.value)

    def __repr__(self):
        name = "" if self.name is None else f", name={self.name!r}"
        return f"Tensor({_short(self.value)}, grad={_short(self.grad)}{name})"


def operation(symbol, *, writes=False):
    """Turn a rule into an operation on tensors. A rule gets plain arrays and returns its value and then, for each
    input in order, the way back: a function from ∂ℓ/∂y to ∂ℓ/∂input. So the derivative stands beside the
    value, and they share whatever both need:

        @operation("×")
        def multiply(xp, a, b):
            return a * b, lambda d: d * b, lambda d: d * a

    A rule need not care that a and b may differ in shape: broadcasting is undone by the walk back.
    What steers an operation and has no gradient (an axis, a shape, class indices) is a keyword.
    `writes` says that the ways back take a second argument, an array that they may write their result into.
    """

    new = Tensor.__new__

    def declare(rule):
        @wraps(rule)
        def apply(*inputs, **settings):
            first = inputs[0] if type(inputs[0]) is Tensor else _first_tensor(inputs)
            tape, values = None, []
            for x in inputs:
                if isinstance(x, Tensor):
                    values.append(x.value)
                    other = x.tape
                    if other is not tape and other is not None:
                        tape = other if tape is None else _join(tape, other)
                else:
                    values.append(_as_operand(x, first))
            try:
                made = rule(first.xp, *values, **_plain(settings)) if settings else rule(first.xp, *values)
            except ValueError as error:
                raise ValueError(f"{symbol} of {' and '.join(map(_short, values))}: {error}") from None
            y = new(Tensor)
            y.value = made[0]
            y.ways_back = made[1:]
            y.xp = first.xp
            y.made_by = apply
            y.inputs = inputs
            y.settings = settings
            y.grad = y.buffer = y.name = None
            if tape is None:
                tape = []
            y.tape = tape
            tape.append(ref(y))  # weakly: a result that nobody can reach any more goes, and its arrays with it
            return y

        apply.rule, apply.symbol, apply.writes = rule, symbol, writes
        of_rule = signature(rule)  # for help(): what the caller passes; the module xp is found out
        apply.__signature__ = of_rule.replace(parameters=list(of_rule.parameters.values())[1:])
        return apply

    return declare


def _join(tape, other):
    """Two graphs have met and are one from now on: the shorter tape goes to the end of the longer one."""
    if len(tape) < len(other):
        tape, other = other, tape
    for link in other:
        y = link()
        if y is not None:
            y.tape = tape
    tape.extend(other)
    return tape


def topological_order(out):
    """All tensors that `out` was computed from, each after everything it was computed from; `out` is the last.

    >>> a, b = Tensor(2, name="a"), Tensor(1, name="b")
    >>> c = a + b
    >>> d = b + 1
    >>> [x is y for x, y in zip(topological_order(c * d), [a, b, c, d])]
    [True, True, True, True]
    """
    needed = {out}
    for link in reversed(out.tape or ()):
        y = link()
        if y in needed:
            needed.update(x for x in y.inputs if isinstance(x, Tensor))
    order = {}  # a dict keeps the order in which its keys came
    for link in out.tape or ():
        y = link()
        if y in needed:
            order.update((x, None) for x in y.inputs if isinstance(x, Tensor))
            order[y] = None
    return list(order) or [out]


def _first_tensor(inputs):
    for x in inputs:
        if isinstance(x, Tensor):
            return x
    raise TypeError(
        "none of these is a Tensor, so there is nothing to differentiate by: write Tensor(...) around one of them"
    )


def _plain(settings):
    """What steers an operation, with data that stand in tensors taken out of them."""
    for setting in settings.values():
        if isinstance(setting, Tensor):
            return {name: _value(setting) for name, setting in settings.items()}
    return settings


def _fill(buffer, way_back, d_y, writes):
    """The first share of a gradient goes into the buffer, and straight there where the operation can write it so."""
    try:
        d_x = way_back(d_y, buffer) if writes else way_back(d_y)
    except ValueError:  # a buffer that cannot take it as it comes: another float type, or not in one piece
        d_x = way_back(d_y)
    if d_x is not buffer:
        buffer[...] = _fold(d_x, buffer.shape)


def _fold(d, shape):
    """Undo broadcasting: a number that was copied along an axis gets the sum of what its copies would get."""
    if d.shape == shape:
        return d
    d = d.sum(axis=tuple(range(d.ndim - len(shape))))
    stretched = tuple(i for i, n in enumerate(shape) if n == 1 and d.shape[i] != 1)
    return d.sum(axis=stretched, keepdims=True) if stretched else d


@lru_cache(maxsize=256)
def ones(xp, shape, dtype):
    """Ones, made once. They are a constant: nobody writes into them."""
    return xp.ones(shape, dtype=dtype)


def _as_operand(x, beside):
    """A number or array as it enters an operation beside a tensor: lists and integers get the tensor's float type."""
    if type(x) in (int, float) or type(x) is type(beside.value) and x.dtype == beside.value.dtype:
        return x
    _, x, _ = floats(operand=x, tensor=beside.value, finite=False)
    return x


def _value(x):
    return x.value if isinstance(x, Tensor) else x


def _kind(a):
    return tuple(getattr(a, "shape", ())), str(getattr(a, "dtype", type(a).__name__))


def _kind_in_words(a):
    shape, dtype = _kind(a)
    return f"of shape {shape} and type {dtype}"


def _short(a):
    """A number as itself, an array by its shape."""
    if a is None or getattr(a, "ndim", 0) == 0:
        return str(a if a is None else float(a))
    return f"array of shape {tuple(a.shape)}"
