"""Questions that ask for a cure: a run's settings that are to be changed, and to what."""

from __future__ import annotations

import dataclasses
from typing import Mapping

from autograder.describe import show
from autograder.questions import ValuesQuestion
from autograder.questions.values import is_blank

from .ward import meant


@dataclasses.dataclass(frozen=True, kw_only=True)
class CureQuestion(ValuesQuestion):
    """Change settings. `settings` gives, by the student's name for the cure, those of the sick run; the cure is a dict of the
    changed ones. `shares(values)` sees what differs, and each cure that is not given or not possible earns nothing.
    """

    settings: Mapping[str, Mapping]

    def judge(self, get, rng=None, assignment=""):
        practice = rng is None
        values, blank = {}, []
        written, problems, lost = self.read(get, self.settings, assignment, practice)
        if lost:
            return lost
        for name, given in written.items():
            if is_blank(given):
                blank.append(name)
            elif not isinstance(given, dict):
                problems.append(f"`{name}` is {show(given)}; a dict of the settings that you change is asked for, such as `{{'eta': 0.1}}`.")
            else:
                try:
                    after = {key: meant(key, value) for key, value in given.items()}
                except ValueError as error:
                    problems.append(f"`{name}`: {error}")
                    continue
                values[name] = {key: value for key, value in after.items() if value != self.settings[name][key]}
        if not values:
            nothing = len(blank) == len(self.settings)
            return self.verdict(assignment, {}, "No cure is written yet." if nothing else "No cure can be tried.", status="blank" if nothing else "failed", practice=practice,
                                explanation=" ".join(problems) or "Write a dict of the settings that you change in place of the dots.")
        shares = self.shares(values)
        if all(shares[group] == 1 for group in self.groups):
            return self.verdict(assignment, shares, "Right: all are well again.", practice=practice)
        fitting = tuple(mistake for mistake in self.mistakes if mistake.fits(values))[:1]
        healed = sum(shares[group] == 1 for group in self.groups)
        headline = f"{fitting[0].name}." if fitting else f"{healed} of {len(self.groups)} are well again."
        waiting = [f"Not treated yet: {', '.join(f'`{name}`' for name in blank)}."] if blank else []
        return self.verdict(assignment, shares, headline, mistakes=fitting, explanation=" ".join([mistake.sentence for mistake in fitting] + problems + waiting), evidence=self.evidence(values), practice=practice)
