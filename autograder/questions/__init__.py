"""The language in which an assignment is written: questions, their probes, and the mistakes they know by name.

A `FunctionQuestion` compares the student's function with the reference on probes; where they differ, with each
`Mistake`, a wrong implementation that students really write. A `ValuesQuestion` judges numbers that the student chose,
a `TableQuestion` a table or any derivation (`Sheet`) worked out by hand, column by column on the student's own earlier
numbers, a `ChoiceQuestion` a choice among named options. A `ManualQuestion` is read by a person. Each yields a `Verdict`.

Probes come in two sorts. Public ones are in the open: the student's own notebook practises on them, and feedback shows
them. Hidden ones are drawn anew from the instructor's secret; a group of probes gives its points only when all of its
probes, hidden ones included, are answered rightly.
"""

from ..verdicts import Verdict
from .choices import Choice, ChoiceQuestion
from .functions import FunctionQuestion
from .language import Assignment, ManualQuestion, Mistake, Probe, Question, Remark
from .observation import Observation, observe
from .sheet import Sheet
from .tables import TableQuestion
from .values import ValuesQuestion

__all__ = ["Assignment", "Choice", "ChoiceQuestion", "FunctionQuestion", "ManualQuestion", "Mistake", "Observation", "Probe", "Question", "Remark", "Sheet", "TableQuestion",
           "ValuesQuestion", "Verdict", "observe"]
