"""A submitted notebook brought back to the release: what a tool or a slip did to its cells costs no points.

Each submitted cell is recognised as a cell of the release, by nbgrader's name for it, by its identity, by its text, by the
names that it defines, or by its place between cells that are known. Then the notebook is put together anew: marks and
read-only text come from the release alone, answers from the submission. So nothing that a student writes can become a test
cell, take one away or change what it is worth; and what was not recognised stays an ordinary cell, which runs.
"""

from __future__ import annotations

import ast
import builtins
import copy
import dataclasses
import functools
import re
import textwrap
import warnings

import nbformat
from rapidfuzz import fuzz

from .notebook_text import new_cell, new_notebook
from .opening import Refused, shown

ALIKE = 80                           # per cent of two texts, from which on they are the same cell
MOST_COMPARED = 1500                 # characters of a text that are compared
MOST_PARSED, MOST_JOINED = 10_000, 8000                # characters of a cell whose names are looked at, and of parts that are tried together
MOST_TRIED = 200                     # joinings tried in one notebook
MOST_REMEMBERED = 200_000            # characters of a notebook whose texts are remembered
MOST_PARTS = 6                       # cells that one cell is taken to have been split into
LONG_ENOUGH = 20                     # characters: a shorter text may stand in a notebook by chance
DEFINES = re.compile(r"^(?:def|class)\s+(\w+)|^(\w+)\s*=(?!=)", re.MULTILINE)          # of text that is no Python
LOCKED, ANSWER, PLAIN = "locked", "answer", "plain"


@dataclasses.dataclass
class Known:
    """A cell of the release: what it is, and the cells of the submission that are it, in their order."""

    cell: nbformat.NotebookNode
    role: str
    name: str
    found: list[int] = dataclasses.field(default_factory=list)

    @property
    def test(self) -> bool:
        return self.role == LOCKED and bool(self.cell.metadata.nbgrader.get("grade"))

    @property
    def read(self) -> bool:
        """Whether a person reads it."""
        return self.role == ANSWER and bool(self.cell.metadata.nbgrader.get("grade"))


def repair(notebook: nbformat.NotebookNode, release: nbformat.NotebookNode, name: str = "The notebook") -> tuple[nbformat.NotebookNode, list[str]]:
    """(the notebook with the release's cells in their places, a sentence for each thing that was mended).

    `Refused` where it is not a notebook of this assignment.
    """
    _refuse_another(notebook, release, name)
    cells, said = copy.deepcopy(notebook.cells), list(notebook.metadata.get("mended", ()))
    known = [Known(cell, *_role(cell)) for cell in release.cells]
    _recognise(cells, known, said)
    if any(one.role == ANSWER for one in known) and not any(one.found for one in known if one.role == ANSWER or one.test):
        _forget_if_large(cells)
        raise Refused(f"{shown(name)} is no notebook of this assignment: none of its questions is found in it. "
                      "Fetch the assignment, copy your answers into its cells and submit that notebook under its own name.")
    placed = _ordered(_resolved(cells, known, said), known, said)
    _add_missing(placed, known, said)
    mended = new_notebook([cell for _, cell in placed], {key: value for key, value in notebook.metadata.items() if key != "mended"})
    if "kernelspec" in release.metadata:
        mended.metadata["kernelspec"] = copy.deepcopy(release.metadata["kernelspec"])
    _name_cells(mended)
    _forget_if_large(cells)
    return mended, list(dict.fromkeys(said))


def _forget_if_large(cells) -> None:
    """Keep what was found out about the texts of the last notebooks, unless it takes much memory."""
    if sum(len(cell.source) for cell in cells) > MOST_REMEMBERED:
        _bare.cache_clear()
        _read.cache_clear()


def _refuse_another(notebook, release, name) -> None:
    """Refuse a notebook that says itself that it is of another assignment."""
    said, asked = (one.metadata.get("course") for one in (notebook, release))
    said, asked = (one.get("assignment") if isinstance(one, dict) else None for one in (said, asked))
    if said and asked and said != asked:
        raise Refused(f"{shown(name)} is a notebook of {shown(said)}, not of {asked}. Submit the notebook of {asked}; if you have put its answers in here, fetch {asked} and copy them over.")


def _role(cell) -> tuple[str, str]:
    mark = cell.metadata.get("nbgrader") or {}
    if not mark.get("grade_id"):
        return PLAIN, ""
    return (ANSWER if mark.get("solution") else LOCKED), mark["grade_id"]


