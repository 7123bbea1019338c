"""MyST Markdown in, notebook out.

A source is one Markdown file. Text between ``+++`` lines is a Markdown cell (``+++ {"tags": ["errata"]}`` gives the
cell that follows its metadata), a fence named ``{code-cell}`` is a code cell, ``{raw-cell}`` a raw one. The same text
always gives the same bytes, so that a notebook can be compared with its source.
"""

from __future__ import annotations

import hashlib
import json
import re
import warnings
from collections import Counter
from difflib import get_close_matches
from pathlib import Path

import nbformat
import yaml
from jupytext.myst import MystMetadataParsingError, myst_to_notebook

from autograder.errors import CourseError

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
CELLS = ("code-cell", "raw-cell")

_FENCE = re.compile(r"^(?P<indent>\s*)(?P<mark>`{3,}|~{3,}|:{3,})\s*(?P<info>.*?)\s*$")
_DIRECTIVE = re.compile(r"^\{(?P<name>[^}]*)\}")
_BREAK = re.compile(r"^\+\+\+\s*(?P<metadata>\S.*?)?\s*$")


class SourceError(CourseError, ValueError):
    """A source that cannot become a notebook; the message names the file, the line and what to do."""


def notebook_from_myst(text: str, *, name: str) -> nbformat.NotebookNode:
    """The notebook (nbformat 4.5) that the MyST source `text` describes; `name` says whose it is, in messages and cell ids.

    Cells come without outputs or execution counts. A cell's id is a hash of `name`, its kind and its source, so it stays
    when other cells come and go. Cell metadata (tags, nbgrader's, anything) and the front matter pass through; the kernel
    is always Python's own, since a notebook that asks for another opens with a dialog.

    Raises `SourceError` for a fence that is never closed, an unknown directive, metadata that cannot be read, or a
    missing title, each with its line.

    >>> notebook = notebook_from_myst("# Hello\\n\\n```{code-cell}\\n:tags: [first]\\nprint(1 + 1)\\n```\\n", name="hello")
    >>> [(cell.cell_type, cell.source) for cell in notebook.cells]
    [('markdown', '# Hello'), ('code', 'print(1 + 1)')]
    >>> notebook.cells[1].metadata.tags
    ['first']
    """
    text = text.lstrip("\ufeff").replace("\r\n", "\n")
    _refuse_bad_blocks(text, name)
    notebook = _parse(text, name)
    _refuse_missing_title(notebook, name)
    return _canonical(notebook, name)


def write_notebook(notebook: nbformat.NotebookNode, path: str | Path) -> None:
    """Write `notebook` to `path` in its one canonical form: sorted keys, one space of indent, UTF-8, ``\\n``."""
    Path(path).write_bytes(notebook_bytes(notebook))


def notebook_bytes(notebook: nbformat.NotebookNode) -> bytes:
    """The bytes that `write_notebook` writes."""
    return (nbformat.writes(notebook, version=nbformat.NO_CONVERT) + "\n").encode()


def title_of(notebook: nbformat.NotebookNode) -> str | None:
    """The text of the first level-one heading, or None.

    >>> title_of(notebook_from_myst("# Perceptron by hand\\n", name="L02"))
    'Perceptron by hand'
    """
    return next((title for level, title in headings_of(notebook) if level == 1), None)


def headings_of(notebook: nbformat.NotebookNode) -> list[tuple[int, str]]:
    """Every Markdown heading in order, as (level, text); lines inside fences do not count."""
    return [(level, title) for cell in notebook.cells for level, title in headings_in(cell)]


def headings_in(cell: nbformat.NotebookNode) -> list[tuple[int, str]]:
    """The headings of one cell, as (level, text)."""
    if cell.cell_type != "markdown":
        return []
    found, fence = [], None
    for line in cell.source.splitlines():
        mark = _FENCE.match(line)
        if mark and mark["mark"][0] in "`~":
            if fence is None:
                fence = mark["mark"]
            elif mark["mark"].startswith(fence) and not mark["info"]:
                fence = None
            continue
        heading = re.match(r"^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$", line)
        if heading and fence is None:
            found.append((len(heading[1]), heading[2]))
    return found


def _refuse_bad_blocks(text: str, name: str) -> None:
    """Jupytext lets a fence run to the end of the file and an unknown directive become prose; we say so, with the line."""
    lines = text.split("\n")
    number = _after_front_matter(lines, name)
    while number < len(lines):
        line, number = lines[number], number + 1  # from here on `number` counts from 1
        block, fence = _BREAK.match(line), _FENCE.match(line)
        if block and block["metadata"]:
            _refuse_bad_break(block["metadata"], f"{name}, line {number}")
        if not fence:
            continue
        directive = _DIRECTIVE.match(fence["info"])
        if directive:
            _refuse_bad_directive(directive["name"], fence, f"{name}, line {number}")
        if fence["mark"][0] == ":":
            continue
        end = _closing_line(lines, number, fence["mark"])
        if end is None:
            raise SourceError(
                f"{name}, line {number}: the fence that opens here is never closed. End it with a line {fence['mark']}"
            )
        if directive:
            _refuse_bad_header(lines[number:end], name, number + 1)
        number = end + 1


