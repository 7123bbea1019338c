"""Results of the course that need no long training: closed forms, single layers, first steps.

Each number stands with where it comes from; each tolerance or range with its reason.
"""

import math

import numpy as np
import pytest

from course_lib.activations import Sigmoid
from course_lib.bumps import bump, bump_network
from course_lib.gradcheck import numerical_gradient
from course_lib.initializers import constant, he_normal, lecun_normal, normal, uniform, zeros
from course_lib.layers import Dense, Dropout
from course_lib.losses import SigmoidCrossEntropy, SoftmaxCrossEntropy, SquaredError
from course_lib.network import Network, mlp
from course_lib.optimizers import SGD, Adam
from course_lib.preprocessing import pca, whiten
from course_lib.regularizers import L1, L2
from course_lib.schedules import inverse, linear
from course_lib.training import fit

# ---- how large activations are after ten layers of 500 (L11) ----

N = 500
# hidden, first weights: (least, most) standard deviation of layer 10, one draw; what it is contrasted with is a factor 10 away
SPREAD = {
    "tanh, std .01": ("tanh", normal(0.01), 2e-7, 4e-7),  # each layer multiplies by .01 √500 = .224; .224¹⁰ = 3.1e-7
    "tanh, std 1": ("tanh", normal(1), 0.97, 1),  # saturated
    "tanh, 1/√n": ("tanh", lecun_normal, 0.20, 0.25),
    "tanh, U[0, 1]": ("tanh", uniform(0, 1), 0.97, 1.001),  # saturated
    "ReLU, std .01": ("relu", normal(0.01), 4e-9, 1.5e-8),  # .224/√2 a layer; the end scatters by a factor 1.3
    "ReLU, 1/√n": ("relu", lecun_normal, 0.016, 0.040),  # √½ of He's a layer: 1/32 of it
    "ReLU, He": ("relu", he_normal, 0.5, 1.3),  # theory √(1 − 1/π) = .826 on average; 20 draws gave .61 to 1.05
    "ReLU, var 1/(2n)": ("relu", normal(math.sqrt(1 / (2 * N))), 5e-4, 1.3e-3),  # ½ a layer: 1/1024 of He's
    "ReLU, U[0, 1]": ("relu", uniform(0, 1), 5e21, 1e23),  # about n/2 a layer
}


def spread(hidden, init, seed=0):
    network = mlp([N] * 11, hidden=hidden, output=hidden, init=init, rng=seed, dtype=np.float64)
    network.forward(np.random.default_rng(seed + 1).normal(size=(100, N)))
    return network.activations()[-1]


@pytest.mark.parametrize("hidden, init, low, high", SPREAD.values(), ids=SPREAD)
def test_spread_of_activations_after_ten_layers(hidden, init, low, high):
    assert low < spread(hidden, init).std() < high


@pytest.mark.parametrize(
    "init, low, high",
    [(normal(1), 0.85, 0.97), (uniform(0, 1), 0.99, 1.001), (lecun_normal, -1, 0.001)],
    ids=["std 1", "U[0, 1]", "1/√n"],
)
def test_share_of_saturated_units(init, low, high):
    # "saturated" is |tanh| > .99 here, slope below .02; std 1 makes sums of standard deviation 22, of which 5 lie within ±2.6 (10 %)
    assert low < np.mean(np.abs(spread("tanh", init)) > 0.99) < high


# ---- all weights the same (L11, E28) ----


@pytest.mark.parametrize("hidden", ["tanh", "relu"])
def test_zero_weights_stay_zero_where_the_activation_is_zero_at_zero(hidden):
    network, X, y = all_alike(hidden, zeros)
    fit(network, SquaredError(), X, y, SGD(0.5), epochs=200)
    first, _, last, _ = network.layers
    assert np.all(first.W == 0) and np.all(last.W == 0) and np.all(first.b == 0)
    assert last.b[0] != 0  # the only number that learns


