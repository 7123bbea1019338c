"""Batch normalization: every feature gets mean 0 and variance 1 over the minibatch, then its own scale and shift."""

from course_lib.checks import check_columns, number, whole
from course_lib.initializers import constant, zeros
from course_lib.parameters import STATE, Slot
from course_lib.passes import Kept, Layer, matrix_product


class BatchNorm(Layer):
    """y = γ x̂ + β with x̂ = (X − mean) / √(var + eps), for each of the n features along the last axis.

    Training: mean and var are the minibatch's (var with 1/B), and the running statistics move towards them,
    running ← (1 − momentum) · running + momentum · batch, with the variance's unbiased form (1/(B−1)), as PyTorch does.
    Use: mean and var are the running ones, so that a row's answer does not depend on the rows beside it.

    ∂ℓ/∂β = Σ d_y        ∂ℓ/∂γ = Σ d_y x̂        ∂ℓ/∂X = γ / (B √(var + eps)) · (B d_y − ∂ℓ/∂β − x̂ ∂ℓ/∂γ)

    The sums run over the minibatch's B rows, and for images over their height and width too.
    Source: Ioffe and Szegedy (2015), algorithm 1; the shape of the distribution stays what it was, Gaussian or not.

    >>> layer = BatchNorm(1, eps=0).build()
    >>> layer.forward([[1], [3]], train=True).T
    array([[-1.,  1.]], dtype=float32)
    >>> layer.running_mean, layer.running_var
    (array([0.2], dtype=float32), array([1.1], dtype=float32))
    """

    class Kept(Kept):
        x_hat = slope = rows = average = mean = square = var = ones = product = None

    def __init__(self, n, *, momentum=.1, eps=1e-5):
        self.n = self.n_in = self.n_out = whole(n, "n")
        self.momentum, self.eps = number(momentum, "momentum"), number(eps, "eps")
        if not 0 <= self.momentum <= 1:
            raise ValueError(f"momentum is {self.momentum:g}; it is the weight of the new minibatch, from 0 to 1")
        if self.eps < 0:
            raise ValueError(f"eps is {self.eps:g}; it keeps a square root away from 0 and is 0 or larger")
        self.slots = (
            Slot("gamma", (self.n,), constant(1)),
            Slot("beta", (self.n,), zeros),
            Slot("running_mean", (self.n,), zeros, STATE),
            Slot("running_var", (self.n,), constant(1), STATE),
        )

    def output_shape(self, shape):
        check_columns(shape, self.n, self)
        return shape

    def bound(self):
        self.product = matrix_product(self.gamma[..., None])
        self.gamma_row, self.beta_row = self.gamma[..., None, :], self.beta[..., None, :]

    def compute(self, X, kept, train=False):
        xp = kept.xp
        rows = as_rows(X)
        kept.train = train
        if train:
            mean, var = self.statistics(rows, kept)
            self.follow(mean, var, rows.shape[-2])
        else:
            mean, var = self.running_mean, self.running_var
        kept.slope = 1 / xp.sqrt(var + self.eps)[..., None, :]
        x_hat = kept.x_hat = xp.subtract(rows, mean[..., None, :], out=kept.x_hat)
        x_hat *= kept.slope
        y = kept.rows = xp.multiply(x_hat, self.gamma_row, out=kept.rows)
        y += self.beta_row
        kept.y = y.reshape(y.shape[:-2] + X.shape[X.ndim % 2:])
        return kept.y

    def statistics(self, rows, kept):
        """Mean and variance of each column."""
        B = rows.shape[-2]
        if B < 2:
            raise ValueError(
                f"{self!r} met a minibatch of 1 row: the mean of one row is the row itself, and nothing is left after "
                "subtracting it; train with 2 rows or more (a batch_size that leaves no last minibatch of 1)"
            )
        if kept.average is None:
            kept.average = kept.xp.full(B, 1 / B, dtype=rows.dtype)
        mean = kept.mean = self.product(kept.average, rows, out=kept.mean)
        square = kept.square = kept.xp.subtract(rows, mean[..., None, :], out=kept.square)
        square *= square
        var = kept.var = self.product(kept.average, square, out=kept.var)
        return mean, var

    def follow(self, mean, var, B):
        """Move the running statistics a little towards this minibatch's."""
        self.running_mean += self.momentum * (mean - self.running_mean)
        self.running_var += self.momentum * (B / (B - 1) * var - self.running_var)

    def parameter_gradients(self, d_y, kept):
        d_y = as_rows(d_y)
        if kept.ones is None:
            kept.ones = kept.xp.ones(d_y.shape[-2], dtype=d_y.dtype)
        kept.product = kept.xp.multiply(d_y, kept.x_hat, out=kept.product)
        self.product(kept.ones, kept.product, out=self.d_gamma)
        self.product(kept.ones, d_y, out=self.d_beta)

    def gradient(self, d_y, kept):
        d_X = as_rows(d_y)
        if kept.train:  # mean and var depend on X too
            B = d_X.shape[-2]
            d_X -= self.d_beta[..., None, :] / B
            kept.product = kept.xp.multiply(kept.x_hat, self.d_gamma[..., None, :] / B, out=kept.product)
            d_X -= kept.product
        d_X *= self.gamma_row * kept.slope
        return d_X.reshape(d_y.shape)

    def __repr__(self):
        return f"BatchNorm({self.n})"


def as_rows(X):
    """Images (N, height, width, n) as rows (N · height · width, n); with an axis for replicas before, it stays."""
    return X if X.ndim < 4 else X.reshape(X.shape[:X.ndim % 2] + (-1, X.shape[-1]))
