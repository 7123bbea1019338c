"""The figures of lecture L16: from here to PyTorch, and a project.

    SideBySide    one training run in course_lib and in PyTorch: matching lines light up, and one loss curve grows
    Leaks         the checklist of a project, and what each broken point of it does to the accuracy
"""

from course_lib.widgets.sidebyside.pairs import SideBySide
from course_lib.widgets.sidebyside.project import Leaks

__all__ = ["Leaks", "SideBySide"]
