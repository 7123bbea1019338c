"""A graded class without the grading: a course root whose gradebook, graded notebooks and attempts are written directly.

The verdicts are real: each cell is judged by A1's own questions, here in this process.
"""

import copy
import hashlib
import warnings
from pathlib import Path

import nbformat
import numpy as np
from nbgrader.api import Gradebook

from autograder.assignments import load
from autograder.authoring.assignment import build_notebook
from autograder.grading.cells import CHECK_PREFIX
from autograder.authoring.proof import names_of, without_solutions
from autograder.course_root import make_course_root
from autograder.grading.answers import answers
from autograder.grading.attempts import Attempt, record
from autograder.grading.course import Course
from autograder.variants import Secret, Variant
from grading.submissions.a1 import RIGHT, WRONG

SECRET = Secret(b"of a class that is reported on")
HOSTILE = '<script>document.title = "run"</script>'
TURNED = "\u202egnirts\u202c"
NOTEBOOK = "A1_hand_table"


def wrong(**mistakes):
    """Question → the cell that makes the mistake."""
    return {question: WRONG[question][mistake][0] for question, mistake in mistakes.items()}


BLANK = None
CLASS = {
    # student: (first name, last name, attempts (cells, or BLANK), hints at each, points a person gave or None)
    "ada": ("Ada", "Lovelace", [wrong(sigmoid="Overflow", squared_error="Sum instead of mean"), wrong(squared_error="Sum instead of mean"), {}], [{"sigmoid": 1}, {"sigmoid": 2}, {"sigmoid": 2}], 12),
    "bob": ("Robert", 'O"Neil', [wrong(sigmoid="Overflow"), wrong(sigmoid="exp(+h) instead of exp(−h)")], [{}, {"sigmoid": 3, "predict": 1}], None),
    "carol": ("", "", [wrong(sigmoid="Overflow", weighted_sum="Forgot the bias")], [{}], None),
    "dan": ("Dan", "", [wrong(sigmoid="Overflow", weighted_sum="Forgot the bias"), wrong(sigmoid="Overflow")], [{}, {}], None),
    "eve": (HOSTILE, "=cmd|' /C calc'!A0", [{"squared_error": f"def squared_error(y, p):\n    '''{HOSTILE} {TURNED}'''\n    raise ValueError('{HOSTILE}')"}], [{}], None),
    "@formula": ("", "", [RIGHT["loops"]], [{}], 15),
    "zoe <b>": ("Zoë", "", [BLANK], [{}], None),
}
ANSWERS = {"eve": f"{HOSTILE} {TURNED} & \"quoted\" \ud800", "ada": "The line should say exp(0.5)."}
OWN = {"bob": "x = np.arange(3)  # to try it out"}       # cells of their own, in their last attempt
UNKEPT = {("dan", 0)}                                    # attempts that were recorded before texts were kept
ABSENT = "nobody"


def make_class(folder: Path) -> Course:
    """A course root in which everybody of `CLASS` has handed in A1 and been graded, and `ABSENT` has not."""
    root = make_course_root(folder / "course")
    course, source = Course(root), build_notebook("A1")
    for step, notebook in (("source", source), ("release", without_solutions(source))):
        place = course.place(step, "A1")
        place.mkdir(parents=True)
        nbformat.write(notebook, place / f"{NOTEBOOK}.ipynb")
    with course.gradebook() as gradebook:
        enter(gradebook, source)
        gradebook.add_student(ABSENT, first_name="No", last_name="Body", lms_user_id="77")
        for number, (student, (first, last, tries, hints, manual)) in enumerate(CLASS.items()):
            gradebook.add_student(student, first_name=first or None, last_name=last or None, email=f"{number}@example.edu", lms_user_id=str(100 + number))
            for place, (cells, opened) in enumerate(zip(tries, hints)):
                notebook, verdicts = judged(source, cells, ANSWERS.get(student, "Because of the minus."))
                if student in OWN and cells is tries[-1]:
                    notebook.cells.append(nbformat.v4.new_code_cell(OWN[student], id="own"))
                    notebook.metadata["grading"]["submission"] = digest(notebook)
                add_attempt(root, student, place, notebook, verdicts, opened)
            hand_in(course, gradebook, student, notebook, verdicts, manual)
    return course


def judged(source, cells, answer):
    """A notebook with these answers, and the verdict on each question."""
    notebook = without_solutions(source) if cells is BLANK else copy.deepcopy(source)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = "\n".join(line for line in cell.source.splitlines() if "SOLUTION" not in line)
        if cells and name in cells:
            cell.source = cells[name].strip()
        if name == "explain_e1" and cells is not BLANK:
            cell.source = answer
    names, verdicts = names_of(notebook), {}

    def get(wanted):
        if wanted not in names:
            raise NameError(wanted)
        return names[wanted]

    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for question in load("A1").questions:
            if question.automatic:
                verdicts[question.name] = question.judge(get, SECRET.rng(Variant("A1"), question.name), "A1")
    for cell in notebook.cells:
        verdict = verdicts.get(cell.metadata.get("nbgrader", {}).get("grade_id", "").removeprefix(CHECK_PREFIX))
        if verdict is not None and cell.cell_type == "code" and cell.metadata.nbgrader.grade:
            cell.outputs = [nbformat.v4.new_output("execute_result", data=verdict._repr_mimebundle_(), execution_count=None)]
    notebook.metadata["grading"] = {"submission": digest(notebook), "grader": "1"}
    return notebook, verdicts


def digest(notebook) -> str:
    return hashlib.sha256("".join(cell.source for cell in notebook.cells).encode("utf-8", "backslashreplace")).hexdigest()


def add_attempt(root, student, place, notebook, verdicts, opened):
    record(root, Attempt(student, "A1", digest(notebook), "1", f"2027-03-{place + 2:02d}T12:00:00+00:00", 1.5 + place,
                         handed_in=f"2027-03-{place + 1:02d}T18:30:00+00:00", verdicts=verdicts, hints=opened,
                         answers={} if (student, place) in UNKEPT else answers(notebook)))


def enter(gradebook: Gradebook, source):
    """A1 in the gradebook, as releasing it would put it there."""
    gradebook.add_assignment("A1")
    gradebook.add_notebook(NOTEBOOK, "A1")
    for cell in source.cells:
        mark = cell.metadata.get("nbgrader", {})
        if mark.get("grade"):
            gradebook.add_grade_cell(mark["grade_id"], NOTEBOOK, "A1", max_score=mark["points"], cell_type=cell.cell_type)
        if mark.get("solution"):
            gradebook.add_solution_cell(mark["grade_id"], NOTEBOOK, "A1")


def hand_in(course, gradebook, student, notebook, verdicts, manual):
    """The last attempt, as grading leaves it: in submitted, in autograded and in the gradebook."""
    for step in ("submitted", "autograded"):
        place = course.place(step, "A1", student)
        place.mkdir(parents=True)
        (place / f"{NOTEBOOK}.ipynb").write_text(nbformat.writes(notebook).encode("utf-8", "backslashreplace").decode(), encoding="utf-8")
    gradebook.add_submission("A1", student)
    for name, verdict in verdicts.items():
        gradebook.find_grade(CHECK_PREFIX + name, NOTEBOOK, "A1", student).auto_score = verdict.points
    grade = gradebook.find_grade("explain_e1", NOTEBOOK, "A1", student)
    grade.manual_score, grade.needs_manual_grade = manual, manual is None
    for other in gradebook.find_submission("A1", student).notebooks[0].grades:
        if other.name != "explain_e1":
            other.needs_manual_grade = False
    gradebook.db.commit()
