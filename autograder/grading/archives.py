"""What an instructor downloads from a learning platform, opened without trusting any of it: a zip, a folder, a notebook.

`opened` gives the files in it under clean relative names. What is dangerous (a link, an absolute name, "..", an
encrypted or an overlarge member, a bomb) is left out with a sentence; a zip in the zip is opened once. Nothing is
written, and a member is read only when it is asked for.
"""

from __future__ import annotations

import contextlib
import dataclasses
import io
import re
import stat
import unicodedata
import zipfile
import zlib
from pathlib import Path
from typing import Callable, Iterator

from ..errors import CourseError
from .opening import MOST_BYTES, Refused, read_file, shown

MOST_MEMBERS, MOST_IN_ALL = 50_000, 16 << 30          # of a class
MOST_OF_ONE, MOST_IN_ONE = 2000, 256 << 20            # files and bytes of a zip in the zip: one student's
MOST_LETTERS = 200
RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$", re.IGNORECASE)      # names that Windows takes for devices
LEFT_BY_SYSTEMS = ("__macosx", ".ds_store", "thumbs.db", "desktop.ini", ".ipynb_checkpoints", "__pycache__")
OTHER_ARCHIVES = (".rar", ".7z", ".tar", ".tgz", ".gz", ".bz2", ".xz")


@dataclasses.dataclass(frozen=True)
class Member:
    """A file of an archive: its clean name, ``/`` between folders, and how its bytes are read (`Refused` where they cannot be)."""

    name: str
    read: Callable[[], bytes]

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(self.name.split("/"))


@contextlib.contextmanager
def opened(source: Path) -> Iterator[tuple[list[Member], list[str]]]:
    """(the files of a zip, a folder or a file, a sentence for each that was left out). `CourseError` where it is none of these."""
    said: list[str] = []
    if source.is_dir():
        yield _unique(_of_folder(source, said), said), said
        return
    try:
        if not zipfile.is_zipfile(source):
            if source.suffix.lower() != ".ipynb":
                raise CourseError(f"{source} is neither a zip, nor a folder, nor a notebook. " + (
                    "Unpack it and name the folder." if source.suffix.lower() in OTHER_ARCHIVES else "Download the submissions of the assignment as one zip and name it."))
            yield [Member(source.name, lambda: read_file(source.parent, source.name))], said
            return
        with zipfile.ZipFile(source) as archive:
            yield _unique(list(_of_zip(archive, shown(source.name), said, MOST_MEMBERS, MOST_IN_ALL)), said), said
    except Refused as refused:
        raise CourseError(f"{source} is not opened: {refused}.") from None
    except (zipfile.BadZipFile, NotImplementedError, OSError, UnicodeError) as error:
        raise CourseError(f"{source} cannot be opened ({getattr(error, 'strerror', None) or error}). Download it again.") from None


def inside(content: bytes, name: str, said: list[str]) -> list[Member]:
    """The files of a zip that lies in an archive, [] with a sentence where it is none. Zips in it stay files."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        return _unique(list(_of_zip(archive, shown(name), said, MOST_OF_ONE, MOST_IN_ONE)), said)
    except (zipfile.BadZipFile, NotImplementedError, OSError, UnicodeError, Refused) as error:
        said.append(f"{shown(name)} is left out: it cannot be opened as a zip ({error}).")
        return []


# ---------------------------------------------------------------- zips

def _of_zip(archive: zipfile.ZipFile, where: str, said, most_members, most_bytes) -> Iterator[Member]:
    listed = archive.infolist()
    if len(listed) > most_members or sum(info.file_size for info in listed) > most_bytes:
        raise Refused(f"it would unpack to {len(listed)} files and {sum(info.file_size for info in listed) >> 20} MiB, more than {most_members} files or {most_bytes >> 20} MiB")
    for info in listed:
        if info.is_dir():
            continue
        raw, mode = _name_of(info), info.external_attr >> 16
        name, problem = clean(raw)
        if not problem and name is None:
            continue
        if problem := problem or _problem(info, mode):
            said.append(f"{shown(raw)} in {where} is left out: {problem}.")
            continue
        yield Member(name, lambda info=info, name=name: _read(archive, info, name))


def _problem(info: zipfile.ZipInfo, mode: int) -> str:
    if info.flag_bits & 1:
        return "it is encrypted"
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "it is a link or a device, not a file"
    if info.file_size > MOST_BYTES:
        return f"it is {info.file_size >> 20} MiB large, more than {MOST_BYTES >> 20}"
    return ""


def _read(archive, info, name) -> bytes:
    """A member's bytes, never more than it declared: what unpacks to more was made to do harm."""
    try:
        with archive.open(info) as file:
            content = file.read(info.file_size + 1)
        if len(content) != info.file_size:
            raise zipfile.BadZipFile(f"{len(content)} bytes came, {info.file_size} were declared")
        return content
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise Refused(f"{shown(name)} cannot be unpacked ({error}).") from None


