"""How `course status` and `course receipt` look in a terminal."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from .. import due
from ..course_root import find_course_root
from ..errors import CourseError
from . import batch, deadlines, handed_in, receipts, show
from .course import Course
from .status import LATE, MISSING, ON_TIME, Mine, Standing, for_student, keep_receipts, mine, publish, standings

COUNTS = {deadlines.LAST: "The last attempt counts.", deadlines.BEST: "The best attempt counts, after its penalty.", deadlines.LAST_ON_TIME: "The last attempt that was on time counts."}


def status(course_dir: Path | None, assignment: str | None, students: Sequence[str] | None) -> None:
    """What `course status` prints: the class where this is the instructor's course root, one's own hand-ins, or what the notebook in this folder says."""
    try:
        course = Course(find_course_root(course_dir))
    except CourseError:
        if course_dir or students or not _from_notebook(assignment):
            raise
        return
    taught = [assignment] if assignment and (_taught(course, assignment) or students) else [] if assignment else _all_taught(course)
    for name in taught:
        if students:
            for standing in standings(course, course.known(name), students):
                one(standing)
            continue
        odd = [f"{arrival.folder!r} {arrival.why}." for arrival in handed_in.look(course, name) if arrival.receipt is None] if handed_in.inbound(course).is_dir() else []
        publish(course, name)
        overview(name, standings(course, name), odd)
        show.to_confirm(batch.to_confirm(course, name))
    if students:
        return
    found = mine(course, assignment)
    for entry in found:
        own([entry])
        if entry.slip is not None:
            kept = keep_receipts(course.root / "receipts", entry.slip)
            _say(Console(), f"Your receipts are kept in {course.root / 'receipts'}: {', '.join(path.name for path in kept)}. Keep a copy: they say what was handed in when.")
    if not taught and not found and not _from_notebook(assignment):
        raise CourseError(f"Nothing of {assignment or 'this course'} was handed in from here, and no notebook in this folder says when it is due. "
                          "Submit in Nbgrader → Assignment List, or `course pack` makes the file to upload.")


def _taught(course: Course, assignment: str) -> bool:
    return assignment in _all_taught(course)


def _all_taught(course: Course) -> list[str]:
    """The assignments that this course root gives to others: among its sources and, where it grades, in its gradebook."""
    sources, here = course.place("source", "x").parent, set()
    if sources.is_dir():
        here = {path.name for path in sources.iterdir() if path.is_dir() and any(path.glob("*.ipynb"))}
    if here or course.place("submitted", "x", "x").parent.parent.is_dir():       # a student's own course root gets no gradebook by asking
        with course.gradebook() as gradebook:
            here |= {assignment.name for assignment in gradebook.assignments}
    return sorted(here)


def _from_notebook(assignment: str | None) -> bool:
    """Say what the notebook in this folder carries, and what was packed here; False where there is neither."""
    said, console = False, Console()
    for name in [assignment] if assignment else due.assignments_here():
        told = due.of_notebook(name)
        if told.get("says"):
            _say(console, f"{name}: {told['says']} An extension of your own stands with your instructor.")
            said = True
        for path in sorted(Path.cwd().glob(f"{name}_*.zip")):
            _say(console, f"  {path.name} is packed, and its time is your own word until it was collected. SHA-256 of the file: {receipts.hash_of(path)}")
            said = True
    return said


def overview(assignment: str, standings: Sequence[Standing], odd: Sequence[str] = (), console: Console | None = None) -> None:
    """The class: what holds, how many are on time, late and missing, who has longer, and whose time nothing but their own word says."""
    console = console or Console()
    policy = standings[0].policy if standings else deadlines.Policy()
    states = Counter(standing.state for standing in standings)
    _say(console, f"{assignment}: {policy.sentence() or f'no due date. It would stand in {deadlines.FILE} of the course root.'} {COUNTS[policy.counts]}", style="bold")
    if policy.due is not None:
        _say(console, f"{states[ON_TIME]} on time, {states[LATE]} late, {states[MISSING]} missing, of {len(standings)}.")
    else:
        _say(console, f"{len(standings) - states[MISSING]} handed in, {states[MISSING]} missing, of {len(standings)}.")
    for standing in standings:
        if standing.state == LATE:
            row = standing.counts
            _say(console, f"  {standing.student}: {deadlines.words(row.late)} late, costs {_cost(row.cost)}{'' if row.verified else ', unverified'}")
    missing = [standing.student for standing in standings if standing.state == MISSING]
    if missing:
        _say(console, f"Missing: {', '.join(missing)}")
    for standing in standings:
        if standing.reason:
            _say(console, f"Longer: {standing.student} until {policy.show(standing.due)} ({standing.reason})")
    unverified = [standing.student for standing in standings if standing.counts and not standing.counts.verified]
    if unverified:
        _say(console, f"Unverified, by the student's own word: {', '.join(unverified)}. `course watch {assignment}` sees what comes in when it comes.", style="yellow")
    for standing in standings:
        for row in standing.rows:
            if row.note and row.verified:
                _say(console, f"{standing.student}, {row.name}: {row.note}", style="yellow")
    for sentence in odd:
        _say(console, sentence, style="yellow")


def one(standing: Standing, console: Console | None = None) -> None:
    """One student as the instructor sees it."""
    console = console or Console()
    told = for_student(standing)
    for row, known in zip(told["rows"], standing.rows):
        row.update({"points": known.points, "most": known.most} if known.points is not None else {})
        row["note"] = "; ".join(filter(None, [row["note"], "feedback out" if known.out else ""]))
    _table(told, console)


def own(found: Sequence[Mine], console: Console | None = None) -> None:
    """A student's own hand-ins."""
    console = console or Console()
    for entry in found:
        if entry.slip is not None:
            _table(entry.slip, console)
        else:
            _say(console, f"{entry.assignment} of {entry.student}", style="bold")
        for when in entry.waiting:
            _say(console, f"  handed in at {when or 'a time that nothing says'} by this machine's clock; the course has not looked yet, so there is no receipt. Ask again later.")


