"""The roofline: worked numbers, limits, and what the data sheets say."""

import numpy as np
import pytest

from course_lib.devices import BATCH, CARDS, OPERATIONS, Device, work

TOY = Device("toy", peak=100.0, bandwidth=10.0, bus=1.0, double=2, launch=5.0)


def test_work_is_what_numpy_would_read_write_and_multiply():
    n = 7
    A, x, X = np.ones((n, n), np.float32), np.ones(n, np.float32), np.ones((BATCH, n), np.float32)
    for name, inputs, travels, result, per_result in (
        ("product", (A, A), (A, A), A @ A, 2 * n), ("vector", (A, x), (A, x), A @ x, 2 * n),
        ("relu", (A,), (A,), np.maximum(A, 0), 1), ("layer", (X, A), (X,), X @ A, 2 * n),
    ):  # fmt: skip
        w = work(name, n)
        assert w.bytes == sum(a.nbytes for a in inputs) + result.nbytes
        assert (w.bytes_in, w.bytes_out) == (sum(a.nbytes for a in travels), result.nbytes)
        assert w.operations == per_result * result.size
        assert work(name, n, "float64").bytes == 2 * w.bytes
    assert set(OPERATIONS) == {"product", "vector", "relu", "layer"}


def test_a_worked_example():
    # product of 2 × 2: 16 operations, 48 bytes; memory: 4.8 s, computing: .16 s; 32 bytes there, 16 back at 1 a second
    assert TOY.seconds("product", 2) == pytest.approx(5 + 4.8)
    assert TOY.seconds("product", 2, transfer=True) == pytest.approx(5 + 4.8 + 48 + 10)
    assert TOY.seconds("product", 1000) == pytest.approx(5 + 2e9 / 100)  # now computing is the limit
    assert TOY.seconds("product", 1000, "float64") == pytest.approx(5 + 2e9 / 50)


def test_the_roof_bends_at_the_ridge():
    assert TOY.ridge() == 10 and TOY.ridge("float64") == 5
    assert TOY.best(5) == 50 and TOY.best(10) == TOY.best(1000) == 100 and TOY.best(1000, "float64") == 50


def test_published_cards_name_their_source_and_are_in_a_possible_range():
    for card in CARDS.values():
        assert "NVIDIA" in card.source and any(word in card.source for word in ("data sheet", "white paper"))
        assert f"{card.peak / 1e12:g} T" in card.source and card.launch == 1e-5
        assert card.bus < card.bandwidth < card.peak
    assert CARDS["H200"].ridge() == pytest.approx(67e12 / 4.8e12)


@pytest.mark.parametrize("change", [{"peak": 0}, {"bandwidth": -1}, {"bus": float("nan")}, {"launch": -1}, {"double": 0}])
def test_impossible_devices_get_a_sentence(change):
    with pytest.raises(ValueError):
        Device("impossible", **{"peak": 1, "bandwidth": 1, "bus": 1, "double": 1, **change})


def test_unknown_names_get_a_sentence():
    with pytest.raises(ValueError, match="operation is 'sum'; it is one of product"):
        work("sum", 4)
    with pytest.raises(ValueError, match="dtype is 'int8'"):
        work("relu", 4, "int8")
