"""The one writer of a course: executed notebooks into `autograded`, points and comments into nbgrader's gradebook.

A submission is written whole: its files one by one under their own names in one step each, its grades in one
transaction. Only then does the journal call it done. So whatever stops the writer, the next run finds either the old
grade or the new one, and grades again what is not done. What a person gave is never written over.
"""

from __future__ import annotations

import contextlib
import datetime
import errno
import os
import re
import sqlite3
import tempfile
import time
from pathlib import Path
from typing import Iterator

from nbgrader.api import Comment, Grade, Gradebook, Student, SubmittedAssignment, SubmittedNotebook, new_uuid
from sqlalchemy import bindparam, case, event, func, insert, or_, select, update
from sqlalchemy.exc import DataError, DBAPIError

from ..errors import CourseError
from . import attempts, cells, decisions, set_aside
from . import gradebook as books
from .gradebook import copy_database
from .unit import Judged, Result, Submission, Task

KEPT_BACKUPS = 10
TRIES = 3
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


class Stop(CourseError):
    """Nothing more can be written: the batch ends here, and what is done is done."""


class Unfit(CourseError):
    """The gradebook takes no such values: this submission fails, and no other."""


class Writer:
    """Writes the results of one assignment. Use it as a context manager; one at a time for a course (`alone`)."""

    def __init__(self, course, task: Task):
        self.course, self.task, self.warnings = course, task, []
        self.decided = decisions.in_force(course.root, task.assignment)

    def __enter__(self) -> "Writer":
        with _told():
            self.gradebook = self.course.gradebook()
            lock_at_once(self.gradebook)
            with transaction(self.gradebook):
                assignment = self.gradebook.find_assignment(self.task.assignment)
                self.assignment, self.due = assignment.id, assignment.duedate
                self.notebooks = {notebook.name: _Cells(notebook) for notebook in assignment.notebooks}
                self.by_decision = set(self.decided) | {cells.question_of(cell) for _, cell in set_aside.cells(self.gradebook.db, self.task.assignment)}
        self.permissions = self._permissions()
        return self

    def __exit__(self, *exception) -> None:
        self.gradebook.close()

    def save(self, handed_in: Submission, result: Result) -> dict[str, str]:
        """Write a result; the SHA-256 of each file that was written, by name. `OSError` where its folder cannot be written,
        `Unfit` where the gradebook does not take it, `Stop` where nothing can be written."""
        with _told():
            written = self._files(handed_in, result)
            self._graded(handed_in, result)
        for judged in result.notebooks.values():
            self._attempt(handed_in, judged)
        return written

    def standing(self) -> dict[str, tuple[float, float, bool]]:
        """Where everybody stands now."""
        with _told(), transaction(self.gradebook):
            return standing(self.gradebook, self.task.assignment)

    # ---- files

    def _files(self, handed_in, result) -> dict[str, str]:
        folder = self.course.place("autograded", self.task.assignment, handed_in.student)
        files = {**handed_in.files, **self.task.release.files, **{f"{name}.ipynb": judged.content.encode("utf-8", "surrogatepass") for name, judged in result.notebooks.items()}}
        for name, content in files.items():
            write(folder / name, content, self.permissions)
        for path in [path for path in folder.rglob("*") if (path.is_symlink() or not path.is_dir()) and path.relative_to(folder).as_posix() not in files]:
            path.unlink()                                # what an earlier submission had and this one has not
        if self.course.coursedir.groupshared:
            for place in [folder, *(path for path in folder.rglob("*") if path.is_dir())]:
                place.chmod(place.stat().st_mode & 0o777 | 0o2770)
        return {f"{name}.ipynb": cells.sha256(files[f"{name}.ipynb"]) for name in result.notebooks}

    def _permissions(self) -> int:
        """nbgrader's own, written in octal as in its configuration."""
        default = 664 if self.course.coursedir.groupshared else 444
        return int(str(self.course.config.Autograde.get("permissions", default) if "Autograde" in self.course.config else default), 8)

    # ---- grades

    def _graded(self, handed_in, result) -> None:
        """In one transaction; again where nbgrader itself got in its way, which a server tells only afterwards."""
        for left in reversed(range(TRIES)):
            try:
                with transaction(self.gradebook):
                    return self._grades(handed_in, result)
            except DBAPIError as error:
                if not left or not books.transient(error):
                    raise

    def _grades(self, handed_in, result) -> None:
        places = self._submission(handed_in)
        scores, comments = [], []
        for name, known in self.notebooks.items():
            judged, place = result.notebooks.get(name), places[name]
            if judged is None:                           # not handed in: nothing to read, nothing earned
                scores += [{"cell": cell, "place": place, "score": 0.0, "open": False, "missing": True} for cell in known.graded.values()]
                continue
            scores += [{"cell": known.graded[cell], "place": place, "score": score, "open": score is None or cell in judged.flagged, "missing": False} for cell, score in judged.scores.items() if cell in known.graded]
            comments += [{"cell": known.commented[cell], "place": place, "said": said} for cell, said in judged.comments.items() if cell in known.commented]
        self._run(SET_SCORE, scores)
        self._run(SET_COMMENT, comments)
        if self.by_decision:
            self._settle(places)
        self._penalty(handed_in, list(places.values()))

    def _run(self, statement, rows) -> None:
        if rows:
            self.gradebook.db.connection().execute(statement, rows)

    def _submission(self, handed_in) -> dict[str, str]:
        """Notebook → the gradebook's id of what this student handed in of it; rows that are missing are made, as nbgrader makes them."""
        run, student = self.gradebook.db.connection().execute, handed_in.student
        if run(select(Student.__table__.c.id).where(Student.__table__.c.id == student)).first() is None:
            run(insert(Student.__table__), [{"id": student}])
        known = SubmittedAssignment.__table__.c
        row = run(select(known.id, known.timestamp).where(known.assignment_id == self.assignment, known.student_id == student)).first()
        timestamp = _timestamp(handed_in)
        if row is None:
            submission = new_uuid()
            run(insert(SubmittedAssignment.__table__), [{"id": submission, "assignment_id": self.assignment, "student_id": student, "timestamp": timestamp}])
        else:
            submission = row.id
            if timestamp is not None and timestamp != row.timestamp:
                run(update(SubmittedAssignment.__table__).where(known.id == submission).values(timestamp=timestamp))
        part = SubmittedNotebook.__table__.c
        places = dict(run(select(part.notebook_id, part.id).where(part.assignment_id == submission)).all()) if row else {}
        new = {notebook.id: new_uuid() for notebook in self.notebooks.values() if notebook.id not in places}
        self._run(insert(SubmittedNotebook.__table__), [{"id": place, "notebook_id": notebook, "assignment_id": submission, "flagged": False} for notebook, place in new.items()])
        places.update(new)
        for notebook in self.notebooks.values():
            self._complete(notebook, places[notebook.id], new=notebook.id in new)
        return {name: places[notebook.id] for name, notebook in self.notebooks.items()}

    def _complete(self, notebook, place, new) -> None:
        """A row for each cell that has none yet."""
        for table, wanted, more in ((Grade.__table__, notebook.graded, {"needs_manual_grade": True}), (Comment.__table__, notebook.commented, {})):
            there = set() if new else set(self.gradebook.db.connection().execute(select(table.c.cell_id).where(table.c.cell_id.in_(wanted.values()), table.c.notebook_id == place)).scalars())
            self._run(insert(table), [{"id": new_uuid(), "cell_id": cell, "notebook_id": place, **more} for cell in wanted.values() if cell not in there])

    def _settle(self, places) -> None:
        """Decisions on questions have the last word, also over what a person gave."""
        names = {cell: name for known in self.notebooks.values() for name, cell in known.graded.items() if cells.question_of(name) in self.by_decision}
        for grade in self.gradebook.db.scalars(select(Grade).where(Grade.cell_id.in_(names), Grade.notebook_id.in_(places.values())).with_for_update(of=Grade.__table__)):
            decisions.settle_grade(grade, self.decided.get(cells.question_of(names[grade.cell_id])))
        self.gradebook.db.flush()

    def _penalty(self, handed_in, places) -> None:
        """nbgrader's late penalty, or that of `deadlines.toml` where it has a due date."""
        from . import deadlines, late
        db, root, student = self.gradebook.db, self.course.root, handed_in.student
        policy = deadlines.policy_for(root, self.task.assignment)
        if policy.due is not None:
            known = late.standing(root, self.course.place("submitted", self.task.assignment, student), student, self.task.assignment)
            late.settle(self.gradebook, policy, self.task.assignment, student, known.received)
            return
        part = SubmittedNotebook.__table__
        db.connection().execute(update(part).where(part.c.id.in_(places), part.c.late_submission_penalty.is_not(None)).values(late_submission_penalty=None))
        if self.due is None:
            return
        submission = self.gradebook.find_submission(self.task.assignment, student)
        if submission.total_seconds_late > 0:
            step = self._nbgraders_penalties()
            for notebook in submission.notebooks:
                penalty = step.plugin_inst.late_submission_penalty(student, notebook.score, submission.total_seconds_late)
                notebook.late_submission_penalty = None if penalty is None else step._check_late_penalty(notebook, penalty)
            db.flush()

    def _nbgraders_penalties(self):
        """nbgrader's own step with the plug-in that the course's configuration names."""
        from nbconvert.exporters import NotebookExporter
        from nbgrader.preprocessors import AssignLatePenalties
        step = AssignLatePenalties(parent=NotebookExporter(parent=self.course.api, config=self.course.config))
        step.assignment_id, step.log = self.task.assignment, self.course.api.log
        step.init_plugin()
        return step

    # ---- the record of attempts

    def _attempt(self, handed_in, judged: Judged) -> None:
        """Add this grading to the course's record of attempts; a record that cannot be written never costs the grade."""
        try:
            attempts.record(self.course.root, attempt(self.course, handed_in.student, self.task.assignment, judged))
        except Exception as error:
            self.warnings.append(f"{handed_in.student}'s grading of {self.task.assignment} is done but could not be added to {attempts.FILE}: {error}")


