"""A training run as a table of settings: trained here, on the trusted side, in a few hundredths of a second."""

from __future__ import annotations

import functools
from typing import Mapping

import numpy as np

from autograder.questions.choices import chosen_option
from course_lib.activations import ReLU, Sigmoid, Softmax, Tanh
from course_lib.data import digits, train_test_split
from course_lib.initializers import glorot_uniform, he_normal, normal, zeros
from course_lib.layers import Dense, Dropout
from course_lib.losses import SoftmaxCrossEntropy
from course_lib.network import Network
from course_lib.optimizers import SGD, Adam
from course_lib.regularizers import L2
from course_lib.training import Callback, Diverged, fit

ACTIVATIONS = {"relu": ReLU, "tanh": Tanh, "sigmoid": Sigmoid}
WEIGHTS = {"he": he_normal, "glorot": glorot_uniform, "small": normal(.05), "zeros": zeros, "huge": normal(3)}
RULES = {"SGD": SGD, "momentum": lambda eta: SGD(eta, momentum=.9), "Adam": Adam}

# What may be chosen for each setting: words, or the least and the most. Whole numbers where the ends are whole.
SETTINGS = {
    "inputs": ("standardized", "as measured"), "hidden_layers": (1, 6), "units": (1, 100), "activation": tuple(ACTIVATIONS), "weights": tuple(WEIGHTS),
    "loss_gets": ("logits", "probabilities"), "rule": tuple(RULES), "eta": (1e-9, 1e3), "batch": (5, 200), "epochs": (1, 60), "penalty": (0., 10.), "dropout": (0., .99)}
HEALTHY = {"inputs": "standardized", "hidden_layers": 1, "units": 30, "activation": "relu", "weights": "he", "loss_gets": "logits", "rule": "SGD", "eta": .1, "batch": 20, "epochs": 20,
           "penalty": 0., "dropout": 0.}
ROWS, NEW = 200, 400
WELL = {False: (.85, 1.), True: (.5, 1.7)}            # by heart or not: the least share right and the highest validation loss of a healthy run


def meant(name: str, value):
    """The value that was meant for a setting. ValueError, with a sentence, where there is no such setting or no such value."""
    if name not in SETTINGS:
        raise ValueError(f"there is no setting {name!r}; there are {', '.join(SETTINGS)}.")
    allowed = SETTINGS[name]
    if isinstance(allowed[0], str):
        word = chosen_option(value, allowed)
        if word is None:
            raise ValueError(f"{name!r} is one of {', '.join(map(repr, allowed))}.")
        return word
    low, high = allowed
    whole = isinstance(low, int)
    number = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
    if not number or not low <= value <= high or whole and value != int(value):
        raise ValueError(f"{name!r} is {'a whole' if whole else 'a'} number from {low:g} to {high:g}.")
    return int(value) if whole else float(value)


def train(settings: Mapping, heart: bool = False) -> dict:
    """The run's curves: loss and validation_loss and accuracy (on digits it has not seen) after each epoch.

    With `heart` two labels in five are drawn at random: there is something to be learned by heart.
    """
    return _train(_values(settings), heart)


def examine(settings: Mapping, heart: bool = False) -> tuple[float, float]:
    """Two tests before the first step: the loss, and how large the first layer's gradient is beside the last one's (NaN where that is 0)."""
    return _examine(_values(settings), heart)


def _values(settings):
    return tuple(settings[name] if isinstance(SETTINGS[name][0], str) else float(settings[name]) for name in SETTINGS)


@functools.lru_cache(maxsize=256)
def _examine(values: tuple, heart: bool) -> tuple[float, float]:
    X, y, *_ = rows(values[0], heart)
    net, loss = network(dict(zip(SETTINGS, values))), SoftmaxCrossEntropy()
    o = net.forward(X)
    net.backward(loss.gradient(o, y))
    first, *_, last = (float(np.linalg.norm(layer.d_W) / layer.d_W.size**.5) for layer in net.layers if isinstance(layer, Dense))
    return float(loss.value(o, y)), first / last if last else np.nan


@functools.lru_cache(maxsize=2048)
def _train(values: tuple, heart: bool) -> dict:
    of = dict(zip(SETTINGS, values))
    X, y, X_new, y_new = rows(of["inputs"], heart)
    curves = Curves()
    try:
        fit(network(of), SoftmaxCrossEntropy(), X, y, RULES[of["rule"]](of["eta"]), epochs=int(of["epochs"]), batch_size=int(of["batch"]), rng=0,
            validation=(X_new, y_new), regularizer=L2(of["penalty"]) if of["penalty"] else None, callbacks=[curves])
    except Diverged:
        curves.diverged = True
    return {"loss": curves.loss, "validation_loss": curves.validation_loss, "accuracy": curves.accuracy, "diverged": curves.diverged}


def network(of: Mapping) -> Network:
    """The network of a table of settings."""
    sizes = [64, *[int(of["units"])] * int(of["hidden_layers"])]
    hidden = [layer for n_in, n_out in zip(sizes, sizes[1:])
              for layer in (Dense(n_in, n_out, init=WEIGHTS[of["weights"]]), ACTIVATIONS[of["activation"]](), *([Dropout(drop=of["dropout"])] if of["dropout"] else []))]
    output = [Softmax()] if of["loss_gets"] == "probabilities" else []
    return Network(*hidden, Dense(sizes[-1], 10, init=WEIGHTS[of["weights"]]), *output, rng=0)


class Curves(Callback):
    """Keeps the curves, also of a run that does not end well."""

    def __init__(self):
        self.loss, self.validation_loss, self.accuracy, self.diverged = [], [], [], False

    def epoch_end(self, run):
        for kept, seen in ((self.loss, run.history.loss), (self.validation_loss, run.history.validation_loss), (self.accuracy, run.history.validation_accuracy)):
            kept.append(float(seen[-1]))


@functools.lru_cache(maxsize=None)
def rows(inputs: str, heart: bool):
    """X, y to learn from and X, y to watch. As they are measured, each of the 64 columns is in a unit of its own."""
    X, _, y, _ = train_test_split(*digits(), test=1797 - ROWS - NEW, rng=np.random.default_rng(0), stratified=True)
    rng = np.random.default_rng(1)
    if inputs == "as measured":
        X = (X + rng.uniform(0, 2, 64)) * 10**rng.uniform(0, 2.5, 64)
    else:
        X = (X - X[:ROWS].mean(axis=0)) / (X[:ROWS].std(axis=0) + .1)
    labels = y[:ROWS].copy()
    if heart:
        rng = np.random.default_rng(1)
        wrong = rng.random(ROWS) < .4
        labels[wrong] = rng.integers(0, 10, wrong.sum())
    return X[:ROWS].astype(np.float32), labels, X[ROWS:].astype(np.float32), y[ROWS:]


def is_well(curves: dict, heart: bool = False) -> bool:
    """Enough of the new digits right at the end, and a validation loss that is low enough."""
    enough, most = WELL[heart]
    return not curves["diverged"] and curves["accuracy"][-1] >= enough and curves["validation_loss"][-1] <= most


def is_better(curves: dict, sick: dict, heart: bool = False) -> bool:
    """At least a third of the way from the sick run to a healthy one: in the share right, or, where labels were learned by heart, in the validation loss."""
    enough, most = WELL[heart]
    if curves["diverged"]:
        return False
    if heart:
        return curves["validation_loss"][-1] <= sick["validation_loss"][-1] - (sick["validation_loss"][-1] - most) / 3
    before = sick["accuracy"][-1] if sick["accuracy"] else 0.
    return before < enough and curves["accuracy"][-1] >= before + (enough - before) / 3
