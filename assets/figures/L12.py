"""The still figures of L12: the moving ones at rest, with what the reader is to guess left out."""

import numpy as np

from course_lib.data import moons
from course_lib.plots import svg_text
from course_lib.plots.style import new_figure
from course_lib.preprocessing import standardize, whiten
from course_lib.widgets.palette import palette

COLOURS = palette()
LIGHT = COLOURS["light"]


def figures() -> dict[str, tuple[str, str]]:
    """File name -> (SVG text, description in words)."""
    return {"L12_cloud_and_bowl.svg": cloud(), "L12_norm_race.svg": race(), "L12_batch_rows.svg": rows()}


def cloud():
    title = "Your data make the bowl: which bowl does this cloud make?"
    Z = np.random.default_rng(0).normal(size=(60, 2))
    c, s = np.cos(np.radians(35)), np.sin(np.radians(35))
    X = whiten(Z)(Z) * [2.5, 1] @ np.array([[c, s], [-s, c]]) + [4, 3]
    figure, (data, bowl) = new_figure(title, (9, 4.4), columns=2)
    data.plot(*X.T, "o", color=COLOURS["class0"], markeredgecolor=LIGHT["ink"], markersize=5.5, markeredgewidth=0.7)
    data.plot(4, 3, "o", color="white", markeredgecolor=LIGHT["ink"], markersize=13, markeredgewidth=2)
    data.set(xlim=(-10, 10), ylim=(-10, 10), xlabel="x₁", ylabel="x₂")
    bowl.text(0, 0, "?", ha="center", va="center", fontsize=40, color=LIGHT["quiet"])
    bowl.set(xlim=(-4, 4), ylim=(-4, 4), xlabel="w₁", ylabel="w₂")
    for axes in (data, bowl):
        axes.grid(color=LIGHT["rule"], alpha=0.6)
    return still(
        figure, title,
        "Left, 60 data points in a plane, x₁ and x₂ from −10 to 10: a long cloud, tilted by 35 degrees, with its middle at (4, 3) and a "
        "handle there. Right, the plane of the two weights, still empty; the loss and the way of gradient descent appear when the cell is run.",
    )  # fmt: skip


def race():
    title = "The same deep net twice: as it is, and with batch normalization"
    X, y = moons(200, np.random.default_rng(0), noise=0.2)
    X = standardize(X)(X)
    figure, both = new_figure(title, (9, 4.4), columns=2)
    for axes, name in zip(both, ("as it is", "with batch normalization")):
        axes.set_facecolor(COLOURS["half"])
        for label, marker in ((0, "o"), (1, "s")):
            axes.plot(*X[y == label].T, marker, color=COLOURS[f"class{label}"], markeredgecolor=LIGHT["ink"], markersize=5, markeredgewidth=0.7)
        axes.set_title(name, fontsize=10, loc="left", color=LIGHT["quiet"])
        axes.set(xlim=(-2.6, 2.6), ylim=(-2.6, 2.6), xlabel="x₁", ylabel="x₂")
    return still(
        figure, title,
        "Two planes with the same 200 points, two half moons that reach into each other: blue discs of class 0, orange squares of class 1. "
        "Both planes are still near-white: neither net has learned anything yet.",
    )  # fmt: skip


def rows():
    title = "Eight rows of a batch: where does batch normalization send them?"
    figure, axes = new_figure(title, (8, 2.8))
    h = np.r_[2.0, np.round(2 + 2 * np.random.default_rng(0).normal(size=7), 2)]
    axes.axvspan(h.mean() - h.std(), h.mean() + h.std(), ymin=0.72, ymax=0.98, color=LIGHT["rule"], linewidth=0)
    for at, name in ((1, "h"), (0, "y")):
        axes.axhline(at, color=LIGHT["border"], linewidth=1, zorder=1)
        axes.text(-8.6, at, name, va="center", ha="right", fontweight="bold", color=LIGHT["ink"])
    axes.plot(h[1:], np.ones(7), "o", color=COLOURS["class0"], markeredgecolor="white", markersize=9)
    axes.plot(h[0], 1, "s", color=COLOURS["class1"], markeredgecolor="white", markersize=11)
    axes.set(xlim=(-8.3, 12), ylim=(-0.3, 1.2), yticks=[], xticks=range(-8, 13, 2))
    axes.spines["left"].set_visible(False)
    others = ", ".join(f"{value:.2f}".replace("-", "−") for value in h[1:])
    return still(
        figure, title,
        f"Two number lines from −8 to 12. On the upper one, h, lie eight rows: the first, an orange square, at 2.00, the others at {others}. A band "
        f"shows one standard deviation, {h.std():.2f}, around their mean, {h.mean():.2f}. The lower line, y, is still empty; it fills when the cell is run.",
    )  # fmt: skip


def still(figure, title, words):
    description = f"{title} {words}" if title[-1] == "?" else f"{title}. {words}"
    return svg_text(figure, title, description), description
