"""What every layer shares: a forward pass, the way back, and the arrays between the two.

A layer says its mathematics once, in two or three short methods:

    compute(X, kept, train) -> y            the forward pass; y is kept under that name, X is left alone
    gradient(d_y, kept) -> d_X              ∂ℓ/∂X, where d_y is ∂ℓ/∂y (and may be overwritten)
    parameter_gradients(d_y, kept)          ∂ℓ/∂W, ∂ℓ/∂b, …: written into the layer's d_W, d_b, …

and every result goes into `kept`, by a name and with `out=`. What is not there yet is None, and `out=None` means a
fresh array: so one text serves both uses. (Which names there are, the layer's class Kept says.) With a new Kept, each
result is fresh; this is what the public `forward` does. With one Kept for each shape, results are written where the
last ones were; this is what training does, and it saves half the time.
"""

import numpy as np

from course_lib.backend import array_module
from course_lib.checks import floats, floats_like


class Kept:
    """The arrays of one layer at one shape of its input; a layer's own class Kept adds names to `y`, its output.

    `xp` is the module in which they live, `one` and `zero` are numbers of their float type.

    >>> kept = Kept(np, np.float32)
    >>> for X in (np.ones(2), np.zeros(2)):
    ...     kept.y = np.exp(X, out=kept.y)       # fresh at first, then in the same place
    >>> kept.y
    array([1., 1.])
    """

    y = None

    def __init__(self, xp, dtype):
        self.xp = xp
        self.one, self.zero = self.number(1, dtype), self.number(0, dtype)

    def number(self, value, dtype):
        """A single number as an array of its own: it meets another array in half the time of a Python number."""
        return self.xp.asarray(value, dtype=dtype)


def quiet():
    """A context in which exp may run over to infinity without a warning: 1 / (1 + ∞) is 0, and right.

    >>> with quiet():
    ...     1 / (1 + np.exp(np.array([1000.])))
    array([0.])
    """
    return np.errstate(over="ignore")


def matrix_product(like):
    """product(A, B, out=) for arrays like this: `matmul` of stacks with replicas, else `dot`, which is twice as quick."""
    xp = array_module(like)
    return xp.ndarray.dot if like.ndim == 2 else xp.matmul


def as_row(b):
    """Biases (n,), or (R, n), in the shape in which they are added to every row. A single one is a number: that is
    quicker.
    """
    if b.ndim == 1:
        return b if b.shape[0] > 1 else b.reshape(())
    return b[:, None, :]


class HoldsViews:
    """Attributes that are views into larger arrays: `layer.W = values` writes into the view and does not replace it, because a
    new array would belong to no network."""

    views = frozenset()

    def __setattr__(self, name, value):
        if name not in self.views:
            super().__setattr__(name, value)
        elif value is not getattr(self, name):
            getattr(self, name)[...] = value

    def hold(self, **views):
        """Take these arrays as the views."""
        vars(self).update(views)
        super().__setattr__("views", self.views | views.keys())


class Layer(HoldsViews):
    """A layer as everybody sees it. What a subclass says is written at the top of this module."""

    Kept = Kept
    slots = ()  # the parameters and running statistics that it needs: see course_lib.parameters
    generators = None  # where random numbers come from, one generator for each replica
    replicas = None  # how many networks train at once; None for one without a replica axis
    network = None  # the network to which it belongs
    axes = None  # how many axes one example has: 1 for a row, 3 for an image, None for either
    _kept = None

    def forward(self, X, train=False):
        """y for this X, a fresh array. `train` says whether this is a step of training or a use of the layer."""
        X = self.welcome(X)
        self.output_shape(tuple(X.shape))
        xp = array_module(X)
        self._kept = self.Kept(xp, X.dtype)
        with quiet():
            # What backward needs must survive what the caller does to X and y; `+X` is a copy in every array module.
            self.compute(+X, self._kept, train)
        return self._kept.y + 0  # fresh, and a −0 becomes 0

    def backward(self, d_y):
        """∂ℓ/∂X from ∂ℓ/∂y, at the X of the last forward; ∂ℓ/∂W and ∂ℓ/∂b go into d_W and d_b, anew.

        Raises RuntimeError when no forward came before.
        """
        if self._kept is None:
            raise RuntimeError(
                f"{type(self).__name__}.backward needs the values of a forward pass: call forward(X) first"
            )
        y = self._kept.y
        (d_y,) = floats_like(y, d_y=d_y)
        if d_y.shape != y.shape:
            raise ValueError(
                f"d_y has shape {tuple(d_y.shape)}, the last forward returned shape {tuple(y.shape)}: "
                "∂ℓ/∂y has one number for each number of y"
            )
        self.parameter_gradients(d_y, self._kept)
        return self.gradient(+d_y, self._kept) + 0

    def welcome(self, X):
        """X as an array of the layer's float type, or a sentence why not."""
        if self.slots:
            (X,) = floats_like(self._first_parameter(), X=X)
        else:
            _, X = floats(X=X)
        return X

    def output_shape(self, shape):
        """The shape of y for an X of this shape; ValueError when the layer cannot take such an X."""
        return shape

    def bound(self):
        """Called when the layer has been given its parameters, for further views of them."""

    def parameter_gradients(self, d_y, kept):
        """Most layers have no parameters."""

    def build(self, rng=None, dtype=np.float32, replicas=None):
        """Give a layer that stands alone its parameters, drawn from `rng`; a Network does this for its own layers."""
        from course_lib.parameters import Parameters, generators

        Parameters([self], dtype, replicas).draw(generators(rng, replicas))
        return self

    def _first_parameter(self):
        value = getattr(self, self.slots[0].name, None)
        if value is None:
            raise RuntimeError(
                f"{self!r} has no parameters yet: put it into a Network, "
                "or call build(rng) on a layer that stands alone"
            )
        return value

    def __repr__(self):
        return f"{type(self).__name__}()"


class Pass:
    """The two passes of a network at one shape of X, into arrays that are kept: fresh in a new Pass, the same ones
    again in each further call. So the public passes make a new one each time, and training makes one for each
    shape.
    """

    def __init__(self, network):
        self.kept = [layer.Kept(network.xp, network.dtype) for layer in network.layers]
        self.way_there = list(zip(network.layers, self.kept))
        self.way_back = self.way_there[::-1]
        learns = [bool(layer.slots) for layer in network.layers]
        self.lowest = network.layers[learns.index(True)] if any(learns) else None

    @property
    def outputs(self):
        return self.kept[-1].y

    def forward(self, X, train):
        for layer, kept in self.way_there:
            X = layer.compute(X, kept, train)
        return X

    def backward(self, d_y, down_to_X=False):
        for layer, kept in self.way_back:
            if layer.slots:
                layer.parameter_gradients(d_y, kept)
                if layer is self.lowest and not down_to_X:
                    return None  # nothing below learns: no one needs ∂ℓ/∂X
            d_y = layer.gradient(d_y, kept)
        return d_y
