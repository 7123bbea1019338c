"""Measurements that were recorded on another machine, for readers who have no such machine.

    python -m course_lib.measurements gpu      times CPU and GPU, and writes assets/measurements/gpu.json
    python -m course_lib.measurements pytorch  trains in PyTorch, and writes assets/measurements/pytorch.json

    recorded("gpu")["measured"]                what was written; False with a reason where nobody has measured yet

A record says on what it was made, with which versions and when. Nothing in it is estimated: what was not measured is null.

    records.py   reading, checking and writing a record
    gpu.py       CPU against GPU, with and without transfer, first call, clock not waited for
    pytorch.py   one training run in PyTorch, from the same θ and with the same minibatches as ours
"""

from course_lib.measurements.records import recorded

__all__ = ["recorded"]
