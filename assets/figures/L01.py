"""The still figures of lecture L01, each as its moving figure looks at rest."""

import numpy as np

from course_lib.activations import sigmoid
from course_lib.plots import svg_text
from course_lib.plots.style import new_figure
from course_lib.widgets.neuron import NetReader, StackedLayers
from course_lib.widgets.palette import palette

COLOURS = palette()
LIGHT = COLOURS["light"]


def figures() -> dict[str, tuple[str, str]]:
    """File name -> (SVG text, description in words)."""
    return {
        "L01_neuron_line.svg": neuron_line(),
        "L01_activations.svg": activations(),
        "L01_layers.svg": layers(),
        "L01_stack.svg": stack(),
    }


def drawn(figure, title, words):
    description = f"{title}. {words}"
    return svg_text(figure, title, description), description


def neuron_line():
    title = "w sets how steep and which way, −b/w sets where"
    figure, axes = new_figure(title, (8, 3.2))
    x = np.linspace(-5, 5, 201)
    axes.axvspan(-5, 0, color=COLOURS["class0"], alpha=0.35, lw=0)
    axes.axvspan(0, 5, color=COLOURS["class1"], alpha=0.35, lw=0)
    axes.plot(x, sigmoid(x), color=LIGHT["ink"], lw=3)
    axes.axvline(0, color=LIGHT["ink"], lw=1.5)
    axes.text(0.1, 1.02, "h = 0 at x = 0", color=LIGHT["ink"], fontsize=10, fontweight="bold")
    axes.plot(0, -0.1, "o", ms=12, mfc="white", mec=LIGHT["ink"], mew=2, clip_on=False, zorder=5)
    axes.set(xlim=(-5, 5), ylim=(-0.1, 1.1), xlabel="x", ylabel="φ(h)", yticks=[0, 0.5, 1])
    return drawn(figure, title,
        "The output of a sigmoid neuron with w = 1 and b = 0, over its input x from −5 to 5: near 0 on the left, 0.5 at x = 0, near 1 on the right. "
        "The boundary stands at x = 0, where h is 0; left of it the picture is blue, right of it orange. When the cell is run, the boundary can be dragged.")  # fmt: skip


def activations():
    title = "Two bends, centred differently"
    figure, (left, right) = new_figure(title, (8, 3.4), columns=2)
    h = np.linspace(-10, 10, 401)
    for axes, name, values, middle in ((left, "sigmoid", sigmoid(h), "½"), (right, "tanh", np.tanh(h), "0")):
        axes.axhline(0, color=LIGHT["rule"], lw=1)
        axes.axvline(0, color=LIGHT["rule"], lw=1)
        axes.plot(h, values, color=LIGHT["ink"], lw=3)
        axes.plot(0, values[200], "o", color=LIGHT["ink"], ms=8)
        axes.text(0.8, values[200] - 0.12, middle, fontsize=11, fontweight="bold", color=LIGHT["ink"], va="top")
        axes.set(xlim=(-10, 10), ylim=(-1.25, 1.25), xlabel="h", title=name, yticks=[-1, 0, 1], xticks=[-10, -5, 0, 5, 10])
    left.set_ylabel("φ(h)")
    return drawn(figure, title,
        "Left the sigmoid, right tanh, both for h from −10 to 10. The sigmoid climbs from 0 to 1 and is ½ at h = 0; tanh climbs from −1 to 1 and is 0 at h = 0. "
        "Both are flat far from 0. Their slopes, and four more bends, are in the figure below once its cell is run.")  # fmt: skip


def layers():
    title = "Two inputs, two hidden layers, one output: six units, twenty numbers to learn"
    figure, axes = new_figure(title, (8, 3.9))
    columns = [["x₁", "x₂"], ["u₁", "u₂", "u₃"], ["v₁", "v₂"], ["y"]]
    names = ["input layer", "1st hidden layer", "2nd hidden layer", "output layer"]
    places = [[(3 * c, (len(column) - 1) / 2 - k) for k in range(len(column))] for c, column in enumerate(columns)]
    for c, (W, _) in enumerate(NetReader.EXAMPLE):
        for j, weights in enumerate(W):
            for k, weight in enumerate(weights):
                (x1, y1), (x2, y2) = places[c][j], places[c + 1][k]
                axes.plot([x1, x2], [y1, y2], color=LIGHT["positive" if weight > 0 else "negative"], lw=1 + 1.5 * abs(weight), zorder=1, ls="-" if weight > 0 else (0, (5, 1.5)))
    for column, name, at in zip(columns, names, places):
        axes.text(at[0][0], 1.55, name, ha="center", fontsize=10, color=LIGHT["quiet"])
        for unit, (x, y) in zip(column, at):
            axes.plot(x, y, "o", ms=30, mfc=LIGHT["panel"], mec=LIGHT["ink"], mew=1.5, zorder=2)
            axes.text(x, y, unit, ha="center", va="center", fontsize=12, fontweight="bold", color=LIGHT["ink"], zorder=3)
    axes.set(xlim=(-0.9, 9.9), ylim=(-1.4, 1.75))
    axes.set_axis_off()
    return drawn(figure, title,
        "From left to right the input layer with x₁ and x₂, the first hidden layer with three units u₁, u₂, u₃, the second with two, v₁ and v₂, and the output layer with one, y. "
        "A wire runs from every number to every unit of the next layer; positive weights are solid and warm, negative ones dashed and cool, large ones thick.")  # fmt: skip


def stack():
    title = "What do ten layers draw?"
    figure, axes = new_figure(title, (8, 2.6))
    n = len(StackedLayers().data["networks"][0])
    for i in range(n + 2):
        inside = 0 < i <= n
        axes.plot(i, 0, "s" if inside else "o", ms=24 if inside else 26, mfc=LIGHT["panel"], mec=LIGHT["ink"], mew=1.5, zorder=2)
        axes.text(i, 0, str(i) if inside else ("x" if i == 0 else "?"), ha="center", va="center", fontsize=11, fontweight="bold", color=LIGHT["ink"], zorder=3)
        if i:
            axes.annotate("", (i - 0.22, 0), (i - 0.78, 0), arrowprops={"arrowstyle": "->", "color": LIGHT["border"], "lw": 1.5}, zorder=1)
    axes.text((n + 1) / 2, 0.55, "nothing between the layers but sums", ha="center", fontsize=10, color=LIGHT["quiet"])
    axes.set(xlim=(-0.6, n + 1.6), ylim=(-0.6, 0.9))
    axes.set_axis_off()
    return drawn(figure, title,
        "One number x goes through ten layers in a row, each made of weighted sums only, and one number comes out. "
        "The answer is left out here: guess, then run the cell below, choose what stands between the layers, and look.")  # fmt: skip
