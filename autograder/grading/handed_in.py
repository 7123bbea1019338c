"""What students hand in: every submission is journalled with its receipt and kept in `handed_in/` of the course root.

The exchange is read as data: folders are opened without following links, a name is never more than a name, and what is
still being written waits. One that cannot be read stops none of the others. To take in what came another way::

    receipt = take(course.root, "ada", "A1", Work({"A1.ipynb": content}), by="archive", source="upload.zip/ada")
    place(course, receipt)                              # where nbgrader grades it: submitted/ada/A1
"""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import hashlib
import os
import shutil
import stat
import tempfile
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Iterator, NamedTuple

from ..errors import CourseError
from . import receipts
from .attempts import handed_in as time_said
from .course import Course, fresh
from .receipts import Receipt

FOLDER = "handed_in"
MOST_FILES, MOST_BYTES, MOST_ATTEMPTS = 5000, 500 << 20, 500
QUIET, QUIET_UNMARKED = 1.0, 20.0           # seconds without a change after which a folder is complete: with nbgrader's last file in it, and without
SECRET = "submission_secret.txt"            # the last file that nbgrader's submit writes
SKIPPED = (".ipynb_checkpoints", "__pycache__", "feedback")


class Work(NamedTuple):
    """What was handed in: name → content of its files, and the notebooks that were links and are therefore not read."""

    files: dict[str, bytes]
    links: tuple[str, ...] = ()

    @property
    def contents(self) -> dict[str, str]:
        return receipts.contents(self.files) | {name: "link" for name in self.links}


class Unreadable(Exception):
    """A folder that cannot be taken in; the message says why."""


@dataclasses.dataclass(frozen=True)
class Arrival:
    """A folder of the exchange that was looked at: its receipt, or why it has none (yet: `waits`)."""

    folder: str
    student: str
    assignment: str
    receipt: Receipt | None = None
    why: str = ""
    waits: bool = False


# ---------------------------------------------------------------- the exchange

def inbound(course: Course) -> Path:
    """The folder into which students' submissions are put."""
    return course._exchange() / course.coursedir.course_id / "inbound"


def look(course: Course, assignment: str | None = None, *, by: str = receipts.COLLECT, patience: float = 0.0, known: dict[str, float] | None = None) -> list[Arrival]:
    """Journal and keep what is new in the exchange; returns it in the order of arrival, with what could not be taken in.

    Folders that are being written are waited for up to `patience` seconds and then left for the next look. `known` is what
    a watcher remembers between its looks: folder → when it had last changed. `CourseError` where the exchange, the journal
    or the course root cannot be used.
    """
    known = {} if known is None else known
    if not known:
        for receipt in receipts.receipts(course.root, assignment):
            known[receipt.source] = max(known.get(receipt.source, 0.0), receipt.seen.timestamp())
    end, arrivals = time.monotonic() + patience, {}
    while True:
        for arrival in _look_once(course, assignment, by, known):
            arrivals[arrival.folder] = arrival
        if not any(arrival.waits for arrival in arrivals.values()) or time.monotonic() >= end:
            return list(arrivals.values())
        time.sleep(0.2)


def _look_once(course, assignment, by, known) -> Iterator[Arrival]:
    found = []
    for folder, student, name in submissions(inbound(course), assignment):
        try:
            if folder.lstat().st_ctime <= known.get(folder.name, 0.0):
                continue                                 # nobody writes into a folder that was complete: its own time is enough
            changed, marked = newest(folder)
        except OSError as error:
            yield Arrival(folder.name, student, name, why=f"cannot be read: {error.strerror}")
            continue
        if changed > known.get(folder.name, 0.0):
            found.append((changed, marked, folder, student, name))
    for changed, marked, folder, student, name in sorted(found):
        if abs(time.time() - changed) < (QUIET if marked else QUIET_UNMARKED):
            yield Arrival(folder.name, student, name, why="is still being written", waits=True)
            continue
        try:
            receipt = _collect(course, folder, student, name, by, changed)
            known[folder.name] = changed
            yield Arrival(folder.name, student, name, receipt)
        except (OSError, Unreadable) as error:
            if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
                raise CourseError(f"What was handed in cannot be kept in {course.root / FOLDER}: {error.strerror}. Nothing is lost: it stays in the exchange, and the next run goes on.") from None
            yield Arrival(folder.name, student, name, why=str(error) if isinstance(error, Unreadable) else f"cannot be read: {error.strerror or error}")


