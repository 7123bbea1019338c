"""The tiers as a whole: what the self-test sees in each, what a session leaves behind, what honest code may do, how fast it is."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import time
from pathlib import Path

import numpy as np
import psutil
import pytest

from autograder.errors import CourseError
from autograder.sandbox import privileges, selftest, tiers, warm, watch
from autograder.sandbox.session import StudentGone, StudentSession

pytestmark = pytest.mark.process
NAMESPACES_ALONE = {"see that a file exists", "see that a process exists"}


@pytest.fixture(scope="module", params=["A", "B", "C"])
def tier(request, require):
    require(request.param in tiers.offered() or request.param == "C", f"this machine does not offer tier {request.param}")
    yield request.param
    warm.close_all()


@pytest.fixture
def student(tier):
    with StudentSession(tier=tier, cell_seconds=20, call_seconds=10) as session:
        yield session


def value(student, source, name="answer"):
    ran = student.run(source)
    assert ran["error"] is None, ran["error"]
    return student.get(name)


# ---------------------------------------------------------------- the self-test

def test_the_self_test_finds_the_tier_whose_layers_are_in_force(tier):
    found = tiers.tested(tier)
    assert found.letter == tier and bool(found.lines) == (tier != "A"), found
    opened = {probe.name for probe in selftest.PROBES if f"Student code {probe.sentence}." in found.lines}
    if tier == "B":
        assert opened == NAMESPACES_ALONE
    if tier == "C":
        assert opened > NAMESPACES_ALONE and not opened & {probe.name for probe in selftest.PROBES if probe.tier == "C"}


def test_what_is_open_sets_the_letter_and_every_open_probe_has_its_line():
    assert selftest.judge("A", set()) == tiers.Tier("A")
    for probe in selftest.PROBES:
        found = selftest.judge("A", {probe.name})
        assert found.letter == ("B" if probe.tier == "A" else "C") and len(found.lines) == 1
        assert selftest.judge("C", {probe.name}).letter == "C"
    assert selftest.judge("B", NAMESPACES_ALONE).letter == "B"
    assert len(selftest.PROBES) >= 12 and len({probe.name for probe in selftest.PROBES}) == len(selftest.PROBES)


def test_without_a_sandbox_every_probe_that_a_user_can_try_is_open(tmp_path, monkeypatch):
    """The probes can fail: run in an ordinary process, the same lines reach what they reach for."""
    names, opened = {}, set()
    monkeypatch.chdir(tmp_path)
    harmless = [probe for probe in selftest.PROBES if probe.name in {
        "read a file of the temporary folder", "read a file of the home folder", "read a gradebook", "see that a file exists", "write outside the scratch folder", "list other processes",
        "see that a process exists", "read the grader's environment", "signal the grader", "connect to a port of this machine", "connect to an abstract socket", "read the grader's own program", "read another process's memory"}]
    with selftest._targets() as there:
        exec(selftest.PREPARE.format(there=json.dumps(there), numbers=json.dumps(selftest._numbers())), names)
        for probe in harmless:
            with contextlib.suppress(OSError):
                exec(probe.source.strip(), names)
                opened.add(probe.name)
    assert opened == {probe.name for probe in harmless}


def test_tier_c_is_refused_until_it_is_accepted(monkeypatch):
    monkeypatch.setattr(tiers, "tested", lambda letter: tiers.Tier("C", ("Student code could use the network.",)))
    monkeypatch.delenv(tiers.ACCEPT, raising=False)
    with pytest.raises(CourseError, match="--accept-isolation=C") as refused:
        tiers.in_force()
    assert "could use the network" in str(refused.value)
    with pytest.raises(CourseError):
        tiers.in_force(accept="B")
    assert tiers.in_force(accept="C").letter == "C"
    monkeypatch.setenv(tiers.ACCEPT, "c")
    assert tiers.in_force().letter == "C"


def test_a_better_tier_than_is_wanted_is_not_used():
    best, before = tiers.at_best(), tiers.at_most.set("C")
    try:
        assert tiers.at_best() == "C" and StudentSession().tier == "C"
    finally:
        tiers.at_most.reset(before)
    assert tiers.at_best() == best == tiers.offered()[0]
    with pytest.raises(CourseError):
        tiers.layers("D")


# ---------------------------------------------------------------- nothing is left, nobody is harmed

def test_who_leaves_the_family_is_ended_with_it(student, tier):
    """Double forks into sessions of their own; the pipe's other end is closed when the last of them is gone."""
    value(student, """
import os, time
answer = os.getpid()
for _ in range(3):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.setsid()
            time.sleep(300)
        os._exit(0)
time.sleep(.3)
""")
    pid, scratch = student.process.pid, student.scratch
    before = _alive(student)
    student.close()
    assert len(before) >= 4 and not [one for one in before if Path(f"/proc/{one}").exists()]
    assert not Path(f"/proc/{pid}").exists() and not (scratch and scratch.exists())


