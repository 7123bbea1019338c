"""The stage on which the figures stand, with a small figure that fails on purpose (figures/valley.js): keyboard, player,
bad input, mistakes inside a figure, themes, small screens; no kernel, no network."""

from pathlib import Path

import pytest

from browser.axe import WINDOWS, serious_findings
from browser.bare_page import show
from browser.latency import slider_to_picture
from course_lib.widgets import esm
from course_lib.widgets.figure import Figure

pytestmark = pytest.mark.browser
HERE = Path(__file__).parent / "figures"


class Valley(Figure):
    _esm = esm(HERE / "valley.js")

    def __init__(self, **values):
        super().__init__(values={"eta": 0.15, "c": 5, "rule": "sgd", "trace": True, **values})


class Parts(Figure):
    _esm = esm(HERE / "parts.js")

    def __init__(self):
        super().__init__(values={"eta": 0.1, "rule": "adam"})


class Stage:
    def __init__(self, page):
        self.page = page
        self.description, self.note, self.title = (page.locator(f".{name}") for name in ("description", "note", "title"))
        self.play = page.locator(".play")
        self.count = page.locator(".count")

    def press(self, name):
        self.page.get_by_role("button", name=name, exact=True).click()

    def slider(self, symbol):
        return self.page.get_by_role("slider", name=symbol)

    def type(self, name, text):
        self.page.get_by_role("textbox", name=name).fill(text)

    @property
    def values(self):
        return self.page.evaluate("values.values")

    @property
    def steps(self):
        return int(self.count.inner_text().split()[-1])

    @property
    def picture(self):
        self.page.wait_for_timeout(50)
        return self.page.evaluate("document.querySelector('.picture').innerHTML + (document.querySelector('canvas')?.toDataURL() ?? '')")

    @property
    def height(self):
        return pytest.approx(self.page.evaluate("document.querySelector('.course-figure').getBoundingClientRect().height"), abs=0.9)

    def settled_description(self):
        self.page.wait_for_timeout(450)
        return self.description.inner_text()


@pytest.fixture
def stage(page):
    show(page, Valley())
    yield Stage(page)
    assert page.errors == []


def test_it_starts_at_rest_with_its_sentence_its_words_and_python_untouched(stage, page):
    assert stage.title.inner_text() == "Below 2/c every step comes closer"
    assert stage.description.inner_text() == "Step 0: θ is (−3, 2)."
    page.wait_for_timeout(300)
    assert stage.steps == 0, "nothing plays by itself"
    assert page.evaluate("saved") == 0


def test_play_pause_step_and_reset_to_the_same_start(stage, page):
    start = stage.picture
    stage.press("Step")
    page.wait_for_timeout(100)
    assert stage.steps == 1
    stage.play.click()
    page.wait_for_timeout(700)
    stage.press("❚❚ Pause")
    there = stage.steps
    assert 3 <= there <= 12, "ten steps a second"
    page.wait_for_timeout(300)
    assert stage.steps == there
    assert stage.settled_description().startswith(f"Step {there}:")
    assert stage.picture != start
    stage.press("Reset")
    page.wait_for_timeout(100)
    assert stage.steps == 0 and stage.picture == start


def test_speed_changes_the_pace_and_the_last_step_ends_the_run(stage, page):
    page.get_by_label("speed").select_option(label="× 200")
    stage.play.click()
    page.wait_for_timeout(1500)
    assert stage.steps == 300, "the run says when it is done"
    assert stage.play.is_disabled() and stage.play.inner_text() == "▶ Play"
    stage.press("Reset")
    page.wait_for_timeout(50)
    assert stage.play.is_enabled()


def test_the_same_seed_gives_the_same_run_and_another_seed_another(stage, page):
    def after_three(seed):
        stage.type("seed", str(seed))
        for _ in range(3):
            stage.press("Step")
        page.wait_for_timeout(100)
        assert stage.steps == 3
        return stage.picture

    first, other = after_three(0), after_three(5)
    assert first != other and after_three(0) == first


def test_some_values_apply_while_it_runs_and_others_begin_anew(stage, page):
    for _ in range(4):
        stage.press("Step")
    stage.type("η, learning rate, as a number", "0.3")
    page.wait_for_timeout(50)
    assert stage.steps == 4 and stage.values["eta"] == 0.3
    stage.slider("c, steepness").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(50)
    assert stage.values["c"] == 5.5 and stage.steps == 0
    assert stage.settled_description().startswith("c = 5.5. Step 0:")


