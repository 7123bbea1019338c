"""An assignment proves itself before it is released, and each student may have numbers of their own."""

import dataclasses

import nbformat
import numpy as np
import pytest
from typer.testing import CliRunner

from autograder import practice
from autograder.assignments import folders, load
from autograder.authoring import assignment as authoring
from autograder.authoring import build as building
from autograder.authoring import proof as proving
from autograder.authoring.assignment import build_notebook, text_of
from autograder.authoring.kill_matrix import kill_matrices
from autograder.authoring.proof import TRIAL, prove
from autograder.cli import app
from autograder.course_root import make_course_root
from autograder.errors import CourseError
from autograder.grading import intake, notebook_text
from autograder.grading.submission import grade
from autograder.questions import Assignment, Choice, ChoiceQuestion, FunctionQuestion, Mistake, Probe, Sheet, TableQuestion
from autograder.sandbox.isolation import bubblewrap_refusal
from autograder.variants import Secret, Variant

HINTS = ("one", "two", "three")
VARIANT = Variant("A1")


def double(**changed):
    """A tiny question: twice the number, with a mistake or more."""
    asked = dict(name="double", function="double", parameters=("x",), groups={"numbers": 5}, reference=lambda x: 2 * x, public=(Probe("numbers", (3.,)),),
                 hidden=lambda rng: [Probe("numbers", (float(rng.integers(4, 9)),))], mistakes=(Mistake("Squared", "It is the square.", HINTS, wrong=lambda x: x**2),))
    return FunctionQuestion(**{**asked, **changed})


def problems(*questions):
    return [problem for matrix in kill_matrices(Assignment("T", "Test", questions), VARIANT, TRIAL) for problem in matrix.problems]


# ---------------------------------------------------------------- the kill matrix

def test_a_clean_question_has_no_problems():
    assert problems(double()) == []


def test_a_mistake_equal_to_its_reference_is_named():
    found = problems(double(mistakes=(Mistake("Nothing wrong", "It is right.", HINTS, wrong=lambda x: x + x),)))
    assert len(found) == 1 and "'Nothing wrong' survives" in found[0]


def test_a_mistake_that_only_a_hidden_probe_shows_wants_a_public_one():
    found = problems(double(public=(Probe("numbers", (2.,)),)))           # 2 · 2 = 2²
    assert len(found) == 1 and "no public probe shows the mistake 'Squared'" in found[0]


def test_two_mistakes_that_look_alike_are_named():
    alike = (Mistake("Squared", "It is the square.", HINTS, wrong=lambda x: x**2), Mistake("Times itself", "It is multiplied.", HINTS, wrong=lambda x: x * x))
    assert ["'Squared' and 'Times itself' cannot be told apart on any probe" in found for found in problems(double(mistakes=alike))] == [True]
    other = (Mistake("Squared", "It is the square.", HINTS, wrong=lambda x: x**2), Mistake("Thrice", "It is tripled.", HINTS, wrong=lambda x: 3 * x))
    assert ["cannot be told apart on the public probes" in found for found in problems(double(mistakes=other))] == [True]     # 3² = 3 · 3


def test_a_proof_names_the_solution_that_fails_and_the_blank_that_earns(monkeypatch):
    broken = dataclasses.replace(load("A1"), questions=tuple(dataclasses.replace(q, reference=lambda h: 2 * h) if q.name == "sigmoid" else q for q in load("A1").questions))
    monkeypatch.setattr(proving, "load", lambda *words: broken)
    found = prove("A1").problems
    assert any("A1, sigmoid: the solution gets" in problem for problem in found), found
    generous = dataclasses.replace(load("A1"), questions=tuple(dataclasses.replace(q, shares=lambda values: dict.fromkeys(("fires on (1, 1)", "stays silent on the other three"), 1.), shapes={}, mistakes=()) if q.name == "and_weights" else q
                                                               for q in load("A1").questions))
    monkeypatch.setattr(proving, "load", lambda *words: generous)
    assert any("and_weights: a blank answer gets" in problem for problem in prove("A1").problems)


@pytest.mark.parametrize("name", list(folders()))
def test_every_assignment_is_proved(name):
    assert prove(name).problems == ()


def test_check_prints_the_matrix_and_draws_it(tmp_path):
    done = CliRunner().invoke(app, ["check", "A1", "--draw", str(tmp_path / "matrix.svg")])
    assert done.exit_code == 0 and "Forgot the bias" in done.output and "told apart" in done.output
    assert "<svg" in (tmp_path / "matrix.svg").read_text()


def test_a_variant_that_fails_its_proof_is_not_built(tmp_path, monkeypatch):
    root = make_course_root(tmp_path / "course")
    monkeypatch.setattr(building, "prove", lambda *words: dataclasses.replace(prove("A1"), problems=("A1, sigmoid: something is amiss.",)))
    with pytest.raises(CourseError, match="cannot be released. A1, sigmoid: something is amiss"):
        building.build(root, "A1")
    assert not list((root / "source").rglob("*.ipynb"))


