"""Timing: the device is waited for, the first call stands apart, and what cannot be measured is not made up."""

import time

import numpy as np
import pytest

from course_lib import timing
from course_lib.timing import benchmark, crossover, in_words


def test_a_sleep_takes_as_long_as_it_takes():
    result = benchmark(lambda: time.sleep(0.02), seconds=0.05)
    assert 0.02 <= result.kernel < 0.1 and result.runs >= 3  # a busy machine only adds
    assert result.transfer == 0 and result.device == "CPU" and result.ordered == result.kernel


def test_the_first_call_stands_apart():
    calls = []

    def slow_at_first():
        calls.append(1)
        if len(calls) == 1:
            time.sleep(0.2)

    result = benchmark(slow_at_first, seconds=0.01)
    assert result.first >= 0.2 > 0.05 > result.kernel


class FakeDevice:
    """A graphics card made of sleeps: a call returns at once, the work is done when somebody waits."""

    def __init__(self):
        self.busy_until, self.waits = 0.0, 0
        self.cuda = self

    def Device(self):
        return self

    def synchronize(self):
        self.waits += 1
        time.sleep(max(0.0, self.busy_until - time.perf_counter()))

    def asarray(self, a):
        return a

    def work(self, seconds):
        self.busy_until = max(self.busy_until, time.perf_counter()) + seconds


class FakeArray:
    shape, dtype = (), float

    def __init__(self, device):
        self.device = device

    def __array_namespace__(self, api_version=None):
        return self.device

    def get(self):
        time.sleep(0.02)
        return np.zeros(())


def test_work_on_a_device_is_waited_for_and_transfer_counted_apart(monkeypatch):
    device = FakeDevice()
    monkeypatch.setattr(timing, "to_gpu", lambda a: time.sleep(0.01) or FakeArray(device))

    def f(a):
        device.work(0.03)
        return a

    result = benchmark(f, FakeArray(device), seconds=0.01)
    assert result.device == "GPU" and device.waits > 0
    assert result.kernel >= 0.03 > result.ordered  # the clock without waiting lies
    assert result.transfer >= 0.03  # 10 ms there, 20 ms back
    assert "without waiting the clock would say" in str(result)


def test_crossover_is_the_size_from_which_on_the_gpu_always_wins():
    sizes = [1, 2, 4, 8]
    assert timing._wins_from(sizes, [1, 1, 1, 1], [3, 2, 0.5, 0.1]) == 4
    assert timing._wins_from(sizes, [1, 1, 1, 1], [0.5, 2, 0.5, 0.1]) == 4  # a lucky small one does not count
    assert timing._wins_from(sizes, [1, 1, 1, 1], [0.5, 0.5, 0.5, 0.1]) == 1
    assert timing._wins_from(sizes, [1, 1, 1, 1], [3, 2, 1.5, 1]) is None
    assert timing._wins_from(sizes, [1, 1, 1, 1], [None] * 4) is None


def test_without_a_gpu_its_side_is_not_measured(monkeypatch):
    monkeypatch.setattr(timing, "gpu_available", lambda: False)
    found = crossover([4, 8], seconds=0.002)
    assert all(t > 0 for t in found.cpu) and found.gpu == found.gpu_with_transfer == [None, None]
    assert found.with_transfer is None and str(found).count("not measured") == 5


def test_larger_products_take_longer():
    found = crossover([16, 512], seconds=0.02)
    assert found.cpu[1] > 20 * found.cpu[0]  # 32 768 times the work, some of it hidden in the small one's overhead


@pytest.mark.parametrize(
    "seconds, words", [(2.5, "2.5 s"), (0.0123, "12.3 ms"), (1.5e-5, "15 µs"), (4e-8, "40 ns"), (0, "0 ns")]
)
def test_times_in_words(seconds, words):
    assert in_words(seconds) == words


@pytest.mark.parametrize(
    "wrong, error, words",
    [
        (lambda: benchmark(3), TypeError, "function"),
        (lambda: benchmark(abs, np.ones(2), device="tpu"), ValueError, "tpu"),
        (lambda: crossover([]), ValueError, "whole numbers"),
        (lambda: crossover([8, 4]), ValueError, "larger than the one before"),
        (lambda: crossover([0, 4]), ValueError, "from 1 up"),
    ],
)
def test_bad_input_gets_a_sentence(wrong, error, words):
    with pytest.raises(error, match=words):
        wrong()
