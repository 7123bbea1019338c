"""`course attack`: hostile submissions tried against the grader of this machine, in every tier it offers.

A directory of attacks has a ``manifest.json``, a list of cases, each with ``id``, ``kind``, ``file``, ``expect`` and
``check``. The file of a `code` case is the text of a student's cell for a question whose task is ``sigmoid(x)``; that of
a `submission` case is a module with ``build(directory, notebook)``, which lays out what a student hands in.
"""

from __future__ import annotations

import dataclasses
import difflib
import functools
import json
import multiprocessing
import os
import tempfile
from multiprocessing.connection import wait
from pathlib import Path
from typing import Iterable, Iterator

from ..errors import CourseError
from . import attack_course, attack_tiers, attack_trial
from .attack_host import Host, in_a_process

MANIFEST = "manifest.json"
KINDS = ("code", "submission")
SELF_TEST = "self-test"
PRIVATE = ("A", "B")                 # the tiers that promise that nothing is read or written


@dataclasses.dataclass(frozen=True)
class Case:
    """One attack: what it is called, the text of its file, and what the manifest expects of it."""

    name: str
    kind: str
    expect: str
    text: str
    check: str = ""


@dataclasses.dataclass(frozen=True)
class Line:
    """What was seen of one case in one tier. It holds where no promise was broken."""

    case: str
    tier: str
    expected: str
    seen: str
    seconds: float
    broken: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        return not self.broken


# ---------------------------------------------------------------- the cases

