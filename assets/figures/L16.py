"""The still figures of lecture L16, each as its moving figure looks before it is touched."""

from textwrap import wrap

from course_lib.plots import new_figure, svg_text
from course_lib.side_by_side import PAIRS
from course_lib.widgets.palette import palette

LIGHT = palette()["light"]
LIST = (
    "Look for rows that stand in the table twice, before anything is split.",
    "Split. Lock the test rows away.",
    "Choose columns and scale them with the training rows alone.",
    "Ask of every column: is it known on the day?",
    "Begin with a baseline.",
    "Search, and stop training, by validation rows.",
    "Open the test rows once. Report the number and how far it may be off.",
)


def figures() -> dict[str, tuple[str, str]]:
    """File name -> (SVG text, description in words)."""
    return {"L16_side_by_side.svg": side_by_side(), "L16_checklist.svg": checklist()}


def side_by_side():
    title = "Two programs for the same training run, and which lines belong together"
    figure, axes = new_figure(title, (9.6, 5.4))
    place = 0.0
    heads = dict(fontsize=10, fontweight="bold", color=LIGHT["ink"], va="center")
    axes.text(0.01, -0.3, "course_lib", **heads)
    axes.text(0.45, -0.3, "PyTorch", **heads)
    for pair in PAIRS:
        columns = [_lines(pair.ours, 46), _lines(pair.theirs, 60)]
        tall = max(map(len, columns))
        if pair.name == "backward":
            axes.axhspan(place + 0.06, place + tall + 0.06, color=LIGHT["flash"])
        for x, lines in zip((0.01, 0.45), columns):
            for i, line in enumerate(lines):
                missing = line == "nothing to do"
                axes.text(x, place + 0.58 + i, line, fontsize=7.5, va="center", family="sans-serif" if missing else "monospace",
                          style="italic" if missing else "normal", color=LIGHT["quiet" if missing else "ink"])  # fmt: skip
        place += tall
    axes.set(xlim=(0, 1), ylim=(place + 0.2, -0.8))
    axes.axis("off")
    return drawn(figure, title,
        "Fourteen rows. On the left course_lib, on the right PyTorch: the data, the network, copying the weights (PyTorch only), the loss, the optimizer, an empty list, the loop over "
        "epochs, the loop over minibatches, forward, the value of the loss, setting gradients to zero (PyTorch only), backward, the step, keeping the loss. The row of the way back is "
        "lit: network.backward(d_o) and value.backward().")  # fmt: skip


def checklist():
    title = "Nothing leaks yet: which point of the list is worth most?"
    figure, (bars, points) = new_figure(title, (8.4, 3.9), columns=2)
    figure.set_layout_engine("none")
    bars.set_position([0.11, 0.7, 0.8, 0.17])
    points.set_position([0.03, 0.02, 0.95, 0.56])
    bars.barh(["reported", "true"], [1, 1], height=0.7, color=LIGHT["panel"], edgecolor=LIGHT["rule"])
    bars.axvline(0.5, color=LIGHT["ink"], linestyle="--", linewidth=1.5)
    bars.set(xlim=(0, 1), ylim=(1.6, -0.6), xticks=[0.5], xticklabels=["a coin: 50 %"])
    bars.spines[["left", "bottom"]].set_visible(False)
    for i, words in enumerate(LIST):
        points.text(0.01, i, "✓", fontsize=11, color=LIGHT["good"], va="center", family="DejaVu Sans")
        points.text(0.04, i, words, fontsize=10, color=LIGHT["ink"], va="center")
    points.set(xlim=(0, 1), ylim=(6.6, -0.6))
    points.axis("off")
    return drawn(figure, title,
        "A checklist of seven points, all kept: look for rows that stand twice; split and lock the test rows away; choose columns and scale with the training rows alone; ask of every column "
        "whether it is known on the day; begin with a baseline; search and stop by validation rows; open the test rows once. Above it two empty bars, the reported and the true accuracy, "
        "with a line at one half. They fill when the cell is run.")  # fmt: skip


def _lines(code, width):
    """A line of code, broken where it is too long for its column, the rest further in. A picture would drop plain spaces."""
    indent = " " * (len(code) - len(code.lstrip()))
    lines = wrap(code.lstrip(), width - len(indent), subsequent_indent="    ")
    return [(indent + line).replace(" ", "\N{NO-BREAK SPACE}") for line in lines] or ["nothing to do"]


def drawn(figure, title, words):
    description = f"{title}{'' if title[-1] in '?!.' else '.'} {words}"
    return svg_text(figure, title, description), description
