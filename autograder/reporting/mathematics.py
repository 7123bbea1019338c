"""Mathematics that shows offline: LaTeX in a notebook's text becomes MathML, which every browser draws and reads aloud.

nbgrader's feedback and formgrader pages fetch MathJax from a foreign host; where there is no network they show raw dollars.
"""

from __future__ import annotations

import re

from latex2mathml.converter import convert
from nbconvert.preprocessors import Preprocessor

from ..grading.cells import is_locked
from ..grading.cleaning import is_clean

# Code first, so that a dollar in it stays a dollar; then displayed formulas, then those in the line.
_PIECES = re.compile(r"(?P<code>^(?P<fence>```+|~~~+).*?^(?P=fence)|`+[^`\n]+`+)|\$\$(?P<display>.+?)\$\$|(?<![\\\w$])\$(?P<inline>[^\s$](?:[^$\n]*[^\s$\\])?)\$(?!\d)", re.S | re.M)


class MathML(Preprocessor):
    """An nbconvert preprocessor: the formulas of Markdown cells as MathML."""

    def preprocess_cell(self, cell, resources, index):
        if cell.cell_type == "markdown":
            cell.source = to_mathml(cell.source) if is_locked(cell) else safely(cell.source, cell.get("attachments"))
        return cell, resources


def safely(text: str, attachments=None) -> str:
    """Markdown that a student may have written, with its formulas as MathML; as it is where a formula would bring in more than a formula.

    >>> safely("$" + chr(92) + "href{javascript:go()}{x}$")
    '$\\\\href{javascript:go()}{x}$'
    """
    done = to_mathml(text)
    return done if done == text or is_clean(done, attachments) or not is_clean(text, attachments) else text


def to_mathml(text: str) -> str:
    """Markdown with its formulas as MathML; one that cannot be read stays as it is.

    >>> to_mathml("a weight $w_1$ and `$x`")
    'a weight <math xmlns="http://www.w3.org/1998/Math/MathML" display="inline"><mrow><msub><mi>w</mi><mn>1</mn></msub></mrow></math> and `$x`'
    """
    return _PIECES.sub(_piece, text)


def _piece(found: re.Match) -> str:
    formula, display = found["display"] or found["inline"], "block" if found["display"] else "inline"
    if formula is None:
        return found[0]
    try:
        # In Markdown an underscore or a star between letters is emphasis, also inside a tag.
        return _around_tables(convert(formula.strip(), display=display)).replace("_", "&#95;").replace("*", "&#42;")
    except Exception:
        return found[0]


def _around_tables(mathml: str) -> str:
    """The brackets of a matrix as tall as the matrix: a browser stretches a bracket that begins or ends a row of its own."""
    return re.sub(r"<mo>(&#x000(?:28|5B|7B);)</mo>(<mtable>.*?</mtable>)<mo>(&#x000(?:29|5D|7D);)</mo>",
                  r'<mrow><mo stretchy="true" fence="true" form="prefix">\1</mo>\2<mo stretchy="true" fence="true" form="postfix">\3</mo></mrow>', mathml, flags=re.S)
