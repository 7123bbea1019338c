"""The playground: on a bare page with Python answering from the test, and in a real JupyterLab with a kernel that is
busy, first message included."""

import re

import numpy as np
import pytest

from browser.axe import serious_findings
from browser.bare_page import show
from course_lib.widgets.playground import Playground
from course_lib.widgets.playground.trainer import Trainer

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Counts the large pictures of the plane as they are painted, and when.
WATCH = """() => {
  if (window.painted) return;
  window.painted = [];
  const put = CanvasRenderingContext2D.prototype.putImageData;
  CanvasRenderingContext2D.prototype.putImageData = function (image, ...rest) {
    if (image.width === 48) window.painted.push(performance.now());
    return put.call(this, image, ...rest);
  };
}"""


# Moves a slider whose change begins a new run in Python, and waits each time until that run's first picture is painted.
SLIDE = """async (slider) => {
  const waits = [];
  for (let i = 0; i < 20; i++) {
    await new Promise((next) => setTimeout(next, 120));
    const [start, before] = [performance.now(), painted.length];
    slider.value = 0.05 + 0.05 * (i % 10);
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    while (painted.length === before && performance.now() - start < 3000) await new Promise(requestAnimationFrame);
    waits.push(performance.now() - start);
  }
  return waits;
}"""


class Room:
    """A playground on a page, as somebody meets it."""

    def __init__(self, page, figure=None):
        self.page, self.figure = page, figure or page.locator(".course-figure:has(.playground)")
        self.play, self.count = self.figure.locator(".play"), self.figure.locator(".count")
        self.note, self.description, self.title = (self.figure.locator(f".{name}") for name in ("note", "description", "title"))

    def press(self, name):
        self.figure.get_by_role("button", name=name, exact=True).click()

    def choose(self, label, option):
        self.figure.get_by_label(label, exact=True).select_option(label=option)
        self.page.wait_for_timeout(250)  # a new run may have to come from Python

    def type(self, name, text):
        self.figure.get_by_role("textbox", name=name).fill(text)
        self.page.wait_for_timeout(250)

    def open(self, heading):
        self.figure.locator("summary", has_text=heading).click()

    @property
    def epochs(self):
        return int(self.count.inner_text().split()[-1])

    def wait_for(self, epochs):
        for _ in range(200):
            if self.epochs >= epochs:
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"after ten seconds at epoch {self.epochs}: {self.note.inner_text()}")

    def steps(self, n):
        for k in range(self.epochs + 1, self.epochs + 1 + n):
            self.press("Step")
            self.wait_for(k)

    @property
    def picture(self):
        self.page.wait_for_timeout(80)
        return self.figure.locator(".plane canvas").evaluate("canvas => canvas.toDataURL()") + self.figure.locator(".plane .points").inner_html()

    def said_losses(self):
        """The loss by epoch as the code section's lines would give it, but read from the description."""
        self.page.wait_for_timeout(500)
        return float(re.search(r"the loss is ([\d.e−-]+)", self.description.inner_text())[1].rstrip(".").replace("−", "-"))


@pytest.fixture
def room(page):
    show(page, Playground(), fed=True)
    room = Room(page)
    room.figure.locator(".plane canvas").wait_for()
    yield room
    assert page.errors == []


# ---- on a bare page


def test_play_pause_step_and_reset_to_the_same_start(room, page):
    start = room.picture
    room.press("Step")
    room.wait_for(1)
    room.press("Step")
    room.wait_for(2)
    assert room.epochs == 2, "one press, one epoch"
    room.play.click()
    room.wait_for(10)
    room.press("❚❚ Pause")
    page.wait_for_timeout(200)
    there = room.epochs
    page.wait_for_timeout(300)
    assert room.epochs == there
    assert room.picture != start
    room.press("Reset")
    page.wait_for_timeout(300)
    assert room.epochs == 0 and room.picture == start


def test_pressed_twice_before_python_has_answered_it_is_one_step(room, page):
    room.figure.get_by_role("button", name="Step", exact=True).evaluate("button => { button.click(); button.click(); }")
    room.wait_for(1)
    page.wait_for_timeout(300)
    assert room.epochs == 1


def test_the_curve_is_the_seeds_and_pythons_own(room, page):
    oracle = Trainer({"seed": 4})
    oracle.train(epochs=5)
    for _ in range(2):
        room.type("seed", "4")
        room.steps(5)
        assert room.said_losses() == pytest.approx(oracle.loss[-1], rel=1e-3)
        room.press("Reset")
        page.wait_for_timeout(250)
    room.type("seed", "5")
    room.steps(5)
    assert room.said_losses() != pytest.approx(oracle.loss[-1], rel=1e-3)


