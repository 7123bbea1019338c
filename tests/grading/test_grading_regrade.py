"""After release: a question is decided anew, the class graded again, and everybody can read what changed for whom and why."""

import copy
import csv
import hashlib
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest

from autograder import doctor
from autograder.assignments import load
from autograder.authoring.build import build
from autograder.course_root import make_course_root, read_key
from autograder.errors import CourseError
from autograder.grading import batch, decisions, set_aside, unit
from autograder.grading.course import Course
from autograder.grading.regrade import Change, Points, regrade, standing, write_record
from autograder.reporting.gathering import gather
from autograder.variants import Secret, Variant

pytestmark = [pytest.mark.circle, pytest.mark.slow]
CHECKOUT = Path(__file__).resolve().parents[2]
NOTEBOOK = "A1_hand_table.ipynb"
SUM = "def weighted_sum(X, w, b):\n    return X @ w + b"
SIGMOID = "def sigmoid(h):\n    return np.exp(-np.logaddexp(0, -h))"
FALLING = "def sigmoid(h):\n    return 1 / (1 + np.exp(h))"
REASON = "the text asked for another function"


def hand_in(root, student, cells):
    """A submission as `nbgrader collect` leaves it: the released notebook with `cells` (question → text)."""
    notebook = nbformat.read(root / "release" / "A1" / NOTEBOOK, as_version=4)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = cells.get(name, cell.source)
    place = root / "submitted" / student / "A1"
    place.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, place / NOTEBOOK)


def knows_the_hidden_cases(secret, question, reference):
    """An answer that is right on the public and the present hidden cases, and on no other."""
    asked = load("A1")[question]
    arrays = [probe.args[0] for probe in asked.probes(secret.rng(Variant("A1"), question))]
    table = [(array.tolist(), np.asarray(reference(array)).tolist()) for array in arrays]
    return f"TABLE = {table!r}\n\ndef sigmoid(h):\n    for asked, answer in TABLE:\n        if len(asked) == len(h) and np.array_equal(asked, h):\n            return np.array(answer)\n    return 0 * h"


