"""An assignment as it was released: what the gradebook and the release folder know of its cells, as plain data.

It is read once for a class and sent to whoever grades, who then needs neither the gradebook nor a file of the course.
"""

from __future__ import annotations

import copy
import dataclasses
import hashlib
import itertools
import json
from pathlib import Path
from typing import Iterable, Mapping

import nbformat

from . import cells
from .testcells import Given


@dataclasses.dataclass(frozen=True)
class Cell:
    """A cell of the release that nbgrader knows by name. `points` is None where it gives none."""

    name: str
    cell_type: str
    source: str
    locked: bool
    checksum: str
    solution: bool = False
    task: bool = False
    points: float | None = None

    @property
    def graded(self) -> bool:
        """Whether it gives points: a test, an answer that a person reads, or a task."""
        return self.points is not None

    @property
    def mark(self) -> dict:
        """nbgrader's metadata of the cell."""
        said = {"schema_version": 3, "grade_id": self.name, "locked": self.locked, "cell_type": self.cell_type, "checksum": self.checksum,
                "grade": self.graded and not self.task, "solution": self.solution, "task": self.task}
        return {**said, "points": self.points} if self.graded else said


@dataclasses.dataclass(frozen=True)
class Notebook:
    """One notebook of the release: its named cells in order, and the file that students got ("" where it is not there any more)."""

    name: str
    cells: tuple[Cell, ...]
    kernelspec: str = ""
    text: str = ""
    given: Given = Given()

    def __getitem__(self, name: str) -> Cell:
        for cell in self.cells:
            if cell.name == name:
                return cell
        raise KeyError(name)

    def __contains__(self, name) -> bool:
        return any(cell.name == name for cell in self.cells)

    def notebook(self) -> nbformat.NotebookNode:
        """What students got, to be changed by the one who asked; of a release that is gone, its named cells."""
        if self.text:
            return _notebook(self.text)
        return nbformat.v4.new_notebook(cells=[new_cell(cell) for cell in self.cells])


@dataclasses.dataclass(frozen=True)
class Release:
    """The notebooks of an assignment by name, and the data files that the instructor put beside them."""

    assignment: str
    notebooks: Mapping[str, Notebook]
    files: Mapping[str, bytes] = dataclasses.field(default_factory=dict)

    @property
    def digest(self) -> str:
        """Changes when a cell, its points or a data file does."""
        told = [[name, notebook.kernelspec, [dataclasses.astuple(cell) for cell in notebook.cells]] for name, notebook in sorted(self.notebooks.items())]
        told += [[name, hashlib.sha256(content).hexdigest()] for name, content in sorted(self.files.items())]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


def read(gradebook, assignment: str, folder: Path | None = None, files: Mapping[str, bytes] | None = None, source: Path | None = None) -> Release:
    """The release of an assignment, from nbgrader's gradebook and, where they are still there, the release folder and the
    instructor's `source` folder, which tells what the answers are to define.

    nbgrader.api.MissingEntry where the gradebook does not have it.
    """
    notebooks = {}
    for notebook in gradebook.find_assignment(assignment).notebooks:
        text = _text(folder, notebook.name)
        notebooks[notebook.name] = Notebook(notebook.name, _ordered(_cells(notebook), text), notebook.kernelspec or "", text, _given(_text(source, notebook.name) or text, files))
    return Release(assignment, notebooks, dict(files or {}))


def source_files(source: Path, released: Path, ignore: Iterable[str] = (), left_out: Iterable[str] = ()) -> dict[str, bytes]:
    """The instructor's files beside the notebooks, which lie over those of a submission, but for those that students are to
    change (`left_out`); where the source is gone, the modules that were released."""
    from nbgrader.utils import find_all_files
    folder, ending = (source, "") if source.is_dir() else (released, ".py")
    names = [Path(path).relative_to(folder).as_posix() for path in find_all_files(str(folder), [*ignore, "*.ipynb"])] if folder.is_dir() else []
    return {name: (folder / name).read_bytes() for name in names if name not in left_out and name.endswith(ending)}


