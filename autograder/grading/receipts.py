"""Receipts: when a submission was first seen, in `receipts.db` of the course root. Rows are added, none is changed.

A deadline is judged by a receipt, never by nbgrader's ``timestamp.txt``, which the student's own machine writes. The time
of a submission is when its bytes were complete where it was handed in, as the file system of the exchange keeps it (no
user can set that back), and at the latest when it was seen here. Without either, the student's own word is all there is:
it is used, and called unverified wherever it is shown.

For others, the same in three lines::

    files = {"A1.ipynb": content}                       # what was handed in, name → bytes
    receipt = record(root, "ada", "A1", contents(files), by="archive", source="upload.zip/ada")
    slip = sealed(root, receipt)                        # the student's copy; `genuine(root, slip)` says whether it is one
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import hmac
import json
import os
import sqlite3
from datetime import datetime, timezone
from pathlib import Path
from typing import Iterable, Iterator, Mapping

from ..course_root import read_key
from ..errors import CourseError

FILE = "receipts.db"
WATCHER, COLLECT, ARCHIVE = BY = ("watcher", "collect", "archive")
BUSY_SECONDS = 30.0
MOST_BYTES = 4 << 20
# What nbgrader and we put beside a student's work: no part of what was handed in.
NOT_HANDED_IN = ("timestamp.txt", "submission_secret.txt", "hints.json", "receipt.json")

SCHEMA = """
CREATE TABLE IF NOT EXISTS receipts (
    number INTEGER PRIMARY KEY AUTOINCREMENT, student TEXT NOT NULL, assignment TEXT NOT NULL, digest TEXT NOT NULL, files TEXT NOT NULL,
    seen TEXT NOT NULL, time TEXT NOT NULL, verified INTEGER NOT NULL, seen_by TEXT NOT NULL, source TEXT NOT NULL, said TEXT NOT NULL, note TEXT NOT NULL,
    UNIQUE (student, assignment, digest, source));
CREATE TRIGGER IF NOT EXISTS receipts_stay BEFORE UPDATE ON receipts BEGIN SELECT RAISE(ABORT, 'receipts are added, never changed'); END;
CREATE TRIGGER IF NOT EXISTS receipts_remain BEFORE DELETE ON receipts BEGIN SELECT RAISE(ABORT, 'receipts are added, never taken away'); END;
"""


@dataclasses.dataclass(frozen=True)
class Receipt:
    """One submission as it was first seen. Times are in UTC.

    `digest` is the SHA-256 of all that was handed in, `files` that of each file. `time` is when it counts as handed in;
    where not `verified` it rests on `said`, the student's own word. `by` is who saw it ("watcher", "collect", "archive"),
    `source` where. `note` says what was odd, such as a clock set back.
    """

    number: int
    student: str
    assignment: str
    digest: str
    files: Mapping[str, str]
    seen: datetime
    time: datetime
    verified: bool
    by: str
    source: str = ""
    said: datetime | None = None
    note: str = ""

    @property
    def name(self) -> str:
        """The receipt's number as a person reads it out: A1-17-9f3c2a."""
        return f"{self.assignment}-{self.number}-{self.digest[:6]}"

    @property
    def received(self) -> datetime | None:
        """When it counts as handed in; None where an archive was opened after the fact and neither it nor the student says."""
        return self.time if self.verified or self.said else None


# ---------------------------------------------------------------- what was handed in

def contents(files: Mapping[str, bytes]) -> dict[str, str]:
    """Name → SHA-256 of each file of a submission; what nbgrader and the course put beside them is left out."""
    return {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items()) if name not in NOT_HANDED_IN}


