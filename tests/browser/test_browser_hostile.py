"""A student's notebook that attacks whoever opens it, in the instructor's own browser: nbgrader's formgrader on a real Jupyter
server with the instructor's session, the feedback's page and the report's. Nothing of it runs, tells anybody, or gives a point.
"""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

import nbformat
import pytest
from nbgrader.api import Gradebook

from grading.hostile_pages import ACT, AWAY, HONEST, HTML, MARKDOWN
from labserver import course

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.process]

NOTEBOOK, STUDENT = "A1_hand_table", "mallory"
NAME = f'<img src=x onerror="{ACT}">'
SHOW = """
from IPython.display import display
for text in {html!r}:
    display({{"text/html": text, "text/plain": "html"}}, raw=True)
for text in {markdown!r}:
    display({{"text/markdown": text, "text/plain": "markdown"}}, raw=True)
display({{"application/javascript": {act!r}, "text/plain": "script"}}, raw=True)
display({{"image/svg+xml": "<svg xmlns='http://www.w3.org/2000/svg' onload='" + {act!r} + "'/>", "text/plain": "svg"}}, raw=True)
display({{"image/png": {png!r}}}, raw=True, metadata={{"image/png": {{"width": "1 onload=" + {act!r}}}}})
display({{"text/html": "<script>" + {act!r} + "</script>"}}, raw=True, metadata={{"text/html": {{"isolated": True}}}})
display({{"text/latex": "$<script>" + {act!r} + "</script>$", "text/plain": "latex"}}, raw=True)
print("\\x1b[31mred words\\x1b[0m <script>" + {act!r} + "</script>")
"""
PICTURE = """
%matplotlib inline
import matplotlib.pyplot as plt
plt.figure(figsize=(3, 2)); plt.plot([0, 1], [1, 0]); plt.show()
"""
SHORT = [case for case in HTML if len(case) < 1000]


@pytest.fixture(scope="module")
def graded(lab):
    """A1, handed in by one who attacks and shows an honest picture and table too; graded, with feedback and report."""
    for step in (["build", "A1"], ["release", "A1"]):
        done = course(lab.folder, *step)
        assert done.returncode == 0, done.stderr
    root = lab.folder / "course"
    notebook = nbformat.read(root / "release" / "A1" / f"{NOTEBOOK}.ipynb", as_version=4)
    hostile = [text for text in MARKDOWN if len(text) < 1000]
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "explain_e1":
            cell.source = "Because of the minus.\n\n" + "\n\n".join([*hostile[-12:], *hostile[:8]])
        elif cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source += f"\n# </pre><script>{ACT}</script>"
    png = re.search("base64,([^\"]+)", HONEST["a picture"][0])[1]
    own = [nbformat.v4.new_code_cell(SHOW.format(html=SHORT[start:start + 40], markdown=hostile[start:start + 40], act=ACT, png=png), id=f"hostile-{start}") for start in (0, 40, 80)]
    honest = nbformat.v4.new_code_cell(f"from IPython.display import HTML\nfor text in {[shown for shown, _ in HONEST.values()]!r}:\n    display(HTML(text))", id="honest")
    notebook.cells[1:1] = [*own, honest, nbformat.v4.new_code_cell(PICTURE, id="picture"), *(nbformat.v4.new_markdown_cell(text, id=f"text-{place}") for place, text in enumerate(hostile)),
                           nbformat.v4.new_markdown_cell("The gradient $\\frac{\\partial \\ell}{\\partial w}$ of an honest student"), nbformat.v4.new_raw_cell(f"<script>{ACT}</script><a href='evil.html'>x</a>")]
    place = root / "submitted" / STUDENT / "A1"
    place.mkdir(parents=True)
    nbformat.write(notebook, place / f"{NOTEBOOK}.ipynb")
    (place / "evil.html").write_text(f"<script>{ACT}</script>")
    before = (place / f"{NOTEBOOK}.ipynb").read_bytes()
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        gradebook.add_student(STUDENT, first_name=NAME, last_name=NAME)
    graded = course(lab.folder, "grade", "A1")
    assert graded.returncode == 0, graded.stdout + graded.stderr
    assert (place / f"{NOTEBOOK}.ipynb").read_bytes() == before, "what was handed in stays as it is"
    course(lab.folder, "feedback", "A1")
    assert course(lab.folder, "report", "A1", "--student", STUDENT).returncode == 0
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        submission = gradebook.find_submission("A1", STUDENT)
        lab.submission, lab.points = submission.notebooks[0].id, submission.score
    return lab


@pytest.fixture
def watched(page, graded):
    """A page whose every request is noted, and whose requests to other hosts are not let out."""
    page.requests = []

    def note(route):
        page.requests.append((route.request.method, route.request.url))
        inside = urlsplit(route.request.url).hostname in ("127.0.0.1", "localhost", None)
        route.continue_() if inside else route.abort()

    page.route("**/*", note)
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
    return page


