"""What a student is told: a `Verdict`, with its points, the mistake it names, one piece of evidence and three hints.

A verdict shows itself as HTML in a notebook and in feedback, and as text in a terminal. In a notebook its ``text/plain``
form is the bare number of points, because that is what nbgrader reads of a cell's output: so nbgrader's own *Validate*
button and its own autograder understand our check cells too.
"""

from __future__ import annotations

import dataclasses
import html
import json

MIME = "application/vnd.neural-networks-by-hand.verdict+json"


@dataclasses.dataclass(frozen=True)
class Group:
    """One part of a question: what it asks, the points it gave and could have given."""

    name: str
    points: float
    most: float


@dataclasses.dataclass(frozen=True)
class Verdict:
    """The judgement on one question.

    `status` is "right", "partly right", "wrong", "blank" or "failed" (the code raised, hung or is missing). `mistakes`
    are the names of those that fit, `explanation` says in a sentence what they do, `evidence` is one case on public
    numbers, `hints` reveal more and more. `practice` verdicts saw public cases only. `due` says until when to hand in.
    """

    assignment: str
    question: str
    points: float
    most: float
    status: str
    headline: str
    explanation: str = ""
    evidence: str = ""
    mistakes: tuple[str, ...] = ()
    lecture: str = ""
    hints: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    remarks: tuple[str, ...] = ()
    practice: bool = False
    due: str = ""

    def __float__(self):
        return float(self.points)

    # ---- as data

    def to_dict(self) -> dict:
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, data: dict) -> "Verdict":
        known = {field.name for field in dataclasses.fields(cls)}           # what was kept outlives the version that wrote it
        data = {name: value for name, value in data.items() if name in known}
        data["groups"] = tuple(Group(**group) for group in data.get("groups", ()))
        for name in ("mistakes", "hints", "remarks"):
            data[name] = tuple(data.get(name, ()))
        return cls(**data)

    # ---- as text

    @property
    def score(self) -> str:
        """The points as a person writes them: "7.5 of 15"."""
        return f"{self.points:g} of {self.most:g}"

    @property
    def _worth(self) -> str:
        if self.status == "answered":
            return f"{self.most:g} points to be given"
        return f"{self.score} points" + (" on the public cases" if self.practice else "")

    @property
    def _stuck(self) -> str:
        """How to open a hint, in the student's own notebook."""
        return (f'Stuck? Write `hint("{self.question}")` in a cell of your own: each time it opens one more of the {len(self.hints)} hints. '
                "They cost nothing; your instructor sees how many the whole class opens, not who opens them.")

    def __str__(self):
        lines = [f"{MARKS[self.status]} {self.question}: {self.headline} ({self._worth})"]
        lines += [text for text in (self.explanation, self.evidence) if text]
        lines += [f"  {group.points:g} of {group.most:g}  {group.name}" for group in self.groups if len(self.groups) > 1]
        lines += [f"  Note: {remark}" for remark in self.remarks]
        if self.lecture:
            lines.append(f"  Read again: {self.lecture}")
        if self.hints:
            lines.append(f"  {self._stuck.replace('`', '')}" if self.practice else f"  First hint: {self.hints[0]}")
        lines += [f"  {self.due}".replace("`", "")] if self.due else []
        return "\n".join(lines)

    __repr__ = __str__

    # ---- in a notebook

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": f"{self.points:g}", "text/html": self.to_html(), MIME: self.to_dict()}

    def to_html(self) -> str:
        """A card that stands alone: inline styles, no script, the reader's own text colour, more than colour to tell right from wrong."""
        said = [f'<p style="margin:0;font-weight:600">{MARKS[self.status]} {as_html(self.headline)} '
                f'<span style="font-weight:400">— {self._worth}</span></p>']
        said += [f'<p style="margin:.4em 0 0">{as_html(text)}</p>' for text in (self.explanation, self.evidence) if text]
        if len(self.groups) > 1:
            rows = "".join(f"<li>{as_html(group.name)}: {group.points:g} of {group.most:g}</li>" for group in self.groups)
            said.append(f'<ul style="margin:.4em 0 0 1.2em;padding:0">{rows}</ul>')
        said += [f'<p style="margin:.4em 0 0">Note: {as_html(remark)}</p>' for remark in self.remarks]
        if self.lecture:
            said.append(f'<p style="margin:.4em 0 0">Read again: {as_html(self.lecture)}</p>')
        if self.hints:
            said.append(f'<p style="margin:.4em 0 0">{as_html(self._stuck)}</p>' if self.practice else _folded(self.hints))
        said += [f'<p style="margin:.4em 0 0;font-size:.9em">{as_html(self.due)}</p>'] if self.due else []
        return (f'<section role="status" aria-label="{as_html(self.question)}" style="border:1px solid {COLOURS[self.status]};border-left-width:.5em;'
                f'border-radius:4px;padding:.6em .9em;max-width:46em;line-height:1.45">{"".join(said)}</section>')


MARKS = {"right": "✓", "partly right": "◐", "wrong": "✗", "blank": "○", "failed": "✗", "answered": "●"}
COLOURS = {"right": "#009E73", "partly right": "#E69F00", "wrong": "#D55E00", "blank": "#767676", "failed": "#D55E00", "answered": "#0072B2"}


def as_html(text) -> str:
    """Text made safe for HTML, with `code` between backquotes shown as code."""
    parts = html.escape(str(text)).split("`")
    return "".join(part if place % 2 == 0 else f"<code>{part}</code>" for place, part in enumerate(parts)) if len(parts) % 2 else "`".join(parts)


def _folded(hints):
    """Hints inside each other: each must be opened before the next can be seen."""
    folded = ""
    for place, hint in reversed(list(enumerate(hints, 1))):
        folded = f'<details style="margin:.4em 0 0"><summary style="display:list-item;cursor:pointer">Hint {place}</summary><p style="margin:.3em 0 0 1.2em">{as_html(hint)}</p>{folded}</details>'
    return folded


def verdict_of(outputs) -> Verdict | None:
    """The verdict among a notebook cell's outputs, if there is one."""
    for output in outputs or ():
        data = output.get("data", {}).get(MIME)
        if data is not None:
            return Verdict.from_dict(json.loads(data) if isinstance(data, str) else data)
    return None
