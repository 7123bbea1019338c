"""What this machine can do, measured now."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from course_lib.measurements.gpu import OPERATIONS
from course_lib.timing import Crossover, benchmark, crossover

SIZES = (4, 8, 16, 32, 64, 128, 256, 512, 1024)


@dataclass(frozen=True)
class Measured:
    """times[operation, dtype] is a Crossover; bandwidth is that of this CPU's memory, bytes a second."""

    times: dict
    bandwidth: float

    @property
    def sizes(self) -> list:
        return self.times["product", "float32"].sizes

    def peak(self, dtype: str = "float32") -> float:
        """The most operations a second that any of these products reached."""
        product = self.times["product", dtype]
        return max(2 * n**3 / seconds for n, seconds in zip(product.sizes, product.cpu))


def time_operations(sizes=SIZES, *, seconds: float = 0.02) -> Measured:
    """Time the matrix product and the ReLU of n × n numbers, in float32 and float64, for about `seconds` each.

    A GPU is timed too where there is one. The bandwidth is that of copying an array much larger than the cache.

    >>> measured = time_operations([4, 64], seconds=.002)
    >>> len(measured.times["relu", "float64"].cpu), measured.peak() > 0
    (2, True)
    """
    times: dict[tuple, Crossover] = {}
    for operation, f in OPERATIONS.items():
        for dtype in ("float32", "float64"):
            times[operation, dtype] = crossover(sizes, f=f, data=_data(operation, dtype), seconds=seconds)
    return Measured(times, _memory_bandwidth(seconds))


def _data(operation, dtype):
    def data(n):
        rng = np.random.default_rng(n)
        return tuple(rng.uniform(-1, 1, (n, n)).astype(dtype) for _ in range(2 if operation == "product" else 1))

    return data


def _memory_bandwidth(seconds):
    source = np.ones(4_000_000)  # 32 MB, more than a core's cache holds
    copy = np.empty_like(source)
    return 2 * source.nbytes / benchmark(np.copyto, copy, source, seconds=seconds).kernel