def test_every_picture_that_python_sends_is_painted(room, page):
    """Python answers with two pictures at a time; taken within one frame, the second would hide the first."""
    page.evaluate("""() => {
      window.counted = [];
      const count = document.querySelector(".count");
      new MutationObserver(() => counted.push(Number(count.textContent.split(" ").at(-1)))).observe(count, { childList: true, characterData: true, subtree: true });
    }""")
    room.play.click()
    room.wait_for(12)
    seen = page.evaluate("counted")
    room.press("❚❚ Pause")
    assert seen == list(range(1, len(seen) + 1))


def test_data_and_rate_are_changed_while_it_trains(room, page):
    room.play.click()
    room.wait_for(10)
    room.type("η, learning rate, as a number", "0.3")
    there = room.epochs
    room.wait_for(there + 10)  # it went on
    before = room.picture
    room.choose("data", "two spirals")
    page.wait_for_timeout(300)
    room.wait_for(5)
    room.press("❚❚ Pause")
    page.wait_for_timeout(300)
    assert room.figure.locator(".plane .points").inner_html() not in before
    assert room.note.inner_text() == ""
    assert room.figure.locator(".curve .end").count() == 3, "the earlier run stays beside the two curves of this one"


def test_the_code_on_screen_runs_and_gives_the_curve_on_screen(room, page):
    room.choose("data", "two rings")
    room.steps(3)
    room.type("η, learning rate, as a number", "0.1")
    room.steps(3)
    room.open("Show the code")
    room.figure.locator("pre code", has_text="history = fit(").wait_for()
    there = {}
    exec(room.figure.locator("pre code").inner_text(), there)
    assert there["history"].epochs == 6
    assert room.said_losses() == pytest.approx(there["history"].loss[-1], rel=1e-3)


def test_a_state_is_copied_pasted_and_refused_with_a_sentence(room, page):
    room.open("Take it with you")
    field = room.figure.get_by_label("this playground as text")
    room.choose("optimizer", "RMSprop")
    assert field.input_value() == "data=moons&optimizer=RMSprop"
    field.fill("https://course.example/#playground?data=XOR&layers=3&features=x1,x1*x2")
    room.press("Use what I pasted")
    page.wait_for_timeout(300)
    assert field.input_value() == "data=XOR&features=x1,x1*x2&layers=3"
    assert page.evaluate("values.values.layers") == "3"
    for broken, says in (("hello", "no state of the playground"), ("data=moons&eta=0", "must lie between"), ("layers=" + "-".join(["4"] * 40), "room for 4 hidden layers")):
        field.fill(broken)
        room.press("Use what I pasted")
        assert says in room.note.inner_text() and field.get_attribute("aria-invalid") == "true"
    room.steps(1)


@pytest.mark.parametrize(
    "name, typed, says",
    [("η, learning rate, as a number", "0", "between 0.0001 and 10"), ("hidden units", "-".join(["4"] * 40), "room for 4 hidden layers"), ("hidden units", "65", "1 to 64 units"), ("N, points, as a number", "0", "between 20 and 1000")],
)
def test_bad_input_gets_a_line_of_text_and_leaves_it_usable(room, page, name, typed, says):
    height = page.evaluate("document.querySelector('.course-figure').offsetHeight")
    room.type(name, typed)
    assert says in room.note.inner_text()
    room.press("Step")
    room.wait_for(1)
    assert page.evaluate("document.querySelector('.course-figure').offsetHeight") == height


def test_the_last_feature_stays(room):
    for feature in ("x₁", "x₂"):
        room.figure.get_by_role("checkbox", name=feature, exact=True).click()
    assert room.figure.get_by_role("checkbox", name="x₂", exact=True).is_checked()
    assert "one feature stays" in room.note.inner_text()


def test_a_run_that_diverges_says_so_and_reset_brings_another(room, page):
    room.choose("optimizer", "SGD")
    room.choose("penalty", "L2, ½ λ Σ w²")
    room.type("λ, its strength, as a number", "1")
    room.type("η, learning rate, as a number", "10")  # η λ > 2: every step makes the weights larger
    room.play.click()
    room.figure.locator(".description", has_text="no longer finite").wait_for(timeout=20_000)
    assert "diverges" in room.title.inner_text()
    room.press("Reset")
    page.wait_for_timeout(300)
    assert room.epochs == 0 and room.play.is_enabled()


