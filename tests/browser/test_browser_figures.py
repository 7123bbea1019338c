"""The figure of L02 and the question boxes on a bare page: mouse, touch, keyboard, bad values, small screens, both themes; no network."""

import re

import numpy as np
import pytest

from browser.axe import WINDOWS, serious_findings
from browser.bare_page import show
from browser.latency import slider_to_picture
from course_lib.perceptron import predict
from course_lib.widgets import PerceptronFigure, predict_first, self_check

pytestmark = pytest.mark.browser


class Figure:
    """The figure on the page, as a reader meets it."""

    def __init__(self, page):
        self.page = page
        self.move = page.get_by_role("slider", name="Move the line")
        self.turn = page.get_by_role("slider", name="Turn the line")
        self.description = page.locator(".description")
        self.note = page.locator(".note")

    def number(self, symbol):
        return self.page.get_by_role("textbox", name=f"{symbol},")

    def slider(self, symbol):
        return self.page.get_by_role("slider", name=re.compile(f"^{symbol},"))

    def choose(self, words):
        self.page.get_by_label("start from").select_option(label=words)

    def reset(self):
        self.page.get_by_role("button", name="Reset").click()

    @property
    def values(self):
        return self.page.evaluate("({ w: values.w, b: values.b })")

    @property
    def table(self):
        return [row.split("\t") for row in self.page.locator("tbody").inner_text().split("\n")]

    @property
    def picture(self):
        return self.page.evaluate("document.querySelector('canvas').toDataURL() + document.querySelector('svg').outerHTML")

    @property
    def height(self):
        """In pixels, give or take a fraction of one that no eye sees."""
        return pytest.approx(self.page.evaluate("document.querySelector('.course-figure').getBoundingClientRect().height"), abs=0.9)

    def centre(self, handle):
        box = handle.locator(".knob").bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def settled_description(self):
        self.page.wait_for_timeout(500)
        return self.description.inner_text()


@pytest.fixture
def figure(page):
    show(page, PerceptronFigure())
    yield Figure(page)
    assert page.errors == []


def table_of(w, b, y=(0, 1, 1, 1)):
    X = [[0, 0], [0, 1], [1, 0], [1, 1]]
    h, p, y_hat = predict(X, w, b)
    text = lambda v: f"{v:.2f}".replace("-0.00", "0.00").replace("-", "−")  # noqa: E731
    return [
        [*map(str, x), str(t), text(a), text(q), str(c), text((t - q) ** 2), "✓" if c == t else "✗"]
        for x, t, a, q, c in zip(X, y, h, p, y_hat)
    ]


def test_it_starts_with_the_slides_table_and_says_so_in_words(figure, page):
    assert figure.table == table_of([1, -1], -0.5)
    assert page.locator(".totals").inner_text().split("\n")[0].startswith("mean squared error 0.34")
    assert "2 of 4" in page.locator(".totals").inner_text()
    assert figure.description.inner_text().startswith("Two of four rows are right, mean squared error 0.34.")
    page.get_by_label("more decimals").check()
    assert "0.33524" in page.locator(".totals").inner_text()


def test_the_line_moves_under_the_mouse_and_everything_follows(figure, page):
    before = figure.picture
    x, y = figure.centre(figure.move)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 40, y - 40, steps=8)
    page.mouse.up()
    w, b = figure.values["w"], figure.values["b"]
    assert w == [1, -1] and -0.1 < b < 0.1, "40 pixels up and 40 left is about .23 each way, which takes b from −.5 near 0"
    assert figure.table == table_of(w, b)
    assert figure.picture != before
    assert figure.settled_description().startswith(f"b = {b:.2f}".replace("-", "−"))
    assert page.evaluate("saved") > 0, "Python was told"


def test_the_line_can_be_taken_anywhere_along_it_and_keeps_its_distance_to_the_pointer(figure, page):
    box = page.locator("svg").bounding_box()
    unit = box["width"] / 400 * 356 / 2  # pixels per 1 of x
    x = box["x"] + box["width"] * 36 / 400 + 0.6 * unit  # the line's point (0.1, −0.4)
    y = box["y"] + box["height"] * 8 / 400 + 1.9 * unit
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 0.2 * unit, y)
    page.mouse.up()
    assert figure.values["b"] == pytest.approx(-0.7, abs=0.02)


