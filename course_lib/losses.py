"""Losses: one number for how far the outputs o are from the targets y.

    value(o, y)                 ℓ, a float; with replicas an array of one for each
    gradient(o, y)              ∂ℓ/∂o, of o's shape
    value_and_gradient(o, y)    both, for the price of one

o is (N, K), one row for each example; with replicas (R, N, K), and then y is shared, or one for each. The columns
of a row are **summed**, the rows are **averaged**, so the size of a minibatch does not change the size of a step.
y has o's shape; where o has one column, (N,) will do. Each class says what else it takes, and raises TypeError
for what is not a number and ValueError for what cannot be a target.

A loss says its mathematics once: compute(o, y, kept) -> (ℓ, ∂ℓ/∂o), with arrays from `kept` as in course_lib.passes.
"""

from course_lib.backend import array_module, to_cpu
from course_lib.checks import count, floats, floats_like, number
from course_lib.passes import Kept, matrix_product, quiet


class Loss:
    """A loss as everybody sees it. A subclass says compute(o, y, kept), and in `targets` what it takes as y."""

    class Kept(Kept):
        d_o = mean = scale = None

    def value(self, o, y):
        """ℓ, averaged over the rows."""
        return self.value_and_gradient(o, y)[0]

    def gradient(self, o, y):
        """∂ℓ/∂o, of o's shape."""
        return self.value_and_gradient(o, y)[1]

    def value_and_gradient(self, o, y):
        """ℓ and ∂ℓ/∂o."""
        o = self.outputs(o)
        y = self.targets(y, o)
        with quiet():
            value, d_o = self.compute(o, y, self.Kept(array_module(o), o.dtype))
        return (float(value) if value.ndim == 0 else value), d_o

    def outputs(self, o):
        """o as an array of rows."""
        _, o = floats(o=o)
        if o.ndim not in (2, 3):
            raise ValueError(
                f"o has shape {tuple(o.shape)}; a loss takes outputs (N, K), one row for each example, or (R, N, K) with replicas"
            )
        if 0 in o.shape:
            raise ValueError(f"o has shape {tuple(o.shape)}: there is nothing to average")
        return o

    def targets(self, y, o):
        """y as an array that goes with o: of its shape, or of one replica's."""
        (y,) = floats_like(o, y=y)
        if o.shape[-1] == 1 and y.shape in (o.shape[:-1], o.shape[-2:-1]):
            y = y[..., None]
        if y.shape not in (o.shape, o.shape[-2:]):
            raise ValueError(
                f"y has shape {tuple(y.shape)}, o has shape {tuple(o.shape)}: "
                f"{type(self).__name__} needs one target for each output"
            )
        return y

    def __repr__(self):
        return f"{type(self).__name__}()"


def mean_over_rows(values, kept):
    """Σ over columns, mean over rows, of an array (…, N, K): one number for each replica."""
    *lead, N, K = values.shape
    if kept.mean is None:
        kept.mean = kept.xp.full(N * K, 1 / N, dtype=values.dtype)
    return values.reshape(*lead, N * K).dot(kept.mean)


def over_rows(d_o, kept, factor=1):
    """factor/N · d_o, in place: the mean's own derivative."""
    if kept.scale is None:
        kept.scale = kept.number(factor / d_o.shape[-2], d_o.dtype)
    d_o *= kept.scale
    return d_o


class SquaredError(Loss):
    """ℓ = mean over rows of Σ_k (o_k − y_k)²,  ∂ℓ/∂o = 2 (o − y) / N. The 2 stays: some slides drop it, and halve the step.

    >>> SquaredError().value_and_gradient([[3.], [5.]], [1, 5])
    (2.0, array([[2.],
           [0.]]))
    """

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


