"""The bytes of a notebook, whoever wrote them, read into cells: a pure function with bounded time and memory.

Outputs are dropped before anything is parsed, so that a flood of them costs nothing; the rest is capped in bytes, depth
and number of cells. Nothing of a notebook's own metadata is kept but what tells which cell is which.
"""

from __future__ import annotations

import json
import re

import nbformat

from ..practice import TASK
from .opening import Refused, shown

MOST_TEXT = 20 << 20                 # bytes of a notebook without its outputs
MOST_DEPTH = 60
MOST_BRACKETS, MOST_BRACKETS_KEPT = 3_000_000, 300_000
MOST_CELLS, MOST_CODE = 2000, 4 << 20
SMALL_OUTPUT = 64 << 10              # an output that tells whose numbers the notebook showed is smaller

AGAIN = "Open it in JupyterLab: if it opens, save it and submit it again; if not, fetch the assignment again and copy your cells over."
KINDS = ("code", "markdown", "raw")

# Everything up to the next bracket that is no part of a string. Possessive: no way back is remembered, so that memory stays flat.
_TO_BRACKET = re.compile(rb'(?:[^"\[\]{}]++|"(?:[^"\\]++|\\.)*+")*+([\[\]{}])', re.DOTALL)
_OUTPUTS = re.compile(rb'(?<!\\)"outputs"\s*:\s*\[\Z')
_CONFLICT = re.compile(rb"^(<{7} |>{7} |={7}\r?$)", re.MULTILINE)


def parse(content: bytes, name: str = "The file") -> nbformat.NotebookNode:
    """A notebook of format 4 from bytes: the cells with their kind, text, identity and attachments.

    What had to be mended in the text itself stands in ``metadata["mended"]``, whose numbers it was worked on with in
    ``metadata["worked_as"]``, its own word on its assignment in ``metadata["course"]``. `Refused` where it is no notebook.
    """
    name, mended = shown(name), []
    data = _loaded(_utf8(content, mended), name)
    cells, course = _cells(data, name)
    if len(cells) > MOST_CELLS:
        raise Refused(f"{name} has {len(cells)} cells, more than {MOST_CELLS}. Delete those that are not needed and submit it again.")
    if data.get("nbformat") not in (None, 4):
        mended.append("The notebook was in an old format; it was converted.")
    worked_as = _worked_as(cells)
    notebook = new_notebook([kept for kept in (_kept(cell, number, mended) for number, cell in enumerate(cells)) if kept is not None],
                            {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}})
    if sum(len(cell.source) for cell in notebook.cells if cell.cell_type == "code") > MOST_CODE:
        raise Refused(f"{name} holds more than {MOST_CODE >> 20} MiB of code. Put data into a file beside it, and submit both.")
    for key, value in (("worked_as", worked_as), ("course", course), ("mended", list(dict.fromkeys(mended)))):
        if value:
            notebook.metadata[key] = value
    return notebook


# ---------------------------------------------------------------- from bytes to data

def _utf8(content: bytes, mended: list[str]) -> bytes:
    """The text in UTF-8, as the format asks; what is not readable in it becomes U+FFFD."""
    encoding = json.detect_encoding(content[:4])
    if encoding in ("utf-8", "utf-8-sig"):
        content = content.removeprefix(b"\xef\xbb\xbf")
        try:
            content.decode("utf-8")
            return content
        except UnicodeDecodeError:
            encoding = "utf-8"
    text = content.decode(encoding, "replace").removeprefix("\ufeff")
    mended.append("The file was not saved in UTF-8; its text was read as well as possible.")
    return text.encode("utf-8", "replace")


def _loaded(text: bytes, name: str) -> dict:
    """The data of a notebook's JSON; `Refused` with the reason where it is none."""
    text = without_outputs(text, name)
    if len(text) > MOST_TEXT:
        raise Refused(f"{name} holds {len(text) >> 20} MiB beside its outputs, more than {MOST_TEXT >> 20}: are there large pictures in its text? Take them out and submit it again.")
    try:
        data = json.loads(text, parse_int=_integer, parse_constant=lambda word: None)
    except RecursionError:
        raise _too_deep(name) from None
    except ValueError as error:
        if _CONFLICT.search(text):
            raise Refused(f"{name} holds the marks of a conflict that git could not settle (<<<<<<<). Settle it, or fetch the assignment again and copy your cells over.") from None
        where = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else "its numbers"
        what = "it is empty" if not text.strip() else "it ends in the middle" if _cut_off(text) else f"it is no JSON at {where}"
        raise Refused(f"{name} is no notebook that can be read ({what}). {AGAIN}") from None
    if not isinstance(data, dict):
        raise Refused(f"{name} is no notebook that can be read (it holds no cells). {AGAIN}")
    return data


def _integer(digits: str) -> int:
    return int(digits) if len(digits) < 20 else 0


def _too_deep(name):
    return Refused(f"{name} is no notebook that can be read: it is nested too deeply. {AGAIN}")


