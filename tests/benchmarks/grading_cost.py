"""`make bench-grading`: what grading a submission costs, with nbgrader as it comes and with this grader.

Both grade the same submissions of one plain nbgrader assignment in copies of one course root, one after the other and
then the other way round. CPU time is that of the command and of every process below it, also of those that outlive
their parents; the start of the command counts. The points of every cell have to be the same.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import json
import os
import platform
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from datetime import date
from pathlib import Path
from statistics import median

import nbformat

CHECKOUT = Path(__file__).resolve().parents[2]
SUBREAPER = 36                                            # PR_SET_CHILD_SUBREAPER
CONFIG = "c = get_config()\nc.CourseDirectory.course_id = 'bench'\nc.ClearSolutions.code_stub = {'python': '...'}\n"
CELLS = (
    ("imports", "import numpy as np", {"locked": True}),
    ("mean", "def mean(x):\n    ### BEGIN SOLUTION\n    return sum(x) / len(x)\n    ### END SOLUTION", {"solution": True}),
    ("test_mean", "assert mean([1, 2, 3]) == 2\nassert abs(mean(np.array([.5, 1])) - .75) < 1e-12", {"points": 2}),
    ("test_mean_hidden", "assert mean([4]) == 4\n### BEGIN HIDDEN TESTS\nassert mean([-1, 1]) == 0\n### END HIDDEN TESTS", {"points": 1}),
    ("softmax", "def softmax(z):\n    ### BEGIN SOLUTION\n    e = np.exp(z - np.max(z))\n    return e / e.sum()\n    ### END SOLUTION", {"solution": True}),
    ("test_softmax", "p = softmax(np.array([1., 2., 3.]))\nassert np.isclose(p.sum(), 1)\nassert np.allclose(p, [0.09003057, 0.24472847, 0.66524096])", {"points": 3}),
    ("test_large", "assert np.allclose(softmax(np.array([1000., 1000.])), .5)", {"points": 2}),
    ("words", "def words(text):\n    ### BEGIN SOLUTION\n    counts = {}\n    for word in text.lower().split():\n        counts[word] = counts.get(word, 0) + 1\n    return counts\n    ### END SOLUTION", {"solution": True}),
    ("test_words", "assert words('a b A') == {'a': 2, 'b': 1}", {"points": 2}),
)
ANSWERS = {                                               # honest ones in several ways, and wrong ones
    "mean": ["def mean(x):\n    return sum(x) / len(x)", "mean = lambda x: float(np.mean(x))", "def mean(x):\n    total = 0\n    for value in x:\n        total += value\n    return total / len(x)",
             "def mean(x):\n    return sum(x)", "def mean(x):\n    return x.mean()", "def mean(x):\n    ..."],
    "softmax": ["def softmax(z):\n    e = np.exp(z - np.max(z))\n    return e / e.sum()", "def softmax(z):\n    z = z - z.max()\n    return np.exp(z) / np.sum(np.exp(z))",
                "def softmax(z):\n    e = np.exp(np.minimum(z, 700))\n    return e / e.sum() + .1", "def softmax(z):\n    return 1 / 0"],
    "words": ["def words(text):\n    counts = {}\n    for word in text.lower().split():\n        counts[word] = counts.get(word, 0) + 1\n    return counts",
              "from collections import Counter\n\ndef words(text):\n    return dict(Counter(text.lower().split()))", "def words(text):\n    return {word: text.count(word) for word in text.split()}"],
}


def make(root: Path, submissions: int) -> None:
    """A course root as nbgrader alone makes one, with its submissions."""
    (root / "source" / "ps1").mkdir(parents=True)
    root.joinpath("nbgrader_config.py").write_text(CONFIG)
    source = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}})
    for number, (name, text, mark) in enumerate(CELLS):
        mark = {"schema_version": 3, "grade_id": name, "grade": "points" in mark, "solution": False, "locked": "points" in mark, "task": False, **mark}
        source.cells.append(nbformat.v4.new_code_cell(text, id=f"cell-{number}", metadata={"nbgrader": mark}))
    nbformat.write(source, root / "source" / "ps1" / "problem.ipynb")
    subprocess.run([sys.executable, "-m", "nbgrader", "generate_assignment", "ps1"], cwd=root, env=environment(), check=True, capture_output=True)
    released = nbformat.read(root / "release" / "ps1" / "problem.ipynb", as_version=4)
    for number in range(submissions):
        for cell in released.cells:
            if answers := ANSWERS.get(cell.metadata.nbgrader["grade_id"]):
                cell.source = f"{answers[number % len(answers)]}\n# {number}"
        place = root / "submitted" / f"student{number:03}" / "ps1"
        place.mkdir(parents=True)
        nbformat.write(released, place / "problem.ipynb")


def environment() -> dict[str, str]:
    """One thread a process, and the interpreter's own folder first on the path: nbgrader calls `alembic` by name."""
    threads = {f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL")}
    return {**os.environ, **threads, "PYTHONPATH": str(CHECKOUT), "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]), "PYTHONWARNINGS": "ignore"}


STOCK = ("-m", "nbgrader", "autograde", "ps1")


def ours(workers: int) -> tuple[str, ...]:
    return ("-m", "autograder.cli", "grade", "ps1", "--course-dir", ".", "--workers", str(workers))


def measured(root: Path, arguments, watched: bool = True) -> tuple[float, float]:
    """(CPU seconds of a command and of all processes below it, wall seconds). Who watches takes a fifth of a processor; not `watched`,
    the time in namespaces is missing from the first."""
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)        # orphans come to this process, and their time with them
    cpu, wall = os.times(), time.monotonic()
    with Unreaped() if watched else contextlib.nullcontext() as unreaped:
        done = subprocess.run([sys.executable, *arguments], cwd=root, env=environment(), capture_output=True, text=True, check=False)
        wall = time.monotonic() - wall
        with contextlib.suppress(ChildProcessError):
            while True:
                os.wait()
    after = os.times()
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)} ended with {done.returncode}:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    return after.children_user + after.children_system - cpu.children_user - cpu.children_system + (unreaped.seconds if watched else 0.0), wall


