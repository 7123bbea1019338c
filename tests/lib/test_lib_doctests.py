"""Every example in the docstrings of the ground floor runs and shows what it says."""

import doctest
from importlib import import_module

import pytest

MODULES = {
    "course_lib": 1,
    "course_lib.backend": 4,
    "course_lib.checks": 4,
    "course_lib.activations": 8,
    "course_lib.perceptron": 4,
    "course_lib.hand_table.table": 3,
    "course_lib.hand_table.report": 1,
}


@pytest.mark.parametrize("name, at_least", MODULES.items(), ids=MODULES)
def test_examples_run(name, at_least):
    result = doctest.testmod(import_module(name))
    assert result.failed == 0
    assert result.attempted >= at_least
