"""From what is known to pages: self-contained HTML, nothing of it fetched from anywhere, and nothing of the students' run.

Everything that a student wrote (code, answers, names, what an error says) is text here: escaped, with the control
characters that turn writing round or hide it made visible. The page's own script is the only one that its policy allows.
"""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

from ..verdicts import MARKS, Verdict, as_html
from . import figures
from .classroom import OTHER, SAME, UNNAMED
from .history import steady, steps

TEMPLATES = Path(__file__).with_name("templates")
# All C0 and C1 controls but tab and newline, what turns the writing direction or has no width, and halves of a character.
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
SIGNS = {**MARKS, "refused": "⊘", "to be read": "…", "read": "✎", SAME: "=", OTHER: "↷", UNNAMED: "?"}
LINE_SIGNS = {"same": " ", "added": "+", "taken": "−", "left": " "}


def shown(text) -> Markup:
    """Text for a page: escaped (what is `Markup` is so already), and hidden or direction-turning characters shown by their number.

    >>> shown("<b>" + chr(0x202E))
    Markup('&lt;b&gt;⟨U+202E⟩')
    """
    return Markup(_HIDDEN.sub(lambda hit: f"⟨U+{ord(hit[0]):04X}⟩", str(escape(text)).replace("\r\n", "\n")))


def card(verdict: Verdict) -> Markup:
    """A verdict's own card; on a page of many it is a group, not a status that is read out by itself."""
    return shown(Markup(verdict.to_html().replace('role="status"', 'role="group"', 1)))


def told(text: str) -> Markup:
    """A sentence of a verdict, its `code` shown as code."""
    return shown(Markup(as_html(text)))


def points(value: float) -> str:
    """Points as a person writes them, two decimals at most."""
    return f"{round(value, 2):g}"


def moment(iso: str) -> str:
    """An ISO time for reading: "2027-03-01 14:05 UTC"."""
    return f"{iso[:10]} {iso[11:16]} UTC" if iso else "at an unknown time"


def slug(name: str) -> str:
    """A name as part of an address within the page: no two names give the same."""
    return "".join(c if c.isascii() and c.isalnum() else f"-{ord(c):x}-" for c in name)


def render(template: str, **values) -> bytes:
    """A whole page, in UTF-8."""
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, finalize=shown,       # whatever a template writes goes through it
                                     undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(card=card, told=told, points=points, moment=moment, slug=slug, steps=steps, steady=steady, share=lambda value: f"{100 * value:.0f} %")
    environment.globals.update(marks=SIGNS, signs=LINE_SIGNS, number=figures.number)
    script = (TEMPLATES / "report.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    page = environment.get_template(template).render(style=Markup((TEMPLATES / "report.css").read_text(encoding="utf-8")), script=Markup(script), digest=digest, **values)
    return page.encode("utf-8")
