"""The words in which an assignment is written: probes, mistakes, remarks, and what all questions share."""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any, Callable, Mapping

import numpy as np

from ..describe import ANY, same, show
from ..firstaid import explain_missing
from ..sandbox.session import StudentError, StudentGone
from ..verdicts import Group, Verdict
from .observation import Observation


@dataclasses.dataclass(frozen=True)
class Probe:
    """One set of arguments to try a function on, the group whose points it decides, and what it is in words.

    `part` is the place of the returned tuple that counts here; None where all of it does. `accept(value, expected)` says
    what is right where more than one answer is (the slope of ReLU at 0). `shown` is what a student would type to see the
    same, where that is more than a call.
    """

    group: str
    args: tuple
    label: str = ""
    part: int | None = None
    accept: Callable[[Any, Any], bool] | None = None
    shown: str = ""

    def answered(self, value, expected, tolerance) -> bool:
        """Whether this value answers the probe."""
        if self.accept is not None:
            try:
                return bool(self.accept(value, expected))
            except (TypeError, ValueError, IndexError, AttributeError, KeyError):
                return False                        # a value of another kind than was asked for
        if self.part is None:
            return same(value, expected, tolerance)
        return same(value, (ANY,) * len(expected)) and same(value[self.part], expected[self.part], tolerance)

    def call(self, function: str, names: tuple[str, ...]) -> str:
        """The call as a student would type it: ``weighted_sum(X=[[0, 1]], w=[1, -1], b=-0.5)``."""
        if self.shown:
            return self.shown
        shown = [f"{name}={show(arg)}" for name, arg in itertools.zip_longest(names, self.args, fillvalue="")]
        return f"{function}({', '.join(shown)})"


@dataclasses.dataclass(frozen=True)
class Mistake:
    """A mistake that students really make: its name, a sentence on what it does, where to read, three hints, and itself.

    How it is recognised depends on the question: `wrong` is the wrong implementation, called like the reference; `knobs`
    are settings of the question's `model` that make it wrong, so that two mistakes can be combined; `rule` is a wrong rule
    for one `column` of a table; `fits` looks at chosen values, and `example` is a choice that it fits.
    """

    name: str
    sentence: str
    hints: tuple[str, str, str]
    lecture: str = ""
    wrong: Callable | None = None
    also: tuple[Callable, ...] = ()          # the same mistake, written so that it fails in another way
    knobs: Mapping[str, Any] | None = None
    column: str = ""
    rule: Callable | None = None
    fits: Callable | None = None
    example: Mapping[str, Any] | None = None


@dataclasses.dataclass(frozen=True)
class Remark:
    """Something worth saying of a right answer; it never costs points. `applies` sees the observations."""

    sentence: str
    applies: Callable[[list[Observation]], bool]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Question:
    """What all questions share. `groups` names the parts of the question and the points of each."""

    name: str
    groups: Mapping[str, float]
    lecture: str = ""
    hints: tuple[str, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    automatic = True

    @property
    def points(self) -> float:
        return sum(self.groups.values())

    def judge(self, get: Callable[[str], Any], rng: np.random.Generator | None = None, assignment: str = "") -> Verdict:
        """The verdict on the student's names, read by `get(name)`. Without `rng`, on public cases only: practice."""
        raise NotImplementedError

    def verdict(self, assignment, passed: Mapping[str, float], headline, *, status=None, mistakes=(), practice=False, **said) -> Verdict:
        """A verdict from the share of each group that was earned (0 to 1)."""
        groups = tuple(Group(name, round(most * passed.get(name, 0.0), 4), most) for name, most in self.groups.items())
        points = round(sum(group.points for group in groups), 4)
        status = status or ("right" if points == self.points else "partly right" if points else "wrong")
        hints = mistakes[0].hints if mistakes else () if status == "right" else self.hints
        lecture = "" if status == "right" else (mistakes[0].lecture if mistakes else "") or self.lecture
        return Verdict(assignment=assignment, question=self.name, points=points, most=self.points, status=status, headline=headline, groups=groups,
                       mistakes=tuple(mistake.name for mistake in mistakes), hints=tuple(hints), lecture=lecture, practice=practice, **said)

    def read(self, get, names, assignment, practice) -> tuple[dict[str, Any], list[str], Verdict | None]:
        """(name → what the student gave, a sentence on each name that is not there, the verdict where one cannot be had)."""
        given, missing = {}, []
        for name in names:
            try:
                given[name] = get(name)
            except (StudentGone, StudentError) as error:
                return given, missing, self.lost(assignment, error, name, practice)
            except NameError:
                missing.append(f"There is no `{name}` yet: was its cell run?")
        return given, missing, None

    def lost(self, assignment, error, name, practice) -> Verdict:
        """The verdict where the student's name cannot even be had."""
        if isinstance(error, StudentGone):
            late = ": is there a loop that never ends?" if error.late else "."
            return self.verdict(assignment, {}, f"{error.reason[0].upper()}{error.reason[1:]}{late}", status="failed", practice=practice)
        if isinstance(error, NameError):
            return self.verdict(assignment, {}, f"There is no `{name}` yet.", status="failed", practice=practice,
                                explanation=explain_missing(name, getattr(error, "notebook", None)))
        return self.verdict(assignment, {}, f"`{name}` cannot be read: {error}", status="failed", practice=practice)


@dataclasses.dataclass(frozen=True, kw_only=True)
class ManualQuestion(Question):
    """Explain in words; a person reads it."""

    automatic = False


@dataclasses.dataclass(frozen=True)
class Assignment:
    """The questions of one assignment, in order, and the words and numbers that its prose takes from its variant."""

    name: str
    title: str
    questions: tuple[Question, ...]
    prose: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    conventions: Mapping[str, str] = dataclasses.field(default_factory=dict)      # what this term asks otherwise than another might

    def __getitem__(self, name: str) -> Question:
        for question in self.questions:
            if question.name == name:
                return question
        raise KeyError(name)

    @property
    def points(self) -> float:
        return sum(question.points for question in self.questions)
