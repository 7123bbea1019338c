"""What one process of the student's may take, and what it may never get back: limits, privileges, descriptors.

This file is read inside the sandbox too, so it imports the standard library alone.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys

GIB = 1 << 30
LIMITS = {                       # of each process; the total of all is the business of `watch`, the wall clock that of the trusted side
    "RLIMIT_AS": 4 * GIB,
    "RLIMIT_CPU": 600,
    "RLIMIT_FSIZE": GIB // 4,
    "RLIMIT_NOFILE": 256,
    "RLIMIT_MEMLOCK": 1 << 16,
    "RLIMIT_CORE": 0,
}
MOST_PROCESSES = 64              # and threads, as the kernel counts them together
MOST_DESCRIPTORS = 1 << 16       # of the server, which has a dozen
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 4, 36, 38


def apply(processes: int | None = MOST_PROCESSES) -> None:
    """Set all limits, soft and hard, so that nothing without privileges can raise them; `processes` None leaves their number alone."""
    wanted = LIMITS if processes is None else {**LIMITS, "RLIMIT_NPROC": processes}
    for name, most in wanted.items():
        limit = getattr(resource, name, None)
        if limit is None:
            continue                                        # no such limit in this system
        hard = resource.getrlimit(limit)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(limit, (most, most))
        except (ValueError, OSError):                       # macOS knows the address space's limit and refuses to set it
            if sys.platform == "linux":
                raise


def no_new_privileges() -> None:
    """No program that is started from here on gains anything by its owner or its file's marks."""
    _prctl(PR_SET_NO_NEW_PRIVS, 1)


def die_with_parent() -> None:
    """The kernel kills this process when the one that started it ends. To be called after a change of user, which forgets it."""
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def adopt_orphans() -> None:
    """Whoever loses its parent below this process becomes its child: a double fork does not leave the family."""
    _prctl(PR_SET_CHILD_SUBREAPER, 1)


def be_closed() -> None:
    """No process of the same user may read or write this one's memory."""
    _prctl(PR_SET_DUMPABLE, 0)


def be_open() -> None:
    """The opposite, for a fork: its own part of /proc is its own."""
    _prctl(PR_SET_DUMPABLE, 1)


def keep_descriptors(*kept: int) -> None:
    """Close all descriptors but these and the standard ones, which lead nowhere from now on."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    first = 3
    for descriptor in sorted(kept):
        os.closerange(first, descriptor)
        first = descriptor + 1
    os.closerange(first, MOST_DESCRIPTORS)


def _prctl(option, value):
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(ctypes.c_int(option), ctypes.c_ulong(value), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), f"prctl({option}, {value}): {os.strerror(ctypes.get_errno())}")
