"""What all processes of a submission take together, which no limit of a single process bounds: memory, processes, files.

Where the grader may make control groups (as root, or where they were delegated to its user) the kernel holds the
totals: `ControlGroup`. Everywhere the warm server looks twenty times a second, and ends a submission that takes too
much: `Watchdog`. Memory is counted as the proportional set size, so that what a fork shares with the server is not
counted twice; it is read only when the resident set, which is cheap to read, would already be too much.

The server reads this file inside the sandbox, so it imports the standard library alone.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path

MEMORY = 2 << 30                  # bytes of all processes of a submission together
PROCESSES = 96                    # all of them, the server's own and threads among them
FILES = 20_000
PREFIX = "grading-"               # of the names of control groups
OLD_SECONDS = 60                  # after which an empty control group has been forgotten
SECONDS = .05                     # between two looks
LOOKS_A_FOLDER = 5                # looks between two walks of the scratch folder
PAGE = os.sysconf("SC_PAGE_SIZE")


# ---------------------------------------------------------------- the kernel counts

class ControlGroup:
    """A control group of its own for a server and its submissions; `folders` has one for version 2, one for each controller in version 1."""

    def __init__(self, folders: list[Path]):
        self.folders = folders

    @classmethod
    def make(cls, name: str, root: Path = Path("/sys/fs/cgroup"), own: Path = Path("/proc/self/cgroup")) -> "ControlGroup | None":
        """A new group with the limits set; None where this process may make none."""
        try:
            memberships = dict(line.split(":", 2)[1:] for line in own.read_text().splitlines())
        except (OSError, ValueError):
            return None
        for make in (cls._version_2, cls._version_1):
            with contextlib.suppress(OSError):
                return make(root, memberships, name)
        return None

    @classmethod
    def _version_2(cls, root, memberships, name):
        here = root / memberships.get("", "/").lstrip("/")
        for parent in (here, here.parent):
            if "memory" in _read(parent / "cgroup.subtree_control") and "pids" in _read(parent / "cgroup.subtree_control"):
                return cls._filled([parent / name], {"memory.max": MEMORY, "memory.swap.max": 0, "pids.max": PROCESSES})
        raise OSError("no control group of version 2 passes its controllers on")

    @classmethod
    def _version_1(cls, root, memberships, name):
        folders = []
        for controller in ("memory", "pids"):
            names = next(names for names in [*memberships, ""] if controller in names.split(",") or not names)
            if not names:
                raise OSError(f"no control group of version 1 for {controller}")
            parent = root / names / memberships[names].lstrip("/")
            folders.append((parent if parent.is_dir() else root / names) / name)
        return cls._filled(folders, {"memory.limit_in_bytes": MEMORY, "memory.memsw.limit_in_bytes": MEMORY, "pids.max": PROCESSES})

    @classmethod
    def _filled(cls, folders, limits):
        made = []
        try:
            for folder in folders:
                _remove_forgotten(folder.parent)
                folder.mkdir()
                made.append(folder)
                for file, value in limits.items():
                    if (folder / file).exists():
                        (folder / file).write_text(str(value))
                os.close(os.open(folder / "cgroup.procs", os.O_WRONLY))
        except OSError:
            cls(made).remove()
            raise
        return cls(folders)

    def add(self, pid: int) -> None:
        """All that `pid` starts from now on is counted here, with itself."""
        for folder in self.folders:
            (folder / "cgroup.procs").write_text(str(pid))

    def kill(self) -> None:
        """End every process in it; whoever forks meanwhile is met in the next round."""
        end = time.monotonic() + 5
        while (pids := self.pids()) and time.monotonic() < end:
            for pid in pids:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(.005)

    def pids(self) -> set[int]:
        return {int(pid) for folder in self.folders for pid in _read(folder / "cgroup.procs").split()}

    def remove(self) -> None:
        for folder in self.folders:
            for _ in range(100):
                try:
                    folder.rmdir()
                    break
                except FileNotFoundError:
                    break
                except OSError:                       # the last of its processes is still being taken apart
                    time.sleep(.01)


def _remove_forgotten(parent: Path) -> None:
    """Remove the empty groups of graders that were killed; one with a process in it stays, and so does a new one, which waits for its first."""
    for folder in parent.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            if time.time() - folder.stat().st_mtime > OLD_SECONDS:
                folder.rmdir()


# ---------------------------------------------------------------- the server looks

class Watchdog:
    """Counts what the descendants of this process take, and what lies in their folder `scratch` of `room` bytes (None: a file
    system of its own, which the kernel bounds), and says when it is too much."""

    def __init__(self, scratch: str | None = None, room: int = 0, memory: int = MEMORY, processes: int = PROCESSES):
        self.scratch, self.room, self.memory, self.processes, self.looks = scratch, room, memory, processes, 0

    def complaint(self) -> str | None:
        """What they take too much of, in a word; None where all is well."""
        self.looks += 1
        family = descendants(os.getpid())
        if len(family) > self.processes:
            return "processes"
        if sum(map(resident, family)) > self.memory and sum(map(proportional, family)) > self.memory:
            return "memory"
        if self.scratch and self.looks % LOOKS_A_FOLDER == 0:
            size, files = contents(self.scratch)
            if size > self.room or files > FILES:
                return "space in files"
        return None


def descendants(pid: int) -> list[int]:
    """The processes below one, as far as they can be seen; none where the system has no /proc."""
    below = _children if os.path.exists("/proc/thread-self/children") else _children_by_search()
    found, waiting = [], [pid]
    while waiting:
        children = below(waiting.pop())
        found += children
        waiting += children
    return found


def _children(pid):
    found = []
    with contextlib.suppress(OSError):
        for thread in os.listdir(f"/proc/{pid}/task"):
            found += map(int, _read(f"/proc/{pid}/task/{thread}/children").split())
    return found


def _children_by_search():
    """For kernels that do not list a process's children: everybody's parent is asked once."""
    parents: dict[int, list[int]] = {}
    for entry in os.listdir("/proc") if os.path.isdir("/proc/self") else ():
        if entry.isdigit() and (text := _read(f"/proc/{entry}/stat")):
            parents.setdefault(int(text.rpartition(")")[2].split()[1]), []).append(int(entry))
    return lambda pid: parents.get(pid, [])


def resident(pid: int) -> int:
    """Bytes of a process that are in memory, what it shares with others included."""
    parts = _read(f"/proc/{pid}/statm").split()
    return int(parts[1]) * PAGE if parts else 0


def proportional(pid: int) -> int:
    """Bytes of a process that are in memory, a page that n processes share counted as its n-th part; where that is not told, what it shares with none."""
    for line in _read(f"/proc/{pid}/smaps_rollup").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) << 10
    parts = _read(f"/proc/{pid}/statm").split()
    return (int(parts[1]) - int(parts[2])) * PAGE if parts else 0


def contents(folder: str) -> tuple[int, int]:
    """(bytes, number) of the files below a folder; counting ends where the number is too large."""
    size, count, waiting = 0, 0, [folder]
    while waiting and count <= FILES:
        with contextlib.suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                count += 1
                if count > FILES:
                    break
                with contextlib.suppress(OSError):
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    else:
                        size += entry.stat(follow_symlinks=False).st_blocks << 9
    return size, count


def sweep(seconds: float = 2.0) -> bool:
    """End all descendants of this process, which adopts orphans; True once the kernel says that there is none."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        family = descendants(os.getpid())
        for deadly in (signal.SIGSTOP, signal.SIGKILL):          # stopped first, so that none forks while the others die
            for pid in family:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, deadly)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return True
        time.sleep(.002)
    return False


def _read(path) -> str:
    try:
        with open(path) as file:
            return file.read()
    except (OSError, UnicodeDecodeError):
        return ""