def test_a_logarithmic_slider_steps_by_its_factor_and_shift_by_more(stage, page):
    stage.slider("η, learning rate").focus()
    before = stage.values["eta"]
    page.keyboard.press("ArrowRight")
    once = stage.values["eta"]
    page.keyboard.press("Shift+ArrowRight")
    assert once / before == pytest.approx(1.1, abs=0.06)
    assert stage.values["eta"] / once == pytest.approx(1.1**5, rel=0.03)
    page.keyboard.press("End")
    assert stage.values["eta"] == 1
    page.keyboard.press("Home")
    assert stage.values["eta"] == 0.01


@pytest.mark.parametrize("name", ["η, learning rate", "η, learning rate, as a number"])
def test_two_keys_within_one_picture_are_two_steps(stage, page, name):
    twice = """(input) => {
        for (let i = 0; i < 2; i++) input.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowUp", shiftKey: true, cancelable: true }));
    }"""
    before = stage.values["eta"]
    page.get_by_label(name, exact=True).evaluate(twice)
    assert stage.values["eta"] / before == pytest.approx(1.1**10, rel=0.06)


@pytest.mark.parametrize("typed, says", [("", "needs a number"), ("abc", "needs a number"), ("0", "between 0.01 and 1"), ("1e9", "between 0.01 and 1")])
def test_a_bad_number_gets_a_sentence_and_changes_nothing(stage, page, typed, says):
    height, before = stage.height, stage.values
    stage.type("η, learning rate, as a number", typed)
    assert says in stage.note.inner_text()
    assert stage.values == before and stage.height.expected == height
    stage.type("η, learning rate, as a number", "0.2")
    assert stage.note.inner_text() == "" and stage.values["eta"] == 0.2
    stage.type("seed", "1.5")
    assert "whole number" in stage.note.inner_text()


def test_presets_move_the_values_and_reset_returns(stage, page):
    page.get_by_label("start from").select_option(label="too large")
    assert stage.values["eta"] == 0.45
    assert stage.settled_description().startswith("A new start. Step 0")
    stage.press("Reset")
    assert stage.values["eta"] == 0.15
    assert page.get_by_label("start from").input_value() == "0"


def test_a_handle_is_dragged_by_mouse_and_moved_by_keys(stage, page):
    knob = page.get_by_role("slider", name="Move the steepness")
    box = knob.locator(".knob").bounding_box()
    page.mouse.move(box["x"] + 10, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 10, box["y"] + 110, steps=6)
    page.mouse.up()
    dragged = stage.values["c"]
    assert 1 <= dragged < 3.5
    page.keyboard.press("ArrowUp")
    assert stage.values["c"] == pytest.approx(dragged + 0.2, abs=0.02)
    assert stage.settled_description().startswith("Dragged.")


def test_a_step_that_fails_says_so_and_the_figure_goes_on(stage, page):
    stage.type("c, steepness, as a number", "7")
    stage.play.click()
    page.wait_for_timeout(300)
    assert "could not be worked out (no sevens)" in stage.note.inner_text()
    assert stage.play.inner_text() == "▶ Play"
    stage.type("c, steepness, as a number", "6")
    stage.press("Step")
    page.wait_for_timeout(100)
    assert stage.note.inner_text() == "" and stage.steps == 1


def test_a_picture_or_a_start_that_fails_says_so_and_the_figure_goes_on(stage, page):
    stage.type("c, steepness, as a number", "8")
    page.wait_for_timeout(100)
    assert "The picture could not be worked out (no eights)" in stage.note.inner_text()
    stage.type("c, steepness, as a number", "5")
    stage.type("seed", "13")
    assert stage.note.inner_text() == "Thirteen is no seed here. Take another."
    stage.type("seed", "3")
    stage.press("Step")
    page.wait_for_timeout(100)
    assert stage.note.inner_text() == "" and stage.steps == 1


COUNT_FRAMES = """() => { window.frames_asked = 0; const ask = window.requestAnimationFrame.bind(window); window.requestAnimationFrame = (f) => (window.frames_asked++, ask(f)); }"""


