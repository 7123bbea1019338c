"""Browser path 5 with one user who is student and instructor: generate, release, fetch, solve, check, submit, collect,
grade, read a manual answer, feedback. All by clicks and keys in a real JupyterLab with nbgrader's own panels.
"""

from __future__ import annotations

import json
import re

import pytest

from browser.test_browser_setup import kernel_ready, menu
from labserver import course

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# What the student types into the cells that say "your code here", in their order; "Forgot the bias" is the mistake.
ANSWERS = [
    None,                                                                        # the table, filled from its own solution below
    "def weighted_sum(X, w, b):\n    return X @ w",
    "def sigmoid(h):\n    return 1 / (1 + np.exp(-h))",
    "def predict(X, w, b):\n    h = X @ w + b\n    p = sigmoid(h)\n    return h, p, p >= 0.5",
    "w_and = [1, 1]\nb_and = -1.5",
    "def squared_error(y, p):\n    return np.mean((y - p) ** 2)",
]
AUTOMATIC, LOST = 85, 10
EXPLANATION = "It should say exp(0.5). A negative h must give a p below one half."


def table_answer():
    from autograder.assignments import load
    solution = load("A1")["hand_table"].table().solution()
    return "\n".join(f"paper_{column} = {[round(float(value), 2) for value in solution[column]]}" for column in ("h", "p", "y_hat"))


@pytest.fixture(scope="module")
def built(lab):
    assert course(lab.folder, "build", "A1").returncode == 0
    return lab


def test_a_homework_goes_the_whole_circle_in_the_browser(page, built, tmp_path_factory):
    lab, pictures = built, tmp_path_factory.getbasetemp()

    def picture(name):
        page.screenshot(path=pictures / f"homework-{name}.png")

    page.set_viewport_size({"width": 1400, "height": 950})
    page.goto(lab.url)
    page.wait_for_selector(".jp-Notebook-cell")

    # the instructor makes the student version and releases it
    grader = formgrader(page)
    press(grader, "A1", "generate")
    picture("generated")
    press(grader, "A1", "release")

    # the student fetches and opens it
    assignments(page)
    page.locator("#released_assignments_list button:text-is('Fetch')").click()
    page.locator("#fetched_assignments_list button:text-is('Submit')").wait_for()
    picture("fetched")
    notebook = lab.folder / "homework" / "A1" / "A1_hand_table.ipynb"
    assert notebook.is_file()
    page.goto(lab.page("lab/tree/homework/A1/A1_hand_table.ipynb"))
    kernel_ready(page)

    # solves it by typing, with one mistake, and asks the check cell
    solve(page)
    run(page, "Run All Cells")
    for question in ("hand_table", "sigmoid", "predict", "and_weights", "squared_error"):
        verdict(page, question).filter(has_text="Right").wait_for()
    wrong = verdict(page, "weighted_sum")
    wrong.filter(has_text="Forgot the bias").scroll_into_view_if_needed()
    ask_for_a_hint(page, "weighted_sum")
    picture("checked")
    assert json.loads((notebook.parent / "hints.json").read_text()) == {"A1": {"weighted_sum": 1}}
    page.keyboard.press("Escape")
    page.keyboard.press("Control+s")
    page.wait_for_selector(".lm-DockPanel-tabBar .jp-mod-dirty[title*='A1_hand_table']", state="detached")
    saved = json.loads(notebook.read_text())
    assert ANSWERS[1] in ["".join(cell["source"]) for cell in saved["cells"]]

    # submits
    assignments(page)
    page.locator("#fetched_assignments_list button:text-is('Submit')").click()
    page.locator("#submitted_assignments_list >> text=A1").first.wait_for()
    picture("submitted")

    # the instructor collects and grades by the formgrader's button
    grader = formgrader(page)
    press(grader, "A1", "collect")
    grader.locator(row("A1")).locator(".num-submissions a").click()
    press(grader, "", "autograde", rows="table tbody tr")
    score = grader.locator("table tbody tr").first
    score.locator(f"text=/{AUTOMATIC - LOST}(\\.0)? *\\/ *100/").wait_for()
    picture("graded")

    # reads the answer that a person must read, with a comment
    manual(grader)
    mark(page, grader, "explain_e1", "14", "Clear and right.")
    picture("read")

    # a regrade from the command line keeps both
    again = course(lab.folder, "grade", "A1", "--force")
    assert again.returncode == 0, again.stderr
    assert f"{AUTOMATIC - LOST + 14:g} of 100" in again.stdout, again.stdout

    # feedback, which the student opens
    grader = formgrader(page)
    press(grader, "A1", "generate feedback")
    press(grader, "A1", "release feedback")
    assignments(page)
    page.locator("#submitted_assignments_list button:text-is('Fetch Feedback')").first.click()
    page.get_by_text("(view feedback)").first.wait_for()
    picture("feedback fetched")
    [feedback] = (lab.folder / "homework" / "A1" / "feedback").rglob("*.html")
    page.goto(feedback.as_uri())
    picture("feedback")
    text = page.locator("body").inner_text()
    assert "Forgot the bias" in text and "Clear and right." in text and str(AUTOMATIC - LOST + 14) in text


