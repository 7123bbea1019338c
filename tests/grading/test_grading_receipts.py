"""Receipts: what was handed in, when it was first seen and by whom; and the exchange, read as data."""

import errno
import json
import os
import shutil
import sqlite3
import threading
import time
from datetime import datetime, timedelta, timezone

import pytest

from autograder.course_root import make_course_root
from autograder.errors import CourseError
from autograder.grading import counting, handed_in, late, receipts, status, writer
from autograder.grading.course import Course
from autograder.grading.deadlines import BEST, LAST, Attempt, Policy
from autograder.grading.receipts import ARCHIVE, COLLECT, WATCHER, contents, digest, record
from autograder.grading.unit import Judged

NOON = datetime(2027, 4, 20, 12, tzinfo=timezone.utc)
HOUR = timedelta(hours=1)
FILES = contents({"A1.ipynb": b"{}"})


@pytest.fixture
def root(tmp_path):
    return make_course_root(tmp_path / "course")


@pytest.fixture
def course(root, monkeypatch):
    monkeypatch.setattr(handed_in, "QUIET", 0.05)
    course = Course(root)
    handed_in.inbound(course).mkdir(parents=True)
    return course


def submit(course, student, files, stamp="2027-04-20 12:00:00.000000 UTC", chance="abc", complete=True):
    """A folder in the exchange, as nbgrader's submit leaves it."""
    folder = handed_in.inbound(course) / f"{student}+A1+{stamp}+{chance}"
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    (folder / "timestamp.txt").write_text(stamp)
    if complete:
        (folder / handed_in.SECRET).write_text(f"secret {student} {chance}")
    time.sleep(0.1)
    return folder


# ---------------------------------------------------------------- the journal

def test_the_same_work_has_the_same_digest_and_what_nbgrader_adds_is_no_part_of_it():
    work = {"A1.ipynb": b"1", "data/x.csv": b"2"}
    added = {"timestamp.txt": b"now", "submission_secret.txt": b"s", "hints.json": b"{}"}
    assert digest(contents(work)) == digest(contents({**added, **dict(reversed(work.items()))})) != digest(contents({**work, "A1.ipynb": b"3"}))


def test_the_first_sight_counts_and_the_same_again_is_the_same_receipt(root):
    first = record(root, "ada", "A1", FILES, by=WATCHER, source="one", now=NOON)
    assert record(root, "ada", "A1", FILES, by=COLLECT, source="one", now=NOON + HOUR) == first
    again = record(root, "ada", "A1", FILES, by=WATCHER, source="two", now=NOON + HOUR)
    assert again.number != first.number and receipts.first_seen([first, again])["ada", first.digest] == first
    assert receipts.receipts(root, "A1", "ada") == [first, again] and receipts.receipts(root, "A2") == []


def test_rows_are_added_never_changed_and_the_file_is_its_owners(root):
    record(root, "ada", "A1", FILES, by=WATCHER)
    with sqlite3.connect(root / receipts.FILE) as database:
        for statement in ("UPDATE receipts SET time = ''", "DELETE FROM receipts"):
            with pytest.raises(sqlite3.IntegrityError, match="receipts are added, never"):
                database.execute(statement)
        assert database.execute("PRAGMA journal_mode").fetchone() == ("delete",)        # WAL is unsafe on network file systems
    assert os.name != "posix" or (root / receipts.FILE).stat().st_mode & 0o077 == 0


def test_a_clock_that_was_set_back_does_not_turn_the_journal_back_and_it_is_said(root):
    record(root, "ada", "A1", FILES, by=WATCHER, now=NOON)
    later = record(root, "bob", "A1", FILES, by=WATCHER, arrived=NOON - 2 * HOUR, now=NOON - HOUR)
    assert later.seen == NOON == later.time and "set back" in later.note
    assert record(root, "eve", "A1", FILES, by=WATCHER, now=NOON + HOUR).note == ""