def attempt(course, student: str, assignment: str, judged: Judged) -> attempts.Attempt:
    """A grading as the record of attempts keeps it."""
    from .handed_in import when
    folder = course.place("submitted", assignment, student)
    at, verified = when(course.root, folder, assignment, student)
    grader = f"{judged.mark.get('grader', '')} {judged.mark.get('decisions', '')}".strip()
    return attempts.Attempt(student, assignment, judged.mark.get("submission", ""), grader, attempts.now(), judged.seconds, handed_in=at, verified=verified, refused=judged.refused,
                            hints=attempts.hints_opened(folder, assignment), answers=judged.answers, verdicts={cells.question_of(name): verdict for name, verdict in judged.verdicts.items()})


class _Cells:
    """The gradebook's ids of a notebook and of its cells that get points or a comment."""

    def __init__(self, notebook):
        self.id = notebook.id
        tasks = {cell.name: cell.id for cell in notebook.task_cells}
        self.graded = {**{cell.name: cell.id for cell in notebook.grade_cells}, **tasks}
        self.commented = {**{cell.name: cell.id for cell in notebook.solution_cells}, **tasks}


_grade, _comment = Grade.__table__.c, Comment.__table__.c
SET_SCORE = update(Grade.__table__).where(_grade.cell_id == bindparam("cell"), _grade.notebook_id == bindparam("place")).values(
    auto_score=bindparam("score"),
    needs_manual_grade=case((bindparam("missing") == True, False), (bindparam("open") == True, True), else_=_grade.manual_score.is_not(None)))  # noqa: E712 (SQL)