def test_the_line_turns_under_the_mouse_and_keeps_the_length_of_w(figure, page):
    x, y = figure.centre(figure.turn)
    px, py = figure.centre(figure.move)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(px + (y - py), py - (x - px), steps=12)  # a quarter of a turn about the middle handle
    page.mouse.up()
    w = figure.values["w"]
    assert np.hypot(*w) == pytest.approx(np.sqrt(2), abs=0.02)
    assert abs(w[0] - 1) > 0.5 or abs(w[1] + 1) > 0.5
    assert figure.table == table_of(w, figure.values["b"])


def test_the_line_moves_under_a_finger(chromium):
    context = chromium.new_context(has_touch=True, viewport={"width": 375, "height": 800})
    page = context.new_page()
    page.errors = []
    show(page, PerceptronFigure())
    figure = Figure(page)
    x, y = figure.centre(figure.move)
    touch = context.new_cdp_session(page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 6):
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x - 6 * step, "y": y - 6 * step}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_timeout(200)
    assert figure.values["b"] > -0.3
    assert page.evaluate("scrollY") == 0
    context.close()


def test_the_keyboard_alone_reaches_and_works_everything(figure, page):
    names = []
    page.keyboard.press("Tab")
    for _ in range(14):
        names.append(page.evaluate("document.activeElement.getAttribute('aria-label') ?? document.activeElement.labels?.[0]?.textContent ?? document.activeElement.textContent"))
        page.keyboard.press("Tab")
    wanted = ["Move the line", "Turn the line", "hand table", "more decimals", "w₁", "w₁", "w₂", "w₂", "b, bias", "b, bias", "start from", "Reset"]
    assert all(want in name for want, name in zip(wanted, names)), names

    figure.move.focus()
    page.keyboard.press("ArrowUp")
    assert figure.values["b"] == -0.4
    page.keyboard.press("Shift+ArrowUp")
    assert figure.values["b"] == 0.1
    page.keyboard.press("ArrowDown")
    assert figure.values["b"] == 0
    assert figure.table == table_of([1, -1], 0)
    assert "Rows 1 and 4 lie exactly on the line" in figure.settled_description()
    figure.reset()

    figure.turn.focus()
    for _ in range(9):
        page.keyboard.press("ArrowLeft")
    w = figure.values["w"]
    assert np.degrees(np.arctan2(w[1], w[0])) == pytest.approx(-90, abs=1)
    for _ in range(9):
        page.keyboard.press("ArrowRight")
    assert figure.values == {"w": [1, -1], "b": -0.5}, "nine steps there and nine back"

    figure.slider("w₁").focus()
    page.keyboard.press("ArrowRight")
    assert figure.values["w"] == [1.1, -1]
    page.keyboard.press("Shift+ArrowRight")
    assert figure.values["w"] == [1.6, -1]


def test_focus_can_be_seen_on_every_control(figure, page):
    for locator in (figure.move, figure.turn, figure.slider("w₁"), figure.number("w₁"), page.get_by_role("button", name="Reset")):
        figure.reset()
        page.locator("body").click(position={"x": 2, "y": 2})
        plain = locator.screenshot()
        page.keyboard.press("Tab")  # so that focus counts as coming from the keyboard
        locator.focus()
        assert locator.screenshot() != plain or page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
        ring = page.evaluate("getComputedStyle(document.activeElement.querySelector?.('.focus-ring') ?? document.activeElement)")
        assert ring