def _name_of(info: zipfile.ZipInfo) -> str:
    """The name in the zip; in UTF-8 also where the packer forgot to say that it is."""
    if not info.flag_bits & 0x800:
        with contextlib.suppress(UnicodeError):
            return info.orig_filename.encode("cp437").decode("utf-8")
    return info.orig_filename


def clean(raw: str) -> tuple[str | None, str]:
    """(a name that any system can hold, why there is none). (None, "") for what systems leave lying about.

    >>> clean("ada\\\\A1.ipynb"), clean("__MACOSX/._A1.ipynb"), clean("../x")[1], clean("aux.txt")[0]
    (('ada/A1.ipynb', ''), (None, ''), 'its name leads out of the folder', '_aux.txt')
    """
    if raw.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", raw):
        return None, "its name begins at the root of a disk"
    parts = [unicodedata.normalize("NFC", part).strip() for part in re.split(r"[\\/]+", raw) if part not in ("", ".")]
    if ".." in parts:
        return None, "its name leads out of the folder"
    if any(part.casefold() in LEFT_BY_SYSTEMS or part.startswith("._") for part in parts):
        return None, ""
    parts = [_portable(part) for part in parts]
    if not parts or not all(parts) or len(parts) > 12 or any(len(part.encode()) > MOST_LETTERS for part in parts):
        return None, f"its name is empty, longer than {MOST_LETTERS} bytes or deeper than 12 folders"
    return "/".join(parts), ""


def _portable(part: str) -> str:
    """A part of a name without signs that some system gives a meaning."""
    part = "".join("_" if sign in '<>:"|?*' or not (sign.isprintable() or sign == " ") else sign for sign in part).rstrip(". ")
    return f"_{part}" if RESERVED.match(part) else part


# ---------------------------------------------------------------- folders

def _of_folder(folder: Path, said) -> list[Member]:
    members, folders = [], [""]
    for below in folders:
        for entry in sorted(Path(folder, below).iterdir()):
            name = f"{below}{entry.name}"
            if entry.is_symlink() or not (entry.is_dir() or entry.is_file()):
                said.append(f"{shown(name)} is left out: it is a link or a device, not a file.")
            elif entry.is_dir() and len(folders) < MOST_MEMBERS:
                folders.append(f"{name}/")
            elif entry.is_file():
                cleaned, problem = clean(name)
                if problem:
                    said.append(f"{shown(name)} is left out: {problem}.")
                elif cleaned is not None:
                    members.append(Member(cleaned, lambda name=name: read_file(folder, name)))
    if len(members) > MOST_MEMBERS:
        raise CourseError(f"{folder} holds more than {MOST_MEMBERS} files: name the folder of the submissions.")
    return members


def _unique(members: list[Member], said) -> list[Member]:
    """The members without those whose names some system takes for another's: the first stays."""
    seen: dict[str, Member] = {}
    for member in members:
        if (first := seen.setdefault(member.name.casefold(), member)) is not member:
            said.append(f"{shown(member.name)} is left out: {shown(first.name)} is there already, and differs in capital letters at most.")
    return list(seen.values())
