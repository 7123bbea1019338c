"""Lectures: every notebook of a folder from its MyST source, and the table of what is taught where.

A lecture's front matter says which items of the course's inventory it covers, and under which of its headings:

    course:
      lecture: L02
      covers:
        16: The neuron and its four points
        E1: "Find the mistake: a sign"
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import nbformat

from autograder.authoring.myst import SourceError, headings_in, notebook_bytes, notebook_from_myst, title_of

COVERAGE = "coverage.md"
LAST_ITEM, LAST_ERROR = 190, 52  # the inventory counts 190 items, and 52 errors of the slides

# What running a notebook in JupyterLab leaves in its cells' metadata.
_LEFT_BY_RUNNING = {"execution", "scrolled", "collapsed", "trusted", "jupyter"}


def build_lectures(folder: str | Path = "notebooks", check: bool = False, leave_out: tuple[str, ...] = ()) -> list[Path]:
    """Regenerate `folder`'s notebooks and coverage table from `folder`/source; return the files that were stale.

    With `check` nothing is written, and what is stale is only named. A notebook that was only run (outputs, execution counts) is not stale; one whose
    text differs is, and so is one without a source. Cells tagged with a word of `leave_out` are dropped:
    ``leave_out=("errata",)`` makes the lectures of a course that never used the slides.

    Raises `SourceError`, a sentence with the file and line, for a source that cannot be read or that claims to cover
    an item where it has no such heading.
    """
    folder = Path(folder)
    sources = sorted((folder / "source").glob("*.md"))
    if not sources:
        raise SourceError(f"{folder / 'source'} holds no lecture (*.md). Run this from the course's checkout, or name its notebooks folder.")
    lectures = {source: without_tags(lecture_from_source(source), leave_out) for source in sources}
    stale = []
    for source, notebook in lectures.items():
        target = folder / f"{source.stem}.ipynb"
        if not _says_the_same(notebook, target) or (not check and target.read_bytes() != notebook_bytes(notebook)):
            stale.append(target)
            if not check:
                target.write_bytes(notebook_bytes(notebook))
    table = folder / COVERAGE
    text = coverage_table({source.stem: lecture for source, lecture in lectures.items()})
    if not table.exists() or table.read_text(encoding="utf-8") != text:
        stale.append(table)
        if not check:
            table.write_text(text, encoding="utf-8", newline="\n")
    if check:
        names = {source.stem for source in sources}
        stale += [notebook for notebook in sorted(folder.glob("*.ipynb")) if notebook.stem not in names]
    return stale


def lecture_from_source(source: Path) -> nbformat.NotebookNode:
    """The notebook of one source file, its claims of coverage checked."""
    lecture = notebook_from_myst(source.read_text(encoding="utf-8"), name=source.stem)
    covered_items(lecture, source.name)
    return lecture


def without_tags(notebook: nbformat.NotebookNode, tags: tuple[str, ...]) -> nbformat.NotebookNode:
    """A copy without the cells that carry one of `tags`, and without the claim to cover what only they cover."""
    kept = [cell for cell in notebook.cells if not set(cell.metadata.get("tags", [])) & set(tags)]
    shorter = nbformat.from_dict({**notebook, "cells": kept})
    titles = {title for cell in kept for _, title in headings_in(cell)}
    claims = (shorter.metadata.get("course") or {}).get("covers")
    if claims:
        shorter.metadata["course"]["covers"] = {item: heading for item, heading in claims.items() if heading in titles}
    return shorter


def covered_items(lecture: nbformat.NotebookNode, name: str) -> dict[str, tuple[int, str]]:
    """Item -> (number of the cell, counted from 1, and its heading) as the front matter claims and the cells confirm."""
    claims = (lecture.metadata.get("course") or {}).get("covers") or {}
    places = {title: number for number, cell in enumerate(lecture.cells, 1) for _, title in headings_in(cell)}
    covered = {}
    for item, heading in claims.items():
        item = str(item)
        if not _is_item(item):
            raise SourceError(f"{name}: covers {item!r}, which the inventory does not have. It has 1 to {LAST_ITEM} and E1 to E{LAST_ERROR}.")
        if heading not in places:
            raise SourceError(f"{name}: item {item} is said to be under the heading {heading!r}, but no cell has it. Its headings: {', '.join(places)}.")
        covered[item] = (places[heading], heading)
    return covered


def coverage_table(lectures: dict[str, nbformat.NotebookNode]) -> str:
    """What is taught where, as Markdown: item, notebook, cell."""
    rows = [
        (item, name, number, heading)
        for name, lecture in lectures.items()
        for item, (number, heading) in covered_items(lecture, name).items()
    ]
    rows.sort(key=lambda row: (_order(row[0]), row[1]))
    items = [item for item, *_ in rows if item.isdecimal()]
    lines = [
        "# What is taught where",
        "",
        "Generated by `course lectures` from the sources in `source/`; edit those. Numbers are items of the course's",
        "inventory, E1, E2, … are errors of the slides that a lecture has its readers find.",
        "",
        f"{len(set(items))} of {LAST_ITEM} items are taught in {len(lectures)} lecture{'s' * (len(lectures) != 1)}.",
        "",
        "| item | notebook | cell |",
        "|---|---|---|",
    ]
    for item, name, number, heading in rows:
        title = title_of(lectures[name])
        lines.append(f"| {item} | [{title}]({name}.ipynb) | {number}: [{heading}]({name}.ipynb#{_anchor(heading)}) |")
    return "\n".join(lines) + "\n"


def _anchor(heading: str) -> str:
    """JupyterLab's own: spaces become hyphens; what a link may not hold is written as in any address."""
    return quote(heading.replace(" ", "-"))


def _is_item(item: str) -> bool:
    number = item.removeprefix("E")
    return number.isdecimal() and 1 <= int(number) <= (LAST_ERROR if item.startswith("E") else LAST_ITEM)


def _order(item: str) -> tuple[bool, int]:
    return item.startswith("E"), int(item.removeprefix("E"))


def _says_the_same(notebook: nbformat.NotebookNode, target: Path) -> bool:
    try:
        there = nbformat.read(target, as_version=4)
    except (FileNotFoundError, nbformat.reader.NotJSONError, nbformat.ValidationError, UnicodeDecodeError):
        return False
    return _essence(there) == _essence(notebook)


def _essence(notebook: nbformat.NotebookNode) -> list:
    """What a reader's run does not change."""
    cells = [
        (cell.get("id"), cell.cell_type, cell.source, {k: v for k, v in cell.metadata.items() if k not in _LEFT_BY_RUNNING})
        for cell in notebook.cells
    ]
    return [notebook.metadata.get("course"), notebook.metadata.get("kernelspec", {}).get("name"), cells]
