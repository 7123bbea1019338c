"""Honest timing: how long a computation takes, and what else hides in that time.

Three things make a naive measurement lie. The first call also pays for imports, compilation and cold memory. A
graphics card returns from a call before it has computed, so a clock that does not wait measures how fast
work is ordered. And the data must get to the card and the result back, which can take longer than the computation.
"""

from dataclasses import dataclass
from statistics import median
from time import perf_counter

from course_lib.backend import array_module, gpu_available, synchronize, to_cpu, to_gpu
from course_lib.checks import number


@dataclass(frozen=True)
class Timing:
    """What `benchmark` found, in seconds; all but `first` are medians over `runs` runs.

    kernel     one computation, waited for, on data that are already in place
    ordered    the same without waiting: on a graphics card only the time to order the work, elsewhere the same
    transfer   bringing the data there and the result back; 0 where they are in the computer's memory anyway
    first      the first call, with everything that is done only once
    """

    kernel: float
    ordered: float
    transfer: float
    first: float
    runs: int
    device: str

    def __str__(self):
        words = f"{in_words(self.kernel)} a call on the {self.device} (median of {self.runs}); "
        words += f"the first took {in_words(self.first)}"
        if self.transfer:
            words += f"; transfer there and back {in_words(self.transfer)}"
            words += f"; without waiting the clock would say {in_words(self.ordered)}"
        return words


def benchmark(f, *args, device=None, seconds=0.2):
    """Time f(*args): warm up, then run it for about `seconds`, and at least 3 times.

    The arrays among the args stay where they are; `device="gpu"` or `"cpu"` moves them first. Raises TypeError when
    f cannot be called, ValueError for another device, and RuntimeError for "gpu" where there is none.

    >>> import numpy as np
    >>> timing = benchmark(np.matmul, np.ones((50, 50)), np.ones((50, 50)), seconds=.01)
    >>> timing.device, timing.runs >= 3, timing.transfer
    ('CPU', True, 0.0)
    """
    if not callable(f):
        raise TypeError(f"benchmark takes a function and what it is called with; f is {type(f).__name__}")
    if device not in (None, "cpu", "gpu"):
        raise ValueError(f'device is {device!r}; it is "cpu", "gpu", or None for where the arrays are')
    seconds = number(seconds, "seconds")
    if device is not None:
        args = _move(args, to_gpu if device == "gpu" else to_cpu)
    xp = array_module(*(a for a in args if _is_array(a)))

    first, result = _clock(lambda: f(*args), xp)
    once, _ = _clock(lambda: f(*args), xp)
    runs = min(max(3, int(seconds / max(once, 1e-9))), 10_000)
    kernel = median(_clock(lambda: f(*args), xp)[0] for _ in range(runs))
    ordered, transfer = kernel, 0.0
    if hasattr(xp, "cuda"):
        ordered = median(_clock_without_waiting(lambda: f(*args), xp) for _ in range(runs))
        here, few = _move(args, to_cpu), max(3, runs // 10)
        there = median(_clock(lambda: _move(here, to_gpu), xp)[0] for _ in range(few))
        back = median(_clock(lambda: _move([result], to_cpu), xp)[0] for _ in range(few))
        transfer = there + back
    return Timing(kernel, ordered, transfer, first, runs, "GPU" if hasattr(xp, "cuda") else "CPU")


def _clock(f, xp):
    """Seconds until f is done, and its result."""
    synchronize(xp)
    start = perf_counter()
    result = f()
    synchronize(xp)
    return perf_counter() - start, result


def _clock_without_waiting(f, xp):
    synchronize(xp)
    start = perf_counter()
    f()
    return perf_counter() - start


def _move(args, to):
    return [to(a) if _is_array(a) else a for a in args]


def _is_array(a):
    return hasattr(a, "shape") and hasattr(a, "dtype")


@dataclass(frozen=True)
class Crossover:
    """What `crossover` found. Each list has one time in seconds for each size; the GPU's are None where there is none.

    without_transfer, with_transfer    the first size from which on the GPU wins at every larger one; None if at none
    """

    sizes: list
    cpu: list
    gpu: list
    gpu_with_transfer: list
    without_transfer: int | None
    with_transfer: int | None

    def __str__(self):
        lines = [f"{'size':>8}  {'CPU':>10}  {'GPU':>10}  {'GPU + transfer':>14}"]
        for row in zip(self.sizes, self.cpu, self.gpu, self.gpu_with_transfer):
            size, *times = row
            cpu, gpu, whole = ("not measured" if t is None else in_words(t) for t in times)
            lines.append(f"{size:>8}  {cpu:>10}  {gpu:>10}  {whole:>14}")
        if self.gpu and self.gpu[0] is None:
            lines.append("There is no GPU here: its side was not measured.")
        else:
            for words, size in (("computing alone", self.without_transfer), ("with transfer", self.with_transfer)):
                lines.append(
                    f"The GPU wins, {words}, "
                    + (f"from size {size} on." if size is not None else "at none of these sizes.")
                )
        return "\n".join(lines)


def crossover(sizes, *, f=None, data=None, seconds=0.1):
    """From which size on is a GPU worth it? Times f on CPU and GPU for each size, with and without transfer.

    f        a function of arrays, on NumPy and CuPy alike; the matrix product, without saying
    data     size -> the arrays that f gets; two square float32 matrices, without saying
    seconds  for each measurement, about

    print(crossover([8, 16], seconds=.01))        # here on a machine without a GPU
        size         CPU         GPU  GPU + transfer
           8     3.67 µs  not measured    not measured
          16     3.88 µs  not measured    not measured
    There is no GPU here: its side was not measured.
    """
    sizes = [int(number(size, "size")) for size in sizes]
    if not sizes or min(sizes) < 1 or sizes != sorted(set(sizes)):
        raise ValueError(f"sizes are {sizes}; they must be whole numbers from 1 up, each larger than the one before")
    f, data = f or (lambda A, B: A @ B), data or _two_matrices
    cpu, gpu, whole = [], [], []
    for size in sizes:
        arrays = data(size)
        cpu.append(benchmark(f, *arrays, device="cpu", seconds=seconds).kernel)
        there = benchmark(f, *arrays, device="gpu", seconds=seconds) if gpu_available() else None
        gpu.append(there and there.kernel)
        whole.append(there and there.kernel + there.transfer)
    return Crossover(sizes, cpu, gpu, whole, _wins_from(sizes, cpu, gpu), _wins_from(sizes, cpu, whole))


def _two_matrices(size):
    import numpy as np

    A, B = np.random.default_rng(0).random((2, size, size), dtype=np.float32)
    return A, B


def _wins_from(sizes, cpu, gpu):
    """The first size from which on gpu is the faster one at this and every larger size."""
    first = None
    for size, here, there in reversed(list(zip(sizes, cpu, gpu))):
        if there is None or there >= here:
            break
        first = size
    return first


def in_words(seconds):
    """A time with three digits and its unit.

    >>> in_words(.00001234), in_words(2.5)
    ('12.3 µs', '2.5 s')
    """
    for unit, size in (("s", 1), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            break
    else:
        unit, size = "ns", 1e-9
    return f"{seconds / size:.3g} {unit}"
