"""A very small course for faults: three students, grading that takes no time, and every step of a run counted.

Run as a program it is the grader that is killed: it forks one for each point at which to die, so that the imports are
paid once. ``python faults_course.py FOLDER`` prints a line of JSON for each point.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace

import nbformat

from autograder.course_root import CONFIG, make_course_root
from autograder.grading import attempts, batch, cells, journal, release, unit, writer
from autograder.grading.course import Course
from autograder.grading.journal import DONE, Journal
from autograder.sandbox import tiers

STUDENTS = ("ada", "bob", "cyn")
CELLS = (("setup", "import math", {"locked": True}), ("double", "def double(x):\n    ...", {"solution": True}), ("test_double", "assert double(4) == 8", {"points": 4.0, "locked": True}),
         ("test_more", "assert double(5) == 10", {"points": 2.0, "locked": True}), ("essay", "Your answer", {"points": 3.0, "solution": True, "cell_type": "markdown"}))


def make(root: Path, gradebook: str = "") -> Path:
    """A course root with an assignment that was graded once, a manual score and a comment on it, and new submissions; its gradebook
    at a URL, or in its file."""
    make_course_root(root)
    if gradebook:
        with open(root / CONFIG, "a", encoding="utf-8") as file:
            file.write(f"\nc.CourseDirectory.db_url = {gradebook!r}\n")
    course = Course(root)
    released = release.Notebook("ps1", tuple(_cell(*cell) for cell in CELLS))
    with course.gradebook() as gradebook:
        gradebook.add_assignment("ps")
        gradebook.add_notebook("ps1", "ps")
        for cell in released.cells:
            gradebook.add_source_cell(cell.name, "ps1", "ps", source=cell.source, cell_type=cell.cell_type, locked=cell.locked, checksum=cell.checksum)
            if cell.graded:
                gradebook.add_grade_cell(cell.name, "ps1", "ps", max_score=cell.points, cell_type=cell.cell_type)
            if cell.solution:
                gradebook.add_solution_cell(cell.name, "ps1", "ps")
    place = root / "release" / "ps"
    place.mkdir(parents=True)
    place.joinpath("ps1.ipynb").write_text(nbformat.writes(released.notebook()))
    for student in STUDENTS:
        hand_in(root, student, 1)
    with quick():
        batch.grade(course, "ps", workers=0)
    with course.gradebook() as gradebook:
        gradebook.find_grade("essay", "ps1", "ps", "bob").manual_score = 2.5
        gradebook.find_comment("essay", "ps1", "ps", "bob").manual_comment = "Well seen."
        gradebook.db.commit()
    for student in STUDENTS:
        hand_in(root, student, 2)
    return root


def _cell(name, source, mark):
    cell = release.Cell(**{"name": name, "cell_type": "code", "source": source, "locked": False, "checksum": "", **mark})
    return release.Cell(**{**vars(cell), "checksum": cells.checksum(release.new_cell(cell))})


def hand_in(root: Path, student: str, worth: int) -> None:
    """A submission that earns so much."""
    notebook = nbformat.read(root / "release" / "ps" / "ps1.ipynb", as_version=4)
    for cell in notebook.cells:
        if cell.metadata.nbgrader["grade_id"] == "double":
            cell.source = f"def double(x):\n    return 2 * x  # {worth} {student}"
        if cell.metadata.nbgrader["grade_id"] == "essay":
            cell.source = "Because."
    place = root / "submitted" / student / "ps"
    place.mkdir(parents=True, exist_ok=True)
    place.joinpath("ps1.ipynb").write_text(nbformat.writes(notebook))
    place.joinpath("timestamp.txt").write_text(f"2027-03-0{worth} 18:30:00.000000 UTC")


@contextlib.contextmanager
def quick():
    """Grading without a student's process: the points stand in the answer."""
    def grade(notebook, secret, **how):
        worth = float(re.search(r"# (\d)", next(cell.source for cell in notebook.cells if cells.name(cell) == "double")).group(1))
        return SimpleNamespace(notebook=notebook, points={"test_double": worth, "test_more": worth / 2}, verdicts={}, walled=True, tier="A", flagged=frozenset())

    real, unit.submission.grade = unit.submission.grade, grade
    seen, tiers.in_force = tiers.in_force, lambda accept="": tiers.Tier("A")
    try:
        yield
    finally:
        unit.submission.grade, tiers.in_force = real, seen


# ---------------------------------------------------------------- what a run leaves behind

