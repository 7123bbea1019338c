"""`make bench`: the table of training speeds, for this machine and this minute.

One thread, process CPU time, contenders taking turns, medians of ratios. Absolute times say little on a shared
machine; ratios within a round do. PyTorch and scikit-learn appear where they are installed.
"""

import os

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"  # before anything imports NumPy

import argparse
import platform
from importlib.util import find_spec
from statistics import median

from contenders import Limit, Ours, Sklearn, Torch
from measure import ratio, rounds
from workloads import DROPOUT, PLAIN, REPLICAS


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("only", nargs="*", help="names of workloads begin with this: a, b, 32, …")
    parser.add_argument("--repeats", type=int, default=15)
    arguments = parser.parse_args()
    torch = find_spec("torch") is not None
    if torch:
        import torch as module

        module.set_num_threads(1)
    print(f"{platform.machine()}, Python {platform.python_version()}, one thread; µs of CPU time a step, and ratios\n")
    print(f"{'workload':44} {'limit':>8} {'ours':>8} {'ours/L':>7} {'torch':>8} {'torch/ours':>11} {'sklearn/ours':>13}")
    for workload in PLAIN + DROPOUT + REPLICAS:
        if not arguments.only or any(workload.name.startswith(name) for name in arguments.only):
            print(line(workload, torch, arguments.repeats), flush=True)


def line(workload, torch, repeats):
    contenders = {"ours": Ours(workload).run, "limit": Limit(workload).run}
    if torch:
        contenders["torch"] = Torch(workload).run
    if workload.task == "classes" and not workload.drop and not workload.replicas and find_spec("sklearn"):
        contenders["sklearn"] = Sklearn(workload).run
    times = rounds(contenders, repeats)
    models = workload.replicas or 1
    cells = {name: f"{median(seconds) * 1e6 / (models if name == 'ours' else 1):.1f}" for name, seconds in times.items()}
    over_limit = f"{ratio(times, 'ours', 'limit') / models:.2f}"
    against = {name: f"{models * ratio(times, name, 'ours'):.2f}×" for name in ("torch", "sklearn") if name in times}
    return (f"{workload.name:44} {cells['limit']:>8} {cells['ours']:>8} {over_limit:>7} {cells.get('torch', '–'):>8} "
            f"{against.get('torch', '–'):>11} {against.get('sklearn', '–'):>13}")


if __name__ == "__main__":
    main()
