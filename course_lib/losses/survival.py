"""The loss for survival times: Cox's partial likelihood."""

from course_lib.backend import array_module
from course_lib.checks import count, floats_like
from course_lib.losses.loss import Loss, mean_over_rows, over_rows


class CoxPartialLikelihood(Loss):
    """For survival times: ℓ = −(1/N) Σ over events i of o_i − log Σ_{j: time_j ≥ time_i} exp(o_j).

    o is (N, 1), each row's logarithm of risk; y is (N, 2) with rows [time, event], event = 1 where it was seen to
    happen at that time and 0 where one only knows that it had not happened yet. Among all still at risk, who had the
    event should have had the highest risk. Equal times after Breslow (1974): all of them are in each other's sum. N
    is all rows.

    ∂ℓ/∂o_k = (1/N) (Σ over events i with time_i ≤ time_k of exp(o_k) / Σ_{j: time_j ≥ time_i} exp(o_j) − event_k)

    >>> loss = CoxPartialLikelihood()
    >>> round(loss.value([[0.], [0.], [0.]], [[1, 1], [2, 0], [3, 1]]), 4)     # (log 3 + log 1) / 3
    0.3662
    """

    takes_numbers = True

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
    """combine of all up to here, along the last axis, in log₂ N steps (Hillis and Steele, 1986): each sum reaches
    twice as far.

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
