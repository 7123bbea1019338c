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
    "grading": ("mistakes", "submissions", "variants", "conventions", "network", "autodiff", "optimizers", "regularization", "firstaid", "reporting", "intake"),
    "lib": ("results_by_hand", "results_training", "torch", "gradients", "hand_table", "optimizers", "training", "elsewhere", "elsewhere_autodiff", "ground_floor"),
    "notebooks": ("lectures", "clinic", "regularization", "net"),
}


def pytest_addoption(parser):
    parser.addoption("--quick", action="store_true", help="leave out what goes through whole catalogues or trains for many seconds")


def pytest_ignore_collect(collection_path, config):
    folder = collection_path.parent.name
    thorough = {f"test_{folder}_{name}.py" for name in THOROUGH.get(folder, ())}
    return True if config.getoption("--quick") and collection_path.name in thorough else None
