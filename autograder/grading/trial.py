"""`course try`: the verdicts on one file, a student's notebook or code that was mailed. No gradebook, no course root needed.

The file is made into a notebook with the assignment's own test cells and graded by the same function as a submission:
its code runs in the student's process, never here, and none of its marks (locked, graded) is believed.
"""

from __future__ import annotations

import ast
import dataclasses
import difflib
import os
import secrets
from pathlib import Path

import jupytext
import nbformat

from ..assignments import load
from ..course_root import find_course_root
from ..errors import CourseError
from ..firstaid import explain_error
from ..questions import Assignment
from ..variants import Secret, term_name
from ..verdicts import Verdict
from . import intake, submission

MOST_CODE = 1 << 20
MOST_CHECK = 10_000          # characters: a check cell is two lines


@dataclasses.dataclass(frozen=True)
class Trial:
    """The verdicts on a file, the cells of it that stopped (a sentence each), and the questions that a person reads."""

    assignment: str
    term: str
    student: str
    verdicts: tuple[Verdict, ...]
    stopped: tuple[str, ...]
    to_read: dict[str, float]
    walled: bool

    @property
    def points(self) -> float:
        return sum(verdict.points for verdict in self.verdicts)

    @property
    def most(self) -> float:
        return sum(verdict.most for verdict in self.verdicts)

    def to_dict(self) -> dict:
        return {**{field.name: getattr(self, field.name) for field in dataclasses.fields(self)}, "points": self.points, "most": self.most,
                "verdicts": [verdict.to_dict() for verdict in self.verdicts]}


def attempt(file: Path | str, assignment: str, secret: Secret, *, term: str | None = None, student: str | None = None, question: str | None = None, files=None, **limits) -> Trial:
    """Judge a file's answers to an assignment, or to one question of it.

    Without `term` and `student` they are those that the notebook names. `CourseError` where the file cannot be judged.
    """
    cells, made = read(Path(file))
    questions = _variant(Path(file).name, assignment, made, term, student)
    term, student = questions.term, questions.student
    asked = _asked(questions.assignment, question)
    call = {name: f"from autograder import check\n\ncheck({questions.assignment.name!r}, {name!r}, term={term!r}, student={student!r})" for name in asked}
    notebook = nbformat.v4.new_notebook(cells=_arranged(cells, call, asked))
    graded = submission.grade(notebook, secret, student=student, files=files, **limits)
    verdicts = tuple(graded.verdicts.get(name) or _unjudged(notebook, questions.assignment.name, name, most) for name, most in asked.items())
    stopped = tuple(f"Cell {number} stops. {explain_error(error)}" for number, (_, error) in enumerate(graded.ran, 1) if error is not None)
    to_read = {} if question else {one.name: one.points for one in questions.assignment.questions if not one.automatic}
    return Trial(questions.assignment.name, term, student, verdicts, stopped, to_read, graded.walled)


def secret_for(course_dir: Path | str | None) -> Secret:
    """The key of the course root that is named or found, as grading uses it; one for this time only where there is none."""
    try:
        root = find_course_root(course_dir)
    except CourseError:
        if course_dir or os.environ.get("COURSE_DIR"):
            raise
        return Secret(secrets.token_bytes(32))
    from .conditions import secret_of
    return secret_of(root)


def files_in(folder: Path | None) -> dict[str, bytes]:
    """The data files of a folder, for the student's process; none where no folder is named."""
    if folder is None:
        return {}
    if not folder.is_dir():
        raise CourseError(f"{folder} is no folder.")
    from .unit import beside
    return beside(folder)


# ---------------------------------------------------------------- reading

def read(file: Path) -> tuple[list, dict]:
    """(the code cells of a Python file or a notebook, what the notebook says of its assignment); `CourseError` where it is neither."""
    kind = file.suffix.lower()
    if kind not in (".py", ".ipynb"):
        raise CourseError(f"{file} is neither Python code (.py) nor a notebook (.ipynb).")
    try:
        size = file.stat().st_size
        if not file.is_file():
            raise CourseError(f"{file} is not a file.")
        if size > (MOST_CODE if kind == ".py" else intake.MAX_BYTES):
            raise CourseError(f"{file} is {size >> 20} MiB large: that is no homework.")
        content = file.read_bytes()
    except OSError as error:
        raise CourseError(f"{file} cannot be read: {error.strerror}.") from None
    cells, made = (_code(content, file.name), {}) if kind == ".py" else _notebook(content, file.name)
    if not any(cell.source.strip() for cell in cells):
        raise CourseError(f"{file.name} holds no code: there is nothing to judge.")
    return cells, made


