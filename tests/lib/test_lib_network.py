"""Networks: one flat vector, replicas that equal their single runs, copies, files, threads, and sentences."""

from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy

import numpy as np
import pytest

from course_lib.activations import ReLU, Sigmoid, Tanh
from course_lib.layers import BatchNorm, Conv2D, Dense, Dropout, Flatten
from course_lib.losses import SquaredError
from course_lib.network import Network, mlp
from course_lib.optimizers import Adam
from course_lib.training import fit


def mixed(rng=0, **how):
    return Network(Dense(3, 4), BatchNorm(4), ReLU(), Dropout(drop=.3), Dense(4, 2), rng=rng, **how)


X = np.random.default_rng(0).normal(size=(6, 3))
Y = np.random.default_rng(1).normal(size=(6, 2))


@pytest.mark.parametrize("R", [None, 3])
def test_one_vector_weights_first_and_layers_hold_views(R):
    network = mixed(replicas=R)
    lead = () if R is None else (R,)
    assert network.theta.shape == network.grad.shape == (*lead, 3 * 4 + 4 * 2 + 4 + 4 + 4 + 2)
    assert network.weights.shape == network.d_weights.shape == (*lead, 20) and network.state.shape == (*lead, 8)
    network.theta[...] = np.arange(network.theta.size).reshape(network.theta.shape)
    first, norm, *_, last = network.layers
    flat = [first.W, last.W, first.b, norm.gamma, norm.beta, last.b]
    np.testing.assert_array_equal(np.concatenate([a.reshape(*lead, -1) for a in flat], axis=-1), network.theta)
    assert first.W.shape == (*lead, 3, 4) and first.b.shape == (*lead, 4) and network.dtype == np.float32
    first.W[...] = -1  # a view in both directions
    assert np.all(network.theta[..., :12] == -1) and np.all(network.weights[..., :12] == -1)
    network.forward(X, train=True)
    network.backward(np.ones((*lead, 6, 2)))
    np.testing.assert_array_equal(network.d_weights[..., 12:], last.d_W.reshape(*lead, -1))
    assert np.all(network.grad[..., -2:] == 6)  # ∂ℓ/∂b of the last layer: one for each row


def test_an_assignment_writes_into_the_vectors_and_replaces_nothing():
    network = mixed()
    theta, W = network.theta, network.layers[0].W
    network.layers[0].W = np.arange(12).reshape(3, 4)
    network.layers[0].b = .5
    assert network.layers[0].W is W and network.theta is theta and theta[11] == 11 and np.all(network.layers[0].b == .5)
    network.theta = theta - 1
    network.weights *= 2
    assert network.theta is theta and theta[11] == 20 and W[2, 3] == 20
    other = network.astype(np.float64)
    other.layers[0].W = 0
    assert W[2, 3] == 20 and np.all(other.theta[:12] == 0)
    with pytest.raises(ValueError, match="broadcast"):
        network.theta = np.ones(3)


