"""One submission: its cells run in the student's process, its test cells judged here.

`grade` is a pure function of the notebook and the secret: it opens no gradebook and writes no file. Cells that the
student could have written run in the sandbox only. A test cell comes from the instructor's source and runs unmodified
here, in a namespace where every name of the student's is fetched from the student's process: a number or an array as
itself, a function as a proxy that sends its arguments over.

Where that boundary cannot hold, the cell says so and is *flagged* for a person, who finds it in the formgrader's list of
what needs manual grading; until then its points count as nbgrader would give them:

- the test compares two of the student's objects, so that the student's own ``__eq__`` decides (see `standins`);
- the test patches the student's module, evaluates text as code, hands over an object of a class of its own … (see
  `needs`): then the notebook is run once more, test cells included, in a fresh student's process, after everything
  else has been judged, and what the cell earns there is what it earns. A submission could forge such a cell and no other.

A cell that earned nothing is not flagged: nobody forges a zero.
"""

from __future__ import annotations

import contextlib
import dataclasses
import numbers as abstract
import re
import time

import nbformat

from ..errors import CourseError
from ..firstaid import explain_error
from ..practice import Grading, grading, markdown_text
from ..sandbox import tiers, warm
from ..sandbox.session import CALL_SECONDS, CELL_SECONDS, StudentError, StudentGone, StudentSession
from ..sandbox.wire import WireError
from ..variants import Secret
from ..verdicts import Verdict
from . import cleaning
from .cells import is_grade, is_locked, is_solution
from .standins import NeedsInterpreter
from .testcells import OURS, Given, Names, _quiet, at_work, distributions, evaluate, modules_of, parsed

SUBMISSION_SECONDS = 300.0
MOST_OUTPUTS = 1000                  # of one cell: each is checked before it is kept
TASK_LINE = "from autograder import task"


@dataclasses.dataclass
class Graded:
    """The executed notebook, the points of each automatically graded cell, and the verdicts that gave them."""

    notebook: nbformat.NotebookNode
    points: dict[str, float]
    verdicts: dict[str, Verdict]
    walled: bool
    ran: tuple[tuple[str, Exception | None], ...] = ()          # the student's cells that were run, and the error each ended with
    flagged: dict[str, str] = dataclasses.field(default_factory=dict)       # test cell → why a person should confirm its points
    tier: str = ""                                               # the letter of the isolation that the student's code ran in


