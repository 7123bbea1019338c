"""Reading what students hand in. What can be repaired is repaired; what cannot is refused with a reason to act on.

`take` is the whole of it as a pure function of bytes and the released notebook; `content` opens the file, and `named` says
which file of a folder is which notebook of the assignment. One submission never concerns another.
"""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Iterable

import nbformat

from ..practice import markdown_text
from . import cells
from .notebook_text import new_cell, parse
from .opening import MOST_BYTES, Refused, read_file, shown, survey
from .repair import repair

__all__ = ["MAX_BYTES", "Refused", "adopt", "content", "missing", "named", "parse", "read_file", "refusal", "survey", "take"]
MAX_BYTES = MOST_BYTES


def take(content: bytes, release: nbformat.NotebookNode, name: str = "The notebook") -> tuple[nbformat.NotebookNode, list[str]]:
    """(the submitted notebook with the release's cells in their places, a sentence for each thing that was repaired).

    Marks and read-only text of the result are the release's, never the submission's; outputs are gone. `Refused` where
    the bytes are no notebook of this assignment.
    """
    notebook, repaired = repair(parse(content, name), release, name)
    return _told(notebook, repaired), repaired


def content(path: str | Path) -> bytes:
    """The bytes of a submitted file, opened through no link, out of a folder in which nothing is one."""
    path = Path(path)
    survey(path.parent)
    return read_file(path.parent, path.name)


def _told(notebook, repaired):
    """Head a repaired notebook with what was done, so that its feedback says it."""
    if repaired:
        lines = "\n".join(f"- {_marked_down(line)}" for line in repaired)
        notebook.cells.insert(0, new_cell("markdown", f"**This notebook was repaired before it was graded.** No points were taken for it.\n\n{lines}", "repairs"))
        notebook.metadata["repaired"] = repaired
    return notebook


def _marked_down(line: str) -> str:
    """A sentence of ours in Markdown: `names` stay code, all else is plain text."""
    return "".join(part if part.startswith("`") else markdown_text(part) for part in re.split(r"(`[\w.-]+`)", line))


def refusal(release: nbformat.NotebookNode, reason: str) -> nbformat.NotebookNode:
    """What stands in for a submission that was refused: the released notebook, headed by the reason, marked as refused."""
    notebook = copy.deepcopy(release)
    notebook.cells.insert(0, new_cell("markdown", f"# This submission could not be graded\n\n{markdown_text(reason)}", "refusal"))
    notebook.metadata["refused"] = reason
    for cell in [cell for cell in notebook.cells if cells.is_grade(cell)][:1]:
        cell.metadata["flagged"] = "This submission could not be graded."          # so that a person finds it in the formgrader
    return notebook


# ---------------------------------------------------------------- which file is which notebook

COPIED = re.compile(r"([ _.-]*(\(\d+\)|\d{1,2}|copy\d*|kopie|copie|copia|final|late|submission|solved|solution|v\d+)[ _.-]*)+$", re.IGNORECASE)


def named(files: Iterable[str], expected: Iterable[str]) -> tuple[dict[str, str], list[str]]:
    """(notebook of the assignment → the submitted file that holds it, a sentence for each file that is taken for one or left aside).

    `files` are the names in the submission's folder, `expected` the assignment's notebooks without their ending. A file
    that browsers and tools have renamed ("A1 (2).ipynb", "A1-Copy1.ipynb") is taken where one alone can be meant.

    >>> named(["A1 (2).ipynb"], ["A1"])
    ({'A1': 'A1 (2).ipynb'}, ['A1 (2).ipynb was taken for A1.ipynb.'])
    """
    files = sorted(name for name in files if name.lower().endswith(".ipynb") and "/" not in name and "\\" not in name)
    expected = list(expected)
    found, said = {name: f"{name}.ipynb" for name in expected if f"{name}.ipynb" in files}, []
    others = [name for name in files if name not in found.values()]
    for missing in [name for name in expected if name not in found]:
        likely = [name for name in others if _base(name) == _base(f"{missing}.ipynb")]
        if not likely and len(expected) == 1 and len(others) == 1:
            likely = list(others)
        if len(likely) == 1:
            found[missing] = likely[0]
            others.remove(likely[0])
            said.append(f"{shown(likely[0])} was taken for {missing}.ipynb.")
    if others and len(found) == len(expected):
        said.append(f"Not graded, because the assignment has no notebook of this name: {', '.join(map(shown, others[:9]))}.")
    return found, said


def missing(files: Iterable[str], expected: Iterable[str], found: dict[str, str]) -> dict[str, str]:
    """Notebook of the assignment → why it cannot be graded, for those that were not `found`. None for a part that was not handed in."""
    files, expected = [name for name in files if name.lower().endswith(".ipynb")], list(expected)
    left = sorted(set(files) - set(found.values()))
    lacking = [name for name in expected if name not in found]
    if not lacking or found and not left:
        return {}
    names = ", ".join(f"{name}.ipynb" for name in lacking)
    why = (f"Which of {', '.join(map(shown, left[:9]))} is meant to be {names} cannot be told. Give it this name, leave the others out, and submit again." if left else
           f"The submission holds no notebook; expected is {names}. Put it there as a file of its own, not packed into another, and submit again.")
    return dict.fromkeys(lacking, why)


def _base(name: str) -> str:
    """A file's name without what copying and downloading add to it."""
    stem = name[:-len(".ipynb")]
    return re.sub(r"[\W_]+", "", COPIED.sub("", stem) or stem).casefold()


def adopt(folder: Path, expected: Iterable[str]) -> list[str]:
    """Put a copy of each renamed notebook under the name that grading looks for; what was handed in stays. The sentences of `named`."""
    found, said = named((path.name for path in Path(folder).iterdir()), expected)
    for name, file in found.items():
        if file != f"{name}.ipynb":
            content = read_file(folder, file)
            with open(Path(folder, f"{name}.ipynb"), "xb") as copy_of:
                copy_of.write(content)
    return said
