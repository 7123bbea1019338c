"""The still figures of lecture L08, each as its moving figure looks before it is touched. No measured time is in them."""

import numpy as np

from course_lib.devices import CARDS
from course_lib.plots import new_figure, svg_text
from course_lib.plots.style import label_ends
from course_lib.widgets.machines.orders import orders
from course_lib.widgets.palette import palette

LIGHT, COLOURS = palette()["light"], palette()
CPU, GPU = COLOURS["class0"], COLOURS["class1"]
T4 = CARDS["T4"]


def figures() -> dict[str, tuple[str, str]]:
    """File name -> (SVG text, description in words)."""
    return {
        "L08_workers.svg": workers(),
        "L08_race.svg": race(),
        "L08_roofline.svg": roofline(),
        "L08_clock.svg": clock(),
    }


def workers():
    title = "100 tasks: which side is done first?"
    figure, both = new_figure(title, (8.4, 4.1), columns=2)
    for axes, words, colour in zip(both, ("CPU, 8 fast hands: a task takes 1 tick", "GPU, 2560 slow hands: 20 ticks\nto be called, a task takes 8 ticks"), (CPU, GPU)):
        for i in range(100):
            axes.add_patch(_square(i % 10, i // 10, LIGHT["panel"], LIGHT["rule"]))
        axes.set(xlim=(0, 10), ylim=(10, 0), aspect="equal")
        axes.axis("off")
        axes.set_title(words, fontsize=10, color=colour, fontweight="bold", loc="left")
    return drawn(figure, title,
        "Two squares of 100 empty cells, one cell for each task. On the left the CPU, 8 fast hands that need 1 tick for a task. On the right the GPU, "
        "2560 slow hands that take 20 ticks to be called and then 8 ticks for a task. The cells fill when the figure is played.")  # fmt: skip


def race():
    title = "Where will your CPU's curve cross these two?"
    figure, axes = new_figure(title, (8.4, 4.2))
    n = np.geomspace(4, 1024, 60).round().astype(int)
    for transfer, width, alpha in ((False, 1.5, 0.6), (True, 3, 1)):
        axes.plot(n, [1e6 * T4.seconds("product", k, transfer=transfer) for k in n.tolist()], "--", color=GPU, linewidth=width, alpha=alpha)
    axes.set(xscale="log", yscale="log", ylim=(1, 1e5), xlabel="n, rows and columns", ylabel="microseconds")
    figure.draw_without_rendering()
    ends = [(1024, 1e6 * T4.seconds("product", 1024, transfer=moved)) for moved in (False, True)]
    label_ends(axes, ends, ["GPU model", "with transfer"], [GPU, GPU])
    return drawn(figure, title,
        "Microseconds against the size n of a matrix product, both axes logarithmic, n from 4 to 1024. Two dashed lines, a model of an NVIDIA T4 from its data sheet: flat at "
        "10 microseconds for small n, with transfer at 30, both rising for large n. Your own CPU's curve is measured, and joins them, when the cell is run.")  # fmt: skip


def roofline():
    title = "A slope and a flat roof: what a card can reach at most"
    figure, axes = new_figure(title, (8.4, 4.2))
    x = np.geomspace(1 / 32, 4096, 200)
    ends = []
    for card, width in ((CARDS["H200"], 1.5), (CARDS["RTX 4090"], 1.5), (CARDS["A100"], 1.5), (T4, 3)):
        axes.plot(x, [card.best(i) for i in x], "--", color=GPU if card is T4 else LIGHT["zero"], linewidth=width)
        ends.append((4096, card.peak))
    axes.set(xscale="log", yscale="log", ylim=(1e9, 3e14), xlabel="operations for each byte", ylabel="operations a second")
    figure.draw_without_rendering()
    label_ends(axes, ends, ["H200", "RTX 4090", "A100", "T4"], [LIGHT["quiet"]] * 3 + [GPU])
    return drawn(figure, title,
        "Operations a second against operations for each byte, both axes logarithmic. Four dashed lines from data sheets, T4, A100, RTX 4090 and H200: each climbs with its memory's "
        f"speed and turns flat at its peak; the T4's at {T4.ridge():.0f} operations a byte and 8.1 trillion a second. Your own CPU's roof is measured, and joins them, when the cell is run.")  # fmt: skip


def clock():
    title = "Python orders five products, and the clock stops"
    run = orders(products=5, compute=2, order=0.05, copy=3, first=15, wait=False, inside=False, warm=False)
    colours = {"orders": CPU, "waits": LIGHT["paper"], "there": LIGHT["negative"], "first call": LIGHT["wrong"], "computes": GPU}
    figure, axes = new_figure(title, (8.4, 2.6))
    for lane, begin, end, what in run["bars"]:
        axes.barh(lane, end - begin, left=begin, height=0.45, color=colours[what], edgecolor=LIGHT["ink"], linewidth=0.8, linestyle=":" if what == "waits" else "-")
        if end - begin > 2.5:
            axes.text((begin + end) / 2, lane, what, ha="center", va="center", fontsize=9, color=LIGHT["ink"] if what == "waits" else "white")
    for at, words, side in ((run["start"], "clock starts", "right"), (run["stop"], "clock stops", "left")):
        axes.axvline(at, color=LIGHT["ink"], linewidth=2)
        axes.text(at + (-0.15 if side == "right" else 0.15), -0.62, words, ha=side, va="center", fontsize=9, fontweight="bold")
    axes.set(xlabel="ms", xlim=(0, run["end"] * 1.02), ylim=(1.5, -0.8))
    return drawn(figure, title,
        "Two lanes over 28 milliseconds. Python waits 3 while the data go there, then orders five products within a quarter of a millisecond: the clock starts before the first order "
        "and stops after the last. The device is then still in its first call, 15 milliseconds long; its five products of 2 milliseconds come after that.")  # fmt: skip


def _square(x, y, face, edge):
    from matplotlib.patches import Rectangle

    return Rectangle((x + 0.08, y + 0.08), 0.84, 0.84, facecolor=face, edgecolor=edge, linewidth=0.8)


def drawn(figure, title, words):
    description = f"{title.rstrip('.')}{'' if title[-1] in '?!' else '.'} {words}"
    return svg_text(figure, title, description), description
