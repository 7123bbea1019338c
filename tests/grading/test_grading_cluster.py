"""A class on a Dask cluster: a real scheduler and its workers on this machine, one of them killed, one of another version.

They talk TLS as `autograder/grading/cluster.md` sets it up: its lines are run here.
"""

import contextlib
import copy
import gc
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from importlib.util import find_spec
from pathlib import Path

import pytest

from autograder.errors import CourseError
from autograder.grading import batch, executors, release, unit
from autograder.grading.course import Course
from grading import faults_course as small
from grading import faulty_workers

pytestmark = [pytest.mark.slow, pytest.mark.process, pytest.mark.xdist_group("cluster")]
CHECKOUT = Path(__file__).resolve().parents[2]
TASK = unit.Task(release.Release("ps", {"ps1": release.Notebook("ps1", ())}), None, "1")


class Cluster:
    """A scheduler and its workers, each a process of its own."""

    def __init__(self, folder: Path, config: Path):
        self.folder, self.config, self.file, self.processes = folder, config, folder / "scheduler.json", []
        self.start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show", "--scheduler-file", str(self.file))
        self.wait(self.file.exists)
        self.address = json.loads(self.file.read_text())["address"]

    def start(self, program, *arguments, checkout=CHECKOUT):
        places = [str(checkout), str(CHECKOUT / "tests"), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(places), "DASK_CONFIG": str(self.config), "OPENBLAS_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
        log = open(self.folder / f"{len(self.processes)}.log", "w")
        self.processes.append(subprocess.Popen([sys.executable, "-m", f"distributed.cli.{program}", *arguments], env=environment, cwd=self.folder, stdout=log, stderr=log))
        return self.processes[-1]

    def worker(self, name, checkout=CHECKOUT):
        return self.start("dask_worker", "--scheduler-file", str(self.file), "--name", name, "--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1", checkout=checkout)

    def wait(self, done, seconds=90):
        end = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < end and self.processes[0].poll() is None, "\n".join(path.read_text()[-1500:] for path in self.folder.glob("*.log"))
            time.sleep(0.1)

    def wait_for_workers(self, count):
        from distributed import Client
        with Client(self.address, set_as_default=False) as client:
            self.wait(lambda: len(client.nthreads()) == count)

    def stop(self):
        for process in reversed(self.processes):
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            process.wait()


@pytest.fixture(scope="module")
def encrypted(tmp_path_factory, require):
    """The folder of Dask's configuration, made by the page's own lines; in force here too."""
    require(find_spec("distributed"), "Dask is not installed: pip install 'neural-networks-by-hand[cluster]'")
    require(shutil.which("openssl"), "openssl is not installed: apt install openssl")
    import dask
    home = tmp_path_factory.mktemp("home")
    (lines,) = re.findall(r"^```\n(mkdir .*?)```$", CHECKOUT.joinpath("autograder/grading/cluster.md").read_text(), re.MULTILINE | re.DOTALL)
    subprocess.run(["bash", "-euc", lines], env={**os.environ, "HOME": str(home)}, check=True, capture_output=True)
    before = copy.deepcopy(dask.config.config)
    dask.config.update(dask.config.config, dask.config.collect(paths=[str(home / "dask")], env={}))
    yield home / "dask"
    dask.config.config.clear()
    dask.config.update(dask.config.config, before)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory, encrypted):
    cluster = Cluster(tmp_path_factory.mktemp("cluster"), encrypted)
    try:
        cluster.workers = [cluster.worker("one"), cluster.worker("two")]
        cluster.wait_for_workers(2)
        yield cluster
    finally:
        cluster.stop()


def test_a_class_gets_the_grades_that_it_gets_here(cluster, tmp_path):
    here, there = small.make(tmp_path / "here"), tmp_path / "there"
    shutil.copytree(here, there)
    assert {outcome.status for outcome in batch.grade(Course(here), "ps", workers=0, accept="C")} == {"graded"}
    outcomes = batch.grade(Course(there), "ps", scheduler=cluster.address, accept="C")
    assert {outcome.status for outcome in outcomes} == {"graded"} and {outcome.points for outcome in outcomes} == {6.0, 8.5}
    assert small.grades(there) == small.grades(here)
    assert {outcome.status for outcome in batch.grade(Course(there), "ps", scheduler=cluster.address, accept="C")} == {"unchanged"}


