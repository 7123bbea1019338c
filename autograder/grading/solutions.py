"""Worked solutions: the solved notebook, run and judged like a submission, with the usual mistakes of each question.

Students fetch them like an assignment, as `A1_solutions`: a folder in the exchange that the gradebook does not know, so
that no sum and no export changes by it.
"""

from __future__ import annotations

import copy
import re
import shutil
import tempfile
from collections import Counter
from datetime import datetime, timedelta, timezone
from pathlib import Path

import nbformat
from nbconvert.exporters import HTMLExporter
from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbgrader.api import MissingEntry
from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme
from nbgrader.utils import is_grade, is_solution

from ..assignments import folders, load
from ..authoring.assignment import build_notebook, notebook_name
from ..errors import CourseError
from ..reporting.mathematics import MathML
from ..verdicts import verdict_of
from . import batch, conditions, deadlines, decisions, submission, unit
from .cells import question_of
from .course import Course

MARKERS = ("### BEGIN SOLUTION", "### END SOLUTION")
MOST_MISTAKES = 4
ENDING = "_solutions"


def publish(course: Course, assignment: str, *, force: bool = False) -> str:
    """Put the worked solutions into the exchange; returns the name under which students fetch them.

    `CourseError` while the assignment can still be handed in (unless `force`), and where the solution does not earn its
    points. What was published before is kept in backups/ where it differs.
    """
    course.exchange()
    if not force:
        refuse_early(course, assignment)
    return course.publish(write(course, assignment), f"{assignment}{ENDING}")


def refuse_early(course: Course, assignment: str) -> None:
    """`CourseError` where somebody may still hand the assignment in, as far as the exchange and the gradebook tell."""
    with course.gradebook() as gradebook:
        try:
            known = gradebook.find_assignment(assignment)
        except MissingEntry:
            raise CourseError(f"{assignment} has not been released, so its solutions would come before it. --force publishes them all the same.") from None
        due = known.duedate and known.duedate + max([submitted.extension or timedelta() for submitted in known.submissions], default=timedelta())
    policy = deadlines.policy_for(course.root, assignment)
    if policy.due is not None:
        due = max([policy.due, *map(policy.due_for, policy.extensions)]).replace(tzinfo=None)
    if not course.is_released(assignment):
        if not course.submitted(assignment):
            raise CourseError(f"{assignment} has not been released, so its solutions would come before it. --force publishes them all the same.")
        return                                          # taken out of the exchange: nobody can hand it in
    if due is None:
        raise CourseError(f"{assignment} can still be handed in: it is in the exchange and has no due date. Give it one in deadlines.toml of the course root, "
                          "or publish all the same with --force.")
    if due > datetime.now(timezone.utc).replace(tzinfo=None):
        raise CourseError(f"{assignment} can still be handed in until {due:%Y-%m-%d %H:%M} UTC, extensions included. --force publishes its solutions all the same.")


def write(course: Course, assignment: str, student: str = "") -> Path:
    """Write the worked solutions, of everybody's or of one student's variant, into `solutions/`; returns their folder."""
    if student:
        _known_student(course, student)
    sources = _sources(course, assignment, student)
    target = course.root / "solutions" / assignment
    target = target / "students" / student if student else target / "everybody"
    with tempfile.TemporaryDirectory(prefix="course-") as folder:
        made = Path(folder) / "made"
        made.mkdir()
        for name, notebook in sources.items():
            worked = work(course, assignment, notebook, student)
            nbformat.write(worked, made / f"{name}_solution.ipynb")
            (made / f"{name}_solution.html").write_text(page(worked, f"{assignment}, worked solutions"), encoding="utf-8")
        for name, content in unit.beside(course.place("release", assignment)).items():
            (made / name).parent.mkdir(parents=True, exist_ok=True)
            (made / name).write_bytes(content)
        with course.set_aside(target):
            shutil.copytree(made, target)
    return target


def _known_student(course, student):
    with course.gradebook() as gradebook:
        known = {known.id for known in gradebook.students}
    if student not in known:
        raise CourseError(f"The gradebook has no student {student!r}" + (f"; it has {', '.join(sorted(known)[:10])}{' …' if len(known) > 10 else ''}." if known else " yet."))


def _sources(course, assignment, student) -> dict[str, nbformat.NotebookNode]:
    """Name → solved notebook: as it stands in `source/`; made anew where each student has numbers of their own."""
    notebooks = {path.stem: nbformat.read(path, as_version=4) for path in sorted(course.place("source", assignment).glob("*.ipynb"))}
    if not notebooks:
        raise CourseError(f"The source of {assignment} is missing: `course build {assignment}` with this course's term makes it again.")
    for name, notebook in notebooks.items():
        made = notebook.metadata.get("course", {})
        if made.get("own") and made.get("assignment") in folders() and name == notebook_name(made["assignment"]):
            notebooks[name] = _for(build_notebook(made["assignment"], made.get("term", ""), student), student)
    return notebooks


