"""What a check of gradients found, in words."""

from dataclasses import dataclass, field

import numpy as np


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


def kind_of_difference(difference, backward, numerical):
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
