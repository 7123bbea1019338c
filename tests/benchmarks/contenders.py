"""Who is timed. Each contender is a class: made with a workload, then `run()` does one measurement's training steps."""

import warnings

import numpy as np

from course_lib.activations import Sigmoid
from course_lib.losses import SoftmaxCrossEntropy, SquaredError
from course_lib.layers import Dropout
from course_lib.network import Network, mlp
from course_lib.optimizers import SGD, Adam
from course_lib.training import fit


class Ours:
    """This library: the public fit, with its History and its check for a finite loss."""

    def __init__(self, workload):
        self.workload, (self.X, self.y) = workload, workload.data()
        output = Sigmoid if workload.task == "xor" else None
        network = mlp(workload.sizes, hidden=workload.hidden, output=output, rng=0, replicas=workload.replicas)
        if workload.drop:
            network = Network(*with_dropout(workload), rng=0, replicas=workload.replicas)
        self.network = network
        self.loss = SquaredError() if workload.task == "xor" else SoftmaxCrossEntropy()
        self.optimizer = SGD(.1) if workload.task == "xor" else Adam(1e-3)
        self.rng = np.random.default_rng(0)

    def run(self):
        workload = self.workload
        fit(self.network, self.loss, self.X, self.y, self.optimizer, epochs=workload.epochs, batch_size=workload.batch, rng=self.rng)
        return workload.epochs * workload.batches_per_epoch


def with_dropout(workload):
    """The layers, with a Dropout after every hidden activation."""
    layers = []
    for layer in mlp(workload.sizes, hidden=workload.hidden).layers:
        layers.append(type(layer)(layer.n_in, layer.n_out) if hasattr(layer, "n_in") else type(layer)())
        if not hasattr(layer, "n_in"):
            layers.append(Dropout(drop=workload.drop))
    return layers


class Torch:
    """PyTorch in its usual, eager way: nn.Sequential, a fused Adam, gradients set to None. One model."""

    def __init__(self, workload):
        import torch

        self.torch, self.workload = torch, workload
        X, y = workload.data()
        self.X, self.y = torch.from_numpy(X), torch.from_numpy(y)
        nn, layers = torch.nn, []
        hidden = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid}[workload.hidden]
        for n_in, n_out in zip(workload.sizes, workload.sizes[1:]):
            layers += [nn.Linear(n_in, n_out), hidden()] + ([nn.Dropout(workload.drop)] if workload.drop else [])
        layers = layers[:-2] if workload.drop else layers[:-1]
        if workload.task == "xor":
            layers.append(nn.Sigmoid())
        self.model = nn.Sequential(*layers)
        parameters = self.model.parameters()
        if workload.task == "xor":
            self.loss, self.optimizer = nn.MSELoss(), torch.optim.SGD(parameters, lr=.1)
        else:
            self.loss, self.optimizer = nn.CrossEntropyLoss(), torch.optim.Adam(parameters, lr=1e-3, fused=True)

    def run(self):
        workload, model, loss, optimizer = self.workload, self.model, self.loss, self.optimizer
        for _ in range(workload.epochs):
            for X, y in self.batches():
                optimizer.zero_grad()
                loss(model(X), y).backward()
                optimizer.step()
        return workload.epochs * workload.batches_per_epoch

    def batches(self):
        workload = self.workload
        if workload.batch == workload.rows:
            yield self.X, self.y
            return
        order = self.torch.randperm(workload.rows)
        for first in range(0, workload.rows, workload.batch):
            places = order[first:first + workload.batch]
            yield self.X[places], self.y[places]


class Sklearn:
    """scikit-learn's MLPClassifier.partial_fit, one minibatch a call. No dropout, no replicas; and Adam as its author
    wrote it.
    """

    def __init__(self, workload):
        from sklearn.neural_network import MLPClassifier

        warnings.filterwarnings("ignore", "Got `batch_size`")  # it says so of every last minibatch of an epoch
        self.workload, (self.X, self.y) = workload, workload.data()
        self.model = MLPClassifier(workload.sizes[1:-1], batch_size=workload.batch, random_state=0)
        self.model.partial_fit(self.X[:workload.batch], self.y[:workload.batch], classes=np.arange(workload.sizes[-1]))
        self.rng = np.random.default_rng(0)

    def run(self):
        workload = self.workload
        for _ in range(workload.epochs):
            order = self.rng.permutation(workload.rows)
            for first in range(0, workload.rows, workload.batch):
                places = order[first:first + workload.batch]
                self.model.partial_fit(self.X[places], self.y[places])
        return workload.epochs * workload.batches_per_epoch


class Limit:
    """The matrix products of a step alone, same shapes, written into arrays that are there already: what no one can
    beat.
    """

    def __init__(self, workload):
        self.workload = workload
        rng = np.random.default_rng(0)
        self.products = []
        for place, (n_in, n_out) in enumerate(zip(workload.sizes, workload.sizes[1:])):
            X, W, d_h = (rng.normal(size=shape).astype(np.float32) for shape in
                         ((workload.batch, n_in), (n_in, n_out), (workload.batch, n_out)))
            self.products.append((X.dot, W, np.empty_like(d_h)))
            self.products.append((X.T.dot, d_h, np.empty_like(W)))
            if place:
                self.products.append((d_h.dot, W.T, np.empty_like(X)))

    def run(self):
        steps = self.workload.epochs * self.workload.batches_per_epoch
        for _ in range(steps):
            for product, other, out in self.products:
                product(other, out)
        return steps
