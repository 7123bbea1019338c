"""Differentiating, preparing and averaging on arrays that are not NumPy's: nothing is mixed, nothing comes home unasked."""

import numpy as np
import pytest

from course_lib import autodiff, backend
from course_lib.autodiff import Tensor, graph, record
from course_lib.data import augment, minibatches, train_test_split
from course_lib.ensembles import average_predictions, bagging, mc_dropout, weight_scaling
from course_lib.layers import Dense, Dropout
from course_lib.losses import SoftmaxCrossEntropy
from course_lib.network import Network, mlp
from course_lib.optimizers import SGD
from course_lib.preprocessing import center, pca, standardize, whiten
from course_lib.search import cross_validate

X = np.random.default_rng(0).normal(size=(6, 4)).astype(np.float32)
W = np.random.default_rng(1).normal(size=(4, 3)).astype(np.float32)
Y = np.array([0, 2, 1, 1, 0, 2])
ROWS = np.eye(3, dtype=np.float32)[Y]

RULES = {
    "arithmetic": lambda x, w, y: ((x @ w * 2 - 1) / 3 + (x @ w) ** 2).sum(),
    "elementary": lambda x, w, y: (
        (x @ w).tanh().exp() + (x @ w).sigmoid().log() + (x @ w).relu() + abs(x @ w).sqrt()
    ).mean(),
    "along axes": lambda x, w, y: ((x @ w).max(axis=1) * (x @ w).sum(axis=0).max() + (x @ w).mean(axis=1)).sum(),
    "maximum": lambda x, w, y: (x @ w).maximum(0.1).sum(),
    "in another order": lambda x, w, y: (w.T.reshape(-1)[2:7] * autodiff.concatenate(w, w)[1, :1]).sum(),
    "dense": lambda x, w, y: autodiff.dense(x, w, w[0], activation=autodiff.sigmoid).sum(),
    "squared error": lambda x, w, y: autodiff.squared_error(x @ w, y=y),
    "sigmoid cross entropy": lambda x, w, y: autodiff.sigmoid_cross_entropy(x @ w, y=y),
    "softmax cross entropy": lambda x, w, y: autodiff.softmax_cross_entropy(x @ w, y=y) + 0.1 * (w * w).sum(),
    "softmax": lambda x, w, y: ((x @ w).softmax() * y).sum(),
}


@pytest.mark.parametrize("f", RULES.values(), ids=RULES)
def test_gradients_elsewhere_are_the_same_bits(f, elsewhere):
    near, far = Tensor(W.copy()), Tensor(elsewhere.asarray(W.copy()))
    here, there = f(X, near, ROWS), f(elsewhere.asarray(X), far, elsewhere.asarray(ROWS))
    here.backward()
    there.backward()
    assert elsewhere.transfers == 0
    np.testing.assert_array_equal(far.grad.get(), near.grad)
    assert float(there) == float(here)


@pytest.mark.parametrize("f", RULES.values(), ids=RULES)
def test_replays_elsewhere_are_the_same_bits(f, elsewhere):
    near, far = Tensor(W.copy()), Tensor(elsewhere.asarray(W.copy()))
    replayed = record(lambda x, y: f(x, far, y))
    for scale in (1, 2):
        here = f(X * scale, near, ROWS)
        there = replayed(elsewhere.asarray(X * scale), elsewhere.asarray(ROWS))
        here.backward()
        there.backward()
        assert float(there) == float(here)
        np.testing.assert_array_equal(far.grad.here, near.grad)
    assert elsewhere.transfers == 0


def test_gradients_go_into_a_view_elsewhere(elsewhere):
    grad = elsewhere.asarray(np.zeros(12, np.float32))
    w = Tensor(elsewhere.asarray(W), grad=grad.reshape(4, 3))
    (elsewhere.asarray(X) @ w).sum().backward()
    np.testing.assert_allclose(grad.get(), np.repeat(X.sum(axis=0), 3), rtol=1e-5)


def test_arrays_of_two_places_are_refused(elsewhere):
    with pytest.raises(TypeError, match="different places"):
        Tensor(elsewhere.asarray(W)) + W


def test_a_drawing_may_bring_numbers_home(elsewhere):
    out = (Tensor(elsewhere.asarray(W), name="W") * 2).sum()
    out.backward()
    assert "∂ ‖6.93‖" in str(graph(out))  # 2 √12


@pytest.mark.parametrize("fit", [center, standardize, pca, whiten], ids=lambda f: f.__name__)
def test_preparations_elsewhere(fit, elsewhere):
    made, there = fit(X), elsewhere.asarray(X)
    far = fit(there)
    np.testing.assert_array_equal(far(there).here, made(X))
    np.testing.assert_array_equal(far.undo(far(there)).here, made.undo(made(X)))
    assert elsewhere.transfers == 0


def test_splits_batches_and_augmentation_elsewhere(elsewhere):
    rng = np.random.default_rng
    there = elsewhere.asarray(X), elsewhere.asarray(Y)
    for near, far in zip(train_test_split(X, Y, test=2, rng=rng(0)), train_test_split(*there, test=2, rng=rng(0))):
        np.testing.assert_array_equal(far.here, near)
    for near, far in zip(minibatches(X, Y, 4, rng(0)), minibatches(*there, 4, rng(0))):
        np.testing.assert_array_equal(far[0].here, near[0])
    assert elsewhere.transfers == 0
    near, far = (augment(a, rng(0), noise=0.1, shift=1, image=(2, 2)) for a in (X, there[0]))
    np.testing.assert_array_equal(far.here, near)


def test_ensembles_elsewhere(elsewhere, monkeypatch):
    monkeypatch.setattr(backend, "to_gpu", lambda a: elsewhere.asarray(np.array(a)))
    rng = np.random.default_rng
    there = elsewhere.asarray(X), elsewhere.asarray(Y)
    near = mlp([4, 5, 3], rng=0, replicas=3)
    far = mlp([4, 5, 3], rng=0, replicas=3).to_gpu()
    bagging(near, SoftmaxCrossEntropy(), X, Y, SGD(0.1), rng=rng(0), epochs=3)
    bagging(far, SoftmaxCrossEntropy(), *there, SGD(0.1), rng=rng(0), epochs=3)
    np.testing.assert_array_equal(
        average_predictions(far, there[0], output="softmax").here, average_predictions(near, X, output="softmax")
    )
    make = lambda: Network(Dense(4, 5), Dropout(drop=0.5), Dense(5, 3), rng=0)
    near, far = make(), make().to_gpu()
    for a, b in zip(mc_dropout(near, X, 5, rng=rng(0)), mc_dropout(far, there[0], 5, rng=rng(0))):
        np.testing.assert_array_equal(b.here, a)
    np.testing.assert_array_equal(weight_scaling(far, there[0]).here, weight_scaling(near, X))


def test_cross_validation_elsewhere(elsewhere):
    def score(X, y, X_validation, y_validation):
        return float((X_validation.mean() - X.mean()) ** 2 + y.sum())

    near = cross_validate(score, X, Y, k=3, rng=np.random.default_rng(0))
    far = cross_validate(score, elsewhere.asarray(X), elsewhere.asarray(Y), k=3, rng=np.random.default_rng(0))
    np.testing.assert_array_equal(far, near)