def load(directory: Path | str, wanted: Iterable[str] = ()) -> list[Case]:
    """The cases of a directory, or those that are wanted; `CourseError` where the directory is not laid out as one of attacks."""
    directory = Path(directory)
    if not directory.is_dir():
        raise CourseError(f"{directory} is no directory. Name one that holds a {MANIFEST} and the files of its cases.")
    manifest = directory / MANIFEST
    try:
        entries = json.loads(manifest.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CourseError(f"{directory} has no {MANIFEST}: a list of cases, each with id, kind ({' or '.join(KINDS)}), expect and file.") from None
    except (OSError, ValueError) as error:
        raise CourseError(f"{manifest} cannot be read: {error}.") from None
    if not isinstance(entries, list) or not entries:
        raise CourseError(f"{manifest} must be a list of cases, each with id, kind ({' or '.join(KINDS)}), expect and file.")
    cases = [_case(directory, entry) for entry in entries]
    names = [case.name for case in cases]
    for name in wanted:
        if name not in names:
            near = difflib.get_close_matches(name, names, n=1)
            raise CourseError(f"There is no case {name!r} in {directory}." + (f" Did you mean {near[0]}?" if near else ""))
    return [case for case in cases if case.name in wanted] if wanted else cases


def _case(directory: Path, entry) -> Case:
    manifest = directory / MANIFEST
    if not isinstance(entry, dict) or not all(isinstance(entry.get(key), str) for key in ("id", "kind", "expect", "file")):
        raise CourseError(f"{manifest} has a case without id, kind, expect or file, each as text: {json.dumps(entry)[:200]}")
    name, kind = entry["id"], entry["kind"]
    if kind not in KINDS:
        raise CourseError(f"The case {name} is of the unknown kind {kind!r}; it must be {' or '.join(KINDS)}.")
    if entry.get("check", "") not in ("", "LEAK"):
        raise CourseError(f"The case {name} asks for the unknown check {entry['check']!r}; it must be LEAK, or nothing.")
    path = directory / entry["file"]
    if path.parent != directory or not path.is_file():
        raise CourseError(f"The case {name} names the file {entry['file']!r}, which is not in {directory}.")
    if kind == "code" and not _number(entry["expect"]):
        raise CourseError(f"The case {name} expects {entry['expect']!r}; a case of the kind code expects its points, such as 0.")
    return Case(name, kind, entry["expect"], path.read_text(encoding="utf-8", errors="surrogateescape"), entry.get("check", ""))


def _number(text) -> bool:
    try:
        return float(text) >= 0
    except ValueError:
        return False


# ---------------------------------------------------------------- running them

def attack(directory: Path | str, *, tiers: Iterable[str] | None = None, cases: Iterable[str] | None = None, seconds: float | None = None) -> tuple[list[str], int, Iterator[Line]]:
    """(tiers, number of lines, the lines as they come) of the cases of a directory; `CourseError` where something asked for is not there."""
    chosen, offered = load(directory, tuple(cases or ())), attack_tiers.offered()
    for tier in tiers or ():
        if tier not in offered:
            raise CourseError(f"This machine offers no tier {tier!r}, but {', '.join(offered)}; `course doctor` says why.")
    if seconds is not None and not 0.5 <= seconds <= 600:
        raise CourseError(f"--seconds is {seconds:g}; a cell or call needs between 0.5 and 600.")
    asked = [tier for tier in offered if tier in tiers] if tiers else offered
    limits = attack_trial.Limits(seconds, seconds) if seconds else attack_trial.Limits()
    return asked, len(asked) * (1 + len(chosen)), run(chosen, asked, limits=limits)


def run(cases: list[Case], tiers: Iterable[str], *, limits=attack_trial.Limits(), workers: int | None = None) -> Iterator[Line]:
    """A line for each tier's self-test, and one for each case and tier, as they come, several at a time."""
    tiers = list(tiers)
    yield from map(_self_test, tiers)
    jobs = [(case, tier) for tier in tiers for case in cases]
    with tempfile.TemporaryDirectory(prefix="attacked-") as folder:
        template = Path(folder) / "course"
        if any(case.kind == "submission" for case in cases):
            attack_course.make(template, limits)
        yield from _several(jobs, functools.partial(_try, template=template, limits=limits), workers or 2 * (os.cpu_count() or 1))


def _self_test(tier: str) -> Line:
    """What the sandbox of a tier turns out to be, looked at from inside, as before every batch."""
    found = attack_tiers.tested(tier)
    broken = () if found.letter == tier else found.lines or (f"student code is held to tier {tier}",)
    return Line(SELF_TEST, tier, f"tier {tier}", f"tier {found.letter}", round(found.seconds, 2), broken)


def _several(jobs, work, workers) -> Iterator[Line]:
    """`work(*job)` of each job, in a process of its own, `workers` at a time."""
    context, running, waiting = multiprocessing.get_context("fork"), {}, list(reversed(jobs))
    while waiting or running:
        while waiting and len(running) < workers:
            job = waiting.pop()
            ours, theirs = context.Pipe(duplex=False)
            process = context.Process(target=_send, args=(theirs, work, job))
            process.start()
            theirs.close()
            running[ours] = process, job
        for connection in wait(list(running)):
            process, (case, tier) = running.pop(connection)
            try:
                told = json.loads(connection.recv_bytes())
                yield Line(**{**told, "broken": tuple(told["broken"])})
            except EOFError:
                yield Line(case.name, tier, case.expect, "the watcher died", 0.0, ("the grader and its watcher ended",))
            process.join()
            connection.close()


def _send(connection, work, job):
    connection.send_bytes(json.dumps(dataclasses.asdict(work(*job))).encode())


def _try(case: Case, tier: str, *, template: Path, limits) -> Line:
    """Try one case in one tier, in this process, which is thrown away."""
    with Host() as host:
        text = host.fill_in(case.text)
        if case.kind == "code":
            grader = functools.partial(attack_trial.attack_by_code, text, limits)
        else:
            grader = functools.partial(attack_course.attack_by_submission, text, attack_course.fresh_copy(template, host.place))
        watcher = attack_trial.Watcher(host, functools.partial(attack_tiers.within, tier, grader), limits.deadline)
        report = in_a_process(watcher.report, host, (attack_trial.PATIENCE + 1) * limits.deadline)
        return _judged(case, tier, json.loads(report) if report else {"died": "its watcher ended too"}, limits)


# ---------------------------------------------------------------- judging what was seen

def _judged(case: Case, tier: str, report: dict, limits) -> Line:
    if report["died"]:
        return Line(case.name, tier, case.expect, f"grader died ({report['died']})", 0.0, ("the grader survives",))
    judge = _judge_code if case.kind == "code" else _judge_submission
    seen, seconds, broken = judge(case, tier, report, limits)
    if report["left"]:
        broken.append(f"no process is left: {len(report['left'])} of them, {report['left'][0].strip() or 'without a name'}")
    if report["changed"] and tier in PRIVATE:
        broken.append(f"nothing outside is touched: {', '.join(report['changed'][:3])}" + (f" and {len(report['changed']) - 3} more" if len(report["changed"]) > 3 else ""))
    if report["scratch"]:
        broken.append(f"no scratch is left: {', '.join(report['scratch'][:3])}")
    return Line(case.name, tier, case.expect, seen, round(seconds, 2), tuple(broken))


def _judge_code(case, tier, report, limits):
    warm, hostile, after = report["told"]
    points, broken = hostile["points"], []
    if not warm["full"]:
        broken.append("an honest submission before it has full points")
    if abs(points - float(case.expect)) > 1e-9:
        broken.append(f"the score is {case.expect}")
    if hostile["leak"] and tier in PRIVATE:
        broken.append("LEAK is not true")
    if hostile["seconds"] > limits.deadline:
        broken.append(f"it is judged within {limits.deadline:g} s")
    if hostile["growth"] > attack_trial.MEMORY:
        broken.append(f"the grader grows by at most {attack_trial.MEMORY >> 20} MiB: {hostile['growth'] >> 20} MiB")
    if not after["full"]:
        broken.append("the next, honest submission has full points")
    return f"{points:g}" + (f" ({hostile['unsure']:g} to confirm)" if hostile["unsure"] else "") + (" LEAK" if hostile["leak"] else ""), hostile["seconds"], broken


def _judge_submission(case, tier, report, limits):
    found = report["told"][1]
    score, status, broken = found["score"], found["status"], []
    checks = {
        "the exit code is 0 or 3": found["code"] in (0, 3),
        f"the other student has {attack_course.POINTS:g} points": found["good"] == attack_course.POINTS,
        f"no more than {attack_course.POINTS:g} points": (score or 0) <= attack_course.POINTS,
        f"no byte of the bait is copied ({', '.join(found['copied'][:3])})": not found["copied"],
        f"it is done within {limits.deadline:g} s": found["seconds"] <= limits.deadline,
        f"the grader grows by at most {attack_trial.MEMORY >> 20} MiB ({found['growth'] >> 20})": found["growth"] <= attack_trial.MEMORY,
        f"the course root grows by at most {attack_course.MOST_BYTES >> 20} MiB ({found['disk'] >> 20})": found["disk"] <= attack_course.MOST_BYTES,
        f"no control character is printed ({' '.join(found['unclean'])})": not found["unclean"],
        **_as_expected(case.expect, status, score, found["named"]),
    }
    broken += [promise for promise, kept in checks.items() if not kept]
    return f"{status}" + (f", {score:g} of {attack_course.POINTS:g}" if score is not None else "") + (f": {found['note']}" if status != "graded" else ""), found["seconds"], broken


def _as_expected(expect: str, status: str, score, named: bool) -> dict[str, bool]:
    """The promises that the words of a submission case's `expect` add."""
    words, full = expect.lower(), score == attack_course.POINTS
    if words.startswith(("handled", "graded or rejected")) or "rejected" in words and " or " in words:
        return {"it is graded or refused": status in ("graded", "refused")}
    if "size cap" in words or "disk use" in words:       # what is never unpacked takes no room: that the course root does not grow is looked at above
        return {"it is graded or refused": status in ("graded", "refused")}
    if words.startswith("rejected"):
        return {"it is refused, or what is refused of it is named": status == "refused" or full and named}
    if "unreadable" in words:
        return {"it is refused, without points": status == "refused" and not score}
    if words.startswith("graded"):
        return {"it is graded in full": status == "graded" and full}
    return {"it is graded or refused": status in ("graded", "refused")}
