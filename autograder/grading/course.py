"""A course root as nbgrader sees it: its configuration, its gradebook, and each of nbgrader's steps as one call."""

from __future__ import annotations

import contextlib
import functools
import glob
import itertools
import logging
import os
import re
import shutil
import sys
import time
import warnings
from pathlib import Path

from nbformat.warnings import MissingIDFieldWarning
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import SAWarning
from traitlets.config import Config, PyFileConfigLoader

from ..assignments import folders
from ..course_root import CONFIG, exchange_problem
from ..errors import CourseError
from . import gradebook


class Course:
    """One course root. Each step raises `CourseError` with nbgrader's own last words where nbgrader fails."""

    patience = 60.0                                  # seconds for which a gradebook that is locked is waited for

    def __init__(self, root: Path):
        self.root = Path(root)
        tools = str(Path(sys.executable).parent)     # nbgrader calls `alembic` by name, also where the environment is not activated
        if tools not in os.environ.get("PATH", "").split(os.pathsep):
            os.environ["PATH"] = os.pathsep.join([tools, os.environ.get("PATH", os.defpath)])
        self.config = configuration(self.root)
        self.root = Path(self.config.CourseDirectory.root)
        self.coursedir = CourseDirectory(config=self.config)

    @functools.cached_property
    def api(self):
        """nbgrader's own steps: with them come all its commands, which grading does not need and which take a while to import."""
        from nbgrader.apps import NbGraderAPI

        api = NbGraderAPI(self.coursedir, config=self.config)
        api.log.setLevel(logging.INFO)               # nbgrader's words are its explanation when something fails
        api.log.propagate = False
        return api

    @functools.cached_property
    def exchange_factory(self):
        """nbgrader's choice of classes for its exchange, as the configuration has it."""
        from nbgrader.exchange import ExchangeFactory

        return ExchangeFactory(config=self.config)

    # ---- places

    def place(self, step: str, assignment: str, student: str = ".") -> Path:
        """The folder of an assignment at a step: source, release, submitted, autograded or feedback."""
        return Path(self.coursedir.format_path(getattr(self.coursedir, f"{step}_directory"), student, assignment))

    def submitted(self, assignment: str) -> set[str]:
        """The students of whom a submission lies in `submitted`, as nbgrader finds them."""
        folder, pattern = self.coursedir.submitted_directory, "(?P<student>.*)"
        found = [path for path in glob.glob(self.coursedir.format_path(folder, "*", assignment)) if os.path.isdir(path)]
        parts = re.compile(self.coursedir.format_path(folder, pattern, assignment, escape=True))
        return {match["student"] for match in map(parts.match, found) if match}

    def submissions(self, assignment: str) -> list[str]:
        """The students who have handed the assignment in; a sentence where none has."""
        students = sorted(self.submitted(assignment))
        if not students:
            waiting = "" if self.place("release", assignment).exists() else f" It has not been released yet: `course build {assignment}`, then `course release {assignment}`."
            raise CourseError(f"There are no submissions of {assignment} to grade. `course collect {assignment}` fetches those that were handed in.{waiting}")
        return students

    def known(self, assignment: str) -> str:
        """The assignment's name if this course or this package has it, else a `CourseError` with the nearest."""
        with self.gradebook() as gradebook:
            here = {a.name for a in gradebook.assignments}
        if assignment in here or self.place("source", assignment).is_dir():
            return assignment
        import difflib
        names = sorted(here | set(folders()))
        near = difflib.get_close_matches(assignment, names, n=1, cutoff=0.1)
        if assignment in names:
            raise CourseError(f"{assignment} is not in this course yet: `course build {assignment}` puts it there.")
        raise CourseError(f"There is no assignment {assignment!r}." + (f" Did you mean {near[0]}?" if near else ""))

    def gradebook(self) -> Gradebook:
        """nbgrader's gradebook; while another program writes to it, it waits for its turn."""
        return gradebook.opened(self.coursedir.db_url, self.coursedir.course_id, self.patience)

    def exchange(self, assignment: str | None = None) -> None:
        """Nothing where the exchange can be used and, if named, the assignment is in it; else a sentence with what to do."""
        problem = exchange_problem(self._exchange())
        if problem:
            raise CourseError(" ".join(problem))
        if assignment and not self.is_released(assignment):
            raise CourseError(f"{assignment} has not been released: `course release {assignment}` puts it into the exchange.")

    def _exchange(self) -> Path:
        return Path(self.exchange_factory.List(coursedir=self.coursedir, config=self.config).root)

    def is_released(self, assignment: str) -> bool:
        return self._outbound(assignment).is_dir()

    def _outbound(self, assignment) -> Path:
        return self._exchange() / self.coursedir.course_id / "outbound" / assignment

    # ---- nbgrader's steps

    def step(self, name: str, *args, **kwargs) -> str:
        """Run a step of nbgrader's API and return its log."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SAWarning)      # nbgrader's own way with its database, nothing to act on
            warnings.simplefilter("ignore", MissingIDFieldWarning)      # of a notebook that an older program wrote; the one that nbgrader writes from it has ids
            done = getattr(self.api, name)(*args, **kwargs)
        if not done["success"]:
            raise CourseError(explain(done))
        return done.get("log", "")

    def release(self, assignment: str, *, force: bool = False) -> None:
        """The student version, into the exchange; over an earlier release only with `force`."""
        self.exchange()
        released = self._outbound(assignment)
        if released.is_dir() and not force:
            raise CourseError(f"{assignment} is released already; students may have fetched it. `course release {assignment} --force` replaces it in the exchange "
                              "and keeps what stood there in backups/; who fetched it keeps the old one.")
        self.generate(assignment)
        with self.set_aside(released):
            self.step("release_assignment", assignment)

    def generate(self, assignment: str) -> None:
        """The student version, from the source into `release/` and the gradebook; what stood there is kept where it differs."""
        if not self.place("source", assignment).is_dir():
            raise CourseError(f"The source of {assignment}, {self.place('source', assignment)}, is missing: `course build {assignment}` with this course's term makes it again.")
        with self.set_aside(self.place("release", assignment)):
            self.step("generate_assignment", assignment)

    def publish(self, folder: Path, name: str) -> str:
        """Put a folder into the exchange, to be fetched as `name` by everybody who may read the exchange."""
        target = self._outbound(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        with self.set_aside(target):
            shutil.copytree(folder, target)
            for path in [target, *target.rglob("*")]:
                path.chmod(0o755 if path.is_dir() else 0o644)
        return name

    @contextlib.contextmanager
    def set_aside(self, folder: Path):
        """While a step writes `folder` anew, the old one waits in backups/: it stays there, or comes back where the step
        fails. One that came out the same leaves no backup."""
        if not folder.is_dir():
            yield
            return
        kept = fresh(self.root / "backups" / f"{folder.parent.name}_{folder.name}_{time.strftime('%Y-%m-%d_%H%M%S')}")
        kept.parent.mkdir(exist_ok=True)
        shutil.move(folder, kept)
        try:
            yield
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            shutil.move(kept, folder)
            raise
        if _content(kept) == _content(folder):
            shutil.rmtree(kept)

    def feedback(self, assignment: str) -> tuple[list[str], dict[str, str]]:
        """Write and release everybody's feedback: (the students it is out for, student → why it is not)."""
        students = sorted(path.parent.name for path in self.place("autograded", assignment, "*").parent.parent.glob(f"*/{assignment}"))
        if not students:
            raise CourseError(f"Nothing of {assignment} has been graded yet: `course grade {assignment}` does that.")
        out, failed = [], {}
        for student in students:
            try:
                self.step("generate_feedback", assignment, student)
                if not (self.place("submitted", assignment, student) / "timestamp.txt").exists():
                    raise CourseError(f"was not handed in through the exchange, so it cannot go back through it. The page is {self.place('feedback', assignment, student)}.")
                self.step("release_feedback", assignment, student)
                out.append(student)
            except CourseError as error:
                failed[student] = str(error)
        return out, failed

    def score(self, assignment: str, student: str):
        """(points, most, whether a person still has to read something); None where there is no grade."""
        with self.gradebook() as gradebook, contextlib.suppress(MissingEntry):
            submission = gradebook.find_submission(assignment, student)
            return float(submission.score), float(submission.max_score), bool(submission.needs_manual_grade)
        return None


