"""Browser path 5 with users of the operating system: an instructor, a student and a second student, who share an exchange.

Each has a checkout, a course root and a JupyterLab of their own; what passes between them passes through the exchange.
"""

from __future__ import annotations

import stat
from contextlib import contextmanager
from pathlib import Path

import pytest

from autograder.lab import environment as of_course
from browser.test_browser_homework import (
    ANSWERS, AUTOMATIC, LOST, assignments, formgrader, manual, mark, press, run, solve, verdict,
)
from browser.test_browser_setup import kernel_ready
from labserver import copy_of_checkout, running_lab
from others import users

pytestmark = [pytest.mark.browser, pytest.mark.slow]

INSTRUCTOR, STUDENT, OTHER = "course-ines", "course-sam", "course-kim"
NOTEBOOK = "A1_hand_table.ipynb"


class Place:
    """What one user has: a checkout with a course root, a running lab, a window of a browser."""

    def __init__(self, somebody, lab, page):
        self.somebody, self.lab, self.page = somebody, lab, page
        self.root, self.homework = lab.folder / "course", lab.folder / "homework" / "A1"

    def open(self, path="lab"):
        self.page.goto(self.lab.page(path))


@contextmanager
def at_work(somebody, exchange, chromium):
    folder = somebody.own(copy_of_checkout(somebody.home / "neural networks"))
    with running_lab(folder, "--shared-exchange", str(exchange), somebody=somebody) as lab:
        context = chromium.new_context(viewport={"width": 1400, "height": 950})
        page = context.new_page()
        page.set_default_timeout(90_000)
        yield Place(somebody, lab, page)
        context.close()


@pytest.fixture(scope="module")
def people(require, chromium):
    """The instructor and the student at work, and the second student, who prefers a terminal."""
    with users([INSTRUCTOR, STUDENT, OTHER], require) as [ines, sam, kim]:
        exchange = ines.home.parent / "srv" / "exchange"               # the instructor's `course lab` makes it
        exchange.parent.mkdir()
        ines.own(exchange.parent)
        with at_work(ines, exchange, chromium) as instructor:
            with at_work(sam, exchange, chromium) as student:
                yield instructor, student, kim


