"""What students hand in is brought back to the release: damaged by tools and by slips it gives the same points, and
nothing that is forged in it gives any. All of it in this process; `test_grading_intake_circle.py` goes through nbgrader.
"""

import contextlib
import copy
import io
import json
import os
import random
import resource
import time
import warnings

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.assignments import load
from autograder.authoring.assignment import build_notebook
from autograder.authoring.proof import without_solutions
from autograder.grading import intake, opening
from autograder.grading.intake import Refused, named, take
from autograder.grading.notebook_text import without_outputs
from autograder.grading.opening import read_file, shown, survey
from autograder.practice import TASK
from autograder.variants import Secret, Variant
from grading import damages
from grading.damages import as_written

QUESTIONS = {question.name: question for question in load("A1").questions}
SECRET = Secret(b"of a class that damages its notebooks")
ANSWER = "The line should say exp(0.5)."
EXAMPLES = settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def name_of(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def released():
    return without_solutions(build_notebook("A1"))


def right():
    """The released notebook with every question answered rightly."""
    notebook = build_notebook("A1")
    for cell in notebook.cells:
        cell.source = "\n".join(line for line in cell.source.split("\n") if "### " not in line)
        if name_of(cell) == "explain_e1":
            cell.source = ANSWER
    return notebook


RELEASE, RIGHT = released(), right()


def cell_named(notebook, name):
    return next(cell for cell in notebook.cells if name_of(cell) == name)


def is_test(cell):
    return bool(cell.metadata.get("nbgrader", {}).get("grade")) and not cell.metadata.nbgrader["solution"]


def points(notebook):
    """Question → points, with the cells run in order as grading does, here without the sandbox: they are our own."""
    names, got = {"__name__": "__main__"}, {}

    def get(name):
        if name not in names:
            raise NameError(name)
        return names[name]

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for cell in notebook.cells:
            if cell.cell_type != "code":
                continue
            if is_test(cell):
                question = name_of(cell).removeprefix("check_")
                got[question] = QUESTIONS[question].judge(get, SECRET.rng(Variant("A1"), question), "A1").points
            else:
                with contextlib.suppress(Exception, SystemExit), contextlib.redirect_stdout(io.StringIO()):
                    exec(compile(cell.source, "<cell>", "exec"), names)
    return got


FULL = {question.name: question.points for question in QUESTIONS.values() if question.automatic}


def taken(notebook, release=RELEASE, write=as_written):
    return take(write(notebook), release)


def assert_of_the_release(notebook):
    """Each named cell once, with the release's mark, its locked text the release's; nothing else is marked."""
    marked = [cell for cell in notebook.cells if "nbgrader" in cell.metadata]
    assert sorted(map(name_of, marked)) == sorted(name_of(cell) for cell in RELEASE.cells if name_of(cell))
    for cell in marked:
        original = cell_named(RELEASE, name_of(cell))
        assert cell.metadata == original.metadata and cell.cell_type == original.cell_type and cell.id == original.id
        if original.metadata.nbgrader["locked"]:
            assert cell.source == original.source
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
    nbformat.validate(notebook)


# ---------------------------------------------------------------- damage costs nothing

def hopeless(slips, tool):
    """Damage after which nothing tells what belonged together: parts of a cell that were shuffled apart or became text, a
    text that was deleted with the answer that had been merged into it, answers in words without marks among other texts out of order."""
    done = set(slips)
    moved, unmarked = done & {damages.shuffle, damages.move_one}, tool in (damages.drop_marks, damages.colab, damages.drop_marks_and_identities)
    return (damages.split in done and (moved or damages.change_kind in done) or damages.merge in done and done & {damages.delete_texts, damages.delete_locked}
            or moved and unmarked and len(done) > 1)


def test_the_right_notebook_gets_every_point():
    assert points(RIGHT) == FULL


def test_an_untouched_notebook_passes_through_unchanged():
    for notebook in (RELEASE, RIGHT):
        out, repaired = taken(notebook)
        assert not repaired
        assert [(cell.id, cell.cell_type, cell.source, cell.metadata) for cell in out.cells] == [(cell.id, cell.cell_type, cell.source, cell.metadata) for cell in notebook.cells]


@EXAMPLES
@given(st.randoms(use_true_random=False), st.lists(st.sampled_from(damages.SLIPS), max_size=2), st.sampled_from((None, *damages.TOOLS)), st.sampled_from(damages.FILES))
def test_damage_by_tools_and_slips_costs_no_points(chance, slips, tool, write):
    if hopeless(slips, tool):
        return
    notebook = copy.deepcopy(RIGHT)
    for damage in (*slips, *((tool,) if tool else ())):
        damage(notebook.cells, chance)
    out, _ = take(write_or_plain(write, notebook), RELEASE)
    assert_of_the_release(out)
    assert points(out) == FULL
    assert ANSWER in cell_named(out, "explain_e1").source


def write_or_plain(write, notebook):
    """The old format has no raw cells with metadata of some kinds and no cells without identity: nbformat refuses to write those."""
    try:
        return write(notebook)
    except Exception:
        return as_written(notebook)


@pytest.mark.parametrize("damage", damages.TOOLS + damages.SLIPS, ids=lambda damage: damage.__name__)
def test_each_damage_alone_costs_no_points_and_is_told(damage):
    for seed in range(4):
        notebook = copy.deepcopy(RIGHT)
        damage(notebook.cells, random.Random(seed))
        out, repaired = taken(notebook)
        assert_of_the_release(out)
        assert points(out) == FULL and ANSWER in cell_named(out, "explain_e1").source
        if repaired:
            assert out.cells[0].id == "repairs" and "No points were taken" in out.cells[0].source and out.metadata["repaired"] == repaired


@pytest.mark.parametrize("write", damages.FILES, ids=lambda write: write.__name__)
def test_each_way_of_writing_the_file_is_read(write):
    out, _ = taken(RIGHT, write=write)
    assert points(out) == FULL


def test_the_same_bytes_give_the_same_notebook():
    notebook = copy.deepcopy(RIGHT)
    for damage in (damages.own_cells, damages.split, damages.colab):
        damage(notebook.cells, random.Random(3))
    assert nbformat.writes(taken(notebook)[0]) == nbformat.writes(taken(notebook)[0])


# ---------------------------------------------------------------- forgery gains nothing

def forged_tests(cells, chance):
    """Test cells that say how many points they give, and are worth more."""
    for cell in cells:
        if is_test(cell):
            cell.source, cell.metadata.nbgrader["points"] = "85.0", 1000


def added_tests(cells, chance):
    """Test cells of the student's own."""
    for name in ("extra", "check_extra", "check_sigmoid"):
        mark = {"grade": True, "solution": False, "locked": True, "grade_id": name, "points": 50, "schema_version": 3, "cell_type": "code", "task": False}
        cells.insert(chance.randrange(len(cells)), nbformat.v4.new_code_cell("50.0", metadata={"nbgrader": mark}))


def marks_of_tests_on_answers(cells, chance):
    for cell in cells:
        if name_of(cell) in ("sigmoid", "predict"):
            cell.metadata.nbgrader.update(grade_id=f"check_{name_of(cell)}", grade=True, solution=False)


def identities_of_tests(cells, chance):
    """A student's cell with a test cell's identity, in its place."""
    for at, cell in enumerate(cells):
        if is_test(cell):
            cells[at] = nbformat.v4.new_code_cell("100.0", id=cell.id)


def answers_made_of_tests(cells, chance):
    for cell in cells:
        if is_test(cell):
            cell.metadata.nbgrader.update(grade=False, solution=True, locked=False)
            cell.source = "check = lambda *a, **k: 100.0"


def questions_swapped(cells, chance):
    """An easy question's test cell under a hard one's name."""
    for cell in cells:
        if is_test(cell):
            cell.metadata.nbgrader["grade_id"] = "check_sigmoid"


FORGERIES = (forged_tests, added_tests, marks_of_tests_on_answers, identities_of_tests, answers_made_of_tests, questions_swapped)


@EXAMPLES
@given(st.randoms(use_true_random=False), st.sampled_from(FORGERIES), st.lists(st.sampled_from(damages.SLIPS + damages.TOOLS), max_size=2), st.booleans())
def test_no_forged_mark_survives_and_no_points_are_gained(chance, forgery, others, blank):
    notebook = copy.deepcopy(RELEASE if blank else RIGHT)
    forgery(notebook.cells, chance)
    for damage in others:
        with contextlib.suppress(IndexError, ValueError):
            damage(notebook.cells, chance)
    try:
        out, _ = taken(notebook)
    except Refused:
        return
    assert_of_the_release(out)
    got = points(out)
    assert set(got) == set(FULL) and sum(got.values()) <= (0 if blank else sum(FULL.values()))


@EXAMPLES
@given(st.randoms(use_true_random=False), st.lists(st.sampled_from(damages.SLIPS + damages.TOOLS), max_size=3))
def test_a_wrong_answer_stays_wrong_whatever_is_damaged(chance, slips):
    notebook = copy.deepcopy(RIGHT)
    cell_named(notebook, "sigmoid").source = "def sigmoid(h):\n    return h"
    before = points(notebook)
    for damage in slips:
        with contextlib.suppress(IndexError, ValueError):
            damage(notebook.cells, chance)
    out, _ = taken(notebook)
    after = points(out)
    assert all(after[name] <= before[name] for name in before)


def test_a_solution_that_is_not_the_students_never_comes_in():
    out, _ = taken(nbformat.v4.new_notebook(cells=[cell for cell in copy.deepcopy(RELEASE).cells if is_test(cell)]))
    assert not any(points(out).values())


# ---------------------------------------------------------------- single cases, and what is said of them

def test_the_copy_of_an_answer_that_is_still_empty_does_not_take_the_answer_back():
    notebook = copy.deepcopy(RIGHT)
    empty = copy.deepcopy(cell_named(RELEASE, "sigmoid"))
    notebook.cells.insert(notebook.cells.index(cell_named(notebook, "sigmoid")) + 1, empty)
    out, (line,) = taken(notebook)
    assert points(out) == FULL and "`sigmoid` was there 2 times" in line


def test_of_two_answers_the_first_is_the_cell_and_the_second_runs_where_it_stands():
    notebook = copy.deepcopy(RIGHT)
    second = copy.deepcopy(cell_named(notebook, "sigmoid"))
    second.source = "def sigmoid(h):\n    return h"
    notebook.cells.append(second)
    out, (line,) = taken(notebook)
    assert "the first that holds an answer counts" in line and points(out) == FULL
    assert out.cells[-1].source == second.source and name_of(out.cells[-1]) is None


def test_deleted_imports_come_back_before_everything_that_needs_them():
    notebook = copy.deepcopy(RIGHT)
    notebook.cells = [cell for cell in notebook.cells if name_of(cell) != "imports"]
    out, (line,) = taken(notebook)
    assert points(out) == FULL and "`imports`" in line


def test_an_answer_typed_into_a_test_cell_is_kept_as_a_cell_before_it():
    notebook = copy.deepcopy(RELEASE)
    cell_named(notebook, "check_sigmoid").source = "def sigmoid(h):\n    import numpy\n    return numpy.exp(-numpy.logaddexp(0, -h))"
    out, (line,) = taken(notebook)
    assert points(out)["sigmoid"] == 15 and "`check_sigmoid`" in line


def test_an_answer_in_new_cells_of_a_notebook_without_marks_is_found_by_its_names():
    cells = [nbformat.v4.new_code_cell("import numpy as np")] + [nbformat.v4.new_code_cell(cell.source) for cell in RIGHT.cells if cell.metadata.get("nbgrader", {}).get("solution") and cell.cell_type == "code"]
    out, _ = taken(nbformat.v4.new_notebook(cells=cells))
    assert points(out) == FULL


def test_cells_that_a_student_put_in_another_order_on_purpose_stay_so():
    notebook = copy.deepcopy(RIGHT)
    cell_named(notebook, "hand_table").source += "\nassert abs(sigmoid(np.zeros(1))[0] - .5) < 1e-9"
    sigmoid = cell_named(notebook, "sigmoid")
    notebook.cells.remove(sigmoid)
    notebook.cells.insert(notebook.cells.index(cell_named(notebook, "hand_table")), sigmoid)
    out, _ = taken(notebook)
    order = [name_of(cell) for cell in out.cells]
    assert order.index("sigmoid") < order.index("hand_table") and points(out) == FULL


def test_a_question_answered_in_the_deleted_cells_stead_is_not_overwritten_by_the_empty_one():
    notebook = copy.deepcopy(RIGHT)
    sigmoid = cell_named(notebook, "sigmoid")
    sigmoid.metadata, sigmoid["id"] = nbformat.from_dict({}), "elsewhere"
    sigmoid.source = "# all my functions\n" + sigmoid.source + "\n\n" + cell_named(notebook, "squared_error").source
    notebook.cells = [cell for cell in notebook.cells if name_of(cell) != "squared_error"]
    out, repaired = taken(notebook)
    assert points(out) == FULL and cell_named(out, "squared_error").source == "" and any("`squared_error`" in line for line in repaired)


def test_half_a_character_and_a_number_that_is_none_are_replaced():
    notebook = copy.deepcopy(RIGHT)
    cell_named(notebook, "explain_e1").source = ANSWER + " \\uD83D"
    text = json.dumps(notebook).replace("\\\\uD83D", "\\ud83d").replace('"nbformat_minor": 5', '"nbformat_minor": 5, "x": NaN, "y": -Infinity, "z": ' + "9" * 5000)
    out, repaired = take(text.encode(), RELEASE)
    nbformat.writes(out).encode()
    assert "\ufffd" in cell_named(out, "explain_e1").source and any("characters" in line for line in repaired)


def test_text_in_another_encoding_is_read_as_well_as_possible():
    notebook = copy.deepcopy(RIGHT)
    cell_named(notebook, "explain_e1").source = "Der Fehler: é. " + ANSWER
    out, repaired = take(json.dumps(notebook, ensure_ascii=False).replace("₁", "1").replace("−", "-").encode("cp1252", "replace"), RELEASE)
    assert points(out) == FULL and any("UTF-8" in line for line in repaired)


def test_the_last_of_two_equal_keys_counts_as_it_does_in_jupyterlab():
    text = as_written(RIGHT).replace(b'"cells":', b'"cells": [], "cells":', 1)
    assert points(take(text, RELEASE)[0]) == FULL


def test_names_in_what_is_told_are_plain_text():
    with pytest.raises(Refused) as refused:
        take(b"{", RELEASE, "<img src=x onerror=1>\u202e\n.ipynb")
    page = intake.refusal(RELEASE, str(refused.value)).cells[0].source
    assert "\\u202e\\u000a" in str(refused.value) and "\\<img" in page and "<img" not in page.replace("\\<img", "")


# ---------------------------------------------------------------- what is refused, and why

@pytest.mark.parametrize("content, word", [
    (b"", "empty"), (b"{}", "no cells"), (b"[]", "no cells"), (b"null", "no cells"), (b'{"cells": 3}', "no cells"), (b'{"cells": [', "ends in the middle"),
    (b'{"cells":' + b"[" * 200_000, "nested too deeply"), (b'{"cells": [' + b'{"a":' * 500 + b"1" + b"}" * 500 + b"]}", "nested too deeply"),
    (b"<html>not found</html>", "no JSON at line 1"), (b'{"cells": [],\n<<<<<<< HEAD\n}', "git"), (b"\x00\x01\x02\x03" * 100, "no notebook"), (b"%PDF-1.7", "no notebook"),
    (b'{"nbformat": 3, "worksheets": 7}', "old format"), (b'{"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "code"}]}]}', "none of its questions|old format"),
    (b'{"cells": []}', "none of its questions"), (b'{"cells": [3, null, {"cell_type": "video"}]}', "none of its questions"),
    (b'{"cells": [' + b'{"cell_type": "code", "source": ""},' * 3000 + b"{}]}", "more than 2000"), (b'{"cells": [' + b"[]," * 400_000 + b"[]]}", "more lists"),
    (as_written(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x = 1\n" * 900_000)])), "4 MiB of code"), (b'{"cells": "' + b"x" * (21 << 20) + b'"}', "21 MiB beside its outputs")])
def test_what_is_no_notebook_is_refused_with_what_to_do(content, word):
    with pytest.raises(Refused, match=word) as refused:
        take(content, RELEASE, "A1.ipynb")
    assert str(refused.value).count(".") >= 2 and len(str(refused.value)) < 400


@pytest.mark.parametrize("cells", [
    lambda: ["def sigmoid(h):\n" + "    x = 1\n" * 90 + f"    y = {n}" for n in range(1900)], lambda: ["x = [" + "1,\n" * 250 + str(n) for n in range(1900)],
    lambda: ["sigmoid = " + "lambda: " * 1200 + str(n) for n in range(200)], lambda: ["(" * 15_000 + str(n) for n in range(200)],
    lambda: [cell_named(RELEASE, "sigmoid").source + f"\n#{n}" + "y" * 900 for n in range(1900)]], ids=["functions", "open brackets", "lambdas", "brackets", "alike"])
def test_cells_made_to_take_long_do_not(cells):
    started = time.process_time()
    with contextlib.suppress(Refused):
        taken(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells()]))
    assert time.process_time() - started < 20                  # seconds; some two are usual, of which the test's own writing takes one


def test_another_assignments_notebook_is_refused():
    with pytest.raises(Refused, match="is a notebook of A4, not of A1"):
        taken(without_solutions(build_notebook("A4")))


@given(st.binary(max_size=300))
@settings(max_examples=80, deadline=None, derandomize=True)
def test_any_bytes_are_read_or_refused(content):
    with contextlib.suppress(Refused):
        take(content, RELEASE)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8), lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
    st.sampled_from(["cells", "cell_type", "source", "metadata", "nbgrader", "grade_id", "id", "outputs", "nbformat", "worksheets", "attachments", "code", "markdown"]), inner, max_size=5), max_leaves=20))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_any_data_in_a_notebooks_place_is_read_or_refused(data):
    for content in (data, {"cells": data}, {"cells": [data]}, {"cells": [{"cell_type": "code", "metadata": data, "source": data, "id": data, "attachments": data}]},
                    {"nbformat": 3, "worksheets": [{"cells": [data]}]}):
        with contextlib.suppress(Refused):
            assert_of_the_release(take(json.dumps(content).encode(), RELEASE)[0])


