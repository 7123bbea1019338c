"""The figure at rest, as an SVG and in words: what a reader sees before any cell has run."""

from __future__ import annotations

import math
from html import escape

from course_lib.perceptron import predict
from course_lib.widgets.palette import blend, palette

SIZE, LEFT, RIGHT, TOP, BOTTOM = 400, 36, 8, 8, 28  # as in shared/plane.js
STOPS = 32


def still(X, y, w, b, title: str, *, answers: bool = True) -> tuple[str, str]:
    """The SVG text of the neuron's plane and table, and a description in words. X is (N, 2); w must not be zero.

    Without `answers` the columns that the neuron computes are empty: for a reader who is to guess first.

    >>> svg, words = still([[0, 0], [1, 1]], [0, 1], [1, 1], -1, title="Both are right")
    >>> svg.startswith("<svg"), words.startswith("Both are right.")
    (True, True)
    """
    h, p, y_hat = (values.tolist() for values in predict(X, w, b))
    box = _box(X)
    rows = [
        {"x": x, "y": y_i, "h": h_i, "p": p_i, "y_hat": c, "loss": (y_i - p_i) ** 2, "right": c == y_i}
        for x, y_i, h_i, p_i, c in zip(X, y, h, p, y_hat)
    ]
    description = _words(rows, box, title, answers)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 480" width="960" height="480" role="img" font-family="system-ui, sans-serif" font-size="15">',
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>",
        '<rect x="0.5" y="0.5" width="959" height="479" rx="8" fill="#FFFFFF" stroke="#C9C9C4"/>',
        _text(16, 36, title, size=19, weight=650),
        '<g transform="translate(16 60)">', *_plane(rows, w, b, box, answers), "</g>",
        '<g transform="translate(437 60)">', *_table(rows, w, b, answers), "</g>",
        "</svg>",
    ]  # fmt: skip
    return "\n".join(parts) + "\n", description


def _words(rows, box, title, answers) -> str:
    points = "; ".join(
        f"at ({row['x'][0]:g}, {row['x'][1]:g}) y is {row['y']:g}"
        + (f" and p is {row['p']:.2f}, {'right' if row['right'] else 'wrong'}" if answers else "")
        for row in rows
    )
    (low, high), (low2, high2) = box
    mse = sum(row["loss"] for row in rows) / len(rows)
    return (
        f"{title}. A plane, x₁ from {_short(low)} to {_short(high)} across and x₂ from {_short(low2)} to {_short(high2)} upwards, blue where the neuron "
        f"finds class 0 likely, orange where class 1, with the straight line p = 0.5 between them. Its {len(rows)} points: {points}. "
        "Beside it the table of h, p, ŷ and squared errors"
        + (f"; the mean squared error is {mse:.2f}." if answers else ", its columns still empty. They fill when the cell is run.")
    )


def _plane(rows, w, b, box, answers):
    width, tall = SIZE - LEFT - RIGHT, SIZE - TOP - BOTTOM
    (x0, x1), (y0, y1) = box

    def place(x, y):
        return LEFT + (x - x0) / (x1 - x0) * width, TOP + (y1 - y) / (y1 - y0) * tall

    # p changes along w only: one gradient, from the corner with the smallest h to the one with the largest.
    length = math.hypot(*w)
    corners = [(x, y, w[0] * x + w[1] * y + b) for x in (x0, x1) for y in (y0, y1)]
    xa, ya, low = min(corners, key=lambda corner: corner[2])
    high = max(corner[2] for corner in corners)
    reach = (high - low) / length
    (ax, ay), (bx, by) = place(xa, ya), place(xa + reach * w[0] / length, ya + reach * w[1] / length)
    yield f'<linearGradient id="p" gradientUnits="userSpaceOnUse" x1="{ax:.1f}" y1="{ay:.1f}" x2="{bx:.1f}" y2="{by:.1f}">'
    for i in range(STOPS + 1):
        h = low + (high - low) * i / STOPS
        yield f'<stop offset="{i / STOPS:.4f}" stop-color="{blend(1 / (1 + math.exp(-h)))}"/>'
    yield "</linearGradient>"
    yield f'<rect x="{LEFT}" y="{TOP}" width="{width}" height="{tall}" fill="url(#p)" stroke="#767676"/>'
    for tick in _ticks(x0, x1):
        px, _ = place(tick, 0)
        yield f'<path d="M{px:.1f} {TOP}v{tall}" stroke="#1a1a1a" stroke-opacity=".14"/>'
        if px < SIZE - RIGHT - 40:
            yield _text(px, SIZE - BOTTOM + 19, _short(tick), anchor="middle")
    for tick in _ticks(y0, y1):
        _, py = place(0, tick)
        yield f'<path d="M{LEFT} {py:.1f}h{width}" stroke="#1a1a1a" stroke-opacity=".14"/>'
        if py > TOP + 30:
            yield _text(LEFT - 8, py + 5, _short(tick), anchor="end")
    yield _text(SIZE - RIGHT, SIZE - BOTTOM + 19, "x₁", anchor="end", size=17, weight=650)
    yield _text(LEFT - 8, TOP + 13, "x₂", anchor="end", size=17, weight=650)
    ends = _clip(w, b, box)
    if ends:
        (ax, ay), (bx, by) = (place(*end) for end in ends)
        yield f'<path d="M{ax:.1f} {ay:.1f}L{bx:.1f} {by:.1f}" stroke="#1a1a1a" stroke-width="3"/>'
        for share, glyph, turn in ((0.5, "M-9 0H9M-5 -4L-9 0L-5 4M5 -4L9 0L5 4", -math.degrees(math.atan2(w[1], w[0]))), (0.86, "M-6 3A7 7 0 1 1 6 3M2 3L6.5 4L7 -1", 0)):
            px, py = ax + share * (bx - ax), ay + share * (by - ay)
            yield (
                f'<g transform="translate({px:.1f} {py:.1f})" stroke="#1a1a1a" fill="none"><circle r="13" fill="#fff" stroke-width="2.5"/>'
                f'<path d="{glyph}" transform="rotate({turn:g})" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/></g>'
            )
    for row in rows:
        yield from _point(*place(*row["x"]), row, answers)


