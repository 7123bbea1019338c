"""Layers alone: values by hand and by loops, fresh arrays, masks and statistics, and sentences for what does not
fit.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import correlate2d

from course_lib.layers import BatchNorm, Conv2D, Dense, Dropout, Flatten, MaxPool2D


@settings(max_examples=30)
@given(seed=st.integers(0, 2**32 - 1), N=st.integers(1, 5), n_in=st.integers(1, 4), n_out=st.integers(1, 4), R=st.sampled_from([None, 2]),
       own=st.booleans())
def test_dense_by_loops(seed, N, n_in, n_out, R, own):
    rng = np.random.default_rng(seed)
    layer = Dense(n_in, n_out).build(rng, np.float64, replicas=R)
    layer.b[...] = rng.normal(size=layer.b.shape)
    X = rng.normal(size=(R, N, n_in) if R and own else (N, n_in))
    h = layer.forward(X)
    d_h = rng.normal(size=h.shape)
    d_X = layer.backward(d_h)
    for r in range(R or 1):
        W, b, d_W, d_b = (getattr(layer, name)[r] if R else getattr(layer, name) for name in ("W", "b", "d_W", "d_b"))
        x, mine = (X[r] if R and own else X), (lambda a: a[r] if R else a)
        for i in range(N):
            for k in range(n_out):
                assert mine(h)[i, k] == pytest.approx(sum(x[i, j] * W[j, k] for j in range(n_in)) + b[k], abs=1e-12)
            for j in range(n_in):
                assert mine(d_X)[i, j] == pytest.approx(sum(mine(d_h)[i, k] * W[j, k] for k in range(n_out)), abs=1e-12)
        for k in range(n_out):
            assert d_b[k] == pytest.approx(sum(mine(d_h)[i, k] for i in range(N)), abs=1e-12)
            for j in range(n_in):
                assert d_W[j, k] == pytest.approx(sum(x[i, j] * mine(d_h)[i, k] for i in range(N)), abs=1e-12)


def test_backward_sets_gradients_anew():
    layer = Dense(2, 2).build(0, np.float64)
    layer.forward([[1, 2]])
    layer.backward([[1, 1]])
    once = layer.d_W.copy()
    layer.backward([[1, 1]])
    np.testing.assert_array_equal(layer.d_W, once)


# --- convolution and pooling

@pytest.mark.parametrize("stride, padding", [(1, 0), (2, 1), ((1, 3), (0, 2))])
def test_convolution_by_scipy(stride, padding):
    rng = np.random.default_rng(0)
    layer = Conv2D(2, 3, (2, 3), stride=stride, padding=padding).build(rng, np.float64)
    layer.b[...] = rng.normal(size=3)
    X = rng.normal(size=(4, 6, 5, 2))
    y = layer.forward(X)
    (s, t), (p, q) = layer.stride, layer.padding
    padded = np.pad(X, ((0, 0), (p, p), (q, q), (0, 0)))
    for n in range(4):
        for k in range(3):
            full = sum(correlate2d(padded[n, :, :, m], layer.W[:, :, m, k], mode="valid") for m in range(2)) + layer.b[k]
            np.testing.assert_allclose(y[n, :, :, k], full[::s, ::t], rtol=1e-12, atol=1e-14)
    assert y.shape == layer.output_shape(X.shape)


def test_a_convolution_is_a_dense_layer_on_an_image_of_one_window():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(5, 3, 3, 2))
    convolution, dense = Conv2D(2, 4, 3).build(rng, np.float64), Dense(18, 4).build(rng, np.float64)
    dense.W[...] = convolution.W.reshape(18, 4)
    np.testing.assert_allclose(convolution.forward(X).reshape(5, 4), dense.forward(X.reshape(5, 18)), rtol=1e-13)


def test_pooling_by_loops_and_the_first_of_equals_wins():
    rng = np.random.default_rng(0)
    X = rng.integers(0, 3, (2, 5, 6, 2)).astype(float)  # many equals
    layer = MaxPool2D((2, 3), stride=(1, 2))
    y = layer.forward(X)
    d_y = rng.normal(size=y.shape)
    expected = np.zeros_like(X)
    for n, r, c, k in np.ndindex(*y.shape):
        window = X[n, r:r + 2, 2 * c:2 * c + 3, k]
        assert y[n, r, c, k] == window.max()
        i, j = np.unravel_index(window.argmax(), window.shape)
        expected[n, r + i, 2 * c + j, k] += d_y[n, r, c, k]
    np.testing.assert_allclose(layer.backward(d_y), expected, rtol=1e-14)


def test_flatten_and_back():
    X = np.arange(24.0).reshape(2, 2, 3, 2)
    layer = Flatten()
    y = layer.forward(X)
    np.testing.assert_array_equal(y, X.reshape(2, 12))
    np.testing.assert_array_equal(layer.backward(y), X)


# --- dropout

def test_dropout_zeroes_and_scales_and_is_nothing_in_use():
    layer = Dropout(drop=.2).build(0)
    X = np.ones((400, 500))
    y = layer.forward(X, train=True)
    assert set(np.unique(y)) == {0, 1.25}
    assert np.mean(y == 0) == pytest.approx(.2, abs=4 * (.2 * .8 / X.size) ** .5)  # 4 σ of 200 000 draws
    assert y.mean() == pytest.approx(1, abs=.006)
    np.testing.assert_array_equal(layer.backward(X), y)  # the same mask
    np.testing.assert_array_equal(layer.forward(X), X)
    np.testing.assert_array_equal(layer.backward(2 * X), 2 * X)


def test_masks_are_independent_of_each_other():
    layer = Dropout(drop=.5).build(0)
    masks = np.stack([layer.forward(np.ones((50, 40)), train=True).ravel() > 0 for _ in range(50)]).astype(float)
    # places beside each other, and the same place from step to step: correlations of 100 000 pairs, 4 σ
    for one, other in ((masks[:, 1:], masks[:, :-1]), (masks[1:], masks[:-1])):
        assert abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]) < 4 / one.size**.5


def test_drop_and_keep_are_each_others_complement():
    for a, b in ((Dropout(drop=.3), Dropout(keep=.7)), (Dropout(drop=0), Dropout(keep=1))):
        assert a.keep == pytest.approx(b.keep) and a.drop == pytest.approx(b.drop)
        X = np.ones((20, 20))
        np.testing.assert_array_equal(a.build(1).forward(X, train=True), b.build(1).forward(X, train=True))
    np.testing.assert_array_equal(Dropout(drop=0).build(0).forward(X, train=True), X)


@pytest.mark.parametrize("bit_generator", [np.random.PCG64, np.random.MT19937, np.random.Philox, np.random.SFC64])
def test_every_generator_of_numpys_will_do(bit_generator):
    layer = Dropout(drop=.25).build(np.random.Generator(bit_generator(0)))
    y = layer.forward(np.ones((100, 1001)), train=True)
    assert np.mean(y == 0) == pytest.approx(.25, abs=4 * (.25 * .75 / y.size) ** .5)


def test_the_mean_over_all_masks_is_the_pass_in_use():
    # the lecture's unit: a = w₀x + w₁y with x=2, y=3, w=(.5, −1): mean of the four masks, scaled, is −2
    X, w = np.array([[2.0, 3.0]]), np.array([.5, -1.0])
    layer = Dropout(drop=.5).build(0)
    seen = {}
    for _ in range(200):
        y = layer.forward(X, train=True)
        seen[tuple((y[0] > 0).tolist())] = float((y @ w)[0])
    assert len(seen) == 4 and np.mean(list(seen.values())) == pytest.approx(-2)
    assert float((layer.forward(X) @ w)[0]) == -2


# --- batch normalization

def test_batch_norm_normalizes_and_remembers():
    rng = np.random.default_rng(0)
    layer = BatchNorm(3, eps=0).build(dtype=np.float64)
    X = rng.normal(loc=[1, -2, 5], scale=[.1, 1, 10], size=(50, 3))
    y = layer.forward(X, train=True)
    np.testing.assert_allclose(y.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(y.var(axis=0), 1, rtol=1e-12)
    np.testing.assert_allclose(layer.running_mean, .1 * X.mean(axis=0))
    np.testing.assert_allclose(layer.running_var, .9 + .1 * X.var(axis=0, ddof=1))  # the unbiased variance
    for _ in range(200):
        layer.forward(X, train=True)
    np.testing.assert_allclose(layer.running_mean, X.mean(axis=0), rtol=1e-6)
    before = layer.running_mean.copy()
    alone, together = layer.forward(X[:1]), layer.forward(X)
    np.testing.assert_allclose(alone, together[:1], rtol=1e-12)  # in use a row does not see the rows beside it
    np.testing.assert_array_equal(layer.running_mean, before)
    layer.gamma[...], layer.beta[...] = 2, 7
    np.testing.assert_allclose(layer.forward(X, train=True), 2 * y + 7, rtol=1e-10)


def test_batch_norm_of_one_row_gets_a_sentence():
    layer = BatchNorm(2).build()
    with pytest.raises(ValueError, match="minibatch of 1 row: the mean of one row is the row itself.*2 rows or more"):
        layer.forward([[1, 2]], train=True)
    layer.forward([[1, 2]])  # in use one row is fine
    BatchNorm(2).build().forward(np.ones((1, 2, 2, 2)), train=True)  # and four pixels are four rows


# --- what all layers share

def build_all():
    return {
        "Dense": (Dense(4, 3).build(0, np.float64), (5, 4)), "Dropout": (Dropout(drop=.5).build(0), (5, 4)),
        "BatchNorm": (BatchNorm(4).build(0, np.float64), (5, 4)), "Conv2D": (Conv2D(2, 3, 2).build(0, np.float64), (2, 4, 4, 2)),
        "MaxPool2D": (MaxPool2D(2), (2, 4, 4, 2)), "Flatten": (Flatten(), (2, 4, 4, 2)),
    }


@pytest.mark.parametrize("name", build_all())
@pytest.mark.parametrize("train", [True, False])
def test_forward_returns_a_fresh_array_and_backward_does_not_depend_on_it(name, train):
    rng = np.random.default_rng(0)
    (layer, shape), (twin, _) = build_all()[name], build_all()[name]
    X = rng.normal(size=shape)
    y = layer.forward(X, train=train)
    d_y = rng.normal(size=y.shape)
    twin.forward(X, train=train)
    expected = twin.backward(d_y)
    before = d_y.copy()
    assert not np.shares_memory(y, X)
    y[...] = 7
    X[...] = -7
    d_X = layer.backward(d_y)
    np.testing.assert_array_equal(d_X, expected)
    for slot in layer.slots:
        if hasattr(layer, f"d_{slot.name}"):
            np.testing.assert_array_equal(getattr(layer, f"d_{slot.name}"), getattr(twin, f"d_{slot.name}"))
    np.testing.assert_array_equal(d_y, before)
    assert not np.shares_memory(d_X, d_y)
    kept = d_X.copy()
    layer.forward(rng.normal(size=shape), train=train)
    layer.backward(rng.normal(size=y.shape))
    np.testing.assert_array_equal(d_X, kept)  # and is the caller's for good


@pytest.mark.parametrize("name", build_all())
def test_backward_before_forward_and_a_wrong_shape_get_a_sentence(name):
    layer, shape = build_all()[name]
    with pytest.raises(RuntimeError, match=r"call forward\(X\) first"):
        layer.backward([[1.0]])
    layer.forward(np.ones(shape))
    with pytest.raises(ValueError, match="d_y has shape"):
        layer.backward(np.ones((1, 1)))


def test_a_layer_alone_without_parameters_gets_a_sentence():
    with pytest.raises(RuntimeError, match=r"Dense\(2, 1\) has no parameters yet: put it into a Network, or call build\(rng\)"):
        Dense(2, 1).forward([[0, 1]])
    with pytest.raises(RuntimeError, match="has no random generator yet"):
        Dropout(drop=.5).forward([[0.0, 1]], train=True)


@pytest.mark.parametrize("make, error, sentence", [
    (lambda: Dense(0, 3), ValueError, "n_in is 0; it must be a whole number, 1 or larger"),
    (lambda: Dense(2, 3.5), TypeError, "n_out must be a whole number"),
    (lambda: Dropout(), ValueError, "takes one of two"),
    (lambda: Dropout(drop=.2, keep=.8), ValueError, "takes one of two"),
    (lambda: Dropout(drop=1), ValueError, "drop is 1; a probability of leaving out is at least 0 and below 1"),
    (lambda: Dropout(keep=0), ValueError, "keep is 0; a probability of keeping is above 0 and at most 1"),
    (lambda: Dropout(drop="half"), TypeError, "drop must hold real numbers"),
    (lambda: BatchNorm(3, momentum=2), ValueError, "momentum is 2"),
    (lambda: BatchNorm(3, eps=-1), ValueError, "eps is -1"),
    (lambda: Conv2D(1, 1, (1, 2, 3)), ValueError, "size is"),
    (lambda: Conv2D(1, 1, 2, padding=-1), ValueError, "padding is -1; it must be a whole number, 0 or larger"),
    (lambda: Dense(2, 1).build(0).forward([[1, 2, 3]]), ValueError, r"X has 3 columns, Dense\(2, 1\) expects 2"),
    (lambda: Dense(2, 1).build(0).forward([1, 2]), ValueError, r"X has shape \(2,\), Dense\(2, 1\) expects rows: shape \(N, 2\)"),
    (lambda: BatchNorm(2).build(0).forward([1, 2]), ValueError, "expects rows"),
    (lambda: Dense(2, 1).build(0).forward([[1, np.nan]]), ValueError, "finite"),
    (lambda: Conv2D(1, 1, 3).build(0).forward(np.ones((2, 2, 2, 1))), ValueError, "images of 2 × 2 pixels, smaller than the window of 3 × 3"),
    (lambda: Conv2D(1, 1, 3).build(0).forward(np.ones((2, 8, 8))), ValueError, r"expects images \(N, height, width, 1 channel\)"),
    (lambda: BatchNorm(2).build(0).forward([[1, 2, 3]]), ValueError, r"X has 3 columns, BatchNorm\(2\) expects 2"),
    (lambda: Flatten().forward([[1, 2, 3]]), ValueError, "expects images"),
    (lambda: MaxPool2D(2).forward([[1, 2, 3]]), ValueError, "expects images"),
])
def test_impossible_settings_and_inputs_get_a_sentence(make, error, sentence):
    with pytest.raises(error, match=sentence):
        make()


def test_only_keywords_for_words_with_two_meanings():
    with pytest.raises(TypeError):
        Dropout(.5)
    with pytest.raises(TypeError):
        BatchNorm(3, .9)
