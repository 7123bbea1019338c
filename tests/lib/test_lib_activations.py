"""Activations: right values, right slopes, any size and float type, and sentences for bad input."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.special import expit, softmax

from course_lib.activations import Identity, LeakyReLU, ReLU, Sigmoid, Softmax, Step, Tanh, sigmoid

# name: (how to make one, the oracle)
ACTIVATIONS = {
    "Identity": (Identity, lambda X: X),
    "Sigmoid": (Sigmoid, expit),
    "Tanh": (Tanh, np.tanh),
    "ReLU": (ReLU, lambda X: X * (X > 0)),
    "LeakyReLU": (LeakyReLU, lambda X: np.where(X > 0, X, .01 * X)),
    "LeakyReLU .3": (lambda: LeakyReLU(slope=.3), lambda X: np.where(X > 0, X, .3 * X)),
    "Step": (Step, lambda X: np.heaviside(X, 1)),
    "Softmax": (Softmax, lambda X: softmax(X, axis=-1)),
}
each_activation = pytest.mark.parametrize("make, oracle", ACTIVATIONS.values(), ids=ACTIVATIONS)

shapes = hnp.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=5)


def inputs(dtype=np.float64):
    return hnp.arrays(dtype, shapes, elements=st.floats(-30, 30, width=32, allow_subnormal=False))


@each_activation
@settings(max_examples=40)
@given(X=inputs())
def test_values_agree_with_the_oracle(make, oracle, X):
    # a handful of operations on float64: a few units in the last of 16 digits
    np.testing.assert_allclose(make().forward(X), oracle(X), rtol=1e-13, atol=1e-300)


@each_activation
@settings(max_examples=20)
@given(X=inputs(np.float32))
def test_float32_stays_float32(make, oracle, X):
    layer = make()
    y = layer.forward(X)
    assert y.dtype == np.float32 and y.shape == X.shape
    # the slope of a sum of exponentials is at most |X| = 30 units in the last of 7 digits
    np.testing.assert_allclose(y, oracle(X.astype(np.float64)), rtol=1e-5, atol=1e-37)
    assert layer.backward(np.ones(X.shape)).dtype == np.float32


@each_activation
@settings(max_examples=40)
@given(X=inputs(), seed=st.integers(0, 2**32 - 1))
def test_backward_agrees_with_central_differences(make, oracle, X, seed):
    X = np.where(np.abs(X) < 1e-3, .5, X)  # stay away from kinks and jumps
    d_y = np.random.default_rng(seed).normal(size=X.shape)
    layer = make()
    layer.forward(X)
    d_X = layer.backward(d_y)
    h = 1e-5
    numerical = np.empty_like(X)
    for i in np.ndindex(X.shape):
        nudge = np.zeros_like(X)
        nudge[i] = h
        numerical[i] = np.sum(d_y * (make().forward(X + nudge) - make().forward(X - nudge))) / (2 * h)
    # truncation h²·f‴/6 is below 1e-10, rounding eps·|f|/h is below 1e-16·30·7/1e-5
    np.testing.assert_allclose(d_X, numerical, rtol=1e-7, atol=1e-8)


@each_activation
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_nothing_overflows_at_a_thousand(make, oracle, dtype):
    X = np.array([[-1000, 1000], [1000, 999], [-1000, -1000]], dtype=dtype)
    with warnings.catch_warnings(), np.errstate(over="raise", invalid="raise", divide="raise"):
        warnings.simplefilter("error")
        layer = make()
        y, d_X = layer.forward(X), layer.backward(np.ones_like(X))
    np.testing.assert_allclose(y, oracle(X.astype(np.float64)), rtol=1e-6)
    assert np.all(np.isfinite(d_X))


@each_activation
def test_lists_and_integers_become_float64(make, oracle):
    for X in ([[1, -2, 3]], np.array([[1, -2, 3]]), np.array([[True, False]]), [[1.0, 2.0]], ((1, 2),)):
        y = make().forward(X)
        assert type(y) is np.ndarray and y.dtype == np.float64
        np.testing.assert_allclose(y, oracle(np.asarray(X, dtype=np.float64)), rtol=1e-13)


@each_activation
def test_forward_returns_a_fresh_array_and_backward_does_not_depend_on_it(make, oracle):
    X, d_y = np.array([[-1.0, .5, 2.0]]), np.array([[1.0, -2.0, .5]])
    layer = make()
    layer.forward(X)
    expected = layer.backward(d_y)
    y = layer.forward(X)
    assert not np.shares_memory(y, X)
    y[:] = 7  # the caller's to change
    X[:] = -7
    np.testing.assert_array_equal(layer.backward(d_y), expected)
    np.testing.assert_array_equal(d_y, [[1.0, -2.0, .5]])
    assert not np.shares_memory(layer.backward(d_y), d_y)


@each_activation
def test_training_and_use_are_the_same(make, oracle):
    X = np.linspace(-3, 3, 12).reshape(3, 4)
    np.testing.assert_array_equal(make().forward(X, train=True), make().forward(X, train=False))


@each_activation
def test_replicas_along_a_leading_axis_are_computed_as_each_alone(make, oracle):
    X = np.random.default_rng(0).normal(size=(3, 5, 4))
    d_y = np.random.default_rng(1).normal(size=X.shape)
    together, alone = make(), make()
    y = together.forward(X)
    d_X = together.backward(d_y)
    for r in range(3):
        np.testing.assert_array_equal(alone.forward(X[r]), y[r])
        np.testing.assert_array_equal(alone.backward(d_y[r]), d_X[r])


@each_activation
def test_arrays_that_live_elsewhere_stay_there(make, oracle, elsewhere):
    X, d_y = np.array([[-1.0, .5, 2.0]]), np.array([[1.0, -2.0, .5]])
    near, far = make(), make()
    y = far.forward(elsewhere.asarray(X))
    d_X = far.backward(elsewhere.asarray(d_y))
    assert elsewhere.transfers == 0
    np.testing.assert_array_equal(y.get(), near.forward(X))
    np.testing.assert_array_equal(d_X.get(), near.backward(d_y))


@each_activation
def test_backward_before_forward_gets_a_sentence(make, oracle):
    with pytest.raises(RuntimeError, match=r"needs the values of a forward pass: call forward\(X\) first"):
        make().backward([[1.0]])


@each_activation
@pytest.mark.parametrize(
    "X, error, sentence",
    [
        ([["a", "b"]], TypeError, "X must hold real numbers; it holds text"),
        ([[1j, 0]], TypeError, "X must hold real numbers; it holds complex numbers"),
        ([[None, 0]], TypeError, "X must hold real numbers"),
        ([[1, 2], [3]], ValueError, "X is ragged"),
        ([[0, np.nan]], ValueError, "X must hold finite numbers; it holds nan in row 1, column 2"),
        ([[0, 0], [np.inf, 0]], ValueError, "X must hold finite numbers; it holds inf in row 2, column 1"),
    ],
)
def test_bad_input_gets_a_sentence(make, oracle, X, error, sentence):
    with pytest.raises(error, match=sentence):
        make().forward(X)


@each_activation
def test_a_gradient_of_another_shape_gets_a_sentence(make, oracle):
    layer = make()
    layer.forward(np.zeros((2, 3)))
    with pytest.raises(ValueError, match=r"d_y has shape \(2,\), the last forward returned shape \(2, 3\)"):
        layer.backward([1.0, 2.0])


def test_slopes_at_the_places_that_lectures_name():
    for layer, slope in ((Sigmoid(), .25), (Tanh(), 1), (Identity(), 1), (ReLU(), 0), (LeakyReLU(slope=.2), .2)):
        layer.forward([[0.0]])
        np.testing.assert_array_equal(layer.backward([[1.0]]), [[slope]])


def test_a_step_teaches_nothing():
    layer = Step()
    np.testing.assert_array_equal(layer.forward([[-.1, 0, .1]]), [[0, 1, 1]])
    np.testing.assert_array_equal(layer.backward([[5.0, -5, 5]]), [[0, 0, 0]])


@settings(max_examples=50)
@given(X=hnp.arrays(np.float64, shapes, elements=st.floats(-1e4, 1e4)), shift=st.floats(-1e3, 1e3))
def test_softmax_gives_probabilities_and_ignores_a_common_shift(X, shift):
    y = Softmax().forward(X)
    np.testing.assert_allclose(y.sum(axis=-1), 1, rtol=1e-14)
    # adding the shift rounds X to 1e4·eps ≈ 2e-12, and exp turns that into a relative error
    np.testing.assert_allclose(Softmax().forward(X + shift), y, rtol=1e-10, atol=1e-300)


@pytest.mark.parametrize("X", [3.0, np.zeros((2, 0))])
def test_softmax_needs_a_row(X):
    with pytest.raises(ValueError, match="needs at least one number in each row"):
        Softmax().forward(X)


@pytest.mark.parametrize("slope", [-.1, 1.5])
def test_a_leaky_slope_out_of_range_gets_a_sentence(slope):
    with pytest.raises(ValueError, match="needs a slope from 0 .* to 1"):
        LeakyReLU(slope=slope)


@settings(max_examples=100)
@given(h=hnp.arrays(np.float64, shapes, elements=st.floats(-700, 700)))
def test_sigmoid_keeps_all_digits_of_tiny_probabilities(h):
    np.testing.assert_allclose(sigmoid(h), expit(h), rtol=1e-14)


def test_sigmoid_of_numbers_limits_and_nan():
    assert sigmoid(0) == .5 and np.ndim(sigmoid(0)) == 0
    np.testing.assert_array_equal(sigmoid([-np.inf, -1000, 1000, np.inf]), [0, 0, 1, 1])
    assert sigmoid(np.float32(1)).dtype == np.float32
    assert abs(sigmoid(-.5) - .3775) < 5e-5  # the slide's .38, where its line would give .62
    with pytest.raises(ValueError, match="h must hold numbers; it holds nan"):
        sigmoid([0.0, np.nan])


@settings(max_examples=100)
@given(h=hnp.arrays(np.float64, shapes, elements=st.floats(-50, 50)))
def test_sigmoid_is_symmetric(h):
    np.testing.assert_allclose(sigmoid(-h) + sigmoid(h), 1, rtol=1e-15)
