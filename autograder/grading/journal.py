"""What became of each submission, in `journal.db` beside the gradebook: rows are added, none is changed or taken away.

A submission is received, running, and then graded, refused or failed. Done means such a last row, never a folder: what a
crash left half done has none and is graded again. The order is that of the rows; the clock is only told.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import sqlite3
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import Iterable, Iterator, Mapping

from ..errors import CourseError

FILE = "journal.db"
RECEIVED, RUNNING, GRADED, REFUSED, FAILED = STATES = ("received", "running", "graded", "refused", "failed")
DONE = (GRADED, REFUSED)
BUSY_SECONDS = 60.0
NETWORK = {"nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "9p", "afs", "ceph", "lustre", "beegfs", "gpfs", "glusterfs", "fuse.glusterfs", "fuse.sshfs", "fuse.rclone", "fuse.s3fs", "ncpfs", "orangefs", "pvfs2"}

SCHEMA = """
CREATE TABLE IF NOT EXISTS journal (
    number INTEGER PRIMARY KEY AUTOINCREMENT, assignment TEXT NOT NULL, student TEXT NOT NULL, state TEXT NOT NULL,
    submission TEXT NOT NULL, grader TEXT NOT NULL, decisions TEXT NOT NULL, release TEXT NOT NULL, tier TEXT NOT NULL,
    why TEXT NOT NULL, at TEXT NOT NULL, seconds REAL NOT NULL, files TEXT NOT NULL, mistakes TEXT NOT NULL, flagged TEXT NOT NULL DEFAULT '{}');
CREATE INDEX IF NOT EXISTS journal_by_student ON journal (assignment, student, number);
CREATE TRIGGER IF NOT EXISTS journal_stays BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'rows of the journal are added, never changed'); END;
CREATE TRIGGER IF NOT EXISTS journal_remains BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'rows of the journal are added, never taken away'); END;
"""


def handed_in_since(root: Path, assignment: str) -> int:
    """How many may have handed something in since the last run: a guess from the times of files, before anything is opened."""
    last = 0.0
    with contextlib.suppress(OSError):
        last = (root / FILE).stat().st_mtime
    return sum(any(file.lstat().st_mtime >= last for file in folder.rglob("*")) for folder in (root / "submitted").glob(f"*/{assignment}"))


@dataclasses.dataclass(frozen=True)
class Key:
    """What a grade is of: the SHA-256 of all that was handed in, the grader's version, the decisions and the release in force."""

    submission: str
    grader: str
    decisions: str = ""
    release: str = ""

    def changed_from(self, before: "Key") -> str:
        """What differs, in a word or two; "" where nothing does."""
        said = {"submission": "the submission", "grader": "the grader", "decisions": "a decision", "release": "the assignment"}
        return ", ".join(words for name, words in said.items() if getattr(self, name) != getattr(before, name))


@dataclasses.dataclass(frozen=True)
class Entry:
    """A row. `why` is why it was refused or failed, `files` the SHA-256 of each file that grading wrote, `mistakes` those that were named,
    `flagged` the test cells whose points a person should confirm, and why."""

    assignment: str
    student: str
    state: str
    key: Key
    tier: str = ""
    why: str = ""
    seconds: float = 0.0
    files: Mapping[str, str] = dataclasses.field(default_factory=dict)
    mistakes: tuple[str, ...] = ()
    flagged: Mapping[str, str] = dataclasses.field(default_factory=dict)
    at: str = ""
    number: int = 0