@pytest.fixture(scope="module", autouse=True)
def probes_of_the_key_alone():
    """Hidden cases that somebody can know beforehand: otherwise they depend on the answer itself."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Secret, "against", lambda self, *answer: self)
        patched.setenv("COURSE_WORKERS", "0")            # in this process, which alone is patched
        yield


@pytest.fixture(scope="module")
def graded(tmp_path_factory, probes_of_the_key_alone):
    """A course root with a class that has been graded: one right, one wrong, one blank, one unreadable, one who cheats."""
    root = make_course_root(tmp_path_factory.mktemp("class") / "course")
    build(root, "A1")
    course = Course(root)
    course.step("generate_assignment", "A1")
    hand_in(root, "ada", {"sigmoid": SIGMOID, "weighted_sum": SUM, "explain_e1": "It should say exp(0.5)."})
    hand_in(root, "bob", {"sigmoid": FALLING})
    hand_in(root, "blank", {})
    hand_in(root, "unreadable", {})
    (root / "submitted" / "unreadable" / "A1" / NOTEBOOK).write_text("{")
    hand_in(root, "cheat", {"sigmoid": knows_the_hidden_cases(Secret(read_key(root)), "sigmoid", load("A1")["sigmoid"].reference)})
    with course.gradebook() as gradebook:
        gradebook.add_student("absent")
    batch.grade(course, "A1")
    return root


@pytest.fixture
def course(graded, tmp_path):
    shutil.copytree(graded, tmp_path / "course")
    return Course(tmp_path / "course")


def points(course, question):
    """Student → the points for one question."""
    return {student: had for (student, asked), had in standing(course, "A1").items() if asked == question}


def fingerprint(root):
    return {str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(root.rglob("*")) if path.is_file() and path.name != "grading.lock"}      # who graded last


def checksums(course):
    with course.gradebook() as gradebook:
        return {cell.name: cell.checksum for cell in gradebook.find_notebook("A1_hand_table", "A1").source_cells}


def drop(course, question="sigmoid", **how):
    return regrade(course, "A1", questions=[question], decision=decisions.DROP, because=REASON, **how)


def test_the_class_before(course):
    assert {student: had.points for student, had in points(course, "sigmoid").items()} == {"ada": 15, "bob": 0, "blank": 0, "unreadable": 0, "cheat": 15}
    assert points(course, "explain_e1")["ada"] == Points(None, 15)


# ---------------------------------------------------------------- decisions

def test_a_dropped_question_counts_for_nobody_and_nbgraders_sums_agree(course):
    drop(course)
    assert set(points(course, "sigmoid").values()) == {Points(0, 0)}
    assert points(course, "weighted_sum")["ada"] == Points(10, 10)
    with course.gradebook() as gradebook:
        assert gradebook.find_assignment("A1").max_score == 85
        assert {(s.student_id, s.score, s.max_score) for s in gradebook.find_assignment("A1").submissions} == {
            ("ada", 10, 85), ("bob", 0, 85), ("blank", 0, 85), ("unreadable", 0, 85), ("cheat", 0, 85)}
        assert gradebook.find_student("ada").max_score == gradebook.find_student("absent").max_score == 85


def test_a_decision_holds_from_then_on(course):
    drop(course)
    before = standing(course, "A1")
    assert {outcome.status for outcome in batch.grade(course, "A1")} == {"unchanged", "refused"}
    batch.grade(course, "A1", force=True)
    course.step("generate_assignment", "A1")                     # as the formgrader's button does
    assert standing(course, "A1") == before
    course.step("autograde", "A1", "ada", force=True, create=True)
    hand_in(course.root, "late", {"sigmoid": SIGMOID, "weighted_sum": SUM})
    batch.grade(course, "A1")
    after = standing(course, "A1")
    assert after["late", "sigmoid"] == Points(0, 0) and after["late", "weighted_sum"] == Points(10, 10)
    assert {key: had for key, had in after.items() if key[0] != "late"} == before


def test_the_feedback_says_what_was_decided_and_why(course):
    drop(course)
    for student in ("bob", "unreadable"):
        course.step("generate_feedback", "A1", student)
        page = (course.root / "feedback" / student / "A1" / "A1_hand_table.html").read_text(encoding="utf-8")
        assert page.count(f"This question no longer counts, for anybody. The reason: {REASON}") == 1


def test_the_record_says_for_whom_what_changed_and_the_backup_is_the_gradebook_before(course, graded):
    done = drop(course)
    with open(done.record, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["student"], row["question"], row["before"], row["most before"], row["after"], row["most after"], row["why"]) for row in rows] == [
        (student, "sigmoid", had, "15", "0", "0", f"drop: {REASON}") for student, had in (("ada", "15"), ("blank", "0"), ("bob", "0"), ("cheat", "15"), ("unreadable", "0"))]
    assert stat.S_IMODE(done.backup.stat().st_mode) == 0o600
    shutil.copy(done.backup, course.root / "gradebook.db")
    assert standing(course, "A1") == standing(Course(graded), "A1")


def test_full_marks_are_for_everybody_who_handed_in(course):
    regrade(course, "A1", questions=["sigmoid", "explain_e1"], decision=decisions.FULL_MARKS, because=REASON)
    for question in ("sigmoid", "explain_e1"):
        assert points(course, question) == dict.fromkeys(("ada", "bob", "blank", "unreadable", "cheat"), Points(15, 15))
    with course.gradebook() as gradebook:
        assert not gradebook.find_submission("A1", "ada").needs_manual_grade
        assert gradebook.find_student("absent").score == 0
        assert gradebook.find_comment("explain_e1", "A1_hand_table", "A1", "ada").comment.endswith(REASON)


def give(course, student, name, manual=None, extra=None):
    """What a person gives in the formgrader."""
    with course.gradebook() as gradebook:
        grade = gradebook.find_grade(name, "A1_hand_table", "A1", student)
        grade.manual_score, grade.extra_credit = manual, extra
        gradebook.db.commit()


def by_hand(course, student, name):
    with course.gradebook() as gradebook:
        grade = gradebook.find_grade(name, "A1_hand_table", "A1", student)
        return grade.manual_score, grade.extra_credit


def exported(course):
    """Student → (score, max score) as nbgrader's own export writes them."""
    done = subprocess.run([sys.executable, "-m", "nbgrader", "export"], cwd=course.root, env={**os.environ, "PYTHONPATH": str(CHECKOUT)}, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    with open(course.root / "grades.csv", encoding="utf-8", newline="") as file:
        return {row["student_id"]: (float(row["score"] or 0), float(row["max_score"])) for row in csv.DictReader(file)}


def test_a_dropped_question_counts_nothing_whatever_a_person_gave_and_it_comes_back(course):
    give(course, "ada", "check_sigmoid", manual=12)
    give(course, "bob", "check_sigmoid", extra=2)
    give(course, "blank", "explain_e1", manual=7, extra=1)
    before = standing(course, "A1")
    done = regrade(course, "A1", questions=["sigmoid", "explain_e1"], decision=decisions.DROP, because=REASON)
    assert set(points(course, "sigmoid").values()) == set(points(course, "explain_e1").values()) == {Points(0, 0)}
    with course.gradebook() as gradebook:
        submissions = gradebook.find_assignment("A1").submissions
        assert {(s.student_id, s.score, s.max_score) for s in submissions} == {("ada", 10, 70), ("bob", 0, 70), ("blank", 0, 70), ("unreadable", 0, 70), ("cheat", 0, 70)}
        assert {s.student_id for s in submissions if s.needs_manual_grade} == {"unreadable"}             # a person looks at what could not be read
        assert set_aside.given(gradebook.find_grade("check_sigmoid", "A1_hand_table", "A1", "ada")) == (12, None)
    assert exported(course) == {"ada": (10, 70), "bob": (0, 70), "blank": (0, 70), "unreadable": (0, 70), "cheat": (0, 70), "absent": (0, 70)}
    why = {(change.student, change.question): change.why for change in done.changes}
    assert why["ada", "sigmoid"] == f"drop: {REASON} — what a person gave (12 of 15) is set aside, and comes back with --as-asked"
    assert "(2 of 15) is set aside" in why["bob", "sigmoid"] and "(8 of 15) is set aside" in why["blank", "explain_e1"] and why["cheat", "sigmoid"] == f"drop: {REASON}"
    batch.grade(course, "A1", force=True)
    assert set(points(course, "sigmoid").values()) == {Points(0, 0)}                  # graded again, still nothing
    done = regrade(course, "A1", questions=["sigmoid", "explain_e1"], decision=decisions.AS_ASKED, because="the text was right")
    assert standing(course, "A1") == before
    assert by_hand(course, "ada", "check_sigmoid") == (12, None) and by_hand(course, "bob", "check_sigmoid") == (None, 2) and by_hand(course, "blank", "explain_e1") == (7, 1)
    assert {change.why for change in done.changes if change.student == "ada" and change.question == "sigmoid"} == {"as asked: the text was right — what a person gave counts again"}


def test_points_given_for_a_question_after_it_was_dropped_are_set_aside_by_the_next_grading(course):
    give(course, "ada", "check_sigmoid", manual=12)
    drop(course)
    give(course, "ada", "check_sigmoid", manual=9)
    give(course, "bob", "check_sigmoid", extra=3)
    room = gather(course, "A1")                                                        # a report before the next grading is right already
    assert (room.student("ada").points, room.student("bob").points, room.most) == (10, 0, 85)
    batch.grade(course, "A1")
    assert set(points(course, "sigmoid").values()) == {Points(0, 0)}
    regrade(course, "A1", questions=["sigmoid"], decision=decisions.AS_ASKED, because="the text was right")
    assert by_hand(course, "ada", "check_sigmoid") == (9, None) and by_hand(course, "bob", "check_sigmoid") == (None, 3)    # the last one that was given


def test_full_marks_are_full_whatever_a_person_gave_and_take_nothing_away(course):
    give(course, "ada", "check_sigmoid", manual=12)
    give(course, "ada", "explain_e1", manual=12, extra=1)
    give(course, "bob", "check_sigmoid", extra=2)
    give(course, "cheat", "check_sigmoid", manual=16)
    with course.gradebook() as gradebook:
        gradebook.find_comment("explain_e1", "A1_hand_table", "A1", "ada").manual_comment = "Well seen."
        gradebook.db.commit()
    before = standing(course, "A1")
    done = regrade(course, "A1", questions=["sigmoid", "explain_e1"], decision=decisions.FULL_MARKS, because=REASON)
    assert {student: had.points for student, had in points(course, "sigmoid").items()} == {"ada": 15, "bob": 17, "blank": 15, "unreadable": 15, "cheat": 16}
    assert points(course, "explain_e1")["ada"].points == 16
    with course.gradebook() as gradebook:
        assert gradebook.find_comment("explain_e1", "A1_hand_table", "A1", "ada").comment == "Well seen."
    assert "what a person gave (12 of 15) is set aside" in next(change.why for change in done.changes if (change.student, change.question) == ("ada", "sigmoid"))
    drop(course)                                                                       # from one decision to the next nothing is lost
    regrade(course, "A1", questions=["sigmoid", "explain_e1"], decision=decisions.AS_ASKED, because="the text was right")
    assert standing(course, "A1") == before


def test_the_formgraders_button_settles_a_decision_written_by_hand_too(course):
    give(course, "ada", "check_sigmoid", manual=12)
    (course.root / "decisions.toml").write_text(ENTRY)
    course.step("autograde", "A1", "ada", force=True, create=True)
    assert points(course, "sigmoid")["ada"] == Points(0, 0)
    (course.root / "decisions.toml").unlink()
    batch.grade(course, "A1")
    assert points(course, "sigmoid")["ada"] == Points(12, 15, by_hand=True)


def test_an_older_gradebook_takes_what_is_set_aside_and_nbgrader_reads_it_still(course):
    with sqlite3.connect(course.root / "gradebook.db") as database:
        database.execute("DROP TABLE set_aside")
    give(course, "ada", "check_sigmoid", manual=12)
    drop(course)
    assert exported(course)["ada"] == (10, 85)


def test_new_probes_are_other_probes_and_only_those_of_the_question(course):
    done = regrade(course, "A1", questions=["sigmoid"], decision=decisions.NEW_PROBES, because="the hidden cases leaked")
    assert {(change.student, change.question, change.before.points) for change in done.changes} == {("cheat", "sigmoid", 15)}
    first = points(course, "sigmoid")
    assert first["cheat"].points < 15 and first["ada"].points == 15
    assert decisions.draws(course.root) == {("A1", "sigmoid"): 1}
    batch.grade(course, "A1", force=True)
    assert points(course, "sigmoid") == first                    # the same ones again, not new ones each time
    regrade(course, "A1", questions=["sigmoid"], decision=decisions.NEW_PROBES, because="again")
    assert decisions.draws(course.root) == {("A1", "sigmoid"): 2}
    seeds = [Secret(read_key(course.root), {("A1", "sigmoid"): draw}).rng(Variant("A1"), "sigmoid").integers(1 << 62) for draw in range(4)]
    assert len(set(seeds)) == 4 and seeds[0] == Secret(read_key(course.root)).rng(Variant("A1"), "sigmoid").integers(1 << 62)


def test_a_decision_can_be_taken_back(course):
    before = standing(course, "A1")
    drop(course)
    done = regrade(course, "A1", questions=["sigmoid"], decision=decisions.AS_ASKED, because="the text was right")
    assert standing(course, "A1") == before
    assert {change.why.split(" — ")[0] for change in done.changes} == {"as asked: the text was right"}
    with pytest.raises(CourseError, match="no decision on it to take back"):
        regrade(course, "A1", questions=["sigmoid"], decision=decisions.AS_ASKED, because="once more")


def test_of_two_decisions_on_a_question_the_later_holds_and_both_are_on_record(course):
    drop(course)
    regrade(course, "A1", questions=["sigmoid"], decision=decisions.FULL_MARKS, because="so nobody loses by it")
    assert set(points(course, "sigmoid").values()) == {Points(15, 15)}
    assert [decision.decision for decision in decisions.read(course.root)] == ["drop", "full marks"]
    assert len(list((course.root / "regrades").glob("*.csv"))) == 2


def test_regrading_twice_changes_nothing_more(course):
    drop(course)
    before, file = standing(course, "A1"), (course.root / "decisions.toml").read_bytes()
    with pytest.raises(CourseError, match="decided already: sigmoid: drop"):
        drop(course)
    assert regrade(course, "A1").changes == ()
    assert standing(course, "A1") == before and (course.root / "decisions.toml").read_bytes() == file


def test_a_question_may_be_decided_before_anybody_handed_in(tmp_path):
    root = make_course_root(tmp_path / "course")
    build(root, "A1")
    course = Course(root)
    course.step("generate_assignment", "A1")
    assert drop(course).changes == ()
    hand_in(root, "ada", {"sigmoid": SIGMOID, "weighted_sum": SUM})
    batch.grade(course, "A1")
    assert points(course, "sigmoid") == {"ada": Points(0, 0)}


# ---------------------------------------------------------------- the present source

def test_without_a_decision_the_present_source_counts(course):
    path = course.root / "source" / "A1" / NOTEBOOK
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "check_weighted_sum":
            cell.metadata.nbgrader["points"] = 20
    nbformat.write(notebook, path)
    done = regrade(course, "A1", because="twice the work")
    assert {change for change in done.changes if change.student in ("ada", "bob")} == {
        Change("ada", "weighted_sum", Points(10, 10), Points(20, 20), "graded again: twice the work — Right."),
        Change("bob", "weighted_sum", Points(0, 10), Points(0, 20), "graded again: twice the work — Nothing comes back yet.")}


def test_a_source_that_lost_a_question_is_refused_and_nothing_is_decided(course):
    path = course.root / "source" / "A1" / NOTEBOOK
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") != "check_predict"]
    nbformat.write(notebook, path)
    before, release = standing(course, "A1"), fingerprint(course.root / "release")
    with pytest.raises(CourseError, match="Cannot add or remove cells"):
        drop(course)
    assert standing(course, "A1") == before and not decisions.read(course.root) and fingerprint(course.root / "release") == release
    assert not list((course.root / "regrades").iterdir())


# ---------------------------------------------------------------- nothing is lost

def test_a_dry_run_shows_what_would_change_and_changes_nothing(course):
    before = fingerprint(course.root)
    shown = drop(course, dry_run=True)
    assert fingerprint(course.root) == before and shown.record is shown.backup is None
    assert shown.changes == drop(course).changes and len(shown.changes) == 5


def test_an_interrupted_regrade_is_taken_up_again_and_its_record_covers_both(course, monkeypatch):
    grade, seen = unit.grade, []

    def pulled(task, submission):
        seen.append(submission.student)
        if len(seen) == 3:
            raise KeyboardInterrupt
        return grade(task, submission)

    before = points(course, "sigmoid")
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(unit, "grade", pulled)
        regrade(course, "A1", questions=["sigmoid"], decision=decisions.NEW_PROBES, because=REASON)
    assert not list((course.root / "regrades").glob("*.csv"))
    done = regrade(course, "A1", questions=["sigmoid"], decision=decisions.NEW_PROBES, because=REASON)
    assert done.resumed and [decision.draw for decision in decisions.read(course.root)] == [1]
    assert [(change.student, change.before) for change in done.changes] == [("cheat", before["cheat"])]
    assert [path.suffix for path in (course.root / "regrades").iterdir()] == [".csv"]


def test_a_full_disk_is_a_sentence_and_the_same_command_goes_on_afterwards(course, monkeypatch):
    def full(*arguments, **options):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched, pytest.raises(CourseError, match="No space left on device.*Nothing is lost"):
        patched.setattr(batch, "grade", full)
        drop(course)
    done = drop(course)
    assert done.resumed and len(done.changes) == 5 and len(decisions.read(course.root)) == 1


def test_a_submission_that_cannot_be_graded_is_named_and_stops_no_other(course, monkeypatch):
    grade = unit.grade

    def fails(task, submission):
        if submission.student == "bob":
            raise CourseError("the key was moved away")
        return grade(task, submission)

    monkeypatch.setattr(unit, "grade", fails)
    done = drop(course)
    assert [(outcome.student, outcome.note) for outcome in done.outcomes if outcome.status == "failed"] == [("bob", "the key was moved away")]
    assert set(points(course, "sigmoid").values()) == {Points(0, 0)}       # what was decided holds for everybody at once


def test_two_regrades_at_once_do_not_take_each_other_for_interrupted(course, monkeypatch):
    grade, said = batch.grade, []

    def meanwhile(*arguments, **options):
        with pytest.raises(CourseError, match="Another regrade of this course is running"):
            drop(course, question="predict")
        said.append(True)
        return []

    monkeypatch.setattr(batch, "grade", meanwhile)
    drop(course)
    monkeypatch.setattr(batch, "grade", grade)
    assert said and set(decisions.in_force(course.root, "A1")) == {"sigmoid"}
    drop(course, question="predict")


@pytest.mark.parametrize("questions, decision, because, says", [
    (["explain_e1"], "new probes", REASON, "has no hidden probes"), (["hand_table"], "new probes", REASON, "has no hidden probes"), (["sigmod"], "drop", REASON, "no question 'sigmod'. Did you mean sigmoid?"), (["sigmoid"], "drop", " \n", "needs its reason"), (["sigmoid"], "", "", "go together"), ([], "drop", REASON, "go together")])
def test_what_cannot_be_decided_is_a_sentence_and_changes_nothing(course, questions, decision, because, says):
    before = fingerprint(course.root)
    with pytest.raises(CourseError) as refused:
        regrade(course, "A1", questions=questions, decision=decision, because=because)
    assert says in str(refused.value) and fingerprint(course.root) == before


ENTRY = '[[decision]]\nassignment = "A1"\nquestion = "sigmoid"\ndecision = "drop"\nbecause = "x"\ndate = 2027-01-01T00:00:00Z\n'


@pytest.mark.parametrize("text, says", [
    ("[[decision", "cannot be read"), ("\x00", "cannot be read"), (ENTRY.replace("drop", "dorp"), "entry 1: there is no decision 'dorp'"), (ENTRY + ENTRY.replace('because = "x"\n', ""), "entry 2: because is missing"),
    (ENTRY.replace("2027-01-01T00:00:00Z", '"soon"'), "a date and time"), (ENTRY.replace("[[decision]]", "[decision]"), "[[decision]]"), (ENTRY.replace("sigmoid", "sigmod"), "Did you mean sigmoid?"),
    (ENTRY + "points = 3\n", "'points' is none of"), (ENTRY.replace("drop", "new probes"), "draw = 1"), (ENTRY.replace("drop", "new probes") + "draw = true\n", "a whole number"), ("decisions = 3", "holds decisions")])
def test_a_file_of_decisions_that_makes_no_sense_stops_grading_with_a_sentence(course, text, says):
    file = course.root / "decisions.toml"
    file.write_text(text)
    before = fingerprint(course.root)
    for attempt in (lambda: batch.grade(course, "A1", force=True), lambda: regrade(course, "A1"), lambda: drop(course, question="predict")):
        with pytest.raises(CourseError) as refused:
            attempt()
        assert says in str(refused.value) and "decisions.toml" in str(refused.value)
    assert fingerprint(course.root) == before


def test_nbgraders_own_autograde_says_the_same_sentence_and_gives_no_zeros(course):
    before = standing(course, "A1")
    (course.root / "decisions.toml").write_text("nonsense")
    with pytest.raises(CourseError, match="decisions.toml cannot be read"):
        course.step("autograde", "A1", "ada", force=True, create=True)
    assert standing(course, "A1") == before


def test_an_entry_written_by_hand_counts_and_its_comments_stay(course):
    file = course.root / "decisions.toml"
    file.touch(mode=0o640)
    file.write_text("# agreed in the meeting of the staff\n" + ENTRY + ENTRY.replace("sigmoid", "explain_e1"))
    course.step("autograde", "A1", "ada", force=True, create=True)         # the formgrader's button, before any command of ours
    assert points(course, "sigmoid")["ada"] == Points(0, 0)
    assert [outcome.note for outcome in batch.grade(course, "A1") if outcome.status == "failed"] == []
    assert set(points(course, "sigmoid").values()) == {Points(0, 0)}
    noted = checksums(course)
    drop(course, question="predict")
    assert {name: checksums(course)[name] for name in ("check_sigmoid", "explain_e1")} == {name: noted[name] for name in ("check_sigmoid", "explain_e1")}                # ours is what nbgrader works out itself
    assert file.read_text().startswith("# agreed in the meeting of the staff\n" + ENTRY) and set(decisions.in_force(course.root, "A1")) == {"sigmoid", "explain_e1", "predict"}
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_an_entry_changed_or_taken_out_by_hand_gives_the_question_its_points_again(course):
    before = standing(course, "A1")
    drop(course)
    file = course.root / "decisions.toml"
    file.write_text(file.read_text().replace('"drop"', '"full marks"'))
    batch.grade(course, "A1")
    assert set(points(course, "sigmoid").values()) == {Points(15, 15)}
    drop(course)
    file.unlink()
    batch.grade(course, "A1")
    assert standing(course, "A1") == before


@pytest.mark.parametrize("because", ['she said "no" \\ and', "two\nlines\tand \x00 more \x7f", "ŷ ≠ y 𝄞", "''' \"\"\" # = [x]"])
def test_any_reason_is_read_as_it_was_written(tmp_path, because):
    entries = decisions.decide(tmp_path, "A1", ["q"], "drop", because)
    decisions.add(tmp_path, entries)
    assert decisions.read(tmp_path) == entries and entries[0].because.split() == because.replace("\x00", " ").replace("\x7f", " ").split()


def test_the_record_holds_no_formula(tmp_path):
    path = write_record(tmp_path, "A1", "now", [Change("=cmd()", "@sum", None, Points(1, 2), "-1+1")])
    assert path.read_text().splitlines()[1] == "'=cmd(),'@sum,,,1,2,'-1+1"
    assert write_record(tmp_path, "A1", "now", []) != path                  # a second within the same second replaces nothing


# ---------------------------------------------------------------- the command

def command(root, *arguments):
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "COLUMNS": "200", "COURSE_DIR": str(root)}
    done = subprocess.run([sys.executable, "-m", "autograder.cli", *arguments], cwd=root, env=environment, capture_output=True, text=True, timeout=120)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, " ".join((done.stdout + done.stderr).split())


def test_the_command_shows_the_change_and_grade_and_doctor_name_the_decision(course):
    root = course.root
    code, said = command(root, "regrade", "A1", "--question", "sigmoid", "--drop", "--because", REASON)
    assert code == 0 and "15 of 15 0 of 0" in said and "Points changed for 5 students" in said and "regrades/A1_" in said and "course feedback A1" in said
    code, said = command(root, "grade", "A1", "--student", "ada")
    assert code == 0 and "10 of 85" in said and f"Decided: sigmoid: drop, since 20" in said and REASON in said
    assert [finding.found for finding in doctor.decided(root)] == ["A1: sigmoid drop"]
    code, said = command(root, "regrade", "A1", "--question", "sigmoid", "--drop", "--full-marks", "--because", REASON)
    assert code == 2 and "one way only" in said
