"""Proving a variant before anybody sees it: the reference gets all marks, a blank notebook none, and the kill matrix is clean."""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import io
import time
import warnings

import numpy as np
from nbgrader.preprocessors import ClearSolutions

from ..assignments import load
from ..grading.cells import CODE_STUB, TEXT_STUB
from ..variants import Secret, Variant
from .assignment import build_notebook
from .kill_matrix import Matrix, kill_matrices

TRIAL = Secret(b"hidden probes of a trial, not of a course")


@dataclasses.dataclass(frozen=True)
class Proof:
    """What was found out about a variant; it holds where `problems` is empty."""

    variant: Variant
    matrices: tuple[Matrix, ...]
    problems: tuple[str, ...]
    seconds: float

    @property
    def holds(self) -> bool:
        return not self.problems


def prove(name: str, term: str = "", student: str = "", *, secret: Secret = TRIAL) -> Proof:
    """Solve, leave blank and make every mistake of one variant of an assignment."""
    started = time.perf_counter()
    assignment = load(name, term, student)
    variant = Variant(assignment.name, term, student)
    notebook = build_notebook(name, term, student)
    problems = _judged(assignment, variant, secret, names_of(notebook), full=True) + _judged(assignment, variant, secret, names_of(without_solutions(notebook)), full=False)
    matrices = tuple(kill_matrices(assignment, variant, secret))
    problems += [problem for matrix in matrices for problem in matrix.problems]
    return Proof(variant, matrices, tuple(f"{assignment.name}{_whose(variant)}, {problem}" for problem in problems), time.perf_counter() - started)


def names_of(notebook) -> dict:
    """What the notebook's cells define, check cells left out. Only for our own sources: they run in this process."""
    names = {"__name__": "__main__"}
    for cell in notebook.cells:
        if cell.cell_type == "code" and not cell.metadata.get("nbgrader", {}).get("grade") and not cell.source.startswith("from autograder import"):
            with contextlib.suppress(Exception), contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                exec(compile(_without_magics(cell.source), "<solution>", "exec"), names)
    return names


def without_solutions(notebook):
    """The notebook as students get it."""
    blank = copy.deepcopy(notebook)
    return ClearSolutions(code_stub={"python": CODE_STUB}, text_stub=TEXT_STUB).preprocess(blank, {})[0]


def _judged(assignment, variant, secret, names, *, full) -> list[str]:
    problems = []
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for question in assignment.questions:
            if not question.automatic:
                continue
            verdict = question.judge(_looked_up(names), secret.rng(variant, question.name), assignment.name)
            if full and verdict.points != verdict.most:
                problems.append(f"{question.name}: the solution gets {verdict.score} points: {verdict.headline} {verdict.explanation} {verdict.evidence}".rstrip())
            if not full and verdict.points:
                problems.append(f"{question.name}: a blank answer gets {verdict.score} points.")
    return problems


def _looked_up(names):
    def get(name):
        if name not in names:
            raise NameError(name)
        return names[name]
    return get


def _without_magics(source):
    return "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in source.splitlines())


def _whose(variant):
    return (f" of {variant.term}" if variant.term else "") + (f" for {variant.student}" if variant.student else "")
