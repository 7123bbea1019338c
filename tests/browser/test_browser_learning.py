"""The figures of L03 and L09 on a bare page: played, dragged, given bad numbers; both themes, small screens; no kernel, no network."""

import re

import pytest

from browser.axe import serious_findings
from browser.bare_page import show
from browser.latency import slider_to_picture
from course_lib.widgets.batches import BatchNoise, MinibatchFan, RobbinsMonro, ScheduleDesigner
from course_lib.widgets.learning import ChainStrip, ErrorSurface, RateFan

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ALL = [ChainStrip, ErrorSurface, RateFan, BatchNoise, MinibatchFan, ScheduleDesigner, RobbinsMonro]
PICTURE = "document.querySelector('.picture').innerHTML + [...document.querySelectorAll('canvas')].map((canvas) => canvas.toDataURL()).join('')"


@pytest.fixture
def put(page):
    def put(figure):
        show(page, figure)
        return page

    yield put
    assert page.errors == []


def press(page, name, times=1):
    for _ in range(times):
        page.get_by_role("button", name=name, exact=True).click()


def play_to_the_end(page):
    page.get_by_label("speed").select_option(label="× 50")
    press(page, "▶ Play")
    page.locator(".play:disabled").wait_for()


def said(page):
    page.wait_for_timeout(450)
    return page.locator(".description").inner_text()


def lines(page):
    """The colour of each line of the first chart."""
    return page.locator(".curve").first.locator(".lines .line").evaluate_all("list => list.map((line) => line.getAttribute('stroke'))")


# ---- L03


def test_three_factors_light_up_from_the_loss_back_to_the_weight(put):
    page = put(ChainStrip())
    lit = page.locator(".factor.lit b")
    assert lit.count() == 0 and page.locator(".judge").inner_text().startswith("The judge")
    for count, symbols in enumerate((["∂ℓ/∂p"], ["∂p/∂h", "∂ℓ/∂p"], ["∂h/∂w₂", "∂p/∂h", "∂ℓ/∂p"]), 1):
        press(page, "Step")
        page.wait_for_function(f"document.querySelectorAll('.factor.lit').length === {count}")
        assert lit.all_inner_texts() == symbols
    assert "−0.2439" in page.locator(".product").inner_text() and "−0.2439" in page.locator(".judge").inner_text()
    assert "raising w₂ lowers the error" in said(page)
    page.get_by_label("slope for").select_option(label="w₁")
    assert "w₁ gets no blame" in said(page), "x₁ is 0 in row 2"
    press(page, "Reset")
    page.wait_for_function("document.querySelectorAll('.factor.lit').length === 0")


def test_thirty_two_rates_fan_out_and_the_chosen_one_is_found_by_mouse_and_keys(put):
    page = put(RateFan())
    assert "Nothing is trained yet" in said(page)
    play_to_the_end(page)
    words = said(page)
    assert "After 100 steps on OR your η = 1 is at 0.035 and had all four rows right first after 26 steps" in words
    assert "8 are stuck without a slope" in words
    inks = lines(page)
    assert len(inks) == 33 and len(set(inks)) == 33, "each rate has its own colour"
    marker = page.locator(".handle[role=slider]")
    marker.focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("values.values.eta") == pytest.approx(1.1)
    box = marker.locator(".knob").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 80, box["y"], steps=6)
    page.mouse.up()
    eta = page.evaluate("values.values.eta")
    assert 3 < eta < 40 and f"η = {eta:g}" in page.locator(".curve").first.locator(".end").text_content()
    page.get_by_label("rows").select_option(label="XOR")
    assert page.locator(".count").inner_text() == "step 0"
    page.wait_for_function("document.querySelector('.title').textContent.includes('four, then chaos')")


def test_the_same_rate_makes_the_same_path_after_a_reset(put):
    page = put(ErrorSurface(eta=30))
    press(page, "Step", 5)
    once = said(page)
    page.get_by_role("slider", name=re.compile("^η")).press("ArrowUp")
    press(page, "Reset")
    press(page, "Step", 5)
    assert said(page).split("After", 1)[1] == once.split("After", 1)[1]


def test_the_start_is_dragged_and_the_map_says_where_it_is(put):
    page = put(ErrorSurface())
    handle = page.get_by_role("slider", name="The start")
    handle.focus()
    page.keyboard.press("Shift+ArrowRight")
    assert page.evaluate("values.values.w1") > -2
    box = handle.locator(".knob").bounding_box()
    page.mouse.move(box["x"] + 8, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 90, steps=5)
    page.mouse.up()
    values = page.evaluate("values.values")
    assert values["w1"] > -1 and values["b"] < 1.5
    assert f"w₁ = {values['w1']:.2f}".replace("-", "−") in said(page)