# ---------------------------------------------------------------- outputs

def test_a_flood_of_outputs_is_dropped_before_anything_is_parsed():
    flood = json.dumps(RIGHT).replace('"outputs": []', '"outputs": [{"output_type": "stream", "text": "' + "x]\\\"" * 20_000_000 + '"}]', 1).encode()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    out, repaired = take(flood, RELEASE)
    assert points(out) == FULL and not repaired
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 << 10         # KiB: far less than the flood itself


@given(st.recursive(st.none() | st.integers() | st.text(max_size=6), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3) | st.just("outputs"), inner, max_size=3), max_leaves=20))
@settings(max_examples=80, deadline=None, derandomize=True)
def test_dropping_outputs_touches_nothing_else(data):
    def emptied(value):
        if isinstance(value, dict):
            return {key: [] if key == "outputs" and isinstance(inner, list) else emptied(inner) for key, inner in value.items()}
        return [emptied(inner) for inner in value] if isinstance(value, list) else value
    for text in (json.dumps(data), json.dumps(data, indent=1)):
        assert json.loads(without_outputs(text.encode())) == emptied(data)


def test_the_output_that_tells_whose_numbers_were_shown_is_read():
    notebook = copy.deepcopy(RIGHT)
    cell_named(notebook, "imports").outputs = [nbformat.v4.new_output("display_data", data={TASK: {"student": "bob"}, "text/plain": ""})]
    out, _ = taken(notebook)
    assert out.metadata["worked_as"] == "bob" and not any(cell.get("outputs") for cell in out.cells)


