"""`course pack`: one file to hand in where there is no exchange, such as an upload to Canvas or Moodle, or on Windows.

The format of ``A1_<student>.zip``, which `course collect --from` reads:

- ``receipt.json`` (UTF-8) at the top: ``{"format": 1, "assignment": "A1", "student": "ada", "name": "Ada Lovelace",
  "time": "2027-04-20T21:30:00+00:00", "verified": false, "sha256": …, "files": {name: SHA-256, …}}``. `student` and `name`
  are as typed, `time` is the student's own clock: all of it is the student's word, and counts as unverified until the
  file was collected. `files` and `sha256` are `receipts.contents` and `receipts.digest` of the files below;
- the notebooks, at the top, under the names that they were released with, outputs that are too large taken out;
- the data files that the assignment allows, under their relative names, with ``/`` between folders on every system.

Names are UTF-8. There are no folders' entries, no links and no absolute names, and no name is there twice.
"""

from __future__ import annotations

import dataclasses
import json
import os
import re
import tempfile
import zipfile
from datetime import datetime, timezone
from pathlib import Path, PurePosixPath
from typing import Iterable, Mapping

from nbformat import from_dict
from nbgrader.utils import compute_checksum

from ..assignments import folders
from ..errors import CourseError
from ..hints import FILE as HINTS
from . import receipts
from .cells import CODE_STUB, TEXT_STUB

FORMAT = 1
RECEIPT = "receipt.json"
MOST_NOTEBOOK, MOST_OUTPUT, MOST_FILES_BYTES, MOST_NAME = 100 << 20, 1 << 20, 100 << 20, 128
STUBS = (CODE_STUB, TEXT_STUB, "YOUR ANSWER HERE", "# YOUR CODE HERE\nraise NotImplementedError()", "")


@dataclasses.dataclass(frozen=True)
class Packed:
    """What was packed: the file, its student's receipt, and what should be said of it, a sentence each."""

    path: Path
    receipt: Mapping
    blank: tuple[str, ...]
    said: tuple[str, ...]
    upload: str


def pack(assignment: str, notebook: Path | None = None, *, student: str, name: str = "", to: Path | None = None, now: datetime | None = None) -> Packed:
    """Check the student's notebook and write the file to hand in, into `to` or the working directory; nothing is overwritten.

    Without `notebook` it is looked for in the working directory and in the folder of that name in it. `CourseError` where
    there is none or more than one, where it is another assignment's, cannot be read, or the file cannot be written.
    """
    student, said = _typed(student), []
    chosen = _chosen(assignment, notebook, said)
    files, blank, told = {}, [], {}
    for released, path in chosen.items():
        content, data = _read(path)
        told = told or _course(data)
        blank += _blank(data)
        said += _missing(assignment, data)
        files[released] = _without_large_outputs(content, data, path.name, said)
    files |= _beside(next(iter(chosen.values())).parent, told.get("files"), said)
    contents, now = receipts.contents(files), now or datetime.now(timezone.utc)
    receipt = {"format": FORMAT, "assignment": assignment, "student": student, "name": " ".join(name.split()), "time": now.astimezone(timezone.utc).isoformat(timespec="seconds"),
               "verified": False, "sha256": receipts.digest(contents), "files": contents}
    path = _write(_folder(to, said), f"{assignment}_{_as_file_name(student)}.zip", {RECEIPT: json.dumps(receipt, ensure_ascii=False, indent=1).encode(), **files}, now)
    upload = told.get("upload")
    return Packed(path, receipt, tuple(blank), tuple(said), upload if isinstance(upload, str) else "")


def _typed(student: str) -> str:
    student = " ".join(student.split())
    if not student or len(student) > MOST_NAME or not student.isprintable():
        raise CourseError(f"The student's name or number is {student[:40]!r}; expected is the one under which the course knows you, of at most {MOST_NAME} characters: --student ada")
    return student


# ---------------------------------------------------------------- which notebook

