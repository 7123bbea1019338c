"""`course pack`: the right notebook, checked and packed, whatever the names, line ends and folders are."""

import json
import os
import re
import stat
import zipfile
from datetime import datetime, timezone
from pathlib import Path

import nbformat
import pytest
from nbgrader.utils import compute_checksum

from autograder import due
from autograder.authoring.assignment import build_notebook
from autograder.grading.cells import CODE_STUB, TEXT_STUB
from autograder.errors import CourseError
from autograder.grading import pack as packing
from autograder.grading import receipts
from autograder.grading.pack import RECEIPT, pack
from autograder.practice import check

NOTEBOOK = "A1_hand_table.ipynb"
NOW = datetime(2027, 4, 20, 21, 30, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def released():
    """A1 as students have it: stubs for solutions, nbgrader's checksums, the due date in its metadata."""
    notebook = build_notebook("A1")
    for cell in notebook.cells:
        mark = cell.metadata.get("nbgrader", {})
        if mark.get("solution"):
            cell.source = CODE_STUB if cell.cell_type == "code" else TEXT_STUB
        if mark:
            mark["checksum"] = compute_checksum(cell)
    notebook.metadata["course"].update(due="2027-04-20T21:59:00+00:00", says="Due Tue 20 Apr 2027, 23:59 Europe/Berlin. Late costs 10 % of its points for each day begun.",
                                       notebooks=[NOTEBOOK], files=["points.csv", "data/*.csv"], upload="Moodle, week 3")
    return notebook


@pytest.fixture
def folder(tmp_path, released, monkeypatch):
    """A student's folder, with a blank and a non-ASCII sign in its path."""
    folder = tmp_path / "Netze von Hand, Übung 1"
    folder.mkdir()
    nbformat.write(released, folder / NOTEBOOK)
    monkeypatch.chdir(folder)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    return folder


def opened(path):
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def answer(released, name, text):
    notebook = nbformat.reads(nbformat.writes(released), as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == name:
            cell.source = text
    return notebook


def test_the_file_holds_the_notebook_as_it_is_and_says_whose_it_is(folder):
    done = pack("A1", student=" ada ", name="Ada  Lovelace", now=NOW)
    files = opened(done.path)
    assert done.path == folder / "A1_ada.zip" and set(files) == {RECEIPT, NOTEBOOK} and files[NOTEBOOK] == (folder / NOTEBOOK).read_bytes()
    told = json.loads(files[RECEIPT])
    contents = receipts.contents({NOTEBOOK: files[NOTEBOOK]})
    assert told == {"format": 1, "assignment": "A1", "student": "ada", "name": "Ada Lovelace", "time": "2027-04-20T21:30:00+00:00", "verified": False,
                    "sha256": receipts.digest(contents), "files": contents}
    assert done.upload == "Moodle, week 3"


def test_blank_answers_are_named_and_answered_ones_are_not(folder, released):
    nbformat.write(answer(released, "sigmoid", "def sigmoid(h):\n    return h"), folder / NOTEBOOK)
    blank = pack("A1", student="ada").blank
    assert "sigmoid" not in blank and {"hand_table", "explain_e1"} <= set(blank)


def test_windows_line_ends_change_nothing_but_the_bytes(folder, released):
    text = nbformat.writes(answer(released, "sigmoid", "def sigmoid(h):\r\n    return h\r\n")).replace("\n", "\r\n")
    (folder / NOTEBOOK).write_bytes(b"\xef\xbb\xbf" + text.encode())
    done = pack("A1", student="ada")
    assert "sigmoid" not in done.blank and "hand_table" in done.blank and opened(done.path)[NOTEBOOK] == (folder / NOTEBOOK).read_bytes()


def test_files_of_the_assignment_come_along_under_plain_names_and_others_do_not(folder):
    (folder / "data" / "Größen").mkdir(parents=True)
    for name in ("points.csv", "data/Größe 1.csv", "secret.txt", ".hidden.csv", "data/x.txt"):
        (folder / name).write_bytes(b"1")
    (folder / "hints.json").write_text("{}")
    done = pack("A1", student="ada")
    assert set(opened(done.path)) == {RECEIPT, NOTEBOOK, "points.csv", "data/Größe 1.csv", "hints.json"}
    assert set(done.receipt["files"]) == {NOTEBOOK, "points.csv", "data/Größe 1.csv"}               # the count of hints is no work
    assert not any("\\" in name for name in opened(done.path))


def test_links_and_backslashes_are_left_out_and_said(folder, tmp_path, require):
    require(os.name == "posix", "a name with a backslash")
    (tmp_path / "other.csv").write_text("not the student's to give")
    (folder / "points.csv").symlink_to(tmp_path / "other.csv")
    (folder / "data").mkdir()
    (folder / "data" / "a\\b.csv").write_text("1")
    done = pack("A1", student="ada")
    assert set(opened(done.path)) == {RECEIPT, NOTEBOOK}
    assert any("points.csv was left out: it is a link" in said for said in done.said) and any("backslash" in said for said in done.said)


def test_an_output_that_is_too_large_is_left_out_of_the_file_and_stays_in_the_students(folder, released):
    notebook = answer(released, "sigmoid", "print('x' * 2000000)")
    cell = next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "sigmoid")
    cell.outputs = [nbformat.v4.new_output("stream", text="x" * 2_000_000)]
    nbformat.write(notebook, folder / NOTEBOOK)
    done = pack("A1", student="ada")
    content = opened(done.path)[NOTEBOOK]
    assert len(content) < 100_000 and (folder / NOTEBOOK).stat().st_size > 2_000_000 and any("1 output of" in said for said in done.said)
    assert [cell.source for cell in nbformat.reads(content.decode(), as_version=4).cells] == [cell.source for cell in notebook.cells]


def test_a_renamed_notebook_gets_its_name_back(folder):
    (folder / NOTEBOOK).rename(folder / "A1 (1).ipynb")
    done = pack("A1", student="ada")
    assert NOTEBOOK in opened(done.path) and any("packed as A1_hand_table.ipynb" in said for said in done.said)


def test_a_copy_beside_the_notebook_is_not_taken_for_it(folder, released):
    nbformat.write(answer(released, "sigmoid", "wrong"), folder / "A1_hand_table-Copy1.ipynb")
    done = pack("A1", student="ada")
    assert opened(done.path)[NOTEBOOK] == (folder / NOTEBOOK).read_bytes() and any("Copy1" in said for said in done.said)


def test_lost_check_cells_are_named(folder, released):
    notebook = nbformat.reads(nbformat.writes(released), as_version=4)
    notebook.cells = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") != "check_sigmoid"]
    nbformat.write(notebook, folder / NOTEBOOK)
    assert any(re.match(r"Check cells are missing: sigmoid\.", said) for said in pack("A1", student="ada").said)


@pytest.mark.parametrize("student, name", [("Zoë Müller", "A1_Zoë_Müller.zip"), ("a/b\\c:d*e?", "A1_a_b_c_d_e.zip"), ("../../x", "A1_x.zip"), ("x" * 128, f"A1_{'x' * 50}.zip")])
def test_a_students_name_makes_a_file_name_that_every_system_takes(folder, student, name):
    done = pack("A1", student=student)
    assert done.path == folder / name and json.loads(opened(done.path)[RECEIPT])["student"] == student


def test_nothing_is_overwritten(folder):
    first, second = pack("A1", student="ada").path, pack("A1", student="ada").path
    assert (first.name, second.name) == ("A1_ada.zip", "A1_ada-2.zip") and sorted(path.name for path in folder.iterdir()) == ["A1_ada-2.zip", "A1_ada.zip", NOTEBOOK]


def test_a_folder_that_cannot_be_written_sends_the_file_elsewhere_and_says_where(folder, tmp_path, monkeypatch):
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setattr(Path, "home", lambda: home)
    monkeypatch.setattr(packing, "_writable", lambda place: place != folder)           # root may write everywhere
    done = pack("A1", student="ada")
    assert done.path.parent == home and any("cannot be written, so the file is in" in said for said in done.said)
    with pytest.raises(CourseError, match="cannot be written. Name another folder"):
        pack("A1", student="ada", to=folder)


def test_a_read_only_notebook_is_packed(folder, tmp_path):
    (folder / NOTEBOOK).chmod(stat.S_IRUSR)
    (tmp_path / "out").mkdir()
    assert pack("A1", folder, student="ada", to=tmp_path / "out").path.parent == tmp_path / "out"


def test_another_assignments_notebook_is_refused(folder):
    with pytest.raises(CourseError, match=f"{NOTEBOOK} is the notebook of A1, not of A2. Nothing was packed."):
        pack("A2", folder / NOTEBOOK, student="ada")
    with pytest.raises(CourseError, match="There is no notebook of A2 in"):
        pack("A2", student="ada")
    with pytest.raises(CourseError, match="There is no notebook .*missing.ipynb"):
        pack("A1", folder / "missing.ipynb", student="ada")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"cells": 3}', b"\xff\xfe\x00", b'{"cells": [' + b"[" * 100_000])
def test_what_is_no_notebook_is_a_sentence(folder, content):
    (folder / NOTEBOOK).write_bytes(content)
    with pytest.raises(CourseError, match="is no notebook that can be read"):
        pack("A1", folder / NOTEBOOK, student="ada")


@pytest.mark.parametrize("student", ["", "  ", "a\x00b", "x" * 129])
def test_without_a_usable_name_nothing_is_packed(folder, student):
    with pytest.raises(CourseError, match="expected is the one under which the course knows you"):
        pack("A1", student=student)
    assert [path.name for path in folder.iterdir()] == [NOTEBOOK]


# ---------------------------------------------------------------- the due date in the notebook

def test_a_check_cell_says_in_one_line_when_it_is_due_and_what_late_costs_apart_from_the_points(folder, monkeypatch):
    import __main__
    monkeypatch.setattr(__main__, "sigmoid", lambda h: h, raising=False)
    verdict = check("A1", "sigmoid")
    assert "Due Tue 20 Apr 2027, 23:59 Europe/Berlin." in verdict.due and "course status A1" in verdict.due and "\n" not in verdict.due
    assert str(verdict).splitlines()[-1].strip().startswith("Due ") and "Due " in verdict.to_html()
    assert verdict._repr_mimebundle_()["text/plain"] == f"{verdict.points:g}"          # what nbgrader reads


def test_the_line_says_when_it_is_over_and_nothing_where_the_notebook_says_nothing(folder, released):
    assert "That is over." in due.line("A1", datetime(2027, 4, 21, tzinfo=timezone.utc)) and "That is over." not in due.line("A1", NOW)
    assert due.line("A2") == ""
    for said in ({"due": 3}, {"due": "soon", "says": "x"}, {"due": "2027-04-20", "says": 3}, "x", None):
        notebook = json.loads(nbformat.writes(released))
        notebook["metadata"]["course"] = {**said, "assignment": "A1"} if isinstance(said, dict) else said
        (folder / NOTEBOOK).write_text(json.dumps(notebook))
        assert due.line("A1") == ""
