"""A small class to be attacked: a course root with one assignment, an honest student, and one whose submission is hostile."""

from __future__ import annotations

import contextlib
import io
import json
import os
import resource
import shutil
import sys
import time
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Callable

import nbformat

from ..course_root import CONFIG, make_course_root
from ..errors import CourseError
from ..sandbox import warm
from . import attack_host
from .attack_trial import HONEST, Limits
from .course import Course

ASSIGNMENT, NOTEBOOK, POINTS = "attacked", "p", 10.0
GOOD, BAD = "alice", "mallory"
MOST_BYTES = 150 << 20               # by which one submission may make the course root grow
STUB = "import numpy as np\n\n### BEGIN SOLUTION\n" + HONEST.split("\n", 2)[2] + "\n### END SOLUTION"
TEST = ("import numpy as np\n\nassert np.allclose(sigmoid(np.array([0.0, 1.0])), [0.5, 0.73105858])\n### BEGIN HIDDEN TESTS\n"
        "assert np.allclose(sigmoid(np.array([-3.0, 0.25, 2.0])), [0.04742587, 0.56217650, 0.88079708])\n### END HIDDEN TESTS")


def make(root: Path, limits: Limits) -> None:
    """Lay out the course root: the assignment released, the honest student's submission handed in."""
    make_course_root(root)
    with open(root / CONFIG, "a", encoding="utf-8") as config:
        config.write(f"\nc.Execute.cell_seconds, c.Execute.call_seconds, c.Execute.submission_seconds = {limits.cell}, {limits.call}, {2 * (limits.cell + limits.call)}\n")
    source = nbformat.v4.new_notebook(cells=[_cell(STUB, "sigmoid", solution=True), _cell(TEST, "test_sigmoid", grade=True, locked=True, points=POINTS)],
                                      metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}})
    place = root / "source" / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    place.parent.mkdir(parents=True)
    nbformat.write(source, place)
    course = Course(root)
    course.generate(ASSIGNMENT)
    released = json.loads((course.place("release", ASSIGNMENT) / f"{NOTEBOOK}.ipynb").read_text(encoding="utf-8"))
    released["cells"][0]["source"] = HONEST
    hand_in(root, GOOD, released)


def _cell(source, name, **marks):
    cell = nbformat.v4.new_code_cell(source, id=name.replace("_", "-"))
    cell.metadata["nbgrader"] = {"schema_version": 3, "grade_id": name, "grade": False, "solution": False, "locked": False, "task": False, **marks}
    return cell


def hand_in(root: Path, student: str, notebook: dict) -> Path:
    """The folder of a submission, with this notebook in it."""
    folder = root / "submitted" / student / ASSIGNMENT
    folder.mkdir(parents=True)
    (folder / f"{NOTEBOOK}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    return folder


def attack_by_submission(module: str, root: Path, tell: Callable[[dict], None]) -> None:
    """Grade a class in which one submission is what `build(directory, notebook)` of this module lays out; tell what came of it."""
    names = {"__name__": "attack"}
    exec(compile(module, "<the case>", "exec"), names)
    honest = json.loads((root / "submitted" / GOOD / ASSIGNMENT / f"{NOTEBOOK}.ipynb").read_text(encoding="utf-8"))
    folder = hand_in(root, BAD, honest)
    names["build"](str(folder), json.loads(json.dumps(honest)))
    extras = sorted(set(os.listdir(folder)) - {f"{NOTEBOOK}.ipynb"})
    own_bytes = _bytes_below(root)
    resource_tracker.ensure_running()                 # of Python's own pools: it ends with this process, and would be taken for one left behind
    tell({})
    attack_host.forget_peak()
    before, started = attack_host.peak_bytes(), time.monotonic()
    code, said = _course("grade", ASSIGNMENT, "--course-dir", str(root), "--workers", "0")
    course = Course(root)
    status, note = _status(course, said)
    tell({"code": code, "status": status, "note": note, "score": _score(course, BAD), "good": _score(course, GOOD), "seconds": time.monotonic() - started,
          "growth": max(attack_host.peak_bytes() - before, _largest_child() - before), "copied": _holding(root, attack_host.MARKER),
          "disk": _bytes_below(root) - own_bytes, "named": bool(extras) and any(name in said for name in extras),
          "unclean": sorted({hex(ord(sign)) for sign in said if not (sign.isprintable() or sign == "\n")})})


def _course(*arguments: str) -> tuple[int, str]:
    """(exit code, what it printed) of `course`, run in this process, which is thrown away."""
    from ..cli import app
    printed = io.StringIO()
    os.environ["COLUMNS"] = "400"
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        try:
            code = app(list(arguments), standalone_mode=False)
        except CourseError as error:
            code = 2
            print(error)
        finally:
            warm.close_all()                          # as the command's own end would
    return code or 0, printed.getvalue()


def _status(course: Course, said: str) -> tuple[str, str]:
    """What became of the hostile submission ("graded", "refused", "failed"), and the words about it."""
    lines = [line.strip() for line in said.splitlines() if BAD in line]
    words = " ".join(lines)
    for status in ("refused", "failed"):
        if status in words:
            return status, words
    return ("graded" if _score(course, BAD) is not None else "failed"), words


def _score(course, student) -> float | None:
    found = course.score(ASSIGNMENT, student)
    return None if found is None else found[0]


def _files(root: Path):
    for place, _, names in os.walk(root):
        for name in names:
            path = Path(place, name)
            if path.is_file() and not path.is_symlink():
                yield path


def _bytes_below(root: Path) -> int:
    return sum(path.stat().st_blocks * 512 for path in _files(root))


def _holding(root: Path, marker: str) -> list[str]:
    """The files below the course root, the attack itself left out, that hold these words."""
    return [str(path.relative_to(root)) for path in _files(root) if BAD not in path.relative_to(root).parts[:2] or path.relative_to(root).parts[0] != "submitted"
            if marker.encode() in path.read_bytes()]


def _largest_child() -> int:
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def fresh_copy(template: Path, place: Path) -> Path:
    """The class, ready to be attacked, in a place of its own."""
    shutil.copytree(template, place / "course", symlinks=True)
    return place / "course"
