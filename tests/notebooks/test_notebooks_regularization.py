"""The arithmetic of the figures of L13 (in Node) against course_lib, their paths against closed forms, and bad values."""


import numpy as np
import pytest

from course_lib.losses import SigmoidCrossEntropy
from course_lib.network import mlp
from course_lib.optimizers import SGD
from course_lib.regularizers import L1, L2, shrinkage_path
from course_lib.training import EarlyStopping, fit
from course_lib.widgets import FOLDER
from course_lib.widgets.regularization import ExactZero, Overfit, Shrinkage, ShrinkagePaths

ROOM = (FOLDER / "regularization").as_uri()


@pytest.fixture
def page(javascript):
    return lambda imports, expression, given=None: javascript(imports.replace("room/", ROOM + "/"), expression, given)


# ---- the network that learns by heart

OVERFIT = """
import { begin, step } from "room/overfit.js";
function train({ data, values }, most) {
  const run = begin({ data, values });
  for (let k = 0; k < most && step({ values, run }) !== false; k++);
  const { k, best, train, validation, stopped } = run;
  return { k, best, train, validation, stopped, theta: run.net.theta };
}
"""


def both(figure):
    return {"data": figure.data, "values": figure.values}


def network_of(figure):
    network = mlp(Overfit.SIZES, hidden="relu", rng=0, dtype=np.float64)
    network.theta[:] = figure.data["theta"]
    return network


@pytest.mark.parametrize("penalty, regularizer", [("none", None), ("L2", L2(0.01)), ("L1", L1(0.01))])
def test_the_page_trains_as_course_lib_does(page, penalty, regularizer):
    figure = Overfit(penalty=penalty, lam=0.01)
    run = page(OVERFIT, "train(given, 100)", both(figure))
    network, data = network_of(figure), figure.data
    history = fit(network, SigmoidCrossEntropy(), data["X"], data["y"], SGD(0.2), epochs=100, regularizer=regularizer, validation=(data["X_new"], data["y_new"]))
    # the same sums of doubles in another order, a hundred times over
    np.testing.assert_allclose(run["train"][:100], history.loss, rtol=1e-6)
    np.testing.assert_allclose(run["validation"][1:], history.validation_loss, rtol=1e-6)
    np.testing.assert_allclose(run["theta"], network.theta, rtol=1e-6, atol=1e-6)


def test_l1_in_the_page_gives_exact_zeros_and_l2_none(page):
    zeros = {}
    for penalty in ("L1", "L2"):
        theta = page(OVERFIT, "train(given, 500).theta", both(Overfit(penalty=penalty, lam=0.01)))
        zeros[penalty] = int(np.sum(np.array(theta[: 2 * 24 + 24 * 24 + 24]) == 0))
    assert zeros["L1"] > 500 and zeros["L2"] == 0, "648 weights"


def test_stopping_early_in_the_page_goes_back_to_the_epoch_that_course_lib_goes_back_to(page):
    figure = Overfit(stop=True)
    run = page(OVERFIT, "train(given, 1000)", both(figure))
    network, data, stop = network_of(figure), figure.data, EarlyStopping(patience=150)
    fit(network, SigmoidCrossEntropy(), data["X"], data["y"], SGD(0.2), epochs=1000, validation=(data["X_new"], data["y_new"]), callbacks=[stop])
    assert run["stopped"] and run["best"] == stop.best_epoch[0] and run["k"] == run["best"] + 150
    np.testing.assert_allclose(run["theta"], network.theta, rtol=1e-6, atol=1e-6)


def test_nothing_holding_it_back_it_learns_by_heart_and_each_remedy_helps(page):
    last = {
        name: page(OVERFIT, "((run) => [run.train.at(-1), run.validation.at(-1)])(train(given, 1000))", both(Overfit(**how)))
        for name, how in {"nothing": {}, "L2": {"penalty": "L2", "lam": 0.01}, "too much": {"penalty": "L2", "lam": 0.3}, "noise": {"noise": 0.3}}.items()
    }
    assert last["nothing"][0] < 0.06 and last["nothing"][1] > 1
    assert max(last["L2"][1], last["noise"][1]) < 0.5 < last["too much"][1]
    assert last["too much"][0] > last["L2"][0] > last["nothing"][0]


# ---- shrinkage


def test_on_the_round_bowl_l2_divides_and_l1_subtracts():
    data = Shrinkage().data
    lambdas, round_ = np.array(data["lambdas"])[:, None], data["problems"]["round"]
    b = np.array(round_["b"])
    np.testing.assert_allclose(round_["ridge"], b / (1 + lambdas), atol=1e-9)
    np.testing.assert_allclose(round_["lasso"], np.maximum(b - lambdas, 0), atol=1e-9)


def test_on_the_flat_bowl_the_flat_direction_loses_the_larger_share_and_only_l1_reaches_zero():
    flat = Shrinkage().data["problems"]["flat"]
    share = np.array(flat["ridge"]) / flat["b"]
    lambdas = np.array(Shrinkage().data["lambdas"])
    np.testing.assert_allclose(share, np.stack([0.15 / (0.15 + lambdas), 1 / (1 + lambdas)], axis=1), atol=1e-9)
    assert np.all(share[:, 0] < share[:, 1]) and np.all(np.array(flat["ridge"]) != 0)
    lasso = np.array(flat["lasso"])
    assert np.any((lasso[:, 0] == 0) & (lasso[:, 1] != 0)), "exactly 0, and not rounded to it"


