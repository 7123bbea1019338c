"""Convolution: one small set of weights, used at every place of an image."""

from course_lib.checks import count, whole
from course_lib.initializers import he_normal, zeros
from course_lib.layers.windows import pair, places, size_after, strided
from course_lib.parameters import WEIGHT, Slot
from course_lib.passes import Kept, Layer, as_row, matrix_product


class Conv2D(Layer):
    """h[n, r, c, k] = b[k] + Σ_{i, j, m} X[n, r·stride + i, c·stride + j, m] · W[i, j, m, k].

    X is (N, height, width, n_in), W (size, size, n_in, n_out), b (n_out,), h (N, height', width', n_out), with
    height' = ⌊(height + 2 padding − size) / stride⌋ + 1. `size`, `stride` and `padding` (zeros around it) are one
    number or a pair (rows, columns). Like everybody's, this convolution does not flip W (mathematics would).

    Every window of X becomes a row of a matrix, and the layer is a dense one on these rows: h = windows · W + b, so
    ∂ℓ/∂W = windowsᵀ ∂ℓ/∂h, and ∂ℓ/∂X sums ∂ℓ/∂h Wᵀ over the windows in which a pixel lies.
    Source: LeCun et al. (1998), Gradient-based learning applied to document recognition, §II.

    >>> import numpy as np
    >>> layer = Conv2D(1, 1, 2).build(rng=0)
    >>> layer.W[..., 0, 0] = [[1, 2], [3, 4]]
    >>> layer.forward(np.arange(9).reshape(1, 3, 3, 1))[0, :, :, 0]
    array([[27., 37.],
           [57., 67.]], dtype=float32)
    """

    axes = 3

    class Kept(Kept):
        windows = h = d_rows = d_padded = None

    def __init__(self, n_in, n_out, size, *, stride=1, padding=0, init=he_normal):
        self.n_in, self.n_out = whole(n_in, "n_in"), whole(n_out, "n_out")
        self.size, self.stride = pair(size, "size"), pair(stride, "stride")
        self.padding = pair(padding, "padding", at_least=0)
        self.slots = Slot("W", (*self.size, self.n_in, self.n_out), init, WEIGHT), Slot("b", (self.n_out,), zeros)

    def output_shape(self, shape):
        if len(shape) < 4 or shape[-1] != self.n_in:
            raise ValueError(
                f"X has shape {shape}, {self!r} expects images (N, height, width, {count(self.n_in, 'channel')})"
            )
        return *shape[:-3], *size_after(shape[-3:-1], self.size, self.stride, self.padding, self), self.n_out

    def bound(self):
        lead = self.W.shape[:-4]
        self.matrix, self.d_matrix = (a.reshape((*lead, -1, self.n_out)) for a in (self.W, self.d_W))
        self.matrix_T = self.matrix.mT
        self.product = matrix_product(self.matrix)
        self.b_row = as_row(self.b)

    def compute(self, X, kept, train=False):
        if kept.windows is None:
            self.prepare(X, kept)
        kept.center[...] = X
        for i, j, window in places(self.size):
            kept.windows[..., i, j, :] = strided(kept.padded, window, self.stride, kept.out_size)
        h = kept.h = self.product(kept.rows, self.matrix, out=kept.h)
        h += self.b_row
        kept.y = h.reshape((*h.shape[:-2], X.shape[-4], *kept.out_size, self.n_out))
        return kept.y

    def prepare(self, X, kept):
        """The padded image, with zeros around its center, and the windows, which are also the rows of a matrix."""
        *lead, height, width, n_in = X.shape
        (up, left), xp = self.padding, kept.xp
        kept.out_size = size_after((height, width), self.size, self.stride, self.padding, self)
        kept.padded = xp.zeros((*lead, height + 2 * up, width + 2 * left, n_in), dtype=X.dtype)
        kept.center = kept.padded[..., up:up + height, left:left + width, :]
        kept.windows = xp.empty((*lead, *kept.out_size, *self.size, n_in), dtype=X.dtype)
        kept.rows = kept.windows.reshape((*lead[:-1], -1, self.size[0] * self.size[1] * n_in))
        kept.ones = xp.ones(kept.rows.shape[-2], dtype=X.dtype)

    def parameter_gradients(self, d_y, kept):
        d_h = d_y.reshape(kept.h.shape)
        self.product(kept.rows.mT, d_h, out=self.d_matrix)
        self.product(kept.ones, d_h, out=self.d_b)

    def gradient(self, d_y, kept):
        d_rows = kept.d_rows = self.product(d_y.reshape(kept.h.shape), self.matrix_T, out=kept.d_rows)
        lead = d_y.shape[:-3]
        d_windows = d_rows.reshape((*lead, *kept.windows.shape[-5:]))
        if kept.d_padded is None:
            kept.d_padded = kept.xp.empty((*lead, *kept.padded.shape[-3:]), dtype=d_y.dtype)
        kept.d_padded[...] = 0
        for i, j, window in places(self.size):
            overlap = strided(kept.d_padded, window, self.stride, kept.out_size)
            overlap += d_windows[..., i, j, :]
        (up, left), (height, width) = self.padding, kept.center.shape[-3:-1]
        return kept.d_padded[..., up:up + height, left:left + width, :]

    def __repr__(self):
        more = "".join(
            f", {name}={value[0] if value[0] == value[1] else value}"
            for name, value, usual in (("stride", self.stride, (1, 1)), ("padding", self.padding, (0, 0)))
            if value != usual
        )
        return f"Conv2D({self.n_in}, {self.n_out}, {self.size[0] if self.size[0] == self.size[1] else self.size}{more})"
