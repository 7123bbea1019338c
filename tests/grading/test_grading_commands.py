"""`course build`, `release`, `collect`, `grade`, `feedback`: what cannot go on ends with a sentence and an exit code."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from autograder.assignments import load
from autograder.authoring.assignment import build_notebook
from autograder.authoring.myst import notebook_bytes
from autograder.course_root import make_course_root

pytestmark = pytest.mark.process
CHECKOUT = Path(__file__).resolve().parents[2]


def course(*arguments, root=None, cwd=None):
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "COLUMNS": "200"}
    environment.pop("COURSE_DIR", None)
    if root:
        environment["COURSE_DIR"] = str(root)
    done = subprocess.run([sys.executable, "-m", "autograder.cli", *arguments], cwd=cwd or root, env=environment, capture_output=True, text=True, timeout=120)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, " ".join((done.stdout + done.stderr).split())


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    return make_course_root(tmp_path_factory.mktemp("empty") / "course")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    root = make_course_root(tmp_path_factory.mktemp("built") / "course")
    assert course("build", "A1", root=root)[0] == 0
    return root


@pytest.mark.parametrize("arguments, says", [(("build", "B1"), "Did you mean A1?"), (("grade", "A11"), "Did you mean A1?"), (("grade", "A1"), "course build A1"), (("collect", "A1"), "course build A1"),
                                             (("feedback", "A1"), "course build A1"), (("release", "a1"), "Did you mean A1?")])
def test_an_assignment_that_is_not_there(empty, arguments, says):
    code, said = course(*arguments, root=empty)
    assert code == 2 and says in said


def test_a_folder_that_is_no_course_root(tmp_path):
    code, said = course("grade", "A1", "--course-dir", str(tmp_path), cwd=tmp_path)
    assert code == 2 and "not a course root" in said and "course lab" in said


def test_no_submissions(built):
    code, said = course("grade", "A1", root=built)
    assert code == 2 and "no submissions" in said and "course collect A1" in said


def test_what_was_not_released_cannot_be_collected(built):
    code, said = course("collect", "A1", root=built)
    assert code == 2 and "has not been released" in said and "course release A1" in said


def test_an_exchange_that_cannot_be_used(tmp_path):
    root = make_course_root(tmp_path / "course")
    course("build", "A1", root=root)
    (root / "exchange").rmdir()
    (root / "exchange").write_text("a file stands here")
    code, said = course("release", "A1", root=root)
    assert code == 2 and "is a file, not a folder" in said


def test_an_exchange_that_cannot_be_written(built, monkeypatch):
    """Root may write anywhere, so the refusal itself is what the system is made to say."""
    from autograder.errors import CourseError
    from autograder.grading.course import Course
    there = Course(built)
    monkeypatch.setattr(os, "access", lambda place, mode: False)
    with pytest.raises(CourseError, match="cannot be written by you"):
        there.exchange()


@pytest.mark.slow
def test_releasing_again_is_refused_unless_forced_and_one_who_never_submitted_stops_no_feedback(tmp_path):
    root = make_course_root(tmp_path / "course")
    for arguments in (("build", "A1"), ("release", "A1")):
        assert course(*arguments, root=root)[0] == 0
    code, said = course("release", "A1", root=root)
    assert code == 2 and "--force" in said
    assert course("release", "A1", "--force", root=root)[0] == 0
    code, said = course("feedback", "A1", root=root)
    assert code == 2 and "course grade A1" in said
    place = root / "submitted" / "by_hand" / "A1"
    place.mkdir(parents=True)
    (place / "A1_hand_table.ipynb").write_bytes((root / "release" / "A1" / "A1_hand_table.ipynb").read_bytes())
    assert course("grade", "A1", root=root)[0] == 0
    code, said = course("feedback", "A1", root=root)
    assert code == 3 and "by_hand: was not handed in through the exchange" in said
    assert (root / "feedback" / "by_hand" / "A1" / "A1_hand_table.html").exists()


def test_building_again_gives_the_same_bytes_and_keeps_what_was_changed_by_hand(built):
    notebook = built / "source" / "A1" / "A1_hand_table.ipynb"
    first = notebook.read_bytes()
    assert first == notebook_bytes(build_notebook("A1"))
    notebook.write_bytes(first.replace(b"about 1 hour", b"about 2 hours"))
    code, said = course("build", "A1", root=built)
    assert code == 0 and "is kept as" in said and notebook.read_bytes() == first
    assert [b"about 2 hours" in kept.read_bytes() for kept in (built / "backups").rglob("*.ipynb")] == [True]


def test_another_term_asks_other_numbers():
    ours, theirs = build_notebook("A1"), build_notebook("A1", "2027-spring")
    assert ours.cells[2].source != theirs.cells[2].source
    assert any('check("A1", "sigmoid", term=\'2027-spring\')' in cell.source for cell in theirs.cells)


def test_the_source_is_a_notebook_that_nbgrader_accepts():
    from nbgrader.nbgraderformat import MetadataValidator
    notebook = build_notebook("A1")
    nbformat.validate(notebook)
    MetadataValidator().validate_nb(notebook)
    graded = {cell.metadata.nbgrader.grade_id: cell.metadata.nbgrader.points for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")}
    assert sum(graded.values()) == 100 and len(graded) == len(load("A1").questions)


def test_the_stock_nbgrader_reads_the_points_of_a_check_cell():
    """`Validate`, and an nbgrader without our configuration, take a check cell's last value as its points."""
    from nbgrader.utils import determine_grade
    from autograder.grading.submission import _shown
    question = load("A1")["and_weights"]
    for values, points in (({"w_and": [1, 1], "b_and": -1.5}, 15), ({"w_and": [1, 1], "b_and": -.5}, 9)):
        cell = nbformat.v4.new_code_cell("check('A1', 'and_weights')", outputs=[_shown(question.judge(values.__getitem__, None, "A1"))])
        cell.metadata["nbgrader"] = {"grade": True, "solution": False, "locked": True, "points": 15, "grade_id": "check_and_weights", "schema_version": 3}
        assert determine_grade(cell) == (points, 15)


def test_what_a_person_should_confirm_is_one_line_for_each_cell_and_reason():
    import io

    from rich.console import Console

    from autograder.grading import show, submission
    said = submission.FLAGGED.format("lets the student's own code compare")
    out = io.StringIO()
    show.to_confirm({**{f"s{number}": {"equal": said} for number in range(300)}, "zoe": {"equal": "Another reason.", "sum[bold]": said}}, Console(file=out, width=60))
    assert out.getvalue().splitlines() == ["To confirm, equal of zoe: Another reason.", "To confirm, equal of s0, s1, s10 and 297 more: this test lets the student's own code compare.",
                                          "To confirm, sum[bold] of zoe: this test lets the student's own code compare."]
