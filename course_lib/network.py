"""A network: layers one after the other, all their parameters in one vector θ, all gradients in another.

    o = network.forward(X, train=True)         what the network says, and what the way back needs
    d_o = loss.gradient(o, y)
    network.backward(d_o)                      ∂ℓ/∂θ into network.grad
    optimizer.step(network.theta, network.grad)
"""

import json
from copy import copy, deepcopy
from pathlib import Path

import numpy as np

from course_lib import backend
from course_lib.activations import activation
from course_lib.backend import array_module, to_cpu
from course_lib.checks import floats_like, whole
from course_lib.initializers import glorot_uniform, he_normal
from course_lib.layers import Dense
from course_lib.parameters import STATE, Parameters, generators
from course_lib.passes import HoldsViews, Layer, Pass, quiet


class Network(HoldsViews):
    """Layers one after the other.

    theta, grad           all parameters and gradients: (P,), with replicas (R, P); weights first, then biases, γ and β
    weights, d_weights    the part of each that a regularizer takes: views
    state                 running statistics of batch normalization, in a vector of their own
    layers                the layers; layer.W, layer.d_W, layer.b, … are views into the vectors

    `rng` (a generator or a seed) draws the first weights, then dropout's masks. `replicas=R` makes R networks that
    train in one call; replica r draws from rng.spawn(R)[r] and equals the single network with that generator. X is
    (N, D) for all of them, or (R, N, D) with one for each; outputs are (R, N, K).

    >>> network = Network(Dense(2, 3), activation("sigmoid"), Dense(3, 1), rng=0)
    >>> network.theta.shape, network.weights.shape
    ((13,), (9,))
    >>> network.forward([[0, 1], [1, 1]]).shape
    (2, 1)
    """

    def __init__(self, *layers, rng=None, dtype=np.float32, replicas=None):
        for layer in layers:
            if not isinstance(layer, Layer):
                raise TypeError(f"a network is made of layers; {layer!r} is none (write Dense(2, 3), an instance)")
            if getattr(layer, "network", None) is not None:
                raise ValueError(f"{layer!r} belongs to a network already: a layer has one place, so make a new one")
        if not layers:
            raise ValueError("a network needs at least one layer")
        if len(set(map(id, layers))) < len(layers):
            raise ValueError("the same layer stands in two places: make one for each, as in Dense(4, 4), Dense(4, 4)")
        _check_sizes(layers)
        self.layers, self.replicas = layers, None if replicas is None else whole(replicas, "replicas")
        self.generators = generators(rng, self.replicas)
        parameters = Parameters(layers, _float_type(dtype), self.replicas)
        parameters.draw(self.generators)
        self._adopt(parameters)

    def _adopt(self, parameters):
        self._parameters, n = parameters, parameters.n_weights
        self.hold(theta=parameters.theta, grad=parameters.grad, state=parameters.state)
        self.hold(weights=self.theta[..., :n], d_weights=self.grad[..., :n])
        self.xp = array_module(self.theta)
        self._last = None
        for layer in self.layers:
            layer.network, layer.generators = self, self.generators

    @property
    def dtype(self):
        return self.theta.dtype

    # --- the two passes

    def forward(self, X, train=False):
        """The outputs o for X, a fresh array: (N, K), with replicas (R, N, K). What backward needs is kept."""
        X = self.welcome(X)
        self._last = Pass(self)
        with quiet():
            return self._last.forward(+X, train) + 0

    def backward(self, d_o):
        """∂ℓ/∂θ into `grad`, anew, from ∂ℓ/∂o at the X of the last forward. Returns ∂ℓ/∂X."""
        if self._last is None:
            raise RuntimeError("Network.backward needs the values of a forward pass: call forward(X) first")
        (d_o,) = floats_like(self.theta, d_o=d_o)
        o = self._last.outputs
        if d_o.shape != o.shape:
            raise ValueError(
                f"d_o has shape {tuple(d_o.shape)}, the last forward returned shape {tuple(o.shape)}: "
                "∂ℓ/∂o has one number for each number of o"
            )
        return self._last.backward(+d_o, down_to_X=True) + 0

    def predict(self, X):
        """The outputs o for X in use: no dropout, running statistics, and nothing of the network changes, so that
        several threads may ask at once.
        """
        X = self.welcome(X)
        with quiet():
            return Pass(self).forward(X, train=False) + 0

    def activations(self):
        """The output of every layer in the last `forward`, in order: fresh arrays."""
        if self._last is None:
            raise RuntimeError("Network.activations shows the last forward pass: call forward(X) first")
        return [kept.y + 0 for kept in self._last.kept]

    def welcome(self, X):
        """X as an array of the network's float type and of a shape that it can take, or a sentence why not."""
        (X,) = floats_like(self.theta, X=X)
        self.output_shape(X.shape)
        return X

    def output_shape(self, shape):
        """The shape of o for an X of this shape; ValueError when the network cannot take it."""
        shape = tuple(shape)
        axes = next((layer.axes for layer in self.layers if layer.axes), None)
        if axes is not None and len(shape) != axes + 1 and not (self.replicas and len(shape) == axes + 2):
            rows = "(N, D), one example per row" if axes == 1 else "(N, height, width, channels)"
            more = f", or that with an axis of {self.replicas} replicas before" if self.replicas else ""
            raise ValueError(f"X has shape {shape}; the network takes {rows}{more}")
        if self.replicas and len(shape) % 2 == 1 and shape[0] != self.replicas:
            raise ValueError(
                f"X has shape {shape}, but the network has {self.replicas} replicas: one X for each, or one for all"
            )
        if 0 in shape:
            raise ValueError(f"X has shape {shape}: it needs at least one row and one column")
        lead = (self.replicas,) if self.replicas and len(shape) % 2 == 0 else ()
        for place, layer in enumerate(self.layers):
            try:
                shape = layer.output_shape(shape)
            except ValueError as error:
                raise ValueError(_name_the_layer(str(error), place, layer)) from None
        return lead + shape

    # --- copies: another float type, another place, a file

    def astype(self, dtype):
        """A network of its own with the same numbers in another float type, and the same random numbers to come."""
        dtype = _float_type(dtype)
        return self._copy(lambda a: self.xp.asarray(a, dtype=dtype) + 0)

    def to_gpu(self):
        """A network of its own with the same numbers, on the graphics card; RuntimeError where there is none."""
        return self._copy(lambda a: backend.to_gpu(a) + 0)

    def to_cpu(self):
        """A network of its own with the same numbers, in the computer's memory."""
        return self._copy(lambda a: to_cpu(a) + 0)

    def _copy(self, move):
        new = copy(self)
        new.layers = tuple(copy(layer) for layer in self.layers)
        new.generators = deepcopy(self.generators)
        parameters = copy(self._parameters)
        parameters.replace_layers(new.layers)
        parameters.bind(move(self.theta), move(self.grad), move(self.state))
        new._adopt(parameters)
        return new

    def __deepcopy__(self, memo):
        return self._copy(lambda a: a + 0)

    def save(self, path):
        """Write θ and the running statistics into a file (NumPy's .npz, no code inside)."""
        with open(_npz(path), "wb") as file:
            np.savez(file, theta=to_cpu(self.theta), state=to_cpu(self.state), layers=np.array(self.description()))

    def load(self, path):
        """Read what `save` wrote, into this network, which must have the same layers. Returns the network."""
        try:
            with np.load(_npz(path), allow_pickle=False) as file:
                theta, state, layers = file["theta"], file["state"], str(file["layers"])
        except (KeyError, OSError, ValueError) as error:
            raise ValueError(f"{_npz(path)} is no file that Network.save wrote: {error}") from error
        self.check_same(layers, theta)
        self.theta[...], self.state[...] = (self.xp.asarray(a, dtype=self.dtype) for a in (theta, state))
        return self

    def check_same(self, layers, theta):
        """Refuse numbers that were saved from a network of other layers or replicas."""
        if layers != self.description() or theta.shape != self.theta.shape:
            raise ValueError(
                f"the file holds {', '.join(json.loads(layers))} with θ of shape {theta.shape}; "
                f"this network is {', '.join(map(repr, self.layers))} with θ of shape {tuple(self.theta.shape)}: "
                "build the same network first"
            )

    def description(self):
        """The layers in words, by which a file says to which network its numbers belong."""
        return json.dumps([repr(layer) for layer in self.layers])

    def __repr__(self):
        inside = ", ".join(map(repr, self.layers))
        return f"Network({inside}{'' if self.replicas is None else f', replicas={self.replicas}'})"


