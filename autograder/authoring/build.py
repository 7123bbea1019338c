"""Putting an assignment into a course root, from where nbgrader takes it."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from ..errors import CourseError
from .assignment import build_notebook, notebook_name
from .myst import notebook_bytes
from .proof import prove


def build(root: Path, name: str, term: str = "", *, students: tuple[str, ...] | None = None) -> tuple[Path, Path | None]:
    """Prove the variant and write the assignment's source notebook; returns its path, and the place where another one that stood there was kept.

    With `students` each student gets numbers of their own, and the variants of those who are named are proved.
    A `CourseError` names the question, the probe or the mistake where a variant fails its proof; nothing is written then.
    """
    short = name.split("_")[0]
    for proof in [prove(name, term), *(prove(name, term, student) for student in students or ())]:
        if not proof.holds:
            raise CourseError("This variant cannot be released. " + " ".join(proof.problems))
    path = root / "source" / short / f"{notebook_name(name)}.ipynb"
    content = notebook_bytes(build_notebook(name, term, own=students is not None))
    kept = None
    if path.exists() and path.read_bytes() != content:
        kept = root / "backups" / "source" / f"{path.stem}_{time.strftime('%Y-%m-%d_%H%M%S')}.ipynb"
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, kept)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path, kept


def students_to_prove(root: Path) -> tuple[str, ...]:
    """The students whom the gradebook knows; where it knows none yet, three made-up ones."""
    from ..grading.course import Course
    with Course(root).gradebook() as gradebook:
        return tuple(student.id for student in gradebook.students) or ("ada", "grace", "emmy")
