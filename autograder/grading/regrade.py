"""Regrading: a question found wrong after its release is decided anew, the class graded again, and the change recorded.

Nothing is taken from anybody silently: the gradebook is backed up first, what a person gave for a question that no longer
counts waits in it until the question counts again, and a record says for whom what changed and why. A run that was interrupted is repeated by the same command; its record covers both.
"""

from __future__ import annotations

import contextlib
import csv
import dataclasses
import json
import os
import shutil
import sqlite3
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import Callable, Iterator, Mapping

from sqlalchemy.exc import SQLAlchemyError

from ..assignments import folders, load
from ..course_root import CONFIG, KEY, SETTINGS
from ..errors import CourseError
from ..verdicts import verdict_of
from . import batch, cells, conditions, decisions
from .course import Course, fresh
from .decisions import Decision
from .gradebook import copy_database


@dataclasses.dataclass(frozen=True)
class Points:
    """What one student has for one question: None while a person still has to read it. `by_hand`: a person gave them."""

    points: float | None
    most: float
    by_hand: bool = False

    def __str__(self):
        return f"{'to be read' if self.points is None else format(self.points, 'g')} of {self.most:g}"


@dataclasses.dataclass(frozen=True)
class Change:
    """What became of one student's points for one question; `before` is None where it was not graded before."""

    student: str
    question: str
    before: Points | None
    after: Points
    why: str


@dataclasses.dataclass(frozen=True)
class Regrade:
    """What a regrade did: the changes, what became of each submission, and where the record and the backup lie."""

    changes: tuple[Change, ...]
    outcomes: tuple[batch.Outcome, ...]
    record: Path | None = None
    backup: Path | None = None
    resumed: str = ""


def regrade(course: Course, assignment: str, *, questions=(), decision: str = "", because: str = "", dry_run: bool = False,
            tell: Callable[[int, int, str], None] = lambda done, total, student: None) -> Regrade:
    """Grade everybody's submission of an assignment again: after a `decision` on `questions`, or with the present source and grader.

    `CourseError` where the question is unknown, the decision has no reason, or the key or the decisions cannot be read;
    nothing is changed then. With `dry_run` it all happens to a copy, and nothing changes either way.
    """
    _refuse(course, assignment, questions, decision)
    if dry_run:
        with rehearsal(course, assignment) as copy:
            done = _regrade(copy, assignment, questions, decision, because, tell)
            return dataclasses.replace(done, record=None, backup=None)
    try:
        with _alone(course.root):
            return _regrade(course, assignment, questions, decision, because, tell)
    except (OSError, sqlite3.Error, SQLAlchemyError) as error:
        raise CourseError(f"The regrade of {assignment} could not go on: {error}. Nothing is lost: once that is mended, the same command takes it up again.") from error


@contextlib.contextmanager
def _alone(root: Path):
    """One regrade at a time: a second would take the first for an interrupted one."""
    folder = root / "regrades"
    folder.mkdir(exist_ok=True)
    try:
        import fcntl
    except ImportError:                                  # no such locks on Windows
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CourseError("Another regrade of this course is running; wait until it is done.") from None
        yield
    finally:
        os.close(handle)


def _refuse(course, assignment, questions, decision):
    """Stop before anything is touched where the regrade cannot be done."""
    if bool(questions) != bool(decision):
        raise CourseError("A decision and the questions it is on go together: --question NAME with one of --drop, --full-marks, --new-probes and --as-asked. "
                          f"Without both, `course regrade {assignment}` grades again with the present source.")
    conditions.secret_of(course.root)
    with course.gradebook() as gradebook:
        decisions.refuse_unknown(gradebook, assignment, questions)
        decisions.refuse_unknown(gradebook, assignment, decisions.in_force(course.root, assignment), where=f"{decisions.FILE}: ")
    if decision == decisions.NEW_PROBES and assignment in folders():
        asked = {question.name: question for question in load(assignment).questions}
        for question in questions:
            if not hasattr(asked.get(question), "hidden"):
                raise CourseError(f"{question} of {assignment} has no hidden probes that could be drawn anew. --drop, --full-marks, or a repaired source and `course regrade {assignment}` help it.")
    if not decision:
        course.submissions(assignment)


