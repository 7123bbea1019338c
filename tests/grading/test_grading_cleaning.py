"""What a submission shows: nothing of it acts, whoever opens it, and what honest students show is still there."""

import re
from urllib.parse import urlsplit

import nbformat
import pytest
from bleach.html5lib_shim import HTMLParser
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.grading import cleaning
from autograder.reporting.mathematics import safely, to_mathml
from grading.hostile_pages import ACT, HONEST, HTML, IN, MARKDOWN, PLAIN_MARKDOWN, PNG

NAMES = cleaning.PAGE | {"explain_e1"}


def acts(page: str) -> list[str]:
    """What in a page could act, fetch, lead to what was handed in, or leave its place, as an HTML5 parser reads it. Its own lists: those of
    the code under test are not used here."""
    found = []
    for element in HTMLParser(namespaceHTMLElements=False).parseFragment(page).iter():
        if not isinstance(element.tag, str):
            found.append("a comment")
            continue
        tag = element.tag.rpartition("}")[2].lower()
        if tag in ("script", "style", "iframe", "object", "embed", "form", "input", "button", "select", "textarea", "base", "meta", "link", "svg", "template", "noscript", "video", "audio", "source", "title",
                   "applet", "marquee", "frameset", "annotation-xml", "mglyph", "xmp", "plaintext", "isindex", "keygen", "body"):
            found.append(f"<{tag}>")
        for name, value in element.attrib.items():
            name, bare = (name if isinstance(name, str) else name[1]).lower(), re.sub(r"[\s\x00-\x20]", "", value.lower())
            if name.startswith("on") or name.startswith("data-") or name in ("srcdoc", "srcset", "action", "formaction", "ping", "background", "poster", "name", "contenteditable", "tabindex", "autofocus", "target"):
                found.append(name)
            if "javascript:" in bare or "vbscript:" in bare or "data:text" in bare or "expression(" in bare and name == "style":
                found.append(f"{name}={value}")
            if name in ("src", "xlink:href") and (urlsplit(bare).netloc or bare.startswith(("/", "\\")) or ".html" in bare):
                found.append(f"{name}={value}")
            if name == "href" and tag != "a" or name == "href" and not bare.startswith(("#", "https://", "http://", "mailto:")):
                found.append(f"href={value}")
            if name == "style" and (re.search(r"url|position|z-index|transform|behavior|binding|import|-\d|9999", bare) or "\\" in bare):
                found.append(f"style={value}")
            if name == "id" and value in NAMES or name == "class" and re.search(r"score|credit|nbgrader|panel|navbar|modal", value):
                found.append(f"{name}={value}")
    return found


def acts_outside(page: str) -> list[str]:
    """What a part of a page does to the page around it: tags of the page's own that it gives attributes, tags of others that it ends."""
    tree = HTMLParser(namespaceHTMLElements=False).parse(f"<!DOCTYPE html><html><head></head><body><div id=a><div id=b>{page}</div><p id=c></p></div></body></html>")
    [body, outer, inner, after] = [tree.find("body"), *(next((e for e in tree.iter() if e.attrib.get("id") == name), None) for name in "abc")]
    return [*tree.attrib, *body.attrib, *(["breaks out"] if inner not in list(outer) or after not in list(outer) else [])]


def test_the_cases_are_many_and_the_judge_knows_them():
    assert len(HTML) + len(MARKDOWN) >= 100
    broken = ("<scr<script>", "<img src=x onerror='", '<img src="x` `', "<frameset", "<body", "</div>", "<b><i>")       # these act only inside a page, or beside something else
    assert [case for case in HTML if not acts(case) and not case.startswith(broken)] == []


@pytest.mark.parametrize("case", HTML)
def test_html_that_was_cleaned_does_not_act(case):
    cleaned = cleaning.html(case)
    assert acts(cleaned) == []
    assert acts_outside(cleaned) == [], "it ends what it begins, and nothing else"
    assert cleaning._cleaned(cleaned, frozenset())[1], "and is what the cleaner would leave as it is"


@pytest.mark.parametrize("case", MARKDOWN, ids=range(len(MARKDOWN)))
def test_markdown_that_was_cleaned_does_not_act_wherever_it_is_shown(case, monkeypatch):
    cleaned = cleaning.markdown(case, {}, NAMES)
    monkeypatch.setattr(cleaning, "MOST_MARKDOWN", 10 ** 7)              # a browser is shown what is longer too
    for shown in (cleaned, safely(cleaned)):         # the formgrader of any course, and this course's pages, where formulas are MathML
        page = cleaning._laid_out(shown, {})
        assert acts(page) == [] and acts_outside(page) == [], shown


@pytest.mark.parametrize("formula", [r"\href{javascript:go()}{x}", "\\text{<img\tsrc=x\tonerror=go()>}", r"\text{<script>}go()\text{</script>}", r"\style{position:fixed}{x}", r"\hspace{-900pt}x", r"\class{score}{x}"])
def test_a_formula_brings_in_nothing_but_a_formula(formula):
    text = f"${formula}$"
    assert safely(text) == text != to_mathml(text)
    assert "<math" in safely("$x^2$ and $$\\frac{a}{b}$$")


@pytest.mark.parametrize("name", HONEST)
def test_what_honest_students_show_is_kept(name):
    shown, kept = HONEST[name]
    cleaned = cleaning.html(shown)
    assert all(part in cleaned for part in kept), cleaned
    assert acts(cleaned) == [] and ".dataframe" not in cleaned


@pytest.mark.parametrize("source", PLAIN_MARKDOWN)
def test_honest_markdown_stays_as_it_was_written(source):
    assert cleaning.markdown(source) == source


