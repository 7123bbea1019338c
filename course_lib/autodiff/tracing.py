"""Traced once, then replayed: the same operations on new data, without building the graph again."""

from course_lib.autodiff.engine import Tensor, topological_order
from course_lib.backend import array_module


def record(f):
    """f, traced at its first call and replayed afterwards. f takes arrays (data) and returns a tensor.

        loss_of = record(lambda X, y: squared_error(dense(X, W, b).sigmoid(), y=y))
        for X, y in minibatches:
            loss = loss_of(X, y)
            loss.backward()

    A replay reads the tensors that f uses, here W and b, as they are now, and computes with the new data.
    What f did in plain Python is not done again: an `if` keeps the branch, and a random mask the numbers, of the
    first call. Data of another shape or float type is traced anew. The data get no gradients.

    Each call returns the same tensor with new numbers in it: keep `float(loss)`, not `loss`.

    >>> w = Tensor(3)
    >>> half_square = record(lambda x: (w * x) ** 2 / 2)
    >>> for x in (1., 2.):
    ...     loss = half_square(x)
    ...     loss.backward()
    ...     print(float(loss), float(w.grad))
    4.5 3.0
    18.0 12.0
    """
    return Recording(f)


class Recording:
    """What `record` returns: call it as f. `traces` holds one trace for each kind of data it has met."""

    def __init__(self, f):
        self.f, self.traces = f, {}

    def __call__(self, *data):
        kind = tuple((getattr(a, "shape", ()), getattr(a, "dtype", float)) for a in data)
        trace = self.traces.get(kind)
        if trace is None:
            trace = self.traces[kind] = _Trace(self.f, data)
            return trace.out
        return trace.replay(data)


class _Data(Tensor):
    """A place for data in a trace. The walk back gives gradients to tensors only, so none is computed for it."""

    __slots__ = ()

    def __init__(self, value):
        if isinstance(value, (list, tuple)):
            raise TypeError("a recorded function takes arrays and numbers: turn lists into arrays once, before the loop")
        super().__init__(0)
        self.xp, self.value = array_module(value), value


class _Trace:
    def __init__(self, f, data):
        self.data = [_Data(a) for a in data]
        self.out = f(*self.data)
        if not isinstance(self.out, Tensor):
            raise TypeError(f"a recorded function returns a Tensor, its result; this one returned {type(self.out).__name__}")
        self.results = [y for y in topological_order(self.out) if y.made_by is not None]

    def replay(self, data):
        for place, value in zip(self.data, data):
            place.value = value
        for y in self.results:
            y.recompute()
        return self.out
