"""Who does the work: this process, processes on this machine, or a cluster. Each takes submissions and gives results as they come.

An executor has one method: `run(submissions)` pulls from an iterator no more than it can work on and yields
`(submission, result)`, in the order in which they end. The result is a `Failure` where grading itself failed; that costs
this submission and no other.
"""

from __future__ import annotations

import collections
import concurrent.futures
import contextlib
import dataclasses
import functools
import gc
import hashlib
import multiprocessing
import os
import pickle
import queue
import signal
import sys
import threading
import time
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Callable, Iterable, Iterator

from ..errors import CourseError
from ..sandbox import tiers, warm
from ..sandbox.session import StudentSession

TRIES = 2                                 # a submission whose process died may have been another's victim
SLACK_SECONDS = 120.0                     # beyond what all cells of a submission may take


@dataclasses.dataclass(frozen=True)
class Failure:
    """Grading itself failed; `why` is a sentence for the instructor."""

    why: str


class Here:
    """This process, one after the other: for looking into a problem, and for tests."""

    def __init__(self, task, grade: Callable | None = None):
        self.task, self.grade = task, grade or _unit()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        pass

    def tier(self, accept: str = "") -> tiers.Tier:
        """The isolation that is in force, seen from inside; `CourseError` where it is not accepted."""
        return tiers.in_force(accept)

    def run(self, submissions: Iterable) -> Iterator:
        for submission in submissions:
            try:
                yield submission, self.grade(self.task, submission)
            except Exception as error:
                yield submission, Failure(_described(error))


class Processes:
    """`workers` processes on this machine. Each lives on from submission to submission; one that dies is replaced.

    A pool of the standard library that loses a process fails every submission in it. So here are as many pools of one
    process as there are workers, and it is known which submission was being graded.
    """

    def __init__(self, task, workers: int, grade: Callable | None = None, seconds: float | None = None):
        self.start, self.tested = pickle.dumps((task, grade or _unit(), tiers.at_most.get())), None
        self.plots = any(warm.draws(released.text) for released in task.release.notebooks.values())
        self.seconds = task.limits.submission_seconds * max(len(task.release.notebooks), 1) + SLACK_SECONDS if seconds is None else seconds
        self.idle = [self._lane() for _ in range(workers)]
        self.lanes = list(self.idle)

    def __enter__(self):
        return self

    def __exit__(self, kind, *exception):
        if kind is None:
            _dismiss(self.idle)
        for lane in self.lanes:
            _kill(lane)

    def tier(self, accept: str = "") -> tiers.Tier:
        """The isolation that is in force, seen from inside: the first worker looks, in the process that it then grades with,
        while the others start theirs. `CourseError` where it is not accepted."""
        first, *others = self.idle
        for lane in others:
            lane.submit(_warm, self.plots)
        try:
            self.tested = first.submit(_examine, accept).result()
        except BrokenProcessPool:
            raise CourseError(f"The grader's own process ended before it graded anything ({_died(_kill(first))}). `course doctor` says what this machine offers.") from None
        return self.tested

    def _lane(self) -> concurrent.futures.ProcessPoolExecutor:
        lane = _new_lane() if _early.empty() else _early.get().result()
        try:
            lane.submit(_learn, self.start)
        except BrokenProcessPool:                        # it died before anybody needed it
            _kill(lane)
            lane = _new_lane()
            lane.submit(_learn, self.start)
        return lane

    def run(self, submissions: Iterable) -> Iterator:
        """A thread keeps the workers busy with what was read ahead, also while the caller is writing a result."""
        waiting, left, feeder = iter(submissions), True, _Feeder(self)
        try:
            while True:
                while left and feeder.hungry:
                    submission = next(waiting, None)
                    left = submission is not None
                    feeder.give(submission)
                ended = feeder.ended.get()
                if ended is None:
                    return
                if isinstance(ended, BaseException):
                    raise ended
                feeder.taken()
                yield ended
        finally:
            feeder.stop()

    def _renewed(self, lane):
        _kill(lane)
        self.lanes.remove(lane)
        self.lanes.append(self._lane())
        return self.lanes[-1]


