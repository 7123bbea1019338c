"""Putting an assignment into a course root, from where nbgrader takes it."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from .assignment import build_notebook, notebook_name
from .myst import notebook_bytes


def build(root: Path, name: str, term: str = "") -> tuple[Path, Path | None]:
    """Write the assignment's source notebook; returns its path, and the place where another one that stood there was kept."""
    short = name.split("_")[0]
    path = root / "source" / short / f"{notebook_name(name)}.ipynb"
    content = notebook_bytes(build_notebook(name, term))
    kept = None
    if path.exists() and path.read_bytes() != content:
        kept = root / "backups" / "source" / f"{path.stem}_{time.strftime('%Y-%m-%d_%H%M%S')}.ipynb"
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, kept)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path, kept
