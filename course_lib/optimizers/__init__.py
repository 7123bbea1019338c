"""Optimizers: how the gradient becomes a step. Each sees two vectors, θ and ∂ℓ/∂θ, and changes θ in place.

    optimizer.step(theta, grad)

`eta`, the learning rate, is a number, an array (R, 1) with a rate for each replica, or a schedule eta(k) with k = 0
first. An optimizer remembers things (`k`, the number of steps made, averages of gradients), and they belong to one θ:
take a new optimizer, or `reset()`, for another network.
"""

from course_lib.optimizers.adaptive import Adagrad, Adam, RMSprop
from course_lib.optimizers.optimizer import Optimizer
from course_lib.optimizers.sgd import SGD

__all__ = ["SGD", "Adagrad", "RMSprop", "Adam", "Optimizer"]
