"""Still pictures that look like the moving ones at rest: a frame with its sentence, and axes to draw in."""

from __future__ import annotations

from html import escape
from math import log10

from course_lib.widgets.palette import palette

LIGHT = palette()["light"]
VIRIDIS = ("#440154", "#482475", "#414487", "#355F8D", "#2A788E", "#21918C", "#22A884", "#44BF70", "#7AD151", "#BDDF26", "#FDE725")
GROUND = ("#FBFBF8", "#E3E8EC", "#BCCAD6", "#8FA5B8", "#5F7A92")  # both as in shared/theme.js


def sheet(title: str, words: str, parts, *, width=960, height=400) -> tuple[str, str]:
    """The SVG text of one framed picture under its title, and its description: the title, and `words`.

    >>> svg, description = sheet("It falls", "A line.", [text(20, 80, "ℓ")], height=100)
    >>> description, svg.startswith("<svg")
    ('It falls. A line.', True)
    """
    description = f"{title}. {words}"
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" font-family="system-ui, sans-serif" font-size="14">',
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>",
        f'<rect x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="8" fill="{LIGHT["paper"]}" stroke="{LIGHT["rule"]}"/>',
        text(16, 36, title, size=19, weight=650),
        *parts,
        "</svg>",
    ]
    return "\n".join(lines) + "\n", description


def text(x, y, words, *, size=14, weight=400, anchor="start", fill=LIGHT["ink"]) -> str:
    """Words at a place."""
    return f'<text x="{x:g}" y="{y:g}" font-size="{size}" font-weight="{weight}" text-anchor="{anchor}" fill="{fill}">{escape(words)}</text>'


def path(points, colour=LIGHT["loss"], *, wide=2.0, dash=False, dots=0.0, closed=False, fill="none") -> str:
    """A line through pixels, with a disc at each if `dots` is a radius."""
    d = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + ("Z" if closed else "")
    more = ' stroke-dasharray="7 5"' if dash else ""
    line = f'<path d="{d}" fill="{fill}" stroke="{colour}" stroke-width="{wide:g}" stroke-linejoin="round"{more}/>'
    return line + "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{dots:g}" fill="{colour}"/>' for x, y in points if dots)


class Axes:
    """A rectangle of pixels (left, top, right, bottom) for x from xlim[0] to xlim[1] and y from ylim[0] to ylim[1].

    >>> axes = Axes((0, 0, 100, 50), (1, 100), (0, 1), log=(True, False))
    >>> axes.at(10, .5)
    (50.0, 25.0)
    """

    def __init__(self, box, xlim, ylim, *, log=(False, False)):
        self.box, self.xlim, self.ylim, self.log = box, xlim, ylim, log

    def at(self, x, y) -> tuple[float, float]:
        """The pixel of a point; what lies outside lies on the edge."""
        left, top, right, bottom = self.box
        return left + _share(x, self.xlim, self.log[0]) * (right - left), bottom - _share(y, self.ylim, self.log[1]) * (bottom - top)

    def path(self, points, colour=LIGHT["loss"], **style) -> str:
        return path([self.at(x, y) for x, y in points], colour, **style)

    def frame(self, x_name, y_name, x_ticks=(), y_ticks=(), *, grid=True) -> str:
        """The axes themselves with their names and round numbers."""
        left, top, right, bottom = self.box
        parts = []
        for tick in y_ticks:
            _, y = self.at(self.xlim[0], tick)
            if grid:
                parts.append(path([(left, y), (right, y)], LIGHT["rule"], wide=1))
            parts.append(text(left - 7, y + 4.5, _short(tick), size=13, anchor="end"))
        parts += [text(self.at(tick, self.ylim[0])[0], bottom + 17, _short(tick), size=13, anchor="middle") for tick in x_ticks]
        parts.append(path([(left, top), (left, bottom), (right, bottom)], LIGHT["border"], wide=1))
        return "".join([*parts, text(right, bottom + 34, x_name, weight=650, anchor="end"), text(left - 52, top - 10, y_name, weight=650)])


def ramp(colours, t) -> str:
    """The colour at t, 0 to 1, along a list of colours.

    >>> ramp(("#000000", "#FF0000"), .5)
    '#800000'
    """
    place = min(max(t, 0), 1) * (len(colours) - 1)
    i = min(int(place), len(colours) - 2)
    ends = [[int(colour[j : j + 2], 16) for j in (1, 3, 5)] for colour in colours[i : i + 2]]
    return "#" + "".join(f"{round(a + (place - i) * (b - a)):02X}" for a, b in zip(*ends))


def _share(value, limits, log):
    low, high = limits
    if log:
        value, low, high = log10(max(value, low)), log10(low), log10(high)
    return min(max((value - low) / (high - low), 0), 1)


def _short(value):
    return f"{value:g}".replace("-", "−")
