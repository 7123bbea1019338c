"""What students uploaded to a learning platform, matched to the class and taken in like what comes through the exchange.

The names are the platforms' own:

- Canvas, *Download Submissions*: ``sortablename_[LATE_]USER_FILE_name.ipynb``, the name in small letters without blanks,
  USER Canvas's number of the student; LATE is told where it differs from the receipt, and judges nothing; graded anonymously it is ``anon_CODE_FILE_name.ipynb``.
- Moodle, *Download all submissions*: ``Full Name_NUMBER_assignsubmission_file/name.ipynb`` in folders, older ones with a
  ``_`` more, or all in one: ``Full Name_NUMBER_assignsubmission_file_name.ipynb``; NUMBER is the grading worksheet's.
- A plain folder: ``student/name.ipynb``, ``student.ipynb``, ``student_A1_name.ipynb``; and what `course pack` writes.
"""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Iterable

from nbgrader.plugins import ExtractorPlugin, FileNameCollectorPlugin
from traitlets import Unicode

from ..errors import CourseError
from . import archives, deadlines, handed_in, intake, receipts
from .archives import Member
from .opening import Refused, shown
from .pack import RECEIPT
from .roster import Roster, roster

MOST_RECEIPT = 1 << 20
CANVAS = re.compile(r"(?P<name>.+?)(?P<late>_LATE)?_(?P<number>\d+)_(?P<upload>\d+)_(?P<file>.+)", re.DOTALL)
ANONYMOUS = re.compile(r"anon_(?P<code>\w+?)_(?P<upload>\d+)_(?P<file>.+)", re.DOTALL)
MOODLE = re.compile(r"(?P<name>.+?)_(?P<number>\d+)_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<file>.*))?", re.DOTALL)


@dataclasses.dataclass(frozen=True)
class Upload:
    """A file that somebody uploaded: what the platform says of whose it is, and its name there."""

    label: str                       # what is shown: the part of the name that says whose it is
    file: str
    name: str = ""
    number: str = ""
    words: tuple[str, ...] = ()      # of a plain name: what may be the student's id, address or name
    order: int = 0                   # a later upload of the same file has a larger one
    problem: str = ""
    late: bool | None = None         # whether the platform calls it late; None where it does not say


@dataclasses.dataclass(frozen=True)
class Taken:
    """One student's upload: what it was called, how many files, whether it is new here, and what is odd about it."""

    student: str
    label: str
    files: int
    new: bool
    notes: tuple[str, ...] = ()
    late: str = ""                   # where the platform's word on being late differs from the receipt's


@dataclasses.dataclass(frozen=True)
class Collected:
    """What became of an archive: whose uploads were taken in, which are nobody's, what was left out, and who is missing."""

    taken: tuple[Taken, ...]
    unmatched: tuple[str, ...]
    said: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def ok(self) -> bool:
        return not self.unmatched and not self.said and not any(one.notes for one in self.taken)


def collect(course, assignment: str, source: Path, roster_csv: Path | None = None) -> Collected:
    """Take in an archive, a folder or a file of uploads. Each student's goes the way of what comes through the exchange: it is
    kept with a receipt, and what lay in `submitted` before is kept too. `CourseError` where nothing can be opened."""
    source = Path(source).expanduser()
    if not source.exists():
        raise CourseError(f"There is no {source}. Name the zip that Canvas or Moodle gave, a folder of notebooks, or a file of `course pack`.")
    with course.gradebook() as gradebook:
        people = roster(gradebook, roster_csv)
        expected = [notebook.name for notebook in gradebook.find_assignment(assignment).notebooks]
    if not people:
        raise CourseError("Whose the uploads are cannot be told: the gradebook has no students yet. Add them with `nbgrader db student import`, or name a list with --roster.")
    with archives.opened(source) as (members, said):
        mine, unmatched = _matched(members, assignment, expected, people, said)
        taken = [one for student, uploads in sorted(mine.items()) if (one := _take(course, assignment, student, uploads, expected, said))]
    return Collected(tuple(taken), tuple(unmatched), tuple(said), tuple(sorted(set(people.people) - {one.student for one in taken})))


