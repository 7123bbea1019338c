"""What is known of a class and one assignment: its students and their answers, where each question stands, the mistakes and what became of them."""

from __future__ import annotations

import dataclasses
import difflib
import functools
import statistics
from collections import Counter
from typing import Iterable

from ..errors import CourseError
from ..grading.attempts import Attempt
from ..questions import Assignment, Mistake, Question
from ..variants import Variant
from ..verdicts import Verdict


@dataclasses.dataclass(frozen=True)
class Answer:
    """What a student wrote for one question, and what it got; `points` is None while a person still has to read it."""

    source: str = ""
    verdict: Verdict | None = None
    points: float | None = 0.0
    comment: str = ""


@dataclasses.dataclass(frozen=True)
class Student:
    """One student and this assignment. `attempts` are oldest first; the last is what counts now. Who only is in the gradebook has none."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_id: str = ""
    points: float = 0.0                     # as nbgrader counts them, late penalty taken off
    late: float = 0.0                       # the points that were taken off for being late
    answers: dict[str, Answer] = dataclasses.field(default_factory=dict)
    attempts: tuple[Attempt, ...] = ()
    code: str = ""                          # every cell that the student could have written

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.id

    @property
    def unread(self) -> list[str]:
        """The questions that a person still has to read."""
        return [question for question, answer in self.answers.items() if answer.points is None]

    @property
    def refused(self) -> str:
        return self.attempts[-1].refused if self.attempts else ""


@dataclasses.dataclass(frozen=True)
class Misconception:
    """One mistake and the class: who makes it now, who ever made it, and what became of it in the next attempt."""

    question: str
    name: str
    sentence: str
    lecture: str
    now: tuple[Student, ...]
    ever: tuple[Student, ...]
    became: Counter
    others: Counter                         # the other mistakes that it turned into


STATUSES = ("right", "partly right", "wrong", "failed", "blank", "refused", "read", "to be read", "answered")
RIGHT, SAME, OTHER, UNNAMED = "right", "the same mistake", "another mistake", "wrong in a way without a name"
BECAME = (RIGHT, SAME, OTHER, UNNAMED)


@dataclasses.dataclass(frozen=True)
class Standing:
    """One question and the class: how many stand where, how its points are spread, and where they are lost."""

    question: Question
    worth: float                            # its points as the gradebook has them: 0 where it was dropped
    decided: str                            # what was decided on it after the release, "" where nothing was
    statuses: dict[str, int]                # those of `STATUSES` that occur, in this order
    points: tuple[float, ...]               # of everybody whose answer has been judged
    stuck: tuple[tuple[str, int], ...]      # the most common verdicts that are not right
    lost: tuple[str, float] | None          # the part that costs the class most, and the share of its points lost

    @property
    def share(self) -> float:
        """The share of the question's points that the class has."""
        return statistics.fmean(self.points) / self.worth if self.points and self.worth else 0.0


@dataclasses.dataclass(frozen=True)
class Classroom:
    """Everything that a report on one assignment says."""

    assignment: str
    questions: Assignment
    variant: Variant                        # the term's; `per_student` says whether each has their own
    per_student: bool
    worth: dict[str, float]                 # question → points, as the gradebook has them
    decided: dict[str, str]                 # question → what was decided on it after the release
    students: tuple[Student, ...]           # who handed in and was graded
    absent: tuple[Student, ...]             # who is in the gradebook and was not
    hints: dict[str, int]                   # question → hints opened by the class together
    released: str                           # ISO 8601, "" where it was not

    @property
    def most(self) -> float:
        return sum(self.worth.values())

    def student(self, id: str) -> Student:
        return _one_of({student.id: student for student in self.students}, id, f"{id!r} has no graded submission of {self.assignment}")

    def question(self, name: str) -> Question:
        return _one_of({question.name: question for question in self.questions.questions}, name, f"{self.assignment} has no question {name!r}")

    @functools.cached_property
    def misconceptions(self) -> list[Misconception]:
        """The mistakes that anybody ever made, the most common first."""
        found = [self._misconception(question, name) for question in self.questions.questions for name in self._made(question.name)]
        return sorted(found, key=lambda mistake: (-len(mistake.now), -len(mistake.ever), mistake.question, mistake.name))

    @functools.cached_property
    def standings(self) -> list[Standing]:
        return [self._standing(question) for question in self.questions.questions]

    @property
    def became(self) -> Counter:
        """What became of all mistakes that were followed by another attempt."""
        return sum((mistake.became for mistake in self.misconceptions), Counter())

    def _made(self, question) -> list[str]:
        """The names of the mistakes made in a question, in the catalogue's order; those of an older catalogue come last."""
        seen = {name: None for student in self.students for verdict in _verdicts(student, question) for name in verdict.mistakes}
        known = [mistake.name for mistake in self.questions[question].mistakes]
        return [name for name in known if name in seen] + [name for name in seen if name not in known]

    def _misconception(self, question: Question, name: str) -> Misconception:
        mistake = next((m for m in question.mistakes if m.name == name), Mistake(name, "", ("", "", "")))
        now, ever, became, others = [], [], Counter(), Counter()
        for student in self.students:
            verdicts = _verdicts(student, question.name)
            made = [name in verdict.mistakes for verdict in verdicts]
            ever += [student] if any(made) else []
            now += [student] if made and made[-1] else []
            for after in (after for before, after in zip(made, verdicts[1:]) if before):
                became[_became(name, after)] += 1
                others.update(after.mistakes if name not in after.mistakes else ())
        return Misconception(question.name, name, mistake.sentence, mistake.lecture or question.lecture, tuple(now), tuple(ever), became, others)

    def _standing(self, question: Question) -> Standing:
        answers = [(student, student.answers[question.name]) for student in self.students if question.name in student.answers]
        verdicts = [answer.verdict for _, answer in answers if answer.verdict is not None]
        stuck = Counter(verdict.headline for verdict in verdicts if verdict.status != "right")
        groups = {group.name: (group.most, [g for verdict in verdicts for g in verdict.groups if g.name == group.name]) for verdict in verdicts for group in verdict.groups}
        lost = {name: 1 - statistics.fmean(group.points for group in judged) / most for name, (most, judged) in groups.items() if most}
        counted = Counter(_status(*pair) for pair in answers)
        worst = max(lost.items(), key=lambda item: item[1], default=None) if len(lost) > 1 else None
        return Standing(question, self.worth.get(question.name, 0.0), self.decided.get(question.name, ""), {status: counted[status] for status in STATUSES if counted[status]}, tuple(answer.points for _, answer in answers if answer.points is not None),
                        tuple(stuck.most_common(3)), worst if worst and worst[1] > 0 else None)


def _verdicts(student: Student, question: str) -> list[Verdict]:
    return [attempt.verdicts[question] for attempt in student.attempts if question in attempt.verdicts]


def _became(mistake: str, after: Verdict) -> str:
    return RIGHT if after.status == "right" else SAME if mistake in after.mistakes else OTHER if after.mistakes else UNNAMED


def _status(student: Student, answer: Answer) -> str:
    if answer.verdict is not None and answer.points is not None:
        return answer.verdict.status
    return "to be read" if answer.points is None else "refused" if student.refused else "read"


def _one_of(known: dict, name: str, problem: str):
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
    raise CourseError(f"{problem}." + (f" Did you mean {near[0]}?" if near else f" There {'is' if len(known) == 1 else 'are'} {_some(known)}."))


def _some(names: Iterable[str], most=12) -> str:
    names = sorted(names)
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
