"""Several losses at once, for a network with outputs of several kinds."""

from course_lib.checks import count, number
from course_lib.losses.loss import Loss


class SumOfLosses(Loss):
    """ℓ = Σ weight · loss(o[:, columns], y), for networks with outputs of several kinds.

    It is made from triples, SumOfLosses((loss, columns, weight), …); `columns` is one number, a list of them or a slice. y is a tuple, one target for each loss; or one array with o's
    columns, of which each loss then takes its own.

    >>> from course_lib.losses import SoftmaxCrossEntropy, SquaredError
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
            raise ValueError(f"y is a tuple of {len(y)}, but there are {len(self.parts)} losses: one target for each")
        return tuple(
            loss.targets(y_part, loss.outputs(self._columns(o, columns)))
            for y_part, (loss, columns, _) in zip(y, self.parts)
        )

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
            raise ValueError(
                f"a loss of {self!r} takes columns {columns}, but o has {count(o.shape[-1], 'column')}, counted from 0"
            )
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