# ---------------------------------------------------------------- whose it is

def upload_of(name: str, assignment: str, expected: Iterable[str]) -> Upload:
    """What a file's name in an archive says.

    >>> upload_of("doejane_LATE_42_777_A1-1.ipynb", "A1", ["A1"])
    Upload(label='doejane_LATE_42_777', file='A1-1.ipynb', name='doejane', number='42', words=(), order=777, problem='', late=True)
    >>> upload_of("Jane Doe_31_assignsubmission_file/A1.ipynb", "A1", ["A1"]).number
    '31'
    """
    part, _, rest = name.partition("/")                  # the outermost part is the platform's; what is below it students have named
    if found := MOODLE.fullmatch(part):
        problem = "" if found["kind"] == "file" else "it is text typed into Moodle's page, not a file"
        label = part[:found.start("file")].rstrip("_") if found["file"] else part.rstrip("_")
        return Upload(label, rest or found["file"] or part, found["name"], found["number"], problem=problem)
    if found := ANONYMOUS.fullmatch(part):
        return Upload(part, rest or found["file"], problem="Canvas left out whose it is. Switch anonymous grading off for the download, or post the grades first")
    if found := CANVAS.fullmatch(part):
        return Upload(part[:found.start("file") - 1], rest or found["file"], found["name"], found["number"], order=int(found["upload"][:18]), late=bool(found["late"]))
    if rest:
        return Upload(part, rest, words=(part, *_shorter(part, assignment, expected)))
    stem = Path(name).stem
    return Upload(stem, name, words=(stem, *_shorter(stem, assignment, expected)))


def _shorter(stem: str, assignment: str, expected) -> tuple[str, ...]:
    """What is left of a plain name without the assignment's."""
    for word in sorted([assignment, *expected], key=len, reverse=True):
        if word.casefold() in stem.casefold():
            at = stem.casefold().index(word.casefold())
            return ((stem[:at] + stem[at + len(word):]).strip("_-. ()"),)
    return ()


def whose(upload: Upload, people: Roster, told: str = "") -> tuple[str, str]:
    """(the student, "") or ("", why not). `told` is what the file says of itself, which counts where the platform says nothing."""
    if upload.problem:
        return "", upload.problem
    for found in (people.by_number(upload.number) if upload.number else [], people.by_name(upload.name) if upload.name else [],
                  *(people.by_alias(word) or people.by_name(word) for word in upload.words if word), people.by_alias(told) if told and not upload.number else []):
        if len(found) == 1:
            return found[0], ""
        if found:
            return "", f"it could be {' or '.join(map(shown, found))}. A list with the platform's numbers, --roster, tells them apart"
    return "", "nobody in the class has this name" + (" or number. A list of the class with them, --roster, tells whose it is" if upload.number else "")


def _matched(members: list[Member], assignment, expected, people, said):
    """Student → [(upload, member)], and a sentence for each upload that is nobody's."""
    mine, nobodys = {}, {}
    for member in _without_common_folder(members, assignment, expected, people):
        upload = upload_of(member.name, assignment, expected)
        student, why = whose(upload, people)
        if why and not upload.number and member.name.lower().endswith(".zip"):
            student, why = whose(upload, people, _told_inside(member).get("student", "")) if not upload.problem else ("", why)
        if student:
            mine.setdefault(student, []).append((upload, member))
        else:
            nobodys.setdefault(upload.label, why)
    return mine, [f"{shown(label)}: {why}." for label, why in sorted(nobodys.items())]


