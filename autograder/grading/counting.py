"""Which attempt counts: the gradebook, the graded notebook and the feedback are those of the attempt that `deadlines.toml` says.

Under "best" every attempt is graded once, so that they can be compared; under the others only the one that counts. What
an attempt earned is remembered in `scores.db` of the course root, by the grader and the decisions that it was judged
under; rows are added, none is changed, and the last one holds.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import sqlite3
from datetime import datetime, timezone
from pathlib import Path
from typing import Callable, Container, Iterable, Iterator, Mapping, Sequence

from nbgrader.api import MissingEntry

from ..errors import CourseError
from . import batch, conditions, deadlines, decisions, handed_in, late, receipts
from .course import Course
from .deadlines import Attempt, Policy
from .receipts import Receipt

FILE = "scores.db"
BUSY_SECONDS = 30.0
SCHEMA = """
CREATE TABLE IF NOT EXISTS scores (
    student TEXT NOT NULL, assignment TEXT NOT NULL, digest TEXT NOT NULL, grader TEXT NOT NULL, graded TEXT NOT NULL, points REAL NOT NULL, most REAL NOT NULL, refused INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS scores_of ON scores (assignment, student);
CREATE TRIGGER IF NOT EXISTS scores_stay BEFORE UPDATE ON scores BEGIN SELECT RAISE(ABORT, 'scores are added, never changed'); END;
CREATE TRIGGER IF NOT EXISTS scores_remain BEFORE DELETE ON scores BEGIN SELECT RAISE(ABORT, 'scores are added, never taken away'); END;
"""
Tell = Callable[[int, int, str], None]


@dataclasses.dataclass(frozen=True)
class Score:
    """What one attempt earned by itself: automatic points, before any penalty and without what a person gave."""

    student: str
    digest: str
    grader: str
    graded: datetime
    points: float
    most: float
    refused: bool


# ---------------------------------------------------------------- what attempts earned

def scores(root: Path, assignment: str, student: str | None = None) -> list[Score]:
    """What the attempts at an assignment earned, in the order in which they were graded."""
    if not (Path(root) / FILE).exists():
        return []
    with _opened(root) as database:
        rows = database.execute("SELECT student, digest, grader, graded, points, most, refused FROM scores WHERE assignment = ? AND student = coalesce(?, student) ORDER BY graded, rowid",
                                (assignment, student)).fetchall()
    return [Score(name, digest, grader, datetime.fromisoformat(graded), points, most, bool(refused)) for name, digest, grader, graded, points, most, refused in rows]


def remember(root: Path, assignment: str, new: Sequence[Score]) -> None:
    """Add what attempts earned."""
    if new:
        with _opened(root) as database:
            database.execute("BEGIN IMMEDIATE")
            database.executemany("INSERT INTO scores VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                                 [(score.student, assignment, score.digest, score.grader, score.graded.isoformat(timespec="microseconds"), score.points, score.most, int(score.refused)) for score in new])
            database.execute("COMMIT")


@contextlib.contextmanager
def _opened(root: Path) -> Iterator[sqlite3.Connection]:
    try:
        with contextlib.closing(sqlite3.connect(Path(root) / FILE, timeout=BUSY_SECONDS, isolation_level=None)) as database:
            if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'scores_remain'").fetchone():
                database.executescript(f"BEGIN IMMEDIATE; {SCHEMA} COMMIT;")
            yield database
    except sqlite3.Error as error:
        raise CourseError(f"{Path(root) / FILE}, where it stands what each attempt earned, cannot be used: {error}. No grade is lost: move it away, and `course grade` finds it out again.") from None


def judged_by(root: Path, assignment: str) -> str:
    """The grader and the decisions under which attempts are judged now."""
    return f"{conditions.grader_version()} {decisions.mark(root, assignment)}".strip()


# ---------------------------------------------------------------- which one counts

def attempts(found: Sequence[Receipt], known: Sequence[Score], grader: str) -> list[tuple[Attempt, Receipt]]:
    """One student's attempts in the order of handing in, each with its latest receipt: handing the same in again moves it to the end and leaves its time."""
    first, earned = receipts.first_seen(found), {score.digest: score for score in known if score.grader == grader}
    latest: dict[str, Receipt] = {}
    for receipt in found:
        latest.pop(receipt.digest, None)
        latest[receipt.digest] = receipt
    listed = []
    for digest, receipt in latest.items():
        score = earned.get(digest)
        listed.append((Attempt(digest, first[receipt.student, digest].received, score and score.points, bool(score and score.refused)), receipt))
    return listed


def next_to_grade(listed: Sequence[Attempt], policy: Policy, student: str, tried: Container[str] = ()) -> Attempt | None:
    """The attempt that has to be graded before it can be said which counts; None where that is known, or where it was `tried` and failed."""
    if policy.counts == deadlines.BEST:
        return next((attempt for attempt in listed if attempt.points is None and attempt.digest not in tried), None)
    chosen = deadlines.counting(listed, policy, student)
    return chosen if chosen and chosen.points is None and chosen.digest not in tried else None


def grade(course: Course, assignment: str, *, students: Sequence[str] | None = None, force: bool = False, tell: Tell = lambda done, total, student: None,
          leave: Mapping[str, Iterable[str]] = {}, graded: Callable[[list[batch.Outcome]], None] = lambda outcomes: None, **options) -> list[batch.Outcome]:
    """Grade an assignment so that the attempt that counts is the one in the gradebook, then settle late penalties.

    Whoever has one attempt, or was put into `submitted` by hand, is graded as it lies there. `leave` names attempts
    (student → digests) that are not to be graded for a comparison now; `graded` hears of each attempt while it lies in
    its place. `options` are the batch's.
    """
    policy = deadlines.policy_for(course.root, assignment)
    if options.get("dry_run"):
        return batch.grade(course, assignment, students=students, force=force, tell=tell, **options)
    everybody = course.submissions(assignment)
    for student in students or ():
        if student not in everybody:
            raise CourseError(f"{student} has not handed in {assignment}.")
    chosen = list(students or everybody)

    def run(some, digests):
        outcomes = batch.grade(course, assignment, students=some, force=force, tell=tell, **options) if some else []
        _remember(course, assignment, outcomes, digests)
        late.settle_class(course, assignment, some)
        graded(outcomes)
        return outcomes

    with alone(course.root):
        lying = _lying(course, assignment, chosen)
        judged: dict[str, dict[str, batch.Outcome]] = {student: {} for student, digests in lying.items() if len(digests) > 1}     # student → digest → its outcome in this run, the last one last
        while turn := _turn(course, assignment, policy, judged, force, leave):
            for outcome in run(list(turn), turn):
                judged[outcome.student][turn[outcome.student]] = outcome
        done = {}
        for student, outcomes in judged.items():
            counts, receipt = _counting(course, assignment, policy, student, outcomes, force)
            handed_in.place(course, receipt)
            lying[student] = [counts.digest]
            if counts.digest == next(reversed(outcomes), None):
                done[student] = outcomes[counts.digest]
        for outcome in run([student for student in chosen if student not in done], {student: digests[0] for student, digests in lying.items() if len(digests) == 1}):
            done[outcome.student] = outcome
    return [done[student] for student in chosen if student in done]


def _turn(course, assignment, policy, judged, force, leave) -> dict[str, str]:
    """Put the next attempt of everybody who has one to be graded into its place; student → its digest."""
    turn = {}
    for student, tried in judged.items():
        listed = _listed(course, assignment, student, tried, force)
        wanted = next_to_grade([attempt for attempt, _ in listed], policy, student, {*tried, *leave.get(student, ())})
        if wanted:
            handed_in.place(course, dict(listed)[wanted])
            turn[student] = wanted.digest
    return turn


def _counting(course, assignment, policy, student, tried, force) -> tuple[Attempt, Receipt]:
    listed = _listed(course, assignment, student, tried, force)
    counts = deadlines.counting([attempt for attempt, _ in listed], policy, student)
    return counts, dict(listed)[counts]


@contextlib.contextmanager
def alone(root: Path) -> Iterator[None]:
    """One at a time puts attempts into their place and grades them; a second, such as a watcher, waits."""
    try:
        import fcntl
    except ImportError:                                  # no such locks on Windows
        yield
        return
    try:
        handle = os.open(Path(root) / ".placing.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise CourseError(f"{Path(root) / '.placing.lock'} cannot be made: {error.strerror}. Grading writes into the course root; make it a folder that you may write.") from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _lying(course, assignment, students) -> dict[str, list[str]]:
    """Student → the digests of the attempts to choose from, for those of whom one lies in `submitted`; what was put there by hand stays."""
    lying = {student: work and receipts.digest(work.contents) for student in students for work in [handed_in.submitted(course, assignment, student)]}
    known = _kept(course, assignment)
    if any(digest not in known.get(student, ()) for student, digest in lying.items()) and handed_in.inbound(course).is_dir():
        handed_in.look(course, assignment)              # collected by nbgrader itself, it may be, and not seen here yet
        known = _kept(course, assignment)
    return {student: known[student] for student, digest in lying.items() if student in known and (digest is None or digest in known[student])}


def _kept(course, assignment) -> dict[str, list[str]]:
    known: dict[str, dict[str, None]] = {}
    for receipt in receipts.receipts(course.root, assignment):
        if handed_in.kept(course.root, receipt):
            known.setdefault(receipt.student, {})[receipt.digest] = None
    return {student: list(digests) for student, digests in known.items()}


def _listed(course, assignment, student, tried, force) -> list[tuple[Attempt, Receipt]]:
    """A student's attempts; with `force` only what was graded in this run has points."""
    found = [receipt for receipt in receipts.receipts(course.root, assignment, student) if handed_in.kept(course.root, receipt)]
    known = [score for score in scores(course.root, assignment, student) if not force or score.digest in tried]
    return attempts(found, known, judged_by(course.root, assignment))


def _remember(course, assignment, outcomes: Iterable[batch.Outcome], digests: Mapping[str, str]) -> None:
    """Note what the attempts that were just graded earned by themselves; `digests` says which attempt of a student it was."""
    grader, now = judged_by(course.root, assignment), datetime.now(timezone.utc)
    last = {(score.student, score.digest): (score.grader, score.points, score.most, score.refused) for score in scores(course.root, assignment)}
    new = []
    with course.gradebook() as gradebook:
        for outcome in outcomes:
            digest = digests.get(outcome.student)
            if digest is None or outcome.status == "failed":
                continue
            points, most = _automatic(gradebook, assignment, outcome.student)
            if last.get((outcome.student, digest)) != (grader, points, most, outcome.status == "refused"):
                new.append(Score(outcome.student, digest, grader, now, points, most, outcome.status == "refused"))
    remember(course.root, assignment, new)


def _automatic(gradebook, assignment, student) -> tuple[float, float]:
    """(points, most) that nbgrader's gradebook has from grading alone."""
    try:
        grades = [grade for notebook in gradebook.find_submission(assignment, student).notebooks for grade in notebook.grades]
    except MissingEntry:
        return 0.0, 0.0
    return sum(float(grade.auto_score or 0.0) for grade in grades), sum(float(grade.max_score or 0.0) for grade in grades)