def _after_front_matter(lines: list[str], name: str) -> int:
    """The index of the first line of the text proper."""
    if lines[0].rstrip() != "---":
        return 0
    end = next((i for i, line in enumerate(lines) if i and line.rstrip() == "---"), None)
    if end is None:
        raise SourceError(f"{name}, line 1: the front matter that opens here is never closed. End it with a line ---")
    _table(lines[1:end], f"{name}, line 1", "the front matter")
    return end + 1


def _closing_line(lines: list[str], start: int, mark: str) -> int | None:
    for index in range(start, len(lines)):
        fence = _FENCE.match(lines[index])
        if fence and fence["mark"].startswith(mark) and not fence["info"]:
            return index
    return None


def _refuse_bad_break(metadata: str, where: str) -> None:
    try:
        table = json.loads(metadata)
    except ValueError:
        table = None
    if not isinstance(table, dict):
        raise SourceError(f'{where}: {metadata!r} after +++ is not JSON. Write it like +++ {{"tags": ["errata"]}}')
    _refuse_bad_tags(table, where)


def _refuse_bad_directive(directive: str, fence: re.Match, where: str) -> None:
    if directive not in CELLS or fence["mark"][0] == ":":
        near = get_close_matches(directive, CELLS, n=1)
        meant = f" Did you mean {{{near[0]}}}?" if near and near[0] != directive else ""
        raise SourceError(
            f"{where}: unknown directive {fence['mark']}{{{directive}}}.{meant} A notebook knows "
            "```{code-cell} and ```{raw-cell}; everything else is plain Markdown."
        )
    if fence["indent"]:
        raise SourceError(f"{where}: a {{{directive}}} must start at the beginning of its line.")


def _refuse_bad_header(body: list[str], name: str, number: int) -> None:
    """A cell's metadata: YAML between two lines ---, or lines that begin with a colon."""
    header = []
    if body and body[0].startswith("---"):
        end = next((i for i, line in enumerate(body) if i and line.startswith("---")), len(body))
        header = body[1:end]
    elif body and body[0].lstrip().startswith(":"):
        end = next((i for i, line in enumerate(body) if not line.lstrip().startswith(":")), len(body))
        header = [line.lstrip()[1:] for line in body[:end]]
    _refuse_bad_tags(_table(header, f"{name}, line {number}", "the cell's metadata"), f"{name}, line {number}")


def _refuse_bad_tags(metadata: dict, where: str) -> None:
    tags = metadata.get("tags", [])
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise SourceError(f"{where}: tags must be a list of words, as in [errata]; got {tags!r}.")


def _table(lines: list[str], where: str, what: str) -> dict:
    try:
        table = yaml.safe_load("\n".join(lines)) or {}
    except yaml.YAMLError as error:
        reason = str(getattr(error, "problem", None) or error)
        raise SourceError(f"{where}: {what} is not YAML ({reason}). Write it like 'tags: [errata]'.") from error
    if not isinstance(table, dict):
        raise SourceError(f"{where}: {what} must be names with values, like 'tags: [errata]'; got {table!r}.")
    try:
        json.dumps(table)
    except TypeError as error:
        raise SourceError(f"{where}: {what} holds something that JSON does not know ({error}). Put it in quotes.") from error
    return table


def _parse(text: str, name: str) -> nbformat.NotebookNode:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the lexers of code cells, which mean nothing here
        try:
            return myst_to_notebook(text)
        except (MystMetadataParsingError, nbformat.ValidationError) as error:
            raise SourceError(f"{name}: {str(error).strip().splitlines()[0]}") from error


def _refuse_missing_title(notebook: nbformat.NotebookNode, name: str) -> None:
    first = notebook.cells[0] if notebook.cells else None
    headings = headings_in(first) if first is not None else []
    if not headings or headings[0][0] != 1:
        raise SourceError(f"{name}, line 1: no title. Begin the text with a line like '# Perceptron by hand'.")


def _canonical(notebook: nbformat.NotebookNode, name: str) -> nbformat.NotebookNode:
    metadata = {key: value for key, value in notebook.metadata.items() if key not in ("jupytext", "jupyter")}
    notebook.metadata = _as_json({**metadata, "kernelspec": KERNEL, "language_info": {"name": "python"}})
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    seen: Counter[str] = Counter()
    for cell in notebook.cells:
        cell.source = cell.source.rstrip("\n")
        cell.metadata = _as_json(cell.metadata)
        # nbgrader names its cells, and such a name outlives every rewording of the cell.
        key = str(cell.metadata.get("nbgrader", {}).get("grade_id") or cell.source)
        key = json.dumps([name, cell.cell_type, key])
        cell.id = hashlib.sha256(f"{key}{seen[key]}".encode()).hexdigest()[:12]
        seen[key] += 1
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    nbformat.validate(notebook)
    return notebook


def _as_json(metadata: dict) -> nbformat.NotebookNode:
    """As it will be on disk, where every name is text: YAML's 16 becomes "16"."""
    return nbformat.from_dict(json.loads(json.dumps(metadata)))
