"""Regularizers: what keeps weights small. They act on weights only, never on biases.

    penalty(w)       λR(w), which is added to the loss: one number for each replica
    gradient(w)      its gradient (a subgradient, at a kink)
    prox(w, eta)     the w' that makes ½ (w' − w)² + eta · λR(w') smallest: a step that may end at exactly 0

`fit(…, regularizer=…)` adds the smooth part's gradient to the loss's, and takes the part with a kink as a proximal
step after each update: following the kink's subgradient would leave small numbers everywhere, never a zero. `lam` is
a number, or (R, 1) with one for each replica.
"""

import numpy as np

from course_lib.backend import array_module, to_cpu
from course_lib.checks import floats


class Regularizer:
    """What all regularizers share: λ, and lists or arrays at the door."""

    def __init__(self, lam):
        self.lam = lam = _strength(lam, "lam")

    def penalty(self, w):
        """λR(w)."""
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

    def penalty(self, w):
        xp, w = floats(w=w)
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

    def penalty(self, w):
        xp, w = floats(w=w)
        return _sum(_like(self.lam, w) * xp.abs(w))

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

    def penalty(self, w):
        return self.l1.penalty(w) + self.l2.penalty(w)

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

    def penalty(self, w):
        xp, w = floats(w=w)
        return _sum(0 * w)

    def gradient(self, w):
        _, w = floats(w=w)
        return 0 * w

    def prox(self, w, eta=None):
        xp, w = floats(w=w)
        norm = xp.sqrt(xp.sum(w * w, axis=-1, keepdims=True))
        return w * (_like(self.radius, w) / xp.maximum(norm, _like(self.radius, w)))

    def after_step(self, w, eta):
        w[...] = self.prox(w)

    def __repr__(self):
        return f"MaxNorm({self.radius!r})"


def soft_threshold(xp, w, t):
    """sign(w) · max(|w| − t, 0): towards 0 by t, and no further."""
    return w - xp.minimum(xp.maximum(w, -t), t)


def shrinkage_path(X, y, penalty, lambdas):
    """The coefficients of a linear model as λ grows, and how many parameters they are worth.

    For each λ: the w (and b, not penalized) that make ½ · mean of (X w + b − y)² + penalty smallest, with
    "ridge": ½ λ Σ w²        "lasso": λ Σ |w|        (scikit-learn's Lasso has the same form, its Ridge α = N λ)

    X is (N, D), y (N,), lambdas L numbers. Returns coefficients (L, D) and effective degrees of freedom (L,): for
    ridge Σ_j d_j² / (d_j² + N λ), with d_j the singular values of the centred X, for the lasso the number of
    coefficients that are not 0 (Zou, Hastie and Tibshirani 2007). Lasso's zeros are exact. Source: Hastie, Tibshirani
    and Friedman, §3.4.

    >>> X, y = np.eye(4)[:, :2], [2., 0., 0., 0.]
    >>> w, df = shrinkage_path(X, y, "lasso", [0, .1, 1])
    >>> w.round(2), df
    (array([[2.  , 0.  ],
           [1.47, 0.  ],
           [0.  , 0.  ]]), array([1., 1., 0.]))
    """
    paths = {"ridge": _ridge, "lasso": _lasso}
    if penalty not in paths:
        raise ValueError(f'penalty is {penalty!r}; a shrinkage path is of "ridge" or "lasso"')
    xp, X, y = floats(X=X, y=y)
    _, lambdas = floats(lambdas=to_cpu(lambdas))
    if X.ndim != 2 or y.shape != X.shape[:1] or 0 in X.shape:
        raise ValueError(f"X has shape {tuple(X.shape)} and y {tuple(y.shape)}; they need shapes (N, D) and (N,)")
    if lambdas.min(initial=0) < 0:
        raise ValueError(f"lambdas go down to {lambdas.min():g}; the strength of a penalty is 0 or larger")
    lambdas = xp.asarray(lambdas.reshape(-1), dtype=X.dtype)
    return paths[penalty](xp, X - X.mean(axis=0), y - y.mean(), lambdas)  # centring is what an unpenalized b does


def _ridge(xp, X, y, lambdas):
    """w = V diag(d / (d² + N λ)) Uᵀ y, with X = U diag(d) Vᵀ."""
    U, d, V_T = xp.linalg.svd(X, full_matrices=False)
    d = xp.where(d > 1e-12 * d.max(), d, 0)  # a direction in which X does not vary says nothing, at λ = 0 either
    below = d**2 + X.shape[0] * lambdas[:, None]
    below = xp.where(below > 0, below, 1)
    return (d / below * (y @ U)) @ V_T, xp.sum(d**2 / below, axis=-1)


def _lasso(xp, X, y, lambdas, tolerance=1e-12, most=100_000):
    """Coordinate descent, one weight after the other for all λ at once: w_j ← S_λ(c_j − Σ_{i≠j} G_ij w_i) / G_jj, with
    G = XᵀX/N, c = Xᵀy/N and the soft threshold S (Friedman, Hastie and Tibshirani 2010)."""
    N, D = X.shape
    G, c = X.T @ X / N, X.T @ y / N
    size = [float(G[j, j]) for j in range(D)]
    tolerance = max(tolerance, float(xp.finfo(X.dtype).eps)) * float(xp.abs(y).max())
    w = xp.zeros((lambdas.shape[0], D), dtype=X.dtype)
    for _ in range(most):
        moved = 0 * lambdas
        for j in range(D):
            if size[j] > 0:
                old = w[:, j] + 0
                w[:, j] = soft_threshold(xp, c[j] - w @ G[:, j] + size[j] * old, lambdas) / size[j]
                moved = xp.maximum(moved, xp.abs(w[:, j] - old) * size[j] ** .5)
        if float(moved.max()) <= tolerance:
            break
    return w, xp.asarray(xp.sum(w != 0, axis=-1), dtype=X.dtype)


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
