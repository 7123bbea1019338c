"""An assignment's source, `assignment.md` and `questions.py`, made into the notebook that nbgrader starts from.

In the prose ``<< name >>`` is a number of the variant. A cell says what it is for in its header: ``:solution: NAME`` is
the student's to write, ``:check: NAME`` is the question's test cell (its one line is written here), ``:locked: NAME``
is put back before grading, and ``+++ {"manual": "NAME"}`` is an answer that a person reads.
"""

from __future__ import annotations

import functools
import re

import jinja2
import nbformat

from ..assignments import folder_of, load
from ..errors import CourseError
from ..grading.cells import CHECK_PREFIX
from ..questions import Assignment
from .myst import notebook_from_myst

ROLES = ("solution", "check", "locked", "manual")
SOME_STUDENTS = tuple(f"student {number}" for number in range(24))      # whose texts are compared, to see what is personal


def build_notebook(name: str, term: str = "", student: str = "", *, own: bool = False) -> nbformat.NotebookNode:
    """The nbgrader source notebook of an assignment, solutions included; the same words give the same bytes.

    With `own` the text with numbers becomes cells that show each student the student's own.
    """
    questions = load(name, term, student)
    notebook = _rendered(name, questions)
    if own:
        for place in _personal(name, term):
            notebook.cells[place] = _own(notebook.cells[place], questions, place, term)
    for cell in notebook.cells:
        _prepare(cell, questions, term, own)
    _refuse_gaps(notebook, questions)
    notebook.metadata["course"] = {"assignment": questions.name, "term": term, **({"own": True} if own else {})}
    return notebook


def text_of(name: str, place: int, term: str, student: str) -> str:
    """The text of one cell of an assignment, with a student's numbers."""
    return _rendered(name, load(name, term, student)).cells[place].source


@functools.lru_cache(maxsize=16)
def _source(name: str) -> str:
    return (folder_of(name) / "assignment.md").read_text(encoding="utf-8")


def _rendered(name: str, questions: Assignment) -> nbformat.NotebookNode:
    """The assignment's cells with the numbers of its variant."""
    prose = jinja2.Environment(variable_start_string="<<", variable_end_string=">>", undefined=jinja2.StrictUndefined, autoescape=False, keep_trailing_newline=True)
    folder = folder_of(name)
    try:
        text = prose.from_string(_source(name)).render(questions.prose)
    except jinja2.UndefinedError as error:
        raise CourseError(f"{folder.name}/assignment.md asks for a number that questions.py does not give: {error}.") from None
    return notebook_from_myst(text, name=folder.name)


def _own(cell, questions, place, term):
    """The cell that shows each student what this text says with the student's own numbers."""
    words = f", term={term!r}" if term else ""
    own = nbformat.v4.new_code_cell(f'from autograder import task\n\ntask("{questions.name}", {place}{words})', id=cell.id)
    own.metadata.update(locked=f"task_{place}", jupyter={"source_hidden": True})
    return own


def _personal(name: str, term: str) -> list[int]:
    """The places of the text cells that differ from student to student. CourseError where code does: nbgrader releases one notebook to all."""
    several = [_without_answers(_rendered(name, load(name, term, student))).cells for student in SOME_STUDENTS]
    places = [place for place, cells in enumerate(zip(*several)) if len({cell.source for cell in cells}) > 1]
    for place in places:
        cell = several[0][place]
        if cell.cell_type == "code":
            raise CourseError(f"{folder_of(name).name}/assignment.md has code that differs from student to student, and one notebook is released to all: draw its numbers with "
                              f"`variant.shared`, or move them into the text. The cell begins: {cell.source.strip().splitlines()[0]}")
    return places


def _without_answers(notebook):
    for cell in notebook.cells:
        cell.source = re.sub(r"### BEGIN SOLUTION.*?### END SOLUTION", "", cell.source, flags=re.DOTALL)
    return notebook


def notebook_name(name: str) -> str:
    """The file name of an assignment's notebook, without its ending: A1_hand_table."""
    return folder_of(name).name


def _prepare(cell, questions: Assignment, term: str, own: bool):
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
        words = "".join(f", {key}={value!r}" for key, value in (("term", term), ("own", own)) if value)
        cell.source = f'from autograder import check, hint\n\ncheck("{questions.name}", "{name}"{words})'
    cell.metadata["nbgrader"] = metadata


def _refuse_gaps(notebook, questions: Assignment):
    """Every question is asked exactly once."""
    asked = [cell.metadata.nbgrader.grade_id.removeprefix(CHECK_PREFIX) for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    for question in questions.questions:
        if asked.count(question.name) != 1:
            raise CourseError(f"{questions.name}'s assignment.md asks {question.name!r} {asked.count(question.name)} times; once is right.")
