"""Each layer alone: what it promises is seen from inside a process that it walls in, and nothing else does."""

from __future__ import annotations

import json
import os
import platform
import shutil
import struct
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from autograder.sandbox import landlock, limits, namespaces, seccomp, warm, watch

SANDBOX = Path(landlock.__file__).parent


def inside(source: str, then: str = "", *, folder=None):
    """What a process prints, as JSON, that runs `source` and `then` with the layers' modules beside it."""
    program = f"import sys, json; sys.path.insert(0, {str(SANDBOX)!r})\nimport limits, landlock, seccomp, watch\n" + textwrap.dedent(source) + "\n" + then
    ran = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, timeout=60, cwd=folder)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def answers(**tries: str) -> str:
    """Source that prints, for each expression, the number of the error that it ends with, 0 where it succeeds."""
    lines = ["said = {}"]
    for name, expression in tries.items():
        lines += ["try:", f"    {expression}", f"    said[{name!r}] = 0", "except OSError as error:", f"    said[{name!r}] = error.errno", "except BaseException as error:", f"    said[{name!r}] = type(error).__name__"]
    return "\n".join([*lines, "print(json.dumps(said))"])


# ---------------------------------------------------------------- namespaces

def test_a_fork_is_the_first_process_of_its_own_namespaces(require):
    """In bubblewrap's, where a user may make namespaces; here as root or where the kernel lets everybody."""
    ran = subprocess.run([sys.executable, "-I", "-c", textwrap.dedent(f"""
        import json, os, sys
        sys.path.insert(0, {str(SANDBOX)!r})
        import namespaces
        user, group = os.geteuid(), os.getegid()
        out, into = os.pipe()
        try:
            pid = namespaces.fork()
        except OSError as error:
            print(json.dumps(str(error)))
            sys.exit(3)
        if pid == 0:
            namespaces.settle(user, group)
            if (child := os.fork()) == 0:
                os.write(into, json.dumps([os.getpid(), os.getppid(), os.getuid()]).encode())
                os._exit(0)
            os._exit(os.waitpid(child, 0)[1])
        assert os.waitpid(pid, 0)[1] == 0
        print(os.read(out, 100).decode())
    """)], capture_output=True, text=True, timeout=60)
    if ran.returncode == 3:
        require(False, f"namespaces for everybody ({ran.stdout.strip()})")
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == [2, 1, 65534]


def test_where_the_number_of_clone_is_not_known_there_is_no_fork(monkeypatch):
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    with pytest.raises(OSError, match="riscv64"):
        namespaces.fork()


def test_the_numbers_of_clone_are_those_of_the_filter():
    assert {machine: seccomp.NUMBERS["clone"][column] for machine, (column, _) in seccomp.ARCHITECTURES.items()} == namespaces.CLONE


# ---------------------------------------------------------------- limits

def test_limits_bind_and_cannot_be_raised():
    said = inside("import mmap, os, resource, signal\nlimits.apply(None); limits.no_new_privileges()\n" + ("os.setresuid(65534, 65534, 65534)\n" if os.geteuid() == 0 else "") + answers(
        memory="mmap.mmap(-1, 5 << 30)", little="mmap.mmap(-1, 1 << 20)", raised="resource.setrlimit(resource.RLIMIT_CPU, (-1, -1))",
        core="assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)", cpu="assert resource.getrlimit(resource.RLIMIT_CPU) == (600, 600)",
        privileges="assert 'NoNewPrivs:\\t1' in open('/proc/self/status').read()", files="[os.open('/dev/null', 0) for _ in range(300)]"))
    assert said == {"memory": 12, "little": 0, "raised": "ValueError", "core": 0, "cpu": 0, "privileges": 0, "files": 24}


def test_a_file_stops_growing_at_its_limit(tmp_path):
    assert inside("import os\nlimits.apply(None)\nopen('f', 'w').close()\n" + answers(grown="os.truncate('f', 1 << 29)", small="os.truncate('f', 1 << 20)"), folder=tmp_path) == {"grown": 27, "small": 0}