def test_a_witness_may_say_earlier_than_it_was_seen_and_never_later(root):
    assert record(root, "ada", "A1", FILES, by=COLLECT, arrived=NOON - HOUR, now=NOON).time == NOON - HOUR
    assert record(root, "bob", "A1", FILES, by=COLLECT, arrived=NOON + HOUR, now=NOON).time == NOON


def test_the_students_own_word_counts_only_where_there_is_no_other_and_is_called_unverified(root):
    believed = record(root, "ada", "A1", FILES, by=ARCHIVE, said=NOON - HOUR, now=NOON)
    assert (believed.received, believed.verified) == (NOON - HOUR, False)
    assert record(root, "bob", "A1", FILES, by=ARCHIVE, said=NOON + HOUR, now=NOON).received == NOON          # not after it was seen
    assert record(root, "eve", "A1", FILES, by=ARCHIVE, now=NOON).received is None                            # nothing says when
    seen = record(root, "zoe", "A1", FILES, by=WATCHER, said=NOON - 100 * HOUR, now=NOON)
    assert (seen.received, seen.verified) == (NOON, True)


def test_eight_writers_at_once_lose_nothing(root):
    def write(writer):
        for number in range(10):
            record(root, f"student {writer}", "A1", contents({"A1.ipynb": f"{writer} {number}".encode()}), by=WATCHER)
    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = receipts.receipts(root)
    assert len(found) == 80 == len({receipt.name for receipt in found}) and sorted(receipt.number for receipt in found) == list(range(1, 81))


def test_a_damaged_journal_is_a_sentence(root):
    (root / receipts.FILE).write_bytes(b"not a database" * 100)
    for use in (lambda: receipts.receipts(root), lambda: record(root, "ada", "A1", FILES, by=WATCHER)):
        with pytest.raises(CourseError, match="journal of receipts, cannot be"):
            use()


# ---------------------------------------------------------------- the student's copy

def test_a_sealed_receipt_is_genuine_and_every_change_of_it_is_seen(root):
    told = json.loads(json.dumps(receipts.sealed(root, record(root, "Zoë", "A1", FILES, by=WATCHER, now=NOON))))
    assert receipts.genuine(root, told)[0] is True and "Zoë handed in A1" in receipts.genuine(root, told)[1]
    for name in told:
        changed = {**told, name: "x" if name != "files" else {}}
        assert receipts.genuine(root, changed)[0] is not True, name
        assert receipts.genuine(root, {key: value for key, value in told.items() if key != name})[0] is not True, name
    assert receipts.genuine(root, {**told, "more": 1})[0] is False


def test_only_the_course_root_that_issued_a_receipt_can_say_so(root, tmp_path):
    told = receipts.sealed(root, record(root, "ada", "A1", FILES, by=WATCHER))
    other = make_course_root(tmp_path / "other")
    true, said = receipts.genuine(other, told)
    assert true is None and "another course root" in said
    (root / receipts.FILE).unlink()
    assert "no such row" in receipts.genuine(root, told)[1]


