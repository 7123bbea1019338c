"""The still figures of lecture L06, each as its moving figure looks at rest: nothing that the reader is to guess."""

from course_lib.autodiff import graph
from course_lib.autodiff.layout import arranged
from course_lib.plots import svg_text
from course_lib.plots.style import new_figure
from course_lib.widgets.graph.graphs import GRAPHS
from course_lib.widgets.palette import palette

LIGHT = palette()["light"]


def figures() -> dict[str, tuple[str, str]]:
    """File name -> (SVG text, description in words)."""
    return {
        "L06_walk.svg": walk(),
        "L06_gates.svg": gates(),
        "L06_sine.svg": sine(),
        "L06_logistic.svg": logistic(),
        "L06_nudge.svg": nudge(),
    }


def drawn(figure, title, words):
    description = f"{title}. {words}"
    return svg_text(figure, title, description), description


def box(axes, x, y, name, says="", value="·", *, given=False, wide=0.44, tall=0.56):
    """A value: its name, what makes it, its number. What is given has sharp corners."""
    from matplotlib.patches import FancyBboxPatch

    corner = 0.02 if given else 0.12
    axes.add_patch(
        FancyBboxPatch(
            (x - wide / 2 + corner, y - tall / 2 + corner), wide - 2 * corner, tall - 2 * corner,
            boxstyle=f"round,pad={corner}", facecolor=LIGHT["paper" if given else "panel"], edgecolor=LIGHT["ink" if given else "border"], lw=1.3,
        )
    )  # fmt: skip
    axes.text(x, y + 0.11, f"{name}  {says}".strip(), ha="center", va="center", fontsize=11, fontweight="bold", color=LIGHT["ink"])
    axes.text(x, y - 0.12, value, ha="center", va="center", fontsize=12, color=LIGHT["ink"])


def wire(axes, start, end, wide=0.44):
    (x1, y1), (x2, y2) = start, end
    axes.annotate(
        "", (x2 - wide / 2, y2), (x1 + wide / 2, y1),
        arrowprops={"arrowstyle": "-|>", "color": LIGHT["border"], "lw": 1.3, "shrinkA": 0, "shrinkB": 0},
    )  # fmt: skip


def graph_on(axes, out, scale=1.0):
    """The graph of `out` at rest: what is given has its numbers, what is computed is empty."""
    boxes = graph(out).boxes.values()
    places, _ = arranged(list(boxes))
    at = {each: (scale * column, -row) for each, (column, row) in places.items()}
    for each in boxes:
        for source, *_ in each.edges:
            wire(axes, at[source], at[each])
        given = each.kind == "leaf"
        box(axes, *at[each], each.name, "" if given else each.operation, f"{float(each.value):g}".replace("-", "−") if given else "·", given=given)
    columns, rows = ([place[axis] for place in places.values()] for axis in (0, 1))
    axes.set(xlim=(-0.3, scale * max(columns) + 0.3), ylim=(-max(rows) - 0.4, 0.4))
    axes.axis("off")


def walk():
    title = GRAPHS["sums"][1]
    figure, axes = new_figure(title, (8, 2.6))
    graph_on(axes, GRAPHS["sums"][2]())
    return drawn(figure, title,
        "A computation graph with a = 2 and b = 1: c = a + b, d = b + 1 and e = c · d, drawn as five boxes from left to right, with an arrow from each value to "
        "what is made of it. The values and the bars are still empty. They fill, step by step, when the cell is run.")  # fmt: skip


def gates():
    title = "Addition hands the bar to both, multiplication switches the factors, max sends everything to the winner"
    figure, columns = new_figure(title, (9, 2.9), columns=3)
    for axes, name, op in zip(columns, ("addition", "multiplication", "maximum"), "+×" + "m"):
        box(axes, 0, 0, "a", "", "3", given=True)
        box(axes, 0, -1, "b", "", "−2", given=True)
        box(axes, 1, -0.5, "y", {"m": "max"}.get(op, op))
        wire(axes, (0, 0), (1, -0.5))
        wire(axes, (0, -1), (1, -0.5))
        axes.set_title(name, fontsize=11, color=LIGHT["ink"])
        axes.set(xlim=(-0.35, 1.35), ylim=(-1.4, 0.4))
        axes.axis("off")
    return drawn(figure, title,
        "Three gates side by side, each with the inputs a = 3 and b = −2 and with 1 coming back to its result: an addition, a multiplication and a maximum. "
        "What comes back to a and to b is still empty.")  # fmt: skip


def sine():
    title = GRAPHS["sine"][1]
    figure, axes = new_figure(title, (8, 2.6))
    graph_on(axes, GRAPHS["sine"][2]())
    return drawn(figure, title,
        "A computation graph with x₂ = 2 and x₁ = 3: a₁ = sin x₂, a₂ = x₁ · x₂ and a₃ = a₁ + a₂. From x₂ two arrows start, one to a₁ and one to a₂. "
        "The values and the bars are still empty.")  # fmt: skip


def logistic():
    title = GRAPHS["logistic"][1]
    figure, axes = new_figure(title, (10.5, 4.4))
    graph_on(axes, GRAPHS["logistic"][2](), scale=0.66)
    return drawn(figure, title,
        "A neuron and its loss as a graph, from left to right: w₁ = 1 and x₁ = 2 are multiplied to u, w₂ = −1 and x₂ = −1 to v; u and v are added to s; "
        "b = −0.5 is added, which gives h; times t = −1 gives m; the sigmoid gives q, its logarithm k, and minus that is ℓ. "
        "The values and the bars are still empty.")  # fmt: skip


def nudge():
    import numpy as np

    from course_lib.activations import sigmoid

    title = "Too large a nudge misses the bend, too small a nudge drowns in rounding"
    figure, (left, right) = new_figure(title, (9, 3.6), columns=2)
    share = np.linspace(-2.4, 2.4, 121)
    rise = sigmoid(0.7 + share) - sigmoid(0.7)
    left.plot(share, rise, color=LIGHT["quiet"], lw=1.6)
    ends = sigmoid(np.array([-0.3, 1.7])) - sigmoid(0.7)
    left.plot([-1, 1], ends, "-", color=LIGHT["ink"], lw=1.6)
    left.plot([-1, 0, 1], [ends[0], 0, ends[1]], "o", color=LIGHT["ink"], ms=7)
    left.set(xlabel="distance from x, in h", ylabel="f(x + δ) − f(x), in h", xlim=(-2.4, 2.4))
    right.set(xscale="log", yscale="log", xlim=(1e-16, 1), ylim=(1e-16, 10), xlabel="h", ylabel="error of the slope")
    right.grid(axis="y", color=LIGHT["rule"], lw=0.7)
    return drawn(figure, title,
        "On the left the sigmoid near 0.7, the points nudged by h = 1 to either side, and the straight line through them. On the right, both axes logarithmic, "
        "the place for the error of the slope against h, from 1 down to 1e-16. Its curves appear when the cell is run.")  # fmt: skip
