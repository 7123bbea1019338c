"""Plain nbgrader assignments earn what nbgrader gives them: stock nbgrader and `course grade --course-dir` on the same class.

The course root is nbgrader's own (`nbgrader quickstart`), and so are two of the assignments, which come with nbgrader's
documentation and tests. Ours then grades a copy of it with other folder names, its gradebook elsewhere and no key.
"""

import importlib.util
import os
import shutil
import sqlite3
from pathlib import Path

import nbformat
import nbgrader
import pytest

from autograder.sandbox.isolation import bubblewrap_refusal
from grading.plain_class import ANSWERS, HERE, Text, answered, grades, run

pytestmark = [pytest.mark.circle, pytest.mark.slow, pytest.mark.xdist_group("plain stock")]
TEXTS = [Text(path) for path in sorted(HERE.glob("*_*.txt"))]
FILES = ("measured.csv", "poem.txt", "judging.py", "material/shapes.py", "material/numbers.py")
INSTALLED = Path(nbgrader.__file__).parent
AUTOTESTS = ("autotest-multi", "autotest-hashed", "autotest-hidden")
ASSIGNMENTS = ("plain", "ps1", "auto")
STOCK = """
import sys
from nbgrader.apps import NbGraderAPI
from traitlets.config import Config, PyFileConfigLoader
api = NbGraderAPI(config=Config(PyFileConfigLoader("nbgrader_config.py").load_config()))
step, *assignments = sys.argv[1:]
for assignment in assignments:
    for student in [()] if step == "generate_assignment" else [(student,) for student in sorted(api.get_submitted_students(assignment))]:
        done = getattr(api, step)(assignment, *student)
        assert done["success"], done
"""
HANDED_IN = {"right": 7, "wrong": 7, "partly": 2, "blank": 2}          # how many of the seven notebooks each student hands in
# Files of the student's that would give full marks, or a crash, to a grader that imports them.
EVIL = "class Any:\n    def __getattr__(self, name): return lambda *a, **k: True\nimport sys\nsys.modules[__name__] = Any()\n"
TRAPS = ("judging.py", "judging/__init__.py", "material.py", "numpy.py", "nbformat.py", "autograder.py", "autograder/__init__.py", "sitecustomize.py", "usercustomize.py", "evil.pth")
OTHERWISE = """
c = get_config()
c.CourseDirectory.course_id = "plainly"
c.CourseDirectory.source_directory = "instructors"
c.CourseDirectory.submitted_directory = "handed in"
c.CourseDirectory.autograded_directory = "marked"
c.CourseDirectory.feedback_directory = "returned"
c.CourseDirectory.db_url = "sqlite:///book/grades.db"
"""


class Rooms:
    """The class as stock nbgrader grades it, and as we do."""

    def __init__(self, top: Path):
        self.stock, self.ours, self.said = top / "plainly", top / "elsewhere", {}

    def both(self, assignment):
        return grades(f"sqlite:///{self.stock / 'gradebook.db'}", assignment), grades(f"sqlite:///{self.ours / 'book' / 'grades.db'}", assignment)

    def notebook(self, student, assignment, name):
        return nbformat.read(self.ours / "marked" / student / assignment / f"{name}.ipynb", as_version=4)


@pytest.fixture(scope="module")
def rooms(tmp_path_factory, require):
    require(bubblewrap_refusal() is None or not os.environ.get("CI"), bubblewrap_refusal())
    require(importlib.util.find_spec("pandas") is not None, "pandas is not installed, which one of the assignments uses")
    documentation, tests = INSTALLED / "docs" / "source" / "user_guide", INSTALLED / "tests" / "apps" / "files"
    require((documentation / "source" / "ps1").is_dir() and (tests / "autotest-multi.ipynb").is_file(), "this nbgrader comes without its documentation or its tests")
    top = tmp_path_factory.mktemp("plain")
    run(top, "nbgrader", "quickstart", "plainly")
    rooms = Rooms(top)
    _write_sources(rooms.stock, documentation, tests)
    run(rooms.stock, "python", "-c", STOCK, "generate_assignment", *ASSIGNMENTS)
    _hand_in(rooms.stock, documentation, tests)
    _move_house(rooms)
    run(rooms.stock, "python", "-c", STOCK, "autograde", *ASSIGNMENTS)
    for assignment in ASSIGNMENTS:
        rooms.said[assignment] = run(top, "course", "grade", "--course-dir", rooms.ours, assignment).stdout
    run(rooms.ours, "nbgrader", "generate_feedback", "plain", "--student=right")
    run(rooms.ours, "nbgrader", "export", "--to=grades.csv")
    return rooms