def test_the_same_seed_gives_the_same_bits():
    for make in (lambda: mixed(7), lambda: mixed(np.random.default_rng(7)), lambda: mixed(7, replicas=2), lambda: mlp([3, 4, 2], rng=7)):
        one, two = make(), make()
        np.testing.assert_array_equal(one.theta, two.theta)
        np.testing.assert_array_equal(one.forward(X, train=True), two.forward(X, train=True))
    assert not np.array_equal(mlp([3, 4, 2]).theta, mlp([3, 4, 2]).theta)


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_replica_equals_its_single_run(own, dtype):
    """Weights, masks, statistics, minibatches: everything."""
    R = 3
    inputs = np.random.default_rng(2).normal(size=(R, 12, 3)) if own else np.random.default_rng(2).normal(size=(12, 3))
    targets = np.random.default_rng(3).normal(size=(R, 12, 2)) if own else np.random.default_rng(3).normal(size=(12, 2))
    together = mixed(np.random.default_rng(5), replicas=R, dtype=dtype)
    fit(together, SquaredError(), inputs, targets, Adam(.01), epochs=3, batch_size=4, rng=11)
    for r, child in enumerate(np.random.default_rng(5).spawn(R)):
        alone = mixed(child, dtype=dtype)
        fit(alone, SquaredError(), inputs[r] if own else inputs, targets[r] if own else targets, Adam(.01), epochs=3, batch_size=4, rng=11)
        # the same numbers in another order of sums: matrix products of stacks and of single matrices
        tolerance = dict(rtol=1e-3, atol=1e-5) if dtype == np.float32 else dict(rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(together.theta[r], alone.theta, **tolerance)
        np.testing.assert_allclose(together.state[r], alone.state, **tolerance)
    first = mixed(np.random.default_rng(5), replicas=R, dtype=dtype)
    for r, child in enumerate(np.random.default_rng(5).spawn(R)):
        np.testing.assert_array_equal(first.theta[r], mixed(child, dtype=dtype).theta)  # at the start to the bit


def test_what_comes_out_is_fresh_and_predict_changes_nothing():
    network = mixed()
    o = network.forward(X, train=True)
    kept = o.copy()
    before = {name: getattr(network, name).copy() for name in ("theta", "grad", "state")}
    generator = deepcopy(network.generators[0].bit_generator.state)
    p = network.predict(X)
    again = p.copy()
    network.predict(2 * X)
    np.testing.assert_array_equal(p, again)
    np.testing.assert_array_equal(o, kept)
    for name, a in before.items():
        np.testing.assert_array_equal(getattr(network, name), a)
    assert network.generators[0].bit_generator.state == generator
    network.backward(np.ones_like(o))  # still at the X of the last forward
    o[...] = 0
    np.testing.assert_array_equal(network.predict(X), network.forward(X, train=False))


def test_backward_does_not_depend_on_what_the_caller_does_to_X_and_o():
    inputs, d_o = X.copy(), np.ones((6, 2))
    networks = [mlp([3, 4, 2], output="sigmoid", rng=0, dtype=np.float64) for _ in range(2)]
    outputs = [network.forward(inputs) for network in networks]
    networks[0].backward(d_o)
    inputs[...], outputs[1][...] = 7, 7
    networks[1].backward(d_o)
    np.testing.assert_array_equal(networks[1].grad, networks[0].grad)


def test_predict_while_it_trains_and_from_several_threads():
    network = mlp([3, 64, 64, 2], rng=0, dtype=np.float64)
    inputs = np.random.default_rng(0).normal(size=(8, 500, 3))
    expected = [network.predict(each) for each in inputs]
    with ThreadPoolExecutor(8) as threads:
        for _ in range(5):
            for ours, right in zip(threads.map(network.predict, inputs), expected):
                np.testing.assert_array_equal(ours, right)
    alone, asked = mixed(dtype=np.float64), mixed(dtype=np.float64)
    fit(alone, SquaredError(), X, Y, Adam(.01), epochs=5, batch_size=3, rng=0)
    fit(asked, SquaredError(), X, Y, Adam(.01), epochs=5, batch_size=3, rng=0, callbacks=[lambda run: run.network.predict(X)])
    np.testing.assert_array_equal(alone.theta, asked.theta)


def test_activations_are_those_of_the_last_forward():
    network = mlp([3, 4, 2], hidden="tanh", rng=0, dtype=np.float64)
    o = network.forward(X)
    h, y, last = network.activations()
    np.testing.assert_allclose(h, X @ network.layers[0].W + network.layers[0].b)
    np.testing.assert_array_equal(y, np.tanh(h))
    np.testing.assert_array_equal(last, o)
    y[...] = 0
    network.backward(np.ones_like(o))
    np.testing.assert_array_equal(network.activations()[1], np.tanh(h))
    with pytest.raises(RuntimeError, match="call forward"):
        mlp([3, 2]).activations()


def test_backward_gives_the_gradient_of_X():
    network = mlp([3, 2], rng=0, dtype=np.float64)
    network.forward(X)
    d_o = np.ones((6, 2))
    np.testing.assert_allclose(network.backward(d_o), d_o @ network.layers[0].W.T)
    np.testing.assert_array_equal(d_o, 1)


# --- copies and files

def test_astype_is_a_network_of_its_own():
    network = mixed()
    network.forward(X, train=True)
    double = network.astype(np.float64)
    assert double.dtype == np.float64 and double.layers[0].W.dtype == np.float64 and network.dtype == np.float32
    np.testing.assert_array_equal(double.theta, network.theta)
    np.testing.assert_array_equal(double.state, network.state)
    np.testing.assert_allclose(double.forward(X, train=True), network.forward(X, train=True), rtol=1e-4, atol=1e-5)  # the same masks
    double.theta[...] = 0
    assert np.any(network.theta != 0) and np.all(double.layers[0].W == 0)
    np.testing.assert_array_equal(network.to_cpu().predict(X), network.predict(X))
    np.testing.assert_array_equal(deepcopy(network).predict(X), network.predict(X))


@pytest.mark.parametrize("R", [None, 2])
def test_a_file_brings_everything_back(R, tmp_path):
    network = mixed(0, replicas=R)
    fit(network, SquaredError(), X, Y, Adam(.01), epochs=3)
    network.save(tmp_path / "network.npz")
    other = mixed(99, replicas=R)
    assert other.load(tmp_path / "network") is other  # with and without its ending
    for name in ("theta", "state"):
        np.testing.assert_array_equal(getattr(other, name), getattr(network, name))
    np.testing.assert_array_equal(other.predict(X), network.predict(X))
    np.testing.assert_array_equal(other.layers[0].W, network.layers[0].W)


def test_a_file_of_another_network_gets_a_sentence(tmp_path):
    mlp([3, 4, 2], rng=0).save(tmp_path / "a.npz")
    for other in (mlp([3, 5, 2]), mlp([3, 4, 2], hidden="tanh"), mlp([3, 4, 2], replicas=2)):
        with pytest.raises(ValueError, match=r"the file holds Dense\(3, 4\), ReLU\(\), Dense\(4, 2\).*build the same network first"):
            other.load(tmp_path / "a.npz")
    (tmp_path / "b.npz").write_text("no such thing")
    for path in ("b.npz", "missing.npz"):
        with pytest.raises(ValueError, match="no file that Network.save wrote"):
            mlp([3, 2]).load(tmp_path / path)


# --- mlp

def test_mlp_names_classes_and_defaults():
    assert repr(mlp([2, 3, 1])) == "Network(Dense(2, 3), ReLU(), Dense(3, 1))"
    for hidden in ("tanh", "Tanh", Tanh, Tanh()):
        network = mlp([2, 3, 3, 1], hidden=hidden, output="sigmoid")
        assert [type(layer) for layer in network.layers] == [Dense, Tanh, Dense, Tanh, Dense, Sigmoid]
        assert network.layers[1] is not network.layers[3]
    assert mlp([2, 1]).theta.shape == (3,)
    wide = mlp([500, 400, 1], rng=0)
    assert wide.layers[0].W.var() == pytest.approx(2 / 500, rel=.02)  # He, for ReLU
    assert mlp([500, 400, 1], hidden="tanh", rng=0).layers[0].W.var() == pytest.approx(2 / 900, rel=.02)  # Glorot


# --- bad input

@pytest.mark.parametrize("make, error, sentence", [
    (lambda: Network(), ValueError, "at least one layer"),
    (lambda: Network(Dense), TypeError, r"is none \(write Dense\(2, 3\), an instance\)"),
    (lambda: Network(Dense(2, 3), Dense(4, 1)), ValueError, r"Dense\(2, 3\) gives 3 numbers for each example, but Dense\(4, 1\) after it expects 4"),
    (lambda: Network(Dense(2, 3), ReLU(), BatchNorm(2)), ValueError, r"BatchNorm\(2\) after it expects 2"),
    (lambda: Network(*[Dense(2, 2)] * 2), ValueError, "the same layer stands in two places"),
    (lambda: Network(*mlp([2, 3]).layers), ValueError, "belongs to a network already"),
    (lambda: mlp([2]), ValueError, "the number of inputs and of outputs at least"),
    (lambda: mlp([2, 0, 1]), ValueError, "a size is 0"),
    (lambda: mlp([2, 3, 1], hidden="relo"), ValueError, "'relo' is no activation.*relu"),
    (lambda: mlp([2, 1], dtype=int), ValueError, "dtype is int64; a network computes in float32 or float64"),
    (lambda: mlp([2, 1], replicas=0), ValueError, "replicas is 0"),
    (lambda: mlp([2, 1]).predict([[1, 2, 3]]), ValueError, r"X has 3 columns, the first layer, Dense\(2, 1\), expects 2"),
    (lambda: mlp([2, 1]).predict([1, 2]), ValueError, r"X has shape \(2,\); the network takes \(N, D\), one example per row"),
    (lambda: mlp([2, 1]).predict([[[1, 2]]]), ValueError, r"X has shape \(1, 1, 2\); the network takes \(N, D\)"),
    (lambda: mlp([2, 1], replicas=3).predict(np.ones((2, 5, 2))), ValueError, "3 replicas: one X for each, or one for all"),
    (lambda: mlp([2, 1]).predict(np.ones((0, 2))), ValueError, "at least one row"),
    (lambda: mlp([2, 1]).predict([[np.nan, 1]]), ValueError, "finite"),
    (lambda: mlp([2, 1]).predict([["a", "b"]]), TypeError, "real numbers"),
    (lambda: mlp([2, 1]).backward([[1.0]]), RuntimeError, "call forward"),
    (lambda: Network(Conv2D(1, 2, 3), Flatten(), Dense(10, 1)).predict(np.ones((1, 5, 5, 1))), ValueError,
     r"the input of layer 3 has 18 columns, Dense\(10, 1\) expects 10"),
    (lambda: Network(Conv2D(1, 2, 3), Flatten(), Dense(18, 1)).predict(np.ones((5, 5))), ValueError, r"\(N, height, width, channels\)"),
])
def test_what_does_not_fit_gets_a_sentence(make, error, sentence):
    with pytest.raises(error, match=sentence):
        make()


def test_a_gradient_of_another_shape_gets_a_sentence():
    network = mlp([3, 2])
    network.forward(X)
    with pytest.raises(ValueError, match=r"d_o has shape \(6,\), the last forward returned shape \(6, 2\)"):
        network.backward(np.ones(6))
