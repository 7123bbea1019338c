"""Building, releasing, and the worked solutions: what must not happen is refused with a sentence, and nothing is lost."""

import os
import shutil
import stat
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import nbformat
import pytest

from autograder.assignments import load
from autograder.authoring import assignment as source
from autograder.authoring.build import build
from autograder.course_root import make_course_root, read_key
from autograder.errors import CourseError
from autograder.grading import batch, decisions, solutions
from autograder.grading.course import Course
from autograder.grading.regrade import standing
from autograder.variants import term_name
from autograder.verdicts import verdict_of

pytestmark = pytest.mark.process
CHECKOUT = Path(__file__).resolve().parents[2]
NOTEBOOK = "A1_hand_table.ipynb"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    root = make_course_root(tmp_path_factory.mktemp("built") / "course")
    build(root, "A1")
    return root


@pytest.fixture(scope="module")
def released(built, tmp_path_factory):
    root = tmp_path_factory.mktemp("released") / "course"
    shutil.copytree(built, root)
    Course(root).release("A1")
    return root


@pytest.fixture(scope="module")
def graded(released, tmp_path_factory):
    """One submission, graded."""
    root = tmp_path_factory.mktemp("graded") / "course"
    shutil.copytree(released, root)
    course = Course(root)
    hand_in(course, "ada", "def sigmoid(h):\n    return np.exp(-np.logaddexp(0, -h))")
    batch.grade(course, "A1")
    return root


@pytest.fixture
def unreleased(built, tmp_path):
    shutil.copytree(built, tmp_path / "course")
    return Course(tmp_path / "course")


@pytest.fixture
def course(released, tmp_path):
    """A course whose A1 is in the exchange."""
    shutil.copytree(released, tmp_path / "course")
    return Course(tmp_path / "course")


def run(root, *command):
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "COLUMNS": "200", "COURSE_DIR": str(root), "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
                   "JUPYTER_CONFIG_DIR": str(root / ".jupyter"), "JUPYTER_DATA_DIR": str(root / ".jupyter")}
    done = subprocess.run([sys.executable, "-m", *command], cwd=root, env=environment, capture_output=True, text=True, timeout=120)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, " ".join((done.stdout + done.stderr).split())


