"""One run of the playground: data, network and optimizer of course_lib, trained a few milliseconds at a time by `fit`."""

from __future__ import annotations

import time

import numpy as np

from course_lib import data, initializers, optimizers
from course_lib.activations import activation, sigmoid
from course_lib.data import train_test_split
from course_lib.layers import Dense, Dropout
from course_lib.losses import SigmoidCrossEntropy
from course_lib.network import Network
from course_lib.regularizers import L1, L2
from course_lib.training import Diverged, fit
from course_lib.widgets.playground.settings import checked, sizes

GRID, MAP = 48, 16  # places along each side of the large picture and of a unit's small one
BINS = 30
FEATURES = {
    "x1": lambda x1, x2: x1, "x2": lambda x1, x2: x2, "x1^2": lambda x1, x2: x1**2, "x2^2": lambda x1, x2: x2**2,
    "x1*x2": lambda x1, x2: x1 * x2, "sin(x1)": lambda x1, x2: np.sin(np.pi * x1), "sin(x2)": lambda x1, x2: np.sin(np.pi * x2),
}  # fmt: skip
INITIALIZERS = {"small": initializers.normal(0.01), "normal": initializers.normal(1)}
OPTIMIZERS = {
    "SGD": optimizers.SGD, "momentum": lambda eta: optimizers.SGD(eta, momentum=0.9),
    "Adagrad": optimizers.Adagrad, "RMSprop": optimizers.RMSprop, "Adam": optimizers.Adam,
}  # fmt: skip