# ---------------------------------------------------------------- numbers of one's own

@pytest.fixture
def asked_by(monkeypatch):
    def by(student):
        monkeypatch.setattr("nbgrader.utils.get_osusername", lambda: student)
    return by


def test_the_text_shows_each_student_their_own_numbers(asked_by):
    notebook = build_notebook("A1", "2027-spring", own=True)
    cell = next(cell for cell in notebook.cells if cell.source.startswith("from autograder import task"))
    assert cell.metadata.nbgrader["locked"] and not cell.metadata.nbgrader["grade"]
    place = notebook.cells.index(cell)
    shown = {}
    for student in ("ada", "bob_b"):
        asked_by(student)
        shown[student] = practice.task("A1", place, term="2027-spring")._repr_mimebundle_()["text/markdown"]
        assert shown[student].startswith(text_of("A1", place, "2027-spring", student))
    assert shown["ada"] != shown["bob_b"] and "**ada**" in shown["ada"] and "**bob\\_b**" in shown["bob_b"]


def test_own_checks_ask_for_the_own_numbers(asked_by, monkeypatch):
    right = load("A1", "2027-spring", "ada")["hand_table"].table().solution()
    names = {"paper_h": right["h"].tolist(), "paper_p": right["p"].tolist(), "paper_y_hat": right["y_hat"].tolist()}
    monkeypatch.setattr(practice, "_from_notebook", names.__getitem__)
    asked_by("ada")
    assert practice.check("A1", "hand_table", term="2027-spring", own=True).points == 20
    asked_by("bob")
    assert practice.check("A1", "hand_table", term="2027-spring", own=True).points < 20


def test_code_that_would_differ_from_student_to_student_is_refused(monkeypatch):
    monkeypatch.setattr(authoring, "_source", lambda name: "# T\n\n```{code-cell} ipython3\nw = << w1 >>\n```\n")
    with pytest.raises(CourseError, match="differs from student to student.*variant.shared.*w = "):
        build_notebook("A1", "2027-spring", own=True)


@pytest.mark.process
def test_the_grader_takes_the_numbers_of_who_handed_in_and_says_so(asked_by, require):
    require(bubblewrap_refusal() is None, bubblewrap_refusal())
    notebook = build_notebook("A1", "2027-spring", "ada", own=True)                      # ada's right answers
    place = next(number for number, cell in enumerate(notebook.cells) if cell.source.startswith("from autograder import task"))
    asked_by("ada")
    told = practice.task("A1", place, term="2027-spring")._repr_mimebundle_()
    notebook.cells[place].outputs = [nbformat.v4.new_output("display_data", data=told)]
    handed_in = intake.parse(nbformat.writes(notebook).encode())
    assert handed_in.metadata["worked_as"] == "ada"
    secret = Secret(b"key of this test")
    ada = grade(handed_in, secret, student="ada")
    assert ada.verdicts["check_hand_table"].points == 20 and ada.verdicts["check_sigmoid"].points == 15
    assert len(ada.notebook.cells[place].outputs) == 1
    bob = grade(intake.parse(nbformat.writes(notebook).encode()), secret, student="bob")
    assert bob.verdicts["check_hand_table"].points < 20
    assert "worked on as ada" in bob.notebook.cells[place].outputs[1]["data"]["text/plain"]


@pytest.mark.parametrize("outputs", [3, "x", [3], [{"data": 3}], [{"data": {practice.TASK: 3}}], [{"data": {practice.TASK: {"student": 3}}}]])
def test_outputs_that_are_no_outputs_are_nobodys(outputs):
    assert notebook_text._worked_as([{"outputs": outputs}, 3, None]) == ""


# ---------------------------------------------------------------- sheets

def sheet_question():
    def sheet():
        return Sheet({"products": lambda so_far: np.array([1.5, -2, .25]), "total": lambda so_far: so_far["products"].sum(), "p": lambda so_far: 1 / (1 + np.exp(-so_far["total"]))})
    return TableQuestion(name="by_hand", groups={"products": 6, "the rest": 4}, table=sheet, names={"products": "a", "total": "t", "p": "p"},
                         columns={"products": "products", "total": "the rest", "p": "the rest"},
                         mistakes=(Mistake("Averaged", "You divided by their number.", HINTS, column="total", rule=lambda so_far: so_far["products"].mean()),))


@pytest.mark.parametrize("answers, points, mistakes", [
    ({"a": [1.5, -2, .25], "t": -.25, "p": .44}, 10, ()), ({"a": [1.5, 2, .25], "t": 3.75, "p": .98}, 8, ()), ({"a": [1.5, -2, .25], "t": -.08, "p": .48}, 8, ("Averaged",)),
    ({"a": [1.5, 2, .25], "t": 1.25, "p": .78}, 6, ("Averaged",)), ({"a": [1.5, -2, None], "t": ..., "p": None}, 4, ()), ({"a": ..., "t": ..., "p": ...}, 0, ())])