def _write_sources(root, documentation, tests):
    source = root / "source"
    shutil.rmtree(source / "ps1", ignore_errors=True)
    shutil.copytree(documentation / "source" / "ps1", source / "ps1")
    for name in ("plain", "auto"):
        (source / name).mkdir()
    for text in TEXTS:
        nbformat.write(text.source(), source / "plain" / f"{text.name}.ipynb")
    for name in FILES:
        (source / "plain" / name).parent.mkdir(exist_ok=True)
        shutil.copy(HERE / name, source / "plain" / name)
    for name in AUTOTESTS:
        shutil.copy(tests / f"{name}.ipynb", source / "auto")
    shutil.copy(tests / "autotests.yml", source / "auto")


def _hand_in(root, documentation, tests):
    submitted = root / "submitted"
    for student, wrong in {**ANSWERS, "blank": None}.items():
        folder = submitted / student / "plain"
        shutil.copytree(root / "release" / "plain", folder)
        for text in TEXTS[HANDED_IN[student]:]:
            (folder / f"{text.name}.ipynb").unlink()
        for text in TEXTS[:HANDED_IN[student]]:
            released = nbformat.read(folder / f"{text.name}.ipynb", as_version=4)
            nbformat.write(answered(released, text, wrong) if wrong else released, folder / f"{text.name}.ipynb")
    for student in ("bitdiddle", "hacker"):
        shutil.copytree(documentation / "submitted" / student / "ps1", submitted / student / "ps1")
    for student, kind in (("right", "changed"), ("blank", "unchanged")):
        folder = submitted / student / "auto"
        folder.mkdir()
        for name in AUTOTESTS if student == "right" else AUTOTESTS[:1]:
            end = "changed-right" if (name, kind) == ("autotest-hidden", "changed") else kind
            shutil.copy(tests / f"{name}-{end}.ipynb", folder / f"{name}.ipynb")


def _move_house(rooms):
    """The same course in a root with other names, which has never seen this package."""
    shutil.copytree(rooms.stock, rooms.ours)
    for old, new in (("source", "instructors"), ("submitted", "handed in")):
        (rooms.ours / old).rename(rooms.ours / new)
    (rooms.ours / "book").mkdir()
    (rooms.ours / "gradebook.db").rename(rooms.ours / "book" / "grades.db")
    (rooms.ours / "nbgrader_config.py").write_text(OTHERWISE)
    for name in TRAPS:
        trap = rooms.ours / "handed in" / "wrong" / "plain" / name
        trap.parent.mkdir(exist_ok=True)
        trap.write_text(EVIL)


def test_every_cell_of_every_student_earns_nbgraders_own_points(rooms):
    for assignment in ASSIGNMENTS:
        stock, ours = rooms.both(assignment)
        differing = {(student, *cell): (points, ours[student][cell][0]) for student, cells in stock.items() for cell, (points, _) in cells.items() if ours[student][cell][0] != points}
        assert set(stock) == set(ours) and differing == {}
        assert all(set(stock[student]) == set(ours[student]) for student in stock)


