"""nbgrader's settings for this course. `course` wrote this file once; it is yours now: add your own at the end."""

from pathlib import Path

from autograder.course_root import settings
from autograder.grading.plugins import configure

c = get_config()  # noqa: F821  (nbgrader provides it)
here = Path(__file__).resolve().parent
course = settings(here)

c.CourseDirectory.root = str(here)
c.CourseDirectory.course_id = course.course_id
c.Exchange.root = str(course.exchange)
c.Exchange.cache = str(here / "cache")
c.Exchange.assignment_dir = str(course.homework)

configure(c)  # grading: the same verdicts from the command line and from the formgrader's button
