"""Activations: what a neuron does with its weighted sum.

Each is a layer of its own, with the layers' contract:

    y   = activation.forward(X)       a fresh array of X's shape
    d_X = activation.backward(d_y)    ∂ℓ/∂X from ∂ℓ/∂y, at the X of the last forward

X is (N, D), one example per row and its features along the last axis; any axes before them, such as
replicas (R, N, D), are carried along. float32 gives float32, everything else float64. Both methods
take lists, raise TypeError for what is not a real number, and ValueError for NaN, infinity and wrong shapes.
"""

from course_lib.backend import array_module
from course_lib.checks import floats, floats_like, number


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


class Activation:
    """What all activations share. A subclass says two things:

    compute(xp, X) -> (y, kept)        the formula, and the array that its derivative needs
    gradient(xp, d_y, kept) -> d_X     ∂ℓ/∂X = ∂ℓ/∂y · ∂y/∂X

    Nothing here branches on the device: xp is NumPy or CuPy, wherever X lives.
    """

    _kept = None

    def forward(self, X, train=False):
        """y for this X, a fresh array. `train` is the layers' argument; an activation does the same either way."""
        xp, X = floats(X=X)
        y, self._kept = self.compute(xp, X)
        # What backward needs must survive whatever the caller does to y: `+y` is a copy in every array module.
        return +y if y is self._kept else y

    def backward(self, d_y):
        """∂ℓ/∂X from ∂ℓ/∂y, both of the last X's shape. Raises RuntimeError when no forward came before."""
        if self._kept is None:
            raise RuntimeError(
                f"{type(self).__name__}.backward needs the values of a forward pass: call forward(X) first"
            )
        (d_y,) = floats_like(self._kept, d_y=d_y)
        if d_y.shape != self._kept.shape:
            raise ValueError(
                f"d_y has shape {tuple(d_y.shape)}, the last forward returned shape {tuple(self._kept.shape)}: "
                "∂ℓ/∂y has one number for each number of y"
            )
        return self.gradient(array_module(d_y), d_y, self._kept)

    def __repr__(self):
        return f"{type(self).__name__}()"


class Identity(Activation):
    """y = X, and ∂y/∂X = 1: the output of a regression.

    >>> Identity().forward([[-2, 3]])
    array([[-2.,  3.]])
    """

    def compute(self, xp, X):
        return +X, X

    def gradient(self, xp, d_y, X):
        return +d_y


class Sigmoid(Activation):
    """y = σ(X) = 1 / (1 + exp(−X)), and ∂y/∂X = y (1 − y): at most ¼, at X = 0.

    >>> layer = Sigmoid()
    >>> layer.forward([[-.5, .5]]).round(2)
    array([[0.38, 0.62]])
    >>> layer.backward([[1, 1]]).round(3)
    array([[0.235, 0.235]])
    """

    def compute(self, xp, X):
        y = stable_sigmoid(xp, X)
        return y, y

    def gradient(self, xp, d_y, y):
        return d_y * (y * (1 - y))


class Tanh(Activation):
    """y = tanh(X) = 2σ(2X) − 1, and ∂y/∂X = 1 − y²: at most 1, at X = 0. A sigmoid centred on 0.

    >>> Tanh().forward([[0, 1000]])
    array([[0., 1.]])
    """

    def compute(self, xp, X):
        y = xp.tanh(X)
        return y, y

    def gradient(self, xp, d_y, y):
        return d_y * (1 - y * y)


class ReLU(Activation):
    """y = max(X, 0), and ∂y/∂X = 1 where X > 0, else 0.

    At X = 0 there is a kink, and any slope in [0, 1] would do; here it is 0.

    >>> ReLU().forward([[-2, 3]])
    array([[0., 3.]])
    """

    def compute(self, xp, X):
        return xp.where(X > 0, X, xp.zeros_like(X)), _slope(xp, X, 0)

    def gradient(self, xp, d_y, slope):
        return d_y * slope


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

    def compute(self, xp, X):
        return xp.where(X > 0, X, self.slope * X), _slope(xp, X, self.slope)

    def gradient(self, xp, d_y, slope):
        return d_y * slope

    def __repr__(self):
        return f"LeakyReLU(slope={self.slope:g})"


def _slope(xp, X, below):
    """1 where X > 0, else `below`."""
    ones = xp.ones_like(X)
    return xp.where(X > 0, ones, below * ones)


class Step(Activation):
    """y = [X ≥ 0], 1 or 0: the neuron that fires or does not.

    ∂y/∂X is 0 wherever it exists, and at X = 0 it does not: `backward` returns zeros. A neuron with
    this activation cannot learn by following slopes, which is why the sigmoid took its place.

    >>> Step().forward([[-.5, 0, .5]])
    array([[0., 1., 1.]])
    """

    def compute(self, xp, X):
        return xp.asarray(X >= 0, dtype=X.dtype), X

    def gradient(self, xp, d_y, X):
        return xp.zeros_like(d_y)


class Softmax(Activation):
    """y_k = exp(X_k) / Σ_j exp(X_j) over the last axis: probabilities that sum to 1.

    Subtracting the largest X of each row changes no y and keeps exp from overflowing. Every y depends on
    every X of its row: ∂ℓ/∂X_k = y_k (∂ℓ/∂y_k − Σ_j y_j ∂ℓ/∂y_j).

    >>> Softmax().forward([[0, 0], [1000, -1000]])
    array([[0.5, 0.5],
           [1. , 0. ]])
    """

    def compute(self, xp, X):
        if X.ndim == 0 or X.shape[-1] == 0:
            raise ValueError(f"X has shape {tuple(X.shape)}; a softmax needs at least one number in each row")
        e = xp.exp(X - xp.max(X, axis=-1, keepdims=True))
        y = e / xp.sum(e, axis=-1, keepdims=True)
        return y, y

    def gradient(self, xp, d_y, y):
        return y * (d_y - xp.sum(y * d_y, axis=-1, keepdims=True))