def _chosen(assignment: str, given: Path | None, said: list[str]) -> dict[str, Path]:
    """Released name → the student's file, for each notebook of the assignment."""
    if given is not None and given.is_file():
        found = [given]
    elif given is not None and not given.is_dir():
        raise CourseError(f"There is no notebook {given}. Expected is the path of the notebook that you worked on, or of its folder.")
    else:
        places = [given] if given is not None else [Path.cwd(), Path.cwd() / assignment, Path.cwd() / "homework" / assignment]
        found = next(filter(None, (_of_assignment(assignment, folder) for folder in places)), [])
        if not found:
            raise CourseError(f"There is no notebook of {assignment} in {' or '.join(map(str, places))}. Name yours: course pack {assignment} PATH")
    courses = {path: _course(_read(path)[1]) for path in found}
    for path, told in courses.items():
        if told.get("assignment", assignment) != assignment:
            raise CourseError(f"{path.name} is the notebook of {told['assignment']}, not of {assignment}. Nothing was packed.")
        if "assignment" not in told:
            said.append(f"{path.name} does not say which assignment it is; it is packed as {assignment}.")
    released = next((told["notebooks"] for told in courses.values() if _names(told.get("notebooks"))), None) or [folder.name + ".ipynb" for short, folder in folders().items() if short == assignment]
    named = {path.name: path for path in found if path.name in released}
    if len(found) == 1 and not named and len(released) == 1:
        said.append(f"{found[0].name} is packed as {released[0]}, as it was released.")
        return {released[0]: found[0]}
    if released and not named:
        raise CourseError(f"{', '.join(path.name for path in found)}: expected is {' and '.join(released)}, as released. Give the notebook to hand in its name back, or name it: course pack {assignment} PATH")
    if left := [path.name for path in found if released and path.name not in named]:
        said.append(f"Not packed, because it was not released under this name: {', '.join(left)}.")
    if absent := [name for name in released if name not in named]:
        said.append(f"Not there, and so not packed: {', '.join(absent)}.")
    return named or {path.name: path for path in found}


def _names(value) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(name, str) and re.fullmatch(r"[^/\\]+\.ipynb", name) for name in value)


def _of_assignment(assignment: str, folder: Path) -> list[Path]:
    """The notebooks in a folder that say they are of the assignment; where none says anything, those named after it."""
    notebooks, said = sorted(folder.glob("*.ipynb")) if folder.is_dir() else [], {}
    for path in notebooks:
        try:
            said[path] = _course(_read(path)[1]).get("assignment", "")
        except CourseError:
            said[path] = ""
    return [path for path in notebooks if said[path] == assignment] or [path for path in notebooks if not said[path] and re.match(rf"{re.escape(assignment)}([^0-9A-Za-z]|$)", path.stem)]


def _read(path: Path) -> tuple[bytes, dict]:
    """A notebook's bytes and its data; `CourseError` where it is none."""
    try:
        if path.stat().st_size > MOST_NOTEBOOK:
            raise CourseError(f"{path.name} is {path.stat().st_size >> 20} MiB large, more than {MOST_NOTEBOOK >> 20}: clear its outputs (Edit › Clear Outputs of All Cells), save, and pack it again.")
        content = path.read_bytes()
        data = json.loads(content.decode("utf-8-sig"))
        if not isinstance(data, dict) or not isinstance(data.get("cells"), list):
            raise ValueError("it has no cells")
    except (OSError, ValueError, RecursionError) as error:
        reason = getattr(error, "strerror", None) or (f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else str(error)[:100])
        raise CourseError(f"{path.name} is no notebook that can be read ({reason}). Open it in JupyterLab, save it, and pack it again.") from None
    return content, data


def _course(data: Mapping) -> dict:
    told = data.get("metadata", {}).get("course", {}) if isinstance(data.get("metadata"), dict) else {}
    return told if isinstance(told, dict) else {}


# ---------------------------------------------------------------- what is in it

def _blank(data: Mapping) -> list[str]:
    """The answers that are still as they were released."""
    blank = []
    for cell, mark in _marked(data):
        if mark.get("solution"):
            source = cell.get("source", "")
            source = "".join(map(str, source)) if isinstance(source, list) else str(source)
            if source.replace("\r\n", "\n").strip() in STUBS or mark.get("checksum") == _checksum(cell, source, mark):
                blank.append(str(mark.get("grade_id")))
    return blank


def _marked(data: Mapping) -> Iterable[tuple[dict, dict]]:
    """Each cell that nbgrader knows, with its mark."""
    for cell in data["cells"]:
        mark = cell.get("metadata", {}).get("nbgrader") if isinstance(cell, dict) and isinstance(cell.get("metadata"), dict) else None
        if isinstance(mark, dict):
            yield cell, mark


def _checksum(cell, source, mark) -> str:
    """nbgrader's checksum of the cell as it is now; it is in the mark of one that nobody changed."""
    try:
        return compute_checksum(from_dict({"cell_type": cell["cell_type"], "source": source, "metadata": {"nbgrader": mark}}))
    except Exception:                                    # a mark that somebody changed
        return ""


