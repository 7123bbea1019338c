"""The set-up says in a sentence what it lacks, and finds the newest Python that will do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from labserver import CHECKOUT

TOOLS = ("sh", "dirname", "cksum", "cat")


@pytest.fixture
def machine(tmp_path):
    """A checkout's set-up files and a PATH with a shell's tools and nothing else: `machine.python(name, code)` adds a Python."""
    return Machine(tmp_path)


class Machine:
    def __init__(self, folder: Path):
        self.checkout, self.bin = folder / "a checkout", folder / "bin"
        (self.checkout / "autograder").mkdir(parents=True)
        self.bin.mkdir()
        for name in ("autograder/bootstrap.sh", "pyproject.toml", "constraints.txt", "Makefile"):
            shutil.copy(CHECKOUT / name, self.checkout / name)
        for tool in TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool))

    def python(self, name: str, code: str) -> None:
        """A Python that is a shell script: it sees its arguments as $1, $2 …"""
        place = self.bin / name
        place.write_text(f"#!/bin/sh\n{code}\n")
        place.chmod(0o755)

    def set_up(self, *arguments: str, **more: str) -> subprocess.CompletedProcess:
        environment = {"PATH": str(self.bin), "HOME": str(self.checkout), **more}
        return subprocess.run(["sh", "autograder/bootstrap.sh", *arguments], cwd=self.checkout, env=environment, capture_output=True, text=True, timeout=60)


def test_a_python_too_old_is_named_with_what_is_needed(machine):
    machine.python("python3", "echo Python 3.9.18")
    said = machine.set_up()
    assert said.returncode == 2
    assert "Python 3.11 or newer is needed; found python3 is 3.9, which is too old." in said.stderr
    assert "apt install python3.11" in said.stderr and not (machine.checkout / ".venv").exists()


def test_make_passes_the_sentence_on(machine, require):
    require(shutil.which("make"), "This test needs make.")
    machine.python("python3", "echo Python 3.10.1")
    said = subprocess.run([shutil.which("make"), "lab"], cwd=machine.checkout, env={"PATH": str(machine.bin)}, capture_output=True, text=True, timeout=60)
    assert said.returncode == 2 and "found python3 is 3.10, which is too old" in said.stderr


def test_no_python_at_all_is_a_sentence(machine):
    said = machine.set_up()
    assert said.returncode == 2 and "found none." in said.stderr


def test_a_python_that_a_version_manager_only_pretends_is_passed_over(machine):
    machine.python("python3.14", "echo 'command not found' >&2; exit 127")
    machine.python("python3.11", "case $1 in --version) echo Python 3.11.2;; *) exit 1;; esac")
    said = machine.set_up()
    assert "python3.11 cannot make a virtual environment" in said.stderr


def test_the_newest_python_is_chosen_and_a_named_one_before_it(machine):
    for minor in (11, 12):
        machine.python(f"python3.{minor}", f"case $1 in --version) echo Python 3.{minor}.0;; *) exit 1;; esac")
    assert "python3.12 cannot make" in machine.set_up().stderr
    assert "python3.11 cannot make" in machine.set_up(PYTHON="python3.11").stderr


def test_a_python_without_its_venv_part_says_which_package_to_install(machine):
    machine.python("python3", "case $1 in --version) echo Python 3.12.3;; *) exit 1;; esac")
    said = machine.set_up()
    assert said.returncode == 2
    assert "its venv part is missing" in said.stderr and "apt install python3.12-venv" in said.stderr


@pytest.mark.process
def test_an_installer_that_cannot_be_fetched_is_a_sentence(machine):
    """pip finds no index here, as on a machine that is offline."""
    machine.python("python3", f'exec "{sys.executable}" "$@"')
    said = machine.set_up(PIP_NO_INDEX="1", PIP_CONFIG_FILE=os.devnull)
    assert said.returncode == 2
    assert "could not be fetched" in said.stderr and "set PIP_INDEX_URL" in said.stderr
    assert not list(machine.checkout.glob(".venv/ready-*")), "an unfinished set-up is not remembered as done"


def test_a_finished_set_up_is_not_done_again(machine):
    """Remembered for these pins and this folder; not for others."""
    venv = machine.checkout / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin/python").symlink_to(sys.executable)
    names = ["pyproject.toml", "constraints.txt", "autograder/bootstrap.sh"]
    sums = subprocess.run(["cksum", *names], cwd=machine.checkout, capture_output=True, text=True, check=True).stdout
    (venv / "ready-dev").write_text(f"{sums}{machine.checkout}\n")
    assert machine.set_up().returncode == 0, "what the tests need contains what the course needs"
    assert machine.set_up("dev").returncode == 0
    with (machine.checkout / "constraints.txt").open("a") as file:
        file.write("new==1\n")
    assert machine.set_up().returncode == 2
