"""Variants: the numbers of an assignment as a public function of (assignment, term, student), and hidden draws from a secret.

What a student sees is derived from public words alone, so that the student's notebook and the grader agree on it
without a secret between them. Hidden probes are drawn from the instructor's key, so that reading this repository helps nobody.
"""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import re
from typing import Iterable, Mapping, Sequence, TypeVar

import numpy as np

from .errors import CourseError

T = TypeVar("T")


@dataclasses.dataclass(frozen=True)
class Variant:
    """Whose numbers these are. Empty words give the numbers that everybody without a term shares.

    What stands in the cells of the notebook (signatures, conventions, data) is the term's: `shared` and `choose`. What
    stands in its text may be the student's own: `rng`.

    >>> Variant("A1", "2027-spring", "ada").choose("loss", ["mean", "sum"]) == Variant("A1", "2027-spring", "bob").choose("loss", ["mean", "sum"])
    True
    >>> Variant("A1").choose("loss", ["mean", "sum"])
    'mean'
    """

    assignment: str
    term: str = ""
    student: str = ""

    def shared(self, purpose: str) -> np.random.Generator:
        """The generator for one purpose that everybody of the term shares."""
        return dataclasses.replace(self, student="").rng(purpose)

    def choose(self, purpose: str, options: Sequence[T]) -> T:
        """One of the options, the same for everybody of the term; the first where there is no term."""
        return options[int(self.shared(purpose).integers(len(options)))] if self.term else options[0]

    def rng(self, purpose: str) -> np.random.Generator:
        """The generator for one purpose; the same words give the same numbers on every machine."""
        return _generator(hashlib.sha256("\n".join((self.assignment, self.term, self.student, purpose)).encode()).digest())


@dataclasses.dataclass(frozen=True)
class Secret:
    """The instructor's key, from which hidden probes are drawn.

    `draws` counts, by (assignment, question), how often the probes of a question were drawn anew after its release.
    `answer` is the digest of what was handed in: other code meets other numbers, so that code which writes down what it
    is asked has learned nothing for the next attempt; the same code meets the same, so that a regrade changes nothing.
    """

    key: bytes
    draws: Mapping[tuple[str, str], int] = dataclasses.field(default_factory=dict, hash=False)
    answer: str = ""

    def against(self, sources: Iterable[str], files: Mapping[str, bytes] | None = None) -> "Secret":
        """The same secret, for probes of these cells and the files beside them."""
        digest = hashlib.sha256()
        for part in (*(source.encode("utf-8", "surrogatepass") for source in sources), *(part for name, content in sorted((files or {}).items()) for part in (name.encode("utf-8", "surrogateescape"), content))):
            digest.update(len(part).to_bytes(8, "big") + part)
        return dataclasses.replace(self, answer=digest.hexdigest())

    def rng(self, variant: Variant, question: str) -> np.random.Generator:
        words = [variant.assignment, variant.term, variant.student, question, self.answer]
        if (draw := self.draws.get((variant.assignment, question), 0)):
            words.append(f"draw {draw}")
        return _generator(hmac.digest(self.key, "\n".join(words).encode(), "sha256"))

    def __repr__(self):
        return "Secret(…)"


def term_name(text: str) -> str:
    """The name of a term, which becomes part of file names and of every check cell: "" for none, else like 2027-spring.

    `CourseError` where it has other characters than letters, digits, hyphens, underscores and single dots.
    """
    if text == "":
        return text
    if not re.fullmatch(r"\w[\w-]*(\.[\w-]+)*", text, re.ASCII) or len(text) > 64:
        what = "is empty" if not text.strip() else f"{text[:80]!r} cannot be used"
        raise CourseError(f"The name of the term {what}: letters, digits, hyphens, underscores and single dots, at most 64, such as 2027-spring.")
    return text


def _generator(digest: bytes) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest, "big")))
