"""Reading what students hand in. What can be repaired is repaired; what cannot is refused with a reason to act on."""

from __future__ import annotations

import copy
import json
import re
import stat
from collections import Counter
from pathlib import Path

import nbformat

from ..practice import TASK

MAX_BYTES = 50 << 20
MAX_CELLS = 2000


class Refused(Exception):
    """A submission that cannot be graded; the message tells the student why and what to do."""


def content(path: str | Path) -> bytes:
    """The bytes of a submitted file, read without following a link; `Refused` where it is none of its own, or too large."""
    path = Path(path)
    status = path.lstat()
    if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1:
        raise Refused(f"{path.name} is not a file of its own but a link. Submit the notebook itself.")
    if status.st_size > MAX_BYTES:
        raise Refused(f"{path.name} is {status.st_size >> 20} MiB large, more than {MAX_BYTES >> 20}. Clear all outputs, save and submit again.")
    return path.read_bytes()


def parse(content: bytes, name: str = "The file") -> nbformat.NotebookNode:
    """A notebook from its bytes, brought to format 4; only what grading reads is kept of it."""
    try:
        data = json.loads(content.decode("utf-8-sig"))
        notebook = nbformat.from_dict(data)
        if notebook.get("nbformat", 0) != 4:
            notebook = nbformat.convert(notebook, 4)
        cells = notebook.cells
        if not isinstance(cells, list):
            raise TypeError("its cells are no list")
    except RecursionError:
        raise Refused(f"{name} is no notebook that can be read: it is nested too deeply. Open it in JupyterLab, save it and submit it again.") from None
    except Exception as error:
        reason = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else str(error)[:100] or type(error).__name__
        raise Refused(f"{name} is no notebook that can be read ({reason}). Open it in JupyterLab: if it opens, save it and submit it again; "
                      "if not, fetch the assignment again and copy your cells over.") from None
    if len(cells) > MAX_CELLS:
        raise Refused(f"{name} has {len(cells)} cells, more than {MAX_CELLS}.")
    worked_as = _worked_as(cells)
    notebook.cells = [kept for kept in map(_kept, cells) if kept is not None]
    notebook.metadata, notebook.nbformat_minor = nbformat.from_dict({"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}}), 5
    if worked_as:
        notebook.metadata["worked_as"] = worked_as
    return notebook


def _worked_as(cells) -> str:
    """The student whose numbers the notebook showed when it was last run, "" where it showed nobody's."""
    for cell in cells:
        outputs = cell.get("outputs") if isinstance(cell, dict) else None
        for output in outputs if isinstance(outputs, list) else ():
            told = (output.get("data") or {}).get(TASK) if isinstance(output, dict) and isinstance(output.get("data"), dict) else None
            if isinstance(told, dict) and isinstance(told.get("student"), str):
                return told["student"][:100]
    return ""


def _kept(cell):
    """A cell with its kind, its text, nbgrader's metadata and its attachments; nothing else of what was handed in."""
    if not isinstance(cell, dict) or cell.get("cell_type") not in ("code", "markdown", "raw"):
        return None
    source = cell.get("source", "")
    source = "".join(map(str, source)) if isinstance(source, list) else str(source)
    make = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell, "raw": nbformat.v4.new_raw_cell}[cell["cell_type"]]
    kept = make(source)
    if isinstance(cell.get("id"), str) and re.fullmatch(r"[A-Za-z0-9_-]{1,64}", cell["id"]):
        kept.id = cell["id"]
    metadata = cell.get("metadata")
    if isinstance(metadata, dict) and isinstance(metadata.get("nbgrader"), dict):
        kept.metadata["nbgrader"] = copy.deepcopy(metadata["nbgrader"])
    if cell["cell_type"] == "markdown" and isinstance(cell.get("attachments"), dict):
        kept["attachments"] = copy.deepcopy(cell["attachments"])
    return kept


def separate_duplicates(notebook) -> None:
    """Leave nbgrader's mark on one cell of each name; a copy becomes an ordinary cell, which runs and is not graded.

    Of a copied answer the first stays: the copies still run after it, so that what the student wrote last counts.
    """
    seen, ids = set(), Counter()
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name is not None:
            if not isinstance(name, str) or name in seen:
                del cell.metadata["nbgrader"]
            seen.add(name if isinstance(name, str) else None)
        ids[cell.id] += 1
        if ids[cell.id] > 1:
            cell.id = nbformat.v4.new_code_cell().id


def refusal(release: nbformat.NotebookNode, reason: str) -> nbformat.NotebookNode:
    """What stands in for a submission that was refused: the released notebook, headed by the reason, marked as refused."""
    notebook = copy.deepcopy(release)
    notebook.cells.insert(0, nbformat.v4.new_markdown_cell(f"# This submission could not be graded\n\n{reason}"))
    notebook.cells[0].id = "refusal"
    notebook.metadata["refused"] = reason
    return notebook
