"""What a submission may show to whoever reads it: text, tables, formulas and pictures, and nothing that acts.

An executed notebook is opened in nbgrader's formgrader, in the instructor's browser with the instructor's rights, and in
feedback. A script in an output could give points there, a link could lead to a page that was handed in beside the notebook,
a name could take a score box's place. So what came out of the student's process, and Markdown that is not the release's,
is cleaned once, before it is written: then everything that shows it later is safe, in any course root.

HTML goes through bleach: what is not on the lists below is dropped. A drawing becomes a picture, in which a browser runs
nothing and fetches nothing. Markdown stays as it was written where what it becomes needs no cleaning; else it becomes
the cleaned HTML, or plain text. The text that was handed in stays in ``metadata["submitted"]`` of its cell.
"""

from __future__ import annotations

import base64
import functools
import html as escaping
import re
from typing import Iterable
from urllib.parse import urlsplit
from xml.etree import ElementTree

MOST_TEXT, MOST_ELEMENTS, MOST_DEPTH = 4 << 20, 20_000, 200      # of one piece of HTML: beyond it, it is shown as text
MOST_MARKDOWN, MOST_OPENINGS = 50_000, 60            # characters, and beginnings of formulas, of a Markdown text that is laid out

TAGS = frozenset("""a abbr b bdi big blockquote br caption center cite code col colgroup dd del details dfn div dl dt em figcaption figure h1 h2 h3 h4 h5 h6
    hr i img ins kbd li mark ol p pre q rp rt ruby s samp section small span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr""".split())
MATHML = frozenset("""math menclose mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd
    mtext mtr munder munderover none""".split())
DROPPED = frozenset("""annotation annotation-xml applet audio base canvas embed frame frameset head iframe link malignmark meta mglyph noembed noframes noscript object plaintext script select style template
    textarea title video xmp""".split())             # with all that is in them
ROLES = frozenset("group img note region status".split())
PROPERTIES = frozenset("""background background-color border border-bottom border-bottom-color border-bottom-style border-bottom-width border-collapse border-color
    border-left border-left-color border-left-style border-left-width border-radius border-right border-right-color border-right-style border-right-width
    border-spacing border-style border-top border-top-color border-top-style border-top-width border-width caption-side color column-gap cursor display flex-wrap font font-family
    font-size font-style font-variant font-variant-numeric font-weight gap height line-height list-style list-style-type margin margin-bottom margin-left margin-right margin-top
    max-height max-width min-width overflow overflow-x overflow-y padding padding-bottom padding-left padding-right padding-top row-gap text-align
    text-decoration vertical-align white-space width""".split())
IN_TEXT = frozenset("background-color color font-style font-weight max-width text-align".split())       # in Markdown, which stands in no frame
FUNCTIONS = frozenset("rgb rgba hsl hsla min max".split())
LONGEST = 2000                       # pixels, or of any other unit; nothing is less than 0, so that nothing leaves its place
FRAME = '<div style="max-width:100%;overflow:auto">'        # out of which no style reaches
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
SVG = "image/svg+xml"
PAGE = frozenset("notebook notebook-container statusmessage toc top".split())      # the names of the page itself
GONE = "(An output that acts by itself, such as a script or a widget, is not shown.)"

_SIZE = re.compile(r"(\d{1,4}(\.\d+)?|\.\d+)(em|ex|px|pt|%)?\Z")
_NUDGE = re.compile(r"[+-][01]?(\.\d+)?em\Z")       # as the arrow of a vector has it
_WORD = re.compile(r"#?[\w .,-]{0,80}\Z")
_BESIDE = re.compile(r"(?!.*\.\.)[\w-][\w. /-]{0,200}\.(png|jpe?g|gif|webp|svg)\Z", re.IGNORECASE)
_DATA = re.compile(r"data:image/(png|jpeg|gif|webp|svg\+xml)[;,]")


# ---------------------------------------------------------------- a notebook

def clean_notebook(notebook, known: Iterable = ()) -> None:
    """Clean each Markdown and raw cell, in place, but those that are locked or read as one of the `known` cells of the release does."""
    own = {cell.source for cell in known}
    graded = {str(cell.metadata["nbgrader"].get("grade_id")) for cell in notebook.cells if "nbgrader" in cell.metadata}
    names = PAGE | graded | {f"{name}{ending}" for name in graded for ending in ("-comment", "-comment-saved", "_extra_credit")} | {f"comment-{name}" for name in graded}
    notebook.metadata["cleaned"] = True
    for cell in notebook.cells:
        mark = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" or cell.source in own and not cell.get("attachments") or mark.get("locked") and not mark.get("solution"):
            continue
        clean_cell(cell, names)