def test_only_the_kept_descriptors_stay_open_and_the_standard_ones_lead_nowhere():
    open_ones = inside("""
        import os
        kept, lost = os.open('/', 0), os.open('/', 0)
        out = os.dup(1)
        limits.keep_descriptors(kept, out)
        there = [number for number in range(64) if os.path.exists(f'/proc/self/fd/{number}')]
        os.write(out, json.dumps([[os.readlink(f'/proc/self/fd/{number}') for number in there[:3]], lost in there, kept in there]).encode())
        """)
    assert open_ones == [["/dev/null"] * 3, False, True]


def test_a_double_fork_stays_in_the_family_and_is_swept():
    assert inside("""
        import os, time
        limits.adopt_orphans()
        if os.fork() == 0:
            os.setsid()
            for _ in range(5):
                if os.fork() == 0:
                    os.setsid()
                    time.sleep(60)
            os._exit(0)
        end = time.time() + 10
        while len(watch.descendants(os.getpid())) < 5 or time.time() > end:
            time.sleep(.01)
        print(json.dumps([watch.sweep(), watch.descendants(os.getpid())]))
        """) == [True, []]


# ---------------------------------------------------------------- Landlock

@pytest.fixture
def with_landlock(require):
    require(landlock.version() > 0, "this kernel has no Landlock")


def test_landlock_opens_what_is_granted_and_nothing_else(with_landlock, tmp_path):
    mine, secret = tmp_path / "mine", tmp_path / "secret"
    mine.mkdir()
    secret.write_text("secret")
    (mine / "way out").symlink_to(secret)
    said = inside(f"""
        import os
        handle = os.open('/', os.O_PATH)
        limits.no_new_privileges()
        landlock.enter(landlock.grant(['/usr', '/lib', '/lib64', sys.base_prefix, sys.prefix], landlock.READ) + landlock.grant([{str(mine)!r}], landlock.WRITE))
        """, answers(
        secret=f"open({str(secret)!r})", link=f"open({str(mine / 'way out')!r})", listing=f"os.listdir({str(tmp_path)!r})", beside=f"open({str(tmp_path / 'new')!r}, 'w')", removed=f"os.remove({str(secret)!r})",
        handle=f"os.open({str(secret)[1:]!r}, os.O_RDONLY, dir_fd=handle)", moved=f"os.rename({str(mine)!r}, {str(tmp_path / 'other')!r})", etc="open('/etc/passwd')", environment="open('/proc/%d/environ' % os.getppid())",
        written=f"open({str(mine / 'new')!r}, 'w').write('mine')", read="open('/usr/bin/env', 'rb').read(1)", changed="open('/usr/bin/env', 'a')"))
    assert said.pop("written") == said.pop("read") == 0
    assert set(said.values()) <= {13, 18, 30} and said["secret"] == 13, said


def test_landlock_keeps_signals_memory_and_abstract_sockets_inside(with_landlock, require):
    require(landlock.version() >= 6, f"Landlock {landlock.version()} has no scopes")
    said = inside("""
        import ctypes, os, socket
        outside = socket.socket(socket.AF_UNIX); outside.bind('\\0isolation-test-%d' % os.getpid()); outside.listen()
        name, parent, libc = outside.getsockname(), os.getppid(), ctypes.CDLL(None, use_errno=True)
        limits.no_new_privileges()
        landlock.enter(landlock.grant(['/'], landlock.READ))
        def attach():
            if libc.ptrace(16902, parent, 0, 0): raise OSError(ctypes.get_errno(), '')
        """, answers(signal="os.kill(parent, 0)", own="os.kill(os.getpid(), 0)", ptrace="attach()", abstract="socket.socket(socket.AF_UNIX).connect(name)", tcp="socket.create_server(('127.0.0.1', 0))"))
    assert said["own"] == 0 and {said[name] for name in ("signal", "ptrace", "abstract", "tcp")} <= {1, 13}, said


# ---------------------------------------------------------------- the filter of system calls

@pytest.fixture
def with_seccomp(require):
    require(seccomp.works(), "this kernel takes no filters of ours")