class BinaryCrossEntropy(Loss):
    """ℓ = mean over rows of Σ_k −y log p − (1 − y) log(1 − p), natural logarithm, for probabilities p = o from 0 to 1.

    ∂ℓ/∂p = (p − y) / (p (1 − p)) / N. At p = 0 and p = 1 the logarithm is cut at −100 and the product below at 10⁻¹², as
    PyTorch does; better still, leave the sigmoid away and use SigmoidCrossEntropy. y may be anything from 0 to 1.

    >>> [round(BinaryCrossEntropy().value([[p]], [y]), 2) for y, p in [(0, .1), (0, .9), (1, .1), (1, .9)]]
    [0.11, 2.3, 2.3, 0.11]
    """

    def outputs(self, o):
        return _between_0_and_1(super().outputs(o), "o", "BinaryCrossEntropy takes probabilities: "
                                "put a Sigmoid last, or take SigmoidCrossEntropy for the numbers before it")

    def targets(self, y, o):
        return _between_0_and_1(super().targets(y, o), "y", "a target is a class, 0 or 1, or a probability")

    def compute(self, p, y, kept):
        xp = kept.xp
        tiny = float(xp.finfo(p.dtype).tiny)
        q = 1 - p
        log_p, log_q = (xp.where(a > 0, xp.log(xp.maximum(a, tiny)), -xp.inf) for a in (p, q))
        log_p, log_q = (xp.maximum(a, -100) for a in (log_p, log_q))
        d_p = (p - y) / xp.maximum(p * q, 1e-12)
        return mean_over_rows((y - 1) * log_q - y * log_p, kept), over_rows(d_p, kept)

    def accuracy(self, p, y):
        """The share of outputs on the right side of ½."""
        return _share((p >= .5) == (y >= .5))


class SigmoidCrossEntropy(Loss):
    """BinaryCrossEntropy of p = σ(o), from the numbers o before the sigmoid ("logits"): ℓ = mean of Σ_k log(1 + exp(o)) − y o.

    ∂ℓ/∂o = (p − y) / N: the sigmoid's flat ends, which stop a squared error from learning, cancel. Stable for any o.

    >>> loss = SigmoidCrossEntropy()
    >>> round(loss.value([[-8.]], [1]), 4), loss.gradient([[-8.]], [1]).round(4)
    (8.0003, array([[-0.9997]]))
    """

    def targets(self, y, o):
        return _between_0_and_1(super().targets(y, o), "y", "a target is a class, 0 or 1, or a probability")

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

    def accuracy(self, o, y):
        """The share of outputs on the right side: p = σ(o) ≥ ½ where o ≥ 0."""
        return _share((o >= 0) == (y >= .5))


class SoftmaxCrossEntropy(Loss):
    """ℓ = mean over rows of −Σ_k y_k log p_k, with p = softmax(o), from the numbers o before the softmax ("logits").

    ∂ℓ/∂o = (p − y) / N. y holds the classes as whole numbers 0 … K−1, one for each row, or one row of K for each example
    that sums to 1 (one-hot, or soft). Do not put a Softmax before it: twice is wrong, and cannot go below 1.461 for K = 10.

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
                raise ValueError("a row of y must hold probabilities that sum to 1, as one-hot rows do; or give classes, one whole number a row")
        if not classes:
            raise ValueError(
                f"y has shape {tuple(y.shape)}, o has shape {tuple(o.shape)}: SoftmaxCrossEntropy needs one class for each row, "
                f"shape ({o.shape[-2]},), or one row of probabilities, shape {tuple(o.shape[-2:])}"
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

    def accuracy(self, o, y):
        """The share of rows whose largest output is the target's class."""
        xp = array_module(o)
        return _share((xp.argmax(o, axis=-1) == (y if y.dtype.kind == "i" else xp.argmax(y, axis=-1)))[..., None])


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


