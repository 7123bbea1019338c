"""The assignments' sources: a folder each, with its prose (`assignment.md`) and its questions (`questions.py`)."""

from __future__ import annotations

import difflib
import functools
import importlib
from pathlib import Path

from ..errors import CourseError
from ..questions import Assignment
from ..variants import Variant

HERE = Path(__file__).parent


def folders() -> dict[str, Path]:
    """Short name → folder, in order: {"A1": …/A1_hand_table, …}."""
    return {folder.name.split("_")[0]: folder for folder in sorted(HERE.glob("A*_*")) if (folder / "questions.py").exists()}


def folder_of(name: str) -> Path:
    """The folder of an assignment by its short or full name; a `CourseError` names the nearest one otherwise."""
    known = folders()
    for short, folder in known.items():
        if name in (short, folder.name):
            return folder
    near = difflib.get_close_matches(name.upper(), known, n=1, cutoff=0.1)
    meant = f" Did you mean {near[0]}?" if near else ""
    raise CourseError(f"There is no assignment {name!r}; there {'is' if len(known) == 1 else 'are'} {', '.join(known)}.{meant}")


@functools.lru_cache(maxsize=256)
def load(name: str, term: str = "", student: str = "") -> Assignment:
    """The questions of an assignment, for a term and a student."""
    folder = folder_of(name)
    module = importlib.import_module(f"{__name__}.{folder.name}.questions")
    return module.assignment(Variant(folder.name.split("_")[0], term, student))
