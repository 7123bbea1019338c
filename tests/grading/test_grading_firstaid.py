"""First aid: every error of the catalogue, met by a student's cell, gets the sentence that helps and the line it happened in."""

import builtins
import linecache
import math
import os
import time
import warnings

import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from grading.firstaid_cases import CASES, MORE
from autograder.firstaid import Notebook, explain, explain_error, explain_missing, explain_result, find, kind_shown, names_in
from autograder.firstaid_catalogue import ERRORS
from autograder.grading.submission import grade
from autograder.sandbox.isolation import bubblewrap_refusal
from autograder.sandbox.session import StudentError, StudentGone, StudentSession
from autograder.variants import Secret

ALL = [(name, source) for name, (source, *_) in CASES.items()] + [(name, source) for source, name in MORE]
IDS = [f"{name}-{place}" for place, (name, _) in enumerate(ALL)]
ONLY_IN_A_CELL = {"the cell ends too soon": 0x4000}        # IPython asks the compiler whether a cell might go on: PyCF_ALLOW_INCOMPLETE_INPUT


def test_every_entry_has_its_case_and_every_case_its_entry():
    names = [aid.name for aid in ERRORS]
    assert len(set(names)) == len(names)
    assert set(CASES) == set(names)


@pytest.mark.parametrize("aid", ERRORS, ids=lambda aid: aid.name)
def test_the_sentences_are_short_and_whole(aid):
    assert aid.sentence.endswith((".", "?")) and len(aid.sentence) <= 200 and aid.sentence[0] in "`" + aid.sentence[0].upper() + "{"


# ---------------------------------------------------------------- met here, as in the student's own notebook

def met(source, flags=0):
    """The error that a cell meets, run here with what a student's process has."""
    name = f"<ipython-input-{abs(hash(source))}>"
    linecache.cache[name] = (len(source), None, source.splitlines(True), name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(compile(source, name, "exec", flags=flags), {"__name__": "__main__", "__builtins__": {**vars(builtins), "input": nobody, "__import__": allowed}, "np": np, "math": math})
    except BaseException as error:
        return error
    raise AssertionError("the cell meets no error")


def nobody(prompt=""):
    raise EOFError("EOF when reading a line")


def allowed(name, *rest):
    if name.split(".")[0] in ("autograder", "course_lib", "torch"):
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)
    return __import__(name, *rest)


@pytest.mark.parametrize("name, source", ALL, ids=IDS)
def test_an_error_met_here_is_helped_with(name, source):
    error = met(source, ONLY_IN_A_CELL.get(name, 0))
    helped = find([kind.__name__ for kind in type(error).__mro__], str(error))
    assert helped and helped[0].name == name, f"{type(error).__name__}: {error}"
    says(name, source, explain_error(error))


def says(name, source, sentence):
    """The help says what its case asks for, and names the line."""
    if CASES[name][0] == source:
        _, words, line = CASES[name]
        assert words in sentence, sentence
        if line is not None:
            assert f"`{source.splitlines()[line - 1].strip()}` (line {line} of its cell)" in sentence, sentence


# ---------------------------------------------------------------- met in the student's process

@pytest.fixture(scope="module")
def cells(require):
    """Every cell of the catalogue, run in one student's process: cell → the error it ended with."""
    require(bubblewrap_refusal() is None or not os.environ.get("CI"), bubblewrap_refusal())
    with StudentSession() as session:
        session.run("import numpy as np, math, warnings\nwarnings.simplefilter('ignore')")
        for _, source in ALL:
            session.run(source)
        assert session.life == 1, "a cell ended the student's process"
        return dict(session.ran)


@pytest.mark.process
@pytest.mark.parametrize("name, source", ALL, ids=IDS)
def test_an_error_met_in_the_students_process_is_helped_with(cells, name, source):
    error = cells[source]
    assert error is not None, "the cell meets no error"
    helped = find([kind.__name__ for kind in type(error).__mro__], str(error))
    assert helped and helped[0].name == name, f"{error.kind}: {error}"
    says(name, source, explain_error(error, further=False))


