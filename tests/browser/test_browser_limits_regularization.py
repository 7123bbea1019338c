"""The figures of L05 and L13 on a bare page: played, scrubbed, dragged, given bad numbers; both themes, small screens; no kernel, no network."""

import re

import pytest
from playwright.sync_api import expect

from browser.axe import serious_findings
from browser.bare_page import show
from browser.latency import slider_to_picture
from course_lib.widgets.limits import BumpBuilder, LineScore, Structure, XorTraining
from course_lib.widgets.regularization import ExactZero, Overfit, Shrinkage, ShrinkagePaths

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ALL = [LineScore, XorTraining, Structure, BumpBuilder, Shrinkage, ShrinkagePaths, ExactZero, Overfit]


@pytest.fixture
def put(page):
    def put(figure):
        show(page, figure)
        return page

    yield put
    assert page.errors == []


def title(page):
    page.wait_for_timeout(150)
    return page.locator(".title").inner_text()


def said(page):
    page.wait_for_timeout(500)
    return page.locator(".description").inner_text()


def play_to_the_end(page):
    page.get_by_label("speed").select_option(label="× 50")
    page.get_by_role("button", name="▶ Play").click()
    page.locator(".play:disabled").wait_for()


def field(page, name):
    return page.get_by_role("textbox", name=re.compile(f"^{name}"))


# ---- L05


def test_xor_is_scrubbed_to_the_steps_where_it_loses_its_rows(put):
    page = put(XorTraining())
    for k, rows in ((47, "three"), (48, "two"), (312, "two"), (313, "one")):
        field(page, "k,").fill(str(k))
        assert f"{rows} of four rows right" in said(page)
    assert title(page) == "The loss falls, and the right rows go from 3 to 1"
    assert [mark.text_content() for mark in page.locator(".marks text").all()] == ["step 48", "step 313"]


def test_a_walk_that_was_played_to_its_end_can_be_scrubbed_back_and_played_again(put):
    page = put(XorTraining())
    play_to_the_end(page)
    page.locator(".description", has_text="Step 600 of 600").wait_for()
    assert "loss 0.2500" in said(page)
    page.get_by_role("slider", name="k, step").focus()
    page.keyboard.press("Home")
    assert "Step 0 of 600" in said(page) and "loss 0.2740" in said(page)
    expect(page.get_by_role("button", name="▶ Play")).to_be_enabled()
    page.get_by_label("table").select_option(label="AND")
    assert title(page) == "The loss falls, and all 4 rows of AND come right"


def test_three_lines_solve_what_one_cannot(put):
    page = put(XorTraining(hidden=3))
    field(page, "k,").fill("5000")
    assert "four of four rows right" in said(page) and title(page) == "Three lines together solve XOR"
    assert page.locator(".ways path[stroke-dasharray]").count() == 3


def test_the_best_score_is_remembered_and_no_key_gets_a_fourth_row(put):
    page = put(LineScore())
    best = page.locator(".totals output").nth(1)
    assert best.inner_text() == "3 of 4"
    page.get_by_role("slider", name="Move the line").focus()
    for _ in range(4):
        page.keyboard.press("Shift+ArrowUp")
    assert "two of four" in said(page).lower() and best.inner_text() == "3 of 4"
    page.get_by_label("table").select_option(label="AND")
    for name, value in (("w₁", "1"), ("w₂", "1"), ("b", "-1.5")):
        field(page, name).fill(value)
    assert "four of four" in said(page).lower() and title(page) == "Some line gets all 4 rows of AND"


def test_two_keys_within_one_picture_move_the_line_twice(put):
    page = put(LineScore())
    before = page.evaluate("values.values.b")
    page.get_by_role("slider", name="Move the line").evaluate(
        """node => { for (let n = 0; n < 2; n++) node.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowUp", bubbles: true, cancelable: true })); }"""
    )
    assert page.evaluate("values.values.b") == pytest.approx(before + 0.2)


def test_more_bins_come_closer_and_one_bump_is_up_and_down(put):
    page = put(BumpBuilder())
    errors = []
    for bins in (4, 10, 40, 100):
        field(page, "n,").fill(str(bins))
        errors.append(float(re.search(r"within ([\d.]+)", title(page))[1]))
    assert errors == [0.48, 0.2, 0.05, 0.02]
    page.get_by_label("start from").select_option(label="one soft bump")
    assert "0.8483 in its middle" in said(page)
    page.get_by_label("start from").select_option(label="one steep bump")
    assert "0.9999 in its middle" in said(page)