def submissions(place: Path, assignment: str | None = None) -> Iterator[tuple[Path, str, str]]:
    """(folder, student, assignment) of each submission in the exchange; what is not named like one is passed over."""
    try:
        with os.scandir(place) as entries:
            folders = [Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False)]
    except FileNotFoundError:
        return
    except OSError as error:
        raise CourseError(f"The exchange's {place} cannot be read: {error.strerror}. `course doctor` says more.") from None
    for folder in folders:
        parts = folder.name.rsplit("+", 3)              # nbgrader's: student+assignment+time+chance
        if len(parts) >= 3 and parts[0] not in ("", ".", "..") and (assignment is None or parts[1] == assignment):
            yield folder, parts[0], parts[1]


def newest(folder: Path) -> tuple[float, bool]:
    """When anything in a folder last changed, as its file system keeps it (no user can set that back), and whether it has the file that nbgrader writes last."""
    latest, marked = os.lstat(folder).st_ctime, False
    for place, folders, names in os.walk(folder, onerror=_raise):
        for name in [*folders, *names]:
            latest = max(latest, os.lstat(os.path.join(place, name)).st_ctime)
        marked = marked or SECRET in names
    return latest, marked


def _raise(error):
    raise error


def _collect(course, folder, student, assignment, by, changed) -> Receipt:
    _refuse_another_owner(course, folder, student)
    work = read(folder)
    if newest(folder)[0] != changed:
        raise Unreadable("changed while it was read; the next look takes it")
    said = time_said(folder)
    arrived = datetime.fromtimestamp(changed, timezone.utc) if os.name == "posix" else None
    return take(course.root, student, assignment, work, by=by, source=folder.name, arrived=arrived, said=datetime.fromisoformat(said) if said else None)


def _refuse_another_owner(course, folder, student):
    """Nobody hands in for somebody else: nbgrader only warns of it. The instructor, and an owner without a name, may."""
    if os.name != "posix" or not course.exchange_factory.Collect(coursedir=course.coursedir, config=course.config).check_owner:
        return
    import pwd
    owner = folder.lstat().st_uid
    with contextlib.suppress(KeyError):
        name = pwd.getpwuid(owner).pw_name
        if owner != os.geteuid() and name != student:
            raise Unreadable(f"is in the name of {student}, but belongs to {name}, and was not taken in. Where names here are not those of the machine, "
                             "c.ExchangeCollect.check_owner = False in nbgrader_config.py takes it in")


def read(folder: Path) -> Work:
    """The regular files of a folder, opened without following links. `Unreadable` where there are too many, or too large ones."""
    files, links, left = {}, [], MOST_BYTES
    for place, folders, names, handle in os.fwalk(folder, onerror=_raise, follow_symlinks=False):
        folders[:] = sorted(name for name in folders if name not in SKIPPED)
        for name in sorted(names):
            path = Path(place, name).relative_to(folder).as_posix()
            content = _content(name, handle, left)
            if content is None and name.endswith(".ipynb"):
                links.append(path)
            elif content is not None:
                files[path], left = content, left - len(content)
            if len(files) > MOST_FILES:
                raise Unreadable(f"holds more than {MOST_FILES} files")
    if not files and not links:
        raise Unreadable("is empty")
    return Work(files, tuple(links))


def _content(name, handle, left) -> bytes | None:
    """A regular file's bytes; None for a link, a device and whatever else."""
    status = os.stat(name, dir_fd=handle, follow_symlinks=False)
    if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1:
        return None
    opened = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=handle)
    with open(opened, "rb") as file:
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            return None
        content = file.read(left + 1)
    if len(content) > left:
        raise Unreadable(f"is larger than {MOST_BYTES >> 20} MiB")
    return content


# ---------------------------------------------------------------- what is kept

