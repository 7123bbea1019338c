"""What tools and students do to a notebook between fetching and handing in. Each takes the cells and a `random.Random`, and changes them in place."""

import copy
import json

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell


def named(cells):
    return [cell for cell in cells if cell.metadata.get("nbgrader", {}).get("grade_id")]


def role(cell, word):
    return bool(cell.metadata.get("nbgrader", {}).get(word))


# ---------------------------------------------------------------- tools

def drop_marks(cells, chance):
    """Every mark of nbgrader's is gone."""
    for cell in cells:
        cell.metadata = nbformat.from_dict({})


def colab(cells, chance):
    """The identity moves into the metadata, nbgrader's marks are gone."""
    for cell in cells:
        cell.metadata = nbformat.from_dict({"id": cell.pop("id", None)})


def drop_identities(cells, chance):
    for number, cell in enumerate(cells):
        cell["id"] = f"new-{number}"


def drop_marks_and_identities(cells, chance):
    drop_marks(cells, chance)
    drop_identities(cells, chance)


def windows(cells, chance):
    for cell in cells:
        cell.source = cell.source.replace("\n", "\r\n")


def trailing_blanks(cells, chance):
    for cell in cells:
        cell.source = "\n".join(line + " " * chance.randrange(3) for line in cell.source.split("\n")) + "\n"


def outputs(cells, chance):
    for cell in cells:
        if cell.cell_type == "code":
            cell.outputs = [nbformat.v4.new_output("stream", text="]}\"\\\n" * chance.randrange(1, 3000)),
                            nbformat.v4.new_output("display_data", data={"application/json": {"outputs": [[[]]], "NaN": 1}})]


# ---------------------------------------------------------------- slips

def delete_locked(cells, chance):
    cells[:] = [cell for cell in cells if not role(cell, "locked") or chance.random() < .4]


def delete_texts(cells, chance):
    cells[:] = [cell for cell in cells if cell.cell_type == "code" or named([cell]) or chance.random() < .3]


def move_one(cells, chance):
    cells.insert(chance.randrange(len(cells)), cells.pop(chance.randrange(len(cells))))


def shuffle(cells, chance):
    chance.shuffle(cells)


def duplicate_answer(cells, chance):
    """A copy of an answer's cell with its mark, at once behind it or anywhere after it."""
    answer = chance.choice([cell for cell in cells if role(cell, "solution")])
    place = cells.index(answer) + 1
    cells.insert(chance.choice([place, chance.randrange(place, len(cells) + 1)]), again(answer))


def duplicate_test(cells, chance):
    cells.insert(chance.randrange(len(cells)), again(chance.choice([cell for cell in cells if role(cell, "grade")])))


def again(cell):
    twin = copy.deepcopy(cell)
    twin["id"] = f"twin-{cell.get('id')}"
    return twin


def split(cells, chance):
    """JupyterLab's *Split Cell*: both parts carry the mark, the second has a new identity."""
    cell = chance.choice([cell for cell in cells if role(cell, "solution") and cell.cell_type == "code" and "\n" in cell.source])
    lines = cell.source.split("\n")
    at = chance.randrange(1, len(lines))
    second = again(cell)
    cell.source, second.source = "\n".join(lines[:at]).strip("\n"), "\n".join(lines[at:]).strip("\n")
    cells.insert(cells.index(cell) + 1, second)


def merge(cells, chance):
    """JupyterLab's *Merge Selected Cells* of two neighbours: the first one's kind, mark and identity."""
    at = chance.randrange(len(cells) - 1)
    cells[at].source += "\n\n" + cells.pop(at + 1).source


def change_kind(cells, chance):
    at = cells.index(chance.choice([cell for cell in cells if role(cell, "solution") and cell.cell_type == "code"]))
    was = cells[at]
    cells[at] = (new_markdown_cell if chance.random() < .5 else nbformat.v4.new_raw_cell)(was.source, metadata=was.metadata, id=was.get("id", "was"))


def rename(cells, chance):
    """A grade_id, points and flags as somebody typed them."""
    cell = chance.choice(named(cells))
    cell.metadata.nbgrader.update(grade_id=chance.choice(["mine", "", "../x", 7]), points=100, locked=False, solution=chance.random() < .5)


def own_cells(cells, chance):
    for _ in range(chance.randrange(1, 5)):
        cells.insert(chance.randrange(len(cells) + 1), chance.choice([new_code_cell("1 + 1"), new_code_cell(""), new_markdown_cell("my notes"), new_code_cell("scratch = [3]\nprint(scratch)")]))


TOOLS = (drop_marks, colab, drop_identities, drop_marks_and_identities, windows, trailing_blanks, outputs)
SLIPS = (delete_locked, delete_texts, move_one, shuffle, duplicate_answer, duplicate_test, split, merge, change_kind, rename, own_cells)


# ---------------------------------------------------------------- files

def as_written(notebook):
    return json.dumps(notebook, ensure_ascii=False).encode()


def with_mark_of_order(notebook):
    return b"\xef\xbb\xbf" + as_written(notebook)


def in_utf16(notebook):
    return json.dumps(notebook).encode("utf-16")


def lines_as_lists(notebook):
    return nbformat.writes(notebook).encode()


def old_format(notebook):
    return nbformat.writes(nbformat.convert(copy.deepcopy(notebook), 3), version=3).encode()


def there_and_back(notebook):
    return nbformat.writes(nbformat.convert(nbformat.convert(copy.deepcopy(notebook), 3), 4)).encode()


FILES = (as_written, with_mark_of_order, in_utf16, lines_as_lists, old_format, there_and_back)
