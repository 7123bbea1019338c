"""One neuron: the slide's worked numbers, finite differences, and what training shows."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.special import expit

from course_lib.perceptron import gradients, predict, step, weighted_sum

X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
OR, AND, XOR = np.array([0, 1, 1, 1]), np.array([0, 0, 0, 1]), np.array([0, 1, 1, 0])
W, B = np.array([1.0, -1.0]), -.5


def mean_squared_error(X, y, w, b):
    """The loss that the gradients are checked against, with SciPy's sigmoid."""
    return np.mean((np.asarray(y) - expit(np.asarray(X) @ np.asarray(w) + b)) ** 2)


# --- the worked numbers


def test_the_slide_s_table():
    h, p, y_hat = predict(X, W, B)
    np.testing.assert_array_equal(h, [-.5, -1.5, .5, -.5])
    np.testing.assert_array_equal(p.round(2), [.38, .18, .62, .38])
    np.testing.assert_array_equal(y_hat, [0, 0, 1, 0])
    assert np.sum(y_hat == OR) == 2
    np.testing.assert_allclose((OR - p) ** 2, [.1425, .6684, .1425, .3875], atol=5e-5)
    assert round(float(np.mean((OR - p) ** 2)), 5) == .33524


def test_with_no_bias_two_rows_tie_and_count_as_one():
    h, p, y_hat = predict(X, W, 0)
    np.testing.assert_allclose(p, [.5, .2689, .7311, .5], atol=5e-5)
    assert p[0] == .5 and p[3] == .5
    np.testing.assert_array_equal(y_hat, [1, 0, 1, 1])
    assert np.round(.5) == 0  # which is why a decision is not a rounding


def test_the_mean_gradient_keeps_its_two():
    d_w, d_b = gradients(X, OR, W, B)
    np.testing.assert_allclose([*d_w, d_b], [-.11750, -.13411, -.13411], atol=5e-6)


@pytest.mark.parametrize(
    "eta, w1, w2, b, h, p, error",
    [
        (.1, 1.01175, -.98659, -.48659, [-.4866, -1.4732, .5252, -.4614], [.3807, .1865, .6284, .3866], .33028),
        (1, 1.11750, -.86589, -.36589, [-.3659, -1.2318, .7516, -.1143], [.4095, .2259, .6795, .4715], .28726),
    ],
)
def test_the_new_table_after_one_step(eta, w1, w2, b, h, p, error):
    new_w, new_b = step(W, B, *gradients(X, OR, W, B), eta)
    np.testing.assert_allclose([*new_w, new_b], [w1, w2, b], atol=5e-6)
    new_h, new_p, y_hat = predict(X, new_w, new_b)
    np.testing.assert_allclose(new_h, h, atol=5e-5)
    np.testing.assert_allclose(new_p, p, atol=5e-5)
    np.testing.assert_array_equal(y_hat, [0, 0, 1, 0])
    assert abs(mean_squared_error(X, OR, new_w, new_b) - error) < 5e-6


@pytest.mark.parametrize("eta, w1, w2, b, error", [
    (.1, 1.00588, -.99330, -.49329, .33275), (1, 1.05875, -.93295, -.43295, .31074),
])
def test_the_slide_s_rule_without_the_two_goes_exactly_half_as_far(eta, w1, w2, b, error):
    d_w, d_b = gradients(X, OR, W, B)
    _, p, _ = predict(X, W, B)
    slide = (p - OR) * p * (1 - p)
    np.testing.assert_allclose(np.mean(slide[:, None] * X, axis=0), d_w / 2, rtol=1e-14)
    half_w, half_b = step(W, B, d_w / 2, d_b / 2, eta)
    np.testing.assert_allclose([*half_w, half_b], [w1, w2, b], atol=6e-6)  # five places, and 1.005875 rounds either way
    assert abs(mean_squared_error(X, OR, half_w, half_b) - error) < 5e-6


