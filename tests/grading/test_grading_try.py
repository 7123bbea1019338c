"""`course try`: the verdicts of one file, the same that grading gives, without a gradebook, a course root or trust in the file."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.preprocessors import ClearSolutions
from rich.console import Console

from autograder import cli
from autograder.assignments import load
from autograder.authoring.assignment import build_notebook
from autograder.grading.cells import CODE_STUB
from autograder.authoring.myst import notebook_bytes
from autograder.course_root import make_course_root
from autograder.errors import CourseError
from autograder.grading import show, trial
from autograder.sandbox.isolation import bubblewrap_refusal
from autograder.variants import Secret

pytestmark = pytest.mark.process
CHECKOUT = Path(__file__).resolve().parents[2]
SECRET = Secret(b"a key for these tests")
MIXED = """import numpy as np
import matplotlib.pyplot as plt

def weighted_sum(X, w, b):
    return X @ w

def sigmoid(h):
    return 1 / (1 + np.exp(-h))

def predict(X, w, b):
    h = X @ w + b
    p = sigmoid(h)
    return h, p, p > .5

def squared_error(y, p):
    print("[red]y[/red]", y)
    raise ValueError("[bold]what is this?")

w_and, b_and = [1, 1], -1.5
"""
MIXED_POINTS = {"hand_table": 0, "weighted_sum": 0, "sigmoid": 15, "predict": 12, "and_weights": 15, "squared_error": 0}


@pytest.fixture(scope="module", autouse=True)
def walls(require):
    require(bubblewrap_refusal() is None or not os.environ.get("CI"), bubblewrap_refusal())


@pytest.fixture
def write(tmp_path):
    def write(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path
    return write


def points(result):
    return {verdict.question: verdict.points for verdict in result.verdicts}


def marked(source, name, **mark):
    """A code cell with nbgrader's marks, as a submission may carry them."""
    cell = new_code_cell(source)
    cell.metadata["nbgrader"] = {"schema_version": 3, "cell_type": "code", "grade_id": name, "grade": False, "solution": False, "locked": False, "task": False, **mark}
    return cell


def notebook(*cells, **course):
    made = new_notebook(cells=[cell if not isinstance(cell, str) else new_code_cell(cell) for cell in cells])
    if course:
        made.metadata["course"] = course
    return nbformat.writes(made)


# ---------------------------------------------------------------- a Python file

@pytest.fixture(scope="module")
def mixed(tmp_path_factory, walls):
    path = tmp_path_factory.mktemp("mail") / "solution.py"
    path.write_text(MIXED)
    return trial.attempt(path, "A1", SECRET)


def test_a_file_gets_the_verdicts_that_grading_gives(mixed):
    assert points(mixed) == MIXED_POINTS and (mixed.points, mixed.most) == (42, 85)
    verdicts = {verdict.question: verdict for verdict in mixed.verdicts}
    assert verdicts["weighted_sum"].mistakes == ("Forgot the bias",) and verdicts["predict"].mistakes == ("Rounded at one half",)
    assert verdicts["sigmoid"].remarks and not any(verdict.practice for verdict in mixed.verdicts)
    assert "(line 17 of its cell)" in verdicts["squared_error"].explanation
    assert mixed.to_read == {"explain_e1": 15} and not mixed.stopped


def test_what_is_printed(mixed):
    console = Console(file=StringIO(), width=90)
    show.trial(mixed, console)
    said = console.file.getvalue()
    flat = " ".join(said.replace("│", " ").split())
    for words in ("✗ weighted_sum, 0 of 10", "Forgot the bias.", "b is not added", "gives [-2]; right is [-1.75]", "0 of 5 several rows", "Read again: L02", "First hint: What should come out", "✓ sigmoid, 15 of 15",
                  "Note: The values are right", "[bold]what is this?", "A1: 42 of 85 points.", "A person reads explain_e1 (15 points)."):
        assert words in flat, words
    assert max(map(len, said.splitlines())) <= 90