def test_a_worker_with_another_grader_is_refused_and_named(cluster, tmp_path):
    other = tmp_path / "other"
    for package in ("autograder", "course_lib"):
        shutil.copytree(CHECKOUT / package, other / package, ignore=shutil.ignore_patterns("__pycache__"))
    with open(other / "autograder" / "verdicts.py", "a") as file:
        file.write("\n# one line more\n")
    worker = cluster.worker("other", checkout=other)
    try:
        cluster.wait_for_workers(3)
        with executors.Cluster(TASK, cluster.address, faulty_workers.by_whom) as crew:
            (line,) = [line for line in crew.tier("C").lines if "is refused" in line]
            assert executors.fingerprint() in line and "Install the same there" in line
            results = [result for _, result in crew.run(unit.Submission(f"s{number}", {}) for number in range(12))]
        assert str(worker.pid) not in {result.student for result in results} and len({result.student for result in results}) == 2
    finally:
        worker.kill()
        worker.wait()
        cluster.wait_for_workers(2)


def test_a_worker_killed_in_mid_run_loses_nothing(cluster):
    victim, names = cluster.workers[1], [f"s{number}" for number in range(10)]
    killer = threading.Timer(1.5, victim.send_signal, [signal.SIGKILL])
    with executors.Cluster(TASK, cluster.address, faulty_workers.slow) as crew:
        crew.tier("C")
        killer.start()
        results = {submission.student: result for submission, result in crew.run(unit.Submission(name, {}) for name in names)}
    assert victim.wait() == -signal.SIGKILL
    assert {name: result.student for name, result in results.items()} == {name: name for name in names}


def test_who_does_not_have_the_key_is_not_let_in(cluster):
    import dask
    assert cluster.address.startswith("tls://")
    tls = "distributed.comm.tls"
    nothing, plain = {f"{tls}.ca-file": None, f"{tls}.client.cert": None, f"{tls}.client.key": None}, cluster.address.replace("tls:", "tcp:")
    for changed, address, said in (
            (nothing, cluster.address, "TLS does not fit"), ({}, plain, "TLS does not fit"), ({"distributed.comm.require-encryption": False}, plain, "no Dask scheduler"),
            ({f"{tls}.client.cert": None, f"{tls}.client.key": None}, cluster.address, "no Dask scheduler|TLS does not fit")):
        with dask.config.set(changed), pytest.raises(CourseError, match=f"({said}).*{re.escape(address)}|{said} at {re.escape(address)}"):
            executors.Cluster(TASK, address)


def test_nothing_is_left_of_a_client_that_was_refused(encrypted):
    """Dask's clients wait for each other's lock where one is forgotten while another begins."""
    from distributed import Client
    known = {id(one) for one in gc.get_objects() if type(one) is Client}
    gc.disable()
    try:
        for address in ("tls://127.0.0.1:9", "tcp://127.0.0.1:9"):
            with pytest.raises(CourseError) as refused:
                executors.Cluster(TASK, address)
            assert refused.value.__context__ is None
        assert [one for one in gc.get_objects() if type(one) is Client and id(one) not in known] == []
    finally:
        gc.enable()


def test_no_scheduler_and_no_worker_are_sentences(cluster, encrypted, tmp_path):
    with pytest.raises(CourseError, match="no Dask scheduler at tls://127.0.0.1:9.*dask scheduler"):
        executors.Cluster(TASK, "tls://127.0.0.1:9")
    alone = Cluster(tmp_path, encrypted)
    try:
        with executors.Cluster(TASK, alone.address) as crew, pytest.raises(CourseError, match="No worker.*dask worker ADDRESS"):
            crew.tier()
    finally:
        alone.stop()
