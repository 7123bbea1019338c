"""A real `course lab` for tests, on a copy of the checkout, so that autosave and fetched homework change nothing of it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

CHECKOUT = Path(__file__).resolve().parents[1]
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "course", "homework", "node_modules", "__pycache__", ".*_cache", ".hypothesis")


@dataclass
class Lab:
    """A running server: `url` is the address it printed, with its token; `folder` the copy it serves."""

    folder: Path
    process: subprocess.Popen
    lines: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return next((line.strip() for line in self.lines if line.strip().startswith("http://")), "")

    @property
    def base(self) -> str:
        return "http://" + urlsplit(self.url).netloc

    @property
    def token(self) -> str:
        return parse_qs(urlsplit(self.url).query)["token"][0]

    def page(self, path: str) -> str:
        """The address of a page below the server, for example `lab/tree/homework/A1/A1.ipynb`."""
        return f"{self.base}/{path}?token={self.token}"


def copy_of_checkout(target: Path) -> Path:
    return Path(shutil.copytree(CHECKOUT, target, ignore=LEFT_OUT))


def environment(folder: Path, **more: str) -> dict[str, str]:
    """This process's environment, with the packages of the copy before all others and no course root named."""
    env = {**os.environ, "PYTHONPATH": str(folder), **more}
    env.pop("COURSE_DIR", None)
    return env


def course(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess:
    """Run `course ARGUMENTS` in the copy and return what it said."""
    command = [sys.executable, "-m", "autograder.cli", *arguments]
    return subprocess.run(command, cwd=folder, env=environment(folder, **more), capture_output=True, text=True, timeout=300)


@contextmanager
def running_lab(folder: Path, *options: str, command: list[str] | None = None, patience: float = 120, somebody=None, **more: str):
    """`course lab --no-browser OPTIONS` in `folder`, up when the block begins and gone when it ends; as `others.Somebody`, if named."""
    command = command or [somebody.python if somebody else sys.executable, "-m", "autograder.cli", "lab", "--no-browser", *options]
    process = subprocess.Popen(
        command, cwd=folder, env={**somebody.environment, "PYTHONPATH": str(folder)} if somebody else environment(folder, **more), text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True, **(somebody.identity if somebody else {}),
    )
    lab = Lab(folder, process)
    reader = threading.Thread(target=lambda: lab.lines.extend(iter(process.stdout.readline, "")), daemon=True)
    reader.start()
    try:
        deadline = time.monotonic() + patience
        while not lab.url:
            if process.poll() is not None or time.monotonic() > deadline:
                reader.join(5)
                raise AssertionError(f"no address after {patience} s or exit {process.poll()}:\n" + "".join(lab.lines))
            time.sleep(0.1)
        yield lab
    finally:
        _stop(process)
        reader.join(5)


def _stop(process: subprocess.Popen) -> None:
    """Ask the server to shut its kernels down, then end what is left of its process group."""
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        pass
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()
