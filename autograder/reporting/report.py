"""`course report`: the class, one student, or one question across the class, written into `reports/` of the course root."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup
from nbconvert.filters import markdown2html

from ..authoring.assignment import build_notebook
from ..grading.attempts import now
from ..grading.cells import question_of
from ..grading.course import Course
from . import exports, figures, findings, pages
from .classroom import BECAME, Classroom, Student
from .gathering import gather
from .mathematics import to_mathml

FOLDER = "reports"


def write(course: Course, assignment: str, *, student: str | None = None, question: str | None = None, similarity=False, export: str | None = None) -> tuple[list[Path], list[str]]:
    """Write what was asked for, or else the report on the class; returns the files and what should be said of them.

    `CourseError` where nothing has been graded, a student or question is unknown, or the library for `similarity` is missing.
    """
    room, said = gather(course, assignment), []
    wanted = []
    if student is not None:
        who = room.student(student)
        wanted.append((f"{assignment}_{quote(student, safe='')}.html", one_student(room, who)))
    if question is not None:
        wanted.append((f"{assignment}.{room.question(question).name}.html", one_question(room, question)))
    if similarity:
        from .similarity import compare

        wanted.append((f"{assignment}.similarity.html", pages.render("similarity.html", room=room, made=now(), found=compare(course, room))))
    if export is not None:
        wanted.append((f"{assignment}.{export}.csv", exports.lms(room, export)))
        said += exports.reservations(room)
    if not wanted:
        wanted = [(f"{assignment}.html", the_class(room)), (f"{assignment}.points.csv", exports.points_csv(room)), (f"{assignment}.mistakes.csv", exports.mistakes_csv(room))]
    return [_put(course.root / FOLDER / name, content) for name, content in wanted], said


def _put(path: Path, content: bytes) -> Path:
    """Write a file whole or not at all, readable by its owner alone: it holds grades."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    os.replace(fresh, path)
    return path


# ---------------------------------------------------------------- the pages

def the_class(room: Classroom) -> bytes:
    """The page on the whole class, every student's part included."""
    totals = [student.points for student in room.students]
    shared = None if room.per_student else solutions(room, "")
    return pages.render(
        "class.html", room=room, made=now(), titles=findings.titles(room), scores=figures.spread(totals, room.most, 10, "points"), unread=sum(bool(s.unread) for s in room.students),
        questions=[(standing, figures.spread(standing.points, standing.worth, 5, "points")) for standing in room.standings],
        tries=findings.tries(room), became=[(name, room.became[name]) for name in BECAME], took=findings.took(room),
        solutions={student.id: solutions(room, student.id) if shared is None else shared for student in room.students})


def one_student(room: Classroom, student: Student) -> bytes:
    """One student's page, with the assignment as they were asked it."""
    return pages.render("student.html", room=room, made=now(), student=student, solution=solutions(room, student.id), asked=asked(room, student.id))


def one_question(room: Classroom, name: str) -> bytes:
    """Every student's answer to one question; those with the same points and verdict stand together."""
    question = room.question(name)
    standing = next(standing for standing in room.standings if standing.question.name == name)
    answers = [(student, student.answers[name]) for student in room.students if name in student.answers]
    answers.sort(key=lambda pair: (pair[1].points is not None, pair[1].points or 0, pair[1].verdict.headline if pair[1].verdict else "", pair[0].id))
    solution = "" if room.per_student or not question.automatic else solutions(room, "").get(name, "")
    return pages.render("question.html", room=room, made=now(), standing=standing, answers=answers, solution=solution, drawn=figures.spread(standing.points, standing.worth, 5, "points"))


# ---------------------------------------------------------------- the right answers

def solutions(room: Classroom, student: str) -> dict[str, str]:
    """Question → what the solved source answers, for the variant of a student."""
    found, written = {}, []
    for cell in _solved(room, student).cells:
        mark = cell.metadata.get("nbgrader", {})
        if mark.get("solution") and not mark.get("grade"):
            written.append(_without_marks(cell.source))
        elif mark.get("grade"):
            found[question_of(mark["grade_id"])], written = "\n\n".join(written), []
    return found


def asked(room: Classroom, student: str) -> list[tuple[str, str]]:
    """The solved assignment as ("prose", HTML) and ("code", text), check cells left out."""
    pieces = []
    for cell in _solved(room, student).cells:
        if cell.cell_type == "markdown":
            pieces.append(("prose", _prose(cell.source)))
        elif not cell.metadata.get("nbgrader", {}).get("grade"):
            pieces.append(("code", _without_marks(cell.source)))
    return pieces


def _prose(markdown: str) -> Markup:
    """Markdown of our own as HTML: headings two levels down and without their anchors, displayed formulas that scroll where they are too wide."""
    text = re.sub(r'<a class="anchor-link".*?</a>', "", markdown2html(to_mathml(markdown)))
    text = re.sub(r'<math[^>]*display="block".*?</math>', r'<span class="formula" tabindex="0" role="region" aria-label="Formula">\g<0></span>', text, flags=re.S)
    return Markup(re.sub(r"<(/?)h([1-4])\b", lambda tag: f"<{tag[1]}h{int(tag[2]) + 2}", text))


def _solved(room, student):
    return build_notebook(room.assignment, room.variant.term, student) if room.per_student and student else build_notebook(room.assignment, room.variant.term)


def _without_marks(source: str) -> str:
    return "\n".join(line for line in source.splitlines() if line.strip() not in ("### BEGIN SOLUTION", "### END SOLUTION"))
