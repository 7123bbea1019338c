"""The trusted side's hold on warm servers: started once, lent to one submission at a time, ended with their families.

A server keeps no trace of a submission: it lends forks, and is lent again only after it has said that none of the
fork's processes is left. One that is silent or dead is thrown away with everything in it, and the next one is started.
"""

from __future__ import annotations

import atexit
import concurrent.futures
import contextlib
import dataclasses
import json
import multiprocessing.util
import os
import secrets
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from ..errors import CourseError
from . import isolation, privileges, watch

START_SECONDS = 60.0
FORK_SECONDS = 20.0
END_SECONDS = 10.0
REMOVE_SECONDS = 60.0
MOST_IDLE = 2                       # servers kept for the next submission
_CREDENTIALS = struct.Struct("3i")
_ENTER = 'read _ && exec "$@"'      # the shell waits until it is counted by the control group; what it then starts is counted too


@dataclasses.dataclass(frozen=True)
class Layers:
    """Which layers a server's forks are to have besides the limits; `seccomp` is "all", "signals" (they reach nobody else) or ""."""

    namespaces: bool
    landlock: bool
    seccomp: str


@dataclasses.dataclass
class Loan:
    """A submission's process: the channel to it, its number here (0 where the system does not tell), its scratch folder here
    (None where it lies in namespaces of its own)."""

    channel: socket.socket
    pid: int
    scratch: Path | None


class Server:
    """One warm server and whatever it has started."""

    def __init__(self, layers: Layers, distributions: tuple[str, ...], plots: bool = True):
        self.layers, self.distributions, self.plots, self.loan = layers, distributions, plots, None
        multiprocessing.util.Finalize(None, close_all, exitpriority=1)          # also where this process is another's worker, which no atexit hears of
        self.said = tempfile.TemporaryFile()
        self.folder = Path(tempfile.mkdtemp(prefix="grading-"))
        self.folder.chmod(0o755)                       # links and fonts for a user who may be another; no secret is here
        self.user, self._kept = privileges.free_user() if privileges.may_change_user() else (0, None)
        self.group = watch.ControlGroup.make(f"{watch.PREFIX}{secrets.token_hex(8)}")
        ours, theirs = socket.socketpair()
        self.control, self.process = ours, None
        try:
            self.process = _in_lasting_thread(self._begin, theirs.fileno())
            self._count_and_let_go()
            self.own = bool(self._hear(START_SECONDS).get("own"))
            if layers.namespaces:
                _remove(self.folder)                   # all that it holds is loaded
            self.links = _links(self.folder)
        except BaseException as error:
            said = self._said()
            self.close()
            if isinstance(error, (OSError, _Silent)):
                raise CourseError(f"The process for students' code does not start ({said or error}). `course doctor` says what this machine offers.") from None
            raise
        finally:
            theirs.close()

    def _begin(self, descriptor):
        house = {"control": descriptor, "user": self.user, "plots": self.plots, **dataclasses.asdict(self.layers)}
        make = isolation.walled_command if self.layers.namespaces else isolation.bare_command
        command = make(house, self.distributions, self.folder)
        return subprocess.Popen(["/bin/sh", "-c", _ENTER, "sh", *command], pass_fds=(descriptor,), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=self.said,
                                env=isolation.environment(None if self.layers.namespaces else self.folder), cwd="/", start_new_session=True)

    def _count_and_let_go(self):
        if self.group:
            try:
                self.group.add(self.process.pid)
            except OSError:                            # a group that takes no members is none
                self.group.remove()
                self.group = None
        self.process.stdin.write(b"\n")
        self.process.stdin.close()

    def _said(self):
        self.said.seek(0)
        lines = self.said.read(1 << 16).decode(errors="replace").strip().splitlines()
        return lines[-1][:300] if lines else ""

    # ---- submissions

    def lend(self, room: int = 0) -> Loan:
        """A fork of the server, walled in, for one submission, with `room` bytes in its scratch folder besides the usual ones. OSError where the server is no longer there or does not answer."""
        scratch = None
        if not self.layers.namespaces:
            scratch = Path(tempfile.mkdtemp(prefix="student-"))
            if self.user:
                os.chown(scratch, self.user, self.user)
        self.loan = scratch
        ours, theirs = socket.socketpair()
        if sys.platform == "linux":
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)          # the kernel will say who speaks
        try:
            there = 0 if self.own or self.user else _processes_of_this_user()
            request = {"do": "start", "scratch": str(scratch or "/scratch"), "there": there, "room": isolation.SCRATCH_BYTES + room}
            socket.send_fds(self.control, [json.dumps(request).encode()], [theirs.fileno()])
            theirs.close()
            self._hear(FORK_SECONDS)
            pid = _who_speaks(ours, FORK_SECONDS)
        except (OSError, ValueError, _Silent) as error:
            ours.close()
            theirs.close()
            said = self._said()
            self.close()
            raise OSError(said or str(error)) from error
        return Loan(ours, pid, scratch)

    def end(self) -> dict | None:
        """End the submission and all it started; {"complaint": …, "cpu": seconds}. None where the server had to be ended with it."""
        answer = None
        try:
            self.control.sendall(json.dumps({"do": "end"}).encode())
            answer = self._hear(END_SECONDS)
        except (OSError, _Silent):
            pass
        if answer is None or not answer.get("ended"):
            self.close()
            return None
        _remove(self.loan)
        self.loan = None
        if not self.own and (self.layers.namespaces or _links(self.folder) != self.links):
            self.close()                               # a house without rooms of their own is used once, and so is one that was changed
        return answer

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def close(self):
        """End the server and everything in it."""
        if self.said.closed:
            return
        self.control.close()
        if self.process is not None:
            family = watch.descendants(self.process.pid) if not self.layers.namespaces else []
            for pid in (*family, self.process.pid):
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
            self.process.kill()
            self.process.wait()
            if self.process.stdin:
                with contextlib.suppress(OSError):
                    self.process.stdin.close()
            self.process = None
        if self.group:
            self.group.kill()
            self.group.remove()
            self.group = None
        if self._kept:
            self._kept.close()
        _remove(self.loan)
        _remove(self.folder)
        self.said.close()
        self.loan = None

    def _hear(self, seconds) -> dict:
        self.control.settimeout(seconds)
        text = b""
        while not text.endswith(b"\n"):
            try:
                got = self.control.recv(1 << 16)
            except TimeoutError:
                raise _Silent("no answer in time") from None
            if not got or len(text) > 1 << 16:
                raise _Silent("it ended")
            text += got
        return json.loads(text)