def _code(content: bytes, name: str) -> list:
    """The cells of a Python file: those that `# %%` marks, or the whole file as one."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise CourseError(f"{name} is no Python code: it is not text in UTF-8.")
    text = text.replace("\r\n", "\n")
    if any(line.startswith("# %%") for line in text.splitlines()):
        return [cell for cell in jupytext.reads(text, fmt="py:percent").cells if cell.cell_type == "code"]
    return [nbformat.v4.new_code_cell(text)]


def _notebook(content: bytes, name: str) -> tuple[list, dict]:
    try:
        notebook = intake.parse(content, name)
    except intake.Refused as refused:
        raise CourseError(str(refused)) from None
    made = dict(notebook.metadata.get("course", {}))
    return [cell for cell in notebook.cells if cell.cell_type == "code"], {"student": notebook.metadata.get("worked_as", ""), **made}


# ---------------------------------------------------------------- what is asked

@dataclasses.dataclass(frozen=True)
class _Variant:
    assignment: Assignment
    term: str
    student: str


def _variant(file, name, made, term, student) -> _Variant:
    """The assignment with the numbers that the file was written for."""
    questions = load(name)
    if made.get("assignment", questions.name) != questions.name:
        raise CourseError(f"{file} is a notebook of {made['assignment']}, not of {questions.name}: `course try {made['assignment']} {file}`.")
    term = term_name(str(made.get("term", "")) if term is None else term)
    if student is None:
        student = str(made.get("student", ""))
        if made.get("own") is True and not student:
            raise CourseError(f"{file} has numbers of each student's own, and does not say whose: name the student with --student.")
    return _Variant(load(name, term, student), term, student)


def _asked(questions: Assignment, question: str | None) -> dict[str, float]:
    """Question → points, of those that are judged here."""
    automatic = {one.name: one.points for one in questions.questions if one.automatic}
    if question is None:
        return automatic
    if question in automatic:
        return {question: automatic[question]}
    if question in [one.name for one in questions.questions]:
        raise CourseError(f"{question} of {questions.name} is read by a person: there is nothing to judge here.")
    near = difflib.get_close_matches(question, automatic, n=1, cutoff=.4)
    raise CourseError(f"{questions.name} has no question {question!r}; it has {', '.join(automatic)}." + (f" Did you mean {near[0]}?" if near else ""))


def _arranged(cells, call: dict[str, str], asked: dict[str, float]) -> list:
    """The file's code and our test cells: each where the file asks its question, or at the end where it does not."""
    arranged, waiting = [], dict(asked)
    for cell in cells:
        checks = _checks(cell)
        if checks is None:
            arranged.append(nbformat.v4.new_code_cell(cell.source))          # no metadata: a mark of the file's own means nothing
        else:
            arranged += [_test(name, call[name], waiting.pop(name)) for name in dict.fromkeys(checks) if name in waiting]
    return arranged + [_test(name, call[name], most) for name, most in waiting.items()]


def _test(name, source, most):
    cell = nbformat.v4.new_code_cell(source)
    cell.metadata["nbgrader"] = {"grade": True, "solution": False, "locked": True, "grade_id": name, "points": most}
    return cell


def _checks(cell) -> list[str] | None:
    """The questions that a cell asks with `check`; None where the cell is code of another sort."""
    mark = cell.metadata.get("nbgrader")
    if isinstance(mark, dict) and mark.get("grade") and not mark.get("solution"):
        return [str(mark.get("grade_id")).removeprefix("check_")]
    if len(cell.source) > MOST_CHECK:
        return None
    try:
        statements = ast.parse(cell.source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    calls = [statement.value for statement in statements if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)
             and isinstance(statement.value.func, ast.Name) and statement.value.func.id in ("check", "hint", "task")]
    imports = [statement for statement in statements if isinstance(statement, ast.ImportFrom) and statement.module == "autograder"]
    if not statements or len(calls) + len(imports) < len(statements):
        return None
    return [call.args[1].value for call in calls if call.func.id == "check" and len(call.args) == 2 and isinstance(call.args[1], ast.Constant)]


def _unjudged(notebook, assignment, name, most) -> Verdict:
    """What is said where a check itself came to no verdict."""
    outputs = next(cell.outputs for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == name)
    reason = next((f"{output.ename}: {output.evalue}" for output in outputs if output.output_type == "error"), "no reason is known")
    return Verdict(assignment, name, 0.0, most, "failed", "It could not be judged.", explanation=f"{reason}.")