def grade(notebook: nbformat.NotebookNode, secret: Secret | None, *, student="", files=None, walled=None,
          cell_seconds=CELL_SECONDS, call_seconds=CALL_SECONDS, seconds=SUBMISSION_SECONDS, given: Given = Given()) -> Graded:
    """Run and judge a sanitized notebook (its locked cells put back from the source).

    `given` is what the instructor's own notebook says of its names; without it a test cell still finds its own.
    `CourseError` where the notebook is not Python's.
    """
    language = str(notebook.metadata.get("kernelspec", {}).get("language") or "python")
    if language.lower() != "python":
        raise CourseError(f"This notebook is written in {language}, and only Python's are graded here: `nbgrader autograde` with nbgrader's own settings grades it.")
    end = time.monotonic() + seconds
    points, verdicts, flagged, waiting, tainted = {}, {}, {}, {}, {}
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    if secret is not None:
        secret = secret.against((cell.source for cell in cells if not _is_test(cell)), files)
    instructors = [cell for cell in cells if is_locked(cell)]
    ours = any(OURS.search(cell.source) for cell in instructors)
    house = dict(files=files, walled=walled, cell_seconds=cell_seconds, call_seconds=call_seconds, distributions=distributions(() if ours else _imported(instructors, given)), plots=_draws(cells, files or {}))
    with StudentSession(**house) as session:
        names = Names(session, student, given)
        names.crossing.shuffle(" ".join(cell.source for cell in cells))
        for helper in given.helpers:
            with _quiet() if ours else at_work(names, helper, cell_seconds, files):
                names.give(parsed(helper), tainted)
        for count, cell in enumerate(cells, 1):
            cell.execution_count = count
            session.ahead = tuple(later.source for later in cells[count:] if not _is_test(later))
            if _is_test(cell):
                name, most = cell.metadata.nbgrader["grade_id"], float(cell.metadata.nbgrader["points"])
                try:
                    _refuse_what_needs_the_interpreter(cell.source, names, tainted)
                    points[name], verdict, cell.outputs = judge(cell.source, names, secret, most, files=files, seconds=cell_seconds)
                except NeedsInterpreter as reason:
                    points[name], verdict, cell.outputs, waiting[name] = 0.0, None, [], str(reason)
                    with _quiet():
                        names.keep(parsed(cell.source), str(reason), tainted)
                if names.crossing.flags and points[name]:
                    flagged[name] = FLAGGED.format("; and it ".join(names.crossing.flags))
                if verdict is not None:
                    verdicts[name] = verdict
                continue
            if is_locked(cell) and cell.source.startswith(TASK_LINE):
                cell.outputs = _told(cell.source, names, notebook.metadata.get("worked_as", ""))
                continue
            cell.outputs = run(session, cell.source) if time.monotonic() < end else _notice("Not run: the notebook had used up its time.")
            tree = parsed(cell.source) if is_locked(cell) else None
            if tree is not None:
                with contextlib.suppress(StudentGone), _quiet() if ours else at_work(names, cell.source, cell_seconds, files):
                    names.give(tree, tainted)
            elif not is_locked(cell):
                names.remember_imports(cell.source)
        ran, walled, tier = tuple(session.ran), session.walled, tiers.known(session.tier)
    for name, (earned, outputs) in (_run_as_nbgrader_does(cells, waiting, house, end) if waiting else {}).items():
        cell = next(cell for cell in cells if cell.metadata.get("nbgrader", {}).get("grade_id") == name)
        points[name], cell.outputs = earned, outputs
        if earned:
            flagged[name] = MOVED.format(waiting[name])
    for cell in cells:
        if _is_test(cell) and (said := flagged.get(cell.metadata.nbgrader["grade_id"])):
            cell.metadata["flagged"] = said
            cell.outputs = [nbformat.v4.new_output("display_data", data={"text/plain": said}), *cell.outputs]
    return Graded(notebook, points, verdicts, walled, ran, flagged, tier)


CONFIRM = "A person should confirm these points: "
FLAGGED = f"{CONFIRM}this test {{}}."
MOVED = f"{CONFIRM}this test {{}}, so it ran in the student's own Python, where its result could be forged."


def _draws(cells, files) -> bool:
    """Whether a cell, or a module beside the notebook, seems to draw."""
    return any(warm.draws(cell.source) for cell in cells) or any(warm.draws(content.decode(errors="replace")) for name, content in files.items() if name.endswith(".py"))


def _imported(instructors, given) -> frozenset[str]:
    """The modules that the instructor imports, which the student may then import too."""
    return given.modules.union(*(modules_of(parsed(cell.source)) for cell in instructors))


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
        return [output for output in map(_output, ran["outputs"][:MOST_OUTPUTS]) if output is not None] + helped
    except WireError as error:                   # nothing was sent
        return _notice(f"This cell was not run: {error}.")
    except StudentGone as gone:
        return _notice(f"This cell was stopped: {gone.reason}." + (" Is there a loop that never ends?" if gone.late else ""))


def _output(data):
    """An output as the notebook format knows it; None for anything else that came over the wire."""
    try:
        output = nbformat.from_dict(data)
        nbformat.validate(output, ref="output", version=4)
        return cleaning.output(output)
    except Exception:
        return None


def _notice(text):
    return [nbformat.v4.new_output("error", ename="Stopped", evalue=text, traceback=[text])]


# ---------------------------------------------------------------- the test cells