# ---------------------------------------------------------------- which cell is which

def _recognise(cells, known: list[Known], said) -> None:
    """Find the submission's cell, or cells, of each cell of the release; cells that hold more than one are taken apart."""
    _rejoin(cells, known, said)
    _by_name_and_identity(cells, known)
    _separate(cells, known, said)
    free = {place for place in range(len(cells))} - {place for one in known for place in one.found}
    for step in (_by_text, _by_likeness, _by_place):
        step(cells, known, free)
    tools = sum(1 for one in known if one.role != PLAIN for place in one.found if "nbgrader" not in cells[place].metadata)
    if tools:
        said.append(f"nbgrader's marks were missing on {_count(tools, 'cell')}, as some tools drop them; the cells were recognised all the same.")


def _rejoin(cells, known, said) -> None:
    """Join the parts of a split code cell that are Python only together."""
    names, identities = {one.name for one in known if one.name}, {one.cell.get("id") for one in known}
    locked = {_bare(one.cell.source) for one in known if one.role == LOCKED}

    def part(cell, first):
        own = _name(cell) not in names and cell.id not in identities
        return cell.cell_type == "code" and (own or _name(cell) == _name(first) is not None)

    at, tries = 0, [MOST_TRIED]
    while at < len(cells):
        first, last = cells[at], _last_part(cells, at, part, tries) if _bare(cells[at].source) not in locked else at
        if last > at:
            first.source = "\n".join(cell.source for cell in cells[at:last + 1] if cell.source.strip())
            del cells[at + 1:last + 1]
            said.append("The parts of a cell that had been split are together again.")
        else:
            at += 1


def _last_part(cells, at, part, tries) -> int:
    """The last of the cells behind a code cell that are Python only with it; its own place where none is."""
    joined, broken = cells[at].source, not _is_code(cells[at].source)
    if cells[at].cell_type != "code" or not joined.strip():
        return at
    for after in range(at + 1, min(at + MOST_PARTS, len(cells))):
        source = cells[after].source
        if not part(cells[after], cells[at]):
            break
        if source.strip():
            broken = broken or not _is_code(source)
            joined = f"{joined}\n{source}"
            if not broken or len(joined) > MOST_JOINED or not tries[0]:
                break
            tries[0] -= 1
            if _is_code(joined, as_it_is=True):
                return after
    return at


def _name(cell) -> str | None:
    name = cell.metadata.get("nbgrader", {}).get("grade_id")
    return name if isinstance(name, str) else None


def _by_name_and_identity(cells, known) -> None:
    names, identities = {one.name: one for one in known if one.name}, {one.cell.get("id"): one for one in known if one.cell.get("id")}
    seen = set()
    for place, cell in enumerate(cells):
        if (name := _name(cell)) in names:
            names[name].found.append(place)
            seen.add(place)
    for place, cell in enumerate(cells):
        one = identities.get(cell.id)
        if place not in seen and one is not None and not one.found:
            one.found.append(place)


def _separate(cells, known, said) -> None:
    """Take merged cells apart: text of the release that stands whole in another cell while its own cell is missing."""
    for one in known:
        if one.role == ANSWER or not one.found:
            continue
        place, text = one.found[0], _bare(one.cell.source)
        rest = _without(cells[place].source, text) if len(one.found) == 1 else None
        if rest is None or not rest.strip() or one.role == PLAIN and not _answer_missing_beside(known, one):
            continue
        cells[place].source = one.cell.source
        apart = new_cell(cells[place].cell_type, rest.strip("\n"), f"{cells[place].id[:50]}-apart")
        _insert(cells, known, place + (0 if one.test else 1), apart)
        said.append("Cells that had been merged were taken apart.")
    missing = [_bare(one.cell.source) for one in known if one.role != ANSWER and not one.found]
    for cell in cells:
        for text in missing:
            rest = _without(cell.source, text) if len(text) >= LONG_ENOUGH and _bare(cell.source) != text else None
            if rest is not None:
                cell.source = rest.strip("\n")
                said.append("Cells that had been merged were taken apart.")


def _answer_missing_beside(known, one) -> bool:
    place = known.index(one)
    return any(near.role == ANSWER and not near.found for near in known[max(0, place - 1):place + 2])


def _insert(cells, known, place, cell) -> None:
    cells.insert(place, cell)
    for one in known:
        one.found = [found + (found >= place) for found in one.found]


