"""Pooling and flattening: how images become smaller, and rows."""

from course_lib.layers.windows import pair, places, size_after, strided
from course_lib.passes import Kept, Layer


class MaxPool2D(Layer):
    """y[n, r, c, k] = the largest X[n, r·stride + i, c·stride + j, k] of a window of `size`.

    X is (N, height, width, n). ∂ℓ/∂X: each ∂ℓ/∂y goes to the pixel that was the largest, the first of several. `stride` is `size` unless given.

    >>> import numpy as np
    >>> layer = MaxPool2D(2)
    >>> layer.forward(np.arange(16).reshape(1, 4, 4, 1))[0, :, :, 0]
    array([[ 5.,  7.],
           [13., 15.]])
    """

    axes = 3

    class Kept(Kept):
        d_X = None

    def __init__(self, size, *, stride=None):
        self.size = pair(size, "size")
        self.stride = self.size if stride is None else pair(stride, "stride")

    def output_shape(self, shape):
        if len(shape) < 4:
            raise ValueError(f"X has shape {shape}, {self!r} expects images (N, height, width, channels)")
        return *shape[:-3], *size_after(shape[-3:-1], self.size, self.stride, (0, 0), self), shape[-1]

    def compute(self, X, kept, train=False):
        xp = kept.xp
        out_size = kept.out_size = self.output_shape(X.shape)[-3:-1]
        if kept.y is None:
            kept.y = xp.empty((*X.shape[:-3], *out_size, X.shape[-1]), dtype=X.dtype)
            kept.winner = xp.empty(kept.y.shape, dtype=xp.int16)
            kept.shape = X.shape
        y, winner = kept.y, kept.winner
        for number, (i, j, place) in enumerate(places(self.size)):
            x = strided(X, place, self.stride, out_size)
            if number == 0:
                y[...], winner[...] = x, 0
            else:
                winner[...] = xp.where(x > y, number, winner)
                xp.maximum(x, y, out=y)
        return y

    def gradient(self, d_y, kept):
        if kept.d_X is None:
            kept.d_X = kept.xp.empty(kept.shape, dtype=d_y.dtype)
        kept.d_X[...] = 0
        for number, (i, j, place) in enumerate(places(self.size)):
            x = strided(kept.d_X, place, self.stride, kept.out_size)
            x += d_y * (kept.winner == number)
        return kept.d_X

    def __repr__(self):
        return f"MaxPool2D({self.size[0] if self.size[0] == self.size[1] else self.size})"


class Flatten(Layer):
    """y = X with one axis in place of three: images (N, height, width, n) become rows (N, height · width · n).

    >>> import numpy as np
    >>> Flatten().forward(np.ones((5, 4, 4, 2))).shape
    (5, 32)
    """

    axes = 3

    def output_shape(self, shape):
        if len(shape) < 4:
            raise ValueError(f"X has shape {shape}, Flatten() expects images (N, height, width, channels)")
        return *shape[:-3], shape[-3] * shape[-2] * shape[-1]

    def compute(self, X, kept, train=False):
        kept.shape = X.shape
        kept.y = X.reshape(self.output_shape(X.shape))
        return kept.y

    def gradient(self, d_y, kept):
        return d_y.reshape(kept.shape)