def _without_common_folder(members, assignment, expected, people) -> list[Member]:
    """The members without a folder that holds them all and is nobody's."""
    while members and all(len(member.parts) > 1 for member in members) and len({member.parts[0] for member in members}) == 1:
        upload = upload_of(members[0].name, assignment, expected)
        if upload.number or upload.problem or not whose(upload, people)[1]:
            break
        members = [dataclasses.replace(member, name="/".join(member.parts[1:])) for member in members]
    return members


def _told_inside(member: Member) -> dict:
    """The receipt in a packed file, {} where there is none that can be read."""
    try:
        inner = {one.name: one for one in archives.inside(member.read(), member.name, [])}
        return _receipt(inner[RECEIPT].read()) if RECEIPT in inner else {}
    except Refused:
        return {}


def _receipt(content: bytes) -> dict:
    try:
        told = json.loads(content.decode("utf-8")) if len(content) <= MOST_RECEIPT else {}
        return {key: value for key, value in told.items() if isinstance(value, (str, dict))} if isinstance(told, dict) else {}
    except (ValueError, RecursionError):
        return {}


# ---------------------------------------------------------------- taking it in

def _take(course, assignment, student, uploads, expected, said) -> Taken | None:
    files, told, notes = _files(uploads, expected, said)
    label = uploads[0][0].label
    if not files:
        said.append(f"{shown(label)}: nothing of it could be taken in.")
        return None
    if told:
        notes += _odd(told, student, assignment, files)
    if not intake.named(files, expected)[0]:
        notes.append("it holds no notebook of the assignment")
    try:
        receipt = handed_in.take(course.root, student, assignment, handed_in.Work(files), by=receipts.ARCHIVE, source=label, said=_time(told))
    except handed_in.Unreadable as error:
        said.append(f"{shown(label)}: what {student} handed in {error}.")
        return None
    return Taken(student, label, len(files), handed_in.place(course, receipt), tuple(notes), _late(course, receipt, uploads))


def _late(course, receipt: receipts.Receipt, uploads) -> str:
    """What to tell where the platform and the receipt differ on being late, "" where they agree. The receipt judges; the platform may have another due date."""
    said = [upload.late for upload, _ in uploads if upload.late is not None]
    policy = deadlines.policy_for(course.root, receipt.assignment)
    due, late = policy.due_for(receipt.student), bool(policy.lateness(receipt.student, receipt.received))
    if not said or any(said) == late and due is not None or due is None and not any(said):
        return ""
    platform = "Canvas marks it LATE" if any(said) else "Canvas does not mark it as late"
    here = f"no due date stands in {deadlines.FILE}" if due is None else "nothing here says when it was handed in" if receipt.received is None else \
        f"by its receipt it was handed in at {policy.show(receipt.received)}{'' if receipt.verified else ' (unverified)'}, {'after' if late else 'within'} what was due {policy.show(due)}"
    return f"{platform}; {here}, and that is what counts"


def _files(uploads, expected, said) -> tuple[dict[str, bytes], dict, list[str]]:
    """(name → content of one student's files, what a packed one says of itself, what is odd). A zip is opened; the notebook comes to the top."""
    files, told, notes, left = {}, {}, [], handed_in.MOST_BYTES
    for upload, member in sorted(uploads, key=lambda one: one[0].order):
        for name, read in _opened(upload, member, said):
            try:
                content = read()
            except Refused as refused:
                notes.append(str(refused).rstrip("."))
                continue
            if name == RECEIPT:
                told = _receipt(content)
            elif len(content) > left:
                notes.append(f"{shown(name)} is left out: together the files are larger than {handed_in.MOST_BYTES >> 20} MiB")
            else:
                if name in files and files[name] != content:
                    notes.append(f"{shown(name)} was uploaded more than once; the last one counts")
                files[name], left = content, left - len(content)
    return _raised(files, expected), told, notes


