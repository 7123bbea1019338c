"""What the files of the house promise each other: names, ranges and pins agree; nothing names a package index."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
import unicodedata
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

CHECKOUT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]


def by_name(lines) -> dict:
    return {canonicalize_name(r.name): r for r in map(Requirement, lines)}


def pins() -> dict[str, str]:
    lines = (CHECKOUT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split("==") for line in lines if not line.startswith("#"))


@pytest.fixture(scope="module")
def tracked(require) -> list[Path]:
    """The text files of the repository."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True, text=True)
    require(listed.returncode == 0, "These tests read the files that git tracks: run them in a clone.")
    files = [CHECKOUT / name for name in listed.stdout.split("\0") if name]
    return [file for file in files if file.suffix not in (".png", ".npz", ".woff2", ".ico") and file.is_file()]


def test_conda_and_pip_ask_for_the_same_names_and_ranges():
    environment = yaml.safe_load((CHECKOUT / "environment.yml").read_text(encoding="utf-8"))
    assert set(environment) == {"name", "channels", "dependencies"}
    assert environment["name"] == PROJECT["name"]
    *named, with_pip = environment["dependencies"]
    conda = by_name(named)
    assert conda.pop("python").specifier == Requirement("python" + PROJECT["requires-python"]).specifier
    assert not conda.pop("pip").specifier
    ours = by_name(PROJECT["dependencies"])
    assert {name: r.specifier for name, r in conda.items()} == {name: r.specifier for name, r in ours.items()}
    # pip installs this checkout and nothing else, and everything it requires is in the list above.
    assert with_pip == {"pip": ["--editable ."]}


def test_the_core_stays_small():
    """The families that the design names, and three more; a new one is a decision, not a side effect.

    bleach: what a submission shows is cleaned before anybody's browser opens it; nbconvert brings it along anyway.
    latex2mathml: feedback shows its formulas without a network, and as text.
    rapidfuzz: a cell that lost its marks is recognised by its text, also where somebody made that slow to compare.
    """
    core = {"bleach", "latex2mathml", "rapidfuzz", "numpy", "matplotlib", "ipywidgets", "anywidget", "jupyterlab", "nbgrader", "jupytext", "typer", "rich", "scikit-learn"}
    assert set(by_name(PROJECT["dependencies"])) == core
    assert set(EXTRAS) == {"gpu", "cluster", "postgresql", "similarity", "site", "dev"}


def test_constraints_are_plain_sorted_pins():
    lines = [line for line in (CHECKOUT / "constraints.txt").read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r"[a-z0-9-]+==[0-9][A-Za-z0-9.+]*", line) for line in lines)
    assert lines == sorted(lines) and len(pins()) == len(lines)


def test_every_named_range_admits_its_pin():
    for requirement in by_name([*PROJECT["dependencies"], *sum(EXTRAS.values(), [])]).values():
        assert requirement.specifier.contains(Version(pins()[canonicalize_name(requirement.name)])), requirement


def test_constraints_pin_all_that_the_course_and_its_tests_pull_in():
    """Followed through what is installed here: no package of the tree without a pin, no pin outside a range."""
    waiting, seen = [*map(Requirement, PROJECT["dependencies"] + EXTRAS["dev"])], set()
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        assert name in pins(), f"{name} has no pin"
        assert requirement.specifier.contains(pins()[name]), f"the pin of {name} is outside {requirement.specifier}"
        for line in metadata.requires(name) or () if (name, *requirement.extras) not in seen else ():
            child = Requirement(line)
            if child.marker is None or any(child.marker.evaluate({"extra": extra}) for extra in ("", *requirement.extras)):
                waiting.append(child)
        seen.add((name, *requirement.extras))
    assert len(seen) > 100  # the tree, not its first row


@pytest.mark.slow
def test_the_pins_are_what_the_ranges_resolve_to(require):
    """For every platform and every Python from 3.11 on, all extras included: this is conda's pip part resolved, too."""
    uv = Path(sys.executable).with_name("uv")
    require(uv.is_file(), "This test needs the environment that make test sets up.")
    command = [uv, "pip", "compile", "pyproject.toml", "--all-extras", "--universal", "--fork-strategy", "fewest",
               "--constraint", "constraints.txt", "--no-header", "--no-annotate", "--quiet"]
    said = subprocess.run(command, cwd=CHECKOUT, env={"UV_SYSTEM_CERTS": "1", **os.environ}, capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    assert dict(line.partition(" ;")[0].strip().split("==") for line in said.stdout.splitlines()) == pins()


def test_the_licence_is_bsd_3_clause():
    text = (CHECKOUT / "LICENSE").read_text(encoding="utf-8")
    assert PROJECT["license"] == "BSD-3-Clause" and "the course developers" in text
    assert "Redistributions in binary form" in text and "Neither the name" in text


def test_no_file_names_a_package_index(tracked):
    hosts = "|".join(["py" + "pi.", "python" + "hosted", "anaconda" + ".(?:org|com)", "conda-forge" + ".org", "registry.npm" + "js"])
    options = "|".join("--" + name for name in ("index" + "-url", "extra-index" + "-url", "find" + "-links"))
    address = re.compile(rf"https?://[^\s\"')]*(?:{hosts})|(?:{options})[ =]", re.I)
    # npm writes its registry into a lock file by itself; everything else is ours.
    found = [f"{file.relative_to(CHECKOUT)}: {hit.group()}" for file in tracked if file.name != "package-lock.json" for hit in address.finditer(file.read_text(encoding="utf-8"))]
    assert not found


def test_notebooks_are_kept_without_outputs(tracked):
    for file in tracked:
        if file.suffix != ".ipynb":
            continue
        notebook = json.loads(file.read_text(encoding="utf-8"))
        code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code), file
        assert notebook["metadata"]["kernelspec"]["name"] == "python3", f"{file} would open with a kernel dialog"


def test_text_is_in_latin_letters_and_the_greek_of_formulas(tracked):
    for file in tracked:
        strange = {c for c in file.read_text(encoding="utf-8") if c.isalpha() and not re.match("LATIN|GREEK|MATHEMATICAL|SCRIPT|DOUBLE-STRUCK|MODIFIER|SUBSCRIPT|SUPERSCRIPT|BLACK-LETTER|FEMININE|MASCULINE|MICRO|PLANCK", unicodedata.name(c, ""))}
        assert not strange, f"{file.relative_to(CHECKOUT)}: {strange}"


def test_the_readme_begins_with_the_two_commands_and_names_only_commands_that_exist():
    from autograder.cli import app

    text = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^make [a-z-]+", text, re.M)[:2] == ["make lab", "make test"]
    blocks = "\n".join(re.findall(r"```\n(.*?)```", text, re.S))
    named = set(re.findall(r"^(?:\.venv\\Scripts\\)?course ([a-z]+)", blocks, re.M)) | set(re.findall(r"`course ([a-z]+)", text))
    assert named <= {command.name or command.callback.__name__ for command in app.registered_commands}
    targets = set(re.findall(r"^([a-z-]+):", (CHECKOUT / "Makefile").read_text(encoding="utf-8"), re.M))
    assert set(re.findall(r"^make ([a-z-]+)", blocks, re.M)) <= targets