def test_what_a_student_packed_is_no_receipt(root):
    true, said = receipts.genuine(root, {"format": 1, "student": "ada", "time": NOON.isoformat()})
    assert true is False and "no seal" in said


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff\xfe", b"{" * 100_000])
def test_a_file_that_is_no_receipt_is_a_sentence(tmp_path, content):
    (tmp_path / "receipt.json").write_bytes(content)
    with pytest.raises(CourseError, match="cannot be read as a receipt"):
        receipts.read_sealed(tmp_path / "receipt.json")


# ---------------------------------------------------------------- the exchange

def test_what_is_new_gets_a_receipt_and_is_kept_once(course):
    submit(course, "ada", {"A1.ipynb": b"{}", "data/x.csv": b"1"})
    (first,) = handed_in.look(course, "A1")
    assert first.student == "ada" and first.receipt.by == COLLECT and set(first.receipt.files) == {"A1.ipynb", "data/x.csv"}
    assert (handed_in.kept(course.root, first.receipt) / "data" / "x.csv").read_bytes() == b"1"
    assert handed_in.look(course, "A1") == [] and len(receipts.receipts(course.root)) == 1


def test_a_forged_timestamp_does_not_make_it_earlier(course, require):
    require(os.name == "posix", "the file system's own time of a change is POSIX's")
    before = datetime.now(timezone.utc)
    folder = submit(course, "ada", {"A1.ipynb": b"{}"}, stamp="2001-01-01 00:00:00.000000 UTC")
    os.utime(folder / "A1.ipynb", (0, 0))
    os.utime(folder, (0, 0))
    time.sleep(0.1)
    (arrival,) = handed_in.look(course, "A1")
    assert arrival.receipt.verified and arrival.receipt.said.year == 2001 and arrival.receipt.time >= before - timedelta(seconds=1)


def test_collecting_long_after_the_deadline_keeps_the_time_at_which_it_was_there(course, require):
    require(os.name == "posix", "the file system's own time of a change is POSIX's")
    folder = submit(course, "ada", {"A1.ipynb": b"{}"})
    there = max(path.lstat().st_ctime for path in (folder, *folder.rglob("*")))
    time.sleep(1.0)
    (arrival,) = handed_in.look(course, "A1")
    assert abs(arrival.receipt.time.timestamp() - there) < 0.01 < arrival.receipt.seen.timestamp() - there


def test_what_is_still_being_written_waits(course, monkeypatch):
    monkeypatch.setattr(handed_in, "QUIET_UNMARKED", 5.0)
    folder = submit(course, "ada", {"A1.ipynb": b"half"}, complete=False)
    (arrival,) = handed_in.look(course, "A1")
    assert arrival.waits and arrival.receipt is None and receipts.receipts(course.root) == []
    (folder / "A1.ipynb").write_bytes(b"whole")
    (folder / handed_in.SECRET).write_text("secret")
    (arrival,) = handed_in.look(course, "A1", patience=2)
    assert arrival.receipt.files == contents({"A1.ipynb": b"whole"})


def test_no_link_is_followed_and_no_pipe_is_waited_for(course, tmp_path, require):
    require(hasattr(os, "mkfifo"), "named pipes")
    (tmp_path / "secret").write_text("the instructor's")
    folder = submit(course, "ada", {"A1.ipynb": b"{}", "x.csv": b"1"})
    (folder / "B1.ipynb").symlink_to(tmp_path / "secret")
    (folder / "y.csv").symlink_to(tmp_path / "secret")
    (folder / "deep").symlink_to(tmp_path)
    os.link(tmp_path / "secret", folder / "z.csv")
    os.mkfifo(folder / "w.csv")
    time.sleep(0.1)
    (arrival,) = handed_in.look(course, "A1")
    kept = handed_in.kept(course.root, arrival.receipt)
    assert set(arrival.receipt.files) == {"A1.ipynb", "x.csv", "B1.ipynb"}
    assert os.readlink(kept / "B1.ipynb") == "not-followed" and not (kept / "B1.ipynb").exists()
    assert not any(b"the instructor's" in path.read_bytes() for path in kept.rglob("*") if path.is_file())


def test_one_that_cannot_be_taken_in_stops_none_of_the_others(course):
    (handed_in.inbound(course) / "zoe+A1+2027-04-20 12:00:00.000000 UTC+x").mkdir()
    for odd in ("nobody", "+A1+x+y", "..+A1+x+y"):
        (handed_in.inbound(course) / odd).mkdir()
    submit(course, "ada", {"A1.ipynb": b"{}"})
    time.sleep(0.1)
    handed_in.QUIET_UNMARKED, before = 0.05, handed_in.QUIET_UNMARKED
    try:
        arrivals = {arrival.student: arrival for arrival in handed_in.look(course, "A1")}
    finally:
        handed_in.QUIET_UNMARKED = before
    assert arrivals["ada"].receipt and arrivals["zoe"].why == "is empty" and set(arrivals) == {"ada", "zoe"}


def test_nobody_hands_in_for_somebody_else(course, monkeypatch, require):
    require(os.name == "posix", "owners of files")
    submit(course, "ada", {"A1.ipynb": b"{}"})
    monkeypatch.setattr(handed_in.os, "geteuid", lambda: -5)                  # the folder is another's than the instructor's
    (arrival,) = handed_in.look(course, "A1")
    assert arrival.receipt is None and "in the name of ada" in arrival.why and receipts.receipts(course.root) == []
    course.config.ExchangeCollect.check_owner = False
    assert handed_in.look(course, "A1")[0].receipt


def test_a_full_disk_is_a_sentence_and_leaves_no_receipt_without_its_copy(course, monkeypatch):
    submit(course, "ada", {"A1.ipynb": b"{}"})

    def full(work, target):
        raise OSError(errno.ENOSPC, "No space left on device")
    with monkeypatch.context() as patch:
        patch.setattr(handed_in, "write", full)
        with pytest.raises(CourseError, match="No space left on device. Nothing is lost"):
            handed_in.look(course, "A1")
    assert receipts.receipts(course.root) == []
    assert handed_in.look(course, "A1")[0].receipt


def test_collecting_puts_the_newest_in_its_place_and_loses_nothing(course):
    submit(course, "ada", {"A1.ipynb": b"1"}, chance="a")
    handed_in.collect(course, "A1")
    place = course.place("submitted", "A1", "ada")
    assert (place / "A1.ipynb").read_bytes() == b"1" and (place / "timestamp.txt").exists()
    (place / "A1.ipynb").write_bytes(b"mended by the instructor")
    submit(course, "ada", {"A1.ipynb": b"2"}, chance="b")
    handed_in.collect(course, "A1")
    assert (place / "A1.ipynb").read_bytes() == b"2"
    assert [path.read_bytes() for path in (course.root / "backups").rglob("A1.ipynb")] == [b"mended by the instructor"]
    assert sorted(path.read_bytes() for path in (course.root / handed_in.FOLDER).rglob("A1.ipynb")) == [b"1", b"2"]
    assert not [path for path in course.root.iterdir() if path.name.startswith(".placing-")]


# ---------------------------------------------------------------- which attempt that makes

def test_handing_the_same_in_again_makes_it_the_last_and_not_later(root):
    one = record(root, "ada", "A1", contents({"A1.ipynb": b"1"}), by=WATCHER, source="a", now=NOON)
    two = record(root, "ada", "A1", contents({"A1.ipynb": b"2"}), by=WATCHER, source="b", now=NOON + HOUR)
    again = record(root, "ada", "A1", contents({"A1.ipynb": b"1"}), by=WATCHER, source="c", now=NOON + 2 * HOUR)
    listed = counting.attempts([one, two, again], [], "grader")
    assert [(attempt.digest, attempt.received) for attempt, _ in listed] == [(two.digest, NOON + HOUR), (one.digest, NOON)]
    assert listed[-1][1] == again                       # whose secret the feedback goes under


def test_only_what_has_to_be_compared_is_graded():
    listed = [Attempt("a", NOON, 5.0), Attempt("b", NOON), Attempt("c", NOON)]
    assert counting.next_to_grade(listed, Policy(counts=BEST), "ada").digest == "b"
    assert counting.next_to_grade(listed, Policy(counts=BEST), "ada", tried={"b"}).digest == "c"
    assert counting.next_to_grade(listed, Policy(counts=LAST), "ada").digest == "c"
    assert counting.next_to_grade(listed, Policy(counts=LAST), "ada", tried={"c"}) is None
    broken = [Attempt("a", NOON), Attempt("b", NOON, 0.0, refused=True)]
    assert counting.next_to_grade(broken, Policy(counts=LAST), "ada").digest == "a"         # the last could not be graded


def test_what_attempts_earned_is_remembered_by_grader_and_never_changed(root):
    score = counting.Score("ada", "d", "1.0", NOON, 5.0, 10.0, False)
    counting.remember(root, "A1", [score])
    assert counting.scores(root, "A1") == [score] and counting.scores(root, "A1", "bob") == []
    with sqlite3.connect(root / counting.FILE) as database, pytest.raises(sqlite3.IntegrityError, match="never changed"):
        database.execute("UPDATE scores SET points = 10")


def test_the_receipt_says_when_an_attempt_was_handed_in_and_the_students_clock_only_where_there_is_none(course):
    forged = "2020-01-01 00:00:00.000000 UTC"
    submit(course, "ada", {"A1.ipynb": b"{}"}, stamp=forged)
    (arrival,) = handed_in.collect(course, "A1")
    place = course.place("submitted", "A1", "ada")
    assert (place / "timestamp.txt").read_text() == forged
    assert handed_in.when(course.root, place, "A1", "ada") == (arrival.receipt.time.isoformat(timespec="seconds"), True)
    judged = Judged("", {}, {}, {}, {}, {"submission": "s", "grader": "g"})
    assert (recorded := writer.attempt(course, "ada", "A1", judged)).verified and recorded.handed_in.startswith(str(arrival.receipt.time.year))
    (place / "A1.ipynb").write_bytes(b"put there by hand")
    assert handed_in.when(course.root, place, "A1", "ada") == ("2020-01-01T00:00:00+00:00", False)
    assert handed_in.when(course.root, place / "nothing", "A1", "ada") == ("", False)
    (course.root / receipts.FILE).write_bytes(b"damaged" * 999)
    assert writer.attempt(course, "ada", "A1", judged).handed_in == "2020-01-01T00:00:00+00:00" and not writer.attempt(course, "ada", "A1", judged).verified


# ---------------------------------------------------------------- in nbgrader's gradebook

@pytest.fixture(scope="module")
def gradebook(tmp_path_factory):
    """A gradebook with an assignment of two notebooks, 40 and 60 points, in which Ada has 20 and 50. To make one takes long, so it is made once."""
    course = Course(make_course_root(tmp_path_factory.mktemp("gradebook") / "course"))
    with course.gradebook() as gradebook:
        gradebook.add_assignment("A1")
        gradebook.add_student("ada")
        for name, most in (("one", 40), ("two", 60)):
            gradebook.add_notebook(name, "A1")
            gradebook.add_grade_cell("check", name, "A1", max_score=most, cell_type="code")
        gradebook.add_submission("A1", "ada")
        for name, got in (("one", 20), ("two", 50)):
            gradebook.find_grade("check", name, "A1", "ada").auto_score = got
        gradebook.db.commit()
    return course.root / "gradebook.db"


@pytest.fixture
def graded(course, gradebook):
    shutil.copy(gradebook, course.root / "gradebook.db")
    return course


def write_deadlines(course, text):
    (course.root / "deadlines.toml").write_text(f'[defaults]\ntime_zone = "UTC"\nlate = {{ percent = 10 }}\n[assignment.A1]\n{text}\n', encoding="utf-8")


def score(course):
    with course.gradebook() as gradebook:
        submission = gradebook.find_submission("A1", "ada")
        return submission.score, submission.late_submission_penalty, [notebook.late_submission_penalty for notebook in submission.notebooks], submission.duedate


def test_a_penalty_reaches_the_gradebook_and_goes_again_with_an_extension(graded):
    record(graded.root, "ada", "A1", contents({"A1.ipynb": b"{}"}), by=WATCHER, source="x", now=NOON)
    place = graded.place("submitted", "A1", "ada")
    place.mkdir(parents=True)
    (place / "A1.ipynb").write_bytes(b"{}")
    (place / "timestamp.txt").write_text("2001-01-01 00:00:00 UTC")             # the student's own word does not count
    write_deadlines(graded, "due = 2027-04-19T11:00:00")
    assert late.settle_class(graded, "A1") == {"ada": pytest.approx(14)}
    assert score(graded) == (70, pytest.approx(14), [pytest.approx(4), pytest.approx(10)], datetime(2027, 4, 19, 11))
    with graded.gradebook() as gradebook:
        gradebook.find_grade("check", "one", "A1", "ada").manual_score = 40       # a person gave more: the share is of all
        gradebook.db.commit()
    assert late.settle_class(graded, "A1") == {"ada": pytest.approx(18)}
    write_deadlines(graded, 'due = 2027-04-19T11:00:00\nextension.ada = { by = "2 days", reason = "ill" }')
    assert late.settle_class(graded, "A1") == {"ada": 0}
    assert score(graded) == (90, 0, [None, None], datetime(2027, 4, 21, 11))


def test_without_a_due_date_the_gradebook_is_left_alone(graded):
    with graded.gradebook() as gradebook:
        gradebook.find_submission_notebook("one", "A1", "ada").late_submission_penalty = 3.0
        gradebook.db.commit()
    assert late.settle_class(graded, "A1") == {} and score(graded)[1] == 3


def test_the_class_and_a_student_are_told_who_is_late_missing_and_unverified(graded, capsys):
    from autograder.grading import show_status

    with graded.gradebook() as gradebook:
        for student in ("bob", "eve", "zoe"):
            gradebook.add_student(student)
    write_deadlines(graded, 'due = 2027-04-20T11:00:00\nextension.bob = { by = "1 day", reason = "ill" }')
    record(graded.root, "ada", "A1", FILES, by=WATCHER, source="x", now=NOON)
    record(graded.root, "bob", "A1", FILES, by=WATCHER, source="y", now=NOON)
    record(graded.root, "eve", "A1", FILES, by=ARCHIVE, said=NOON - 2 * HOUR, now=NOON + HOUR)
    found = status.standings(graded, "A1")
    assert {standing.student: standing.state for standing in found} == {"ada": "late", "bob": "on time", "eve": "on time", "zoe": "missing"}
    show_status.overview("A1", found)
    said = " ".join(capsys.readouterr().out.split())
    assert "2 on time, 1 late, 1 missing, of 4." in said and "ada: 1 hour late, costs 10 % of its points" in said and "Missing: zoe" in said
    assert "bob until Wed 21 Apr 2027, 11:00 UTC (ill)" in said and "own word: eve." in said
    with pytest.raises(CourseError, match="Nobody here knows a student 'mallory'"):
        status.standings(graded, "A1", ["mallory"])


def test_a_student_finds_the_own_slip_by_the_own_secret_alone(graded):
    write_deadlines(graded, 'due = 2027-04-20T11:00:00\nextension.ada = { by = "1 day", reason = "broken arm" }')
    folder = submit(graded, "ada", {"A1.ipynb": b"{}"})
    cache = graded.root / "cache" / "neural-networks" / "ada+A1+2027-04-20 12:00:00.000000 UTC"
    cache.mkdir(parents=True)
    (cache / handed_in.SECRET).write_text((folder / handed_in.SECRET).read_text())
    (before,) = status.mine(graded, "A1")
    assert before.slip is None and len(before.waiting) == 1                    # handed in, not seen yet
    handed_in.collect(graded, "A1")
    assert status.publish(graded, "A1") == 1 and status.publish(graded, "A1") == 0
    (mine,) = status.mine(graded, "A1")
    assert mine.slip["extended"] == "broken arm" and mine.slip["rows"][0]["counts"] and "points" not in mine.slip["rows"][0]       # no feedback is out
    (kept,) = status.keep_receipts(graded.root / "receipts", mine.slip)
    assert receipts.genuine(graded.root, receipts.read_sealed(kept))[0] is True
    assert os.name != "posix" or (handed_in.inbound(graded).with_name("feedback")).stat().st_mode & 0o777 == 0o711       # nobody lists it
    (cache / handed_in.SECRET).write_text("another's")
    assert status.mine(graded, "A1")[0].slip is None
