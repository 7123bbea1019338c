"""Intake through nbgrader: damaged, hostile and misnamed submissions of a class, graded by `course grade` and by nbgrader's own
autograde; uploads of Canvas and Moodle, collected by `course collect --from` and by nbgrader's own zip_collect.
"""

import copy
import io
import json
import os
import random
import shutil
import zipfile

import nbformat
import pytest
from typer.testing import CliRunner

from autograder.authoring.build import build
from autograder.cli import app
from autograder.course_root import make_course_root
from autograder.errors import CourseError
from autograder.grading import batch, receipts, uploads
from autograder.grading.course import Course
from grading import damages
from grading.test_grading_intake import ANSWER, RIGHT, name_of

pytestmark = [pytest.mark.slow, pytest.mark.circle, pytest.mark.xdist_group("intake circle")]
FILE = "A1_hand_table.ipynb"
AUTOMATIC = 85
CLASS = {"ada": ("Ada", "Lovelace", "42"), "bob": ("Bob", "O'Neil", "43"), "zoe": ("Zoë", "Müller", "44"), "li": ("Li", "Wei", ""), "li2": ("Li", "Wei", "")}
SECRET = "everybody's points"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    root = make_course_root(tmp_path_factory.mktemp("intake") / "course")
    build(root, "A1", "")
    course = Course(root)
    course.generate("A1")
    with course.gradebook() as gradebook:
        for student, (first, last, number) in CLASS.items():
            gradebook.add_student(student, first_name=first, last_name=last, lms_user_id=number)
    return course


def damaged(*how, seed=1, write=damages.as_written):
    notebook = copy.deepcopy(RIGHT)
    for damage in how:
        damage(notebook.cells, random.Random(seed))
    return write(notebook)