def _without(source: str, text: str) -> str | None:
    """A cell's text without the whole lines `text`; None where it does not hold them."""
    lines = text.splitlines()
    if not text or lines[0] not in source:
        return None
    found = re.search("^" + r"[ \t]*\n".join(map(re.escape, lines)) + r"[ \t]*$", source, re.MULTILINE)
    return None if found is None else f"{source[:found.start()]}{source[found.end():]}"


def _by_text(cells, known, free) -> None:
    """The same text, first between the neighbours, then anywhere where it is long enough to be told by."""
    for anywhere in (False, True):
        for place, one in enumerate(known):
            text = _bare(one.cell.source)
            if one.found or not text or anywhere and len(text) < LONG_ENOUGH:
                continue
            near = (at for at in (sorted(free) if anywhere else _between(place, known, free)) if _bare(cells[at].source) == text)
            if (at := next(near, None)) is not None:
                one.found.append(at)
                free.discard(at)


def _by_likeness(cells, known, free) -> None:
    """A text that is nearly the same; of an answer also one that defines the same names."""
    names, texts = {at: _names(cells[at].source)[1] for at in free}, {at: _bare(cells[at].source)[:MOST_COMPARED] for at in free}
    for place, one in enumerate(known):
        if one.found or not free:
            continue
        text, defined = _bare(one.cell.source)[:MOST_COMPARED], _names(one.cell.source)[1] if one.role == ANSWER else set()
        between = set(_between(place, known, free))

        def likeness(at):
            alike = fuzz.ratio(text, texts[at], score_cutoff=ALIKE) if len(text) >= LONG_ENOUGH else 0.0
            return max(alike, 100 * len(defined & names[at]) / len(defined) * .9 if defined else 0.0) + (at in between)

        best = max(sorted(free), key=likeness)
        if likeness(best) >= (ALIKE if one.role != ANSWER else 45):
            one.found.append(best)
            free.discard(best)


def _by_place(cells, known, free) -> None:
    """An answer that is still missing is the cell of its kind that stands where it stood; or the only one that is left."""
    if not any(one.found for one in known):
        return
    for place, one in enumerate(known):
        if one.role == ANSWER and not one.found and (near := _of_kind(one, _between(place, known, free), cells)):
            one.found += near if one.read else near[:1]
            free.difference_update(one.found)
    missing = [one for one in known if one.role == ANSWER and not one.found]
    for one in missing:
        left = _of_kind(one, sorted(free), cells)
        if len(left) == 1 and sum(other.cell.cell_type == one.cell.cell_type for other in missing) == 1:
            one.found.append(left[0])
            free.discard(left[0])


def _of_kind(one, places, cells) -> list[int]:
    kinds = {one.cell.cell_type} | ({"markdown", "raw"} if one.cell.cell_type != "code" else set())
    return [at for at in places if cells[at].cell_type in kinds and cells[at].source.strip()]


def _between(place, known, free) -> list[int]:
    """The free cells between the nearest recognised neighbours of a cell of the release."""
    before = next((one.found[-1] for one in reversed(known[:place]) if one.found), -1)
    after = next((one.found[0] for one in known[place + 1:] if one.found), None)
    return [at for at in sorted(free) if at > before and (after is None or at < after)]


# ---------------------------------------------------------------- what each cell becomes

def _resolved(cells, known, said) -> list[tuple[int | None, nbformat.NotebookNode]]:
    """(place in the release or None, cell) for each cell of the submission that stays, in the submission's order."""
    kept: dict[int, tuple[int | None, nbformat.NotebookNode]] = {at: (None, _own(cell)) for at, cell in enumerate(cells)}
    for place, one in enumerate(known):
        if not one.found:
            continue
        chosen = _chosen(cells, one)
        for at in one.found:
            if at != chosen and _copy_of_release(cells[at], one):
                del kept[at]
        if len(one.found) > 1 and any(_name(cells[at]) == one.name for at in one.found):
            said.append(_about_copies(cells, one, chosen, kept))
        kept[chosen] = (place, _restored(cells[chosen], one, said))
        _join(cells, one, chosen, kept)
        if one.role == LOCKED and (stray := _stray(cells[chosen], one)):
            kept[chosen + .5 if not one.test else chosen - .5] = (None, stray)
            said.append(f"What had been written into the read-only cell `{one.name}` was moved into a cell of its own.")
    return [kept[at] for at in sorted(kept)]


