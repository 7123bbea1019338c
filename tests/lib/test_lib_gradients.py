"""Every layer, loss and activation has the right gradient, for any size, with and without replicas; and a wrong one
is named.
"""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from course_lib.activations import Identity, LeakyReLU, ReLU, Sigmoid, Softmax, Step, Tanh
from course_lib.gradcheck import check_gradients, numerical_gradient
from course_lib.layers import BatchNorm, Conv2D, Dense, Dropout, Flatten, MaxPool2D
from course_lib.losses import (
    BinaryCrossEntropy, CosineDistance, CoxPartialLikelihood, Hinge, SigmoidCrossEntropy, SoftmaxCrossEntropy, SquaredError,
    SumOfLosses,
)
from course_lib.network import Network, mlp

seeds = st.integers(0, 2**32 - 1)
replicas = st.sampled_from([None, 1, 3])
dtypes = st.sampled_from([np.float32, np.float64])


def agrees(network, loss, X, y, **how):
    report = check_gradients(network, loss, X, y, **how)
    assert report.ok, str(report)
    assert report.worst <= 1e-6 and report.checked == network.theta.size + X.size
    # a corner is met by chance now and then, never everywhere
    assert len(report.kinks) <= 5
    return report


def numbers(rng, *shape):
    return rng.normal(size=shape)


# --- each kind of layer between two dense ones, so that its gradient passes on downwards

LAYERS = {
    "Identity": (lambda n: [Identity()]), "Sigmoid": (lambda n: [Sigmoid()]), "Tanh": (lambda n: [Tanh()]),
    "ReLU": (lambda n: [ReLU()]), "LeakyReLU": (lambda n: [LeakyReLU(slope=.2)]), "Softmax": (lambda n: [Softmax()]),
    "Step": (lambda n: [Dense(n, n), Step()]), "Dropout": (lambda n: [Dropout(drop=.3)]),
    "Dense": (lambda n: [Dense(n, n)]), "BatchNorm": (lambda n: [BatchNorm(n)]),
    "Dropout after BatchNorm after Dense": (lambda n: [Dense(n, n), BatchNorm(n), Tanh(), Dropout(keep=.9)]),
}


@pytest.mark.parametrize("between", LAYERS.values(), ids=LAYERS)
@settings(max_examples=15)
@given(seed=seeds, N=st.integers(1, 7), D=st.integers(1, 4), n=st.integers(1, 5), K=st.integers(1, 3), R=replicas, dtype=dtypes,
       own=st.booleans())
def test_layers(between, seed, N, D, n, K, R, dtype, own):
    rng = np.random.default_rng(seed)
    layers = between(n)
    assume(N >= 3 or not any(isinstance(layer, BatchNorm) for layer in layers))  # with 2 rows every x̂ is ±1, and slopes vanish
    network = Network(Dense(D, n), *layers, Dense(n, K), rng=rng, dtype=dtype, replicas=R)
    lead = (R,) if R and own else ()
    agrees(network, SquaredError(), numbers(rng, *lead, N, D), numbers(rng, *lead, N, K))


@pytest.mark.parametrize("train", [True, False])
@settings(max_examples=15)
@given(seed=seeds, R=replicas)
def test_batch_norm_first_and_in_both_modes(train, seed, R):
    rng = np.random.default_rng(seed)
    network = Network(BatchNorm(3), Dense(3, 4), BatchNorm(4), Tanh(), Dense(4, 2), rng=rng, replicas=R)
    network.state[...] = rng.uniform(.5, 2, size=network.state.shape)
    agrees(network, SquaredError(), numbers(rng, 6, 3), numbers(rng, 6, 2), train=train)


@settings(max_examples=25)
@given(seed=seeds, N=st.integers(1, 3), height=st.integers(3, 6), width=st.integers(3, 6), channels=st.integers(1, 2),
       size=st.tuples(st.integers(1, 3), st.integers(1, 3)), stride=st.tuples(st.integers(1, 2), st.integers(1, 3)),
       padding=st.tuples(st.integers(0, 2), st.integers(0, 1)), R=st.sampled_from([None, 2]), own=st.booleans())
def test_convolution_and_pooling(seed, N, height, width, channels, size, stride, padding, R, own):
    rng = np.random.default_rng(seed)
    lead = (R,) if R and own else ()
    X = numbers(rng, *lead, N, height, width, channels)
    convolution = Conv2D(channels, 2, size, stride=stride, padding=padding)
    *_, h, w, _ = convolution.output_shape(X.shape)
    pool = MaxPool2D((min(2, h), min(2, w)), stride=1)
    features = (h - min(2, h) + 1) * (w - min(2, w) + 1) * 2
    network = Network(convolution, Tanh(), pool, Flatten(), Dense(features, 2), rng=rng, replicas=R)
    agrees(network, SquaredError(), X, numbers(rng, N, 2))