def test_histograms_rates_and_race_are_drawn(room, page):
    room.open("Activations and gradients")
    room.steps(2)
    assert room.figure.locator(".histogram").count() == 6
    label = room.figure.locator(".histogram svg").first.get_attribute("aria-label")
    assert label.startswith("layer 1: activations: most near")
    room.open("32 learning rates")
    room.press("Train 32 at once")
    room.figure.get_by_text(re.compile("Lowest after 60 epochs is η = ")).wait_for()
    assert room.figure.locator(".section .curve .lines path").count() == 32
    room.open("Optimizers on the loss surface")
    room.press("Start the race")
    room.figure.get_by_text(re.compile("After 40 epochs .* is lowest")).wait_for()
    assert room.figure.locator(".section .plane .ways path[stroke]").count() == 4


def test_a_unit_is_chosen_by_keyboard_and_shown_large(room, page):
    before = room.figure.locator(".plane canvas").evaluate("canvas => canvas.toDataURL()")
    room.figure.get_by_role("application", name=re.compile("^The network")).focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(80)
    assert "unit 1 of layer 2" in room.figure.locator(".caption").first.inner_text()
    assert room.figure.locator(".plane canvas").evaluate("canvas => canvas.toDataURL()") != before


def test_without_python_the_page_trains_by_itself_and_says_so(page):
    show(page, Playground())
    room = Room(page)
    room.figure.locator(".plane canvas").wait_for()
    assert "the page trains by itself" in room.note.inner_text()
    room.play.click()
    room.wait_for(30)
    room.press("❚❚ Pause")
    room.open("32 learning rates")
    room.press("Train 32 at once")
    room.figure.get_by_text(re.compile("Lowest after 60 epochs is η = ")).wait_for(timeout=60_000)
    assert page.errors == []


def test_a_kernel_that_dies_while_it_trains_gets_a_sentence_and_the_page_can_take_over(room, page):
    room.play.click()
    room.wait_for(5)
    page.evaluate("window.kernel = undefined")
    room.figure.locator(".note", has_text="no kernel behind this figure").wait_for()
    assert room.play.inner_text() == "▶ Play"
    room.choose("trained", "in this page")
    room.steps(2)
    assert room.note.inner_text() == ""


def test_closed_while_it_trains_nothing_is_asked_any_more(page):
    asked = []

    class Counted(Playground):
        def answer(self, request):
            asked.append(request)
            return super().answer(request)

    show(page, Counted(), fed=True)
    room = Room(page)
    room.figure.locator(".plane canvas").wait_for()
    room.play.click()
    room.wait_for(5)
    page.evaluate("leave()")
    page.wait_for_timeout(100)
    so_far = len(asked)
    page.wait_for_timeout(500)
    assert so_far > 3 and len(asked) == so_far
    assert page.evaluate("listening()") == 0