def test_a_sheet_is_judged_on_the_students_own_numbers(answers, points, mistakes):
    verdict = sheet_question().judge(answers.__getitem__, np.random.default_rng(0))
    assert (verdict.points, verdict.mistakes) == (points, mistakes), str(verdict)


@pytest.mark.parametrize("given, says", [([1, 2], "3 numbers; you gave 2"), (["x", 1, 2], "one number"), ([1e400, 1, 2], "finite")])
def test_what_is_no_number_gets_a_sentence(given, says):
    verdict = sheet_question().judge({"a": given, "t": 1, "p": 1}.__getitem__, None)
    assert says in str(verdict)


# ---------------------------------------------------------------- choices

CHOICES = ChoiceQuestion(
    name="choose", groups={"outputs": 6, "losses": 2}, choices={"price": Choice("outputs", ("identity", "sigmoid", "softmax"), ("identity",)),
                                                               "spam": Choice("outputs", ("identity", "sigmoid", "softmax"), ("sigmoid",)),
                                                               "loss": Choice("losses", ("squared error", "cross-entropy"), ("cross-entropy",))},
    example={"price": "identity", "spam": "sigmoid", "loss": "cross-entropy"},
    mistakes=(Mistake("A probability for a price", "A price has no ceiling at 1.", HINTS, fits=lambda values: values["price"] == "sigmoid",
                      example={"price": "sigmoid", "spam": "sigmoid", "loss": "cross-entropy"}),))


@pytest.mark.parametrize("chosen, points, status, says", [
    (dict(price="identity", spam="sigmoid", loss="cross-entropy"), 8, "right", "Right"), (dict(price=" Identity", spam="SIGMOID", loss="Cross_Entropy"), 8, "right", "Right"),
    (dict(price="sigmoid", spam="sigmoid", loss="cross-entropy"), 5, "partly right", "A price has no ceiling"), (dict(price="identity", spam=..., loss=...), 3, "partly right", "in place of the dots"),
    (dict(price=..., spam=..., loss=...), 0, "blank", "in place of the dots"), (dict(price="identiti", spam="x", loss=3), 0, "blank", "Did you mean 'identity'?")])
def test_choices_are_judged_one_by_one(chosen, points, status, says):
    verdict = CHOICES.judge(chosen.__getitem__, np.random.default_rng(0))
    assert (verdict.points, verdict.status) == (points, status) and says in str(verdict), str(verdict)


def test_practice_does_not_tell_which_choices_are_right():
    right = CHOICES.judge(dict(price="identity", spam="sigmoid", loss="cross-entropy").__getitem__, None)
    wrong = CHOICES.judge(dict(price="sigmoid", spam="softmax", loss="squared error").__getitem__, None)
    assert right == wrong and right.status == "answered" and "when it is graded" in str(right) and right._repr_mimebundle_()["text/plain"] == "8"


# ---------------------------------------------------------------- probes

def test_more_than_one_answer_can_be_right():
    asked = double(public=(Probe("numbers", (3.,), accept=lambda value, expected: 0 <= float(value) <= 7),))
    for value, status in ((0, "right"), (7, "right"), (8, "wrong"), ("x", "failed"), (None, "blank")):
        assert asked.judge({"double": lambda x, value=value: value}.__getitem__, None).status == status


def test_more_than_a_call_can_be_asked():
    class Counter:
        def __init__(self, start):
            self.n = start

        def up(self):
            self.n += 1

    class Stuck(Counter):
        def up(self):
            pass

    def three_steps(kind, start):
        counter = kind(start)
        for _ in range(3):
            counter.up()
        return counter.n

    asked = double(function="Counter", reference=Counter, ask=three_steps, public=(Probe("numbers", (2,), shown="c = Counter(2); c.up(); c.up(); c.up(); c.n"),),
                   hidden=lambda rng: [Probe("numbers", (int(rng.integers(9)),))], mistakes=(Mistake("Stands still", "It does not count.", HINTS, wrong=Stuck),))
    assert asked.judge({"Counter": Counter}.__getitem__, np.random.default_rng(1)).points == 5
    stuck = asked.judge({"Counter": Stuck}.__getitem__, np.random.default_rng(1))
    assert stuck.mistakes == ("Stands still",) and "c.up()" in stuck.evidence and "gives 2; right is 5" in stuck.evidence


def test_what_cannot_be_summarised_is_described_as_it_is():
    asked = double(summary=lambda value: float(np.std(value)), reference=lambda x: np.array([x, -x]))
    assert "None" in str(asked.judge({"double": lambda x: print(x)}.__getitem__, None)) or asked.judge({"double": lambda x: None}.__getitem__, None).status == "blank"
    assert asked.judge({"double": lambda x: "text"}.__getitem__, None).points == 0
