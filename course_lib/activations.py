"""Activations: what a neuron does with its weighted sum.

Each is a layer of its own, with the layers' contract:

    y   = activation.forward(X)       a fresh array of X's shape
    d_X = activation.backward(d_y)    ∂ℓ/∂X from ∂ℓ/∂y, at the X of the last forward

X is (N, D), one example per row and its features along the last axis; any axes before them, such as
replicas (R, N, D), are carried along. float32 gives float32, everything else float64. Both methods
take lists, raise TypeError for what is not a real number, and ValueError for NaN, infinity and wrong shapes.
"""

from copy import copy

from course_lib.checks import floats, number
from course_lib.passes import Kept, Layer


def sigmoid(h):
    """σ(h) = 1 / (1 + exp(−h)), elementwise; σ(−∞) = 0, σ(0) = ½, σ(∞) = 1.

    For h = −1000 the textbook line overflows in exp(1000). Multiplying above and below by exp(h) gives
    exp(h) / (1 + exp(h)), the same number; so each sign gets the form whose exp stays below 1, and
    tiny probabilities keep all their digits.

    Returns an array of h's shape (a number for a number). Raises as the module says.

    >>> sigmoid([-1000, -.5, 0, 1000]).round(2)
    array([0.  , 0.38, 0.5 , 1.  ])
    """
    xp, h = floats(h=h, finite=False)
    return stable_sigmoid(xp, h)


def stable_sigmoid(xp, h):
    """sigmoid for an array that has passed the door already."""
    e = xp.exp(-xp.abs(h))
    return xp.where(h >= 0, 1 / (1 + e), e / (1 + e))


class Activation(Layer):
    """A layer without parameters, whose y has X's shape. A subclass says two things:

    compute(X, kept, train) -> y    the formula
    gradient(d_y, kept) -> d_X      ∂ℓ/∂X = ∂ℓ/∂y · ∂y/∂X, written over d_y
    """

    class Kept(Kept):
        slope = None  # ∂y/∂X


class Identity(Activation):
    """y = X, and ∂y/∂X = 1: the output of a regression.

    >>> Identity().forward([[-2, 3]])
    array([[-2.,  3.]])
    """

    def compute(self, X, kept, train=False):
        kept.y = X
        return X

    def gradient(self, d_y, kept):
        return d_y


class Sigmoid(Activation):
    """y = σ(X) = 1 / (1 + exp(−X)), and ∂y/∂X = y (1 − y): at most ¼, at X = 0.

    Where exp(−X) is too large to be written down it becomes ∞, and y = 1/∞ = 0, as it should.

    >>> layer = Sigmoid()
    >>> layer.forward([[-.5, .5]]).round(2)
    array([[0.38, 0.62]])
    >>> layer.backward([[1, 1]]).round(3)
    array([[0.235, 0.235]])
    """

    def compute(self, X, kept, train=False):
        xp = kept.xp
        y = kept.y = xp.negative(X, out=kept.y)
        xp.exp(y, out=y)
        y += kept.one
        return xp.reciprocal(y, out=y)

    def gradient(self, d_y, kept):
        slope = kept.slope = kept.xp.subtract(kept.one, kept.y, out=kept.slope)
        slope *= kept.y
        d_y *= slope
        return d_y


class Tanh(Activation):
    """y = tanh(X) = 2σ(2X) − 1, and ∂y/∂X = 1 − y²: at most 1, at X = 0. A sigmoid centred on 0.

    >>> Tanh().forward([[0, 1000]])
    array([[0., 1.]])
    """

    def compute(self, X, kept, train=False):
        kept.y = kept.xp.tanh(X, out=kept.y)
        return kept.y

    def gradient(self, d_y, kept):
        slope = kept.slope = kept.xp.multiply(kept.y, kept.y, out=kept.slope)
        kept.xp.subtract(kept.one, slope, out=slope)
        d_y *= slope
        return d_y


class ReLU(Activation):
    """y = max(X, 0), and ∂y/∂X = 1 where X > 0, else 0; so y = X · ∂y/∂X too, which is how it is computed.

    At X = 0 there is a kink, and any slope in [0, 1] would do; here it is 0.

    >>> ReLU().forward([[-2, 3]])
    array([[0., 3.]])
    """

    def compute(self, X, kept, train=False):
        slope = is_positive(X, kept)
        kept.y = kept.xp.multiply(X, slope, out=kept.y)
        return kept.y

    def gradient(self, d_y, kept):
        d_y *= kept.slope
        return d_y


