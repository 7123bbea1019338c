"""What other packages import along the way and nothing here uses, left out: it takes longer than grading a submission."""

from __future__ import annotations

import importlib
import sys
import types

FORMATS = ("rfc3987_syntax", "rfc3986_validator", "isoduration")
SERVER_EXTENSIONS = tuple(f"nbgrader.server_extensions.{name}" for name in ("assignment_list", "course_list", "validate_assignment", "formgrader"))


def skip_slow_formats() -> None:
    """Let jsonschema go without its checks of web addresses and durations, which nothing here asks for.

    Importing the first reads a grammar for three seconds of a processor's time, nearly half of the server's start.
    jsonschema does the same by itself where the packages are not installed.
    """
    for name in FORMATS:
        sys.modules.setdefault(name, None)


def nbgrader_without_server() -> None:
    """Import nbgrader, but not the Jupyter server and the commands that every part of it would bring along.

    Its extensions of the server are imported when they are asked for, as ever, and then work.
    """
    if "nbgrader" in sys.modules:
        return
    waiting = {name: _extension(name) for name in SERVER_EXTENSIONS if name not in sys.modules}
    sys.modules.update(waiting)
    try:
        importlib.import_module("nbgrader")
    finally:
        for name in waiting:
            del sys.modules[name]


def _extension(name: str) -> types.ModuleType:
    """Stands in for an extension's module while nbgrader asks it for the one function."""
    def load_jupyter_server_extension(app):
        importlib.import_module(name).load_jupyter_server_extension(app)

    module = types.ModuleType(name)
    module.load_jupyter_server_extension = load_jupyter_server_extension
    return module