def test_cells_that_are_marked_in_a_python_file_run_one_by_one(write):
    path = write("solution.py", "# %% [markdown]\n# Words, and not code(\n# %%\nimport numpy as np\n# %matplotlib inline\n# %%\ndef sigmoid(h)\n    return h\n# %%\n1 / 0\nw_and = [0, 0]\n"
                                "# %%\nw_and = [1, 1]\nb_and = -1.5\n")
    result = trial.attempt(path, "A1", SECRET)
    assert points(result)["and_weights"] == 15
    assert [sentence[:14] for sentence in result.stopped] == ["Cell 2 stops. ", "Cell 3 stops. "]
    assert "colon is missing" in result.stopped[0] and "divided by zero" in result.stopped[1]
    sigmoid = next(verdict for verdict in result.verdicts if verdict.question == "sigmoid")
    assert "The cell that should define `sigmoid` stops before its end. A colon is missing" in sigmoid.explanation


def test_a_file_that_never_ends_is_stopped(write):
    result = trial.attempt(write("endless.py", "w_and = [1, 1]\nwhile True:\n    pass"), "A1", SECRET, question="and_weights", cell_seconds=1)
    assert result.points == 0 and "loop that never ends" in result.stopped[0] and "loop that never ends" in result.verdicts[0].explanation


def test_data_files_are_there_for_the_code_and_nothing_else_of_the_folder_is(write, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "weights.txt").write_text("1 1 -1.5")
    path = write("solution.py", "import os\n*w_and, b_and = map(float, open('weights.txt').read().split())\nassert not os.path.exists('solution.py')")
    result = trial.attempt(path, "A1", SECRET, question="and_weights", files=trial.files_in(tmp_path / "data"))
    assert result.points == 15 and not result.stopped


# ---------------------------------------------------------------- a notebook

def test_a_notebook_is_believed_in_its_code_alone(write, tmp_path):
    trap = tmp_path / "trap"
    steal = f"open({str(trap)!r}, 'w').write('this ran in the grader')"
    path = write("A1.ipynb", notebook(
        marked(steal, "imports", locked=True), marked(steal + "\n15", "check_sigmoid", grade=True, points=15), marked(f"from autograder import task\n{steal}", "task_1", locked=True),
        marked(f"from autograder import check\n\ncheck('A1', 'squared_error', student={steal})", "elsewhere"), "w_and = [1, 1]\nb_and = -1.5", new_markdown_cell("Words")))
    result = trial.attempt(path, "A1", SECRET)
    assert not trap.exists(), "a file's own cell ran outside the student's process"
    assert points(result)["and_weights"] == 15 and result.points == 15


def test_a_question_is_judged_where_the_notebook_asks_it_with_or_without_nbgraders_marks(write):
    right, wrong = "w_and, b_and = [1, 1], -1.5", "w_and, b_and = [0, 0], 0"
    for check in (lambda: marked("anything", "check_and_weights", grade=True, points=3), lambda: 'from autograder import check, hint\n\ncheck("A1", "and_weights")', lambda: 'check("A1", "and_weights", term="2027-spring")\nhint()'):
        assert trial.attempt(write("n.ipynb", notebook(right, check(), wrong, check())), "A1", SECRET, question="and_weights").points == 15
    assert trial.attempt(write("n.ipynb", notebook(right, 'x = check("A1", "and_weights")', wrong)), "A1", SECRET, question="and_weights").points == 0


def solved(term="", student=""):
    """A notebook of this variant with its table filled rightly."""
    table = load("A1", term, student)["hand_table"]
    cells = [f"{name} = {[round(float(value), 2) for value in table.table().solution()[column]]}" for column, name in table.names.items()]
    return notebook(*cells, assignment="A1", term=term, **({"student": student} if student else {}))


def test_a_notebook_says_whose_numbers_it_has_and_an_option_says_otherwise(write):
    path = write("A1.ipynb", solved("2027-spring", "ada"))
    result = trial.attempt(path, "A1", SECRET, question="hand_table")
    assert (result.points, result.term, result.student) == (20, "2027-spring", "ada")
    other = trial.attempt(path, "A1", SECRET, question="hand_table", term="", student="")
    assert other.points < 20 and (other.term, other.student) == ("", "")


def test_the_released_notebook_is_blank_not_broken(write):
    released, _ = ClearSolutions(code_stub={"python": CODE_STUB}).preprocess(build_notebook("A1"), {})
    result = trial.attempt(write("A1_hand_table.ipynb", notebook_bytes(released)), "A1", SECRET)
    assert result.points == 0 and len(result.verdicts) == 6
    assert {verdict.status for verdict in result.verdicts} == {"blank"} and not result.stopped


# ---------------------------------------------------------------- the key

