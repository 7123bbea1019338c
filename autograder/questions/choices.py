"""Questions that ask to choose among named options."""

from __future__ import annotations

import dataclasses
import difflib
import itertools
import re
from typing import Mapping

import numpy as np

from .language import Question
from .values import is_blank

MOST_MEANINGS = 3         # wrong choices of which it is said what they mean


@dataclasses.dataclass(frozen=True)
class Choice:
    """One choice: the group it counts in, the options as students type them, those that are right, and what the question is about in a word or two.

    `means` says of an option what choosing it means: "a number for each example". It is told of a wrong one.
    """

    group: str
    options: tuple[str, ...]
    right: tuple[str, ...]
    about: str = ""
    means: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, kw_only=True)
class ChoiceQuestion(Question):
    """Choose: `choices` names the student's variables. A group's points are shared among its choices.

    A check in the student's own notebook says whether every choice is made and is one of the options, not whether it is
    right: with a few options to try, that would answer the question. A mistake's `fits(values)` sees the chosen words.
    """

    choices: Mapping[str, Choice]
    example: Mapping[str, str] | None = None

    def judge(self, get, rng=None, assignment=""):
        practice = rng is None
        given, problems, lost = self.read(get, self.choices, assignment, practice)
        if lost:
            return lost
        values = {name: chosen_option(value, self.choices[name].options) for name, value in given.items()}
        problems += [_unknown(name, given[name], self.choices[name]) for name, chosen in values.items() if chosen is None]
        made = [name for name, chosen in values.items() if chosen is not None]
        if not made:
            return self.verdict(assignment, {}, "Nothing is chosen yet.", status="blank", explanation=problems[0], practice=practice)
        if practice:
            if problems:
                return self.verdict(assignment, {}, "Not all choices are made yet.", status="failed", explanation=" ".join(problems), practice=True)
            everything = {group: 1.0 for group in self.groups}
            return self.verdict(assignment, everything, "All choices are made. Which of them are right you learn when it is graded.", status="answered", practice=True)
        shares = {group: self._share(group, values) for group in self.groups}
        if all(share == 1 for share in shares.values()):
            return self.verdict(assignment, shares, "Right.")
        answered = {name: chosen or "" for name, chosen in values.items()}
        fitting = tuple(itertools.islice((mistake for mistake in self.mistakes if mistake.fits({**dict.fromkeys(self.choices, ""), **answered})), 2))
        wrong = [name for name in made if values[name] not in self.choices[name].right]
        evidence = f"Not right: {', '.join(f'`{name}` = {values[name]!r}' for name in wrong)}." if wrong else ""
        if not fitting:
            problems += [f"`{name}`: \"{values[name]}\" means {self.choices[name].means[values[name]]}." for name in wrong if values[name] in self.choices[name].means][:MOST_MEANINGS]
        headline = (" and ".join(mistake.name for mistake in fitting) + ".") if fitting else "Not all choices are right."
        return self.verdict(assignment, shares, headline, mistakes=fitting, explanation=" ".join([mistake.sentence for mistake in fitting] + problems), evidence=evidence)

    def _share(self, group, values):
        names = [name for name, choice in self.choices.items() if choice.group == group]
        return sum(values.get(name) in self.choices[name].right for name in names) / len(names)


def exactly(right: Mapping[str, str], **chosen: str) -> dict:
    """How a mistake of just these choices is recognised, and an example of it in which all the others are `right`."""
    return {"fits": lambda values: all(values[name] == option for name, option in chosen.items()), "example": {**right, **chosen}}


def chosen_option(given, options) -> str | None:
    """The option that was meant, whatever its capitals and spaces, a shape also as a tuple; None where it is none of them."""
    if isinstance(given, tuple) and given and all(isinstance(size, (int, np.integer)) for size in given):
        given = str(tuple(map(int, given)))
    if not isinstance(given, str):
        return None
    return {_plain(option): option for option in options}.get(_plain(given))


def _plain(text):
    return re.sub(r"\s*([(),])\s*", r"\1", " ".join(text.lower().replace("_", " ").replace("-", " ").split()))


def _unknown(name, given, choice):
    options = ", ".join(repr(option) for option in choice.options)
    if is_blank(given):
        return f"`{name}`: write one of {options} in place of the dots."
    if not isinstance(given, str):
        return f"`{name}` is to be a text, one of {options}."
    near = difflib.get_close_matches(given, choice.options, n=1, cutoff=0.6)
    return f"`{name}` is {given[:40]!r}, which is none of {options}." + (f" Did you mean {near[0]!r}?" if near else "")
