"""Timing on a machine that others use too: process CPU time, contenders taking turns, medians of the ratios of one
round.
"""

import time
from statistics import median


def rounds(contenders, repeats):
    """For each contender (a name: its run) the CPU seconds of one step, in `repeats` rounds in which everybody has a
    turn.
    """
    for run in contenders.values():
        run()  # first calls allocate, and import
    times = {name: [] for name in contenders}
    for _ in range(repeats):
        for name, run in contenders.items():
            started = time.process_time()
            steps = run()
            times[name].append((time.process_time() - started) / steps)
    return times


def ratio(times, above, below):
    """How many times as long `above` takes as `below`: the median over the rounds."""
    return median(a / b for a, b in zip(times[above], times[below]))
