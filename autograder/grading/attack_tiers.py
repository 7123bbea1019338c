"""Grading in a chosen tier of isolation, for attacks and nothing else: in earnest the strongest one is taken."""

from __future__ import annotations

from typing import Callable

from ..sandbox import isolation


def offered() -> list[str]:
    """The tiers that this machine can be held to, the strongest first."""
    return ["A", "C"] if isolation.bubblewrap_refusal() is None else ["C"]


def within(tier: str, work: Callable, *arguments):
    """Do `work` with the grader of this process, which is thrown away, held to a tier."""
    if tier != "A":
        isolation.bubblewrap_refusal = lambda: f"held to tier {tier}"
    return work(*arguments)