def test_the_filter_refuses_what_no_computation_needs(with_seccomp):
    said = inside("""
        import ctypes, os, socket, subprocess, sys, threading
        column = seccomp.ARCHITECTURES[os.uname().machine][0]
        libc = ctypes.CDLL(None, use_errno=True)
        def system(name, *arguments):
            if libc.syscall(ctypes.c_long(seccomp.NUMBERS[name][column]), *map(ctypes.c_long, arguments)) < 0:
                raise OSError(ctypes.get_errno(), name)
        limits.no_new_privileges()
        seccomp.enter()
        """, answers(
        ptrace="system('ptrace', 0, 0, 0, 0)", unshare="system('unshare', 0x10000000)", clone="system('clone', 0x10000000 | 17, 0, 0, 0, 0)", mount="system('mount', 0, 0, 0, 0, 0)", bpf="system('bpf', 0, 0, 0)",
        keyctl="system('keyctl', 0, -3, 0)", memfd="os.memfd_create('x')", socket="socket.socket()", unix="socket.socket(socket.AF_UNIX)", netlink="socket.socket(16, 3, 0)", parent_death="system('prctl', 1, 0, 0, 0, 0)",
        dumpable="system('prctl', 4, 0, 0, 0, 0)", terminal="system('ioctl', 0, 0x5412, 0)", other_limits="system('prlimit64', 1, 0, 0, 0)", affinity="os.sched_setaffinity(1, [0])", shared="system('shmget', 0, 4096, 0o1600)",
        pair="socket.socketpair()", thread="threading.Thread(target=int).start()", program="assert subprocess.run(['true']).returncode == 0", own_limits="system('prlimit64', 0, 0, 0, 0)", own="os.kill(os.getpid(), 0)"))
    allowed = {name: said.pop(name) for name in ("pair", "thread", "program", "own_limits", "own")}
    assert set(allowed.values()) == {0}, allowed
    assert set(said.values()) == {1}, said


def test_where_there_are_no_own_process_numbers_a_process_signals_itself_alone(with_seccomp):
    for source in ("seccomp.enter(alone=True)", "seccomp.enter(signals_only=True)"):
        said = inside(f"import os\nlimits.no_new_privileges()\nparent = os.getppid()\n{source}", answers(
            parent="os.kill(parent, 0)", everybody="os.kill(-1, 0)", group="os.killpg(1, 0)", own="os.kill(os.getpid(), 0)", resumed="os.kill(os.getpid(), 18)"))
        assert said == {"parent": 1, "everybody": 1, "group": 1, "own": 0, "resumed": 0}, source


def simulate(program: bytes, number: int, arguments=(), architecture: int = 0) -> int:
    """What the kernel would answer: the classic filter's instructions, step by step."""
    data = struct.pack("=iIQ6Q", number, architecture, 0, *(list(arguments) + [0] * 6)[:6])
    instructions = [struct.unpack_from("=HBBI", program, at) for at in range(0, len(program), 8)]
    value = at = 0
    while True:
        code, yes, no, operand = instructions[at]
        at += 1
        if code == seccomp.LOAD:
            (value,) = struct.unpack_from("=I", data, operand)
        elif code == seccomp.RETURN:
            return operand
        else:
            holds = {seccomp.JUMP_EQUAL: value == operand, seccomp.JUMP_GREATER: value > operand, seccomp.JUMP_FROM: value >= operand, seccomp.JUMP_ANY_BIT: bool(value & operand)}[code]
            at += yes if holds else no


