"""The still figures of lecture L04, each as its moving figure looks at rest."""

import numpy as np

from course_lib.losses import CoxPartialLikelihood
from course_lib.plots import svg_text
from course_lib.plots.style import new_figure
from course_lib.widgets.palette import palette

LIGHT = palette()["light"]
INK, SQUARED, QUIET = LIGHT["loss"], LIGHT["negative"], LIGHT["quiet"]


def figures() -> dict[str, tuple[str, str]]:
    """File name -> (SVG text, description in words)."""
    return {
        "L04_curves.svg": curves(),
        "L04_slow.svg": slow(),
        "L04_derive.svg": derive(),
        "L04_twice.svg": twice(),
        "L04_risk.svg": risk(),
    }


def drawn(figure, title, words):
    description = f"{title}. {words}"
    return svg_text(figure, title, description), description


def curves():
    title = "Two losses agree on the right. And on the left?"
    figure, axes = new_figure(title, (8, 3.6))
    p = np.linspace(0, 1, 401)
    axes.plot(p, (1 - p) ** 2, "--", color=SQUARED, lw=2)
    axes.plot(p[p >= 0.3], -np.log(p[p >= 0.3]), color=INK, lw=3)
    axes.text(0.012, 1.08, "squared error", color=SQUARED, fontsize=10, fontweight="bold")
    axes.text(0.33, 1.25, "cross-entropy", color=INK, fontsize=10, fontweight="bold")
    axes.text(0.14, 2.4, "?", color=INK, fontsize=22, fontweight="bold")
    axes.set(xlim=(0, 1), ylim=(0, 5), xlabel="p, the probability given to class 1", ylabel="loss, where y = 1")
    return drawn(figure, title,
        "Two losses over p from 0 to 1, where the right answer is 1. Both fall to 0 at p = 1. Towards p = 0 the squared error, dashed, climbs to 1; the cross-entropy, solid, is drawn "
        "down to p = 0.3 only, where it is 1.2, and then there is a question mark. When the cell is run, p can be dragged.")  # fmt: skip


def slow():
    title = "Which ball gets away?"
    figure, axes = new_figure(title, (8, 3.2))
    h = np.linspace(-10, 10, 401)
    p = 1 / (1 + np.exp(-h))
    axes.plot(h, (1 - p) ** 2, "--", color=SQUARED, lw=2)
    axes.plot(h, np.logaddexp(0, -h), color=INK, lw=3)
    axes.plot(-8, (1 - 1 / (1 + np.exp(8))) ** 2, "s", color=SQUARED, ms=10)
    axes.plot(-8, np.logaddexp(0, 8), "o", color=INK, ms=10)
    axes.text(-7.6, 1.4, "squared error", color=SQUARED, fontsize=10, fontweight="bold")
    axes.text(-7.4, 8.2, "cross-entropy", color=INK, fontsize=10, fontweight="bold")
    axes.set(xlim=(-10, 10), ylim=(0, 10), xticks=[-10, -5, 0, 5, 10], xlabel="h, the sum before the sigmoid", ylabel="loss, where y = 1")
    return drawn(figure, title,
        "Two losses over h from −10 to 10, where the right answer is 1. Two neurons stand at h = −8: one on the squared error, dashed, which is almost flat there, near 1; "
        "one on the cross-entropy, solid, a slope that falls evenly from 10 at h = −10 towards 0. When the cell is run, both begin to learn.")  # fmt: skip


def derive():
    title = "How steep is the loss, for each score? Go down line by line"
    figure, axes = new_figure(title, (8, 3.0))
    rows = [("", ["A", "B ✓", "C"]), ("o", ["2.00", "1.00", "−1.00"]), ("eᵒ", ["·"] * 3), ("p", ["·"] * 3), ("y", ["·"] * 3), ("slope", ["?"] * 3)]
    for r, (head, cells) in enumerate(rows):
        axes.text(0.3, -r, head, fontsize=12, fontweight="bold", color=LIGHT["ink"], va="center")
        for k, cell in enumerate(cells):
            good = cell.endswith("✓")
            axes.text(2.6 + 1.6 * k, -r, cell, fontsize=12, ha="right", va="center", color=LIGHT["good" if good else "ink"], fontweight="bold" if r == 0 else "normal")
        axes.plot([0.2, 6], [-r - 0.5, -r - 0.5], color=LIGHT["border" if r == 0 else "rule"], lw=1.5 if r == 0 else 0.8)
    axes.text(6.6, -1, "three scores", fontsize=10, color=QUIET, va="center")
    axes.text(6.6, -5, "∂ℓ/∂o, in eight lines", fontsize=10, color=QUIET, va="center")
    axes.set(xlim=(0, 9), ylim=(-5.7, 0.6))
    axes.set_axis_off()
    return drawn(figure, title,
        "A table of three classes A, B and C, of which B is right. Its first row has the scores 2, 1 and −1; the rows below, e to the score, the probabilities p, the one-hot y and the slope, "
        "are still empty. When the cell is run, they fill line by line.")  # fmt: skip


def twice():
    title = "With softmax once, the loss goes on towards 0"
    figure, axes = new_figure(title, (8, 3.2))
    lead = np.linspace(-5, 20, 400)
    axes.plot(lead, np.log1p(9 * np.exp(-lead)), color=INK, lw=3)
    axes.set(xlim=(-5, 20), ylim=(0, 8), xlabel="lead of the right score over the others", ylabel="loss, 10 classes")
    return drawn(figure, title,
        "The loss of one example with 10 classes over the lead of the right class's score, from −5 to 20. It falls in a straight line until the lead is about 2, then bends towards 0. "
        "What a second softmax makes of it is in the figure below, once its cell is run.")  # fmt: skip


def risk():
    title = "Of all still at risk, who had the event should have had the highest risk"
    figure, axes = new_figure(title, (8, 3.2))
    time, event = [2, 4, 5, 7, 9], [1, 0, 1, 1, 0]
    for i, (t, seen) in enumerate(zip(time, event)):
        ink = LIGHT["wrong"] if i == 0 else LIGHT["ink"]
        axes.plot([0, t], [-i, -i], color=ink, lw=2.5, zorder=1)
        axes.plot(t, -i, "o", ms=9, mfc=ink if seen else LIGHT["paper"], mec=ink, mew=2, zorder=2)
        axes.text(-0.3, -i, "ABCDE"[i], ha="right", va="center", fontsize=11, fontweight="bold", color=LIGHT["ink"])
        axes.text(10.6, -i, "0.20", ha="right", va="center", fontsize=11, fontweight="bold", color=ink)
    axes.axvline(2, color=LIGHT["ink"], lw=1.5, ls=":", zorder=0)
    axes.text(10.6, 0.75, "share", ha="right", fontsize=10, color=QUIET)
    axes.set(xlim=(-0.6, 10.8), ylim=(-4.6, 1.1), xlabel="time", yticks=[], xticks=[0, 2, 4, 6, 8])
    axes.spines["left"].set_visible(False)
    loss = CoxPartialLikelihood().value(np.zeros((5, 1)), np.column_stack([time, event]))
    return drawn(figure, title,
        "Five patients as lines from time 0. A's ends at 2, C's at 5 and D's at 7 with a filled disc: the event was seen. B's ends at 4 and E's at 9 with an open one: last seen well. "
        f"At the first event, time 2, all five are at risk, and with equal scores each has a share of 0.20. The loss over all events is {loss:.3f}.")  # fmt: skip