def _missing(assignment: str, data: Mapping) -> list[str]:
    """A sentence where check cells of an assignment that this package knows are gone."""
    if assignment not in folders():
        return []
    from ..assignments import load
    here = {mark.get("grade_id") for _, mark in _marked(data) if mark.get("grade")}
    gone = [question.name for question in load(assignment, str(_course(data).get("term", ""))).questions if not {question.name, f"check_{question.name}"} & here]
    return [f"Check cells are missing: {', '.join(gone)}. They are put back when it is graded; your answers are found if they are still in the notebook."] if gone else []


def _without_large_outputs(content: bytes, data: dict, name: str, said: list[str]) -> bytes:
    """The notebook's bytes as they are, or written anew without the outputs that are too large."""
    large = [cell for cell in data["cells"] if isinstance(cell, dict) and len(json.dumps(cell.get("outputs") or [])) > MOST_OUTPUT]
    if not large:
        return content
    for cell in large:
        cell["outputs"] = []
    said.append(f"{len(large)} output{'s' * (len(large) != 1)} of {name} larger than {MOST_OUTPUT >> 20} MiB {'were' if len(large) != 1 else 'was'} left out; your own file still has {'them' if len(large) != 1 else 'it'}.")
    return json.dumps(data, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass")


def _beside(folder: Path, patterns, said: list[str]) -> dict[str, bytes]:
    """The data files that the assignment allows, and the count of hints opened; links are left out and said."""
    files: dict[str, bytes] = {}
    wanted = [HINTS, *(pattern for pattern in patterns if isinstance(pattern, str))] if isinstance(patterns, list) else [HINTS]
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.suffix == ".ipynb" or not any(PurePosixPath(name).match(pattern) for pattern in wanted) or any(part.startswith(".") for part in PurePosixPath(name).parts):
            continue
        if path.is_symlink() or not path.is_file() or "\\" in name:
            said.append(f"{name} was left out: it is {'a link' if path.is_symlink() else 'no file' if not path.is_file() else 'named with a backslash, which is a folder elsewhere'}.")
            continue
        try:
            files[name] = path.read_bytes()
        except OSError as error:
            raise CourseError(f"{name} belongs to the assignment and cannot be read: {error.strerror}. Nothing was packed.") from None
        if sum(map(len, files.values())) > MOST_FILES_BYTES:
            raise CourseError(f"The data files, {name} among them, are larger than {MOST_FILES_BYTES >> 20} MiB together. Make them smaller, or ask your instructor how to hand them in.")
    return files


# ---------------------------------------------------------------- the file

def _folder(to: Path | None, said: list[str]) -> Path:
    """A folder that can be written: the one asked for, else the working directory, the home folder or the temporary one."""
    if to is not None:
        if not _writable(to):
            raise CourseError(f"{to} cannot be written. Name another folder: --to FOLDER")
        return to
    for place in (Path.cwd(), Path.home(), Path(tempfile.gettempdir())):
        if _writable(place):
            if place != Path.cwd():
                said.append(f"{Path.cwd()} cannot be written, so the file is in {place}.")
            return place
    raise CourseError(f"Neither {Path.cwd()} nor {Path.home()} can be written. Name a folder that can: --to FOLDER")


def _writable(folder: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _as_file_name(student: str) -> str:
    """A student's name as part of a file name that every system takes.

    >>> _as_file_name("Zoë Müller"), _as_file_name("a/b:c*"), _as_file_name("..")
    ('Zoë_Müller', 'a_b_c', 'student')
    """
    return re.sub(r"[^\w.-]+", "_", student)[:50].strip("._-") or "student"


def _write(folder: Path, name: str, files: Mapping[str, bytes], now: datetime) -> Path:
    """Write the zip whole or not at all, under a number where its name is taken."""
    local = max(now.astimezone().timetuple()[:6], (1980, 1, 1, 0, 0, 0))
    handle, new = tempfile.mkstemp(dir=folder, prefix=".pack-", suffix=".zip")
    try:
        with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for inside, content in files.items():
                entry = zipfile.ZipInfo(inside, local)
                entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                archive.writestr(entry, content)
        path, number = folder / name, 2
        while path.exists():
            path, number = folder / f"{Path(name).stem}-{number}.zip", number + 1
        os.replace(new, path)
    except OSError as error:
        raise CourseError(f"{folder / name} cannot be written: {error.strerror}. Name another folder: --to FOLDER") from None
    finally:
        Path(new).unlink(missing_ok=True)
    if os.name == "posix":
        path.chmod(0o600)
    return path
