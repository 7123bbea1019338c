"""The figures of L10: their five rules against course_lib, their map against eigenvalues, their cliff against autodiff."""

import json

import numpy as np
import pytest

from course_lib.autodiff import Tensor
from course_lib.optimizers import SGD, Adagrad, Adam, RMSprop
from course_lib.training.loop import shorten
from course_lib.widgets import FOLDER
from course_lib.widgets.optimizers import SURFACES, CliffClip, MomentumMap, OptimizerRace, StepBars

ROOM = FOLDER / "optimizers"
STARTS = {"bowl": (-4, 3), "ravine": (-4, 1.5), "turned": (-4, -2), "saddle": (-4, 0.5)}


@pytest.fixture
def node(javascript):
    """The value of an expression in these names, imported from the room's modules."""
    imports = "\n".join(
        f'import {{ {names} }} from "{(ROOM / module).as_uri()}";'
        for module, names in (("rules.js", "RULES, pathOf"), ("surfaces.js", "SURFACES, cliff"), ("rates.js", "rate, bestDescent, bestMomentum"), ("steps.js", "walk"))
    )
    return lambda expression: javascript(imports, expression)


def gradient_of(surface):
    """An oracle that shares nothing with surfaces.js."""
    if surface == "saddle":
        return lambda theta: np.array([theta[0], -theta[1] + theta[1] ** 3 / 9])
    lam = np.diag([1.0, 1.0] if surface == "bowl" else [0.1, 10.0])
    c = np.sqrt(0.5)
    R = np.array([[c, -c], [c, c]]) if surface == "turned" else np.eye(2)
    H = R @ lam @ R.T
    return lambda theta: H @ theta


def rules(eta, beta):
    return {"gd": SGD(eta), "momentum": SGD(eta, momentum=beta), "adagrad": Adagrad(eta), "rmsprop": RMSprop(eta, rho=0.9), "adam": Adam(eta, beta_1=beta)}


def walk(optimizer, gradient, start, steps, longest=None):
    theta, path = np.array(start, dtype=float), [np.array(start, dtype=float)]
    for _ in range(steps):
        g = gradient(theta)
        if longest is not None:
            shorten(g, longest)
        path.append(optimizer.step(theta, g).copy())
    return np.array(path)


@pytest.mark.parametrize("surface", SURFACES)
def test_every_rule_takes_the_same_hundred_steps_as_course_lib(node, surface):
    # A rate with which RMSprop is still on its way after a hundred steps: at a minimum it divides rounding by rounding.
    start, eta = list(STARTS[surface]), 0.02
    pages = node(f"Object.fromEntries(Object.keys(RULES).map((rule) => [rule, pathOf(rule, SURFACES.{surface}.gradient, {start}, {{ steps: 100, eta: {eta}, beta: 0.9 }})]))")
    for rule, optimizer in rules(eta, 0.9).items():
        np.testing.assert_allclose(pages[rule], walk(optimizer, gradient_of(surface), start, 100), atol=1e-6, err_msg=rule)


@pytest.mark.parametrize("surface", SURFACES)
def test_a_surface_slopes_as_it_says(node, surface):
    at, small = [1.3, -0.7], 1e-6
    value, slope = node(f"[[[{small}, 0], [{-small}, 0], [0, {small}], [0, {-small}]].map(([a, c]) => SURFACES.{surface}.value([{at[0]} + a, {at[1]} + c])), SURFACES.{surface}.gradient({at})]")
    np.testing.assert_allclose(slope, [(value[0] - value[1]) / (2 * small), (value[2] - value[3]) / (2 * small)], rtol=1e-6)
    np.testing.assert_allclose(slope, gradient_of(surface)(np.array(at)), rtol=1e-12)


@pytest.mark.parametrize("longest", [None, 1.0, 0.01])
def test_the_walk_at_the_cliff_is_autodiffs_walk(node, longest):
    def gradient(theta):
        at = Tensor(theta)
        h = Tensor(0.5)
        for _ in range(50):
            h = at[0] * h.sigmoid() + at[1]
        ((h.sigmoid() - 0.7) ** 2).backward()
        return at.grad.copy()

    page = node(f"pathOf('gd', cliff.gradient, [5, -2.2], {{ steps: 62, eta: 0.1, clip: {longest or 'Infinity'} }})")
    # 62 steps: the jump of step 59 is among them; a cliff magnifies rounding, so later steps need not agree to the last digit
    np.testing.assert_allclose(page, walk(SGD(0.1), gradient, (5, -2.2), 62, longest), rtol=1e-6)
    assert (abs(page[-1][0]) > 20) == (longest is None)


