"""Under which conditions a class is graded: by which grader, with which key, after which decisions."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from ..course_root import KEY, read_key
from ..variants import Secret
from . import decisions, unit


def grader_version() -> str:
    """What a grade remembers of the grader that gave it."""
    try:
        return version("neural-networks-by-hand")
    except PackageNotFoundError:
        return "0"


def secret_of(root: Path, needed: bool = True) -> Secret | None:
    """The course's key, with the hidden probes that were drawn anew; `CourseError` where it cannot be used. None where there is
    none and it is not needed: an assignment that does not come from this package asks no hidden cases."""
    if not needed and not (Path(root) / KEY).exists():
        return None
    return Secret(read_key(root), decisions.draws(root))


def decided_in(root: Path, assignment: str) -> dict[str, unit.Decided]:
    """The decisions in force, as the unit of work takes them."""
    return {question: unit.Decided(decision.decision, decision.for_students()) for question, decision in decisions.in_force(root, assignment).items()}