def hand_in(course, student, sigmoid):
    notebook = nbformat.read(course.place("release", "A1") / NOTEBOOK, as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "sigmoid":
            cell.source = sigmoid
    place = course.root / "submitted" / student / "A1"
    place.mkdir(parents=True)
    nbformat.write(notebook, place / NOTEBOOK)


# ---------------------------------------------------------------- the name of a term

@pytest.mark.parametrize("name", ["", "2027-spring", "WS26_27", "2027.1", "a" * 64])
def test_a_term_may_be_called(name):
    assert term_name(name) == name


@pytest.mark.parametrize("name", ["a/b", "a\\b", "..", ".", "../x", "a..b", ".hidden", "-x", " ", "\t", "2027 spring", "2027-spring\n", "a\0b", "a'b", "é", "a" * 65, "{{x}}", "<<x>>", "$(x)"])
def test_a_term_may_not_be_called(name):
    with pytest.raises(CourseError, match="such as 2027-spring"):
        term_name(name)


def test_a_term_with_a_slash_builds_nothing(tmp_path):
    root = make_course_root(tmp_path / "course")
    code, said = run(root, "autograder.cli", "build", "A1", "--term", "a/b")
    assert code == 2 and "'a/b' cannot be used" in said and "such as 2027-spring" in said and not any((root / "source").iterdir())


# ---------------------------------------------------------------- the key

@pytest.mark.parametrize("spoil, says", [
    (lambda key: key.unlink(), "is missing"), (lambda key: key.write_text(""), "is empty"), (lambda key: key.write_text("  \n"), "is empty"), (lambda key: key.write_text("a secret word"), "holds something else"),
    (lambda key: key.write_text("abc123"), "is too short"), (lambda key: key.write_text("a" * 33), "is too short"), (lambda key: key.write_bytes(b"\xff\xfe" * 40), "cannot be read"),
    (lambda key: key.chmod(0o644), "chmod 600"), (lambda key: key.chmod(0o602), "chmod 600"), (lambda key: (key.unlink(), key.mkdir(mode=0o700)), "cannot be read")])
def test_a_key_that_cannot_be_used_stops_grading_and_gives_no_zeros(graded, tmp_path, spoil, says):
    shutil.copytree(graded, tmp_path / "course")
    course = Course(tmp_path / "course")
    before = standing(course, "A1")
    spoil(course.root / "secret.key")
    for attempt in (lambda: batch.grade(course, "A1", force=True), lambda: course.step("autograde", "A1", "ada", force=True, create=True), lambda: read_key(course.root)):
        with pytest.raises(CourseError) as refused:
            attempt()
        assert says in str(refused.value) and str(course.root / "secret.key") in str(refused.value) and "course lab" in str(refused.value)
    assert standing(course, "A1") == before and before["ada", "sigmoid"].points == 15


def test_what_the_sentence_says_makes_a_key_again(unreleased):
    (unreleased.root / "secret.key").unlink()
    make_course_root(unreleased.root)                       # what `course lab` does
    assert len(read_key(unreleased.root)) == 32


def test_the_doctor_says_it_too(unreleased):
    (unreleased.root / "secret.key").chmod(0o644)
    code, said = run(unreleased.root, "autograder.cli", "doctor", "--json")
    assert code == 1 and "chmod 600" in said


# ---------------------------------------------------------------- the source

@pytest.mark.parametrize("was, becomes, says", [
    (":check: sigmoid", ":check: sigmund", "asks 'sigmund', which its questions.py does not have"), (":check: predict", ":check: sigmoid", "asks 'sigmoid' 2 times; once is right"),
    (":check: sigmoid", ":locked: other", "asks 'sigmoid' 0 times; once is right"), ("<< w1 >>", "<< w9 >>", "asks for a number that questions.py does not give")])
def test_a_source_that_does_not_fit_its_questions_is_refused(monkeypatch, was, becomes, says):
    text = (source.folder_of("A1") / "assignment.md").read_text(encoding="utf-8")
    assert was in text
    monkeypatch.setattr(source, "_source", lambda name: text.replace(was, becomes, 1))
    with pytest.raises(CourseError, match=says):
        source.build_notebook("A1")


# ---------------------------------------------------------------- releasing again

def test_a_release_over_one_that_may_have_been_fetched_is_refused_and_forced_keeps_the_old(course):
    released = course._outbound("A1") / NOTEBOOK
    old = released.read_bytes()
    path = course.place("source", "A1") / NOTEBOOK
    path.write_bytes(path.read_bytes().replace(b"about 1 hour", b"about 2 hours"))
    with pytest.raises(CourseError, match="--force"):
        course.release("A1")
    assert released.read_bytes() == old
    course.release("A1", force=True)
    assert b"about 2 hours" in released.read_bytes()
    assert [kept.read_bytes() for kept in sorted((course.root / "backups").glob("*_A1_*/*.ipynb"))] == [old, old]         # of release/ and of the exchange
    course.release("A1", force=True)
    assert len(list((course.root / "backups").iterdir())) == 2, "what came out the same leaves no copy"


@pytest.mark.parametrize("step", ["generate_assignment", "release_assignment"])
def test_a_release_that_fails_leaves_the_old_one_with_the_students(course, monkeypatch, step):
    before = {path: path.read_bytes() for path in course.root.rglob("A1_*.ipynb")}
    works = Course.step

    def fails(self, name, *arguments, **options):
        if name == step:
            (self.place("release", "A1") if "generate" in name else self._outbound("A1")).mkdir(parents=True)             # half done
            raise CourseError("the disk is full")
        return works(self, name, *arguments, **options)

    with monkeypatch.context() as patched, pytest.raises(CourseError, match="the disk is full"):
        patched.setattr(Course, "step", fails)
        course.release("A1", force=True)
    assert {path: path.read_bytes() for path in course.root.rglob("A1_*.ipynb")} == before


def test_a_release_without_a_source_says_how_to_make_it(course):
    before = (course._outbound("A1") / NOTEBOOK).read_bytes()
    shutil.rmtree(course.place("source", "A1"))
    with pytest.raises(CourseError, match="course build A1"):
        course.release("A1", force=True)
    assert (course._outbound("A1") / NOTEBOOK).read_bytes() == before


# ---------------------------------------------------------------- worked solutions

def due(course, days, extension=0):
    with course.gradebook() as gradebook:
        gradebook.find_assignment("A1").duedate = datetime.now(timezone.utc).replace(tzinfo=None) + timedelta(days=days)
        for submission in gradebook.find_assignment("A1").submissions:
            submission.extension = timedelta(days=extension)
        gradebook.db.commit()


def test_solutions_do_not_come_before_the_assignment(unreleased):
    with pytest.raises(CourseError, match="has not been released"):
        solutions.publish(unreleased, "A1")


def test_solutions_wait_until_nobody_can_hand_in(course):
    with pytest.raises(CourseError, match="has no due date.*--force"):
        solutions.publish(course, "A1")
    due(course, days=1)
    with pytest.raises(CourseError, match="until 20.* UTC"):
        solutions.publish(course, "A1")
    hand_in(course, "ada", "def sigmoid(h):\n    return 1 / (1 - np.exp(-h))")
    batch.grade(course, "A1")
    due(course, days=-1, extension=3)
    with pytest.raises(CourseError, match="extensions included"):
        solutions.publish(course, "A1")
    assert not course.is_released("A1_solutions")
    due(course, days=-1)
    assert solutions.publish(course, "A1") == "A1_solutions"


@pytest.mark.slow
def test_students_fetch_the_solutions_and_the_gradebook_does_not_know_them(course):
    code, said = run(course.root, "autograder.cli", "solutions", "A1", "--force")
    assert code == 0 and "A1_solutions" in said
    code, said = run(course.root, "nbgrader", "fetch_assignment", "A1_solutions")
    assert code == 0, said
    fetched = course.root / "homework" / "A1_solutions"
    assert sorted(path.name for path in fetched.iterdir()) == ["A1_hand_table_solution.html", "A1_hand_table_solution.ipynb"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in course._outbound("A1_solutions").iterdir()} == {0o644}
    with course.gradebook() as gradebook:
        assert [assignment.name for assignment in gradebook.assignments] == ["A1"]


def test_the_solutions_are_right_and_say_the_usual_mistakes_first_those_of_the_class(course):
    for student in ("ada", "bob"):
        hand_in(course, student, "def sigmoid(h):\n    return np.round(1 / (1 + np.exp(-h)), 2)")
    batch.grade(course, "A1")
    solutions.publish(course, "A1", force=True)
    folder = course._outbound("A1_solutions")
    notebook = nbformat.read(folder / "A1_hand_table_solution.ipynb", as_version=4)
    nbformat.validate(notebook)
    verdicts = {verdict.question: verdict for verdict in (verdict_of(cell.get("outputs")) for cell in notebook.cells) if verdict}
    asked = load("A1")
    assert {name: verdict.status for name, verdict in verdicts.items()} == {question.name: "right" for question in asked.questions if question.automatic}
    text = nbformat.writes(notebook)
    assert "SOLUTION" not in text and not any("nbgrader" in cell.metadata for cell in notebook.cells)
    notes = {cell.id: cell.source for cell in notebook.cells}
    listed = [line.split("**")[1].rstrip(".") for line in notes["notes-sigmoid"].splitlines() if line.startswith("- ")]
    assert listed[0] == "Rounded" and len(listed) == 4 and set(listed) <= {mistake.name for mistake in asked["sigmoid"].mistakes}
    assert all(mistake.sentence in notes["notes-sigmoid"] for mistake in asked["sigmoid"].mistakes if mistake.name in listed)
    assert "A person reads this answer" in notes["notes-explain_e1"]
    page = (folder / "A1_hand_table_solution.html").read_text(encoding="utf-8")
    assert "Usual mistakes" in page and "<script" not in page and "<link" not in page and "url(http" not in page


def test_published_again_they_replace_nothing_that_is_not_kept(course):
    solutions.publish(course, "A1", force=True)
    first = (course._outbound("A1_solutions") / "A1_hand_table_solution.html").read_bytes()
    solutions.publish(course, "A1", force=True)
    assert not (course.root / "backups").exists() or not list((course.root / "backups").iterdir())
    path = course.place("source", "A1") / NOTEBOOK
    path.write_bytes(path.read_bytes().replace(b"about 1 hour", b"about 2 hours"))
    solutions.publish(course, "A1", force=True)
    kept = list((course.root / "backups").rglob("*.html"))
    assert len(kept) == 2 and all(path.read_bytes() == first for path in kept)                                         # of solutions/ and of the exchange


def test_a_solution_that_is_wrong_itself_is_not_published(course):
    path = course.place("source", "A1") / NOTEBOOK
    path.write_bytes(path.read_bytes().replace(b"return X @ w + b", b"return X @ w - b"))
    with pytest.raises(CourseError, match="The solution of weighted_sum in A1 earns 0 of 10 points itself: Took the bias away"):
        solutions.publish(course, "A1", force=True)
    assert not course.is_released("A1_solutions")


def test_a_decision_on_a_question_stands_in_the_solutions(course):
    decisions.add(course.root, decisions.decide(course.root, "A1", ["predict"], decisions.DROP, "it asked for too much"))
    solutions.publish(course, "A1", force=True)
    assert "no longer counts, for anybody. The reason: it asked for too much" in (course._outbound("A1_solutions") / "A1_hand_table_solution.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_one_students_own_variant_is_written_for_the_staff_alone(tmp_path):
    root = make_course_root(tmp_path / "course")
    with Course(root).gradebook() as gradebook:
        for student in ("ada", "bob"):
            gradebook.add_student(student)
    build(root, "A1", "2027-spring", students=("ada", "bob"))
    course = Course(root)
    course.release("A1")
    for student in ("ada", "bob"):
        folder = solutions.write(course, "A1", student)
        assert folder == root / "solutions" / "A1" / "students" / student
        table, text = load("A1", "2027-spring", student)["hand_table"].table(), (folder / "A1_hand_table_solution.ipynb").read_text(encoding="utf-8")
        assert ", ".join(f"{value:.2f}" for value in table.solution()["h"]) in text and f"These are the numbers of {student}" in text
    assert not course.is_released("A1_solutions")
    with pytest.raises(CourseError, match="no student 'carl'; it has ada, bob"):
        solutions.write(course, "A1", "carl")
    solutions.publish(course, "A1", force=True)
    assert "Your numbers are others" in (course._outbound("A1_solutions") / "A1_hand_table_solution.html").read_text(encoding="utf-8")
