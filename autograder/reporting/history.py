"""How a student came to an answer: every attempt at a question with its verdict, and what changed since the attempt before."""

from __future__ import annotations

import dataclasses
import difflib
import itertools
import re
from typing import NamedTuple

from ..grading.answers import OWN
from ..grading.attempts import Attempt
from ..verdicts import Verdict
from . import figures
from .classroom import Student

CONTEXT = 3               # unchanged lines shown on either side of a change
MOST_COMPARED = 400       # lines between the first change and the last, and words of a line; above that all of them count as changed
ALIKE = .5                # two lines with that much in common are one line that was changed


class Line(NamedTuple):
    """A line of a comparison: it is "same", "taken" away, "added", or stands for lines that were "left" out.

    `pieces` are its text, cut into (text, whether this differs from the line that it was, or became).
    """

    kind: str
    pieces: tuple[tuple[str, bool], ...]


@dataclasses.dataclass(frozen=True)
class Step:
    """One attempt at one question. `answer` is None where its text was not kept; `changed` since attempt number `since`, None where there is none."""

    place: int                              # from 1
    attempt: Attempt
    verdict: Verdict | None
    answer: str | None
    since: int = 0
    changed: tuple[Line, ...] | None = None

    @property
    def said(self) -> str:
        """How much changed, in words; "" where nothing did."""
        counts = [(sum(line.kind == kind for line in self.changed or ()), words) for kind, words in (("added", "added"), ("taken", "taken away"))]
        return " and ".join(f"{figures.number(count, 'line')} {words}" for count, words in counts if count)


def steps(student: Student, question: str) -> list[Step]:
    """The attempts at a question, oldest first, each compared with the last one before it whose text is known."""
    found, before, since = [], None, 0
    for place, attempt in enumerate(student.attempts, 1):
        if attempt.refused:
            continue                                        # nothing of it could be read
        answer = attempt.answers.get(question, "" if question == OWN and attempt.answers else None)
        changed = None if answer is None or before is None else compared(before, answer)
        found.append(Step(place, attempt, attempt.verdicts.get(question), answer, since, changed))
        if answer is not None:
            before, since = answer, place
    return found


def steady(steps: list[Step]) -> bool:
    """Whether every attempt has the same text, and the same verdict on it."""
    return all(step.answer is not None and not step.said and step.verdict == steps[0].verdict for step in steps)


def compared(before: str, after: str) -> tuple[Line, ...]:
    """The lines of two texts, long stretches that stayed the same left out; spaces at the end of a line do not count."""
    old, new = _lines(before), _lines(after)
    start = _alike(old, new)
    end = _alike(old[start:][::-1], new[start:][::-1])
    middle = _changes(old[start:len(old) - end], new[start:len(new) - end])
    return tuple(_shortened([*_whole("same", new[:start]), *middle, *_whole("same", new[len(new) - end:])]))


def _lines(text):
    return [line.rstrip() for line in text.rstrip().replace("\r\n", "\n").split("\n")] if text.strip() else []


def _alike(old, new) -> int:
    """How many lines are the same from the start."""
    return next((place for place, (one, other) in enumerate(zip(old, new)) if one != other), min(len(old), len(new)))


def _opcodes(old, new):
    """What turns one sequence into the other, as `difflib` says it; comparing takes as long as their product at least."""
    if max(len(old), len(new)) > MOST_COMPARED:
        return [("replace", 0, len(old), 0, len(new))]
    return difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def _changes(old, new) -> list[Line]:
    """The lines of two stretches that begin and end otherwise."""
    found = []
    for what, i, j, k, m in _opcodes(old, new):
        if what == "equal":
            found += _whole("same", new[k:m])
        elif j - i == m - k:
            pairs = [_words(one, other) for one, other in zip(old[i:j], new[k:m])]
            found += [Line("taken", taken) for taken, _ in pairs] + [Line("added", added) for _, added in pairs]
        else:
            found += _whole("taken", old[i:j]) + _whole("added", new[k:m])
    return found


def _whole(kind, lines) -> list[Line]:
    return [Line(kind, ((text, False),)) for text in lines]


def _words(one, other):
    """The pieces of a line that was changed, before and after; whole lines where they have little in common."""
    old, new = (re.findall(r"\w+|\s+|.", text) for text in (one, other))
    codes = _opcodes(old, new)
    common = sum(len("".join(old[i:j])) for what, i, j, _, _ in codes if what == "equal")
    if common < ALIKE * max(len(one), len(other)):
        return ((one, False),), ((other, False),)
    return (tuple(("".join(old[i:j]), what != "equal") for what, i, j, _, _ in codes if i < j),
            tuple(("".join(new[k:m]), what != "equal") for what, _, _, k, m in codes if k < m))


def _shortened(lines: list[Line]) -> list[Line]:
    """The lines, of which only those stay the same that are near a change."""
    near = {place + offset for place, line in enumerate(lines) if line.kind != "same" for offset in range(-CONTEXT, CONTEXT + 1)}
    found = []
    for kept, stretch in itertools.groupby(enumerate(lines), key=lambda placed: placed[0] in near):
        these = [line for _, line in stretch]
        found += these if kept else [Line("left", ((f"… {figures.number(len(these), 'line')} unchanged …", False),))]
    return found
