"""The same training on arrays that are not NumPy's: a stand-in for a graphics card that refuses to be mixed or
moved.
"""

import numpy as np
import pytest

from course_lib import backend
from course_lib.activations import LeakyReLU, ReLU, Sigmoid, Softmax, Tanh
from course_lib.layers import BatchNorm, Conv2D, Dense, Dropout, Flatten, MaxPool2D
from course_lib.losses import (
    BinaryCrossEntropy, CosineDistance, CoxPartialLikelihood, Hinge, SigmoidCrossEntropy, SoftmaxCrossEntropy, SquaredError,
    SumOfLosses,
)
from course_lib.network import Network, mlp
from course_lib.optimizers import SGD, Adagrad, Adam, RMSprop
from course_lib.regularizers import L1, L2, ElasticNet, MaxNorm, shrinkage_path
from course_lib.schedules import cosine
from course_lib.training import EarlyStopping, fit

rng = np.random.default_rng(0)
X = rng.normal(size=(9, 4)).astype(np.float32)
IMAGES = rng.normal(size=(6, 5, 5, 2)).astype(np.float32)
TIMES = np.stack([rng.integers(1, 5, 9), rng.integers(0, 2, 9)], axis=1)
NUMBERS, CLASSES, BITS = rng.normal(size=(9, 3)), rng.integers(0, 3, 9), rng.integers(0, 2, (9, 3))

RUNS = {
    "dense, softmax": (lambda R: mlp([4, 5, 3], rng=1, replicas=R), SoftmaxCrossEntropy(), X, CLASSES),
    "one-hot": (lambda R: mlp([4, 5, 3], rng=1, replicas=R), SoftmaxCrossEntropy(), X, np.eye(3)[CLASSES]),
    "sigmoid": (lambda R: mlp([4, 5, 3], hidden=Sigmoid, rng=1, replicas=R), SigmoidCrossEntropy(), X, BITS),
    "probabilities": (lambda R: mlp([4, 3], output=Sigmoid, rng=1, replicas=R), BinaryCrossEntropy(), X, BITS),
    "softmax layer": (lambda R: mlp([4, 3], output=Softmax, rng=1, replicas=R), SquaredError(), X, NUMBERS),
    "hinge": (lambda R: mlp([4, 5, 3], hidden=LeakyReLU, rng=1, replicas=R), Hinge(), X, 2 * BITS - 1),
    "cosine": (lambda R: mlp([4, 5, 3], hidden=Tanh, rng=1, replicas=R), CosineDistance(), X, NUMBERS),
    "cox": (lambda R: mlp([4, 5, 1], rng=1, replicas=R), CoxPartialLikelihood(), X, TIMES),
    "sum": (
        lambda R: mlp([4, 5, 4], rng=1, replicas=R),
        SumOfLosses((SquaredError(), 0, 1), (SoftmaxCrossEntropy(), slice(1, 4), .5)), X, (NUMBERS[:, 0], CLASSES),
    ),
    "dropout, batch norm": (
        lambda R: Network(Dropout(drop=.1), Dense(4, 6), BatchNorm(6), ReLU(), Dropout(keep=.8), Dense(6, 3), rng=1, replicas=R),
        SquaredError(), X, NUMBERS,
    ),
    "convolution": (
        lambda R: Network(Conv2D(2, 3, 3, padding=1, stride=(1, 2)), ReLU(), MaxPool2D(2), Flatten(), Dense(6, 3), rng=1, replicas=R),
        SquaredError(), IMAGES, NUMBERS[:6],
    ),
}


