"""`course doctor`: what is there, what is missing, what to do about it.

Each check looks at one part and returns findings. It imports what it looks at only while it looks, so that the doctor
still speaks where a package is broken.
"""

from __future__ import annotations

import importlib
import json
import os
import platform
import shutil
import sys
import tomllib
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

from autograder import course_root
from autograder.errors import CourseError
from autograder.imports import skip_slow_formats
from autograder.lab import FOREIGN, environment

OK, MISSING, OPTIONAL = "ok", "missing", "optional"
REINSTALL = "Run make lab again. If that does not help: rm -rf .venv && make lab."


@dataclass(frozen=True)
class Finding:
    """One line of the table: `state` is ok, missing (the course needs it) or optional (it does without)."""

    part: str
    state: str
    found: str
    todo: str = ""


def examine(course_dir: Path | None = None) -> list[Finding]:
    """All findings, in the order of the table. A check that fails is itself a finding."""
    checks = {
        "Python": python,
        "Packages": packages,
        "nbgrader": lambda: extensions(course_dir),
        "Exchange": lambda: exchange(course_dir),
        "Key": lambda: key(course_dir),
        "Decisions": lambda: decided(course_dir),
        "GPU": gpu,
        "Isolation": isolation,
        "Browser": browser,
    }
    findings = []
    for part, check in checks.items():
        try:
            findings += check()
        except Exception as error:  # whatever is broken out there, the other checks go on
            findings.append(Finding(part, MISSING, f"cannot be examined: {type(error).__name__}: {error}", REINSTALL))
    return findings


def healthy(findings: list[Finding]) -> bool:
    return all(finding.state != MISSING for finding in findings)


def python() -> list[Finding]:
    found = f"{platform.python_version()}, {sys.executable}"
    if sys.version_info < (3, 11):
        return [Finding("Python", MISSING, found, "Install Python 3.11 or newer, then: rm -rf .venv && make lab.")]
    return [Finding("Python", OK, found)]


def packages() -> list[Finding]:
    """Each required package is installed in its range and imports; one line where all is well."""
    skip_slow_formats()
    pins, bad, unpinned = pinned_versions(), [], []
    for name, range_ in required_packages().items():
        try:
            version = metadata.version(name)
            importlib.import_module(IMPORTS.get(name, name))
        except metadata.PackageNotFoundError:
            bad.append(Finding("Packages", MISSING, f"{name}{range_} is not installed", REINSTALL))
            continue
        except Exception as error:  # a broken package may raise anything
            bad.append(Finding("Packages", MISSING, f"{name} {version} does not import: {type(error).__name__}: {error}", REINSTALL))
            continue
        if not _in_range(version, range_):
            bad.append(Finding("Packages", MISSING, f"{name} is {version}, needed is {range_}", REINSTALL))
        elif pins.get(name, version) != version:
            unpinned.append(f"{name} {version} (tested with {pins[name]})")
    if bad:
        return bad
    if unpinned:
        return [Finding("Packages", OK, "all there; not at the tested version: " + ", ".join(unpinned))]
    return [Finding("Packages", OK, f"all {len(required_packages())} there, at the tested versions")]


IMPORTS = {"scikit-learn": "sklearn"}


def required_packages() -> dict[str, str]:
    """Name → range of what the course cannot do without, from pyproject.toml or the installed distribution."""
    from packaging.requirements import Requirement

    file = course_root.CHECKOUT / "pyproject.toml"
    if file.is_file():
        lines = tomllib.loads(file.read_text(encoding="utf-8"))["project"]["dependencies"]
    else:
        lines = [line for line in metadata.requires("neural-networks-by-hand") or () if "extra ==" not in line]
    return {requirement.name: str(requirement.specifier) for requirement in map(Requirement, lines)}


def pinned_versions() -> dict[str, str]:
    file = course_root.CHECKOUT / "constraints.txt"
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    return dict(line.split("==") for line in lines if "==" in line and not line.startswith("#"))


def _in_range(version: str, range_: str) -> bool:
    from packaging.specifiers import SpecifierSet

    return SpecifierSet(range_).contains(version, prereleases=True)


SERVER_EXTENSIONS = ("assignment_list", "course_list", "formgrader", "validate_assignment")


def extensions(course_dir: Path | None) -> list[Finding]:
    """nbgrader's parts of the server and of the page, as `course lab` would start them."""
    root = _root_or_none(course_dir) or course_root.CHECKOUT / "course"
    with _environment_of_lab(root):
        from jupyter_core.paths import jupyter_path
        from jupyter_server.extension.config import ExtensionConfigManager
        from jupyter_core.paths import jupyter_config_path
        from jupyterlab_server.config import get_federated_extensions, get_page_config

        enabled = ExtensionConfigManager(read_config_path=jupyter_config_path()).get_jpserver_extensions()
        folders = jupyter_path("labextensions")
        pages = get_federated_extensions(folders)
        disabled = get_page_config(folders).get("disabledExtensions", [])
    importlib.import_module("nbgrader.server_extensions")
    lacking = [name for name in SERVER_EXTENSIONS if not enabled.get(f"nbgrader.server_extensions.{name}")]
    findings = []
    if lacking:
        findings.append(Finding("nbgrader", MISSING, f"server extensions off: {', '.join(lacking)}", f"{sys.executable} -m jupyter server extension enable --sys-prefix --py nbgrader"))
    if "@jupyter/nbgrader" not in pages:
        findings.append(Finding("nbgrader", MISSING, "the panels for JupyterLab are not installed", REINSTALL))
    elif any(str(name).startswith("@jupyter/nbgrader") for name in disabled):
        findings.append(Finding("nbgrader", MISSING, "the panels for JupyterLab are switched off", f"{sys.executable} -m jupyter labextension enable @jupyter/nbgrader"))
    return findings or [Finding("nbgrader", OK, f"{metadata.version('nbgrader')}, server extensions and panels on")]