def packed(done, console: Console | None = None) -> None:
    """What was packed, what is still blank, and where it goes."""
    console = console or Console()
    for sentence in done.said:
        _say(console, sentence, style="yellow")
    if done.blank:
        _say(console, f"Still blank: {', '.join(done.blank)}. You may hand it in all the same.", style="yellow")
    _say(console, f"{done.path} is written, with {len(done.receipt['files'])} file{'s' * (len(done.receipt['files']) != 1)} of {done.receipt['student']}'s. SHA-256 of what is in it: {done.receipt['sha256']}")
    _say(console, f"Upload it: {done.upload}." if done.upload else f"Upload it where your course collects {done.receipt['assignment']}, as it is: do not unpack it.")
    _say(console, "Its time is the word of your own clock until your course has collected it.")


def _table(told: Mapping, console: Console) -> None:
    rows = told.get("rows") or ()
    due = f"due {told['due']}" if told.get("due") else "no due date"
    longer = f", which is your own date ({told['extended']})" if told.get("extended") else ""
    _say(console, f"{told.get('assignment')} of {told.get('student')}: {due}{longer}. {COUNTS.get(told.get('counts'), '')}", style="bold")
    if told.get("says"):
        _say(console, f"For everybody: {told['says']}")
    table = Table("", "receipt", "handed in", "late", "costs", "points", "", box=None, header_style="bold")
    for row in rows:
        points = f"{row['points']:g} of {row['most']:g}" if row.get("points") is not None else "not out yet"
        table.add_row(*map(Text, ("counts" if row["counts"] else "", row["receipt"], (row["received"] or "unknown") + ("" if row["verified"] else ", unverified"), row["late"] or "on time",
                                  _cost(row["cost"]) if row["late"] else "", points, row["note"])))
    if rows:
        console.print(table)
    else:
        _say(console, "  nothing handed in")


def _cost(share: float) -> str:
    return f"{100 * share:g} % of its points" if share else "nothing"


def _say(console: Console, words: str, style: str = "") -> None:
    clean = "".join(letter if letter.isprintable() or letter == "\n" else "�" for letter in words)      # names are others' words
    console.print(Text(clean, style=style), soft_wrap=True)
