"""Due dates and late penalties, from `deadlines.toml` and the receipts into nbgrader: its gradebook, so that formgrader, feedback and export show them, and its release.

nbgrader asks its late-submission plug-in only where ``timestamp.txt``, the student's own word, admits to being late. So
`plugins.Penalties` stands in the place of its step and asks the receipts. Without a due date in `deadlines.toml` all is nbgrader's.
"""

from __future__ import annotations

import contextlib
import dataclasses
from datetime import datetime, timezone
from pathlib import Path
from typing import Iterable

from nbgrader.api import Gradebook, MissingEntry

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
        for student in sorted(students if students is not None else course.submitted(assignment)):
            known = standing(course.root, course.place("submitted", assignment, student), student, assignment, found.get(student, []))
            penalty = settle(gradebook, policy, assignment, student, known.received)
            if penalty is not None:
                settled[student] = penalty
        gradebook.db.commit()
    return settled
