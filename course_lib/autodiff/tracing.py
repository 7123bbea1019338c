"""Traced once, then replayed: the same operations on new numbers, without building the graph again.

program.py    arrays that write down what is done to them, and the program that comes of it
"""

from course_lib.autodiff.engine import Tensor, _as_operand, _value, topological_order
from course_lib.autodiff.program import Program, Written
from course_lib.backend import array_module


def record(f):
    """f, traced at its first call and replayed afterwards. f takes arrays, numbers or tensors, and returns a tensor.

        loss_of = record(lambda X, y: squared_error(dense(X, W, b).sigmoid(), y=y))
        for X, y in batches:
            loss = loss_of(X, y)
            loss.backward()

    A replay reads the tensors that f uses, here W and b, as they are now. What f did in plain Python is not done
    again: an `if` keeps the branch, and a random mask the numbers, of the first call. Arguments of other shapes
    or types are traced anew. Arrays and numbers among them are data and get no gradients.

    Each call returns the same result with new numbers in it, and so does each backward: keep `float(loss)`, not
    `loss`. From a replayed result nothing further can be computed.

    >>> w = Tensor(3)
    >>> half_square = record(lambda x: (w * x) ** 2 / 2)
    >>> for x in (1., 2.):
    ...     loss = half_square(x)
    ...     loss.backward()
    ...     print(float(loss), float(w.grad))
    4.5 3.0
    18.0 12.0
    """
    traces, last = {}, None

    def replayed(*arguments):
        nonlocal last
        if last is None or not last.fits(arguments):
            kind = tuple([_kind(a) for a in arguments])
            last = traces.get(kind)
            if last is None or not last.fits(arguments):
                last = traces[kind] = _Trace(f, arguments)
        return last.replay(arguments)

    return replayed


class Replayed:
    """The result of a replay: `value`, `shape`, `backward()` and float(…), as a tensor has them."""

    def __init__(self, trace):
        self._trace, self.value = trace, trace.out.value.array

    @property
    def shape(self):
        return self.value.shape

    def backward(self):
        """Set the gradients of all tensors that the result was computed from. It must be a single number."""
        self._trace.backward()

    def __float__(self):
        return float(self.value)

    def __repr__(self):
        return f"Replayed({self.value if self.value.ndim == 0 else f'array of shape {self.shape}'})"


class _Data(Tensor):
    """A place for data. The walk back gives gradients to tensors alone, so none is computed for it."""

    __slots__ = ()

    def __init__(self, value):
        super().__init__(0)
        self.xp = array_module(value)
        self.value = (
            value if hasattr(value, "dtype") else self.xp.asarray(value, dtype=float)
        )  # class indices stay whole


class _Trace:
    """f for one kind of arguments: its graph, made again on arrays that write down what is done to them."""

    def __init__(self, f, arguments):
        self.kinds = [_kind(a) for a in arguments]
        places = [_place(a) for a in arguments]
        out = f(*places)
        if type(out) is not Tensor:
            raise TypeError(
                "a recorded function returns the Tensor that it computed; "
                f"this one returned {type(out).__name__.strip('_')}"
            )
        self.program = Program(out.xp)
        new = {place: self._written(place, out.xp.array(place.value)) for place in places}
        self.places = [_value(new[place]).array for place in places]
        self.leaves = []  # (tensor, its array when it was traced, where its gradient goes)
        for x in topological_order(out):
            if x.made_by is not None:
                new[x] = self._made_again(x, new)
            elif x not in new:
                new[x] = self._written(x, out.xp.asarray(x.value))
                self.leaves.append((x, x.value, new[x].buffer.array))
        self.out, self.forth, self.back = new[out], self.program.calls, None
        self.gradients = [(i, new[place].buffer.array) for i, place in enumerate(places) if type(place) is Tensor]
        self.result = Replayed(self)

    def _written(self, x, array):
        """A leaf on a written array. What gets no gradient is that array and nothing more."""
        value = Written(self.program, array)
        if type(x) is not Tensor:
            return value
        new = Tensor(0)
        new.xp, new.value, new.name = self.program, value, x.name
        new.buffer = Written(self.program, x.xp.empty_like(array) if x.buffer is None else x.buffer)
        return new

    def _made_again(self, x, new):
        operands = [new[o] if isinstance(o, Tensor) else self._constant(o, x) for o in x.inputs]
        settings = {name: new[s] if isinstance(s, Tensor) else s for name, s in x.settings.items()}
        if any(type(o) is Tensor for o in operands):
            return x.made_by(*operands, **settings)
        return x.made_by.rule(self.program, *operands, **settings)[0]  # computed from data alone: data, too

    def _constant(self, operand, beside):
        operand = _as_operand(operand, beside)
        return operand if isinstance(operand, (int, float)) else Written(self.program, operand, changes=False)

    def fits(self, arguments):
        """Are these arguments of the same kinds, and have the tensors still the arrays that were traced?"""
        if len(arguments) != len(self.kinds):
            return False
        for (kind, shape, dtype), a in zip(self.kinds, arguments):
            if type(a) is not kind or shape is not None and (a.shape != shape or a.dtype != dtype):
                return False
        for x, array, _ in self.leaves:
            if x.value is not array:
                return False
        return True

    def replay(self, arguments):
        for place, a in zip(self.places, arguments):
            place[...] = a.value if isinstance(a, Tensor) else a
        for call in self.forth:
            call()
        self.arguments = arguments
        return self.result

    def backward(self):
        if self.back is None:
            seed = Written(self.program, self.out.seed(), changes=False)
            self.back = self.program.calls = []
            self.out.backward(seed)
        else:
            for call in self.back:
                call()
        for x, _, gradient in self.leaves:
            x.grad = gradient
        for i, gradient in self.gradients:
            self.arguments[i].receive(gradient)


def _place(a):
    if isinstance(a, (list, tuple)):
        raise TypeError(
            "a recorded function takes arrays, numbers and tensors: turn lists into arrays once, before the loop"
        )
    if not isinstance(a, Tensor):
        return _Data(a)
    if a.tape is not None:
        raise ValueError(
            "a recorded function takes tensors that were not computed from others: call it with their values"
        )
    return Tensor(a.value)


def _kind(a):
    return type(a), getattr(a, "shape", None), getattr(a, "dtype", None)
