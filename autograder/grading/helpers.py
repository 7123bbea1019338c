"""Modules that the instructor put beside a notebook (`helpers.py`): test cells import them here, on the trusted side.

They come from the instructor's own files as text, and are loaded from memory: no folder that a submission could have
written to is ever searched. Each submission gets modules of its own, so that nothing of one is left for the next.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import importlib.abc
import importlib.machinery
import importlib.util
import sys
from typing import Iterator, Mapping

from . import needs

OURS = ("autograder", "course_lib", "nbgrader")          # never hidden by a file of the same name


def texts(files: Mapping[str, bytes]) -> dict[str, str]:
    """Dotted name of a module → its text, of the Python files among an instructor's files; "" for a folder of them.

    >>> texts({"helpers.py": b"K = 3", "pack/tests.py": b"", "data.csv": b"1"})
    {'helpers': 'K = 3', 'pack.tests': '', 'pack': ''}
    """
    found, folders = {}, {}
    for name, content in files.items():
        parts = name.replace("\\", "/").removesuffix(".py").split("/")
        if not name.endswith(".py") or not all(part.isidentifier() for part in parts) or parts[0] in OURS:
            continue
        with contextlib.suppress(UnicodeDecodeError, SyntaxError):
            module = parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts
            found[".".join(module)] = importlib.util.decode_source(content)
            folders.update({".".join(parts[:depth]): "" for depth in range(1, len(parts))})
    return {**found, **{name: "" for name in folders if name not in found}}


class Helpers(importlib.abc.InspectLoader):
    """Finds and loads an instructor's modules, for as long as `importable` says; what they hold lives as long as this object."""

    def __init__(self, given: Mapping[str, str]):
        self.given, self.loaded, self.depth = dict(given), {}, 0
        self.trees = {name: _parsed(text) for name, text in self.given.items()}

    # ---- Python's protocol of a finder and a loader

    def find_spec(self, name, path=None, target=None):
        if name not in self.given:
            return None
        spec = importlib.machinery.ModuleSpec(name, self, origin=_file(name), is_package=self.is_package(name))
        spec.has_location = True                         # a name without a folder: `Path(__file__).parent` is where the data files lie
        return spec

    def is_package(self, name):
        return any(other.startswith(f"{name}.") for other in self.given)

    def get_source(self, name):
        return self.given[name]

    def get_code(self, name):
        return compile(self.given[name], _file(name), "exec", dont_inherit=True)

    @contextlib.contextmanager
    def importable(self) -> Iterator[None]:
        """What these modules are called means them, here and now; afterwards all is as it was."""
        if self.depth or not self.given:
            yield
            return
        self.depth += 1
        hidden = {name: sys.modules.pop(name) for name in self.given if name in sys.modules}
        sys.modules.update(self.loaded)
        sys.meta_path.insert(0, self)
        try:
            yield
        finally:
            sys.meta_path.remove(self)
            self.loaded = {name: sys.modules.pop(name) for name in self.given if name in sys.modules}
            sys.modules.update(hidden)
            self.depth -= 1

    # ---- what cannot be imported here

    def reason(self, tree: ast.AST) -> str | None:
        """Why what a cell imports has to be imported in the student's interpreter, as the end of "This cell …"; None where it need not."""
        return next((why for module in imported(tree) if (why := self._why(module, set()))), None)

    def _why(self, module: str, seen: set[str]) -> str | None:
        top = module.split(".")[0]
        if top not in self.given:
            return None if not top or installed(top) else f"imports {top}, which is not there where the tests are judged"
        if top in sys.stdlib_module_names:
            return f"imports {top}.py, which has the name of a module of Python's own"
        for name in [name for name in self.given if name not in seen and f"{module}.".startswith(f"{name}.")]:
            seen.add(name)
            if self.trees[name] is None:
                return f"imports {_file(name)}, which is no Python"
            if why := needs.interpreter(self.trees[name]):
                return f"imports {_file(name)}, which {why}"
            for other in imported(self.trees[name], f"{name}.__init__" if self.is_package(name) else name):
                if why := self._why(other, seen):
                    return why
        return None


def imported(tree: ast.AST, here: str = "") -> list[str]:
    """The dotted names that a cell, or the module called `here`, imports; what it only tries to import is left out."""
    found, waiting = [], [tree]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and (here or not node.level):
            around = ".".join(here.split(".")[:-node.level]) if node.level else ""
            module = ".".join(filter(None, (around, node.module)))
            found += [f"{module}.{alias.name}" for alias in node.names]
        elif not isinstance(node, (ast.Try, ast.TryStar)):
            waiting += ast.iter_child_nodes(node)
    return found


def _file(name: str) -> str:
    return f"{name.replace('.', '/')}.py"


@functools.lru_cache(maxsize=1000)
def installed(top: str) -> bool:
    """Whether this side has a module of that name, without loading it."""
    try:
        return top in sys.modules or importlib.util.find_spec(top) is not None
    except (ImportError, ValueError):
        return False


def _parsed(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
