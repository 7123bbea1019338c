"""The unit of work: the bytes of one submission and what grading knows of its assignment → points, verdicts and executed notebooks.

It opens no gradebook and writes no file of the course, so it runs in any process, on any machine, as often as one
likes: the same bytes give the same result. nbgrader's own autograde comes through the same functions (`plugins`).
"""

from __future__ import annotations

import dataclasses
import hashlib
import html
import json
import os
import time
from pathlib import Path
from typing import Mapping

import nbformat

from ..sandbox.session import CALL_SECONDS, CELL_SECONDS
from ..variants import Secret
from ..verdicts import Verdict
from . import cells, cleaning, intake, release, submission
from .submission import SUBMISSION_SECONDS
from .testcells import Given

MAX_FILES_BYTES = 200 << 20
DROP, FULL_MARKS = "drop", "full marks"


@dataclasses.dataclass(frozen=True)
class Limits:
    """How long what may take, and how much of what is printed is kept."""

    cell_seconds: float = CELL_SECONDS
    call_seconds: float = CALL_SECONDS
    submission_seconds: float = SUBMISSION_SECONDS
    output_lines: int = 1000
    traceback_lines: int = 100


@dataclasses.dataclass(frozen=True)
class Decided:
    """A decision on a question in force: its kind, and what it says to students ("" for nothing)."""

    kind: str
    said: str = ""


@dataclasses.dataclass(frozen=True)
class Task:
    """All that the submissions of a class have in common: the release, the secret, the decisions, the limits, the grader."""

    release: release.Release
    secret: Secret | None
    grader: str
    decided: Mapping[str, Decided] = dataclasses.field(default_factory=dict)
    decisions: str = ""                      # what a grade remembers of them
    limits: Limits = Limits()

    @property
    def assignment(self) -> str:
        return self.release.assignment


@dataclasses.dataclass(frozen=True)
class Submission:
    """What one student handed in: each notebook's bytes by name, or why it could not be taken, and the files beside them."""

    student: str
    notebooks: Mapping[str, bytes]
    refused: Mapping[str, str] = dataclasses.field(default_factory=dict)
    files: Mapping[str, bytes] = dataclasses.field(default_factory=dict)

    @property
    def digest(self) -> str:
        """SHA-256 of all of it."""
        whole = hashlib.sha256()
        for kind, parts in (("notebook", self.notebooks), ("refused", self.refused), ("file", self.files)):
            for name, content in sorted(parts.items()):
                for part in (kind.encode(), name.encode("utf-8", "surrogateescape"), content if isinstance(content, bytes) else content.encode()):
                    whole.update(len(part).to_bytes(8, "big") + part)
        return whole.hexdigest()


@dataclasses.dataclass(frozen=True)
class Judged:
    """One notebook, executed, as a file's text; its points (None: a person gives them) and comments by cell; its verdicts by test cell."""

    content: str
    scores: Mapping[str, float | None]
    comments: Mapping[str, str | None]
    verdicts: Mapping[str, Verdict]
    answers: Mapping[str, str]
    mark: Mapping[str, str]
    refused: str = ""
    tier: str = ""
    seconds: float = 0.0
    flagged: Mapping[str, str] = dataclasses.field(default_factory=dict)    # test cells whose points a person should confirm, and why
    repaired: tuple[str, ...] = ()           # what intake put right, a sentence each


@dataclasses.dataclass(frozen=True)
class Result:
    """What became of a submission: its notebooks by name. Those that it lacks are not there; they earn nothing."""

    student: str
    notebooks: Mapping[str, Judged]
    seconds: float = 0.0


def grade(task: Task, handed_in: Submission) -> Result:
    """Run and judge a submission. The same submission and task give the same points and verdicts, in any process."""
    started, files, judged = time.monotonic(), {**handed_in.files, **task.release.files}, {}
    for name, released in task.release.notebooks.items():
        if name in handed_in.notebooks or name in handed_in.refused:
            judged[name] = _judge(task, handed_in, name, released, files)
    return Result(handed_in.student, judged, time.monotonic() - started)


def _judge(task, handed_in, name, released, files) -> Judged:
    started, content = time.monotonic(), handed_in.notebooks.get(name, b"")
    notebook = sanitized(content, f"{name}.ipynb", released, handed_in.refused.get(name, ""))
    notebook.metadata["grading"] = mark = {"submission": hashlib.sha256(content).hexdigest() if content else "", "grader": task.grader, "decisions": task.decisions}
    written = _answers(notebook)
    notebook, points, verdicts, tier = execute(notebook, task.secret, student=handed_in.student, files=files, limits=task.limits, given=released.given)
    tell(notebook, task.decided)
    graded = [cell for cell in notebook.cells if cells.is_grade(cell)]
    flagged = {cells.name(cell): str(cell.metadata["flagged"]) for cell in graded if to_confirm(cell, task.decided)}
    answered = [cell for cell in notebook.cells if cells.is_solution(cell) or cells.is_task(cell)]
    return Judged(text(notebook), {cells.name(cell): score(cell, points, task.decided) for cell in graded},
                  {cells.name(cell): comment(cell, task.decided) for cell in answered}, verdicts,
                  written, mark, notebook.metadata.get("refused", ""), tier, time.monotonic() - started, flagged, tuple(notebook.metadata.get("repaired", ())))


def _answers(notebook) -> dict[str, str]:
    from .answers import answers
    return {} if notebook.metadata.get("refused") else answers(notebook)


