"""The journal of grading: rows are added, in an order that no clock changes, by several writers at once."""

import contextlib
import dataclasses
import multiprocessing
import sqlite3

import pytest

from autograder.errors import CourseError
from autograder.grading import journal
from autograder.grading.journal import FAILED, GRADED, RECEIVED, RUNNING, Entry, Journal, Key

KEY = Key("aa", "1", "", "r")


def entry(student, state, **more):
    return Entry("A1", student, state, KEY, **more)


def test_the_last_row_of_each_student_counts(tmp_path):
    with Journal(tmp_path) as kept:
        kept.add(entry("ada", RECEIVED), entry("bob", RECEIVED), Entry("A2", "ada", FAILED, KEY, why="of another assignment"))
        kept.add(entry("ada", RUNNING))
        kept.add(entry("ada", GRADED, tier="A", files={"A1.ipynb": "ff"}, mistakes=("Sum", "Sign"), seconds=.5))
    with Journal(tmp_path) as kept:
        last = kept.last("A1")
        assert {student: row.state for student, row in last.items()} == {"ada": GRADED, "bob": RECEIVED}
        assert (last["ada"].tier, last["ada"].files, last["ada"].mistakes, last["ada"].key) == ("A", {"A1.ipynb": "ff"}, ("Sum", "Sign"), KEY)
        assert [row.state for row in kept.rows("A1", "ada")] == [RECEIVED, RUNNING, GRADED]


def test_rows_are_never_changed_or_taken_away(tmp_path):
    with Journal(tmp_path) as kept:
        kept.add(entry("ada", GRADED))
        for wish in ("UPDATE journal SET state = 'failed'", "DELETE FROM journal"):
            with pytest.raises(sqlite3.IntegrityError, match="added, never"):
                kept.database.execute(wish)


def test_a_clock_set_back_changes_nothing(tmp_path, monkeypatch):
    with Journal(tmp_path) as kept:
        monkeypatch.setattr(journal, "now", lambda: "2027-05-01T00:00:00+00:00")
        kept.add(entry("ada", FAILED))
        monkeypatch.setattr(journal, "now", lambda: "1999-01-01T00:00:00+00:00")
        kept.add(entry("ada", GRADED))
        assert kept.last("A1")["ada"].state == GRADED


def test_what_changed_is_said():
    assert KEY.changed_from(KEY) == ""
    assert dataclasses.replace(KEY, submission="bb", decisions="x").changed_from(KEY) == "the submission, a decision"


def _write(folder, who):
    with Journal(folder) as kept:
        for _ in range(20):
            kept.last("A1")                                # read, then write
            kept.add(entry(who, RUNNING))


def test_eight_writers_at_once_lose_no_row(tmp_path):
    with Journal(tmp_path):
        pass
    fork = multiprocessing.get_context("fork")
    writers = [fork.Process(target=_write, args=(tmp_path, f"s{number}")) for number in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
        assert writer.exitcode == 0
    with Journal(tmp_path) as kept:
        assert len(kept.rows("A1")) == 160


def test_a_journal_that_is_held_or_damaged_is_a_sentence(tmp_path):
    with Journal(tmp_path) as kept, contextlib.closing(sqlite3.connect(tmp_path / journal.FILE, isolation_level=None)) as other:
        kept.database.execute("PRAGMA busy_timeout = 50")
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(CourseError, match="held by another program.*goes on where this one stopped"):
            kept.add(entry("ada", RUNNING))
        other.execute("ROLLBACK")
        kept.add(entry("ada", RUNNING))
    (tmp_path / journal.FILE).write_bytes(b"no database" * 500)
    with pytest.raises(CourseError, match="No grade is lost"):
        Journal(tmp_path)


MOUNTS = """22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
40 22 0:40 / /srv/home rw,relatime - nfs4 server:/home rw
41 40 8:2 / /srv/home/local\\040disk rw - ext4 /dev/sdb1 rw
"""


def test_a_network_file_system_is_recognised_warned_of_and_written_without_a_shared_log(tmp_path, monkeypatch):
    (tmp_path / "mounts").write_text(MOUNTS)
    real = open
    monkeypatch.setattr("builtins.open", lambda path, *rest, **how: real(tmp_path / "mounts" if path == "/proc/self/mountinfo" else path, *rest, **how))
    assert [journal.on_network(place) for place in ("/srv/home/course", "/srv/homely", "/srv/home/local disk/course", "/etc")] == ["nfs4", "", "", ""]
    monkeypatch.setattr(journal, "on_network", lambda folder: "nfs4")
    with Journal(tmp_path) as kept:
        assert "network file system (nfs4)" in kept.warning
        assert kept.database.execute("PRAGMA journal_mode").fetchone()[0] == "delete"
        kept.add(entry("ada", GRADED))
    monkeypatch.undo()
    with Journal(tmp_path) as kept:
        assert kept.warning == "" and kept.database.execute("PRAGMA journal_mode").fetchone()[0] == "wal" and kept.last("A1")["ada"].state == GRADED


def test_what_a_person_should_confirm_is_kept_and_a_journal_from_before_is_taken_up(tmp_path):
    with contextlib.closing(sqlite3.connect(tmp_path / journal.FILE)) as old:
        old.executescript(journal.SCHEMA.replace(", flagged TEXT NOT NULL DEFAULT '{}'", ""))
        old.execute("INSERT INTO journal VALUES (1, 'A1', 'ada', 'graded', 's', 'g', '', '', 'A', '', 'now', 1.0, '{}', '[]')")
        old.commit()
    with Journal(tmp_path, read_only=True) as kept:
        assert kept.last("A1")["ada"].flagged == {}
    for _ in range(2):
        with Journal(tmp_path) as kept:
            assert kept.last("A1")["ada"].flagged == {} and kept.last("A1")["ada"].tier == "A"
            kept.add(Entry("A1", "bo", GRADED, Key("s", "g"), flagged={"cell": "why"}))
    with Journal(tmp_path, read_only=True) as kept:
        assert kept.last("A1")["bo"].flagged == {"cell": "why"} and len(kept.rows("A1")) == 3
