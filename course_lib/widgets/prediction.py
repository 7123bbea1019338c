"""Predict first: a guess is written down before the figure is looked at, and found again beside what happened."""

from __future__ import annotations

import anywidget
import traitlets

from course_lib.widgets import css, esm

KINDS = {int: "int", float: "float", str: "text"}


def predict_first(question: str, *, answer=None, kind: type = float, low=None, high=None, choices=(), name: str | None = None) -> Prediction:
    """A box that asks `question` and keeps what the reader writes; nothing has to be written.

    `kind` is int, float or str; `low` and `high` are the ends of what makes sense; `choices` makes it a choice.
    Show `guess.outcome(…)` further down, and the guess stands beside the answer. It is kept in the reader's browser
    under `name` (the question itself, unless you say otherwise), so it is still there tomorrow. In Python it is `guess.guess`, a text, or None.

    Raises `TypeError` or `ValueError` where the answer itself would not be accepted.

    >>> guess = predict_first("How many of the four points are right?", answer=2, kind=int, low=0, high=4)
    >>> beside = guess.outcome(because="Row two is why.")
    >>> beside.actual, guess.guess
    (2, None)
    """
    return Prediction(question, answer=answer, kind=kind, low=low, high=high, choices=choices, name=name)


class Prediction(anywidget.AnyWidget):
    """The box with the question. See `predict_first`."""

    _esm = esm("questions/prediction.js")
    _css = css()

    part = traitlets.Unicode("ask").tag(sync=True)
    question = traitlets.Unicode().tag(sync=True)
    name = traitlets.Unicode().tag(sync=True)
    kind = traitlets.Enum(("int", "float", "text", "choice")).tag(sync=True)
    choices = traitlets.List(traitlets.Unicode()).tag(sync=True)
    low = traitlets.Float(None, allow_none=True).tag(sync=True)
    high = traitlets.Float(None, allow_none=True).tag(sync=True)
    guess = traitlets.Unicode(None, allow_none=True).tag(sync=True)

    def __init__(self, question: str, *, answer=None, kind=float, low=None, high=None, choices=(), name=None):
        if not isinstance(question, str) or not question.strip():
            raise ValueError(f"A prediction needs a question in words; got {question!r}.")
        if kind not in KINDS:
            raise TypeError(f"kind is int, float or str; got {kind!r}.")
        if low is not None and high is not None and low > high:
            raise ValueError(f"low is {low} and high is {high}: no guess could lie between them.")
        self._answer, self._type, self._choices = answer, kind, list(choices)
        word = "choice" if choices else KINDS[kind]
        super().__init__(question=question, name=name or question, kind=word, choices=list(choices), low=low, high=high)
        if answer is not None:
            self._possible(answer)

    def outcome(self, actual=None, *, because: str = "") -> Outcome:
        """What happened, with the guess beside it: `actual` (or the answer given to `predict_first`) and a sentence why."""
        actual = self._answer if actual is None else actual
        if actual is None:
            raise ValueError("Say what happened: outcome(2), or predict_first(…, answer=2) to begin with.")
        return Outcome(question=self.question, name=self.name, kind=self.kind, actual=self._possible(actual), because=because)

    def _possible(self, answer):
        """`answer` as the kind that was asked for, or a sentence: the reader could never have guessed it."""
        if self.kind == "choice":
            if answer not in self._choices:
                raise ValueError(f"The answer {answer!r} is not among the choices: {', '.join(self._choices)}.")
            return answer
        if self.kind == "text":
            return str(answer)
        answer = answer.item() if hasattr(answer, "item") else answer
        if isinstance(answer, (str, bool)) or self._type(answer) != answer:
            raise TypeError(f"The question asks for {self._type.__name__}; the answer {answer!r} is none.")
        low, high = self.low, self.high
        if (low is not None and answer < low) or (high is not None and answer > high):
            raise ValueError(f"The answer {answer} lies outside of what can be guessed, {low:g} to {high:g}.")
        return self._type(answer)


class Outcome(anywidget.AnyWidget):
    """The guess beside what happened. Made by `Prediction.outcome`."""

    _esm = esm("questions/prediction.js")
    _css = css()

    part = traitlets.Unicode("outcome").tag(sync=True)
    question = traitlets.Unicode().tag(sync=True)
    name = traitlets.Unicode().tag(sync=True)
    kind = traitlets.Unicode().tag(sync=True)
    actual = traitlets.Any().tag(sync=True)
    because = traitlets.Unicode().tag(sync=True)
    guess = traitlets.Unicode(None, allow_none=True).tag(sync=True)
