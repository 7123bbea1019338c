"""What a test cannot do without. On a user's machine its absence skips the test and says why; where CI=true it fails it."""

from __future__ import annotations

import os

import pytest


def require(condition: object, reason: str) -> None:
    """Go on where `condition` holds; `reason` says what is missing and what would bring it."""
    if condition:
        return
    if os.environ.get("CI", "").lower() in ("1", "true"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
