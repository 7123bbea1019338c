"""Data drawn on the spot."""

import numpy as np

from course_lib.checks import generator, number
from course_lib.data.rows import noisy

GATES = {
    "AND": (0, 0, 0, 1),
    "OR": (0, 1, 1, 1),
    "XOR": (0, 1, 1, 0),
    "NAND": (1, 1, 1, 0),
    "NOR": (1, 0, 0, 0),
    "XNOR": (1, 0, 0, 1),
}


def gate(name):
    """The four rows of a logic gate of two inputs: AND, OR, XOR, NAND, NOR or XNOR.

    >>> X, y = gate("XOR")
    >>> X.tolist(), y.tolist()
    ([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 1, 1, 0])
    """
    outputs = GATES.get(str(name).upper())
    if outputs is None:
        raise ValueError(f"there is no gate {name!r}; there are {', '.join(GATES)}")
    return np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]]), np.array(outputs)


def blobs(n, rng, *, classes=2, noise=0.5):
    """n points around `classes` centres, evenly placed on a circle of radius 2; `noise` is their standard deviation.

    >>> X, y = blobs(6, np.random.default_rng(0), classes=3)
    >>> X.shape, y.tolist()
    ((6, 2), [0, 0, 1, 1, 2, 2])
    """
    rng = generator(rng)
    y = _labels(n, classes)
    angle = 2 * np.pi * y / classes
    return noisy(2 * _on_circle(angle), noise, rng), y


def circles(n, rng, *, noise=0.1, inner=0.5):
    """A ring of class 0 with radius 1 around a ring of class 1 with radius `inner`."""
    rng = generator(rng)
    y = _labels(n, 2)
    radius = np.where(y == 0, 1, number(inner, "inner"))
    return noisy(radius[:, None] * _on_circle(rng.uniform(0, 2 * np.pi, n)), noise, rng), y


def moons(n, rng, *, noise=0.1):
    """Two half circles that reach into each other."""
    rng = generator(rng)
    y = _labels(n, 2)
    arc = _on_circle(rng.uniform(0, np.pi, n))
    return noisy(np.where(y[:, None] == 0, arc, [1, 0.5] - arc), noise, rng), y


def spirals(n, rng, *, classes=2, noise=0.05, turns=1.0):
    """`classes` arms that wind `turns` times around the origin, from radius .1 to 1."""
    rng = generator(rng)
    y = _labels(n, classes)
    along = rng.uniform(0, 1, n)
    angle = 2 * np.pi * (number(turns, "turns") * along + y / classes)
    return noisy((0.1 + 0.9 * along)[:, None] * _on_circle(angle), noise, rng), y


def regression_curve(n, rng, *, noise=0.1):
    """y = sin(2πx) + x + noise, x even at random on [0, 1]: X is (n, 1), y is (n,)."""
    rng = generator(rng)
    _check_n(n)
    X = rng.uniform(0, 1, (n, 1))
    return X, noisy(curve(X[:, 0]), noise, rng)


def curve(x):
    """What `regression_curve` is without noise: sin(2πx) + x."""
    return np.sin(2 * np.pi * x) + x


def _labels(n, classes):
    """n classes in order, as equally many of each as n allows."""
    _check_n(n)
    if not isinstance(classes, (int, np.integer)) or classes < 1:
        raise ValueError(f"classes is {classes!r}; it must be a whole number, 1 or larger")
    return np.arange(n) * classes // max(n, 1)


def _on_circle(angle):
    return np.stack([np.cos(angle), np.sin(angle)], axis=1)


def _check_n(n):
    if not isinstance(n, (int, np.integer)) or isinstance(n, bool) or n < 1:
        raise ValueError(f"n is {n!r}; the number of examples is a whole number, 1 or larger")
