"""`course watch`: grade on submit. It looks into the exchange, journals what is new at once, grades it and puts the feedback out.

All that it knows stands in the journals, so it may be stopped at any moment and started again. Students are graded at
most as often as `deadlines.toml` allows; the receipt is theirs at once all the same.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Callable, Iterator

from ..errors import CourseError
from . import counting, deadlines, handed_in, receipts, status
from .batch import Outcome
from .course import Course
from .receipts import Receipt

SHORTEST, LONGEST, SHARE = 1.0, 15.0, 0.05          # seconds between two looks, and the share of its time that looking may take
LOCK = ".watching.lock"


class Watcher:
    """What one `course watch` does and has said. `say` gets a line for each event, `accept` is the isolation that the instructor puts up with; `clock` is for tests."""

    def __init__(self, course: Course, assignment: str | None, say: Callable[[str], None], *, accept: str = "",
                 clock: Callable[[], datetime] = lambda: datetime.now(timezone.utc)):
        self.course, self.assignment, self.accept, self.clock = course, assignment, accept, clock
        self._say = say
        self.known: dict[str, dict[str, float]] = {}            # assignment → folder → when it had last changed
        self.told: set[tuple] = set()                           # what need not be said twice
        self.failed: set[tuple[str, str, str]] = set()          # (assignment, student, digest) that could not be graded

    def say(self, line: str, once: tuple | None = None) -> None:
        if once is not None:
            if once in self.told:
                return
            self.told.add(once)
        self._say("".join(letter if letter.isprintable() else "�" for letter in line))      # names are others' words

    def assignments(self) -> list[str]:
        """What is watched: one assignment, or all that were released."""
        if self.assignment:
            return [self.assignment]
        with self.course.gradebook() as gradebook:
            return [assignment.name for assignment in gradebook.assignments]

    def look(self) -> bool:
        """One look: journal, grade, put out feedback. Whether anything happened. Trouble is said once and does not end the watch."""
        happened = False
        for name in self.assignments():
            try:
                happened |= self._receive(name)
                happened |= self._grade(name)
                self.told = {said for said in self.told if said[:2] != ("trouble", name)}
            except CourseError as error:
                self.say(f"{name}: {error}", once=("trouble", name, str(error)))
        return happened

    # ---- receive

    def _receive(self, name: str) -> bool:
        policy = deadlines.policy_for(self.course.root, name)
        arrivals = handed_in.look(self.course, name, by=receipts.WATCHER, known=self.known.setdefault(name, {}))
        new = [arrival for arrival in arrivals if arrival.receipt]
        for arrival in arrivals:
            if arrival.receipt:
                late = policy.lateness(arrival.student, arrival.receipt.received)
                self.say(f"{arrival.student} handed in {name}: receipt {arrival.receipt.name}" + (f", {deadlines.words(late)} late" if late else "") + (f" ({arrival.receipt.note})" if arrival.receipt.note else ""))
            elif not arrival.waits:
                self.say(f"{arrival.folder} {arrival.why}", once=("refused", name, arrival.folder, arrival.why))
        if new:
            status.publish(self.course, name, {arrival.student for arrival in new})
        return bool(new)

    # ---- grade

    def _grade(self, name: str) -> bool:
        policy, now = deadlines.policy_for(self.course.root, name), self.clock()
        ready, leave = {}, {}
        for student, receipt, others, gradings in self._waiting(name):
            wait = deadlines.wait(gradings, policy, now)
            if wait:
                self.say(f"{student}'s {name}, {receipt.name}, waits until {policy.show(now + wait)}: {policy.gradings_per_hour} gradings an hour", once=("waits", name, receipt.name))
                continue
            ready[student], leave[student] = receipt, others
        if not ready:
            return False
        with counting.alone(self.course.root):
            for receipt in ready.values():
                handed_in.place(self.course, receipt)
        try:
            counting.grade(self.course, name, students=list(ready), leave=leave, graded=lambda outcomes: self._out(name, outcomes),
                           workers=0 if len(ready) == 1 else None, accept=self.accept, say=lambda line: self.say(line, once=("batch", line)))
        except CourseError:
            for student, receipt in ready.items():
                self.failed.add((name, student, receipt.digest))        # said by `look`; a new hand-in or a new watch tries again
            raise
        graded = {(score.student, score.digest) for score in counting.scores(self.course.root, name)}
        self.failed |= {(name, student, receipt.digest) for student, receipt in ready.items() if (student, receipt.digest) not in graded}
        status.publish(self.course, name, set(ready))
        return True

    def _waiting(self, name: str) -> Iterator[tuple[str, Receipt, list[str], list[datetime]]]:
        """(student, the newest receipt, if that was not graded yet, the digests of older ones that were not, when the student's attempts were graded)"""
        grader, scores = counting.judged_by(self.course.root, name), {}
        for score in counting.scores(self.course.root, name):
            scores.setdefault(score.student, []).append(score)
        found: dict[str, list[Receipt]] = {}
        for receipt in receipts.receipts(self.course.root, name):
            if handed_in.kept(self.course.root, receipt):
                found.setdefault(receipt.student, []).append(receipt)
        for student, theirs in found.items():
            graded = {score.digest for score in scores.get(student, ()) if score.grader == grader}
            newest = theirs[-1]
            if newest.digest not in graded and (name, student, newest.digest) not in self.failed:
                others = [receipt.digest for receipt in theirs if receipt.digest not in graded and receipt.digest != newest.digest]
                yield student, newest, others, [score.graded for score in scores.get(student, ())]

    def _out(self, name: str, outcomes: list[Outcome]) -> None:
        """Say how an attempt was graded and put its feedback out, while it lies in its place."""
        for outcome in outcomes:
            if outcome.status == "failed":
                self.say(f"{outcome.student}'s {name} could not be graded: {outcome.note}")
                continue
            if outcome.status == "unchanged":
                continue
            said = f"refused: {outcome.note}" if outcome.status == "refused" else f"{outcome.points:g} of {outcome.most:g} points" + (", and a person has to read the rest" if outcome.to_read else "")
            try:
                self.course.step("generate_feedback", name, outcome.student)
                self.course.step("release_feedback", name, outcome.student)
                self.say(f"{outcome.student}'s {name} is graded, {said}; the feedback is out")
            except CourseError as error:
                self.say(f"{outcome.student}'s {name} is graded, {said}; its feedback could not be put out: {error}")


# ---------------------------------------------------------------- the command

def watch(course: Course, assignment: str | None, say: Callable[[str], None], *, accept: str = "", until: threading.Event | None = None) -> None:
    """Watch until Ctrl-C, SIGTERM or `until`. `CourseError` where the exchange, the key or the deadlines are unfit at the start, or another watch runs."""
    course.exchange(assignment)
    deadlines.read(course.root)
    stop = until or threading.Event()
    with _only_one(course.root), _on_terminate(stop):
        watcher = Watcher(course, assignment, say, accept=accept)
        say(f"Watching {handed_in.inbound(course)} for {assignment or 'every assignment'}. Ctrl-C ends it; nothing is lost by that.")
        pause = SHORTEST
        try:
            while not stop.is_set():
                started = time.monotonic()
                happened = watcher.look()
                took = time.monotonic() - started
                pause = SHORTEST if happened else max(min(1.5 * pause, LONGEST), took / SHARE)
                stop.wait(pause)
        except KeyboardInterrupt:
            pass
    say("Ended. What came in and is not graded yet is graded by the next `course watch` or `course grade`.")


@contextlib.contextmanager
def _only_one(root: Path):
    try:
        import fcntl
    except ImportError:                                  # Windows has no exchange either
        yield
        return
    handle = os.open(root / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise CourseError("Another `course watch` of this course root is running; one is enough.") from None
    finally:
        os.close(handle)


@contextlib.contextmanager
def _on_terminate(stop: threading.Event):
    """SIGTERM, as a service manager sends it, ends the watch after what it is doing."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda number, frame: stop.set())
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