def grades(root: Path) -> list:
    """All that nbgrader's gradebook knows of the class, without its chance identities."""
    queries = ("SELECT s.student_id, b.name, g.auto_score, g.manual_score, g.needs_manual_grade, s.timestamp, n.late_submission_penalty FROM grade g JOIN base_cell b ON b.id = g.cell_id "
               "JOIN submitted_notebook n ON n.id = g.notebook_id JOIN submitted_assignment s ON s.id = n.assignment_id ORDER BY 1, 2",
               "SELECT s.student_id, b.name, c.auto_comment, c.manual_comment FROM comment c JOIN base_cell b ON b.id = c.cell_id "
               "JOIN submitted_notebook n ON n.id = c.notebook_id JOIN submitted_assignment s ON s.id = n.assignment_id ORDER BY 1, 2")
    with contextlib.closing(sqlite3.connect(root / "gradebook.db", timeout=30)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        known = [list(map(list, database.execute(query))) for query in queries]
    return known


def recorded(root: Path) -> dict[str, int]:
    """Student → attempts on record."""
    return {student: len(attempts.attempts(root, "ps", student)) for student in STUDENTS}


def files(root: Path) -> dict[str, str]:
    """What lies in `autograded`."""
    return {str(path.relative_to(root)): path.read_text(encoding="utf-8") for path in sorted((root / "autograded").rglob("*")) if path.is_file()}


def states(root: Path) -> dict[str, str]:
    with Journal(root) as kept:
        return {student: entry.state for student, entry in kept.last("ps").items()}


def wrongly_done(root: Path, right: tuple[list, dict]) -> list[str]:
    """Students of whom the journal says that they are done with the present submission while the gradebook or a file says otherwise."""
    wrong, now, course = [], (grades(root), files(root)), Course(root)
    with Journal(root) as kept:
        for student, entry in kept.last("ps").items():
            if entry.state in DONE and entry.key.submission == batch.handed_in(course, "ps", student, ["ps1"]).digest:
                theirs = [[row for row in rows if row[0] == student] for rows in now[0]] == [[row for row in rows if row[0] == student] for rows in right[0]]
                wrong += [] if theirs and all(now[1].get(name) == text for name, text in right[1].items() if f"/{student}/" in name) else [student]
    return wrong


# ---------------------------------------------------------------- every step of a run, counted

class Steps:
    """Counts the crossings of each transition and each write, before and after it, and dies at one of them."""

    def __init__(self, die_at: int = 0):
        self.names, self.die_at = [], die_at

    def cross(self, name):
        self.names.append(name)
        if len(self.names) == self.die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, owner, name, after=True):
        real = getattr(owner, name)

        def counted(*arguments, **how):
            self.cross(f"before {name}")
            done = real(*arguments, **how)
            if after:
                self.cross(f"after {name}")
            return done
        setattr(owner, name, counted)

    def watch(self):
        from sqlalchemy.orm import scoped_session
        for owner, name in ((journal.Journal, "add"), (os, "replace"), (writer, "copy_database"), (attempts, "record"), (scoped_session, "commit")):
            self.around(owner, name)
        self.around(tempfile, "mkstemp", after=False)
        self.around(os, "fsync", after=False)            # after it is before the replacement


def forked(work) -> int:
    """Run in a process of its own; its exit code, or minus the signal that ended it."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            code = work() or 0
        finally:
            sys.stdout.flush()
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def run(root: Path, die_at: int = 0, steps_to: Path | None = None) -> int:
    steps = Steps(die_at)
    steps.watch()
    with quick():
        outcomes = batch.grade(Course(root), "ps", workers=0)
    if steps_to:
        steps_to.write_text(json.dumps(steps.names))
    return 0 if {outcome.status for outcome in outcomes} <= {"graded", "unchanged"} else 3


def main(folder: Path) -> None:
    pristine = folder / "pristine"
    forked(lambda: make(pristine) and 0)
    undisturbed = folder / "undisturbed"
    shutil.copytree(pristine, undisturbed)
    assert forked(lambda: run(undisturbed, steps_to=folder / "steps.json")) == 0
    right, steps = (grades(undisturbed), files(undisturbed)), json.loads((folder / "steps.json").read_text())
    print(json.dumps({"steps": steps, "grades": right[0]}), flush=True)
    for point in range(1, len(steps) + 1):
        root, started = folder / "killed", time.monotonic()
        shutil.copytree(pristine, root)
        killed = forked(lambda: run(root, die_at=point))
        broken = [name for name, text in files(root).items() if name.endswith(".ipynb") and "/." not in name and not text.endswith("}\n")]
        wrong = wrongly_done(root, right)
        again = forked(lambda: run(root))
        same = (grades(root), files(root)) == right and set(recorded(root).values()) == {2}
        print(json.dumps({"point": point, "step": steps[point - 1], "killed": killed, "broken": broken, "wrongly done": wrong, "again": again, "same": same,
                          "states": sorted(set(states(root).values())), "seconds": time.monotonic() - started}), flush=True)
        shutil.rmtree(root)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