@pytest.mark.process
def test_a_loop_that_never_ends_is_stopped_and_said(require):
    require(bubblewrap_refusal() is None or not os.environ.get("CI"), bubblewrap_refusal())
    with StudentSession(call_seconds=2, cell_seconds=2) as session:
        session.run("def count(n):\n    while n > 0:\n        n = n + 1\n    return n")
        with pytest.raises(StudentGone) as gone:
            session.get("count")(1)
        assert "did not finish in time: is there a loop that never ends?" in explain_error(gone.value)
        with pytest.raises(StudentGone):
            session.run("while True:\n    pass")
        assert "loop" in explain_error(session.ran[-1][1])


@pytest.mark.parametrize("described", [{"kind": "X\0Y", "text": "a", "kinds": 5}, {"kind": "ValueError", "kinds": ["ValueError"], "line": "7</p>", "text": ["x"]}, "no error at all", {"kind": 3, "kinds": [3, None]},
                                       {"kind": "UnicodeDecodeError", "kinds": ["UnicodeDecodeError"]}, {"kind": "KeyError", "kinds": ["KeyError"], "text": "{0} {1}", "source": "x" * 10_000}])
def test_a_forged_error_is_an_error_and_no_more(described):
    error = StudentError.of(described)
    sentence = explain_error(error)
    assert "7</p>" not in sentence and len(sentence) < 1000


# ---------------------------------------------------------------- names that are not there

def stopped(source):
    """A cell that stopped, with its error."""
    return source, met(source)


@pytest.mark.parametrize("notebook, says", [
    (Notebook((("p = 3", None),)), "defined in no cell of the notebook"),
    (Notebook((("probs = 3", None),)), "a slip for `probs`?"),
    (Notebook((("p = 3", None),), ("%matplotlib inline\nprob = 4",)), "further down"),
    (Notebook((("def f(h):\n    prob = h\n    return 0", None),)), "only inside the function"),
    (Notebook((stopped("x = 1 / 0\nprob = 3"),)), "Something is divided by zero"),
    (Notebook((stopped("def prob(h:\n    return 1"),)), "cell that should define `prob` stops"),
    (Notebook((("if False:\n    prob = 3", None),)), "under a condition"),
    (None, "the cell that defines `prob` run"),
])
def test_why_a_name_is_missing(notebook, says):
    assert says in explain_missing("prob", notebook)


def test_a_cell_tells_its_names_even_where_python_cannot_read_it():
    assert names_in("%time x = 1\nimport numpy as np\nfor i in a: b, c = i\ndef f(x):\n    inner = 1\nclass A:\n    def method(self):\n        deep = 2") == ({"np", "i", "b", "c", "f", "A"}, {"inner", "deep"})
    assert names_in("def f(x:\n    y = 1\nw = [1,")[0] >= {"f", "w"}
    start = time.perf_counter()
    for flood in ("\n" * 150_000 + "(", "(" * 150_000, "x = 1\n" * 10_000_000):
        names_in(flood)
    assert time.perf_counter() - start < 10


@pytest.mark.process
def test_the_grader_says_why_a_name_is_missing_and_goes_on(require):
    """A stale kernel, a cell out of order, a cell that stopped: each in a notebook as it is handed in."""
    require(bubblewrap_refusal() is None or not os.environ.get("CI"), bubblewrap_refusal())
    questions = {"sigmoid": 15, "squared_error": 10, "predict": 15, "weighted_sum": 10}
    checks = {}
    for question, points in questions.items():
        checks[question] = new_code_cell(f'from autograder import check, hint\n\ncheck("A1", "{question}")')
        checks[question].metadata["nbgrader"] = {"grade": True, "solution": False, "locked": True, "grade_id": question, "points": points}
    cells = ["import numpy as np", "def sigmoid(h):\n    return 1 / (1 + np.exp(-h)", checks["sigmoid"], "def squared_error(y, p):\n    return np.mean((y - target) ** 2)", checks["squared_error"],
             "def predict(X, w, b):\n    h = X @ w + b\n    return h, squash(h), h >= 0", checks["predict"], "squash = np.tanh", "def weighted_sum(X, w, b):\n    return X @ w + b", checks["weighted_sum"]]
    graded = grade(new_notebook(cells=[new_code_cell(cell) if isinstance(cell, str) else cell for cell in cells]), Secret(b"k" * 32))
    said = {question: str(verdict) for question, verdict in graded.verdicts.items()}
    assert "There is no `sigmoid` yet" in said["sigmoid"] and "stops before its end" in said["sigmoid"] and "(line 2 of its cell)" in said["sigmoid"]
    assert "`target` is defined in no cell" in said["squared_error"] and "Restart Kernel and Run All Cells" in said["squared_error"] and "(line 2 of its cell)" in said["squared_error"]
    assert "`squash` is defined in a cell further down" in said["predict"]
    assert graded.points == {"sigmoid": 0, "squared_error": 0, "predict": 0, "weighted_sum": 10}
    assert "too soon" in graded.notebook.cells[1].outputs[-1].data["text/plain"]


