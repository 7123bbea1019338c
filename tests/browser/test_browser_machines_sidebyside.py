"""What is special in the figures of L08 and L16, on a bare page: a clock that can be put right, a size that is dragged to
the crossing, a roof, lines that light up together, a checklist whose points are broken; by mouse and by keyboard."""

import re

import pytest

from browser.axe import serious_findings
from browser.bare_page import show
from course_lib.devices import CARDS, work
from course_lib.timing import Crossover
from course_lib.widgets.machines import Clock, Measured, Roofline, SizeRace, Workers
from course_lib.widgets.sidebyside import Leaks, SideBySide

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SIZES = [4, 16, 64, 256, 1024]
LOSSES = [2.5 - k / 30 for k in range(54)]


def measured():
    """A CPU that does 10 operations a nanosecond and 1 byte a nanosecond, on paper."""
    times = {
        (operation, dtype): Crossover(
            SIZES, [1e-6 + max(w.operations / 1e10, w.bytes / 1e9) for w in (work(operation, n, dtype) for n in SIZES)], [None] * 5, [None] * 5, None, None,
        )
        for operation in ("product", "relu") for dtype in ("float32", "float64")
    }  # fmt: skip
    return Measured(times, 1e9)


FIGURES = {
    "workers": lambda: Workers(tasks=1000), "clock": Clock, "race": lambda: SizeRace(measured()), "roofline": lambda: Roofline(measured()),
    "side by side": lambda: SideBySide(LOSSES), "leaks": lambda: Leaks(replicas=2),
}  # fmt: skip


def values(page):
    return page.evaluate("model.get('values')")


def says(page, selector, words):
    page.locator(selector, has_text=words).first.wait_for()


def test_the_hands_work_until_all_is_done_and_then_the_winner_is_named(page):
    show(page, Workers(tasks=30, many=64, slow=2, call=3))
    assert "which side is done first" in page.locator(".title").inner_text()
    for _ in range(5):
        page.get_by_role("button", name="Step", exact=True).click()
    says(page, ".hands", "done after 4 ticks")
    says(page, ".hands", "done after 5 ticks")
    says(page, ".title", "30 tasks: few fast hands are done first")
    page.get_by_role("slider", name="calling them, ticks").focus()
    page.keyboard.press("ArrowLeft")
    says(page, ".hands", "2 ticks to be called")
    says(page, ".count", "tick 0")
    assert page.errors == []


def test_a_clock_tells_the_truth_when_all_three_boxes_are_right(page):
    show(page, Clock())
    says(page, ".title", "This clock flatters: it says 40 times too little")
    says(page, ".description", "the device has computed 0 of them")
    page.get_by_label("wait before the clock stops").check()
    says(page, ".title", "too much")  # the first call is in it
    page.get_by_label("warm up first").check()
    says(page, ".title", "This clock tells the truth")
    says(page, ".reading", "The clock says 2.01 ms for a product; it takes 2 ms")
    page.get_by_label("transfers inside the clock").check()
    says(page, ".title", "4 times too much")
    page.get_by_role("button", name="Reset").click()
    says(page, ".title", "40 times too little")
    assert page.errors == []


def test_the_crossing_moves_with_transfer_operation_and_card(page):
    show(page, SizeRace(measured()))
    cross = lambda: int(re.search(r"from n = (\d+) on", page.locator(".title").inner_text())[1])  # noqa: E731
    with_transfer = cross()
    page.get_by_label("with transfer there and back").uncheck()
    says(page, ".title", "its data in place")
    assert cross() < with_transfer
    page.get_by_label("with transfer there and back").check()
    page.get_by_label("bus each way, GB/s, as a number").fill("1")
    says(page, ".description", "a card of your own")
    assert cross() > with_transfer
    page.get_by_label("operation", exact=True).select_option(label="ReLU")
    says(page, ".title", "at none of these sizes")
    page.get_by_label("start from").select_option(label="NVIDIA H200 SXM (2024), data sheet")
    says(page, ".description", "a limit and not a measurement")
    assert values(page)["peak"] == CARDS["H200"].peak / 1e12
    assert page.errors == []