def test_zero_weights_of_sigmoids_learn_as_one_unit():
    network, X, y = all_alike("sigmoid", zeros)
    fit(network, SquaredError(), X, y, SGD(0.5), epochs=200)
    W = network.layers[0].W
    assert np.ptp(W, axis=1).max() < 1e-12 < np.abs(W).max()  # every column the same, to rounding: a layer of width one


def test_different_weights_learn_different_things():
    network, X, y = all_alike("sigmoid", normal(0.5))
    fit(network, SquaredError(), X, y, SGD(0.5), epochs=200)
    assert np.linalg.matrix_rank(network.layers[0].W, tol=1e-3) == 2


def all_alike(hidden, init):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(50, 2))
    return (
        mlp([2, 5, 1], hidden=hidden, output="sigmoid", init=init, rng=0, dtype=np.float64),
        X,
        (X[:, 0] * X[:, 1] > -0.3).astype(float),
    )


# ---- a bowl with curvatures 1 and 10 (L10) ----

CURVATURE = np.array([1.0, 10.0])


def rate_on_the_bowl(optimizer, steps=200):
    """The factor by which the distance to the minimum shrinks, a step, in the long run."""
    theta = np.ones(2)
    lengths = []
    for _ in range(steps):
        optimizer.step(theta, CURVATURE * theta)
        lengths.append(np.linalg.norm(theta))
    return (lengths[-1] / lengths[steps // 2]) ** (1 / (steps - 1 - steps // 2))


def test_best_rate_of_gradient_descent():
    # with η = 2/(1 + 10) both directions shrink by |1 − ηλ| = 9/11; linear, so only rounding is left
    assert rate_on_the_bowl(SGD(2 / 11)) == pytest.approx(9 / 11, rel=1e-6)
    for eta in (0.9 * 2 / 11, 1.05 * 2 / 11):
        assert rate_on_the_bowl(SGD(eta)) > 9 / 11 + 0.01


def test_best_rate_of_momentum():
    # √β = (√10 − 1)/(√10 + 1) = .5195 with η = (2/(1 + √10))²; a double root: its k · rateᵏ adds about 1/k to the rate
    root = (math.sqrt(10) - 1) / (math.sqrt(10) + 1)
    rate = rate_on_the_bowl(SGD((2 / (1 + math.sqrt(10))) ** 2, momentum=root**2))
    assert root == pytest.approx(0.5195, abs=1e-4)
    assert root < rate < root + 0.02 < 9 / 11


def test_gradient_descent_diverges_above_two_over_the_largest_curvature():
    assert rate_on_the_bowl(SGD(0.199)) < 1 < rate_on_the_bowl(SGD(0.201))


@pytest.mark.parametrize("g", [1e-4, 1e-2, 1.0, 100.0])
def test_adams_first_step_is_the_learning_rate(g):
    theta = np.zeros(2)
    Adam(0.1).step(theta, np.array([g, -g]))
    np.testing.assert_allclose(theta, [-0.1, 0.1], rtol=2e-4)  # ε = 1e-8 beside g = 1e-4 is 1e-4 of it


def test_without_bias_correction_adams_first_step_is_three_times_that():
    # m = .1 g and v = .001 g²: m/√v = .1/√.001
    g = 7.0
    assert 0.1 * g / math.sqrt(0.001 * g * g) == pytest.approx(3.162, abs=1e-3)
    theta = np.zeros(1)
    Adam(1.0).step(theta, np.array([g]))
    assert abs(theta[0]) < 1.01  # ours is corrected


# ---- stochastic gradients (L09) ----


@pytest.mark.parametrize("B, course", [(1, 2.995), (10, 0.930), (50, 0.427), (100, 0.297), (1000, 0.096)])
def test_noise_of_a_minibatch_gradient(B, course):
    """∂/∂θ of ½(θ − x)² is θ − x: with x of standard deviation 3 a minibatch's gradient scatters by 3/√B."""
    rng = np.random.default_rng(0)
    noise = rng.normal(scale=3, size=(2000, B)).mean(axis=1).std()
    # 2000 draws know a standard deviation to 1/√4000 = 1.6 %; the next B is a factor 1.4 away. The course's own draws agree, too
    assert noise == pytest.approx(3 / math.sqrt(B), rel=0.06)
    assert course == pytest.approx(3 / math.sqrt(B), rel=0.06)


# name: schedule, (least, most) rms distance after 20 000 steps from x₀ = 5 on ½x² with gradient noise of standard deviation 1
ROBBINS_MONRO = {
    "constant .1": (0.1, 0.215, 0.245),  # theory √(η/(2 − η)) = .229: never settles
    ".5/√k": (
        lambda k: 0.5 / math.sqrt(k + 1),
        0.035,
        0.050,
    ),  # theory √(η/2) = .042, though Σε² = ∞: sufficient, not necessary
    "1/k": (inverse(1.0), 0.0060, 0.0080),  # theory 1/√k = .0071
    ".5/k²": (lambda k: 0.5 / (k + 1) ** 2, 1.7, 2.0),  # Σε is finite: stops before it arrives. Π(1 − .5/k²) · 5 = 1.80
}


@pytest.mark.parametrize("eta, low, high", ROBBINS_MONRO.values(), ids=ROBBINS_MONRO)
def test_robbins_monro(eta, low, high):
    rng, x = np.random.default_rng(0), np.full(1000, 5.0)  # 1000 runs know the rms to 1/√2000 = 2.2 %
    optimizer = SGD(eta)
    for _ in range(20_000):
        optimizer.step(x, x + rng.normal(size=1000))
    assert low < math.sqrt(np.mean(x * x)) < high


def test_a_schedule_that_is_not_clamped_climbs():
    clamped = linear(0.1, 0.001, tau=100)
    unclamped = lambda k: (1 - k / 100) * 0.1 + k / 100 * 0.001
    assert unclamped(150) == pytest.approx(-0.0485, abs=1e-12)
    assert clamped(150) == pytest.approx(0.001)
    assert clamped(50) == pytest.approx(unclamped(50))


# ---- losses (L04) ----


@pytest.mark.parametrize("C, floor", [(2, 0.3133), (3, 0.5514), (10, 1.4612), (100, 3.6222)])
def test_softmax_twice_has_a_floor(C, floor):
    """Probabilities taken for logits: at best e/(e + C − 1) for the right class, so the loss cannot fall below ln(1 + (C − 1)/e)."""
    loss = SoftmaxCrossEntropy()
    perfect = np.eye(C)[:1]
    assert loss.value(perfect, np.array([0])) == pytest.approx(floor, abs=5e-5)
    rng = np.random.default_rng(0)
    for scale in (1, 10, 1000):  # no logits at all get below it
        o = scale * rng.normal(size=(200, C))
        p = np.exp(o - o.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        assert loss.value(p, np.argmax(o, axis=1)) >= floor - 5e-5
        assert loss.value(1000 * perfect, np.array([0])) == 0  # applied once there is none


def test_confidently_wrong_hardly_moves_a_squared_error():
    h = np.array([[-8.0]])
    layer = Sigmoid()
    d_h = layer.backward(SquaredError().gradient(layer.forward(h), [[1]]))
    assert d_h[0, 0] == pytest.approx(-0.00067, abs=5e-6)
    assert SigmoidCrossEntropy().gradient(h, [[1]])[0, 0] == pytest.approx(-0.9997, abs=5e-5)


# ---- gradient checking (L06) ----


def test_error_of_difference_quotients_is_u_shaped():
    sigmoid = Sigmoid()
    f = lambda x: float(sigmoid.forward(np.array([x]))[0])
    true = f(0.7) * (1 - f(0.7))
    forward = lambda h: abs((f(0.7 + h) - f(0.7)) / h - true)
    central = {k: abs((f(0.7 + 10.0**k) - f(0.7 - 10.0**k)) / 2 / 10.0**k - true) for k in range(-11, 0)}
    assert forward(1e-3) == pytest.approx(3.7e-5, rel=0.02)  # h/2 · |σ″| = 3.7e-5
    assert central[-3] == pytest.approx(1.2e-8, rel=0.05)  # h²/6 · |σ‴|
    assert min(central, key=central.get) in (-6, -5, -4)  # ε^(1/3) = 6e-6
    assert central[-5] < 1e-10 and central[-11] > 1e-7  # rounding: ε/h. Its size is chance, its order is not
    assert central[-1] > 1000 * central[-3] > 1000 * central[-5]


def test_the_library_chooses_a_step_near_the_bottom():
    sigmoid = Sigmoid()
    slope = numerical_gradient(lambda x: float(sigmoid.forward(x)[0]), np.array([0.7]))
    y = sigmoid.forward(np.array([0.7]))
    np.testing.assert_allclose(slope, y * (1 - y), rtol=1e-9)


# ---- dropout (L14) ----


def test_mean_over_the_four_masks():
    x, w = np.array([2.0, 3.0]), np.array([0.5, -1.0])
    masks = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    assert x @ w == -2 and np.mean((masks * x) @ w) == -1 == (x @ w) / 2


@pytest.mark.parametrize("drop", [0.2, 0.5, 0.7])
def test_inverted_dropout_keeps_the_mean(drop):
    y = Dropout(drop=drop).build(rng=0).forward(np.ones((500, 1000)), train=True)
    assert y.mean() == pytest.approx(1, abs=5 * math.sqrt(drop / (1 - drop) / 500_000))  # five standard errors
    assert np.mean(y == 0) == pytest.approx(drop, abs=5 * math.sqrt(drop * (1 - drop) / 500_000))
    assert set(np.unique(y).round(6)) == {0, round(1 / (1 - drop), 6)} or np.allclose(
        np.unique(y), [0, 1 / (1 - drop)], rtol=1e-4
    )


def test_weight_scaling_is_exact_before_a_linear_output_and_near_behind_another_nonlinearity():
    gaps, scaled, averaged = [], [], []
    for seed in range(100):
        rng = np.random.default_rng(seed)
        x = rng.normal(size=(1, 4))
        one = Network(Dense(4, 6), Sigmoid(), Dropout(drop=0.5), Dense(6, 1), rng=seed, dtype=np.float64)
        two = mlp([4, 6, 6, 1], rng=seed, dtype=np.float64)
        hidden = one.layers[1].forward(one.layers[0].forward(x))[0]
        masks = 2.0 * (np.arange(2**6)[:, None] >> np.arange(6) & 1)  # all 64, each entry 0 or 1/keep
        mean = np.mean((masks * hidden) @ one.layers[3].W + one.layers[3].b)
        assert mean == pytest.approx(float(one.predict(x)[0, 0]), rel=1e-12, abs=1e-14)
        first, relu, second, _, last = two.layers
        h = relu.forward(first.forward(x))[0]
        averaged.append(np.mean(np.maximum((masks * h) @ second.W + second.b, 0) @ last.W + last.b))
        scaled.append(float(two.predict(x)[0, 0]))
    gaps = np.array(averaged) - scaled
    # the masks' mean of a ReLU is above the ReLU of their mean: near (highly correlated), but by far not rounding error
    assert np.corrcoef(averaged, scaled)[0, 1] > 0.9
    assert 0.05 < np.sqrt(np.mean(gaps**2)) / np.sqrt(np.mean(np.square(averaged))) < 0.5


# ---- regularizers (L13) ----


def test_l1_by_subgradient_leaves_small_numbers_and_by_proximal_steps_zeros():
    rng = np.random.default_rng(0)
    X, w_true = rng.normal(size=(200, 10)), np.array([2.0, -1, 0, 0, 0, 0, 0, 0, 0, 0])
    y = X @ w_true + 0.1 * rng.normal(size=200)
    penalty, eta = L1(0.1), 0.05
    by_subgradient, by_prox = np.full(10, 0.5), np.full(10, 0.5)
    for _ in range(2000):
        slope = lambda w: X.T @ (X @ w - y) / 200
        by_subgradient = by_subgradient - eta * (slope(by_subgradient) + penalty.gradient(by_subgradient))
        by_prox = penalty.prox(by_prox - eta * slope(by_prox), eta)
    assert np.sum(by_subgradient == 0) == 0
    assert np.abs(by_subgradient[2:]).max() > 1e-4  # it hops to and fro across 0 by up to η λ = .005
    assert np.all(by_prox[2:] == 0) and np.all(np.abs(by_prox[:2]) > 0.5)
    # soft threshold by nearly λ, as the columns are nearly orthonormal (X'X/N = 1 up to 1/√200)
    np.testing.assert_allclose(by_prox[:2], [1.9, -0.9], atol=0.05)


@pytest.mark.parametrize("lam", [0.1, 1.0, 10.0])
def test_ridge_on_orthonormal_columns_divides_by_one_plus_lambda(lam):
    rng = np.random.default_rng(0)
    X = math.sqrt(50) * np.linalg.qr(rng.normal(size=(50, 3)))[0]  # X'X/N = 1
    y = X @ [3.0, -2.0, 1.0]
    w = np.zeros(3)
    for _ in range(2000):  # ½ mean squared error + ½ λ Σ w²; with the slides' mean (y − p)² it would be 1 + λ/2
        w -= 0.5 / (1 + lam) * (X.T @ (X @ w - y) / 50 + L2(lam).gradient(w))
    np.testing.assert_allclose(w, np.array([3.0, -2.0, 1.0]) / (1 + lam), rtol=1e-9)


# ---- preprocessing (L12) ----


def test_whitening_makes_the_covariance_the_identity_and_rotating_alone_does_not():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(1000, 3)) @ rng.normal(size=(3, 3)) + 5
    cov = lambda Z: (Z - Z.mean(axis=0)).T @ (Z - Z.mean(axis=0)) / len(Z)
    S = np.sort(np.linalg.eigvalsh(cov(X)))[::-1]
    rotated = cov(pca(X)(X))
    np.testing.assert_allclose(rotated, np.diag(S), atol=1e-10)
    assert not np.allclose(rotated, np.eye(3), atol=0.1)
    np.testing.assert_allclose(cov(whiten(X)(X)), np.diag(S / (S + 1e-5)), atol=1e-10)  # 1, but for the 1e-5


# ---- universality (L05) ----


@pytest.mark.parametrize("bins, course", [(4, 0.538), (10, 0.191), (40, 0.050), (100, 0.020)])
def test_bumps_draw_a_curve_ever_better(bins, course):
    """A step of width 1/n misses a curve of slope up to 4 by up to 4/(2n); the course's own target was another of that slope."""
    f = lambda x: np.sin(4 * x)
    x = np.linspace(0, 1, 4001)[:, None]
    network = bump_network(f, 0, 1, bins)
    assert network.layers[0].n_out == 2 * bins
    error = np.abs(network.predict(x) - f(x)).max()
    assert 0.9 * 2 / bins < error < 1.05 * 2 / bins
    assert error == pytest.approx(course, rel=0.15)


def test_an_interval_by_two_sigmoids():
    assert float(bump(2.5, 2, 3, k=5)) == pytest.approx(0.848, abs=5e-4)
    assert float(bump(2.5, 2, 3, k=20)) == pytest.approx(0.9999, abs=5e-5)


def test_equal_weights_are_not_asserted_about():
    """Equal nonzero weights of tanh units stay equal or are split by rounding, depending on the machine: only their start is certain."""
    network, X, y = all_alike("tanh", constant(0.5))
    network.forward(X)
    assert np.ptp(network.activations()[1], axis=1).max() < 1e-15
