"""nbgrader's mark on a cell, read without importing nbgrader: that import takes longer than grading a submission.

The words and the rules are nbgrader's own (`nbgrader.utils`), and a test holds the two together.
"""

from __future__ import annotations

import hashlib

CHECK_PREFIX = "check_"                   # heads the name of a question's test cell
CODE_STUB = "...  # your code here"             # what students find in place of a solution
TEXT_STUB = "*Your answer here.*"


def mark(cell) -> dict:
    """nbgrader's metadata of a cell, {} where it has none."""
    return cell.get("metadata", {}).get("nbgrader", {})


def name(cell) -> str | None:
    return mark(cell).get("grade_id")


def is_task(cell) -> bool:
    return bool(mark(cell).get("task", False))


def is_grade(cell) -> bool:
    return bool(mark(cell).get("grade", False))


def is_solution(cell) -> bool:
    return bool(mark(cell).get("solution", False))


def is_locked(cell) -> bool:
    """Whether the text is the instructor's, whatever was handed in."""
    return not is_solution(cell) and (is_grade(cell) or bool(mark(cell).get("locked", False)))


def is_test(cell) -> bool:
    """Whether the cell is graded by being run."""
    return is_grade(cell) and not is_solution(cell)


def checksum(cell) -> str:
    """nbgrader's checksum: the same as the release's where nobody has answered."""
    parts = [cell["source"], cell["cell_type"], str(is_grade(cell)), str(is_solution(cell)), str(is_locked(cell)), mark(cell)["grade_id"]]
    if is_grade(cell):
        parts.append(str(float(mark(cell)["points"])))
    return hashlib.md5("".join(parts).encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def question_of(cell_name: str) -> str:
    """The question that a graded cell asks."""
    return cell_name.removeprefix(CHECK_PREFIX)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
