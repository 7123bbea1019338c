"""The five figures of lecture L04."""

from __future__ import annotations

from course_lib.checks import number, whole
from course_lib.widgets import css, esm
from course_lib.widgets.figure import Figure
from course_lib.widgets.numbers import numbers


class LossCurves(Figure):
    """Squared error and cross-entropy of one prediction p, with the right answer y = 0 or 1.

    (y − p)²        −y log p − (1 − y) log(1 − p)

    Raises `ValueError` for p outside .001 to .999, and for other y.

    >>> LossCurves(p=.9).values["y"]
    1
    """

    _esm = esm("losses/curves.js")
    _css = css("losses/losses.css")

    def __init__(self, p=0.5, y=1, *, title=""):
        super().__init__(values={"p": within(p, "p", 0.001, 0.999), "y": one_of(y, (0, 1), "y")}, title=title)


class SlowStart(Figure):
    """Two neurons learn that the answer is 1, one by its squared error, one by cross-entropy, both from the same h.

    h ← h − η ∂ℓ/∂h,  with ∂ℓ/∂h = 2(p − y) p(1 − p)  or  p − y

    h lies between −10 and 10, η between .01 and 10. Raises `ValueError` for others.

    >>> SlowStart(h=-8).values["eta"]
    1.0
    """

    _esm = esm("losses/slow.js")
    _css = css("losses/losses.css")

    def __init__(self, h=-4, *, eta=1, title=""):
        super().__init__(values={"h": within(h, "h", -10, 10), "eta": within(eta, "eta", 0.01, 10)}, title=title)


class SoftmaxTwice(Figure):
    """The loss of C classes over the lead of the right one's score, with one softmax and with one too many.

    log(1 + (C − 1) e^(−lead)), and never less than log(1 + (C − 1)/e) where softmax is applied twice

    C is 2 to 100, the lead −5 to 20. Raises `ValueError` for others.

    >>> SoftmaxTwice(C=3).values
    {'again': False, 'lead': 3.0, 'C': 3}
    """

    _esm = esm("losses/twice.js")
    _css = css("losses/losses.css")

    def __init__(self, C=10, *, lead=3, again=False, title=""):
        C = int(within(whole(C, "C"), "C", 2, 100))
        super().__init__(values={"again": bool(again), "lead": within(lead, "lead", -5, 20), "C": C}, title=title)


class GradientByHand(Figure):
    """The slope of softmax and cross-entropy, from the scores to p − y: eight lines, each with its numbers.

    ℓ = −log p_c,  p = softmax(o),  ∂ℓ/∂o = p − y

    `o` holds three scores from −5 to 5, `c` is the right class, 0, 1 or 2. Raises `ValueError` for others.

    >>> GradientByHand([2, 1, 0]).values["line"]
    1
    """

    _esm = esm("losses/derive.js")
    _css = css("losses/losses.css")

    def __init__(self, o=(2, 1, -1), c=1, *, line=1, title=""):
        o = [within(value, "o", -5, 5) for value in numbers(o, (3,), "o")]
        values = {"line": int(within(whole(line, "line"), "line", 1, 8)), "c": one_of(c, (0, 1, 2), "c")}
        super().__init__(values={**values, **{f"o{k}": value for k, value in enumerate(o, 1)}}, title=title)


class RiskSets(Figure):
    """Survival times and Cox's partial likelihood: at each event, who was at risk and how the risk was shared.

    ℓ = (1/N) Σ over events i of log Σ_{j: time_j ≥ time_i} e^{o_j} − o_i

    Five patients with their `time` (above 0) and `event` (1 seen, 0 not yet), three of them with an event, and a score
    o each, the logarithm of its risk, from −3 to 3. Raises `ValueError` for others.

    >>> RiskSets().values["k"]
    1
    """

    _esm = esm("losses/risk.js")
    _css = css("losses/losses.css")

    def __init__(self, time=(2, 4, 5, 7, 9), event=(1, 0, 1, 1, 0), o=(0, 0, 0, 0, 0), *, k=1, title=""):
        time, event, o = numbers(time, (5,), "time"), numbers(event, (5,), "event"), numbers(o, (5,), "o")
        if min(time) <= 0:
            raise ValueError(f"time holds {min(time):g}; times are above 0.")
        if sorted(event) != [0, 0, 1, 1, 1]:
            raise ValueError("event holds 1 where the event was seen and 0 where it was not yet; the figure shows three of the five with 1.")
        values = {f"o{i}": within(value, "o", -3, 3) for i, value in enumerate(o, 1)}
        values["k"] = int(within(whole(k, "k"), "k", 1, 3))
        super().__init__(values=values, data={"time": time, "event": event}, title=title)


def within(value, name: str, low: float, high: float) -> float:
    value = number(value, name)
    if not low <= value <= high:
        raise ValueError(f"{name} is {value:g}; the figure shows {low:g} to {high:g}.".replace("-", "−"))
    return value


def one_of(value, known, name: str) -> int:
    if value not in known:
        raise ValueError(f"{name} is {value!r}; it is one of {', '.join(map(str, known))}.")
    return int(value)
