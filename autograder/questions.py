"""The language in which an assignment is written: questions, their probes, and the mistakes they know by name.

A `FunctionQuestion` compares the student's function with the reference on probes; where they differ, with each
`Mistake`, a wrong implementation that students really write. A `ValuesQuestion` judges numbers that the student chose,
a `TableQuestion` a table filled by hand, column by column on the student's own earlier numbers. A `ManualQuestion` is
read by a person. Each yields a `Verdict`.

Probes come in two sorts. Public ones are in the open: the student's own notebook practises on them, and feedback shows
them. Hidden ones are drawn anew from the instructor's secret; a group of probes gives its points only when all of its
probes, hidden ones included, are answered rightly.
"""

from __future__ import annotations

import copy
import dataclasses
import functools
import io
import itertools
import warnings
from contextlib import redirect_stdout
from typing import Any, Callable, Mapping

import numpy as np

from .describe import ANY, TOLERANCE, describe, numbers, same, show
from .firstaid import explain, explain_result
from .sandbox.session import StudentError, StudentGone
from .verdicts import Group, Verdict

__all__ = ["Assignment", "FunctionQuestion", "ManualQuestion", "Mistake", "Observation", "Probe", "Question", "Remark", "TableQuestion", "ValuesQuestion", "Verdict"]


# ---------------------------------------------------------------- the words

@dataclasses.dataclass(frozen=True)
class Probe:
    """One set of arguments to try a function on, the group whose points it decides, and what it is in words.

    `part` is the place of the returned tuple that counts here; None where all of it does.
    """

    group: str
    args: tuple
    label: str = ""
    part: int | None = None

    def answered(self, value, expected, tolerance) -> bool:
        """Whether this value answers the probe."""
        if self.part is None:
            return same(value, expected, tolerance)
        return same(value, (ANY,) * len(expected)) and same(value[self.part], expected[self.part], tolerance)

    def call(self, function: str, names: tuple[str, ...]) -> str:
        """The call as a student would type it: ``weighted_sum(X=[[0, 1]], w=[1, -1], b=-0.5)``."""
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
    applies: Callable[[list["Observation"]], bool]


@dataclasses.dataclass(frozen=True)
class Observation:
    """What a function did with one probe: its value or its error, what it changed in place, warned of and printed."""

    value: Any = None
    error: Exception | None = None
    changed: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()
    printed: str = ""

    def agrees(self, other: "Observation", tolerance=TOLERANCE) -> bool:
        """Whether two observations are those of the same function, as far as one probe shows."""
        if (self.error is None) != (other.error is None) or self.changed != other.changed:
            return False
        if self.error is not None:
            return _kind(self.error) == _kind(other.error)
        return _alike(self.value, other.value, tolerance)


def _kind(error):
    return getattr(error, "kind", type(error).__name__)


def _alike(value, other, tolerance):
    """Like `same`, but NaN equals NaN: two wrong answers are compared, not an answer with the right one."""
    if isinstance(other, tuple):
        return isinstance(value, (tuple, list)) and len(value) == len(other) and all(_alike(a, b, tolerance) for a, b in zip(value, other))
    value, other = numbers(value), numbers(other)
    if value is None or other is None or value.shape != other.shape:
        return value is None and other is None
    hollow = np.isnan(other.astype(float))
    return bool(np.array_equal(np.isnan(value.astype(float)), hollow)) and same(np.where(hollow, 0, value), np.where(hollow, 0, other), tolerance)


def observe(function: Callable, args: tuple) -> Observation:
    """Call the function on fresh copies of the arguments and note all that can be seen from outside.

    Works alike on a function of this process and on a proxy of the student's; a process that ended is an error too.
    """
    given = copy.deepcopy(args)
    printed = io.StringIO()
    with warnings.catch_warnings(record=True) as noticed, redirect_stdout(printed):
        warnings.simplefilter("always")
        try:
            value, error = function(*given), None
        except (Exception, SystemExit) as raised:
            value, error = None, raised
    session = getattr(function, "_of", (None,))[0]
    if session is not None:
        told, text = tuple(session.warnings), session.printed
    else:
        told, text = tuple(f"{w.category.__name__}: {w.message}" for w in noticed), printed.getvalue()
    changed = tuple(place for place, (now, was) in enumerate(zip(given, args)) if not _identical(now, was))
    return Observation(value, error, changed, told, text)


