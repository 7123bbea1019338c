"""A course of plain nbgrader assignments, graded by stock nbgrader and by this package side by side.

The assignments (`plain/*.txt`) are written as an instructor who has never heard of this package writes them. A line
``# %% kind name points`` heads a cell; ``wrong`` gives a wrong answer for the solution cell of that name; a cell that is
``flagged`` is a test which only the student's own interpreter can run, so that a person is to confirm its points.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat

HERE = Path(__file__).parent / "plain"
CHECKOUT = Path(__file__).resolve().parents[2]
MARKS = {"solution": {"solution": True, "locked": False}, "test": {"grade": True, "locked": True}, "flagged": {"grade": True, "locked": True}, "readonly": {"locked": True},
         "manual": {"solution": True, "grade": True, "locked": False}, "essay": {"solution": True, "grade": True, "locked": False}, "task": {"task": True, "locked": True}}


class Text:
    """An assignment's text: its cells, and the wrong answers by the name of the cell that they answer."""

    def __init__(self, path: Path):
        parts = re.split(r"^# %% (.*)\n", path.read_text(encoding="utf-8"), flags=re.M)[1:]
        self.name, self.cells, self.wrong = path.stem, [], {}
        for head, body in zip(parts[::2], parts[1::2]):
            kind, *rest = head.split()
            if kind == "wrong":
                self.wrong[rest[0]] = body.rstrip("\n")
            else:
                self.cells.append((kind, rest[0] if rest else None, float(rest[1]) if len(rest) > 1 else None, body.rstrip("\n")))

    @property
    def flagged(self) -> set[str]:
        return {name for kind, name, _, _ in self.cells if kind == "flagged"}

    @property
    def tests(self) -> set[str]:
        return {name for kind, name, _, _ in self.cells if kind in ("test", "flagged")}

    def source(self) -> nbformat.NotebookNode:
        """The instructor's notebook."""
        notebook = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}})
        for kind, name, points, body in self.cells:
            text = kind in ("text", "essay", "task")
            cell = nbformat.v4.new_markdown_cell(body.removeprefix("# ")) if text else nbformat.v4.new_code_cell(body)
            if kind in MARKS:
                cell.metadata["nbgrader"] = {"schema_version": 3, "grade_id": name, "grade": False, "solution": False, "task": False, **({} if points is None else {"points": points}), **MARKS[kind]}
            notebook.cells.append(cell)
        return notebook


def answered(released: nbformat.NotebookNode, text: Text, wrong) -> nbformat.NotebookNode:
    """The released notebook with every answer filled in: the instructor's own, or the wrong one where `wrong(place)` says so."""
    right = {name: re.sub(r"^\s*### (BEGIN|END) SOLUTION\n?", "", body, flags=re.M) for kind, name, _, body in text.cells if kind in ("solution", "manual", "essay")}
    notebook, place = nbformat.from_dict(released), 0
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in right:
            cell.source = text.wrong.get(name, right[name]) if wrong(place) else right[name]
            place += 1
    return notebook


ANSWERS = {"right": lambda place: False, "wrong": lambda place: True, "partly": lambda place: place % 2 == 1}


def run(root: Path, *command, ok=(0,)) -> subprocess.CompletedProcess:
    """A command of ours or nbgrader's in a course root, as a user types it."""
    tools = {"python": [sys.executable], "course": [sys.executable, "-m", "autograder.cli"], "nbgrader": [sys.executable, "-m", "nbgrader"]}
    jupyter = root.parent / "jupyter"
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "COLUMNS": "200", "JUPYTER_CONFIG_DIR": str(jupyter), "IPYTHONDIR": str(jupyter / "ipython"), "JUPYTER_PREFER_ENV_PATH": "1",
                   "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}
    environment.pop("COURSE_DIR", None)
    done = subprocess.run([*tools[command[0]], *command[1:]], cwd=root, env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode in ok, f"{' '.join(map(str, command))} ended with {done.returncode}\n{done.stdout[-4000:]}\n{done.stderr[-8000:]}"
    return done


def grades(url: str, assignment: str) -> dict[str, dict[tuple[str, str], tuple]]:
    """Student → (notebook, cell) → (automatic points, whether a person is to look)."""
    from nbgrader.api import Gradebook
    with Gradebook(url) as gradebook:
        return {submission.student_id: {(notebook.name, grade.name): (grade.auto_score, bool(grade.needs_manual_grade)) for notebook in submission.notebooks for grade in notebook.grades}
                for submission in gradebook.assignment_submissions(assignment)}
