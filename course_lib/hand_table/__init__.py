"""The table of one neuron that is filled by hand, and the one who looks over your shoulder.

    table.py      HandTable: fill, check, solution
    formulas.py   each column from the column before it, as on the slides
    judge.py      what counts as right, cell by cell, on the student's own earlier numbers
    report.py     what is said about it
    view.py       the table in a terminal and in a notebook
"""

from course_lib.hand_table.report import CellReport, TableReport
from course_lib.hand_table.table import HandTable

__all__ = ["HandTable", "TableReport", "CellReport"]
