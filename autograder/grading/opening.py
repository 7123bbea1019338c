"""Opening what students hand in: regular files of one name, reached through no link, up to a size. Names are data.

`survey` says what lies in a submission's folder and whether it may be graded; `read_file` opens one of its files. Both
refuse with `Refused`, whose message tells the student what was found, what was expected and what to do.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import unicodedata
from pathlib import Path, PurePath

MOST_BYTES = 200 << 20               # of one file: a notebook may hold a flood of outputs, which are dropped
MOST_IN_ALL = 500 << 20
MOST_FILES, MOST_FOLDERS, MOST_DEPTH = 5000, 1000, 12


class Refused(Exception):
    """A submission that cannot be graded; the message tells the student why and what to do."""


def shown(name: object, most: int = 80) -> str:
    """A name as it may be printed: nothing that moves the cursor, turns the writing round or cannot be seen.

    >>> shown("a\\nb"), shown("\\u202egnp.py")
    ('a\\\\u000ab', '\\\\u202egnp.py')
    """
    text = "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in unicodedata.normalize("NFC", str(name))[:most + 1])
    return text if len(text) <= most else f"{text[:most]}…"


def read_file(folder: Path | str, name: str, most: int = MOST_BYTES) -> bytes:
    """The bytes of a file of a folder, `name` possibly in folders below it; none of them may be a link."""
    try:
        with _opened(Path(folder), PurePath(name).parts) as descriptor:
            status = os.fstat(descriptor)
            if (problem := _problem(status, name)) or (problem := _too_large(status.st_size, name, most)):
                raise Refused(problem)
            with os.fdopen(os.dup(descriptor), "rb") as file:
                content = file.read(most + 1)               # it may grow while it is read
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.EMLINK, errno.ENOTDIR):
            raise Refused(_link(name)) from None
        raise Refused(f"{shown(name)} cannot be opened ({error.strerror}). Save it again and submit it again.") from None
    if problem := _too_large(len(content), name, most):
        raise Refused(problem)
    return content


@contextlib.contextmanager
def _opened(folder: Path, parts):
    """A descriptor of the file, each step of the way opened in the one before; ELOOP where a step is a link."""
    if any(part in ("..", "/", "\\") for part in parts) or not parts:
        raise OSError(errno.EINVAL, "its name leads out of the folder")
    if os.open not in os.supports_dir_fd:                   # Windows, where an exchange is not shared
        path = folder.joinpath(*parts)
        if path.is_symlink():
            raise OSError(errno.ELOOP, "it is a link")
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    else:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        for part, last in zip(parts, [False] * (len(parts) - 1) + [True]):
            kind = os.O_NONBLOCK if last else os.O_DIRECTORY           # a pipe would wait for its writer
            try:
                below = os.open(part, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | kind, dir_fd=descriptor)
            finally:
                os.close(descriptor)
            descriptor = below
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def survey(folder: Path | str) -> dict[str, int]:
    """The files of a submission's folder and of those below it: name → bytes. `Refused` where one is not to be opened."""
    files, folders, left = {}, [("", 0)], MOST_IN_ALL
    for below, depth in folders:
        for entry in sorted(os.scandir(Path(folder, below)), key=lambda entry: os.fsencode(entry.name)):
            name, status = os.path.join(below, entry.name), entry.stat(follow_symlinks=False)
            if stat.S_ISDIR(status.st_mode) and depth < MOST_DEPTH and len(folders) < MOST_FOLDERS:
                folders.append((name, depth + 1))
            elif problem := _problem(status, name):
                raise Refused(problem)
            else:
                files[name] = status.st_size
                left -= status.st_size
            if len(files) > MOST_FILES or left < 0:
                raise Refused(f"The submission holds more than {MOST_FILES} files or {MOST_IN_ALL >> 20} MiB. Submit the notebook and the files that it needs, nothing else.")
    return files


def _problem(status: os.stat_result, name) -> str:
    if stat.S_ISDIR(status.st_mode):
        return f"{shown(name)} lies deeper than {MOST_DEPTH} folders, or is one of more than {MOST_FOLDERS}. Submit the notebook and the files that it needs, nothing else."
    if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1:
        return _link(name)
    return ""


def _link(name) -> str:
    return f"{shown(name)} is not a file of its own but a link, a pipe or a device. Nothing was read through it. Replace it by the file itself and submit again."


def _too_large(size, name, most) -> str:
    return f"{shown(name)} is {size / (1 << 20):.0f} MiB large, more than {most >> 20}. Clear all outputs, save and submit again." if size > most else ""
