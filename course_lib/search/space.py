"""Where to look: each setting has a range or a few values, and draws from them."""

import math
from dataclasses import dataclass

from course_lib.checks import number
from course_lib.checks import whole as whole_number


@dataclass(frozen=True)
class Range:
    """Numbers from low to high, drawn evenly, or evenly on a logarithmic scale, or whole numbers only."""

    low: float
    high: float
    log: bool = False
    whole: bool = False

    def draw(self, rng):
        at = self._from(rng.uniform(self._to(self.low), self._to(self.high)))
        return int(round(at)) if self.whole else float(min(max(at, self.low), self.high))

    def around(self, values):
        """The range of these values and a tenth more on each side, within this one."""
        low, high = self._to(min(values)), self._to(max(values))
        more = 0.1 * (high - low) or 0.05 * (self._to(self.high) - self._to(self.low))
        low, high = max(self.low, self._from(low - more)), min(self.high, self._from(high + more))
        if self.whole:
            low, high = math.floor(low), math.ceil(high)
        return Range(low, high, self.log, self.whole)

    def at_edge(self, value):
        """Is the value within a twentieth of an end? Then the best may lie outside."""
        share = (self._to(value) - self._to(self.low)) / ((self._to(self.high) - self._to(self.low)) or 1)
        return not 0.05 <= share <= 0.95

    def _to(self, x):
        return math.log(x) if self.log else x

    def _from(self, x):
        return math.exp(x) if self.log else x


@dataclass(frozen=True)
class Choice:
    """One of a few values, each as likely as the others."""

    values: tuple

    def draw(self, rng):
        return self.values[int(rng.integers(len(self.values)))]

    def around(self, values):
        return Choice(tuple(v for v in self.values if v in values))

    def at_edge(self, value):
        return False


def uniform(low, high):
    """Any number from low to high."""
    return _range(low, high)


def log_uniform(low, high):
    """Any number from low to high, as many between 1 and 10 as between 10 and 100; for rates and penalties.

    >>> import numpy as np
    >>> log_uniform(1e-4, 1).draw(np.random.default_rng(0))
    0.035305856304085934
    """
    return _range(low, high, log=True)


def whole_numbers(low, high):
    """Any whole number from low to high, both included."""
    return _range(whole_number(low, "low", at_least=0), whole_number(high, "high", at_least=0), whole=True)


def choice(*values):
    """One of these values: numbers, names, True and False."""
    if not values:
        raise ValueError("choice needs at least one value")
    return Choice(values)


def _range(low, high, **kind):
    low, high = number(low, "low"), number(high, "high")
    if not low < high:
        raise ValueError(f"low is {low:g}, high is {high:g}: a range goes from a smaller to a larger number")
    if kind.get("log") and low <= 0:
        raise ValueError(f"low is {low:g}; on a logarithmic scale every number is above 0")
    return Range(low, high, **kind)