def _identical(now, was):
    if isinstance(was, np.ndarray):
        return np.array_equal(now, was, equal_nan=was.dtype.kind in "fc")
    return callable(was) or type(now) is type(was) and now == was


# ---------------------------------------------------------------- questions

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

    def lost(self, assignment, error, name, practice) -> Verdict:
        """The verdict where the student's name cannot even be had."""
        if isinstance(error, StudentGone):
            late = ": is there a loop that never ends?" if error.late else "."
            return self.verdict(assignment, {}, f"{error.reason[0].upper()}{error.reason[1:]}{late}", status="failed", practice=practice)
        if isinstance(error, NameError):
            return self.verdict(assignment, {}, f"There is no `{name}` yet.", status="failed", practice=practice,
                                explanation="Was the cell that defines it run, did it raise an error, and is the name spelled as the question spells it?")
        return self.verdict(assignment, {}, f"`{name}` cannot be read: {error}", status="failed", practice=practice)


@dataclasses.dataclass(frozen=True, kw_only=True)
class FunctionQuestion(Question):
    """Write a function. `reference` is right, `public` are its open probes, `hidden(rng)` draws the others.

    `parameters` are the names of its arguments; `model(*args, **knobs)` is the reference with mistakes to turn on.
    """

    function: str
    parameters: tuple[str, ...]
    reference: Callable
    public: tuple[Probe, ...]
    hidden: Callable[[np.random.Generator], list[Probe]]
    model: Callable | None = None
    remarks: tuple[Remark, ...] = ()
    keeps_inputs: str = ""               # the group that is lost where the function changes its arguments
    tolerance: float = TOLERANCE

    def wrong(self, mistake: Mistake) -> Callable:
        """The wrong implementation of a mistake."""
        return mistake.wrong if mistake.wrong is not None else functools.partial(self.model, **mistake.knobs)

    def probes(self, rng=None) -> list[Probe]:
        return list(self.public) + (list(self.hidden(rng)) if rng is not None else [])

    def judge(self, get, rng=None, assignment=""):
        practice = rng is None
        try:
            function = get(self.function)
        except (NameError, StudentGone, StudentError) as error:
            return self.lost(assignment, error, self.function, practice)
        if not callable(function):
            return self.verdict(assignment, {}, f"`{self.function}` is {show(function)}, not a function.", status="failed", practice=practice)
        probes, seen, expected = self.probes(rng), [], []
        for probe in probes:
            observation = observe(function, probe.args)
            if isinstance(observation.error, StudentGone):
                return self.lost(assignment, observation.error, self.function, practice)
            seen.append(observation)
            expected.append(self.reference(*copy.deepcopy(probe.args)))
        right = [o.error is None and probe.answered(o.value, e, self.tolerance) for probe, o, e in zip(probes, seen, expected)]
        passed = {group: float(all(ok for ok, probe in zip(right, probes) if probe.group == group)) for group in self.groups}
        changed = any(observation.changed for observation in seen)
        if self.keeps_inputs:
            passed[self.keeps_inputs] = float(all(right) and not changed)
        if all(right) and not (changed and self.keeps_inputs):
            remarks = tuple(remark.sentence for remark in self.remarks if remark.applies(seen))
            return self.verdict(assignment, passed, "Right.", practice=practice, remarks=remarks)
        said = dict(practice=practice, evidence=self._evidence(seen, expected, right))
        fitting = self.recognise(probes, seen)
        if fitting:
            return self.verdict(assignment, passed, " and ".join(mistake.name for mistake in fitting) + ".", mistakes=fitting,
                                explanation=" ".join(mistake.sentence for mistake in fitting), **said)
        headline, explanation, status = self._in_words(probes, seen, expected, right)
        return self.verdict(assignment, passed, headline, explanation=explanation, status=status if not any(passed.values()) else None, **said)

    def recognise(self, probes, seen) -> tuple[Mistake, ...]:
        """The mistake that explains every observation; else two of them together; else none."""
        for mistake in self.mistakes:
            if any(self._explains(wrong, probes, seen) for wrong in (self.wrong(mistake), *mistake.also)):
                return (mistake,)
        turned = [mistake for mistake in self.mistakes if mistake.knobs is not None]
        for first, second in itertools.combinations(turned, 2):
            if not set(first.knobs) & set(second.knobs) and self._explains(functools.partial(self.model, **first.knobs, **second.knobs), probes, seen):
                return (first, second)
        return ()

    def _explains(self, wrong, probes, seen):
        return all(observe(wrong, probe.args).agrees(observation, self.tolerance) for probe, observation in zip(probes, seen))

    def _evidence(self, seen, expected, right) -> str:
        """The smallest public case that goes wrong: the call, the student's answer, the right one."""
        failing = [place for place in range(len(self.public)) if not right[place]]
        if not failing:
            return "" if all(right) else "Every public case comes out right; a hidden one does not."
        place = min(failing, key=lambda place: sum(np.size(arg) for arg in self.public[place].args))
        probe, observation = self.public[place], seen[place]
        yours = f"raises {_kind(observation.error)}" if observation.error is not None else f"gives {show(observation.value)}"
        return f"`{probe.call(self.function, self.parameters)}` {yours}; right is {show(expected[place])}."

    def _in_words(self, probes, seen, expected, right):
        """(headline, explanation, status) where no mistake is recognised."""
        place = right.index(False) if False in right else 0
        observation = seen[place]
        failed = [place for place, observation in enumerate(seen) if observation.error is not None]
        if failed:
            error = seen[failed[0]].error
            every = len(failed) == len(seen)
            # An error's text may carry the arguments it was raised with, so it is told for public cases only.
            public = failed[0] < len(self.public)
            text, line, source = (str(error), getattr(error, "line", None), getattr(error, "source", "")) if public else ("", None, "")
            blank = every and _kind(error) == "NotImplementedError"
            return ("Not written yet." if blank else f"It raises {_kind(error)}." if every else f"It raises {_kind(error)} on {probes[failed[0]].label or 'some inputs'}.",
                    explain(_kind(error), text, line, source), "blank" if blank else "failed")
        if all(right):
            return "It changes its arguments.", "The values are right, but the caller's own arrays are different afterwards: work on a copy, or make new arrays.", None
        nothing = explain_result(observation.value, observation.printed, expected[place])
        if nothing:
            return "It returns no numbers.", nothing, "blank" if observation.value is None and all(o.value is None for o in seen) else "failed"
        label = probes[place].label
        return ("Not right yet." if not any(right) else f"Right in part, wrong on {label or 'some inputs'}."), describe(observation.value, expected[place], self.tolerance), None


