"""An array type that is not NumPy's and will not be turned into it: a stand-in for a graphics card."""

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

# How long an example takes is the machine's affair, and none of these tests' promises.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


class Elsewhere:
    """The namespace of arrays that live elsewhere. It passes calls on to NumPy, refuses NumPy's own arrays,
    and counts how often numbers are brought home as whole arrays."""

    __name__ = "elsewhere"

    def __init__(self):
        self.transfers = 0

    def asarray(self, a, dtype=None):
        return Distant(self, np.array(a.here if isinstance(a, Distant) else a, dtype=dtype))

    def __getattr__(self, name):
        if name in ("cuda", "get"):
            raise AttributeError(name)
        thing = getattr(np, name)
        if isinstance(thing, type):  # a dtype such as float32
            return thing

        def call(*args, **kwargs):
            return Distant(self, np.asarray(thing(*(self.unwrap(a) for a in args), **kwargs)))

        return call

    def unwrap(self, a):
        if isinstance(a, Distant):
            return a.here
        assert not isinstance(a, np.ndarray), "a NumPy array was mixed with arrays that live elsewhere"
        return a


class Distant:
    def __init__(self, xp, here):
        self.xp, self.here = xp, here
        self.dtype, self.shape, self.ndim = here.dtype, here.shape, here.ndim

    def __array_namespace__(self, api_version=None):
        return self.xp

    def __array__(self, *args, **kwargs):
        raise TypeError("this array does not turn into a NumPy array by itself")

    def get(self):
        self.xp.transfers += 1
        return self.here.copy()

    def __getitem__(self, key):
        return Distant(self.xp, np.asarray(self.here[key]))

    def __float__(self):
        return float(self.here)

    def __int__(self):
        return int(self.here)

    def __bool__(self):
        return bool(self.here)


def _operator(name):
    def method(self, *others):
        return Distant(self.xp, np.asarray(getattr(self.here, name)(*(self.xp.unwrap(o) for o in others))))

    return method


for _name in ("add sub mul truediv pow matmul radd rsub rmul rtruediv neg pos invert abs gt ge lt le eq ne and or").split():
    setattr(Distant, f"__{_name}__", _operator(f"__{_name}__"))


@pytest.fixture
def elsewhere():
    return Elsewhere()
