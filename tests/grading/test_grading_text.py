"""What an assignment's text says and shows, before anybody opens it: its expected time, its pictures, its empty cells."""

import ast
import re

import pytest

from autograder.assignments import folders, load
from autograder.authoring.assignment import build_notebook
from autograder.grading.cells import CODE_STUB
from autograder.authoring.minutes import THINKING, minutes, written
from autograder.authoring.proof import names_of, without_solutions

ASSIGNMENTS = list(folders())


@pytest.fixture(scope="module", params=ASSIGNMENTS)
def solved(request):
    notebook = build_notebook(request.param)
    return request.param, notebook


def test_the_expected_time_is_what_its_questions_and_its_words_take(solved):
    name, notebook = solved
    parts = minutes(name, notebook)
    assert abs(sum(parts.values()) - written(notebook)) <= 10, {part: round(time) for part, time in parts.items()}


def test_no_question_is_without_its_minutes():
    for name in ASSIGNMENTS:
        apart = {"report"} if name == "A9" else set()
        assert set(THINKING[name]) == {question.name for question in load(name).questions} - apart


def test_every_picture_is_a_picture_for_markdown_and_has_words(solved):
    name, notebook = solved
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert text.count("](data:") == len(re.findall(r"!\[[^\]]{40,}\]\(data:image/svg\+xml[^\s()<>]*\)", text)), "a blank or a bracket ends the address of a picture"


def test_an_empty_cell_shows_nothing_when_it_is_run(solved):
    name, notebook = solved
    for cell in without_solutions(notebook.copy()).cells:
        if cell.cell_type == "code" and CODE_STUB in cell.source:
            last = ast.parse(cell.source).body[-1]
            assert not isinstance(last, ast.Expr), f"{cell.metadata.nbgrader.grade_id} would show Ellipsis"


@pytest.mark.filterwarnings("ignore")
def test_a_check_of_an_empty_notebook_says_that_nothing_is_there_and_gives_nothing(solved):
    name, notebook = solved
    names = names_of(without_solutions(notebook))
    for question in load(name).questions:
        if question.automatic:
            verdict = question.judge(names.__getitem__, None, name)
            assert verdict.status == "blank" and verdict.points == 0 and not verdict.evidence, str(verdict)
