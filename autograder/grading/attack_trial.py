"""One attack, tried: a grader in a process of its own, watched by another that counts processes, bytes and seconds.

The grader grades an honest submission, then the hostile one, then the honest one again. Between these steps it waits
until the watcher has looked at what is left of the hostile one.
"""

from __future__ import annotations

import dataclasses
import json
import multiprocessing
import os
import time
from typing import Callable

import nbformat
import numpy as np

from ..practice import grading
from ..questions import FunctionQuestion, Probe
from ..sandbox import wire
from ..variants import Secret, Variant
from . import attack_host, submission

CELL_SECONDS, CALL_SECONDS = 6.0, 4.0
START_SECONDS = 30.0                 # to start the student's process, again after it ended, on a busy machine
PATIENCE = 3                         # a grader that takes this many times its deadline is ended
SECONDS_TO_GO = 2.0                  # after which no process of a submission may be left
MEMORY = 2 * wire.MAX_BODY + (256 << 20)      # bytes by which the grader may grow over one submission: the largest answer, its copy, and the rest


@dataclasses.dataclass(frozen=True)
class Limits:
    """How long a cell and a call of the student's may take, in seconds."""

    cell: float = CELL_SECONDS
    call: float = CALL_SECONDS

    @property
    def deadline(self) -> float:
        """By when a submission must have been judged: each cell and call once, and once more after a restart."""
        return 2 * (self.cell + self.call) + START_SECONDS


# ---------------------------------------------------------------- the assignment that is attacked

def _sigmoid(x):
    return 1 / (1 + np.exp(-x))


SIGMOID = FunctionQuestion(
    name="sigmoid", groups={"values": 1.0}, function="sigmoid", parameters=("x",), reference=_sigmoid, public=(Probe("values", (np.array([0.0, 1.0, -2.0]),)),),
    hidden=lambda rng: [Probe("values", (rng.normal(size=shape) * 3,)) for shape in ((7,), (1,), (4, 5))])
HONEST = "import numpy as np\n\ndef sigmoid(x):\n    return 1 / (1 + np.exp(-x))"
PROBED = "from autograder.grading.attack_trial import probed\nprobed()"
ASSERTED = """import numpy as np
for x, right in (np.array([-3.0, 0.25, 2.0]), [0.04742587, 0.56217650, 0.88079708]), (np.array([0.5]), [0.62245933]):
    p = sigmoid(x)
    assert np.shape(p) == x.shape
    np.testing.assert_allclose(p, right, rtol=1e-6)"""
MOST = 2.0                           # points: one for the probes, one for the plain test cell


def probed():
    """The verdict on the student's `sigmoid`, from hidden probes: the one line of the first test cell."""
    now = grading.get()
    return SIGMOID.judge(now.get, now.secret.rng(Variant("attack"), SIGMOID.name))


def notebook(solution: str, *names: str) -> nbformat.NotebookNode:
    """A submission: the student's cell, the two test cells, and one for each name that must not be true."""
    tests = {"probed": PROBED, "asserted": ASSERTED, **{name: f"assert {name} is True" for name in names}}
    cells = [_cell(solution, "sigmoid", solution=True), *(_cell(source, name, grade=True, locked=True, points=1.0) for name, source in tests.items())]
    return nbformat.v4.new_notebook(cells=cells)


def _cell(source, name, **marks):
    cell = nbformat.v4.new_code_cell(source, id=name.replace("_", "-")[:64])
    cell.metadata["nbgrader"] = {"schema_version": 3, "grade_id": name, "grade": False, "solution": False, "locked": False, "task": False, **marks}
    return cell


# ---------------------------------------------------------------- the grader's side

def graded(solution: str, limits: Limits, *names: str) -> tuple[dict[str, float], float]:
    """Test cell → points of a solution, and the points that a person is asked to confirm first."""
    done = submission.grade(notebook(solution, *names), Secret(b"a key that only this attack knows"), student="mallory", cell_seconds=limits.cell, call_seconds=limits.call)
    nbformat.writes(done.notebook).encode()          # as it is written to disk: text that cannot be would stop the grader there
    unsure = {name: done.points.pop(name) for name in [*done.flagged] if name not in names}
    return done.points, sum(unsure.values())


