"""A question that has words of its own for a wrong answer that fits no known mistake."""

import dataclasses
from typing import Callable

from autograder.questions import FunctionQuestion


@dataclasses.dataclass(frozen=True, kw_only=True)
class DescribedQuestion(FunctionQuestion):
    """Where no mistake is recognised, `words(value, right, args)` says what the first wrong public answer is like."""

    words: Callable[[object, object, tuple], str]

    def judge(self, get, rng=None, assignment=""):
        verdict = super().judge(get, rng, assignment)
        if verdict.mistakes or verdict.status in ("right", "blank", "failed"):
            return verdict
        function = get(self.function)
        for probe in self.public:
            seen, right = self.observe(function, probe), self.expected(probe)
            if seen.error is None and not probe.answered(seen.value, right, self.tolerance):
                return dataclasses.replace(verdict, explanation=self.words(seen.value, right, probe.args))
        return verdict