class Hinge(Loss):
    """ℓ = mean over rows of Σ_k max(0, 1 − y_k o_k), for classes y = −1 and 1: no loss beyond a margin of 1.

    ∂ℓ/∂o = −y / N where y o < 1, else 0 (at the kink, y o = 1, too).

    >>> Hinge().value_and_gradient([[2.], [.5]], [1, -1])
    (0.75, array([[0. ],
           [0.5]]))
    """

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

    def accuracy(self, o, y):
        """The share of outputs on the right side of 0."""
        return _share((o >= 0) == (y > 0))


class CoxPartialLikelihood(Loss):
    """For survival times: ℓ = −(1/N) Σ over events i of o_i − log Σ_{j: time_j ≥ time_i} exp(o_j).

    o is (N, 1), each row's logarithm of risk; y is (N, 2) with rows [time, event], event = 1 where it was seen to happen at
    that time and 0 where one only knows that it had not happened yet. Among all still at risk, who had the event should
    have had the highest risk. Equal times after Breslow (1974): all of them are in each other's sum. N is all rows.

    ∂ℓ/∂o_k = (1/N) (Σ over events i with time_i ≤ time_k of exp(o_k) / Σ_{j: time_j ≥ time_i} exp(o_j) − event_k)

    >>> loss = CoxPartialLikelihood()
    >>> round(loss.value([[0.], [0.], [0.]], [[1, 1], [2, 0], [3, 1]]), 4)     # (log 3 + log 1) / 3
    0.3662
    """

    def outputs(self, o):
        o = super().outputs(o)
        if o.shape[-1] != 1:
            raise ValueError(f"o has {count(o.shape[-1], 'column')}; a Cox model has one output, the logarithm of risk")
        return o

    def targets(self, y, o):
        (y,) = floats_like(o, y=y)
        wanted = (*o.shape[:-1], 2)
        if y.shape not in (wanted, wanted[-2:]):
            raise ValueError(f"y has shape {tuple(y.shape)}; a Cox model needs rows [time, event], shape {wanted[-2:]}")
        event = y[..., 1]
        if not bool(array_module(y).all((event == 0) | (event == 1))):
            raise ValueError("the second column of y must be 1, the event was seen, or 0, it was not seen yet")
        return y

    def compute(self, o, y, kept):
        xp, (lead, N) = kept.xp, (o.shape[:-2], o.shape[-2])
        y = xp.broadcast_to(y, (*lead, N, 2))
        order = xp.argsort(-y[..., 0], axis=-1)  # the longest time first: at risk are all before, and the same time
        time, event, h = (xp.take_along_axis(a, order, axis=-1) for a in (y[..., 0], y[..., 1], o[..., 0]))
        first, last = same_time(xp, time)
        log_risk = xp.take_along_axis(scan(xp, xp.logaddexp, h), last, axis=-1)
        terms = xp.where(event > 0, -log_risk, -xp.inf)
        log_sum = xp.take_along_axis(scan(xp, xp.logaddexp, terms[..., ::-1])[..., ::-1], first, axis=-1)
        d_h = xp.exp(h + log_sum) - event
        d_o = xp.take_along_axis(d_h, xp.argsort(order, axis=-1), axis=-1)[..., None]
        return mean_over_rows((event * (log_risk - h))[..., None], kept), over_rows(d_o, kept)


def scan(xp, combine, a):
    """combine of all up to here, along the last axis, in log₂ N steps (Hillis and Steele, 1986): each sum reaches twice as far.

    >>> import numpy as np
    >>> scan(np, np.add, np.array([1, 2, 3, 4, 5]))
    array([ 1,  3,  6, 10, 15])
    """
    reach = 1
    while reach < a.shape[-1]:
        a = xp.concatenate([a[..., :reach], combine(a[..., reach:], a[..., :-reach])], axis=-1)
        reach *= 2
    return a


