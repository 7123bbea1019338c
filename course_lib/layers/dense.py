"""The dense layer: every output is a weighted sum of all inputs."""

from course_lib.checks import check_columns, whole
from course_lib.initializers import glorot_uniform, zeros
from course_lib.parameters import WEIGHT, Slot
from course_lib.passes import Kept, Layer, as_row, matrix_product


class Dense(Layer):
    """h = X W + b, for X (N, n_in), W (n_in, n_out), b (n_out,).

    ∂ℓ/∂W = Xᵀ ∂ℓ/∂h        ∂ℓ/∂b = Σ over rows of ∂ℓ/∂h        ∂ℓ/∂X = ∂ℓ/∂h Wᵀ

    With replicas W is (R, n_in, n_out), b is (R, n_out) and h is (R, N, n_out), for one X or one each.

    >>> layer = Dense(2, 1).build(rng=0)
    >>> layer.W[:], layer.b[:] = [[1], [-1]], -.5
    >>> layer.forward([[0, 0], [0, 1], [1, 0], [1, 1]]).T
    array([[-0.5, -1.5,  0.5, -0.5]], dtype=float32)
    """

    axes = 1

    class Kept(Kept):
        X = d_X = ones = None

    def __init__(self, n_in, n_out, *, init=glorot_uniform):
        self.n_in, self.n_out = whole(n_in, "n_in"), whole(n_out, "n_out")
        self.slots = Slot("W", (self.n_in, self.n_out), init, WEIGHT), Slot("b", (self.n_out,), zeros)

    def output_shape(self, shape):
        check_columns(shape, self.n_in, self)
        return *shape[:-1], self.n_out

    def bound(self):
        self.product = matrix_product(self.W)
        self.W_T = self.W.mT
        self.b_row = as_row(self.b)

    def compute(self, X, kept, train=False):
        kept.X = X
        h = kept.y = self.product(X, self.W, out=kept.y)
        h += self.b_row
        return h

    def parameter_gradients(self, d_h, kept):
        if kept.ones is None:
            kept.ones = kept.xp.ones(d_h.shape[-2], dtype=d_h.dtype)
        self.product(kept.X.mT, d_h, out=self.d_W)
        self.product(kept.ones, d_h, out=self.d_b)  # a sum over the rows

    def gradient(self, d_h, kept):
        kept.d_X = self.product(d_h, self.W_T, out=kept.d_X)
        return kept.d_X

    def __repr__(self):
        return f"Dense({self.n_in}, {self.n_out})"
