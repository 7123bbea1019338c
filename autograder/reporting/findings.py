"""What the figures show, in sentences: a title over each part of the report, and the figures that need counting."""

from __future__ import annotations

import statistics
from collections import Counter

from . import figures
from .classroom import RIGHT, Classroom
from .pages import points


def titles(room: Classroom) -> dict[str, str]:
    """A sentence over each part: what it shows."""
    count, middle = len(room.students), statistics.median(student.points for student in room.students)
    judged = [standing for standing in room.standings if standing.points and standing.worth]
    hardest = min(judged, key=lambda standing: standing.share, default=None)
    first = next((mistake for mistake in room.misconceptions if mistake.now), None)
    became, hints = room.became, room.hints
    most_hints = max(hints, key=hints.get, default="")
    seconds = [attempt.seconds for student in room.students for attempt in student.attempts if attempt.seconds]
    hours = _hours(room)
    return {
        "scores": f"The middle of the class has {points(middle)} of {points(room.most)} points",
        "questions": f"{hardest.question.name} is the hardest: the class has {100 * hardest.share:.0f} % of its points" if hardest and hardest.share < 1 else "Every answer that has been judged is right",
        "mistakes": f"{len(first.now)} of {count} now {'makes' if len(first.now) == 1 else 'make'} the mistake “{first.name}”" if first else "Nobody's last attempt shows a mistake with a name",
        "attempts": f"Of {figures.number(became.total(), 'mistake')} that {'was' if became.total() == 1 else 'were'} handed in again, {became[RIGHT]} became right" if became.total() else
                    f"{figures.number(count, 'student')}, {figures.number(sum(len(student.attempts) for student in room.students), 'attempt')}",
        "hints": f"{most_hints} took the most hints: {hints[most_hints]} of {sum(hints.values())}" if sum(hints.values()) else "No hints have been counted",
        "time": f"Half of the class had handed in for the last time within {figures.span(statistics.median(hours))} of {_since(room)}" if hours else "How long it took is not known",
        "grading": f"Grading one submission took {statistics.median(seconds):.1f} seconds in the middle, {max(seconds):.1f} at most." if seconds else "How long grading took is not recorded.",
    }


def tries(room: Classroom) -> figures.Figure:
    """How often each student handed in."""
    tries = Counter(min(len(student.attempts), 6) for student in room.students)
    once = tries[1]
    words = f"{once} handed in once, {len(room.students) - once} more often; at most {max(len(student.attempts) for student in room.students)} times."
    return figures.histogram([tries[n] for n in range(1, 7)], ["1", "2", "3", "4", "5", "6+"], "attempts", words)


def _since(room) -> str:
    return "the release" if room.released else "their first attempt"


def _hours(room) -> list[float]:
    """For each student, hours from the release (where it is unknown, from their first attempt) to their last attempt."""
    found = [figures.hours_between(room.released or student.attempts[0].when, student.attempts[-1].when) for student in room.students]
    return [hours for hours in found if hours is not None]


def took(room: Classroom) -> figures.Figure:
    """How long it took the class."""
    hours = _hours(room)
    between = [figures.hours_between(student.attempts[0].when, student.attempts[-1].when) for student in room.students if len(student.attempts) > 1]
    between = [each for each in between if each is not None]
    words = f"From {_since(room)} to the last attempt, {figures.number(len(hours), 'student')}" + (f": {figures.span(min(hours))} to {figures.span(max(hours))}." if hours else ".")
    if between:
        words += f" Who handed in more than once took {figures.span(statistics.median(between))} in the middle from the first attempt to the last."
    if len(hours) < len(room.students):
        words += f" Left out: {len(room.students) - len(hours)} whose times are unknown or run backwards."
    return figures.durations(hours, words)