def clean_cell(cell, names: frozenset[str] = PAGE) -> None:
    """Clean a Markdown or raw cell in place. A heading may not take one of `names`, which are the page's own."""
    files = cell.get("attachments") or {}
    if files:
        cell["attachments"] = type(files)({name: type(files)({kind: data for kind, data in file.items() if kind in (*PICTURES, SVG)}) for name, file in files.items()})
    cleaned = markdown(cell.source, cell.get("attachments"), names) if cell.cell_type == "markdown" else html(cell.source)
    if cleaned != cell.source:
        cell.metadata["submitted"], cell.source = cell.source, cleaned
        cell.pop("attachments", None)                # those that are shown are in the text now


def submitted(cell) -> str:
    """The text of a cell as it was handed in."""
    return cell.metadata.get("submitted", cell.source)


# ---------------------------------------------------------------- an output

def output(output):
    """An output of the student's process with what may be shown of it."""
    if "data" not in output:
        return output                                # printed text and errors, which are shown as text everywhere
    data = {kind: "".join(text) if isinstance(text, list) and all(isinstance(part, str) for part in text) else text for kind, text in output.data.items()}
    data = {kind: text for kind, text in data.items() if isinstance(text, str)}
    kept = {kind: text for kind, text in data.items() if kind in ("text/plain", "text/latex", *PICTURES)}
    if "text/html" in data:
        kept["text/html"] = html(data["text/html"])
    elif "text/markdown" in data:
        kept["text/html"] = _markdown_as_html(data["text/markdown"])
    elif SVG in data:
        kept["text/html"] = picture(data[SVG])
    if not kept:
        kept["text/plain"] = GONE
    output.data = type(output)(kept)
    output.metadata = type(output)({kind: size for kind in PICTURES if (size := _size(output.metadata.get(kind)))})
    return output


def _size(metadata) -> dict:
    """Width and height of a picture, which a page writes into its tag."""
    return {side: metadata[side] for side in ("width", "height") if isinstance(metadata.get(side), (int, float)) and 0 < metadata[side] <= LONGEST} if isinstance(metadata, dict) else {}


def picture(svg: str, words: str = "A drawing") -> str:
    """An SVG drawing as a picture.

    >>> picture("<svg/>")
    '<img alt="A drawing" src="data:image/svg+xml;base64,PHN2Zy8+" style="max-width:100%">'
    """
    data = base64.b64encode(svg.encode("utf-8", "replace")).decode()
    return f'<img alt="{escaping.escape(words)}" src="data:{SVG};base64,{data}" style="max-width:100%">'


# ---------------------------------------------------------------- HTML

def html(text: str) -> str:
    """HTML without what is on no list.

    >>> html('<b onclick="go()">bold</b><script>go()</script> <a href="javascript:go()">a link</a>')
    '<b>bold</b> <a>a link</a>'
    """
    cleaned, _ = _cleaned(text, frozenset())
    if not _cleaned(cleaned, frozenset())[1]:        # read once more it would be something else
        return plain(text)
    return f"{FRAME}{cleaned}</div>" if "style=" in cleaned else cleaned


def _cleaned(text: str, headings: frozenset[str]) -> tuple[str, bool]:
    """(cleaned HTML, whether nothing had to be cleaned or mended). Headings may have names, but not these; with no such list, none at all."""
    bleach, _ = _tools()
    try:
        tree, errors = _parsed(text)
    except (_TooLarge, RecursionError, ValueError):
        return plain(text), False
    as_it_was = _written(tree, bleach)
    _edit(tree)
    cleaned = _written(tree, bleach, headings)
    return cleaned, not errors and cleaned == as_it_was          # what is an error here, such as a second <body>, may be heeded inside a page


class _TooLarge(Exception):
    """More elements than are worth looking at."""


@functools.cache
def _tools():
    """bleach with its parser, and its reader of styles: imported when there is something to clean."""
    import bleach.sanitizer
    import tinycss2
    return bleach, tinycss2


def _parsed(text: str):
    """(The tree that a browser makes of it, what is wrong in it.) Unclosed tags of kinds like <b> are repeated in every paragraph that follows: so elements are counted."""
    bleach, _ = _tools()
    if len(text) > MOST_TEXT or text.count("<") > MOST_ELEMENTS:
        raise _TooLarge
    parser = bleach.html5lib_shim.HTMLParser(namespaceHTMLElements=False)
    make, made = parser.tree.elementClass, [0]

    def counted(*args, **kwargs):
        made[0] += 1
        if made[0] > 2 * MOST_ELEMENTS or len(parser.tree.openElements) > MOST_DEPTH:
            raise _TooLarge
        return make(*args, **kwargs)

    parser.tree.elementClass = counted
    return parser.parseFragment(text), parser.errors


