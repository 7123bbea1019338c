"""Other users of this machine, for tests that need more than one: made where missing, gone afterwards, with a home and a Python of theirs.

Only root can become somebody else. An interpreter below root's private home cannot be run by others; a thin environment
then puts this one's packages around the system's Python of the same version.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SYSTEM_PYTHON = f"/usr/bin/python3.{sys.version_info.minor}"


@dataclass(frozen=True)
class Somebody:
    """A user: the name, where the home is for the test, and the Python to run."""

    name: str
    home: Path
    python: str

    @property
    def uid(self) -> int:
        return pwd.getpwnam(self.name).pw_uid

    @property
    def identity(self) -> dict:
        """For subprocess: this user, this user's group, and no group of root's."""
        return {"user": self.uid, "group": pwd.getpwnam(self.name).pw_gid, "extra_groups": []}

    @property
    def environment(self) -> dict[str, str]:
        """What the user's shell would have; nothing of root's."""
        return {"HOME": str(self.home), "USER": self.name, "LOGNAME": self.name, "LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1",
                "PATH": os.pathsep.join([str(Path(self.python).parent), "/usr/local/bin", "/usr/bin", "/bin"])}

    def run(self, *command, cwd=None, **more: str) -> subprocess.CompletedProcess:
        return subprocess.run(command, cwd=cwd or self.home, env={**self.environment, **more}, capture_output=True, text=True, timeout=300, **self.identity)

    def own(self, folder: Path) -> Path:
        """Give a folder with all that is in it to the user."""
        subprocess.run(["chown", "--recursive", f"{self.name}:", str(folder)], check=True)
        return folder


@contextmanager
def users(names, require):
    """`Somebody` for each name, their homes beside each other in a folder that all may enter; what was made is gone when the block ends."""
    require(os.name == "posix" and os.geteuid() == 0, "Two users of the operating system: only root can become them.")
    place, made = Path(tempfile.mkdtemp(prefix="course-users-")), []
    try:
        place.chmod(0o755)
        for name in names:
            if not _exists(name):
                subprocess.run(["useradd", "--no-create-home", "--home-dir", str(place / name), "--shell", "/bin/bash", name], check=True)
                made.append(name)
        python = _python(place / "python", names[0])
        require(python, f"Another user can run neither {sys.executable} nor {SYSTEM_PYTHON} with these packages.")
        people = [Somebody(name, place / name, python) for name in names]
        for somebody in people:
            somebody.home.mkdir()
            somebody.own(somebody.home)
        yield people
    finally:
        for name in made:
            subprocess.run(["userdel", name], check=False)
        shutil.rmtree(place, ignore_errors=True)


def _exists(name):
    try:
        return bool(pwd.getpwnam(name))
    except KeyError:
        return False


def _python(folder: Path, name: str) -> str | None:
    """An interpreter with the packages of this one that the user can run: this one, or a thin environment in `folder`."""
    if _runs(sys.executable, name):
        return sys.executable
    for share in (os.symlink, _copy):
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "bin").mkdir(parents=True)
        (folder / "bin" / "python").symlink_to(SYSTEM_PYTHON)
        for script in (Path(sys.prefix) / "bin").iterdir():              # nbgrader starts `alembic`
            head, _, rest = script.read_bytes().partition(b"\n") if script.is_file() else (b"", b"", b"")
            if head.startswith(f"#!{sys.prefix}/bin/python".encode()):
                (folder / "bin" / script.name).write_bytes(f"#!{folder}/bin/python\n".encode() + rest)
                (folder / "bin" / script.name).chmod(0o755)
        (folder / "pyvenv.cfg").write_text("home = /usr/bin\ninclude-system-site-packages = false\n")
        for part in ("lib", "share", "etc"):
            if (Path(sys.prefix) / part).is_dir():
                share(Path(sys.prefix) / part, folder / part)
        if _runs(str(folder / "bin" / "python"), name):
            return str(folder / "bin" / "python")
    return None


def _copy(source, target):
    """By links to the same files where the file system has them, which takes no room."""
    if subprocess.run(["cp", "--recursive", "--link", str(source), str(target)], capture_output=True).returncode:
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target, symlinks=True)


def _runs(python: str, name: str) -> bool:
    somebody = Somebody(name, Path("/"), python)
    try:
        return somebody.run(python, "-c", "import numpy, jupyterlab, nbgrader.apps.baseapp", cwd="/").returncode == 0
    except OSError:
        return False
