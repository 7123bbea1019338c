"""The still figures of lecture L00, each as its moving figure looks at rest."""

import numpy as np

from course_lib.plots import svg_text
from course_lib.plots.style import new_figure
from course_lib.widgets.palette import palette

COLOURS = palette()
LIGHT = COLOURS["light"]
INK, QUIET = LIGHT["ink"], LIGHT["quiet"]


def figures() -> dict[str, tuple[str, str]]:
    """File name -> (SVG text, description in words)."""
    return {
        "L00_nudge.svg": nudge(),
        "L00_knobs.svg": knobs(),
        "L00_gears.svg": gears(),
        "L00_shapes.svg": shapes(),
        "L00_kernel.svg": kernel(),
        "L00_selftest.svg": selftest(),
    }


def drawn(figure, title, words):
    description = f"{title}. {words}"
    return svg_text(figure, title, description), description


def nudge():
    title = "Nudge x: how much f moves, divided by the nudge, is the slope"
    figure, axes = new_figure(title, (8, 3.6))
    x = np.linspace(-3, 3, 200)
    axes.plot(x, x**2, color=INK, lw=3)
    axes.plot(x, 3 * x - 2, "--", color=LIGHT["positive"], lw=2)
    axes.plot([1, 2, 2], [1, 1, 4], color=QUIET, lw=2)
    axes.plot(1, 1, "o", color=INK, ms=9)
    axes.plot(2, 4, "s", color=QUIET, ms=8)
    axes.text(1.5, 0.35, "1", ha="center", color=QUIET, fontsize=11, fontweight="bold")
    axes.text(2.06, 2.3, "3", color=QUIET, fontsize=11, fontweight="bold")
    axes.set(xlim=(-3, 3), ylim=(-3, 9), xlabel="x", ylabel="f(x) = x²", yticks=[0, 5])
    return drawn(figure, title,
        "The curve x² for x from −3 to 3. From the point at x = 1, where f is 1, a nudge of 1 to the right leads to x = 2, where f is 4: f moves by 3. "
        "A dashed line through both points has the slope 3. When the cell is run, point and nudge can be changed.")  # fmt: skip


def knobs():
    title = "Two knobs, two slopes: turn one, hold the other"
    figure, (left, right) = new_figure(title, (8, 3.2), columns=2)
    t = np.linspace(-3, 3, 200)
    f = lambda a, b: (a - 1) ** 2 + a * b / 2 + b**2  # noqa: E731
    for axes, name, values, at, slope in ((left, "a", f(t, 1), -1, -3.5), (right, "b", f(-1, t), 1, 1.5)):
        axes.plot(t, values, color=INK, lw=3)
        touch = np.array([at - 1, at + 1])
        axes.plot(touch, 4.5 + slope * (touch - at), "--", color=LIGHT["positive" if slope > 0 else "negative"], lw=2)
        axes.plot(at, 4.5, "o", color=INK, ms=9)
        axes.set(xlim=(-3, 3), ylim=(-1, 15), xlabel=name, ylabel="f")
    return drawn(figure, title,
        "Two curves of the same f. Left f over a with b held at 1: at a = −1 it goes down, slope −3.50. Right f over b with a held at −1: at b = 1 it goes up, slope 1.50. "
        "In both f is 4.50 at the marked point. When the cell is run, each knob moves the other's curve.")  # fmt: skip


def gears():
    title = "One after the other, factors multiply: that is the chain rule"
    figure, axes = new_figure(title, (8, 2.7))
    for x, r in ((0, 1), (5, 1), (10, 1 / 1.5)):
        axes.add_patch(_circle(x, r, LIGHT["panel"]))
        axes.plot([x, x], [0, r], color=LIGHT["wrong"], lw=3, zorder=4)
        axes.plot(x, 0, "o", color=INK, ms=5, zorder=5)
    axes.add_patch(_circle(5, 0.5, "none", zorder=4))
    for (x1, r1), (x2, r2) in (((0, 1), (5, 0.5)), ((5, 1), (10, 1 / 1.5))):
        for side in (1, -1):
            axes.plot([x1, x2], [side * r1, side * r2], color=LIGHT["positive"], lw=2.5, zorder=1)
    for x, words in ((2.5, "× 2"), (7.5, "× 1.5")):
        axes.text(x, 1.35, words, ha="center", fontsize=12, fontweight="bold", color=INK)
    for x, name in ((0, "x"), (5, "u"), (10, "y")):
        axes.text(x, -1.6, name, ha="center", fontsize=12, fontweight="bold", color=INK)
    axes.set(xlim=(-1.6, 11.6), ylim=(-1.8, 1.8), aspect="equal")
    axes.set_axis_off()
    return drawn(figure, title,
        "Three axles in a row, x, u and y. A belt from x to u has the factor 2, a belt from u to y the factor 1.5. All hands point upwards. "
        "When the cell is run, x can be turned, and the belts changed or crossed.")  # fmt: skip


