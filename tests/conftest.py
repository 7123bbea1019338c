"""Fixtures for every folder of tests."""

from __future__ import annotations

import pytest

import requirements


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