class LeakyReLU(Activation):
    """y = X where X > 0, else slope · X, so that a unit that is off still learns; 0 ≤ slope ≤ 1.

    ∂y/∂X is 1 or `slope`; at the kink, X = 0, it is `slope`.

    >>> LeakyReLU(slope=.1).forward([[-2, 3]])
    array([[-0.2,  3. ]])
    """

    def __init__(self, *, slope=.01):
        self.slope = number(slope, "slope")
        if not 0 <= self.slope <= 1:
            raise ValueError(f"slope is {self.slope:g}; a leaky ReLU needs a slope from 0 (a ReLU) to 1 (the identity)")

    def compute(self, X, kept, train=False):
        slope = is_positive(X, kept)
        slope *= 1 - self.slope
        slope += self.slope
        kept.y = kept.xp.multiply(X, slope, out=kept.y)
        return kept.y

    def gradient(self, d_y, kept):
        d_y *= kept.slope
        return d_y

    def __repr__(self):
        return f"LeakyReLU(slope={self.slope:g})"


def is_positive(X, kept):
    """1 where X > 0, else 0, kept as the slope. As floats: a product is faster than a choice by booleans."""
    if kept.slope is None:
        kept.slope = kept.xp.empty_like(X)
    return kept.xp.greater(X, kept.zero, out=kept.slope)


class Step(Activation):
    """y = [X ≥ 0], 1 or 0: the neuron that fires or does not.

    ∂y/∂X is 0 wherever it exists, and at X = 0 it does not: `backward` returns zeros. A neuron with
    this activation cannot learn by following slopes, which is why the sigmoid took its place.

    >>> Step().forward([[-.5, 0, .5]])
    array([[0., 1., 1.]])
    """

    def compute(self, X, kept, train=False):
        kept.y = kept.xp.asarray(X >= 0, dtype=X.dtype)
        return kept.y

    def gradient(self, d_y, kept):
        d_y *= 0
        return d_y


class Softmax(Activation):
    """y_k = exp(X_k) / Σ_j exp(X_j) over the last axis: probabilities that sum to 1.

    Subtracting the largest X of each row changes no y and keeps exp from overflowing. Every y depends on
    every X of its row: ∂ℓ/∂X_k = y_k (∂ℓ/∂y_k − Σ_j y_j ∂ℓ/∂y_j).

    >>> Softmax().forward([[0, 0], [1000, -1000]])
    array([[0.5, 0.5],
           [1. , 0. ]])
    """

    def output_shape(self, shape):
        if len(shape) == 0 or shape[-1] == 0:
            raise ValueError(f"X has shape {shape}; a softmax needs at least one number in each row")
        return shape

    def compute(self, X, kept, train=False):
        xp = kept.xp
        y = kept.y = xp.subtract(X, xp.max(X, axis=-1, keepdims=True), out=kept.y)
        xp.exp(y, out=y)
        y /= xp.sum(y, axis=-1, keepdims=True)
        return y

    def gradient(self, d_y, kept):
        xp, y = kept.xp, kept.y
        d_y -= xp.sum(y * d_y, axis=-1, keepdims=True)
        d_y *= y
        return d_y


NAMES = {name.__name__.lower(): name for name in (Identity, Sigmoid, Tanh, ReLU, LeakyReLU, Step, Softmax)}


def activation(which):
    """An activation by its name, its class or an instance (of which a new one like it is made); None is the identity.

    >>> activation("relu"), activation(LeakyReLU(slope=.2)), activation(None)
    (ReLU(), LeakyReLU(slope=0.2), Identity())
    """
    if which is None:
        return Identity()
    if isinstance(which, str) and which.lower() in NAMES:
        return NAMES[which.lower()]()
    if isinstance(which, Activation):
        return copy(which)
    if isinstance(which, type) and issubclass(which, Activation):
        return which()
    raise ValueError(
        f"{which!r} is no activation that the course knows; it knows {', '.join(NAMES)}, by name or as a class"
    )
