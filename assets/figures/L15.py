"""The still figures of lecture L15, each as its moving figure looks at rest, without what the reader is to guess."""

import numpy as np
from matplotlib.patches import Rectangle

from course_lib.plots import svg_text
from course_lib.plots.style import new_figure
from course_lib.widgets.convolution import EDGE, SlideKernel, on_canvas
from course_lib.widgets.palette import palette

LIGHT = palette()["light"]


def figures() -> dict[str, tuple[str, str]]:
    """File name -> (SVG text, description in words)."""
    return {"L15_slide.svg": slide(), "L15_shift.svg": shift()}


def drawn(figure, title, words):
    description = f"{title}. {words}"
    return svg_text(figure, title, description), description


def cells(axes, values, paint, *, numbers=True):
    """A matrix as squares with their numbers."""
    rows, columns = values.shape
    for (r, c), value in np.ndenumerate(values):
        ground = paint(value)
        axes.add_patch(Rectangle((c, rows - 1 - r), 1, 1, fc=ground, ec=LIGHT["rule"], lw=0.6))
        if numbers and value == value:
            ink = "#FFFFFF" if sum(int(ground[i : i + 2], 16) for i in (1, 3, 5)) < 380 else LIGHT["ink"]
            axes.text(c + 0.5, rows - 0.5 - r, f"{value:g}".replace("-", "−"), ha="center", va="center", fontsize=8.5, color=ink)
    axes.set(xlim=(-0.1, columns + 0.1), ylim=(-0.1, rows + 0.1), aspect="equal")
    axes.set_axis_off()


def grey(value):
    level = round(250 - 14 * value)
    return f"#{level:02X}{level:02X}{level:02X}"


def slide():
    title = "Nine weights look at every place of the picture, one after the other"
    figure, (picture, kernel, sums) = new_figure(title, (8.4, 3.4), columns=3)
    image = np.reshape(SlideKernel().data["images"][0], (8, 8))
    cells(picture, image, grey)
    picture.add_patch(Rectangle((0, 5), 3, 3, fc="none", ec=LIGHT["focus"], lw=3))
    cells(kernel, np.reshape(EDGE, (3, 3)), lambda w: {1: "#E9B285", 0: "#F7F7F3", -1: "#8FCFB9"}[int(w)])
    cells(sums, np.full((6, 6), np.nan), lambda _: "#F7F7F3")
    sums.text(0.5, 5.5, "?", ha="center", va="center", fontsize=12, fontweight="bold")
    sums.add_patch(Rectangle((0, 5), 1, 1, fc="none", ec=LIGHT["ink"], lw=2))
    for axes, words in ((picture, "the picture, and the window"), (kernel, "the kernel"), (sums, "the sums")):
        axes.set_title(words, fontsize=10, color=LIGHT["quiet"])
    rows = "; ".join(" ".join(f"{value:g}" for value in row[:3]) for row in image[:3])
    return drawn(figure, title,
        f"Left a handwritten 1 of 8 × 8 pixels from 0 to 16, with the window on its upper left corner, where the pixels are {rows}. "
        "In the middle the kernel, whose three rows are each −1, 0, 1. Right the 6 × 6 places for the sums, all empty, with a question mark in the first.")  # fmt: skip


def shift():
    title = "Move the digit by a pixel: what do the two networks make of it?"
    figure, (before, after) = new_figure(title, (8.4, 3.6), columns=2)
    image = SlideKernel().data["images"][3]
    for axes, right, words in ((before, 0, "in its place"), (after, 1, "moved one pixel to the right")):
        cells(axes, on_canvas([image], right=right)[0, :, :, 0], grey, numbers=False)
        axes.set_title(words, fontsize=10, color=LIGHT["quiet"])
    return drawn(figure, title,
        "A handwritten 0 on a canvas of 12 × 12 pixels, once in its place and once one pixel further to the right; you hardly see the difference. "
        "What a dense network and a convolution say about each is left out here; it is in the figure below.")  # fmt: skip
