"""`course doctor` tells the truth about whole and broken environments, and speaks in both."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from autograder import course_root, doctor
from labserver import CHECKOUT, course

PARTS = ["Python", "Packages", "nbgrader", "Exchange", "Key", "GPU", "Isolation", "Browser"]


def forget(monkeypatch, module):
    """Not imported yet, and forgotten again when the test is over: what it imports here is not the real one."""
    monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.delitem(sys.modules, module)


def examined(*options, **environment):
    """`course doctor --json`, in a process of its own."""
    said = course(CHECKOUT, "doctor", "--json", *options, **environment)
    assert "Traceback" not in said.stderr, said.stderr
    return said.returncode, json.loads(said.stdout)


def findings_of(report: dict, part: str) -> list[dict]:
    return [finding for finding in report["findings"] if finding["part"] == part]


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return course_root.make_course_root(tmp_path_factory.mktemp("doctor") / "course")


@pytest.fixture
def broken_package(tmp_path):
    """A folder for PYTHONPATH in which the named package raises on import."""
    def make(name: str, code: str) -> str:
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(code)
        return os.pathsep.join([str(tmp_path), str(CHECKOUT)])
    return make


@pytest.mark.process
def test_a_whole_environment_is_healthy_and_every_part_is_named(root):
    code, report = examined("--course-dir", str(root))
    assert code == 0 and report["healthy"]
    assert list(dict.fromkeys(finding["part"] for finding in report["findings"])) == PARTS
    assert findings_of(report, "Exchange")[0]["found"] == f"{root / 'exchange'}, writable"
    assert all(finding["todo"] for finding in report["findings"] if finding["state"] != "ok"), "what is absent comes with what to do"


@pytest.mark.process
def test_a_broken_nbgrader_is_named_and_the_rest_still_examined(root, broken_package):
    code, report = examined("--course-dir", str(root), PYTHONPATH=broken_package("nbgrader", "raise ImportError('half an upgrade')"))
    assert code == 1 and not report["healthy"]
    assert any("nbgrader" in finding["found"] and "half an upgrade" in finding["found"] for finding in findings_of(report, "Packages"))
    assert findings_of(report, "nbgrader")[0]["state"] == "missing"
    assert findings_of(report, "Exchange")[0]["state"] == "ok" and findings_of(report, "Isolation")


def test_the_table_shows_state_finding_and_remedy(capsys):
    doctor.show([doctor.Finding("Python", "ok", "3.12.1"), doctor.Finding("Exchange", "missing", "it is [gone]", "make it")])
    table = capsys.readouterr().out
    assert all(word in table for word in ("✓", "✗", "Python", "3.12.1", "it is [gone]", "make it", "is missing: the lines with ✗"))


def test_a_missing_exchange_says_what_to_do(tmp_path):
    root = course_root.make_course_root(tmp_path / "course")
    (root / "exchange").rmdir()
    (finding,) = doctor.exchange(root)
    assert finding.state == "missing" and finding.found.endswith("is missing.") and "`course lab` makes it anew" in finding.todo


def test_a_course_root_that_is_none_is_told(tmp_path):
    (finding,) = doctor.exchange(tmp_path)
    assert finding.state == "missing" and "is not a course root" in finding.todo


def test_before_the_first_start_no_course_root_is_needed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COURSE_DIR", raising=False)
    monkeypatch.setattr(course_root, "CHECKOUT", tmp_path)
    (finding,) = doctor.exchange(None)
    assert finding.state == "optional" and "`course lab` makes one" in finding.todo


def test_switched_off_server_extensions_are_named(root, monkeypatch):
    off = {"nbgrader.server_extensions.formgrader": False}
    monkeypatch.setattr("jupyter_server.extension.config.ExtensionConfigManager.get_jpserver_extensions", lambda self: off)
    (finding,) = doctor.extensions(root)
    assert finding.state == "missing" and "formgrader" in finding.found and "server extension enable" in finding.todo


def test_without_chromium_only_the_tests_lack_something(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    (finding,) = doctor.browser()
    assert finding.state == "optional" and "apt install chromium" in finding.todo


def test_a_gpu_is_named(monkeypatch, tmp_path):
    (tmp_path / "cupy.py").write_text(
        "__version__ = '14.2.0'\n"
        "class cuda:\n class runtime:\n"
        "  getDeviceCount = staticmethod(lambda: 2)\n"
        "  getDeviceProperties = staticmethod(lambda i: {'name': b'NVIDIA H200'})\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    forget(monkeypatch, "cupy")
    assert doctor.gpu() == [doctor.Finding("GPU", "ok", "NVIDIA H200 and 1 more, CuPy 14.2.0")]


def test_cupy_without_a_driver_is_an_optional_absence(monkeypatch, tmp_path):
    (tmp_path / "cupy.py").write_text("class cuda:\n class runtime:\n  def getDeviceCount(): raise RuntimeError('no driver')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    forget(monkeypatch, "cupy")
    (finding,) = doctor.gpu()
    assert finding.state == "optional" and "no driver" in finding.found and "nvidia-smi" in finding.todo


def test_a_package_outside_its_range_is_told(monkeypatch):
    monkeypatch.setattr(doctor, "required_packages", lambda: {"rich": ">=14,<16"})
    monkeypatch.setattr(doctor.metadata, "version", lambda name: "1.0.0")
    (finding,) = doctor.packages()
    assert finding.state == "missing" and finding.found.startswith("rich is 1.0.0, needed is >=14,<16") and finding.todo


def test_a_package_that_is_not_installed_is_told(monkeypatch):
    monkeypatch.setattr(doctor, "required_packages", lambda: {"no-such-package": ">=1"})
    (finding,) = doctor.packages()
    assert finding.found == "no-such-package>=1 is not installed"


@pytest.mark.parametrize("letter, state", [("A", "ok"), ("B", "optional"), ("C", "optional")])
def test_the_tier_is_the_self_tests_and_its_lines_are_told(monkeypatch, letter, state):
    from autograder.sandbox import tiers

    lines = () if letter == "A" else ("Student code could use the network.",)
    monkeypatch.setattr(tiers, "tested", lambda asked: tiers.Tier(letter, lines, .5))
    findings = doctor.isolation()
    assert (findings[3].state, findings[3].found) == (state, f"this machine offers isolation tier {letter}, tested in 0.5 s")
    assert [finding.found for finding in findings[4:]] == list(lines)
    assert doctor.healthy(findings), "lectures and practice need no sandbox"


def test_a_check_that_fails_is_itself_a_finding(monkeypatch):
    for name in ("packages", "extensions", "gpu", "isolation"):
        monkeypatch.setattr(doctor, name, lambda *_: [])
    monkeypatch.setattr(doctor, "browser", lambda: 1 / 0)
    last = doctor.examine(Path("/nowhere"))[-1]
    assert (last.part, last.state) == ("Browser", "missing") and "division by zero" in last.found
