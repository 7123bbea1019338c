"""Decisions on questions after their release, in `decisions.toml` of the course root; grading keeps to them.

The file grows by an entry for each decision and the last one on a question is in force, so it is also the record of what
was decided when and why. An instructor may edit it by hand; what cannot be read stops grading with a sentence.
"""

from __future__ import annotations

import dataclasses
import difflib
import hashlib
import json
import os
import re
import stat
import tempfile
import tomllib
from datetime import datetime, timezone
from pathlib import Path

from nbformat import from_dict
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.utils import compute_checksum

from ..errors import CourseError
from . import cells, set_aside

FILE = "decisions.toml"
DROP, FULL_MARKS, NEW_PROBES, AS_ASKED = KINDS = ("drop", "full marks", "new probes", "as asked")
HEAD = """\
# What was decided on questions after their release; the last entry on a question is in force.
# `course regrade` adds entries. After editing one by hand: course regrade ASSIGNMENT
"""


@dataclasses.dataclass(frozen=True)
class Decision:
    """One entry: the question does not count ("drop"), gives everybody its points ("full marks"), is judged on hidden
    probes drawn anew for the `draw`-th time ("new probes"), or counts again as it was asked ("as asked")."""

    assignment: str
    question: str
    decision: str
    because: str
    date: datetime
    draw: int = 0

    def for_students(self) -> str:
        """The decision in the words that stand in a student's feedback; "" where it is none any more."""
        said = {DROP: "This question no longer counts, for anybody.", FULL_MARKS: "Everybody who handed in gets all points of this question.",
                NEW_PROBES: "This question was judged again, on other hidden numbers.", AS_ASKED: ""}[self.decision]
        return f"{said} The reason: {self.because}" if said else ""

    def __str__(self):
        return f"{self.question}: {self.decision}, since {self.date:%Y-%m-%d} ({self.because})"


# ---------------------------------------------------------------- the file

def read(root: Path) -> list[Decision]:
    """All entries, oldest first; `CourseError` names the entry that cannot be read."""
    file = Path(root) / FILE
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        raise CourseError(f"{file} cannot be read: {error}. Nothing was changed.") from None
    try:
        entries = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CourseError(f"{file} cannot be read: {error}. Mend that place; nothing was changed.") from None
    listed = entries.pop("decision", [])
    if entries or not isinstance(listed, list):
        raise CourseError(f"{file} holds {', '.join(entries) or 'a single decision'}, where entries headed [[decision]] are expected. Nothing was changed.")
    return [_decision(entry, f"{file}, entry {number}") for number, entry in enumerate(listed, 1)]


def _decision(entry, where) -> Decision:
    kinds = {"assignment": str, "question": str, "decision": str, "because": str, "date": datetime, "draw": int}
    for name, kind in kinds.items():
        if name not in entry and name != "draw":
            raise CourseError(f"{where}: {name} is missing. Nothing was changed.")
        if name in entry and type(entry[name]) is not kind:
            raise CourseError(f"{where}: {name} is {entry[name]!r}, expected is {'a date and time' if kind is datetime else 'text' if kind is str else 'a whole number'}. Nothing was changed.")
    for name in entry:
        if name not in kinds:
            raise CourseError(f"{where}: {name!r} is none of {', '.join(kinds)}. Nothing was changed.")
    if entry["decision"] not in KINDS:
        raise CourseError(f"{where}: there is no decision {entry['decision']!r}; there are {', '.join(KINDS)}. Nothing was changed.")
    if entry["decision"] == NEW_PROBES and entry.get("draw", 0) < 1:
        raise CourseError(f"{where}: new probes need draw = 1 or more, the number of this drawing. Nothing was changed.")
    return Decision(**entry)


def in_force(root: Path, assignment: str) -> dict[str, Decision]:
    """Question → the last decision on it, for one assignment."""
    last = {decision.question: decision for decision in read(root) if decision.assignment == assignment}
    return {question: decision for question, decision in last.items() if decision.decision != AS_ASKED}


def draws(root: Path) -> dict[tuple[str, str], int]:
    """(assignment, question) → how often its hidden probes were drawn anew."""
    counts: dict[tuple[str, str], int] = {}
    for decision in read(root):
        key = decision.assignment, decision.question
        counts[key] = max(counts.get(key, 0), decision.draw)
    return {key: count for key, count in counts.items() if count}


def mark(root: Path, assignment: str) -> str:
    """What a grade remembers of the decisions it was given under; "" where there are none."""
    words = sorted(f"{decision.question}\n{decision.decision}\n{decision.because}" for decision in in_force(root, assignment).values())
    words += sorted(f"{question}\n{draw}" for (name, question), draw in draws(root).items() if name == assignment)
    return hashlib.sha256("\n\n".join(words).encode()).hexdigest()[:16] if words else ""


def add(root: Path, new: list[Decision]) -> None:
    """Append entries that are not there yet; the file is replaced in one step, what stood in it stays."""
    new = [decision for decision in new if decision not in read(root)]
    file = Path(root) / FILE
    text = file.read_text(encoding="utf-8").rstrip("\n") + "\n" if file.exists() else HEAD
    text += "".join(f"\n[[decision]]\n{_toml(decision)}" for decision in new)
    if new:
        handle, temporary = tempfile.mkstemp(dir=root, prefix=FILE)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
        os.chmod(temporary, stat.S_IMODE(file.stat().st_mode) if file.exists() else 0o644)
        os.replace(temporary, file)


