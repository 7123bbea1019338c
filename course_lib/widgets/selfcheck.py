"""Questions to oneself: judged at once in the page, hints in steps, a worked solution folded away."""

from __future__ import annotations

from collections.abc import Mapping

import anywidget
import traitlets

from course_lib.checks import number
from course_lib.widgets import css, esm


def self_check(question: str, choices=None, *, answer, hints=(), solution: str, tolerance: float = 0.005) -> SelfCheck:
    """A box that asks `question` and answers at once. Nothing is graded.

    `choices` is a list of texts, or a dict from each text to the reply that whoever chooses it gets; without it the
    answer is a number, right within `tolerance` (half of the second decimal). `hints` open one by one, each saying more
    than the last; `solution` has its steps in paragraphs. Text in `back quotes` is set as code.

    Raises `ValueError` if `answer` is not among the choices, or a hint or the solution is missing words.

    >>> check = self_check("What is h?", answer=-.5, hints=["Begin with b."], solution="h = 0 + 0 − 0.5 = −0.5.")
    >>> check.attempts, check.solved
    (0, False)
    """
    return SelfCheck(question, choices, answer=answer, hints=hints, solution=solution, tolerance=tolerance)


class SelfCheck(anywidget.AnyWidget):
    """The box. See `self_check`. How it went is in `attempts`, `hints_opened` and `solved`."""

    _esm = esm("questions/selfcheck.js")
    _css = css()

    question = traitlets.Unicode().tag(sync=True)
    choices = traitlets.List().tag(sync=True)
    answer = traitlets.Float().tag(sync=True)
    tolerance = traitlets.Float().tag(sync=True)
    hints = traitlets.List(traitlets.Unicode()).tag(sync=True)
    solution = traitlets.Unicode().tag(sync=True)
    attempts = traitlets.Int(0).tag(sync=True)
    hints_opened = traitlets.Int(0).tag(sync=True)
    solved = traitlets.Bool(False).tag(sync=True)

    def __init__(self, question, choices=None, *, answer, hints=(), solution, tolerance=0.005):
        for what, words in (("question", question), ("solution", solution), *(("hint", hint) for hint in hints)):
            if not isinstance(words, str) or not words.strip():
                raise ValueError(f"The {what} must be words; got {words!r}.")
        options = list(choices.items()) if isinstance(choices, Mapping) else [(words, "") for words in choices or ()]
        if choices is not None:
            texts = [words for words, _ in options]
            if answer not in texts:
                raise ValueError(f"The answer {answer!r} is not among the choices: {', '.join(texts) or 'there are none'}.")
            answer = texts.index(answer)
        super().__init__(
            question=question, choices=options, answer=number(answer, "answer"), hints=list(hints),
            solution=solution, tolerance=number(tolerance, "tolerance"),
        )  # fmt: skip