@pytest.mark.parametrize("close", ["leave()", "document.querySelector('.course-figure').remove()"], ids=["closed", "removed"])
def test_closed_while_it_plays_nothing_runs_on(stage, page, close):
    page.evaluate(COUNT_FRAMES)
    stage.play.click()
    page.wait_for_timeout(200)
    assert page.evaluate("frames_asked") > 3
    page.evaluate(close)
    page.wait_for_timeout(150)
    page.evaluate("frames_asked = 0")
    page.wait_for_timeout(300)
    assert page.evaluate("frames_asked") == 0
    page.evaluate("leave()")
    assert page.evaluate("listening()") == 0


def test_in_a_hidden_tab_nothing_is_computed_and_nothing_is_caught_up_with(stage, page):
    stage.play.click()
    page.wait_for_timeout(300)
    page.evaluate("Object.defineProperty(document, 'hidden', { get: () => true, configurable: true })")
    page.wait_for_timeout(100)
    asleep = stage.steps
    page.wait_for_timeout(800)
    assert stage.steps == asleep
    page.evaluate("delete document.hidden")
    page.wait_for_timeout(300)
    assert asleep < stage.steps < asleep + 7


def test_python_moves_the_figure_and_a_dead_kernel_does_not_stop_it(stage, page):
    page.evaluate("model.set('values', { ...values.values, eta: 0.4 })")
    page.wait_for_timeout(50)
    assert page.get_by_role("textbox", name="η, learning rate").input_value() == "0.4"
    assert stage.title.inner_text() == "Above 2/c the steps grow: the run diverges"
    page.evaluate("() => { model.save_changes = () => { throw new Error('no kernel'); }; }")
    stage.type("η, learning rate, as a number", "0.1")
    stage.press("Step")
    page.wait_for_timeout(50)
    assert stage.values["eta"] == 0.1 and stage.steps == 1


def test_the_keyboard_alone_reaches_and_works_everything(stage, page):
    seen, page_body = [], page.locator("body")
    page_body.press("Tab")
    for _ in range(20):
        seen.append(page.evaluate("document.activeElement.getAttribute('aria-label') ?? document.activeElement.labels?.[0]?.textContent.trim() ?? document.activeElement.textContent"))
        page.keyboard.press("Tab")
    wanted = ["Move the steepness", "▶ Play", "Step", "speed", "Reset", "η, learning rate", "η, learning rate, as a number", "c, steepness", "c, steepness, as a number", "rule", "show the way", "seed", "start from"]
    assert all(seen[i].startswith(want) for i, want in enumerate(wanted)), seen
    stage.play.focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(250)
    page.keyboard.press("Space")
    assert stage.play.inner_text() == "▶ Play" and stage.steps > 0
    for locator in (stage.play, stage.slider("η, learning rate"), page.get_by_label("show the way")):
        locator.focus()
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_from_slider_to_picture_within_a_tenth_of_a_second(stage, page, record_property):
    p90 = slider_to_picture(stage.slider("c, steepness"))
    record_property("p90 in ms", p90)
    assert p90 <= 100


@pytest.mark.parametrize("width, scale, scheme", WINDOWS)
@pytest.mark.parametrize("make", [Valley, Parts], ids=["valley", "every part"])
def test_every_size_and_theme_is_accessible_and_needs_no_sideways_scrolling(chromium, make, width, scale, scheme, require):
    context = chromium.new_context(viewport={"width": width, "height": 800}, device_scale_factor=scale, color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    show(page, make())
    stage = Stage(page)
    height = stage.height
    stage.press("Step")
    assert "Step 1:" in stage.settled_description()
    assert page.evaluate("document.getAnimations().length") == 0, "reduced motion: nothing flashes"
    assert stage.height.expected == height
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for control in page.locator("input, select, button").all():
        box = control.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
    assert serious_findings(page, ".course-figure", require) == []
    assert page.errors == []
    context.close()


def test_parts_can_be_picked_and_read_by_keyboard(page):
    show(page, Parts())
    stage = Stage(page)
    matrix = page.get_by_role("application", name="W of the first layer")
    matrix.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.wait_for_timeout(50)
    assert "chosen: row 2, column 2" in page.locator(".heat svg").get_attribute("aria-label")
    page.get_by_role("application", name="The network").focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_timeout(50)
    assert page.locator(".netdraw .chosen").count() == 1
    for _ in range(3):
        stage.press("Step")
    page.wait_for_timeout(50)
    marker = page.get_by_role("slider", name="Look at step")
    marker.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(50)
    assert float(marker.get_attribute("aria-valuenow")) == 1 and marker.get_attribute("aria-valuetext") == "step k 1"
    assert page.errors == []