def _written(tree, bleach, headings=...) -> str:
    """A tree as HTML; with `headings`, only what is on the lists of it."""
    shim = bleach.html5lib_shim
    tokens = shim.getTreeWalker("etree")(tree)
    if headings is not ...:
        tokens = _filter()(tokens, allowed_tags=TAGS | MATHML, attributes=functools.partial(_allowed, headings=headings), allowed_protocols={"http", "https", "mailto", "data"},
                           strip_disallowed_tags=True, strip_html_comments=True, css_sanitizer=_Styles(headings))
    writer = shim.HTMLSerializer(quote_attr_values="always", omit_optional_tags=False, resolve_entities=False, alphabetical_attributes=True, escape_lt_in_attrs=True, sanitize=False)
    return writer.render(tokens)


@functools.cache
def _filter():
    bleach, _ = _tools()

    class Filter(bleach.sanitizer.BleachSanitizerFilter):
        def sanitize_characters(self, token):        # they were read as a browser reads them, and are escaped when written
            return token

    return Filter


def _edit(tree) -> None:
    """Take out what goes with all that is in it, and put a picture in place of each drawing."""
    for parent in list(tree.iter()):
        for place, child in reversed(list(enumerate(parent))):
            name = child.tag if isinstance(child.tag, str) else "comment"
            local = name.rpartition("}")[2].lower()
            if local == "svg":
                _replace(parent, place, child, _drawn(child))
            elif local in DROPPED or name == "comment":
                _replace(parent, place, child, None)