def test_hidden_cases_come_from_the_course_roots_key_or_from_chance(tmp_path, monkeypatch):
    root = make_course_root(tmp_path / "course")
    key = bytes.fromhex((root / "secret.key").read_text().strip())
    monkeypatch.delenv("COURSE_DIR", raising=False)
    assert trial.secret_for(root).key == key
    monkeypatch.chdir(tmp_path)
    assert trial.secret_for(None).key == key

    def none(*args):
        raise CourseError("There is no course root.")
    monkeypatch.setattr(trial, "find_course_root", none)
    one, other = trial.secret_for(None), trial.secret_for(None)
    assert len(one.key) == 32 and key != one.key != other.key
    with pytest.raises(CourseError):
        trial.secret_for(tmp_path / "nowhere")
    monkeypatch.setenv("COURSE_DIR", str(tmp_path / "nowhere"))
    with pytest.raises(CourseError):
        trial.secret_for(None)


# ---------------------------------------------------------------- bad input

BAD = {
    "missing": ("nowhere.py", None, "cannot be read: No such file"),
    "another kind": ("solution.docx", b"PK", "neither Python code (.py) nor a notebook (.ipynb)"),
    "empty": ("solution.py", b"\n  \n", "holds no code"),
    "a notebook without code": ("n.ipynb", notebook(new_markdown_cell("Words"), "").encode(), "holds no code"),
    "not text": ("solution.py", b"\xff\xfe\x00x", "not text in UTF-8"),
    "no notebook": ("n.ipynb", b"{", "no notebook that can be read"),
    "too large": ("solution.py", b"#" * (2 << 20), "2 MiB large"),
    "another assignment's": ("n.ipynb", notebook("x = 1", assignment="A2", term="").encode(), "course try A2"),
    "somebody's own": ("n.ipynb", notebook("x = 1", assignment="A1", term="", own=True).encode(), "--student"),
    "an odd term": ("n.ipynb", notebook("x = 1", assignment="A1", term="../x").encode(), "name of the term"),
}


def test_what_is_no_file_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "folder.ipynb").mkdir()
    for name in ("pipe.py", "folder.ipynb"):
        with pytest.raises(CourseError, match="not a file"):
            trial.read(tmp_path / name)


@pytest.mark.parametrize("case", BAD)
def test_bad_input_gets_a_sentence(case, write, tmp_path):
    name, content, says = BAD[case]
    path = tmp_path / name if content is None else write(name, content)
    with pytest.raises(CourseError) as refused:
        trial.attempt(path, "A1", SECRET)
    assert says in str(refused.value), refused.value


@pytest.mark.parametrize("assignment, question, says", [("A11", None, "Did you mean A1?"), ("A1", "sigmod", "Did you mean sigmoid?"), ("A1", "explain_e1", "read by a person")])
def test_an_unknown_assignment_or_question_gets_a_sentence(assignment, question, says, write):
    with pytest.raises(CourseError) as refused:
        trial.attempt(write("solution.py", "x = 1"), assignment, SECRET, question=question)
    assert says in str(refused.value)


# ---------------------------------------------------------------- the command

def course(folder, *arguments):
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "COLUMNS": "100"}
    environment.pop("COURSE_DIR", None)
    return subprocess.run([sys.executable, "-m", "autograder.cli", "try", *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=120)


def test_the_command_prints_json_and_writes_nothing(write, tmp_path):
    write("solution.py", MIXED)
    done = course(tmp_path, "A1", "solution.py", "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert {verdict["question"]: verdict["points"] for verdict in said["verdicts"]} == MIXED_POINTS
    assert (said["points"], said["most"], said["assignment"], said["to_read"]) == (42, 85, "A1", {"explain_e1": 15})
    assert os.listdir(tmp_path) == ["solution.py"], "a try leaves nothing behind"


def test_the_command_prints_verdicts_and_says_what_it_cannot_judge_with_exit_code_2(write, tmp_path, monkeypatch, capsys):
    path = write("solution.py", "w_and, b_and = [1, 1], -.5")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COURSE_DIR", raising=False)
    for arguments, code, words in ((["A1", str(path), "--question", "and_weights"], 0, "That is OR."), (["A1", "nowhere.py"], 2, "cannot be read"), (["A1", str(path), "--data", "nowhere"], 2, "is no folder")):
        monkeypatch.setattr(sys, "argv", ["course", "try", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        assert (ended.value.code or 0) == code and words in said.out + said.err
        assert code == 0 or "Traceback" not in said.err and len(said.err.splitlines()) == 1
