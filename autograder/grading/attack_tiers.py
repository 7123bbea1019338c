"""Grading in a chosen tier of isolation, for attacks and nothing else: in earnest the strongest one is taken."""

from __future__ import annotations

import os
from typing import Callable

from ..sandbox import tiers, warm


def offered() -> list[str]:
    """The tiers that this machine can be held to, the strongest first."""
    return list(tiers.offered())


def tested(tier: str):
    """The self-test's finding on a tier; processes that come after it need not repeat it."""
    try:
        return tiers.tested(tier)
    finally:
        warm.close_all()


def within(tier: str, work: Callable, *arguments):
    """Do `work` with the grader of this process, which is thrown away, held to a tier."""
    tiers.at_most.set(tier)
    os.environ[tiers.ACCEPT] = tier                   # tier C is tried on purpose
    try:
        return work(*arguments)
    finally:
        warm.close_all()
