"""A submission's own view of the machine: its own users, processes, mounts and inter-process communication.

It is entered by a fork of the warm server, which lives in bubblewrap's namespaces already: the network is that of
bubblewrap (empty), the file system its read-only one, with a scratch folder, /tmp and /dev/shm of the submission's own.

This file is read inside the sandbox, so it imports the standard library alone.
"""

from __future__ import annotations

import ctypes
import os
import platform
import signal

NEW = 0x10000000 | 0x20000000 | 0x00020000 | 0x08000000 | 0x04000000      # user, processes, mounts, inter-process communication, host name
NOSUID, NODEV, NOEXEC = 2, 4, 8
PR_CAPBSET_DROP, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 24, 47, 4
CAPABILITY_VERSION = 0x20080522
CLONE = {"x86_64": 56, "aarch64": 220}
NOBODY = 65534
FILES = 20_000                    # how many a folder may hold


def fork() -> int:
    """Like `os.fork`, and the child is the first process of new namespaces. OSError where that is not allowed.

    To fork, leave the namespaces and fork again would copy the server's memory once more, which is most of what a
    submission's start costs. The child may do what C may do between a fork and the next: it holds the interpreter's
    lock (`PyDLL`), and is not told that it is a fork, so what is to run Python of others' must be forked from it.
    """
    if platform.machine() not in CLONE:
        raise OSError(f"the number of clone on {platform.machine()} is not known")
    none = ctypes.c_long(0)
    pid = ctypes.PyDLL(None, use_errno=True).syscall(ctypes.c_long(CLONE[platform.machine()]), ctypes.c_long(NEW | signal.SIGCHLD), none, none, none, none)
    if pid < 0:
        raise OSError(ctypes.get_errno(), f"clone: {os.strerror(ctypes.get_errno())}")
    return pid


def settle(user: int, group: int) -> None:
    """Be nobody in the new namespaces, which is `user` and `group` outside. For the first process."""
    for name, content in (("setgroups", "deny"), ("uid_map", f"{NOBODY} {user} 1"), ("gid_map", f"{NOBODY} {group} 1")):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(content)


def furnish(rooms: dict[str, int]) -> None:
    """Mount an empty folder of its own size (bytes) at each place, and a /proc that shows the new processes alone."""
    for place, size in rooms.items():
        _mount("tmpfs", place, NOSUID | NODEV, f"size={size},nr_inodes={FILES},mode=1777")
    try:
        show_processes()
    except OSError:                   # some hosts cover parts of theirs: then the kernel shows none at all
        _mount("tmpfs", "/proc", NOSUID | NODEV | NOEXEC | 1, "size=4096,mode=0555")


def show_processes() -> None:
    """A /proc of the present process namespace."""
    _mount("proc", "/proc", NOSUID | NODEV | NOEXEC, "")


def drop_capabilities() -> None:
    """Give up, for good, what the first process of a user namespace may do in it."""
    libc = _libc()
    libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
    for capability in range(64):
        libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    head = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0)
    _checked("capset", libc.capset(head, (ctypes.c_uint32 * 6)()))


def _mount(kind, place, flags, options):
    _checked(f"mount {place}", _libc().mount(kind.encode(), place.encode(), kind.encode(), ctypes.c_ulong(flags), options.encode()))


def _libc():
    return ctypes.CDLL(None, use_errno=True)


def _checked(what, result):
    if result != 0:
        raise OSError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")
