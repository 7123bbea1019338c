"""Ensembles: averages are averages, every replica has its own bootstrap sample, dropout's masks are counted one by one."""

from copy import deepcopy

import numpy as np
import pytest

from course_lib.activations import ReLU, Sigmoid
from course_lib.ensembles import average_predictions, bagging, bootstrap, mc_dropout, weight_scaling
from course_lib.layers import BatchNorm, Dense, Dropout
from course_lib.losses import SquaredError
from course_lib.network import Network, mlp
from course_lib.optimizers import SGD
from course_lib.training import fit

X = np.random.default_rng(0).normal(size=(7, 3))


def rng(seed=0):
    return np.random.default_rng(seed)


# ---- averages ----


def test_the_average_of_networks_is_the_mean_of_their_probabilities():
    networks = [mlp([3, 4, 2], rng=seed, dtype=np.float64) for seed in range(5)]
    o = np.stack([network.predict(X) for network in networks])
    p = np.exp(o) / np.exp(o).sum(axis=-1, keepdims=True)
    np.testing.assert_allclose(average_predictions(networks, X, output="softmax"), p.mean(axis=0), rtol=1e-12)
    np.testing.assert_allclose(average_predictions(networks, X), o.mean(axis=0), rtol=1e-12)


def test_replicas_average_as_their_single_networks_do():
    many = mlp([3, 4, 1], rng=0, replicas=3, dtype=np.float64)
    singles = [mlp([3, 4, 1], rng=child, dtype=np.float64) for child in rng(0).spawn(3)]
    np.testing.assert_allclose(
        average_predictions(many, X, output="sigmoid"), average_predictions(singles, X, output="sigmoid"), rtol=1e-12
    )


def test_an_average_errs_less_by_the_variance_of_its_members():
    networks = [mlp([3, 4, 1], rng=seed, dtype=np.float64) for seed in range(6)]
    y = rng(1).normal(size=(7, 1))
    o = np.stack([network.predict(X) for network in networks])
    single = np.mean((o - y) ** 2)
    together = np.mean((average_predictions(networks, X) - y) ** 2)
    assert together == pytest.approx(single - np.mean(o.var(axis=0)), rel=1e-12)


# ---- bagging ----


def test_a_bootstrap_sample_draws_as_many_with_replacement():
    rows = bootstrap(1000, 50, rng())
    assert rows.shape == (50, 1000) and rows.min() >= 0 and rows.max() < 1000
    inside = np.mean([len(np.unique(sample)) for sample in rows]) / 1000
    assert inside == pytest.approx(1 - np.exp(-1), abs=0.01)  # its standard error is .0014
    assert not np.array_equal(rows[0], rows[1])


def test_each_replica_learns_its_own_sample():
    y = rng(2).normal(size=(7, 1))
    many = mlp([3, 1], rng=0, replicas=4, dtype=np.float64)
    start = deepcopy(many)
    bagging(many, SquaredError(), X, y, SGD(0.1), rng=rng(5), epochs=20)
    rows = bootstrap(7, 4, rng(5))
    singles = [mlp([3, 1], rng=0, dtype=np.float64) for _ in range(4)]
    for r, network in enumerate(singles):
        network.theta[:] = start.theta[r]
        fit(network, SquaredError(), X[rows[r]], y[rows[r]], SGD(0.1), epochs=20)
        np.testing.assert_allclose(many.theta[r], network.theta, rtol=1e-10)
    assert np.ptp(many.theta, axis=0).min() > 0


# ---- dropout as an ensemble ----


def test_mc_dropout_approaches_the_mean_over_all_masks():
    network = Network(Dense(3, 4), ReLU(), Dropout(drop=0.5), Dense(4, 3), ReLU(), Dense(3, 1), rng=0, dtype=np.float64)
    first, _, _, second, _, last = network.layers
    hidden = np.maximum(X @ first.W + first.b, 0)
    masks = 2.0 * (np.arange(16)[:, None, None] >> np.arange(4) & 1)
    outputs = np.maximum((masks * hidden) @ second.W + second.b, 0) @ last.W + last.b
    mean, std = mc_dropout(network, X, 4000, rng=rng())
    np.testing.assert_allclose(
        mean, outputs.mean(axis=0), atol=5 * outputs.std() / np.sqrt(4000)
    )  # five standard errors
    np.testing.assert_allclose(std, outputs.std(axis=0), atol=0.1 * outputs.std())
    scaled = weight_scaling(network, X)
    np.testing.assert_allclose(scaled, np.maximum(hidden @ second.W + second.b, 0) @ last.W + last.b, rtol=1e-12)
    assert np.abs(scaled - outputs.mean(axis=0)).max() > 0.01  # one pass is near, not equal


def test_mc_dropout_leaves_the_network_and_its_statistics_alone():
    network = Network(Dense(3, 4), BatchNorm(4), Sigmoid(), Dropout(keep=0.7), Dense(4, 2), rng=0)
    network.forward(X, train=True)
    theta, state = network.theta.copy(), network.state.copy()
    following = deepcopy(network).forward(X, train=True)  # the next mask
    first = mc_dropout(network, X, 10, rng=rng(3), output="softmax")
    second = mc_dropout(network, X, 10, rng=rng(3), output="softmax")
    for a, b in zip(first, second):
        np.testing.assert_array_equal(a, b)
    np.testing.assert_array_equal(network.theta, theta)
    np.testing.assert_array_equal(network.state, state)
    np.testing.assert_array_equal(network.forward(X, train=True), following)
    np.testing.assert_allclose(first[0].sum(axis=1), 1, rtol=1e-5)


@pytest.mark.parametrize(
    "wrong, error, words",
    [
        (lambda: average_predictions([], X), ValueError, "at least one"),
        (lambda: average_predictions(mlp([3, 1], rng=0), X), ValueError, "replicas="),
        (lambda: average_predictions([mlp([3, 1], rng=0)], X, output="sofmax"), ValueError, "sofmax"),
        (
            lambda: bagging(mlp([3, 1], rng=0), SquaredError(), X, X[:, :1], SGD(0.1), rng=rng(), epochs=1),
            ValueError,
            "replicas=",
        ),
        (lambda: bootstrap(5, 2, "0"), TypeError, "Generator"),
        (lambda: mc_dropout(mlp([3, 1], rng=0), X, rng=rng()), ValueError, "no Dropout layer"),
        (lambda: mc_dropout(mlp([3, 1], rng=0), X, 1, rng=rng()), ValueError, "passes"),
    ],
)
def test_bad_input_gets_a_sentence(wrong, error, words):
    with pytest.raises(error, match=words):
        wrong()