def _circle(x, r, fill, zorder=3):
    from matplotlib.patches import Circle

    return Circle((x, 0), r, facecolor=fill, edgecolor=LIGHT["border"], lw=2, zorder=zorder)


def shapes():
    title = "Which shape has the sum? Guess first"
    figure, axes = new_figure(title, (8, 2.4))
    from matplotlib.patches import Rectangle

    for left, rows, columns, colour, name in ((0, 3, 4, COLOURS["class0"], "(3, 4)"), (6, 1, 4, COLOURS["class1"], "(4,)")):
        for r in range(rows):
            for c in range(columns):
                axes.add_patch(Rectangle((left + c, -r), 0.9, 0.9, color=colour))
        axes.text(left + columns / 2, 1.3, name, ha="center", fontsize=12, fontweight="bold", color=INK)
    for x, sign in ((5, "+"), (11, "="), (13, "?")):
        axes.text(x, 0.4, sign, ha="center", va="center", fontsize=16, fontweight="bold", color=INK)
    axes.set(xlim=(-0.3, 20), ylim=(-2.4, 2), aspect="equal")
    axes.set_axis_off()
    return drawn(figure, title,
        "Left an array of shape (3, 4), drawn as three rows of four blue cells. Plus one of shape (4,), one row of four orange cells. The sum is a question mark. "
        "When the cell is run, six such puzzles wait for your guess.")  # fmt: skip


def kernel():
    title = "The kernel remembers what ran, not what is written"
    figure, axes = new_figure(title, (8, 2.5))
    for i, code in enumerate(("a = 2", "a = a + 1", "b = 10 * a", "print(a, b)")):
        axes.text(0.2, -i, "[ ]", fontsize=11, family="monospace", color=QUIET, va="center")
        axes.text(1.2, -i, code, fontsize=11, family="monospace", color=INK, va="center", bbox={"facecolor": LIGHT["panel"], "edgecolor": "none", "pad": 5})
    axes.text(6, -1.5, "memory: empty", fontsize=12, fontweight="bold", color=INK, va="center")
    axes.set(xlim=(0, 10), ylim=(-3.6, 0.6))
    axes.set_axis_off()
    return drawn(figure, title,
        "Four cells that have not run yet: a = 2, a = a + 1, b = 10 * a, print(a, b). Beside them the kernel's memory, empty. "
        "When the cell is run, each of the four can be run in any order, and the memory shows what it holds.")  # fmt: skip


def selftest():
    title = "Nine questions: which lectures can you already follow?"
    figure, axes = new_figure(title, (8, 2.3))
    subjects = ["slopes", "knobs", "gears", "e and log", "products", "shapes", "broadcasting", "chance", "notebooks"]
    for i, subject in enumerate(subjects):
        x, y = i % 3, -(i // 3)
        axes.plot(3 * x, y, "o", ms=11, mfc=LIGHT["paper"], mec=LIGHT["border"], mew=2)
        axes.text(3 * x + 0.3, y, f"{i + 1}. {subject}", va="center", fontsize=11, color=INK)
    axes.set(xlim=(-0.4, 9.2), ylim=(-2.6, 0.6))
    axes.set_axis_off()
    return drawn(figure, title,
        "The subjects of the nine questions, each with an open circle: slopes, knobs, gears, e and log, products, shapes, broadcasting, chance, notebooks. "
        "When the cell is run, the questions can be answered, and a list says which lectures you can follow.")  # fmt: skip
