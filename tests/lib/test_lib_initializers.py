"""Initializers: the variances that they promise, orthogonality, and sentences for impossible shapes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib import initializers
from course_lib.initializers import (
    constant, fans, glorot_normal, glorot_uniform, he_normal, he_uniform, lecun_normal, normal, orthogonal, truncated_normal, uniform, zeros,
)

# name: (f, variance for fan_in n and fan_out m, is it uniform?)
VARIANCES = {
    "lecun_normal": (lecun_normal, lambda n, m: 1 / n, False),
    "glorot_normal": (glorot_normal, lambda n, m: 2 / (n + m), False),
    "glorot_uniform": (glorot_uniform, lambda n, m: 2 / (n + m), True),
    "he_normal": (he_normal, lambda n, m: 2 / n, False),
    "he_uniform": (he_uniform, lambda n, m: 2 / n, True),
    "normal": (normal(.01), lambda n, m: 1e-4, False),
    "uniform": (uniform(-.5, .5), lambda n, m: 1 / 12, True),
    "PyTorch's": (lambda shape, rng: uniform(-shape[0]**-.5, shape[0]**-.5)(shape, rng), lambda n, m: 1 / (3 * n), True),
}


@pytest.mark.parametrize("f, variance, is_uniform", VARIANCES.values(), ids=VARIANCES)
@pytest.mark.parametrize("shape, n, m", [((512, 128), 512, 128), ((64, 1024), 64, 1024), ((300, 300), 300, 300)])
def test_variances(f, variance, is_uniform, shape, n, m):
    W = f(shape, np.random.default_rng(0))
    assert W.shape == shape and W.dtype == np.float64
    # of N draws the variance is known to √((κ − 1)/N), κ = 3 for a normal and 1.8 for a uniform distribution; 4 of these
    spread = ((1.8 if is_uniform else 3) - 1) ** .5 / W.size**.5
    assert W.var() == pytest.approx(variance(n, m), rel=4 * spread)
    assert abs(W.mean()) < 4 * (variance(n, m) / W.size) ** .5
    if is_uniform:
        assert abs(W).max() == pytest.approx((3 * variance(n, m)) ** .5, rel=1e-2)  # the end of the range, nearly reached
    else:
        assert abs(W).max() > 3.5 * variance(n, m) ** .5  # a normal distribution has tails


def test_the_figures_of_the_errata_for_512_to_4096():
    rng = np.random.default_rng(0)
    for f, variance in ((lecun_normal, 1.95e-3), (glorot_normal, 4.34e-4), (he_normal, 3.91e-3)):
        assert f((512, 4096), rng).var() == pytest.approx(variance, rel=5e-3)


def test_a_convolutions_window_counts():
    assert fans((3, 3, 16, 32)) == (144, 288)
    W = he_normal((3, 3, 64, 64), np.random.default_rng(0))
    assert W.shape == (3, 3, 64, 64) and W.var() == pytest.approx(2 / (9 * 64), rel=.03)


@pytest.mark.parametrize("shape", [(5, 5), (7, 3), (3, 7), (1, 4), (3, 3, 2, 4), (2, 2, 8, 3)])
def test_orthogonal_turns_and_does_not_stretch(shape):
    Q = orthogonal(shape, np.random.default_rng(0))
    assert Q.shape == shape
    Q = Q.reshape(-1, shape[-1])
    short = Q.T @ Q if Q.shape[0] >= Q.shape[1] else Q @ Q.T
    np.testing.assert_allclose(short, np.eye(len(short)), atol=1e-14)
    np.testing.assert_allclose(orthogonal(shape, np.random.default_rng(0), gain=2.0).reshape(Q.shape), 2 * Q)


def test_orthogonal_is_drawn_evenly():
    # QR alone, without the signs, would never give the diagonal of R a minus: the mean of Q[0, 0] would be far from 0
    draws = [orthogonal((3, 3), rng)[0, 0] for rng in map(np.random.default_rng, range(2000))]
    assert abs(np.mean(draws)) < 4 * (1 / 3 / 2000) ** .5  # each entry has mean 0 and variance 1/3


def test_truncated_normal_has_no_tails():
    W = truncated_normal(.5)((200, 200), np.random.default_rng(0))
    assert abs(W).max() <= 1
    assert W.std() == pytest.approx(.5 * .8796, rel=.01)  # scipy.stats.truncnorm(-2, 2).std()
    inside = normal(.5)((200, 200), np.random.default_rng(1))
    inside = inside[abs(inside) <= 1]
    np.testing.assert_allclose(np.quantile(W, [.1, .25, .75, .9]), np.quantile(inside, [.1, .25, .75, .9]), atol=.02)


def test_zeros_and_constants():
    np.testing.assert_array_equal(zeros((2, 3), None), np.zeros((2, 3)))
    np.testing.assert_array_equal(zeros(3), np.zeros(3))
    np.testing.assert_array_equal(constant(.1)((2,), np.random.default_rng(0)), [.1, .1])


@settings(max_examples=20)
@given(n=st.integers(1, 9), m=st.integers(1, 9), seed=st.integers(0, 2**32 - 1))
def test_the_same_generator_gives_the_same_weights(n, m, seed):
    for f in (orthogonal, lecun_normal, glorot_uniform, glorot_normal, he_uniform, he_normal, normal(1), uniform(0, 1), truncated_normal(1)):
        one, two = (f((n, m), np.random.default_rng(seed)) for _ in range(2))
        np.testing.assert_array_equal(one, two)
        assert one.shape == (n, m) and np.all(np.isfinite(one))


@pytest.mark.parametrize("call, error, sentence", [
    (lambda rng: he_normal((5,), rng), ValueError, r"shape is \(5,\); weights that are scaled by their connections need \(n_in, n_out\)"),
    (lambda rng: he_normal((0, 5), rng), ValueError, "both 1 or larger"),
    (lambda rng: zeros("ab", rng), TypeError, "it needs whole numbers"),
    (lambda rng: zeros((-1, 2), rng), ValueError, "a size is 0 or larger"),
    (lambda rng: normal(-1), ValueError, "a standard deviation is 0 or larger"),
    (lambda rng: normal("wide"), TypeError, "std must hold real numbers"),
    (lambda rng: uniform(1, 0), ValueError, "from low to high"),
    (lambda rng: normal(1)((2,), "0"), TypeError, r"np.random.default_rng\(0\)"),
    (lambda rng: constant(np.nan), ValueError, "c must hold finite numbers"),
])
def test_bad_input_gets_a_sentence(call, error, sentence):
    with pytest.raises(error, match=sentence):
        call(np.random.default_rng(0))


def test_every_name_of_the_contract_is_there():
    names = "zeros constant uniform normal truncated_normal orthogonal lecun_normal glorot_uniform glorot_normal he_uniform he_normal"
    assert all(callable(getattr(initializers, name)) for name in names.split())
