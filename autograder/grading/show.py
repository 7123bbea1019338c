"""How grading looks in a terminal."""

from __future__ import annotations

import contextlib
from collections import Counter

from rich.console import Console
from rich.panel import Panel
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from ..sandbox import isolation, tiers
from ..verdicts import COLOURS, MARKS
from .opening import shown

MOST_NAMES = 3


@contextlib.contextmanager
def progress(title: str):
    """A progress bar with the time left; yields the function that moves it, whose `say` prints a line above the bar."""
    with Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), transient=True, console=Console(stderr=True)) as bar:
        task = bar.add_task(title, total=None)

        def tell(done, total, student):
            bar.update(task, completed=done, total=total, description=f"{title} {student}")

        tell.say = lambda line: bar.console.print(Text(line, style="yellow"), soft_wrap=True)
        yield tell


def waiting(title: str):
    """A sign that something is going on, on the terminal alone."""
    return Console(stderr=True).status(f"{title} …")


def outcomes(results, console: Console | None = None) -> None:
    """A line for each submission, the mistakes of the class, and what failed."""
    console = console or Console()
    table = Table("student", "", "points", "mistakes", box=None, header_style="bold")
    for outcome in results:
        points = f"{outcome.points:g} of {outcome.most:g}" + (" + to be read" if outcome.to_read else "") if outcome.status not in ("failed", "would be graded") else ""
        status = f"{outcome.status}: {outcome.note}" if outcome.status == "would be graded" else outcome.status
        table.add_row(Text(outcome.student), Text(status), points, Text(", ".join(outcome.mistakes)))
    console.print(table)
    common = Counter(name for outcome in results for name in set(outcome.mistakes)).most_common(3)
    if common:
        console.print("Most common: " + ", ".join(f"{name} ({count})" for name, count in common), markup=False)
    for outcome in results:
        if not outcome.ok:
            console.print(Text(f"{outcome.student} {'was refused' if outcome.status == 'refused' else 'failed'}: {outcome.note}", style="red"), soft_wrap=True)
    for outcome in results:
        if outcome.note and outcome.status in ("graded", "unchanged"):
            console.print(Text(f"{outcome.student}'s notebook was repaired first: {outcome.note}", style="dim"), soft_wrap=True)
    to_confirm({outcome.student: outcome.flagged for outcome in results if outcome.flagged and outcome.to_read}, console)
    ran_in = sorted({outcome.tier for outcome in results if outcome.tier})
    if ran_in:
        console.print(f"Student code ran in isolation tier {' and '.join(ran_in)}.")


def to_confirm(flagged, console: Console | None = None) -> None:
    """A line for each test cell and reason: how many students' points a person should confirm, and the first of them.

    `flagged`: student → test cell → the sentence that the cell shows.
    """
    from .submission import CONFIRM
    whose: dict[tuple[str, str], list[str]] = {}
    for student, found in sorted(flagged.items()):
        for cell, why in found.items():
            whose.setdefault((cell, why.removeprefix(CONFIRM)), []).append(student)
    for (cell, why), students in sorted(whose.items()):
        more = f" and {len(students) - MOST_NAMES} more" if len(students) > MOST_NAMES else ""
        (console or Console()).print(Text(f"To confirm, {cell} of {', '.join(map(shown, students[:MOST_NAMES]))}{more}: {why}", style="yellow"), soft_wrap=True)