# ---------------------------------------------------------------- the steps, which nbgrader's own autograde takes too

def sanitized(content: bytes, name: str, released: release.Notebook, refused: str = "") -> nbformat.NotebookNode:
    """What was handed in as it is run: without outputs, every released cell as it was released, Markdown cleaned; or what stands in for a
    notebook that cannot be graded, with the reason."""
    try:
        if refused:
            raise intake.Refused(refused)
        notebook, _ = intake.take(content, released.notebook(), name)
    except intake.Refused as reason:
        notebook = intake.refusal(released.notebook(), str(reason))
    notebook = release.restore(notebook, released)
    cleaning.clean_notebook(notebook, released.notebook().cells)
    return notebook


def execute(notebook, secret: Secret | None, *, student: str, files: Mapping[str, bytes], limits: Limits, given: Given = Given()):
    """(executed notebook, points by test cell, verdicts by test cell, tier) of a sanitized notebook. One that was refused is not run."""
    if notebook.metadata.get("refused"):
        return notebook, {}, {}, ""
    graded = submission.grade(notebook, secret, files=dict(files), student=student, cell_seconds=limits.cell_seconds,
                              call_seconds=limits.call_seconds, seconds=limits.submission_seconds, given=given)
    tier = getattr(graded, "tier", "") or ("A" if graded.walled else "C")
    graded.notebook.metadata["grading"] = {**graded.notebook.metadata.get("grading", {}), "walled": graded.walled, "tier": tier}
    for cell in graded.notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = _shortened(cell.outputs, limits)
    return graded.notebook, graded.points, graded.verdicts, tier


def _shortened(outputs: list, limits: Limits) -> list:
    """The outputs of a cell up to so many printed lines, and tracebacks without their middle."""
    kept, left = [], limits.output_lines
    for output in outputs:
        if output.output_type == "stream" and limits.output_lines != -1:
            if left <= 0:
                continue
            lines = output.text.split("\n")
            if len(lines) > left:
                lines = [*lines[:max(left - 1, 0)], "... Output truncated ..."]
                left = 0
            left -= len(lines)
            output.text = "\n".join(lines)
        if output.output_type == "error" and -1 < limits.traceback_lines < len(output.traceback):
            head = limits.traceback_lines // 2
            tail = max(limits.traceback_lines - head - 1, 0)
            output.traceback = [*output.traceback[:head], "... Traceback truncated ...", *output.traceback[len(output.traceback) - tail:]]
        kept.append(output)
    return kept


def tell(notebook, decided: Mapping[str, Decided]) -> None:
    """Head the output of each decided question's test cell with the decision, so that its feedback says it."""
    for cell in notebook.cells:
        decision = decided.get(cells.question_of(str(cells.name(cell))))
        if decision is not None and decision.said and cell.cell_type == "code" and cells.is_grade(cell):
            data = {"text/plain": decision.said, "text/html": f"<p><strong>{html.escape(decision.said)}</strong></p>"}
            cell.outputs.insert(0, nbformat.v4.new_output("display_data", data=data))


def score(cell, points: Mapping[str, float], decided: Mapping[str, Decided]) -> float | None:
    """The automatic points of a graded cell; None where a person gives them. A decision on its question has the last word."""
    decision = decided.get(cells.question_of(cells.name(cell)))
    if decision is not None and decision.kind in (DROP, FULL_MARKS):
        return float(cells.mark(cell)["points"]) if decision.kind == FULL_MARKS else 0.0
    if cells.is_solution(cell) or cell.cell_type != "code":
        return 0.0 if cells.is_solution(cell) and untouched(cell) else None
    return float(points.get(cells.name(cell), 0.0))


def to_confirm(cell, decided: Mapping[str, Decided]) -> bool:
    """Whether a person should confirm the points of a test cell, because the student's own code had a say in them (see `submission`)."""
    return "flagged" in cell.metadata and cells.question_of(cells.name(cell)) not in decided


def comment(cell, decided: Mapping[str, Decided]) -> str | None:
    """What nbgrader says of an answer by itself: that there is none, or what was decided on the question."""
    decision = decided.get(cells.question_of(cells.name(cell)))
    if decision is not None and cells.is_grade(cell):
        return decision.said
    return "No response." if untouched(cell) and not cells.is_task(cell) else None


def untouched(cell) -> bool:
    """Whether the cell is as it was released."""
    return cells.mark(cell).get("checksum") == cells.checksum(cell)


def text(notebook) -> str:
    """A notebook as a file holds it, a line for each cell: indenting it all would take as long as running many a notebook."""
    def line(value):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)

    rest = {key: value for key, value in notebook.items() if key != "cells"}
    rest["metadata"] = {key: value for key, value in notebook.metadata.items() if key not in ("orig_nbformat", "orig_nbformat_minor", "signature")}
    written = ",\n".join(map(line, notebook.cells))
    return f'{{"cells": [\n{written}\n],\n{line(rest)[1:]}\n'


def beside(folder: Path) -> dict[str, bytes]:
    """The data files that lie beside a notebook: regular files alone, up to a size."""
    files, left = {}, MAX_FILES_BYTES
    for place, folders, names in os.walk(folder):
        for name in names:
            path = Path(place) / name
            if path.suffix == ".ipynb" or path.is_symlink() or not path.is_file() or path.stat().st_size > left:
                continue
            left -= path.stat().st_size
            files[str(path.relative_to(folder))] = path.read_bytes()
    return files