class Unreaped:
    """The CPU time of processes in namespaces of their own. Where such a namespace is ended as a whole, the kernel adds
    the time of those in it to nobody's; so each is looked at, with the children that it has reaped, as long as it lives."""

    def __enter__(self):
        self.last, self.over = {}, threading.Event()
        self.watcher = threading.Thread(target=self._watch)
        self.watcher.start()
        return self

    def __exit__(self, *exception):
        self.over.set()
        self.watcher.join()

    def _watch(self):
        while not self.over.wait(0.05):
            family = {os.getpid()}
            for pid, parent, numbers, start, ticks in sorted(self._processes(), key=lambda process: process[3]):
                if parent in family:
                    family.add(pid)
                    if len(numbers) > 1 and numbers[-1] == "2":        # the namespace's second process, which starts all others
                        self.last[pid, start] = ticks / os.sysconf("SC_CLK_TCK")

    def _processes(self):
        """(number, parent, numbers in each namespace, start, ticks of its own and of its reaped children) of every process."""
        for place in os.scandir("/proc"):
            if place.name.isdigit():
                with contextlib.suppress(OSError, ValueError):
                    fields = Path(place.path, "stat").read_text().rpartition(")")[2].split()
                    status = Path(place.path, "status").read_text()
                    yield int(place.name), int(fields[1]), status[status.index("NSpid:"):].split("\n", 1)[0].split()[1:], int(fields[19]), sum(map(int, fields[11:15]))

    @property
    def seconds(self):
        return sum(self.last.values())


