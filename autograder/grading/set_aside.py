"""What a person gave for a question that no longer counts as it was asked: set aside in the gradebook, and given back.

nbgrader's sums count a manual score and extra credit whatever the question is worth. So they wait in a table of our own
in the same database: they leave and come back in the transaction that settles the question, and every backup has them.
"""

from __future__ import annotations

from nbgrader.api import Base, Grade
from sqlalchemy import Column, Float, String, Table, and_, delete, insert, select
from sqlalchemy.orm import Session, object_session

KEY = ("assignment", "notebook", "cell", "student")
TABLE = Table("set_aside", Base.metadata,          # among nbgrader's own, so that whoever opens the gradebook finds it there
              *(Column(name, String(255), primary_key=True) for name in KEY), Column("manual_score", Float), Column("extra_credit", Float))


def cells(session: Session, assignment: str) -> set[tuple[str, str]]:
    """(notebook, graded cell) of which something is set aside."""
    return {tuple(row) for row in session.execute(select(TABLE.c.notebook, TABLE.c.cell).where(TABLE.c.assignment == assignment).distinct())}


def given(grade: Grade) -> tuple[float | None, float | None]:
    """The (manual score, extra credit) set aside of a grade; None for what is not."""
    row = object_session(grade).execute(select(TABLE.c.manual_score, TABLE.c.extra_credit).where(_of(grade))).first()
    return tuple(row) if row else (None, None)


def give_back(grade: Grade) -> None:
    """Put back what was set aside; what a person has given since then stays in its place."""
    manual, extra = given(grade)
    if manual is None and extra is None:
        return
    grade.manual_score = manual if grade.manual_score is None else grade.manual_score
    grade.extra_credit = extra if grade.extra_credit is None else grade.extra_credit
    object_session(grade).execute(delete(TABLE).where(_of(grade)))


def take(grade: Grade, *, manual: bool = True, extra: bool = True) -> None:
    """Set the manual score and the extra credit aside. Nothing is set aside of the grade yet."""
    away = {"manual_score": grade.manual_score if manual else None, "extra_credit": grade.extra_credit if extra else None}
    if away["manual_score"] is None and away["extra_credit"] is None:
        return
    object_session(grade).execute(insert(TABLE).values(**_key(grade), **away))
    for name, value in away.items():
        if value is not None:
            setattr(grade, name, None)


def _key(grade: Grade) -> dict[str, str]:
    notebook = grade.notebook
    return dict(zip(KEY, (notebook.assignment.name, notebook.name, grade.name, notebook.assignment.student_id)))


def _of(grade: Grade):
    return and_(*(TABLE.c[name] == value for name, value in _key(grade).items()))