@dataclasses.dataclass(frozen=True, kw_only=True)
class ValuesQuestion(Question):
    """Choose numbers. `shapes` names them and their shapes; `shares(values)` says how much of each group they earn (0 to 1)."""

    shapes: Mapping[str, tuple[int, ...]]
    shares: Callable[[Mapping[str, np.ndarray]], Mapping[str, float]]
    evidence: Callable[[Mapping[str, np.ndarray]], str] = lambda values: ""
    example: Mapping[str, Any] | None = None

    def judge(self, get, rng=None, assignment=""):
        practice = rng is None
        values = {}
        for name, shape in self.shapes.items():
            try:
                given = get(name)
            except (NameError, StudentGone, StudentError) as error:
                return self.lost(assignment, error, name, practice)
            problem = _value_problem(given, shape)
            if problem:
                blank = _is_blank(given)
                return self.verdict(assignment, {}, "Not filled in yet." if blank else f"`{name}` is not what is asked for.", status="blank" if blank else "failed",
                                    explanation=f"`{name}`: {problem}", practice=practice)
            values[name] = numbers(given).astype(float).reshape(shape)
        shares = self.shares(values)
        if all(shares.get(group) == 1 for group in self.groups):
            return self.verdict(assignment, shares, "Right.", practice=practice)
        fitting = tuple(itertools.islice((mistake for mistake in self.mistakes if mistake.fits(values)), 1))
        headline = f"{fitting[0].name}." if fitting else "Not right yet."
        return self.verdict(assignment, shares, headline, mistakes=fitting, explanation=fitting[0].sentence if fitting else "",
                            evidence=self.evidence(values), practice=practice)


def _is_blank(value):
    flat = list(value) if isinstance(value, (list, tuple)) else [value]
    return all(item is None or item is Ellipsis or type(item).__name__ == "Proxy" and item._of[-1] == "ellipsis" for item in flat)


