"""`check`: the one line of every test cell. In a student's notebook it practises on public cases, at once; when
homework is graded the same line, in the trusted process, asks the student's process and adds the hidden cases.
"""

from __future__ import annotations

import contextvars
import dataclasses
import re
from typing import Any, Callable

from . import due
from .assignments import load
from .errors import CourseError
from .hints import remember
from .variants import Secret, Variant
from .verdicts import Verdict


TASK = "application/vnd.neural-networks-by-hand.task+json"


@dataclasses.dataclass(frozen=True)
class Grading:
    """Where the answers come from when homework is graded, whose they are, and the secret that draws the hidden cases."""

    get: Callable[[str], Any]
    secret: Secret | None
    student: str = ""


grading: contextvars.ContextVar[Grading | None] = contextvars.ContextVar("grading", default=None)


def check(assignment: str, question: str, *, term: str = "", student: str = "", own: bool = False) -> Verdict:
    """The verdict on one question of an assignment, from the names that the notebook defines.

    In a notebook, show it: ``check("A1", "sigmoid")``. With `own` the numbers are those of whoever asks, or, when
    homework is graded, of whoever handed it in. ValueError where the assignment has no such question.
    """
    student = _whose() if own else student
    questions = load(assignment, term, student)
    try:
        asked = questions[question]
    except KeyError:
        raise ValueError(f"{assignment} has no question {question!r}; it has {', '.join(q.name for q in questions.questions)}.") from None
    now = grading.get()
    if now is None:
        verdict = dataclasses.replace(asked.judge(_from_notebook, None, assignment), due=due.line(assignment))
        remember(verdict)
        return verdict
    if now.secret is None:
        raise CourseError("The course root has no secret.key, from which hidden cases are drawn: `course lab` makes one.")
    return asked.judge(now.get, now.secret.rng(Variant(assignment, term, student), question), assignment)


class Task:
    """A part of an assignment's text, with one student's own numbers."""

    def __init__(self, text: str, student: str):
        self.text, self.student = text, student

    def _repr_mimebundle_(self, include=None, exclude=None):
        text = f"{self.text}\n\n*The numbers above are those of **{markdown_text(self.student)}**.*"
        return {"text/plain": text, "text/markdown": text, TASK: {"student": self.student}}


def task(assignment: str, place: int, *, term: str = "") -> Task:
    """What cell `place` of an assignment says, with the numbers of whoever asks (or handed it in)."""
    from .authoring.assignment import text_of
    student = _whose()
    return Task(text_of(assignment, place, term, student), student)


def _whose() -> str:
    """The student whom the numbers are for, as nbgrader names them."""
    from nbgrader.utils import get_username
    now = grading.get()
    return now.student if now is not None else get_username()


def markdown_text(words: str) -> str:
    """Words as Markdown shows them, whatever signs are in them."""
    return re.sub(r"([\\`*_{}\[\]()<>#+\-.!|~$])", r"\\\1", words)


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
