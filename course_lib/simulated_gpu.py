"""A device that computes later, as a graphics card does: for seeing what that does to a clock where there is no card.

    xp = gpu_or_simulated()          CuPy on a machine with a card it can use, else a SimulatedGPU
    A_gpu = xp.asarray(A)            a transfer there
    C_gpu = A_gpu @ A_gpu            ordered, not yet computed
    synchronize(xp)                  now it is
    C = C_gpu.get()                  a transfer back

What is imitated is the behaviour, not the speed. The sums are NumPy's, done by your own CPU on a second thread, in the
order in which they were given; what a transfer and a first call cost is slept. No time measured here says anything about
a real card, except in which place it is lost.
"""

import queue
import threading
import time

import numpy as np

from course_lib.backend import gpu_available
from course_lib.checks import number


def gpu_or_simulated():
    """CuPy where there is a graphics card that it can use, else a new SimulatedGPU: the same lines run on both."""
    if gpu_available():
        import cupy

        return cupy
    return SimulatedGPU()


class SimulatedGPU:
    """A queue that computes later, in the place of CuPy's module.

    bus     bytes a second, each way, between the computer's memory and the device's
    first   seconds that the first call of each operation takes on top, as loading its code does

    It knows what the lectures use: asarray, maximum, exp, cuda.Device().synchronize(), and arrays with + − * / @ and
    .get(). Raises ValueError when bus or first make no sense.

    >>> xp = SimulatedGPU(first=0)
    >>> a = xp.asarray([[1., 2.]])
    >>> (xp.maximum(a - 1.5, 0) * 2).get()
    array([[0., 1.]])
    """

    __name__ = "a simulated GPU"

    def __init__(self, *, bus=0.1e9, first=0.25):
        self.bus, self.first = number(bus, "bus"), number(first, "first")
        if self.bus <= 0 or self.first < 0:
            raise ValueError(f"bus is {bus} and first is {first}: a bus moves some bytes a second, a call takes 0 s or more")
        self.cuda = self  # xp.cuda.Device().synchronize(), as in CuPy
        self._orders, self._known, self._failed = queue.Queue(), set(), None
        threading.Thread(target=self._work, daemon=True).start()

    def asarray(self, a):
        """Bring an array to the device, and wait until it is there. What is there already stays."""
        if isinstance(a, LateArray):
            return a
        a = np.array(a)
        moved = self._order("copy", lambda: self._carry(a), a.shape, a.dtype)
        self.synchronize()
        return moved

    def maximum(self, a, b):
        return self._elementwise("maximum", np.maximum, a, b)

    def exp(self, a):
        return self._elementwise("exp", np.exp, a)

    def Device(self):
        return self

    def synchronize(self):
        """Wait until everything that was ordered is done; what went wrong meanwhile is raised here."""
        self._orders.join()
        if self._failed is not None:
            failed, self._failed = self._failed, None
            raise failed

    def _order(self, name, compute, shape, dtype):
        """Put it into the queue and return at once, with an array whose numbers will come."""
        result = LateArray(self, shape, dtype)
        self._orders.put((name, compute, result))
        return result

    def _elementwise(self, name, f, *arrays):
        shape = np.broadcast_shapes(*(np.shape(a) for a in arrays))
        dtype = np.result_type(*(a.dtype if isinstance(a, LateArray) else a for a in arrays))
        return self._order(name, lambda: f(*(_numbers(a) for a in arrays)), shape, dtype)

    def _work(self):
        """The device: one order after the other, for ever."""
        while True:
            name, compute, result = self._orders.get()
            try:
                if name != "copy" and name not in self._known:
                    self._known.add(name)
                    time.sleep(self.first)
                result.numbers = compute()
            except Exception as failed:
                self._failed = failed
            finally:
                self._orders.task_done()

    def _carry(self, a):
        time.sleep(a.nbytes / self.bus)
        return a


class LateArray:
    """An array on a SimulatedGPU: its shape is known at once, its numbers when the device has got to them."""

    __array_ufunc__ = None  # NumPy leaves `X + a` to us, and we refuse it: nothing is moved behind your back

    def __init__(self, device, shape, dtype):
        self.device, self.shape, self.dtype, self.numbers = device, tuple(shape), np.dtype(dtype), None
        self.nbytes = int(np.prod(self.shape, dtype=int)) * self.dtype.itemsize

    def get(self):
        """Wait for the numbers and bring them back: a NumPy array."""
        self.device.synchronize()
        return self.device._carry(self.numbers).copy()

    def __array_namespace__(self, api_version=None):
        return self.device

    def __matmul__(self, other):
        other = _here(self, other)
        if len(self.shape) != 2 or len(other.shape) != 2 or self.shape[1] != other.shape[0]:
            raise ValueError(f"shapes {self.shape} and {other.shape} do not fit a matrix product: the inner sizes must be equal")
        shape, dtype = (self.shape[0], other.shape[1]), np.result_type(self.dtype, other.dtype)
        return self.device._order("product", lambda: self.numbers @ other.numbers, shape, dtype)

    def __add__(self, other):
        return self.device._elementwise("add", np.add, self, _here(self, other))

    def __sub__(self, other):
        return self.device._elementwise("subtract", np.subtract, self, _here(self, other))

    def __mul__(self, other):
        return self.device._elementwise("multiply", np.multiply, self, _here(self, other))

    def __truediv__(self, other):
        return self.device._elementwise("divide", np.divide, self, _here(self, other))

    __radd__, __rmul__ = __add__, __mul__

    def __repr__(self):
        return f"LateArray(shape {self.shape}, {self.dtype}, on {self.device.__name__}; .get() brings it back)"


def _here(array, other):
    """`other`, if it is a number or lives on the same device."""
    if np.isscalar(other) or (isinstance(other, LateArray) and other.device is array.device):
        return other
    raise TypeError(
        f"one array is on {array.device.__name__}, the other is {type(other).__name__}: "
        "bring it there first, with xp.asarray(...)"
    )


def _numbers(a):
    return a.numbers if isinstance(a, LateArray) else a
