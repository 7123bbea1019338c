"""The due date in the released notebook's metadata, which every check cell shows in one line.

What is released is the same for everybody, so one student's extension cannot stand in it; the line says where to ask.
"""

from __future__ import annotations

import json
import os
from datetime import datetime, timezone
from pathlib import Path
from typing import Iterator

MOST_BYTES, MOST_NOTEBOOKS = 20 << 20, 20


def line(assignment: str, now: datetime | None = None) -> str:
    """What a check cell says about the due date, "" where the notebook that asks does not carry one."""
    told = of_notebook(assignment)
    try:
        over = datetime.fromisoformat(told["due"]) < (now or datetime.now(timezone.utc))
    except (LookupError, TypeError, ValueError):
        return ""
    says = told.get("says")
    return f"{says}{' That is over.' if over else ''} With an extension of your own: `course status {assignment}`." if isinstance(says, str) else ""


def of_notebook(assignment: str) -> dict:
    """What the notebook that is running says of its assignment: the one that Jupyter names, else one in this folder; {} where there is none."""
    return next((told for told in _notebooks() if told["assignment"] == assignment), {})


def assignments_here() -> list[str]:
    """The assignments whose notebooks lie in this folder."""
    return sorted({told["assignment"] for told in _notebooks()})


def _notebooks() -> Iterator[dict]:
    named = os.environ.get("JPY_SESSION_NAME", "")
    for path in [*([Path(named)] if named.endswith(".ipynb") else []), *sorted(Path.cwd().glob("*.ipynb"))[:MOST_NOTEBOOKS]]:
        try:
            if path.stat().st_size > MOST_BYTES:
                continue
            told = json.loads(path.read_text(encoding="utf-8-sig"))["metadata"]["course"]
            if isinstance(told["assignment"], str):
                yield told
        except (OSError, ValueError, LookupError, TypeError, RecursionError):
            continue