class _Feeder:
    """The thread that hands submissions to the lanes of a pool and collects what comes of them. Lanes are touched by no other while it runs."""

    def __init__(self, pool: Processes):
        self.pool, self.most = pool, len(pool.lanes)
        self.ready, self.again, self.working = collections.deque(), collections.deque(), {}
        self.ended: queue.SimpleQueue = queue.SimpleQueue()        # (submission, result), an error, or None at the end
        self.events: queue.SimpleQueue = queue.SimpleQueue()       # futures that are done, and words of the caller's
        self.thread = threading.Thread(target=self._run, name="feeder", daemon=True)
        self.thread.start()

    # ---- for the caller

    @property
    def hungry(self) -> bool:
        """Whether more should be read: as much waits as there are workers, no more."""
        return len(self.ready) < self.most

    def give(self, submission) -> None:
        """The next submission; None says that there is no more."""
        if submission is not None:
            self.ready.append(submission)
        self.events.put("more" if submission is not None else "no more")

    def taken(self) -> None:
        """A result was taken, which makes room for another."""
        self.events.put("more")

    def stop(self) -> None:
        self.events.put("stop")
        self.thread.join()

    # ---- the thread

    def _run(self):
        try:
            all_read = False
            while not (all_read and not self.ready and not self.again and not self.working):
                while self.pool.idle and (self.again or self.ready) and self.ended.qsize() < self.most:      # else who takes the results is slower than the workers, who wait
                    self._hand(*(self.again.popleft() if self.again else (self.ready.popleft(), 0)))
                event = self._event()
                if event == "stop":
                    return
                all_read = all_read or event == "no more"
                if event in self.working:
                    self._collect(event)
                self._end_what_takes_too_long()
            self.ended.put(None)
        except BaseException as error:
            self.ended.put(error)

    def _event(self):
        """What happens next; None where a worker's time is over before."""
        left = max(min(end for *_, end in self.working.values()) - time.monotonic(), 0.0) if self.working else None
        with contextlib.suppress(queue.Empty):
            return self.events.get(timeout=left)

    def _hand(self, submission, tries):
        lane = self.pool.idle.pop()
        try:
            future = lane.submit(_work, self.pool.tested, submission)
        except BrokenProcessPool:                        # it died while it was idle
            lane = self.pool._renewed(lane)
            future = lane.submit(_work, self.pool.tested, submission)
        self.working[future] = lane, submission, tries + 1, time.monotonic() + self.pool.seconds
        future.add_done_callback(self.events.put)

    def _collect(self, future):
        lane, submission, tries, _ = self.working.pop(future)
        try:
            self.ended.put((submission, future.result()))
            self.pool.idle.append(lane)
        except BrokenProcessPool:
            code = _kill(lane)
            self.pool.idle.append(self.pool._renewed(lane))
            if tries < TRIES:
                self.again.append((submission, tries))
            else:
                self.ended.put((submission, Failure(f"the grader's own process ended {TRIES} times while it graded this submission ({_died(code)}). No other submission was touched by that.")))
        except Exception as error:
            self.ended.put((submission, Failure(_described(error))))
            self.pool.idle.append(lane)

    def _end_what_takes_too_long(self):
        for future in [future for future, (*_, end) in self.working.items() if end < time.monotonic() and not future.done()]:
            lane, submission, *_ = self.working.pop(future)
            _kill(lane)
            self.pool.idle.append(self.pool._renewed(lane))
            self.ended.put((submission, Failure(f"grading did not end within {self.pool.seconds:g} s and was stopped. No other submission was touched by that.")))


_early: queue.SimpleQueue[concurrent.futures.Future] = queue.SimpleQueue()     # workers that are started, or being started


