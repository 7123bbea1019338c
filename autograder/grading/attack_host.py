"""The host of one attack: bait to be stolen, folders to be watched, processes to be counted, made for it and thrown away.

Where the machine allows it the host has namespaces of its own. Whatever a case does in a weak tier then ends with it:
its processes are no other's to see or kill, and what lies in the temporary folders afterwards was left by it.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import secrets
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Callable, Iterable

CHECKOUT = Path(__file__).resolve().parents[2]
PUBLIC = ("/tmp", "/var/tmp", "/dev/shm")
SIZE = "size=256m,nr_inodes=20000,mode={:o}"        # of each of these folders, and of the home, in a host with its own namespaces
NEWNS, NEWIPC, NEWUSER, NEWPID = 0x00020000, 0x08000000, 0x10000000, 0x20000000
BIND, REC, PRIVATE, NOSUID, NODEV, NOEXEC = 4096, 16384, 1 << 18, 2, 4, 8
PDEATHSIG, CHILD_SUBREAPER = 1, 36
MARKER = "bait that nobody may read"


class Host:
    """Bait and marks of one case, and what the case has changed of them. Use as a context manager."""

    def __init__(self):
        self.place = Path(tempfile.mkdtemp(prefix="attack-"))
        self.lab, self.scratch, self.canary = self.place / "lab", self.place / "grader", f"canary-{secrets.token_hex(8)}"
        self.own = False                            # whether it has namespaces of its own
        self._listener = socket.create_server(("127.0.0.1", 0))

    def __enter__(self) -> "Host":
        for folder in ("lab/secret", "lab/subs/bob", "lab/scratch", "grader"):
            (self.place / folder).mkdir(parents=True, exist_ok=True)
        (self.lab / "secret" / "hidden_tests.py").write_text(f"# {MARKER}\nassert sigmoid(0) == 0.5\n")
        with sqlite3.connect(self.lab / "secret" / "gradebook.db") as database:
            database.execute("create table grades (student text, score real)")
            database.execute("insert into grades values (?, 100)", (MARKER,))
        database.close()
        (self.lab / "subs" / "bob" / "hw.py").write_text(f"# {MARKER}\nanswer = 42\n")
        for path in (self.place, *self.lab.rglob("*"), self.lab):       # everybody may read it: that it stays unread is the sandbox's doing alone
            path.chmod(0o755 if path.is_dir() else 0o644)
        self.scratch.chmod(0o1777)
        return self

    def __exit__(self, *exception):
        self._listener.close()
        for folder in {"/tmp", tempfile.gettempdir()}:
            Path(folder, self.canary).unlink(missing_ok=True)
        subprocess.run(["rm", "-rf", str(self.place)], check=False)     # also folders nested too deeply for shutil

    @property
    def marks(self) -> dict[str, str]:
        """What the marks in a case's text stand for."""
        return {"@LAB@": str(self.lab), "@CANARY@": self.canary, "@PORT@": str(self._listener.getsockname()[1])}

    def fill_in(self, text: str) -> str:
        for mark, value in self.marks.items():
            text = text.replace(mark, value)
        return text

    def settle(self):
        """Move this process's temporary folder into the host, lay out the canary and remember how everything looks."""
        for folder in {"/tmp", tempfile.gettempdir()}:
            Path(folder, self.canary).touch()
        os.environ.update(TMPDIR=str(self.scratch), LAB=str(self.lab))
        tempfile.tempdir = None
        self._before = self._state()

    def changed(self) -> list[str]:
        """What is no longer as it was when the host was settled: paths, the grader's own folder left out."""
        now = self._state()
        return sorted(path for path in {*self._before, *now} if self._before.get(path) != now.get(path))

    def _state(self) -> dict[str, str]:
        state = {str(path): _digest(path) for path in sorted(self.lab.rglob("*"))}
        for folder in (*PUBLIC, str(Path.home()), str(Path.home() / ".ssh")):
            state.update({os.path.join(folder, name): "" for name in _names(folder) if name != ".cache"})
        state.update({str(path): "" for path in (self.place, self.lab) if path.exists()})
        return state


def _digest(path: Path) -> str:
    try:
        if not path.is_file():                       # a pipe that a case has left would be read for ever
            return "folder" if path.is_dir() else "no file"
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        return str(error)


def _names(folder) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


# ---------------------------------------------------------------- namespaces

def in_a_process(work: Callable[[], bytes], host: Host, seconds: float) -> bytes | None:
    """What `work` returns in a process of its own, in the host's namespaces where there can be any; None where it died
    or had not answered in time. No process that it started is left."""
    adopt_strays()
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        _answer(work, host, writing)
    os.close(writing)
    answer = _read(reading, time.monotonic() + seconds)
    end([pid])
    os.waitpid(pid, 0)
    end(offspring(os.getpid()))
    return answer or None


def _answer(work, host, writing) -> None:
    """Enter the host's namespaces, write what `work` returns there, and end."""
    status = 1
    try:
        die_with_parent()
        host.own = _unshare(host.place)
        if host.own and (first := os.fork()):         # the new process ids begin with the child: it is the first, whose end ends all others
            os.close(writing)
            os.waitpid(first, 0)
        else:
            die_with_parent()
            adopt_strays()
            if host.own:
                _mount("proc", "/proc", "proc", NOSUID | NODEV | NOEXEC)
                _drop_capabilities()
            with os.fdopen(writing, "wb") as stream:
                stream.write(work())
        status = 0
    finally:
        os._exit(status)