def exchange(course_dir: Path | None) -> list[Finding]:
    if course_dir is None and not os.environ.get("COURSE_DIR") and _root_or_none(None) is None:
        return [Finding("Exchange", OPTIONAL, "no course root yet", "`course lab` makes one, with a local exchange.")]
    try:
        folder = course_root.settings(course_root.find_course_root(course_dir)).exchange
    except CourseError as error:
        return [Finding("Exchange", MISSING, "no course root", str(error))]
    if (problem := course_root.exchange_problem(folder)):
        return [Finding("Exchange", MISSING, *problem)]
    return [Finding("Exchange", OK, f"{folder}, writable")]


def key(course_dir: Path | None) -> list[Finding]:
    """The secret of the course root, without which no homework is graded."""
    if (root := _root_or_none(course_dir)) is None:
        return []
    try:
        course_root.read_key(root)
    except CourseError as error:
        return [Finding("Key", MISSING, "hidden cases cannot be drawn", str(error))]
    return [Finding("Key", OK, f"{root / course_root.KEY}, closed to others")]


def decided(course_dir: Path | None) -> list[Finding]:
    """The decisions on released questions that grading keeps to, a line for each assignment."""
    if (root := _root_or_none(course_dir)) is None:
        return []
    from autograder.grading import decisions

    try:
        assignments = sorted({decision.assignment for decision in decisions.read(root)})
        in_force = {assignment: decisions.in_force(root, assignment).values() for assignment in assignments}
    except CourseError as error:
        return [Finding("Decisions", MISSING, "nothing can be graded", str(error))]
    return [Finding("Decisions", OK, f"{assignment}: " + ", ".join(f"{decision.question} {decision.decision}" for decision in standing))
            for assignment, standing in in_force.items() if standing]


def gpu() -> list[Finding]:
    """CuPy imports and finds a device."""
    install = "Only for GPU lectures, with an NVIDIA driver: .venv/bin/uv pip install -e '.[gpu]' -c constraints.txt"
    try:
        import cupy

        if (count := cupy.cuda.runtime.getDeviceCount()) < 1:
            return [Finding("GPU", OPTIONAL, "CuPy is installed, no device is seen", "Check the driver: nvidia-smi.")]
        name = cupy.cuda.runtime.getDeviceProperties(0)["name"].decode()
        return [Finding("GPU", OK, f"{name}{f' and {count - 1} more' if count > 1 else ''}, CuPy {cupy.__version__}")]
    except ImportError:
        return [Finding("GPU", OPTIONAL, "none: CuPy is not installed", install)]
    except Exception as error:  # CuPy without a driver raises errors of its own
        return [Finding("GPU", OPTIONAL, f"CuPy finds none: {error}", "Check the driver: nvidia-smi.")]


def isolation() -> list[Finding]:
    """What walls students' code in while it is graded: each layer tried, then the tier that a self-test sees from inside."""
    from autograder.sandbox import landlock, seccomp, tiers
    from autograder.sandbox.isolation import bubblewrap_refusal

    refusal, version = bubblewrap_refusal(), landlock.version()
    try:
        tier = tiers.tested(tiers.at_best())
    except CourseError as error:
        tier = tiers.Tier("C", (str(error),))
    advice = "" if tier.letter == "A" else "Grading a class wants tier A: see the lines above. Lectures and practice need none of it."
    return [
        _layer(not refusal, "bubblewrap works", "bubblewrap is not used", refusal),
        _layer(version, f"Landlock, version {version}", "no Landlock", "Linux 5.13 or newer has it; some need landlock in the kernel's lsm= line."),
        _layer(seccomp.works(), "seccomp filters work", "no seccomp filters", "Linux has them on x86_64 and aarch64; a container's settings may forbid them."),
        _layer(tier.letter == "A", *[f"this machine offers {tier}, tested in {tier.seconds:.1f} s"] * 2, advice),
        *(Finding("Isolation", OPTIONAL, line) for line in tier.lines),
    ]


def _layer(works, there: str, absent: str, todo: str | None) -> Finding:
    return Finding("Isolation", OK, there) if works else Finding("Isolation", OPTIONAL, absent, todo or "")


def browser() -> list[Finding]:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if (place := shutil.which(name)):
            return [Finding("Browser", OK, f"{place}, for the browser tests")]
    return [Finding("Browser", OPTIONAL, "no Chromium, so the browser tests are skipped", "Debian, Ubuntu: apt install chromium. The course itself runs in any browser.")]


def _root_or_none(course_dir: Path | None) -> Path | None:
    try:
        return course_root.find_course_root(course_dir)
    except CourseError:
        return None


@contextmanager
def _environment_of_lab(root: Path):
    before = dict(os.environ)
    os.environ.update(environment(root))
    for name in FOREIGN:
        os.environ.pop(name, None)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


MARKS = {OK: ("✓", "green"), MISSING: ("✗", "red"), OPTIONAL: ("–", "yellow")}


def show(findings: list[Finding]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("", "part", "found", "what to do", title="course doctor", title_justify="left")
    before = None
    for finding in findings:
        mark, colour = MARKS[finding.state]
        part = "" if finding.part == before else finding.part
        table.add_row(Text(mark, colour), part, Text(finding.found), Text(finding.todo))
        before = finding.part
    console = Console()
    console.print(table)
    console.print("Everything needed is there." if healthy(findings) else "Something that the course needs is missing: the lines with ✗.")


def as_json(findings: list[Finding]) -> str:
    return json.dumps({"healthy": healthy(findings), "findings": [asdict(finding) for finding in findings]}, indent=2)
