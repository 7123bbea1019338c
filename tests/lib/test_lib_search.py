"""Search: it looks where it is told to, gets finer, goes on where it was interrupted, and scores fairly."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib.search import (
    Found,
    Trial,
    choice,
    coarse_to_fine,
    cross_validate,
    k_fold,
    log_uniform,
    uniform,
    whole_numbers,
)

SPACE = {
    "eta": log_uniform(1e-4, 1),
    "width": whole_numbers(2, 64),
    "drop": uniform(0, 0.9),
    "hidden": choice("relu", "tanh"),
}


def rng(seed=0):
    return np.random.default_rng(seed)


def valley(settings, _):
    """Smallest at η = .01, width 20, drop .3, tanh."""
    return (
        math.log10(settings["eta"] / 0.01) ** 2
        + (settings["width"] / 20 - 1) ** 2
        + (settings["drop"] - 0.3) ** 2
        + (settings["hidden"] == "relu")
    )


# ---- where it looks ----


def test_every_setting_is_drawn_from_its_range():
    drawn = [{name: where.draw(g) for name, where in SPACE.items()} for g in [rng()] for _ in range(2000)]
    etas = np.array([d["eta"] for d in drawn])
    assert 1e-4 <= etas.min() < 2e-4 and 0.5 < etas.max() <= 1
    # as many in each factor of ten: 500 ± 20
    counts = np.histogram(np.log10(etas), bins=4, range=(-4, 0))[0]
    assert counts.min() > 400 and counts.max() < 600
    widths = [d["width"] for d in drawn]
    assert min(widths) == 2 and max(widths) == 64 and all(isinstance(w, int) for w in widths)
    assert {d["hidden"] for d in drawn} == {"relu", "tanh"}


def test_a_finer_range_is_around_the_best_and_within_the_whole():
    where = log_uniform(1e-4, 1)
    fine = where.around([0.01, 0.1])
    assert 1e-4 < fine.low < 0.01 < 0.1 < fine.high < 1
    assert math.log(fine.high / fine.low) == pytest.approx(1.2 * math.log(10))
    assert where.around([1e-4, 1]) == where
    assert choice("a", "b", "c").around(["c", "a"]).values == ("a", "c")
    assert uniform(0, 10).around([5.0]).high > 5  # one value still has surroundings


# ---- coarse to fine ----


def test_finer_stages_get_closer():
    found = coarse_to_fine(valley, SPACE, trials=(40, 40, 40), rng=rng())
    best = [min(t.score for t in found.trials if t.stage == stage) for stage in range(3)]
    assert len(found.trials) == 120 and best[2] < best[0] and found.best.score < 0.05
    assert found.best.settings["hidden"] == "tanh" and 0.003 < found.best.settings["eta"] < 0.03
    spread = [np.ptp([math.log(t.settings["eta"]) for t in found.trials if t.stage == stage]) for stage in range(3)]
    assert spread[2] < 0.7 * spread[0]


def test_the_same_generator_finds_the_same():
    first, again, other = (coarse_to_fine(valley, SPACE, rng=rng(seed)) for seed in (0, 0, 1))
    assert first.trials == again.trials != other.trials


def test_each_trial_has_a_generator_of_its_own():
    def lucky(settings, g):
        return float(g.normal())

    scores = [t.score for t in coarse_to_fine(lucky, SPACE, trials=(30,), rng=rng()).trials]
    assert len(set(scores)) == 30
    greedy = [
        t.score
        for t in coarse_to_fine(
            lambda s, g: float(g.normal(size=1 + int(s["width"]))[0]), SPACE, trials=(30,), rng=rng()
        ).trials
    ]
    assert greedy == scores  # what one trial draws does not shift the next one's luck


def test_what_diverges_counts_as_infinite():
    def score(settings, _):
        if settings["eta"] > 0.1:
            raise FloatingPointError("diverged")
        return math.nan if settings["eta"] > 0.01 else settings["eta"]

    found = coarse_to_fine(score, {"eta": log_uniform(1e-4, 1)}, rng=rng())
    assert math.isinf(max(t.score for t in found.trials)) and found.best.settings["eta"] <= 0.01


def test_a_best_at_the_edge_is_pointed_out():
    found = coarse_to_fine(lambda s, _: s["x"], {"x": uniform(1, 2), "kind": choice(1, 2)}, rng=rng())
    assert found.at_edge == ["x"] and "look further there" in str(found)
    assert Found({"x": uniform(0, 1)}, [Trial(0, {"x": 0.5}, 1.0)]).at_edge == []


def test_progress_is_told_after_every_trial():
    told = []
    coarse_to_fine(
        valley, SPACE, trials=(3, 2), rng=rng(), progress=lambda trial, done, of: told.append((trial.stage, done, of))
    )
    assert told == [(0, 1, 5), (0, 2, 5), (0, 3, 5), (1, 4, 5), (1, 5, 5)]


# ---- together, over the replica axis ----


def test_trials_scored_together_are_those_scored_one_by_one():
    space = {"eta": log_uniform(1e-3, 1), "lam": uniform(0, 1)}
    one = coarse_to_fine(lambda s, _: (math.log(s["eta"]) + 3) ** 2 + s["lam"], space, rng=rng())
    calls = []

    def score(settings, _):
        calls.append(settings["eta"].shape)
        return ((np.log(settings["eta"]) + 3) ** 2 + settings["lam"])[:, 0]

    together = coarse_to_fine(score, space, together=True, rng=rng())
    assert calls == [(20, 1), (10, 1)]
    assert [t.settings for t in together.trials] == [t.settings for t in one.trials]
    np.testing.assert_allclose([t.score for t in together.trials], [t.score for t in one.trials])


def test_learning_rates_are_searched_on_one_network_with_replicas():
    from course_lib.data import moons
    from course_lib.losses import SigmoidCrossEntropy
    from course_lib.network import mlp
    from course_lib.optimizers import SGD
    from course_lib.training import fit

    X, y = moons(100, rng(), noise=0.1)

    def score(settings, g):
        def one_part(X, y, X_validation, y_validation):
            network = mlp([2, 8, 1], hidden="tanh", rng=0, replicas=len(settings["eta"]))
            fit(network, SigmoidCrossEntropy(), X, y, SGD(settings["eta"]), epochs=60)
            return SigmoidCrossEntropy().value(network.predict(X_validation), y_validation)

        return cross_validate(one_part, X, y, k=3, rng=g).mean(axis=0)

    found = coarse_to_fine(score, {"eta": log_uniform(1e-3, 10)}, trials=(8, 4), together=True, rng=rng())
    assert len(found.trials) == 12
    assert found.best.settings["eta"] > 0.3 and found.best.score < 0.3  # the slow ones stay near ln 2


# ---- interrupted and resumed ----


@pytest.mark.parametrize("after", [0, 1, 7, 20, 25])
def test_an_interrupted_search_goes_on_to_the_same_end(after, tmp_path):
    whole = coarse_to_fine(lambda s, g: valley(s, g) + 0.01 * float(g.normal()), SPACE, rng=rng())
    file, calls = tmp_path / "search.json", []

    def score(settings, g):
        if len(calls) == after:
            raise KeyboardInterrupt
        calls.append(1)
        return valley(settings, g) + 0.01 * float(g.normal())

    with pytest.raises(KeyboardInterrupt):
        coarse_to_fine(score, SPACE, rng=rng(), file=file)
    assert len(calls) == after
    after = -1  # from now on nothing interrupts
    resumed = coarse_to_fine(score, SPACE, rng=rng(), file=file)
    assert resumed.trials == whole.trials and len(calls) == 30  # nothing was scored twice
    again = coarse_to_fine(score, SPACE, rng=rng(), file=file)
    assert again.trials == whole.trials and len(calls) == 30  # a finished one is only read


def test_infinite_scores_survive_the_file(tmp_path):
    file = tmp_path / "search.json"
    run = lambda: coarse_to_fine(
        lambda s, _: math.inf if s["x"] > 0.5 else s["x"], {"x": uniform(0, 1)}, rng=rng(), file=file
    )
    assert run().trials == run().trials
    json.loads(file.read_text(), parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))


def test_the_file_of_another_search_is_refused(tmp_path):
    file = tmp_path / "search.json"
    coarse_to_fine(valley, SPACE, trials=(2,), rng=rng(), file=file)
    for other in ({"trials": (3,)}, {"trials": (2,), "rng": rng(1)}):
        with pytest.raises(ValueError, match="another search"):
            coarse_to_fine(valley, SPACE, **{"rng": rng(), "file": file, **other})
    file.write_text("{}")
    with pytest.raises(ValueError, match="delete it"):
        coarse_to_fine(valley, SPACE, trials=(2,), rng=rng(), file=file)


# ---- cross-validation ----


@given(n=st.integers(2, 50), k=st.integers(2, 10), seed=st.integers(0, 100))
def test_every_row_is_validated_once_and_never_trained_on_then(n, k, seed):
    if k > n:
        return
    folds = k_fold(n, k, rng(seed))
    assert sorted(np.concatenate([validation for _, validation in folds]).tolist()) == list(range(n))
    for train, validation in folds:
        assert sorted([*train.tolist(), *validation.tolist()]) == list(range(n))
        assert abs(len(validation) - n / k) < 1


def test_stratified_parts_have_the_shares_of_the_classes():
    y = np.repeat([0, 1], [90, 10])
    for _, validation in k_fold(100, 5, rng(), y=y):
        assert np.bincount(y[validation]).tolist() == [18, 2]


def test_cross_validation_agrees_with_scikit_learn():
    from sklearn.linear_model import LinearRegression
    from sklearn.model_selection import cross_val_score

    X = rng().normal(size=(40, 3))
    y = X @ [1, 2, 3] + rng(1).normal(size=40)

    def score(X, y, X_validation, y_validation):
        w = np.linalg.lstsq(np.c_[X, np.ones(len(X))], y, rcond=None)[0]
        return np.mean((np.c_[X_validation, np.ones(len(X_validation))] @ w - y_validation) ** 2)

    ours = cross_validate(score, X, y, k=4, rng=rng(2))
    theirs = -cross_val_score(LinearRegression(), X, y, cv=k_fold(40, 4, rng(2)), scoring="neg_mean_squared_error")
    np.testing.assert_allclose(ours, theirs, rtol=1e-9)


@pytest.mark.parametrize(
    "wrong, error, words",
    [
        (lambda: uniform(1, 1), ValueError, "smaller to a larger"),
        (lambda: log_uniform(0, 1), ValueError, "above 0"),
        (lambda: choice(), ValueError, "at least one"),
        (lambda: coarse_to_fine(valley, {}, rng=rng()), TypeError, "space is a dict"),
        (lambda: coarse_to_fine(valley, {"eta": (0, 1)}, rng=rng()), TypeError, "log_uniform"),
        (lambda: coarse_to_fine(valley, SPACE, rng=-1), TypeError, "Generator"),
        (lambda: coarse_to_fine(valley, SPACE, rng=rng(), keep=0), ValueError, "share"),
        (lambda: coarse_to_fine(valley, SPACE, rng=rng(), together=True), TypeError, "hidden is not a number"),
        (
            lambda: coarse_to_fine(lambda s, g: 1.0, {"x": uniform(0, 1)}, rng=rng(), together=True),
            ValueError,
            "20 trials",
        ),
        (lambda: k_fold(3, 4, rng()), ValueError, "3 rows"),
        (lambda: k_fold(3, 1, rng()), ValueError, "k is 1"),
        (lambda: k_fold(4, 2, rng(), y=[0, 1]), ValueError, "4 rows"),
        (lambda: cross_validate(valley, [[1]], [1, 2], rng=rng()), ValueError, "one for each"),
    ],
)
def test_bad_input_gets_a_sentence(wrong, error, words):
    with pytest.raises(error, match=words):
        wrong()
