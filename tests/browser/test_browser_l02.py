"""Lecture L02 as a student meets it: a real JupyterLab, Run All, mouse and keyboard, saved and opened again."""

import re

import pytest

from browser.axe import serious_findings
from browser.latency import slider_to_picture

pytestmark = pytest.mark.browser

NOTEBOOK = "lab/tree/notebooks/L02_perceptron_by_hand.ipynb"


@pytest.fixture(scope="module")
def lecture(lab, chromium):
    """The lecture, opened and run from top to bottom, once for all tests of this file."""
    context = chromium.new_context(viewport={"width": 1280, "height": 1000})
    page = context.new_page()
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.set_default_timeout(60_000)
    page.goto(lab.page(NOTEBOOK))
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()
    run_all(page)
    yield page
    context.close()


def run_all(page):
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()  # before, there is no kernel, and Run All does nothing
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    figures(page).first.wait_for(state="attached")
    idle(page)


def idle(page):
    """Until the kernel has answered everything it was asked."""
    page.wait_for_timeout(300)
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    page.wait_for_function("![...document.querySelectorAll('.jp-InputPrompt')].some((prompt) => prompt.textContent.includes('*'))")


def figures(page):
    return page.locator(".course-figure:has(svg)")


def shown(locator):
    """`locator`, scrolled to; JupyterLab does not draw what is far from the window."""
    locator.evaluate("node => node.scrollIntoView({ block: 'center' })")
    locator.wait_for()
    return locator


def reset(figure):
    figure.get_by_role("button", name="Reset").click()


def picture(figure):
    return figure.locator("canvas").evaluate("canvas => canvas.toDataURL()") + figure.locator("svg .lines").inner_html()


def bias(figure):
    return float(figure.get_by_role("textbox", name="b,").input_value().replace("−", "-"))


def cell(page, text):
    return page.locator(".jp-CodeCell", has=page.locator(".jp-InputArea", has_text=text)).first


def test_run_all_shows_the_figure_without_a_dialog_or_an_error(lecture, tmp_path):
    assert lecture.locator(".jp-Dialog").count() == 0
    assert figures(lecture).first.locator("h3").text_content() == "The slide's line gets 2 of the 4 rows of OR right; another line gets all 4"
    for each in lecture.locator(".jp-CodeCell").all():
        each.evaluate("node => node.scrollIntoView({ block: 'center' })")
        lecture.wait_for_timeout(30)
    assert lecture.locator(".jp-OutputArea-output[data-mime-type*=stderr], .jp-RenderedText[data-mime-type*=error]").count() == 0
    assert figures(lecture).count() == 3
    shown(figures(lecture).first)
    lecture.screenshot(path=tmp_path / "lecture.png")
    assert lecture.errors == []


def test_the_still_picture_stands_there_with_its_description(lecture):
    picture = lecture.locator("img[src*=L02_perceptron]")
    shown(picture)
    assert picture.get_attribute("alt").startswith("The line is where p = 0.5")
    assert "right" not in picture.get_attribute("alt"), "the reader is asked first"
    assert picture.evaluate("image => image.complete && image.naturalWidth") > 0


def test_the_mouse_drags_the_line_and_picture_table_and_words_follow(lecture, tmp_path):
    figure = shown(figures(lecture).first)
    reset(figure)
    before, table = picture(figure), figure.locator("table").inner_text()
    knob = figure.get_by_role("slider", name="Move the line").locator(".knob").bounding_box()
    x, y = knob["x"] + knob["width"] / 2, knob["y"] + knob["height"] / 2
    lecture.mouse.move(x, y)
    lecture.mouse.down()
    lecture.mouse.move(x - 60, y - 60, steps=10)
    lecture.mouse.up()
    assert bias(figure) > -0.3
    assert picture(figure) != before and figure.locator("table").inner_text() != table
    lecture.wait_for_timeout(600)
    assert figure.locator(".description").inner_text().startswith("b = ")
    figure.screenshot(path=tmp_path / "dragged.png")


