"""`hint`: one more hint for a question, in the student's own notebook, free of charge.

Which hints there are depends on what the question's check saw last. How many were opened is written to ``hints.json``
beside the notebook, handed in with it, and shown to the instructor as counts of the whole class.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from pathlib import Path

from .verdicts import Verdict, as_html

FILE = "hints.json"                                  # assignment → question → the most hints that were open at once
MOST_BYTES = 64 << 10

_checked: dict[tuple[str, str], Verdict] = {}        # (assignment, question) → what its check said last; the latest check comes last
_opened: dict[tuple, int] = {}                       # (assignment, question, its hints) → how many are open


class Hints:
    """The hints that are open, and what there is to say of them. Shows itself in a notebook and as text."""

    def __init__(self, *lines: str):
        self.lines = lines

    def __str__(self):
        return "\n".join(self.lines).replace("`", "")

    __repr__ = __str__

    def _repr_html_(self):
        said = "".join(f'<p style="margin:.3em 0 0">{as_html(line)}</p>' for line in self.lines)
        return f'<section role="status" aria-label="hints" style="border-left:.3em solid #0072B2;padding:.2em .9em;max-width:46em;line-height:1.45">{said}</section>'


def remember(verdict: Verdict) -> None:
    """Note what a check said, for the hints that may be asked for next."""
    _checked.pop((verdict.assignment, verdict.question), None)
    _checked[verdict.assignment, verdict.question] = verdict


def hint(question=None) -> Hints:
    """Open one more hint: for the check that was run last, or for the question of this name.

    Those that are open already are shown above it. It costs nothing; how many the class opens is counted.
    """
    name = getattr(question, "__name__", question)                  # hint(sigmoid) means hint("sigmoid")
    verdict = next((checked for checked in reversed(_checked.values()) if name in (None, checked.question)), None)
    if verdict is None:
        which = "A check" if name is None else f"The check of `{name}`"
        seen = f" Checked so far: {', '.join(f'`{question}`' for _, question in _checked)}." if name is not None and _checked else ""
        return Hints(f"{which} comes first: run its cell, and the hints are for what it finds.{seen}")
    if verdict.status == "right":
        return Hints(f"`{verdict.question}` is right: there is nothing left to hint at.")
    if not verdict.hints:
        return Hints(f"There are no hints for `{verdict.question}`.")
    return _open_one(verdict)


def _open_one(verdict: Verdict) -> Hints:
    key, most = (verdict.assignment, verdict.question, verdict.hints), len(verdict.hints)
    done = _opened.get(key, 0)
    _opened[key] = now = min(done + 1, most)
    problem = count(Path.cwd() / FILE, verdict.assignment, verdict.question, now)
    about = f"`{verdict.question}`, {' and '.join(verdict.mistakes)}:" if verdict.mistakes else f"`{verdict.question}`:"
    lines = [about, *(f"Hint {place} of {most}: {text}" for place, text in enumerate(verdict.hints[:now], 1))]
    if done == most:
        lines.append(f"These are all the hints there are. {_further(verdict)}")
    elif now == most:
        lines.append(f"That was the last one. {_further(verdict)}")
    else:
        lines.append(f'`hint("{verdict.question}")` once more opens the next.')
    return Hints(*lines, *([problem] if problem else []))


def _further(verdict):
    again = f"Still stuck? Read {verdict.lecture} again, then show" if verdict.lecture else "Still stuck? Show"
    return f"{again} somebody what you tried: saying it aloud often finds it."


# ---------------------------------------------------------------- counting

def count(file: Path, assignment: str, question: str, opened: int) -> str:
    """Write down how many hints of a question were opened, if more than before. "" or, where it cannot be, a sentence; nothing else is lost then."""
    try:
        counts = read(file)
        if counts.get(assignment, {}).get(question, 0) >= opened:
            return ""
        counts.setdefault(assignment, {})[question] = opened
        _replace(file, json.dumps(counts, indent=1, sort_keys=True) + "\n")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return f"(This hint is not counted, for {file.name} beside the notebook cannot be used: {reason}. You need not do anything.)"
    return ""


def read(file: Path) -> dict[str, dict[str, int]]:
    """The counts in a file; none where it is missing. `ValueError` where it holds something else."""
    try:
        with open(file, "rb") as stream:
            text = stream.read(MOST_BYTES + 1)
    except FileNotFoundError:
        return {}
    if len(text) > MOST_BYTES:
        raise ValueError("it is too large")
    try:
        counts = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("it is no JSON") from None
    if not (isinstance(counts, dict) and all(isinstance(questions, dict) and all(type(number) is int for number in questions.values()) for questions in counts.values())):
        raise ValueError("it holds something other than counts")
    return counts


def _replace(file: Path, text: str) -> None:
    """The whole new file or the old one, never half of it."""
    handle, scratch = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
        os.chmod(scratch, 0o644)
        os.replace(scratch, file)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(scratch)
        raise
