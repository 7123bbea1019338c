"""Losses for classes: from probabilities, from the numbers before the sigmoid or the softmax, and by a margin."""

from course_lib.backend import array_module
from course_lib.checks import count, floats_like
from course_lib.losses.loss import Loss, between_0_and_1, mean_over_rows, over_rows
from course_lib.passes import matrix_product


class BinaryCrossEntropy(Loss):
    """ℓ = mean over rows of Σ_k −y log p − (1 − y) log(1 − p), natural logarithm, for probabilities p = o from 0 to 1.

    ∂ℓ/∂p = (p − y) / (p (1 − p)) / N. At p = 0 and p = 1 the logarithm is cut at −100 and the product below at 10⁻¹²,
    as PyTorch does; better still, leave the sigmoid away and use SigmoidCrossEntropy. y may be anything from 0 to 1.

    >>> [round(BinaryCrossEntropy().value([[p]], [y]), 2) for y, p in [(0, .1), (0, .9), (1, .1), (1, .9)]]
    [0.11, 2.3, 2.3, 0.11]
    """

    takes_numbers = True

    def outputs(self, o):
        return between_0_and_1(super().outputs(o), "o", "BinaryCrossEntropy takes probabilities: "
                                "put a Sigmoid last, or take SigmoidCrossEntropy for the numbers before it")

    def targets(self, y, o):
        return between_0_and_1(super().targets(y, o), "y", "a target is a class, 0 or 1, or a probability")

    def compute(self, p, y, kept):
        xp = kept.xp
        tiny = float(xp.finfo(p.dtype).tiny)
        q = 1 - p
        log_p, log_q = (xp.where(a > 0, xp.log(xp.maximum(a, tiny)), -xp.inf) for a in (p, q))
        log_p, log_q = (xp.maximum(a, -100) for a in (log_p, log_q))
        d_p = (p - y) / xp.maximum(p * q, 1e-12)
        return mean_over_rows((y - 1) * log_q - y * log_p, kept), over_rows(d_p, kept)

    def right(self, p, y):
        """Is each output on the right side of ½?"""
        return (p >= .5) == (y >= .5)


class SigmoidCrossEntropy(Loss):
    """BinaryCrossEntropy of p = σ(o), from the numbers o before the sigmoid ("logits"): ℓ = mean of Σ_k log(1 +
    exp(o)) − y o.

    ∂ℓ/∂o = (p − y) / N: the sigmoid's flat ends, which stop a squared error from learning, cancel. Stable for any o.

    >>> loss = SigmoidCrossEntropy()
    >>> round(loss.value([[-8.]], [1]), 4), loss.gradient([[-8.]], [1]).round(4)
    (8.0003, array([[-0.9997]]))
    """

    takes_numbers = True

    def targets(self, y, o):
        return between_0_and_1(super().targets(y, o), "y", "a target is a class, 0 or 1, or a probability")

    class Kept(Loss.Kept):
        log_sum = y_o = None

    def compute(self, o, y, kept):
        xp = kept.xp
        log_sum = kept.log_sum = xp.logaddexp(kept.zero, o, out=kept.log_sum)  # log(1 + exp(o))
        p = kept.d_o = xp.subtract(o, log_sum, out=kept.d_o)
        xp.exp(p, out=p)
        kept.y_o = xp.multiply(y, o, out=kept.y_o)
        log_sum -= kept.y_o
        p -= y
        return mean_over_rows(log_sum, kept), over_rows(p, kept)

    def right(self, o, y):
        """Is each output on the right side? p = σ(o) ≥ ½ where o ≥ 0."""
        return (o >= 0) == (y >= .5)


