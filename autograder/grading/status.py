"""`course status`: what was handed in when, how late that is, which attempt counts; for the class, and for each student.

A student's own status lies in the exchange as a slip, beside nbgrader's feedback and under a name that only who holds
the submission's secret can find, as it is with feedback. It carries the sealed receipts.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Iterable, Mapping

from nbgrader.api import MissingEntry
from nbgrader.utils import notebook_hash

from ..errors import CourseError
from . import attempts as gradings
from . import counting, deadlines, handed_in, receipts
from .course import Course
from .deadlines import Policy

FORMAT = 1
MOST_BYTES = 4 << 20
ON_TIME, LATE, MISSING = "on time", "late", "missing"


@dataclasses.dataclass(frozen=True)
class Row:
    """One submission of a student. `cost` is the share of its points that being late takes, between 0 and 1.

    `points` are what it has left after that, and None while its feedback is not out (for students) or it is not graded.
    """

    name: str
    received: datetime | None
    verified: bool
    late: timedelta
    cost: float
    counts: bool
    out: bool = False
    points: float | None = None
    most: float | None = None
    note: str = ""


@dataclasses.dataclass(frozen=True)
class Standing:
    """One student and one assignment. `due` has the extension in it, whose `reason` is "" where there is none."""

    student: str
    assignment: str
    policy: Policy
    rows: tuple[Row, ...] = ()

    @property
    def due(self) -> datetime | None:
        return self.policy.due_for(self.student)

    @property
    def reason(self) -> str:
        return self.policy.extensions[self.student].reason if self.student in self.policy.extensions else ""

    @property
    def counts(self) -> Row | None:
        return next((row for row in self.rows if row.counts), None)

    @property
    def state(self) -> str:
        """Where the attempt that counts stands: on time, late or missing."""
        return MISSING if self.counts is None else LATE if self.counts.late else ON_TIME


# ---------------------------------------------------------------- what the course root knows

def standings(course: Course, assignment: str, students: Iterable[str] | None = None) -> list[Standing]:
    """Where students stand: all whom the gradebook, the receipts or `submitted` know, or `students`."""
    policy, grader = deadlines.policy_for(course.root, assignment), counting.judged_by(course.root, assignment)
    found: dict[str, list] = {}
    for receipt in receipts.receipts(course.root, assignment):
        found.setdefault(receipt.student, []).append(receipt)
    known: dict[str, list] = {}
    for score in counting.scores(course.root, assignment):
        known.setdefault(score.student, []).append(score)
    here = course.submitted(assignment)
    with course.gradebook() as gradebook:
        people = {student.id for student in gradebook.students} | set(found) | set(here)
        wanted = sorted(people if students is None else students)
        for student in wanted:
            if student not in people:
                raise CourseError(f"Nobody here knows a student {student!r}, by that very name: neither the gradebook nor the receipts.")
        return [Standing(student, assignment, policy, tuple(_rows(course, gradebook, policy, assignment, student, found.get(student, []), known.get(student, []), grader, student in here)))
                for student in wanted]


def _rows(course, gradebook, policy, assignment, student, found, known, grader, lies):
    """A student's submissions, oldest first; what lies in `submitted` without a receipt comes first, and counts."""
    listed, first = counting.attempts(found, known, grader), receipts.first_seen(found)
    earned = {score.digest: score for score in known if score.grader == grader}
    place, graded = course.place("submitted", assignment, student), _graded(gradebook, assignment, student)
    work = handed_in.submitted(course, assignment, student) if lies else None
    lying = receipts.digest(work.contents) if work else ""
    counts = deadlines.counting([attempt for attempt, _ in listed], policy, student)
    if lies and lying not in earned and lying not in {attempt.digest for attempt, _ in listed}:
        said, counts = gradings.handed_in(place), None
        yield _row("no receipt", policy, student, datetime.fromisoformat(said) if said else None, False, True, graded, _out(course, place),
                   "put into submitted/ by hand, or collected by nbgrader alone" + ("; its time is the student's own word" if said else "; nothing says when it was handed in"))
    for attempt, receipt in listed:
        score = earned.get(attempt.digest)
        if attempt.digest == lying and graded:
            points = graded
        else:
            points = score and (score.points - policy.penalty(score.points, student, attempt.received), score.most)
        earliest = first[student, receipt.digest]
        yield _row(earliest.name, policy, student, attempt.received, earliest.verified, attempt == counts, points, _out(course, handed_in.kept(course.root, receipt) or place),
                   earliest.note or ("could not be graded" if attempt.refused else ""))


def _row(name, policy, student, received, verified, counts, score, out, note) -> Row:
    lateness = policy.lateness(student, received)
    points, most = score or (None, None)
    return Row(name, received, verified, lateness, policy.late.share(lateness), counts, out, points, most, note)


def _graded(gradebook, assignment, student) -> tuple[float, float] | None:
    """(points after the penalty, most) in the gradebook; None where nothing was graded."""
    try:
        submission = gradebook.find_submission(assignment, student)
    except MissingEntry:
        return None
    return max(0.0, float(submission.score or 0) - float(submission.late_submission_penalty or 0)), float(submission.max_score or 0)