def nothing_ran(page):
    """No script of the submission's, no request but the page's own, nothing that would act when it is clicked."""
    page.wait_for_timeout(1500)
    assert page.evaluate("window.ran") is None and page.title() != "run"
    others = [url for _, url in page.requests if urlsplit(url).hostname not in ("127.0.0.1", "localhost", None)]
    assert [url for url in others if not url.startswith("https://cdnjs.cloudflare.com/ajax/libs/mathjax/")] == [], "MathJax is what nbgrader's own page asks for"
    assert [url for method, url in page.requests if method != "GET"] == []
    assert page.evaluate("""() => [...document.querySelectorAll('*')].flatMap((e) => [...e.attributes].filter((a) => /^on/i.test(a.name) && !/toggle_name/.test(a.value)).map((a) => e.outerHTML.slice(0, 200)))""") == []
    assert page.eval_on_selector_all("a[href]", "links => links.map((link) => link.getAttribute('href')).filter((href) => /script:|^data:|evil|logout/i.test(href))") == []


def shows_what_is_honest(page):
    broken = page.eval_on_selector_all("img", "images => images.filter((image) => /^data:image.(png|svg)/.test(image.src) && !(image.complete && image.naturalWidth)).map((image) => image.outerHTML.slice(0, 300))")
    assert [image for image in broken if "the loss" in image or "A dot" in image] == []
    assert page.locator("img[alt='the loss']").first.is_visible() and page.locator("img[alt='A dot']").first.is_visible()
    plots = page.locator(".output_png img")
    assert plots.last.is_visible() and plots.last.evaluate("image => image.naturalWidth") > 100
    table = page.locator("table.dataframe").first
    assert table.is_visible() and "<loss>" in table.inner_text() and "0.5" in table.inner_text()
    assert float(table.locator("td").first.evaluate("cell => parseFloat(getComputedStyle(cell).paddingLeft)")) >= 4
    assert page.locator(".output_html summary", has_text="more").first.is_visible()
    assert page.locator(".ansi-red-fg", has_text="red words").first.is_visible()


def test_the_cases_act_where_nothing_is_cleaned(watched):
    watched.set_content("".join(case for case in SHORT if case.startswith(("<img", "<svg onload", "<details"))))
    watched.wait_for_function("window.ran")
    watched.wait_for_timeout(300)
    assert any(url.startswith(AWAY) for _, url in watched.requests) and watched.title() == "run"


def test_nothing_runs_in_the_formgrader(watched, graded, tmp_path_factory):
    watched.goto(graded.page("lab"))                 # the instructor is logged in: scripts of the formgrader's page may do what the instructor may
    watched.goto("about:blank")
    watched.requests.clear()
    watched.goto(graded.page(f"formgrader/submissions/{graded.submission}/"))
    watched.locator("input.score#explain_e1").wait_for()
    watched.wait_for_function("formgrader.grades.loaded && formgrader.comments.loaded")
    nothing_ran(watched)
    shows_what_is_honest(watched)
    watched.screenshot(path=tmp_path_factory.getbasetemp() / "hostile-formgrader.png", full_page=True)
    assert watched.locator("#explain_e1").count() == 1, "the score box alone has its name"
    assert watched.locator(".full-credit").count() == watched.locator("input.score").count(), "and the page's own buttons alone give points"
    assert NAME in watched.locator("nav").first.text_content(), "a name is text"
    box = watched.locator("input.score#explain_e1")
    with watched.expect_response(lambda response: response.request.method == "PUT" and "/formgrader/api/grade/" in response.url) as saved:
        box.fill("7")
        box.press("Tab")
    assert saved.value.ok and json.loads(saved.value.request.post_data)["manual_score"] in (7, "7")
    with Gradebook(f"sqlite:///{graded.folder / 'course' / 'gradebook.db'}") as gradebook:
        submission = gradebook.find_submission("A1", STUDENT)
        assert {grade.name: grade.manual_score for grade in submission.notebooks[0].grades if grade.manual_score is not None} == {"explain_e1": 7.0} and submission.score == graded.points + 7


@pytest.mark.parametrize("where", ["feedback/mallory/A1/A1_hand_table.html", "reports/A1_mallory.html"])
def test_nothing_runs_in_feedback_and_report(watched, graded, where, tmp_path_factory):
    watched.goto((graded.folder / "course" / where).as_uri(), wait_until="domcontentloaded")
    nothing_ran(watched)
    watched.screenshot(path=tmp_path_factory.getbasetemp() / f"hostile-{where.split('/')[0]}.png", full_page=True)
    if where.startswith("feedback"):
        shows_what_is_honest(watched)
        assert watched.locator("math mfrac").count() and "Because of the minus." in watched.locator("body").inner_text()
    else:
        assert ACT in watched.locator("body").text_content(), "what was handed in can be read there, as text"
