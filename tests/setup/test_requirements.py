"""What is missing is never passed over in silence."""

import pytest

from requirements import require


def test_what_is_missing_skips_on_a_users_machine(monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="install it"):
        require(None, "install it")


def test_what_is_missing_fails_in_ci(monkeypatch):
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="install it"):
        require(False, "install it")


def test_what_is_there_goes_on(monkeypatch):
    monkeypatch.setenv("CI", "true")
    require("/usr/bin/chromium", "never said")