def _notebook(text: str) -> nbformat.NotebookNode:
    """A notebook of the instructor's, in the present format: one that is in it already need not be validated once more for each student."""
    data = json.loads(text)
    if data.get("nbformat") != 4:
        return nbformat.reads(text, as_version=4)
    notebook = nbformat.from_dict(data)
    taken = {cell.get("id") for cell in notebook.cells}
    fresh = (name for name in map("cell-{}".format, itertools.count()) if name not in taken)
    for cell in notebook.cells:
        cell.source = "".join(cell.source)
        if "id" not in cell and notebook.nbformat_minor >= 5:      # the format asks for one; the same every time
            cell["id"] = next(fresh)
    return notebook


def _text(folder: Path | None, name: str) -> str:
    path = folder / f"{name}.ipynb" if folder is not None else None
    return path.read_text(encoding="utf-8") if path is not None and path.is_file() else ""


def _given(text: str, files) -> Given:
    try:
        return Given.of(_notebook(text) if text else None, files or {})
    except Exception:                                    # a source that was edited into no notebook: grading goes by the release
        return Given.of(None, files or {})


def _cells(notebook) -> list[Cell]:
    solutions = {cell.name for cell in notebook.solution_cells}
    tasks = {cell.name: cell.max_score for cell in notebook.task_cells}
    points = {**{cell.name: cell.max_score for cell in notebook.grade_cells}, **tasks}
    return [Cell(cell.name, cell.cell_type, cell.source, bool(cell.locked), cell.checksum, cell.name in solutions, cell.name in tasks, points.get(cell.name))
            for cell in notebook.source_cells]


def _ordered(known: list[Cell], text: str) -> tuple[Cell, ...]:
    """The cells in the order in which they stand in the released file; a database promises none."""
    try:
        places = {cells.name(cell): place for place, cell in enumerate(json.loads(text)["cells"])} if text else {}
    except (ValueError, KeyError, TypeError, AttributeError):
        places = {}
    return tuple(sorted(known, key=lambda cell: places.get(cell.name, -1)))


def new_cell(released: Cell) -> nbformat.NotebookNode:
    """A released cell as a cell of a notebook."""
    make = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell, "raw": nbformat.v4.new_raw_cell}[released.cell_type]
    cell = make(released.source, id=hashlib.sha256(released.name.encode()).hexdigest()[:12])
    cell.metadata["nbgrader"] = nbformat.from_dict(copy.deepcopy(released.mark))
    return cell


# ---------------------------------------------------------------- a submission, brought back to it

def restore(notebook: nbformat.NotebookNode, release: Notebook) -> nbformat.NotebookNode:
    """The notebook with every cell that the release names as the release has it, whatever the submission made of them.

    Marks, kinds and points are the release's, and the text of locked cells; a named cell that is missing is put back
    after the one that stands before it in the release, and listed in `metadata.restored`. A name that the release does
    not know, and a second cell of one name, lose their mark: they run as the student's own.
    """
    seen = set()
    for cell in notebook.cells:
        named = cells.name(cell)
        if not isinstance(named, str) or named not in release or named in seen:
            cell.metadata.pop("nbgrader", None)
            continue
        seen.add(named)
        released = release[named]
        _retype(cell, released.cell_type)
        cell.metadata["nbgrader"] = nbformat.from_dict(released.mark)
        if released.locked or (released.graded and not released.solution):
            cell.source = released.source
    missing = _put_back(notebook, release, seen)
    if missing:
        notebook.metadata["restored"] = missing
    if release.kernelspec:
        notebook.metadata["kernelspec"] = nbformat.from_dict(json.loads(release.kernelspec))
    return notebook


def _retype(cell, cell_type: str) -> None:
    if cell.cell_type == cell_type:
        return
    cell.cell_type = cell_type
    if cell_type == "code":
        cell.outputs, cell.execution_count = [], None
        cell.pop("attachments", None)
    else:
        cell.pop("outputs", None)
        cell.pop("execution_count", None)


def _put_back(notebook, release: Notebook, seen: set[str]) -> list[str]:
    missing, place = [], 0
    for released in release.cells:
        if released.name in seen:
            place = max(place, 1 + next(at for at, cell in enumerate(notebook.cells) if cells.name(cell) == released.name))
            continue
        notebook.cells.insert(place, new_cell(released))
        missing.append(released.name)
        place += 1
    return missing
