"""Browser path 1: a fresh course, the lab, the first lecture, Run All, the first figure; no dialog, no pop-up, no error.

And nbgrader's panels, each opened by a click.
"""

from __future__ import annotations

import json
import re

import pytest

pytestmark = pytest.mark.browser

FIGURE = ".jp-OutputArea-output canvas, .jp-OutputArea-output svg, .jp-OutputArea-output img"
INTRUDERS = ".jp-Dialog, .Toastify__toast"


@pytest.fixture
def opened(page, lab):
    """The printed address in a fresh browser, its notebook and kernel ready; every failed answer and foreign request is noted."""
    page.failed, page.foreign = [], []
    page.on("response", lambda answer: answer.status >= 400 and not half_resolved(answer.url) and page.failed.append(f"{answer.status} {answer.url}"))
    page.on("request", lambda request: request.url.startswith(("http:", "https:", "ws")) and lab.base not in request.url.replace("ws:", "http:") and page.foreign.append(request.url))
    page.goto(lab.url)
    page.wait_for_selector(".jp-Notebook-cell")
    kernel_ready(page)
    return page


def half_resolved(url: str) -> bool:
    """JupyterLab puts Markdown into the page before it resolves a picture's path, so the browser asks for the bare path too."""
    return "/assets/figures/" in url and "/files/" not in url


def kernel_ready(page) -> None:
    """The status bar names the kernel once there is one; the indicator in the toolbar says idle even before."""
    page.wait_for_selector("text=Python 3 (ipykernel) | Idle")


def menu(page, name: str, item: str) -> None:
    page.locator(".lm-MenuBar-itemLabel", has_text=re.compile(f"^{name}$")).click()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile(f"^{item}$")).click()


def run_all(page) -> None:
    """Run every cell, and wait until the last has run and the kernel rests."""
    menu(page, "Run", "Run All Cells")
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=busy]", timeout=20_000)
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]", timeout=120_000)


def saved_outputs(page, lab) -> list[dict]:
    """Every output of the open lecture, also of the cells that are out of sight, from the saved file."""
    page.keyboard.press("Control+s")
    page.wait_for_selector(".lm-DockPanel-tabBar .jp-mod-dirty", state="detached")
    lecture = sorted((lab.folder / "notebooks").glob("L*.ipynb"))[0]
    cells = json.loads(lecture.read_text(encoding="utf-8"))["cells"]
    assert all(cell["execution_count"] for cell in cells if cell["cell_type"] == "code" and cell["source"]), "every cell has run"
    return [output for cell in cells for output in cell.get("outputs", [])]


def quiet(page) -> None:
    """Nothing has covered the page, failed, or gone to a foreign host."""
    page.wait_for_timeout(1500)  # a pop-up would come now
    assert page.locator(INTRUDERS).count() == 0
    assert (page.failed, page.foreign, page.errors) == ([], [], [])


def test_the_first_lecture_opens_runs_and_shows_its_figure(opened, lab, tmp_path_factory):
    quiet(opened)
    run_all(opened)
    opened.wait_for_selector(FIGURE)
    figure = opened.locator(FIGURE).first
    figure.scroll_into_view_if_needed()
    box = figure.bounding_box()
    opened.screenshot(path=tmp_path_factory.getbasetemp() / "first-figure.png")
    assert box["width"] > 100 and box["height"] > 100
    stills = opened.locator(".jp-MarkdownOutput img")
    assert stills.count() and stills.evaluate_all("images => images.every(image => image.naturalWidth > 100)")
    outputs = saved_outputs(opened, lab)
    assert outputs and not [output for output in outputs if output["output_type"] == "error" or output.get("name") == "stderr"]
    quiet(opened)


@pytest.mark.parametrize("item, says", [
    ("Assignment List", "There are no assignments to fetch."),
    ("Course List", "neural-networks"),
])
def test_a_panel_of_nbgrader_opens(opened, item, says):
    menu(opened, "Nbgrader", item)
    opened.wait_for_selector(f"text={says}")
    assert opened.locator("text=Unwritable directory").count() == 0
    quiet(opened)


def test_the_formgrader_opens(opened):
    menu(opened, "Nbgrader", "Formgrader")
    inside = opened.frame_locator("iframe")
    inside.locator("text=Manage Assignments").first.wait_for()
    inside.locator("text=No data available in table").wait_for()
    quiet(opened)


def test_an_unwritable_exchange_is_told_in_the_assignment_list(page, lab, tmp_path):
    """Browser path 6: the folder goes while the server runs; the list says so and the page goes on."""
    exchange = lab.folder / "course" / "exchange"
    exchange.rename(tmp_path / "gone")
    try:
        page.goto(lab.url)
        page.wait_for_selector(".jp-Notebook-cell")
        menu(page, "Nbgrader", "Assignment List")
        page.wait_for_selector("text=The exchange directory does not exist")
    finally:
        (tmp_path / "gone").rename(exchange)
