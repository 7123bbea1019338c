"""Every grading that ever happened, in `attempts.db` of the course root: rows are added, none is changed or taken away.

The gradebook knows where a student stands; this knows how they came there. A row is one submission judged by one
version of the grader; the same again is the same row, so that grading twice counts as one attempt. What was written for
each question is kept beside it, a text once however many handed it in.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import re
import sqlite3
import stat
from datetime import datetime, timezone
from pathlib import Path
from typing import Iterator, Mapping

from nbgrader.utils import parse_utc

from ..errors import CourseError
from ..hints import FILE as HINTS              # beside the student's notebook: assignment → question → hints opened
from ..verdicts import Verdict

FILE = "attempts.db"
TIMESTAMP = "timestamp.txt"             # nbgrader's, written by the student's own machine
MOST_BYTES, MOST_HINTS, MOST_QUESTIONS = 64 << 10, 99, 200
MOST_ANSWER = 64 << 10                  # bytes of one answer that are kept; nobody writes that many
BUSY_SECONDS = 30.0

SCHEMA = """
CREATE TABLE IF NOT EXISTS attempts (
    student TEXT NOT NULL, assignment TEXT NOT NULL, submission TEXT NOT NULL, grader TEXT NOT NULL,
    handed_in TEXT NOT NULL, verified INTEGER NOT NULL, graded TEXT NOT NULL, seconds REAL NOT NULL,
    refused TEXT NOT NULL, verdicts TEXT NOT NULL, hints TEXT NOT NULL,
    PRIMARY KEY (student, assignment, submission, grader));
