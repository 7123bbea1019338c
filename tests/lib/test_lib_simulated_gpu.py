"""The simulated device computes later, in order, the same numbers; and is refused what a card would be refused."""

import threading
import time

import numpy as np
import pytest

from course_lib import simulated_gpu
from course_lib.backend import array_module, synchronize, to_cpu
from course_lib.simulated_gpu import LateArray, SimulatedGPU, gpu_or_simulated


@pytest.fixture
def xp():
    return SimulatedGPU(bus=1e12, first=0)


@pytest.fixture
def A():
    return np.random.default_rng(0).normal(size=(40, 40)).astype(np.float32)


def test_the_numbers_are_numpys_and_so_are_shape_and_type(xp, A):
    a = xp.asarray(A)
    for late, now in (
        (a @ a, A @ A), (xp.maximum(a, 0), np.maximum(A, 0)), (xp.exp(a), np.exp(A)),
        (2 * a + 1, 2 * A + 1), (a - a / 2, A - A / 2), (a * a, A * A),
    ):  # fmt: skip
        assert late.shape == now.shape and late.dtype == now.dtype == np.float32 and late.nbytes == now.nbytes
        np.testing.assert_array_equal(late.get(), now)


def test_ordering_returns_before_anything_is_computed_and_waiting_does_not(xp):
    may_go_on = threading.Event()
    blocked = xp._order("wait", may_go_on.wait, (), bool)
    a = xp._order("later", lambda: np.ones((2, 2)), (2, 2), np.float64)
    b = a @ a
    assert b.shape == (2, 2) and a.numbers is None and b.numbers is None and blocked.numbers is None
    may_go_on.set()
    synchronize(xp)
    np.testing.assert_array_equal(b.numbers, [[2, 2], [2, 2]])


def test_a_transfer_costs_its_bytes_and_only_the_first_call_of_an_operation_its_loading(A):
    xp = SimulatedGPU(bus=A.nbytes / 0.05, first=0.1)

    def clock(f):
        start = time.perf_counter()
        result = f()
        synchronize(xp)
        return time.perf_counter() - start, result

    there, a = clock(lambda: xp.asarray(A))
    first, second = clock(lambda: a @ a)[0], clock(lambda: a @ a)[0]
    other = clock(lambda: xp.exp(a))[0]
    assert there >= 0.05 and clock(a.get)[0] >= 0.05
    assert first >= 0.1 > second and other >= 0.1
    assert xp.asarray(a) is a, "what is there already does not travel"


def test_what_comes_back_is_a_copy_and_what_went_there_was_one(xp, A):
    a = xp.asarray(A)
    before = A.copy()
    A[:] = 0
    back = a.get()
    back[:] = 1
    np.testing.assert_array_equal(a.get(), before)


def test_it_is_an_array_module_as_cupy_is(xp, A):
    a = xp.asarray(A)
    assert array_module(a, 2.0) is xp and "simulated" in xp.__name__ and "simulated" in repr(a)
    np.testing.assert_array_equal(to_cpu(a), A)
    with pytest.raises(TypeError, match="different places"):
        array_module(a, A)


def test_arrays_of_two_places_are_never_mixed(xp, A):
    a = xp.asarray(A)
    for mixed in (lambda: a + A, lambda: A + a, lambda: a @ A, lambda: A @ a, lambda: a * SimulatedGPU(first=0).asarray(A)):
        with pytest.raises(TypeError):
            mixed()


def test_shapes_that_do_not_fit_are_refused_when_ordered_and_what_fails_later_is_raised_by_who_waits(xp, A):
    a = xp.asarray(A)
    with pytest.raises(ValueError, match="do not fit a matrix product"):
        a @ xp.asarray(A[:3])
    xp._order("broken", lambda: 1 / 0, (), float)
    with pytest.raises(ZeroDivisionError):
        synchronize(xp)
    np.testing.assert_array_equal((a @ a).get(), A @ A)  # and the device goes on


def test_where_there_is_no_card_the_stand_in_comes(monkeypatch):
    monkeypatch.setattr(simulated_gpu, "gpu_available", lambda: False)
    assert isinstance(gpu_or_simulated().asarray([1.0]), LateArray)


@pytest.mark.parametrize("settings", [{"bus": 0}, {"bus": -1}, {"first": -1}, {"bus": float("nan")}])
def test_settings_that_make_no_sense_get_a_sentence(settings):
    with pytest.raises(ValueError):
        SimulatedGPU(**settings)
