"""Regularizers: what keeps weights small. They act on weights only, never on biases.

    penalty(w)       λR(w), which is added to the loss: one number for each replica
    gradient(w)      its gradient (a subgradient, at a kink)
    prox(w, eta)     the w' that makes ½ (w' − w)² + eta · λR(w') smallest: a step that may end at exactly 0

`fit(…, regularizer=…)` adds the smooth part's gradient to the loss's, and takes the part with a kink as a proximal
step after each update: following the kink's subgradient would leave small numbers everywhere, never a zero. `lam` is
a number, or (R, 1) with one for each replica.
"""

from course_lib.regularizers.penalties import L1, L2, ElasticNet, MaxNorm, Regularizer
from course_lib.regularizers.shrinkage import shrinkage_path

__all__ = ["L1", "L2", "ElasticNet", "MaxNorm", "Regularizer", "shrinkage_path"]
