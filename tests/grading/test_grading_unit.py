"""The unit of work: bytes in, points and an executed notebook out, and nbgrader's own rules kept without nbgrader."""

import copy
import dataclasses
import itertools
import json
import pickle
import subprocess
import sys
import warnings
from pathlib import Path

import nbformat
import pytest
from nbgrader import utils

from autograder.grading import cells, release, unit

CHECKOUT = Path(__file__).resolve().parents[2]


def named(name, source, *, points=None, solution=False, locked=False, cell_type="code", task=False):
    """A released cell with the checksum that nbgrader gives it."""
    cell = release.Cell(name, cell_type, source, locked, "", solution, task, points)
    return release.Cell(**{**vars(cell), "checksum": utils.compute_checksum(release.new_cell(cell))})


RELEASED = release.Notebook("ps1", (
    named("setup", "import math", locked=True), named("double", "def double(x):\n    ...", solution=True), named("test_double", "assert double(4) == 8", points=2.0, locked=True),
    named("half", "def half(x):\n    ...", solution=True), named("test_half", "assert half(4) == 2", points=1.0, locked=True),
    named("essay", "Your answer", points=3.0, solution=True, cell_type="markdown"), named("sketch", "Draw it", points=4.0, locked=True, cell_type="markdown", task=True)))
TASK = unit.Task(release.Release("ps", {"ps1": RELEASED}), None, "1")


def submission(change=lambda notebook: None, **answers):
    notebook = RELEASED.notebook()
    for cell in notebook.cells:
        cell.source = answers.get(cell.metadata.nbgrader["grade_id"], cell.source)
    change(notebook)
    return unit.Submission("ada", {"ps1": nbformat.writes(notebook).encode()})


RIGHT = {"double": "def double(x):\n    return 2 * x", "half": "def half(x):\n    return x / 2"}


def test_the_marks_are_read_as_nbgrader_reads_them():
    for grade, solution, locked, task, points in itertools.product((True, False), (True, False), (True, False), (True, False), (0, 2, 2.5)):
        cell = nbformat.v4.new_code_cell("x = 1  # ŷ", metadata={"nbgrader": {"grade": grade, "solution": solution, "locked": locked, "task": task, "grade_id": "q", "points": points}})
        for ours, theirs in ((cells.is_grade, utils.is_grade), (cells.is_solution, utils.is_solution), (cells.is_locked, utils.is_locked), (cells.is_task, utils.is_task), (cells.checksum, utils.compute_checksum)):
            assert ours(cell) == theirs(cell)
    assert not cells.is_grade(nbformat.v4.new_code_cell()) and not cells.is_locked(nbformat.v4.new_code_cell())


def test_neither_nbgrader_nor_a_database_is_imported_to_grade():
    """A worker that imported them would spend more on its start than on twenty submissions."""
    asked = "import sys, autograder.grading.unit; print([name for name in ('nbgrader', 'sqlalchemy', 'nbconvert', 'traitlets.config') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, cwd=CHECKOUT, check=True)
    assert done.stdout.strip() == "[]"


def test_points_comments_and_notebook_of_a_submission():
    result = unit.grade(TASK, submission(**{**RIGHT, "half": "def half(x):\n    return 3"}))
    judged = result.notebooks["ps1"]
    assert judged.scores == {"test_double": 2.0, "test_half": 0.0, "essay": 0.0}
    assert judged.comments == {"double": None, "half": None, "essay": "No response.", "sketch": None}
    notebook = nbformat.reads(judged.content, as_version=4)
    nbformat.validate(notebook)
    failed = next(cell for cell in notebook.cells if cells.name(cell) == "test_half")
    assert failed.outputs[0].output_type == "error" and notebook.metadata["grading"]["tier"] in ("A", "B", "C")


def test_what_a_person_reads_has_no_points_yet():
    assert unit.grade(TASK, submission(essay="Because.")).notebooks["ps1"].scores["essay"] is None


def test_task_and_result_can_be_sent_to_another_process_and_the_same_bytes_give_the_same():
    task, handed_in = pickle.loads(pickle.dumps((TASK, submission(**RIGHT))))
    first, again = unit.grade(task, handed_in), unit.grade(TASK, submission(**RIGHT))
    assert pickle.loads(pickle.dumps(first)) == first
    assert first.notebooks["ps1"].scores == again.notebooks["ps1"].scores == {"test_double": 2.0, "test_half": 1.0, "essay": 0.0}
    assert nbformat.reads(first.notebooks["ps1"].content, 4).cells[2].source == nbformat.reads(again.notebooks["ps1"].content, 4).cells[2].source


def test_a_decision_has_the_last_word():
    task = unit.Task(TASK.release, None, "1", {"test_double": unit.Decided("full marks", "All get it. The reason: x"), "test_half": unit.Decided("drop", "It is out."), "essay": unit.Decided("full marks", "All get it.")})
    judged = unit.grade(task, submission()).notebooks["ps1"]
    assert judged.scores == {"test_double": 2.0, "test_half": 0.0, "essay": 3.0} and judged.comments["essay"] == "All get it."
    assert "All get it. The reason: x" in judged.content and "It is out." in judged.content