@pytest.mark.parametrize("machine", list(seccomp.ARCHITECTURES))
def test_the_assembled_filter_says_the_same_on_both_architectures(machine):
    column, architecture = seccomp.ARCHITECTURES[machine]
    program, refused = seccomp.assemble(machine, itself=77), seccomp.ERRNO | 1

    def answer(name, *arguments):
        return simulate(program, seccomp.NUMBERS[name][column], arguments, architecture)

    plain = [name for name in seccomp.NUMBERS if name not in seccomp.WITH_CARE and seccomp.NUMBERS[name][column] is not None]
    assert len(plain) > 70 and {answer(name) for name in plain} == {refused}
    assert answer("kill", 77) == answer("kill", 0) == answer("tgkill", 77, 78) == seccomp.ALLOW
    assert answer("kill", 1) == answer("kill", 2**64 - 1) == answer("tgkill", 76, 76) == refused
    assert answer("clone", 0x01200011) == answer("clone", 0x3D0F00) == answer("socketpair", 1) == answer("ioctl", 0, 0x5401) == answer("prlimit64", 0) == answer("setpriority", 0, 0) == answer("prctl", 15) == seccomp.ALLOW
    for flag in (0x10000000, 0x20000000, 0x00020000, 0x40000000, 0x08000000, 0x04000000, 0x02000000, 0x80):
        assert answer("clone", flag | 17) == refused, hex(flag)
    assert answer("socketpair", 2) == answer("ioctl", 0, 0x5412) == answer("prlimit64", 1) == answer("setpriority", 0, 1) == answer("prctl", 4) == refused
    assert answer("clone3") == simulate(program, seccomp.NEWEST + 1, (), architecture) == seccomp.ERRNO | 38
    assert simulate(program, 0x7FFF0000, (), architecture) in (seccomp.ERRNO | 38, seccomp.KILL)
    assert simulate(program, {"x86_64": 0, "aarch64": 63}[machine], (), architecture) == seccomp.ALLOW, "read"
    assert simulate(program, 0, (), architecture ^ 1) == seccomp.KILL, "another architecture's numbers"


@pytest.mark.parametrize("machine, header", [("x86_64", "/usr/include/x86_64-linux-gnu/asm/unistd_64.h"), ("aarch64", "/usr/include/asm-generic/unistd.h")])
def test_the_numbers_are_the_kernels(machine, header, require):
    require(os.path.exists(header), f"{header}, the kernel's own table to compare with, is not installed (Debian, Ubuntu: apt install linux-libc-dev).")
    column = seccomp.ARCHITECTURES[machine][0]
    known = {parts[1].replace("__NR3264_", "__NR_"): int(parts[2]) for line in Path(header).read_text().splitlines() if (parts := line.split())[:1] == ["#define"] and len(parts) > 2 and parts[1].startswith("__NR") and parts[2].isdigit()}
    ours = {f"__NR_{name}": numbers[column] for name, numbers in seccomp.NUMBERS.items() if numbers[column] is not None}
    compared = ours.keys() & known.keys()
    assert len(compared) > 80 and {name: ours[name] for name in compared} == {name: known[name] for name in compared}


# ---------------------------------------------------------------- totals

def test_memory_that_many_share_is_counted_once_and_many_processes_are_seen():
    """Twenty forks share 200 MiB: together they take a little more than that, not four gigabytes."""
    one, total, resident, complaint, crowd = inside("""
        import os, signal, time
        block = bytearray(os.urandom(1 << 20) * 200)
        children = []
        for _ in range(20):
            pid = os.fork()
            if pid == 0:
                signal.pause()
            children.append(pid)
        family = watch.descendants(os.getpid())
        numbers = [watch.proportional(family[0]), sum(map(watch.proportional, family)), sum(map(watch.resident, family))]
        complaints = [watch.Watchdog(memory=1 << 30).complaint(), watch.Watchdog(processes=10).complaint()]
        watch.sweep()
        print(json.dumps(numbers + complaints))
        """)
    assert total < 400 << 20 < 20 * (200 << 20) < resident + (1 << 30) and one < 60 << 20
    assert complaint is None and crowd == "processes"


def test_a_folder_that_is_too_full_or_has_too_many_files_is_seen(tmp_path):
    dog = watch.Watchdog(str(tmp_path), room=1 << 20)
    assert all(dog.complaint() is None for _ in range(2 * watch.LOOKS_A_FOLDER))
    (tmp_path / "sparse").open("wb").truncate(1 << 40)
    assert all(dog.complaint() is None for _ in range(watch.LOOKS_A_FOLDER)), "a hole takes no room"
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "full").write_bytes(bytes(2 << 20))
    assert "space in files" in [dog.complaint() for _ in range(watch.LOOKS_A_FOLDER)]


