"""Stochastic gradient descent, with or without momentum."""

from course_lib.optimizers.optimizer import Optimizer, fraction


class SGD(Optimizer):
    """θ ← θ − η g, with g = ∂ℓ/∂θ; with momentum μ the step is a velocity: v ← μ v + g, θ ← θ − η v (v = g first).

    Nesterov's form looks ahead: θ ← θ − η (g + μ v). Sources: Robbins and Monro (1951); Polyak (1964); Sutskever et
    al. (2013), in PyTorch's form, where η is outside the velocity.

    >>> import numpy as np
    >>> theta = np.array([1., 2.])
    >>> SGD(.1).step(theta, np.array([1., -1.]))
    array([0.9, 2.1])
    """

    def __init__(self, eta, *, momentum=0, nesterov=False):
        self.momentum = fraction(momentum, "momentum")
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