SET_COMMENT = update(Comment.__table__).where(_comment.cell_id == bindparam("cell"), _comment.notebook_id == bindparam("place")).values(auto_comment=bindparam("said"))


def _timestamp(handed_in: Submission) -> datetime.datetime | None:
    """nbgrader's timestamp of a submission, which its gradebook holds in UTC without saying so."""
    said = attempts.time_said(handed_in.files.get(attempts.TIMESTAMP, b"")[:attempts.MOST_BYTES].decode("utf-8", "replace"))
    return said.replace(tzinfo=None) if said else None


# ---------------------------------------------------------------- the gradebook

def lock_at_once(gradebook: Gradebook) -> None:
    """Let each transaction on an SQLite gradebook be a writer's from its first word: one that reads first and then wants
    to write is turned away where another has written meanwhile."""
    if gradebook.engine.dialect.name != "sqlite":
        return

    @event.listens_for(gradebook.engine, "connect")
    def ours(connection, record):
        connection.isolation_level = None                # Python's own BEGIN would come too late

    @event.listens_for(gradebook.engine, "begin")
    def begin(connection):
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    gradebook.db.remove()
    gradebook.engine.dispose()


@contextlib.contextmanager
def transaction(gradebook: Gradebook) -> Iterator:
    """All that is done to the gradebook here, or nothing; the commits of nbgrader's own methods wait until the end."""
    db = gradebook.db
    db.commit = db.flush
    try:
        yield db
        del db.commit
        db.commit()
    except BaseException:
        vars(db).pop("commit", None)
        db.rollback()
        raise


