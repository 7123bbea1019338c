"""The course root: the folder with nbgrader's configuration, the gradebook, the exchange and the secret key.

It lives outside the package. `course lab` makes one in `course/`; an instructor may keep several, one a term.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import stat
import tomllib
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import CourseError

TEMPLATE = Path(__file__).with_name("template")
CHECKOUT = Path(__file__).resolve().parents[1]
CONFIG = "nbgrader_config.py"
SETTINGS = "course.toml"
KEY = "secret.key"


@dataclass(frozen=True)
class Settings:
    """What `course.toml` says, paths made absolute."""

    course_id: str
    exchange: Path
    homework: Path


def settings(root: Path) -> Settings:
    """The settings of the course root `root`; `CourseError` where `course.toml` cannot be read or lacks a value."""
    file = Path(root) / SETTINGS
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
        return Settings(
            values["course_id"],
            (Path(root) / values["exchange"]).resolve(),
            (Path(root) / values["homework"]).resolve(),
        )
    except FileNotFoundError:
        raise CourseError(f"{root} has no {SETTINGS}; `course lab --course-dir {root}` puts it back.") from None
    except tomllib.TOMLDecodeError as error:
        raise CourseError(f"{file} cannot be read: {error}.") from None
    except (KeyError, TypeError) as error:
        raise CourseError(f"{file} must give course_id, exchange and homework, each as text: {error} is amiss.") from None


def is_course_root(folder: Path) -> bool:
    """Whether nbgrader works in the folder: its configuration is there, or a gradebook that it made without one."""
    return (folder / CONFIG).is_file() or (folder / "gradebook.db").is_file()


def find_course_root(explicit: Path | str | None = None) -> Path:
    """The course root: `explicit`, else $COURSE_DIR, else the working directory, its parents or their `course/`, else the checkout's.

    A folder that was named and is none, or no course root at all, is a `CourseError`.
    """
    named = explicit or os.environ.get("COURSE_DIR")
    if named:
        root = Path(named).expanduser().resolve()
        if not is_course_root(root):
            what = "has no " + CONFIG if root.is_dir() else "is no folder"
            raise CourseError(f"{root} is not a course root: it {what}. `course lab --course-dir {root}` makes one there.")
        return root
    here = Path.cwd()
    for folder in [here, *here.parents, CHECKOUT]:
        for candidate in (folder, folder / "course"):
            if is_course_root(candidate):
                return candidate.resolve()
    raise CourseError(f"There is no course root in {here} or above it. `make lab` makes one, or name yours with --course-dir.")


def make_course_root(path: Path | str, exchange: Path | str | None = None) -> Path:
    """Make `path` a course root, or complete one; what a user has changed there stays. Returns the absolute path.

    `exchange` names a folder shared by everybody on this machine, which is made when it is missing;
    without it the exchange is a folder of the course root that its owner alone can enter.
    """
    root = Path(path).expanduser().resolve()
    if root.is_dir() and any(root.iterdir()) and not (is_course_root(root) or (root / SETTINGS).is_file()):
        raise CourseError(f"{root} holds other files and is no course root: name an empty or a new folder.")
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        _copy_template(root)
        if exchange is not None:
            _remember_exchange(root, Path(exchange).expanduser().resolve())
        places = settings(root)
        for folder in (root / "source", places.homework):
            folder.mkdir(parents=True, exist_ok=True)
        _make_key(root / KEY)
    except (PermissionError, FileExistsError, NotADirectoryError) as error:
        raise CourseError(f"A course root cannot be made in {root}: {error.strerror} ({error.filename}).") from None
    _make_exchange(places.exchange, shared=not places.exchange.is_relative_to(root))
    return root


def _copy_template(root: Path) -> None:
    for source in TEMPLATE.rglob("*"):
        target = root / source.relative_to(TEMPLATE)
        if source.is_dir() or target.exists() or source.suffix == ".pyc":
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        if target.name == SETTINGS and root.is_relative_to(CHECKOUT):  # beside the lectures, not among the gradebook's files
            _set(target, "homework", os.path.relpath(CHECKOUT / "homework", root))


def _remember_exchange(root: Path, exchange: Path) -> None:
    inside = exchange.is_relative_to(root)
    _set(root / SETTINGS, "exchange", os.path.relpath(exchange, root) if inside else str(exchange))


def _set(file: Path, name: str, value: str) -> None:
    """Change one value of a settings file and nothing else of it."""
    line = f"{name} = " + '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    text, found = re.subn(rf"^{name}\s*=.*$", lambda _: line, file.read_text(encoding="utf-8"), count=1, flags=re.M)
    file.write_text(text if found else f"{text.rstrip()}\n{line}\n", encoding="utf-8")


def _make_key(key: Path) -> None:
    """The secret from which hidden probes are drawn: 32 random bytes that the owner alone can read."""
    try:
        handle = os.open(key, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(32) + "\n")


def read_key(root: Path) -> bytes:
    """The secret of the course root, from which hidden probes are drawn; `CourseError` where it is missing or unfit."""
    key = Path(root) / KEY
    anew = f"Move it away and `course lab --course-dir {root}` makes a new one; hidden cases are then other ones, so grade again what was graded."
    try:
        mode, text = key.stat().st_mode, key.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise CourseError(f"{key} is missing, from which hidden cases are drawn. Put back your copy of it, or let `course lab --course-dir {root}` make a new one; "
                          "hidden cases are then other ones, so grade again what was graded.") from None
    except (OSError, ValueError) as error:
        raise CourseError(f"{key} cannot be read: {getattr(error, 'strerror', None) or 'it is no text'}. {anew}") from None
    if os.name == "posix" and mode & 0o007:
        raise CourseError(f'{key} can be read or written by everybody on this machine ({stat.filemode(mode)}), and whoever has it knows the hidden cases. '
                          f'chmod 600 "{key}" closes it; if somebody may have read it: {anew[0].lower()}{anew[1:]}')
    if not re.fullmatch(r"([0-9a-fA-F]{2}){16,}", text):
        what = "is empty" if not text else "is too short" if re.fullmatch(r"[0-9a-fA-F]*", text) else "holds something else"
        raise CourseError(f"{key} {what}: at least 32 hexadecimal digits are expected, on one line. {anew}")
    return bytes.fromhex(text)


def _make_exchange(exchange: Path, *, shared: bool) -> None:
    if not exchange.exists():
        try:
            exchange.mkdir(parents=True)
            # Everybody may add to a shared exchange, nobody may take away what is another's.
            exchange.chmod(0o1777 if shared else 0o700)
        except OSError as error:
            raise CourseError(f"The exchange {exchange} cannot be made: {error.strerror}. {_remedy(exchange.parent)}") from None
    if (problem := exchange_problem(exchange)):
        raise CourseError(" ".join(problem))


def exchange_problem(exchange: Path) -> tuple[str, str] | None:
    """What keeps nbgrader from using the folder and what to do about it, a sentence each; None where nothing does."""
    if not exchange.exists():
        return f"The exchange {exchange} is missing.", "`course lab` makes it anew."
    if not exchange.is_dir():
        return f"The exchange {exchange} is a file, not a folder.", "Move it away and start `course lab` again."
    if not os.access(exchange, os.R_OK | os.W_OK | os.X_OK):
        mode = stat.filemode(exchange.stat().st_mode)
        return f"The exchange {exchange} cannot be written by you ({mode}).", _remedy(exchange)
    return None


def _remedy(folder: Path) -> str:
    return f'Have its owner run: chmod ugo+rwx "{folder}"; or put exchange = "exchange" into {SETTINGS} for one of your own.'
