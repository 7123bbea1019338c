"""A hand table to look at: as text in a terminal, as HTML in a notebook.

Both show the name of every column as it is typed in `fill`, and both mark what `check` found, in the text with a
"!" behind a wrong number, in the HTML with a sign, a word for screen readers and a frame as well as colour.
"""

from html import escape

from course_lib.hand_table.report import number_in_words

EMPTY = "."

# Vermilion of the Okabe–Ito palette: at least 3:1 on white and on JupyterLab's dark grey.
WRONG = "outline: 2px solid #d55e00; outline-offset: -2px; font-weight: bold;"

# `color: inherit` because a bare page gives tables black text even on a dark ground.
TABLE = (
    "color: inherit; text-align: right; font-variant-numeric: tabular-nums; "
    "margin: 0 0 .6em; min-width: min(28em, 100%);"
)
CAPTION = "caption-side: top; text-align: left; color: inherit;"
CELL = "padding: .2em .6em; text-align: right;"


def as_text(table, cells=()):
    """Aligned columns; the new weights of a step stand in a row of their own below."""
    wrong = {(cell.column, cell.row) for cell in cells if cell.wrong}
    blocks = [_grid(_rows(table, wrong, bool(cells)))]
    new = _new_weights(table)
    if new:
        marks = [_marked(_number(table, name, 0), (name, 0) in wrong, bool(cells)) for name in new]
        blocks.append(f"after one step with eta = {table.eta:g}:\n" + _grid([new, marks]))
    if wrong:
        blocks.append("! wrong; the first one is named by check()")
    return "\n".join(blocks)


def _rows(table, wrong, checked):
    columns = _row_columns(table)
    yield ["row", *_given_names(table), *(_marked(name, False, checked) for name in columns)]
    for row in range(len(table.X)):
        numbers = (_marked(_number(table, name, row), (name, row) in wrong, checked) for name in columns)
        yield [str(row + 1), *_given(table, row), *numbers]


def _marked(text, is_wrong, checked):
    """After a check every number has a place for a mark, so that the digits stay in line."""
    return text + ("!" if is_wrong else " ") if checked else text


def _grid(rows):
    rows = [list(row) for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(*rows)]
    return "\n".join("  ".join(cell.rjust(n) for cell, n in zip(row, widths)).rstrip() for row in rows)


def as_html(table, cells=()):
    """A table with a caption and headings for rows and columns; text and lines take the page's own colours."""
    judged = {(cell.column, cell.row): cell for cell in cells}
    first = next((cell for cell in cells if cell.wrong), None)
    rows = []
    for row in range(len(table.X)):
        given = "".join(f'<td style="{CELL}">{value}</td>' for value in _given(table, row))
        numbers = "".join(_td(table, name, row, judged, first) for name in _row_columns(table))
        rows.append(f'<tr><th scope="row" style="{CELL}">{row + 1}</th>{given}{numbers}</tr>')
    heads = ["row", *_given_names(table), *_row_columns(table)]
    html = _html_table(_caption(table), heads, rows)
    new = _new_weights(table)
    if new:
        numbers = "".join(_td(table, name, 0, judged, first) for name in new)
        row = f'<tr><th scope="row" style="{CELL}">new</th>{numbers}</tr>'
        html += _html_table(f"After one step with eta = {table.eta:g}.", ["weight", *new], [row])
    return html


def _html_table(caption, heads, rows):
    heads = "".join(f'<th scope="col" style="{CELL}">{escape(head)}</th>' for head in heads)
    return (
        f'<table style="{TABLE}"><caption style="{CAPTION}">{escape(caption)}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


def _caption(table):
    weights = ", ".join(f"w{j + 1} = {w:g}" for j, w in enumerate(table.w))
    places = "full precision" if table.decimals is None else f"{table.decimals} decimals"
    return f"A neuron by hand: {weights}, b = {table.b:g}. Compared to {places}."


def _td(table, name, row, judged, first):
    number, cell = _number(table, name, row), judged.get((name, row))
    if number == EMPTY:
        return f'<td style="{CELL}">{_sign("·", "empty")}</td>'
    if cell is None:
        return f'<td style="{CELL}">{number}</td>'
    if cell.ok:
        return f'<td style="{CELL}">{number} {_sign("✓", "right")}</td>'
    word = "first wrong cell" if cell is first else "wrong"
    return f'<td style="{CELL} {WRONG}" title="{word}">{number} {_sign("✗", word)}</td>'


def _sign(sign, word):
    """A sign for the eye, and the word for it for a screen reader."""
    return f'<span role="img" aria-label="{word}">{sign}</span>'


def _row_columns(table):
    return [name for name in table.columns if not table.available[name].is_new_weight]


def _new_weights(table):
    return [name for name in table.columns if table.available[name].is_new_weight]


def _given_names(table):
    return [*(f"x{j + 1}" for j in range(len(table.w))), "y"]


def _given(table, row):
    return [f"{value:g}" for value in (*table.X[row], table.y[row])]


def _number(table, name, row):
    value = table.filled[name][row]
    if value is None:
        return EMPTY
    return number_in_words(value, 0 if name == "y_hat" else table.decimals)