def _alive(student):
    """The numbers, here, of all processes of a submission: the oldest of them is the student's own. (Numbers do not tell: they begin again.)"""
    born = psutil.Process(student.process.pid).create_time()
    return [one for one in watch.descendants(student.server.process.pid) if psutil.Process(one).create_time() >= born]


def _bytes(path):
    with contextlib.suppress(OSError):
        return Path(path).read_bytes()
    return b""


def test_the_next_submission_finds_nothing_of_the_one_before(tier):
    with StudentSession(tier=tier) as first:
        value(first, "import numpy as np, os, sys\nnp.leaked = sys.leaked = True\nos.environ['LEAKED'] = '1'\nopen('left', 'w').write('x')\nnp.random.seed(3)\nanswer = os.getcwd()")
        drawn, server = value(first, "answer = np.random.rand()"), first.server
    with StudentSession(tier=tier) as second:
        seen = value(second, "import numpy as np, os, sys\nanswer = [hasattr(np, 'leaked'), hasattr(sys, 'leaked'), 'LEAKED' in os.environ, os.path.exists('left'), os.listdir('.')]")
        assert seen == [False, False, False, False, []]
        assert second.server is server, "the same server, warm"
        third = value(second, "answer = np.random.rand()")
    with StudentSession(tier=tier) as other:
        assert len({drawn, third, value(other, "import numpy as np\nanswer = np.random.rand()")}) == 3, "forks do not draw the same numbers"


def test_matplotlib_is_loaded_where_somebody_draws_and_can_be_imported_everywhere(tier):
    loaded = "import sys\nloaded = 'matplotlib.pyplot' in sys.modules"
    warm.close_all()
    with StudentSession(tier=tier, plots=False) as session:
        session.run(loaded)
        assert session.get("loaded") is False
        outputs = session.run("import matplotlib.pyplot as plt\nplt.plot([1, 2]);")["outputs"]
        assert [output["data"].get("image/png", "")[:5] for output in outputs if output["output_type"] == "display_data"] == ["iVBOR"]
    with StudentSession(tier=tier) as session:
        session.run(loaded)
        assert session.get("loaded") is True
    if tier == "A":                                     # a server without rooms of their own is used once
        servers = list(warm._idle)
        with StudentSession(tier=tier, plots=False) as session:
            session.names()
        assert {*warm._idle} == {*servers} and sorted(server.plots for server in servers) == [False, True]


def test_a_server_that_dies_is_replaced(tier):
    with StudentSession(tier=tier) as session:
        session.run("a = 1")
        os.kill(session.server.process.pid, signal.SIGKILL)
        session.server.process.wait()
        with pytest.raises(StudentGone):
            for _ in range(3):
                session.run("b = 2")
                time.sleep(.2)
        assert value(session, "c = a + 1", "c") == 2, "the cells are replayed in a new one"
    with StudentSession(tier=tier) as session:
        assert value(session, "answer = 3") == 3