def test_the_ball_touches_the_ellipse_at_w_and_does_not_cut_it(page):
    """At w no point of the ball has a smaller loss: that is why w is the solution, as price and as limit."""
    data = Shrinkage().data
    imports = 'import { ball, bowl } from "room/geometry.js";'
    for problem in data["problems"].values():
        for kind in ("ridge", "lasso"):
            for place in (10, 30, 40):
                w = problem[kind][place]
                at_w, around = page(imports, "[bowl(given.problem, ...given.w), ball(given.kind, given.w).map(([a, c]) => bowl(given.problem, a, c))]", {"problem": problem, "kind": kind, "w": w})
                assert at_w <= min(around) + 1e-9


def test_the_paths_are_course_libs_and_the_markers_place_is_the_nearest_lambda(page):
    figure = ShrinkagePaths()
    lambdas = figure.data["lambdas"]
    assert page('import { nearest } from "room/geometry.js";', "given[1].map((lam) => nearest(given[0], lam))", [lambdas, [0.0001, lambdas[7] * 1.01, 1, 1e9]]) == [0, 7, 60, 120]
    for kind in ("ridge", "lasso"):
        w = np.array(figure.data[kind]["w"])
        assert np.abs(w[-1]).sum() < 0.1 * np.abs(w[0]).sum()
    assert np.all(np.array(figure.data["ridge"]["w"]) != 0) and not np.any(figure.data["lasso"]["w"][-1])
    df = np.array(figure.data["ridge"]["df"])
    assert np.all(np.diff(df) < 0) and 9.5 < df[0] < 10


def test_the_readers_own_table_is_standardized_and_its_errors_are_of_the_new_rows():
    rng = np.random.default_rng(0)
    X, Z = rng.normal(3, 5, size=(30, 3)), rng.normal(3, 5, size=(10, 3))
    y, z = X @ [1, 0, 2], Z @ [1, 0, 2]
    figure = ShrinkagePaths(X, y, Z, z, names="abc")
    w, _ = shrinkage_path((X - X.mean(axis=0)) / X.std(axis=0), y, "ridge", figure.data["lambdas"])
    np.testing.assert_allclose(figure.data["ridge"]["w"], w)
    assert figure.data["ridge"]["error"][0] < 1 < figure.data["ridge"]["error"][-1]
    assert "error" not in ShrinkagePaths(X, y).data["ridge"]


# ---- one weight


def test_the_proximal_step_lands_on_zero_and_the_subgradient_does_not(page):
    for c, lam, eta in [(0.5, 0.8, 0.1), (-1.3, 1.5, 0.05), (0.7, 0.3, 0.2)]:
        ways = page('import { twoWays } from "room/geometry.js";', "twoWays(...given, 120)", [c, lam, eta])
        w = v = np.array([c])
        for slope, prox in zip(ways["slope"], ways["prox"]):
            np.testing.assert_allclose([slope, prox], [w[0], v[0]], atol=1e-12)
            w = w - eta * (w - c + L1(lam).gradient(w))
            v = L1(lam).prox(v - eta * (v - c), eta)
        assert (ways["prox"][-1] == 0) == (lam >= abs(c)), "a weight ends at 0 where λ is at least as large as it"
        if lam > abs(c):
            assert 0 not in ways["slope"]


# ---- Python's side


@pytest.mark.parametrize(
    "make, says",
    [
        (lambda: Shrinkage(lam=0), "takes 0.01 to 10"),
        (lambda: Shrinkage(problem="steep"), "there are flat, round, tilted"),
        (lambda: ExactZero(eta=0), "eta is 0"),
        (lambda: ExactZero(c=3), "from −2 to 2"),
        (lambda: Overfit(penalty="L3"), "there are none, L2, L1"),
        (lambda: Overfit(noise=-1), "takes 0 to 0.8"),
        (lambda: Overfit(lam=5), "takes 0.0001 to 1"),
        (lambda: ShrinkagePaths([[1, 2], [2, 1], [3, 3]]), "X and y together"),
        (lambda: ShrinkagePaths(np.eye(3), [1, 2]), r"X has shape \(3, 3\) and y \(2,\)"),
        (lambda: ShrinkagePaths([[1, 1], [2, 1], [3, 1]], [1, 2, 3], names=["a", "b"]), "Column b never changes"),
        (lambda: ShrinkagePaths(np.eye(3), [1, 2, 3], names=["a"]), "3 columns and there are 1 names"),
        (lambda: ShrinkagePaths(np.eye(3), [1, 2, 3], np.eye(2), [1, 2]), "they need 3 columns"),
        (lambda: ShrinkagePaths([[1, float("nan")], [2, 1], [3, 3]], [1, 2, 3]), "X"),
    ],
)
def test_values_that_cannot_be_shown_get_a_sentence(make, says):
    with pytest.raises((ValueError, TypeError), match=says):
        make()
