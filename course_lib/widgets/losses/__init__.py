"""Figures of lecture L04: losses, and the outputs that match them.

    LossCurves          squared error and cross-entropy over the probability p         (curves.js)
    SlowStart           a confidently wrong neuron learns, once with each loss         (slow.js)
    SoftmaxTwice        what a second softmax costs                                    (twice.js)
    GradientByHand      from softmax and cross-entropy to p − y, line by line          (derive.js)
    RiskSets            Cox's partial likelihood: who was at risk at each event        (risk.js)

The arithmetic is in binary.js, classes.js and cox.js, without a page, and is tested against course_lib.losses.
"""

from course_lib.widgets.losses.figures import GradientByHand, LossCurves, RiskSets, SlowStart, SoftmaxTwice

__all__ = ["LossCurves", "SlowStart", "SoftmaxTwice", "GradientByHand", "RiskSets"]