def digest(files: Mapping[str, str]) -> str:
    """One SHA-256 for all files (name → SHA-256): the same files give the same, whatever their order.

    >>> digest({"a": "01", "b": "02"}) == digest({"b": "02", "a": "01"}) != digest({"a": "02", "b": "01"})
    True
    """
    words = json.dumps(sorted(files.items()), ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(words.encode()).hexdigest()


def hash_of(path: Path) -> str:
    """SHA-256 of one file."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# ---------------------------------------------------------------- the journal

def record(root: Path, student: str, assignment: str, files: Mapping[str, str], *, by: str, source: str = "", arrived: datetime | None = None,
           said: datetime | None = None, now: datetime | None = None) -> Receipt:
    """Journal a submission and return its receipt; the one it has where the same files were seen at the same `source` before.

    `arrived` is when it was there at the latest by a witness other than the student (the exchange's file system, the
    learning platform); `said` is the student's own word. Where the machine's clock was set back, the journal's times go
    on from the last one. `CourseError` where the journal cannot be written.
    """
    if by not in BY:
        raise ValueError(f"by is {by!r}, expected is one of {', '.join(BY)}")
    now = _utc(now or datetime.now(timezone.utc))
    try:
        with _opened(root) as database:
            database.execute("BEGIN IMMEDIATE")
            known = database.execute("SELECT * FROM receipts WHERE student = ? AND assignment = ? AND digest = ? AND source = ?",
                                     (student, assignment, digest(files), source)).fetchone()
            if known is None:
                last = database.execute("SELECT max(seen) FROM receipts").fetchone()[0]
                row = _row(student, assignment, files, by, source, arrived, said, now, datetime.fromisoformat(last) if last else now)
                database.execute(f"INSERT INTO receipts ({', '.join(row)}) VALUES ({', '.join(':' + name for name in row)})", row)
                known = database.execute("SELECT * FROM receipts WHERE number = last_insert_rowid()").fetchone()
            database.execute("COMMIT")
    except sqlite3.Error as error:
        raise CourseError(f"{Path(root) / FILE}, the journal of receipts, cannot be written: {error}. Nothing was collected; once that is mended, the same command goes on.") from None
    return _receipt(known)


def _row(student, assignment, files, by, source, arrived, said, now, last) -> dict:
    """A new row: the time is the witness's, never later than when it was seen here; without a witness an archive rests on the student's word."""
    seen, note = now, ""
    if now < last:
        seen, note, arrived = last, f"the clock of this machine had been set back: it said {_text(now)}, after {_text(last)}", None
    word = min(_utc(said), seen) if said else None
    verified = arrived is not None or by != ARCHIVE or bool(note)
    time = min(_utc(arrived), seen) if arrived else seen if verified else word or seen
    return {"student": student, "assignment": assignment, "digest": digest(files), "files": json.dumps(dict(sorted(files.items()))), "seen": _text(seen), "time": _text(time),
            "verified": int(verified), "seen_by": by, "source": source, "said": _text(said) if said else "", "note": note}


def receipts(root: Path, assignment: str | None = None, student: str | None = None) -> list[Receipt]:
    """The receipts, oldest first: all, or those of an assignment, a student, or both. `CourseError` where the journal cannot be read."""
    if not (Path(root) / FILE).exists():
        return []
    try:
        with _opened(root) as database:
            rows = database.execute("SELECT * FROM receipts WHERE assignment = coalesce(?, assignment) AND student = coalesce(?, student) ORDER BY time, number",
                                    (assignment, student)).fetchall()
    except sqlite3.Error as error:
        raise CourseError(f"{Path(root) / FILE}, the journal of receipts, cannot be read: {error}. Nothing was changed. Put back your copy of it, or move it away: "
                          "what is collected from then on gets new receipts.") from None
    return [_receipt(row) for row in rows]


def first_seen(found: Iterable[Receipt]) -> dict[tuple[str, str], Receipt]:
    """(student, digest) → the earliest receipt: handing the same work in again does not make it later."""
    first: dict[tuple[str, str], Receipt] = {}
    for receipt in found:
        key = receipt.student, receipt.digest
        if key not in first or (not receipt.verified, receipt.time) < (not first[key].verified, first[key].time):
            first[key] = receipt
    return first


def _receipt(row) -> Receipt:
    return Receipt(row["number"], row["student"], row["assignment"], row["digest"], json.loads(row["files"]), datetime.fromisoformat(row["seen"]), datetime.fromisoformat(row["time"]),
                   bool(row["verified"]), row["seen_by"], row["source"], datetime.fromisoformat(row["said"]) if row["said"] else None, row["note"])


@contextlib.contextmanager
def _opened(root: Path) -> Iterator[sqlite3.Connection]:
    """The journal. It stays with SQLite's rollback journal, which is safe on network file systems too, where WAL is not."""
    path = Path(root) / FILE
    if not path.exists():
        with contextlib.suppress(FileExistsError), contextlib.suppress(OSError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with contextlib.closing(sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)) as database:
        database.row_factory = sqlite3.Row
        if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'receipts_remain'").fetchone():
            database.executescript(f"BEGIN IMMEDIATE; {SCHEMA} COMMIT;")
        yield database


def _utc(when: datetime) -> datetime:
    return when.replace(tzinfo=timezone.utc) if when.tzinfo is None else when.astimezone(timezone.utc)


def _text(when: datetime) -> str:
    return _utc(when).isoformat(timespec="microseconds")            # one length, so that text sorts as time does


# ---------------------------------------------------------------- the student's copy

def sealed(root: Path, receipt: Receipt) -> dict:
    """The student's copy of a receipt, as JSON data, with the seal of the course's key. `CourseError` where the key is unfit."""
    told = {"receipt": receipt.name, "student": receipt.student, "assignment": receipt.assignment, "sha256": receipt.digest, "files": dict(receipt.files),
            "time": receipt.time.isoformat(timespec="seconds"), "verified": receipt.verified, "seen": receipt.seen.isoformat(timespec="seconds"), "by": receipt.by}
    return {**told, "key": _fingerprint(root), "seal": _seal(root, told)}


def read_sealed(file: Path) -> dict:
    """A receipt from the file that a student kept; `CourseError` where it is none."""
    try:
        if file.stat().st_size > MOST_BYTES:
            raise ValueError("it is too large")
        told = json.loads(file.read_text(encoding="utf-8-sig"))
        if not isinstance(told, dict):
            raise ValueError("it holds no receipt")
        return told
    except (OSError, ValueError, RecursionError) as error:
        raise CourseError(f"{file} cannot be read as a receipt: {getattr(error, 'strerror', None) or error}. Expected is the file that `course status` kept.") from None


def genuine(root: Path, told: Mapping) -> tuple[bool | None, str]:
    """Whether this course root issued a receipt as it reads, and a sentence on it; None where only another course root can say."""
    told = dict(told)
    seal, key = told.pop("seal", None), told.pop("key", None)
    if not isinstance(seal, str) or not isinstance(key, str) or not isinstance(told.get("receipt"), str):
        return False, "This is no receipt of a course: it has no seal. What `course pack` writes is the student's own word; a receipt comes once it was collected."
    if key != _fingerprint(root):
        return None, f"This receipt was sealed by another course root, with the key {key[:8]}; only there, at your instructor's, it can be checked."
    if not hmac.compare_digest(seal, _seal(root, told)):
        return False, "This receipt is not genuine: it was changed after it was issued, or never was."
    journalled = any(receipt.name == told["receipt"] and receipt.digest == told.get("sha256") for receipt in receipts(root, told.get("assignment"), told.get("student")))
    if not journalled:
        return True, f"This receipt is genuine, but the journal of this course root, {FILE}, has no such row: an older copy of it may have been put back."
    return True, f"This receipt is genuine: {told['student']} handed in {told['assignment']} at {told['time']}" + ("." if told.get("verified") else ", by the student's own word.")


def _derived(root: Path) -> bytes:
    """A key for receipts alone, so that no seal says anything about hidden probes."""
    return hmac.digest(read_key(root), b"receipts", "sha256")


def _fingerprint(root: Path) -> str:
    return hmac.digest(_derived(root), b"fingerprint", "sha256").hex()[:16]


def _seal(root: Path, told: Mapping) -> str:
    return hmac.digest(_derived(root), b"receipt\n" + json.dumps(told, sort_keys=True, separators=(",", ":")).encode(), "sha256").hex()
