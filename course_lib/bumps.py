"""One hidden layer can draw any curve: Cybenko's construction, built by hand and not learned.

Two steep sigmoids, one up at the left end of an interval and one down at its right end, are 1 inside and 0 outside. As
many such bumps as there are intervals, each as high as the curve in the middle of its interval, add up to the curve:

    f(x) ≈ Σ_i f(m_i) · (σ(k (x − a_i)) − σ(k (x − b_i))),  interval i from a_i to b_i, with middle m_i

It says that a network exists, not that training finds it.  (S4 65-87; Cybenko, Approximation by superpositions of a
sigmoidal function, 1989)
"""

import numpy as np

from course_lib.checks import floats, number, whole
from course_lib.network import mlp


def bump(x, a, b, k):
    """σ(k (x − a)) − σ(k (x − b)): nearly 1 between a and b, nearly 0 outside; the steeper, the larger k.

    >>> [round(float(bump(2.5, 2, 3, k)), 4) for k in (5, 20)]
    [0.8483, 0.9999]
    """
    from course_lib.activations import sigmoid

    _, x = floats(x=x)
    return sigmoid(k * (x - a)) - sigmoid(k * (x - b))


def bump_network(f, low, high, bins, *, steepness=20):
    """A network 1-(2·bins)-1 of sigmoids, in float64, whose output is the sum of bumps for the function f on [low, high].

    f takes an array. k = steepness / width of an interval. The first and the last interval have no outer edge (theirs
    lie ten widths away), so that the curve does not fall off at the ends.

    >>> network = bump_network(np.sin, 0, 3, bins=40)
    >>> x = np.linspace(0, 3, 7)[:, None]
    >>> bool(abs(network.predict(x) - np.sin(x)).max() < .04)
    True
    """
    low, high, bins = number(low, "low"), number(high, "high"), whole(bins, "bins")
    if not low < high:
        raise ValueError(f"the curve is drawn from low to high, but low is {low:g} and high is {high:g}")
    width = (high - low) / bins
    edges = low + width * np.arange(bins + 1)
    heights = np.asarray(f((edges[:-1] + edges[1:]) / 2), dtype=float)
    a, b = edges[:-1].copy(), edges[1:].copy()
    a[0] -= 10 * width
    b[-1] += 10 * width
    network = mlp([1, 2 * bins, 1], hidden="sigmoid", rng=0, dtype=np.float64)
    hidden, _, out = network.layers
    k = number(steepness, "steepness") / width
    hidden.W[:], hidden.b[:] = k, -k * np.concatenate([a, b])
    out.W[:, 0], out.b[:] = np.concatenate([heights, -heights]), 0
    return network
