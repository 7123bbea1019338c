"""Losses: one number for how far the outputs o are from the targets y.

    value(o, y)                 ℓ, a float; with replicas an array of one for each
    gradient(o, y)              ∂ℓ/∂o, of o's shape
    value_and_gradient(o, y)    both, for the price of one

o is (N, K), one row for each example; with replicas (R, N, K), and then y is shared, or one for each. The columns
of a row are **summed**, the rows are **averaged**, so the size of a minibatch does not change the size of a step.
y has o's shape; where o has one column, (N,) will do, for o too if the loss does not look at whole rows. Each class says what else it takes, and raises TypeError
for what is not a number and ValueError for what cannot be a target.

A loss says its mathematics once: compute(o, y, kept) -> (ℓ, ∂ℓ/∂o), with arrays from `kept` as in course_lib.passes.
"""

from course_lib.losses.classes import BinaryCrossEntropy, Hinge, SigmoidCrossEntropy, SoftmaxCrossEntropy
from course_lib.losses.loss import Loss
from course_lib.losses.regression import CosineDistance, SquaredError
from course_lib.losses.sums import SumOfLosses
from course_lib.losses.survival import CoxPartialLikelihood

__all__ = [
    "SquaredError", "BinaryCrossEntropy", "SigmoidCrossEntropy", "SoftmaxCrossEntropy", "CosineDistance", "Hinge",
    "CoxPartialLikelihood", "SumOfLosses", "Loss",
]
