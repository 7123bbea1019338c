"""`check`: the one line of every test cell. In a student's notebook it practises on public cases, at once; when
homework is graded the same line, in the trusted process, asks the student's process and adds the hidden cases.
"""

from __future__ import annotations

import contextvars
import dataclasses
from typing import Any, Callable

from .assignments import load
from .errors import CourseError
from .variants import Secret, Variant
from .verdicts import Verdict


@dataclasses.dataclass(frozen=True)
class Grading:
    """Where the answers come from when homework is graded, and the secret that draws the hidden cases."""

    get: Callable[[str], Any]
    secret: Secret | None


grading: contextvars.ContextVar[Grading | None] = contextvars.ContextVar("grading", default=None)


def check(assignment: str, question: str, *, term: str = "", student: str = "") -> Verdict:
    """The verdict on one question of an assignment, from the names that the notebook defines.

    In a notebook, show it: ``check("A1", "sigmoid")``. ValueError where the assignment has no such question.
    """
    questions = load(assignment, term, student)
    try:
        asked = questions[question]
    except KeyError:
        raise ValueError(f"{assignment} has no question {question!r}; it has {', '.join(q.name for q in questions.questions)}.") from None
    now = grading.get()
    if now is None:
        return asked.judge(_from_notebook, None, assignment)
    if now.secret is None:
        raise CourseError("The course root has no secret.key, from which hidden cases are drawn: `course lab` makes one.")
    return asked.judge(now.get, now.secret.rng(Variant(assignment, term, student), question), assignment)


def _from_notebook(name: str):
    """A name of the notebook, or of the script, that asks."""
    try:
        from IPython import get_ipython
        shell = get_ipython()
    except ImportError:
        shell = None
    import __main__
    names = shell.user_ns if shell is not None else vars(__main__)
    if name not in names:
        raise NameError(name)
    return names[name]
