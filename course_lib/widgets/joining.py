"""Several ES modules as one text: a notebook loads a figure as a single string, which has no neighbours to import from.

Each module becomes a function that is called once and hands out what it exports; whoever imports it comes after it. So
the same files run as they are in Node and on a web page, and joined in a notebook, and each of them is there once.
Understood is how the figures are written: imports and exports at the beginning of a line, exported names that are not
assigned to again.
"""

from __future__ import annotations

import re
from pathlib import Path

_FROM = r"""(?:from\s*)?["'](?P<path>\.{1,2}/[^"']+)["'];?"""
_IMPORT = re.compile(rf"^import\s+(?P<what>(?:[\w$]+\s*,?\s*)?(?:\{{[^}}]*\}}|\*\s*as\s+[\w$]+)?)\s*{_FROM}", re.MULTILINE)
_PASSED_ON = re.compile(rf"^export\s*(?P<what>\{{[^}}]*\}})\s*{_FROM}", re.MULTILINE)
_LISTED = re.compile(r"^export\s*(?P<what>\{[^}]*\});?", re.MULTILINE)
_DECLARED = re.compile(r"^export\s+(?P<kind>const|class|function\*?|async\s+function\*?)\s+(?P<name>[\w$]+)", re.MULTILINE)
_SECOND = re.compile(r"^export\s+const\s+[\w$]+\s*=[^;\n]*?,\s*(?P<name>[\w$]+)\s*=(?![=>])", re.MULTILINE)
_DEFAULT = re.compile(r"^export\s+default\s+", re.MULTILINE)
_LEFT = re.compile(r"^\s*(?:export\s|import\s*[{\"'*\w$]).*", re.MULTILINE)


def joined(entry: Path) -> str:
    """The module at `entry` and all that it imports, as one module with the entry's exports.

    Raises `FileNotFoundError` for an import that is not there, `ValueError` for modules that import each other in a
    circle and for an import or export of another form.
    """
    names: dict[Path, str] = {}  # in the order in which they must run
    parts: list[str] = []
    exports = _add(entry.resolve(), (), names, parts)
    last = names[entry.resolve()]
    handed_on = [name for name in exports if name != "default"]
    if handed_on:
        parts.append(f"export const {{ {', '.join(handed_on)} }} = {last};")
    if "default" in exports:
        parts.append(f"export default {last}.default;")
    return "\n".join(parts) + "\n"


def _add(path: Path, importers: tuple[Path, ...], names: dict, parts: list) -> list[str]:
    """Append the module's function, after those that it imports; the names that it exports."""
    if path in importers:
        circle = " → ".join(module.name for module in (*importers[importers.index(path) :], path))
        raise ValueError(f"These modules import each other in a circle: {circle}. Move what both need into a third.")
    if path in names:
        return []
    if not path.is_file():
        raise FileNotFoundError(f"{importers[-1].name if importers else 'The caller'} imports {path}, which is not there.")
    text = path.read_text(encoding="utf-8")
    for second in _SECOND.finditer(text):
        if _at_top(second.group()):
            raise ValueError(f"{path.name} exports {second['name']} in the same statement as another: give each its own `export const`.")
    exported: dict[str, str] = {}  # name outside: name inside

    def module(found: re.Match) -> str:
        neighbour = (path.parent / found["path"]).resolve()
        _add(neighbour, (*importers, path), names, parts)
        return names[neighbour]

    def imported(found: re.Match) -> str:
        other, what = module(found), found["what"].strip()
        default, _, rest = what.partition("{") if "{" in what else (what, "", "")
        default, lines = default.strip().rstrip(",").strip(), []
        if default.startswith("*"):
            lines.append(f"const {default.split()[-1]} = {other};")
        elif default:
            lines.append(f"const {default} = {other}.default;")
        if rest:
            lines.append(f"const {{ {_renamed(rest.rstrip('}'), ': ')} }} = {other};")
        return " ".join(lines)

    def passed_on(found: re.Match) -> str:
        other = module(found)
        exported.update({outside: f"{other}.{inside}" for inside, outside in _pairs(found["what"])})
        return ""

    def listed(found: re.Match) -> str:
        exported.update({outside: inside for inside, outside in _pairs(found["what"])})
        return ""

    def declared(found: re.Match) -> str:
        exported[found["name"]] = found["name"]
        return f"{found['kind']} {found['name']}"

    def default(found: re.Match) -> str:
        exported["default"] = "default_"
        return "const default_ = "

    for form, replaced in ((_PASSED_ON, passed_on), (_IMPORT, imported), (_LISTED, listed), (_DECLARED, declared), (_DEFAULT, default)):
        text = form.sub(replaced, text)
    if left := _LEFT.search(text):
        raise ValueError(f"{path.name} has an import or export that cannot be joined: {left.group().strip()[:80]}")
    names[path] = f"module{len(names)}"
    handed = ", ".join(outside if outside == inside else f"{outside}: {inside}" for outside, inside in exported.items())
    parts.append(f"// {path.name}\nconst {names[path]} = (() => {{\n{text.strip()}\nreturn {{ {handed} }};\n}})();")
    return list(exported)


def _at_top(text: str) -> bool:
    """Does `text` end outside of all brackets?"""
    return all(text.count(left) == text.count(right) for left, right in ("()", "[]", "{}"))


def _pairs(listed: str) -> list[tuple[str, str]]:
    """`{ a, b as c }` as [(a, a), (b, c)]."""
    each = [part.split() for part in listed.strip("{} \n").split(",") if part.strip()]
    return [(words[0], words[-1]) for words in each]


def _renamed(listed: str, mark: str) -> str:
    return ", ".join(a if a == c else f"{a}{mark}{c}" for a, c in _pairs(listed))
