"""What is special in the figures of L00, L01 and L04, on a bare page: a net whose units are pressed, a derivation that is
walked, a puzzle, a kernel's memory, a self-test, a wheel that is turned, patients at risk; by mouse and by keyboard."""

import re

import pytest

from browser.axe import serious_findings
from browser.bare_page import show
from course_lib.widgets import losses, neuron, start
from course_lib.widgets.losses import GradientByHand, LossCurves, RiskSets, SlowStart, SoftmaxTwice
from course_lib.widgets.neuron import ActivationGallery, NetReader, NeuronLine, StackedLayers
from course_lib.widgets.start import Gears, KernelMemory, NudgeSlope, SelfTest, ShapePuzzle

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def values(page):
    return page.evaluate("model.get('values')")


def settle(page):
    """Until the words of the live description have followed."""
    page.wait_for_timeout(500)
    return page.locator(".description").inner_text()


def says(page, selector, words):
    """Wait until the text is there: a picture follows within a frame, and a busy machine's frames are long."""
    page.locator(selector, has_text=words).first.wait_for()


def drag(page, locator, dx, dy=0):
    box = locator.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx, y + dy, steps=6)
    page.mouse.up()


# ---- L01


def test_the_boundary_is_dragged_and_b_follows(page):
    show(page, NeuronLine(w=2, b=0))
    knob = page.get_by_role("slider", name="Move the boundary")
    drag(page, knob, 150)
    b = values(page)["b"]
    assert b < -1
    assert f"h is 0 at x = {-b / 2:.2f}".rstrip("0") in settle(page).replace("−", "-")
    knob.focus()
    page.keyboard.press("ArrowRight")
    assert values(page)["b"] == pytest.approx(b - 0.2, abs=0.011), "one step of the boundary is 0.1 of x, and w is 2"
    assert page.errors == []


def test_a_neuron_that_does_not_look_at_x_says_so_and_stays_usable(page):
    show(page, NeuronLine(w=1, b=1))
    weight = page.get_by_role("textbox", name="w, weight")
    weight.fill("0")
    assert "there is no boundary" in settle(page)
    assert "does not look at x" in page.locator(".title").inner_text()
    weight.fill("much")
    assert "needs a number" in page.locator(".note").inner_text()
    weight.fill("-2")
    assert values(page)["w"] == -2 and "to the left of it" in settle(page) and page.errors == []


def test_a_unit_of_the_net_is_read_by_mouse_and_by_keyboard(page):
    show(page, NetReader())
    page.locator(".netdraw .pickable").nth(5).click()
    assert values(page)["unit"] == "2,0"
    text = page.locator("tbody").inner_text()
    assert re.search(r"u₁\s+0\.78\s+2\.00\s+1\.55", text), text
    assert "h = 1.12" in page.locator(".two-steps").inner_text()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowDown")
    assert values(page)["unit"] == "1,1"
    assert settle(page).startswith("Unit u₂, in the 1st hidden layer, adds 1.00 times −1.00")
    page.get_by_label("unit", exact=True).select_option(label="y, output layer")
    assert values(page)["unit"] == "3,0"
    assert page.errors == []


def test_bends_are_chosen_and_layers_stacked(page):
    show(page, ActivationGallery())
    page.get_by_label("φ, bend").select_option(label="tanh")
    says(page, ".title", "tanh is centred")
    assert "slope is 1.0000" in settle(page)
    show(page, StackedLayers())
    says(page, ".title", "ten layers are one line")
    page.get_by_label("between layers").select_option(label="tanh")
    says(page, ".title", "draw a curve")
    assert "leaves the dashed line" in settle(page)
    assert page.errors == []


# ---- L04


def test_p_is_dragged_along_both_losses(page):
    show(page, LossCurves(p=0.5))
    drag(page, page.get_by_role("slider", name="Move p"), -1000)
    assert values(page)["p"] == 0.01
    assert "cross-entropy 4.605" in settle(page) and "Confidently wrong" in settle(page)
    assert page.errors == []


def test_two_neurons_learn_and_reset_goes_back_to_the_start(page):
    show(page, SlowStart(h=-8))
    page.get_by_label("speed").select_option(label="× 10")
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("Number(document.querySelector('.count').textContent.replace(/\\D/g, '')) >= 25")
    page.get_by_role("button", name="Pause").click()
    assert "cross-entropy was at p = 0.9 after 19 steps" in settle(page)
    assert re.search(r"squared error stands at p = 0\.0003", settle(page))
    page.get_by_role("button", name="Reset").click()
    assert "After 0 steps" in settle(page) and page.errors == []


def test_a_softmax_too_many_has_its_floor_on_the_page(page):
    show(page, SoftmaxTwice(C=10, lead=20))
    assert "goes on towards 0" in settle(page)
    page.get_by_label("softmax twice").check()
    says(page, ".title", "1.461")
    says(page, ".formula", "log(1 + 9/e) = 1.4612")
    assert "it is 1.461" in settle(page) and page.errors == []


