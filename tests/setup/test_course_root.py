"""A course root is made once, completed when it lacks something, and never overwritten."""

from __future__ import annotations

import stat
import tomllib
from pathlib import Path

import pytest

from autograder import course_root
from autograder.course_root import find_course_root, make_course_root, settings
from autograder.errors import CourseError


@pytest.fixture
def root(tmp_path):
    return make_course_root(tmp_path / "a course")


@pytest.fixture(autouse=True)
def nowhere(monkeypatch, tmp_path):
    """No course root is named, and none is found by accident."""
    monkeypatch.delenv("COURSE_DIR", raising=False)
    monkeypatch.setattr(course_root, "CHECKOUT", tmp_path / "checkout")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_root_has_what_nbgrader_and_the_grader_need(root):
    assert (root / "nbgrader_config.py").is_file() and (root / "source").is_dir()
    assert settings(root).exchange == root / "exchange" and settings(root).exchange.is_dir()
    assert settings(root).homework.is_dir()


def test_only_its_owner_enters_and_reads_the_key(root):
    assert mode(root) == mode(root / "exchange") == 0o700
    assert mode(root / "secret.key") == 0o600
    assert len(bytes.fromhex((root / "secret.key").read_text())) == 32


def test_two_roots_have_two_keys(tmp_path):
    one, other = make_course_root(tmp_path / "1"), make_course_root(tmp_path / "2")
    assert (one / "secret.key").read_text() != (other / "secret.key").read_text()


def test_what_a_user_changed_stays(root):
    key = (root / "secret.key").read_text()
    (root / "nbgrader_config.py").write_text("c = get_config()  # mine\n")
    (root / "course.toml").write_text('course_id = "mine"\nexchange = "elsewhere"\nhomework = "hw"\n')
    make_course_root(root)
    assert "# mine" in (root / "nbgrader_config.py").read_text()
    assert settings(root).course_id == "mine" and (root / "elsewhere").is_dir()
    assert (root / "secret.key").read_text() == key


def test_what_is_missing_comes_back(root):
    (root / "exchange").rmdir()
    (root / "nbgrader_config.py").unlink()
    make_course_root(root)
    assert (root / "exchange").is_dir() and (root / "nbgrader_config.py").is_file()


def test_a_shared_exchange_is_open_to_all_and_remembered(root, tmp_path):
    shared = tmp_path / 'the "class"'
    make_course_root(root, shared)
    assert mode(shared) == 0o1777
    make_course_root(root)
    assert settings(root).exchange == shared
    values = tomllib.loads((root / "course.toml").read_text())
    assert values["course_id"] == "neural-networks", "the other settings stay"


def test_an_exchange_that_is_a_file_is_a_sentence(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(CourseError, match="is a file, not a folder. Move it away"):
        make_course_root(tmp_path / "root", tmp_path / "file")


def test_an_exchange_that_cannot_be_written_is_a_sentence(root, monkeypatch):
    monkeypatch.setattr(course_root.os, "access", lambda *_: False)  # root may write everywhere, so the answer is given here
    with pytest.raises(CourseError, match="cannot be written by you .* chmod ugo.rwx"):
        make_course_root(root)


def test_a_folder_with_other_things_is_left_alone(tmp_path):
    (tmp_path / "letters.txt").touch()
    with pytest.raises(CourseError, match="name an empty or a new folder"):
        make_course_root(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["letters.txt"]


def test_a_root_below_a_file_is_a_sentence(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(CourseError, match="cannot be made"):
        make_course_root(tmp_path / "file" / "course")


def test_the_root_is_found_by_name_by_environment_and_by_place(root, monkeypatch, tmp_path):
    assert find_course_root(root) == root
    monkeypatch.chdir(root / "source")
    assert find_course_root() == root
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COURSE_DIR", str(root))
    assert find_course_root() == root


def test_the_folder_called_course_is_found_from_beside_and_below(tmp_path, monkeypatch):
    root = make_course_root(tmp_path / "course")
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    assert find_course_root() == root


@pytest.mark.parametrize("make, says", [(lambda p: None, "is no folder"), (lambda p: p.mkdir(), "has no nbgrader_config.py")])
def test_a_course_root_that_is_none_is_a_sentence(tmp_path, make, says):
    make(tmp_path / "x")
    with pytest.raises(CourseError, match=f"is not a course root: it {says}"):
        find_course_root(tmp_path / "x")


def test_no_course_root_at_all_says_how_to_get_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CourseError, match="`make lab` makes one"):
        find_course_root()


@pytest.mark.parametrize("text, says", [("course_id = ", "cannot be read"), ('course_id = "x"\nexchange = "e"\n', "'homework'"), ('course_id = "x"\nexchange = 3\nhomework = "h"\n', "must give")])
def test_settings_that_cannot_be_read_are_a_sentence(root, text, says):
    (root / "course.toml").write_text(text)
    with pytest.raises(CourseError, match=says):
        settings(root)
