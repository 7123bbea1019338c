"""Variants: the numbers of an assignment as a public function of (assignment, term, student), and hidden draws from a secret.

What a student sees is derived from public words alone, so that the student's notebook and the grader agree on it
without a secret between them. Hidden probes are drawn from the instructor's key, so that reading this repository helps nobody.
"""

from __future__ import annotations

import dataclasses
import hashlib
import hmac

import numpy as np


@dataclasses.dataclass(frozen=True)
class Variant:
    """Whose numbers these are. Empty words give the numbers that everybody without a term shares."""

    assignment: str
    term: str = ""
    student: str = ""

    def rng(self, purpose: str) -> np.random.Generator:
        """The generator for one purpose; the same words give the same numbers on every machine."""
        return _generator(hashlib.sha256("\n".join((self.assignment, self.term, self.student, purpose)).encode()).digest())


@dataclasses.dataclass(frozen=True)
class Secret:
    """The instructor's key, from which hidden probes are drawn."""

    key: bytes

    def rng(self, variant: Variant, question: str) -> np.random.Generator:
        words = "\n".join((variant.assignment, variant.term, variant.student, question)).encode()
        return _generator(hmac.digest(self.key, words, "sha256"))

    def __repr__(self):
        return "Secret(…)"


def _generator(digest: bytes) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest, "big")))
