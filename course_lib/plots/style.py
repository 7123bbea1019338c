"""What all figures share: their frame, their colours, names at the ends of curves."""

import base64
import io
import re
from functools import lru_cache
from html import escape
from textwrap import fill

import numpy as np

from course_lib.checks import count
from course_lib.widgets.palette import palette

# Okabe and Ito's colours, after those of classes 0 and 1
MORE_CLASSES = ("#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#000000", "#888888", "#6A3D9A")


def new_figure(title, size, columns=1):
    """A figure with its sentence above it, and its axes (a list, with several columns)."""
    light = palette()["light"]
    figure = still_class()(figsize=size, layout="constrained", facecolor=light["paper"])
    grid = figure.subplots(1, columns, squeeze=False)[0]
    for axes in grid:
        axes.set_facecolor(light["paper"])
        axes.spines[["top", "right"]].set_visible(False)
        axes.spines[["left", "bottom"]].set_color(light["border"])
        axes.tick_params(colors=light["quiet"], labelsize=9)
        axes.xaxis.label.set_color(light["ink"])
        axes.yaxis.label.set_color(light["ink"])
    figure.suptitle(
        fill(title, int(size[0] * 10)), x=0.01, ha="left", fontsize=12, fontweight="bold", color=light["ink"]
    )
    return figure, grid[0] if columns == 1 else grid


@lru_cache(maxsize=1)
def still_class():
    from matplotlib.figure import Figure

    class Still(Figure):
        """A figure that shows itself in a notebook, with its description as alternative text."""

        description = ""

        def described(self, words):
            self.description = words
            return self, words

        def _repr_html_(self):
            file = io.BytesIO()
            self.savefig(file, format="png", dpi=110)
            picture = base64.b64encode(file.getvalue()).decode()
            return (
                f'<img style="max-width:100%" alt="{escape(self.description)}" src="data:image/png;base64,{picture}">'
            )

    return Still


def svg_text(figure, title, description):
    """The figure as SVG text, the same bytes each time, with its title and its description in words for screen readers.

    Letters stay letters. For pictures that are kept in files: assets/figures/draw.py.

    >>> figure, axes = new_figure("Half", (3, 2))
    >>> text = svg_text(figure, "Half", "A line at one half.")
    >>> text[:4], "<title>Half</title>" in text, text == svg_text(figure, "Half", "A line at one half.")
    ('<svg', True, True)
    """
    import matplotlib

    file = io.StringIO()
    with matplotlib.rc_context({"svg.hashsalt": title, "svg.fonttype": "none", "font.family": "sans-serif"}):
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    text = file.getvalue()
    text = text[text.index("<svg"):]
    text = re.sub(r" <metadata>.*?</metadata>\n", "", text, flags=re.DOTALL)
    text = "\n".join(line.rstrip() for line in text.splitlines()) + "\n"
    text = text.replace("font-family: 'DejaVu Sans'", "font-family: system-ui, 'DejaVu Sans'")
    head, rest = text.split(">", 1)
    words = f"<title>{escape(title, quote=False)}</title><desc>{escape(description, quote=False)}</desc>"
    return f'{head} role="img">\n{words}{rest}'


def run_colours(n, ranks=None):
    """The ink for one run; for several a perceptual ramp, in the order of their ranks."""
    if n == 1:
        return [palette()["light"]["loss"]]
    from matplotlib import colormaps

    places = np.arange(n) if ranks is None else np.asarray(ranks)
    return [colormaps["viridis"](0.9 * place / (n - 1)) for place in places]


def class_colour(k):
    return (palette()["class0"], palette()["class1"], *MORE_CLASSES)[k % (2 + len(MORE_CLASSES))]


def label_ends(axes, ends, names, colours):
    """The names of curves at their ends [(x, y), …], moved apart where they would touch; when the axes are final."""
    finite = [i for i, (x, y) in enumerate(ends) if names[i] and np.isfinite(y)]
    heights = {i: axes.transData.transform(ends[i])[1] * 72 / axes.figure.dpi for i in finite}  # in points
    last = -np.inf
    for i in sorted(finite, key=heights.get):
        place = last = max(heights[i], last + 11)
        axes.annotate(names[i], ends[i], xytext=(6, place - heights[i]), textcoords="offset points", va="center",
                      color=colours[i], fontsize=9, annotation_clip=False)  # fmt: skip


def room_for_labels(axes):
    """What stands at the ends of curves needs room on the right."""
    low, high = axes.get_xlim()
    axes.set_xlim(low, high + 0.17 * (high - low))


def limits(values):
    low, high = float(values.min()), float(values.max())
    more = 0.15 * (high - low) or 0.5
    return low - more, high + more


def in_epochs(n):
    return count(n, "epoch")