def attack_by_code(solution: str, limits: Limits, tell: Callable[[dict], None]) -> None:
    """Grade an honest submission, the hostile one and the honest one again; tell of each."""
    tell({"full": _full()})
    attack_host.forget_peak()
    before, started = attack_host.peak_bytes(), time.monotonic()
    points, unsure = graded(solution, limits, "LEAK")
    leak = points.pop("LEAK") > 0
    tell({"points": sum(points.values()), "unsure": unsure, "leak": leak, "seconds": time.monotonic() - started, "growth": attack_host.peak_bytes() - before})
    tell({"full": _full()})


def _full() -> bool:
    """Whether the honest submission gets all points; it has the usual time, also where hostile ones have less."""
    return sum(graded(HONEST, Limits())[0].values()) == MOST


# ---------------------------------------------------------------- the watcher's side

class Watcher:
    """Runs a grader in a child of this process, step by step, and notes what each step leaves behind."""

    def __init__(self, host: attack_host.Host, grader: Callable[[Callable[[dict], None]], None], seconds: float):
        self.host, self.grader, self.seconds = host, grader, seconds

    def report(self) -> bytes:
        """What the grader told of its steps, how it ended, and what it left: processes, changed paths, scratch; as JSON."""
        self.host.settle()
        connection, died, told, left = self._start(), "", [], []
        deadline, at_rest = time.monotonic() + PATIENCE * self.seconds, 0
        while not died:
            message = self._next(connection, deadline)
            if "done" in message:
                break
            died = message.get("died", "")
            if not died:
                told.append(message)
                if len(told) == 1:
                    at_rest = len(self._processes())
                elif len(told) == 2:
                    left = self._beyond(at_rest)
                connection.send_bytes(b"go on")
        died = self._end(died)
        left += self._beyond(0)
        attack_host.end(self._processes())
        seen = {"own": self.host.own, "died": died, "told": told, "left": left, "changed": self.host.changed(), "scratch": sorted(os.listdir(self.host.scratch))}
        return json.dumps(seen).encode()

    def _start(self):
        ours, theirs = multiprocessing.Pipe()
        self.pid = os.fork()
        if self.pid == 0:
            ours.close()
            attack_host.die_with_parent()
            _be_the_grader(self.grader, theirs)
        theirs.close()
        return ours

    def _next(self, connection, deadline) -> dict:
        try:
            while not connection.poll(.2):
                self._bury()
                if time.monotonic() > deadline:
                    return {"died": "it did not come to an end"}
            return json.loads(connection.recv_bytes())
        except (EOFError, OSError):
            return {"died": "it ended"}

    def _end(self, died) -> str:
        """Why the grader died, in words, with the signal or code it ended with; "" where it did not."""
        if died and died != "it ended":
            attack_host.end([self.pid])
        _, status = os.waitpid(self.pid, 0)
        self.pid = 0
        if died == "it ended":
            died = f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else f"exit code {os.WEXITSTATUS(status)}"
        return died

    def _processes(self) -> dict[int, str]:
        """What the grader and its submissions have started and still lives."""
        self._bury()
        return {pid: command for pid, command in attack_host.offspring(os.getpid()).items() if pid != self.pid}

    def _beyond(self, most: int) -> list[str]:
        """The commands of the processes beyond `most` that are still there when they should be gone."""
        end = time.monotonic() + SECONDS_TO_GO
        while len(now := self._processes()) > most:
            if time.monotonic() > end:
                return list(now.values())[most:]
            time.sleep(.05)
        return []

    def _bury(self) -> None:
        """Take note of the ends of those whose own parents went before them."""
        for pid in attack_host.dead_children():
            if pid != self.pid:
                os.waitpid(pid, os.WNOHANG)


def _be_the_grader(grader, connection):
    """Run `grader` to its end in this process, and end it."""
    def tell(message):
        connection.send_bytes(json.dumps(message).encode())
        connection.recv_bytes()

    try:
        grader(tell)
        last = {"done": True}
    except BaseException as error:
        last = {"died": f"{type(error).__name__}: {error}"[:300]}
    connection.send_bytes(json.dumps(last).encode())
    os._exit(0)