def _replace(parent, place, child, other) -> None:
    tail = child.tail or ""
    if other is not None:
        other.tail = tail
        parent[place] = other
        return
    if place:
        parent[place - 1].tail = (parent[place - 1].tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(child)


def _drawn(svg):
    """The picture of a drawing in a page."""
    words = svg.get("aria-label") or " ".join(part.text for part in svg.iter() if str(part.tag).endswith(("}title", "}desc")) and part.text) or "A drawing"
    svg.tail = None
    for part in svg.iter():
        for name in [name for name in part.attrib if name.startswith(("xmlns", "{http://www.w3.org/2000/xmlns/}"))]:       # XML declares its own
            del part.attrib[name]
    image = ElementTree.Element("img", {"alt": words, "src": f"data:{SVG};base64,{base64.b64encode(ElementTree.tostring(svg, encoding='utf-8')).decode()}", "style": "max-width:100%"})
    for side in ("width", "height"):
        if _SIZE.match(svg.get(side, "")):
            image.set(side, svg.get(side).removesuffix("px"))
    return image


def _allowed(tag: str, name: str, value: str, *, headings) -> bool:
    """Whether an attribute may stay."""
    value = value or ""
    if tag in MATHML:
        return _of_mathml(name, value)
    if name == "id":
        return bool(headings) and tag in ("h1", "h2", "h3", "h4", "h5", "h6") and value not in headings
    if name == "class":
        return all(word in _classes() or word.startswith("language-") for word in value.split())
    if name == "style":
        return bool(_Styles(headings).sanitize_css(value))
    if name in ("title", "lang", "dir", "aria-label", "aria-hidden", "datetime"):
        return True
    if name == "role":
        return value in ROLES
    if tag == "a" and name == "href":
        return value.startswith("#") or _elsewhere(value)
    if tag == "img":
        return name == "alt" or name == "src" and bool(_DATA.match(value) or _BESIDE.match(value)) or name in ("width", "height") and bool(_SIZE.match(value))
    if tag in ("td", "th", "col", "colgroup") and name in ("colspan", "rowspan", "span"):
        return value.isdecimal() and int(value) <= 1000
    return name in {"table": ("border",), "td": ("align", "valign"), "th": ("align", "valign", "scope"), "tr": ("align", "valign"), "ol": ("start", "type", "reversed"),
                    "details": ("open",), "col": ("width",)}.get(tag, ()) and bool(_WORD.match(value))


def _elsewhere(address: str) -> bool:
    """Whether a link leads to a page of the web, or to a letter: never to what lies beside the page that shows it."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    plain_start = address.isprintable() and "\\" not in address and not address[:1].isspace()
    return plain_start and (parts.scheme in ("http", "https") and address.lower().startswith(f"{parts.scheme}://") and bool(parts.hostname) or parts.scheme == "mailto")


def _of_mathml(name: str, value: str) -> bool:
    if name == "xmlns":
        return value == "http://www.w3.org/1998/Math/MathML"
    if name in ("width", "height", "depth", "voffset", "lspace", "rspace", "minsize", "maxsize", "linethickness", "mathsize"):
        return bool(_SIZE.match(value)) and float(re.match(r"[\d.]+", value)[0]) <= 200 or bool(_NUDGE.match(value))
    return name in ("accent", "accentunder", "align", "columnalign", "columnlines", "columnspacing", "display", "displaystyle", "fence", "form", "frame", "largeop", "mathcolor",
                    "mathbackground", "mathvariant", "movablelimits", "notation", "rowalign", "rowlines", "rowspacing", "scriptlevel", "separator", "stretchy", "symmetric") and bool(_WORD.match(value))


@functools.cache
def _classes() -> frozenset[str]:
    """The names that a page of code and tables uses; any other could be one that the formgrader acts on."""
    from pygments.token import STANDARD_TYPES
    return frozenset(STANDARD_TYPES.values()) - {""} | {"anchor-link", "dataframe", "highlight"}


class _Styles:
    """The styles that stay in their place: for bleach, which asks for `sanitize_css`."""

    def __init__(self, headings):
        self.properties = IN_TEXT if headings else PROPERTIES

    def sanitize_css(self, style: str) -> str:
        _, tinycss2 = _tools()
        read = tinycss2.parse_declaration_list(style, skip_comments=True, skip_whitespace=True)
        good = [one for one in read if one.type == "declaration" and one.lower_name in self.properties and not one.important and self._stays(one)]
        return style if len(good) == len(read) and "/*" not in style else ";".join(f"{one.lower_name}:{tinycss2.serialize(one.value).strip()}" for one in good)

    def _stays(self, one) -> bool:
        hidden = one.lower_name == "display" and any(token.type == "ident" and token.lower_value in ("none", "contents") for token in one.value)
        return not hidden and all(map(self._harmless, one.value))

    def _harmless(self, token) -> bool:
        if token.type in ("number", "dimension", "percentage"):
            return 0 <= token.value <= LONGEST
        if token.type == "function":
            return token.lower_name in FUNCTIONS and all(map(self._harmless, token.arguments))
        return token.type in ("ident", "hash", "whitespace", "string") or token.type == "literal" and token.value in (",", "/")


# ---------------------------------------------------------------- Markdown

def markdown(source: str, attachments=None, names: frozenset[str] = PAGE) -> str:
    """Markdown that becomes HTML which needs no cleaning: the source itself, or the cleaned HTML of it, or plain text.

    >>> markdown("*plain* words"), markdown('see <img src="x" onerror="go()">')
    ('*plain* words', '<div><p>see <img></p></div>')
    """
    if _simple(source):
        return source
    try:
        laid_out = _laid_out(source, attachments)
        cleaned, same = _cleaned(laid_out, names)
        if same:
            return source
        block = _one_line(f"<div>{cleaned.strip()}</div>")
        return block if is_clean(block, names=names) else plain(source)
    except Exception:                                # such as a picture that is not attached, on which nbconvert gives up
        return plain(source)


def _markdown_as_html(text: str) -> str:
    """Markdown of an output, laid out and cleaned. An output does not know the page that it will stand in, so its headings have no names."""
    try:
        return html(_laid_out(text, None))
    except Exception:
        return plain(text)


def is_clean(source: str, attachments=None, names: frozenset[str] = PAGE) -> bool:
    """Whether a Markdown text becomes HTML that needs no cleaning."""
    try:
        return _simple(source) or _cleaned(_laid_out(source, attachments), names)[1]
    except Exception:
        return False


def plain(text: str) -> str:
    """Text as it was typed, for a page or for Markdown.

    >>> plain("a < b" + chr(10) + "$c$")
    '<pre>a &lt; b&#10;&#36;c&#36;</pre>'
    """
    return f"<pre>{_one_line(escaping.escape(text))}</pre>"


def _one_line(text: str) -> str:
    """HTML in which Markdown finds nothing to do: a block ends with an empty line, and formulas begin with a dollar or a backslash."""
    return text.replace("\r", "").replace("\n", "&#10;").replace("$", "&#36;").replace("\\", "&#92;").replace("`", "&#96;")


def _simple(source: str) -> bool:
    """Whether the text holds no tag, link, picture, entity or heading, as most answers do: then nothing need be laid out to know."""
    return len(source) < MOST_MARKDOWN and not set("<[&#\\~") & set(source) and "```" not in source and not any(line.strip() and not line.strip(" \t=-") for line in source.splitlines())


def _laid_out(source: str, attachments) -> str:
    """What nbconvert makes of it, in the formgrader and in feedback."""
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    if len(source) > MOST_MARKDOWN or source.count("\\\\[") + source.count("\\\\(") + source.count("\\begin") > MOST_OPENINGS:
        raise _TooLarge
    return MarkdownWithMath(renderer=IPythonRenderer(escape=False, attachments=attachments or {}, anchor_link_text="¶")).render(source)