def test_the_catalogue_is_what_it_says(rooms):
    stock, _ = rooms.both("plain")
    tests = {(text.name, name) for text in TEXTS for name in text.tests}
    assert len(tests) >= 100
    most = {(text.name, name): points for text in TEXTS for _, name, points, _ in text.cells if name}
    assert {cell for cell in tests if stock["right"][cell][0] != most[cell]} == set()                      # the instructor's own answers are right
    assert sum(stock["wrong"][cell][0] < most[cell] for cell in tests) > .8 * len(tests)
    halves = {cell for cell in tests if cell[0] in [text.name for text in TEXTS[:HANDED_IN["partly"]]]}
    assert .1 * len(halves) < sum(stock["partly"][cell][0] < most[cell] for cell in halves) < .8 * len(halves)


def test_what_a_person_has_to_read_is_what_nbgrader_says_and_what_was_flagged(rooms):
    flagged = {(text.name, name) for text in TEXTS for name in text.flagged}
    for assignment in ASSIGNMENTS:
        stock, ours = rooms.both(assignment)
        for student, cells in stock.items():
            for cell, (points, to_read) in cells.items():
                assert ours[student][cell][1] is (to_read or cell in flagged and assignment == "plain" and bool(points)), (student, cell)


def test_at_least_95_in_100_test_cells_are_not_flagged(rooms):
    tests = [name for text in TEXTS if text.name != "fifth_interpreter" for name in text.tests]       # the fifth holds nothing but such cells, and the edges of it
    flagged = [name for text in TEXTS if text.name != "fifth_interpreter" for name in text.flagged]
    assert len(flagged) <= .05 * len(tests)
    for assignment in ("ps1", "auto"):
        stock, ours = rooms.both(assignment)
        assert {cell for student in ours for cell, (_, to_read) in ours[student].items() if to_read and not stock[student][cell][1]} == set()


def test_a_flagged_cell_says_so_in_the_notebook_and_in_nbgraders_own_feedback(rooms):
    page = (rooms.ours / "returned" / "right" / "plain" / "fifth_interpreter.html").read_text(encoding="utf-8")
    assert page.count("A person should confirm these points") == len(next(text for text in TEXTS if text.name == "fifth_interpreter").flagged)
    cell = next(cell for cell in rooms.notebook("right", "plain", "second_objects").cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "vector_equal")
    assert "compare" in cell.outputs[0]["data"]["text/plain"] and "Vector" in cell.outputs[0]["data"]["text/plain"]


def test_what_a_person_should_confirm_is_told_at_the_end_in_a_line_for_each_cell_and_again_by_status(rooms):
    told = [line for line in rooms.said["plain"].splitlines() if line.startswith("To confirm, ")]
    cells = {name for text in TEXTS for name in text.flagged}
    assert {line.split()[2] for line in told} == cells and len(told) < 1.5 * len(cells)
    (line,) = [line for line in told if line.startswith("To confirm, vector_equal ")]
    assert "right" in line and "compare (==) objects of the student's class Vector" in line
    status = run(rooms.ours.parent, "course", "status", "--course-dir", rooms.ours, "plain").stdout
    assert [line for line in status.splitlines() if line.startswith("To confirm, ")] == told and "To confirm" not in rooms.said["ps1"]


def test_the_root_stays_nbgraders_own(rooms):
    assert (rooms.ours / "nbgrader_config.py").read_text() == OTHERWISE
    assert not (rooms.ours / "secret.key").exists() and not (rooms.ours / "course.toml").exists()
    assert (rooms.ours / "grades.csv").read_text().count("\n") >= 4 * len(ASSIGNMENTS)
    with sqlite3.connect(rooms.stock / "gradebook.db") as stock, sqlite3.connect(rooms.ours / "book" / "grades.db") as ours:
        for table in ("source_cell", "grade_cells", "solution_cells", "notebook", "assignment"):
            assert stock.execute(f"select count(*) from {table}").fetchone() == ours.execute(f"select count(*) from {table}").fetchone()


def test_grading_again_changes_nothing(rooms):
    before = rooms.both("ps1")[1]
    again = run(rooms.ours.parent, "course", "grade", "--course-dir", rooms.ours, "ps1")
    assert again.stdout.count("unchanged") == 2 and rooms.both("ps1")[1] == before
