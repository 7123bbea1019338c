"""Optimizers that give every parameter a step size of its own, from the gradients that it has seen."""

from course_lib.optimizers.optimizer import Optimizer, fraction, positive


class Adagrad(Optimizer):
    """s ← s + g², θ ← θ − η g / (√s + eps): what has moved much moves less, and steps shrink like 1/√k.

    Source: Duchi, Hazan and Singer, JMLR 12 (2011).

    >>> import numpy as np
    >>> theta = np.array([1., 2.])
    >>> Adagrad(.1).step(theta, np.array([100., -.01])).round(3)
    array([0.9, 2.1])
    """

    memory = ("squares",)

    def __init__(self, eta=.01, *, eps=1e-10):
        self.eps = positive(eps, "eps")
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

    >>> import numpy as np
    >>> theta = np.array([1.])
    >>> RMSprop(.01, rho=.99).step(theta, np.array([5.])).round(3)
    array([0.9])
    """

    memory = ("squares",)

    def __init__(self, eta=.01, *, rho=.99, eps=1e-8):
        self.rho, self.eps = fraction(rho, "rho"), positive(eps, "eps")
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

    >>> import numpy as np
    >>> theta = np.array([1., 1.])
    >>> Adam(.1).step(theta, np.array([1e-3, 100.])).round(3)
    array([0.9, 0.9])
    """

    memory = ("M", "V")

    def __init__(self, eta=.001, *, beta_1=.9, beta_2=.999, eps=1e-8, weight_decay=0):
        self.beta_1, self.beta_2 = fraction(beta_1, "beta_1"), fraction(beta_2, "beta_2")
        self.eps, self.weight_decay = positive(eps, "eps"), positive(weight_decay, "weight_decay")
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
