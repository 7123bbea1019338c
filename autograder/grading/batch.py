"""A class at once: grade what is new or changed, tell how it goes, and name what failed."""

from __future__ import annotations

import dataclasses
import time
from typing import Callable, Iterator

import nbformat

from ..verdicts import verdict_of
from . import decisions, plugins
from .course import Course
from ..errors import CourseError


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What became of one submission: "graded", "unchanged", "refused" (the file is no notebook) or "failed" (ours to mend)."""

    student: str
    status: str
    points: float = 0.0
    most: float = 0.0
    to_read: bool = False
    mistakes: tuple[str, ...] = ()
    note: str = ""
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        return self.status in ("graded", "unchanged")


def grade(course: Course, assignment: str, *, students=None, force=False, tell: Callable[[int, int, str], None] = lambda done, total, student: None) -> list[Outcome]:
    """Grade the submissions of an assignment. One that fails stops none of the others."""
    everybody = course.submissions(assignment)
    plugins.secret_of(course.root)                       # a key or a file of decisions that is unfit stops the class here, not each of it with a 0
    decided = decisions.in_force(course.root, assignment)
    with course.gradebook() as gradebook:
        decisions.refuse_unknown(gradebook, assignment, decided, where=f"{decisions.FILE}: ")
        stale = decisions.lost_worth(gradebook, assignment, decided)
    if stale and course.place("source", assignment).is_dir():
        course.generate(assignment)
    with course.gradebook() as gradebook:
        decisions.settle(gradebook, assignment, decided)
    for student in students or ():
        if student not in everybody:
            raise CourseError(f"{student} has not handed in {assignment}.")
    chosen = list(students or everybody)
    outcomes = []
    for done, student in enumerate(chosen):
        tell(done, len(chosen), student)
        outcomes.append(_grade_one(course, assignment, student, force))
    tell(len(chosen), len(chosen), "")
    return outcomes


def _grade_one(course, assignment, student, force) -> Outcome:
    started = time.monotonic()
    if not force and _unchanged(course, assignment, student):
        return dataclasses.replace(_outcome(course, assignment, student, "unchanged"), seconds=time.monotonic() - started)
    try:
        course.step("autograde", assignment, student, force=True, create=True)
    except CourseError as error:
        return Outcome(student, "failed", note=str(error), seconds=time.monotonic() - started)
    return dataclasses.replace(_outcome(course, assignment, student, "graded"), seconds=time.monotonic() - started)


def _outcome(course, assignment, student, status) -> Outcome:
    points, most, to_read = course.score(assignment, student) or (0.0, 0.0, False)
    mistakes, note = [], ""
    for path, notebook in autograded(course, assignment, student):
        if notebook.metadata.get("refused"):
            status, note = "refused", notebook.metadata["refused"]
        mistakes += [name for cell in notebook.cells for verdict in [verdict_of(cell.get("outputs"))] if verdict for name in verdict.mistakes]
    return Outcome(student, status, points, most, to_read, tuple(mistakes), note)


def autograded(course, assignment, student) -> Iterator[tuple]:
    """(path, notebook) of what grading wrote for a student."""
    for path in sorted(course.place("autograded", assignment, student).glob("*.ipynb")):
        yield path, nbformat.read(path, as_version=4)


def _unchanged(course, assignment, student) -> bool:
    """Whether what was graded is, byte for byte, what lies in `submitted`, and by this grader."""
    graded = {path.name: notebook.metadata.get("grading", {}) for path, notebook in autograded(course, assignment, student)}
    handed_in = {path.name: plugins.mark(path, course.root, assignment) for path in course.place("submitted", assignment, student).glob("*.ipynb")}
    return bool(graded) and set(graded) >= set(handed_in) and all(
        {key: graded[name].get(key, "") for key in mark} == mark for name, mark in handed_in.items())
