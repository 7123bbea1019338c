"""The report's figures: inline SVG that needs no script and no network, each with the words that say the same."""

from __future__ import annotations

import dataclasses
import statistics
from datetime import datetime
from itertools import pairwise
from typing import Sequence

from markupsafe import Markup, escape

WIDTH, BARS, TOP, BOTTOM = 360, 120, 18, 34          # in the drawing's own units; the page scales it


@dataclasses.dataclass(frozen=True)
class Figure:
    """A picture and what it shows in words; the words are on the page too, so the picture itself is silent."""

    svg: Markup
    words: str


def histogram(counts: Sequence[int], labels: Sequence[str], axis: str, words: str) -> Figure:
    """Upright bars, each with its count above and its label below; `axis` says what the labels are."""
    step, most = WIDTH / len(counts), max(max(counts), 1)
    parts = []
    for place, (count, label) in enumerate(zip(counts, labels)):
        height, middle = BARS * count / most, step * (place + .5)
        parts.append(f'<rect x="{step * place + 2:.1f}" y="{TOP + BARS - height:.1f}" width="{step - 4:.1f}" height="{height:.1f}"/>')
        parts.append(f'<text x="{middle:.1f}" y="{TOP + BARS - height - 4:.1f}">{count or ""}</text>')
        parts.append(f'<text x="{middle:.1f}" y="{TOP + BARS + 14}">{escape(label)}</text>')
    parts.append(f'<path d="M0 {TOP + BARS}H{WIDTH}"/><text x="{WIDTH / 2}" y="{TOP + BARS + 30}">{escape(axis)}</text>')
    return Figure(Markup(f'<svg class="histogram" viewBox="0 0 {WIDTH} {TOP + BARS + BOTTOM}" aria-hidden="true" focusable="false">{"".join(parts)}</svg>'), words)


def spread(points: Sequence[float], most: float, bins: int, of: str) -> Figure:
    """How points are spread from 0 to `most`, in `bins` of equal width; full points stand in the last."""
    edges = [most * place / bins for place in range(bins + 1)]
    counts = [0] * bins
    for value in points:
        counts[min(int(bins * value / most), bins - 1) if most else 0] += 1
    narrow = bins > 6
    labels, axis = [f"{low:.3g}" if narrow else f"{low:.3g}–{high:.3g}" for low, high in pairwise(edges)], f"points of {most:g}" + ", from … on" * narrow
    if not points:
        return histogram(counts, labels, axis, f"Nobody's {of} has been judged yet.")
    full = sum(value >= most for value in points)
    words = (f"{of[0].upper()}{of[1:]} of {number(len(points), 'student')}: lowest {min(points):.3g}, middle {statistics.median(points):.3g}, highest {max(points):.3g} of {most:g}; "
             f"{full} {'has' if full == 1 else 'have'} all points.")
    return histogram(counts, labels, axis, words)


SPANS = (("< 1 h", 1), ("1–6 h", 6), ("6–24 h", 24), ("1–3 d", 72), ("3–7 d", 168), ("> 7 d", float("inf")))


def hours_between(start: str, end: str) -> float | None:
    """Hours from one ISO time to another; None where one is unknown or they are the wrong way round (a student's clock may be)."""
    if not start or not end:
        return None
    hours = (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds() / 3600
    return hours if hours >= 0 else None


def durations(hours: Sequence[float], words: str) -> Figure:
    """How long it took the class, in spans from under an hour to over a week."""
    counts = [0] * len(SPANS)
    for value in hours:
        counts[next(place for place, (_, limit) in enumerate(SPANS) if value < limit)] += 1
    return histogram(counts, [label for label, _ in SPANS], "hours (h) and days (d)", words)


def span(hours: float) -> str:
    """A length of time as a person says it: "25 minutes", "3.5 hours", "2.1 days"."""
    return number(round(hours * 60), "minute") if hours < 1 else f"{round(hours, 1):g} hours" if hours < 48 else f"{round(hours / 24, 1):g} days"


def number(count: int, thing: str) -> str:
    """"1 student", "2 students"."""
    return f"{count} {thing}{'' if count == 1 else 's'}"