def test_a_control_group_of_version_1_or_2_gets_its_limits_or_is_not_made(tmp_path):
    """On folders that look like the kernel's: the real ones are met by the tests as root."""
    own = tmp_path / "cgroup"
    own.write_text("4:memory:/a\n3:pids:/a\n2:cpu,cpuacct:/\n0::/\n")
    for controller in ("memory", "pids"):
        (tmp_path / controller / "a").mkdir(parents=True)
    assert watch.ControlGroup.make("g", tmp_path, own) is None, "no file to put processes into"
    assert not list(tmp_path.glob("*/a/g")), "and nothing is left of the attempt"
    assert watch.ControlGroup.make("g", tmp_path, tmp_path / "nothing") is None


def test_the_kernel_holds_the_totals_of_a_control_group_and_where_none_can_be_made_the_watchdog_sees_them():
    group = watch.ControlGroup.make(f"isolation-test-{os.getpid()}")
    if group is None:
        child = subprocess.Popen([sys.executable, "-c", "import sys; x = bytes([1]) * (1 << 29); print('there', flush=True); sys.stdin.read(1)"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert child.stdout.readline() == b"there\n" and watch.Watchdog(memory=1 << 28).complaint() == "memory"
        child.communicate(b"\n", timeout=60)
        assert watch.Watchdog(memory=1 << 28).complaint() is None
        return
    forgotten, fresh = (group.folders[0].with_name(f"{watch.PREFIX}test-{age}-{os.getpid()}") for age in ("old", "new"))
    forgotten.mkdir()
    fresh.mkdir()
    os.utime(forgotten, (1, 1))
    another = watch.ControlGroup.make(f"{watch.PREFIX}test-{os.getpid()}")
    another.remove()
    assert fresh.exists() and not forgotten.exists(), "what a killed grader left is removed by the next"
    fresh.rmdir()
    try:
        child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read(1); x = [bytes([1]) * (1 << 26) for _ in range(200)]; print('all of it')"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        group.add(child.pid)
        assert child.pid in group.pids()
        said, _ = child.communicate(b"\n", timeout=60)
        assert child.returncode == -9 and not said, "13 GB were asked for, 2 are allowed"
        sleeper = subprocess.Popen(["sh", "-c", "read _; for i in $(seq 200); do sleep 50 & done; wait"], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
        group.add(sleeper.pid)
        sleeper.stdin.write(b"\n")
        sleeper.stdin.close()
        time.sleep(1)
        assert 0 < len(group.pids()) <= watch.PROCESSES
    finally:
        group.kill()
        assert not group.pids()
        sleeper.wait()
        group.remove()
    assert not any(folder.exists() for folder in group.folders)


def test_this_machine_is_one_of_those_that_the_filter_knows():
    assert platform.system() != "Linux" or platform.machine() not in ("x86_64", "aarch64") or seccomp.assemble(platform.machine())
    assert limits.MOST_PROCESSES < watch.PROCESSES


# ---------------------------------------------------------------- what a submission leaves behind

def test_a_folder_that_does_not_go_in_time_costs_nothing_and_is_removed_at_the_end_or_named(tmp_path, monkeypatch, capsys):
    for name in ("slow", "stuck"):
        (tmp_path / name / "deep").mkdir(parents=True)

    def too_slow(command, timeout, **options):
        raise subprocess.TimeoutExpired(command, timeout)

    real = shutil.rmtree
    monkeypatch.setattr(warm.shutil, "rmtree", lambda folder, **options: None)
    monkeypatch.setattr(warm.subprocess, "run", too_slow)
    monkeypatch.setattr(warm, "_left", [])
    assert not warm._remove(tmp_path / "slow") and not warm._remove(tmp_path / "stuck") and not warm._remove(tmp_path / "stuck") and len(warm._left) == 2
    monkeypatch.setattr(warm.shutil, "rmtree", lambda folder, **options: real(folder) if folder.name == "slow" else None)
    warm._remove_what_is_left()
    said = capsys.readouterr().err
    assert not (tmp_path / "slow").exists() and f"{tmp_path / 'stuck'}, where a student's process" in said and "slow" not in said and warm._left == []