def _regrade(course, assignment, questions, decision, because, tell) -> Regrade:
    run, resumed = _begin(course, assignment, list(dict.fromkeys(questions)), decision, because)
    with _all_or_nothing(course.root, assignment):
        decisions.add(course.root, [_decision(entry) for entry in run["decisions"]])
        course.generate(assignment)                      # the gradebook takes the present source's cells and points
    decided = decisions.in_force(course.root, assignment)
    with course.gradebook() as gradebook:
        decisions.settle(gradebook, assignment, decided)
    outcomes = batch.grade(course, assignment, force=True, tell=tell) if course.submitted(assignment) else []
    before = {tuple(key): Points(*points) if points else None for key, points in run["before"]}
    changed = tuple(changes(course, assignment, before, standing(course, assignment), decided, because, questions))
    record = write_record(course.root / "regrades", assignment, run["started"], changed)
    _marker(course.root, assignment).unlink()
    return Regrade(changed, tuple(outcomes), record, Path(run["backup"]), resumed)


# ---------------------------------------------------------------- begin, or go on

def _marker(root: Path, assignment: str) -> Path:
    """The file that stands while a regrade runs: what it wants, and everybody's points before it."""
    return root / "regrades" / f"{assignment}.unfinished.json"


def _begin(course, assignment, questions, decision, because) -> tuple[dict, str]:
    """What this run starts from, and since when where an interrupted one is taken up again."""
    marker, wanted = _marker(course.root, assignment), [questions, decision, because]
    if (run := _unfinished(marker)) is not None:
        if run["wanted"] == wanted:
            return run, run["started"]
        run = {**run, "decisions": run["decisions"] + _entries(course, assignment, questions, decision, because), "wanted": wanted}
        resumed = run["started"]
    else:
        entries = _entries(course, assignment, questions, decision, because)
        before = [[list(key), list(dataclasses.astuple(points))] for key, points in standing(course, assignment).items()]
        started = time.strftime("%Y-%m-%d_%H%M%S")
        run, resumed = {"started": started, "backup": _backup(course, started), "wanted": wanted, "decisions": entries, "before": before}, ""
    marker.parent.mkdir(exist_ok=True)                   # a copy for a dry run has none yet
    unwritten = marker.with_suffix(".new")
    unwritten.write_text(json.dumps(run, indent=1), encoding="utf-8")
    unwritten.replace(marker)
    return run, resumed


@contextlib.contextmanager
def _all_or_nothing(root: Path, assignment: str):
    """Where the source cannot be taken in, the decision is not made either."""
    file = root / decisions.FILE
    before = file.read_bytes() if file.exists() else None
    try:
        yield
    except CourseError:
        file.unlink(missing_ok=True) if before is None else file.write_bytes(before)
        _marker(root, assignment).unlink()
        raise


