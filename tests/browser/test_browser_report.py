"""The report's pages in a real Chromium: by keyboard, at 375 and 1280 pixels, light and dark, with nothing fetched and nothing of a student's run."""

import dataclasses

import pytest
from playwright.sync_api import expect

from browser.axe import serious_findings
from grading.report_class import CLASS, HOSTILE, make_class
from autograder.assignments import load
from autograder.grading.course import Course
from autograder.reporting import report
from autograder.reporting.gathering import gather
from autograder.variants import Variant

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")]
NAMES = ("A1.html", "A1_eve.html", "A1_ada.html", "A1.sigmoid.html", "A1.explain_e1.html", "A1.similarity.html")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    course = make_class(tmp_path_factory.mktemp("report"))
    for wanted in ({}, {"student": "eve"}, {"student": "ada"}, {"question": "sigmoid"}, {"question": "explain_e1"}, {"similarity": True}):
        report.write(course, "A1", **wanted)
    return course.root / "reports"


@pytest.fixture
def opened(page, folder):
    """Opens one of the pages; every request that it makes and every complaint of the console is noted."""
    page.requests, page.complaints = [], []
    page.on("request", lambda request: page.requests.append(request.url))
    page.on("console", lambda message: page.complaints.append(message.text))

    def open_page(name, hash=""):
        page.goto((folder / name).as_uri() + hash)
        return page

    return open_page


@pytest.mark.parametrize("width, scheme", [(1280, "light"), (375, "dark")])
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing_serious_and_the_page_fits(opened, page, name, width, scheme, require):
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    opened(name, "#student-eve" if name == "A1.html" else "")
    page.evaluate("document.querySelectorAll('details').forEach((part) => (part.open = true))")
    assert serious_findings(page, "html", require) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    smallest = page.evaluate("Math.min(...[...document.querySelectorAll('svg text')].filter((t) => t.textContent).map((t) => t.getBoundingClientRect().height), 99)")
    assert smallest >= 10                                              # letters in a figure, in pixels of the screen


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_fetched_and_nothing_that_a_student_wrote_is_run(opened, page, name):
    opened(name, "#student-eve" if name == "A1.html" else "")
    page.wait_for_timeout(200)
    assert len(page.requests) == 1 and page.requests[0].startswith("file://")
    assert page.errors == page.complaints == [] and page.title().startswith("A1:") and page.title() != "run"
    assert name in ("A1.sigmoid.html", "A1_ada.html") or HOSTILE in page.inner_text("body")


def test_the_figures_of_an_assignment_show_on_a_students_page(opened, page, folder):
    room = gather(Course(folder.parent), "A1")
    drawn = dataclasses.replace(room, assignment="A8", questions=load("A8"), variant=Variant("A8"))
    (folder / "A8_ada.html").write_bytes(report.one_student(drawn, room.student("ada")))
    for width in (1280, 375):
        page.set_viewport_size({"width": width, "height": 900})
        opened("A8_ada.html")
        seen = page.eval_on_selector_all("img", "images => images.map((image) => [image.complete, image.naturalWidth, image.getBoundingClientRect().right])")
        assert seen and all(complete and natural > 100 and right <= width for complete, natural, right in seen)
        assert page.complaints == [] and all(request.startswith("file:") for request in page.requests)


def test_how_an_answer_came_about_unfolds_by_keyboard_alone(opened, page):
    opened("A1_ada.html")
    fold = page.locator("section", has=page.get_by_role("heading", name="sigmoid: ")).locator("details.history > summary")
    fold.focus()
    changed = page.get_by_role("region", name="Answer of ada to sigmoid, what changed from attempt 1 to 2")
    expect(changed).to_be_hidden()
    page.keyboard.press("Enter")
    expect(changed).to_be_visible()
    assert "− " in changed.inner_text() and "+ " in changed.inner_text()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")                                            # the first attempt's own text folds away alone
    expect(page.get_by_role("region", name="Answer of ada to sigmoid in attempt 1")).to_be_hidden()
    expect(changed).to_be_visible()


def test_a_student_is_chosen_by_keyboard_alone(opened, page):
    opened("A1.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.focus("#who")
    page.keyboard.type("ada")
    page.wait_for_selector("#one article")
    assert "Ada Lovelace" in page.inner_text("#one h3") and page.evaluate("location.hash") == "#student-ada"
    assert page.locator("#one details").count() >= 3 and page.locator("#one article").count() == 1
    page.keyboard.press("Home")
    assert page.inner_text("#one").strip() == "" and page.evaluate("location.hash") == "#students"


def test_from_a_mistake_to_a_student_by_keyboard_alone(opened, page):
    opened("A1.html")
    article = page.locator("#mistakes article", has_text="Overflow").first
    article.locator("summary").focus()
    page.keyboard.press("Enter")
    link = article.get_by_role("link", name="carol")
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#one article")
    assert "carol" in page.inner_text("#one h3") and page.evaluate("document.activeElement.tagName") == "H3"
    page.go_back()
    page.go_forward()
    assert "carol" in page.inner_text("#one h3")


def test_an_address_with_a_student_opens_on_them_and_each_can_be_shown(opened, page):
    opened("A1.html", "#student-bob")
    assert 'Robert O"Neil' in page.inner_text("#one h3")
    values = page.eval_on_selector_all("#who option", "options => options.map((option) => option.value)")
    assert len(values) == len(CLASS) + 1
    for value in values[1:]:
        page.select_option("#who", value)
        assert page.locator("#one article").count() == 1
    opened("A1.html", "#student-nobody-of-that-name")
    assert page.locator("#one article").count() == 0 and page.errors == []


def test_every_control_shows_its_focus(opened, page):
    opened("A1.html", "#student-ada")
    for selector in ("nav a", "#who", "#one summary", "#one pre"):
        page.locator(selector).first.focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid", selector


def test_without_scripts_the_class_is_still_there(chromium, folder):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / "A1.html").as_uri())
    text = page.inner_text("body")
    context.close()
    assert "course report A1 --student NAME" in text and "Overflow" in text
