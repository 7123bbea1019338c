"""The figures of lecture L06: computations as graphs.

    GraphWalk      a computation, walked step by step: the values forward, the bars ∂ℓ/∂ back     (walk.py, graphs.py)
    Gates          what addition, multiplication and a maximum do with what comes back           (gates.py)
    NudgeChecker   how wrong a nudged slope is, for every size of the nudge                      (nudge.py)
"""

from course_lib.widgets.graph.gates import Gates
from course_lib.widgets.graph.nudge import NudgeChecker
from course_lib.widgets.graph.walk import GraphWalk

__all__ = ["GraphWalk", "Gates", "NudgeChecker"]
