"""Every gradient of a network against nudging."""

from copy import deepcopy

import numpy as np

from course_lib.backend import to_cpu
from course_lib.gradcheck.numerical import nudge
from course_lib.gradcheck.report import Difference, GradientReport, kind_of_difference

TOLERANCE = 1e-6  # a right gradient in float64 stays below; a forgotten term does not


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
            difference.kind = kind_of_difference(difference, self.backward, numerical)

    def slope(self, place, up=1, down=1, h=None):
        """(ℓ(θ + up · h) − ℓ(θ − down · h)) / ((up + down) h)."""
        value = float(self.values[place])
        h = h or nudge(value, np.finfo(float).eps)
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
        h = nudge(float(self.values[place]), np.finfo(float).eps)
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