@pytest.mark.parametrize("typed, says", [("", "w₁ needs a number"), ("abc", "w₁ needs a number"), ("1e9", "between −100 and 100")])
def test_a_bad_number_gets_a_sentence_and_leaves_the_figure_usable(figure, page, typed, says):
    height = figure.height
    figure.number("w₁").fill(typed)
    assert says in figure.note.inner_text()
    assert figure.number("w₁").get_attribute("aria-invalid") == "true"
    assert figure.values["w"] == [1, -1] and figure.table == table_of([1, -1], -0.5)
    assert figure.height.expected == height
    figure.number("w₁").fill("2,5")
    assert figure.note.inner_text() == "" and figure.values["w"] == [2.5, -1]
    figure.number("w₁").fill("")
    figure.number("w₂").focus()
    assert figure.number("w₁").input_value() == "2.5", "a field that is left shows the number in force"
    assert figure.note.inner_text() == ""


def test_without_weights_there_is_no_line_and_the_figure_says_so(figure, page):
    figure.number("w₁").fill("0")
    figure.number("w₂").fill("0")
    assert not figure.move.is_visible() and not figure.turn.is_visible()
    assert "no line: every row gets the same p, 0.38" in figure.settled_description()
    figure.number("w₂").fill("-1")
    assert figure.move.is_visible()


def test_a_line_outside_the_picture_can_be_fetched_back(figure, page):
    figure.number("b").fill("40")
    assert "outside the picture" in figure.settled_description()
    x, y = figure.centre(figure.move)
    frame = page.locator("canvas").bounding_box()
    assert frame["x"] <= x <= frame["x"] + frame["width"] and frame["y"] <= y <= frame["y"] + frame["height"]
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2, steps=5)
    page.mouse.up()
    assert abs(figure.values["b"]) < 0.1


def test_presets_show_what_they_say_reset_returns_and_nothing_jumps(figure, page):
    height = figure.height
    for words, y, b in (("XOR, the same line", (0, 1, 1, 0), -0.5), ("AND, the same line", (0, 0, 0, 1), -0.5), ("OR, b = 0: two ties", (0, 1, 1, 1), 0)):
        figure.choose(words)
        assert figure.table == table_of([1, -1], b, y)
        figure.settled_description()
        assert figure.height.expected == height, words
    figure.move.focus()
    page.keyboard.press("Shift+ArrowUp")
    figure.reset()
    assert figure.values == {"w": [1, -1], "b": -0.5}
    assert figure.table == table_of([1, -1], -0.5)
    assert page.get_by_label("start from").input_value() == "0"


def test_python_moves_the_figure_too(figure, page):
    page.evaluate("model.set('w', [2, 2])")
    page.evaluate("model.set('b', -1)")
    assert figure.table == table_of([2, 2], -1)
    assert figure.number("w₁").input_value() == "2"


def test_a_kernel_that_is_gone_does_not_stop_the_figure(figure, page):
    page.evaluate("() => { model.save_changes = () => { throw new Error('no kernel'); }; }")
    figure.number("b").fill("-1")
    assert figure.table == table_of([1, -1], -1)


def test_a_figure_that_goes_takes_its_listeners_along(figure, page):
    assert page.evaluate("listening()") == 5
    page.evaluate("leave()")
    assert page.evaluate("listening()") == 0


def test_from_slider_to_picture_within_a_tenth_of_a_second(figure, page, record_property):
    p90 = slider_to_picture(page.locator("input[type=range]").first)
    record_property("p90 in ms", p90)
    assert p90 <= 100


def test_with_reduced_motion_no_number_flashes(chromium):
    for motion, flashes in (("reduce", 0), ("no-preference", 1)):
        context = chromium.new_context(reduced_motion=motion)
        page = context.new_page()
        show(page, PerceptronFigure())
        page.evaluate("model.set('b', 0.25)")
        assert min(page.evaluate("document.getAnimations().length"), 1) == flashes
        context.close()