def _unfinished(marker: Path) -> dict | None:
    try:
        return json.loads(marker.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError:
        raise CourseError(f"{marker}, which an interrupted regrade left, cannot be read. Move it away; the gradebook as it was before lies in backups/.") from None


def _entries(course, assignment, questions, decision, because) -> list[dict]:
    if not decision:
        return []
    return [{**dataclasses.asdict(entry), "date": entry.date.isoformat()} for entry in decisions.decide(course.root, assignment, questions, decision, because)]


def _decision(entry: Mapping) -> Decision:
    return Decision(**{**entry, "date": datetime.fromisoformat(entry["date"])})


def _backup(course, when: str) -> str:
    """A copy of the gradebook in backups/, whole even while somebody writes."""
    kept = fresh(course.root / "backups" / f"gradebook_{when}.db")
    kept.parent.mkdir(exist_ok=True)
    copy_database(course, kept)
    return str(kept)


# ---------------------------------------------------------------- before and after

def standing(course: Course, assignment: str) -> dict[tuple[str, str], Points]:
    """(student, question) → what the gradebook says."""
    with course.gradebook() as gradebook:
        return {(submission.student_id, cells.question_of(grade.name)):
                Points(None if grade.auto_score is None and grade.manual_score is None else float(grade.score), float(grade.max_score), grade.manual_score is not None or bool(grade.extra_credit))
                for submission in gradebook.find_assignment(assignment).submissions for notebook in submission.notebooks for grade in notebook.grades}


def changes(course: Course, assignment: str, before: Mapping, after: Mapping, decided: Mapping[str, Decision], because: str, questions) -> Iterator[Change]:
    """What differs, and why; where a decision meets what a person gave, the why says what became of that."""
    said: dict[str, dict[str, str]] = {}
    for (student, question), now in sorted(after.items()):
        then, decision = before.get((student, question)), decided.get(question)
        if then == now:
            continue
        if student not in said:
            said[student] = _headlines(course, assignment, student)
        what = decision.decision if decision else decisions.AS_ASKED if question in questions else "graded again"
        why = f"{what}: {decision.because if decision else because}".removesuffix(": ")
        if then is not None and then.by_hand and not now.by_hand:
            why += f" — what a person gave ({then}) is set aside, and comes back with --as-asked"
        elif then is not None and now.by_hand and not then.by_hand:
            why += " — what a person gave counts again"
        elif (not decision or decision.decision == decisions.NEW_PROBES) and said[student].get(question):
            why += f" — {said[student][question]}"
        yield Change(student, question, then, now, why)


def _headlines(course, assignment, student) -> dict[str, str]:
    """Question → the first words of its verdict."""
    return {verdict.question: verdict.headline for _, notebook in batch.autograded(course, assignment, student) for cell in notebook.cells
            for verdict in [verdict_of(cell.get("outputs"))] if verdict}


COLUMNS = ("student", "question", "before", "most before", "after", "most after", "why")


def write_record(folder: Path, assignment: str, when: str, changed) -> Path:
    """The changes as a CSV file; text that a spreadsheet would take for a formula is quoted."""
    path = fresh(folder / f"{assignment}_{when}.csv")
    with open(path, "x", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        for change in changed:
            numbers = [value for points in (change.before, change.after) for value in (("", "") if points is None else ("to be read" if points.points is None else f"{points.points:g}", f"{points.most:g}"))]
            table.writerow([_harmless(change.student), _harmless(change.question), *numbers, _harmless(change.why)])
    return path


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


# ---------------------------------------------------------------- a copy to try it on

@contextlib.contextmanager
def rehearsal(course: Course, assignment: str) -> Iterator[Course]:
    """A copy of the course root with all that grading one assignment reads, for this user alone, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="course-") as folder:
        root = Path(folder).resolve() / "course"
        root.mkdir()
        for name in (CONFIG, SETTINGS, KEY, decisions.FILE):
            if (course.root / name).exists():
                shutil.copy2(course.root / name, root / name)
        copy_database(course, root / "gradebook.db")
        copy = Course(root)
        copy.coursedir.db_url = f"sqlite:///{root / 'gradebook.db'}"
        places = [("source", "."), ("release", "."), *(("submitted", student) for student in course.submitted(assignment))]
        for step, student in [*places, ("autograded", "anybody")]:
            there, here = course.place(step, assignment, student), copy.place(step, assignment, student)
            if not here.resolve().is_relative_to(root):
                raise CourseError(f"A dry run needs the course's folders inside the course root; its {step} folder is {there}.")
            if there.is_dir() and step != "autograded":
                shutil.copytree(there, here, symlinks=True)
        yield copy