def _out(course, folder: Path) -> bool:
    """Whether the feedback on the submission in `folder` lies in the exchange."""
    with contextlib.suppress(OSError, ValueError):
        secret = (folder / handed_in.SECRET).read_text(encoding="utf-8")
        return any((_feedback(course) / f"{notebook_hash(secret=secret, notebook_id=path.stem)}.html").exists() for path in folder.glob("*.ipynb"))
    return False


def _feedback(course) -> Path:
    return handed_in.inbound(course).with_name("feedback")


# ---------------------------------------------------------------- slips in the exchange

def publish(course: Course, assignment: str, students: Iterable[str] | None = None) -> int:
    """Put each student's status where they find it; how many files were written anew. A student without a secret, as from an archive, has none."""
    written, folder = 0, _feedback(course)
    found: dict[str, list] = {}
    for receipt in receipts.receipts(course.root, assignment):
        if students is None or receipt.student in students:
            found.setdefault(receipt.student, []).append(receipt)
    if not found or not folder.parent.is_dir():
        return 0
    if not folder.is_dir():
        folder.mkdir(mode=0o711)                         # as nbgrader makes it: nobody may list it
        folder.chmod(0o711)
    for standing in standings(course, assignment, found):
        theirs = found[standing.student]
        slip = json.dumps({**for_student(standing), "receipts": [receipts.sealed(course.root, receipt) for receipt in theirs]}, ensure_ascii=False, indent=1).encode()
        for receipt in theirs:
            kept = handed_in.kept(course.root, receipt)
            with contextlib.suppress(OSError, ValueError):
                if kept is not None:
                    written += _put(folder / slip_name((kept / handed_in.SECRET).read_text(encoding="utf-8")), slip)
    return written


def slip_name(secret: str) -> str:
    """Where a slip lies: a name that follows from the submission's secret alone."""
    return f"{hashlib.sha256(b'slip' + secret.strip().encode()).hexdigest()}.json"


def _put(path: Path, content: bytes) -> bool:
    if path.exists() and path.read_bytes() == content:
        return False
    handle, new = tempfile.mkstemp(dir=path.parent, prefix=".slip-")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.chmod(new, 0o644)
    os.replace(new, path)
    return True


def for_student(standing: Standing) -> dict:
    """A student's status as data: points only where the feedback is out."""
    policy = standing.policy
    rows = [{"receipt": row.name, "received": policy.show(row.received) if row.received else "", "verified": row.verified, "late": deadlines.words(row.late) if row.late else "",
             "cost": row.cost, "counts": row.counts, "note": row.note, **({"points": row.points, "most": row.most} if row.out and row.points is not None else {})} for row in standing.rows]
    return {"format": FORMAT, "student": standing.student, "assignment": standing.assignment, "due": policy.show(standing.due) if standing.due else "", "says": policy.sentence(),
            "extended": standing.reason, "counts": policy.counts, "rows": rows}


# ---------------------------------------------------------------- a student's side

@dataclasses.dataclass(frozen=True)
class Mine:
    """A student's own hand-ins as their machine knows them: the slip of the course, if there is one, and when each was handed in by their own clock."""

    assignment: str
    student: str
    slip: Mapping | None
    waiting: tuple[str, ...] = ()                        # handed in, and not seen by the course yet


def mine(course: Course, assignment: str | None = None) -> list[Mine]:
    """What was handed in from here, by nbgrader's cache, an entry for each assignment and name."""
    cache = Path(course.exchange_factory.List(coursedir=course.coursedir, config=course.config).cache) / course.coursedir.course_id
    by_name: dict[tuple[str, str], list[Path]] = {}
    for folder, student, name in handed_in.submissions(cache, assignment):
        by_name.setdefault((name, student), []).append(folder)
    found = []
    for (name, student), folders in sorted(by_name.items()):
        slips, waiting = [], []
        for folder in sorted(folders):
            slip = _slip(course, folder)
            slips.append((folder, slip)) if slip else waiting.append(gradings.handed_in(folder))
        newest = max((slip for _, slip in slips), key=lambda slip: len(slip.get("receipts", ())), default=None)
        found.append(Mine(name, student, newest, tuple(waiting)))
    return found


def _slip(course, folder: Path) -> dict | None:
    try:
        path = _feedback(course) / slip_name((folder / handed_in.SECRET).read_text(encoding="utf-8"))
        slip = json.loads(path.read_text(encoding="utf-8")) if path.stat().st_size <= MOST_BYTES else None
        return slip if isinstance(slip, dict) and slip.get("format") == FORMAT else None
    except (OSError, ValueError):
        return None


def keep_receipts(folder: Path, slip: Mapping) -> list[Path]:
    """Write the receipts of a slip into a folder, one file each, to be kept; what is there already stays."""
    paths = []
    for receipt in slip.get("receipts", ()):
        name = "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in str(receipt.get("receipt", "")))[:100].lstrip(".")
        path = Path(folder) / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError), open(path, "x", encoding="utf-8") as file:
            json.dump(receipt, file, ensure_ascii=False, indent=1)
        paths.append(path)
    return paths
