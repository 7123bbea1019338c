"""What a penalty does to the coefficients of a linear model: their path as the penalty grows."""

from course_lib.backend import to_cpu
from course_lib.checks import floats
from course_lib.regularizers.penalties import L1, L2, soft_threshold


def shrinkage_path(X, y, penalty, lambdas):
    """The coefficients of a linear model as λ grows, and how many parameters they are worth.

    For each λ: the w (and b, not penalized) that make ½ · mean of (X w + b − y)² + penalty smallest, with
    "ridge": ½ λ Σ w²        "lasso": λ Σ |w|        (scikit-learn's Lasso has the same form, its Ridge α = N λ)

    X is (N, D), y (N,), lambdas L numbers. Returns coefficients (L, D) and effective degrees of freedom (L,): for
    ridge Σ_j d_j² / (d_j² + N λ), with d_j the singular values of the centred X, for the lasso the number of
    coefficients that are not 0 (Zou, Hastie and Tibshirani 2007). Lasso's zeros are exact. Source: Hastie, Tibshirani
    and Friedman, §3.4.

    >>> import numpy as np
    >>> X, y = np.eye(4)[:, :2], [2., 0., 0., 0.]
    >>> w, df = shrinkage_path(X, y, "lasso", [0, .1, 1])
    >>> w.round(2), df
    (array([[2.  , 0.  ],
           [1.47, 0.  ],
           [0.  , 0.  ]]), array([1., 1., 0.]))
    """
    paths = {"ridge": _ridge, L2: _ridge, "lasso": _lasso, L1: _lasso}
    if penalty not in paths:
        raise ValueError(f'penalty is {penalty!r}; a shrinkage path is of "ridge" (or L2) or "lasso" (or L1)')
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
