"""How a proof looks: kill matrices as tables in a terminal, and drawn."""

from __future__ import annotations

from pathlib import Path
from textwrap import shorten

import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..errors import CourseError
from .assignment import build_notebook
from .kill_matrix import Matrix
from .minutes import minutes
from .proof import Proof


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
    """Mistakes down, probes across; ✗ where the probe catches the mistake."""
    drawn = Table(title=matrix.question, title_justify="left", caption="\n".join(f"{place}  {name}" for place, name in enumerate(matrix.probes, 1)), caption_justify="left")
    drawn.add_column("mistake")
    for place in range(1, len(matrix.probes) + 1):
        drawn.add_column(str(place), justify="center")
    for row in matrix.rows:
        drawn.add_row(row.mistake, *("✗" if caught else "·" for caught in row.caught))
    return drawn


def draw(proofs: list[Proof], path: Path) -> None:
    """One picture of all matrices: a row for each mistake, a column for each probe, filled where it is caught."""
    import matplotlib
    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    matrices = [(f"{found.variant.assignment} {matrix.question}", matrix) for found in proofs for matrix in found.matrices if matrix.rows]
    if not matrices:
        raise CourseError("There is nothing to draw: none of these questions has mistakes.")
    heights = [len(matrix.rows) + 2 for _, matrix in matrices]
    figure, axes = plt.subplots(len(matrices), 1, figsize=(9, 0.22 * sum(heights)), height_ratios=heights, squeeze=False, layout="constrained")
    for axis, (title, matrix) in zip(axes[:, 0], matrices):
        axis.imshow(np.array([row.caught for row in matrix.rows]), cmap="Blues", vmin=0, vmax=1.3, aspect="auto")
        axis.set_title(title, loc="left", fontsize=9, fontweight="bold")
        axis.set_yticks(range(len(matrix.rows)), [shorten(row.mistake, 48, placeholder=" …") for row in matrix.rows], fontsize=7)
        axis.set_xticks(range(len(matrix.probes)), range(1, len(matrix.probes) + 1), fontsize=7)
    try:
        figure.savefig(path)
    except (OSError, ValueError) as error:
        raise CourseError(f"{path} cannot be drawn: {error}. Name a file that ends in .svg, .png or .pdf, in a folder that exists.") from None
    finally:
        plt.close(figure)
