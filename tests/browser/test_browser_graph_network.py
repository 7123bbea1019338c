"""The figures of L06 and L07 on a bare page: what is dragged, stepped, switched and typed there, and what the page then says."""

import re

import pytest
from playwright.sync_api import expect

from browser.bare_page import show
from course_lib.autodiff import Tensor
from course_lib.widgets.graph import Gates, GraphWalk, NudgeChecker
from course_lib.widgets.network import HiddenFeatures, JacobianMap, NetByHand

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def said(page):
    page.wait_for_timeout(500)
    return page.locator(".description").inner_text()


def value(page, name):
    return page.evaluate(f"values.values.{name}")


def drag(page, place, by):
    box = place.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + min(12, box["height"] / 2)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by, y, steps=5)
    page.mouse.up()


def test_a_graph_is_walked_step_by_step_and_ends_with_the_gradient(page):
    show(page, GraphWalk())
    step, words = page.get_by_role("button", name="Step", exact=True), page.locator(".step-words")
    for says in ("c = a + b = 2 + 1 = 3", "d = b + 1", "e = c · d = 3 · 2 = 6", "here the way back starts"):
        step.click()
        page.wait_for_timeout(60)
        assert says in words.inner_text()
    assert page.get_by_role("slider", name="steps of the walk").input_value() == "4", "the slider follows the player"
    for _ in range(5):
        step.click()
    assert "∂e/∂a is 2, ∂e/∂b is 5. Nudging what is given says the same." in said(page)
    expect(page.get_by_role("button", name="Play")).to_be_disabled()
    page.get_by_role("slider", name="steps of the walk").fill("3")
    assert "Step 3 of 9, forward" in said(page)
    expect(page.get_by_role("button", name="Play"), "scrubbing back lets the walk go on").to_be_enabled()
    assert page.errors == []


def test_what_is_given_is_dragged_and_moved_by_keys_and_everything_follows(page):
    show(page, GraphWalk())
    page.get_by_role("slider", name="steps of the walk").fill("9")
    given = page.get_by_role("slider", name="b, given")
    drag(page, given, 50)
    assert value(page, "given") == [2, 2]
    page.keyboard.press("Shift+ArrowDown")
    assert value(page, "given") == [2, 1.5]
    assert "∂e/∂a is 2.5, ∂e/∂b is 6" in said(page)
    page.get_by_role("button", name="Reset").click()
    assert value(page, "given") == [2, 1] and value(page, "at") == 0


def test_a_share_that_overwrites_is_found_out_by_nudging(page):
    show(page, GraphWalk(add_up=False))
    page.get_by_role("slider", name="steps of the walk").fill("9")
    assert "∂e/∂b is 2. But nudging says that ∂e/∂b is 5: a share is lost." in said(page)
    page.get_by_label("a second share is added").check()
    assert "∂e/∂b is 5. Nudging what is given says the same." in said(page)


def test_every_graph_of_the_lecture_can_be_chosen_and_an_own_one_is_alone(page):
    show(page, GraphWalk())
    choice = page.get_by_label("start from")
    for words in choice.locator("option").all_inner_texts():
        choice.select_option(label=words)
        page.wait_for_timeout(60)
        last = page.get_by_role("slider", name="steps of the walk")
        last.fill(last.get_attribute("max"))
        assert "Nudging what is given says the same." in said(page), words
    a = Tensor(1, name="a")
    show(page, GraphWalk(a.log() * a))
    assert page.get_by_label("start from").count() == 0
    page.get_by_role("slider", name="steps of the walk").fill("2")
    for _ in range(2):
        page.get_by_role("slider", name="a, given").press("Shift+ArrowDown")
    assert "v1 = ln(a) is not a finite number here" in said(page)
    page.get_by_role("slider", name="a, given").press("Shift+ArrowUp")
    assert "Step 2 of 6" in said(page), "usable again"
    assert page.errors == []


def test_a_maximum_changes_its_mind(page):
    show(page, Gates())
    assert "a wins" in said(page)
    page.get_by_role("textbox", name="b,").fill("3.5")
    assert "b wins, so a gets 0 and b gets 1" in said(page)
    page.get_by_role("textbox", name="b,").fill("9")
    assert page.locator(".note").inner_text() != "", "a number beyond the figure's ends gets a sentence"


def test_the_nudge_is_moved_on_the_curve(page):
    show(page, NudgeChecker(h=1e-5))
    assert "Here neither error is large" in said(page)
    drag(page, page.locator("g.handle[role=slider]"), -120)
    assert value(page, "h") < 1e-8
    assert "what is wrong is rounding" in said(page)


def test_weights_biases_and_inputs_of_the_network_are_dragged(page):
    show(page, NetByHand())
    drag(page, page.get_by_role("slider", name="w₁₂, a weight"), 50)
    drag(page, page.get_by_role("slider", name="b_o, a bias"), -50)
    drag(page, page.get_by_role("slider", name="x₁, an input"), 25)
    theta = value(page, "theta")
    assert (theta[1], theta[12], value(page, "x1")) == (0, -1.5, 1.5)
    page.keyboard.press("ArrowUp")
    assert value(page, "x1") == 1.6
    assert page.errors == []


def test_the_switch_shows_what_a_missing_w_o_costs(page):
    show(page, NetByHand())
    assert "Nudging" not in said(page) and "✓" not in page.locator("tbody").inner_text()
    page.get_by_label("backward, too").check()
    assert re.search(r"Nudging agrees, to \S+e−1", said(page))
    assert page.locator("td.good").count() == 9
    page.get_by_label("w_o in the way back").uncheck()
    assert "the hidden layer's gradient is off by 120 %" in said(page)
    assert page.locator("td.wrong").count() == 9 and page.locator("h3").inner_text() == "Without w_o, every gradient of the hidden layer is wrong"


def test_hidden_neurons_learn_until_one_line_is_enough(page):
    show(page, HiddenFeatures())
    assert "two of four rows" in said(page).lower()
    page.get_by_label("speed").select_option(label="× 10")
    page.get_by_role("button", name="Play").click()
    page.get_by_text("Two hidden neurons have bent the plane until one straight line is enough").wait_for(timeout=20_000)
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("textbox", name="s,").fill("3")
    assert "Step 0, seed 3" in said(page)
    assert page.errors == []


def test_a_cell_of_the_jacobian_is_chosen_by_keys_and_a_layer_changes_the_sentence(page):
    show(page, JacobianMap())
    page.locator("svg[role=application]").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    assert (value(page, "row"), value(page, "column")) == (1, 1)
    assert "output 2 by input 2: 0.000" in said(page)
    page.get_by_label("layer").select_option(label="sigmoid")
    assert page.locator("h3").inner_text() == "A sigmoid's Jacobian is a diagonal, and nothing on it is above ¼"
    assert "output 2 by input 2: 0.235" in said(page)  # x is −.5: .6225 · .3775