def configuration(root: Path) -> Config:
    """nbgrader's configuration of a course root, whoever made it. What it says relative to the root is made absolute: nbgrader takes it
    relative to the folder in which it was started."""
    file = root / CONFIG
    config = Config(PyFileConfigLoader(CONFIG, path=str(root)).load_config()) if file.is_file() else Config()
    said = config.CourseDirectory.get("root", "")
    config.CourseDirectory.root = str((root / Path(said).expanduser()).resolve()) if said else str(root)
    url = config.CourseDirectory.get("db_url") and gradebook.parsed(config.CourseDirectory.db_url)
    if url and url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:"):
        config.CourseDirectory.db_url = url.set(database=str(Path(config.CourseDirectory.root) / url.database)).render_as_string(hide_password=False)
    return config


def fresh(path: Path) -> Path:
    """The path, with a number added where something stands there already."""
    names = itertools.chain([path], (path.with_stem(f"{path.stem}-{number}") for number in itertools.count(2)))
    return next(name for name in names if not name.exists())


def _content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def explain(done: dict) -> str:
    """A sentence of ours in nbgrader's log, else its last complaint in one line with the error that it comes from."""
    errors = re.findall(r"^\s*([\w.]+(?:Error|Exception)): (.+)$", done.get("log", ""), flags=re.M)
    ours = [text for kind, text in errors if kind.endswith(".CourseError")]
    if ours:
        return ours[-1]
    complaints = [line for line in done.get("log", "").splitlines() if line.startswith(("[ERROR]", "[CRITICAL]"))]
    complaints = [line.split("] ", 1)[1] for line in complaints if "see the" not in line and "Traceback" not in line]
    last = (done.get("error") or "").strip().splitlines()[-1:] or ["nbgrader failed without a word"]
    return ": ".join(complaints[-1:] + [text for _, text in errors[-1:]]) if complaints else last[0]
