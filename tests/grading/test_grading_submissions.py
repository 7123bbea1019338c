"""Every assignment as a class hands it in: each mistake as a student types it, right answers in other words, and blank.

`submissions/aN.py` holds the cells. Here they are judged at once, in this process; the slow test at the end hands all of
them in, whole, through the real grader and its sandbox.
"""

import copy
import importlib
import re

import numpy as np
import pytest

from autograder.assignments import folders, load
from autograder.authoring.assignment import build_notebook
from autograder.authoring.kill_matrix import answers_with
from autograder.authoring.proof import names_of, without_solutions
from autograder.grading.submission import grade
from autograder.questions import ManualQuestion, TableQuestion
from autograder.sandbox.isolation import bubblewrap_refusal
from autograder.variants import Secret, Variant

ASSIGNMENTS = list(folders())
SECRET = Secret(b"of a class that hands in everything")
HANDED_IN = {name: importlib.import_module(f"grading.submissions.{name.lower()}") for name in ASSIGNMENTS}
RIGHT = [pytest.param(name, cells, id=f"{name}-{way}") for name, module in HANDED_IN.items() for way, cells in module.RIGHT.items()]
WRONG = [pytest.param(name, question, mistake, cell, points, id=f"{name}-{question}-{mistake}")
         for name, module in HANDED_IN.items() for question, catalogue in module.WRONG.items() for mistake, (cell, points) in catalogue.items()]


def notebook_with(name, cells):
    """The solved notebook, with other answers in some of its cells."""
    notebook = build_notebook(name)
    for cell in notebook.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if grade_id in cells:
            cell.source = cells[grade_id].strip()
    return notebook


def verdicts_of(name, notebook, questions, secret=SECRET):
    names = names_of(notebook)

    def get(wanted):
        if wanted not in names:
            raise NameError(wanted)
        return names[wanted]

    with np.errstate(all="ignore"):
        return {question.name: question.judge(get, secret.rng(Variant(name), question.name), name) for question in questions}


def automatic(name):
    return [question for question in load(name).questions if not isinstance(question, ManualQuestion)]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name, cells", RIGHT)
def test_a_right_answer_in_other_words_gets_full_marks(name, cells):
    for question, verdict in verdicts_of(name, notebook_with(name, cells), automatic(name)).items():
        assert verdict.points == verdict.most, str(verdict)


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_every_question_is_answered_rightly_in_five_ways(name):
    for question in automatic(name):
        if not isinstance(question, TableQuestion):
            ways = {cells[question.name].strip() for cells in HANDED_IN[name].RIGHT.values() if question.name in cells}
            assert len(ways) >= 4, f"{name} {question.name}: with the solution itself these are {len(ways) + 1} ways; five are asked for"


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name, question, mistake, cell, points", [wrong if n % 4 == 0 else pytest.param(*wrong.values, id=wrong.id, marks=pytest.mark.slow) for n, wrong in enumerate(WRONG)])
def test_a_mistake_as_a_student_types_it_is_named_and_gets_its_points(name, question, mistake, cell, points):
    verdict = verdicts_of(name, notebook_with(name, {question: cell}), [load(name)[question]])[question]
    assert verdict.mistakes == (mistake,), str(verdict)
    assert verdict.points == pytest.approx(points), str(verdict)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_whatever_numbers_a_submission_meets_its_mistake_is_named(name):
    """What is handed in decides what numbers it meets: ties and lucky draws are met by some and not by others."""
    for question, catalogue in HANDED_IN[name].WRONG.items():
        for mistake, (cell, points) in catalogue.items():
            notebook = notebook_with(name, {question: cell})
            for number in range(3):
                verdict = verdicts_of(name, notebook, [load(name)[question]], Secret(b"of term %d" % number))[question]
                assert verdict.mistakes == (mistake,), f"{number}: {verdict}"
                assert verdict.points == pytest.approx(points), f"{number}: {verdict}"


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_every_mistake_is_handed_in(name):
    for question in automatic(name):
        if not isinstance(question, TableQuestion):            # a table's mistakes are followed through from its numbers
            assert set(HANDED_IN[name].WRONG.get(question.name, ())) == {mistake.name for mistake in question.mistakes}, question.name


# ---------------------------------------------------------------- whole, through the real grader

def as_cell(answers):
    return "\n".join(f"{name} = {values!r}" for name, values in answers.items())


