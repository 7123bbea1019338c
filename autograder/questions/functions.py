"""Questions that ask for a function: judged on probes against the reference, then against each known mistake."""

from __future__ import annotations

import copy
import dataclasses
import functools
import itertools
from typing import Callable

import numpy as np

from ..describe import TOLERANCE, describe, describe_growth, first_difference, show
from ..firstaid import explain_error, explain_result, kind_shown
from ..sandbox.session import StudentError, StudentGone
from .language import Mistake, Probe, Question, Remark
from .observation import Observation, observe


MOST_KEPT = 128 << 20          # bytes of all answers of one function
TOO_MUCH = Observation(error=ValueError(f"the answers are larger than {MOST_KEPT >> 20} MiB in all: is the shape of what is returned the one that was asked for?"))


@dataclasses.dataclass(frozen=True, kw_only=True)
class FunctionQuestion(Question):
    """Write a function. `reference` is right, `public` are its open probes, `hidden(rng)` draws the others.

    `parameters` are the names of its arguments; `model(*args, **knobs)` is the reference with mistakes to turn on.
    Where a probe is more than a call (a class to be made and used, several steps), `ask(answer, *args)` puts it to the
    student's object, to the reference and to each mistake alike. Where only part of what comes back can be compared (the
    spread of random numbers), `summary(value)` is what counts of it.
    """

    function: str
    parameters: tuple[str, ...]
    reference: Callable
    public: tuple[Probe, ...]
    hidden: Callable[[np.random.Generator], list[Probe]]
    model: Callable | None = None
    remarks: tuple[Remark, ...] = ()
    keeps_inputs: str = ""               # the group that is lost where the function changes its arguments
    tolerance: float = TOLERANCE
    ask: Callable = lambda answer, *args: answer(*args)
    summary: Callable = lambda value: value

    def wrong(self, mistake: Mistake) -> Callable:
        """The wrong implementation of a mistake."""
        return mistake.wrong if mistake.wrong is not None else functools.partial(self.model, **mistake.knobs)

    def probes(self, rng=None) -> list[Probe]:
        return list(self.public) + (list(self.hidden(rng)) if rng is not None else [])

    def expected(self, probe: Probe):
        """What is right for a probe."""
        return self.summary(self.ask(self.reference, *copy.deepcopy(probe.args)))

    def observe(self, function, probe: Probe) -> Observation:
        """What can be seen of a student's function, or of a mistake, on a probe."""
        return observe(functools.partial(self.ask, function), probe.args, of=function, summary=self.summary)

    def observer(self, function) -> Callable[[Probe], Observation]:
        """`observe` of a function, each set of arguments once: probes of several parts of one answer share it.

        All answers are kept until they are judged, so a function that gives too much is asked no more.
        """
        seen, kept = {}, 0

        def look(probe):
            nonlocal kept
            if id(probe.args) not in seen:
                observation = self.observe(function, probe) if kept <= MOST_KEPT else TOO_MUCH
                kept += observation.nbytes
                seen[id(probe.args)] = observation if kept <= MOST_KEPT else TOO_MUCH
            return seen[id(probe.args)]
        return look

    def judge(self, get, rng=None, assignment=""):
        practice = rng is None
        try:
            function = get(self.function)
        except (NameError, StudentGone, StudentError) as error:
            return self.lost(assignment, error, self.function, practice)
        if not callable(function):
            return self.verdict(assignment, {}, f"`{self.function}` is {show(function)}, not a function.", status="failed", practice=practice)
        probes, seen, expected, look = self.probes(rng), [], [], self.observer(function)
        for probe in probes:
            observation = look(probe)
            if isinstance(observation.error, StudentGone):
                return self.lost(assignment, observation.error, self.function, practice)
            seen.append(observation)
            expected.append(self.expected(probe))
        right = [o.error is None and probe.answered(o.value, e, self.tolerance) for probe, o, e in zip(probes, seen, expected)]
        judged = {group: [ok for ok, probe in zip(right, probes) if probe.group == group] for group in self.groups}
        passed = {group: float(all(oks or right)) for group, oks in judged.items()}          # what only hidden cases ask is not earned before the rest
        changed = any(observation.changed for observation in seen)
        if self.keeps_inputs:
            passed[self.keeps_inputs] = float(all(right) and not changed)
        if all(right) and not (changed and self.keeps_inputs):
            remarks = tuple(remark.sentence for remark in self.remarks if remark.applies(seen))
            return self.verdict(assignment, passed, "Right.", practice=practice, remarks=remarks)
        said = dict(practice=practice, evidence=self._evidence(seen, expected, right))
        fitting = () if all(o.silent for o in seen) else self.recognise(probes, seen)
        if fitting:
            return self.verdict(assignment, passed, " and ".join(mistake.name for mistake in fitting) + ".", mistakes=fitting,
                                explanation=" ".join(mistake.sentence for mistake in fitting), **said)
        headline, explanation, status = self._in_words(function, probes, seen, expected, right)
        if status == "blank":
            said["evidence"] = ""
        return self.verdict(assignment, passed, headline, explanation=explanation, status=status if not any(passed.values()) else None, **said)

    def recognise(self, probes, seen) -> tuple[Mistake, ...]:
        """The mistake that explains every observation; else two of them together; else none."""
        for mistake in self.mistakes:
            if any(self._explains(wrong, probes, seen) for wrong in (self.wrong(mistake), *mistake.also)):
                return (mistake,)
        turned = [mistake for mistake in self.mistakes if mistake.knobs is not None]
        for first, second in itertools.combinations(turned, 2):
            if not set(first.knobs) & set(second.knobs) and self._explains(functools.partial(self.model, **first.knobs, **second.knobs), probes, seen):
                return (first, second)
        return ()

    def _explains(self, wrong, probes, seen):
        look = self.observer(wrong)
        return all(look(probe).agrees(observation, self.tolerance) for probe, observation in zip(probes, seen))

    def _evidence(self, seen, expected, right) -> str:
        """The smallest public case that goes wrong: the call, the student's answer, the right one."""
        failing = [place for place in range(len(self.public)) if not right[place]]
        if not failing:
            return self._changed(seen) if all(right) else "Every public case comes out right; a hidden one does not."
        place = min(failing, key=lambda place: _size(self.public[place].args))
        probe, observation = self.public[place], seen[place]
        call, right = f"`{probe.call(self.function, self.parameters)}`", expected[place]
        if observation.error is not None:
            return f"{call} raises {kind_shown(observation.error)}; right is {show(right)}."
        which, yours, right = ("", observation.value, right) if probe.accept is not None else first_difference(observation.value, right, self.tolerance)
        return f"{call} gives {show(yours)}{which}; right is {show(right)}."

    def _changed(self, seen) -> str:
        """A public case whose answer is right and whose argument is not what it was."""
        for probe, observation in zip(self.public, seen):
            if observation.changed:
                return f"`{probe.call(self.function, self.parameters)}` gives the right answer, and `{self.parameters[observation.changed[0]]}` is not what it was before the call."
        return ""

    def _in_words(self, function, probes, seen, expected, right):
        """(headline, explanation, status) where no mistake is recognised."""
        place = right.index(False) if False in right else 0
        observation = seen[place]
        failed = [place for place, observation in enumerate(seen) if observation.error is not None]
        if failed and not observation.silent:                                       # what says nothing yet is spoken of before what raises elsewhere
            error, told = seen[failed[0]].error, failed[0] < len(self.public)     # an error's words may carry the arguments it was raised with
            every = len(failed) == len(seen)
            kind = kind_shown(error, told)
            blank = every and kind == "NotImplementedError"
            return ("Not written yet." if blank else f"It raises {kind}." if every else f"It raises {kind} on {probes[failed[0]].label or 'some inputs'}.",
                    explain_error(error, told), "blank" if blank else "failed")
        if all(right):
            return "It changes its arguments.", "The values are right, but the caller's own arrays are different afterwards: work on a copy, or make new arrays.", None
        hidden = place >= len(self.public)
        nothing = explain_result(None if observation.silent else observation.value, observation.printed, expected[place], told=not hidden)
        if nothing:
            blank = all(o.silent or o.error is not None for o in seen) and not any(o.printed.strip() for o in seen)
            return "Nothing comes back yet." if blank else "It returns no numbers.", nothing, "blank" if blank else "failed"
        again = self.observe(function, probes[place])
        if again.error is None and not again.agrees(observation, self.tolerance):
            return "It answers differently each time.", ("Asked the same question twice, it gives two answers: it draws random numbers that are not asked for, or it keeps something "
                                                         "from one call to the next (a variable outside, a list as a default argument)."), None
        explanation = (describe_growth([o.value for o in seen], expected, [probe.args for probe in probes], self.tolerance, names=self.parameters)
                       or describe(observation.value, expected[place], self.tolerance, args=probes[place].args, hidden=hidden))
        return "Not right yet." if not any(right) else f"Right in part, wrong on {probes[place].label or 'some inputs'}.", explanation, None


def _size(value) -> int:
    """How many numbers and words a value holds, also where it is no array."""
    if isinstance(value, dict):
        value = (*value.keys(), *value.values())
    return sum(map(_size, value)) if isinstance(value, (list, tuple)) else np.size(value)