class Trainer:
    """A run from the settings' seed: the same settings, the same curve, to the last bit.

    >>> trainer = Trainer({"data": "XOR", "n": 40, "layers": "3"})
    >>> trainer.train(epochs=2)
    >>> len(trainer.loss), trainer.problem
    (2, '')
    """

    def __init__(self, values: dict):
        self.values = checked(values)
        self.X, self.X_test, self.y, self.y_test = draw_data(self.values)
        self.box = box_around(np.concatenate([self.X, self.X_test]))
        self.network = make_network(self.values)
        self.eta = self.values["eta"]
        self.optimizer = OPTIMIZERS[self.values["optimizer"]](lambda k: self.eta)  # the rate may be moved while it runs
        self.rates = [[0, self.eta]]
        self.order = np.random.default_rng(self.values["seed"])
        self.loss, self.test_loss, self.problem = [], [], ""
        self.seen = [self.features(self.X), self.features(self.X_test)]
        self.places = self.features(places(self.box, GRID))

    def features(self, X) -> np.ndarray:
        return np.stack([FEATURES[name](X[:, 0], X[:, 1]) for name in self.values["features"]], axis=1).astype(np.float32)

    def move_rate(self, eta: float) -> None:
        """Go on with another learning rate."""
        eta = checked({"eta": eta})["eta"]
        if eta != self.eta:
            self.eta = eta
            if self.rates[-1][0] == self.optimizer.k:
                self.rates.pop()
            self.rates.append([self.optimizer.k, eta])

    def train(self, *, seconds: float = np.inf, epochs: int = 10**9) -> None:
        """Train until the time or the epochs are used up, at least one epoch; a run that diverged stays where it is."""
        if self.problem:
            return
        until, before = time.perf_counter() + seconds, len(self.loss)
        has_test = len(self.X_test) > 0

        def note(run):
            self.loss.append(run.history.loss[-1])
            if has_test:
                self.test_loss.append(run.history.validation_loss[-1])
            if len(self.loss) - before >= epochs or time.perf_counter() > until:
                run.stop("it is time for a picture")

        try:
            fit(
                self.network, SigmoidCrossEntropy(), self.seen[0], self.y, self.optimizer, epochs=10**9, rng=self.order,
                batch_size=self.values["batch"], regularizer=make_penalty(self.values), callbacks=[note],
                validation=(self.seen[1], self.y_test) if has_test else None,
            )  # fmt: skip
        except Diverged as problem:
            self.problem = f"{problem}."

    # ---- pictures

    def field(self) -> np.ndarray:
        """p at the places of the grid, the top row first; NaN where a run that diverged has no number."""
        o = self.network.predict(self.places)[:, 0]
        return np.where(np.isnan(o), np.nan, sigmoid(np.nan_to_num(o))).astype(np.float32)

    def maps(self) -> np.ndarray:
        """Every hidden unit's output over the plane as bytes, 0 … 255 from its range's low end to its high, MAP × MAP each."""
        grid = self.places.reshape(GRID, GRID, -1)[:: GRID // MAP, :: GRID // MAP].reshape(MAP * MAP, -1)
        self.network.forward(grid)
        outputs = [self.outputs(i) for i in range(len(sizes(self.values["layers"])))]
        return np.concatenate([_as_bytes(y) for y in outputs]) if outputs else np.zeros(0, np.uint8)

    def histograms(self) -> tuple[np.ndarray, np.ndarray]:
        """Counts by layer, (layers, 2, BINS): of the hidden outputs on the training data, and of log₁₀ |∂ℓ/∂W|; and
        their ends, (layers, 2, 2).
        """
        self.network.forward(self.seen[0][:400])
        counts, ends = [], []
        dense = [layer for layer in self.network.layers if isinstance(layer, Dense)]
        for i, layer in enumerate(dense):
            y = self.outputs(i) if i < len(dense) - 1 else self.network.activations()[-1]
            size = np.log10(np.maximum(np.abs(layer.d_W), 1e-12))
            for values, (low, high) in ((y, _range(y)), (size, (-12.0, 2.0))):
                counts.append(np.histogram(np.clip(np.nan_to_num(values, nan=low), low, high), BINS, (low, high))[0])
                ends.append((low, high))
        shape = (len(dense), 2)
        return np.array(counts, np.int32).reshape(*shape, BINS), np.array(ends, np.float32).reshape(*shape, 2)

    def outputs(self, i: int) -> np.ndarray:
        """What hidden layer i gave in the last forward pass, after its activation."""
        per_layer = 3 if self.values["dropout"] else 2
        return self.network.activations()[per_layer * i + 1]


def draw_data(values: dict):
    """X_train, X_test, y_train, y_test."""
    rng = np.random.default_rng(values["seed"])
    n, noise = values["n"], values["noise"]
    if values["data"] == "XOR":
        X, y = data.gate("XOR")
        rows = np.arange(n) % 4
        X, y = X[rows] + noise * rng.normal(size=(n, 2)), y[rows]
    else:
        X, y = getattr(data, values["data"])(n, rng, noise=noise)
    if round(values["test"] * n) == 0:
        return X, X[:0], y, y[:0]
    return train_test_split(X, y, test=values["test"], rng=rng)


def make_network(values: dict, **options) -> Network:
    init = INITIALIZERS.get(values["init"]) or getattr(initializers, values["init"])
    n, layers = len(values["features"]), []
    for units in sizes(values["layers"]):
        layers += [Dense(n, units, init=init), activation(values["activation"])]
        layers += [Dropout(drop=values["dropout"])] if values["dropout"] else []
        n = units
    return Network(*layers, Dense(n, 1, init=init), rng=values["seed"], **options)


def make_penalty(values: dict):
    return {"none": None, "L1": L1(values["lam"]), "L2": L2(values["lam"])}[values["penalty"]]


def box_around(X) -> list[float]:
    """A square with the points inside: [x low, x high, y low, y high]."""
    low, high = X.min(axis=0), X.max(axis=0)
    middle, half = (low + high) / 2, 0.58 * max(high - low) + 0.05
    return [float(v) for v in (middle[0] - half, middle[0] + half, middle[1] - half, middle[1] + half)]


def places(box, n: int) -> np.ndarray:
    """The middles of n × n cells, row by row, the top row first."""
    along = (np.arange(n) + 0.5) / n
    x, y = box[0] + along * (box[1] - box[0]), box[3] - along * (box[3] - box[2])
    return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)


def _as_bytes(y) -> np.ndarray:
    """(places, units) -> bytes, one unit's picture after the other."""
    low, high = _range(y)
    return np.clip(255 * (np.nan_to_num(y) - low) / (high - low), 0, 255).astype(np.uint8).T.ravel()


def _range(y) -> tuple[float, float]:
    """−1 … 1 where it fits, otherwise as far as the numbers reach, the same on both sides."""
    most = float(np.abs(np.nan_to_num(y)).max(initial=1.0))
    return (-1.0, 1.0) if most <= 1 else (-most, most)
