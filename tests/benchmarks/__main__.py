"""`make bench`: how fast this library trains, on this machine and in this minute.

One thread, process CPU time, contenders taking turns, medians of ratios: absolute times say little on a machine that
others use too, ratios within a round do. PyTorch and scikit-learn have their columns where they are installed.
"""

import os

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"  # before anything imports NumPy

import argparse
import platform
from datetime import date
from importlib.util import find_spec
from statistics import median

import numpy as np

from contenders import Limit, Ours, Sklearn, Torch
from kernels import KERNELS
from measure import ratio, rounds
from tape import Tape
from workloads import DROPOUT, PLAIN, REPLICAS

TORCH, SKLEARN = find_spec("torch"), find_spec("sklearn")


def main():
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__.splitlines()[0])
    parser.add_argument("only", nargs="*", help="rows whose names begin with this: a, b, 32, tape, kernel")
    parser.add_argument("--rounds", type=int, default=15)
    arguments = parser.parse_args()

    def wanted(name):
        return not arguments.only or name.startswith(tuple(arguments.only))

    print(f"{date.today()}, {platform.machine()}, Python {platform.python_version()}, NumPy {np.__version__}{torch_version()}, one thread")
    print("µs of CPU time in a training step (of one model); L is the time of the step's matrix products alone\n")
    print(row("training", "L", "ours", "ours / L", "PyTorch", "PyTorch / ours", "sklearn / ours"))
    for workload in filter(lambda workload: wanted(workload.name), PLAIN + DROPOUT + REPLICAS):
        print(training(workload, arguments.rounds), flush=True)
    print("\n" + row("automatic differentiation", "layers", "tape", "tape / layers", "traced", "traced / layers"))
    for workload in filter(lambda workload: wanted("tape"), (PLAIN[0], PLAIN[2])):
        print(tape(workload, arguments.rounds), flush=True)
    print("\n" + row("kernel", "ours", "PyTorch", "PyTorch / ours"))
    for name, make in KERNELS.items():
        if wanted("kernel"):
            print(kernel(name, make, arguments.rounds), flush=True)


def training(workload, repeats):
    contenders = {"ours": Ours(workload).run, "limit": Limit(workload).run}
    if TORCH:
        contenders["torch"] = Torch(workload).run
    if SKLEARN and workload.task == "classes" and not workload.drop and not workload.replicas:
        contenders["sklearn"] = Sklearn(workload).run
    times, models = rounds(contenders, repeats), workload.replicas or 1
    return row(
        workload.name, micro(times["limit"]), micro(times["ours"], models), f"{ratio(times, 'ours', 'limit') / models:.2f}",
        micro(times.get("torch")), *(f"{models * ratio(times, name, 'ours'):.2f}×" if name in times else "–" for name in ("torch", "sklearn")),
    )


def tape(workload, repeats):
    times = rounds({"layers": Ours(workload).run, "tape": Tape(workload).run, "traced": Tape(workload, traced=True).run}, repeats)
    return row(workload.name, micro(times["layers"]), micro(times["tape"]), f"{ratio(times, 'tape', 'layers'):.2f}",
               micro(times["traced"]), f"{ratio(times, 'traced', 'layers'):.2f}")


def kernel(name, make, repeats):
    times = rounds(make(TORCH), repeats)
    return row(name, micro(times["ours"]), micro(times.get("torch")), f"{ratio(times, 'torch', 'ours'):.2f}×" if TORCH else "–")


def row(name, *cells):
    return f"{name:44}" + "".join(f"{cell:>16}" for cell in cells)


def micro(seconds, models=1):
    return f"{median(seconds) * 1e6 / models:.1f}" if seconds else "–"


def torch_version():
    if not TORCH:
        return ""
    import torch

    torch.set_num_threads(1)
    return f", PyTorch {torch.__version__}"


if __name__ == "__main__":
    main()