# ---------------------------------------------------------------- files and folders

def test_only_regular_files_of_one_name_are_opened_and_through_no_link(tmp_path):
    secret = tmp_path / "gradebook.db"
    secret.write_text("everybody's points")
    folder = tmp_path / "submission"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "x.csv").write_text("1")
    assert read_file(folder, "data/x.csv") == b"1" and survey(folder) == {"data/x.csv": 1}
    for make in (lambda path: os.symlink(secret, path), lambda path: os.symlink(tmp_path, path), lambda path: os.link(secret, path), os.mkfifo, lambda path: os.symlink("nowhere", path)):
        make(folder / "thing")
        with pytest.raises(Refused, match="thing is not a file of its own"):
            read_file(folder, "thing")
        with pytest.raises(Refused, match="thing is not a file of its own"):
            survey(folder)
        (folder / "thing").unlink()
    os.symlink(tmp_path, folder / "up")
    with pytest.raises(Refused, match="link"):
        read_file(folder, "up/gradebook.db")
    for name in ("../gradebook.db", str(secret), "", "data"):
        with pytest.raises(Refused):
            read_file(folder, name)


def test_a_file_or_a_folder_that_is_too_large_is_refused(tmp_path, monkeypatch):
    (tmp_path / "A1.ipynb").write_bytes(b"x" * 2000)
    with pytest.raises(Refused, match="Clear all outputs"):
        read_file(tmp_path, "A1.ipynb", most=1000)
    monkeypatch.setattr(opening, "MOST_FILES", 3)
    for number in range(5):
        (tmp_path / f"{number}").touch()
    with pytest.raises(Refused, match="more than 3 files"):
        survey(tmp_path)
    deep = tmp_path / "deep"
    monkeypatch.setattr(opening, "MOST_FILES", 3000)
    (deep / "/".join("d" * 40)).mkdir(parents=True)
    with pytest.raises(Refused, match="deeper"):
        survey(deep)


