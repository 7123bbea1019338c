"""A class at once: grade what is new or changed, on all cores, tell how it goes, and name what failed.

Who grades (`executors`) gives results, one writer (`writer`) puts them into the gradebook, and the journal (`journal`)
says what is done. So a run that was stopped, however it was stopped, is taken up again by the same command.
"""

from __future__ import annotations

import dataclasses
import fnmatch
from pathlib import Path
from typing import Callable, Iterator, Mapping

import nbformat

from ..errors import CourseError
from . import cells, conditions, decisions, executors, intake, release, unit, writer
from . import gradebook as books
from .course import Course
from .testcells import OURS
from .journal import DONE, FAILED, GRADED, RECEIVED, REFUSED, RUNNING, Entry, Journal, Key

TO_GRADE = "would be graded"


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What became of one submission: "graded", "unchanged", "refused" (the file is no notebook), "failed" (ours to mend), or,
    in a dry run, "would be graded"."""

    student: str
    status: str
    points: float = 0.0
    most: float = 0.0
    to_read: bool = False
    mistakes: tuple[str, ...] = ()
    note: str = ""
    seconds: float = 0.0
    tier: str = ""
    flagged: Mapping[str, str] = dataclasses.field(default_factory=dict)       # test cell → why a person should confirm its points

    @property
    def ok(self) -> bool:
        return self.status in (GRADED, "unchanged", TO_GRADE)


class Stopped(KeyboardInterrupt):
    """The run was stopped by hand; the message says what is done and how to go on."""


def _silent(done: int, total: int, student: str) -> None:
    pass


def grade(course: Course, assignment: str, *, students=None, force=False, tell: Callable[[int, int, str], None] = _silent, workers: int | None = None,
          scheduler: str = "",
          dry_run: bool = False, accept: str = "", say: Callable[[str], None] = lambda line: None) -> list[Outcome]:
    """Grade the submissions of an assignment. One that fails stops none of the others.

    `workers` processes do it, as many as there are processors without a number, this process itself with 0, or the workers
    of the Dask `scheduler` at an address. `tell` hears
    how many are done, `say` a line for each problem. `accept` is the isolation tier that the instructor puts up with, "C". `CourseError` where nothing could be graded or nothing more could be
    written; what is done by then is done, and the same call goes on. `Stopped` on Ctrl-C.
    """
    everybody = course.submissions(assignment)           # before anything is made in the course root
    for student in students or ():
        if student not in everybody:
            raise CourseError(f"{student} has not handed in {assignment}.")
    chosen = list(students or everybody)
    if dry_run:
        with Journal(course.root, read_only=True) as kept:
            return _Run(course, *prepare(course, assignment, change=False), kept, chosen, force).told_in_advance()
    with writer.alone(course.root), books.alone(course):
        task, standing = prepare(course, assignment)
        with Journal(course.root, busy_seconds=course.patience) as kept:
            if kept.warning:
                say(kept.warning)
            if absent := sorted({name for notebook in task.release.notebooks.values() for name in notebook.given.absent}):
                say(f"{assignment} imports {', '.join(absent)}, which the grader does not have: unless students hand it in, cells that use it fail. Install it beside the grader, and grade again with --force.")
            return _Run(course, task, standing, kept, chosen, force).go(tell, say, (workers, scheduler), accept)


def prepare(course: Course, assignment: str, change: bool = True) -> tuple[unit.Task, dict]:
    """(all that the submissions have in common, where everybody stands now). A key or a decision that is unfit stops the class here,
    not each of it with a 0.

    With `change` the gradebook's cells are first brought in line with the decisions.
    """
    decided = decisions.in_force(course.root, assignment)
    with course.gradebook() as gradebook:
        decisions.refuse_unknown(gradebook, assignment, decided, where=f"{decisions.FILE}: ")
        secret = conditions.secret_of(course.root, needed=_asks_hidden_cases(gradebook, assignment))
        if change:
            if decisions.lost_worth(gradebook, assignment, decided) and course.place("source", assignment).is_dir():
                gradebook.db.rollback()                  # nbgrader opens the gradebook by itself and writes into it
                course.generate(assignment)
            decisions.keep_to(gradebook, assignment, decided)
        released = release.read(gradebook, assignment, course.place("release", assignment), source_files(course, assignment), course.place("source", assignment))
        standing = writer.standing(gradebook, assignment)
    return unit.Task(released, secret, conditions.grader_version(), conditions.decided_in(course.root, assignment), decisions.mark(course.root, assignment), limits(course)), standing


def _asks_hidden_cases(gradebook, assignment: str) -> bool:
    """Whether a test cell of the assignment draws hidden cases, and with them needs the key; one that was made for nbgrader does not."""
    return any(OURS.search(cell.source or "") for notebook in gradebook.find_assignment(assignment).notebooks for cell in notebook.source_cells)


def limits(course: Course) -> unit.Limits:
    """What the course's configuration says of times and sizes, under the names that nbgrader's own autograde reads too."""
    asked = course.config.Execute if "Execute" in course.config else {}
    named = {field.name: asked[field.name] for field in dataclasses.fields(unit.Limits) if field.name in asked}
    return unit.Limits(**named)


def source_files(course: Course, assignment: str) -> dict[str, bytes]:
    """The instructor's files beside the notebooks (`release.source_files`), as the course's configuration has them."""
    left_out = course.config.Autograde.get("exclude_overwriting", {}).get(assignment, []) if "Autograde" in course.config else []
    return release.source_files(course.place("source", assignment), course.place("release", assignment), course.coursedir.ignore, left_out)


def handed_in(course: Course, assignment: str, student: str, notebooks) -> unit.Submission:
    """What lies in `submitted`, opened through no link; a folder that is not to be opened is refused notebook by notebook."""
    folder, ignored = course.place("submitted", assignment, student), course.coursedir.ignore
    try:
        names = [name for name in intake.survey(folder) if not any(fnmatch.fnmatchcase(part, pattern) for part in Path(name).parts for pattern in ignored)]
        found, _ = intake.named(names, notebooks)
        refused = intake.missing(names, notebooks, found)
        contents = {name: intake.read_file(folder, file) for name, file in found.items()}
        files = {name: intake.read_file(folder, name) for name in names if not name.endswith(".ipynb")}
        return unit.Submission(student, contents, refused, files)
    except intake.Refused as reason:
        return unit.Submission(student, {}, refused={name: str(reason) for name in notebooks})
    except OSError as error:
        return unit.Submission(student, {}, refused={name: f"The submission's folder cannot be opened ({error.strerror}). Submit it again." for name in notebooks})


class _Run:
    """One run over a class."""

    def __init__(self, course: Course, task: unit.Task, standing: dict, kept: Journal, students: list[str], force: bool):
        self.course, self.task, self.standing, self.kept, self.students, self.force = course, task, standing, kept, students, force
        self.last, self.outcomes, self.keys = kept.last(task.assignment), {}, {}
        self.release = task.release.digest

    # ---- what there is to do

    def _key(self, submission: unit.Submission) -> Key:
        return Key(submission.digest, self.task.grader, self.task.decisions, self.release)

    def _read(self, student: str) -> unit.Submission:
        return handed_in(self.course, self.task.assignment, student, self.task.release.notebooks)

    def _why(self, student: str, key: Key) -> str:
        """Why a submission is to be graded; "" where it is done."""
        before = self.last.get(student)
        if before is None:
            return "new"
        if before.state not in DONE:
            return "not done before" if before.state != FAILED else f"failed before: {before.why}"
        if changed := key.changed_from(before.key):
            return f"changed: {changed}"
        if student not in self.standing:
            return "not in the gradebook"
        folder = self.course.place("autograded", self.task.assignment, student)
        for name, digest in before.files.items():
            try:
                same = cells.sha256((folder / name).read_bytes()) == digest
            except OSError:
                same = False
            if not same:
                return f"{name} in autograded is not what grading wrote"
        return "forced" if self.force else ""

    def told_in_advance(self) -> list[Outcome]:
        """What a run would do."""
        for student in self.students:
            why = self._why(student, self._key(self._read(student)))
            self.outcomes[student] = self._outcome(student, TO_GRADE if why else self.last[student].state, note=why)
        return self._with_points()

    # ---- doing it

    def go(self, tell, say, who, accept) -> list[Outcome]:
        waiting = []
        for student in self.students:
            submission = self._read(student)
            key = self._key(submission)
            if self._why(student, key):
                waiting.append(Entry(self.task.assignment, student, RECEIVED, key))
            else:
                self.outcomes[student] = self._outcome(student, self.last[student].state)
        done, total = len(self.students) - len(waiting), len(self.students)
        tell(done, total, "")
        if waiting:
            writer.back_up(self.course)
            self.kept.add(*waiting)
            try:
                for done, outcome in enumerate(self._graded(waiting, who, accept, say), done + 1):
                    self.outcomes[outcome.student] = outcome
                    if outcome.status == FAILED:
                        say(f"{outcome.student} failed: {outcome.note}")
                    tell(done, total, outcome.student)
            except writer.Stop as stop:
                raise CourseError(f"{stop} {self._how_to_go_on(done, total)}") from None
            except KeyboardInterrupt:
                raise Stopped(f"Stopped. {self._how_to_go_on(done, total)}") from None
        return self._with_points()

    def _how_to_go_on(self, done, total) -> str:
        return f"{done} of {total} submissions are done and stand in the gradebook; `course grade {self.task.assignment}` goes on with the others."

    def _graded(self, waiting, who, accept, say) -> Iterator[Outcome]:
        with writer.Writer(self.course, self.task) as book, self._executor(*who, len(waiting)) as crew:
            for line in crew.tier(accept).lines:
                say(line)
            for submission, result in crew.run(self._handed_out(waiting)):
                outcome = self._save(book, submission, result)
                while book.warnings:
                    say(book.warnings.pop())
                yield outcome
            self.standing = book.standing()

    def _executor(self, workers, scheduler, most):
        if scheduler:
            return executors.Cluster(self.task, scheduler)
        if workers is None:
            workers = executors.workers_by_default()
        return executors.Processes(self.task, min(workers, most)) if workers else executors.Here(self.task)

    def _handed_out(self, waiting) -> Iterator[unit.Submission]:
        for entry in waiting:
            submission = self._read(entry.student)       # again: a class does not fit into memory at once
            self.keys[entry.student] = self._key(submission)
            self.kept.add(dataclasses.replace(entry, state=RUNNING, key=self.keys[entry.student]))
            yield submission

    def _save(self, book, submission, result) -> Outcome:
        student, written = submission.student, {}
        if isinstance(result, unit.Result) and not result.notebooks:
            result = executors.Failure(f"none of its files is a notebook of this assignment, which has {', '.join(f'{name}.ipynb' for name in self.task.release.notebooks)}.")
        if isinstance(result, unit.Result):
            try:
                written = book.save(submission, result)
            except OSError as error:
                result = executors.Failure(f"{error.filename or 'its folder in autograded'} cannot be written: {error.strerror}.")
            except writer.Unfit as error:
                result = executors.Failure(str(error))
        entry = Entry(self.task.assignment, student, FAILED, self.keys.pop(student))
        if isinstance(result, executors.Failure):
            entry = dataclasses.replace(entry, why=result.why)
        else:
            refused = [judged.refused for judged in result.notebooks.values() if judged.refused]
            repaired = [line for judged in result.notebooks.values() for line in judged.repaired]
            mistakes = tuple(name for judged in result.notebooks.values() for verdict in judged.verdicts.values() for name in verdict.mistakes)
            tiers = {judged.tier for judged in result.notebooks.values() if judged.tier}
            flagged = {} if refused else {cell: why for judged in result.notebooks.values() for cell, why in judged.flagged.items()}
            entry = dataclasses.replace(entry, state=REFUSED if refused else GRADED, why=" ".join(refused or repaired), tier=max(tiers, default=""), seconds=result.seconds, files=written, mistakes=mistakes, flagged=flagged)
        self.kept.add(entry)
        self.last[student] = entry
        return self._outcome(student, entry.state, fresh=True)

    # ---- what became of it

    def _outcome(self, student, state, *, note: str = "", fresh: bool = False) -> Outcome:
        entry = self.last.get(student)
        status = "unchanged" if state == GRADED and not fresh else state
        if entry is None or status == TO_GRADE:
            return Outcome(student, status, note=note)
        return Outcome(student, status, mistakes=entry.mistakes, note=note or entry.why, seconds=entry.seconds if fresh else 0.0, tier=entry.tier, flagged=entry.flagged)

    def _with_points(self) -> list[Outcome]:
        told = []
        for student in self.students:
            points, most, to_read = self.standing.get(student, (0.0, 0.0, False))
            told.append(dataclasses.replace(self.outcomes[student], points=points, most=most, to_read=to_read))
        return told


def to_confirm(course: Course, assignment: str) -> dict[str, Mapping[str, str]]:
    """Student → test cell → why a person should confirm its points, of those whom a person has still to read."""
    with Journal(course.root, read_only=True) as kept:
        flagged = {student: entry.flagged for student, entry in kept.last(assignment).items() if entry.flagged}
    if not flagged:
        return {}
    with course.gradebook() as gradebook:
        standing = writer.standing(gradebook, assignment)
    return {student: cells for student, cells in flagged.items() if standing.get(student, (0, 0, False))[2]}


def autograded(course, assignment, student) -> Iterator[tuple]:
    """(path, notebook) of what grading wrote for a student."""
    for path in sorted(course.place("autograded", assignment, student).glob("*.ipynb")):
        yield path, nbformat.read(path, as_version=4)
