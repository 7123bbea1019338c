"""Schedules: how the learning rate changes from step to step.

A schedule is a function, eta = schedule(k), of the number k of updates already made: k = 0 first. It takes the place of
a number in any optimizer, as in SGD(linear(.1, .001, tau=1000)). Rates may be arrays, (R, 1) for R replicas.

Robbins and Monro (1951): for a convex problem with noisy gradients Σ η_k = ∞ and Σ η_k² < ∞ suffice to arrive;
`inverse` fulfils both, `constant` not the second. (One of the slides has ∞ twice, which is a misprint.)
"""

from math import cos, pi

from course_lib.checks import floats, number, whole


def constant(eta):
    """η_k = η.

    >>> constant(.1)(1000)
    0.1
    """
    eta = _rate(eta, "eta")
    return lambda k: eta


def linear(eta_0, eta_tau, tau):
    """η_k = (1 − α) η_0 + α η_τ with α = min(k/τ, 1): down in a line until step τ, then level.

    Without the minimum the rate would go on falling, below zero, and the updates would climb.

    >>> eta = linear(.1, .001, tau=100)
    >>> eta(0), round(eta(50), 4), round(eta(150), 4)
    (0.1, 0.0505, 0.001)
    """
    eta_0, eta_tau, tau = _rate(eta_0, "eta_0"), _rate(eta_tau, "eta_tau"), _positive(tau, "tau")

    def eta(k):
        alpha = min(k / tau, 1)
        return (1 - alpha) * eta_0 + alpha * eta_tau

    return eta


def inverse(eta_0, decay=1.0):
    """η_k = η_0 / (1 + decay · k): with decay = 1 it is η_0, η_0/2, η_0/3, …

    >>> [round(inverse(1)(k), 2) for k in range(3)]
    [1.0, 0.5, 0.33]
    """
    eta_0, decay = _rate(eta_0, "eta_0"), _positive(decay, "decay", zero=True)
    return lambda k: eta_0 / (1 + decay * k)


def step_decay(eta_0, factor, every):
    """η_k = η_0 · factor^⌊k / every⌋: a stair.

    >>> [step_decay(1, .5, every=10)(k) for k in (0, 9, 10, 20)]
    [1.0, 1.0, 0.5, 0.25]
    """
    eta_0, factor, every = _rate(eta_0, "eta_0"), _positive(factor, "factor"), whole(every, "every")
    return lambda k: eta_0 * factor ** (k // every)


def exponential(eta_0, factor):
    """η_k = η_0 · factor^k: the same percentage off at each step.

    >>> exponential(1, .5)(3)
    0.125
    """
    eta_0, factor = _rate(eta_0, "eta_0"), _positive(factor, "factor")
    return lambda k: eta_0 * factor**k


def cosine(eta_0, eta_tau, tau):
    """η_k = η_τ + ½ (η_0 − η_τ)(1 + cos(π min(k/τ, 1))): slowly, then fast, then slowly down until step τ, then level.

    Source: Loshchilov and Hutter, SGDR (2017), eq. 5, without restarts.

    >>> [round(cosine(1, 0, tau=4)(k), 3) for k in range(6)]
    [1.0, 0.854, 0.5, 0.146, 0.0, 0.0]
    """
    eta_0, eta_tau, tau = _rate(eta_0, "eta_0"), _rate(eta_tau, "eta_tau"), _positive(tau, "tau")
    return lambda k: eta_tau + (eta_0 - eta_tau) * (.5 * (1 + cos(pi * min(k / tau, 1))))


def warmup(steps, then):
    """η_k = (k + 1)/steps · then(0) for the first `steps` steps, after which `then`, a rate or a schedule, begins at
    its 0.

    >>> eta = warmup(4, then=.1)
    >>> [round(eta(k), 3) for k in range(6)]
    [0.025, 0.05, 0.075, 0.1, 0.1, 0.1]
    """
    steps = whole(steps, "steps")
    then = then if callable(then) else constant(then)
    return lambda k: (k + 1) / steps * then(0) if k < steps else then(k - steps)


def _rate(eta, name):
    """A number or an array of numbers, none below zero."""
    xp, eta = floats(**{name: eta})
    if bool(xp.any(eta < 0)):
        raise ValueError(
            f"{name} is {float(eta.min()):g}, but a learning rate is 0 or larger: the update subtracts already"
        )
    return float(eta) if eta.ndim == 0 else eta


def _positive(value, name, zero=False):
    value = number(value, name)
    if value < 0 or value == 0 and not zero:
        raise ValueError(f"{name} is {value:g}; it must be {'0 or larger' if zero else 'above 0'}")
    return value