class Journal:
    """The journal of a course root. `warning` is a sentence where it lies on a network file system. With `read_only` nothing is made or changed."""

    def __init__(self, root: Path, busy_seconds: float = BUSY_SECONDS, read_only: bool = False):
        self.path = Path(root) / FILE
        network = on_network(self.path.parent)
        self.warning = (f"{self.path.parent} lies on a network file system ({network}), where databases lock less safely: one grader at a time writes there, and more slowly. "
                        "A local disk is safer.") if network else ""
        try:
            self.database = sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=ro" if self.path.exists() else ":memory:", uri=True) if read_only else \
                sqlite3.connect(self.path, timeout=busy_seconds, isolation_level=None)
            self.database.row_factory = sqlite3.Row
            if read_only:
                if not self.path.exists():               # an empty one, which is gone afterwards
                    self.database.executescript(SCHEMA)
                return
            self.database.execute(f"PRAGMA journal_mode = {'DELETE' if network else 'WAL'}")
            self.database.execute(f"PRAGMA synchronous = {'FULL' if network else 'NORMAL'}")
            self.database.executescript(SCHEMA)
            if "flagged" not in [row["name"] for row in self.database.execute("PRAGMA table_info(journal)")]:      # a journal from before there was such a column
                with self._writing() as database:
                    database.execute("ALTER TABLE journal ADD COLUMN flagged TEXT NOT NULL DEFAULT '{}'")
        except sqlite3.Error as error:
            raise self._told(error) from None

    def __enter__(self) -> "Journal":
        return self

    def __exit__(self, *exception) -> None:
        self.database.close()

    def add(self, *entries: Entry) -> None:
        """Append rows, all or none."""
        rows = [(entry.assignment, entry.student, entry.state, *dataclasses.astuple(entry.key), entry.tier, entry.why, entry.at or now(), entry.seconds,
                 json.dumps(dict(entry.files)), json.dumps(entry.mistakes), json.dumps(dict(entry.flagged))) for entry in entries]
        try:
            with self._writing() as database:
                database.executemany(f"INSERT INTO journal (assignment, student, state, submission, grader, decisions, release, tier, why, at, seconds, files, mistakes, flagged) VALUES ({', '.join('?' * 14)})", rows)
        except sqlite3.Error as error:
            raise self._told(error) from None

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that is a writer's from its first word, so that no reader in it has to be turned away later."""
        self.database.execute("BEGIN IMMEDIATE")
        try:
            yield self.database
            self.database.execute("COMMIT")
        except BaseException:
            if self.database.in_transaction:
                self.database.execute("ROLLBACK")
            raise

    def last(self, assignment: str) -> dict[str, Entry]:
        """Student → the last row."""
        return {entry.student: entry for entry in self._read(
            "SELECT * FROM journal WHERE number IN (SELECT max(number) FROM journal WHERE assignment = ? GROUP BY student)", (assignment,))}

    def rows(self, assignment: str, student: str | None = None) -> list[Entry]:
        """All rows, in the order in which they were written."""
        return list(self._read("SELECT * FROM journal WHERE assignment = ? AND student = coalesce(?, student) ORDER BY number", (assignment, student)))

    def _read(self, query, values) -> Iterable[Entry]:
        try:
            return [_entry(row) for row in self.database.execute(query, values)]
        except sqlite3.Error as error:
            raise self._told(error) from None

    def _told(self, error) -> CourseError:
        if "locked" in str(error):
            return CourseError(f"{self.path}, the journal of grading, is held by another program and was not let go in time. Nothing is lost: the same command goes on where this one stopped.")
        if "readonly" in str(error) or "unable to open" in str(error):
            return CourseError(f"{self.path}, the journal of grading, cannot be written: {error}. Make {self.path.parent} a folder that you may write.")
        if "full" in str(error):
            return CourseError(f"{self.path}, the journal of grading, cannot be written: {error}. Make room on the disk; nothing is lost, and the same command goes on where this one stopped.")
        return CourseError(f"{self.path}, the journal of grading, cannot be used: {error}. No grade is lost: they stand in the gradebook. Where it is damaged, move it away; "
                           "the next run then grades everybody once more.")


def _entry(row) -> Entry:
    values = dict(row)
    key = Key(*(values.pop(name) for name in ("submission", "grader", "decisions", "release")))
    return Entry(key=key, files=json.loads(values.pop("files")), mistakes=tuple(json.loads(values.pop("mistakes"))), flagged=json.loads(values.pop("flagged", "{}")), **values)


def now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


def on_network(folder: Path) -> str:
    """The kind of network file system that a folder is on; "" for a local one, and where the system does not tell."""
    if not sys.platform.startswith("linux"):
        return ""
    place, found = os.path.realpath(folder), ("", "")
    try:
        with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as mounts:
            for line in mounts:
                before, _, after = line.partition(" - ")
                mounted = before.split()[4].encode().decode("unicode_escape") if "\\" in before.split()[4] else before.split()[4]
                if (place == mounted or place.startswith(mounted.rstrip("/") + "/")) and len(mounted) >= len(found[0]):
                    found = mounted, after.split()[0]
    except (OSError, IndexError):
        return ""
    return found[1] if found[1] in NETWORK else ""