def _opened(upload: Upload, member: Member, said):
    """(name, how it is read) of an upload's files."""
    if not upload.file.lower().endswith(".zip"):
        return [(upload.file, member.read)]
    try:
        return [(one.name, one.read) for one in archives.inside(member.read(), member.name, said)]
    except Refused as refused:
        said.append(str(refused))
        return []


def _raised(files: dict[str, bytes], expected) -> dict[str, bytes]:
    """The files as seen from the folder that holds the notebook, where the top holds none."""
    if any(name.lower().endswith(".ipynb") and "/" not in name for name in files):
        return files
    folders = sorted({name.rsplit("/", 1)[0] for name in files if name.lower().endswith(".ipynb")}, key=lambda folder: (folder.count("/"), folder))
    for folder in folders:
        if intake.named([name[len(folder) + 1:] for name in files if name.startswith(f"{folder}/")], expected)[0]:
            return {name[len(folder) + 1:] if name.startswith(f"{folder}/") else name: content for name, content in files.items()}
    return files


def _odd(told: dict, student: str, assignment: str, files) -> list[str]:
    """What a packed file says of itself that does not fit."""
    odd = []
    if told.get("assignment") not in (None, assignment):
        odd.append(f"it was packed as {shown(told['assignment'])}")
    if told.get("student") not in (None, "", student):
        odd.append(f"it was packed as {shown(told['student'])}'s and uploaded as {student}'s")
    if isinstance(told.get("files"), dict) and told["files"] != receipts.contents(files):
        odd.append("its files are not those that were packed")
    return odd


def _time(told: dict) -> datetime | None:
    try:
        return datetime.fromisoformat(told["time"]) if isinstance(told.get("time"), str) else None
    except ValueError:
        return None


# ---------------------------------------------------------------- nbgrader's own zip_collect

class SafeExtractor(ExtractorPlugin):
    """nbgrader's `zip_collect` opens archives as `course collect --from` does."""

    def extract(self, archive_path: str, extracted_path: str) -> None:
        for source in sorted(Path(archive_path).iterdir()):
            with archives.opened(source) as (members, said):
                for member in members:
                    nested = member.name.lower().endswith(".zip")
                    try:
                        inner = [(f"{member.name}/{one.name}", one) for one in archives.inside(member.read(), member.name, said)] if nested else [(member.name, member)]
                        for name, one in inner:
                            self._write(Path(extracted_path, source.stem, name), one.read())
                    except (Refused, OSError) as error:
                        said.append(str(error))
                for line in said:
                    self.log.warning("%s", line)

    def _write(self, target: Path, content: bytes) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as file:
            file.write(content)
        shutil.move(file.name, target)


class PlatformNames(FileNameCollectorPlugin):
    """nbgrader's `zip_collect` knows Canvas's and Moodle's names, and the class."""

    roster = Unicode("", help="A CSV of the class with the platform's numbers, where the gradebook does not have them.").tag(config=True)

    def collect(self, submitted_file: str) -> dict | None:
        if not hasattr(self, "people"):
            self._learn()
        name = Path(submitted_file).relative_to(self.folder).as_posix().partition("/")[2]
        upload = upload_of(name, self.assignment, self.expected)
        student, why = whose(upload, self.people) if name else ("", "it lies beside the folders of archives")
        if why or Path(upload.file).name == RECEIPT or (student, upload.file) in self.seen:
            self.log.warning("%s is left out: %s.", shown(name), why or "it is there already")
            return None
        self.seen.add((student, upload.file))
        return {"student_id": student, "file_id": upload.file}

    def _learn(self):
        from nbgrader.api import Gradebook
        app = self.parent
        self.assignment, self.folder, self.seen = app.coursedir.assignment_id, app._format_collect_path(app.extracted_directory), set()
        with Gradebook(app.coursedir.db_url, app.coursedir.course_id) as gradebook:
            self.people = roster(gradebook, Path(self.roster) if self.roster else None)
            self.expected = [notebook.name for notebook in gradebook.find_assignment(self.assignment).notebooks]
