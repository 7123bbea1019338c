"""Every assignment as a new student meets it: opened, looked at, run while empty, solved by typing, checked, validated.

A1 goes from the formgrader to the feedback in test_browser_homework.py; here all nine are worked through, a page each.
"""

from __future__ import annotations

import importlib
import json
import re
import shutil
import time
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from autograder.assignments import folders, load
from autograder.authoring.assignment import build_notebook
from autograder.authoring.build import build
from autograder.grading.course import Course
from autograder.verdicts import verdict_of
from browser.axe import serious_findings
from browser.test_browser_setup import kernel_ready, menu

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ASSIGNMENTS = folders()
WORDS = ".jp-Notebook .jp-MarkdownOutput"
OUTPUTS = ".jp-Notebook .jp-OutputArea-output"
OUTSIDE_CODE = """cells => cells.map((cell) => {
    const copy = cell.cloneNode(true);
    copy.querySelectorAll('code, pre').forEach((code) => code.remove());
    return copy.textContent;
}).join('')"""
NOTHING_YET = ("Nothing comes back yet.", "Not filled in yet.", "Nothing is chosen yet.", "No cure is written yet.")
IN_WORDS = "With a negative h the exponential is larger than 1, so p must be below one half."
PATIENCE = 60           # seconds that a student may have to wait for Run All, even for A9, which trains twelve networks


@pytest.fixture(scope="module")
def released(lab):
    """All nine in the course root's exchange, and each fetched: copied to where the browser's Fetch puts it."""
    course = Course(lab.folder / "course")
    for name in ASSIGNMENTS:
        build(course.root, name)
        course.release(name)
        shutil.copytree(lab.folder / "course" / "exchange" / "neural-networks" / "outbound" / name, lab.folder / "homework" / name)
    return lab


