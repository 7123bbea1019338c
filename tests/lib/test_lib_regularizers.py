"""Regularizers: proximal steps by brute force, shrinkage paths against closed forms and scikit-learn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from sklearn.datasets import load_diabetes
from sklearn.linear_model import Lasso, Ridge

from course_lib.gradcheck import numerical_gradient
from course_lib.regularizers import L1, L2, ElasticNet, MaxNorm, shrinkage_path

PENALTIES = [L1(.3), L2(.7), ElasticNet(.2, .5), L1(0), L2(0)]


def test_the_factors_that_slides_confuse():
    w = [3.0, -4.0]
    assert L2(1).penalty(w) == 12.5  # ½ λ Σ w²: neither the norm, 5, nor its square, 25
    np.testing.assert_allclose(L2(1).gradient(w), [3, -4])  # λ w, without a 2
    assert L1(1).penalty(w) == 7


@pytest.mark.parametrize("regularizer", PENALTIES, ids=repr)
@settings(max_examples=20)
@given(seed=st.integers(0, 2**32 - 1))
def test_gradients_by_nudging(regularizer, seed):
    w = np.random.default_rng(seed).normal(size=6)
    w[abs(w) < 1e-2] = .5  # away from the kink
    np.testing.assert_allclose(regularizer.gradient(w), numerical_gradient(regularizer.penalty, w), rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("regularizer", PENALTIES, ids=repr)
@settings(max_examples=20)
@given(w=st.floats(-3, 3), eta=st.floats(.01, 2))
def test_a_proximal_step_is_the_smallest_of_its_sum(regularizer, w, eta):
    found = minimize_scalar(lambda v: .5 * (v - w) ** 2 + eta * regularizer.penalty([v]), bounds=(-3, 3), method="bounded",
                            options={"xatol": 1e-9})
    assert float(regularizer.prox([w], eta)[0]) == pytest.approx(found.x, abs=1e-5)


def test_soft_thresholds_give_exact_zeros():
    np.testing.assert_array_equal(L1(1).prox([.05, -.1, 0.0, 5.0], eta=.1), [0, 0, 0, 4.9])
    assert not np.signbit(L1(1).prox([-.05], eta=.1))[0]


@settings(max_examples=30)
@given(seed=st.integers(0, 2**32 - 1), radius=st.floats(.1, 3))
def test_max_norm_goes_to_the_nearest_point_inside(seed, radius):
    w = np.random.default_rng(seed).normal(size=5)
    v = MaxNorm(radius).prox(w)
    assert np.linalg.norm(v) <= radius * (1 + 1e-12)
    if np.linalg.norm(w) <= radius:
        np.testing.assert_array_equal(v, w)
    else:
        np.testing.assert_allclose(v, radius * w / np.linalg.norm(w))


def test_a_strength_for_each_replica():
    w = np.array([[3.0, -4.0], [3.0, -4.0]])
    lam = np.array([[0.0], [2.0]])
    np.testing.assert_allclose(L2(lam).penalty(w), [0, 25])
    np.testing.assert_allclose(L1(lam).prox(w, eta=np.array([[.5], [.5]])), [[3, -4], [2, -3]])


# --- shrinkage paths

@pytest.fixture(scope="module")
def diabetes():
    X, y = load_diabetes(return_X_y=True)
    return X * len(X) ** .5, y  # standardized columns


LAMBDAS = [.01, .1, 1, 5, 20, 50]


def test_ridge_is_its_closed_form_and_scikit_learns(diabetes):
    X, y = diabetes
    w, df = shrinkage_path(X, y, "ridge", LAMBDAS)
    N, X_c, y_c = len(X), X - X.mean(axis=0), y - y.mean()
    for coefficients, freedom, lam in zip(w, df, LAMBDAS):
        inverse = np.linalg.inv(X_c.T @ X_c + N * lam * np.eye(X.shape[1]))
        np.testing.assert_allclose(coefficients, inverse @ X_c.T @ y_c, rtol=1e-8)
        np.testing.assert_allclose(coefficients, Ridge(alpha=N * lam).fit(X, y).coef_, rtol=1e-8)
        assert freedom == pytest.approx(np.trace(X_c @ inverse @ X_c.T), rel=1e-10)  # the trace of the matrix that maps y to ŷ


def test_ridge_without_penalty_is_least_squares_and_with_much_is_nothing(diabetes):
    X, y = diabetes
    w, df = shrinkage_path(X, y, "ridge", [0, 1e9])
    np.testing.assert_allclose(w[0], np.linalg.lstsq(np.c_[X, np.ones(len(X))], y, rcond=None)[0][:-1], rtol=1e-8)
    assert df[0] == pytest.approx(10) and df[1] < 1e-6 and abs(w[1]).max() < 1e-5


def test_ridge_on_orthonormal_columns_divides_by_one_plus_lambda():
    X = np.linalg.qr(np.random.default_rng(0).normal(size=(40, 5)) @ np.eye(5))[0]
    X = np.linalg.qr(X - X.mean(axis=0))[0] * 40**.5  # columns with mean 0 and XᵀX/N = 1
    y = X @ np.array([3.0, -2, 1, 0, .5])
    w, df = shrinkage_path(X, y, "ridge", [0, 1, 3])
    np.testing.assert_allclose(w, np.outer([1, 1 / 2, 1 / 4], [3.0, -2, 1, 0, .5]), atol=1e-12)
    np.testing.assert_allclose(df, [5, 2.5, 1.25])
    w, df = shrinkage_path(X, y, "lasso", [0, 1.5, 2.5])
    np.testing.assert_allclose(w, [[3, -2, 1, 0, .5], [1.5, -.5, 0, 0, 0], [.5, 0, 0, 0, 0]], atol=1e-10)
    np.testing.assert_array_equal(df[1:], [2, 1])


def test_lasso_is_scikit_learns_with_exact_zeros(diabetes):
    X, y = diabetes
    w, df = shrinkage_path(X, y, "lasso", LAMBDAS)
    for coefficients, freedom, lam in zip(w, df, LAMBDAS):
        theirs = Lasso(alpha=lam, tol=1e-12, max_iter=1_000_000).fit(X, y).coef_
        np.testing.assert_allclose(coefficients, theirs, rtol=1e-5, atol=1e-6)
        np.testing.assert_array_equal(coefficients == 0, theirs == 0)
        assert freedom == np.sum(theirs != 0)
    assert df[-1] == 0  # beyond max |Xᵀy|/N nothing is left


@settings(max_examples=15)
@given(seed=st.integers(0, 2**32 - 1), N=st.integers(3, 20), D=st.integers(1, 6))
def test_lasso_fulfils_the_conditions_of_a_minimum(seed, N, D):
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(N, D)), rng.normal(size=N)
    lambdas = [.05, .2, 1]
    for w, lam in zip(shrinkage_path(X, y, "lasso", lambdas)[0], lambdas):
        X_c, y_c = X - X.mean(axis=0), y - y.mean()
        slope = X_c.T @ (y_c - X_c @ w) / N
        np.testing.assert_allclose(slope[w != 0], lam * np.sign(w[w != 0]), atol=1e-8)
        assert np.all(abs(slope[w == 0]) <= lam + 1e-8)


def test_columns_that_say_nothing():
    X, y = np.ones((5, 2)), np.arange(5.0)
    for penalty in ("ridge", "lasso"):
        w, df = shrinkage_path(X, y, penalty, [0, 1])
        np.testing.assert_array_equal(w, 0)
        np.testing.assert_array_equal(df, 0)


@pytest.mark.parametrize("call, error, sentence", [
    (lambda: L2(-1), ValueError, "lam is -1; a penalty's strength is 0 or larger"),
    (lambda: ElasticNet(.1, "x"), TypeError, "lam_2 must hold real numbers"),
    (lambda: shrinkage_path([[1.0], [2.0]], [1, 2], "l2", [1]), ValueError, 'penalty is \'l2\'; a shrinkage path is of "ridge"'),
    (lambda: shrinkage_path([[1.0], [2.0]], [1, 2, 3], "ridge", [1]), ValueError, r"they need shapes \(N, D\) and \(N,\)"),
    (lambda: shrinkage_path([[1.0], [2.0]], [1, 2], "ridge", [1, -1]), ValueError, "lambdas go down to -1"),
])
def test_bad_input_gets_a_sentence(call, error, sentence):
    with pytest.raises(error, match=sentence):
        call()
