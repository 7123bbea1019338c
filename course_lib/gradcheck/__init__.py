"""Checking gradients: does ∂ℓ/∂θ, computed backwards, agree with what ℓ does when θ is nudged?

    numerical:  (ℓ(θ_i + h) − ℓ(θ_i − h)) / 2h        error of order h², and rounding ε/h: h near ε^⅓ is best

Everything happens in float64, on a copy of the network, with dropout's masks and the running statistics held still.
"""

from course_lib.gradcheck.check import check_gradients
from course_lib.gradcheck.numerical import numerical_gradient
from course_lib.gradcheck.report import Difference, GradientReport

__all__ = ["numerical_gradient", "check_gradients", "GradientReport", "Difference"]