def take(root: Path, student: str, assignment: str, work: Work, *, by: str, source: str, arrived: datetime | None = None, said: datetime | None = None) -> Receipt:
    """Keep a submission and journal it; the receipt that it has. The copy is there before the receipt is.

    `Unreadable` where the student has handed in too often; `CourseError` where the journal cannot be written.
    """
    target = _kept(root, student, assignment, receipts.digest(work.contents), source)
    if not target.exists():
        if target.parent.is_dir() and len(os.listdir(target.parent)) >= MOST_ATTEMPTS:
            raise Unreadable(f"is one of more than {MOST_ATTEMPTS} of {student}'s and waits in the exchange")
        write(work, target)
    return receipts.record(root, student, assignment, work.contents, by=by, source=source, arrived=arrived, said=said)


def _kept(root, student, assignment, digest, source) -> Path:
    return Path(root) / FOLDER / assignment / student / f"{digest[:16]}-{hashlib.sha256(os.fsencode(source)).hexdigest()[:8]}"


def kept(root: Path, receipt: Receipt) -> Path | None:
    """The folder in which a submission is kept, None where it is not."""
    folder = _kept(root, receipt.student, receipt.assignment, receipt.digest, receipt.source)
    return folder if folder.is_dir() else None


def write(work: Work, target: Path) -> None:
    """Write a submission's files, all or none of them."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=target.parents[2]) as folder:
        new = Path(folder) / "work"
        new.mkdir()
        for name, content in work.files.items():
            (new / name).parent.mkdir(parents=True, exist_ok=True)
            (new / name).write_bytes(content)
        for name in work.links:                          # intake refuses it by its reason; it leads nowhere
            (new / name).parent.mkdir(parents=True, exist_ok=True)
            (new / name).symlink_to("not-followed")
        with contextlib.suppress(FileExistsError):
            new.rename(target)


# ---------------------------------------------------------------- what is graded

def submitted(course: Course, assignment: str, student: str) -> Work | None:
    """What lies in nbgrader's `submitted` folder; None where there is nothing that can be read."""
    try:
        return read(course.place("submitted", assignment, student))
    except (OSError, Unreadable):
        return None


def when(root: Path, folder: Path, assignment: str, student: str) -> tuple[str, bool]:
    """(when what lies in a folder was handed in, in ISO 8601; whether that is verified): by its receipt, and where it has none
    by nbgrader's timestamp.txt, the student's own word. "" where nothing says."""
    with contextlib.suppress(OSError, Unreadable, CourseError):
        if found := receipts.first_seen(receipts.receipts(root, assignment, student)):
            receipt = found.get((student, receipts.digest(read(folder).contents)))
            if receipt is not None and receipt.received is not None:
                return receipt.received.isoformat(timespec="seconds"), receipt.verified
    return time_said(folder), False


def place(course: Course, receipt: Receipt) -> bool:
    """Put a kept submission where nbgrader grades it; False where it lies there already. What lay there and is not kept goes to backups/."""
    source, target = kept(course.root, receipt), course.place("submitted", receipt.assignment, receipt.student)
    if source is None:
        return False
    lying, new = submitted(course, receipt.assignment, receipt.student), read(source)
    if lying is not None and lying == new:
        return False
    mine = {known.digest for known in receipts.receipts(course.root, receipt.assignment, receipt.student) if kept(course.root, known)}
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".placing-", dir=course.root) as folder:
        fresh_copy, old = Path(folder) / "new", Path(folder) / "old"
        shutil.copytree(source, fresh_copy, symlinks=True)
        if target.exists() or target.is_symlink():
            if lying is None or receipts.digest(lying.contents) not in mine:
                old = fresh(course.root / "backups" / f"submitted_{receipt.assignment}_{time.strftime('%Y-%m-%d_%H%M%S')}" / receipt.student)
                old.parent.mkdir(parents=True, exist_ok=True)
            target.rename(old)
        fresh_copy.rename(target)
    return True


def collect(course: Course, assignment: str, *, by: str = receipts.COLLECT) -> list[Arrival]:
    """Look at the exchange and put each student's newest submission where nbgrader grades it, if it is new or nothing lies there."""
    arrivals = look(course, assignment, by=by, patience=2 * QUIET)
    new = {arrival.student for arrival in arrivals if arrival.receipt}
    latest = {receipt.student: receipt for receipt in receipts.receipts(course.root, assignment)}
    for student, receipt in latest.items():
        if student in new or not course.place("submitted", assignment, student).exists():
            place(course, receipt)
    return arrivals
