"""How a proof looks: kill matrices as tables in a terminal, and drawn."""

from __future__ import annotations

from pathlib import Path
from textwrap import fill, shorten

import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..errors import CourseError
from .assignment import build_notebook
from .kill_matrix import HIDDEN, Matrix
from .minutes import minutes
from .proof import Proof

FIVE = 5                  # probes that stand together, so that a column is found by counting in fives
FEW = 6                   # columns that are wide enough for their names


def proof(found: Proof) -> None:
    """Print what was found out about a variant: a table for each question, then what is amiss."""
    console = Console()
    variant = found.variant
    whose = "".join(f", {word}" for word in (variant.term, variant.student) if word)
    console.print(Text(f"{variant.assignment}{whose}", style="bold"))
    for matrix in found.matrices:
        if matrix.rows:
            console.print(table(matrix))
    for problem in found.problems:
        console.print(Text(f"✗ {problem}", style="red"))
    mistakes = sum(len({row.mistake for row in matrix.rows}) for matrix in found.matrices)
    if found.holds:
        console.print(Text(f"✓ The solution gets all marks, a blank notebook none, and {mistakes} mistakes are caught and told apart ({found.seconds:.1f} s)."))
    parts = minutes(variant.assignment, build_notebook(variant.assignment, variant.term, variant.student))
    console.print(Text(f"Expected time: {sum(parts.values()):.0f} minutes ({', '.join(f'{part} {time:.0f}' for part, time in parts.items())})."))


def table(matrix: Matrix) -> Table:
    """Mistakes down, probes across in groups of five; ✗ where the probe catches the mistake."""
    drawn = Table(title=matrix.question, title_justify="left", caption="\n".join(f"{place}  {name}" for place, name in enumerate(matrix.probes, 1)), caption_justify="left")
    drawn.add_column("mistake", min_width=16)
    drawn.add_column(" ".join(f"{place:<{min(FIVE, len(matrix.probes) - place + 1)}}" for place in range(1, len(matrix.probes) + 1, FIVE)))
    for row in matrix.rows:
        marks = "".join("✗" if caught else "·" for caught in row.caught)
        drawn.add_row(row.mistake, " ".join(marks[place:place + FIVE] for place in range(0, len(marks), FIVE)))
    return drawn


def draw(proofs: list[Proof], path: Path) -> None:
    """One picture of all matrices: a row for each mistake, a column for each probe, filled where it is caught."""
    import matplotlib
    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    matrices = [(found.variant.assignment, matrix) for found in proofs for matrix in found.matrices if matrix.rows]
    if not matrices:
        raise CourseError("There is nothing to draw: none of these questions has mistakes.")
    labels = [_labels(matrix) for _, matrix in matrices]
    heights = [.17 * len(matrix.rows) + (.075 * max(map(len, names)) if len(names) > FEW else .4) + .7 for (_, matrix), names in zip(matrices, labels)]      # in inches: rows, the words under them, the title
    figure, axes = plt.subplots(len(matrices), 1, figsize=(11, sum(heights)), height_ratios=heights, squeeze=False, layout="constrained")
    for axis, (assignment, matrix), names in zip(axes[:, 0], matrices, labels):
        _draw(axis, matrix, names)
        axis.set_title(title(assignment, matrix), loc="left", fontsize=9, fontweight="bold", pad=14)
    try:
        figure.savefig(path)
    except (OSError, ValueError) as error:
        raise CourseError(f"{path} cannot be drawn: {error}. Name a file that ends in .svg, .png or .pdf, in a folder that exists.") from None
    finally:
        plt.close(figure)


def title(assignment: str, matrix: Matrix) -> str:
    """What the picture of a matrix shows."""
    mistakes, alive = {row.mistake for row in matrix.rows}, {row.mistake for row in matrix.rows if not any(row.caught)}
    count = f"{len(mistakes)} mistake{'s' * (len(mistakes) != 1)}"
    return f"{assignment} {matrix.question}: " + (f"{len(alive)} of {count} survive{'s' * (len(alive) == 1)} every probe" if alive else f"each of {count} is caught" if len(mistakes) > 1 else f"{count}, which is caught")


def _labels(matrix: Matrix) -> list[str]:
    """The probes' names as they stand under their columns: upright where these are narrow, else in lines."""
    names = [shorten(probe.removesuffix(HIDDEN), 60, placeholder=" …") for probe in matrix.probes]
    return names if len(names) > FEW else [fill(name, 90 // len(names)) for name in names]


def _draw(axis, matrix: Matrix, names: list[str]) -> None:
    """One matrix: mistakes down, probes across by name, a line where the hidden ones begin."""
    axis.imshow(np.array([row.caught for row in matrix.rows]), cmap="Blues", vmin=0, vmax=1.3, aspect="auto")
    axis.set_yticks(range(len(matrix.rows)), [shorten(row.mistake, 60, placeholder=" …") for row in matrix.rows], fontsize=7)
    axis.set_xticks(range(len(names)), names, fontsize=6, rotation=90 if len(names) > FEW else 0)
    axis.set_xticks(np.arange(1, len(names)) - .5, minor=True)
    axis.set_yticks(np.arange(1, len(matrix.rows)) - .5, minor=True)
    axis.grid(which="minor", color="white", linewidth=.6)
    axis.tick_params(which="minor", length=0)
    public = sum(not probe.endswith(HIDDEN) for probe in matrix.probes)
    if public < len(matrix.probes):
        axis.axvline(public - .5, color="#d55e00", linewidth=2)
        for place, word in ((public / 2, "public"), ((public + len(names)) / 2, "hidden")):
            axis.text(place - .5, -.6, word, fontsize=7, ha="center", va="bottom", color="#555")