@pytest.mark.parametrize("width, scale, scheme", WINDOWS)
def test_every_size_and_theme_is_accessible_and_needs_no_sideways_scrolling(chromium, width, scale, scheme, require, tmp_path):
    context = chromium.new_context(viewport={"width": width, "height": 800}, device_scale_factor=scale, color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    show(page, PerceptronFigure())
    page.locator(".course-figure").screenshot(path=tmp_path / f"figure-{width}-{scheme}.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for control in page.locator("input, select, button").all():
        box = control.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
    assert serious_findings(page, ".course-figure", require) == []
    height = Figure(page).height
    page.get_by_label("start from").select_option(label="OR, b = 0: two ties")
    page.wait_for_timeout(450)
    assert Figure(page).height.expected == height
    context.close()


def test_more_points_and_other_numbers_are_drawn_too(page):
    rng = np.random.default_rng(0)
    show(page, PerceptronFigure(rng.normal(size=(20, 2)) * 10, rng.integers(0, 2, 20), w=[0.3, 0.1], b=0))
    assert page.locator("svg .points > g").count() == 20
    assert page.locator("svg .points .label").count() == 0
    assert page.locator("tbody tr").count() == 20
    assert "of 20" in page.locator(".totals").inner_text()
    assert page.errors == []


# ---- questions


def test_a_guess_is_refused_until_it_makes_sense_then_kept(page, require):
    show(page, predict_first("How many of the four rows?", kind=int, low=0, high=4))
    field = page.get_by_label("Predict first. How many of the four rows?")
    field.fill("7")
    page.get_by_role("button", name="Write it down").click()
    assert page.locator(".reply").inner_text() == "Type a whole number from 0 to 4."
    field.fill("3")
    page.keyboard.press("Enter")
    assert page.locator(".reply").inner_text().startswith("You wrote 3.")
    assert page.evaluate("values.guess") == "3"
    assert serious_findings(page, ".course-figure", require) == []
    page.get_by_role("button", name="Skip").click()
    assert page.locator(".reply").inner_text().startswith("Skipped.")
    assert page.evaluate("values.guess") is None


def test_what_happened_waits_for_the_guess_but_not_for_ever(page, require):
    show(page, predict_first("How many?", kind=int, answer=2).outcome(because="Look at row 2."))
    assert "2" not in page.locator("main").inner_text().replace("Look at row 2.", "")
    page.get_by_role("button", name="Show me without a guess").click()
    assert "You made no guess, which is fine. The answer is 2." in page.locator("main").inner_text()
    assert "Look at row 2." in page.locator("main").inner_text()
    assert serious_findings(page, ".course-figure", require) == []


def test_a_choice_gets_its_own_reply_and_hints_come_one_by_one(page, require):
    show(page, self_check("Which?", {"a": "Not a, because.", "b": "Indeed."}, answer="b", hints=["First.", "Second."], solution="One.\n\nTwo."))
    check, reply = page.get_by_role("button", name="Check"), page.locator(".reply")
    check.click()
    assert reply.inner_text() == "Choose one first."
    page.get_by_role("radio", name="a").check()
    check.click()
    assert reply.inner_text() == "✗ Not yet. Not a, because."
    page.get_by_role("button", name="Hint 1 of 2").click()
    assert page.locator("ol li").all_inner_texts() == ["First."]
    page.get_by_role("button", name="Hint 2 of 2").click()
    assert page.get_by_role("button", name="No more hints").is_disabled()
    page.keyboard.press("Tab")
    page.get_by_role("radio", name="b").check()
    check.click()
    assert reply.inner_text() == "✓ Right. Indeed."
    assert not page.get_by_text("Two.").is_visible()
    page.get_by_text("Worked solution").click()
    assert page.get_by_text("Two.").is_visible()
    assert page.evaluate("[values.attempts, values.hints_opened, values.solved]") == [2, 2, True]
    assert serious_findings(page, ".course-figure", require) == []


def test_a_number_is_judged_within_its_tolerance(page):
    show(page, self_check("p?", answer=0.3775, solution="Like this."))
    field = page.get_by_label("p?")
    for typed, says in (("0.38", "✓ Right."), ("0.39", "✗ Not yet."), ("x", "Type a number"), ("-", "Type a number")):
        field.fill(typed)
        page.keyboard.press("Enter")
        assert page.locator(".reply").inner_text().startswith(says), typed


def test_words_of_a_question_are_never_markup(page):
    show(page, self_check("<img src=x onerror='window.bad = 1'>`<b>`", {"<i>": "<u>", "b": ""}, answer="b", solution="<s>"))
    assert page.locator("main img, main b, main i, main u, main s").count() == 0
    assert page.evaluate("window.bad === undefined")
