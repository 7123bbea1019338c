"""What is known of a class and one assignment, gathered from the gradebook, the graded notebooks and the record of attempts."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import statistics
from collections import Counter
from datetime import datetime, timezone
from pathlib import Path
from typing import Iterable

import nbformat
from nbgrader.api import MissingEntry

from ..assignments import load
from ..authoring.assignment import CHECK_PREFIX
from ..errors import CourseError
from ..grading import decisions
from ..grading.attempts import Attempt, attempts
from ..grading.batch import autograded
from ..grading.course import Course
from ..questions import Assignment, Mistake, Question
from ..variants import Variant
from ..verdicts import Verdict, verdict_of


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
        now, ever, became = [], [], Counter()
        for student in self.students:
            verdicts = _verdicts(student, question.name)
            made = [name in verdict.mistakes for verdict in verdicts]
            ever += [student] if any(made) else []
            now += [student] if made and made[-1] else []
            became.update(_became(name, after) for before, after in zip(made, verdicts[1:]) if before)
        return Misconception(question.name, name, mistake.sentence, mistake.lecture or question.lecture, tuple(now), tuple(ever), became)

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
    import difflib

    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
    raise CourseError(f"{problem}." + (f" Did you mean {near[0]}?" if near else f" There {'is' if len(known) == 1 else 'are'} {_some(known)}."))


def _some(names: Iterable[str], most=12) -> str:
    names = sorted(names)
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


# ---------------------------------------------------------------- gathering

def gather(course: Course, assignment: str) -> Classroom:
    """All that is known of an assignment; a `CourseError` where nobody has been graded."""
    questions, (term, per_student) = load(assignment), _variant(course, assignment)
    if term:
        questions = load(assignment, term)
    students, absent, recorded, worth = [], [], {}, {}
    for attempt in attempts(course.root, assignment):
        recorded.setdefault(attempt.student, []).append(attempt)
    with course.gradebook() as gradebook:
        with contextlib.suppress(MissingEntry):
            worth = {decisions.question_of(cell.name): float(cell.max_score) for notebook in gradebook.find_assignment(assignment).notebooks for cell in notebook.grade_cells}
        handed_in = {submission.student_id: submission for submission in gradebook.assignment_submissions(assignment)}
        for person in gradebook.students:
            known = dict(id=person.id, first_name=person.first_name or "", last_name=person.last_name or "", email=person.email or "", lms_id=person.lms_user_id or "")
            notebooks = list(autograded(course, assignment, person.id)) if person.id in handed_in else []
            if not notebooks:
                absent.append(Student(**known))
                continue
            students.append(_student(known, handed_in[person.id], notebooks, recorded.get(person.id, []), assignment))
    if not students:
        course.submissions(assignment)             # a sentence of its own where there are none
        raise CourseError(f"Nothing of {assignment} has been graded yet: `course grade {assignment}` does that.")
    hints = Counter()
    for student in students:                       # the counts in the file only grow; only their sum over the class is kept
        opened = Counter()
        for attempt in recorded.get(student.id, []):
            opened |= Counter(attempt.hints)
        hints += opened
    return Classroom(assignment, questions, Variant(assignment, term), per_student,
                     worth, {name: str(decision) for name, decision in decisions.in_force(course.root, assignment).items()},
                     tuple(sorted(students, key=lambda s: s.id)), tuple(sorted(absent, key=lambda s: s.id)),
                     {question.name: hints.get(question.name, 0) for question in questions.questions}, _released(course, assignment))


def _student(known, submission, notebooks, recorded, assignment) -> Student:
    grades = {grade.name.removeprefix(CHECK_PREFIX): grade for notebook in submission.notebooks for grade in notebook.grades}
    comments = {comment.name: comment.comment or "" for notebook in submission.notebooks for comment in notebook.comments}
    sources, verdicts = {}, {}
    for _, notebook in notebooks:
        written = []
        for cell in notebook.cells:
            mark = cell.metadata.get("nbgrader", {})
            if mark.get("solution"):
                written.append(cell.source)
            if mark.get("grade"):                  # the solution cells since the last question are this question's answer
                name = mark["grade_id"].removeprefix(CHECK_PREFIX)
                sources[name], written = "\n\n".join(written), []
                verdict = None if mark.get("solution") else verdict_of(cell.get("outputs"))      # of check cells only: no student ran those
                if verdict is not None:
                    verdicts[name] = verdict
    answers = {name: Answer(sources.get(name, ""), verdicts.get(name), None if grade.needs_manual_grade else float(grade.score), comments.get(name, ""))
               for name, grade in grades.items()}
    points = max(0.0, float(submission.score) - float(submission.late_submission_penalty or 0))
    return Student(**known, points=points, answers=answers, attempts=_history(known["id"], assignment, recorded, notebooks[0], verdicts),
                   code="\n\n".join(code_of(notebook) for _, notebook in notebooks))


def code_of(notebook) -> str:
    """Every code cell that a student could have written."""
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code" and not cell.metadata.get("nbgrader", {}).get("locked"))


def _history(student, assignment, recorded, graded, verdicts) -> tuple[Attempt, ...]:
    """A student's attempts, a submission once each, ending with the one that counts now and with what the grader says of it now."""
    path, notebook = graded
    mark, once = notebook.metadata.get("grading", {}), {attempt.submission: attempt for attempt in recorded}
    history, digest = list(once.values()), mark.get("submission", "")
    if not history or history[-1].submission != digest:       # handed in anew as it was before, or never recorded
        when = datetime.fromtimestamp(path.stat().st_mtime, timezone.utc).isoformat(timespec="seconds")
        history.append(once.get(digest) or Attempt(student, assignment, digest, mark.get("grader", ""), when, 0.0, refused=notebook.metadata.get("refused", "")))
    history[-1] = dataclasses.replace(history[-1], verdicts=verdicts)
    return tuple(dataclasses.replace(attempt, hints={}) for attempt in history)      # hints are the class's, never a student's


def _variant(course: Course, assignment: str) -> tuple[str, bool]:
    """The term that the course's source notebook was built for, and whether each student has their own numbers."""
    for path in sorted(course.place("source", assignment).glob("*.ipynb")):
        built = nbformat.read(path, as_version=4).metadata.get("course", {})
        return built.get("term", ""), bool(built.get("own"))
    return "", False


def _released(course: Course, assignment: str) -> str:
    times = [path.stat().st_mtime for path in Path(course.place("release", assignment)).glob("*.ipynb")]
    return datetime.fromtimestamp(max(times), timezone.utc).isoformat(timespec="seconds") if times else ""