def without_outputs(text: bytes, name: str = "The file") -> bytes:
    """A notebook's JSON with its cells' outputs emptied, found by brackets and strings alone; text that is no JSON stays as it is.

    >>> without_outputs(b'{"cells": [{"outputs": [{"text": ["a]", "b"]}], "source": []}]}')
    b'{"cells": [{"outputs": [], "source": []}]}'
    """
    kept, start, place, depth, inside = [], 0, 0, 0, None
    count = count_kept = 0
    while found := _TO_BRACKET.match(text, place):
        place, bracket, count = found.end(), found[1], count + 1
        depth += 1 if bracket in b"[{" else -1
        if inside is None:
            count_kept += 1
            if depth > MOST_DEPTH:
                raise _too_deep(name)
            if bracket == b"[" and _OUTPUTS.search(text, max(0, place - 60), place):
                inside, opened = depth, place
        elif depth < inside:
            if place - opened > SMALL_OUTPUT or TASK.encode() not in text[opened:place]:
                kept.append(text[start:opened])
                start = place - 1
            inside = None
        if count > MOST_BRACKETS or count_kept > MOST_BRACKETS_KEPT:
            raise Refused(f"{name} holds more lists and tables than a notebook does. Clear all outputs, save and submit it again.")
    return b"".join(kept) + text[start:]


def _cut_off(text: bytes) -> bool:
    place = depth = 0
    while found := _TO_BRACKET.match(text, place):
        place, depth = found.end(), depth + (1 if found[1] in b"[{" else -1)
    return depth > 0


# ---------------------------------------------------------------- from data to cells

def _cells(data: dict, name: str) -> tuple[list, dict]:
    """(the cells in format 4, what the notebook says of its assignment)."""
    old = isinstance(data.get("nbformat"), int) and data["nbformat"] < 4 or "cells" not in data and ("worksheets" in data)
    if old:
        try:
            data = nbformat.convert(nbformat.from_dict({"metadata": {}, "nbformat": 3, "nbformat_minor": 0, **data}), 4)
        except Exception:
            raise Refused(f"{name} is a notebook of an old format that cannot be converted. {AGAIN}") from None
    if not isinstance(data.get("cells"), list):
        raise Refused(f"{name} is no notebook that can be read (it holds no cells). {AGAIN}")
    course = data["metadata"].get("course") if isinstance(data.get("metadata"), dict) else None
    course = {str(key)[:40]: value for key, value in course.items() if isinstance(value, (str, bool)) and len(str(value)) < 200} if isinstance(course, dict) else {}
    return data["cells"], course


def _kept(cell, number, mended):
    """A cell with its kind, its text, nbgrader's mark and its attachments; nothing else of what was handed in."""
    if not isinstance(cell, dict) or cell.get("cell_type") not in KINDS:
        return None
    source = cell.get("source", "")
    source = "".join(map(str, source)) if isinstance(source, list) else str(source)
    metadata = cell["metadata"] if isinstance(cell.get("metadata"), dict) else {}
    identity = next((one for one in (cell.get("id"), metadata.get("id")) if isinstance(one, str) and re.fullmatch(r"[A-Za-z0-9_-]{1,64}", one)), None)
    # Colab keeps the identity in the metadata; old formats have none.
    kept = new_cell(cell["cell_type"], _plain(source, mended), identity or f"submitted-{number}")
    mark = metadata.get("nbgrader")
    if isinstance(mark, dict):
        kept.metadata["nbgrader"] = nbformat.from_dict(mark)
    if cell["cell_type"] == "markdown" and isinstance(cell.get("attachments"), dict):
        attachments = {_plain(str(name), mended): {str(kind): data for kind, data in files.items() if isinstance(data, str)}
                       for name, files in cell["attachments"].items() if isinstance(files, dict)}
        kept["attachments"] = nbformat.from_dict(attachments)
    return kept


def new_cell(kind: str, source: str, identity: str) -> nbformat.NotebookNode:
    """A cell without marks. (nbformat's own makers check each against its schema, which takes longer than all else here.)"""
    code = {"execution_count": None, "outputs": []} if kind == "code" else {}
    return nbformat.from_dict({"id": identity, "cell_type": kind, "metadata": {}, "source": source, **code})


def new_notebook(cells: list, metadata: dict) -> nbformat.NotebookNode:
    """A notebook of the current format, likewise."""
    return nbformat.from_dict({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells})


def _plain(text: str, mended) -> str:
    """Text with line ends of one kind and without halves of characters, which no file can hold."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii():
        return text
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if whole != text:
        mended.append("Some cells held characters that no file can hold; they were replaced.")
    return whole


def _worked_as(cells) -> str:
    """The student whose numbers the notebook showed when it was last run, "" where it showed nobody's."""
    for cell in cells:
        outputs = cell.get("outputs") if isinstance(cell, dict) else None
        for output in outputs if isinstance(outputs, list) else ():
            told = (output.get("data") or {}).get(TASK) if isinstance(output, dict) and isinstance(output.get("data"), dict) else None
            if isinstance(told, dict) and isinstance(told.get("student"), str):
                return _plain(told["student"][:100], [])
    return ""