def mistaken(name):
    """Notebooks that hold every mistake once: [{question: (mistake, cell, points)}]. Two questions of which one uses the
    other's functions never go wrong in the same notebook."""
    cells = {cell.metadata.nbgrader.grade_id: cell.source for cell in build_notebook(name).cells if cell.metadata.get("nbgrader", {}).get("solution")}
    defined = {question: set(re.findall(r"^(?:def|class) (\w+)|^(\w+) = ", source, re.MULTILINE)) for question, source in cells.items()}
    uses = {question: {other for other, names in defined.items() if other != question and any(re.search(rf"\b{a or b}\b", source) for a, b in names)}
            for question, source in cells.items()}
    catalogue = {question: [(mistake, cell, points) for mistake, (cell, points) in made.items()] for question, made in HANDED_IN[name].WRONG.items()}
    for question in automatic(name):
        if isinstance(question, TableQuestion):
            catalogue[question.name] = [(mistake.name, as_cell(answers_with(question, mistake)), None) for mistake in question.mistakes]
    notebooks = []
    for question, made in catalogue.items():
        for mistake in made:
            place = next((notebook for notebook in notebooks if question not in notebook and not any(other in uses[question] or question in uses[other] for other in notebook)), None)
            if place is None:
                notebooks.append(place := {})
            place[question] = mistake
    return notebooks


def graded(name, notebook):
    return grade(copy.deepcopy(notebook), SECRET).verdicts


@pytest.mark.slow
@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_the_real_grader_gives_everybody_what_is_due(name, require):
    require(bubblewrap_refusal() is None, bubblewrap_refusal())
    for way, cells in HANDED_IN[name].RIGHT.items():
        for verdict in graded(name, notebook_with(name, cells)).values():
            assert verdict.points == verdict.most, f"{way}: {verdict}"
    for verdict in graded(name, without_solutions(build_notebook(name))).values():
        assert verdict.points == 0 and not verdict.mistakes, f"blank: {verdict}"
    for made in mistaken(name):
        verdicts = graded(name, notebook_with(name, {question: cell for question, (_, cell, _) in made.items()}))
        for question, (mistake, _, points) in made.items():
            verdict = verdicts[f"check_{question}"]
            assert verdict.mistakes == (mistake,), str(verdict)
            assert points is None or verdict.points == pytest.approx(points), str(verdict)
            assert verdict.explanation and verdict.hints


# ---------------------------------------------------------------- what an attempt teaches about the next

@pytest.mark.process
def test_what_a_function_was_asked_helps_no_later_attempt(require):
    """A function that writes down its hidden questions, a cell that prints them, and a second attempt that looks the answers up."""
    require(bubblewrap_refusal() is None, bubblewrap_refusal())
    right, wrong = "np.mean((y - p) ** 2)", "0.123"
    spy = f"seen = []\ndef squared_error(y, p):\n    seen.append((y.tolist(), p.tolist(), {right}))\n    return {wrong}"
    first = notebook_with("A1", {"squared_error": spy})
    place = next(number for number, cell in enumerate(first.cells) if cell.source.startswith("from autograder") and '"squared_error"' in cell.source)
    printing = copy.deepcopy(first.cells[place - 1])
    printing.source, printing.metadata = "print(repr(seen))", {}
    first.cells.insert(place + 1, printing)
    outcome = grade(copy.deepcopy(first), SECRET)
    seen = eval(outcome.notebook.cells[place + 1].outputs[0].text)
    assert len(seen) > 4, "hidden questions were written down"
    table = f"seen = {seen!r}\ndef squared_error(y, p):\n    return next((right for a, b, right in seen if a == y.tolist() and b == p.tolist()), {wrong})"
    again = grade(notebook_with("A1", {"squared_error": table}), SECRET)
    assert outcome.verdicts["check_squared_error"].points == again.verdicts["check_squared_error"].points == 0
    assert grade(copy.deepcopy(first), SECRET).notebook.cells[place + 1].outputs[0].text == outcome.notebook.cells[place + 1].outputs[0].text, "the same code is asked the same"


def test_the_files_beside_a_notebook_are_part_of_the_answer():
    numbers = [SECRET.against(["a", "b"], files).rng(Variant("A1"), "q").random() for files in (None, {}, {"x": b"1"}, {"x": b"2"}, {"x1": b""})]
    assert numbers[0] == numbers[1] and len(set(numbers)) == 4
    assert SECRET.against(["ab"]).answer != SECRET.against(["a", "b"]).answer