def test_eta_twice_is_eta_squared():
    d_w, d_b = gradients(X, OR, W, B)
    w, _ = step(W, B, .1 * d_w / 2, .1 * d_b / 2, .1)  # the slides' two etas, without the 2
    assert round(float(w[0]), 5) == 1.00059


def test_swapped_weights_are_another_gradient():
    d_w, _ = gradients(X, OR, W, B)
    assert abs(d_w[0] - d_w[1]) > .01  # so that a grader can see the slide's w_1 written twice


def first_step_all_correct(y, eta, limit=400):
    w, b = W, B
    for k in range(limit + 1):
        if np.array_equal(predict(X, w, b)[2], y):
            return k
        w, b = step(w, b, *gradients(X, y, w, b), eta)


@pytest.mark.parametrize("eta, k", [(.1, 257), (.5, 52), (1, 26), (2, 14), (5, 6), (10, 3)])
def test_or_is_first_all_correct(eta, k):
    assert first_step_all_correct(OR, eta) == k


@pytest.mark.parametrize("eta, k", [(.1, 242), (.5, 49), (1, 25), (2, 12), (5, 5), (10, 3)])
def test_and_is_first_all_correct(eta, k):
    assert first_step_all_correct(AND, eta) == k


def test_on_xor_the_loss_falls_while_the_accuracy_falls():
    w, b, correct = W, B, {}
    for k in range(501):
        correct[k] = int(np.sum(predict(X, w, b)[2] == XOR))
        if k in (0, 1):
            assert abs(mean_squared_error(X, XOR, w, b) - (.2740, .2735)[k]) < 5e-5
        w, b = step(w, b, *gradients(X, XOR, w, b), 1)
    assert (correct[0], correct[47], correct[48], correct[312], correct[313]) == (3, 3, 2, 2, 1)
    np.testing.assert_allclose(predict(X, w, b)[1], .5, atol=5e-4)


# --- for any neuron

sizes = st.tuples(st.integers(1, 9), st.integers(1, 6))


@st.composite
def neurons(draw, dtype=np.float64):
    N, D = draw(sizes)
    numbers = st.floats(-3, 3, width=32, allow_subnormal=False)
    return (
        draw(hnp.arrays(dtype, (N, D), elements=numbers)),
        draw(hnp.arrays(np.int64, (N,), elements=st.integers(0, 1))),
        draw(hnp.arrays(dtype, (D,), elements=numbers)),
        draw(numbers),
    )


@settings(max_examples=100)
@given(neurons())
def test_gradients_agree_with_central_differences(neuron):
    X, y, w, b = neuron
    d_w, d_b = gradients(X, y, w, b)
    assert d_w.shape == w.shape and np.shape(d_b) == ()
    h = 1e-5  # truncation h² ≈ 1e-10 times third derivatives below 100; rounding eps/h ≈ 1e-11
    for j in range(len(w)):
        e = h * np.eye(len(w))[j]
        slope = (mean_squared_error(X, y, w + e, b) - mean_squared_error(X, y, w - e, b)) / (2 * h)
        assert abs(d_w[j] - slope) < 1e-8
    slope = (mean_squared_error(X, y, w, b + h) - mean_squared_error(X, y, w, b - h)) / (2 * h)
    assert abs(d_b - slope) < 1e-8


@settings(max_examples=100)
@given(neurons())
def test_predictions_agree_with_a_loop_over_the_rows(neuron):
    X, _, w, b = neuron
    h, p, y_hat = predict(X, w, b)
    np.testing.assert_array_equal(weighted_sum(X, w, b), h)
    for i, row in enumerate(X):
        # sums in another order: a few units in the last place of the terms
        assert abs(h[i] - (sum(x * v for x, v in zip(row, w)) + b)) < 1e-13
    np.testing.assert_allclose(p, expit(h), rtol=1e-14)
    np.testing.assert_array_equal(y_hat, [1 if value >= .5 else 0 for value in p])
    assert np.issubdtype(y_hat.dtype, np.integer)