def test_what_is_no_notebook_is_the_release_with_the_reason_and_worth_nothing():
    judged = unit.grade(TASK, unit.Submission("ada", {"ps1": b"{"})).notebooks["ps1"]
    assert judged.scores == {"test_double": 0.0, "test_half": 0.0, "essay": 0.0} and "is no notebook" in judged.refused and "could not be graded" in judged.content
    linked = unit.grade(TASK, unit.Submission("ada", {}, refused={"ps1": "It is a link."})).notebooks["ps1"]
    assert linked.refused == "It is a link." and "It is a link." in linked.content


def test_a_notebook_that_is_missing_or_unknown_is_not_judged():
    assert unit.grade(TASK, unit.Submission("ada", {"other": b"{}"})).notebooks == {}


def test_the_digest_is_of_everything_handed_in():
    first = submission()
    others = [submission(**RIGHT), unit.Submission("ada", first.notebooks, files={"data.csv": b"1"}), unit.Submission("ada", first.notebooks, files={"data.csv": b"2"}), unit.Submission("ada", {}, refused={"ps1": "x"})]
    assert len({each.digest for each in [first, *others]}) == 5 and submission().digest == first.digest


def test_the_release_has_the_last_word_on_every_named_cell():
    def hostile(notebook):
        for cell in notebook.cells:
            cell.metadata.nbgrader.update(points=1000, locked=False)
        notebook.cells[2].source = "1000"
        notebook.cells[2].cell_type = "markdown"
        notebook.cells.append(nbformat.v4.new_code_cell("9", metadata={"nbgrader": {"grade_id": "mine", "grade": True, "points": 9, "solution": False, "locked": True, "schema_version": 3}}))
    judged = unit.grade(TASK, submission(hostile)).notebooks["ps1"]
    assert judged.scores == {"test_double": 0.0, "test_half": 0.0, "essay": 0.0}
    restored = {cells.name(cell): cell.source for cell in nbformat.reads(judged.content, 4).cells}
    assert {cell.name: restored[cell.name] for cell in RELEASED.cells} == {cell.name: cell.source for cell in RELEASED.cells}


@pytest.mark.parametrize("gone", [{"test_double"}, {"setup", "test_half"}, {"setup", "double", "test_double", "half", "test_half", "essay", "sketch"}])
def test_named_cells_that_were_deleted_are_put_back_in_the_releases_order(gone):
    def delete(notebook):
        notebook.cells = [cell for cell in notebook.cells if cell.metadata.nbgrader["grade_id"] not in gone]
    notebook = release.restore(nbformat.reads(submission(delete, **RIGHT).notebooks["ps1"].decode(), 4), RELEASED)
    assert [cells.name(cell) for cell in notebook.cells] == [cell.name for cell in RELEASED.cells] and set(notebook.metadata["restored"]) == gone


def test_of_two_cells_of_one_name_the_first_keeps_it():
    def twice(notebook):
        notebook.cells.append(copy.deepcopy(notebook.cells[1]))
    notebook = RELEASED.notebook()
    twice(notebook)
    release.restore(notebook, RELEASED)
    assert [cells.name(cell) for cell in notebook.cells].count("double") == 1 and cells.name(notebook.cells[-1]) is None


def test_long_outputs_are_shortened_as_nbgrader_shortens_them():
    lines = nbformat.v4.new_output("stream", name="stdout", text="\n".join(map(str, range(30))))
    more = nbformat.v4.new_output("stream", name="stdout", text="more")
    error = nbformat.v4.new_output("error", ename="E", evalue="", traceback=[str(number) for number in range(20)])
    assert unit._shortened([copy.deepcopy(error)], unit.Limits(traceback_lines=-1)) == [error]
    kept = unit._shortened([lines, more, error], unit.Limits(output_lines=10, traceback_lines=5))
    assert kept[0].text.split("\n") == [*map(str, range(9)), "... Output truncated ..."]
    assert kept[1].traceback == ["0", "1", "... Traceback truncated ...", "18", "19"] and len(kept) == 2


@pytest.mark.parametrize("content", ["as released", "nothing", "no notebook"])
def test_a_release_whose_cells_have_no_ids_gets_the_same_ones_every_time_and_warns_of_nothing(content):
    text = json.loads(nbformat.writes(RELEASED.notebook()))
    for cell in text["cells"][1:]:
        del cell["id"]
    text["cells"][0]["id"] = "cell-2"
    released = dataclasses.replace(RELEASED, text=json.dumps(text))
    handed_in = {"as released": json.dumps(text), "nothing": json.dumps({**text, "cells": []}), "no notebook": "{"}[content].encode()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made = unit.sanitized(handed_in, "ps1.ipynb", released)
        nbformat.validate(made)
    assert len({cell.id for cell in made.cells}) == len(made.cells)
    assert [cell.id for cell in made.cells] == [cell.id for cell in unit.sanitized(handed_in, "ps1.ipynb", released).cells]
