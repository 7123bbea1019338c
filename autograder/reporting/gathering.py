"""Gathering what is known of a class from the gradebook, the graded notebooks and the record of attempts."""

from __future__ import annotations

import contextlib
import dataclasses
from collections import Counter
from datetime import datetime, timezone
from pathlib import Path

import nbformat
from nbgrader.api import MissingEntry

from ..assignments import load
from ..errors import CourseError
from ..grading import cells, decisions
from ..grading.answers import answers, code
from ..grading.attempts import Attempt, attempts
from ..grading.batch import autograded
from ..grading.course import Course
from ..variants import Variant
from ..verdicts import verdict_of
from .classroom import Answer, Classroom, Student


def gather(course: Course, assignment: str) -> Classroom:
    """All that is known of an assignment; a `CourseError` where nobody has been graded."""
    questions, (term, per_student) = load(assignment), _variant(course, assignment)
    if term:
        questions = load(assignment, term)
    decided = decisions.in_force(course.root, assignment)
    dropped = {question for question, decision in decided.items() if decision.decision == decisions.DROP}
    students, absent, recorded, worth = [], [], {}, {}
    for attempt in attempts(course.root, assignment):
        recorded.setdefault(attempt.student, []).append(attempt)
    with course.gradebook() as gradebook:
        with contextlib.suppress(MissingEntry):
            worth = {cells.question_of(cell.name): float(cell.max_score) for notebook in gradebook.find_assignment(assignment).notebooks for cell in notebook.grade_cells}
        handed_in = {submission.student_id: submission for submission in gradebook.assignment_submissions(assignment)}
        for person in gradebook.students:
            known = dict(id=person.id, first_name=person.first_name or "", last_name=person.last_name or "", email=person.email or "", lms_id=person.lms_user_id or "")
            notebooks = list(autograded(course, assignment, person.id)) if person.id in handed_in else []
            if not notebooks:
                absent.append(Student(**known))
                continue
            students.append(_student(known, handed_in[person.id], notebooks, recorded.get(person.id, []), assignment, dropped))
    if not students:
        course.submissions(assignment)             # a sentence of its own where there are none
        raise CourseError(f"Nothing of {assignment} has been graded yet: `course grade {assignment}` does that.")
    hints = Counter()
    for student in students:                       # the counts in the file only grow; only their sum over the class is kept
        opened = Counter()
        for attempt in recorded.get(student.id, []):
            opened |= Counter(attempt.hints)
        hints += opened
    return Classroom(assignment, questions, Variant(assignment, term), per_student,
                     worth, {name: str(decision) for name, decision in decided.items()},
                     tuple(sorted(students, key=lambda s: s.id)), tuple(sorted(absent, key=lambda s: s.id)),
                     {question.name: hints.get(question.name, 0) for question in questions.questions}, _released(course, assignment))


def _student(known, submission, notebooks, recorded, assignment, dropped) -> Student:
    grades = {cells.question_of(grade.name): grade for notebook in submission.notebooks for grade in notebook.grades}
    comments = {comment.name: comment.comment or "" for notebook in submission.notebooks for comment in notebook.comments}
    written, verdicts = {}, {}
    for _, notebook in notebooks:
        written.update(answers(notebook))
        for cell in notebook.cells:
            mark = cell.metadata.get("nbgrader", {})
            verdict = verdict_of(cell.get("outputs")) if mark.get("grade") and not mark.get("solution") else None      # of check cells only: no student ran those
            if verdict is not None:
                verdicts[cells.question_of(mark["grade_id"])] = verdict
    counts = {name: 0.0 if name in dropped else float(grade.score) for name, grade in grades.items()}      # also where a person gave points since it was dropped
    judged = {name: Answer(written.get(name, ""), verdicts.get(name), None if grade.needs_manual_grade else counts[name], comments.get(name, "")) for name, grade in grades.items()}
    late = min(sum(counts.values()), float(submission.late_submission_penalty or 0))
    return Student(**known, points=sum(counts.values()) - late, late=late, answers=judged, attempts=_history(known["id"], assignment, recorded, notebooks[0], verdicts, written),
                   code="\n\n".join(code(notebook) for _, notebook in notebooks))


def _history(student, assignment, recorded, graded, verdicts, written) -> tuple[Attempt, ...]:
    """A student's attempts, a submission once each, ending with the one that counts now and with what the grader says of it now."""
    path, notebook = graded
    mark, once = notebook.metadata.get("grading", {}), {attempt.submission: attempt for attempt in recorded}
    history, digest = list(once.values()), mark.get("submission", "")
    if not history or history[-1].submission != digest:       # handed in anew as it was before, or never recorded
        when = datetime.fromtimestamp(path.stat().st_mtime, timezone.utc).isoformat(timespec="seconds")
        history.append(once.get(digest) or Attempt(student, assignment, digest, mark.get("grader", ""), when, 0.0, refused=notebook.metadata.get("refused", "")))
    history[-1] = dataclasses.replace(history[-1], verdicts=verdicts, answers={} if history[-1].refused else written)
    return tuple(dataclasses.replace(attempt, hints={}) for attempt in history)      # hints are the class's, never a student's


def _variant(course: Course, assignment: str) -> tuple[str, bool]:
    """The term that the course's source notebook was built for, and whether each student has their own numbers."""
    for path in sorted(course.place("source", assignment).glob("*.ipynb")):
        built = nbformat.read(path, as_version=4).metadata.get("course", {})
        return built.get("term", ""), bool(built.get("own"))
    return "", False


def _released(course: Course, assignment: str) -> str:
    times = [path.stat().st_mtime for path in Path(course.place("release", assignment)).glob("*.ipynb")]
    return datetime.fromtimestamp(max(times), timezone.utc).isoformat(timespec="seconds") if times else ""
