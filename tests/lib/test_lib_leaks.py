"""Leaks: each makes the report better than the truth, none makes the truth better, and the search for them finds them."""

import numpy as np
import pytest

from course_lib.data import breast_cancer
from course_lib.leaks import LEAKS, alone, hospital_table, trial


def by_trying(X, y):
    """The best threshold of each column, by trying every one that parts two rows, and none."""
    X, y = np.asarray(X, float), np.asarray(y)
    best = []
    for x in X.T:
        cuts = [-np.inf, *np.unique(x)]
        shares = [np.mean((x > cut) == y) for cut in cuts]
        best.append(max(max(shares), 1 - min(shares)))
    return np.array(best)


def test_alone_is_what_trying_every_threshold_says():
    rng = np.random.default_rng(0)
    for n in (1, 2, 5, 40):
        for _ in range(10):
            X, y = rng.integers(0, 6, (n, 4)), rng.integers(0, 2, n)
            np.testing.assert_allclose(alone(X, y), by_trying(X, y))
    np.testing.assert_array_equal(alone([[2.0], [2.0], [2.0], [2.0]], [0, 1, 1, 1]), [0.75])  # no threshold parts equal numbers


@pytest.mark.parametrize("X, y", [([1, 2], [0, 1]), ([[1], [2]], [0, 2]), ([[1], [2]], [0])])
def test_alone_refuses_what_is_no_table_with_classes(X, y):
    with pytest.raises(ValueError):
        alone(X, y)


def test_the_hospitals_table_is_the_real_one_and_a_column_that_gives_the_answer_away():
    X, y = data = hospital_table(np.random.default_rng(0))
    real = breast_cancer()
    np.testing.assert_array_equal(X[:, :10], real.X[:, :10])
    np.testing.assert_array_equal(y, real.y)
    assert data.columns == [*real.columns[:10], "visits"] and data.classes == real.classes
    shares = alone(X, y)
    assert shares.argmax() == 10 and shares[10] > 0.97 > 0.95 > shares[:10].max()


def test_without_a_leak_the_report_is_the_truth():
    reported, true = trial()
    # 20 projects of 50 test rows: standard deviation of the mean about .48 / √1000 = .015
    assert abs(reported - true) < 0.045 and 0.58 < true < 0.70


@pytest.mark.parametrize("leak", LEAKS)
def test_each_leak_alone_flatters(leak):
    reported, true = trial(leak)
    assert reported > true + 0.03
    assert reported > trial()[0] + 0.03


def test_the_more_leaks_the_better_the_report_and_never_the_truth():
    names = tuple(LEAKS)
    reports = [trial(*names[:n]) for n in range(5)]
    assert reports[4][0] > 0.88 and reports[4][0] > reports[1][0] > reports[0][0]
    assert max(true for _, true in reports) < 0.72


def test_the_same_project_again_is_the_same_and_another_seed_is_not():
    first = trial(seed=1)
    trial.cache_clear()
    assert trial(seed=1) == first != trial(seed=2)


def test_an_unknown_leak_gets_a_sentence():
    with pytest.raises(ValueError, match="no leak 'typo'; there are twice, columns, later, stop"):
        trial("typo")
