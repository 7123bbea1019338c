"""Checking gradients: does ∂ℓ/∂θ, computed backwards, agree with what ℓ does when θ is nudged?

    numerical:  (ℓ(θ_i + h) − ℓ(θ_i − h)) / 2h        error of order h², and rounding ε/h: h near ε^⅓ is best

Everything happens in float64, on a copy of the network, with dropout's masks and the running statistics held still.
"""

from copy import deepcopy
from dataclasses import dataclass, field

import numpy as np

from course_lib.backend import to_cpu
from course_lib.checks import floats

TOLERANCE = 1e-6  # a right gradient in float64 stays below; a forgotten term does not


def numerical_gradient(f, x, h=None):
    """∂f/∂x by central differences, for a function f(x) -> number and an array x of any shape, which stays as it is.

    Each entry is nudged by h, by default ε^⅓ · max(1, |x_i|) with ε the rounding of x's float type.

    >>> numerical_gradient(lambda x: float((x**2).sum()), np.array([1., -3.])).round(6)
    array([ 2., -6.])
    """
    xp, x = floats(x=x)
    x = xp.asarray(x + 0)
    d_x = xp.zeros_like(x)
    for i in np.ndindex(*x.shape):
        value = float(x[i])
        step = _nudge(value, xp.finfo(x.dtype).eps) if h is None else h
        up, down = value + step, value - step
        x[i] = up
        f_up = float(f(x))
        x[i] = down
        f_down = float(f(x))
        x[i] = value
        d_x[i] = (f_up - f_down) / (up - down)
    return d_x


@dataclass
class Difference:
    """One entry of a gradient that does not agree."""

    parameter: str  # such as "W of layer 1, Dense(2, 3)"
    place: tuple  # counted from 1
    backward: float
    numerical: float
    error: float
    kind: str  # what kind of difference, in words

    def __str__(self):
        place = ", ".join(map(str, self.place))
        values = f"backward says {self.backward:.6g}, nudging says {self.numerical:.6g}"
        return f"{self.parameter}, place ({place}): {values}: {self.kind}"


@dataclass
class GradientReport:
    """What check_gradients found. `ok` says whether all entries agree, `worst` is the largest relative error,
    `differences` are the entries that disagree, largest first, and `kinks` those where ℓ has a corner within reach of
    the nudge, so that any slope between the two sides' is right.
    """

    checked: int
    worst: float
    differences: list = field(default_factory=list)
    kinks: list = field(default_factory=list)

    @property
    def ok(self):
        return not self.differences

    def __bool__(self):
        return self.ok

    def __str__(self):
        at_kinks = f", {len(self.kinks)} of them at a kink" if self.kinks else ""
        if self.ok:
            return f"All {self.checked} entries agree{at_kinks}; the largest relative error is {self.worst:.1e}."
        lines = [f"{len(self.differences)} of {self.checked} entries disagree{at_kinks}."]
        first = {}  # of each parameter the worst
        for difference in self.differences:
            first.setdefault(difference.parameter, difference)
        return "\n".join(lines + [f"- {difference}" for difference in first.values()])

    __repr__ = __str__


def check_gradients(network, loss, X, y, *, train=True):
    """Compare the network's backward pass with nudging, for every parameter and for X. Returns a GradientReport.

    The relative error of an entry is |backward − numerical| / max(|backward|, |numerical|), where the denominator is
    at least a thousandth of the parameter's largest entry and of ℓ (of .01 at least), because rounding decides below;
    up to 1e-6 is right. `train=False` checks the network as it is in use. The network itself stays as it was.

    >>> from course_lib.losses import SigmoidCrossEntropy
    >>> from course_lib.network import mlp
    >>> network = mlp([2, 3, 1], hidden="tanh", rng=0)
    >>> check_gradients(network, SigmoidCrossEntropy(), [[0, 1], [1, 1]], [0, 1]).ok
    True
    """
    still = Still(network, loss, X, y, train)
    checks = [_Check(name, vector, gradient, still) for name, vector, gradient in still.parameters()]
    differences = [difference for check in checks for difference in check.differences]
    differences.sort(key=lambda difference: -difference.error)
    return GradientReport(
        checked=sum(check.size for check in checks),
        worst=max((check.worst for check in checks), default=0.0),
        differences=differences,
        kinks=[kink for check in checks for kink in check.kinks],
    )


class Still:
    """A float64 copy of a network whose loss depends on θ and X alone: random numbers and running statistics are put
    back each time.
    """

    def __init__(self, network, loss, X, y, train):
        self.network, self.loss, self.train = network.astype(np.float64), loss, train
        self.X = self.network.welcome(X) + 0
        self.y = y
        self.state = self.network.state + 0
        self.random = deepcopy([rng.bit_generator.state for rng in self.network.generators])

    def value(self):
        """ℓ; with replicas the sum of theirs, which do not depend on each other."""
        value = self.loss.value(self.outputs(), self.y)
        return float(value) if np.ndim(value) == 0 else float(to_cpu(value).sum())

    def outputs(self):
        self.network.state[...] = self.state
        for rng, state in zip(self.network.generators, self.random):
            rng.bit_generator.state = state
        return self.network.forward(self.X, train=self.train)

    def parameters(self):
        """(name, values, backward's gradient) of every parameter, and of X."""
        d_X = self.network.backward(self.loss.gradient(self.outputs(), self.y))
        if d_X.ndim > self.X.ndim:
            d_X = d_X.sum(axis=0)  # one X for all replicas
        found = []
        for number, layer in enumerate(self.network.layers, start=1):
            for slot in layer.slots:
                gradient = getattr(layer, f"d_{slot.name}", None)
                if gradient is not None:
                    found.append((f"{slot.name} of layer {number}, {layer!r}", getattr(layer, slot.name), gradient + 0))
        return found + [("X", self.X, d_X)]