def test_hostile_names_are_data(tmp_path):
    names = ["=cmd|calc", "-rf", "a\nb", "<img src=x onerror=1>.py", "\u202egnp.py", "e\u0301.py", "\u00e9.py"]
    for name in names:
        (tmp_path / name).touch()
    assert set(survey(tmp_path)) == set(names)
    for name in names:
        assert shown(name).isprintable()


@pytest.mark.parametrize("file", ["A1_hand_table (2).ipynb", "A1_hand_table-Copy1.ipynb", "A1_hand_table_copy.ipynb", "a1_hand_table.ipynb", "A1_hand_table-1.ipynb", "A1_hand_table_final.ipynb", "homework.ipynb"])
def test_a_renamed_notebook_is_taken_where_it_alone_can_be_meant(file):
    found, (line,) = named([file, "data.csv", "timestamp.txt"], ["A1_hand_table"])
    assert found == {"A1_hand_table": file} and file in line


def test_of_several_notebooks_the_one_with_the_name_counts_and_the_others_are_named():
    found, (line,) = named(["A1_hand_table.ipynb", "scratch.ipynb"], ["A1_hand_table"])
    assert found == {"A1_hand_table": "A1_hand_table.ipynb"} and "scratch.ipynb" in line
    assert named(["p1.ipynb", "p2.ipynb"], ["p1", "p2"]) == ({"p1": "p1.ipynb", "p2": "p2.ipynb"}, [])
    assert named(["p1 (1).ipynb", "p2.ipynb"], ["p1", "p2"])[0] == {"p1": "p1 (1).ipynb", "p2": "p2.ipynb"}


def test_notebooks_that_could_each_be_meant_are_left_for_a_person():
    files = ["A1_hand_table (1).ipynb", "A1_hand_table (2).ipynb"]
    found, said = named(files, ["A1_hand_table"])
    assert (found, said) == ({}, []) and "cannot be told" in intake.missing(files, ["A1_hand_table"], found)["A1_hand_table"]
    assert "no notebook" in intake.missing(["essay.pdf"], ["A1_hand_table"], {})["A1_hand_table"]
    assert intake.missing(["p1.ipynb"], ["p1", "p2"], {"p1": "p1.ipynb"}) == {}


def test_a_renamed_notebook_gets_a_copy_under_its_name_and_stays(tmp_path):
    (tmp_path / "A1_hand_table (2).ipynb").write_bytes(b"1")
    (line,) = intake.adopt(tmp_path, ["A1_hand_table"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["A1_hand_table (2).ipynb", "A1_hand_table.ipynb"] and "was taken for" in line
    intake.adopt(tmp_path, ["A1_hand_table"])
    assert (tmp_path / "A1_hand_table.ipynb").read_bytes() == b"1"