class SoftmaxCrossEntropy(Loss):
    """ℓ = mean over rows of −Σ_k y_k log p_k, with p = softmax(o), from the numbers o before the softmax ("logits").

    ∂ℓ/∂o = (p − y) / N. y holds the classes as whole numbers 0 … K−1, one for each row, or one row of K for each
    example that sums to 1 (one-hot, or soft). Do not put a Softmax before it: twice is wrong, and cannot go below
    1.461 for K = 10.

    >>> loss = SoftmaxCrossEntropy()
    >>> round(loss.value([[0., 0.], [0., 0.]], [0, 1]), 4)        # log 2: nothing known
    0.6931
    >>> loss.gradient([[0., 0.]], [[0, 1]])
    array([[ 0.5, -0.5]])
    """

    def targets(self, y, o):
        (y,) = floats_like(o, y=y)
        xp = array_module(y)
        rows, classes = y.shape in (o.shape, o.shape[-2:]), y.shape in (o.shape[:-1], o.shape[-2:-1])
        if rows:
            if bool(xp.all(y >= 0)) and bool(xp.all(xp.abs(xp.sum(y, axis=-1) - 1) < 1e-4)):
                return y
            if not classes:
                raise ValueError(
                    "a row of y must hold probabilities that sum to 1, as one-hot rows do; "
                    "or give classes, one whole number for each row"
                )
        if not classes:
            raise ValueError(
                f"y has shape {tuple(y.shape)}, o has shape {tuple(o.shape)}: SoftmaxCrossEntropy needs one class "
                f"for each row, shape ({o.shape[-2]},), or one row of probabilities, shape {tuple(o.shape[-2:])}"
            )
        K = o.shape[-1]
        if bool(xp.any((y != xp.floor(y)) | (y < 0) | (y >= K))):
            raise ValueError(
                f"y must hold whole numbers from 0 to {K - 1}, one class for each of the {count(K, 'column')} of o; "
                f"it goes from {float(y.min()):g} to {float(y.max()):g}"
            )
        return xp.asarray(y, dtype=xp.int64)

    class Kept(Loss.Kept):
        z = None

    def compute(self, o, y, kept):
        # One row for each class and one column for each example, (K, N): NumPy is slow over short rows.
        xp = kept.xp
        if kept.z is None:
            self.prepare(o, kept)
        z, p = kept.z, kept.p
        z[...] = o.mT
        z -= z.max(axis=-2, keepdims=True)
        xp.exp(z, out=p)
        kept.product(kept.ones, p, out=kept.total)
        p /= kept.total
        if y.dtype.kind == "i":  # classes: y is 1 at one place of each column
            places = y * kept.N + kept.columns
            z_y = kept.flat_z[places]
            kept.flat_p[places] -= kept.one
        else:
            z_y = (z * y.mT).sum(axis=-2)
            p -= y.mT
        p *= kept.scale
        loss = xp.log(kept.total_row) - z_y  # −log p_y = log Σ exp(z) − z_y
        return loss.dot(kept.per_row), p.mT

    def prepare(self, o, kept):
        (*lead, N, K), xp = o.shape, kept.xp
        kept.z, kept.p = (xp.empty((*lead, K, N), dtype=o.dtype) for _ in range(2))
        kept.flat_z, kept.flat_p = kept.z.reshape(-1), kept.p.reshape(-1)
        kept.product, kept.ones = matrix_product(o), xp.ones((1, K), dtype=o.dtype)
        kept.total = xp.empty((*lead, 1, N), dtype=o.dtype)
        kept.total_row, kept.per_row = kept.total[..., 0, :], xp.full(N, 1 / N, dtype=o.dtype)
        kept.scale, kept.N = kept.number(1 / N, o.dtype), kept.number(N, xp.int64)
        kept.columns = xp.arange(N)
        if lead:
            kept.columns = kept.columns + K * N * xp.arange(*lead)[:, None]

    def right(self, o, y):
        """Is each row's largest output the target's class?"""
        xp = array_module(o)
        return (xp.argmax(o, axis=-1) == (y if y.dtype.kind == "i" else xp.argmax(y, axis=-1)))[..., None]


class Hinge(Loss):
    """ℓ = mean over rows of Σ_k max(0, 1 − y_k o_k), for classes y = −1 and 1: no loss beyond a margin of 1.

    ∂ℓ/∂o = −y / N where y o < 1, else 0 (at the kink, y o = 1, too).

    >>> Hinge().value_and_gradient([[2.], [.5]], [1, -1])
    (0.75, array([[0. ],
           [0.5]]))
    """

    takes_numbers = True

    def targets(self, y, o):
        y = super().targets(y, o)
        if not bool(array_module(y).all((y == 1) | (y == -1))):
            raise ValueError("y must hold the classes −1 and 1 for a hinge loss; 0 and 1 become them by 2 * y - 1")
        return y

    def compute(self, o, y, kept):
        xp = kept.xp
        margin = 1 - y * o
        inside = xp.asarray(margin > 0, dtype=o.dtype)
        return mean_over_rows(margin * inside, kept), over_rows(0 - y * inside, kept)

    def right(self, o, y):
        """Is each output on the right side of 0?"""
        return (o >= 0) == (y > 0)
