"""The system calls that a numerical Python process never needs are refused: a filter in the kernel's own small language.

What is refused answers EPERM, so that honest code which tries it gets an exception that it can read. Calls that came
into the kernel after this list was made answer ENOSYS, as in a kernel without them. A call in another architecture's
numbering ends the process. https://docs.kernel.org/userspace-api/seccomp_filter.html

This file is read inside the sandbox too, so it imports the standard library alone.
"""

from __future__ import annotations

import ctypes
import errno
import functools
import os
import platform
import struct
import sys

# name: (x86_64's number, aarch64's); None where an architecture has no such call.
NUMBERS = {
    # other processes: their memory, descriptors, signals
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "process_madvise": (440, 440), "process_mrelease": (448, 448),
    "kcmp": (312, 272), "pidfd_getfd": (438, 438), "pidfd_send_signal": (424, 424), "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240),
    "tkill": (200, 130), "kill": (62, 129), "tgkill": (234, 131), "prlimit64": (302, 261), "setpriority": (141, 140), "ioprio_set": (251, 30),
    "sched_setaffinity": (203, 122), "sched_setattr": (314, 274), "sched_setscheduler": (144, 119), "sched_setparam": (142, 118),
    "migrate_pages": (256, 238), "move_pages": (279, 239), "mbind": (237, 235), "set_mempolicy": (238, 237),
    # file systems and namespaces
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "move_mount": (429, 429), "open_tree": (428, 428), "fsopen": (430, 430),
    "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442), "statmount": (457, 457), "listmount": (458, 458),
    "unshare": (272, 97), "setns": (308, 268), "clone": (56, 220), "clone3": (435, 435), "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265),
    "inotify_init": (253, None), "inotify_init1": (294, 26), "inotify_add_watch": (254, 27), "fanotify_init": (300, 262), "fanotify_mark": (301, 263), "quotactl": (179, 60), "quotactl_fd": (443, 443), "ustat": (136, None), "sysfs": (139, None), "lookup_dcookie": (212, 18),
    # parts of the kernel with a long record of holes
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "io_setup": (206, 0), "keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218), "seccomp": (317, 277), "personality": (135, 92), "modify_ldt": (154, None),
    # the machine
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106), "create_module": (174, None),
    "reboot": (169, 142), "swapon": (167, 224), "swapoff": (168, 225), "acct": (163, 89), "sethostname": (170, 161), "setdomainname": (171, 162), "settimeofday": (164, 170),
    "clock_settime": (227, 112), "adjtimex": (159, 171), "clock_adjtime": (305, 266), "syslog": (103, 116), "vhangup": (153, 58), "iopl": (172, None), "ioperm": (173, None),
    "uselib": (134, None), "_sysctl": (156, None), "nfsservctl": (180, 42),
    # memory that no limit of a process counts, and things that outlive a process
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "shmget": (29, 194), "shmat": (30, 196), "shmctl": (31, 195), "msgget": (68, 186), "msgsnd": (69, 189),
    "msgrcv": (70, 188), "msgctl": (71, 187), "semget": (64, 190), "semop": (65, 193), "semctl": (66, 191), "semtimedop": (220, 192), "mq_open": (240, 180),
    # what Landlock leaves to a file's owner: its mode, owner, times and attributes
    "chmod": (90, None), "fchmodat": (268, 53), "fchmodat2": (452, 452), "chown": (92, None), "lchown": (94, None), "fchownat": (260, 54), "utime": (132, None), "utimes": (235, None),
    "futimesat": (261, None), "utimensat": (280, 88), "setxattr": (188, 5), "lsetxattr": (189, 6), "removexattr": (197, 14), "lremovexattr": (198, 15),
    # the outside
    "socket": (41, 198), "socketpair": (53, 199), "ioctl": (16, 29), "prctl": (157, 167),
}
SIGNALS = ("kill", "tkill", "tgkill", "pidfd_send_signal", "rt_sigqueueinfo", "rt_tgsigqueueinfo")
OF_FILES = {"chmod", "fchmodat", "fchmodat2", "chown", "lchown", "fchownat", "utime", "utimes", "futimesat", "utimensat", "setxattr", "lsetxattr", "removexattr", "lremovexattr"}
WITH_CARE = OF_FILES | {"kill", "tgkill", "clone", "clone3", "prlimit64", "setpriority", "sched_setaffinity", "sched_setattr", "sched_setscheduler", "sched_setparam", "socketpair", "ioctl", "prctl"}
NEW_NAMESPACES = 0x7E020080                 # the CLONE_NEW* flags: user, pid, net, ipc, uts, cgroup, mount, time
AF_UNIX, TIOCSTI, TIOCLINUX = 1, 0x5412, 0x541C
PRCTL = (1, 4, 22, 35, 36, 0x59616D61)      # PDEATHSIG, DUMPABLE, SECCOMP, MM, CHILD_SUBREAPER, PTRACER
NEWEST = 462                                # mseal; what came later is answered ENOSYS
X32 = 0x40000000
ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}