def test_the_map_shows_the_largest_eigenvalue_of_a_step(node):
    cases = [(eta, beta, lam) for eta in (0.01, 0.1, 0.2, 0.3) for beta in (0, 0.27, 0.9) for lam in (1, 10)]
    page = node(f"{json.dumps(cases)}.map(([eta, beta, lambda]) => rate(eta, beta, lambda))")
    for (eta, beta, lam), left in zip(cases, page, strict=True):
        # v' = β v + λ θ,  θ' = θ − η v'
        step = np.array([[beta, lam], [-eta * beta, 1 - eta * lam]])
        assert left == pytest.approx(max(abs(np.linalg.eigvals(step))), abs=1e-9)


def test_the_best_rates_are_best_and_are_the_lectures_numbers(node):
    descent, momentum, around = node(
        "[bestDescent([1, 10]), bestMomentum([1, 10]), Array.from({ length: 400 }, (_, i) => Math.max(...[1, 10].map((lambda) => rate((0.4 * (i % 20)) / 20, Math.floor(i / 20) / 20, lambda))))]"
    )
    assert descent["rate"] == pytest.approx(9 / 11) and descent["eta"] == pytest.approx(2 / 11)
    assert (round(momentum["eta"], 3), round(momentum["beta"], 3), round(momentum["rate"], 2)) == (0.231, 0.270, 0.52)
    assert min(around) > momentum["rate"] - 1e-9


def test_the_bars_show_adams_first_step_its_bias_and_adagrads_tiring(node):
    def moved(**values):
        values = {"rule": "adam", "gradients": "steady", "eta": 0.01, "beta": 0.9, "corrected": True, **values}
        return np.array([step["moved"] for step in node(f"walk({json.dumps(values)}, 0, 100)")])

    np.testing.assert_allclose(moved()[0], 0.01, rtol=2e-4)  # eps = 1e-8 beside a gradient of 1e-4
    np.testing.assert_allclose(moved(corrected=False)[0], 0.01 * 0.1 / np.sqrt(0.001), rtol=4e-3)
    np.testing.assert_allclose(moved(rule="adagrad"), 0.01 / np.sqrt(np.arange(1, 101))[:, None] * np.ones(4), rtol=2e-6)
    np.testing.assert_allclose(moved(rule="gd")[0], [1, 0.01, 1e-4, 1e-6])
    rare = moved(gradients="rare", rule="gd")
    assert np.array_equal(np.flatnonzero(rare[:, 0]), np.arange(0, 100, 10))
    assert np.std(moved(gradients="noisy", rule="gd")[:, 0]) > 0.1


# ---- Python's side


@pytest.mark.parametrize(
    "make, says",
    [
        (lambda: MomentumMap(lambdas=(1, 2, 3)), "lambdas must be 2 numbers"),
        (lambda: MomentumMap(lambdas=(0, 1)), "smaller curvature is 0; the figure takes 0.01 to 1000"),
        (lambda: MomentumMap(eta=1), "eta is 1; the figure takes 1e-06 to 0.4"),
        (lambda: MomentumMap(beta=1), "beta is 1; the figure takes 0 to 0.99"),
        (lambda: OptimizerRace(surface="hill"), "surface is 'hill'; the figure knows bowl, ravine, turned, saddle"),
        (lambda: OptimizerRace(start=(9, 0)), "first number is 9; the figure takes -5 to 5"),
        (lambda: OptimizerRace(start=(1, 2, 3)), "start must be 2 numbers"),
        (lambda: OptimizerRace(eta=0), "eta is 0"),
        (lambda: OptimizerRace(eta=float("nan")), "finite"),
        (lambda: StepBars(rule="sgd"), "rule is 'sgd'; the figure knows gd"),
        (lambda: StepBars(gradients="often"), "gradients is 'often'"),
        (lambda: CliffClip(longest=0), "longest is 0; the figure takes 0.01 to 1000"),
        (lambda: CliffClip(start=(0, 0)), "w is 0; the figure takes 3.5 to 6"),
    ],
)
def test_values_that_cannot_be_drawn_get_a_sentence(make, says):
    with pytest.raises(ValueError, match=says):
        make()


def test_a_figure_begins_where_it_is_told_and_can_be_moved_from_a_cell():
    race = OptimizerRace(surface="turned ravine", eta=0.2)
    assert race.values["surface"] == "turned" and (race.values["x"], race.values["y"]) == (-4, -2)
    race.values = {"beta": 0.5}
    assert race.values["beta"] == 0.5 and race.values["eta"] == 0.2
    with pytest.raises(ValueError, match="no value 'etta'"):
        race.values = {"etta": 1}
    assert MomentumMap(lambdas=(10, 1)).data["lambdas"] == [1, 10]
