"""How grading looks in a terminal."""

from __future__ import annotations

import contextlib
from collections import Counter

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from ..sandbox.isolation import bubblewrap_refusal


@contextlib.contextmanager
def progress(title: str):
    """A progress bar with the time left; yields the function that moves it."""
    with Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), transient=True, console=Console(stderr=True)) as bar:
        task = bar.add_task(title, total=None)

        def tell(done, total, student):
            bar.update(task, completed=done, total=total, description=f"{title} {student}")

        yield tell


def outcomes(results, console: Console | None = None) -> None:
    """A line for each submission, the mistakes of the class, and what failed."""
    console = console or Console()
    table = Table("student", "", "points", "mistakes", box=None, header_style="bold")
    for outcome in results:
        points = f"{outcome.points:g} of {outcome.most:g}" + (" + to be read" if outcome.to_read else "") if outcome.status != "failed" else ""
        table.add_row(Text(outcome.student), outcome.status, points, Text(", ".join(outcome.mistakes)))
    console.print(table)
    common = Counter(name for outcome in results for name in set(outcome.mistakes)).most_common(3)
    if common:
        console.print("Most common: " + ", ".join(f"{name} ({count})" for name, count in common), markup=False)
    for outcome in results:
        if not outcome.ok:
            console.print(Text(f"{outcome.student} {'was refused' if outcome.status == 'refused' else 'failed'}: {outcome.note}", style="red"), soft_wrap=True)
    refusal = bubblewrap_refusal()
    if refusal:
        console.print(Text(f"Student code ran with limits but without walls: it could read what you can read. {refusal}", style="yellow"), soft_wrap=True)
