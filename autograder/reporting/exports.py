"""Points as CSV: for reading, for Canvas and for Moodle. No cell can be taken for a formula by a spreadsheet.

Canvas, gradebook import: the columns Student, ID, SIS User ID, SIS Login ID and Section in this order, then one for each
assignment, and a row "Points Possible". Canvas looks for ID first (its own number, nbgrader's `lms_user_id`), then for
SIS User ID, then for SIS Login ID.  https://community.canvaslms.com/t5/Instructor-Guide/How-do-I-import-grades-in-the-Gradebook/ta-p/807
Moodle, Grades → Import → CSV file: any columns, mapped by hand to user and grade item; the user's are named as Moodle's
own export names them. Feedback must come together with the grade.  https://docs.moodle.org/en/Grade_import
"""

from __future__ import annotations

import csv
import io
import re

from ..errors import CourseError
from .classroom import Classroom, Student
from .pages import points

CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
MOODLE = ("First name", "Last name", "ID number", "Email address")


def points_csv(room: Classroom) -> bytes:
    """A row for each student: points in all and by question; empty where a person still has to read."""
    questions = [question.name for question in room.questions.questions]
    rows = [["student", "name", "attempts", "points", *questions]]
    rows.append(["points possible", "", "", room.most, *(room.worth.get(name) for name in questions)])
    for student in room.students:
        answers = [student.answers.get(name) for name in questions]
        rows.append([student.id, student.name, len(student.attempts), student.points, *(None if answer is None else answer.points for answer in answers)])
    return _csv(rows)


def mistakes_csv(room: Classroom) -> bytes:
    """A row for each mistake that anybody made."""
    return _csv([["question", "mistake", "now", "ever", "lecture", "sentence", "students now"],
                 *([m.question, m.name, len(m.now), len(m.ever), m.lecture, m.sentence, " ".join(student.id for student in m.now)] for m in room.misconceptions)])


def lms(room: Classroom, system: str) -> bytes:
    """What `system`, "canvas" or "moodle", imports; `CourseError` where it is another."""
    if system not in SYSTEMS:
        raise CourseError(f"There is no export for {system!r}: {' or '.join(SYSTEMS)}. nbgrader's own is `nbgrader export`.")
    return SYSTEMS[system](room)


def canvas_csv(room: Classroom) -> bytes:
    """Everybody in the gradebook; who has no graded submission keeps in Canvas what stands there."""
    rows = [[*CANVAS, column(room)], ["Points Possible", "", "", "", "", room.most]]
    rows += [[student.name, student.lms_id, "", student.id, "", student.points if student.attempts else None] for student in everybody(room)]
    return _csv(rows)


def moodle_csv(room: Classroom) -> bytes:
    """A grade and a feedback in words for each graded student. (Moodle sets to nothing what an import leaves empty.)"""
    rows = [[*MOODLE, column(room), f"{column(room)} feedback"]]
    rows += [[student.first_name, student.last_name, student.id, student.email, student.points, _feedback(room, student)] for student in room.students]
    return _csv(rows)


SYSTEMS = {"canvas": canvas_csv, "moodle": moodle_csv}


def column(room: Classroom) -> str:
    """The assignment's name in the other system: "A1 The hand table"."""
    return f"{room.assignment} {room.questions.title}"


def everybody(room: Classroom) -> list[Student]:
    return sorted([*room.students, *room.absent], key=lambda student: student.id)


def reservations(room: Classroom) -> list[str]:
    """What whoever sends the points on should know."""
    unread, said = [student.id for student in room.students if student.unread], []
    if unread:
        said.append(f"Points so far only, because a person still has to read an answer of: {', '.join(unread)}.")
    if room.absent:
        said.append(f"Without a graded submission: {', '.join(student.id for student in room.absent)}.")
    return said


def _feedback(room, student) -> str:
    """Points by question with the mistakes' names; our own words only, since Moodle reads them as HTML."""
    parts = []
    for question in room.questions.questions:
        answer = student.answers.get(question.name)
        if answer is None:
            continue
        known = {mistake.name for mistake in question.mistakes}
        named = [name for name in (answer.verdict.mistakes if answer.verdict else ()) if name in known]
        got = "to be read" if answer.points is None else f"{points(answer.points)} of {points(room.worth.get(question.name, 0.0))}"
        parts.append(f"{question.name}: {got}" + (f" ({', '.join(named)})" if named else ""))
    return "; ".join(parts)


def _csv(rows) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([[_cell(value) for value in row] for row in rows])
    return text.getvalue().encode("utf-8", "backslashreplace")


def _cell(value) -> str:
    """A cell's text. What a spreadsheet would run as a formula gets an apostrophe before it; a number stays a number.

    >>> [_cell(value) for value in ("=1+1", " @x", "ada", -2.5, None)]
    ["'=1+1", "' @x", 'ada', '-2.5', '']
    """
    if value is None:
        return ""
    if isinstance(value, (int, float)):
        return points(value)
    text = re.sub(r"[\x00-\x1f\x7f]+", " ", str(value))
    return f"'{text}" if re.match(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20|%]", text) else text
