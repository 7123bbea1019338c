"""The same training with automatic differentiation in place of the layers' own backward passes.

    Tape(workload).run()                 the graph is built anew in every step
    Tape(workload, traced=True).run()    traced once for each shape of a minibatch, then replayed

Both are contenders as in contenders.py, to be timed beside `Ours`: the same network and parameters, batches, loss,
optimizer, list of losses and check that they are finite.
"""

from math import isfinite

import numpy as np

from course_lib import autodiff
from course_lib.autodiff import Tensor, record
from course_lib.network import mlp
from course_lib.optimizers import SGD, Adam
from course_lib.training.batches import Batches


class Tape:
    def __init__(self, workload, *, traced=False):
        self.workload = workload
        X, y = workload.data()
        self.network = mlp(workload.sizes, hidden=workload.hidden, rng=0)
        self.optimizer = SGD(0.1) if workload.task == "xor" else Adam(1e-3)
        self.batches = Batches(np, X, y, workload.batch, np.random.default_rng(0))
        loss = loss_of(self.network, workload)
        self.loss = record(loss) if traced else loss

    def run(self):
        for _ in range(self.workload.epochs):
            values = []
            for X, y in self.batches.epoch():
                loss = self.loss(X, y)
                loss.backward()
                self.optimizer.step(self.network.theta, self.network.grad)
                values.append(float(loss.value))
            if not isfinite(sum(values)):
                raise FloatingPointError("the loss is no longer finite")
        return self.workload.epochs * self.workload.batches_per_epoch


def parameters(network):
    """W and b of every dense layer, as tensors on the network's own vectors: gradients go straight into
    network.grad.
    """
    dense = [layer for layer in network.layers if hasattr(layer, "W")]
    return [(Tensor(layer.W, grad=layer.d_W), Tensor(layer.b, grad=layer.d_b)) for layer in dense]


def loss_of(network, workload):
    """The loss as a function of X and y, in operations on tensors."""
    *hidden, last = parameters(network)
    activation = getattr(autodiff, workload.hidden)

    def loss(X, y):
        h = X
        for W, b in hidden:
            h = autodiff.dense(h, W, b, activation=activation)
        if workload.task == "xor":
            return autodiff.squared_error(autodiff.dense(h, *last, activation=autodiff.sigmoid), y=y)
        o = autodiff.dense(h, *last)
        return autodiff.softmax_cross_entropy(o, y=y)

    return loss
