"""Landlock: which files this process and its descendants may open, and whom they may signal.

A domain can be entered by anybody and left by nobody. What is not granted is refused, whoever the user is. Besides
files, newer kernels refuse TCP (ABI 4), ioctl on devices (5), and signals and abstract sockets to the outside (6);
reading the memory of a process outside is refused by all. https://docs.kernel.org/userspace-api/landlock.html

This file is read inside the sandbox too, so it imports the standard library alone.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
import sys

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446      # the same numbers on every architecture
CREATE_RULESET_VERSION, RULE_PATH_BENEATH = 1, 1
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
MAKE_CHAR, MAKE_BLOCK = 1 << 6, 1 << 11
REFER, TRUNCATE, IOCTL_DEVICE = 1 << 13, 1 << 14, 1 << 15
FILES = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}      # ABI → the rights on files that it knows
OF_A_FILE = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEVICE
TCP = 0b11                       # bind, connect
SCOPES = 0b11                    # abstract sockets, signals

READ, WRITE = EXECUTE | READ_FILE | READ_DIR, ~(MAKE_CHAR | MAKE_BLOCK | IOCTL_DEVICE)
DEVICE = READ_FILE | WRITE_FILE | TRUNCATE


def version() -> int:
    """The kernel's Landlock ABI, 0 where there is none."""
    if sys.platform != "linux":
        return 0
    return max(_syscall(CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(CREATE_RULESET_VERSION)), 0)


def grant(places, rights: int) -> list[tuple[int, int]]:
    """(descriptor, rights) of each place that exists: opened now, for a domain that is entered later, perhaps as another user."""
    grants = []
    for place in places:
        try:
            grants.append((os.open(place, os.O_PATH | os.O_CLOEXEC), rights))
        except OSError:
            continue
    return grants


def enter(grants: list[tuple[int, int]]) -> int:
    """Enter a domain in which nothing but `grants` may be opened; the ABI that it was built for. OSError where the kernel refuses."""
    abi = version()
    if not abi:
        raise OSError("this kernel has no Landlock")
    handled = FILES[max(known for known in FILES if known <= abi)]
    ruleset = _ruleset(handled, abi)
    try:
        for descriptor, rights in grants:
            known = rights & handled
            if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
                known &= OF_A_FILE
            rule = ctypes.create_string_buffer(struct.pack("=Qi", known, descriptor))
            _checked(_syscall(ADD_RULE, ctypes.c_int(ruleset), ctypes.c_int(RULE_PATH_BENEATH), rule, ctypes.c_uint32(0)))
        _checked(_syscall(RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint32(0)))
    finally:
        os.close(ruleset)
    return abi


def _ruleset(handled, abi) -> int:
    size = 8 if abi < 4 else 16 if abi < 6 else 24              # the structure grew with the ABI
    attributes = ctypes.create_string_buffer(struct.pack("=QQQ", handled, TCP, SCOPES)[:size], size)
    return _checked(_syscall(CREATE_RULESET, attributes, ctypes.c_size_t(size), ctypes.c_uint32(0)))


def _syscall(number, *arguments):
    return ctypes.CDLL(None, use_errno=True).syscall(ctypes.c_long(number), *arguments)


def _checked(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), f"Landlock: {os.strerror(ctypes.get_errno())}")
    return result