@contextlib.contextmanager
def _told():
    """What keeps everything from being written, as a sentence."""
    try:
        yield
    except DataError as error:
        raise Unfit(f"the gradebook does not take it: {str(error.orig).strip().splitlines()[0]}.") from None
    except DBAPIError as error:
        raise Stop(books.told(error)) from None
    except OSError as error:
        if error.errno in FULL:
            raise Stop(f"{error.filename or 'The course root'} cannot be written: {error.strerror}.") from None
        raise


def write(path: Path, content: bytes, permissions: int = 0o644) -> None:
    """Write a file in one step: a reader sees the old one or the new one, after a crash too. One that is there already stays."""
    with contextlib.suppress(OSError):
        if not path.is_symlink() and path.stat().st_size == len(content) and path.read_bytes() == content:
            return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, new = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(new, permissions)
        os.replace(new, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(new)
        raise


# ---------------------------------------------------------------- before a run

@contextlib.contextmanager
def alone(root: Path):
    """One grader at a time writes in a course root; a second is told which is the first."""
    try:
        import fcntl
    except ImportError:                                  # no such locks on Windows
        yield
        return
    try:
        handle = os.open(root / "grading.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise CourseError(f"{root / 'grading.lock'} cannot be made: {error.strerror}. Grading writes into the course root; make it a folder that you may write.") from None
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CourseError(f"Another grader is at work in this course ({os.pread(handle, 200, 0).decode(errors='replace').strip() or 'just started'}). Wait until it is done; nothing was changed.") from None
        os.truncate(handle, 0)
        os.pwrite(handle, f"process {os.getpid()} on {os.uname().nodename}, since {time.strftime('%Y-%m-%d %H:%M:%S')}\n".encode(), 0)
        yield
    finally:
        os.close(handle)


def back_up(course) -> Path:
    """Copy the gradebook to backups/grading, whole even while somebody writes; the last ten are kept.

    `CourseError` where it cannot be: nothing is graded then.
    """
    folder = course.root / "backups" / "grading"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for unfinished in folder.glob(".new-*"):         # of a run that was killed while it copied
            unfinished.unlink()
        kept = sorted(path for path in folder.glob("gradebook-*.db") if re.match(r"gradebook-\d{6}_", path.name))
        number = int(kept[-1].name[10:16]) + 1 if kept else 1            # numbered: a clock may be set back
        target = folder / f"gradebook-{number:06}_{time.strftime('%Y-%m-%d_%H%M%S')}.db"
        new = folder / f".new-{os.getpid()}.db"
        copy_database(course, new)
        os.replace(new, target)
        for old in kept[:len(kept) + 1 - KEPT_BACKUPS]:
            old.unlink()
        return target
    except (CourseError, OSError, sqlite3.Error) as error:
        raise CourseError(f"The gradebook could not be copied to {folder} before the run: {error}. Nothing was graded.") from None


# ---------------------------------------------------------------- where a class stands

def standing(gradebook: Gradebook, assignment: str) -> dict[str, tuple[float, float, bool]]:
    """Student → (points, most, whether a person still has to read something), of all who have a grade for the assignment.

    One pass over the grades: nbgrader's own properties would go through all of them once for each student.
    """
    found = gradebook.find_assignment(assignment)
    most = sum(cell.max_score for notebook in found.notebooks for cell in (*notebook.grade_cells, *notebook.task_cells))
    grade, part, whole = Grade.__table__.c, SubmittedNotebook.__table__.c, SubmittedAssignment.__table__.c
    points = case((grade.manual_score.is_not(None), grade.manual_score), else_=func.coalesce(grade.auto_score, 0.0)) + \
        case((or_(grade.manual_score.is_not(None), grade.auto_score.is_not(None)), func.coalesce(grade.extra_credit, 0.0)), else_=0.0)
    query = select(whole.student_id, func.sum(points), func.max(case((grade.needs_manual_grade, 1), else_=0))).select_from(
        SubmittedAssignment.__table__.join(SubmittedNotebook.__table__, part.assignment_id == whole.id).join(Grade.__table__, grade.notebook_id == part.id)
    ).where(whole.assignment_id == found.id).group_by(whole.student_id)
    return {student: (float(points), float(most), bool(open_)) for student, points, open_ in gradebook.db.execute(query)}