def collected(result, assignment: str, console: Console | None = None) -> None:
    """Whose uploads were taken in, which are nobody's, what was left out, and of whom there is none."""
    console = console or Console()
    table = Table("student", "upload", "files", "", box=None, header_style="bold")
    for one in result.taken:
        table.add_row(Text(one.student), Text(shown(one.label)), str(one.files), Text("; ".join(("" if one.new else "as before", *one.notes, one.late)).strip("; ")))
    if result.taken:
        console.print(table)
    for line in result.unmatched:
        console.print(Text(f"Not taken in: {line}", style="red"), soft_wrap=True)
    for line in result.said:
        console.print(Text(line, style="yellow"), soft_wrap=True)
    if result.missing:
        more = f" and {len(result.missing) - 40} more" if len(result.missing) > 40 else ""
        console.print(Text(f"No upload of: {', '.join(map(shown, result.missing[:40]))}{more}."), soft_wrap=True)
    console.print(Text(f"{len(result.taken)} submission{'s' * (len(result.taken) != 1)} of {assignment} collected. Next: course grade {assignment}"), soft_wrap=True)


def walls(console: Console) -> None:
    """A line where student code runs in less than all layers of isolation."""
    if (letter := tiers.at_best()) != "A":
        console.print(Text(f"Student code ran in isolation tier {tiers.known(letter)}. {isolation.bubblewrap_refusal() or ''}".strip(), style="yellow"), soft_wrap=True)


def regraded(done, *, dry_run: bool = False, console: Console | None = None) -> None:
    """For whom a regrade changed what, and why; then what failed, and where the record lies."""
    console = console or Console()
    if done.resumed:
        console.print(f"The regrade of {done.resumed} was interrupted; this is the rest of it, and the changes since then.", markup=False)
    table = Table("student", "question", "before", "after", "why", box=None, header_style="bold")
    for change in done.changes:
        table.add_row(*map(Text, (change.student, change.question, str(change.before or "not graded"), str(change.after), change.why)))
    if done.changes:
        console.print(table)
    students = len({change.student for change in done.changes})
    verb = "would change" if dry_run else "changed"
    console.print(f"Points {verb} for {students} student{'s' * (students != 1)}." if students else f"Nobody's points {verb}.")
    for outcome in done.outcomes:
        if outcome.status == "failed":
            console.print(Text(f"{outcome.student} failed: {outcome.note}", style="red"), soft_wrap=True)
    if dry_run:
        console.print("This was a dry run on a copy: nothing was changed.")
    else:
        console.print(f"The record is {done.record}. The gradebook as it was is {done.backup}.", markup=False, soft_wrap=True)


def decisions_in_force(decided, console: Console | None = None) -> None:
    """The decisions under which the points above were given."""
    for decision in decided:
        (console or Console()).print(f"Decided: {decision}", markup=False, soft_wrap=True)


def trial(result, console: Console | None = None) -> None:
    """The verdicts on one file, a frame each, and a line with the points."""
    console = console or Console()
    for verdict in result.verdicts:
        title = Text(f" {MARKS[verdict.status]} {verdict.question}, {verdict.score} ", style="bold")
        console.print(Panel(_verdict(verdict), title=title, title_align="left", border_style=COLOURS[verdict.status], width=min(console.width, 110)))
    for sentence in result.stopped:
        console.print(Text(sentence, style="yellow"))
    whose = " ".join(word for word in (result.term, result.student) if word)
    console.print(Text(f"{result.assignment}{f' ({whose})' if whose else ''}: {result.points:g} of {result.most:g} points.", style="bold"))
    if result.to_read:
        console.print(Text(f"A person reads {', '.join(f'{name} ({points:g} points)' for name, points in result.to_read.items())}."))
    if not result.walled:
        walls(console)


def _verdict(verdict) -> Text:
    lines = [Text(verdict.headline, style="bold")]
    lines += [Text(text) for text in (verdict.explanation, verdict.evidence) if text]
    lines += [Text(f"{group.points:g} of {group.most:g}  {group.name}", style="dim") for group in verdict.groups if len(verdict.groups) > 1]
    lines += [Text(f"Note: {remark}") for remark in verdict.remarks]
    lines += [Text(f"Read again: {verdict.lecture}")] if verdict.lecture else []
    lines += [Text(f"First hint: {verdict.hints[0]}", style="italic")] if verdict.hints else []
    return Text("\n").join(lines)
