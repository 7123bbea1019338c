"""Initializers: what the weights are before anything is learned.

Each is a function f(shape, rng) -> array of float64. `zeros`, `orthogonal`, `lecun_normal`, `glorot_uniform`,
`glorot_normal`, `he_uniform` and `he_normal` are such functions; `constant(c)`, `uniform(low, high)`, `normal(std)`
and `truncated_normal(std)` make one.

A dense layer's weights have shape (n_in, n_out), a convolution's (height, width, c_in, c_out). In general the
last axis counts the outputs and all before it what one output sums over:

    fan_in = n_in, or height · width · c_in        fan_out = n_out, or height · width · c_out

    name                    variance of a weight        keeps
    lecun_*                 1 / fan_in                  the size of a linear layer's outputs
    glorot_*                2 / (fan_in + fan_out)      a compromise between outputs and gradients
    he_*                    2 / fan_in                  the size of the outputs through ReLU, which halves them

What slides call "Xavier" with σ = 1/√n is the first; the paper's is the second. PyTorch's `nn.Linear` draws from
U(−1/√fan_in, 1/√fan_in), of variance 1 / (3 fan_in): `uniform(-fan_in**-.5, fan_in**-.5)`.

Sources: LeCun et al., Efficient BackProp (1998), §4.6; Glorot and Bengio (2010), eq. 12 and 16; He et al. (2015), eq.
10; Saxe et al. (2014) for orthogonal weights.
"""

from math import prod, sqrt

import numpy as np

from course_lib.checks import generator, number


def zeros(shape, rng=None):
    """All weights 0: right for biases; for weights every unit of a layer stays like every other.

    >>> zeros((2, 2))
    array([[0., 0.],
           [0., 0.]])
    """
    return np.zeros(_shape(shape))


def constant(c):
    """All weights c.

    >>> constant(1)((2,), None)
    array([1., 1.])
    """
    c = number(c, "c")
    return lambda shape, rng=None: np.full(_shape(shape), c)


def uniform(low, high):
    """Each weight anywhere from low to high: variance (high − low)² / 12.

    >>> f = uniform(-1, 1)
    >>> f((3, 2), np.random.default_rng(0)).shape
    (3, 2)
    """
    low, high = number(low, "low"), number(high, "high")
    if low > high:
        raise ValueError(f"uniform draws from low to high, but low is {low:g} and high is {high:g}")
    return lambda shape, rng: generator(rng).uniform(low, high, _shape(shape))


def normal(std):
    """Each weight from a normal distribution around 0 with standard deviation std (not variance: .01 gives .0001).

    >>> f = normal(.01)
    >>> bool(abs(f((1000,), np.random.default_rng(0)).std() - .01) < .001)
    True
    """
    std = _std(std)
    return lambda shape, rng: generator(rng).normal(0, std, _shape(shape))


def truncated_normal(std):
    """As `normal`, but what falls beyond two standard deviations is drawn again, so that no weight starts far out.

    `std` is that of the normal distribution before cutting; what is left has .880 of it.

    >>> f = truncated_normal(1)
    >>> bool(abs(f((1000,), np.random.default_rng(0))).max() <= 2)
    True
    """
    std = _std(std)

    def f(shape, rng):
        rng = generator(rng)
        values = rng.normal(0, 1, _shape(shape))
        while (far := np.abs(values) > 2).any():
            values[far] = rng.normal(0, 1, int(far.sum()))
        return std * values

    return f


def orthogonal(shape, rng, gain=1.0):
    """A matrix with QᵀQ = gain² · 1 or, where it has more columns than rows, QQᵀ = gain² · 1: it turns and mirrors, and
    stretches nothing. Drawn evenly among all such matrices (Mezzadri 2007: QR, with the signs of R's diagonal).

    >>> Q = orthogonal((4, 3), np.random.default_rng(0))
    >>> bool(np.allclose(Q.T @ Q, np.eye(3)))
    True
    """
    fan_in, n_out = prod(_matrix(shape)[:-1]), shape[-1]
    A = generator(rng).normal(size=(max(fan_in, n_out), min(fan_in, n_out)))
    Q, R = np.linalg.qr(A)
    Q *= np.where(np.diagonal(R) < 0, -1.0, 1.0)
    return gain * (Q if fan_in >= n_out else Q.T).reshape(shape)


def lecun_normal(shape, rng):
    """Normal, variance 1 / fan_in."""
    fan_in, _ = fans(shape)
    return normal(sqrt(1 / fan_in))(shape, rng)


def glorot_normal(shape, rng):
    """Normal, variance 2 / (fan_in + fan_out)."""
    return normal(sqrt(2 / sum(fans(shape))))(shape, rng)


def glorot_uniform(shape, rng):
    """Uniform up to ±√(6 / (fan_in + fan_out)), variance 2 / (fan_in + fan_out)."""
    a = sqrt(6 / sum(fans(shape)))
    return uniform(-a, a)(shape, rng)


def he_normal(shape, rng):
    """Normal, variance 2 / fan_in.

    >>> W = he_normal((512, 4096), np.random.default_rng(0))
    >>> round(float(W.var()), 5), round(2 / 512, 5)
    (0.00391, 0.00391)
    """
    fan_in, _ = fans(shape)
    return normal(sqrt(2 / fan_in))(shape, rng)


def he_uniform(shape, rng):
    """Uniform up to ±√(6 / fan_in), variance 2 / fan_in."""
    fan_in, _ = fans(shape)
    a = sqrt(6 / fan_in)
    return uniform(-a, a)(shape, rng)


def fans(shape):
    """fan_in and fan_out of weights of this shape: how many numbers go into one output, and how many outputs one
    input feeds.

    >>> fans((64, 128)), fans((3, 3, 16, 32))
    ((64, 128), (144, 288))
    """
    *window, n_in, n_out = _matrix(shape)
    return prod(window) * n_in, prod(window) * n_out


def _shape(shape):
    try:
        shape = (int(shape),) if isinstance(shape, (int, np.integer)) else tuple(int(n) for n in shape)
    except (TypeError, ValueError):
        raise TypeError(f"shape is {shape!r}; it needs whole numbers, as in (3, 2)") from None
    if min(shape, default=1) < 0:
        raise ValueError(f"shape is {shape}; a size is 0 or larger")
    return shape


def _matrix(shape):
    shape = _shape(shape)
    if len(shape) < 2 or 0 in shape:
        raise ValueError(
            f"shape is {shape}; weights that are scaled by their connections need (n_in, n_out), both 1 or larger"
        )
    return shape


def _std(std):
    std = number(std, "std")
    if std < 0:
        raise ValueError(f"std is {std:g}; a standard deviation is 0 or larger")
    return std