def test_the_derivation_is_walked_line_by_line_and_keeps_its_height(page):
    show(page, GradientByHand())
    height = page.evaluate("document.querySelector('.derive').getBoundingClientRect().height")
    following = page.get_by_role("button", name="Next line")
    shown = lambda: page.locator(".derivation li:not(.later)").count()  # noqa: E731
    for line in range(1, 8):
        assert shown() == line
        following.click()
        page.locator(f".derivation li.now:nth-child({line + 1})").wait_for()
    assert shown() == 8 and following.is_disabled()
    assert page.evaluate("document.querySelector('.derive').getBoundingClientRect().height") == pytest.approx(height, abs=1)
    rows = [row.split() for row in page.locator(".derive tbody").inner_text().splitlines()]
    assert rows[-2][-3:] == rows[-1][-3:] == ["0.71", "−0.74", "0.04"], "derived and measured are the same"
    page.get_by_role("button", name="Line back").press("Enter")
    page.locator(".derivation li.now:nth-child(7)").wait_for()
    assert shown() == 7 and page.errors == []


def test_a_patient_who_is_gone_has_no_share(page):
    show(page, RiskSets())
    page.get_by_role("textbox", name="k, which event").fill("3")
    assert settle(page).endswith("D and E were at risk, and it happened to D, whose share of the risk was 0.50. The loss over all events is 0.680.")
    assert page.locator(".risk").inner_text().count("gone") == 3
    page.get_by_role("textbox", name="o D,").fill("3")
    assert "share of the risk was 0.95" in settle(page)
    page.get_by_role("textbox", name="k, which event").fill("9")
    assert page.locator(".note").inner_text() and page.errors == []


# ---- L00


def test_a_nudge_is_made_small(page):
    show(page, NudgeSlope())
    page.get_by_role("textbox", name="nudge").fill("0.001")
    says(page, ".formula", "(1.0020 − 1.0000) / 0.001 = 2.001")
    page.get_by_role("textbox", name="nudge").fill("0")
    assert page.locator(".note").inner_text() and values(page)["nudge"] == 0.001 and page.errors == []


def test_the_first_wheel_is_turned_by_hand_and_the_others_follow(page):
    show(page, Gears(first=-2, second=1.5))
    box = page.locator(".crank").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y - 30)
    page.mouse.down()
    page.mouse.move(x + 30, y)
    page.mouse.move(x, y + 30)
    page.mouse.up()
    assert values(page)["x"] == pytest.approx(0.5, abs=0.02)
    assert "the third −1.5" in settle(page) and page.errors == []


def test_a_puzzle_is_answered_only_after_a_guess(page):
    show(page, ShapePuzzle(4))
    assert page.locator(".title").inner_text() == "Which shape has the sum? Guess first"
    page.get_by_role("button", name="(4,)", exact=True).click()
    says(page, ".formula", "it is (4, 4)")
    page.get_by_role("button", name="(4, 4)").press("Enter")
    says(page, ".formula", "right")
    page.get_by_role("textbox", name="puzzle").fill("3")  # another puzzle, another guess
    says(page, ".title", "Which shape has the sum? Guess first")
    page.get_by_role("button", name="an error").click()
    says(page, ".title", "do not fit")
    assert page.errors == []


def test_the_kernel_remembers_until_it_is_restarted(page):
    show(page, KernelMemory())
    page.get_by_role("button", name="Run cell 4").click()
    says(page, ".out", "NameError: name 'a' is not defined")
    for cell in (1, 2, 2, 2, 3, 4):
        page.get_by_role("button", name=f"Run cell {cell}").press("Enter")
    says(page, ".out", "5 50")
    says(page, ".formula", "memory: a = 5, b = 50")
    page.get_by_role("button", name="Restart the kernel").click()
    says(page, ".formula", "memory: empty")
    assert page.errors == []


def test_the_self_test_says_which_lectures_are_open(page):
    show(page, SelfTest())
    assert "You can follow no lecture yet" in settle(page)
    page.get_by_role("group", name="5.").get_by_label("1", exact=True).check()
    page.get_by_role("group", name="9.").get_by_label("4", exact=True).check()
    assert settle(page).endswith("You can follow L01.")
    assert page.locator(".lectures .open").inner_text() == "✓ L01 A neuron does two things"
    page.get_by_role("group", name="5.").get_by_label("6", exact=True).check()
    says(page, ".reply", "read “Lists of numbers”")
    page.get_by_role("button", name="Reset").click()
    assert "None of nine" in settle(page) and page.locator("input:checked").count() == 0 and page.errors == []


# ---- all of them


ALL = [pytest.param(getattr(room, name), id=name) for room in (start, neuron, losses) for name in room.__all__]


@pytest.mark.parametrize("figure", ALL)
def test_a_figure_is_accessible_and_fits_a_telephone_in_both_themes(figure, page, require):
    page.set_viewport_size({"width": 375, "height": 800})
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        show(page, figure())
        page.wait_for_timeout(150)
        assert page.evaluate("document.documentElement.scrollWidth") <= 375
        assert serious_findings(page, ".course-figure", require) == []
        assert page.locator(".description").inner_text().strip()
    assert page.errors == []
    page.evaluate("leave()")
    assert page.evaluate("listening()") == 0, "a figure that is taken away listens to nothing"
