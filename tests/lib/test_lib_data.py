"""Data: what is drawn is what it says, the same for the same generator; splits keep every row; no network means a sentence."""

import threading
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib import data
from course_lib.data import (
    augment,
    blobs,
    circles,
    curve,
    gate,
    minibatches,
    moons,
    regression_curve,
    spirals,
    train_test_split,
)

DRAWN = {"blobs": blobs, "circles": circles, "moons": moons, "spirals": spirals}


def rng(seed=0):
    return np.random.default_rng(seed)


# ---- gates ----


@pytest.mark.parametrize(
    "name, rule",
    [
        ("AND", min),
        ("or", max),
        ("XOR", lambda pair: sum(pair) % 2),
        ("NAND", lambda pair: 1 - min(pair)),
        ("NOR", lambda pair: 1 - max(pair)),
        ("XNOR", lambda pair: 1 - sum(pair) % 2),
    ],
)
def test_gates(name, rule):
    X, y = gate(name)
    assert X.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert y.tolist() == [rule(row) for row in X.astype(int).tolist()]


# ---- drawn on the spot ----


@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)
@pytest.mark.parametrize("n", [1, 2, 7, 100])
def test_drawn_sets_have_their_shape_and_equal_classes(draw, n):
    X, y = draw(n, rng())
    assert X.shape == (n, 2) and X.dtype == np.float64 and y.shape == (n,) and y.dtype.kind == "i"
    assert abs(np.sum(y == 0) - np.sum(y == 1)) <= 1
    again, other = draw(n, rng()), draw(n, rng(1))
    np.testing.assert_array_equal(again[0], X)
    assert not np.array_equal(other[0], X)


def test_without_noise_the_points_lie_on_their_curves():
    X, y = circles(200, rng(), noise=0, inner=0.4)
    np.testing.assert_allclose(np.linalg.norm(X, axis=1), np.where(y == 0, 1, 0.4))
    X, y = moons(200, rng(), noise=0)
    np.testing.assert_allclose(np.linalg.norm(X[y == 0], axis=1), 1)
    np.testing.assert_allclose(np.linalg.norm(X[y == 1] - [1, 0.5], axis=1), 1)
    assert (X[y == 0, 1] >= 0).all() and (X[y == 1, 1] <= 0.5).all()
    X, y = blobs(300, rng(), classes=3, noise=0)
    np.testing.assert_allclose([X[y == 1].mean(axis=0)], [[-1, np.sqrt(3)]], atol=1e-12)
    X, y = spirals(300, rng(), noise=0, turns=1)
    radius, angle = np.linalg.norm(X, axis=1), np.arctan2(X[:, 1], X[:, 0])
    expected = 2 * np.pi * (radius - 0.1) / 0.9 + np.pi * y
    np.testing.assert_allclose(np.cos(angle - expected), 1, atol=1e-9)
    X, y = regression_curve(50, rng(), noise=0)
    assert X.shape == (50, 1)
    np.testing.assert_allclose(y, np.sin(2 * np.pi * X[:, 0]) + X[:, 0])


def test_noise_has_its_standard_deviation():
    X, y = regression_curve(20_000, rng(), noise=0.3)
    assert np.std(y - curve(X[:, 0])) == pytest.approx(0.3, rel=0.025)  # five standard errors: 5/√40 000
    X, y = blobs(20_000, rng(), noise=0.7)
    assert np.std(X[y == 0] - [2, 0]) == pytest.approx(0.7, rel=0.025)


# ---- real data, without a network ----


@pytest.mark.parametrize(
    "load, rows, columns, classes",
    [(data.digits, 1797, 64, 10), (data.diabetes, 442, 10, None), (data.breast_cancer, 569, 30, 2)],
)
def test_bundled_sets(load, rows, columns, classes):
    X, y = load()
    whole = load()
    assert X.shape == (rows, columns) and y.shape == (rows,) and np.all(np.isfinite(X))
    assert len(whole.columns) == columns and whole.X is whole[0] and whole.y is whole[1]
    assert (whole.classes is None) == (classes is None)
    if classes:
        assert sorted(set(y.tolist())) == list(range(classes)) and len(whole.classes) == classes


