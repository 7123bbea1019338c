"""Optimizers: how the gradient becomes a step. Each sees two vectors, θ and ∂ℓ/∂θ, and changes θ in place.

    optimizer.step(theta, grad)

`eta`, the learning rate, is a number, an array (R, 1) with a rate for each replica, or a schedule eta(k) with k = 0
first. An optimizer remembers things (`k`, the number of steps made, averages of gradients), and they belong to one θ:
take a new optimizer, or `reset()`, for another network.
"""

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


class SGD(Optimizer):
    """θ ← θ − η g, with g = ∂ℓ/∂θ; with momentum μ the step is a velocity: v ← μ v + g, θ ← θ − η v (v = g first).

    Nesterov's form looks ahead: θ ← θ − η (g + μ v). Sources: Robbins and Monro (1951); Polyak (1964); Sutskever et
    al. (2013), in PyTorch's form, where η is outside the velocity.

    >>> theta = np.array([1., 2.])
    >>> SGD(.1).step(theta, np.array([1., -1.]))
    array([0.9, 2.1])
    """

    def __init__(self, eta, *, momentum=0, nesterov=False):
        self.momentum = _fraction(momentum, "momentum")
        self.nesterov = bool(nesterov)
        if self.nesterov and not self.momentum:
            raise ValueError("nesterov=True looks ahead along the momentum: give a momentum above 0, .9 for instance")
        self.memory = ("velocity",) if self.momentum else ()
        super().__init__(eta)

    def begin(self):
        self.mu = self.number(self.momentum)

    def update(self, theta, grad, eta):
        if self.momentum:
            self.velocity *= self.mu
            self.velocity += grad
            if not self.nesterov:
                grad = self.velocity
            else:
                self.xp.multiply(self.velocity, self.mu, out=self.scratch)
                self.scratch += grad
                grad = self.scratch
        step = self.xp.multiply(grad, eta, out=self.scratch)
        theta -= step


class Adagrad(Optimizer):
    """s ← s + g², θ ← θ − η g / (√s + eps): what has moved much moves less, and steps shrink like 1/√k.

    Source: Duchi, Hazan and Singer, JMLR 12 (2011).

    >>> theta = np.array([1., 2.])
    >>> Adagrad(.1).step(theta, np.array([100., -.01])).round(3)
    array([0.9, 2.1])
    """

    memory = ("squares",)

    def __init__(self, eta=.01, *, eps=1e-10):
        self.eps = _positive(eps, "eps")
        super().__init__(eta)

    def begin(self):
        self.eps_ = self.number(self.eps)

    def update(self, theta, grad, eta):
        xp, step = self.xp, self.scratch
        xp.multiply(grad, grad, out=step)
        self.squares += step
        xp.sqrt(self.squares, out=step)
        step += self.eps_
        xp.divide(grad, step, out=step)
        step *= eta
        theta -= step


class RMSprop(Optimizer):
    """s ← ρ s + (1 − ρ) g², θ ← θ − η g / (√s + eps): Adagrad with a memory that fades.

    Source: Tieleman and Hinton, Lecture 6.5 of Neural Networks for Machine Learning (2012).

    >>> theta = np.array([1.])
    >>> RMSprop(.01, rho=.99).step(theta, np.array([5.])).round(3)
    array([0.9])
    """

    memory = ("squares",)

    def __init__(self, eta=.01, *, rho=.99, eps=1e-8):
        self.rho, self.eps = _fraction(rho, "rho"), _positive(eps, "eps")
        super().__init__(eta)

    def begin(self):
        self.rho_, self.one_less_rho, self.eps_ = map(self.number, (self.rho, 1 - self.rho, self.eps))

    def update(self, theta, grad, eta):
        xp, step = self.xp, self.scratch
        xp.multiply(grad, grad, out=step)
        step *= self.one_less_rho
        self.squares *= self.rho_
        self.squares += step
        xp.sqrt(self.squares, out=step)
        step += self.eps_
        xp.divide(grad, step, out=step)
        step *= eta
        theta -= step


class Adam(Optimizer):
    """m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², θ ← θ − η m̂ / (√v̂ + eps), with
    m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ), t = 1, 2, …: both averages start at 0, and this takes the bias out.

    The first step is ±η whatever the gradient. `weight_decay` is decoupled (AdamW): before the step θ ← θ − η λ θ, on
    all of θ, as PyTorch's AdamW does; for Adam this is not the same as a penalty ½λΣw². What is remembered is M = m /
    (1 − β₁) and V = v / (1 − β₂), so that the factors become two numbers for each step: θ ← θ − η c M / (√V + eps′).
    Sources: Kingma and Ba (2015), algorithm 1; Loshchilov and Hutter (2019).

    >>> theta = np.array([1., 1.])
    >>> Adam(.1).step(theta, np.array([1e-3, 100.])).round(3)
    array([0.9, 0.9])
    """

    memory = ("M", "V")

    def __init__(self, eta=.001, *, beta_1=.9, beta_2=.999, eps=1e-8, weight_decay=0):
        self.beta_1, self.beta_2 = _fraction(beta_1, "beta_1"), _fraction(beta_2, "beta_2")
        self.eps, self.weight_decay = _positive(eps, "eps"), _positive(weight_decay, "weight_decay")
        super().__init__(eta)

    def begin(self):
        self.beta_1_, self.beta_2_ = self.number(self.beta_1), self.number(self.beta_2)
        self.eps_, self.factor = self.number(0), self.xp.zeros_like(self.last_rate)  # they change with t

    def update(self, theta, grad, eta):
        t, xp, step = self.k + 1, self.xp, self.scratch
        c_1 = (1 - self.beta_1) / (1 - self.beta_1**t)  # m̂ = c_1 M
        c_2 = ((1 - self.beta_2) / (1 - self.beta_2**t)) ** .5  # √v̂ = c_2 √V
        if self.weight_decay:
            theta *= 1 - eta * self.weight_decay
        self.M *= self.beta_1_
        self.M += grad
        xp.multiply(grad, grad, out=step)
        self.V *= self.beta_2_
        self.V += step
        xp.sqrt(self.V, out=step)
        self.eps_[...], self.factor[...] = self.eps / c_2, self.last_eta * (c_1 / c_2)
        step += self.eps_
        xp.divide(self.M, step, out=step)
        step *= self.factor
        theta -= step


def _fraction(value, name):
    value = number(value, name)
    if not 0 <= value < 1:
        raise ValueError(f"{name} is {value:g}; it is the share of the past that is kept, at least 0 and below 1")
    return value


def _positive(value, name):
    value = number(value, name)
    if value < 0:
        raise ValueError(f"{name} is {value:g}; it is 0 or larger")
    return value