def test_the_server_cannot_be_reached_from_its_fork(student, tier):
    assert value(student, """
import os
def reach(what):
    try:
        what(); return True
    except OSError:
        return False
parent = os.getppid()
answer = [reach(lambda: open(f'/proc/{parent}/mem', 'rb').read(1)), reach(lambda: open(f'/proc/{parent}/environ', 'rb').read()),
          reach(lambda: os.kill(parent, 9)) and parent != 1]
""") == [False, False, False]
    assert student.server.alive and value(student, "answer = 5") == 5


def test_data_files_lie_in_the_working_folder_and_large_ones_fit(tier):
    files = {"numbers.txt": b"1 2 3", "deep/er/x.bin": os.urandom(1 << 20) * 70, "empty": b""}
    with StudentSession(tier=tier, files=files) as session:
        assert value(session, "import os\nanswer = [open('numbers.txt').read(), os.path.getsize('deep/er/x.bin'), os.path.getsize('empty')]") == ["1 2 3", 70 << 20, 0]
        assert session.run("open('mine', 'w').write('x' * 1000)")["error"] is None


# ---------------------------------------------------------------- totals

MANY = """
import mmap, os
for _ in range(4):
    if os.fork() == 0:
        block, piece = mmap.mmap(-1, 700 << 20), bytes([1]) * (1 << 20)
        for at in range(0, len(block), 1 << 20):
            block[at:at + (1 << 20)] = piece
        import time; time.sleep(60)
answer = [os.WTERMSIG(os.wait()[1]) for _ in range(1)]
"""


@pytest.mark.parametrize("counted", ["as this machine does", "by the watchdog"])
def test_many_processes_with_little_memory_each_are_ended_together(counted, monkeypatch):
    """Four times 700 MiB: none exceeds its own limit, all together exceed the submission's. The kernel counts where this user may make control groups."""
    warm.close_all()
    if counted == "by the watchdog":
        monkeypatch.setattr("autograder.sandbox.watch.ControlGroup.make", lambda *_: None)
    with StudentSession(tier=tiers.at_best(), cell_seconds=30) as session:
        session.run("pass")
        group = session.server.group
        try:
            assert value(session, MANY) == [signal.SIGKILL], "the kernel ended one of them"
        except StudentGone as gone:
            assert "memory" in gone.reason, "the watchdog ended all of them"
        if group:
            peaks = [int(file.read_text()) for folder in group.folders for name in ("memory.max_usage_in_bytes", "memory.peak") if (file := folder / name).exists()]
            assert all(peak <= watch.MEMORY for peak in peaks)
    warm.close_all()


def test_processes_without_end_stop_at_the_limit_and_are_swept(student):
    started = value(student, """
import os, time
answer = 0
for _ in range(300):
    try:
        if os.fork() == 0:
            time.sleep(60); os._exit(0)
    except OSError:
        break
    answer += 1
""")
    assert 10 < started <= 96
    student.close()


def test_files_without_end_stop(tier):
    with StudentSession(tier=tier, cell_seconds=15) as session:
        with contextlib.suppress(StudentGone):
            ran = session.run("import time\nfor k in range(40):\n    with open(f'f{k}', 'wb') as file:\n        for _ in range(20): file.write(bytes(1 << 20)); time.sleep(.002)")
            assert ran["error"] is not None and ran["error"]["kind"] == "OSError"
        scratch = session.scratch
    assert not (scratch and scratch.exists())


# ---------------------------------------------------------------- honest code