def test_deep_images():
    rng = np.random.default_rng(0)
    network = Network(Conv2D(1, 2, 3, padding=1), BatchNorm(2), ReLU(), Dropout(drop=.2), Conv2D(2, 3, 2, stride=2), LeakyReLU(),
                      MaxPool2D((1, 2)), Flatten(), Dense(6, 3), rng=0)
    agrees(network, SoftmaxCrossEntropy(), numbers(rng, 4, 4, 5, 1), rng.integers(0, 3, 4))


# --- losses

def survival(rng, N):
    return np.stack([rng.integers(1, 4, N), rng.integers(0, 2, N)], axis=1)


LOSSES = {
    "SquaredError": (SquaredError, None, lambda rng, N, K: numbers(rng, N, K)),
    "BinaryCrossEntropy": (BinaryCrossEntropy, Sigmoid, lambda rng, N, K: rng.integers(0, 2, (N, K))),
    "BinaryCrossEntropy, soft": (BinaryCrossEntropy, Sigmoid, lambda rng, N, K: rng.random((N, K))),
    "BinaryCrossEntropy of a softmax": (BinaryCrossEntropy, Softmax, lambda rng, N, K: rng.random((N, K))),
    "SigmoidCrossEntropy": (SigmoidCrossEntropy, None, lambda rng, N, K: rng.integers(0, 2, (N, K))),
    "SoftmaxCrossEntropy, classes": (SoftmaxCrossEntropy, None, lambda rng, N, K: rng.integers(0, K, N)),
    "SoftmaxCrossEntropy, one-hot": (SoftmaxCrossEntropy, None, lambda rng, N, K: np.eye(K)[rng.integers(0, K, N)]),
    "SoftmaxCrossEntropy, soft": (SoftmaxCrossEntropy, None, lambda rng, N, K: rng.dirichlet(np.ones(K), N)),
    "CosineDistance": (CosineDistance, None, lambda rng, N, K: numbers(rng, N, K)),
    "Hinge": (Hinge, None, lambda rng, N, K: 2 * rng.integers(0, 2, (N, K)) - 1),
}


@pytest.mark.parametrize("make, output, targets", LOSSES.values(), ids=LOSSES)
@settings(max_examples=20)
@given(seed=seeds, N=st.integers(1, 7), K=st.integers(1, 4), R=replicas, own=st.booleans())
def test_losses(make, output, targets, seed, N, K, R, own):
    rng = np.random.default_rng(seed)
    K = max(K, 2) if make is CosineDistance or output is Softmax else K
    network = mlp([3, 4, K], hidden="tanh", output=output, rng=rng, replicas=R)
    y = np.stack([targets(rng, N, K) for _ in range(R)]) if R and own else targets(rng, N, K)
    agrees(network, make(), numbers(rng, N, 3), y)


@settings(max_examples=25)
@given(seed=seeds, N=st.integers(1, 9), R=replicas, own=st.booleans())
def test_cox(seed, N, R, own):
    rng = np.random.default_rng(seed)
    y = np.stack([survival(rng, N) for _ in range(R)]) if R and own else survival(rng, N)
    agrees(mlp([3, 4, 1], hidden="tanh", rng=rng, replicas=R), CoxPartialLikelihood(), numbers(rng, N, 3), y)


@settings(max_examples=15)
@given(seed=seeds, N=st.integers(1, 6), R=replicas)
def test_sum_of_losses(seed, N, R):
    rng = np.random.default_rng(seed)
    loss = SumOfLosses((SquaredError(), [3, 0], 2), (SoftmaxCrossEntropy(), slice(1, 3), .5), (CoxPartialLikelihood(), 4, 1))
    y = numbers(rng, N, 2), rng.integers(0, 2, N), survival(rng, N)
    agrees(mlp([3, 4, 5], hidden="tanh", rng=rng, replicas=R), loss, numbers(rng, N, 3), y)


# --- the checker itself

def test_the_numerical_gradient_of_a_known_function_and_x_as_it_was():
    x = np.array([[1.0, -2.0], [.5, 10.0]])
    before = x.copy()
    np.testing.assert_allclose(numerical_gradient(lambda x: np.sum(x**3), x), 3 * x**2, rtol=1e-7)  # rounding: ε · 1000 / h of .75
    np.testing.assert_array_equal(x, before)
    # the U of the lecture: truncation on the right, rounding on the left
    error = {h: abs(numerical_gradient(np.tanh, .7, h=h) - (1 - np.tanh(.7) ** 2)) for h in (1e-1, 1e-3, 1e-5, 1e-11)}
    assert error[1e-5] < error[1e-3] < error[1e-1] and error[1e-5] < error[1e-11]


class Mutant(Dense):
    """A dense layer with one mistake in its backward pass."""

    def __init__(self, *sizes, mistake):
        super().__init__(*sizes)
        self.mistake = mistake

    def parameter_gradients(self, d_h, kept):
        super().parameter_gradients(d_h, kept)
        self.mistake(self)


def double(layer):
    layer.d_W *= 2


def flip(layer):
    layer.d_b *= -1


def forget(layer):
    layer.d_b[...] = 0


def transpose(layer):
    layer.d_W[...] = layer.d_W.T.copy()


def one_entry(layer):
    layer.d_W[1, 2] *= 1.5


@pytest.mark.parametrize("mistake, parameter, sentence", [
    (double, "W of layer 1", "too large by a factor of 2 everywhere"),
    (flip, "b of layer 1", "the sign is the opposite everywhere"),
    (forget, "b of layer 1", "gives 0 everywhere"),
    (transpose, "W of layer 1", "transposed"),
    (one_entry, "W of layer 1", r"place \(2, 3\).*too large by a factor of 1.5 here"),
])
def test_a_wrong_gradient_is_named(mistake, parameter, sentence):
    rng = np.random.default_rng(0)
    network = Network(Mutant(3, 3, mistake=mistake), Tanh(), Dense(3, 1), rng=0)
    report = check_gradients(network, SquaredError(), numbers(rng, 5, 3), numbers(rng, 5, 1))
    assert not report.ok and not report
    assert {difference.parameter.partition(",")[0] for difference in report.differences} == {parameter}
    with pytest.raises(AssertionError, match=sentence):
        assert report.ok, str(report)


def test_a_wrong_gradient_for_what_is_below_is_named():
    class Forgetful(Tanh):
        def gradient(self, d_y, kept):
            return d_y

    rng = np.random.default_rng(0)
    report = check_gradients(Network(Dense(2, 3), Forgetful(), Dense(3, 1), rng=0), SquaredError(), numbers(rng, 5, 2), numbers(rng, 5, 1))
    wrong = {difference.parameter.partition(",")[0] for difference in report.differences}
    assert wrong == {"W of layer 1", "b of layer 1", "X"}


def test_a_corner_is_known_as_one_and_a_mistake_beside_it_is_not_excused():
    network = Network(Dense(1, 1), ReLU(), rng=0)
    network.layers[0].W[...], network.layers[0].b[...] = 1, 0
    report = check_gradients(network, SquaredError(), [[0.0]], [[1.0]])  # h = 0: any slope of ReLU will do
    assert report.ok and len(report.kinks) == 2  # b and X; W is multiplied by 0

    class Wrong(ReLU):
        def gradient(self, d_y, kept):
            d_y *= 1 + kept.slope  # 1 at the corner, which is allowed, but 2 on its right
            return d_y

    network = Network(Dense(1, 1), Wrong(), rng=0)
    network.layers[0].W[...], network.layers[0].b[...] = 1, 0
    assert check_gradients(network, SquaredError(), [[0.0]], [[1.0]]).ok
    assert not check_gradients(network, SquaredError(), [[.5]], [[1.0]]).ok

    class Steep(ReLU):
        def gradient(self, d_y, kept):
            d_y *= 3  # no slope between 0 and 1
            return d_y

    network = Network(Dense(1, 1), Steep(), rng=0)
    network.layers[0].W[...], network.layers[0].b[...] = 1, 0
    assert not check_gradients(network, SquaredError(), [[0.0]], [[1.0]]).ok


def test_the_network_stays_as_it_was():
    network = Network(Dense(3, 4), BatchNorm(4), Dropout(drop=.5), Dense(4, 2), rng=0)
    twin = Network(Dense(3, 4), BatchNorm(4), Dropout(drop=.5), Dense(4, 2), rng=0)
    X, y = numbers(np.random.default_rng(0), 5, 3), numbers(np.random.default_rng(1), 5, 2)
    check_gradients(network, SquaredError(), X, y)
    for one, other in ((network.theta, twin.theta), (network.grad, twin.grad), (network.state, twin.state)):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(network.forward(X, train=True), twin.forward(X, train=True))  # the masks to come too
