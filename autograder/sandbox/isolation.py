"""Where the student's process lives: what it may import, and bubblewrap's namespaces around it where they work.

What it sees is an allow-list: the interpreter and its standard library, the packages an assignment may import, a few
files of ours, and an empty scratch folder. The checkout, the course, the home directory and every other package are
not hidden but absent. An assignment's answers are therefore no import away.
"""

from __future__ import annotations

import functools
import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from . import privileges

HERE = Path(__file__).parent
PROGRAM = ("server.py", "student.py", "wire.py", "tables.py", "elsewhere.py", "limits.py", "landlock.py", "seccomp.py", "namespaces.py", "privileges.py", "watch.py")
ALLOWED = ("numpy", "matplotlib", "matplotlib-inline", "ipython")      # and what these need
SCRATCH_BYTES = 128 << 20           # besides the data files of the assignment
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache", "/etc/localtime")
ENVIRONMENT = {
    "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", "HOME": "/scratch", "TMPDIR": "/scratch", "MPLCONFIGDIR": "/scratch/.matplotlib",
    "IPYTHONDIR": "/scratch/.ipython", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0",
    **{f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL", "NUMEXPR")},
}


# ---------------------------------------------------------------- what may be imported

@functools.lru_cache(maxsize=8)
def allowed_places(distributions: tuple[str, ...] = ALLOWED) -> dict[str, str]:
    """Name below the module folder → place on this machine, for these distributions and all they require."""
    places, waiting, seen = {}, list(distributions), set()
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name in seen:
            continue
        seen.add(name)
        try:
            distribution = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue                                   # a requirement of another platform or Python
        for top in _top_level(distribution):
            if top not in ("..", "__pycache__", ".") and not top.endswith(".pth"):
                places[top] = str(distribution.locate_file(top))
        for requirement in distribution.requires or ():
            if "extra ==" not in requirement:
                waiting.append(re.match(r"[A-Za-z0-9._-]+", requirement).group())
    return {name: place for name, place in sorted(places.items()) if os.path.exists(place)}


def _top_level(distribution) -> set[str]:
    """The first part of each installed file's place. `distribution.files` makes a path of each of ten thousand, which takes half a second."""
    record = distribution.read_text("RECORD")
    if not record:
        return {file.parts[0] for file in distribution.files or ()}
    return {line.split("/")[0].split(",")[0].strip('"') for line in record.splitlines() if line}


@functools.lru_cache(maxsize=1)
def font_list() -> dict[str, bytes]:
    """matplotlib's list of fonts, as files of the scratch folder: building it anew costs each student's first plot seconds."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "neural-networks-by-hand"
    try:
        cache.mkdir(parents=True, exist_ok=True)
        if not list(cache.glob("fontlist-*.json")):
            subprocess.run([sys.executable, "-c", "import matplotlib.font_manager"], env={**os.environ, "MPLCONFIGDIR": str(cache)},
                           capture_output=True, timeout=120, check=False)
        return {f".matplotlib/{file.name}": file.read_bytes() for file in cache.glob("fontlist-*.json")}
    except (OSError, subprocess.TimeoutExpired):
        return {}                                      # a read-only home: plots work, the first one is slow


# ---------------------------------------------------------------- the walls

@functools.lru_cache(maxsize=1)
def bubblewrap_refusal() -> str | None:
    """Why bubblewrap cannot be used here, in a sentence; None where it works (tried, not guessed)."""
    program = shutil.which("bwrap")
    if program is None:
        return "bubblewrap is not installed: `apt install bubblewrap` (or your system's like) walls student code in."
    walls, interpreter = _walls(program)
    trial = subprocess.run([*walls, "--", interpreter, "-I", "-S", "-c", "import socket"], capture_output=True, text=True, timeout=60)
    if trial.returncode == 0:
        return None
    return (f"bubblewrap is installed but refused ({trial.stderr.strip()[:120] or 'no reason given'}): unprivileged user namespaces are "
            "forbidden here; on Ubuntu 24.04 an AppArmor profile for bwrap allows them, in a container its seccomp profile must.")


def _walls(program) -> tuple[list[str], str]:
    """bubblewrap's arguments for an empty house (own users, processes, network; the system read-only; sized scratch),
    and the place of the interpreter in it."""
    walls = [program, "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv"]
    if privileges.may_change_user():                           # root's house needs no user namespace; its inhabitant changes to an unprivileged user
        walls += ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--cap-add", "CAP_SYS_ADMIN"]
    else:
        walls += ["--unshare-all", "--unshare-user", "--uid", "65534", "--gid", "65534"]
    for place in SYSTEM:
        if os.path.islink(place):
            walls += ["--symlink", os.readlink(place), place]
        elif os.path.exists(place):
            walls += ["--ro-bind", place, place]
    walls += ["--proc", "/proc", "--dev", "/dev"]
    walls += ["--size", str(16 << 20), "--tmpfs", "/tmp", "--size", str(16 << 20), "--tmpfs", "/dev/shm", "--remount-ro", "/dev",
              "--size", str(SCRATCH_BYTES), "--tmpfs", "/scratch", "--chdir", "/scratch"]
    interpreter, base = os.path.realpath(sys._base_executable or sys.executable), os.path.realpath(sys.base_prefix)
    if not base.startswith("/usr"):                      # an interpreter of somebody's home stands apart from that home
        walls += ["--ro-bind", base, "/python", "--setenv", "LD_LIBRARY_PATH", "/python/lib"]
        interpreter = interpreter.replace(base, "/python", 1)
    return walls, interpreter


def walled_command(house: dict, distributions: tuple[str, ...], folder: Path) -> list[str]:
    """The command that starts the warm server with the configuration `house` in namespaces of its own."""
    command, interpreter = _walls(shutil.which("bwrap"))
    command += ["--dir", "/program", "--dir", "/modules", "--dir", "/scratch/.matplotlib"]       # made in passing they would be closed to all but root
    for key, value in ENVIRONMENT.items():
        command += ["--setenv", key, value]
    for name in PROGRAM:
        command += ["--ro-bind", str(HERE / name), f"/program/{name}"]
    for name, place in allowed_places(distributions).items():
        command += ["--ro-bind", place, f"/modules/{name}"]
    for name in _lay(folder, font_list()):
        command += ["--ro-bind", str(folder / name), f"/scratch/{name}"]
    command += ["--remount-ro", "/"]                   # the root that holds all these mounts is a writable tmpfs until now
    house = {**house, "modules": "/modules", "readable": [*SYSTEM, "/python", "/modules"]}
    return [*command, "--", interpreter, "-I", "-S", "/program/server.py", json.dumps(house)]


def bare_command(house: dict, distributions: tuple[str, ...], folder: Path) -> list[str]:
    """The command that starts the warm server without namespaces; the packages are links in `folder`."""
    _lay(folder, font_list())
    modules = folder / "modules"
    modules.mkdir()
    places = allowed_places(distributions)
    for name, place in places.items():
        (modules / name).symlink_to(place)
    system = [place for place in SYSTEM if not os.path.islink(place)]
    house = {**house, "modules": str(modules), "readable": [*system, os.path.realpath(sys.base_prefix), str(modules), *places.values()]}
    return [os.path.realpath(sys._base_executable or sys.executable), "-I", "-S", str(HERE / "server.py"), json.dumps(house)]


def environment(folder: Path | None) -> dict[str, str]:
    """The environment of a server: `folder` takes the place of /scratch where there are no namespaces."""
    return ENVIRONMENT if folder is None else {key: value.replace("/scratch", str(folder)) for key, value in ENVIRONMENT.items()}


def _lay(folder: Path, files: dict[str, bytes]) -> list[str]:
    for name, content in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return list(files)