def _chosen(cells, one: Known) -> int:
    """Of several cells that are the same cell of the release: the first answer that is not the empty one, the text most like a read-only one."""
    if one.role == ANSWER:
        return next((at for at in one.found if not _copy_of_release(cells[at], one)), one.found[0])
    text = _bare(one.cell.source)[:MOST_COMPARED]
    return max(one.found[:50], key=lambda at: fuzz.ratio(text, _bare(cells[at].source)[:MOST_COMPARED]))


def _copy_of_release(cell, one: Known) -> bool:
    text = _bare(cell.source)
    return not text or text == _bare(one.cell.source)


def _about_copies(cells, one, chosen, kept) -> str:
    others = [at for at in one.found if at != chosen and at in kept]
    if one.role == ANSWER and others and not _split(cells, one):
        return f"The cell `{one.name}` was there {len(one.found)} times; the first that holds an answer counts as the answer, the others run where they stand."
    if one.role == ANSWER and others:
        return f"The cell `{one.name}` had been split; its parts are together again."
    return f"The cell `{one.name}` was there {len(one.found)} times; the copies that say nothing new were left out."


def _split(cells, one: Known) -> bool:
    """Whether the copies are parts of one cell: side by side, and no part defines anew what another does."""
    if any(b - a != 1 for a, b in zip(one.found, one.found[1:])):
        return False
    defined = [_names(cells[at].source)[1] for at in one.found]
    return all(not a & b for index, a in enumerate(defined) for b in defined[index + 1:]) and len({_bare(cells[at].source) for at in one.found}) == len(one.found)


def _join(cells, one, chosen, kept) -> None:
    """Put the parts of a split answer that a person reads into one cell."""
    parts = [at for at in one.found if at == chosen or at in kept]
    if one.read and len(parts) > 1 and (_split(cells, one) or _name(cells[chosen]) is None):
        kept[chosen][1].source = "\n\n".join(cells[at].source for at in parts)
        for at in parts:
            if at != chosen:
                del kept[at]


def _restored(cell, one: Known, said):
    """The cell as the release has it, with the submission's text where that is the student's to write."""
    if one.role == LOCKED:
        return copy.deepcopy(one.cell)
    restored = copy.deepcopy(one.cell) if one.role == ANSWER or cell.cell_type == one.cell.cell_type else _own(cell)
    restored.source = cell.source
    if one.role == ANSWER and cell.cell_type != one.cell.cell_type:
        said.append(f"The cell `{one.name}` had become {_article(cell.cell_type)} cell; it is {_article(one.cell.cell_type)} cell again.")
    if restored.cell_type == "markdown":
        restored.pop("attachments", None)
        if cell.get("attachments"):
            restored["attachments"] = cell["attachments"]
    return restored


def _stray(cell, one: Known):
    """What a student wrote into a read-only cell in place of its text; None where it is its text, in this or an older state."""
    text = cell.source
    if cell.cell_type != one.cell.cell_type or not _bare(text) or fuzz.ratio(_bare(text)[:MOST_COMPARED], _bare(one.cell.source)[:MOST_COMPARED]) > 50:
        return None
    return _own(cell)


def _own(cell):
    """A student's own cell: its kind, its text, its pictures, no mark."""
    own = copy.deepcopy(cell)
    own.metadata = nbformat.from_dict({})
    return own


def _article(kind: str) -> str:
    return {"code": "a code", "markdown": "a text", "raw": "a raw"}[kind]


# ---------------------------------------------------------------- where each cell stands

def _ordered(placed, known, said):
    """The cells in the release's order, each of the student's own behind the one it followed; in the student's order where only that gives every name in time."""
    order = [place for place, _ in placed if place is not None]
    if order == sorted(order):
        return placed
    segments = [[]]
    for place, cell in placed:
        if place is not None:
            segments.append([])
        segments[-1].append((place, cell))
    as_released = segments[0] + [item for segment in sorted(segments[1:], key=lambda segment: segment[0][0]) for item in segment]
    as_handed_in = _tests_after_answers(placed, known)
    if _unmet(as_handed_in) < _unmet(as_released):
        if as_handed_in != placed:
            said.append("Cells had been moved; the test cells stand behind the answers again.")
        return as_handed_in
    said.append("Cells had been moved; they are back in the order of the assignment.")
    return as_released


def _tests_after_answers(placed, known):
    """The student's order, but each test cell behind the answers that come before it in the release."""
    order = [item for item in placed if item[0] is None or not known[item[0]].test]
    for item in (item for item in placed if item[0] is not None and known[item[0]].test):
        last = max((at for at, (place, _) in enumerate(order) if place is not None and place < item[0]), default=-1)
        last = max(last, min(placed.index(item) - 1, len(order) - 1))
        order.insert(last + 1, item)
    return order


