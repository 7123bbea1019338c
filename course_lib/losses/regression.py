"""Losses for numbers and for directions."""

from course_lib.backend import array_module
from course_lib.losses.loss import Loss, mean_over_rows, over_rows


class SquaredError(Loss):
    """ℓ = mean over rows of Σ_k (o_k − y_k)²,  ∂ℓ/∂o = 2 (o − y) / N.

    The 2 stays: some slides drop it, and halve the step.

    >>> SquaredError().value_and_gradient([[3.], [5.]], [1, 5])
    (2.0, array([[2.],
           [0.]]))
    """

    takes_numbers = True

    class Kept(Loss.Kept):
        flat = None

    def compute(self, o, y, kept):
        if kept.flat is None:
            kept.d_o = kept.xp.empty(o.shape, dtype=o.dtype)
            kept.flat = kept.d_o.reshape((*o.shape[:-2], -1))
        d_o, flat = kept.xp.subtract(o, y, out=kept.d_o), kept.flat
        if flat.ndim == 1:
            value = flat.dot(flat) / o.shape[-2]
        else:
            value = mean_over_rows(d_o * d_o, kept)
        return value, over_rows(d_o, kept, factor=2)


class CosineDistance(Loss):
    """ℓ = mean over rows of 1 − o·y / (|o| |y|): 0 for the same direction, 1 for a right angle, 2 for the opposite.

    ∂ℓ/∂o = (cos · o/|o| − y/|y|) / |o| / N. Lengths do not matter. A row of zeros has no direction: as a target it is
    refused, as an output it counts 1 and gives no gradient.

    >>> CosineDistance().value([[3., 0.], [0., 1.]], [[1, 0], [0, -5]])
    1.0
    """

    def targets(self, y, o):
        y = super().targets(y, o)
        xp = array_module(y)
        if bool(xp.any(xp.all(y == 0, axis=-1))):
            raise ValueError("y has a row of zeros: it points nowhere, so no output can have its direction")
        return y

    def compute(self, o, y, kept):
        xp = kept.xp
        length = xp.sqrt(xp.sum(o * o, axis=-1, keepdims=True))
        length = xp.where(length > 0, length, xp.inf)
        o, y = o / length, y / xp.sqrt(xp.sum(y * y, axis=-1, keepdims=True))
        cos = xp.sum(o * y, axis=-1, keepdims=True)
        return mean_over_rows(1 - cos, kept), over_rows((cos * o - y) / length, kept)
