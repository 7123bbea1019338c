"""Where the boxes of a drawing stand, and the drawing as SVG.

Each value stands one column to the right of the last value that it needs. An edge over several columns passes
through a place of its own in each of them, so that it runs beside the boxes. Within a column everything moves
towards the middle of its neighbours, a few times to and fro.
"""

from html import escape

from course_lib.autodiff.drawing import COLUMN, HEIGHT, ROW, WIDTH
from course_lib.widgets.palette import palette

MARGIN = 24


def picture(drawing):
    """The SVG text of a drawing."""
    boxes = list(drawing.boxes.values())
    place, routes = arranged(boxes)
    wide = (1 + max(column for column, _ in place.values())) * COLUMN - (COLUMN - WIDTH) + 2 * MARGIN
    tall = round((1 + max(row for _, row in place.values())) * ROW) + 2 * MARGIN
    place = {item: (MARGIN + WIDTH / 2 + COLUMN * c, MARGIN + ROW * (r + 0.5)) for item, (c, r) in place.items()}
    light = palette()["light"]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {tall}" width="{wide}" height="{tall}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="14">',
        f"<title>{escape(f'The computation of {boxes[-1].name}')}</title><desc>{escape(drawing.description)}</desc>",
        f'<rect x="0.5" y="0.5" width="{wide - 1}" height="{tall - 1}" rx="8" '
        f'fill="{light["paper"]}" stroke="{light["rule"]}"/>',
    ]
    edges = [(edge, routes[box, edge[0]]) for box in boxes for edge in box.edges]
    parts += [_wire([place[stop] for stop in route], light) for _, route in edges]
    parts += [_label(edge, place[route[0]], place[route[1]], light) for edge, route in edges]
    parts += [_box(box, *place[box], light) for box in boxes]
    return "\n".join([*parts, "</svg>"])


def arranged(boxes):
    """Where everything stands, as (column, row) with the first row at 0, and for each edge the stops on its way."""
    columns, routes = _columns(boxes)
    return _places(columns, routes), routes


def _columns(boxes):
    """The boxes (and the places where long edges pass) of each column, and for each edge the stops on its way."""
    column = {}
    for box in boxes:
        column[box] = 1 + max((column[source] for source, *_ in box.edges), default=-1)
    for box in reversed(boxes):  # what is given stands next to where it is first used
        uses = [column[user] for user in boxes for source, *_ in user.edges if source is box]
        if not box.edges and uses:
            column[box] = min(uses) - 1
    columns = [[] for _ in range(max(column.values()) + 1)]
    for box in boxes:
        columns[column[box]].append(box)
    routes = {}
    for box in boxes:
        for source, *_ in box.edges:
            passing = [(source, box, k) for k in range(column[source] + 1, column[box])]
            for stop in passing:
                columns[stop[2]].append(stop)
            routes[box, source] = [source, *passing, box]
    return columns, routes


def _places(columns, routes):
    """Column and row of everything; a short column stands in the middle of the tallest."""
    before, after = {}, {}
    for route in routes.values():
        for left, right in zip(route, route[1:]):
            before.setdefault(right, []).append(left)
            after.setdefault(left, []).append(right)
    row = {item: i - len(column) / 2 for column in columns for i, item in enumerate(column)}
    for _ in range(4):
        for neighbours, order in ((before, columns), (after, columns[::-1])):
            for column in order:
                column.sort(key=lambda item: _middle([row[n] for n in neighbours.get(item, [])], row[item]))
                row.update({item: i - len(column) / 2 for i, item in enumerate(column)})
    tallest = max(len(column) for column in columns)
    return {
        item: (c, (tallest - len(column)) / 2 + i)
        for c, column in enumerate(columns)
        for i, item in enumerate(column)
    }


def _middle(rows, default):
    return sum(rows) / len(rows) if rows else default


def _wire(stops, light):
    (x, y), *rest = stops
    path = f"M{x:g} {y:g}"
    for x2, y2 in rest:
        path += f"C{(x + x2) / 2:g} {y:g} {(x + x2) / 2:g} {y2:g} {x2:g} {y2:g}"
        x, y = x2, y2
    return f'<path d="{path}" fill="none" stroke="{light["border"]}" stroke-width="1.5"/>'


def _label(edge, start, end, light):
    """The value above the edge, what comes back below it, between its first two stops."""
    _, value, back = edge
    (x1, y1), (x2, y2) = start, end
    x, y = (x1 + x2) / 2, (y1 + y2) / 2
    halo = f'text-anchor="middle" paint-order="stroke" stroke="{light["paper"]}" stroke-width="4"'
    label = f'<text x="{x:g}" y="{y - 6:g}" {halo} fill="{light["ink"]}">{escape(value)}</text>'
    if back:
        colour = light["negative"] if back.startswith("−") else light["positive"]
        label += f'<text x="{x:g}" y="{y + 17:g}" {halo} fill="{colour}" font-weight="650">∂ {escape(back)}</text>'
    return label


def _box(box, x, y, light):
    given = box.kind != "result"
    top = box.name if given else f"{box.name} · {box.operation}"
    value, gradient = box.equation.rpartition("= ")[2], box.gradient_in_words.partition(" =")[0]
    lines = [f'<tspan font-weight="650">{escape(top)}</tspan>', escape(value)] + (
        [escape(gradient)] if gradient else []
    )
    first = y + 5 - 8 * (len(lines) - 1)
    text = "".join(
        f'<text x="{x:g}" y="{first + 16 * i:g}" text-anchor="middle" fill="{light["ink"]}">{line}</text>'
        for i, line in enumerate(lines)
    )
    return (
        f'<rect x="{x - WIDTH / 2:g}" y="{y - HEIGHT / 2:g}" width="{WIDTH}" height="{HEIGHT}" rx="{4 if given else 16}" '
        f'fill="{light["panel"]}" stroke="{light["ink"] if given else light["border"]}"/>{text}'
    )
