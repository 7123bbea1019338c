"""`make bench-class`: a large class graded once, with the memory that it takes and the time of each tenth of it.

The last lines say what a class of a hundred thousand would take, and what that assumes.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from datetime import date
from pathlib import Path
from statistics import median

import numpy as np
import psutil

MB = 1 << 20
MANY = 100_000


@dataclasses.dataclass(frozen=True)
class Look:
    """What was seen at one moment: how many were graded, and the memory of the command itself and of all its processes."""

    seconds: float
    graded: int
    command: float
    everything: float


def graded_so_far(root: Path) -> int:
    with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(f"file:{root / 'journal.db'}?mode=ro", uri=True, timeout=1)) as journal:
        return journal.execute("SELECT COUNT(*) FROM journal WHERE state IN ('graded', 'refused', 'failed')").fetchone()[0]
    return 0


def memory_of(pid: int) -> tuple[float, float]:
    """(MB of a process, MB of it and of all below it); pages that several share are counted once."""
    command, below = 0.0, 0.0
    with contextlib.suppress(psutil.Error):
        parent = psutil.Process(pid)
        command = parent.memory_full_info().pss / MB
        for child in parent.children(recursive=True):
            with contextlib.suppress(psutil.Error):
                below += child.memory_full_info().pss / MB
    return command, command + below


def watched(root: Path, arguments, environment, every: float = 0.5) -> tuple[list[Look], float]:
    """(what was seen while the class was graded, how long it took)."""
    start, looks, over = time.monotonic(), [], threading.Event()
    command = subprocess.Popen([sys.executable, *arguments], cwd=root, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def look():
        while not over.wait(every):
            looks.append(Look(time.monotonic() - start, graded_so_far(root), *memory_of(command.pid)))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        said = command.communicate()[1]
    finally:
        over.set()
        watcher.join()
    if command.returncode:
        raise SystemExit(f"The command ended with {command.returncode}:\n{said[-4000:]}")
    return looks, time.monotonic() - start


def at(looks: list[Look], graded: float) -> Look:
    """The first look at which so many were graded."""
    return next((look for look in looks if look.graded >= graded), looks[-1])


def tenths(looks: list[Look], count: int) -> list[tuple[int, float, float, float]]:
    """(graded, seconds a submission since the line before, MB of the command, MB of everything) after each tenth."""
    lines, before = [], next(look for look in looks if look.graded)
    for number in range(1, 11):
        now = at(looks, count * number / 10)
        if now.graded > before.graded:
            lines.append((now.graded, (now.seconds - before.seconds) / (now.graded - before.graded), now.command, now.everything))
            before = now
    return lines


def growth(looks: list[Look], count: int) -> float:
    """By how many MB everything together grows for each thousand submissions: the line through what was seen while they were graded."""
    seen = [look for look in looks if count / 10 <= look.graded < count]
    return 1000 * float(np.polyfit([look.graded for look in seen], [look.everything for look in seen], 1)[0])


def size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def main() -> None:
    from grading_cost import environment, make, ours     # beside this file, where it is run as a program

    parser = argparse.ArgumentParser(prog="make bench-class", description=__doc__.splitlines()[0])
    parser.add_argument("--submissions", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    arguments = parser.parse_args()
    count, workers = arguments.submissions, arguments.workers
    print(f"{date.today()}, {platform.machine()}, Python {platform.python_version()}, {count} submissions, {workers} workers, load {os.getloadavg()[0]:.1f}", flush=True)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        root = Path(folder) / "course"
        make(root, count)
        handed_in = size_of(root)
        looks, seconds = watched(root, ours(workers), environment())
        grown = size_of(root) - handed_in
        _, again = watched(root, ours(workers), environment())
    lines = tenths(looks, count)
    print(f"{'graded':>8}{'s each':>10}{'MB, command':>14}{'MB, everything':>16}")
    for graded, each, command, everything in lines:
        print(f"{graded:8}{each:10.3f}{command:14.0f}{everything:16.0f}")
    each, more = median(line[1] for line in lines), growth(looks, count)
    print(f"\n{seconds:.0f} s in all, the first after {next(look for look in looks if look.graded).seconds:.1f} s; the same command again, with nothing to do: {again:.1f} s.")
    print(f"Memory grows by {more:.1f} MB for each thousand submissions.")
    print(f"\n{MANY:,} submissions would take {MANY * each / 3600:.1f} h with these {workers} workers, {MANY * each * workers / 60 / 64:.0f} minutes with 64 like them on a cluster, "
          f"some {max(lines[0][3] + more * MANY / 1000, 0) / 1000:.1f} GB of memory here and {MANY * grown / count / 1e9:.1f} GB of disk.")
    print(f"That assumes submissions like these, a time for each that stays what it is from the first tenth ({lines[0][1]:.3f} s) to the last ({lines[-1][1]:.3f} s), "
          "and one writer who keeps up: see how long it takes for each in `make bench-grading`.")


if __name__ == "__main__":
    main()