def _for(notebook, student):
    """The notebook with a student's name in its check cells, and a word on whose numbers it has."""
    for cell in notebook.cells:
        if student and _is_check(cell):
            cell.source = f"{cell.source.removesuffix(')')}, student={student!r})"
    whose = f"These are the numbers of {student}." if student else "Your numbers are others than those here, which are an example; the way is the same."
    notebook.cells.insert(1, nbformat.v4.new_markdown_cell(f"*{whose}*", id="whose-numbers"))
    return notebook


def _is_check(cell) -> bool:
    return cell.cell_type == "code" and is_grade(cell) and not is_solution(cell)


# ---------------------------------------------------------------- one notebook

def work(course: Course, assignment: str, source: nbformat.NotebookNode, student: str = "") -> nbformat.NotebookNode:
    """The solved notebook with its outputs, its verdicts and the usual mistakes; `CourseError` where it is not right itself."""
    notebook, decided = copy.deepcopy(source), decisions.in_force(course.root, assignment)
    for cell in notebook.cells:
        cell.source = "\n".join(line for line in cell.source.splitlines() if line.strip() not in MARKERS)
    graded = submission.grade(notebook, conditions.secret_of(course.root), student=student, files=unit.beside(course.place("source", assignment)))
    for cell in filter(_is_check, graded.notebook.cells):
        name, most = cell.metadata.nbgrader["grade_id"], float(cell.metadata.nbgrader["points"])
        question = question_of(name)
        if graded.points[name] < most and question not in decided:
            why = graded.verdicts[name].headline if name in graded.verdicts else cell.outputs[0].get("evalue", "") if cell.outputs else ""
            raise CourseError(f"The solution of {question} in {assignment} earns {graded.points[name]:g} of {most:g} points itself: {why} Nothing was published.")
    graded.notebook.cells = list(_with_notes(graded.notebook.cells, _questions(source), decided, _common(course, assignment)))
    for clear in (ClearHiddenTests(), ClearMarkScheme()):
        clear.preprocess(graded.notebook, {})
    for cell in graded.notebook.cells:
        cell.metadata.pop("nbgrader", None)             # to read and to run, not to hand in
    return graded.notebook


def _questions(source) -> dict:
    """Question → what the package knows of it; {} for an assignment of the instructor's own."""
    made = source.metadata.get("course", {})
    if made.get("assignment") not in folders():
        return {}
    return {question.name: question for question in load(made["assignment"], made.get("term", "")).questions}


def _common(course, assignment) -> dict[str, Counter]:
    """Question → how often each mistake was made, where the class has been graded."""
    counts: dict[str, Counter] = {}
    for student in course.submitted(assignment):
        for _, notebook in batch.autograded(course, assignment, student):
            for verdict in filter(None, (verdict_of(cell.get("outputs")) for cell in notebook.cells)):
                counts.setdefault(verdict.question, Counter()).update(verdict.mistakes)
    return counts


def _with_notes(cells, questions, decided, common):
    """The cells, headed by a word on what they are, each answer followed by the decision on its question and by its usual mistakes."""
    yield nbformat.v4.new_markdown_cell("**Worked solutions.** The answers here are right; answers written otherwise may be right too.", id="worked-solutions")
    for cell in cells:
        yield cell
        if not is_grade(cell):
            continue
        name = question_of(cell.metadata.nbgrader["grade_id"])
        notes = [decided[name].for_students()] if name in decided else []
        question = questions.get(name)
        if question is not None:
            if cell.cell_type == "markdown" and not question.automatic:
                notes.append("A person reads this answer; many are right.")
            notes.append(mistakes(question, common.get(name, Counter())))
            notes.append(f"To read again: {question.lecture}." if question.lecture else "")
        if any(notes):
            yield nbformat.v4.new_markdown_cell("\n\n".join(filter(None, notes)), id=re.sub(r"[^\w-]", "-", f"notes-{name}", flags=re.ASCII)[:64])


def mistakes(question, counts: Counter) -> str:
    """The usual mistakes in plain words: first those that this class made, the most common first, then the catalogue's."""
    chosen = sorted(question.mistakes, key=lambda mistake: -counts[mistake.name])[:MOST_MISTAKES]
    return "**Usual mistakes**\n\n" + "\n".join(f"- **{mistake.name}.** {mistake.sentence}" for mistake in chosen) if chosen else ""


PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>
<style>{css}
body {{ max-width: 50em; margin: 2em auto; padding: 0 1em; font: 1rem/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; }}
pre {{ overflow-x: auto; padding: .6em; background: #f6f6f6; }} .prompt, .anchor-link {{ display: none; }}
table {{ border-collapse: collapse; }} td, th {{ border: 1px solid #999; padding: .2em .6em; }} img {{ max-width: 100%; }}
</style></head><body><main>{body}</main></body></html>
"""


def page(notebook: nbformat.NotebookNode, title: str) -> str:
    """The notebook as one page that fetches nothing from anywhere."""
    exporter = HTMLExporter(template_name="basic", preprocessors=[MathML, CSSHTMLHeaderPreprocessor])
    body, resources = exporter.from_notebook_node(copy.deepcopy(notebook))
    return PAGE.format(title=title, css="\n".join(resources["inlining"]["css"]), body=body.replace('role="status"', 'role="group"'))