def judge(source: str, names: Names, secret: Secret | None, most: float, *, files=None, seconds=CELL_SECONDS) -> tuple[float, Verdict | None, list]:
    """(points, verdict, outputs) of a test cell worth `most` points: a `check` gives its verdict's share of them, any
    other cell is graded as nbgrader does: an error is 0, a final number is that many points, anything else is all of them."""
    ours = OURS.search(source)
    token = grading.set(Grading(names.session.get, secret, names.owner))
    try:
        with _quiet() if ours else at_work(names, source, seconds, files):
            value = evaluate(source, names)
    except BaseException as error:
        if isinstance(error, (KeyboardInterrupt, NeedsInterpreter)) and not isinstance(error, StudentError):
            raise
        if names.crossing.needs and not ours:
            raise NeedsInterpreter(names.crossing.needs) from None
        return 0.0, None, [_failure(error)]
    finally:
        grading.reset(token)
    if names.crossing.needs and not ours:
        raise NeedsInterpreter(names.crossing.needs)
    if isinstance(value, Verdict):
        return most * value.points / value.most if value.most else 0.0, value, [_shown(value)]
    if isinstance(value, abstract.Real) and not isinstance(value, bool):
        return min(max(float(value), 0.0), most), None, [nbformat.v4.new_output("execute_result", data={"text/plain": f"{float(value):g}"})]
    return most, None, []


def _refuse_what_needs_the_interpreter(source, names, tainted) -> None:
    """Raise `NeedsInterpreter` for a test cell that says so itself, or uses a name that such a cell made."""
    tree = parsed(source)
    if tree is None or OURS.search(source):
        return
    reason = names.needs(tree) or names.tainted(tree, tainted)
    if reason:
        raise NeedsInterpreter(reason)


def _run_as_nbgrader_does(cells, waiting, house, end) -> dict[str, tuple[float, list]]:
    """Test cell → (points, outputs): the whole notebook in a fresh student's process, in order, as nbgrader runs it."""
    earned = dict.fromkeys(waiting, (0.0, _notice("Not run: the notebook had used up its time.")))
    with StudentSession(**house) as session:
        for cell in cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if time.monotonic() > end or not cell.source.strip() or OURS.search(cell.source):
                continue
            try:
                ran = session.run(cell.source)
                earned[name] = _as_nbgrader(ran, float(cell.metadata.nbgrader["points"])) if name in waiting else None
            except StudentGone as gone:
                earned[name] = 0.0, _notice(f"This test was stopped: {gone.reason}.")
    return {name: earned[name] for name in waiting}


def _as_nbgrader(ran, most) -> tuple[float, list]:
    """(points, outputs) of a test cell from what it showed; what it printed is not kept."""
    if ran["error"]:
        return 0.0, [_failure(StudentError.of(ran["error"]))]
    for output in ran["outputs"]:
        if isinstance(output, dict) and output.get("output_type") == "execute_result":
            with contextlib.suppress(TypeError, ValueError, AttributeError):
                number = float(re.sub(r"^np\.float\d+\((.*)\)$", r"\1", str(output["data"]["text/plain"])))
                return min(max(number, 0.0), most) if number == number else 0.0, [nbformat.v4.new_output("execute_result", data={"text/plain": f"{number:g}"})]
    return most, []


def _told(source: str, names: Names, worked_as: str) -> list:
    """The outputs of a cell that tells a student the student's own numbers; and a word where the notebook told another's."""
    token = grading.set(Grading(names.student, None, names.owner))
    try:
        shown = nbformat.v4.new_output("display_data", data=evaluate(source, names)._repr_mimebundle_())
    finally:
        grading.reset(token)
    if worked_as in ("", names.owner):
        return [shown]
    notice = (f"This notebook was worked on as {markdown_text(worked_as)}, whose numbers are others. What counts are the numbers of {markdown_text(names.owner)}, "
              "who handed it in: those above.")
    return [shown, nbformat.v4.new_output("display_data", data={"text/plain": notice, "text/markdown": f"**{notice}**"})]


def _failure(error):
    text = error.reason if isinstance(error, StudentGone) else str(error)
    kind = error.kind if isinstance(error, StudentError) else type(error).__name__
    return nbformat.v4.new_output("error", ename=kind, evalue=text[:2000], traceback=[f"{kind}: {text[:2000]}"])


def _shown(verdict: Verdict):
    return nbformat.v4.new_output("execute_result", data=verdict._repr_mimebundle_(), execution_count=None)
