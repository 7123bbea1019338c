"""The command `course` answers mistakes with a sentence and an exit code, and its help is quick."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest

from autograder import cli
from autograder.errors import CourseError
from labserver import CHECKOUT, course


@pytest.fixture(scope="module")
def taken_port():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_an_expected_failure_is_one_line_and_exit_code_2(monkeypatch, capsys):
    def fail():
        raise CourseError("There is no assignment [A9]; did you mean A1?")

    monkeypatch.setattr(cli, "app", fail)
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert stop.value.code == 2
    assert capsys.readouterr().err == "There is no assignment [A9]; did you mean A1?\n"


def test_an_unknown_command_is_answered_with_the_nearest(tmp_path):
    said = course(CHECKOUT, "docter")
    assert said.returncode == 2 and "Did you mean 'doctor'?" in said.stderr


def test_help_loads_nothing_heavy():
    heavy = {"numpy", "nbgrader", "jupyterlab", "matplotlib", "sklearn", "IPython"}
    loaded = subprocess.run([sys.executable, "-c", "import autograder.cli, sys; print(*sys.modules)"], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    assert not heavy & {name.partition(".")[0] for name in loaded.stdout.split()}


def test_the_version_is_told():
    said = course(CHECKOUT, "--version")
    assert said.returncode == 0 and said.stdout.startswith("course ")


def test_a_port_in_use_is_a_sentence_with_a_free_one(taken_port, tmp_path):
    said = course(CHECKOUT, "lab", "--no-browser", "--port", str(taken_port), "--course-dir", str(tmp_path / "course"))
    assert said.returncode == 2
    assert f"Port {taken_port} is in use by another program. Choose another, for example: course lab --port" in said.stderr
    assert "Traceback" not in said.stderr


def test_a_port_that_cannot_be_is_a_sentence(tmp_path):
    said = course(CHECKOUT, "lab", "--no-browser", "--port", "70000", "--course-dir", str(tmp_path / "course"))
    assert said.returncode == 2 and "from 1 to 65535" in said.stderr


def test_an_exchange_that_cannot_be_used_is_a_sentence(tmp_path):
    (tmp_path / "exchange").touch()
    said = course(CHECKOUT, "lab", "--no-browser", "--course-dir", str(tmp_path / "course"), "--shared-exchange", str(tmp_path / "exchange"))
    assert said.returncode == 2 and "is a file, not a folder" in said.stderr


def test_a_course_root_among_other_files_is_a_sentence(tmp_path):
    (tmp_path / "thesis.tex").touch()
    said = course(CHECKOUT, "lab", "--no-browser", "--course-dir", str(tmp_path))
    assert said.returncode == 2 and "name an empty or a new folder" in said.stderr


def test_a_broken_jupyterlab_is_a_sentence_that_points_to_the_doctor(tmp_path):
    (tmp_path / "jupyterlab.py").write_text("raise ImportError('half an upgrade')")
    said = course(CHECKOUT, "lab", "--no-browser", "--course-dir", str(tmp_path / "course"), PYTHONPATH=f"{tmp_path}:{CHECKOUT}")
    assert said.returncode == 2 and "half an upgrade. `course doctor` says what is missing." in said.stderr
    assert "Traceback" not in said.stderr