HONEST = {
    "threads inside NumPy": ("import numpy as np\na = np.ones((600, 600))\nanswer = float((a @ a).sum())", 600.0**3),
    "100 MB": ("import numpy as np\na = np.arange(13_000_000.)\nb = np.sort(a[::-1])\nanswer = bool((a == b).all())", True),
    "a file of 100 MB": ("import numpy as np, os\nnp.save('big', np.zeros(12_500_000))\nanswer = np.load('big.npy').size\nos.remove('big.npy')", 12_500_000),
    "threads": ("from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(8) as pool: answer = sum(pool.map(abs, range(100)))", 4950),
    "a program": ("import subprocess\nanswer = subprocess.run(['echo', 'hello'], capture_output=True, text=True).stdout", "hello\n"),
    "asyncio": ("import asyncio\nasync def f(): await asyncio.sleep(0); return 3\nanswer = await f()", 3),
    "temporary files": ("import tempfile\nwith tempfile.NamedTemporaryFile('w+') as f:\n    f.write('x'); f.seek(0); answer = f.read()", "x"),
    "recursion": ("import sys\ndef f(n): return n and 1 + f(n - 1)\nanswer = f(900)", 900),
    "modules of all kinds": ("import sqlite3, decimal, csv, multiprocessing, unittest.mock, numpy.polynomial, numpy.ma, matplotlib.animation, ctypes, zoneinfo\nanswer = 1", 1),
    "a database in memory": ("import sqlite3\nanswer = sqlite3.connect(':memory:').execute('select 1 + 1').fetchone()[0]", 2),
    "names": ("π, größe = 3.14, 2\nanswer = π * größe", 6.28),
    "its own signals": ("import os, signal\nanswer = []\nsignal.signal(signal.SIGUSR1, lambda *_: answer.append(1))\nos.kill(os.getpid(), signal.SIGUSR1)", [1]),
}


def test_honest_code_is_not_hurt(tier):
    with StudentSession(tier=tier, cell_seconds=60, call_seconds=20) as session:
        for name, (source, expected) in HONEST.items():
            assert value(session, source) == pytest.approx(expected), name
        picture = session.run("import matplotlib.pyplot as plt\nplt.plot([1, 3, 2])\nplt.title('a plot')\nplt.show()")
        assert picture["error"] is None and any("image/png" in output.get("data", {}) for output in picture["outputs"]), picture
        assert session.run("%timeit -n1 -r1 1 + 1")["error"] is None


def test_a_sentence_says_why_there_is_no_network(tier):
    if tier == "C":
        return
    with StudentSession(tier=tier) as session:
        error = session.run("import socket\nsocket.create_connection(('127.0.0.1', 80), 1)")["error"]
        assert error["kind"] == "PermissionError"


def test_root_runs_nothing_of_the_students(student):
    uid, real = value(student, "import os\nanswer = [os.getuid(), open('/proc/self/uid_map').read().split() if os.path.exists('/proc/self/uid_map') and os.access('/proc/self/uid_map', 4) and os.getpid() < 3 else []]")
    assert uid != 0
    status = _bytes(f"/proc/{student.process.pid}/status").decode()
    uids = {int(number) for number in status.split("Uid:")[1].split("\n")[0].split()}
    assert 0 not in uids and (os.geteuid() in uids if not privileges.may_change_user() else uids <= set(privileges.USERS))
    assert "NoNewPrivs:\t1" in status and "CapEff:\t0000000000000000" in status and "CapPrm:\t0000000000000000" in status


# ---------------------------------------------------------------- speed

@pytest.mark.slow
@pytest.mark.alone
def test_a_warm_start_costs_a_fraction_of_a_cold_one(tier, capsys):
    def cost(work):
        before, began = _used(), time.monotonic()
        work()
        return _used() - before, time.monotonic() - began

    def session():
        with StudentSession(tier=tier) as one:
            one.run("import numpy as np\nx = np.arange(3.)")
            costs.append(one)

    costs = []
    warm.close_all()
    _, cold = cost(session)
    walls = [cost(session)[1] for _ in range(20)]
    used = [one.cpu_seconds for one in costs[1:]]
    before = _used()
    warm.close_all()                                # what the server itself used is known once it has ended
    server = _used() - before - sum(used)
    with capsys.disabled():
        print(f"\ntier {tier}: a server {server:.2f} CPU s, once; a session cold {cold:.2f} s, warm {np.median(walls) * 1000:.0f} ms wall and {np.median(used) * 1000:.0f} ms CPU")
    assert np.median(used) < .1


def _used():
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime
