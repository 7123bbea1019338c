"""The training runs that are timed: what every contender must do."""

from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True)
class Workload:
    """A network of `sizes` with `hidden` activations, trained on `rows` examples in minibatches of `batch`.

    The loss is cross-entropy of classes, or (task="xor") the squared error of one sigmoid, by plain SGD over all rows.
    """

    name: str
    sizes: tuple
    rows: int
    batch: int
    steps: int  # in one measurement
    hidden: str = "relu"
    task: str = "classes"
    drop: float = 0.0
    replicas: int | None = None

    def data(self):
        """X (N, D) float32 and y: classes as int64, or XOR's four rows."""
        if self.task == "xor":
            return np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32), np.array([[0], [1], [1], [0]], np.float32)
        rng = np.random.default_rng(0)
        X = rng.normal(size=(self.rows, self.sizes[0])).astype(np.float32)
        return X, rng.integers(0, self.sizes[-1], self.rows)

    @property
    def batches_per_epoch(self):
        return -(-self.rows // self.batch)

    @property
    def epochs(self):
        return max(1, round(self.steps / self.batches_per_epoch))


XOR = Workload("a. XOR 4×2, 2-3-1 sigmoid, full-batch SGD", (2, 3, 1), 4, 4, 3000, hidden="sigmoid", task="xor")
PLAIN = [
    XOR,
    Workload("b. moons 1000×2, 2-64-64-2, batch 32", (2, 64, 64, 2), 1000, 32, 1000),
    Workload("c. digits 1797×64, 64-128-64-10, batch 50", (64, 128, 64, 10), 1797, 50, 400),
    Workload("d. 784-512-256-10, batch 128", (784, 512, 256, 10), 2560, 128, 20),
    Workload("e. 784-512-256-10, batch 1024", (784, 512, 256, 10), 8192, 1024, 8),
]
DROPOUT = [replace(workload, name=workload.name[:2] + " with dropout .5", drop=.5) for workload in PLAIN[1:]]
REPLICAS = [
    replace(XOR, name="32 models at once, XOR", replicas=32, steps=1000),
    Workload("32 models, moons 2-16-16-2", (2, 16, 16, 2), 1000, 32, 300, replicas=32),
    Workload("32 models, moons 2-64-64-2", (2, 64, 64, 2), 1000, 32, 100, replicas=32),
]
