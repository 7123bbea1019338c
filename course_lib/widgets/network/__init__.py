"""The figures of lecture L07: a network with hidden neurons.

    NetByHand        2-3-1 with every number on wires and units, forward and back             (by_hand.py)
    HiddenFeatures   the plane as two hidden neurons see it, while they learn                 (features.py)
    SeedTable        how many seeds solve it, by width and bend; a cell opens its runs        (seeds.py)
    LoopTimes        loops against matrices, as measured                                      (loops.py)
    JacobianMap      a layer's Jacobian as a heat map                                         (jacobian.py)
"""

from course_lib.widgets.network.by_hand import NetByHand
from course_lib.widgets.network.features import HiddenFeatures
from course_lib.widgets.network.jacobian import JacobianMap
from course_lib.widgets.network.loops import LoopTimes
from course_lib.widgets.network.seeds import SeedTable

__all__ = ["NetByHand", "HiddenFeatures", "SeedTable", "LoopTimes", "JacobianMap"]