@contextlib.contextmanager
def started_early(submissions: int, workers: int | None = None, released: Path | None = None) -> Iterator[None]:
    """Workers for so many submissions, and their students' servers, start while the caller still imports what grading needs: each takes about as long.

    From what lies in the folder `released` it is guessed whether students draw; who guesses wrong starts another server later.
    """
    plots = False
    with contextlib.suppress(OSError):                   # what cannot be read is told of later, by who needs it
        plots = released is not None and any(warm.draws(file.read_text(errors="replace")) for file in released.glob("*.ipynb"))
    with concurrent.futures.ThreadPoolExecutor(1) as starter:              # the first start waits for what all workers import
        for _ in range(min(submissions, workers_by_default() if workers is None else workers)):
            _early.put(starter.submit(_warm_lane, plots))
        try:
            yield
        finally:
            while not _early.empty():                    # nobody needed it
                _kill(_early.get().result())


def _warm_lane(plots: bool) -> concurrent.futures.ProcessPoolExecutor:
    lane = _new_lane()
    lane.submit(_warm, plots)
    return lane


def _new_lane() -> concurrent.futures.ProcessPoolExecutor:
    return concurrent.futures.ProcessPoolExecutor(1, _fresh(), _begin, (os.getpid(),))


class Cluster:
    """The workers of a Dask scheduler, for a class that outgrows one machine. A worker with another grader is refused, and
    what a lost worker was grading is graded by another.

    The task, and with it the key, is sent to the workers: where others can listen, use a scheduler with TLS.
    """

    def __init__(self, task, address: str, grade: Callable | None = None):
        self.client = _connected(address)
        self.start, self.ours, self.lines, self.good = pickle.dumps((task, grade or _unit())), fingerprint(), [], []

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.client.close()

    def tier(self, accept: str = "") -> tiers.Tier:
        """The worst isolation in force on any worker. `CourseError` where no worker can grade."""
        found, lines = [], []
        for worker, said in self.client.run(_introduce, accept, on_error="return").items():
            if isinstance(said, Exception):
                lines.append(f"The worker {worker} is refused: {_described(said)}")
            elif said[0] != self.ours:
                lines.append(f"The worker {worker} is refused: it has the grader {said[0]}, here it is {self.ours}. Install the same there.")
            else:
                self.good.append(worker)
                found.append(said[1])
        if not found:
            raise CourseError(" ".join(["No worker of the scheduler can grade.", *(lines or ["It has none: `dask worker ADDRESS --nthreads 1` starts one."])]))
        worst = max(found, key=lambda tier: tier.letter)
        return dataclasses.replace(worst, lines=(*worst.lines, *lines))

    def run(self, submissions: Iterable) -> Iterator:
        from distributed import as_completed
        waiting, working = iter(submissions), {}
        line = as_completed(loop=self.client.loop)

        def fill():
            while len(working) < 2 * max(len(self.client.nthreads()), 1) and (submission := next(waiting, None)) is not None:
                self._hand(submission, working, line)

        fill()
        while working:
            future = next(line)
            submission, tries = working.pop(future)
            try:
                result = future.result()
            except _OtherGrader:
                if tries < TRIES:
                    self._hand(submission, working, line, tries + 1, self.good)
                    continue
                result = Failure("only workers with another grader were there to grade it.")
            except Exception as error:
                result = Failure(_described(error))
            future.release()
            fill()
            yield submission, result

    def _hand(self, submission, working, line, tries=1, workers=None):
        future = self.client.submit(_work_there, self.ours, self.start, submission, pure=False, workers=workers)
        working[future] = submission, tries
        line.add(future)