def same_time(xp, time):
    """For each place of a sorted array the first and the last place of the same value.

    >>> import numpy as np
    >>> same_time(np, np.array([5., 3., 3., 1.]))
    (array([0, 1, 1, 3]), array([0, 2, 2, 3]))
    """
    N = time.shape[-1]
    places = xp.broadcast_to(xp.arange(N), time.shape)
    edge = xp.ones((*time.shape[:-1], 1), dtype=bool)
    changes = time[..., 1:] != time[..., :-1]
    first = xp.where(xp.concatenate([edge, changes], axis=-1), places, 0)
    last = xp.where(xp.concatenate([changes, edge], axis=-1), places, N)
    return scan(xp, xp.maximum, first), scan(xp, xp.minimum, last[..., ::-1])[..., ::-1]


class SumOfLosses(Loss):
    """ℓ = Σ weight · loss(o[:, columns], y), for networks with outputs of several kinds: SumOfLosses((loss, columns, weight), …).

    `columns` is one number, a list of them or a slice. y is a tuple, one target for each loss; or one array with o's
    columns, of which each loss then takes its own.

    >>> loss = SumOfLosses((SquaredError(), 0, 1), (SoftmaxCrossEntropy(), slice(1, 3), .5))
    >>> round(loss.value([[2., 0., 0.]], ([1.], [0])), 4)          # 1 + ½ log 2
    1.3466
    """

    class Kept(Loss.Kept):
        parts = None

    def __init__(self, *parts):
        if not parts:
            raise ValueError("SumOfLosses needs at least one (loss, columns, weight)")
        self.parts = [_part(part) for part in parts]

    def targets(self, y, o):
        if not isinstance(y, tuple):
            y = Loss.targets(self, y, o)
            y = tuple(y[..., columns] for _, columns, _ in self.parts)
        if len(y) != len(self.parts):
            raise ValueError(f"y is a tuple of {len(y)}, but there are {count(len(self.parts), 'loss')[:-1]}es: one target for each")
        return tuple(loss.targets(t, loss.outputs(self._columns(o, columns))) for t, (loss, columns, _) in zip(y, self.parts))

    def compute(self, o, y, kept):
        if kept.parts is None:
            kept.parts = [loss.Kept(kept.xp, o.dtype) for loss, _, _ in self.parts]
            kept.d_o = kept.xp.empty_like(o)
        kept.d_o[...] = 0
        total = 0
        for (loss, columns, weight), y_part, kept_part in zip(self.parts, y, kept.parts):
            value, d_part = loss.compute(o[..., columns], y_part, kept_part)
            kept.d_o[..., columns] += weight * d_part
            total = total + weight * value
        return total, kept.d_o

    def _columns(self, o, columns):
        places = range(o.shape[-1])[columns] if isinstance(columns, slice) else columns
        if len(places) == 0 or max(places) >= o.shape[-1]:
            raise ValueError(f"a loss of {self!r} takes columns {columns}, but o has {count(o.shape[-1], 'column')}, counted from 0")
        return o[..., columns]

    def __repr__(self):
        return f"SumOfLosses({', '.join(f'({loss!r}, {columns}, {weight:g})' for loss, columns, weight in self.parts)})"


def _part(part):
    try:
        loss, columns, weight = part
    except (TypeError, ValueError):
        raise TypeError(f"each part of SumOfLosses is (loss, columns, weight); one is {part!r}") from None
    if not isinstance(loss, Loss):
        raise TypeError(f"{loss!r} is no loss: write SquaredError(), an instance")
    if isinstance(columns, int):
        columns = [columns]
    return loss, columns if isinstance(columns, slice) else list(columns), number(weight, "weight")


def _between_0_and_1(a, name, why):
    xp = array_module(a)
    if bool(xp.any((a < 0) | (a > 1))):
        raise ValueError(f"{name} holds numbers outside 0 … 1: {why}")
    return a


def _share(right):
    """The share of True over rows and columns; one for each replica."""
    share = to_cpu(right.reshape(right.shape[:-2] + (-1,)).mean(axis=-1))
    return float(share) if share.ndim == 0 else share