def _unmet(placed) -> int:
    """How many names cells use before any cell has given them."""
    given, unmet = set(dir(builtins)) | {"get_ipython", "display"}, 0
    for _, cell in placed:
        if cell.cell_type == "code":
            needed, defined = _names(cell.source)
            unmet += len(needed - given)
            given |= defined
    return unmet


def _add_missing(placed, known, said) -> None:
    """Put back what the release has and the submission lacks."""
    there, back = {place for place, _ in placed if place is not None}, []
    defined = {name for _, cell in placed if cell.cell_type == "code" for name in _names(cell.source)[1]}
    for place, one in enumerate(known):
        if place in there:
            continue
        gives = _names(one.cell.source)[1] if one.cell.cell_type == "code" else set()
        if one.role == PLAIN and (not gives or gives & defined):
            continue
        cell = copy.deepcopy(one.cell)
        if one.role == ANSWER and gives & defined:
            cell.source = ""                                   # answered elsewhere: the empty answer would take it back
        if one.role == LOCKED:
            back.append(f"`{one.name}`")
        elif one.role == ANSWER:
            said.append(f"The answer's cell `{one.name}` was not found; an empty one stands in its place.")
        else:
            said.append("A given cell was missing whose names nothing else defines; it is back.")
        placed.insert(_position(placed, place, one), (place, cell))
        defined |= gives if cell.source else set()
    if back:
        said.append(f"Read-only cells were missing and are back: {', '.join(back)}.")


def _position(placed, place, one: Known) -> int:
    """Where a missing cell goes: behind what came before it; a test cell also behind the student's own cells that follow there."""
    before = [at for at, (other, _) in enumerate(placed) if other is not None and other < place]
    at = before[-1] + 1 if before else 0
    if one.test:
        while at < len(placed) and placed[at][0] is None:
            at += 1
    return at


# ---------------------------------------------------------------- text and names

@functools.lru_cache(maxsize=4096)
def _bare(text: str) -> str:
    """A text without what editors change: blanks at the ends of lines, and empty lines around it."""
    return "\n".join(line.rstrip() for line in text.splitlines()).strip()


def _names(source: str) -> tuple[frozenset[str], frozenset[str]]:
    """(the names that a cell takes from elsewhere when it runs, those that it defines); where it is no Python, what it seems to define."""
    return _read(source)[:2]


def _is_code(source: str, as_it_is: bool = False) -> bool:
    """Whether a cell may run; a notebook takes indented lines too."""
    return _read(source if as_it_is else textwrap.dedent(source))[2]


@functools.lru_cache(maxsize=4096)
def _read(source: str) -> tuple[frozenset[str], frozenset[str], bool]:
    """(names taken, names defined, whether it is Python) of a cell's text, which is parsed and never compiled or run."""
    code = "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in source.splitlines())       # magics mean nothing to Python
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(code if len(code) <= MOST_PARSED else "(")
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return frozenset(), frozenset(name for found in DEFINES.finditer(source[:MOST_PARSED]) for name in found.groups() if name), False
    taken, defined, runs, waiting = set(), set(), True, list(tree.body)
    while waiting:                                          # without recursion: hostile text nests deeply
        node = waiting.pop()
        if isinstance(node, ast.Name):
            (taken if isinstance(node.ctx, ast.Load) else defined).add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            defined.add(node.name)
            waiting += node.decorator_list + (node.bases if isinstance(node, ast.ClassDef) else node.args.defaults)
            continue
        elif isinstance(node, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            continue
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            defined |= {(name.asname or name.name).partition(".")[0] for name in node.names}
        elif isinstance(node, ast.Return):
            runs = False
        waiting.extend(ast.iter_child_nodes(node))
    return frozenset(taken - defined), frozenset(defined), runs


def _name_cells(notebook) -> None:
    """Every cell has an identity of its own; the release's stay."""
    taken = {cell.id for cell in notebook.cells if cell.metadata.get("nbgrader") and "id" in cell}
    seen = set()
    for number, cell in enumerate(notebook.cells):
        marked = bool(cell.metadata.get("nbgrader"))
        if cell.get("id") is None or cell.id in seen or not marked and cell.id in taken:
            name = f"cell-{number}"
            while name in seen or name in taken:
                name += "-x"
            cell.id = name
        seen.add(cell.id)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"