def test_a_size_is_dragged_and_a_bad_number_leaves_the_figure_usable(page):
    show(page, SizeRace(measured()))
    knob = page.locator(".picture [role=slider]")
    box = knob.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + 120, box["y"], steps=5)
    page.mouse.up()
    n = values(page)["n"]
    assert n > 64
    says(page, ".reading", f"n = {n}")
    knob.focus()
    page.keyboard.press("ArrowLeft")
    assert values(page)["n"] < n
    field = page.get_by_label("peak, TFLOP/s, as a number")
    field.fill("fast")
    says(page, ".note", "needs a number")
    assert values(page)["peak"] == 8.1
    field.fill("20")
    assert values(page)["peak"] == 20 and page.locator(".note").inner_text() == ""
    page.get_by_label("n, size, as a number").fill("2000")
    says(page, ".reading", "not measured at this size")
    assert page.errors == []


def test_under_the_roof_memory_is_the_limit_until_the_ridge(page):
    show(page, Roofline(measured(), n=64))
    says(page, ".title", "Here memory is the limit")
    page.get_by_label("n, size, as a number").fill("1024")
    says(page, ".title", "Here computing is the limit")
    says(page, ".reading", "at most 8.1 TFLOP/s, 100 % of the peak")
    page.get_by_label("operation", exact=True).select_option(label="matrix times vector, n × n")
    says(page, ".title", "Here memory is the limit")
    page.get_by_label("n, size, as a number").fill("100000")
    says(page, ".reading", "at most 160 GFLOP/s")  # half an operation a byte, at any size
    assert page.errors == []


def test_a_line_lights_its_partner_and_arrows_walk(page):
    show(page, SideBySide(LOSSES))
    lines = page.locator(".pair-row")
    assert lines.count() == 14
    lines.filter(has_text="value.backward()").click()
    lit = page.locator(".pair-row[aria-pressed=true]")
    assert lit.count() == 1 and "network.backward(d_o)" in lit.inner_text()
    says(page, ".says", "One line for the whole way back")
    page.keyboard.press("ArrowUp")
    says(page, ".says", "adds each new gradient to the old one")
    assert "nothing to do" in lit.inner_text() and lit.evaluate("node => node === document.activeElement")
    assert page.errors == []


def test_playing_walks_the_loop_to_the_end_of_both_curves_and_no_further(page):
    show(page, SideBySide(LOSSES))
    page.get_by_role("slider", name="k, training steps done").focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    assert values(page)["k"] == 53
    says(page, ".reading", "step 53")
    step = page.get_by_role("button", name="Step", exact=True)
    for _ in range(25):
        if step.is_disabled():
            break
        step.click()
    says(page, ".reading", "step 54")
    assert values(page)["k"] == 54 and "losses.append" in page.locator(".pair-row[aria-pressed=true]").inner_text()
    assert "recorded" in page.locator(".description").inner_text()
    assert page.errors == []


def test_breaking_a_point_of_the_checklist_marks_it_and_moves_the_bars(page):
    figure = Leaks(replicas=2)
    show(page, figure)
    assert page.locator(".checklist .broken").count() == 0
    page.get_by_label("a column known only later").check()
    page.locator(".checklist .broken", has_text="is it known on the day").wait_for()
    reported, true = figure.data["results"]["later"]
    says(page, ".description", f"The report says {100 * reported:.1f} % right on the test rows, and on new patients it is {100 * true:.1f} %")
    widths = page.locator(".fill").evaluate_all("bars => bars.map((bar) => parseFloat(bar.style.width))")
    assert widths == pytest.approx([100 * reported, 100 * true])
    page.get_by_role("button", name="Reset").click()
    page.wait_for_function("document.querySelectorAll('.checklist .broken').length === 0")
    assert page.errors == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", FIGURES)
def test_every_size_and_theme_is_accessible_and_needs_no_sideways_scrolling(chromium, name, scheme, require):
    for width in (1280, 375, 320):
        context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce")
        page = context.new_page()
        show(page, FIGURES[name]())
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for control in page.locator("input, select, button").all():
            box = control.bounding_box()
            assert box["x"] >= 0 and box["x"] + box["width"] <= width
        assert serious_findings(page, ".course-figure", require) == []
        context.close()
