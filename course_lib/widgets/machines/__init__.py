"""The figures of lecture L08: CPU and GPU.

    Workers     the same tasks, done by a few fast hands and by many slow ones that have to be called first
    Clock       Python orders, a device computes later: where the clock stops decides what it has measured
    SizeRace    time against size, CPU measured, GPU measured, recorded or a model: drag to the crossover
    Roofline    operations a second against operations a byte: drag the size under the roof

    time_operations    what SizeRace and Roofline show of this machine, measured now
"""

from course_lib.widgets.machines.figures import Clock, Roofline, SizeRace, Workers
from course_lib.widgets.machines.live import Measured, time_operations

__all__ = ["Clock", "Measured", "Roofline", "SizeRace", "Workers", "time_operations"]
