"""Which isolation student code runs in, as a letter that is stored with every grade, and what each missing layer means.

**A**: own namespaces, Landlock and the filter of system calls. **B**: Landlock and the filter, without namespaces.
**C**: limits alone. What a machine offers is tried first (`offered`); the letter then is what the self-test saw blocked
from inside (`in_force`), not what is installed.
"""

from __future__ import annotations

import contextvars
import dataclasses
import functools
import os

from ..errors import CourseError
from . import isolation, landlock, seccomp
from .warm import Layers

LETTERS = "ABC"
ACCEPT = "COURSE_ACCEPT_ISOLATION"            # the environment's word for `--accept-isolation`
at_most: contextvars.ContextVar[str] = contextvars.ContextVar("at_most", default="A")      # a better tier than this is not used, though there is one


@dataclasses.dataclass(frozen=True)
class Tier:
    """A tier that was tested from inside: its letter, a sentence for each thing that student code could do, and how long the test took."""

    letter: str
    lines: tuple[str, ...] = ()
    seconds: float = 0.0

    def __str__(self):
        return f"isolation tier {self.letter}"


def layers(letter: str) -> Layers:
    """The layers that a tier has on this machine, besides the limits. CourseError where there is no such tier."""
    if letter not in LETTERS or len(letter) != 1:
        raise CourseError(f"There is no isolation tier {letter!r}; there are A, B and C.")
    filters = seccomp.works()
    return Layers(namespaces=letter == "A", landlock=letter in "AB" and landlock.version() > 0,
                  seccomp="" if not filters else "signals" if letter == "C" else "all")


@functools.lru_cache(maxsize=1)
def offered() -> tuple[str, ...]:
    """The tiers whose layers work here, best first; C always does."""
    kernel = landlock.version() > 0 and seccomp.works()
    return tuple(letter for letter, there in (("A", kernel and isolation.bubblewrap_refusal() is None), ("B", kernel), ("C", True)) if there)


def at_best(walled: bool | None = None) -> str:
    """The tier to start a student's process in: the best that is offered and not above `at_most`. `walled` asks for namespaces (A), or for limits alone (C)."""
    if walled is not None:
        return "A" if walled else "C"
    return next(letter for letter in offered() if letter >= at_most.get())


def in_force(accept: str = "") -> Tier:
    """The tier that student code is graded in, tested from inside once in this process. CourseError for tier C, unless `accept`
    (or the environment's COURSE_ACCEPT_ISOLATION) says "C"."""
    tier = tested(at_best())
    if tier.letter == "C" and (accept or os.environ.get(ACCEPT, "")).upper() != "C":
        raise CourseError("This machine offers only isolation tier C for student code, which is refused: " + " ".join(tier.lines) +
                          " `course doctor` says how to get a better tier. To grade nevertheless: --accept-isolation=C.")
    return tier


_tested: dict[str, Tier] = {}


def tested(letter: str) -> Tier:
    """The self-test's finding on the layers of a tier, which may be worse than their letter, never better. It is made once."""
    from . import selftest

    if letter not in _tested:
        _tested[letter] = selftest.run(letter)
    return _tested[letter]


def remember(tier: Tier) -> None:
    """Take over the finding of a self-test that another process of this run made."""
    _tested[at_best()] = tier


def known(letter: str) -> str:
    """What a grade says that was given in the layers of a tier: the self-test's letter where there was one."""
    return _tested[letter].letter if letter in _tested else letter
