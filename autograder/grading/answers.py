"""What a student wrote, question by question, as it stands in a submission."""

from __future__ import annotations

from typing import Iterator, Mapping

from .cells import question_of
from .cleaning import submitted

OWN = ""                  # not a question: the code cells that the student added


def answers(notebook) -> dict[str, str]:
    """Question → the solution cells since the question before; and under `OWN` the student's own cells, where there are any."""
    found, written = {}, []
    for mark, cell in _marked(notebook):
        if mark.get("solution"):
            written.append(submitted(cell))
        if mark.get("grade"):
            found[question_of(str(mark["grade_id"]))], written = "\n\n".join(written), []
    own = own_code(notebook)
    return {**found, OWN: own} if own else found


def own_code(notebook) -> str:
    """The code cells that are in no release."""
    return "\n\n".join(cell.source for mark, cell in _marked(notebook) if not mark and cell.cell_type == "code" and cell.source.strip())


def code(notebook) -> str:
    """Every code cell that a student could have written."""
    return "\n\n".join(cell.source for mark, cell in _marked(notebook) if cell.cell_type == "code" and not mark.get("locked"))


def _marked(notebook) -> Iterator[tuple[Mapping, Mapping]]:
    """Each cell with nbgrader's mark on it, {} where it has none."""
    return ((cell.metadata.get("nbgrader", {}), cell) for cell in notebook.cells)
