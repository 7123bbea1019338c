"""`hint()`: one hint at a time, for what the check found, free of charge, counted for the class and for nobody by name."""

import json
import os
import stat

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook

import autograder
from autograder import hints
from autograder.assignments import load
from autograder.grading import submission
from autograder.grading.attempts import hints_opened
from autograder.hints import hint
from autograder.sandbox.isolation import bubblewrap_refusal
from autograder.variants import Secret
from autograder.verdicts import MIME, Verdict

A1 = load("A1")
BIAS = next(mistake for mistake in A1["weighted_sum"].mistakes if mistake.name == "Forgot the bias")


@pytest.fixture(autouse=True)
def notebook(tmp_path, monkeypatch):
    """A notebook's kernel that has just started, in a folder of its own: name → value, for the checks to find."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(hints, "_checked", {})
    monkeypatch.setattr(hints, "_opened", {})
    names = {}

    def look_up(name):
        if name not in names:
            raise NameError(name)
        return names[name]

    monkeypatch.setattr("autograder.practice._from_notebook", look_up)
    return names


def counts():
    return json.loads(open("hints.json", encoding="utf-8").read())


def open_hints(said):
    return [line for line in str(said).splitlines() if line.startswith("Hint ")]


# ---------------------------------------------------------------- one at a time

def test_hints_open_one_by_one_and_stay_open(notebook):
    notebook["weighted_sum"] = lambda X, w, b: X @ w
    autograder.check("A1", "weighted_sum")
    for opened in (1, 2, 3):
        said = hint()
        assert open_hints(said) == [f"Hint {place} of 3: {text.replace('`', '')}" for place, text in enumerate(BIAS.hints[:opened], 1)]
        assert "Forgot the bias" in str(said) and ("opens the next" in str(said)) == (opened < 3)
        assert counts() == {"A1": {"weighted_sum": opened}}
    assert "That was the last one" in str(said)
    after = str(hint())
    assert len(open_hints(after)) == 3 and "all the hints there are" in after and "show somebody" in after
    assert counts() == {"A1": {"weighted_sum": 3}}


def test_where_no_mistake_is_named_the_questions_own_hints_open(notebook):
    notebook["sigmoid"] = lambda h: h
    autograder.check("A1", "sigmoid")
    assert A1["sigmoid"].hints[0].split("`")[0] in str(hint())


def test_another_mistake_has_other_hints_and_the_count_keeps_the_most(notebook):
    notebook["weighted_sum"] = lambda X, w, b: X @ w
    autograder.check("A1", "weighted_sum")
    hint(), hint()
    notebook["weighted_sum"] = lambda X, w, b: X @ w - b
    autograder.check("A1", "weighted_sum")
    assert len(open_hints(hint())) == 1 and "Took the bias away" in str(hint("weighted_sum"))
    notebook["weighted_sum"] = lambda X, w, b: X @ w
    autograder.check("A1", "weighted_sum")
    assert len(open_hints(hint())) == 3
    assert counts() == {"A1": {"weighted_sum": 3}}


def test_a_question_by_its_name_or_its_function_and_else_the_last_check(notebook):
    def sigmoid(h):
        return h
    notebook.update(weighted_sum=lambda X, w, b: X @ w, sigmoid=sigmoid)
    autograder.check("A1", "sigmoid")
    autograder.check("A1", "weighted_sum")
    assert "sigmoid:" in str(hint("sigmoid")) and "sigmoid:" in str(hint(sigmoid)) and "weighted_sum," in str(hint())
    assert counts() == {"A1": {"sigmoid": 2, "weighted_sum": 1}}
    autograder.check("A1", "sigmoid")
    assert "sigmoid:" in str(hint())


def test_what_there_is_nothing_to_hint_at(notebook):
    assert "comes first" in str(hint()) and "check of sigmoid comes first" in str(hint("sigmoid"))
    notebook["weighted_sum"] = lambda X, w, b: X @ w + b
    autograder.check("A1", "weighted_sum")
    assert "is right" in str(hint()) and "Checked so far: weighted_sum" in str(hint("sigmoid"))
    hints.remember(Verdict("A1", "explain_e1", 0, 15, "answered", "Read later."))
    assert "no hints for explain_e1" in str(hint())
    assert not os.path.exists("hints.json")


# ---------------------------------------------------------------- the file of counts

def test_what_another_assignment_counted_stays(notebook):
    with open("hints.json", "w") as file:
        json.dump({"A2": {"gradients": 2}, "A1": {"sigmoid": 3}}, file)
    notebook["sigmoid"] = lambda h: h
    autograder.check("A1", "sigmoid")
    hint()
    assert counts() == {"A2": {"gradients": 2}, "A1": {"sigmoid": 3}}


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"A1": 3}', b'{"A1": {"sigmoid": "3"}}', b"\xff\xfe", b"[" * 5000, b" " * 70_000])
def test_a_file_that_holds_something_else_is_left_and_the_hint_is_shown(notebook, content):
    with open("hints.json", "wb") as file:
        file.write(content)
    notebook["sigmoid"] = lambda h: h
    autograder.check("A1", "sigmoid")
    said = str(hint())
    assert len(open_hints(said)) == 1 and "not counted" in said and "need not do anything" in said
    assert open("hints.json", "rb").read() == content and os.listdir() == ["hints.json"]
    assert len(open_hints(hint())) == 2


def test_a_folder_that_cannot_be_written(notebook, monkeypatch):
    def refuse(*args, **kwargs):
        raise PermissionError(13, "Permission denied")
    monkeypatch.setattr("tempfile.mkstemp", refuse)
    notebook["sigmoid"] = lambda h: h
    autograder.check("A1", "sigmoid")
    said = str(hint())
    assert len(open_hints(said)) == 1 and "not counted" in said and "Permission denied" in said and not os.listdir()


def test_a_write_that_fails_leaves_the_old_file_and_no_scraps(notebook, monkeypatch):
    notebook["sigmoid"] = lambda h: h
    autograder.check("A1", "sigmoid")
    hint()

    def full(*args):
        raise OSError(28, "No space left on device")
    monkeypatch.setattr("os.replace", full)
    assert "No space left" in str(hint())
    assert counts() == {"A1": {"sigmoid": 1}} and os.listdir() == ["hints.json"]


def test_the_grader_reads_the_counts(notebook, tmp_path):
    notebook["sigmoid"] = lambda h: h
    autograder.check("A1", "sigmoid")
    hint(), hint()
    assert hints_opened(tmp_path, "A1") == {"sigmoid": 2}
    assert stat.S_IMODE(os.stat("hints.json").st_mode) == 0o644
    assert set(counts()["A1"]) == {"sigmoid"}, "the file holds counts, and nobody's name"


# ---------------------------------------------------------------- the card of a check

def test_the_card_says_how_to_open_a_hint_and_hides_the_hints(notebook):
    notebook["weighted_sum"] = lambda X, w, b: X @ w
    verdict = autograder.check("A1", "weighted_sum")
    bundle = verdict._repr_mimebundle_()
    assert bundle["text/plain"] == "0"                              # nbgrader's Validate reads it
    for text in (bundle["text/html"], str(verdict)):
        assert not any(piece in text for piece in BIAS.hints)
        assert 'hint("weighted_sum")' in text.replace("&quot;", '"') and "cost nothing" in text and "not who" in text
    assert "<details" not in bundle["text/html"]


def test_the_feedback_keeps_its_folded_hints_and_right_answers_have_none(notebook):
    names = {"weighted_sum": lambda X, w, b: X @ w}
    graded = A1["weighted_sum"].judge(names.__getitem__, np.random.default_rng(0), "A1")
    assert graded.to_html().count("<details") == 3 and "hint(" not in graded.to_html() and BIAS.hints[0] in str(graded)
    notebook["weighted_sum"] = lambda X, w, b: X @ w + b
    assert "Stuck" not in autograder.check("A1", "weighted_sum").to_html()


def test_hints_are_shown_as_text_whatever_is_in_them(notebook):
    hints.remember(Verdict("A1", "q<b>", 0, 1, "wrong", "No.", hints=("<script>alert(1)</script> and `x < 1`",), mistakes=("<i>",)))
    page = hint()._repr_html_()
    assert "<script" not in page and "<i>" not in page and "<code>x &lt; 1</code>" in page


# ---------------------------------------------------------------- when homework is graded

@pytest.mark.process
def test_a_hint_left_in_a_notebook_costs_nothing_when_it_is_graded(require, tmp_path):
    require(bubblewrap_refusal() is None or not os.environ.get("CI"), bubblewrap_refusal())
    check = new_code_cell('from autograder import check, hint\n\ncheck("A1", "weighted_sum")')
    check.metadata["nbgrader"] = {"grade": True, "solution": False, "locked": True, "grade_id": "check_weighted_sum", "points": 10}
    cells = ["def weighted_sum(X, w, b):\n    return X @ w + b", "hint()", "from autograder import hint\nhint('weighted_sum')", check, "hint('weighted_sum')\nraise SystemExit"]
    graded = submission.grade(new_notebook(cells=[cell if cell is check else new_code_cell(cell) for cell in cells]), Secret(b"k" * 32))
    assert graded.points == {"check_weighted_sum": 10.0} and graded.verdicts["check_weighted_sum"].status == "right"
    told = [" ".join(output.get("data", {}).get("text/plain", "") for output in cell.outputs) for cell in graded.notebook.cells]
    assert "costs nothing" in told[1] and "costs nothing" in told[2] and "costs nothing" in told[4]
    assert not (tmp_path / "hints.json").exists() and not hints._checked, "grading is no practice"
    assert all(nbformat.validate(cell, ref="code_cell", version=4) is None for cell in graded.notebook.cells)
    assert graded.notebook.cells[3].outputs[0].data["text/plain"] == "10" and MIME in graded.notebook.cells[3].outputs[0].data