def _point(px, py, row, answers):
    colours = palette()
    one = row["y"] == 1
    if answers and not row["right"]:
        yield f'<circle cx="{px:.1f}" cy="{py:.1f}" r="18" fill="none" stroke="#1a1a1a" stroke-width="2.5" stroke-dasharray="5 4"/>'
    paint = f'fill="{colours["class1" if one else "class0"]}" stroke="#1a1a1a" stroke-width="1.5"'
    yield (
        f'<rect x="{px - 10:.1f}" y="{py - 10:.1f}" width="20" height="20" rx="2" {paint}/>' if one
        else f'<circle cx="{px:.1f}" cy="{py:.1f}" r="11" {paint}/>'
    )  # fmt: skip
    yield _text(px, py + 5, f"{row['y']:g}", anchor="middle", weight=700, fill=colours["on_class1" if one else "on_class0"])
    if not answers:
        return
    words = f"{row['p']:.2f} {'✓' if row['right'] else '✗'}"
    halo = 'stroke="#fff" stroke-width="4" stroke-opacity=".85" paint-order="stroke" '
    yield _text(px + 22, py + 5, words, weight=600, more=halo)


def _table(rows, w, b, answers):
    edges = [45, 91, 137, 200, 268, 336, 432, 500]
    sum_of = f"h = {_number(w[0])} x₁ {'−' if w[1] < 0 else '+'} {abs(w[1]):.2f} x₂ {'−' if b < 0 else '+'} {abs(b):.2f}"
    yield _text(0, 20, sum_of, size=18, weight=600)
    for edge, head in zip(edges, ("x₁", "x₂", "y", "h", "p", "ŷ", "(y − p)²", "right?")):
        yield _text(edge, 62, head, anchor="end", weight=650)
    yield '<path d="M0 78H506" stroke="#767676" stroke-width="2"/>'
    for i, row in enumerate(rows):
        base = 106 + 45 * i
        computed = [_number(row["h"]), _number(row["p"]), str(row["y_hat"]), _number(row["loss"]), "✓" if row["right"] else "✗"]
        cells = [*(_short(x) for x in row["x"]), f"{row['y']:g}", *(computed if answers else "·" * 5)]
        if answers:
            yield f'<rect x="{437 - 96 * row["loss"]:.1f}" y="{base - 20}" width="{96 * row["loss"]:.1f}" height="30" fill="#C9C9C4"/>'
        for edge, cell in zip(edges, cells):
            colour = {"✓": "#00664B", "✗": "#A63A00"}.get(cell, "#1A1A1A")
            yield _text(edge, base, cell, anchor="end", size=16, fill=colour)
        yield f'<path d="M0 {base + 17}H506" stroke="#C9C9C4"/>'
    base = 106 + 45 * len(rows) + 8
    mse = sum(row["loss"] for row in rows) / len(rows)
    yield _text(0, base, f"mean squared error {_number(mse) if answers else '·'}", size=16, weight=600)
    yield _text(262, base, f"right {sum(row['right'] for row in rows) if answers else '·'} of {len(rows)}", size=16, weight=600)


def _text(x, y, words, *, anchor="start", size=15, weight=400, fill="#1A1A1A", more=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" font-weight="{weight}" fill="{fill}" {more}>{escape(words)}</text>'


def _box(X):
    ranges = [(min(column), max(column)) for column in zip(*X)]
    spread = max(high - low for low, high in ranges) or 1
    return [((low + high) / 2 - spread, (low + high) / 2 + spread) for low, high in ranges]


def _ticks(low, high):
    rough = (high - low) / 4
    power = 10.0 ** math.floor(math.log10(rough))
    size = next(m * power for m in (1, 2, 5, 10) if m * power >= rough)
    candidates = (math.ceil(low / size) * size + i * size for i in range(12))
    edge = 0.02 * (high - low)
    return [tick for tick in candidates if low + edge < tick < high - edge]


def _clip(w, b, box):
    """Where the line enters and leaves the box, along (−w₂, w₁)."""
    centre = [(low + high) / 2 for low, high in box]
    square = w[0] ** 2 + w[1] ** 2
    h = w[0] * centre[0] + w[1] * centre[1] + b
    start = [c - h / square * w_i for c, w_i in zip(centre, w)]
    along = [-w[1], w[0]]
    near, far = -math.inf, math.inf
    for (low, high), s, a in zip(box, start, along):
        if a:
            ends = sorted(((low - s) / a, (high - s) / a))
            near, far = max(near, ends[0]), min(far, ends[1])
        elif not low <= s <= high:
            return None
    return [[s + t * a for s, a in zip(start, along)] for t in (near, far)] if near < far else None


def _number(value):
    return f"{value:.2f}".replace("-", "−")


def _short(value):
    return f"{value:g}".replace("-", "−")