def _value_problem(given, shape) -> str:
    """What is wrong with a value that should be numbers of a shape; "" where nothing is."""
    asked = "one number" if shape in ((), (1,)) else f"{shape[0]} numbers" if len(shape) == 1 else f"numbers of shape {shape}"
    if _is_blank(given):
        return f"write {asked} in place of the dots."
    found = numbers(given)
    if found is None:
        return explain_result(given) or f"{asked} {'is' if asked == 'one number' else 'are'} asked for, but it holds something that is no number."
    if found.dtype.kind == "c" or not np.isfinite(found.astype(complex)).all():
        return "it must be finite, ordinary numbers."
    if found.shape != shape and not (found.size == int(np.prod(shape)) and (found.size == 1 or len(shape) == 1)):
        return f"{asked} {'is' if asked == 'one number' else 'are'} asked for, you gave {'one number' if found.ndim == 0 else f'{found.size} numbers' if found.ndim == 1 else f'shape {found.shape}'}."
    return ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class TableQuestion(Question):
    """Fill a table by hand. `table()` is an empty `HandTable`, `names` says which of the student's names holds which column.

    Points by column, shared among its cells; each cell is judged on the student's own earlier numbers.
    """

    table: Callable[[], Any]
    names: Mapping[str, str]                     # column → the student's name for it
    columns: Mapping[str, str]                   # column → group

    def judge(self, get, rng=None, assignment=""):
        practice = rng is None
        table, blank, problems = self.table(), [], []
        for column, name in self.names.items():
            try:
                given = get(name)
            except (StudentGone, StudentError) as error:
                return self.lost(assignment, error, name, practice)
            except NameError:
                problems.append(f"There is no `{name}` yet: was its cell run?")
                continue
            if _is_blank(given):
                blank.append(name)
                continue
            try:
                table.fill(column, _cells(given))
            except (TypeError, ValueError) as error:
                problems.append(f"`{name}`: {error}")
        report = table.check()
        shares = {}
        for column, group in self.columns.items():
            cells = [cell for cell in report.cells if cell.column == column]
            shares[group] = sum(cell.ok for cell in cells) / len(cells)
        if report.right == report.total:
            return self.verdict(assignment, shares, "Right, every cell.", practice=practice)
        if not report.right and len(blank) + len(problems) == len(self.names) and not problems:
            return self.verdict(assignment, {}, "Not filled in yet.", status="blank", explanation=f"Write your numbers into {_listed(blank)}.", practice=practice)
        fitting = self.recognise(table, report)
        explanation = [mistake.sentence for mistake in fitting] + problems
        return self.verdict(assignment, shares, (" and ".join(mistake.name for mistake in fitting) + ".") if fitting else "Not all cells are right yet.",
                            mistakes=fitting, explanation=" ".join(explanation), evidence=str(report), practice=practice)

    def recognise(self, table, report) -> tuple[Mistake, ...]:
        """For each column with a wrong cell, the mistake whose rule gives what the student wrote there."""
        found = []
        for column in self.names:
            cells = [cell for cell in report.cells if cell.column == column and cell.given is not None]
            if not cells or all(cell.ok for cell in cells):
                continue
            given = np.array([cell.given for cell in cells])
            for mistake in self.mistakes:
                if mistake.column == column:
                    predicted = np.asarray(mistake.rule(self._filled(report)), float)[[cell.row for cell in cells]]
                    if np.all(np.abs(predicted - given) <= 0.0100001):
                        found.append(mistake)
                        break
        return tuple(found)

    @staticmethod
    def _filled(report):
        """Column → the student's own numbers (the right one where a cell is empty)."""
        columns: dict[str, list] = {}
        for cell in report.cells:
            columns.setdefault(cell.column, []).append(cell.expected if cell.given is None else cell.given)
        return {column: np.array(values, float) for column, values in columns.items()}


def _cells(given):
    """A column as a list whose empty cells are None."""
    if isinstance(given, (list, tuple)):
        return [None if _is_blank(item) else item for item in given]
    found = numbers(given)
    if found is None:
        raise TypeError(explain_result(given) or "a list of numbers is asked for.")
    return found.tolist() if found.ndim else [found.item()]


def _listed(names):
    return ", ".join(f"`{name}`" for name in names)


@dataclasses.dataclass(frozen=True, kw_only=True)
class ManualQuestion(Question):
    """Explain in words; a person reads it."""

    automatic = False


# ---------------------------------------------------------------- assignments

@dataclasses.dataclass(frozen=True)
class Assignment:
    """The questions of one assignment, in order, and the words and numbers that its prose takes from its variant."""

    name: str
    title: str
    questions: tuple[Question, ...]
    prose: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def __getitem__(self, name: str) -> Question:
        for question in self.questions:
            if question.name == name:
                return question
        raise KeyError(name)

    @property
    def points(self) -> float:
        return sum(question.points for question in self.questions)
