"""Due dates and late penalties, from `deadlines.toml` and the receipts into nbgrader: its gradebook, so that formgrader, feedback and export show them, and its release.

nbgrader asks its late-submission plug-in only where ``timestamp.txt``, the student's own word, admits to being late. So
`Penalties` stands in the place of its step and asks the receipts. Without a due date in `deadlines.toml` all is nbgrader's.
"""

from __future__ import annotations

import contextlib
import dataclasses
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Iterable

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import AssignLatePenalties, NbGraderPreprocessor

from . import attempts, deadlines, handed_in, receipts
from .course import Course
from .deadlines import Policy
from .receipts import Receipt


@dataclasses.dataclass(frozen=True)
class Standing:
    """When the submission that lies in nbgrader's `submitted` folder was handed in, and by what that is known: its receipt, else the student's word."""

    received: datetime | None = None
    receipt: Receipt | None = None

    @property
    def verified(self) -> bool:
        return self.receipt is not None and self.receipt.verified


def standing(root: Path, folder: Path, student: str, assignment: str, found: Iterable[Receipt] | None = None) -> Standing:
    """What is known of the submission in `folder`."""
    try:
        digest = receipts.digest(handed_in.read(folder).contents)
    except (OSError, handed_in.Unreadable):
        digest = ""
    found = receipts.receipts(root, assignment, student) if found is None else found
    receipt = receipts.first_seen(found).get((student, digest))
    if receipt is not None:
        return Standing(receipt.received, receipt)
    said = attempts.handed_in(folder)
    return Standing(datetime.fromisoformat(said) if said else None)


def settle(gradebook: Gradebook, policy: Policy, assignment: str, student: str, received: datetime | None) -> float | None:
    """Bring a student's due date and late penalty in the gradebook in line with the policy; the penalty, None where there is no due date or no submission.

    The penalty is a share of what each notebook has now, what a person gave included, so it is settled again when that
    changes. Whoever opened the gradebook commits.
    """
    if policy.due is None:
        return None
    try:
        submission = gradebook.find_submission(assignment, student)
    except MissingEntry:
        return None
    due, own = _naive(policy.due), _naive(policy.due_for(student))
    if submission.assignment.duedate != due:
        submission.assignment.duedate = due
    if submission.extension != (own - due or None):
        submission.extension = own - due or None
    total = 0.0
    for notebook in submission.notebooks:
        gradebook.db.refresh(notebook, ["score"])
        penalty = policy.penalty(float(notebook.score or 0.0), student, received)
        if (notebook.late_submission_penalty or 0.0) != penalty:
            notebook.late_submission_penalty = penalty or None
        total += penalty
    gradebook.db.flush()
    return total


def _naive(when: datetime) -> datetime:
    """As nbgrader's database has it: UTC without saying so."""
    return when.astimezone(timezone.utc).replace(tzinfo=None)


def settle_class(course: Course, assignment: str, students: Iterable[str] | None = None) -> dict[str, float]:
    """Settle the penalties of those who have handed in, of all or of `students`; student → penalty. {} where the assignment has no due date."""
    policy = deadlines.policy_for(course.root, assignment)
    if policy.due is None:
        return {}
    found: dict[str, list[Receipt]] = {}
    for receipt in receipts.receipts(course.root, assignment):
        found.setdefault(receipt.student, []).append(receipt)
    settled = {}
    with course.gradebook() as gradebook:
        with contextlib.suppress(MissingEntry):
            gradebook.find_assignment(assignment).duedate = _naive(policy.due)
        for student in sorted(students if students is not None else course.api.get_submitted_students(assignment)):
            known = standing(course.root, course.place("submitted", assignment, student), student, assignment, found.get(student, []))
            penalty = settle(gradebook, policy, assignment, student, known.received)
            if penalty is not None:
                settled[student] = penalty
        gradebook.db.commit()
    return settled


class ByReceipt(LateSubmissionPlugin):
    """nbgrader's late-submission plug-in: the penalty of `deadlines.toml` for what is so many seconds late, else nbgrader's own methods."""

    def late_submission_penalty(self, student_id, score, total_seconds_late):
        where = self.parent
        policy = deadlines.policy_for(Path(where.parent.parent.coursedir.root), where.assignment_id)
        if policy.due is None:
            return super().late_submission_penalty(student_id, score, total_seconds_late)
        return policy.penalty(score, student_id, policy.due_for(student_id) + timedelta(seconds=total_seconds_late))


class Penalties(AssignLatePenalties):
    """nbgrader's step that assigns late penalties, by receipt where `deadlines.toml` has a due date."""

    def preprocess(self, nb, resources):
        nb, resources = super().preprocess(nb, resources)
        course, where = self.parent.parent.coursedir, resources["nbgrader"]
        root, student, assignment = Path(course.root), where["student"], where["assignment"]
        policy = deadlines.policy_for(root, assignment)
        if policy.due is not None:
            known = standing(root, Path(course.format_path(course.submitted_directory, student, assignment)), student, assignment)
            with Gradebook(where["db_url"]) as gradebook:
                penalty = settle(gradebook, policy, assignment, student, known.received)
                gradebook.db.commit()
            self.log.info("%s's %s: penalty %s, received %s, %s", student, assignment, penalty, known.received, "by receipt" if known.verified else "by the student's own word")
        return nb, resources


class TellDeadline(NbGraderPreprocessor):
    """Write into the released notebook when it is due, what being late costs, and what `course pack` may take along."""

    def preprocess(self, nb, resources):
        course, assignment = self.parent.parent.coursedir, resources["nbgrader"]["assignment"]
        policy = deadlines.policy_for(Path(course.root), assignment)
        source = Path(course.format_path(course.source_directory, ".", assignment))
        beside = sorted(path.relative_to(source).as_posix() for path in source.rglob("*") if path.is_file() and path.suffix != ".ipynb")
        notebooks = sorted(path.name for path in source.glob("*.ipynb"))
        told = {"due": policy.due.isoformat() if policy.due else "", "says": policy.sentence(), "notebooks": notebooks, "files": [*beside, *policy.files], "upload": policy.upload}
        nb.metadata["course"] = {**nb.metadata.get("course", {}), "assignment": assignment, **{key: value for key, value in told.items() if value}}
        return nb, resources