def test_the_keyboard_alone_moves_it_too_and_jupyterlab_does_not_take_the_keys(lecture):
    figure = shown(figures(lecture).first)
    reset(figure)
    cells = lecture.locator(".jp-Cell").count()
    lecture.keyboard.press("Shift+Tab")  # from Reset to the choice of a start
    for _ in range(30):
        if lecture.evaluate("document.activeElement.getAttribute('aria-label') ?? ''").startswith("Move the line"):
            break
        lecture.keyboard.press("Shift+Tab")
    assert lecture.evaluate("document.activeElement.getAttribute('role')") == "slider"
    before = picture(figure)
    for _ in range(5):
        lecture.keyboard.press("ArrowUp")
    assert bias(figure) == 0 and picture(figure) != before
    lecture.wait_for_timeout(600)
    assert "Rows 1 and 4 lie exactly on the line" in figure.locator(".description").inner_text()
    lecture.keyboard.press("b")  # in JupyterLab: a new cell below
    lecture.keyboard.press("x")  # in JupyterLab: cut the cell
    assert lecture.locator(".jp-Cell").count() == cells
    assert figure.is_visible()


def test_a_cell_reads_what_was_dragged_and_can_set_it(lecture):
    challenge = shown(figures(lecture).filter(has_text="Some line gets all 4 rows of OR right"))
    for symbol, number in (("w₁", "4"), ("w₂", "4"), ("b", "-2")):
        challenge.get_by_role("textbox", name=f"{symbol},").fill(number)
    reader = cell(lecture, "of 4 right, mean squared error")
    shown(reader).locator(".jp-InputArea-editor").click()
    lecture.keyboard.press("Control+Enter")
    idle(lecture)
    reader.locator(".jp-OutputArea", has_text="w = [4.0, 4.0], b = -2.0").wait_for()
    assert "4 of 4 right" in reader.locator(".jp-OutputArea").inner_text()


def test_two_figures_do_not_talk_across(lecture):
    first = shown(figures(lecture).first)
    reset(first)
    challenge = shown(figures(lecture).filter(has_text="Some line gets all 4 rows of OR right"))
    reset(challenge)
    challenge.get_by_role("textbox", name="b,").fill("1.5")
    assert bias(shown(first)) == -0.5


def test_from_slider_to_picture_within_a_tenth_of_a_second(lecture, record_property):
    figure = shown(figures(lecture).first)
    p90 = slider_to_picture(figure.locator("input[type=range]").first)
    reset(figure)
    record_property("p90 in ms", p90)
    assert p90 <= 100


def test_figures_and_questions_are_accessible_inside_jupyterlab(lecture, require):
    shown(figures(lecture).first)
    assert serious_findings(lecture, ".course-figure", require) == []


def test_the_figure_follows_jupyterlabs_dark_theme(lecture, tmp_path, require):
    figure = shown(figures(lecture).first)
    light = figure.evaluate("node => getComputedStyle(node).backgroundColor")
    lecture.evaluate("document.body.dataset.jpThemeLight = 'false'")
    lecture.wait_for_timeout(100)
    assert figure.evaluate("node => getComputedStyle(node).backgroundColor") != light
    assert serious_findings(lecture, ".course-figure", require) == []
    figure.screenshot(path=tmp_path / "dark.png")
    lecture.evaluate("document.body.dataset.jpThemeLight = 'true'")


def test_a_guess_stands_beside_what_happened_and_is_still_there_when_the_notebook_is_opened_again(lecture, lab):
    question = shown(lecture.locator(".course-figure.question", has_text="Predict first."))
    question.get_by_role("textbox").fill("3")
    question.get_by_role("button", name="Write it down").click()
    outcome = shown(lecture.locator(".course-figure.question", has_text="You were asked"))
    assert "You said 3; it is 2." in outcome.inner_text() and "Look at row 2" in outcome.inner_text()

    lecture.keyboard.press("Control+s")
    lecture.wait_for_timeout(1500)
    lecture.goto(lab.page(NOTEBOOK))
    lecture.locator(".jp-Notebook .jp-CodeCell").first.wait_for()
    figures(lecture).first.wait_for(state="attached")  # the kernel is still there, so the figure comes back by itself
    assert lecture.locator(".jp-Dialog").count() == 0
    question = shown(lecture.locator(".course-figure.question", has_text="Predict first."))
    assert question.get_by_role("textbox").input_value() == "3"


def test_after_a_restart_running_the_cells_brings_everything_back(lecture):
    lecture.get_by_role("menuitem", name="Kernel", exact=True).click()
    lecture.get_by_role("menuitem", name=re.compile("Restart Kernel and Run All Cells")).click()
    lecture.get_by_role("button", name="Confirm Kernel Restart").click()
    lecture.wait_for_timeout(1500)
    idle(lecture)
    figure = shown(figures(lecture).first)
    figure.get_by_role("textbox", name="b,").fill("-1")
    assert bias(figure) == -1
    outcome = shown(lecture.locator(".course-figure.question", has_text="You were asked"))
    assert "You said 3; it is 2." in outcome.inner_text()
    assert lecture.errors == []