@settings(max_examples=50)
@given(neurons(np.float32))
def test_float32_stays_float32_whatever_the_targets_and_the_rate(neuron):
    X, y, w, b = neuron
    for targets in (y, y.astype(np.float64), y.tolist()):
        h, p, _ = predict(X, w, b)
        d_w, d_b = gradients(X, targets, w, np.float64(b))
        new_w, new_b = step(w, b, d_w, d_b, np.float64(.1))
        assert {a.dtype for a in (h, p, d_w, d_b, new_w, new_b)} == {np.dtype(np.float32)}


@settings(max_examples=50)
@given(neurons())
def test_lists_loops_and_arrays_are_one(neuron):
    X, y, w, b = neuron
    lists = (X.tolist(), y.tolist(), w.tolist(), b)
    for ours, theirs in zip(gradients(*lists), gradients(X, y, w, b)):
        np.testing.assert_array_equal(ours, theirs)
    np.testing.assert_array_equal(predict(lists[0], lists[2], b)[1], predict(X, w, b)[1])


def test_integers_become_float64():
    h, p, _ = predict([[0, 1]], [1, -1], 2)
    d_w, d_b = gradients(np.array([[0, 1]]), np.array([1]), np.array([1, -1]), 2)
    w, b = step(np.array([1, -1]), 2, d_w, d_b, 1)
    assert {a.dtype for a in (h, p, d_w, d_b, w, b)} == {np.dtype(np.float64)}


@settings(max_examples=50)
@given(neurons(), st.floats(0, 10))
def test_a_step_changes_nothing_but_returns_new_arrays(neuron, eta):
    X, y, w, b = neuron
    before = [a.copy() for a in (X, y, w)]
    d_w, d_b = gradients(X, y, w, b)
    new_w, new_b = step(w, b, d_w, d_b, eta)
    np.testing.assert_allclose(new_w, [v - eta * d for v, d in zip(w, d_w)], rtol=1e-15)
    assert new_b == b - eta * d_b
    for now, then in zip((X, y, w), before):
        np.testing.assert_array_equal(now, then)
    assert not np.shares_memory(new_w, w) and not np.shares_memory(new_w, d_w)


@settings(max_examples=50)
@given(neurons())
def test_a_small_step_lowers_the_loss(neuron):
    X, y, w, b = neuron
    d_w, d_b = gradients(X, y, w, b)
    slope = float(d_w @ d_w + d_b * d_b)
    assume(slope > 1e-6)
    new_w, new_b = step(w, b, d_w, d_b, 1e-3)
    assert mean_squared_error(X, y, new_w, new_b) < mean_squared_error(X, y, w, b)


def test_a_thousand_does_not_overflow():
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        _, p, _ = predict([[1000.0], [-1000.0]], [1], 0)
        d_w, d_b = gradients([[1000.0], [-1000.0]], [0, 1], [1], 0)
    np.testing.assert_array_equal(p, [1, 0])
    assert d_w == 0 and d_b == 0  # confidently wrong, and no slope left to learn from


def test_arrays_that_live_elsewhere_stay_there(elsewhere):
    far = [elsewhere.asarray(a) for a in (X, OR, W)]
    h, p, y_hat = predict(far[0], far[2], B)
    d_w, d_b = gradients(*far, B)
    w, b = step(far[2], B, d_w, d_b, .1)
    assert elsewhere.transfers == 0
    near = (*predict(X, W, B), *gradients(X, OR, W, B), *step(W, B, *gradients(X, OR, W, B), .1))
    for there, here in zip((h, p, y_hat, d_w, d_b, w, b), near):
        np.testing.assert_array_equal(there.get(), here)
    with pytest.raises(TypeError, match="different places"):
        gradients(far[0], OR, far[2], B)


