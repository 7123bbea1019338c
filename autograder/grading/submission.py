"""One submission: its cells run in the student's process, its test cells judged here.

`grade` is a pure function of the notebook and the secret: it opens no gradebook and writes no file. Cells that the
student could have written run in the sandbox only. A test cell comes from the instructor's source and runs unmodified
here, in a namespace where every name of the student's is fetched from the student's process: a number or an array as
itself, a function as a proxy that sends its arguments over.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import dataclasses
import io
import numbers as abstract
import time
from typing import Any

import nbformat

from ..firstaid import explain_error
from ..practice import Grading, grading, markdown_text
from ..sandbox.session import CALL_SECONDS, CELL_SECONDS, MissingName, StudentError, StudentGone, StudentSession
from ..variants import Secret
from ..verdicts import Verdict
from .cells import is_grade, is_locked, is_solution

SUBMISSION_SECONDS = 300.0
TASK_LINE = "from autograder import task"


@dataclasses.dataclass
class Graded:
    """The executed notebook, the points of each automatically graded cell, and the verdicts that gave them."""

    notebook: nbformat.NotebookNode
    points: dict[str, float]
    verdicts: dict[str, Verdict]
    walled: bool
    ran: tuple[tuple[str, Exception | None], ...] = ()          # the student's cells that were run, and the error each ended with


class Names(dict):
    """The globals of test cells: the instructor's own names, then the built-in ones, then the student's."""

    def __init__(self, session: StudentSession, owner: str = ""):
        super().__init__(__name__="__main__", __builtins__=builtins)
        self.session, self.owner = session, owner

    def __missing__(self, name):
        if hasattr(builtins, name):
            raise KeyError(name)                 # Python then finds the built-in one: a student's own `sum` does not replace it
        return self.student(name)

    def student(self, name):
        try:
            return self.session.get(name)
        except MissingName:
            raise KeyError(name) from None       # Python turns this into the NameError that a notebook would show


def grade(notebook: nbformat.NotebookNode, secret: Secret | None, *, student="", files=None, walled=None,
          cell_seconds=CELL_SECONDS, call_seconds=CALL_SECONDS, seconds=SUBMISSION_SECONDS) -> Graded:
    """Run and judge a sanitized notebook (its locked cells put back from the source)."""
    end = time.monotonic() + seconds
    points, verdicts = {}, {}
    if secret is not None:
        secret = secret.against((cell.source for cell in notebook.cells if cell.cell_type == "code" and not _is_test(cell)), files)
    with StudentSession(files=files, walled=walled, cell_seconds=cell_seconds, call_seconds=call_seconds) as session:
        names, cells = Names(session, student), [cell for cell in notebook.cells if cell.cell_type == "code"]
        for count, cell in enumerate(cells, 1):
            cell.execution_count = count
            session.ahead = tuple(later.source for later in cells[count:] if not _is_test(later))
            if _is_test(cell):
                name, most = cell.metadata.nbgrader["grade_id"], float(cell.metadata.nbgrader["points"])
                points[name], verdict, cell.outputs = judge(cell.source, names, secret, most)
                if verdict is not None:
                    verdicts[name] = verdict
                continue
            if is_locked(cell) and cell.source.startswith(TASK_LINE):
                cell.outputs = _told(cell.source, names, notebook.metadata.get("worked_as", ""))
                continue
            cell.outputs = run(session, cell.source) if time.monotonic() < end else _notice("Not run: the notebook had used up its time.")
            if is_locked(cell):
                with contextlib.suppress(Exception), _quiet():
                    exec(compile(_plain(cell.source), "<instructor's cell>", "exec"), names)
        return Graded(notebook, points, verdicts, session.walled, tuple(session.ran))


def _is_test(cell) -> bool:
    return is_grade(cell) and not is_solution(cell)


# ---------------------------------------------------------------- the student's cells

def run(session: StudentSession, source: str) -> list:
    """The outputs of a cell that the student's process runs."""
    if not source.strip():
        return []
    try:
        ran = session.run(source)
        helped = [nbformat.v4.new_output("display_data", data={"text/plain": explain_error(session.ran[-1][1])})] if ran["error"] else []
        return [output for output in map(_output, ran["outputs"]) if output is not None] + helped
    except StudentGone as gone:
        return _notice(f"This cell was stopped: {gone.reason}." + (" Is there a loop that never ends?" if gone.late else ""))


def _output(data):
    """An output as the notebook format knows it; None for anything else that came over the wire."""
    try:
        output = nbformat.from_dict(data)
        nbformat.validate(output, ref="output", version=4)
        return output
    except Exception:
        return None


def _notice(text):
    return [nbformat.v4.new_output("error", ename="Stopped", evalue=text, traceback=[text])]


# ---------------------------------------------------------------- the test cells

def judge(source: str, names: Names, secret: Secret | None, most: float) -> tuple[float, Verdict | None, list]:
    """(points, verdict, outputs) of a test cell worth `most` points: a `check` gives its verdict's share of them, any
    other cell is graded as nbgrader does: an error is 0, a final number is that many points, anything else is all of them."""
    token = grading.set(Grading(names.session.get, secret, names.owner))
    try:
        with _quiet():
            value = _evaluate(source, names)
    except BaseException as error:
        if isinstance(error, (KeyboardInterrupt, MemoryError)):
            raise
        return 0.0, None, [_failure(error)]
    finally:
        grading.reset(token)
    if isinstance(value, Verdict):
        return most * value.points / value.most if value.most else 0.0, value, [_shown(value)]
    if isinstance(value, abstract.Real) and not isinstance(value, bool):
        return min(max(float(value), 0.0), most), None, [nbformat.v4.new_output("execute_result", data={"text/plain": f"{float(value):g}"})]
    return most, None, []


def _told(source: str, names: Names, worked_as: str) -> list:
    """The outputs of a cell that tells a student the student's own numbers; and a word where the notebook told another's."""
    token = grading.set(Grading(names.student, None, names.owner))
    try:
        shown = nbformat.v4.new_output("display_data", data=_evaluate(source, names)._repr_mimebundle_())
    finally:
        grading.reset(token)
    if worked_as in ("", names.owner):
        return [shown]
    notice = (f"This notebook was worked on as {markdown_text(worked_as)}, whose numbers are others. What counts are the numbers of {markdown_text(names.owner)}, "
              "who handed it in: those above.")
    return [shown, nbformat.v4.new_output("display_data", data={"text/plain": notice, "text/markdown": f"**{notice}**"})]


def _evaluate(source: str, names: Names) -> Any:
    """Run a cell and return the value of its last expression, as a notebook would show it."""
    tree = ast.parse(_plain(source))
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<test cell>", "exec"), names)
    return eval(compile(ast.Expression(last.value), "<test cell>", "eval"), names) if last is not None else None


def _plain(source: str) -> str:
    """A cell without its magics, which mean nothing outside a notebook."""
    return "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in source.splitlines())


@contextlib.contextmanager
def _quiet():
    """What test cells print may hold hidden numbers: it is not kept."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield


def _failure(error):
    text = error.reason if isinstance(error, StudentGone) else str(error)
    kind = error.kind if isinstance(error, StudentError) else type(error).__name__
    return nbformat.v4.new_output("error", ename=kind, evalue=text[:2000], traceback=[f"{kind}: {text[:2000]}"])


def _shown(verdict: Verdict):
    return nbformat.v4.new_output("execute_result", data=verdict._repr_mimebundle_(), execution_count=None)
