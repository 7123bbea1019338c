"""What the checks of the sixth notebook share."""

from pathlib import Path

import numpy as np

from material.numbers import tolerance

PIVOTS = (1, 2, 4)
CHECKED = []


def check_sorted(sort):
    CHECKED.append(sort)
    rng = np.random.default_rng(3)
    for size in (0, 1, 7, 30):
        values = rng.integers(0, 50, size).tolist()
        kept = list(values)
        assert sort(values) == sorted(kept), f"{size} numbers are not sorted"
        assert values == kept, "the argument was changed"


def check_stable(sort):
    check_sorted(sort)
    assert sort([2.0, 1, 1.0]) == [1, 1.0, 2.0]


def steps_expected(length):
    return [pivot * length for pivot in PIVOTS]


def close_to(got, expected):
    np.testing.assert_allclose(got, expected, rtol=tolerance)


def check_area(kind):
    for side in range(4):
        close_to(kind(side).area(), side**2)


def mean_word_length():
    words = Path(__file__).parent.joinpath("poem.txt").read_text().split()
    return float(np.mean([len(word) for word in words]))


def share(sort, cases):
    return sum(sort(list(case)) == sorted(case) for case in cases) / len(cases)
