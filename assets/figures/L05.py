"""The still figures of lecture L05, each as its moving figure looks before it is touched."""

import numpy as np

from course_lib.activations import stable_sigmoid
from course_lib.bumps import bump, bump_network
from course_lib.data import gate
from course_lib.network import mlp
from course_lib.plots import new_figure, svg_text
from course_lib.widgets.limits import XorTraining
from course_lib.widgets.palette import blend, palette

LIGHT, COLOURS = palette()["light"], palette()
X, XOR = gate("XOR")
BOX = (-0.5, 1.5)


def figures() -> dict[str, tuple[str, str]]:
    """File name -> (SVG text, description in words)."""
    return {
        "L05_line_score.svg": line_score(),
        "L05_xor_training.svg": xor_training(),
        "L05_structure.svg": structure(),
        "L05_bumps.svg": bumps(),
        "L05_three_lines.svg": three_lines(),
    }


def line_score():
    title = "Every line gets at most 3 of the 4 rows of XOR"
    figure, (left, right) = new_figure(title, (8.4, 4.2), columns=2)
    plane(left, lambda Z: stable_sigmoid(np, Z @ [1, -1] - 0.5))
    line(left, [1, -1], -0.5, lw=2.5)
    points(left)
    rows = [[f"{a:g}", f"{c:g}", f"{y_i}", "h ≥ 0" if y_i else "h < 0", "·", "·"] for (a, c), y_i in zip(X, XOR)]
    table(right, ["x₁", "x₂", "y", "wanted", "h", "right?"], rows)
    return drawn(figure, title,
        "A plane, x₁ and x₂ from −0.5 to 1.5, with the four rows of XOR: at (0, 0) and (1, 1) y is 0, at (0, 1) and (1, 0) y is 1. A straight line runs from lower left "
        "to upper right, blue above it and orange below. Beside it the table of the rows with what each wants of h; the columns h and right? fill when the cell is run.")  # fmt: skip


def xor_training():
    title = "Does the loss fall, and do the rows come right?"
    figure = start_of(title, XorTraining())
    return drawn(figure, title,
        "On the left the plane with the four rows of XOR and the line of the slide's neuron at step 0. On the right two empty charts over 600 steps: "
        "the loss, which begins at 0.2740, and the number of right rows, which begins at 3. The curves grow when the figure is played.")  # fmt: skip


def three_lines():
    title = "Three hidden neurons, three lines, still where chance put them"
    figure = start_of(title, XorTraining(hidden=3))
    return drawn(figure, title,
        "On the left the plane with the four rows of XOR and three dashed lines, one for each hidden neuron, at step 0. On the right two empty charts over 5000 steps, "
        "the loss, which begins at 0.2754, and the number of right rows. The lines move and the curves grow when the figure is played.")  # fmt: skip


def structure():
    title = "Without structure, nobody beats a coin on new points"
    figure, (left, right) = new_figure(title, (8.4, 4.2), columns=2)
    rng = np.random.default_rng(5)
    Z, coins = rng.uniform(-1, 1, (24, 2)), rng.integers(0, 2, 24)
    for y_i, marker in ((0, "o"), (1, "s")):
        left.scatter(*Z[coins == y_i].T, s=60, marker=marker, color=COLOURS[f"class{y_i}"], edgecolor=LIGHT["ink"], linewidth=1)
    left.set(xlim=(-1, 1), ylim=(-1, 1), xticks=[-1, -0.5, 0, 0.5, 1], yticks=[-1, -0.5, 0, 0.5, 1], xlabel="x₁", ylabel="x₂", aspect="equal", facecolor=COLOURS["half"])
    right.axhline(0.5, color=LIGHT["quiet"], linestyle=":")
    right.text(10, 0.52, "a coin", color=LIGHT["quiet"])
    right.set(xlim=(0, 600), ylim=(0, 1), xlabel="step k", ylabel="share right")
    return drawn(figure, title,
        "On the left 24 points in a square, each blue or orange by a coin. On the right an empty chart of the share of right answers over 600 steps, "
        "with a dotted line at one half: a coin. Two curves grow when the figure is played, one for the points that are learned and one for new points.")  # fmt: skip