# ---- L09


def test_the_cloud_is_walked_and_its_price_counted(put):
    page = put(BatchNoise(B=50))
    press(page, "Step", 4)
    assert "After 4 steps and 200 rows looked at" in said(page)
    assert page.locator(".taken").get_attribute("d").count("M") == 50, "the rows of the last minibatch"
    page.get_by_role("slider", name=re.compile("^B, batch size")).first.press("ArrowUp")
    press(page, "Step")
    assert "After 5 steps" in said(page), "a batch size that changes goes on from where θ is"


def test_a_batch_size_is_a_whole_number_wherever_it_comes_from(put):
    page = put(BatchNoise(B=1))
    slider = page.get_by_role("slider", name=re.compile("^B, batch size")).last
    sizes = []
    for key in ("ArrowUp", "ArrowUp", "Shift+ArrowUp", "ArrowDown", "End", "Home"):
        slider.press(key)
        sizes.append(page.evaluate("values.values.B"))
    assert sizes[:2] == [2, 3] and sizes[4:] == [60_000, 1], "each key is a step"
    assert all(isinstance(size, int) for size in sizes)
    page.get_by_role("textbox", name=re.compile("^B, batch size")).press("ArrowUp")
    assert page.evaluate("values.values.B") == 2


def test_a_batch_of_one_wants_a_smaller_rate_than_all_rows(put):
    best = {}
    for B in (1, 200):
        page = put(MinibatchFan(B=B))
        play_to_the_end(page)
        found = re.search(r"Best of the 32 is η = ([\d.]+)", said(page))
        best[B] = float(found[1])
        assert page.locator(".title").inner_text() == f"With batches of {B}, the best of 32 rates is {found[1]}"
    assert 50 * best[1] < best[200]


def test_a_schedule_shows_its_python_and_the_slides_one_is_seen_to_climb(put):
    page = put(ScheduleDesigner())
    assert page.locator(".caption code").inner_text() == "eta = linear(0.3, 0.003, tau=200)"
    page.get_by_label("start from").select_option(label="the slide's line, never level")
    assert "the rate is negative, and the distance grows again" in said(page)
    assert "climb" in page.locator(".title").inner_text()


def test_the_theorem_says_what_each_rate_will_do(put):
    page = put(RobbinsMonro())
    titles = {"1/k": "it gets there", "constant .1": "trembles for ever", ".5/√k": "promises nothing", ".5/k²": "stops before it arrives"}
    for preset, words in titles.items():
        page.get_by_label("start from").select_option(label=preset)
        page.wait_for_function("words => document.querySelector('.title').textContent.includes(words)", arg=words)
    assert "away. The rates add up to 0.82 so far and to a limit" in said(page)


# ---- all of them


@pytest.mark.parametrize("make", ALL)
def test_bad_numbers_get_a_line_and_leave_the_figure_usable(make, put):
    page = put(make())
    field = page.locator(".controls .number input[type=text]").first
    for text in ("", "abc", "1e99", "-1e99", "0,0,1"):
        field.fill(text)
        assert page.locator(".note").inner_text() != "", f"{text!r} was taken"
    field.blur()
    assert page.locator(".note").inner_text() == ""
    slider = page.locator("input[type=range]").first
    before = page.evaluate("JSON.stringify(values.values)")
    slider.press("ArrowUp")
    assert page.evaluate("JSON.stringify(values.values)") != before


@pytest.mark.alone
@pytest.mark.parametrize("make", ALL)
def test_the_picture_follows_a_slider_within_a_tenth_of_a_second(make, put):
    page = put(make())
    if page.locator(".play").count():
        press(page, "Step", 3)
    for slider in page.locator("input[type=range]").all():
        wait = slider_to_picture(slider)
        assert wait <= 100, f"{wait:.0f} ms"


@pytest.mark.parametrize("make", ALL)
def test_everybody_can_use_it(make, put, require):
    page = put(make())
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert serious_findings(page, ".course-figure", require) == []
    page.set_viewport_size({"width": 375, "height": 800})
    page.wait_for_timeout(200)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375, "nothing stands out to the right"


@pytest.mark.parametrize("make", ALL)
def test_a_figure_that_goes_leaves_nothing_running(make, put):
    page = put(make())
    if page.locator(".play").count():
        press(page, "▶ Play")
    page.evaluate("leave()")
    page.locator("main").evaluate("node => node.replaceChildren()")
    page.wait_for_timeout(200)
    assert page.evaluate("listening()") == 0
