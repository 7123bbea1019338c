"""Submissions that share structure, found by the library copydetect (winnowing, as MOSS does). A reason to look, not a verdict.

A program becomes a string without spaces and comments in which every name is the same letter; two programs share what
pieces of K characters of it they have in common. Pieces that the released notebook gave to everybody do not count, nor
those of `course_lib`, which is reported apart, nor those that many submissions have.
"""

from __future__ import annotations

import dataclasses
import functools
import io
import itertools
from pathlib import Path

import nbformat
import numpy as np

import course_lib

from ..errors import CourseError
from ..grading import answers
from ..grading.course import Course
from .classroom import Classroom, Student

K = 25                    # characters of a piece: copydetect's own threshold for what is no coincidence
LEAST, LEAST_LIBRARY = .5, .3
LEAST_CHARACTERS = 80     # of shared structure: a line or two alone say nothing
MOST_PAIRS = 50
LIMIT = 100_000           # characters of a submission that are read


@dataclasses.dataclass(frozen=True)
class Pair:
    """Two submissions, the share of each that the other has too, and each one's code in (text, shared) pieces."""

    first: Student
    second: Student
    of_first: float
    of_second: float
    first_pieces: list[tuple[str, bool]]
    second_pieces: list[tuple[str, bool]]


@dataclasses.dataclass(frozen=True)
class Resemblances:
    pairs: list[Pair]
    more: int                                   # pairs found but not shown
    library: list[tuple[Student, float, str]]   # student, share of their code, module
    compared: int
    common: int                                 # what so many submissions have does not count
    boilerplate: bool
    cut: list[str]
    least: float = LEAST
    least_library: float = LEAST_LIBRARY
    limit: int = LIMIT


def compare(course: Course, room: Classroom) -> Resemblances:
    """Who resembles whom. `CourseError` where copydetect is not installed."""
    try:
        import copydetect
    except ImportError:
        raise CourseError("Similarity needs the library copydetect, which is not installed. In the checkout: .venv/bin/uv pip install -e '.[similarity]' -c constraints.txt") from None
    students = [student for student in room.students if student.code.strip()]
    prints = [_fingerprint(student.code[:LIMIT]) for student in students]
    given = _released(course, room.assignment)
    modules = _modules()
    for one in prints:
        _leave_out(one, given)
    everywhere, common = set().union(*modules.values()), max(5, len(students) // 4 + 1)
    library = _library(students, prints, modules, everywhere)
    counted = [piece for one in prints for piece in one.hashes]
    pieces, times = np.unique(counted, return_counts=True) if counted else ((), ())
    no_sign = everywhere | {int(piece) for piece, count in zip(pieces, times) if count >= common}
    for one in prints:
        _leave_out(one, no_sign)
    found = []
    for (first, a), (second, b) in itertools.combinations(zip(students, prints), 2):
        if a.hashes.isdisjoint(b.hashes):
            continue
        overlap, shares, slices = copydetect.compare_files(a, b)
        if overlap >= LEAST_CHARACTERS and max(shares) >= LEAST:
            found.append((max(shares), Pair(first, second, *(min(float(share), 1.) for share in shares), _pieces(a.raw_code, slices[0]), _pieces(b.raw_code, slices[1]))))
    found.sort(key=lambda item: (-item[0], item[1].first.id, item[1].second.id))
    return Resemblances([pair for _, pair in found[:MOST_PAIRS]], max(0, len(found) - MOST_PAIRS), library, len(students), common, bool(given),
                        [student.id for student in students if len(student.code) > LIMIT])


def _fingerprint(code: str):
    """Every piece of a program's structure (a window of one keeps them all, so that the result does not hang on chance)."""
    import copydetect

    if len(code) < K:
        code = code.ljust(K)
    return copydetect.CodeFingerprint("submission.py", K, 1, fp=io.StringIO(code), language="python")


@functools.cache
def _modules() -> dict[str, set]:
    """Module of `course_lib` → its pieces; what only draws is left out."""
    folder = Path(course_lib.__file__).parent
    paths = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*.py"))}
    return {name: _fingerprint(path.read_text(encoding="utf-8")).hashes for name, path in paths.items() if name.split("/")[0] not in ("widgets", "plots")}


def _leave_out(one, pieces: set) -> None:
    """Take pieces away from a fingerprint. (The library's own way to do this assumes that no piece comes twice.)"""
    from copydetect.utils import get_token_coverage

    one.hashes = one.hashes - pieces
    one.hash_idx = {piece: places for piece, places in one.hash_idx.items() if piece in one.hashes}
    one.token_coverage = get_token_coverage(one.hash_idx, K, len(one.filtered_code))


def _library(students, prints, modules, everywhere) -> list[tuple[Student, float, str]]:
    """Who shares how much with `course_lib`, and in which module most, the most first."""
    from copydetect.utils import get_token_coverage

    found = []
    for student, one in zip(students, prints):
        def covered(pieces):
            return float(get_token_coverage({piece: places for piece, places in one.hash_idx.items() if piece in pieces}, K, len(one.filtered_code)))

        share = covered(everywhere) / one.token_coverage if one.token_coverage else 0.
        if share >= LEAST_LIBRARY:
            found.append((student, share, max(modules, key=lambda name: covered(modules[name]))))
    return sorted(found, key=lambda item: (-item[1], item[0].id))


def _pieces(code: str, slices) -> list[tuple[str, bool]]:
    """The code cut into (text, whether it is shared)."""
    pieces, at = [], 0
    for start, end in sorted(zip(*np.asarray(slices, int).tolist())) if len(slices) else ():
        start, end = max(start, at), min(max(end, at), len(code))
        if start < end:
            pieces += [(code[at:start], False), (code[start:end], True)]
            at = end
    return [(text, shared) for text, shared in [*pieces, (code[at:], False)] if text]


def _released(course: Course, assignment: str) -> set:
    """The pieces of what students were given; empty where the course root has no release."""
    given = set()
    for path in course.place("release", assignment).glob("*.ipynb"):
        given |= _fingerprint(answers.code(nbformat.read(path, as_version=4))).hashes
    return given