def mlp(sizes, *, hidden="relu", output=None, init=None, rng=None, dtype=np.float32, replicas=None):
    """A multilayer perceptron: dense layers of these sizes, `hidden` activations between them and `output` at the end.

    Activations are names ("relu", "tanh", …), classes or instances; output=None leaves the numbers as they are, which
    the losses "from logits" and a regression want. `init` draws the weights; if not given, He's normal for ReLU and
    LeakyReLU, Glorot's uniform for others. The rest is the Network's.

    >>> mlp([2, 3, 1], hidden="sigmoid", output="sigmoid", rng=0)
    Network(Dense(2, 3), Sigmoid(), Dense(3, 1), Sigmoid())
    """
    sizes = [whole(size, "a size") for size in sizes]
    if len(sizes) < 2:
        raise ValueError(f"sizes is {sizes}; it needs the number of inputs and of outputs at least, as in [2, 3, 1]")
    if init is None:
        init = he_normal if "ReLU" in repr(activation(hidden)) else glorot_uniform
    layers = []
    for n_in, n_out in zip(sizes, sizes[1:]):
        layers += [Dense(n_in, n_out, init=init), activation(hidden)]
    layers[-1:] = [] if output is None else [activation(output)]
    return Network(*layers, rng=rng, dtype=dtype, replicas=replicas)


def _name_the_layer(sentence, place, layer):
    """A layer's own sentence, "X has 3 columns, Dense(2, 1) expects 2", with the place of the layer in the network."""
    if place == 0:
        return sentence.replace(repr(layer), f"the first layer, {layer!r},", 1)
    return sentence.replace("X has", f"the input of layer {place + 1} has", 1)


def _check_sizes(layers):
    """Refuse neighbours whose sizes do not fit, where that can be known without an X."""
    n, before = None, None
    for layer in layers:
        n_in = getattr(layer, "n_in", None)
        if n is not None and n_in is not None and n != n_in:
            raise ValueError(f"{before!r} gives {n} numbers for each example, but {layer!r} after it expects {n_in}")
        if n_in is not None:
            n, before = layer.n_out, layer
        elif type(layer).__name__ == "Flatten":
            n = None


def _float_type(dtype):
    dtype = np.dtype(dtype)
    if dtype not in (np.float32, np.float64):
        raise ValueError(f"dtype is {dtype}; a network computes in float32 or float64")
    return dtype


def _npz(path):
    path = Path(path)
    return path if path.suffix == ".npz" else path.with_name(path.name + ".npz")