def test_on_coins_the_network_learns_by_heart_and_is_a_coin_on_new_points(put):
    page = put(Structure())
    play_to_the_end(page)
    page.locator(".description", has_text="step 600").wait_for()
    seen, new = map(int, re.findall(r"(\d+) % of", said(page))[:2])
    assert seen >= 95 and abs(new - 50) <= 6
    page.get_by_label("learner", exact=True).select_option(label="the nearest neighbour")
    assert "right on 100 %" in said(page)


# ---- L13


def test_one_lambda_moves_both_balls_and_only_the_diamond_reaches_zero(put):
    page = put(Shrinkage())
    assert title(page).startswith("A penalty pulls")
    marker = page.get_by_role("slider", name="λ on the path of ridge")
    marker.focus()
    before = [plane.inner_html() for plane in page.locator(".ways").all()]
    for _ in range(6):
        page.keyboard.press("Shift+ArrowRight")
    after = [plane.inner_html() for plane in page.locator(".ways").all()]
    assert all(a != c for a, c in zip(before, after, strict=True)) and len(after) == 2
    assert title(page) == "The diamond has set w₁ to exactly 0; the circle only shrinks it"
    assert "with L1 exactly 0 and" in said(page)
    field(page, "λ").fill("0")
    assert "λ must lie between 0.01 and 10" in page.locator(".note").inner_text() and "exactly 0" in said(page)


def test_the_paths_are_dragged_over_what_is_left_and_over_lambda(put):
    page = put(ShrinkagePaths(lam=1))
    assert re.match(r"At λ = 1 L1 keeps \d+ of 10 weights, L2 keeps 10", title(page))
    marker = page.get_by_role("slider", name="λ on the paths of L1, lasso")
    knob = marker.locator(".knob").bounding_box()
    page.mouse.move(knob["x"] + 5, knob["y"] + 5)
    page.mouse.down()
    page.mouse.move(knob["x"] - 60, knob["y"] + 5, steps=5)
    page.mouse.up()
    kept = int(re.search(r"L1 keeps (\d+)", title(page))[1])
    assert kept < 7 and page.evaluate("values.values.lam") > 1
    names = lambda: [name.text_content() for name in page.locator(".curve:visible .axes .name").all()]  # noqa: E731
    assert "degrees of freedom" in names() and "Σ|w| left" in names()
    page.get_by_role("checkbox", name="over λ").check()
    page.wait_for_timeout(150)
    assert names().count("λ") == 3


def test_a_run_that_learns_by_heart_is_stopped_where_it_was_best(put):
    page = put(Overfit(stop=True))
    play_to_the_end(page)
    step = int(re.search(r"back to step (\d+)", title(page))[1])
    page.locator(".description", has_text=f"Step {step + 150},").wait_for()
    assert 5 < step < 100


def test_the_penaltys_strength_can_be_set_only_where_there_is_a_penalty(put):
    page = put(Overfit())
    strength = page.get_by_role("slider", name="λ, strength")
    expect(strength).to_be_disabled()
    page.get_by_label("penalty").select_option(label="L2, ½ λ Σ w²")
    page.wait_for_timeout(150)
    expect(strength).to_be_enabled()
    field(page, "λ").fill("0")
    assert "λ must lie between 0.0001 and 1" in page.locator(".note").inner_text()
    page.get_by_role("button", name="Step").click()
    assert "Step 1, L2 with λ = 0.01:" in said(page)


def test_a_stronger_penalty_lands_a_weight_on_zero_and_a_weaker_one_does_not(put):
    page = put(ExactZero())
    assert "the proximal step at exactly 0" in said(page) and title(page).startswith("The subgradient circles")
    field(page, "λ").fill("0.3")
    assert title(page) == "The penalty is too weak for a zero: both go to the same weight"


# ---- every one of them


@pytest.mark.parametrize("make", ALL)
@pytest.mark.parametrize("width, scheme", [(1280, "dark"), (375, "light"), (320, "dark")])
def test_every_size_and_theme_is_accessible_and_needs_no_sideways_scrolling(chromium, make, width, scheme, require):
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    show(page, make())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert serious_findings(page, ".course-figure", require) == []
    context.close()


@pytest.mark.alone
@pytest.mark.parametrize("make", [make for make in ALL if make is not Structure])
def test_from_slider_to_picture_within_a_tenth_of_a_second(put, make, record_property):
    page = put(make())
    p90 = slider_to_picture(page.locator("input[type=range]:not(:disabled)").first)
    record_property("p90 in ms", p90)
    assert p90 <= 100