def _connected(address: str):
    """A client of the scheduler; where none can be had a `CourseError`, and nothing is left of the attempt.

    Python ends a client that is in nobody's hands when it happens to come across it, and Dask waits for a lock then: for
    ever, if that is while another client begins.
    """
    try:
        from distributed import Client
    except ImportError:
        raise CourseError("--scheduler needs Dask on this machine: pip install 'neural-networks-by-hand[cluster]'.") from None
    try:
        return Client(address, timeout=10, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        refused = f"There is no Dask scheduler at {address} that answers ({_described(error)}). `dask scheduler` starts one, and prints its address."
    except (TypeError, RuntimeError) as error:           # what Dask says of TLS without a certificate, and of an address without TLS where its configuration asks for it
        refused = f"Dask's TLS does not fit {address} ({_described(error)}). What $DASK_CONFIG holds for the scheduler must hold here too."
    gc.collect()
    raise CourseError(refused)


class _OtherGrader(Exception):
    """This worker has another grader than the one who asks."""


_alone = threading.Lock()                 # a worker may have several threads; a submission wants the process for itself


def _introduce(accept: str):
    with _alone:
        return fingerprint(), tiers.in_force(accept)


def _work_there(ours: str, start: bytes, submission):
    if fingerprint() != ours:
        raise _OtherGrader(fingerprint())
    with _alone:
        task, grade = _unpacked(start)
        return grade(task, submission)


@functools.lru_cache(maxsize=2)
def _unpacked(start: bytes):
    return pickle.loads(start)


@functools.lru_cache(maxsize=1)
def fingerprint() -> str:
    """Which grader this is: its version, and a digest of its programs and of the library that has the answers."""
    from importlib.metadata import PackageNotFoundError, version
    root, digest = Path(__file__).resolve().parents[2], hashlib.sha256()
    for path in sorted(path for package in ("autograder", "course_lib") for path in (root / package).rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    try:
        named = version("neural-networks-by-hand")
    except PackageNotFoundError:
        named = "0"
    return f"{named} {digest.hexdigest()[:12]}"


def _fresh():
    """How a worker is started: without anything of the grader's memory, and on Linux from a process that has done the imports once for all of them."""
    if not sys.platform.startswith("linux"):
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["autograder.grading.preload"])
    return context


def _dismiss(lanes, seconds: float = 10.0) -> None:
    """Let processes that have nothing to do end by themselves and tidy up."""
    processes = [process for lane in lanes for process in (lane._processes or {}).values()]
    for lane in lanes:
        lane.shutdown(wait=False)
    end = time.monotonic() + seconds
    for process in processes:
        process.join(max(end - time.monotonic(), 0.0))
        if process.is_alive():
            process.kill()


def _kill(lane) -> int | None:
    """End a pool and its process at once; the process's exit code, None where it had none."""
    processes = list((lane._processes or {}).values())   # the pool's own way waits for the work to end
    for process in processes:
        process.kill()
    lane.shutdown(wait=True, cancel_futures=True)
    return next((process.exitcode for process in processes if process.exitcode is not None), None)


def _died(code: int | None) -> str:
    if code is not None and code < 0:
        name = signal.Signals(-code).name if -code in set(signal.Signals) else str(-code)
        return f"stopped by {name}" + (", as when memory runs out" if name == "SIGKILL" else "")
    return "without a word" if code is None else f"exit code {code}"


def _described(error) -> str:
    if isinstance(error, CourseError):
        return str(error)
    said = str(error).strip().splitlines()
    return f"{type(error).__name__}: {said[0][:300]}" if said else type(error).__name__


def _unit() -> Callable:
    from . import unit
    return unit.grade


# ---------------------------------------------------------------- in a worker

_doing: tuple | None = None


def _begin(parent: int) -> None:
    """A worker's first act: Ctrl-C is left to the grader, and there is no life after the grader's."""
    from ..imports import skip_slow_formats
    skip_slow_formats()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _learn(start: bytes) -> None:
    """What all submissions have in common."""
    global _doing
    task, grade, at_most = pickle.loads(start)
    tiers.at_most.set(at_most)
    _doing = task, grade


def _end_with(parent: int) -> None:
    grader = multiprocessing.parent_process()
    if grader is not None and grader.pid == parent:
        grader.join()
    os._exit(1)


def _examine(accept: str) -> tiers.Tier:
    return tiers.in_force(accept)


def _warm(plots: bool) -> None:
    """Start the student's server before the first submission comes."""
    with contextlib.suppress(Exception), StudentSession(plots=plots) as session:
        session.names()


def _work(tested: tiers.Tier | None, submission):
    task, grade = _doing
    if tested is not None:
        tiers.remember(tested)
    return grade(task, submission)


def workers_by_default() -> int:
    """$COURSE_WORKERS, else as many as the processors that this process may use."""
    asked = os.environ.get("COURSE_WORKERS", "")
    if asked.isdecimal():
        return int(asked)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