def _read(descriptor, deadline) -> bytes:
    import select
    data = b""
    with os.fdopen(descriptor, "rb", buffering=0) as stream:
        while select.select([stream], [], [], max(0, deadline - time.monotonic()))[0]:
            piece = stream.read(1 << 16)
            if not piece:
                return data
            data += piece
    return b""


def _unshare(place: Path) -> bool:
    """Give this process mounts, and its children process ids, of their own; False where the machine refuses."""
    if sys.platform != "linux":
        return False
    user, group = os.getuid(), os.getgid()
    if _libc().unshare(NEWNS | NEWIPC | NEWPID | (NEWUSER if user else 0)):
        return False
    if user:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    _mount("none", "/", None, REC | PRIVATE)
    home = str(Path.home())
    needed = [str(place), os.path.join(home, ".cache"), sys.prefix, sys.base_prefix, str(CHECKOUT), os.path.realpath(sys.executable), *filter(os.path.isdir, sys.path)]
    for folder in (home, *PUBLIC):
        if os.path.isdir(folder) and not os.path.islink(folder) and folder != "/":
            _cover(folder, [path for path in needed if path.startswith(folder + "/") and os.path.exists(path)])
    Path(home, ".ssh").mkdir(mode=0o700, exist_ok=True)
    Path(home, ".ssh", "id_ed25519").write_text(MARKER)
    return True


def _cover(folder: str, keep: Iterable[str]) -> None:
    """An empty, small folder over this one, with what must be kept of it in its place."""
    tops = sorted({path.split("/")[len(folder.split("/"))] for path in keep})
    held = {name: os.open(os.path.join(folder, name), os.O_PATH) for name in tops}
    _mount("tmpfs", folder, "tmpfs", NOSUID | NODEV, SIZE.format(os.stat(folder).st_mode & 0o7777))
    for name, descriptor in held.items():
        target = Path(folder, name)
        target.mkdir() if os.path.isdir(f"/proc/self/fd/{descriptor}") else target.touch()
        _mount(f"/proc/self/fd/{descriptor}", str(target), None, BIND | REC)
        os.close(descriptor)


def _mount(source, target, kind, flags, data=None) -> None:
    encoded = [None if text is None else text.encode() for text in (source, target, kind)]
    if _libc().mount(*encoded, ctypes.c_ulong(flags), None if data is None else data.encode()):
        raise OSError(ctypes.get_errno(), f"cannot mount {target}")


def _drop_capabilities() -> None:
    """A user who entered a user namespace has every capability in it; the grader is to run as that user does outside."""
    if os.getuid():
        header, data = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
        _libc().capset(ctypes.byref(header), ctypes.byref(data))


def _libc():
    return ctypes.CDLL(None, use_errno=True)


# ---------------------------------------------------------------- processes

def adopt_strays() -> None:
    """Become the parent of every descendant whose own parent ends (on Linux)."""
    if sys.platform == "linux":
        _libc().prctl(CHILD_SUBREAPER, 1)


def die_with_parent() -> None:
    """End this process when its parent ends (on Linux)."""
    if sys.platform == "linux":
        _libc().prctl(PDEATHSIG, signal.SIGKILL)


def offspring(ancestor: int) -> dict[int, str]:
    """Process id → command of every living process that descends from `ancestor`."""
    parents, commands = {}, {}
    for pid, parent, state, command in _processes():
        if state != "Z":
            parents[pid], commands[pid] = parent, command

    def descends(pid):
        seen = set()
        while pid in parents and pid not in seen:
            seen.add(pid)
            pid = parents[pid]
            if pid == ancestor:
                return True
        return False
    return {pid: command for pid, command in commands.items() if descends(pid)}


def dead_children() -> list[int]:
    """The children of this process that have ended and have not been waited for."""
    return [pid for pid, parent, state, _ in _processes() if parent == os.getpid() and state == "Z"]


def _processes() -> Iterable[tuple[int, int, str, str]]:
    if sys.platform != "linux":
        listed = subprocess.run(["ps", "-axo", "pid=,ppid=,stat=,command="], capture_output=True, text=True, check=False).stdout
        for line in listed.splitlines():
            pid, parent, state, command = line.split(None, 3)
            if not command.startswith("ps -axo"):
                yield int(pid), int(parent), state[0], command[:80]
        return
    for name in _names("/proc"):
        if name.isdigit():
            try:
                state, parent, *rest = Path("/proc", name, "stat").read_text(errors="replace").rpartition(")")[2].split()
                if rest[18] == "0":
                    state = "Z"                     # without memory: it has ended and is being cleared away
                yield int(name), int(parent), state, Path("/proc", name, "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")[:80]
            except OSError:
                continue                            # it ended meanwhile


def end(processes: Iterable[int]) -> None:
    """End these processes, by their ids."""
    for pid in processes:
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            pass


# ---------------------------------------------------------------- memory

def forget_peak() -> None:
    """Let the peak of this process's memory begin anew, where the system can."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        pass


def peak_bytes() -> int:
    """The most memory that this process has had since `forget_peak`, in bytes."""
    try:
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) << 10
    except OSError:
        pass
    import resource
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
