"""The whole circle, with nbgrader's own commands: build, release, fetch, submit, collect, grade, feedback, for a class.

The commands run once for the file; each test looks at one promise in what they left.
"""

import copy
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest

from grading.submissions.a1 import BROKEN, RIGHT, WRONG
from autograder.assignments import load
from autograder.course_root import make_course_root
from autograder.grading.unit import beside
from autograder.sandbox.isolation import bubblewrap_refusal
from autograder.variants import Secret, Variant

pytestmark = [pytest.mark.circle, pytest.mark.xdist_group("circle")]
CHECKOUT = Path(__file__).resolve().parents[2]
NOTEBOOK = "A1_hand_table.ipynb"
COLUMNS = {"h": "paper_h", "p": "paper_p", "y_hat": "paper_y_hat"}
AUTOMATIC = 85                                # of the 100; a person gives the other 15
SECONDS = 4                                   # a cell or call may take in this class
SUBMIT = """
import shutil, sys
from pathlib import Path
from nbgrader.apps import SubmitApp
for file in sorted(Path(sys.argv[1]).iterdir()):
    shutil.copy(file, sys.argv[2])
    SubmitApp.launch_instance(["A1", "--student=" + file.name])
    SubmitApp.clear_instance()
"""


class Class:
    """A course root, its students' submissions, and what each should get."""

    def __init__(self, root: Path):
        self.root, self.scratch = root, root.parent / "scratch"
        self.scratch.mkdir()
        self.points, self.mistakes, self.notebooks = {}, {}, {}

    def run(self, *command, ok=(0,)):
        """A command of ours or nbgrader's, run in the course root as a user types it."""
        tools = {"python": [sys.executable], "course": [sys.executable, "-m", "autograder.cli"], "nbgrader": [sys.executable, "-m", "nbgrader"]}
        environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "COURSE_DIR": str(self.root), "COLUMNS": "200",
                       "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
                       "JUPYTER_CONFIG_DIR": str(self.root / ".jupyter"), "JUPYTER_DATA_DIR": str(self.root / ".jupyter")}
        environment["TMPDIR"] = str(self.scratch)
        done = subprocess.run([*tools[command[0]], *command[1:]], cwd=self.root, env=environment, capture_output=True, text=True, timeout=900)
        assert done.returncode in ok, f"{' '.join(command)} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def add(self, student, cells, points, mistakes=(), answer="The line should say exp(0.5)."):
        """A submission that writes `cells` (question → text) over the solved notebook."""
        notebook = copy.deepcopy(self.solved)
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if name in cells:
                cell.source = cells[name].strip()
            if name == "explain_e1":
                cell.source = answer
        self.put(student, nbformat.writes(notebook).encode(), points, mistakes)

    def put(self, student, content, points, mistakes=()):
        self.points[student], self.mistakes[student], self.notebooks[student] = points, tuple(mistakes), content

    def submit_all(self):
        """`nbgrader submit` for each student, in one process: its start takes longer than its work."""
        waiting = self.root / "waiting"
        waiting.mkdir()
        for student, content in self.notebooks.items():
            (waiting / student).write_bytes(content)
        self.run("python", "-c", SUBMIT, str(waiting), str(self.root / "homework" / "A1" / NOTEBOOK))

    def gradebook(self):
        from nbgrader.api import Gradebook
        return Gradebook(f"sqlite:///{self.root / 'gradebook.db'}")

    def score(self, student):
        """Question → automatic points, from nbgrader's gradebook."""
        with self.gradebook() as gradebook:
            return {grade.name.removeprefix("check_"): grade.auto_score for grade in gradebook.find_submission("A1", student).notebooks[0].grades}

    def feedback(self, student):
        return (self.root / "feedback" / student / "A1" / "A1_hand_table.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def classroom(tmp_path_factory, require):
    require(bubblewrap_refusal() is None or not os.environ.get("CI"), bubblewrap_refusal())     # elsewhere the circle runs without walls
    root = make_course_root(tmp_path_factory.mktemp("circle") / "course")
    with open(root / "nbgrader_config.py", "a") as config:
        config.write(f"\nc.Execute.cell_seconds = {SECONDS}\nc.Execute.call_seconds = {SECONDS}\n")
    room = Class(root)
    room.run("course", "build", "A1")
    room.run("nbgrader", "generate_assignment", "A1")
    room.run("nbgrader", "release_assignment", "A1")
    room.run("nbgrader", "fetch_assignment", "A1")
    room.released = nbformat.read(root / "homework" / "A1" / NOTEBOOK, as_version=4)
    room.solved, room.tables = solved(room.released), wrong_tables()
    hand_in_everything(room)
    room.submit_all()
    room.run("nbgrader", "collect", "A1")
    room.graded = room.run("course", "grade", "A1", ok=(3,))
    room.run("nbgrader", "generate_feedback", "A1")
    room.run("nbgrader", "release_feedback", "A1")
    return room


def solved(released):
    """The released notebook with every question answered rightly, by hand, not from the instructor's source."""
    solution = load("A1")["hand_table"].table().solution()
    answers = {"hand_table": "\n".join(f"{name} = {[round(float(v), 2) for v in solution[column]]}" for column, name in COLUMNS.items()),
               "weighted_sum": "def weighted_sum(X, w, b):\n    return np.dot(X, w) + b",
               "sigmoid": "def sigmoid(h):\n    return np.exp(-np.logaddexp(0, -h))",
               "predict": "def predict(X, w, b):\n    h = weighted_sum(X, w, b)\n    p = sigmoid(h)\n    return h, p, np.where(p >= .5, 1, 0)",
               "and_weights": "w_and = [1, 1]\nb_and = -1.5", "squared_error": "def squared_error(y, p):\n    return ((y - p) ** 2).mean()"}
    notebook = copy.deepcopy(released)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in answers:
            cell.source = answers[name]
    return notebook


def wrong_tables():
    """(mistake, cell, points): the table with one column filled by the mistake's rule, and what it still earns."""
    question = load("A1")["hand_table"]
    right = {column: np.round(np.asarray(values, float), 2) for column, values in question.table().solution().items()}
    tables = []
    for mistake in question.mistakes:
        columns = {**right, mistake.column: np.round(np.asarray(mistake.rule(right), float), 2)}
        if mistake.column == "h":                          # what follows is right again, from the wrong h
            columns["p"] = np.round(1 / (1 + np.exp(-columns["h"])), 2)
        if mistake.column in ("h", "p"):
            columns["y_hat"] = (columns["p"] >= .5) * 1.0
        off = int(np.sum(np.abs(columns[mistake.column] - right[mistake.column]) > .006))
        cell = "\n".join(f"{name} = {columns[column].tolist()}" for column, name in COLUMNS.items())
        tables.append((mistake.name, cell, 20 - question.groups[question.columns[mistake.column]] * off / 4))
    return tables


def hand_in_everything(room):
    for number, cells in enumerate(RIGHT.values()):
        room.add(f"right{number}", cells, AUTOMATIC)
    most = max(len(catalogue) for catalogue in WRONG.values())
    for number in range(most):                         # the k-th student makes the k-th mistake of each question
        cells, points, mistakes = {}, AUTOMATIC, []
        for question, catalogue in WRONG.items():
            if number < len(catalogue):
                mistake, (code, earned) = list(catalogue.items())[number]
                cells[question] = code
                points -= load("A1")[question].points - earned
                mistakes.append(mistake)
        if number < len(room.tables):
            mistake, cells["hand_table"], earned = room.tables[number]
            points -= 20 - earned
            mistakes.append(mistake)
        if "predict" not in cells:
            cells["predict"] = RIGHT["magics and classes"]["predict"]
        room.add(f"wrong{number:02d}", cells, points, mistakes)
    room.put("blank", nbformat.writes(room.released).encode(), 0)
    room.add("raises", BROKEN["raises"], 75)
    room.add("loops", BROKEN["loops for ever"], 75)
    room.add("loops_cell", BROKEN["loops in its cell"], 75)
    room.add("patches", BROKEN["patches"], 85 - 15 - 12)
    doubled = copy.deepcopy(room.solved)
    doubled.cells += [copy.deepcopy(cell) for cell in doubled.cells if cell.metadata.get("nbgrader", {}).get("grade_id") in ("sigmoid", "check_sigmoid", "explain_e1")]
    room.put("doubled", json.dumps(doubled).encode(), AUTOMATIC)
    room.put("unreadable", nbformat.writes(room.solved).encode()[:900], 0)
    edited = copy.deepcopy(room.released)
    for cell in edited.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            cell.metadata["nbgrader"]["points"] = 1000
            cell.source = "85.0"
    room.put("edited", nbformat.writes(edited).encode(), 0)


def test_the_class_is_at_least_twenty(classroom):
    assert len(classroom.notebooks) >= 20


def test_every_catalogued_mistake_is_handed_in_once():
    for question in load("A1").questions:
        if question.name in WRONG:
            assert set(WRONG[question.name]) == {mistake.name for mistake in question.mistakes}


def test_everybody_gets_the_points_they_should(classroom):
    got = {student: sum(points or 0 for name, points in classroom.score(student).items() if name != "explain_e1") for student in classroom.points}
    assert got == pytest.approx(classroom.points)


def test_right_answers_in_five_ways_get_every_automatic_point(classroom):
    for student in (name for name in classroom.points if name.startswith("right")):
        score = classroom.score(student)
        assert {question: points for question, points in score.items() if question != "explain_e1"} == {
            question.name: question.points for question in load("A1").questions if question.automatic}, student
        assert score["explain_e1"] is None                 # a person has to read it


def test_each_mistake_is_named_in_its_students_feedback_with_its_partial_score(classroom):
    for student in (name for name in classroom.points if name.startswith("wrong")):
        number, page, score = int(student[-2:]), classroom.feedback(student), classroom.score(student)
        for question, catalogue in WRONG.items():
            if number < len(catalogue):
                mistake, (_, earned) = list(catalogue.items())[number]
                assert f"{mistake}." in page, (student, question, mistake)
                assert score[question] == pytest.approx(earned), (student, question, mistake)


def test_each_mistake_in_the_table_is_named_and_costs_its_own_column_only(classroom):
    assert len(classroom.tables) >= 9
    for number, (mistake, _, earned) in enumerate(classroom.tables):
        student = f"wrong{number:02d}"
        assert f"{mistake}." in classroom.feedback(student), (student, mistake)
        assert classroom.score(student)["hand_table"] == pytest.approx(earned), (student, mistake)


def test_feedback_shows_no_hidden_number(classroom):
    key = Secret(bytes.fromhex((classroom.root / "secret.key").read_text().strip()))
    for student in classroom.points:
        folder = classroom.root / "autograded" / student / "A1"
        cells = [cell for cell in nbformat.read(folder / NOTEBOOK, as_version=4).cells if cell.cell_type == "code" and not cell.metadata.get("nbgrader", {}).get("grade")]
        secret = key.against((cell.source for cell in cells), beside(folder))
        hidden = [f"{number:.6g}" for question in load("A1").questions if hasattr(question, "hidden") for probe in question.hidden(secret.rng(Variant("A1"), question.name))
                  for arg in probe.args for number in np.ravel(arg) if len(f"{number:.6g}") >= 6]
        assert len(hidden) > 2
        page = classroom.feedback(student)
        assert not [number for number in hidden if number in page], student


def test_a_cell_that_never_ends_costs_its_own_question_only(classroom):
    for student in ("loops", "loops_cell", "raises"):
        score = classroom.score(student)
        assert score["squared_error"] == 0 and score["predict"] == 15
    assert "never ends" in classroom.feedback("loops") and "never ends" in classroom.feedback("loops_cell")
    assert "`prob`" in classroom.feedback("raises") or "<code>prob</code>" in classroom.feedback("raises")


def test_patching_numpy_changes_nothing(classroom):
    assert classroom.score("patches")["sigmoid"] == 0


def test_a_file_that_is_no_notebook_is_refused_with_what_to_do_and_named(classroom):
    assert "unreadable was refused" in classroom.graded.stdout and "fetch the assignment again" in classroom.graded.stdout
    assert "could not be graded" in classroom.feedback("unreadable")


def test_nobody_elses_grade_failed(classroom):
    assert " failed" not in classroom.graded.stdout and classroom.graded.stdout.count("refused") == 2


def test_grading_again_changes_nothing(classroom):
    before = {student: classroom.score(student) for student in classroom.points}
    again = classroom.run("course", "grade", "A1", ok=(3,))
    assert again.stdout.count("unchanged") == len(classroom.points) - 1
    assert {student: classroom.score(student) for student in classroom.points} == before


def test_a_manual_grade_and_its_comment_survive_a_regrade(classroom):
    with classroom.gradebook() as gradebook:
        gradebook.find_grade("explain_e1", "A1_hand_table", "A1", "right0").manual_score = 12
        gradebook.find_comment("explain_e1", "A1_hand_table", "A1", "right0").manual_comment = "Well seen."
        gradebook.db.commit()
    classroom.run("course", "grade", "A1", "--force", "--student", "right0")
    with classroom.gradebook() as gradebook:
        assert gradebook.find_grade("explain_e1", "A1_hand_table", "A1", "right0").score == 12
        assert gradebook.find_comment("explain_e1", "A1_hand_table", "A1", "right0").comment == "Well seen."
        assert gradebook.find_submission("A1", "right0").score == AUTOMATIC + 12


def test_nbgraders_own_autograde_takes_the_same_path(classroom):
    students = ("wrong00", "doubled")
    before = {student: classroom.score(student) for student in students}
    for student in students:
        shutil.rmtree(classroom.root / "autograded" / student)
        classroom.run("nbgrader", "autograde", "A1", f"--student={student}")
    assert {student: classroom.score(student) for student in students} == before


def test_students_fetch_their_feedback(classroom):
    classroom.run("nbgrader", "fetch_feedback", "A1", "--student=wrong00")
    pages = list((classroom.root / "homework" / "A1" / "feedback").rglob("*.html"))
    assert pages and any("Forgot the bias" in page.read_text() for page in pages)


def test_the_release_holds_no_solution(classroom):
    text = nbformat.writes(classroom.released)
    assert "BEGIN SOLUTION" not in text and "X @ w" not in text and "your code here" in text


def test_no_scratch_folder_is_left(classroom):
    assert not list(classroom.scratch.glob("student-*"))
