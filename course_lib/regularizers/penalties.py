"""Penalties on weights, and a limit to them."""

from course_lib.backend import array_module
from course_lib.checks import floats


class Regularizer:
    """What all regularizers share: λ, and lists or arrays at the door. Within fit the
    door is open: a replica that has diverged holds NaN while the others go on.

    `fit` takes L2's gradient into account before a step, L1's and MaxNorm's prox after it, with the plain rate η: with
    momentum or Adam, whose steps are longer than η ∂ℓ/∂w, L1 is that much weaker than its λ says.
    """

    def __init__(self, lam):
        self.lam = lam = _strength(lam, "lam")

    def penalty(self, w):
        """λR(w)."""
        _, w = floats(w=w)
        return self.value(w)

    def value(self, w):
        """λR(w) for an array that has passed the door already."""
        raise NotImplementedError

    def gradient(self, w):
        """∂ λR(w) / ∂w."""
        raise NotImplementedError

    def prox(self, w, eta):
        """The proximal step from w."""
        raise NotImplementedError

    def add_gradient(self, w, d_w):
        """Within fit, before an update: the smooth part's gradient, added to d_w in place."""

    def after_step(self, w, eta):
        """Within fit, after an update with rate eta: the proximal step, in place."""

    def __repr__(self):
        return f"{type(self).__name__}({self.lam!r})"


class L2(Regularizer):
    """½ λ Σ w², gradient λ w, prox w / (1 + eta λ). With the ½; for plain SGD (and only there) it is weight decay.

    >>> L2(.1).penalty([3., -4.]), L2(.1).gradient([3., -4.])
    (1.25, array([ 0.3, -0.4]))
    """

    def value(self, w):
        return _sum(.5 * _like(self.lam, w) * w * w)

    def gradient(self, w):
        _, w = floats(w=w)
        return _like(self.lam, w) * w

    def prox(self, w, eta):
        _, w = floats(w=w)
        return w / (1 + _like(eta, w) * _like(self.lam, w))

    def add_gradient(self, w, d_w):
        d_w += _like(self.lam, w) * w


class L1(Regularizer):
    """λ Σ |w|, subgradient λ sign(w), prox: soft threshold, sign(w) · max(|w| − eta λ, 0).

    >>> L1(1).penalty([3., -4.]), L1(1).prox([3., -.05, .1], eta=.1).round(2)
    (7.0, array([2.9, 0. , 0. ]))
    """

    def value(self, w):
        return _sum(_like(self.lam, w) * array_module(w).abs(w))

    def gradient(self, w):
        xp, w = floats(w=w)
        return _like(self.lam, w) * xp.sign(w)

    def prox(self, w, eta):
        xp, w = floats(w=w)
        return soft_threshold(xp, w, _like(eta, w) * _like(self.lam, w))

    def after_step(self, w, eta):
        w[...] = soft_threshold(array_module(w), w, eta * _like(self.lam, w))


class ElasticNet(Regularizer):
    """λ₁ Σ |w| + ½ λ₂ Σ w²: L1's zeros and L2's shrinking. prox: the soft threshold, then / (1 + eta λ₂).

    Source: Zou and Hastie (2005).

    >>> ElasticNet(.1, .1).penalty([3., -4.]).__round__(6)
    1.95
    """

    def __init__(self, lam_1, lam_2):
        self.l1, self.l2 = L1(_strength(lam_1, "lam_1")), L2(_strength(lam_2, "lam_2"))

    def value(self, w):
        return self.l1.value(w) + self.l2.value(w)

    def gradient(self, w):
        return self.l1.gradient(w) + self.l2.gradient(w)

    def prox(self, w, eta):
        return self.l2.prox(self.l1.prox(w, eta), eta)

    def add_gradient(self, w, d_w):
        self.l2.add_gradient(w, d_w)

    def after_step(self, w, eta):
        self.l1.after_step(w, eta)

    def __repr__(self):
        return f"ElasticNet({self.l1.lam!r}, {self.l2.lam!r})"


class MaxNorm(Regularizer):
    """No penalty but a limit: ‖w‖ ≤ radius for all weights together; whoever is outside is moved to the nearest point
    inside.

    A penalty and a limit describe the same solutions, each λ with a radius of its own that depends on the data.

    >>> MaxNorm(1).prox([3., -4.])
    array([ 0.6, -0.8])
    """

    def __init__(self, radius):
        self.radius = _strength(radius, "radius")

    def value(self, w):
        return _sum(0 * w)

    def gradient(self, w):
        _, w = floats(w=w)
        return 0 * w

    def prox(self, w, eta=None):
        _, w = floats(w=w)
        return w * self.share(w)

    def after_step(self, w, eta):
        w *= self.share(w)

    def share(self, w):
        """What is left of w: all of it inside, radius / ‖w‖ outside."""
        xp, radius = array_module(w), _like(self.radius, w)
        return radius / xp.maximum(xp.sqrt(xp.sum(w * w, axis=-1, keepdims=True)), radius)

    def __repr__(self):
        return f"MaxNorm({self.radius!r})"


def soft_threshold(xp, w, t):
    """sign(w) · max(|w| − t, 0): towards 0 by t, and no further."""
    return w - xp.minimum(xp.maximum(w, -t), t)


def _strength(lam, name):
    xp, lam = floats(**{name: lam})
    if bool(xp.any(lam < 0)):
        raise ValueError(f"{name} is {float(lam.min()):g}; a penalty's strength is 0 or larger")
    return float(lam) if lam.ndim == 0 else lam


def _like(value, w):
    """A number as it is, an array of one for each replica in w's float type."""
    return array_module(w).asarray(value, dtype=w.dtype)


def _sum(values):
    total = array_module(values).sum(values, axis=-1)
    return float(total) if total.ndim == 0 else total
