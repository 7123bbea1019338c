"""How the student's process is started and walled in: by bubblewrap where it works, else by limits alone.

What it sees is an allow-list: the interpreter and its standard library, the packages an assignment may import, two
files of ours, and an empty scratch folder. The checkout, the course, the home directory and every other package are
not hidden but absent. An assignment's answers are therefore no import away.
"""

from __future__ import annotations

import functools
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
PROGRAM = ("student.py", "wire.py", "elsewhere.py")
ALLOWED = ("numpy", "matplotlib", "matplotlib-inline", "ipython")      # and what these need
SCRATCH_BYTES = 512 << 20
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
        for file in distribution.files or ():
            top = file.parts[0]
            if top not in ("..", "__pycache__", ".") and not top.endswith(".pth"):
                places[top] = str(distribution.locate_file(top))
        for requirement in distribution.requires or ():
            if "extra ==" not in requirement:
                waiting.append(re.match(r"[A-Za-z0-9._-]+", requirement).group())
    return {name: place for name, place in sorted(places.items()) if os.path.exists(place)}


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
    walls = [program, "--unshare-all", "--unshare-user", "--uid", "65534", "--gid", "65534", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv"]
    for place in SYSTEM:
        if os.path.islink(place):
            walls += ["--symlink", os.readlink(place), place]
        elif os.path.exists(place):
            walls += ["--ro-bind", place, place]
    walls += ["--proc", "/proc", "--dev", "/dev"]
    walls += ["--size", str(16 << 20), "--tmpfs", "/tmp", "--size", str(16 << 20), "--tmpfs", "/dev/shm", "--size", str(SCRATCH_BYTES), "--tmpfs", "/scratch", "--chdir", "/scratch"]
    interpreter, base = os.path.realpath(sys._base_executable or sys.executable), os.path.realpath(sys.base_prefix)
    if not base.startswith("/usr"):                      # an interpreter of somebody's home stands apart from that home
        walls += ["--ro-bind", base, "/python", "--setenv", "LD_LIBRARY_PATH", "/python/lib"]
        interpreter = interpreter.replace(base, "/python", 1)
    return walls, interpreter


def start(descriptor: int, *, files: dict[str, bytes] | None = None, distributions: tuple[str, ...] = ALLOWED, walled: bool = True):
    """(process, scratch folder to remove) of a fresh student's process that speaks on the socket `descriptor`.

    `files` are laid into its working directory (the data files of an assignment). `walled` False means limits alone.
    """
    scratch = Path(tempfile.mkdtemp(prefix="student-"))
    files = {**font_list(), **(files or {})}
    for name, content in files.items():
        place = scratch / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    places = allowed_places(tuple(distributions))
    command = _walled_command(places, scratch, files, descriptor) if walled else _bare_command(places, scratch, descriptor)
    environment = ENVIRONMENT if walled else {**ENVIRONMENT, **{key: value.replace("/scratch", str(scratch)) for key, value in ENVIRONMENT.items() if "/scratch" in value}}
    process = subprocess.Popen(command, pass_fds=(descriptor,), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               env=environment, cwd=scratch, start_new_session=True)
    return process, scratch


def _walled_command(places, scratch, files, descriptor):
    command, interpreter = _walls(shutil.which("bwrap"))
    for key, value in ENVIRONMENT.items():
        command += ["--setenv", key, value]
    for name in PROGRAM:
        command += ["--ro-bind", str(HERE / name), f"/program/{name}"]
    for name, place in places.items():
        command += ["--ro-bind", place, f"/modules/{name}"]
    for name in files:
        command += ["--bind", str(scratch / name), f"/scratch/{name}"]
    command += ["--remount-ro", "/"]                   # the root that holds all these mounts is a writable tmpfs until now
    return [*command, "--", interpreter, "-I", "-S", "/program/student.py", str(descriptor), "/modules"]


def _bare_command(places, scratch, descriptor):
    modules = scratch / ".modules"
    modules.mkdir()
    for name, place in places.items():
        (modules / name).symlink_to(place)
    return [os.path.realpath(sys._base_executable or sys.executable), "-I", "-S", str(HERE / "student.py"), str(descriptor), str(modules)]