class _Silent(Exception):
    """A server that does not answer."""


# ---------------------------------------------------------------- lending and keeping

_idle: list[Server] = []
_lock = threading.Lock()


def borrow(layers: Layers, distributions: tuple[str, ...], room: int = 0, plots: bool = True) -> tuple[Server, Loan]:
    """A server with these layers and packages, and a fork of it for one submission whose data files take `room` bytes.

    With `plots` it has matplotlib loaded. That doubles what a fork copies, and it can be imported in a fork as well.
    """
    while True:
        with _lock:
            server = next((one for one in _idle if one.layers == layers and one.distributions == distributions and one.plots >= plots), None)
            if server:
                _idle.remove(server)
        fresh = server is None
        if fresh:
            server = Server(layers, distributions, plots)
        elif not server.alive:
            server.close()
            continue
        try:
            return server, server.lend(room)
        except OSError as error:
            if fresh:
                raise CourseError(f"The process for students' code does not work ({error}). `course doctor` says what this machine offers.") from None


def give_back(server: Server) -> dict | None:
    """End the submission; the server waits for the next one. What `Server.end` says."""
    answer = server.end()
    with _lock:
        if server.process is not None:
            _idle.insert(0, server)
        old, _idle[MOST_IDLE:] = _idle[MOST_IDLE:], []
    for one in old:
        one.close()
    return answer


@atexit.register
def close_all() -> None:
    """End the servers that wait."""
    with _lock:
        servers, _idle[:] = list(_idle), []
    for server in servers:
        server.close()
    _remove_what_is_left()


def draws(text: str) -> bool:
    """Whether code seems to draw, by matplotlib or by what stands on it."""
    return any(word in text for word in ("plot", "pylab", "seaborn"))


_starter: concurrent.futures.ThreadPoolExecutor | None = None


def _in_lasting_thread(function, *arguments):
    """Start processes from a thread that lasts as long as this one's process: "die with the parent" means the thread that forked."""
    global _starter
    if _starter is None:
        _starter = concurrent.futures.ThreadPoolExecutor(1, "servers")
    return _starter.submit(function, *arguments).result()


def _forget():
    """In a fork of this process the servers are the parent's: let go of them, without a word to them."""
    global _starter, _lock
    _starter, _lock = None, threading.Lock()
    for server in _idle:
        server.control.close()
        if server._kept:
            server._kept.close()
    _idle.clear()
    _left.clear()


os.register_at_fork(after_in_child=_forget)


# ---------------------------------------------------------------- small things

def _who_speaks(connection: socket.socket, seconds: float) -> int:
    """Wait for the fork's first byte; the kernel's word for whose it is, as a process number of ours."""
    connection.settimeout(seconds)
    try:
        data, extra, *_ = connection.recvmsg(1, socket.CMSG_SPACE(_CREDENTIALS.size)) if sys.platform == "linux" else (connection.recv(1), ())
    except TimeoutError:
        raise _Silent("the fork did not answer") from None
    finally:
        if sys.platform == "linux":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 0)
    if data != b"!":
        raise _Silent("the fork ended at once")
    return next((_CREDENTIALS.unpack(part[:_CREDENTIALS.size])[0] for level, kind, part in extra if (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS)), 0)


def _processes_of_this_user() -> int:
    """How many processes and threads this user has already: where the limit counts them all, it has to leave room for them."""
    count = 0
    for entry in os.listdir("/proc") if os.path.isdir("/proc/self") else ():
        with contextlib.suppress(OSError):
            if entry.isdigit() and os.stat(f"/proc/{entry}").st_uid == os.getuid():
                count += len(os.listdir(f"/proc/{entry}/task"))
    return count


def _links(folder: Path) -> dict[str, str]:
    """What the packages of a server without namespaces lead to."""
    modules = folder / "modules"
    return {name: os.readlink(modules / name) if (modules / name).is_symlink() else "" for name in os.listdir(modules)} if modules.is_dir() else {}


_left: list[Path] = []               # folders that did not go in time: another try is made at the end


def _remove(folder: Path | None) -> bool:
    """Remove a folder whatever was made of it: unreadable folders and very deep ones too. False where it is still there, which costs no grade."""
    if folder is None or not folder.exists():
        return True
    with contextlib.suppress(RecursionError):
        shutil.rmtree(folder, ignore_errors=True)
    for command in (["chmod", "-R", "u+rwX", "--", str(folder)], ["rm", "-rf", "--", str(folder)]) if folder.exists() else ():
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=REMOVE_SECONDS, check=False)
    if folder.exists() and folder not in _left:
        _left.append(folder)
    return not folder.exists()


def _remove_what_is_left() -> None:
    """Try once more to remove what could not be; a sentence where that fails too."""
    for folder in list(_left):
        if not _remove(folder):
            print(f"{folder}, where a student's process wrote its files, could not be removed in {REMOVE_SECONDS:g} seconds. No grade depends on it: remove it by hand.", file=sys.stderr)
    _left.clear()