# --- bad input

BAD = [
    (([[0, 1, 2]], [1, -1], 0), ValueError, "X has 3 columns, w has 2 weights: a neuron needs one weight for each"),
    (([[0]], [1, -1], 0), ValueError, "X has 1 column, w has 2 weights"),
    (([0, 1], [1, -1], 0), ValueError, r"X has shape \(2,\), but it needs rows and columns"),
    ((5, [1, -1], 0), ValueError, r"X has shape \(\), but it needs rows"),
    ((np.zeros((0, 2)), [1, -1], 0), ValueError, "needs at least one row"),
    ((X, [[1], [-1]], 0), ValueError, r"w has shape \(2, 1\), but one neuron needs a flat list"),
    ((X, W, [0.0]), ValueError, r"b has shape \(1,\), but one neuron has one bias"),
    (([[0, np.nan]], W, 0), ValueError, "X must hold finite numbers; it holds nan in row 1, column 2"),
    ((X, [1, np.inf], 0), ValueError, "w must hold finite numbers; it holds inf at place 2"),
    ((X, W, float("nan")), ValueError, "b must hold finite numbers; it holds nan"),
    ((X, ["1", "-1"], 0), TypeError, "w must hold real numbers; it holds text"),
    (("X", W, 0), TypeError, "X must hold real numbers; it holds text"),
    ((X, [1, 1j], 0), TypeError, "w must hold real numbers; it holds complex"),
    ((X, W, None), TypeError, "b must hold real numbers"),
    ((X, None, 0), TypeError, "w must hold real numbers"),
    (([[0, 1], [1]], W, 0), ValueError, "X is ragged"),
    ((X, {"w1": 1}, 0), TypeError, "w must hold real numbers"),
]


@pytest.mark.parametrize("arguments, error, sentence", BAD)
def test_a_neuron_that_is_none_gets_a_sentence(arguments, error, sentence):
    for function in (weighted_sum, predict):
        with pytest.raises(error, match=sentence):
            function(*arguments)
    with pytest.raises(error, match=sentence):
        gradients(arguments[0], OR, *arguments[1:])


@pytest.mark.parametrize("y, error, sentence", [
    ([0, 1, 1], ValueError, r"y has shape \(3,\), X has 4 rows: y needs one target for each row, shape \(4,\)"),
    (OR[:, None], ValueError, r"y has shape \(4, 1\), X has 4 rows"),
    ([0, 1, None, 1], TypeError, "y must hold real numbers"),
    ([0, 1, np.nan, 1], ValueError, "y must hold finite numbers; it holds nan at place 3"),
])
def test_bad_targets_get_a_sentence(y, error, sentence):
    with pytest.raises(error, match=sentence):
        gradients(X, y, W, B)


@pytest.mark.parametrize("arguments, error, sentence", [
    ((W, B, [1, 2, 3], 0, .1), ValueError, r"d_w has shape \(3,\), w has shape \(2,\)"),
    ((W, B, [[1], [2]], 0, .1), ValueError, r"d_w has shape \(2, 1\), w has shape \(2,\)"),
    ((W, B, W, [1], .1), ValueError, r"d_b has shape \(1,\), b has shape \(\)"),
    ((W, B, W, 0, -.1), ValueError, "eta is -0.1, but a learning rate is 0 or larger"),
    ((W, B, W, 0, "fast"), TypeError, "eta must hold real numbers; it holds text"),
    ((W, B, W, 0, [.1, .2]), ValueError, "eta must be a single number"),
    ((W, B, W, 0, float("inf")), ValueError, "eta must hold finite numbers"),
    ((W, B, [np.nan, 0], 0, .1), ValueError, "d_w must hold finite numbers; it holds nan at place 1"),
])
def test_an_impossible_step_gets_a_sentence(arguments, error, sentence):
    with pytest.raises(error, match=sentence):
        step(*arguments)
