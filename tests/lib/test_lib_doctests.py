"""Every example in the docstrings of the ground floor and the training core runs and shows what it says."""

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
    "course_lib.passes": 4,
    "course_lib.parameters": 1,
    "course_lib.initializers": 7,
    "course_lib.losses.classes": 6,
    "course_lib.losses.regression": 2,
    "course_lib.losses.survival": 4,
    "course_lib.losses.sums": 2,
    "course_lib.layers.dense": 3,
    "course_lib.layers.dropout": 3,
    "course_lib.layers.normalization": 3,
    "course_lib.layers.convolution": 3,
    "course_lib.layers.pooling": 3,
    "course_lib.layers.windows": 2,
    "course_lib.network": 4,
    "course_lib.schedules": 8,
    "course_lib.optimizers.sgd": 2,
    "course_lib.optimizers.adaptive": 6,
    "course_lib.regularizers.penalties": 4,
    "course_lib.regularizers.shrinkage": 3,
    "course_lib.training.loop": 7,
    "course_lib.gradcheck.numerical": 1,
    "course_lib.gradcheck.check": 3,
}


@pytest.mark.parametrize("name, at_least", MODULES.items(), ids=MODULES)
def test_examples_run(name, at_least):
    result = doctest.testmod(import_module(name))
    assert result.failed == 0
    assert result.attempted >= at_least
