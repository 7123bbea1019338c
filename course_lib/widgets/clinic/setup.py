"""A training run as settings, and the same settings as the lines of code that are run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from course_lib import initializers, losses, optimizers, preprocessing, regularizers, schedules
from course_lib.activations import Tanh
from course_lib.data import digits, train_test_split
from course_lib.network import mlp
from course_lib.training import Callback, Diverged, fit

ROWS, CLASSES = 400, 10


@dataclass(frozen=True)
class Setup:
    """The settings of a run. As they are here the run is healthy: one hidden layer of 50 ReLUs on 400 digits.

    >>> print(Setup().code())
    X, X_val, y, y_val = ward()
    network = mlp([64, 50, 10], hidden="relu", init=he_normal, rng=0)
    fit(network, SoftmaxCrossEntropy(), X, y, SGD(0.2),
        epochs=30, batch_size=40, rng=0, validation=(X_val, y_val))
    """

    ward: str = ""  # what ward is told
    scale: float = 1
    standardized: bool = False
    sizes: tuple = (64, 50, 10)
    hidden: str = '"relu"'
    output: str = ""
    init: str = "he_normal"
    eta: float = 0.2
    cooling: bool = False
    batch: int = 40
    penalty: str = ""
    epochs: int = 30

    def code(self) -> str:
        """The lines that `record` runs; what is left out has its usual value."""
        steps = self.epochs * -(-ROWS // self.batch)
        eta = f"{self.eta:.4g}"
        rate = f"linear({eta}, {self.eta / 100:.4g}, tau={steps})" if self.cooling else eta
        output = f", output={self.output}" if self.output else ""
        return "\n".join([
            f"X, X_val, y, y_val = ward({self.ward})",
            *([f"X, X_val = {self.scale:g} * X, {self.scale:g} * X_val"] if self.scale != 1 else []),
            *(["prepare = standardize(X)", "X, X_val = prepare(X), prepare(X_val)"] if self.standardized else []),
            f"network = mlp({list(self.sizes)}, hidden={self.hidden}{output}, init={self.init}, rng=0)",
            f"fit(network, SoftmaxCrossEntropy(), X, y, SGD({rate}),",
            *([f"    regularizer={self.penalty},"] if self.penalty else []),
            f"    epochs={self.epochs}, batch_size={self.batch}, rng=0, validation=(X_val, y_val))",
        ])  # fmt: skip


def ward(*, spoiled=0.0, mixed_up=False):
    """400 digits to learn from and 400 to watch: X, X_val, y, y_val, always the same.

    `spoiled` is the share of labels of y that are replaced by random ones; `mixed_up` puts the rows of X in another
    order than y, as a shuffle of one of the two does.

    >>> X, X_val, y, y_val = ward()
    >>> X.shape, X_val.shape
    ((400, 64), (400, 64))
    """
    X, X_val, y, y_val = (a.copy() for a in _rows())
    rng = np.random.default_rng(1)
    if spoiled:
        y = np.where(rng.random(ROWS) < spoiled, rng.integers(0, CLASSES, ROWS), y)
    if mixed_up:
        X = X[rng.permutation(ROWS)]
    return X, X_val, y, y_val


@lru_cache(maxsize=1)
def _rows():
    X, _, y, _ = train_test_split(*digits(), test=1797 - 2 * ROWS, rng=np.random.default_rng(0), stratified=True)
    return X[:ROWS], X[ROWS:], y[:ROWS], y[ROWS:]


class HastyTanh(Tanh):
    """tanh with a mistake on the way back: its slope 1 − p² is taken at the input h instead of at the output p."""

    def gradient(self, d_y, kept):
        d_y *= 1 - kept.X * kept.X
        return d_y

    def compute(self, X, kept, train=False):
        kept.X = X + 0
        return super().compute(X, kept, train)


WORDS = {
    name: getattr(module, name)
    for module, names in (
        (initializers, ("zeros", "normal", "he_normal", "glorot_uniform")),
        (losses, ("SoftmaxCrossEntropy",)), (optimizers, ("SGD",)), (regularizers, ("L2",)),
        (schedules, ("linear",)), (preprocessing, ("standardize",)),
    )
    for name in names
} | {"ward": ward, "mlp": mlp, "HastyTanh": HastyTanh}  # fmt: skip


def run(setup: Setup, fit) -> dict:
    """Run the setup's lines with this `fit`; returns the names that they made."""
    names = {**WORDS, "fit": fit}
    exec(setup.code(), names)  # our own lines, and so exactly what the card shows
    return names


@lru_cache(maxsize=None)
def record(setup: Setup) -> dict:
    """The run's curves: loss, validation_loss and accuracy of each epoch, and `diverged`, a sentence or "".

    >>> healthy = record(Setup())
    >>> healthy["accuracy"][-1] > .9, healthy["diverged"]
    (True, '')
    """
    seen = Curves()

    def watched(*arguments, **options):
        try:
            fit(*arguments, callbacks=[seen], **options)
        except Diverged as error:
            seen.diverged = str(error)

    run(setup, watched)
    return {"loss": seen.loss, "validation_loss": seen.validation_loss, "accuracy": seen.accuracy, "diverged": seen.diverged}


class Curves(Callback):
    """Keeps the curves also of a run that does not end well."""

    def __init__(self):
        self.loss, self.validation_loss, self.accuracy, self.diverged = [], [], [], ""

    def epoch_end(self, run):
        self.loss.append(run.history.loss[-1])
        self.validation_loss.append(run.history.validation_loss[-1])
        self.accuracy.append(run.history.validation_accuracy[-1])


def is_well(curves: dict) -> bool:
    """At least 88 % of the validation digits right, and a validation loss that is at most a quarter above its lowest.

    >>> is_well(record(Setup())), is_well(record(Setup(eta=.002)))
    (True, False)
    """
    v = curves["validation_loss"]
    return not curves["diverged"] and curves["accuracy"][-1] >= 0.88 and v[-1] <= 1.25 * min(v)
