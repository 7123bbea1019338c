"""Many networks instead of one: averages of predictions, bagging, and dropout as an average over masks.

The mean of several predictions is at least as good, in squared error, as the predictions are on average, and better by
exactly their variance; so an ensemble helps where its members err in different ways. (S0 147-161, S2 238-312)

`output` says how a network's last numbers become what is averaged: "softmax" or "sigmoid" for probabilities from
logits, nothing for a regression. Averaging logits is something else than averaging probabilities.
"""

from copy import deepcopy

import numpy as np

from course_lib.activations import activation
from course_lib.backend import array_module
from course_lib.checks import generator, whole
from course_lib.layers import Dropout
from course_lib.parameters import generators
from course_lib.passes import quiet
from course_lib.training import fit


def average_predictions(models, X, *, output=None):
    """The mean of the models' predictions for X, (N, K). models is a list of networks, or one network with replicas.

    >>> from course_lib.network import mlp
    >>> two = [mlp([2, 1], rng=seed) for seed in (0, 1)]
    >>> X = np.ones((3, 2))
    >>> bool(np.allclose(average_predictions(two, X), (two[0].predict(X) + two[1].predict(X)) / 2))
    True
    """
    predictions = _predictions(models, X, output)
    return predictions.mean(axis=0)


def _predictions(models, X, output):
    """The predictions of each model, (R, N, K)."""
    if hasattr(models, "predict"):
        if getattr(models, "replicas", None) is None:
            raise ValueError("models is a single network: give a list of networks, or one that was made with replicas=")
        return _finish(models.predict(X), output)
    models = list(models)
    if not models:
        raise ValueError("models is empty: an average needs at least one")
    predictions = [_finish(model.predict(X), output) for model in models]
    return array_module(*predictions).stack(predictions)


def _finish(o, output):
    return o if output is None else activation(output).forward(o)


def bootstrap(n, samples, rng):
    """Row numbers (samples, n): each sample draws n of the n rows with replacement; about 1 − 1/e = 63 % are in it.

    >>> rows = bootstrap(1000, 9, np.random.default_rng(0))
    >>> round(float(np.mean([len(set(sample)) for sample in rows.tolist()])) / 1000, 2)
    0.63
    """
    rng = generator(rng)
    n = whole(n, "n")
    return rng.integers(0, n, (whole(samples, "samples"), n))


def bagging(network, loss, X, y, optimizer, *, rng, **options):
    """Train each replica of the network on a bootstrap sample of its own, all in one call of fit; returns its History.

    The network was made with replicas=R; `options` are fit's (epochs=, batch_size=, regularizer=, …). Afterwards
    `average_predictions(network, X_new)` is the bagged prediction. Source: Breiman, Bagging predictors (1996).
    """
    if network.replicas is None:
        raise ValueError(
            "bagging trains one replica on each bootstrap sample: make the network with replicas=, as in mlp(…, replicas=9)"
        )
    X, y = (a if hasattr(a, "shape") else np.asarray(a) for a in (X, y))
    rows = array_module(X).asarray(bootstrap(X.shape[0], network.replicas, rng))
    return fit(network, loss, X[rows], y[rows], optimizer, rng=rng, **options)


def mc_dropout(network, X, passes=100, *, rng, output=None):
    """Mean and standard deviation of the predictions under `passes` random dropout masks, each (N, K).

    Dropout stays on, everything else is as in use (batch normalization takes its running statistics). The standard
    deviation says how far the masks disagree, which Gal and Ghahramani (2016) read as uncertainty. `network` stays
    as it is.
    """
    rng = generator(rng)
    passes = whole(passes, "passes", at_least=2)
    network = deepcopy(network)
    if not any(isinstance(layer, Dropout) for layer in network.layers):
        raise ValueError(
            "mc_dropout averages over dropout masks, but the network has no Dropout layer: every pass would be the same"
        )
    network.generators = generators(rng, network.replicas)
    for layer in network.layers:
        layer.generators = network.generators
    X = network.welcome(X)
    total = squares = 0
    with quiet():
        for _ in range(passes):
            p = _finish(_forward_with_dropout(network, X), output)
            total, squares = total + p, squares + p * p
    mean = total / passes
    xp = array_module(mean)
    return mean, xp.sqrt(xp.maximum(squares / passes - mean * mean, 0 * mean))


def _forward_with_dropout(network, X):
    for layer in network.layers:
        X = layer.compute(X, layer.Kept(network.xp, network.dtype), isinstance(layer, Dropout))
    return X


def weight_scaling(network, X, *, output=None):
    """The prediction in one pass, with every unit on and its output scaled to what it is on average: what `predict`
    does, since our Dropout divides by keep while training.

    It equals the mean over all masks where a linear output follows the dropped layer, and is only near it where another
    nonlinearity follows: compare it with `mc_dropout`. Source: Srivastava et al., JMLR 15 (2014), section 4.
    """
    return _finish(network.predict(X), output)
