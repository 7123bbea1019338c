"""fit: stochastic gradient descent on minibatches."""

import numpy as np

from course_lib.backend import array_module
from course_lib.passes import quiet
from course_lib.training.run import Run


def fit(network, loss, X, y, optimizer, *, epochs, batch_size=None, rng=None, validation=None,
        regularizer=None, clip=None, callbacks=()):
    """Train the network, in place: `epochs` times over all rows, in minibatches of `batch_size` (all rows if None).

    X is (N, D) and y goes with the loss; with replicas they are shared, or X (R, N, D) and y (R, N, …). `rng`, a
    generator or a seed, gives the order of the rows. `validation=(X, y)` are data that the run reports on but does
    not learn from. `regularizer` acts on the weights. `clip` is the largest length that a gradient may have (of each
    replica): longer ones are shortened. `callbacks` are functions of the Run, or Callbacks, called after every epoch.

    Returns a History. Raises Diverged, with the step, the rate and what to try, when the loss is no longer finite;
    with replicas the others go on, and only when all have diverged the run stops. Raises ValueError and TypeError for
    what does not fit.

    Source: the lectures' Algorithm 2 (Goodfellow, Bengio and Courville, Deep Learning, 2016, algorithm 8.1).

    >>> from course_lib.network import mlp
    >>> from course_lib.losses import SigmoidCrossEntropy
    >>> from course_lib.optimizers import Adam
    >>> X, y = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
    >>> network = mlp([2, 8, 1], hidden="tanh", rng=0)
    >>> history = fit(network, SigmoidCrossEntropy(), X, y, Adam(.05), epochs=200)
    >>> (network.predict(X)[:, 0] > 0).astype(int)
    array([0, 1, 1, 0])
    """
    run = Run(network, loss, X, y, optimizer, epochs, batch_size, rng, validation, regularizer, clip, callbacks)
    theta, grad = network.theta, network.grad
    with quiet(), np.errstate(invalid="ignore"):
        run.start()
        while run.goes_on():
            values = []
            for X_b, y_b in run.batches.epoch():
                passes = run.passes[X_b.shape]  # its arrays are kept from the last minibatch of this shape
                o = passes.forward(X_b, train=True)
                value, d_o = loss.compute(o, y_b, passes.loss)
                passes.backward(d_o)
                if regularizer is not None:
                    regularizer.add_gradient(network.weights, network.d_weights)
                if clip is not None:
                    shorten(grad, clip)
                optimizer.step(theta, grad)  # θ ← θ − η ĝ
                if regularizer is not None:
                    regularizer.after_step(network.weights, optimizer.last_rate)
                values.append(value)
            run.finish_epoch(values)
        run.finish()
    return run.history


def shorten(grad, longest):
    """g ← g · min(1, longest / ‖g‖), in place, for each replica: a long gradient keeps its direction (Pascanu et al.
    2013).

    >>> g = np.array([3., 4.])
    >>> shorten(g, 1)
    >>> g
    array([0.6, 0.8])
    """
    xp = array_module(grad)
    length = xp.sqrt(xp.sum(grad * grad, axis=-1, keepdims=True))
    grad *= longest / xp.maximum(length, longest)