def points(root: Path) -> dict[str, dict[str, float]]:
    """Student → cell → automatic points."""
    query = ("SELECT s.student_id, b.name, g.auto_score FROM grade g JOIN base_cell b ON b.id = g.cell_id JOIN submitted_notebook n ON n.id = g.notebook_id "
             "JOIN submitted_assignment s ON s.id = n.assignment_id")
    found: dict[str, dict[str, float]] = {}
    with contextlib.closing(sqlite3.connect(root / "gradebook.db")) as gradebook:
        for student, cell, score in gradebook.execute(query):
            found.setdefault(student, {})[cell] = score
    return found


def compare(folder: Path, submissions: int, rounds: int, contenders: dict[str, tuple[str, ...]]) -> dict[str, list[tuple[float, float]]]:
    """Contender → (CPU, wall) of each round. `SystemExit` where two of them give other points."""
    make(folder / "made", submissions)
    times, first = {name: [] for name in contenders}, None
    for number in range(rounds):
        for name in list(contenders)[::-1 if number % 2 else 1]:
            root = folder / f"{name} {number}"
            shutil.copytree(folder / "made", root)
            cpu, wall = measured(root, contenders[name])
            given = points(root)
            if contenders[name] != STOCK:                # which leaves a processor to who watches
                shutil.rmtree(root)
                shutil.copytree(folder / "made", root)
                wall = measured(root, contenders[name], watched=False)[1]
            times[name].append((cpu, wall))
            first = first or given
            if given != first or len(given) != submissions:
                other = {student: (first.get(student), given.get(student)) for student in {*first, *given} if first.get(student) != given.get(student)}
                raise SystemExit(f"{name} gives other points: {json.dumps(other, indent=1)[:3000]}")
            shutil.rmtree(root)
            print(f"  round {number + 1}: {name:16} {times[name][-1][0] / submissions:7.3f} s CPU, {times[name][-1][1] / submissions:7.3f} s wall a submission; load {os.getloadavg()[0]:.1f}", flush=True)
    return times


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-grading", description=__doc__.splitlines()[0])
    parser.add_argument("--submissions", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=2)
    arguments = parser.parse_args()
    print(f"{date.today()}, {platform.machine()}, Python {platform.python_version()}, {len(os.sched_getaffinity(0))} processors, {arguments.submissions} submissions, the start of the command included")
    contenders = {"nbgrader": STOCK, "ours, 1 worker": ours(1), "ours, 2 workers": ours(2)}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        times = compare(Path(folder), arguments.submissions, arguments.rounds, contenders)
        print("  one submission alone:")
        starts = compare(Path(folder) / "one", 1, arguments.rounds, {name: contenders[name] for name in list(contenders)[1:]})
    cpu, wall = ({name: median(pair[which] for pair in pairs) / arguments.submissions for name, pairs in times.items()} for which in (0, 1))
    first = {name: median(pair[1] for pair in pairs) for name, pairs in starts.items()}
    further = {name: (wall[name] * arguments.submissions - first[name]) / max(arguments.submissions - 1, 1) for name in first}
    print(f"\n{'':18}{'CPU':>10}{'wall':>10}   seconds a submission, median of {arguments.rounds} rounds; every cell has the same points in all of them")
    for name in contenders:
        print(f"{name:18}{cpu[name]:10.3f}{wall[name]:10.3f}")
    print(f"\nCPU: nbgrader takes {cpu['nbgrader'] / cpu['ours, 1 worker']:.1f}× as much as one worker and {cpu['nbgrader'] / cpu['ours, 2 workers']:.1f}× as much as two. Wall: two workers are {wall['ours, 1 worker'] / wall['ours, 2 workers']:.2f}× as fast as one, "
          f"and {wall['nbgrader'] / wall['ours, 2 workers']:.1f}× as fast as nbgrader.")
    print(f"The first submission takes {first['ours, 1 worker']:.2f} s with one worker and {first['ours, 2 workers']:.2f} s with two, the start included; each further one {further['ours, 1 worker']:.3f} and {further['ours, 2 workers']:.3f} s: "
          f"{further['ours, 1 worker'] / further['ours, 2 workers']:.2f}×.")


if __name__ == "__main__":
    main()