@pytest.mark.parametrize("replicas", [None, 2])
@pytest.mark.parametrize("make, loss, X, y", RUNS.values(), ids=RUNS)
def test_training_elsewhere_gives_the_same_bits(make, loss, X, y, replicas, elsewhere, monkeypatch):
    monkeypatch.setattr(backend, "to_gpu", lambda a: elsewhere.asarray(np.array(a)))
    near, far = make(replicas), make(replicas).to_gpu()
    there = elsewhere.asarray
    far_y = tuple(map(there, y)) if isinstance(y, tuple) else there(y)
    settings = dict(epochs=4, batch_size=3, rng=3, clip=1, regularizer=ElasticNet(.01, .01))
    history = fit(near, loss, X, y, Adam(cosine(.05, .001, tau=8)), validation=(X, y), **settings)
    far_history = fit(far, loss, there(X), far_y, Adam(cosine(.05, .001, tau=8)), validation=(there(X), far_y), **settings)
    # numbers come home once an epoch (and only with replicas as arrays), never within one
    assert elsewhere.transfers <= (4 * 4 if replicas else 4)
    np.testing.assert_array_equal(far.theta.get(), near.theta)
    np.testing.assert_array_equal(far_history.loss, history.loss)
    np.testing.assert_array_equal(far_history.validation_loss, history.validation_loss)
    np.testing.assert_array_equal(far.predict(there(X)).get(), near.predict(X))
    home = far.to_cpu()
    assert type(home.theta) is np.ndarray
    np.testing.assert_array_equal(home.predict(X), near.predict(X))


@pytest.mark.parametrize("optimizer", [
    lambda: SGD(.1), lambda: SGD(.1, momentum=.9), lambda: SGD(.1, momentum=.9, nesterov=True),
    lambda: Adagrad(.1), lambda: RMSprop(.1), lambda: Adam(.1, weight_decay=.1),
])
def test_optimizers_elsewhere(optimizer, elsewhere):
    theta, grads = rng.normal(size=5), rng.normal(size=(3, 5))
    far, near_optimizer, far_optimizer = elsewhere.asarray(theta), optimizer(), optimizer()
    for g in grads:
        near_optimizer.step(theta, g)
        far_optimizer.step(far, elsewhere.asarray(g))
    assert elsewhere.transfers == 0
    np.testing.assert_array_equal(far.get(), theta)


@pytest.mark.parametrize("regularizer", [L1(.1), L2(.1), ElasticNet(.1, .2), MaxNorm(1)])
def test_regularizers_elsewhere(regularizer, elsewhere):
    w = np.array([3.0, -.05, .5])
    far = elsewhere.asarray(w)
    assert regularizer.penalty(far) == regularizer.penalty(w)
    np.testing.assert_array_equal(regularizer.gradient(far).get(), regularizer.gradient(w))
    np.testing.assert_array_equal(regularizer.prox(far, .3).get(), regularizer.prox(w, .3))


@pytest.mark.parametrize("penalty", ["ridge", "lasso"])
def test_shrinkage_paths_elsewhere(penalty, elsewhere):
    y = NUMBERS[:, 0]
    near = shrinkage_path(X.astype(float), y, penalty, [0, .1, 1])
    far = shrinkage_path(elsewhere.asarray(X.astype(float)), elsewhere.asarray(y), penalty, [0, .1, 1])
    assert elsewhere.transfers == 0
    for there, here in zip(far, near):
        np.testing.assert_array_equal(there.get(), here)


def test_early_stopping_elsewhere(elsewhere, monkeypatch):
    monkeypatch.setattr(backend, "to_gpu", lambda a: elsewhere.asarray(np.array(a)))
    near, far = mlp([4, 5, 3], rng=1), mlp([4, 5, 3], rng=1).to_gpu()
    there = elsewhere.asarray
    fit(near, SquaredError(), X, NUMBERS, SGD(.1), epochs=20, validation=(X, -NUMBERS), callbacks=[EarlyStopping(2)])
    fit(far, SquaredError(), there(X), there(NUMBERS), SGD(.1), epochs=20, validation=(there(X), there(-NUMBERS)), callbacks=[EarlyStopping(2)])
    np.testing.assert_array_equal(far.theta.get(), near.theta)


def test_arrays_of_two_places_get_a_sentence(elsewhere, monkeypatch):
    network = mlp([4, 3], rng=1)
    with pytest.raises(TypeError, match="live in different places"):
        network.predict(elsewhere.asarray(X))
    with pytest.raises(TypeError, match="live in different places"):
        SquaredError().value(X, elsewhere.asarray(X))
