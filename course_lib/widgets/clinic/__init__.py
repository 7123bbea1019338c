"""The figures of the clinic: sick training runs, and the search for good settings.

    Clinic        twelve sick runs: order tests, make a diagnosis, prescribe                     (ward.js)
    SearchBoard   where are the good settings? a budget of runs, coarse first, then fine         (board.js)

    setup.py          a run as settings and as the lines that are run; when it is well
    patients.py       the twelve, the pharmacy, and treat(patient, prescription)
    examinations.py   the six tests
"""

from course_lib.widgets.clinic.board import SearchBoard
from course_lib.widgets.clinic.examinations import TESTS, examine
from course_lib.widgets.clinic.patients import PATIENTS, PHARMACY, treat
from course_lib.widgets.clinic.rounds import Clinic
from course_lib.widgets.clinic.setup import Setup, is_well, record, ward

__all__ = ["Clinic", "SearchBoard", "PATIENTS", "PHARMACY", "TESTS", "Setup", "examine", "is_well", "record", "treat", "ward"]
