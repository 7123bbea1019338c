"""The figures of L10, L11 and L12 on a bare page: what is dragged, stepped, switched and typed there, and what the page then says."""

import pytest
from playwright.sync_api import expect

from browser.axe import serious_findings
from browser.bare_page import show
from course_lib.widgets.initialization import LayerSpread, SymmetryViewer
from course_lib.widgets.optimizers import CliffClip, MomentumMap, OptimizerRace, StepBars
from course_lib.widgets.preprocessing import BatchRows, CloudAndBowl, NormRace

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FIGURES = {figure.__name__: figure for figure in (MomentumMap, OptimizerRace, StepBars, CliffClip, LayerSpread, SymmetryViewer, CloudAndBowl, NormRace, BatchRows)}


def said(page):
    page.wait_for_timeout(500)
    return page.locator(".description").inner_text()


def title(page):
    page.wait_for_timeout(200)
    return page.locator("h3").inner_text()


def choose(page, label, words):
    page.get_by_label(label, exact=True).select_option(label=words)


def step(page, times=1):
    for _ in range(times):
        page.get_by_role("button", name="Step", exact=True).click()
        page.wait_for_timeout(100)  # the picture and the count follow in the next frame


# ---- L10


def test_the_map_says_the_lectures_numbers_at_its_two_best_places(page):
    show(page, MomentumMap())
    choose(page, "start from", "best momentum")
    assert "Each step leaves 0.519 of the distance" in said(page)
    choose(page, "start from", "no momentum, just too large")
    assert "it flies off. For this β the edge lies at η = 0.2." in said(page)
    page.get_by_role("slider", name="Choose η and β").press("ArrowUp")
    assert page.evaluate("values.values.beta") > 0
    assert page.errors == []


def test_past_the_edge_only_gradient_descent_flies_off_and_a_start_moved_by_key_is_a_new_race(page):
    show(page, OptimizerRace())
    choose(page, "start from", "ravine, η above 2/λmax")
    assert "gradient descent flies off" in title(page) and "flown off: gradient descent." in said(page)
    page.get_by_role("slider", name="Move the start").press("ArrowRight")
    assert page.evaluate("values.values.x") == -3.75
    step(page, 3)
    expect(page.locator(".count")).to_have_text("step 3")
    assert "after 3 steps" in said(page)
    page.get_by_role("button", name="Reset").click()
    expect(page.locator(".count")).to_have_text("step 0")
    assert page.evaluate("values.values.x") == -4
    page.get_by_label("each its own best η").check()
    expect(page.get_by_role("slider", name="η, learning rate")).to_be_disabled()
    assert "flown off" not in said(page), "no rule is best where it flies off"


def test_a_rate_that_is_none_gets_a_line_and_leaves_the_race_usable(page):
    show(page, OptimizerRace())
    field = page.get_by_role("textbox", name="η, learning rate, as a number")
    field.fill("0")
    assert "η must lie between 0.001 and 10" in page.locator(".note").inner_text()
    field.fill("0.05")
    assert page.locator(".note").inner_text() == "" and page.evaluate("values.values.eta") == 0.05


def test_the_bars_show_adams_first_step_with_and_without_its_correction(page):
    show(page, StepBars())
    assert "which is 1, 1, 1, 1 times η" in said(page)
    page.get_by_label("bias correction").uncheck()
    assert "which is 3.16, 3.16, 3.16, 3.15 times η" in said(page)
    choose(page, "rule", "Adagrad")
    step(page, 3)
    assert "Adagrad, step 4" in said(page) and "which is 0.5, 0.5, 0.5, 0.5 times η" in said(page)


def test_the_clip_brings_the_run_down_that_was_thrown_out(page):
    show(page, CliffClip())
    assert "never comes back" in title(page) and "it will not come back" in said(page)
    page.get_by_label("clip", exact=True).check()
    assert "Shortened" in title(page) and "gradients clipped at 1" in said(page)


# ---- L11


def test_without_a_kernel_the_presets_show_and_another_gain_gets_a_sentence(page):
    show(page, LayerSpread())
    choose(page, "start from", "tanh, std .01")
    assert "dies away" in title(page) and "to 3" in said(page).replace("2.9", "3")
    gain = page.get_by_role("textbox", name="g, gain, as a number")
    gain.fill("2")
    page.locator(".note", has_text="There is no kernel behind this figure").wait_for()
    choose(page, "start from", "tanh, std 1")
    page.wait_for_timeout(200)
    assert page.locator(".note").inner_text() == "" and "sits at −1 or 1" in title(page)
    assert page.errors == []


def test_units_that_begin_alike_are_counted_as_one(page):
    show(page, SymmetryViewer(init="equal", gate="XOR"))
    step(page, 5)
    assert "The hidden layer is 1 wide: three copies of one unit." in said(page)
    choose(page, "weights begin", "all 0")
    step(page, 5)
    assert "0 wide" in said(page) and "W has moved by 0.0000" in page.locator(".formula").inner_text()
    choose(page, "weights begin", "random")
    step(page)
    assert "3 wide: all units differ" in said(page)


# ---- L12


def test_preparing_the_cloud_makes_its_bowl_round(page):
    show(page, CloudAndBowl(stretch=1))
    assert "κ = 26 " in said(page)
    choose(page, "the data are", "centred")
    assert "A round cloud around zero" in title(page) and "1 step to a hundredth" in said(page)
    choose(page, "the data are", "as they are")
    middle = page.get_by_role("slider", name="Move the cloud")
    middle.press("Shift+ArrowLeft")
    assert page.evaluate("values.values.m1") == 3


def test_one_row_leaves_the_normalized_net_nothing_and_large_weights_the_plain_one(page):
    show(page, NormRace(B=1, init="he"))
    step(page, 2)
    assert "One row is its own mean" in title(page)
    choose(page, "start from", "weights too large")
    page.get_by_label("speed").select_option(label="× 5")
    page.get_by_role("button", name="Play").click()
    page.locator(".caption", has_text="diverged at step").wait_for()
    assert "the net diverged at step" in said(page)
    assert page.errors == []


def test_in_training_the_second_row_moves_with_the_first_and_in_use_it_does_not(page):
    show(page, BatchRows())
    first = page.get_by_role("textbox", name="h₁, of the first row, as a number")

    def second():
        return said(page).partition("The second row")[2]

    before = second()
    first.fill("12")
    assert second() != before
    choose(page, "mode: whose mean and std", "in use: the running")
    before = second()
    first.fill("-8")
    assert second() == before
    choose(page, "start from", "training, a batch of 1")
    assert "becomes 0.00." in said(page)


# ---- all of them


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_fits_a_narrow_screen_in_both_themes_and_axe_finds_nothing_serious(page, require, name):
    page.set_viewport_size({"width": 375, "height": 800})
    show(page, FIGURES[name]())
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    assert serious_findings(page, ".course-figure", require) == []
    page.evaluate("document.body.dataset.jpThemeLight = 'false'")
    page.wait_for_timeout(150)
    assert serious_findings(page, ".course-figure", require) == []
    assert page.locator(".note").inner_text() == "" and page.errors == []