def _toml(decision: Decision) -> str:
    lines = [f"{name} = {json.dumps(getattr(decision, name), ensure_ascii=False)}\n" for name in ("assignment", "question", "decision", "because")]
    lines.append(f"date = {decision.date:%Y-%m-%dT%H:%M:%SZ}\n")
    return "".join(lines) + (f"draw = {decision.draw}\n" if decision.draw else "")


def decide(root: Path, assignment: str, questions: list[str], decision: str, because: str) -> list[Decision]:
    """The entries for a new decision, not yet written. One that is in force already is not made twice."""
    because = " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", because).split())
    if not because:
        raise CourseError('A decision needs its reason, which stands in the record and in every feedback: --because "the text asked for a sum".')
    now, known, standing = datetime.now(timezone.utc).replace(microsecond=0), draws(root), in_force(root, assignment)
    entries = []
    for question in dict.fromkeys(questions):
        before = standing.get(question)
        if decision == AS_ASKED and before is None:
            raise CourseError(f"{question} of {assignment} counts as it was asked: there is no decision on it to take back.")
        if before and before.decision == decision != NEW_PROBES:
            raise CourseError(f"It is decided already: {before}. `course regrade {assignment}` grades again under it.")
        draw = known.get((assignment, question), 0) + 1 if decision == NEW_PROBES else 0
        entries.append(Decision(assignment, question, decision, because, now, draw))
    return entries


# ---------------------------------------------------------------- the gradebook

def questions(gradebook: Gradebook, assignment: str) -> list[str]:
    """The questions of an assignment as the gradebook knows them, in order."""
    try:
        notebooks = gradebook.find_assignment(assignment).notebooks
    except MissingEntry:
        raise CourseError(f"{assignment} is not in the gradebook yet: `course release {assignment}` puts it there.") from None
    return [cells.question_of(cell.name) for notebook in notebooks for cell in notebook.grade_cells]


def refuse_unknown(gradebook: Gradebook, assignment: str, asked, where: str = "") -> None:
    """`CourseError` with the nearest name where the assignment does not ask one of these questions."""
    known = questions(gradebook, assignment)
    for question in asked:
        if question not in known:
            near = difflib.get_close_matches(question, known, n=1, cutoff=0.4)
            raise CourseError(f"{where}{assignment} has no question {question!r}" + (f". Did you mean {near[0]}?" if near else f"; it has {', '.join(known)}."))


def settle(gradebook: Gradebook, assignment: str, decisions: dict[str, Decision]) -> None:
    """Bring the gradebook in line with the decisions in one transaction: what counts, and everybody's points.

    A dropped question is worth 0 of 0, so nbgrader's sums, maxima and exports leave it out. What a person gave is set
    aside with it, and comes back once no decision holds any more.
    """
    waiting = set_aside.cells(gradebook.db, assignment)
    for notebook in gradebook.find_assignment(assignment).notebooks:
        for cell in notebook.grade_cells:
            decision = decisions.get(cells.question_of(cell.name))
            if decision is None and (notebook.name, cell.name) not in waiting:
                continue
            if decision is not None and decision.decision == DROP:
                _worth_nothing(cell)
            for grade in cell.grades:
                settle_grade(grade, decision)
    gradebook.db.commit()


def keep_to(gradebook: Gradebook, assignment: str, decisions: dict[str, Decision]) -> None:
    """Before a class is graded under the decisions: the cells of dropped questions are worth nothing, and what a person has
    given for a decided question in the meantime is set aside, also where a submission has not changed since."""
    for notebook in gradebook.find_assignment(assignment).notebooks:
        for cell in notebook.grade_cells:
            decision = decisions.get(cells.question_of(cell.name))
            if decision is None or decision.decision not in (DROP, FULL_MARKS):
                continue
            if decision.decision == DROP and cell.max_score:
                _worth_nothing(cell)
            for grade in cell.grades:
                if grade.manual_score is not None or grade.extra_credit is not None:
                    settle_grade(grade, decision)
    gradebook.db.commit()


def lost_worth(gradebook: Gradebook, assignment: str, decisions: dict[str, Decision]) -> bool:
    """Whether a question is worth 0 that no decision drops (any more): its points then come from the source again."""
    dropped = {question for question, decision in decisions.items() if decision.decision == DROP}
    return any(cell.max_score == 0 and cells.question_of(cell.name) not in dropped for notebook in gradebook.find_assignment(assignment).notebooks for cell in notebook.grade_cells)


def settle_grade(grade, decision: Decision | None) -> None:
    """One student's points for a question under the decision on it, None where there is none.

    Of a dropped question nothing counts; under full marks no manual score below them does.
    """
    set_aside.give_back(grade)
    if decision is None or decision.decision not in (DROP, FULL_MARKS):
        return
    if decision.decision == DROP:
        _worth_nothing(grade.cell)
        set_aside.take(grade)
    else:
        set_aside.take(grade, manual=grade.manual_score is not None and grade.manual_score < grade.cell.max_score, extra=False)
    grade.auto_score = float(grade.cell.max_score)              # 0 where it was dropped
    grade.needs_manual_grade = False


def _worth_nothing(cell) -> None:
    """Make a graded cell worth 0 points. nbgrader's checksum of a cell counts its points, so it changes with them."""
    cell.max_score = 0.0
    for source in cell.notebook.source_cells:
        if source.name == cell.name:
            mark = {"grade": True, "grade_id": source.name, "points": 0.0, "locked": source.locked, "solution": any(cell.name == each.name for each in cell.notebook.solution_cells)}
            node = {"cell_type": source.cell_type, "source": source.source, "metadata": {"nbgrader": mark}}
            source.checksum = compute_checksum(from_dict(node))
