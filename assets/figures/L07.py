"""The still figures of lecture L07, each as its moving figure looks at rest: nothing that the reader is to guess."""

import numpy as np

from course_lib.activations import sigmoid
from course_lib.data import gate
from course_lib.plots import svg_text
from course_lib.plots.style import new_figure
from course_lib.widgets.network.by_hand import PENCIL
from course_lib.widgets.network.features import starts
from course_lib.widgets.network.jacobian import X as INPUTS
from course_lib.widgets.palette import blend, palette

COLOURS = palette()
LIGHT = COLOURS["light"]


def figures() -> dict[str, tuple[str, str]]:
    """File name -> (SVG text, description in words)."""
    return {
        "L07_net.svg": net(),
        "L07_features.svg": features(),
        "L07_seeds.svg": seeds(),
        "L07_loops.svg": loops(),
        "L07_jacobian.svg": jacobian(),
    }


def drawn(figure, title, words):
    description = f"{title}. {words}"
    return svg_text(figure, title, description), description


def written(value):
    return f"{value:g}".replace("-", "−")


def net():
    from matplotlib.patches import FancyBboxPatch

    title = "Forward: four neurons, each a sum and a bend"
    figure, axes = new_figure(title, (9, 4.2))
    places = {"x₁": (0, -0.5), "x₂": (0, -1.5), "h₁": (1, 0), "h₂": (1, -1), "h₃": (1, -2), "p": (2, -0.75), "ℓ": (2, -2)}
    w, w_o, b = np.reshape(PENCIL[:6], (2, 3)), PENCIL[6:9], PENCIL[9:]

    def wire(start, end, weight, share):
        (x1, y1), (x2, y2) = places[start], places[end]
        x1, x2 = x1 + 0.14, x2 - 0.17
        colour = LIGHT["positive" if weight > 0 else "negative"]
        axes.plot([x1, x2], [y1, y2], color=colour, lw=0.8 + 1.6 * abs(weight), ls="-" if weight > 0 else (0, (6, 2)), zorder=1)
        halo = {"facecolor": LIGHT["paper"], "edgecolor": "none", "pad": 0.8}
        axes.text(x1 + share * (x2 - x1), y1 + share * (y2 - y1), written(weight), ha="center", va="center", fontsize=10, fontweight="bold", color=LIGHT["ink"], bbox=halo)

    for i in range(2):
        for j in range(3):
            wire(f"x{'₁₂'[i]}", f"h{'₁₂₃'[j]}", w[i, j], 0.7)
    for j in range(3):
        wire(f"h{'₁₂₃'[j]}", "p", w_o[j], 0.3)
    axes.plot([2, 2], [-1.05, -1.7], color=LIGHT["border"], lw=1.3, zorder=1)
    for name, (x, y) in places.items():
        given = name.startswith("x")
        wide, corner = (0.28, 0.02) if given else (0.34, 0.09)
        axes.add_patch(
            FancyBboxPatch(
                (x - wide / 2 + corner, y - 0.28 + corner), wide - 2 * corner, 0.56 - 2 * corner,
                boxstyle=f"round,pad={corner}", facecolor=LIGHT["paper" if given else "panel"], edgecolor=LIGHT["ink" if given else "border"], lw=1.3, zorder=2,
            )
        )  # fmt: skip
        axes.text(x, y + 0.11, name, ha="center", va="center", fontsize=12, fontweight="bold", color=LIGHT["ink"])
        axes.text(x, y - 0.11, "1" if given else "y = 0" if name == "ℓ" else "·", ha="center", va="center", fontsize=11, color=LIGHT["ink"])
    for place, bias in zip(("h₁", "h₂", "h₃", "p"), b):
        x, y = places[place]
        axes.text(x + (0.02 if place == "p" else 0), y - 0.42, f"b{'_o' if place == 'p' else ''} {written(bias)}", ha="left" if place == "p" else "center", va="center", fontsize=9, color=LIGHT["quiet"])
    axes.set(xlim=(-0.2, 2.25), ylim=(-2.6, 0.4))
    axes.axis("off")
    return drawn(figure, title,
        "A network from left to right: the inputs x₁ = 1 and x₂ = 1, three hidden neurons h₁, h₂ and h₃, one output p and the loss ℓ. On the wires to h₁ stand "
        "1 and 0.5, to h₂ −1 and 1, to h₃ 0.5 and −1; on those to p 2, −1.5 and 0.5. The biases are −0.5, 0 and 0.5, and −0.5 at the output. "
        "What the neurons say is still empty.")  # fmt: skip