CREATE TABLE IF NOT EXISTS texts (digest TEXT PRIMARY KEY, text BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS answers (
    student TEXT NOT NULL, assignment TEXT NOT NULL, submission TEXT NOT NULL, question TEXT NOT NULL, digest TEXT NOT NULL REFERENCES texts,
    PRIMARY KEY (student, assignment, submission, question));
""" + "".join(f"""
CREATE TRIGGER IF NOT EXISTS {table}_stay BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, 'attempts are added, never changed'); END;
CREATE TRIGGER IF NOT EXISTS {table}_remain BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, 'attempts are added, never taken away'); END;
""" for table in ("attempts", "texts", "answers"))


@dataclasses.dataclass(frozen=True)
class Attempt:
    """One submission as one version of the grader judged it.

    `submission` is the SHA-256 of the file. Times are ISO 8601 in UTC; `handed_in` is what its receipt says (`handed_in.when`),
    "" where nothing says it, and where not `verified` it is what the student's own machine wrote. `refused` is why it could not be graded, else "".
    `answers` are the texts that were handed in, by question (`answers.answers`); {} where they were not kept.
    """

    student: str
    assignment: str
    submission: str
    grader: str
    graded: str
    seconds: float
    handed_in: str = ""
    verified: bool = False
    refused: str = ""
    verdicts: Mapping[str, Verdict] = dataclasses.field(default_factory=dict)
    hints: Mapping[str, int] = dataclasses.field(default_factory=dict)
    answers: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def when(self) -> str:
        """When it happened, as well as is known."""
        return self.handed_in or self.graded

    @property
    def points(self) -> float:
        """The automatic points."""
        return sum(verdict.points for verdict in self.verdicts.values())


def record(root: Path, attempt: Attempt) -> bool:
    """Add an attempt; False where the same submission was recorded with this grader before. `sqlite3.Error` where it cannot be.

    The answers of a submission that was recorded without them are added to it.
    """
    row = {**vars(attempt), "verdicts": json.dumps({name: verdict.to_dict() for name, verdict in attempt.verdicts.items()}), "hints": json.dumps(dict(attempt.hints))}
    texts = {question: _kept(text) for question, text in row.pop("answers").items()}
    with _opened(root) as database:
        database.execute("BEGIN IMMEDIATE")
        added = database.execute(f"INSERT OR IGNORE INTO attempts ({', '.join(row)}) VALUES ({', '.join(':' + name for name in row)})", row).rowcount
        for question, text in texts.items():
            digest = hashlib.sha256(text).hexdigest()
            database.execute("INSERT OR IGNORE INTO texts VALUES (?, ?)", (digest, text))
            database.execute("INSERT OR IGNORE INTO answers VALUES (?, ?, ?, ?, ?)", (attempt.student, attempt.assignment, attempt.submission, question, digest))
        database.execute("COMMIT")
    return bool(added)


def _kept(text: str) -> bytes:
    """A text as it is kept: halves of characters too, and of one that is too long its beginning, which says so."""
    data = text.encode("utf-8", "surrogatepass")
    if len(data) <= MOST_ANSWER:
        return data
    return data[:MOST_ANSWER].decode("utf-8", "ignore").encode() + f"\n… {len(data) - MOST_ANSWER} bytes more were handed in; they are not kept.".encode()


def attempts(root: Path, assignment: str, student: str | None = None) -> list[Attempt]:
    """The attempts at an assignment, of everybody or of one student, in the order in which they were graded.

    `CourseError` where the record cannot be read.
    """
    if not (Path(root) / FILE).exists():
        return []
    try:
        rows, texts = _rows(root, assignment, student)
    except sqlite3.Error as error:
        raise CourseError(f"{Path(root) / FILE}, the record of attempts, cannot be read: {error}. No grade is lost: they stand in the gradebook. "
                          "Where it is damaged, move it away; what is graded from then on is recorded in a new one.") from None
    return [_attempt(row, texts.get((row["student"], row["submission"]), {})) for row in rows]


def _rows(root, assignment, student) -> tuple[list[sqlite3.Row], dict[tuple[str, str], dict[str, str]]]:
    """The rows of the attempts, and (student, submission) → question → what was written."""
    these, texts = "assignment = ? AND student = coalesce(?, student)", {}
    with _opened(root) as database:
        rows = database.execute(f"SELECT * FROM attempts WHERE {these} ORDER BY graded, rowid", (assignment, student)).fetchall()
        for who, submission, question, text in database.execute(f"SELECT student, submission, question, text FROM answers JOIN texts USING (digest) WHERE {these} ORDER BY answers.rowid", (assignment, student)):
            texts.setdefault((who, submission), {})[question] = text.decode("utf-8", "surrogatepass")
    return rows, texts


def _attempt(row, answers) -> Attempt:
    values = dict(row)
    verdicts = {name: Verdict.from_dict(verdict) for name, verdict in json.loads(values.pop("verdicts")).items()}
    return Attempt(**{**values, "verified": bool(values["verified"]), "hints": json.loads(values["hints"])}, verdicts=verdicts, answers=answers)


@contextlib.contextmanager
def _opened(root: Path) -> Iterator[sqlite3.Connection]:
    """The database, in a mode in which one may write while others read and a second writer waits."""
    with contextlib.closing(sqlite3.connect(Path(root) / FILE, timeout=BUSY_SECONDS, isolation_level=None)) as database:
        database.row_factory = sqlite3.Row
        database.execute("PRAGMA journal_mode = WAL")
        database.executescript(SCHEMA)
        yield database


# ---------------------------------------------------------------- what lies beside a submission

def now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


def handed_in(folder: Path) -> str:
    """What nbgrader's timestamp.txt says, in ISO 8601; "" where there is none that can be read."""
    said = time_said(_text(folder / TIMESTAMP))
    return said.isoformat(timespec="seconds") if said else ""


def time_said(text: str) -> datetime | None:
    """The time that the text of a timestamp.txt says, in UTC; None where it says none."""
    try:                                 # no more than a date and a short zone: a zone that is a path would be opened
        return parse_utc(text.strip()).replace(tzinfo=timezone.utc) if re.fullmatch(r"[-:. \d]{10,26}( [A-Z]{1,5})?", text.strip()) else None
    except (ValueError, OverflowError):
        return None


def hints_opened(folder: Path, assignment: str) -> dict[str, int]:
    """Question → hints opened, from the file beside the student's notebook; {} where it is missing or makes no sense."""
    try:
        counts = json.loads(_text(folder / HINTS))[assignment]
        return {name[:80]: min(count, MOST_HINTS) for name, count in list(counts.items())[:MOST_QUESTIONS] if type(count) is int and count > 0}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def _text(path: Path) -> str:
    """A small regular file of the student's; "" for anything else. It is never followed where it is a link."""
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1 or status.st_size > MOST_BYTES:
            return ""
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""
