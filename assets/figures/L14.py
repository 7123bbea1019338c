"""The still figures of lecture L14, each as its moving figure looks at rest, without what the reader is to guess."""

import numpy as np

from course_lib.data import curve, regression_curve
from course_lib.ensembles import bagging
from course_lib.losses import SquaredError
from course_lib.network import mlp
from course_lib.optimizers import Adam
from course_lib.plots import svg_text
from course_lib.plots.style import new_figure, run_colours
from course_lib.widgets.palette import palette

LIGHT = palette()["light"]


def figures() -> dict[str, tuple[str, str]]:
    """File name -> (SVG text, description in words)."""
    return {"L14_masks.svg": masks(), "L14_average.svg": average(), "L14_committee.svg": committee()}


def drawn(figure, title, words):
    description = f"{title}. {words}"
    return svg_text(figure, title, description), description


def masks():
    title = "What does the neuron say on average, when its inputs go missing?"
    figure, (net, table) = new_figure(title, (8, 3.1), columns=2)
    for y, value, weight, colour in ((1, "2", "w₀ = 0.5", "positive"), (-1, "3", "w₁ = −1", "negative")):
        net.plot([0, 2], [y, 0], color=LIGHT[colour], lw=3 if colour == "negative" else 2, zorder=1)
        net.plot(0, y, "o", ms=34, mfc=LIGHT["panel"], mec=LIGHT["ink"], mew=1.5)
        net.text(0, y, value, ha="center", va="center", fontsize=12, fontweight="bold")
        net.text(0.9, 0.62 * y + 0.06, weight, ha="center", va="center", fontsize=10, fontweight="bold", backgroundcolor=LIGHT["paper"])
    net.plot(2, 0, "o", ms=48, mfc=LIGHT["panel"], mec=LIGHT["ink"], mew=1.5)
    net.text(2, 0, "a", ha="center", va="center", fontsize=13, fontweight="bold")
    net.set(xlim=(-0.5, 2.6), ylim=(-1.7, 1.7))
    for x, head in enumerate(("x", "y", "chance", "a")):
        table.text(x, 4.25, head, ha="right", fontsize=11, fontweight="bold")
        for row, (kept_x, kept_y) in enumerate(((0, 0), (0, 1), (1, 0), (1, 1))):
            cell = ("2" if kept_x else "·", "3" if kept_y else "·", "0.25", "?")[x]
            table.text(x, 3.3 - row, cell, ha="right", fontsize=11, color=LIGHT["ink"])
    for row in range(5):
        table.plot([-0.4, 3.1], [3.95 - row] * 2, color=LIGHT["border" if row == 0 else "rule"], lw=1.5 if row == 0 else 0.8)
    table.set(xlim=(-0.5, 3.2), ylim=(-0.6, 4.8))
    for axes in (net, table):
        axes.set_axis_off()
    return drawn(figure, title,
        "Left a neuron a with two inputs: x = 2 with weight w₀ = 0.5 and y = 3 with weight w₁ = −1. Right the table of its four masks, each with chance 0.25: "
        "neither input kept, only y, only x, both. The column of what the neuron says is still empty; it fills when the cell is run.")  # fmt: skip


def average():
    title = "Where does the average over random masks come to rest?"
    figure, axes = new_figure(title, (8, 3.2))
    rng = np.random.default_rng(4)
    W, v, x = rng.normal(size=(2, 6)), rng.normal(size=6), np.array([1.0, 2.0])
    outputs = (2 * (rng.random((1000, 6)) < 0.5) * np.maximum(x @ W, 0)) @ v
    passes = np.arange(1, 1001)
    axes.semilogx(passes, np.cumsum(outputs) / passes, color=LIGHT["loss"], lw=2.5)
    axes.set(xlim=(1, 1000), xlabel="passes", ylabel="average output so far")
    return drawn(figure, title,
        "A jagged line: the running average of a small network's output over random dropout masks, for 1 to 1000 passes on a logarithmic axis. "
        "It swings widely at first and hardly moves at the end. What one pass with everything on would say is left out here; it is in the figure below.")  # fmt: skip


def committee():
    title = "How much better is a committee than its members?"
    figure, (left, right) = new_figure(title, (8, 3.4), columns=2)
    X, y = regression_curve(40, np.random.default_rng(0), noise=0.35)
    members = mlp([1, 30, 30, 1], hidden="tanh", rng=0, replicas=8, dtype=np.float64)
    bagging(members, SquaredError(), 4 * X - 2, y, Adam(0.01), epochs=400, rng=np.random.default_rng(1))
    x = np.linspace(0, 1, 61)
    for line, colour in zip(members.predict(4 * x[:, None] - 2)[..., 0], run_colours(8)):
        left.plot(x, line, color=colour, lw=1, alpha=0.7)
    left.plot(x, curve(x), "--", color=LIGHT["quiet"], lw=1.6)
    left.plot(X[:, 0], y, ".", color=LIGHT["border"], ms=7)
    left.set(xlim=(0, 1), xlabel="x", ylabel="y")
    right.text(12, 0.5, "?", ha="center", va="center", fontsize=30, color=LIGHT["quiet"])
    right.set(xlim=(1, 24), ylim=(0, 1), yticks=[], xlabel="n, members", ylabel="squared error of their mean")
    return drawn(figure, title,
        "Left 40 noisy points, the true curve dashed, and the thin wavering curves of eight networks, each trained on its own sample of the points. "
        "Right an empty chart: the squared error of the mean against the number of members, 1 to 24. It fills when you move n in the figure below.")  # fmt: skip
