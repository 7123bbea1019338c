"""An array type that is not NumPy's and will not be turned into it: a stand-in for a graphics card."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

# How long an example takes is the machine's affair, and none of these tests' promises.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


class Elsewhere:
    """The namespace of arrays that live elsewhere. It passes calls on to NumPy, refuses NumPy's own arrays and
    what CuPy does not have, and counts how often numbers are brought home as whole arrays."""

    __name__ = "elsewhere"

    def __init__(self):
        self.transfers = 0
        self.ndarray = Distant
        self.linalg = SimpleNamespace(svd=lambda *args, **how: self.call(np.linalg.svd, *args, **how))

    def asarray(self, a, dtype=None):
        if isinstance(a, Distant) and (dtype is None or dtype == a.dtype):
            return a
        return Distant(self, np.array(a.here if isinstance(a, Distant) else a, dtype=dtype))

    def __getattr__(self, name):
        if name in ("cuda", "get", "errstate", "random", "vectorize", "frompyfunc", "nditer", "apply_along_axis"):
            raise AttributeError(name)
        thing = getattr(np, name)
        if isinstance(thing, type) or not callable(thing):  # a dtype such as float32, a number such as inf
            return thing

        def call(*args, **kwargs):
            return self.call(thing, *args, **kwargs)

        return call

    def call(self, function, *args, **kwargs):
        """function(…) of NumPy's, on and into arrays that live here."""
        assert not {"where", "mode", "order", "casting", "initial"} & set(kwargs), f"CuPy does not take {kwargs}"
        result = function(*(self.unwrap(a) for a in args), **{key: self.unwrap(a) for key, a in kwargs.items()})
        for there in (*args, *kwargs.values()):
            if isinstance(there, Distant) and result is there.here:
                return there
        return self.wrap(result)

    def wrap(self, result):
        if isinstance(result, tuple):
            return tuple(map(self.wrap, result))
        return Distant(self, np.asarray(result)) if isinstance(result, (np.ndarray, np.generic)) else result

    def unwrap(self, a):
        if isinstance(a, Distant):
            return a.here
        if isinstance(a, (tuple, list)):
            return type(a)(map(self.unwrap, a))
        assert not isinstance(a, np.ndarray), "a NumPy array was mixed with arrays that live elsewhere"
        return a


class Distant:
    def __init__(self, xp, here):
        self.xp, self.here = xp, here

    dtype = property(lambda self: self.here.dtype)
    shape = property(lambda self: self.here.shape)
    ndim = property(lambda self: self.here.ndim)
    size = property(lambda self: self.here.size)
    nbytes = property(lambda self: self.here.nbytes)
    T = property(lambda self: Distant(self.xp, self.here.T))
    mT = property(lambda self: Distant(self.xp, self.here.mT))

    def __array_namespace__(self, api_version=None):
        return self.xp

    def __array__(self, *args, **kwargs):
        raise TypeError("this array does not turn into a NumPy array by itself")

    def get(self):
        self.xp.transfers += 1
        return self.here.copy()

    def __getitem__(self, key):
        return Distant(self.xp, np.asarray(self.here[self.xp.unwrap(key)]))

    def __setitem__(self, key, value):
        self.here[self.xp.unwrap(key)] = self.xp.unwrap(value)

    def __len__(self):
        return len(self.here)

    def __float__(self):
        return float(self.here)

    def __int__(self):
        return int(self.here)

    def __bool__(self):
        return bool(self.here)


def _method(name):
    def method(self, *args, **kwargs):
        return self.xp.call(getattr(self.here, name), *args, **kwargs)

    return method


def _in_place(name):
    def method(self, other):
        self.here[...] = getattr(self.here, f"__{name}__")(self.xp.unwrap(other))
        return self

    return method


for _name in ("add sub mul truediv floordiv mod pow matmul radd rsub rmul rtruediv rpow neg pos invert abs "
              "gt ge lt le eq ne and or xor").split():
    setattr(Distant, f"__{_name}__", _method(f"__{_name}__"))
for _name in "add sub mul truediv".split():
    setattr(Distant, f"__i{_name}__", _in_place(_name))
for _name in "dot sum mean max min any all argmax argmin argsort cumsum reshape ravel swapaxes transpose copy astype take fill".split():
    setattr(Distant, _name, _method(_name))


@pytest.fixture
def elsewhere():
    return Elsewhere()
