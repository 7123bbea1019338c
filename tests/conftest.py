"""Fixtures for every folder of tests."""

from __future__ import annotations

import os

import pytest

import requirements

if not os.environ.get("CI"):       # a user's machine may have no isolation to offer: there the tests grade without, in CI they fail
    os.environ.setdefault("COURSE_ACCEPT_ISOLATION", "C")


@pytest.fixture(scope="session")
def require():
    """`require(condition, reason)`: skip on a user's machine, fail where CI=true."""
    return requirements.require


# What goes through whole catalogues or trains for many seconds; `make test-quick` leaves it to `make test`.
THOROUGH = {
    "tests": ("notebooks", "benchmarks"),
    "grading": ("mistakes", "submissions", "variants", "conventions", "network", "autodiff", "optimizers", "regularization", "convolution", "firstaid", "reporting", "intake", "authoring", "receipts",
                "deadlines", "watch", "isolation_layers", "cleaning"),
    "lib": ("results_by_hand", "results_training", "torch", "side_by_side", "gradients", "hand_table", "optimizers", "training", "autodiff", "plots", "elsewhere", "elsewhere_autodiff", "ground_floor"),
}


def pytest_addoption(parser):
    parser.addoption("--quick", action="store_true", help="leave out what goes through whole catalogues or trains for many seconds")


def pytest_ignore_collect(collection_path, config):
    folder = collection_path.parent.name
    thorough = {name if folder == "tests" else f"test_{folder}_{name}.py" for name in THOROUGH.get(folder, ())}
    return True if config.getoption("--quick") and collection_path.name in thorough else None


def pytest_make_parametrize_id(val):
    """A test's name fits on a line: of a long text it holds the beginning. (A whole one may be megabytes, and differ from process to process.)"""
    if isinstance(val, str | bytes) and len(val) > 200:
        start = val[:40] if isinstance(val, str) else val[:40].decode("latin-1")
        return f"{start.encode('unicode_escape').decode()}... {len(val)} long"
    return None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """What shares one costly fixture must stay with one worker: that xdist knows the groups is not taken for granted."""
    if getattr(config.option, "loadgroup", False):
        lost = next((item for item in items if item.get_closest_marker("xdist_group") and "@" not in item.nodeid), None)
        if lost:
            raise pytest.UsageError(f"{lost.nodeid} has lost its group: this pytest and this pytest-xdist do not fit each other.")
