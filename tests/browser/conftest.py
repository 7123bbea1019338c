"""A real Chromium and a real JupyterLab for every browser test."""

from __future__ import annotations

import functools
import shutil

import pytest

from labserver import copy_of_checkout, running_lab

# No sandbox as root, no page of the browser's own, no connection that nobody asked for.
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]


# What a test looks at on a page.
LOOKS = ["inner_text", "text_content", "all_inner_texts", "all_text_contents", "get_attribute", "input_value", "bounding_box", "count", "evaluate_all"]
PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def _look_at_the_painted_page(locator_class) -> None:
    """A figure paints in the frame after a click, so whoever looks sooner sees the picture before: every look waits for it."""
    for name in LOOKS:
        look = getattr(locator_class, name)

        @functools.wraps(look)
        def look_when_painted(locator, *args, _look=look, **kwargs):
            locator.page.evaluate(PAINTED)
            return _look(locator, *args, **kwargs)

        setattr(locator_class, name, look_when_painted)


@pytest.fixture(scope="session")
def chromium(require):
    """The system's Chromium, driven by Playwright."""
    place = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    require(place, "The browser tests need Chromium (Debian, Ubuntu: apt install chromium).")
    from playwright.sync_api import Locator, sync_playwright

    _look_at_the_painted_page(Locator)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=place, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium):
    """A fresh window of 1280 × 900 with nothing stored; `page.errors` collects what the page threw."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.set_default_timeout(60_000)
    yield page
    context.close()


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """`course lab` on a copy of the checkout, one for the tests of a file."""
    with running_lab(copy_of_checkout(tmp_path_factory.mktemp("lab") / "course with spaces")) as lab:
        yield lab
