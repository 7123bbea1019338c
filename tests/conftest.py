"""Fixtures for every folder of tests."""

from __future__ import annotations

import pytest

import requirements


@pytest.fixture(scope="session")
def require():
    """`require(condition, reason)`: skip on a user's machine, fail where CI=true."""
    return requirements.require