@pytest.fixture(scope="module")
def student(chromium):
    """One student's browser: what it has loaded once it keeps, as a student's does."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    yield context
    context.close()


@pytest.fixture(params=list(ASSIGNMENTS))
def homework(request, released, student, tmp_path_factory):
    """One assignment in a page of its own; what the page threw or wrote to the console is in `errors`, the seconds of each step in `seconds`."""
    page = student.new_page()
    page.set_default_timeout(60_000)
    page.errors, page.seconds, page.name = [], {}, request.param
    page.pictures = tmp_path_factory.getbasetemp()
    page.file = released.folder / "homework" / request.param / f"{ASSIGNMENTS[request.param].name}.ipynb"
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on("console", lambda message: message.type == "error" and page.errors.append(message.text))
    with timed(page, "open"):
        page.goto(released.page(f"doc/tree/homework/{request.param}/{page.file.name}") + "&reset")
        page.locator(".jp-Notebook .jp-Cell").first.wait_for()
        kernel_ready(page)
    yield page
    headers = {"Authorization": f"token {released.token}"}
    for session in page.request.get(f"{released.base}/api/sessions", headers=headers).json():
        page.request.delete(f"{released.base}/api/sessions/{session['id']}", headers=headers)
    page.close()


@contextmanager
def timed(page, step):
    begun = time.monotonic()
    yield
    page.seconds[step] = round(time.monotonic() - begun, 1)


def test_an_assignment_from_the_empty_notebook_to_full_points(homework, require):
    page, name = homework, homework.name
    automatic = {question.name: question.points for question in load(name).questions if question.automatic}

    everything_is_drawn(page)
    with timed(page, "run empty"):
        run_all(page)
    for question in automatic:
        said = headline(page, question)
        assert said.startswith("○") and any(words in said for words in NOTHING_YET) and f"0 of {automatic[question]:g} points" in said, said
    shows_no_error(page)
    page.screenshot(path=page.pictures / f"{name}-empty.png")

    with timed(page, "type"):
        typed = solve(page)
    with timed(page, "run solved"):
        run_all(page)
    for question, most in automatic.items():
        said = headline(page, question)
        assert said.startswith("✓ Right") and f"{most:g} of {most:g} points" in said or said.startswith("● All choices are made") and f"{most:g} points to be given" in said, said
    shows_no_error(page)
    assert page.seconds["run solved"] < PATIENCE
    with timed(page, "axe"):
        assert serious_findings(page, f"{WORDS}, {OUTPUTS}", require) == []

    with timed(page, "validate"):
        page.get_by_role("button", name="Validate").click()
        dialog = page.locator(".jp-Dialog")
        dialog.wait_for()
        assert "Success" in dialog.inner_text(), dialog.inner_text()
        dialog.locator("button").last.click()
    saved = json.loads(page.file.read_text(encoding="utf-8"))
    assert [cell_text(cell) for cell in saved["cells"] if role(cell).get("solution") and cell["cell_type"] == "code"] == list(typed.values())
    points = {role(cell)["grade_id"].removeprefix("check_"): verdict_of(cell["outputs"]).points for cell in saved["cells"] if role(cell).get("grade") and cell["cell_type"] == "code"}
    assert points == automatic

    narrow(page)
    assert page.errors == []
    print(f"{name}: {sum(page.seconds.values()):.0f} s,", ", ".join(f"{step} {seconds}" for step, seconds in page.seconds.items()))


# ---------------------------------------------------------------- what is seen

def everything_is_drawn(page):
    """Every picture of the text with its words, every formula set, and no Markdown that was left standing."""
    source = [cell_text(cell) for cell in json.loads(page.file.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "markdown"]
    for cell in page.locator(".jp-Notebook .jp-Cell").all():                     # what is far from the window is not drawn yet
        cell.evaluate("node => node.scrollIntoView({ block: 'center' })")
    expect(page.locator(WORDS)).to_have_count(len(source))
    page.wait_for_function("selector => [...document.querySelectorAll(selector)].every(cell => !cell.textContent.includes('$'))", arg=WORDS)
    pictures = page.locator(f"{WORDS} img").evaluate_all("pictures => pictures.map(picture => [picture.complete && picture.naturalWidth, picture.alt])")
    assert len(pictures) == sum(text.count("![") for text in source)
    assert all(width > 300 and len(words) > 40 for width, words in pictures), pictures
    assert page.locator(f"{WORDS} mjx-container").count() >= sum("$" in text for text in source)
    assert page.locator(f"{WORDS} mjx-merror, {WORDS} [data-mml-node=merror]").count() == 0
    text = page.locator(WORDS).evaluate_all(OUTSIDE_CODE)
    assert not [left for left in ("**", "](", "<<", "{%", "|---", "`") if left in text]


def shows_no_error(page):
    assert page.locator(f"{OUTPUTS}[data-mime-type*=error], {OUTPUTS}[data-mime-type*=stderr]").all_text_contents() == []
    assert page.locator(".jp-Dialog").count() == 0


def narrow(page):
    """At half the width nothing of the text is out of reach: what is too wide can be scrolled to."""
    page.set_viewport_size({"width": 640, "height": 900})
    page.wait_for_timeout(300)
    page.screenshot(path=page.pictures / f"{page.name}-narrow.png")
    hidden = page.evaluate("""selector => [...document.querySelectorAll(selector)].flatMap(cell => {
        const edge = cell.getBoundingClientRect().right + 1;
        const far = [...cell.querySelectorAll('table, mjx-container, img, pre')].filter(part => part.getBoundingClientRect().right > edge);
        return far.filter(part => {
            for (let box = part; box && !box.matches('.jp-Notebook'); box = box.parentElement)
                if (['auto', 'scroll'].includes(getComputedStyle(box).overflowX) && box.scrollWidth > box.clientWidth) return false;
            return true;
        }).map(part => part.textContent.slice(0, 200));
    })""", WORDS)
    assert hidden == [], "cut off at 640 px"


def headline(page, question):
    """The first line of a check's answer. What is far from the window has no text yet, so one goes there first, as a reader does."""
    card = page.locator(f".jp-OutputArea section[aria-label='{question}']")
    card.scroll_into_view_if_needed()
    return card.locator("p").first.inner_text()


# ---------------------------------------------------------------- what is done

def run_all(page):
    menu(page, "Run", "Run All Cells")
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=busy]", timeout=20_000)
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]", timeout=120_000)


def solve(page):
    """Type a right answer over what each cell says: in other words than the reference's, where there are any."""
    answers = right_answers(page.name)
    cells = json.loads(page.file.read_text(encoding="utf-8"))["cells"]
    for place, cell in enumerate(cells):
        if role(cell).get("solution"):
            there = page.locator(f".jp-Notebook .jp-Cell[data-windowed-list-index='{place}']")
            there.scroll_into_view_if_needed()
            in_words = cell["cell_type"] == "markdown"
            if in_words:
                there.locator(".jp-MarkdownOutput").dblclick()
            there.locator(".cm-content").click()
            page.keyboard.press("Control+a")
            page.keyboard.insert_text(IN_WORDS if in_words else answers[role(cell)["grade_id"]])
            page.keyboard.press("Shift+Enter" if in_words else "Escape")
    return answers


def right_answers(name):
    """grade_id → source, in the notebook's order."""
    [_, other, *_] = importlib.import_module(f"grading.submissions.{name.lower()}").RIGHT.values()
    solved = {role(cell)["grade_id"]: cell.source for cell in build_notebook(name).cells if role(cell).get("solution") and cell.cell_type == "code"}
    return {question: re.sub(r" *### (BEGIN|END) SOLUTION\n?", "", other.get(question, source)).strip() for question, source in solved.items()}


def role(cell):
    return cell["metadata"].get("nbgrader", {})


def cell_text(cell):
    return "".join(cell["source"])