def test_every_text_of_the_assignments_is_clean():
    from autograder.assignments import folders
    from autograder.authoring.assignment import build_notebook
    for name in folders():
        for cell in build_notebook(name).cells:
            assert cell.cell_type != "markdown" or cleaning.is_clean(cell.source) and cleaning.is_clean(to_mathml(cell.source)), cell.source


def test_a_drawing_is_a_picture_with_its_letters_and_names():
    from base64 import b64decode
    from xml.etree import ElementTree
    drawn = cleaning.html('<svg width="90px" height="40" xmlns:xlink="http://www.w3.org/1999/xlink"><linearGradient id="g"/><text x="1">p &lt; ½</text></svg>')
    svg = ElementTree.fromstring(b64decode(re.search('base64,([^"]+)"', drawn)[1]))
    assert [part.tag.rpartition("}")[2] for part in svg] == ["linearGradient", "text"] and svg[1].text == "p < ½" and 'width="90"' in drawn


def test_of_an_output_only_what_cannot_act_is_kept():
    hostile = nbformat.v4.new_output("display_data", data={
        "application/javascript": ACT, "text/html": f"<b>bold</b><script>{ACT}</script>", "image/svg+xml": f"<svg onload='{ACT}'/>", "text/plain": "plain", "image/png": PNG, "text/latex": "$x$",
        "text/markdown": f"<img src=x onerror=\"{IN}\">", "application/vnd.jupyter.widget-view+json": {"model_id": "x"}, "text/vnd.mermaid": f"<script>{ACT}</script>"},
        metadata={"image/png": {"width": f"1 onload={ACT}", "height": 40}, "filenames": {"image/png": "http://198.51.100.7/x.png"}, "text/html": {"isolated": True}})
    kept = cleaning.output(hostile)
    assert set(kept.data) == {"text/html", "text/plain", "image/png", "text/latex"} and kept.metadata == {"image/png": {"height": 40}}
    assert kept.data["text/html"] == "<b>bold</b>"
    headed = cleaning.output(nbformat.v4.new_output("display_data", data={"text/markdown": f"# explain_e1\n\n*so* <img src=x onerror=\"{IN}\">"})).data["text/html"]
    assert "<em>so</em>" in headed and acts(headed) == []
    assert "<img" in cleaning.output(nbformat.v4.new_output("display_data", data={"image/svg+xml": "<svg/>"})).data["text/html"]
    assert cleaning.output(nbformat.v4.new_output("display_data", data={"application/javascript": ACT})).data == {"text/plain": cleaning.GONE}
    coloured = nbformat.v4.new_output("stream", text="\x1b[31mred\x1b[0m <b>")
    assert cleaning.output(coloured).text == "\x1b[31mred\x1b[0m <b>"


def test_what_was_handed_in_stays_on_record_and_the_releases_own_text_stays():
    from autograder.grading.answers import answers
    cells = [nbformat.v4.new_markdown_cell(text) for text in ("<iframe src='https://example.org'></iframe>", "<script>x</script>", "<script>y</script> *because*")]
    cells[1].metadata["nbgrader"] = {"grade_id": "locked", "locked": True}
    cells[2].metadata["nbgrader"] = {"grade_id": "explain_e1", "grade": True, "solution": True, "locked": False}
    notebook = nbformat.v4.new_notebook(cells=cells)
    cleaning.clean_notebook(notebook, [nbformat.v4.new_markdown_cell(cells[0].source)])
    assert [cell.source for cell in cells[:2]] == ["<iframe src='https://example.org'></iframe>", "<script>x</script>"]
    assert "script" not in cells[2].source and "because" in cells[2].source and answers(notebook) == {"explain_e1": "<script>y</script> *because*"}


def test_a_picture_in_the_text_stays_and_a_name_of_it_does_nothing():
    cell = nbformat.v4.new_markdown_cell("look: ![plot](attachment:plot.png) <script>x</script>", attachments={"plot.png": {"image/png": PNG}, 'a"onerror="x': {"text/html": ACT}})
    cleaning.clean_cell(cell)
    assert PNG in cell.source and "script" not in cell.source and acts(cleaning._laid_out(cell.source, {})) == []
    honest = nbformat.v4.new_markdown_cell("![plot](attachment:plot.png)", attachments={"plot.png": {"image/png": PNG}})
    cleaning.clean_cell(honest)
    assert honest.source == "![plot](attachment:plot.png)" and honest.attachments["plot.png"]["image/png"] == PNG


@pytest.mark.parametrize("large", ["<b a=%d>" * 3000 % tuple(range(3000)) + "<p>" * 3000, "<div>" * 19_000, "<i>" * 30_000, "x" * (5 << 20)])
def test_what_would_take_long_is_shown_as_text(large):
    assert cleaning.html(large).startswith("<pre>")


PIECES = ["<", ">", "</", '"', "'", "`", "=", " ", "\n", "\n\n", "&", "&#x", ";", "<!--", "-->", "<![CDATA[", "]]>", "$", "$$", "\\", "\\[", "[a](", ")", "![", "```", "> ", "- ", "# ", "|", "javascript:", "</div>", "<body onload=go()>", "<html id=x>", "</p>", "on", "onerror=go()",
          "src=x", "style=", "svg", "math", "mtext", "style", "img", "table", "td", "p", "a href=", "title=", "select", "script", "template", "x", "\\text{", "}", "\\href{"]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_no_mixture_of_pieces_acts(text):
    shown = cleaning.markdown(text, {}, NAMES)
    for page in (cleaning.html(text), cleaning._laid_out(shown, {}), cleaning._laid_out(safely(shown), {})):
        assert acts(page) == acts_outside(page) == []