# ---------------------------------------------------------------- results that are no answer

class Neuron:
    pass


@pytest.mark.parametrize("value, printed, says", [
    (None, "", "missing at its end"), (None, "0.5\n", "instead of printing"), (..., "", "replace the dots"), ("0.5", "", "text"), (np.array(["0.5"]), "", "text"), ((v for v in [1]), "", "generator"), (math, "", "module `math`"),
    (np.array([1, None]), "", "Python objects"), ({"p": 1}, "", "dictionary"), ({1, 2}, "", "a set"), (Neuron, "", "class `Neuron` itself"), (Neuron(), "", "type Neuron"), (math.exp, "", "function `exp` itself"),
    ([1, None], "", "hold None"), ([1, ...], "", "hold `...`"), (["1", 2], "", "hold text"), ([math.exp], "", "hold functions"), ((np.ones(3),), "", "comma")])
def test_a_result_that_is_no_answer(value, printed, says):
    assert says in explain_result(value, printed, np.ones(3))


@pytest.mark.parametrize("value, expected", [(np.ones(3), np.zeros(3)), ([1, 2], np.zeros(2)), (.5, .1), (True, 1), ("sigmoid", "softmax"), ((1, None), (1, 2)), ({"a": 1}, {"a": 2}), (np.float32(1), 2.)])
def test_a_wrong_answer_of_the_right_kind_is_left_to_others(value, expected):
    assert explain_result(value, "", expected) is None


@pytest.mark.process
def test_the_same_is_said_of_what_stays_in_the_students_process(require):
    require(bubblewrap_refusal() is None or not os.environ.get("CI"), bubblewrap_refusal())
    said = {"(v for v in [1])": "generator", "math": "module `math`", "np.array([1, None])": "Python objects", "Neuron": "class `Neuron` itself", "Neuron()": "type Neuron", "math.exp": "function `exp` itself", "...": "dots",
            "'0.5'": "text", "{'p': 1}": "dictionary", "{1, 2}": "a set", "[1, ...]": "hold `...`", "None": "missing at its end"}
    with StudentSession() as session:
        session.run("import numpy as np, math\nclass Neuron: pass")
        session.run("\n".join(f"def f{place}(): return {source}" for place, source in enumerate(said)))
        for place, words in enumerate(said.values()):
            assert words in explain_result(session.get(f"f{place}")(), "", np.ones(3))


# ---------------------------------------------------------------- what may be told of a hidden case

def test_an_error_on_a_hidden_case_tells_nothing_that_the_code_chose():
    Spy = type("Secret_0_3141", (ZeroDivisionError,), {})
    try:
        raise Spy("0.3141")
    except ZeroDivisionError as error:
        assert "3141" in explain_error(error) + kind_shown(error)
        hidden = explain_error(error, told=False) + kind_shown(error, told=False)
    assert "3141" not in hidden and "divided by zero" in hidden and "line" not in hidden
    assert "3141" not in explain_result(type("N3141", (), {}), "", 1., told=False)


def test_an_error_that_is_not_in_the_catalogue_is_quoted():
    assert explain("Surprise", "not so") == "It raises Surprise: not so."