def test_digits_are_pixels_from_0_to_1():
    X, _ = data.digits()
    assert X.min() == 0 and X.max() == 1


def test_diabetes_is_not_prepared_on_all_its_rows():
    X, y = data.diabetes()
    assert X[:, 0].min() == 19 and X[:, 0].max() == 79  # ages in years
    assert (y.min(), y.max()) == (25, 346)


@pytest.mark.parametrize("trouble", ["no answer", "error", "hangs"])
def test_without_a_network_there_is_a_sentence_and_the_digits(trouble, monkeypatch):
    import sklearn.datasets

    over = threading.Event()

    def fetch(*args, **kwargs):
        if trouble == "error":
            raise OSError("Network is unreachable")
        over.wait(30)
        raise OSError("timed out")

    monkeypatch.setattr(sklearn.datasets, "fetch_openml", fetch)
    monkeypatch.setattr(data.real, "_kept_from_openml", lambda: False)
    monkeypatch.setattr(data.real, "_openml_answers", lambda: trouble != "no answer")
    started = time.monotonic()
    words = {"no answer": "does not answer", "error": "unreachable", "hangs": "longer than 0.5 seconds"}[trouble]
    with pytest.warns(UserWarning, match=f"MNIST is not here: .*{words}.*1797 digits"):
        X, y = data.mnist(patience=0.5)
    assert X.shape == (1797, 64) and time.monotonic() - started < 15
    over.set()


def test_with_a_network_mnist_comes_as_pixels_and_whole_numbers(monkeypatch):
    import sklearn.datasets
    from types import SimpleNamespace

    answer = SimpleNamespace(data=np.full((3, 784), 255), target=np.array(["5", "0", "4"], dtype=object))
    monkeypatch.setattr(sklearn.datasets, "fetch_openml", lambda *args, **kwargs: answer)
    monkeypatch.setattr(data.real, "_kept_from_openml", lambda: True)
    X, y = data.mnist()
    assert X.max() == 1 and y.tolist() == [5, 0, 4] and y.dtype == np.int64


def test_asking_openml_ends_soon_when_nothing_answers(monkeypatch):
    import urllib.request

    over = threading.Event()

    def silent(*args, **kwargs):
        over.wait(30)
        raise OSError("timed out")

    monkeypatch.setattr(urllib.request, "urlopen", silent)
    started = time.monotonic()
    assert not data.real._openml_answers(seconds=0.2)
    assert time.monotonic() - started < 5
    over.set()


# ---- splits and batches ----


@given(n=st.integers(2, 60), seed=st.integers(0, 1000), share=st.floats(0.05, 0.95))
def test_a_split_keeps_every_row_once_and_with_its_target(n, seed, share):
    X, y = np.arange(n)[:, None] * 1.0, np.arange(n)
    if not 0 < round(share * n) < n:
        return
    X_train, X_test, y_train, y_test = train_test_split(X, y, test=share, rng=rng(seed))
    assert len(X_test) == round(share * n)
    assert sorted([*y_train, *y_test]) == list(range(n))
    assert X_train[:, 0].tolist() == y_train.tolist() and X_test[:, 0].tolist() == y_test.tolist()


def test_a_stratified_split_keeps_the_shares_of_the_classes():
    y = np.repeat([0, 1, 2], [80, 15, 5])
    X_train, X_test, y_train, y_test = train_test_split(y[:, None], y, test=20, rng=rng(), stratified=True)
    assert np.bincount(y_test).tolist() == [16, 3, 1] and np.bincount(y_train).tolist() == [64, 12, 4]
    several = {
        tuple(train_test_split(np.arange(100), y, test=20, rng=rng(s), stratified=True)[1].tolist()) for s in range(5)
    }
    assert len(several) == 5  # at random all the same