@pytest.fixture(scope="module")
def graded(course, tmp_path_factory):
    """Student → the outcome of `course grade`."""
    target = tmp_path_factory.mktemp("outside") / "gradebook.db"
    target.write_text(SECRET)

    def hand_in(student, **files):
        folder = course.place("submitted", "A1", student)
        folder.mkdir(parents=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
        return folder

    right = damaged()
    for damage in damages.TOOLS + damages.SLIPS:
        hand_in(f"slip-{damage.__name__}", **{FILE: damaged(damage)})
    hand_in("old", **{FILE: damaged(write=damages.old_format)})
    hand_in("flood", **{FILE: json.dumps(RIGHT).replace('"outputs": []', '"outputs": [{"output_type": "stream", "name": "stdout", "text": "' + "x" * 100_000_000 + '"}]', 1).encode()})
    hand_in("renamed", **{"A1_hand_table (2).ipynb": right})
    hand_in("two", **{FILE: right, "scratch.ipynb": b"{"})
    hand_in("names", **{FILE: right, "=cmd|calc": b"", "-rf": b"", "a\nb": b"", "<img src=x onerror=1>.py": b"", "\u202egnp.py": b"", "numpy.py": b"raise SystemExit(0)"})
    hand_in("truncated", **{FILE: right[:900]})
    hand_in("deep", **{FILE: b'{"cells":' + b"[" * 200_000})
    hand_in("nothing", **{"essay.pdf": b"%PDF"})
    os.symlink(target, hand_in("link", **{FILE: right}) / "data.csv")
    os.symlink(target.parent, hand_in("folder-link", **{FILE: right}) / "data")
    os.symlink(target, hand_in("notebook-link") / FILE)
    os.link(target, hand_in("hard-link", **{FILE: right}) / "data.csv")
    os.mkfifo(hand_in("pipe", **{FILE: right}) / "pipe")
    return {outcome.student: outcome for outcome in batch.grade(course, "A1", workers=0)}


def score(course, student):
    return course.score("A1", student)[0]


def executed(course, student):
    return nbformat.read(course.place("autograded", "A1", student) / FILE, as_version=4)


REFUSED = ("truncated", "deep", "nothing", "link", "folder-link", "notebook-link", "hard-link", "pipe")


def test_damage_costs_nothing_in_the_gradebook(course, graded):
    for student, outcome in graded.items():
        if student.startswith("slip-") or student in ("old", "flood", "renamed", "two", "names"):
            assert (outcome.status, outcome.points) == ("graded", AUTOMATIC), (student, outcome)


def test_what_was_repaired_stands_at_the_head_of_the_students_notebook(course, graded):
    first = executed(course, "slip-delete_locked").cells[0]
    assert first.id == "repairs" and "missing and are back" in first.source and "missing and are back" in graded["slip-delete_locked"].note
    assert ANSWER in next(cell.source for cell in executed(course, "slip-drop_marks_and_identities").cells if name_of(cell) == "explain_e1")


@pytest.mark.parametrize("student", REFUSED)
def test_what_cannot_be_graded_is_refused_with_a_reason_and_worth_nothing(course, graded, student):
    outcome = graded[student]
    assert (outcome.status, outcome.points, outcome.to_read) == ("refused", 0, True) and outcome.note.count(".") >= 2, outcome


def test_nothing_is_read_through_a_link(course, graded):
    for path in course.place("autograded", "A1", "*").parent.parent.rglob("*"):
        if path.is_file():
            assert SECRET.encode() not in path.read_bytes(), path
            assert not path.is_symlink()


def test_nbgraders_own_autograde_gives_the_same_and_copies_nothing_through_a_link(course, graded):
    students = ("slip-colab", "slip-delete_locked", "renamed", "two", "truncated", "link", "folder-link", "hard-link", "pipe")
    for student in students:
        shutil.rmtree(course.place("autograded", "A1", student), ignore_errors=True)
        course.step("autograde", "A1", student, force=True, create=True)
        assert score(course, student) == graded[student].points, student
        assert not (course.place("autograded", "A1", student) / "data.csv").exists()
    assert "could not be graded" in executed(course, "link").cells[0].source
    assert "*" not in course.coursedir.ignore                # what was kept out of one folder is kept out of that one alone


# ---------------------------------------------------------------- uploads

def zipped(*members, **named):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in [*members, *named.items()]:
            archive.writestr(name, content)
    return file.getvalue()


def linking(name, target):
    info = zipfile.ZipInfo(name)
    info.external_attr = 0o120777 << 16
    return info, target


@pytest.fixture
def empty(course):
    """The course with nothing handed in."""
    for folder in ("submitted", "handed_in", "backups", "downloaded"):
        shutil.rmtree(course.root / folder, ignore_errors=True)
    (course.root / receipts.FILE).unlink(missing_ok=True)
    return course


def collect(course, source, *options, ok=0):
    done = CliRunner().invoke(app, ["collect", "A1", "--course-dir", str(course.root), "--from", str(source), *options], env={"COLUMNS": "300"})
    assert done.exit_code == ok, done.output
    return done.output


def lies(course, student):
    folder = course.place("submitted", "A1", student)
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_canvas_hands_out_names_numbers_and_lateness_in_one(empty, tmp_path):
    right, source = damaged(), tmp_path / "submissions.zip"
    source.write_bytes(zipped(("lovelaceada_42_900_A1_hand_table-1.ipynb", right), ("lovelaceada_42_901_data.csv", b"1"), ("oneilbob_LATE_43_902_A1_hand_table.ipynb", right),
                              ("müllerzoe_44_903_A1.zip", zipped(("A1\\A1_hand_table.ipynb", right), ("__MACOSX/._x", b"")))))
    said = collect(empty, source)
    assert lies(empty, "ada") == ["A1_hand_table-1.ipynb", "data.csv"] and lies(empty, "bob") == [FILE] and lies(empty, "zoe") == [FILE]
    assert "3 submissions" in said and "li, li2" in said.partition("No upload of:")[2]
    assert "as before" in collect(empty, source)
    outcomes = batch.grade(empty, "A1", workers=0)
    assert {outcome.student: outcome.points for outcome in outcomes} == {"ada": AUTOMATIC, "bob": AUTOMATIC, "zoe": AUTOMATIC}, outcomes


def test_canvass_mark_of_lateness_is_told_where_it_differs_from_ours_and_judges_nothing(empty, tmp_path):
    source, deadline = tmp_path / "submissions.zip", empty.root / "deadlines.toml"
    packed = {when: zipped((FILE, damaged()), ("receipt.json", json.dumps({"time": f"2026-04-{when}T12:00:00+00:00"}).encode())) for when in ("19", "21")}

    def told():
        found = {one.student: one.late for one in uploads.collect(empty, "A1", source).taken}
        return found["ada"], found["bob"], found["zoe"]

    source.write_bytes(zipped(("lovelaceada_LATE_42_900_A1.zip", packed["19"]), ("oneilbob_43_902_A1.zip", packed["21"]), ("müllerzoe_LATE_44_903_A1.zip", packed["21"])))
    assert all("no due date stands in deadlines.toml" in one for one in told()[::2]) and told()[1] == ""
    deadline.write_text('[defaults]\ntime_zone = "UTC"\nlate = { percent = 10 }\n[assignment.A1]\ndue = 2026-04-20 23:59:00\n')
    try:
        ada, bob, zoe = told()
        assert ada == ("Canvas marks it LATE; by its receipt it was handed in at Sun 19 Apr 2026, 12:00 UTC (unverified), within what was due Mon 20 Apr 2026, 23:59 UTC, and that is what counts")
        assert bob.startswith("Canvas does not mark it as late; by its receipt") and "after what was due" in bob and zoe == ""
        assert "Canvas marks it LATE" in collect(empty, source)                # told, and no reason to exit with 3
        source.write_bytes(zipped(("lovelaceada_LATE_42_904_A1_hand_table.ipynb", damaged())))
        shutil.rmtree(empty.root / "handed_in")
        (empty.root / receipts.FILE).unlink()
        (one,) = uploads.collect(empty, "A1", source).taken
        assert one.late == "Canvas marks it LATE; nothing here says when it was handed in, and that is what counts"
    finally:
        deadline.unlink()


def test_moodle_hands_out_folders_or_one_heap(empty, tmp_path):
    right, source = damaged(), tmp_path / "A1-7.zip"
    source.write_bytes(zipped(("Ada Lovelace_311_assignsubmission_file/A1_hand_table.ipynb", right), ("Bob ONeil_312_assignsubmission_file_/A1 (1).ipynb", right),
                              ("Zoë Müller_313_assignsubmission_file_A1_hand_table.ipynb", right), ("Ada Lovelace_311_assignsubmission_onlinetext/onlinetext.html", b"hi")))
    said = collect(empty, source, ok=3)
    assert lies(empty, "ada") == [FILE] and lies(empty, "bob") == ["A1 (1).ipynb"] and lies(empty, "zoe") == [FILE] and "text typed into Moodle" in said


def test_two_of_one_name_are_told_apart_by_a_list(empty, tmp_path):
    source, worksheet = tmp_path / "A1.zip", tmp_path / "grades.csv"
    source.write_bytes(zipped(("Li Wei_501_assignsubmission_file/A1_hand_table.ipynb", damaged()), ("Li Wei_502_assignsubmission_file/A1_hand_table.ipynb", damaged())))
    said = collect(empty, source, ok=3)
    assert "it could be li or li2" in said and not lies(empty, "li")
    worksheet.write_text("\ufeffIdentifier,Full name,Email address\nParticipant 501,Li Wei,li@x.org\nParticipant 502,Li Wei,li2@x.org\n", encoding="utf-8")
    collect(empty, source, "--roster", str(worksheet))
    assert lies(empty, "li") == [FILE] and lies(empty, "li2") == [FILE]


def test_a_plain_folder_and_packed_files_are_taken(empty, tmp_path):
    right, folder = damaged(), tmp_path / "mailed"
    (folder / "ada").mkdir(parents=True)
    (folder / "ada" / FILE).write_bytes(right)
    (folder / "bob_A1.ipynb").write_bytes(right)
    told = {"format": 1, "assignment": "A1", "student": "zoe", "time": "2027-04-20T21:30:00+00:00", "verified": False, "files": receipts.contents({FILE: right})}
    (folder / "homework.zip").write_bytes(zipped((FILE, right), ("receipt.json", json.dumps(told))))
    collect(empty, folder)
    assert lies(empty, "ada") == [FILE] and lies(empty, "bob") == ["bob_A1.ipynb"] and lies(empty, "zoe") == [FILE]
    (receipt,) = receipts.receipts(empty.root, "A1", "zoe")
    assert receipt.by == "archive" and not receipt.verified and receipt.said.year == 2027


def test_what_a_packed_file_says_against_the_platform_is_told_and_the_platform_counts(empty, tmp_path):
    source = tmp_path / "s.zip"
    told = {"format": 1, "assignment": "A1", "student": "ada", "files": {FILE: "0"}}
    source.write_bytes(zipped(("oneilbob_43_902_A1.zip", zipped((FILE, damaged()), ("receipt.json", json.dumps(told))))))
    said = collect(empty, source, ok=3)
    assert lies(empty, "bob") == [FILE] and not lies(empty, "ada") and "packed as ada's" in said and "not those that were packed" in said


def test_no_file_name_of_a_students_makes_it_anothers(empty, tmp_path):
    source = tmp_path / "s.zip"
    source.write_bytes(zipped(("oneilbob_43_902_lovelaceada_42_901_A1.ipynb", damaged()), ("Zoë Müller_9_assignsubmission_file_Ada Lovelace_311_assignsubmission_file_x.ipynb", damaged())))
    collect(empty, source)
    assert not lies(empty, "ada") and lies(empty, "bob") and lies(empty, "zoe")


def test_an_archive_that_would_do_harm_does_none(empty, tmp_path):
    before, source, right = set(tmp_path.rglob("*")), tmp_path / "s.zip", damaged()
    source.write_bytes(zipped(("../../evil.ipynb", right), ("/abs.ipynb", right), ("C:\\evil.ipynb", right), linking("lovelaceada_42_1_link.ipynb", "/etc/passwd"),
                              ("lovelaceada_42_2_A1_hand_table.ipynb", right), ("lovelaceada_42_3_a1_HAND_table.ipynb", right), ("lovelaceada_42_4_aux.ipynb", right),
                              ("oneilbob_43_5_bomb.zip", zipped(("A1_hand_table.ipynb", bytes(300 << 20)))), ("müllerzoe_44_6_broken.zip", b"PK\x03\x04 no zip")))
    said = collect(empty, source, ok=3)
    assert not lies(empty, "bob") and not lies(empty, "zoe") and FILE in lies(empty, "ada")
    for word in ("leads out of the folder", "root of a disk", "it is a link", "300 MiB", "cannot be opened as a zip"):
        assert word in said, said
    assert set(tmp_path.rglob("*")) - before == {source} and not list(empty.root.rglob("*evil*"))
    bomb = tmp_path / "bomb.zip"
    bomb.write_bytes(zipped(*((f"x_{n}_1_A1.ipynb", b"") for n in range(60_000))))
    with pytest.raises(CourseError, match="60000 files"):
        uploads.collect(empty, "A1", bomb)


def test_an_earlier_submission_is_kept_when_an_archive_brings_another(empty, tmp_path):
    folder = empty.place("submitted", "A1", "ada")
    folder.mkdir(parents=True)
    (folder / FILE).write_bytes(b"an earlier one")
    source = tmp_path / "s.zip"
    source.write_bytes(zipped(("lovelaceada_42_900_A1_hand_table.ipynb", damaged())))
    collect(empty, source)
    kept = [path.read_bytes() for path in (empty.root / "backups").rglob(FILE)]
    assert kept == [b"an earlier one"] and (folder / FILE).read_bytes() == damaged()


def test_nbgraders_own_zip_collect_takes_the_same_names(empty, tmp_path, monkeypatch):
    from nbgrader.apps.zipcollectapp import ZipCollectApp
    archive = empty.root / "downloaded" / "A1" / "archive"
    archive.mkdir(parents=True)
    (archive / "s.zip").write_bytes(zipped(("lovelaceada_42_900_A1_hand_table.ipynb", damaged()), ("oneilbob_43_901_A1.zip", zipped((FILE, damaged()))),
                                           ("nobody_77_1_A1.ipynb", b""), linking("lovelaceada_42_1_link.ipynb", "/etc/passwd"), ("../evil", b"")))
    monkeypatch.chdir(empty.root)
    collecting = ZipCollectApp()
    collecting.initialize(["A1"])
    collecting.start()
    assert lies(empty, "ada") == [FILE] and lies(empty, "bob") == [FILE]
    assert [path.name for path in (empty.root / "submitted").iterdir() if path.name not in CLASS] == []