def test_a_homework_passes_from_user_to_user(people, tmp_path_factory):
    instructor, student, kim = people
    exchange = instructor.somebody.home.parent / "srv" / "exchange"
    pictures = tmp_path_factory.getbasetemp()

    # the instructor makes and releases it
    built = instructor.somebody.run(instructor.somebody.python, "-m", "autograder.cli", "build", "A1", cwd=instructor.lab.folder, PYTHONPATH=str(instructor.lab.folder))
    assert built.returncode == 0, built.stderr
    instructor.open()
    grader = formgrader(instructor.page)
    press(grader, "A1", "generate")
    press(grader, "A1", "release")
    assert stat.S_IMODE(exchange.stat().st_mode) == 0o1777, "nobody may take away what is another's, after a release too"

    # the student finds it, fetches, solves with one mistake, is told which, and submits
    student.open()
    assignments(student.page)
    student.page.locator("#released_assignments_list button:text-is('Fetch')").click()
    student.page.locator("#fetched_assignments_list button:text-is('Submit')").wait_for()
    student.open(f"lab/tree/homework/A1/{NOTEBOOK}")
    kernel_ready(student.page)
    solve(student.page)
    run(student.page, "Run All Cells")
    verdict(student.page, "sigmoid").filter(has_text="Right").wait_for()
    verdict(student.page, "weighted_sum").filter(has_text="Forgot the bias").wait_for()
    student.page.keyboard.press("Escape")
    student.page.keyboard.press("Control+s")
    student.page.wait_for_selector(".lm-DockPanel-tabBar .jp-mod-dirty[title*='A1_hand_table']", state="detached")
    assert ANSWERS[1].splitlines()[-1].strip() in (student.homework / NOTEBOOK).read_text()
    assignments(student.page)
    student.page.locator("#fetched_assignments_list button:text-is('Submit')").click()
    student.page.locator("#submitted_assignments_list >> text=A1").first.wait_for()
    student.page.screenshot(path=pictures / "two-users-submitted.png")

    # the second student hands in too, and nobody can look into what is another's
    other_student_hands_in(kim, exchange)
    keeps_to_their_own(student, kim, instructor, exchange)

    # the instructor collects from both, grades the first, reads the answer in words, and releases the feedback
    grader = formgrader(instructor.page)
    press(grader, "A1", "collect")
    assert {path.parent.name for path in (instructor.root / "submitted").glob("*/A1")} == {STUDENT, OTHER}
    grader.locator("tr:has(td.name:has-text('A1')) .num-submissions a").click()
    row = f"table tbody tr:has-text('{STUDENT}')"
    press(grader, "", "autograde", rows=row)
    grader.locator(row).locator(f"text=/{AUTOMATIC - LOST}(\\.0)? *\\/ *100/").wait_for()
    instructor.page.screenshot(path=pictures / "two-users-graded.png")
    manual(grader)
    mark(instructor.page, grader, "explain_e1", "12", "Say it with the graph, too.")
    grader = formgrader(instructor.page)
    press(grader, "A1", "generate feedback")
    press(grader, "A1", "release feedback")

    # the student fetches it and reads which mistake it was, the comment and the sum
    assignments(student.page)
    student.page.locator("#submitted_assignments_list button:text-is('Fetch Feedback')").first.click()
    student.page.get_by_text("(view feedback)").first.wait_for()
    [feedback] = (student.homework / "feedback").rglob("*.html")
    assert feedback.stat().st_uid == student.somebody.uid
    student.page.goto(feedback.as_uri())
    student.page.screenshot(path=pictures / "two-users-feedback.png")
    text = student.page.locator("body").inner_text()
    assert "Forgot the bias" in text and "Say it with the graph, too." in text and str(AUTOMATIC - LOST + 12) in text


def other_student_hands_in(kim, exchange):
    """`nbgrader fetch_assignment` and `nbgrader submit`, in a course root of the second student's own."""
    folder = kim.own(copy_of_checkout(kim.home / "course"))
    makes_root = f"from autograder.course_root import make_course_root; make_course_root('course', {str(exchange)!r})"
    assert kim.run(kim.python, "-c", makes_root, cwd=folder, PYTHONPATH=str(folder)).returncode == 0
    root = folder / "course"
    settings = {**of_course(root), "PATH": kim.environment["PATH"], "PYTHONPATH": str(folder)}
    for step in ("fetch_assignment", "submit"):
        done = kim.run(kim.python, "-m", "nbgrader", step, "A1", cwd=folder / "homework", **settings)
        assert done.returncode == 0, done.stderr


def keeps_to_their_own(student, kim, instructor, exchange):
    """What a student's own processes can read: the release, and nothing of the course root or of another's submission."""
    sam, inbound = student.somebody, exchange / "neural-networks" / "inbound"
    assert can(sam, "ls", exchange / "neural-networks" / "outbound" / "A1")
    [submission] = inbound.glob(f"{OTHER}+A1+*")
    assert len(submission.name.rsplit("+", 1)[1]) >= 12, "the folder's name ends in what nobody can guess"
    assert not can(sam, "ls", inbound), "and nobody but the instructor can list the names"
    for private in (instructor.root, instructor.root / "secret.key", instructor.root / "gradebook.db", instructor.root / "source" / "A1" / NOTEBOOK):
        assert private.exists() and not can(sam, "cat" if private.is_file() else "ls", private), private
        assert not can(kim, "test -w", private), private
    assert not can(sam, "ls", kim.home / "course" / "course")
    assert not can(sam, "mv -t /tmp", exchange / "neural-networks"), "nor take it away"


def can(somebody, command, path: Path) -> bool:
    return somebody.run(*command.split(), str(path), cwd="/").returncode == 0
