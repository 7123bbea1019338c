"""Preparing data: centre it, scale it, turn it, so that the error surface becomes rounder.

Each function looks at X once, (N, D) with one example per row, and returns a `Preparation`: what to subtract,
how to turn and by what to divide. It is then applied to anything, always with the numbers of the X it was made from:

    scale = standardize(X_train)
    X_train, X_test = scale(X_train), scale(X_test)

The test data must not be looked at before the end, and their mean is a way of looking.

Source: S2 102-127. All work where X lives, on NumPy or CuPy, and raise TypeError or ValueError for what is not a
table of finite numbers.
"""

from dataclasses import dataclass

from course_lib.checks import count, floats, floats_like


@dataclass(frozen=True, eq=False)
class Preparation:
    """Z = ((X − mean) @ axes) / scale, column by column; without `axes` nothing is turned.

    mean (D,), axes (D, K) with orthonormal columns or None, scale (K,).
    """

    mean: object
    scale: object
    axes: object = None

    def __call__(self, X):
        """Z (N, K) for X (N, D), a new array."""
        X = self._rows(X, len(self.mean))
        Z = X - self.mean
        if self.axes is not None:
            Z = Z @ self.axes
        return Z / self.scale

    apply = __call__

    def undo(self, Z):
        """X again; where columns were left out (`pca(X, keep)`), the nearest X that has this Z.

        >>> scale = standardize([[1, 10], [3, 30]])
        >>> scale.undo(scale([[5, 7]]))
        array([[5., 7.]])
        """
        Z = self._rows(Z, len(self.scale)) * self.scale
        return (Z if self.axes is None else Z @ self.axes.T) + self.mean

    def _rows(self, X, columns):
        (X,) = floats_like(self.mean, X=X)
        if X.ndim < 1 or X.shape[-1] != columns:
            raise ValueError(
                f"X has shape {tuple(X.shape)}, but this was made from data with {count(columns, 'column')}"
            )
        return X


def center(X):
    """Subtract each column's mean: Z = X − x̄.  For pictures this is the mean picture.

    >>> center([[1, 10], [3, 30]])([[1, 10], [2, 20]])
    array([[ -1., -10.],
           [  0.,   0.]])
    """
    xp, X = _table(X)
    mean = xp.mean(X, axis=0)
    return Preparation(mean, xp.ones_like(mean))


def standardize(X):
    """Subtract each column's mean and divide by its standard deviation: mean 0, variance 1, and no other promise:
    a column that was not Gaussian is none afterwards. A column that never changes is divided by 1.

    >>> standardize([[1, 10], [3, 30]])([[1, 10], [4, 20]])
    array([[-1., -1.],
           [ 2.,  0.]])
    """
    xp, X = _table(X)
    mean, std = xp.mean(X, axis=0), xp.std(X, axis=0)
    # the standard deviation of equal numbers may come out as rounding error, not as 0
    changes = std > 10 * float(xp.finfo(X.dtype).eps) * xp.abs(mean)
    return Preparation(mean, xp.where(changes, std, xp.ones_like(std)))


def pca(X, keep=None):
    """Turn the centred data onto the axes along which they vary most, the longest first; `keep` of them, or all.

    cov = (X − x̄)ᵀ (X − x̄) / N,  U, S, Vᵀ = svd(cov),  Z = (X − x̄) U.  (`svd` returns Vᵀ, not V.)

    >>> Z = pca([[0, 0], [1, 1], [2, 2], [3, 3]])([[0, 0], [1, 1]])
    >>> abs(Z).round(2)
    array([[2.12, 0.  ],
           [0.71, 0.  ]])
    """
    xp, X = _table(X)
    mean, U, _ = _principal_axes(xp, X, keep)
    return Preparation(mean, xp.ones_like(U[0]), U)


def whiten(X, keep=None, *, eps=1e-5):
    """`pca`, then each column divided by √(S + eps): the covariance becomes the identity.

    S is the variance along each axis. eps keeps an axis without variance from being blown up; where S is not
    much larger than eps, the variance stays below 1.

    >>> import numpy as np
    >>> X = np.random.default_rng(0).normal(size=(500, 2)) @ [[2, 1], [0, 1]]
    >>> np.cov(whiten(X)(X).T, bias=True).round(3) + 0
    array([[1., 0.],
           [0., 1.]])
    """
    xp, X = _table(X)
    mean, U, S = _principal_axes(xp, X, keep)
    return Preparation(mean, xp.sqrt(S + eps), U)


def _principal_axes(xp, X, keep):
    N, D = X.shape
    keep = D if keep is None else keep
    if not 1 <= keep <= D or keep != int(keep):
        raise ValueError(f"keep is {keep!r}; X has {count(D, 'column')}, so keep is a whole number from 1 to {D}")
    mean = xp.mean(X, axis=0)
    cov = (X - mean).T @ (X - mean) / N
    U, S, _ = xp.linalg.svd(cov)
    return mean, U[:, :keep], S[:keep]


def _table(X):
    xp, X = floats(X=X)
    if X.ndim != 2 or 0 in X.shape:
        raise ValueError(f"X has shape {tuple(X.shape)}, but it needs rows and columns: one example per row")
    return xp, X
