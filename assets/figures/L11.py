"""The still figures of L11: the moving ones at rest, with what the reader is to guess left out."""

import numpy as np

from course_lib.initializers import normal
from course_lib.network import mlp
from course_lib.plots import svg_text
from course_lib.plots.style import new_figure
from course_lib.widgets.palette import palette

LIGHT = palette()["light"]


def figures() -> dict[str, tuple[str, str]]:
    """File name -> (SVG text, description in words)."""
    return {"L11_symmetry.svg": symmetry(), "L11_layer_spread.svg": layer_spread()}


def symmetry():
    title = "Three hidden units that begin alike: what can they learn?"
    figure, axes = new_figure(title, (6, 3.2))
    columns = [[(0, 0.5), (0, -0.5)], [(1, 1), (1, 0), (1, -1)], [(2, 0)]]
    for left, right in zip(columns, columns[1:]):
        for j, end in enumerate(right):
            for start in left:
                axes.plot(*zip(start, end), color=LIGHT["zero"], linewidth=1.5, zorder=1)
                share = 0.3 if len(right) > 1 else 0.5
                at = np.array(start) + share * (np.array(end) - start)
                axes.text(*at, "0.00", ha="center", va="center", fontsize=9, fontweight="bold", color=LIGHT["ink"], bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5})
    for column, names in zip(columns, (["x₁", "x₂"], ["h₁", "h₂", "h₃"], ["o"])):
        for at, name in zip(column, names):
            axes.plot(*at, "o", markersize=26, color=LIGHT["panel"], markeredgecolor=LIGHT["border"], markeredgewidth=1.5)
            axes.text(*at, name, ha="center", va="center", color=LIGHT["ink"])
    axes.set(xlim=(-0.2, 2.2), ylim=(-1.4, 1.4))
    axes.set_axis_off()
    return still(
        figure, title,
        "A net with two inputs, three hidden units and one output. All nine weights are 0.00, and every wire is grey: none is "
        "positive, none negative. When the cell is run it learns, step by step.",
    )  # fmt: skip


def layer_spread():
    title = "A net of ten layers, 500 wide, before it learns: what arrives at layer 10?"
    figure, axes = new_figure(title, (7, 3.4))
    network = mlp([500] * 11, hidden="tanh", output="tanh", init=normal(0.01), rng=0)
    network.forward(np.random.default_rng(0).normal(size=(64, 500)))
    first = network.activations()[1]
    counts, edges = np.histogram(first, bins=40, range=(-1, 1))
    middles = (edges[:-1] + edges[1:]) / 2
    axes.fill_betweenx(middles, 1 - 0.45 * counts / counts.max(), 1 + 0.45 * counts / counts.max(), color=palette()["class0"], step="mid", linewidth=0)
    for layer in range(2, 11):
        axes.text(layer, 0, "?", ha="center", va="center", fontsize=16, color=LIGHT["quiet"])
    axes.set(xlim=(0.4, 10.6), ylim=(-1, 1), xticks=range(1, 11), xlabel="layer", ylabel="activations")
    return still(
        figure, title,
        f"The activations of a tanh net whose weights have standard deviation 0.01. Layer 1 is drawn as a histogram on its side: around 0, "
        f"with standard deviation {first.std():.2f}. Layers 2 to 10 show a question mark; they appear when the cell is run.",
    )  # fmt: skip


def still(figure, title, words):
    description = f"{title} {words}"
    return svg_text(figure, title, description), description