def verdict(page, question):
    return page.locator(f"section[aria-label={question}]")


def ask_for_a_hint(page, question):
    """Write a hint's line into a new cell under the question's check and run it."""
    page.locator(".jp-CodeCell", has_text=f'check("A1", "{question}")').locator(".jp-InputPrompt").click()
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    page.keyboard.press("Enter")
    page.keyboard.insert_text(f'hint("{question}")')
    page.keyboard.press("Control+Enter")
    page.locator("section[aria-label=hints]").filter(has_text="all inputs are 0").wait_for()


def assignments(page):
    """The list of assignments, anew."""
    menu(page, "Nbgrader", "Assignment List")
    page.locator("#refresh_assignments_list").click()


def formgrader(page):
    """The formgrader's page, anew."""
    tab = page.locator(".lm-TabBar-tab", has_text="Formgrader")
    if tab.count():
        tab.first.locator(".lm-TabBar-tabCloseIcon").click()
    menu(page, "Nbgrader", "Formgrader")
    grader = page.frame_locator("iframe")
    grader.locator(row("A1")).wait_for()
    return grader


def row(assignment):
    return f"tr:has(td.name:has-text('{assignment}'))"


BUTTONS = {"generate": "assign", "release": "release", "collect": "collect", "generate feedback": "generate-feedback", "release feedback": "release-feedback", "autograde": "autograde"}


def press(grader, assignment, what, rows=None):
    """Click one of the formgrader's icons, see it succeed, and close its message."""
    line = grader.locator(rows or row(assignment)).first
    line.locator(f"td.{BUTTONS[what]} a").click()
    message = grader.locator(".modal.in")
    message.wait_for(timeout=180_000)
    assert "uccess" in message.locator(".modal-body p").first.inner_text(), message.inner_text()
    message.locator(".modal-footer button").click()
    message.wait_for(state="detached")


def manual(grader):
    """From the list of submissions to the one answer that waits for a person."""
    grader.locator("a:text-is('Manual Grading')").click()
    grader.locator("a:text-is('A1')").click()
    grader.locator("a:text-is('A1_hand_table')").click()
    grader.locator("table tbody a").first.click()


def mark(page, grader, answer, points, comment):
    """Write points and a comment beside an answer once the page listens (before that it forgets what is typed), and see both kept."""
    box = grader.locator(f"input.score#{answer}")
    box.wait_for()
    box.element_handle().owner_frame().wait_for_function("formgrader.grades.loaded && formgrader.comments.loaded")
    for kind, field, text in [("grade", box, points), ("comment", grader.locator(f"textarea#{answer}-comment"), comment)]:
        with page.expect_response(lambda response: response.request.method == "PUT" and f"/formgrader/api/{kind}/" in response.url) as kept:
            field.fill(text)
            field.press("Tab")
        assert kept.value.ok, kept.value.text()


def run(page, item):
    menu(page, "Run", item)
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=busy]", timeout=20_000)
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]", timeout=120_000)


def solve(page):
    """Type each answer over what its cell says."""
    answers = [table_answer(), *ANSWERS[1:]]
    for answer, first_words in zip(answers, ("paper_h = [", "def weighted_sum", "def sigmoid", "def predict", "w_and = [", "def squared_error")):
        cell = page.locator(".jp-CodeCell", has_text=first_words).locator(".cm-content").first
        cell.scroll_into_view_if_needed()
        cell.click()
        page.keyboard.press("Control+a")
        page.keyboard.insert_text(answer)
    text = page.locator(".jp-MarkdownCell", has_text=re.compile("your answer here", re.I)).last
    text.scroll_into_view_if_needed()
    text.dblclick()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(EXPLANATION)
    page.keyboard.press("Shift+Enter")
