"""An assignment's source, `assignment.md` and `questions.py`, made into the notebook that nbgrader starts from.

In the prose ``<< name >>`` is a number of the variant. A cell says what it is for in its header: ``:solution: NAME`` is
the student's to write, ``:check: NAME`` is the question's test cell (its one line is written here), ``:locked: NAME``
is put back before grading, and ``+++ {"manual": "NAME"}`` is an answer that a person reads.
"""

from __future__ import annotations

import nbformat
import jinja2

from ..assignments import folder_of, load
from ..errors import CourseError
from ..questions import Assignment
from .myst import notebook_from_myst

ROLES = ("solution", "check", "locked", "manual")
CHECK_PREFIX = "check_"


def build_notebook(name: str, term: str = "") -> nbformat.NotebookNode:
    """The nbgrader source notebook of an assignment, solutions included; the same words give the same bytes."""
    folder, questions = folder_of(name), load(name, term)
    prose = jinja2.Environment(variable_start_string="<<", variable_end_string=">>", undefined=jinja2.StrictUndefined, autoescape=False, keep_trailing_newline=True)
    try:
        text = prose.from_string((folder / "assignment.md").read_text(encoding="utf-8")).render(questions.prose)
    except jinja2.UndefinedError as error:
        raise CourseError(f"{folder.name}/assignment.md asks for a number that questions.py does not give: {error}.") from None
    notebook = notebook_from_myst(text, name=folder.name)
    for cell in notebook.cells:
        _prepare(cell, questions, term)
    _refuse_gaps(notebook, questions)
    notebook.metadata["course"] = {"assignment": questions.name, "term": term}
    return notebook


def notebook_name(name: str) -> str:
    """The file name of an assignment's notebook, without its ending: A1_hand_table."""
    return folder_of(name).name


def _prepare(cell, questions: Assignment, term: str):
    """Turn a cell's role into nbgrader's metadata."""
    role = next((role for role in ROLES if role in cell.metadata), None)
    if role is None:
        return
    name = cell.metadata.pop(role)
    graded = role in ("check", "manual")
    metadata = {"schema_version": 3, "grade": graded, "solution": role in ("solution", "manual"), "locked": role in ("check", "locked"), "task": False,
                "grade_id": CHECK_PREFIX + name if role == "check" else name}
    if graded:
        try:
            metadata["points"] = questions[name].points
        except KeyError:
            raise CourseError(f"{questions.name}'s assignment.md asks {name!r}, which its questions.py does not have.") from None
    if role == "check":
        words = "".join(f", {key}={value!r}" for key, value in (("term", term),) if value)
        cell.source = f'from autograder import check\n\ncheck("{questions.name}", "{name}"{words})'
    cell.metadata["nbgrader"] = metadata


def _refuse_gaps(notebook, questions: Assignment):
    """Every question is asked exactly once."""
    asked = [cell.metadata.nbgrader.grade_id.removeprefix(CHECK_PREFIX) for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    for question in questions.questions:
        if asked.count(question.name) != 1:
            raise CourseError(f"{questions.name}'s assignment.md asks {question.name!r} {asked.count(question.name)} times; once is right.")
