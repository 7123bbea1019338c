"""Started as root, nothing of the student's runs as root: a real change to a user who owns nothing.

A user namespace is no substitute, as its root is still the kernel's root where processes are counted. Each server has
a number of its own, so that neither limits nor signals of two servers meet. The interpreter and the packages may lie in
a home that the new user cannot enter: then their folders are opened beforehand and imported from through the descriptors.

The server reads this file inside the sandbox, so it imports the standard library alone.
"""

from __future__ import annotations

import ctypes
import fcntl
import functools
import os
import pwd
import socket
import stat
import sys

USERS = range(60706, 61184)            # numbers that systemd's table leaves free for nobody and nothing
PR_SET_DUMPABLE = 4
FIRST_DOOR = 300
_SOCKET = "\0neural-networks-by-hand grading as user %d"


@functools.lru_cache(maxsize=1)
def may_change_user() -> bool:
    """Whether this process is root and has other users to become: in a namespace with one user it has none, and is not the kernel's root either."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return False
    with open("/proc/self/uid_map") as file:
        mapped = [range(first, first + count) for first, _, count in (map(int, line.split()) for line in file)]
    return any(USERS[0] in users and USERS[-1] in users for users in mapped)


def free_user() -> tuple[int, socket.socket]:
    """A user number that nobody has, and the socket that keeps it for this process while it is open. OSError where none is left."""
    for user in USERS:
        try:
            pwd.getpwuid(user)
        except KeyError:
            kept = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                kept.bind(_SOCKET % user)
                return user, kept
            except OSError:
                kept.close()
    raise OSError("no user number is free to run student code as")


def become(user: int) -> None:
    """Be this user and nobody else from now on, without groups or capabilities. OSError where that is not allowed."""
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)     # its own /proc/self is its own again
    if os.getresuid() != (user,) * 3 or os.getresgid() != (user,) * 3:
        raise OSError(f"the change to user {user} did not happen")


def open_doors(links: str | None) -> list[int]:
    """Descriptors of what is imported from but cannot be reached by another user; `sys.path`, loaded packages and the
    links in the folder `links` lead through them from now on."""
    doors, renamed = [], {}

    def door(place):
        opened = os.open(place, os.O_PATH)
        doors.append(fcntl.fcntl(opened, fcntl.F_DUPFD, FIRST_DOOR))         # out of the way of the student's own files
        os.close(opened)
        return f"/proc/self/fd/{doors[-1]}"

    for number, place in enumerate(sys.path):
        if os.path.exists(place) and not reachable(place):
            sys.path[number] = renamed[place] = door(place)
    for module in list(sys.modules.values()):
        paths = getattr(module, "__path__", None)
        if isinstance(paths, list):
            paths[:] = [next((new + path[len(old):] for old, new in renamed.items() if path.startswith(old)), path) for path in paths]
    for name in os.listdir(links) if links else ():
        link = os.path.join(links, name)
        if not reachable(os.readlink(link)):
            new = door(os.readlink(link))
            os.unlink(link)
            os.symlink(new, link)
    return doors


def reachable(place: str) -> bool:
    """Whether any user may go to this place: every folder on the way lets others pass."""
    place = os.path.realpath(place)
    while (place := os.path.dirname(place)) != "/":
        if not os.stat(place).st_mode & stat.S_IXOTH:
            return False
    return True
