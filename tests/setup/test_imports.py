"""What grading leaves out at its start stays out, and is there for who asks for it."""

from __future__ import annotations

import subprocess
import sys

import pytest

GRADING = "from autograder.imports import nbgrader_without_server, skip_slow_formats\nskip_slow_formats()\nnbgrader_without_server()\n"


def printed(source: str) -> str:
    ran = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.mark.parametrize("modules", ["autograder.cli, autograder.grading.executors, autograder.grading.journal, autograder.grading.counting, autograder.grading.show", "autograder.grading.preload, autograder.grading.answers"])
def test_a_grader_and_its_workers_import_no_server_and_no_converter(modules):
    heavy = {"jupyter_server", "jupyterlab", "jupytext", "nbconvert", "tornado.web", "matplotlib", "IPython", "lark", "arrow", "nbgrader.apps", "nbgrader.preprocessors"}
    assert set(printed(f"{GRADING}import sys, {modules}\nprint(*sys.modules)").split()) & heavy == set()


def test_the_extensions_of_the_server_are_there_when_they_are_asked_for():
    assert printed(f"""{GRADING}
import importlib, sys, nbgrader, nbgrader.api
for name in ("assignment_list", "course_list", "validate_assignment", "formgrader"):
    assert f"nbgrader.server_extensions.{{name}}" not in sys.modules, name
    module = importlib.import_module(f"nbgrader.server_extensions.{{name}}")
    assert module.__file__ and getattr(nbgrader.server_extensions, name) is module
    module.load_jupyter_server_extension = lambda app, name=name: print(name, "for", app)
nbgrader._load_jupyter_server_extension("the server")
""").splitlines() == [f"{name} for the server" for name in ("assignment_list", "course_list", "formgrader", "validate_assignment")]


def test_who_has_nbgrader_already_keeps_it_whole():
    assert printed(f"import nbgrader\n{GRADING}print(nbgrader.load_formgrader.__code__.co_filename)").strip().endswith("formgrader.py")