@given(n=st.integers(1, 40), size=st.integers(1, 50), seed=st.integers(0, 100))
def test_an_epoch_has_every_row_once(n, size, seed):
    X, y = np.arange(n)[:, None], np.arange(n)
    batches = list(minibatches(X, y, size, rng(seed)))
    assert sorted(np.concatenate([y_batch for _, y_batch in batches]).tolist()) == list(range(n))
    assert all(X_batch[:, 0].tolist() == y_batch.tolist() for X_batch, y_batch in batches)
    assert [len(y_batch) for _, y_batch in batches[:-1]] == [size] * (len(batches) - 1)


def test_without_a_generator_the_rows_keep_their_order():
    assert [y.tolist() for _, y in minibatches(np.zeros((5, 1)), np.arange(5), 2)] == [[0, 1], [2, 3], [4]]


# ---- augmentation ----


def test_a_shift_moves_the_picture_and_fills_with_zeros():
    picture = np.arange(1.0, 10).reshape(1, 9)
    seen = {tuple(augment(picture, rng(seed), shift=1, image=(3, 3))[0].tolist()) for seed in range(200)}
    padded = np.pad(picture.reshape(3, 3), 1)
    expected = {tuple(padded[i : i + 3, j : j + 3].ravel().tolist()) for i in range(3) for j in range(3)}
    assert seen == expected  # all nine places, and nothing else


def test_a_flip_mirrors_half_of_the_pictures():
    X = np.tile([1.0, 2, 3, 4], (1000, 1))
    new = augment(X, rng(), flip=True, image=(2, 2))
    mirrored = np.all(new == [2, 1, 4, 3], axis=1)
    assert np.all(mirrored | np.all(new == X, axis=1)) and 420 < mirrored.sum() < 580  # five standard deviations


def test_noise_is_added_and_nothing_else_changes():
    X = np.ones((100, 50), np.float32)
    new = augment(X, rng(), noise=0.2)
    assert new.dtype == np.float32 and np.all(X == 1)
    assert np.std(new - 1) == pytest.approx(0.2, rel=0.05)
    np.testing.assert_array_equal(augment(X, rng()), X)


# ---- sentences ----


@pytest.mark.parametrize(
    "wrong, error, words",
    [
        (lambda: gate("MAYBE"), ValueError, "'MAYBE'; there are AND, OR"),
        (lambda: moons(0, rng()), ValueError, "n is 0"),
        (lambda: moons(2.5, rng()), ValueError, "whole number"),
        (lambda: moons(10, None), TypeError, r"default_rng\(0\)"),
        (lambda: moons(10, np.random), TypeError, "Generator"),
        (lambda: moons(10, rng(), noise=-1), ValueError, "noise is -1"),
        (lambda: blobs(10, rng(), classes=0), ValueError, "classes is 0"),
        (lambda: train_test_split([[1], [2]], [0, 1], test=2, rng=rng()), ValueError, "both parts"),
        (lambda: train_test_split([[1], [2]], [0], rng=rng()), ValueError, "one row for each"),
        (lambda: minibatches([[1]], [1], 0), ValueError, "batch_size is 0"),
        (lambda: minibatches([[1]], [1, 2], 1), ValueError, "one row for each"),
        (lambda: augment([[1, 2, 3]], rng(), shift=1), ValueError, r"image=\(8, 8\)"),
        (lambda: augment([[1, 2, 3]], rng(), shift=1, image=(2, 2)), ValueError, "3 columns"),
        (lambda: augment([[1, np.nan]], rng()), ValueError, "nan"),
    ],
)
def test_bad_input_gets_a_sentence(wrong, error, words):
    with pytest.raises(error, match=words):
        wrong()


@pytest.mark.parametrize("draw", [blobs, circles, moons, spirals, regression_curve])
def test_a_seed_stands_for_its_generator(draw):
    for a, b in zip(draw(9, 3), draw(9, np.random.default_rng(3))):
        np.testing.assert_array_equal(a, b)