def bumps():
    title = "8 hidden sigmoids draw this curve to within 0.48"
    figure, axes = new_figure(title, (8.4, 3.6))
    x = np.linspace(0, 4, 601)
    total = bump_network(np.sin, 0, 4, 4).predict(x[:, None])[:, 0]
    for i in range(4):
        a, b = (-10 if i == 0 else i), (14 if i == 3 else i + 1)
        axes.plot(x, np.sin(i + 0.5) * bump(x, a, b, 20), color=LIGHT["zero"], alpha=0.5, lw=1.5)
    axes.plot(x, np.sin(x), "--", color=LIGHT["loss"], lw=1.8)
    axes.plot(x, total, color=COLOURS["class0"], lw=3)
    axes.text(4.03, np.sin(4), "curve", color=LIGHT["loss"], va="center", fontweight="bold")
    axes.text(4.03, total[-1], "sum", color=COLOURS["class0"], va="center", fontweight="bold")
    axes.set(xlim=(0, 4.4), ylim=(-1, 1.25), xlabel="x", ylabel="y", xticks=range(5))
    return drawn(figure, title,
        "The dashed curve sin x for x from 0 to 4. Under it four grey bumps, one on each interval of width 1 and as high as the curve in its middle, "
        "and their sum, a blue stair of four steps with rounded edges. It is furthest off the curve at x = 0, by 0.48.")  # fmt: skip


# ---- what they share


def drawn(figure, title, words):
    description = f"{title}{'' if title[-1] in '?!' else '.'} {words}"
    return svg_text(figure, title, description), description


def start_of(title, moving):
    """The training figure at step 0: the plane, and the two charts still empty."""
    hidden, theta = moving.data["hidden"], np.array(moving.data["theta"])
    network = mlp([2, *([hidden] if hidden else []), 1], hidden="sigmoid", output="sigmoid", rng=0, dtype=np.float64)
    network.theta[:] = theta
    p = network.predict(X)[:, 0]
    figure, (left, loss, right) = new_figure(title, (9.6, 3.6), columns=3)
    plane(left, lambda Z: network.predict(Z)[:, 0])
    first = network.layers[0]
    for w, b in zip(first.W.T, first.b):
        line(left, w, b, lw=1.8 if hidden else 2.5, ls="--" if hidden else "-")
    points(left)
    steps = 5000 if hidden else 600
    loss.plot(0, np.mean((XOR - p) ** 2), "o", color=LIGHT["loss"], clip_on=False)
    loss.set(xlim=(0, steps), ylim=(0, 0.3) if hidden else (0.24, 0.28), xlabel="step k", title="loss, mean of (y − p)²")
    right.plot(0, np.sum((p >= 0.5) == XOR), "o", color=LIGHT["ink"], clip_on=False)
    right.set(xlim=(0, steps), ylim=(0, 4.1), yticks=range(5), xlabel="step k", title="rows right")
    return figure


def plane(axes, p, cells=60):
    """The square from −0.5 to 1.5, coloured by the probability p(Z) of class 1."""
    middles = np.linspace(*BOX, cells)
    Z = np.stack(np.meshgrid(middles, middles), axis=-1).reshape(-1, 2)
    colours = [[int(blend(p_i)[i : i + 2], 16) for i in (1, 3, 5)] for p_i in p(Z)]
    axes.imshow(np.array(colours, np.uint8).reshape(cells, cells, 3), origin="lower", extent=(*BOX, *BOX), interpolation="bilinear")
    axes.set(xlim=BOX, ylim=BOX, xlabel="x₁", ylabel="x₂", xticks=[0, 0.5, 1], yticks=[0, 0.5, 1])


def line(axes, w, b, **style):
    """Where w₁x₁ + w₂x₂ + b = 0."""
    across = np.array([-3.0, 4.0])
    ends = (across, -(w[0] * across + b) / w[1]) if abs(w[1]) > abs(w[0]) else (-(w[1] * across + b) / w[0], across)
    axes.plot(*ends, color=LIGHT["ink"], **style)


def points(axes):
    for (a, c), y_i in zip(X, XOR):
        axes.plot(a, c, "s" if y_i else "o", ms=15, color=COLOURS[f"class{y_i}"], mec=LIGHT["ink"], zorder=4)
        axes.text(a, c, y_i, ha="center", va="center", zorder=5, fontweight="bold", color=COLOURS[f"on_class{y_i}"])


def table(axes, heads, rows):
    axes.axis("off")
    places = np.linspace(0.06, 0.94, len(heads))
    for i, row in enumerate([heads, *rows]):
        for place, words in zip(places, row):
            axes.text(place, 0.9 - 0.15 * i, words, ha="center", fontsize=12, fontweight="bold" if i == 0 else "normal", color=LIGHT["ink"], transform=axes.transAxes)
