"""Every lecture in a real JupyterLab: Run All, then every figure by keyboard and by mouse; and axe over all of it."""

import re
import time
from pathlib import Path

import pytest

from browser.axe import serious_findings
from browser.latency import slider_to_picture

ROOT = Path(__file__).resolve().parents[2]
LECTURES = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))

pytestmark = [pytest.mark.browser, pytest.mark.slow]  # `make test` opens L02, and looks at it more closely

FIGURE = ".course-figure:has(.picture)"
# What is seen of a figure, and what is said of it: a rate changes what will be, so its words change first, the picture later.
REMEMBER = """figure => {
  figure.seen = () => [...figure.querySelectorAll('canvas')].map((canvas) => canvas.toDataURL()).join('')
    + [...figure.querySelectorAll('.picture svg')].map((svg) => svg.innerHTML).join('')
    + figure.querySelector('.picture').textContent + figure.querySelector('.description').textContent;
  figure.before = figure.seen();
}"""
CHANGES = """async (figure, patience) => {
  for (const end = performance.now() + patience; performance.now() < end; ) {
    await new Promise((resolve) => setTimeout(resolve, 25));
    if (figure.seen() !== figure.before) return true;
  }
  return false;
}"""


@pytest.fixture(params=LECTURES)
def lecture(request, lab, page):
    """One lecture, run from top to bottom; its kernel goes when the test is over."""
    page.goto(lab.page(f"lab/tree/notebooks/{request.param}.ipynb") + "&reset")  # without it the lectures before would be open too
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(state="attached")  # what is far from the window is not drawn yet
    run_all(page)
    yield page
    headers = {"Authorization": f"token {lab.token}"}
    for session in page.request.get(f"{lab.base}/api/sessions", headers=headers).json():
        page.request.delete(f"{lab.base}/api/sessions/{session['id']}", headers=headers)


def run_all(page):
    """Run All Cells, until the kernel has rested for two seconds."""
    kernel = page.get_by_text("Python 3 (ipykernel) | Idle")
    started = page.locator(".jp-InputPrompt", has_text=re.compile(r"\[(\*|\d+)\]"))
    for _ in range(5):  # a kernel that is only just there may not hear it
        kernel.wait_for()
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        page.wait_for_timeout(2000)
        if started.count():
            break
    end, rested = time.monotonic() + 150, 0
    while rested < 5 and time.monotonic() < end:
        rested = rested + 1 if kernel.count() else 0
        page.wait_for_timeout(400)
    assert rested == 5, "the notebook did not come to its end within 150 s"


def test_every_figure_of_a_lecture_moves_and_nothing_errs(lecture, require, tmp_path):
    page = lecture
    for cell in page.locator(".jp-Cell").all():  # JupyterLab draws what comes near the window
        cell.evaluate("node => node.scrollIntoView({ block: 'center' })")
        page.wait_for_timeout(30)
    assert page.locator(".jp-Dialog").count() == 0
    assert page.locator(".jp-OutputArea-output[data-mime-type*=stderr], .jp-RenderedText[data-mime-type*=error]").all_inner_texts() == []
    figures = page.locator(FIGURE)
    assert figures.count() > 0
    for number in range(figures.count()):
        figure = figures.nth(number)
        figure.evaluate("node => node.scrollIntoView({ block: 'center' })")
        figure.wait_for()
        title = figure.locator("h3").first.inner_text()
        figure.screenshot(path=tmp_path / f"{number:02}.png")
        assert figure.locator(".description").inner_text().strip(), f"{title}: no description"
        assert_it_moves(page, figure, title)
        assert "".join(figure.locator(".note").all_inner_texts()) == "", title
    assert serious_findings(page, ".jp-Notebook .course-figure", require) == []
    assert page.errors == []


def assert_it_moves(page, figure, title):
    """Whatever has a slider, a handle, a choice or a player changes the picture when it is used."""
    sliders = figure.locator("input[type=range]:enabled")
    for i in range(sliders.count()):
        works_by_key(figure, sliders.nth(i), f"{title}, slider {i}")
    if sliders.count():
        drag(page, sliders.first)
        wait = slider_to_picture(sliders.first, rounds=20, good_enough=200)  # one round at 100 ms shows it
        assert wait <= 100, f"{title}: {wait:.0f} ms from slider to picture"
    handles = figure.locator("[role=slider][tabindex='0']:visible")
    for i in range(min(handles.count(), 3)):
        works_by_key(figure, handles.nth(i), f"{title}, handle {i}")
    step = figure.get_by_role("button", name="Step", exact=True)
    if step.count() and step.is_enabled():
        figure.evaluate(REMEMBER)
        step.click()
        assert figure.evaluate(CHANGES, 5000), f"{title}: Step changes nothing"
    reset = figure.get_by_role("button", name="Reset", exact=True)
    if reset.count():
        reset.first.click()
    page.wait_for_timeout(150)


def works_by_key(figure, control, name):
    """An arrow key, in one direction or the other, changes the picture, or what is said of it."""
    figure.evaluate(REMEMBER)
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowUp", "ArrowUp"):
        control.press(key)
        if figure.evaluate(CHANGES, 150):
            return
    assert figure.evaluate(CHANGES, 5000), f"{name} changes nothing"  # where the kernel answers, it may take its time


def drag(page, slider):
    box = slider.bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, y)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.7 * box["width"], y, steps=6)
    page.mouse.up()