class _Check:
    """The entries of one parameter, backward against numerical."""

    def __init__(self, name, values, backward, still):
        self.name, self.values, self.still, self.size = name, values, still, values.size
        self.backward = to_cpu(backward)
        self.differences, self.kinks, self.worst = [], [], 0.0
        places = list(np.ndindex(*values.shape))
        numerical = {place: self.slope(place) for place in places}
        self.rounding = max(abs(still.value()), .01) * 1e-9  # what a difference of two ℓ cannot resolve: some ε ℓ / h
        largest = max([abs(self.backward).max(), *map(abs, numerical.values())])
        self.scale = max(1e-3 * largest, self.rounding / TOLERANCE, 1e-300)
        for place in places:
            self.compare(place, float(self.backward[place]), numerical[place])
        for difference in self.differences:
            difference.kind = _kind(difference, self.backward, numerical)

    def slope(self, place, up=1, down=1, h=None):
        """(ℓ(θ + up · h) − ℓ(θ − down · h)) / ((up + down) h)."""
        value = float(self.values[place])
        h = h or _nudge(value, np.finfo(float).eps)
        self.values[place] = value + up * h
        above = self.still.value()
        self.values[place] = value - down * h
        below = self.still.value()
        self.values[place] = value
        return (above - below) / ((up + down) * h)

    def error(self, a, b):
        return abs(a - b) / max(self.scale, abs(a), abs(b))

    def compare(self, place, backward, numerical):
        error = self.error(backward, numerical)
        if error <= TOLERANCE:
            self.worst = max(self.worst, error)
        elif self.at_kink(place, backward):
            self.kinks.append((self.name, tuple(i + 1 for i in place)))
        else:
            self.worst = max(self.worst, error)
            self.differences.append(Difference(self.name, tuple(i + 1 for i in place), backward, numerical, error, ""))

    def at_kink(self, place, backward):
        """Is there a corner within the nudge's reach, and the gradient a slope between those of its two sides?

        On a smooth ℓ the slopes to the right and to the left differ by h ℓ″, and ten times less with a tenth of h; at a
        corner they differ as much however small h is. A corner beside the point leaves one of them as it was.
        """
        h = _nudge(float(self.values[place]), np.finfo(float).eps)
        right, left = (self.slope(place, *sides, h=h) for sides in ((1, 0), (0, 1)))
        gap = abs(right - left)
        if not np.isfinite(gap) or gap <= 10 * self.rounding + TOLERANCE * abs(right):
            return False
        nearer = [self.slope(place, *sides, h=h / 100) for sides in ((1, 0), (0, 1))]
        smooth_again = self.error(sum(nearer) / 2, backward) < 1e-4 and gap > 1e-4 * max(abs(right), abs(left))
        corner = abs(nearer[0] - nearer[1]) > .5 * gap
        slack = 1e-4 * max(abs(right), abs(left))
        between = min(*nearer, right, left) - slack <= backward <= max(*nearer, right, left) + slack
        return (corner or smooth_again) and between


def _nudge(value, eps):
    return eps ** (1 / 3) * max(1.0, abs(value))


def _kind(difference, backward, numerical):
    """The difference in words, from the whole parameter: a factor that all entries share says more than one entry."""
    a = backward.ravel()
    b = np.array([numerical[place] for place in np.ndindex(*backward.shape)])
    if not np.isfinite(difference.backward):
        return "the backward pass gives no finite number"
    if np.abs(a).max() == 0:
        return "the backward pass gives 0 everywhere: is this gradient written at all?"
    factor = float(a @ b / (b @ b)) if b @ b else np.inf
    if np.abs(a - factor * b).max() <= 1e-5 * np.abs(a).max():
        if abs(factor + 1) < 1e-5:
            return "the sign is the opposite everywhere"
        return f"{_factor_in_words(factor)} everywhere"
    if backward.ndim == 2 and backward.shape[0] == backward.shape[1] and \
            np.abs(backward.T.ravel() - b).max() <= 1e-5 * np.abs(b).max():
        return "rows and columns are exchanged (transposed)"
    if difference.backward == 0:
        return "the backward pass gives 0 here"
    ratio = difference.backward / difference.numerical if difference.numerical else np.inf
    if abs(ratio + 1) < 1e-5:
        return "the sign is the opposite here"
    return f"{_factor_in_words(ratio)} here"


def _factor_in_words(factor):
    if abs(factor) < 1:
        return f"too small by a factor of {1 / factor:.4g}" if factor else "0"
    return f"too large by a factor of {factor:.4g}" if np.isfinite(factor) else "not 0, though nudging changes nothing"
