"""The self-test: what student code would try, tried inside the sandbox in force; what was blocked sets the tier.

A probe is a few lines of Python that run as a student's cell. It is open when they end without an error. What the
probes try to reach is laid out by the trusted side: two files that hold nothing, two sockets that listen, itself.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import socket
import sys
import tempfile
import textwrap
import time
from pathlib import Path

from .tiers import Tier

SECONDS = 20.0


@dataclasses.dataclass(frozen=True)
class Probe:
    """`source` succeeds where student code could do what `sentence` says; `tier` is the lowest tier that must block it."""

    name: str
    tier: str
    sentence: str
    source: str


PROBES = (
    Probe("read a file of the temporary folder", "B", "could read files that others left in the temporary folder", "open(there['canary']).read()"),
    Probe("read a file of the home folder", "B", "could read files of the home folder", "open(there['home']).read()"),
    Probe("read a gradebook", "B", "could read every file that the grader's user can read, gradebooks and other submissions among them", "open(there['gradebook'], 'rb').read(16)"),
    Probe("see that a file exists", "A", "could find out which files exist, their size and date, though not read them", "os.stat(there['canary'])"),
    Probe("write outside the scratch folder", "B", "could leave files outside its scratch folder", "open(there['beside'], 'w')"),
    Probe("read the grader's own program", "B", "could read any file that is mounted for it (no Landlock)", "open(there['program']).read()"),
    Probe("list other processes", "B", "could list the other processes and their command lines", "open('/proc/%d/cmdline' % there['pid']).read()"),
    Probe("see that a process exists", "A", "could find out the numbers of other processes", "os.getpgid(there['pid'])"),
    Probe("read the grader's environment", "B", "could read the environment of other processes of the same user", "open('/proc/%d/environ' % there['pid'], 'rb').read()"),
    Probe("signal the grader", "B", "could end other processes of the same user, the grader among them", "os.kill(there['pid'], 0)"),
    Probe("read another process's memory", "B", "could read the memory of other processes of the same user", "assert reads_memory_of(there['pid'])"),
    Probe("attach to another process", "B", "could take over other processes of the same user (ptrace)", "assert system('ptrace', 16902, there['pid'], 0, 0) == 0"),
    Probe("connect to a port of this machine", "B", "could use the network", "socket.create_connection(('127.0.0.1', there['port']), 1)"),
    Probe("connect to an abstract socket", "B", "could talk to services of this machine through abstract sockets", "socket.socket(socket.AF_UNIX).connect(there['abstract'])"),
    Probe("make namespaces", "B", "could use parts of the kernel with a long record of holes (user namespaces)", "assert system('unshare', 0x10000000) == 0"),
    Probe("use the kernel's key ring", "B", "could use parts of the kernel that no computation needs (keyctl, bpf, io_uring)", "assert system('keyctl', 0, -3, 0) > 0"),
    Probe("fill the shared memory folder", "B", "could fill /dev/shm, which is the machine's memory", """
        with open('/dev/shm/full', 'wb') as file:
            try:
                for _ in range(20): file.write(bytes(1 << 20))
            finally:
                os.unlink('/dev/shm/full')"""),
    Probe("start processes without end", "C", "could fill the machine with processes", """
        import _thread
        _thread.stack_size(1 << 17)
        wait = _thread.allocate_lock(); wait.acquire()
        try:
            for _ in range(200): _thread.start_new_thread(wait.acquire, (True, 2))
        finally:
            for _ in range(200): wait.release() if wait.locked() else None"""),
    Probe("take memory without end", "C", "could take all of the machine's memory", "mmap.mmap(-1, 5 << 30)"),
    Probe("raise a limit", "C", "could raise its own limits", "resource.setrlimit(resource.RLIMIT_CPU, (-1, -1))"),
    Probe("write a file without end", "C", "could fill the disk with one file", "os.truncate(there['mine'], 1 << 40)"),
)
PREPARE = """
import ctypes, json, mmap, os, resource, socket
there = json.loads({there!r})
open(there['mine'], 'w').close()
numbers = json.loads({numbers!r})
def system(name, *arguments):
    return ctypes.CDLL(None).syscall(ctypes.c_long(numbers[name]), *(ctypes.c_long(a or 0) for a in arguments))
def reads_memory_of(pid):                     # from an address where nothing is: who may read gets EFAULT, who may not EPERM
    libc, piece = ctypes.CDLL(None, use_errno=True), (ctypes.c_size_t * 2)(8, 1)
    one, none = ctypes.c_long(1), ctypes.c_long(0)
    return libc.syscall(ctypes.c_long(numbers['process_vm_readv']), ctypes.c_long(pid), piece, one, piece, one, none) == -1 and ctypes.get_errno() == 14
opened = []
"""
TRY = """
try:
{source}
    opened.append({name!r})
except BaseException:
    pass
"""


def run(letter: str) -> Tier:
    """Try all probes in the layers of a tier. CourseError where no process starts in them."""
    from .session import StudentSession

    started = time.monotonic()
    with _targets() as there, StudentSession(tier=letter, cell_seconds=SECONDS, plots=False) as session:
        cells = [PREPARE.format(there=json.dumps(there), numbers=json.dumps(_numbers())),
                 "".join(TRY.format(source=textwrap.indent(textwrap.dedent(probe.source).strip(), "    "), name=probe.name) for probe in PROBES)]
        for cell in cells:
            if error := session.run(cell)["error"]:
                raise AssertionError(f"the self-test's own cell failed: {error}")
        opened = set(session.get("opened"))
    return judge(letter, opened, time.monotonic() - started)


def judge(letter: str, opened: set[str], seconds: float = 0.0) -> Tier:
    """The tier that follows from what was open: never better than the layers' own, and that of the lowest promise that was broken."""
    found = [probe for probe in PROBES if probe.name in opened]
    for probe in found:
        letter = max(letter, "B" if probe.tier == "A" else "C")
    return Tier(letter, tuple(f"Student code {probe.sentence}." for probe in found), seconds)


def _numbers() -> dict[str, int]:
    import platform
    from . import seccomp

    column = seccomp.ARCHITECTURES.get(platform.machine(), (0, 0))[0]
    return {name: seccomp.NUMBERS[name][column] for name in ("process_vm_readv", "ptrace", "unshare", "keyctl")}


@contextlib.contextmanager
def _targets():
    """What the probes reach for; it is gone afterwards."""
    with contextlib.ExitStack() as stack:
        shared = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="canary-")))
        shared.chmod(0o777)
        canary, gradebook = shared / "canary", Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="course-"))) / "gradebook.db"
        canary.write_text("canary")
        canary.chmod(0o644)
        gradebook.write_text("nobody's points")
        home = gradebook
        with contextlib.suppress(OSError):                  # a home that cannot be written is asked for its own listing
            file = stack.enter_context(tempfile.NamedTemporaryFile(prefix=".canary-", dir=Path.home()))
            home = Path(file.name)
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        abstract = f"\0canary-{os.getpid()}"
        if sys.platform == "linux":
            own = stack.enter_context(socket.socket(socket.AF_UNIX))
            own.bind(abstract)
            own.listen()
        program = Path(__file__).with_name("student.py")
        yield {"canary": str(canary), "home": str(home), "gradebook": str(gradebook), "beside": str(shared / "written"), "pid": os.getpid(),
               "port": listener.getsockname()[1], "abstract": abstract, "program": str(program), "mine": "selftest"}
