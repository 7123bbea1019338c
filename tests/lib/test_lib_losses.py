"""Losses: their definitions, computed another way; stable where numbers are large; sentences for bad targets."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, log_softmax, softmax

from course_lib.losses import (
    BinaryCrossEntropy, CosineDistance, CoxPartialLikelihood, Hinge, SigmoidCrossEntropy, SoftmaxCrossEntropy, SquaredError,
    SumOfLosses,
)

seeds = st.integers(0, 2**32 - 1)


def test_the_worked_numbers_of_the_lectures():
    # the hand table: squared errors .1425 .6684 .1425 .3875, mean .33524
    p = expit(np.array([[-.5], [-1.5], [.5], [-.5]]))
    assert SquaredError().value(p, [0, 1, 1, 1]) == pytest.approx(.33524, abs=5e-6)
    for y, q, loss in [(0, .1, .1054), (0, .9, 2.3026), (1, .1, 2.3026), (1, .9, .1054)]:
        assert BinaryCrossEntropy().value([[q]], [y]) == pytest.approx(loss, abs=5e-5)
    # confidently wrong, y = 1 at h = −8: squared error hardly notices, cross-entropy pulls with all its force
    h = np.array([[-8.0]])
    p = expit(h)
    assert float((SquaredError().gradient(p, [1]) * p * (1 - p))[0, 0]) == pytest.approx(-.00067, abs=5e-6)
    assert float(SigmoidCrossEntropy().gradient(h, [1])[0, 0]) == pytest.approx(-.9997, abs=5e-5)
    # one sigmoid's slope in its probability and in its logit is one chain rule apart
    np.testing.assert_allclose(BinaryCrossEntropy().gradient(p, [1]) * p * (1 - p), SigmoidCrossEntropy().gradient(h, [1]), rtol=1e-12)
    for K in (2, 10):
        assert SoftmaxCrossEntropy().value(np.zeros((3, K)), [0, 1, 1]) == pytest.approx(np.log(K))


@pytest.mark.parametrize("K, floor", [(2, .3133), (3, .5514), (10, 1.4612), (100, 3.6222)])
def test_softmax_twice_cannot_go_below_its_floor(K, floor):
    best = softmax(np.where(np.arange(K) == 0, 1000.0, 0.0))[None]  # already probabilities: one-hot
    assert SoftmaxCrossEntropy().value(best, [0]) == pytest.approx(floor, abs=5e-5)


@settings(max_examples=40)
@given(seed=seeds, N=st.integers(1, 6), K=st.integers(1, 5), R=st.sampled_from([None, 1, 3]), own=st.booleans())
def test_values_agree_with_loops_over_rows_and_replicas(seed, N, K, R, own):
    rng = np.random.default_rng(seed)
    o = rng.normal(scale=3, size=(R, N, K) if R else (N, K))
    lead = (R,) if R and own else ()
    y, bits, classes = rng.normal(size=(*lead, N, K)), rng.integers(0, 2, (*lead, N, K)), rng.integers(0, K, (*lead, N))
    cases = [
        (SquaredError(), o, y, lambda o, y: np.sum((o - y) ** 2)),
        (BinaryCrossEntropy(), expit(o), bits, lambda p, y: -np.sum(np.log(np.where(y == 1, p, 1 - p)))),
        (SigmoidCrossEntropy(), o, bits, lambda o, y: np.sum(np.logaddexp(0, np.where(y == 1, -o, o)))),
        (SoftmaxCrossEntropy(), o, classes, lambda o, y: -log_softmax(o)[y]),
        (SoftmaxCrossEntropy(), o, np.eye(K)[classes], lambda o, y: -log_softmax(o)[np.argmax(y)]),
        (Hinge(), o, 2 * bits - 1, lambda o, y: np.sum(np.maximum(0, 1 - y * o))),
        (CosineDistance(), o, y, lambda o, y: 1 - o @ y / np.linalg.norm(o) / np.linalg.norm(y)),
    ]
    for loss, o_, y_, of_row in cases:
        def of_replica(r):
            mine = y_[r] if R and own else y_
            return np.mean([of_row(o_row, y_row) for o_row, y_row in zip(o_[r] if R else o_, mine)])

        value = loss.value(o_, y_)
        expected = [of_replica(r) for r in range(R)] if R else of_replica(None)
        np.testing.assert_allclose(value, expected, rtol=1e-10, atol=1e-12)
        assert np.shape(value) == ((R,) if R else ()) and loss.gradient(o_, y_).shape == o_.shape
        assert R or type(value) is float


@pytest.mark.parametrize("loss, y", [
    (SigmoidCrossEntropy(), [[1, 0], [0, 1]]), (SoftmaxCrossEntropy(), [0, 1]), (SoftmaxCrossEntropy(), [[0, 1], [1, 0]]),
    (Hinge(), [[1, -1], [-1, 1]]), (SquaredError(), [[0, 0], [0, 0]]), (CosineDistance(), [[1, 0], [0, 1]]),
])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_thousand_is_finite_without_a_warning(loss, y, dtype):
    o = np.array([[1000, -1000], [-1000, 1000]], dtype=dtype)
    with warnings.catch_warnings(), np.errstate(over="raise", invalid="raise", divide="raise"):
        warnings.simplefilter("error")
        value, d_o = loss.value_and_gradient(o, y)
    assert np.isfinite(value) and np.all(np.isfinite(d_o)) and d_o.dtype == dtype


def test_probabilities_at_their_ends():
    loss = BinaryCrossEntropy()
    assert loss.value([[0.0, 1.0]], [[0, 1]]) == 0  # right and certain costs nothing
    assert loss.value([[0.0]], [1]) == 100  # wrong and certain costs 100, not infinity
    assert np.all(np.isfinite(loss.gradient([[0.0, 1.0]], [[1, 0]])))
    assert loss.value(np.array([[1e-40]], np.float32), [1]) == pytest.approx(87.3, abs=5)  # float32's smallest numbers


@settings(max_examples=50)
@given(seed=seeds, N=st.integers(1, 9), ties=st.booleans())
def test_cox_is_its_definition(seed, N, ties):
    rng = np.random.default_rng(seed)
    o = rng.normal(size=N)
    time = rng.integers(1, 4, N) if ties else rng.permutation(N) + 1.0
    event = rng.integers(0, 2, N)
    total = 0.0
    for i in range(N):
        if event[i]:
            total -= o[i] - np.log(sum(np.exp(o[j]) for j in range(N) if time[j] >= time[i]))
    value = CoxPartialLikelihood().value(o[:, None], np.stack([time, event], axis=1))
    assert value == pytest.approx(total / N, rel=1e-12, abs=1e-14)


def test_cox_ignores_what_it_should_and_stays_finite():
    loss, rng = CoxPartialLikelihood(), np.random.default_rng(0)
    o, time, event = rng.normal(size=(6, 1)), rng.permutation(6) + 1.0, np.array([1, 1, 0, 1, 0, 1])
    y = np.stack([time, event], axis=1)
    assert loss.value(o + 5, y) == pytest.approx(loss.value(o, y), rel=1e-12)  # only differences of risk count
    assert loss.value(o, np.stack([time**3, event], axis=1)) == pytest.approx(loss.value(o, y), rel=1e-12)  # only the order of times
    places = rng.permutation(6)
    assert loss.value(o[places], y[places]) == pytest.approx(loss.value(o, y), rel=1e-12)
    np.testing.assert_allclose(loss.gradient(o[places], y[places]), loss.gradient(o, y)[places], rtol=1e-12)
    assert loss.value(o, np.stack([time, 0 * event], axis=1)) == 0  # no event seen, nothing to say
    value, d_o = loss.value_and_gradient(np.array([[1000.0], [-1000], [0], [500], [-500], [1]]), y)
    assert np.isfinite(value) and np.all(np.isfinite(d_o))


def test_cosine_ignores_lengths_and_a_row_of_zeros_learns_nothing():
    o, y = np.array([[3.0, 4.0], [0.0, 0.0]]), np.array([[6.0, 8.0], [1.0, 0.0]])
    value, d_o = CosineDistance().value_and_gradient(o, y)
    assert value == pytest.approx(.5)  # 0 for the first row, 1 for the second
    np.testing.assert_allclose(d_o, 0, atol=1e-15)
    assert CosineDistance().value(-10 * o[:1], y[:1]) == pytest.approx(2)


def test_one_number_for_each_example_will_do():
    p, y = np.array([.1, .9, .4]), [0, 1, 1]
    for loss in (SquaredError(), BinaryCrossEntropy(), SigmoidCrossEntropy()):
        value, d_p = loss.value_and_gradient(p, y)
        assert value == loss.value(p[:, None], y) and d_p.shape == (3,)
        np.testing.assert_array_equal(d_p, loss.gradient(p[:, None], y)[:, 0])


def test_a_sum_of_losses_is_their_sum():
    rng = np.random.default_rng(0)
    o, numbers, classes = rng.normal(size=(5, 4)), rng.normal(size=5), rng.integers(0, 3, 5)
    loss = SumOfLosses((SquaredError(), 3, 2), (SoftmaxCrossEntropy(), [0, 1, 2], .5))
    value, d_o = loss.value_and_gradient(o, (numbers, classes))
    first, second = SquaredError().value_and_gradient(o[:, 3:], numbers), SoftmaxCrossEntropy().value_and_gradient(o[:, :3], classes)
    assert value == pytest.approx(2 * first[0] + .5 * second[0])
    np.testing.assert_allclose(d_o, np.hstack([.5 * second[1], 2 * first[1]]), rtol=1e-14)
    # one array with o's columns serves losses that take a target for each output
    both = SumOfLosses((SquaredError(), slice(0, 2), 1), (Hinge(), [2, 3], 1))
    y = np.hstack([rng.normal(size=(5, 2)), np.ones((5, 2))])
    assert both.value(o, y) == pytest.approx(SquaredError().value(o[:, :2], y[:, :2]) + Hinge().value(o[:, 2:], y[:, 2:]))


def test_the_share_that_is_right():
    assert SoftmaxCrossEntropy().accuracy(np.array([[2.0, 1], [0, 3], [1, 0]]), np.array([0, 1, 1])) == pytest.approx(2 / 3)
    assert SigmoidCrossEntropy().accuracy(np.array([[.1], [-.1]]), np.array([[1], [1]])) == .5
    np.testing.assert_array_equal(Hinge().accuracy(np.array([[[1.0], [1]], [[1], [-1]]]), np.array([[1], [-1]])), [.5, 1])


# --- bad input

O = np.zeros((3, 2))
BAD = [
    (SquaredError(), O, [1, 2, 3], ValueError, r"y has shape \(3,\), o has shape \(3, 2\): SquaredError needs one target for each output"),
    (SquaredError(), O[:, :1], [[1, 2, 3]], ValueError, r"y has shape \(1, 3\)"),
    (SquaredError(), O, [[1, np.nan]] * 3, ValueError, "y must hold finite numbers; it holds nan in row 1, column 2"),
    (SquaredError(), [[0, np.inf]], [[0, 0]], ValueError, "o must hold finite numbers"),
    (SoftmaxCrossEntropy(), [0, 1], [0, 1], ValueError, r"o has shape \(2,\); a loss takes outputs \(N, K\)"),
    (SquaredError(), np.zeros((0, 2)), np.zeros((0, 2)), ValueError, "nothing to average"),
    (BinaryCrossEntropy(), O - 1, O, ValueError, "o holds numbers outside 0 … 1: BinaryCrossEntropy takes probabilities: put a Sigmoid last"),
    (BinaryCrossEntropy(), O, O + 2, ValueError, "y holds numbers outside 0 … 1"),
    (SigmoidCrossEntropy(), O, O - 1, ValueError, "y holds numbers outside 0 … 1"),
    (SoftmaxCrossEntropy(), O, [0, 1, 2], ValueError, "whole numbers from 0 to 1, one class for each of the 2 columns of o; it goes from 0 to 2"),
    (SoftmaxCrossEntropy(), O, [0, 1, .5], ValueError, "whole numbers from 0 to 1"),
    (SoftmaxCrossEntropy(), O, [0, 1, -1], ValueError, "it goes from -1 to 1"),
    (SoftmaxCrossEntropy(), O, [0, 1], ValueError, r"y has shape \(2,\), o has shape \(3, 2\)"),
    (SoftmaxCrossEntropy(), O, [[1, 1]] * 3, ValueError, "must hold probabilities that sum to 1"),
    (SoftmaxCrossEntropy(), O, [["a"], ["b"], ["c"]], TypeError, "y must hold real numbers; it holds text"),
    (Hinge(), O, O, ValueError, "classes −1 and 1"),
    (CosineDistance(), O + 1, O, ValueError, "y has a row of zeros"),
    (CoxPartialLikelihood(), O, O, ValueError, "o has 2 columns; a Cox model has one output"),
    (CoxPartialLikelihood(), O[:, :1], [1, 2, 3], ValueError, r"needs rows \[time, event\], shape \(3, 2\)"),
    (CoxPartialLikelihood(), O[:, :1], O + 2, ValueError, "second column of y must be 1"),
    (SumOfLosses((SquaredError(), 5, 1)), O, (O[:, :1],), ValueError, "o has 2 columns"),
    (SumOfLosses((SquaredError(), 0, 1)), O, (O[:, :1], O[:, :1]), ValueError, "one target for each"),
]


@pytest.mark.parametrize("loss, o, y, error, sentence", BAD)
def test_bad_input_gets_a_sentence(loss, o, y, error, sentence):
    with pytest.raises(error, match=sentence):
        loss.value(o, y)


@pytest.mark.parametrize("parts, error, sentence", [
    ([], ValueError, "at least one"),
    ([(SquaredError(), 0)], TypeError, r"each part of SumOfLosses is \(loss, columns, weight\)"),
    ([(SquaredError, 0, 1)], TypeError, r"write SquaredError\(\), an instance"),
])
def test_a_bad_sum_gets_a_sentence(parts, error, sentence):
    with pytest.raises(error, match=sentence):
        SumOfLosses(*parts)


def test_the_arguments_stay_as_they_were():
    o, y = np.ones((2, 2)), np.array([[0.0, 1], [1, 0]])
    for loss in (SquaredError(), BinaryCrossEntropy(), SigmoidCrossEntropy(), SoftmaxCrossEntropy(), CosineDistance()):
        _, d_o = loss.value_and_gradient(o, y)
        d_o[...] = 7
        np.testing.assert_array_equal(o, np.ones((2, 2)))
        np.testing.assert_array_equal(y, [[0, 1], [1, 0]])


def test_accuracy_counts_a_flat_y_beside_a_column_of_outputs():
    o, y = [[2.], [-1.], [3.], [-.5]], [1, 0, 0, 1]
    assert SigmoidCrossEntropy().accuracy(o, y) == SigmoidCrossEntropy().accuracy(np.ravel(o), y) == .5
    assert Hinge().accuracy(o, [1, -1, -1, 1]) == .5
    assert SoftmaxCrossEntropy().accuracy([[2., 1.], [0., 1.]], [0, 0]) == .5
    assert BinaryCrossEntropy().accuracy([[.9], [.2]], [1, 0]) == 1
    with pytest.raises(TypeError, match="right and wrong"):
        SquaredError().accuracy(o, y)
    with pytest.raises(ValueError, match="one target for each"):
        SigmoidCrossEntropy().accuracy(o, [1, 0])
