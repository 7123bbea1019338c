"""What all optimizers share: the rate, the number of steps, and memory for averages of gradients."""

import numpy as np

from course_lib.backend import array_module, to_cpu
from course_lib.checks import number
from course_lib.schedules import constant


class Optimizer:
    """What all optimizers share. A subclass says update(theta, grad, eta), in place, and in `memory` the names of
    what it remembers, vectors that start at zero.
    """

    memory = ()

    def __init__(self, eta):
        self.eta = eta
        self.schedule = eta if callable(eta) else constant(eta)
        self.reset()

    def reset(self):
        """Forget everything: the next step is the first, on whatever θ it is given."""
        self.k, self.theta, self.last_eta, self.last_rate = 0, None, None, None

    def step(self, theta, grad):
        """One update of theta, in place; grad stays as it is. Returns theta."""
        if theta is not self.theta:
            self._begin(theta, grad)
        if callable(self.eta):
            self.follow_schedule()
        self.update(theta, grad, self.last_rate)
        self.k += 1
        return theta

    def follow_schedule(self):
        """The rate of step k: as a number (last_eta), and as an array of θ's type (last_rate)."""
        eta = self.last_eta = self.schedule(self.k)
        if not hasattr(eta, "dtype") and not eta >= 0:
            raise ValueError(f"the schedule gives a learning rate of {eta} at step k = {self.k}; a rate is 0 or larger")
        self.last_rate = self.number(eta)

    def number(self, value):
        """A number (or an array of one for each replica) that meets θ without turning it into another float type."""
        return self.xp.asarray(value, dtype=self.theta.dtype)

    def _begin(self, theta, grad):
        """First step on this θ: a look at the arguments, and memory for what this optimizer remembers."""
        if self.theta is not None:
            raise ValueError(
                f"this {type(self).__name__} has taken {self.k} steps with another θ, and remembers them: "
                "take a new optimizer for a new network, or call reset() first"
            )
        for name, a in (("theta", theta), ("grad", grad)):
            if not str(getattr(a, "dtype", "")).startswith("float"):
                raise TypeError(
                    f"{name} must be an array of floats, because a step works in place; it is {type(a).__name__}"
                )
        if theta.shape != grad.shape or theta.dtype != grad.dtype:
            raise ValueError(
                f"grad is {grad.dtype} of shape {tuple(grad.shape)}, theta is {theta.dtype} of shape "
                f"{tuple(theta.shape)}: a gradient has one number for each number it moves"
            )
        self.xp, self.theta = array_module(theta, grad), theta
        self.follow_schedule()
        eta = self.last_rate
        if eta.ndim and (theta.ndim != 2 or eta.shape not in ((theta.shape[0], 1), (1, 1))):
            raise ValueError(
                f"eta has shape {tuple(eta.shape)}, theta {tuple(theta.shape)}: "
                "give one rate, or one for each replica, shape (R, 1)"
            )
        self.scratch = self.xp.empty_like(theta)
        for name in self.memory:
            setattr(self, name, self.xp.zeros_like(theta))
        self.begin()

    def begin(self):
        """What a subclass prepares when θ is known."""

    def state(self):
        """k and the remembered vectors, as NumPy arrays by name, for a checkpoint."""
        vectors = {name: to_cpu(getattr(self, name)) for name in self.memory} if self.theta is not None else {}
        return {"k": np.asarray(self.k), **vectors}

    def restore(self, state, theta, grad):
        """Go on from what `state()` gave, with this θ."""
        self.reset()
        self._begin(theta, grad)
        for name in self.memory:
            getattr(self, name)[...] = self.xp.asarray(state[name], dtype=theta.dtype)
        self.k = int(state["k"])

    def __repr__(self):
        return f"{type(self).__name__}(eta={getattr(self.eta, '__qualname__', self.eta)})"


def fraction(value, name):
    value = number(value, name)
    if not 0 <= value < 1:
        raise ValueError(f"{name} is {value:g}; it is the share of the past that is kept, at least 0 and below 1")
    return value


def positive(value, name):
    value = number(value, name)
    if value < 0:
        raise ValueError(f"{name} is {value:g}; it is 0 or larger")
    return value
