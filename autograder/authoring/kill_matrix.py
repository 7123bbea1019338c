"""The kill matrix of an assignment: every mistake against every probe.

A mistake that no probe catches survives, and two that look alike on every probe cannot be told apart: both would give a
student a wrong grade or a wrong word, so either is a problem, named with what to add.
"""

from __future__ import annotations

import dataclasses
import itertools
import warnings

import numpy as np

from ..questions import Assignment, ChoiceQuestion, FunctionQuestion, Question, TableQuestion, ValuesQuestion
from ..variants import Secret, Variant

HIDDEN = ", hidden"       # behind the name of a probe that students do not see


@dataclasses.dataclass(frozen=True)
class Row:
    """One mistake, in one of its versions, and which of the probes catch it."""

    mistake: str
    caught: tuple[bool, ...]


@dataclasses.dataclass(frozen=True)
class Matrix:
    """A question's mistakes against its probes (for chosen or hand-written numbers: against its groups), and what is amiss."""

    question: str
    probes: tuple[str, ...]
    rows: tuple[Row, ...]
    problems: tuple[str, ...]


def kill_matrices(assignment: Assignment, variant: Variant, secret: Secret) -> list[Matrix]:
    """The matrix of each automatic question, hidden probes drawn from the secret."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return [_matrix_of(question, secret.rng(variant, question.name)) for question in assignment.questions if question.automatic]


def _matrix_of(question: Question, rng) -> Matrix:
    return _of_function(question, rng) if isinstance(question, FunctionQuestion) else _of_answers(question, rng)


# ---------------------------------------------------------------- functions

def _of_function(question: FunctionQuestion, rng) -> Matrix:
    public, probes = len(question.public), question.probes(rng)
    expected = [question.expected(probe) for probe in probes]
    versions = [(mistake.name, wrong) for mistake in question.mistakes for wrong in (question.wrong(mistake), *mistake.also)]
    seen = [list(map(question.observer(wrong), probes)) for _, wrong in versions]
    rows = tuple(Row(name, tuple(o.error is not None or not probe.answered(o.value, right, question.tolerance) or bool(o.changed and question.keeps_inputs)
                                 for probe, o, right in zip(probes, observations, expected))) for (name, _), observations in zip(versions, seen))
    problems = []
    for row in rows:
        if not any(row.caught):
            problems.append(f"{question.name}: the mistake {row.mistake!r} survives: it gives the right answer on every probe. Add a probe on which it does not, or drop it.")
        elif not any(row.caught[:public]):
            problems.append(f"{question.name}: no public probe shows the mistake {row.mistake!r}, so practice cannot name it. Add a public probe.")
    for (first, one), (second, other) in itertools.combinations(zip((name for name, _ in versions), seen), 2):
        if first == second:
            continue
        if not _alike(question, one[:public], other[:public]):               # most pairs differ at once, and there are many pairs
            continue
        if _alike(question, one[public:], other[public:]):
            problems.append(f"{question.name}: the mistakes {first!r} and {second!r} cannot be told apart on any probe. Add a probe on which they differ.")
        else:
            problems.append(f"{question.name}: the mistakes {first!r} and {second!r} cannot be told apart on the public probes. Add a public probe on which they differ.")
    return Matrix(question.name, tuple(f"{probe.group}{f' ({probe.label})' if probe.label else ''}{'' if place < public else HIDDEN}" for place, probe in enumerate(probes)),
                  rows, tuple(problems))


def _alike(question, one, other) -> bool:
    """Whether two mistakes were seen to do the same on every one of these probes."""
    return all(a.agrees(b, question.tolerance) and b.agrees(a, question.tolerance) for a, b in zip(one, other))


# ---------------------------------------------------------------- numbers, words and tables

def _of_answers(question, rng) -> Matrix:
    """Each mistake's own example, judged: what it loses, and whether it is called by its name."""
    rows, problems = [], []
    for mistake in question.mistakes:
        verdict = question.judge(answers_with(question, mistake).__getitem__, rng)
        rows.append(Row(mistake.name, tuple(group.points < group.most for group in verdict.groups)))
        if verdict.points == verdict.most:
            problems.append(f"{question.name}: the mistake {mistake.name!r} survives: its example gets full marks.")
        elif mistake.name not in verdict.mistakes:
            called = " and ".join(map(repr, verdict.mistakes)) or "nothing"
            problems.append(f"{question.name}: the example of the mistake {mistake.name!r} is taken for {called}.")
    return Matrix(question.name, tuple(question.groups), tuple(rows), tuple(problems))


def answers_with(question: Question, mistake=None) -> dict:
    """The student's names with a mistake's example in them; without a mistake, a right answer."""
    if isinstance(question, TableQuestion):
        return {question.names[column]: values for column, values in followed_through(question, mistake).items()}
    if isinstance(question, (ValuesQuestion, ChoiceQuestion)):
        return dict(question.example if mistake is None else mistake.example)
    raise TypeError(f"{type(question).__name__} has no answers to give an example of")


def followed_through(question: TableQuestion, mistake=None) -> dict:
    """Column → numbers, as written by someone who makes one mistake and goes on rightly from there, rounded as is asked."""
    decimals = question.table().decimals
    written = {}
    for column in question.names:
        table = question.table()
        for done, values in written.items():
            table.fill(done, values)
        own = [cell.expected for cell in table.check().cells if cell.column == column]
        if mistake is not None and column == mistake.column:
            solution = table.solution()
            so_far = {name: np.reshape(written[name], np.shape(right))[()] if name in written else right for name, right in solution.items()}
            own = np.ravel(np.asarray(mistake.rule(so_far), float))
        written[column] = [round(float(value), decimals) for value in own]
    return written
