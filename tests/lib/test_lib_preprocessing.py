"""Preprocessing: fitted on one set, applied to any; the same numbers as scikit-learn; nothing is remembered of the test data."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from course_lib.preprocessing import center, pca, standardize, whiten

EACH = {"center": center, "standardize": standardize, "pca": pca, "whiten": whiten}


def sets(seed=0):
    rng = np.random.default_rng(seed)
    mix = rng.normal(size=(4, 4))
    return rng.normal(size=(100, 4)) @ mix + 3, rng.normal(size=(30, 4)) @ mix + 3


def test_standardize_agrees_with_scikit_learn():
    from sklearn.preprocessing import StandardScaler

    X, X_test = sets()
    X[:, 2] = 7  # a column that never changes
    oracle = StandardScaler().fit(X)
    scale = standardize(X)
    np.testing.assert_allclose(scale(X), oracle.transform(X), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(scale(X_test), oracle.transform(X_test), rtol=1e-12)
    assert scale.scale[2] == 1


@pytest.mark.parametrize("keep", [None, 2])
def test_pca_and_whitening_agree_with_scikit_learn(keep):
    from sklearn.decomposition import PCA

    X, X_test = sets()
    oracle = PCA(n_components=keep).fit(X)
    signs = np.sign(np.sum(pca(X, keep).axes.T * oracle.components_, axis=1))  # an axis may point either way
    np.testing.assert_allclose(pca(X, keep)(X_test), oracle.transform(X_test) * signs, atol=1e-10)
    S = oracle.explained_variance_ * 99 / 100  # ours divides by N
    np.testing.assert_allclose(
        whiten(X, keep)(X_test), oracle.transform(X_test) * signs / np.sqrt(S + 1e-5), atol=1e-10
    )


def test_an_axis_without_variance_is_not_blown_up():
    X = np.outer(np.arange(50.0), [1, 2])  # all on one line
    Z = whiten(X)(X)
    assert Z[:, 0].std() == pytest.approx(1, abs=1e-6) and np.abs(Z[:, 1]).max() < 1e-4


@pytest.mark.parametrize("fit", EACH.values(), ids=EACH)
def test_the_test_data_change_nothing(fit):
    X, X_test = sets()
    made = fit(X)
    before = made(X)
    made(X_test * 1000)
    np.testing.assert_array_equal(made(X), before)
    np.testing.assert_allclose(made.apply(X_test[:1]), made(X_test)[:1], rtol=1e-12)  # each row for itself
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.mean = 0


@pytest.mark.parametrize("fit", EACH.values(), ids=EACH)
@given(
    X=hnp.arrays(np.float64, st.tuples(st.integers(2, 8), st.integers(1, 4)), elements=st.floats(-100, 100, width=16))
)
def test_undo_brings_the_data_back(fit, X):
    made = fit(X)
    # √(1e-5) is the least that whitening divides by: it multiplies rounding by 300
    np.testing.assert_allclose(made.undo(made(X)), X, atol=1e-9)


@pytest.mark.parametrize("fit", EACH.values(), ids=EACH)
def test_float32_stays_float32_and_the_data_stay_as_they_were(fit):
    X = sets()[0].astype(np.float32)
    copy = X.copy()
    assert fit(X)(X).dtype == np.float32
    np.testing.assert_array_equal(X, copy)


@pytest.mark.parametrize(
    "wrong, error, words",
    [
        (lambda: standardize([1, 2]), ValueError, "rows and columns"),
        (lambda: standardize([[1, np.inf]]), ValueError, "finite"),
        (lambda: standardize([["a"]]), TypeError, "text"),
        (lambda: center([[1, 2]])([[1, 2, 3]]), ValueError, "2 columns"),
        (lambda: pca([[1, 2], [3, 4]], keep=3), ValueError, "from 1 to 2"),
        (lambda: pca([[1, 2], [3, 4]], keep=0), ValueError, "keep is 0"),
    ],
)
def test_bad_input_gets_a_sentence(wrong, error, words):
    with pytest.raises(error, match=words):
        wrong()