LOAD, JUMP_EQUAL, JUMP_GREATER, JUMP_FROM, JUMP_ANY_BIT, RETURN = 0x20, 0x15, 0x25, 0x35, 0x45, 0x06
ALLOW, KILL, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
AT_NUMBER, AT_ARCHITECTURE, AT_ARGUMENTS = 0, 4, 16
PR_SET_SECCOMP, MODE_FILTER = 22, 2


def works() -> bool:
    """Whether the kernel takes filters of ours: asked to install a NULL one it answers EFAULT, one without filters EINVAL."""
    if sys.platform != "linux" or platform.machine() not in ARCHITECTURES:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    return libc.prctl(PR_SET_SECCOMP, MODE_FILTER, None, 0, 0) == -1 and ctypes.get_errno() == errno.EFAULT


def enter(*, signals_only: bool = False, alone: bool = False) -> None:
    """Install the filter, for this process and all it starts, for good. `alone`: it may signal nobody but itself
    (where it has no process numbers of its own); `signals_only`: nothing else is refused."""
    program = assemble(platform.machine(), os.getpid() if alone or signals_only else None, signals_only)
    code = ctypes.create_string_buffer(program)
    head = ctypes.create_string_buffer(struct.pack("@HP", len(program) // 8, ctypes.addressof(code)))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_SECCOMP, ctypes.c_ulong(MODE_FILTER), head, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), f"seccomp: {os.strerror(ctypes.get_errno())}")


@functools.lru_cache(maxsize=8)
def assemble(machine: str, itself: int | None = None, signals_only: bool = False) -> bytes:
    """The filter's instructions for an architecture; `itself` is the one process that may be signalled, None for any."""
    column, architecture = ARCHITECTURES[machine]
    rules = _signals(itself) if signals_only else {name: _refuse() for name in NUMBERS if name not in WITH_CARE} | _arguments(itself)
    program = [_load(AT_ARCHITECTURE), _jump(JUMP_EQUAL, architecture, 1, 0), _return(KILL), _load(AT_NUMBER)]
    if machine == "x86_64":
        program += [_jump(JUMP_FROM, X32, 0, 1), _return(KILL)]
    if not signals_only:
        program += [_jump(JUMP_GREATER, NEWEST, 0, 1), _return(ERRNO | errno.ENOSYS)]
    for name, rule in rules.items():
        number = NUMBERS[name][column]
        if number is not None:
            program += [_jump(JUMP_EQUAL, number, 0, len(rule)), *rule]
    return b"".join([*program, _return(ALLOW)])


def _arguments(itself):
    """The calls that are allowed with some arguments only. Arguments are compared in their low 32 bits, which is all the kernel reads of these."""
    own = _only(0, (0,))
    rules = {
        "clone": _refuse_bits(0, NEW_NAMESPACES), "clone3": [_return(ERRNO | errno.ENOSYS)],      # its flags lie in memory, where a filter cannot look: libc falls back to clone
        "socketpair": _only(0, (AF_UNIX,)), "ioctl": _refuse_values(1, (TIOCSTI, TIOCLINUX)), "prctl": _refuse_values(0, PRCTL),
        "prlimit64": own, "sched_setaffinity": own, "sched_setattr": own, "sched_setscheduler": own, "sched_setparam": own, "setpriority": _only(1, (0,)),
    }
    return rules | (_signals(itself) | {name: [_return(ERRNO)] for name in OF_FILES} if itself is not None else {})      # the latter do nothing and say nothing: `shutil.copy` goes on


def _signals(itself):
    """Signals go to this process alone: to its number, or to its own group."""
    return {name: _refuse() for name in SIGNALS} | {"kill": _only(0, (itself, 0)), "tgkill": _only(0, (itself,))}


# ---------------------------------------------------------------- instructions; each rule ends in a return

def _instruction(code, value, when_true=0, when_false=0):
    return struct.pack("=HBBI", code, when_true, when_false, value & 0xFFFFFFFF)


def _load(offset):
    return _instruction(LOAD, offset)


def _jump(code, value, when_true, when_false):
    return _instruction(code, value, when_true, when_false)


def _return(value):
    return _instruction(RETURN, value)


def _refuse():
    return [_return(ERRNO | errno.EPERM)]


def _argument(number):
    return _load(AT_ARGUMENTS + 8 * number)                   # both architectures are little-endian: the low half comes first


def _only(argument, values):
    tests = [_jump(JUMP_EQUAL, value, len(values) - place, 0) for place, value in enumerate(values)]
    return [_argument(argument), *tests, *_refuse(), _return(ALLOW)]


def _refuse_values(argument, values):
    tests = [_jump(JUMP_EQUAL, value, len(values) - place, 0) for place, value in enumerate(values)]
    return [_argument(argument), *tests, _return(ALLOW), *_refuse()]


def _refuse_bits(argument, bits):
    return [_argument(argument), _jump(JUMP_ANY_BIT, bits, 0, 1), *_refuse(), _return(ALLOW)]