@pytest.mark.parametrize("width, scale", [(1280, 1), (640, 2), (375, 1)], ids=["wide", "200 % zoom", "375 px"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_size_and_theme_is_accessible_and_needs_no_sideways_scrolling(chromium, width, scale, scheme, require, tmp_path):
    context = chromium.new_context(viewport={"width": width, "height": 900}, device_scale_factor=scale, color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    show(page, Playground(), fed=True)
    room = Room(page)
    room.figure.locator(".plane canvas").wait_for()
    room.steps(2)
    for summary in page.locator("summary").all():
        summary.click()
    page.wait_for_timeout(300)
    page.screenshot(path=tmp_path / f"playground-{width}-{scheme}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert serious_findings(page, ".course-figure", require) == []
    context.close()


# ---- in JupyterLab


@pytest.fixture(scope="module")
def notebook(lab, chromium):
    """The playground's notebook in a real JupyterLab, its first figure drawn."""
    context = chromium.new_context(viewport={"width": 1280, "height": 1600})
    page = context.new_page()
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.set_default_timeout(60_000)
    page.goto(lab.page("lab/tree/notebooks/playground.ipynb"))
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    page.evaluate(WATCH)
    run(page, 0)
    room_of(page, 0)
    yield page
    context.close()


def run(page, cell, code=None, *, wait=True):
    """Run a code cell, with other code if given."""
    editor = page.locator(".jp-CodeCell").nth(cell).locator(".jp-InputArea-editor")
    editor.scroll_into_view_if_needed()
    editor.click()
    if code is not None:
        page.keyboard.press("Control+a")
        page.keyboard.insert_text(code)
    page.keyboard.press("Control+Enter")
    if wait:
        page.wait_for_timeout(300)
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()


def room_of(page, cell):
    room = Room(page, page.locator(".jp-CodeCell").nth(cell).locator(".course-figure:has(.playground)"))
    room.figure.locator(".plane canvas").wait_for()
    room.figure.evaluate("node => node.scrollIntoView({ block: 'start' })")
    return room


def test_a_figure_made_by_a_cell_that_still_runs_can_be_used_and_python_loses_nothing(notebook):
    """JupyterLab may hold a new figure's first messages back until the cell ends. The page then trains by itself."""
    run(notebook, 0, "import time\nfrom course_lib.widgets.playground import Playground\nplayground = Playground()\ndisplay(playground)\ntime.sleep(25)\nprint('awake')", wait=False)
    room = room_of(notebook, 0)
    room.play.click()
    room.wait_for(5)
    room.press("❚❚ Pause")
    awake = notebook.locator(".jp-CodeCell").nth(0).locator(".jp-OutputArea").get_by_text("awake")
    assert awake.count() == 0, "the cell still sleeps"
    awake.first.wait_for()
    room.choose("trained", "in Python")
    room.press("Reset")
    notebook.wait_for_timeout(1000)
    room.choose("trained", "in Python")
    notebook.wait_for_timeout(1000)
    room.steps(2)
    assert room.note.inner_text() == "" and room.figure.get_by_label("trained").input_value() == "0"


@pytest.mark.alone
def test_it_keeps_painting_while_it_trains(notebook, record_property):
    """The goal is 30 pictures a second: two cores that also draw in software, and serve, give 39 when they do nothing else."""
    room = room_of(notebook, 0)
    room.press("Reset")
    best = 0
    room.play.click()
    room.wait_for(5)
    for _ in range(10):  # whatever else the machine does can only make a second slower
        notebook.evaluate("painted.length = 0")
        notebook.wait_for_timeout(1000)
        best = max(best, notebook.evaluate("painted.length / (painted.at(-1) - painted[0]) * 1000"))
        if best > 45:
            break
    room.press("❚❚ Pause")
    record_property("pictures a second", best)
    assert best > 15


@pytest.mark.alone
def test_from_slider_to_picture_soon(notebook, record_property):
    """The goal is 100 ms, Python and back included, which is met on a machine that does nothing else: 66 ms."""
    room = room_of(notebook, 0)
    slider = room.figure.get_by_role("slider", name="noise")
    p90 = np.inf
    for _ in range(5):  # the best round, as in latency.py
        waits = slider.evaluate(SLIDE)
        p90 = min(p90, float(np.percentile(waits, 90)))
        if p90 <= 50:
            break
    record_property("p90 in ms", p90)
    assert p90 <= 150


def test_two_figures_at_once_do_not_talk_across(notebook):
    run(notebook, 1, "other = Playground('data=spirals&layers=8')\nother")
    one, other = room_of(notebook, 0), room_of(notebook, 1)
    one.press("Reset")
    notebook.wait_for_timeout(300)
    other.play.click()
    other.wait_for(10)
    assert one.epochs == 0
    one.play.click()
    one.wait_for(10)
    for room in (one, other):
        there = room.epochs
        room.wait_for(there + 5)
    one.press("❚❚ Pause")
    notebook.wait_for_timeout(200)
    stays, goes = one.epochs, other.epochs
    other.wait_for(goes + 5)
    assert one.epochs == stays
    other.press("❚❚ Pause")


def test_python_reads_what_was_set_and_sets_it(notebook):
    room = room_of(notebook, 0)
    room.press("Reset")
    room.choose("activation", "sigmoid")
    run(notebook, 2, "print(playground.state)")
    notebook.locator(".jp-CodeCell").nth(2).get_by_text("data=moons&activation=sigmoid").wait_for()
    run(notebook, 2, "playground.values = {'layers': '3'}")
    room = room_of(notebook, 0)
    assert room.figure.get_by_role("textbox", name="hidden units").input_value() == "3"
    assert notebook.errors == []


def test_a_closed_figure_trains_nothing(notebook):
    run(notebook, 1, "import time\nother = Playground('data=spirals&layers=8')\nother")
    room = room_of(notebook, 1)
    room.play.click()
    room.wait_for(5)
    run(notebook, 1, "asked = len(other._runs), next(iter(other._runs.values()))\nfor _ in range(20):  # what was under way when it was closed may still end\n    before = len(asked[1].loss)\n    time.sleep(1)\n    if len(asked[1].loss) == before:\n        break\nprint('closed:', len(asked[1].loss) - before)")
    notebook.locator(".jp-CodeCell").nth(1).get_by_text("closed: 0").wait_for()
