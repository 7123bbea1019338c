"""One call of fit: what it was given, what it keeps, and what happens when an epoch ends."""

from math import isfinite

import numpy as np

from course_lib.backend import to_cpu
from course_lib.checks import number, whole
from course_lib.losses import Loss
from course_lib.losses.loss import share_right
from course_lib.network import Network
from course_lib.optimizers import Optimizer
from course_lib.passes import Pass
from course_lib.regularizers import Regularizer
from course_lib.training.batches import Batches
from course_lib.training.callbacks import as_callback
from course_lib.training.history import History


class Diverged(FloatingPointError):
    """The loss, or a parameter, is no longer a finite number. `step` says where, counted from 0 as k is; `eta` is the
    rate.
    """

    def __init__(self, what, step, eta, epoch):
        self.step, self.eta = step, eta
        super().__init__(
            f"{what} at step k = {step} (epoch {epoch}), with a learning rate of {eta:.4g}. Most often the rate is too "
            f"large: try a tenth of it, {eta / 10:.2g}, or clip=1. Otherwise look at the data (standardized?), at the "
            "first weights (initializer), and at a loss that takes the logarithm of a probability (take it from logits)"
        )


class Run:
    """One call of fit, as callbacks see it.

    network, loss, optimizer, history, rng, epochs      as in fit
    epoch                                               how many epochs are done
    stop(reason)                                        make this epoch the last
    """

    def __init__(self, network, loss, X, y, optimizer, epochs, batch_size, rng, validation, regularizer, clip,
                 callbacks):
        _instance(network, "network", Network, "mlp([2, 3, 1])")
        _instance(loss, "loss", Loss, "SquaredError()")
        _instance(optimizer, "optimizer", Optimizer, "SGD(.1)")
        if regularizer is not None:
            _instance(regularizer, "regularizer", Regularizer, "L2(.01)")
        self.network, self.loss, self.optimizer, self.regularizer = network, loss, optimizer, regularizer
        self.epochs = whole(epochs, "epochs", at_least=0)
        batch_size = None if batch_size is None else whole(batch_size, "batch_size")
        if clip is not None:
            _above_0(clip, "clip")
        self.rng = np.random.default_rng(rng)
        X, y = self.data(X, y)
        first_rows = X[:, :32] if X.ndim % 2 else X[:32]
        loss.outputs(network.predict(first_rows))  # a loss of probabilities says here if it is given something else
        self.batches = Batches(network.xp, X, y, batch_size, self.rng)
        self.validation = None if validation is None else self.validation_data(validation)
        self.passes, self.passes_in_use = KeptPasses(network, loss), KeptPasses(network, loss)
        self.callbacks = sorted(map(as_callback, callbacks), key=lambda callback: callback.comes_last)
        self.history, self.epoch = History(), 0

    def data(self, X, y):
        """X and y as arrays that go with the network and the loss."""
        X = self.network.welcome(X)
        xp, shape = self.network.xp, self.network.output_shape(X.shape)
        like_o = xp.broadcast_to(xp.zeros(1, dtype=X.dtype), shape)  # of o's shape, without its memory
        return X, self.loss.targets(y, self.loss.outputs(like_o))

    def validation_data(self, validation):
        try:
            X, y = validation
        except (TypeError, ValueError):
            raise TypeError(
                "validation is a pair of data that the network does not learn from: validation=(X, y)"
            ) from None
        return self.data(X, y)

    def stop(self, reason):
        """Make this epoch the last."""
        self.history.stopped = str(reason)

    # --- what the loop asks

    def start(self):
        if self.optimizer.theta is not self.network.theta:
            self.optimizer.reset()  # it may have trained another network before
        for callback in self.callbacks:
            callback.start(self)

    def goes_on(self):
        return self.epoch < self.epochs and self.history.stopped is None

    def finish_epoch(self, values):
        """One more entry for the history, and a word to the callbacks."""
        self.epoch += 1
        history, optimizer = self.history, self.optimizer
        history.loss.append(self.mean(values))
        history.steps.append(optimizer.k)
        history.eta.append(optimizer.last_eta)
        if self.regularizer is not None:
            history.penalty.append(_home(self.regularizer.value(self.network.weights)))
        if self.validation is not None:
            self.validate(*self.validation)
        for callback in self.callbacks:
            callback.epoch_end(self)

    def mean(self, values):
        """The mean loss of an epoch's steps, each weighted by its rows; Diverged, if it is not finite."""
        loss = values[-1] * self.batches.last_share
        if len(values) > 1:
            loss = loss + sum(values[:-1]) * self.batches.share
        loss = _home(loss)
        if not isfinite(loss if self.network.replicas is None else loss.dot(loss)):
            self.note_divergence(values)
        return loss

    def note_divergence(self, values):
        """Say at which step a loss was not finite first. A replica's is written down; it is an error when none is
        left.
        """
        history, first_k = self.history, self.optimizer.k - len(values)
        finite = np.isfinite(np.array([_home(value) for value in values]))
        if finite.all():
            return  # large, but not too large
        if self.network.replicas is None:
            self.diverge("the loss is no longer finite", first_k + int(np.argmin(finite)))
        for r in np.flatnonzero(~finite.all(axis=0)).tolist():
            history.diverged.setdefault(r, first_k + int(np.argmin(finite[:, r])))
        if len(history.diverged) == self.network.replicas:
            last = max(history.diverged.values())
            self.diverge("the loss of every replica is no longer finite, the last of them", last)

    def diverge(self, what, k):
        eta = self.optimizer.schedule(k)
        raise Diverged(what, k, float(eta if not hasattr(eta, "max") else eta.max()), self.epoch)

    def validate(self, X, y):
        passes = self.passes_in_use[X.shape]
        o = passes.forward(X, train=False)
        self.history.validation_loss.append(_home(self.loss.compute(o, y, passes.loss)[0]))
        if self.loss.right is not None:
            self.history.validation_accuracy.append(share_right(self.loss.right(o, y)))

    def finish(self):
        """A last look at θ, which no loss has seen since the last step; and a word to the callbacks."""
        network = self.network
        if self.epoch and network.replicas is None and not isfinite(float(network.theta.sum())):
            self.diverge("a parameter is no longer finite after the update", self.optimizer.k - 1)
        for callback in self.callbacks:
            callback.finish(self)


class KeptPasses(dict):
    """One Pass for each shape of a minibatch, made when the shape is first met: most epochs have two, the usual and
    the last.
    """

    def __init__(self, network, loss):
        self.network, self.loss = network, loss

    def __missing__(self, shape):
        passes = self[shape] = Pass(self.network)
        passes.loss = self.loss.Kept(self.network.xp, self.network.dtype)
        return passes


def _home(value):
    """A number as a float, an array of one for each replica as a NumPy array."""
    return to_cpu(value) if getattr(value, "ndim", 0) else float(value)


def _instance(value, name, kind, example):
    if not isinstance(value, kind):
        raise TypeError(f"{name} is {value!r}; it must be an instance of {kind.__name__}, as {example}")


def _above_0(value, name):
    value = number(value, name)
    if value <= 0:
        raise ValueError(f"{name} is {value:g}; it must be above 0")
    return value
