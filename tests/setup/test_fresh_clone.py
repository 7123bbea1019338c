"""The first command of the README, on a fresh clone, as whoever runs this test: make, Python and nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from labserver import CHECKOUT, running_lab

pytestmark = [pytest.mark.slow, pytest.mark.fresh]

FIRST_START = 120  # seconds: the promise of the README, set-up included
SECOND_START = 60  # three to ten seconds where nothing else runs; the rest is room for a machine that is busy


@pytest.fixture(scope="module")
def clone(tmp_path_factory, require) -> Path:
    require((CHECKOUT / ".git").exists() and shutil.which("git"), "A fresh clone is made from a git checkout: run this in a clone.")
    target = tmp_path_factory.mktemp("fresh") / "a fresh clone"
    subprocess.run(["git", "clone", "--quiet", str(CHECKOUT), str(target)], check=True)
    return target


def start(clone: Path) -> float:
    """Seconds from `make lab` until the lecture's page has arrived."""
    nothing_of_ours = {"PYTHONPATH": "", "VIRTUAL_ENV": "", "PATH": without_environments(os.environ["PATH"])}
    begun = time.monotonic()
    with running_lab(clone, command=["make", "lab", "ARGS=--no-browser"], patience=FIRST_START, **nothing_of_ours) as lab:
        with urlopen(lab.url, timeout=60) as answer:
            assert answer.status == 200 and "/lab/tree/notebooks/L" in lab.url
        return time.monotonic() - begun


def without_environments(path: str) -> str:
    return os.pathsep.join(folder for folder in path.split(os.pathsep) if not (Path(folder).parent / "pyvenv.cfg").exists())


def test_make_lab_shows_the_first_lecture_and_the_second_time_in_seconds(clone):
    first = start(clone)
    done = (clone / ".venv/ready-course").stat().st_mtime_ns
    second = start(clone)
    print(f"first start {first:.0f} s, second start {second:.0f} s")
    assert first < FIRST_START
    assert second < SECOND_START
    assert (clone / ".venv/ready-course").stat().st_mtime_ns == done, "set-up is not done again"


def test_it_touched_only_what_git_ignores(clone):
    said = subprocess.run(["git", "status", "--porcelain"], cwd=clone, capture_output=True, text=True, check=True)
    assert said.stdout == ""


def test_its_doctor_finds_everything_needed(clone):
    said = subprocess.run([clone / ".venv/bin/course", "doctor"], cwd=clone, capture_output=True, text=True)
    assert said.returncode == 0, said.stdout


def test_its_grade_command_answers_in_the_course_root(clone):
    """The entry point and the course root that `make lab` made belong together."""
    said = subprocess.run([clone / ".venv/bin/course", "build", "A10"], cwd=clone, capture_output=True, text=True)
    assert said.returncode == 2 and "A1" in said.stderr and "Traceback" not in said.stderr