def features():
    title = "Two hidden neurons bend the plane; the output draws one straight line"
    figure, (left, right) = new_figure(title, (8.6, 4.3), columns=2)
    theta = starts("sigmoid")[0]
    W, w_o, b, b_o = theta[:4].reshape(2, 2), theta[4:6], theta[6:8], theta[8]
    X, y = gate("XOR")
    seen = sigmoid(X @ W + b)
    across = np.linspace(-0.5, 1.5, 49)
    for axes, box, points, p in (
        (left, (-0.5, 1.5), X, lambda P: sigmoid(sigmoid(P @ W + b) @ w_o + b_o)),
        (right, (-0.15, 1.15), seen, lambda P: sigmoid(P @ w_o + b_o)),
    ):
        side = np.linspace(*box, 49)
        grid = np.stack(np.meshgrid(side, side), axis=-1)
        shade = np.array([[[int(blend(v)[i : i + 2], 16) / 255 for i in (1, 3, 5)] for v in row] for row in p(grid)])
        axes.imshow(shade, origin="lower", extent=(*box, *box), interpolation="nearest")
        for at, target in zip(points, y):
            axes.plot(*at, "s" if target else "o", ms=13, mfc=COLOURS[f"class{target}"], mec=LIGHT["ink"], zorder=4)
            axes.text(*at, str(target), ha="center", va="center_baseline", fontsize=9, fontweight="bold", color=COLOURS[f"on_class{target}"], zorder=5)
        axes.set(xlim=box, ylim=box, xticks=[0, 0.5, 1], yticks=[0, 0.5, 1])
    for j, name in enumerate(("h₁", "h₂")):  # where the neuron is at one half: W[0, j] x₁ + W[1, j] x₂ + b[j] = 0
        steep = abs(W[0, j]) > abs(W[1, j])
        other = -(W[1 if steep else 0, j] * across + b[j]) / W[0 if steep else 1, j]
        left.plot(*((other, across) if steep else (across, other)), color=LIGHT["ink"], lw=1.6, ls=(0, (5, 3)))
    for k in np.linspace(-0.5, 1.5, 11):
        for line in (np.c_[across, np.full(49, k)], np.c_[np.full(49, k), across]):
            right.plot(*sigmoid(line @ W + b).T, color=LIGHT["ink"], lw=0.7, alpha=0.45)
    side = np.linspace(-0.15, 1.15, 9)
    right.plot(-(w_o[1] * side + b_o) / w_o[0], side, color=LIGHT["ink"], lw=2.2)
    left.set(title="as the rows lie", xlabel="x₁", ylabel="x₂")
    right.set(title="as the hidden neurons see them", xlabel="h₁", ylabel="h₂")
    return drawn(figure, title,
        "On the left the plane of x₁ and x₂ with the four rows of XOR and two dashed lines, where each hidden neuron is at one half. On the right the plane of "
        "h₁ and h₂ with the same four rows where the untrained hidden neurons see them, close together on a bent sheet of graph paper. "
        "The network learns when the figure is played.")  # fmt: skip


def seeds():
    title = "How many of 20 starts solve XOR, by width and bend"
    figure, (left, right) = new_figure(title, (8.6, 3.4), columns=2)
    for row in range(5):
        left.axhline(row - 0.5, color=LIGHT["rule"], lw=1)
    for column in range(4):
        left.axvline(column - 0.5, color=LIGHT["rule"], lw=1)
    left.set(xlim=(-0.5, 2.5), ylim=(3.5, -0.5), xticks=range(3), yticks=range(4), xticklabels=["sigmoid", "tanh", "relu"], yticklabels=[f"H = {H}" for H in (1, 2, 3, 8)])
    left.spines[["left", "bottom"]].set_visible(False)
    left.tick_params(length=0)
    right.set(xlim=(0, 5200), yscale="log", ylim=(1e-4, 1), xlabel="step", ylabel="loss")
    return drawn(figure, title,
        "A table with a row for 1, 2, 3 and 8 hidden neurons and a column for sigmoid, tanh and ReLU, still empty, and beside it the place for the 20 loss "
        "curves of the chosen cell. Both appear when the cells have run.")  # fmt: skip


def loops():
    title = "The more rows, the more a loop loses"
    figure, axes = new_figure(title, (8, 3.2))
    axes.set(xscale="log", yscale="log", xlim=(10, 10_000), ylim=(1e-5, 1), xlabel="m, rows", ylabel="seconds for one gradient")
    axes.grid(axis="y", color=LIGHT["rule"], lw=0.7)
    return drawn(figure, title,
        "The place for two curves: seconds for one gradient against the number of rows from 10 to 10 000, both axes logarithmic. "
        "They are measured on your computer when the cell is run.")  # fmt: skip


def jacobian():
    from matplotlib.patches import Rectangle

    title = "How each output y moves when each input x does"
    figure, axes = new_figure(title, (5.2, 5.2))
    for j, x in enumerate(INPUTS):
        axes.add_patch(Rectangle((j - 0.5, -1.75), 1, 0.9, facecolor=LIGHT["panel"], edgecolor=LIGHT["border"]))
        axes.text(j, -1.3, written(x), ha="center", va="center", fontsize=10, color=LIGHT["ink"])
    for k in range(7):
        axes.plot([-0.5, 5.5], [k - 0.5] * 2, color=LIGHT["rule"], lw=1)
        axes.plot([k - 0.5] * 2, [-0.5, 5.5], color=LIGHT["rule"], lw=1)
    for k in range(6):
        axes.text(-0.65, k, f"y{'₁₂₃₄₅₆'[k]}", ha="right", va="center", fontsize=10, color=LIGHT["quiet"])
        axes.text(k, -0.65, f"x{'₁₂₃₄₅₆'[k]}", ha="center", va="center", fontsize=10, color=LIGHT["quiet"])
    axes.set(xlim=(-1.2, 5.6), ylim=(5.6, -1.9))
    axes.set_aspect("equal")
    axes.axis("off")
    return drawn(figure, title,
        "A row of six inputs x, 1.5, −0.5, 0.3, −2, 0.8 and −0.1, and under it a table of six rows and six columns for ∂y/∂x, still empty. "
        "It fills when the cell is run.")  # fmt: skip
