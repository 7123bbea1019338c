"""The arithmetic of the figures of L05 (in Node) against course_lib, and what Python makes of bad values."""

from itertools import product

import numpy as np
import pytest

from course_lib.bumps import bump, bump_network
from course_lib.data import gate
from course_lib.losses import SquaredError
from course_lib.network import mlp
from course_lib.optimizers import SGD
from course_lib.perceptron import gradients, predict, step
from course_lib.training import fit
from course_lib.widgets import FOLDER
from course_lib.widgets.limits import BumpBuilder, LineScore, Structure, XorTraining

LIMITS = (FOLDER / "limits").as_uri()
X, XOR = gate("XOR")


@pytest.fixture
def page(javascript):
    return lambda imports, expression, given=None: javascript(imports.replace("limits/", LIMITS + "/"), expression, given)


# ---- training on XOR

WALK = 'import { lines, turns, walk } from "limits/walk.js";'


@pytest.mark.parametrize("hidden, eta", [(0, 1), (0, 5), (3, 1), (8, 2)])
def test_the_page_walks_as_course_lib_does(page, hidden, eta):
    theta = XorTraining(hidden=hidden).data["theta"]
    steps = page(WALK, "walk(given.theta, given.hidden, given.X, given.y, given.eta, 100).map(({ theta, loss, p }) => ({ theta, loss, p }))",
                 {"theta": theta, "hidden": hidden, "X": X.tolist(), "y": XOR.tolist(), "eta": eta})  # fmt: skip
    network = mlp([2, *([hidden] if hidden else []), 1], hidden="sigmoid", output="sigmoid", rng=0, dtype=np.float64)
    network.theta[:] = theta
    history = fit(network, SquaredError(), X, XOR[:, None], SGD(eta), epochs=100)
    # the same sums of doubles in another order, a hundred times over
    np.testing.assert_allclose(steps[100]["theta"], network.theta, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose([at["loss"] for at in steps[:100]], history.loss, rtol=1e-9)
    np.testing.assert_allclose(steps[100]["p"], network.predict(X)[:, 0], rtol=1e-9)


def test_the_neuron_of_the_figure_is_the_one_of_the_hand_table(page):
    steps = page(WALK, "walk([1, -1, -0.5], 0, given.X, given.y, 1, 2).map(({ theta }) => theta)", {"X": X.tolist(), "y": XOR.tolist()})
    w, b = step([1, -1], -0.5, *gradients(X, XOR, [1, -1], -0.5), eta=1)
    np.testing.assert_allclose(steps[1], [*w, b], rtol=1e-12)


def test_the_loss_falls_at_every_step_while_the_rows_go_from_three_to_two_to_one(page):
    given = {"theta": XorTraining().data["theta"], "X": X.tolist(), "y": XOR.tolist()}
    walked = page(WALK, "((all) => ({ loss: all.map((at) => at.loss), turns: turns(all), last: all.at(-1) }))(walk(given.theta, 0, given.X, given.y, 1, 600))", given)
    assert np.all(np.diff(walked["loss"][:500]) < 0)
    assert walked["turns"] == [{"k": 48, "from": 3, "to": 2}, {"k": 313, "from": 2, "to": 1}]
    assert abs(walked["loss"][-1] - 0.25) < 1e-9 and np.abs(np.array(walked["last"]["p"]) - 0.5).max() < 1e-4


def test_three_hidden_neurons_solve_it_and_their_lines_are_the_first_layers(page):
    figure = XorTraining(hidden=3)
    given = {"theta": figure.data["theta"], "X": X.tolist(), "y": XOR.tolist()}
    last, lines = page(WALK, "[walk(given.theta, 3, given.X, given.y, 1, 5000).at(-1), lines(given.theta, 3)]", given)
    assert last["good"] == 4 and last["loss"] < 0.01
    W = np.array(figure.data["theta"][:6]).reshape(2, 3)
    np.testing.assert_array_equal([line["w"] for line in lines], W.T)
    np.testing.assert_array_equal([line["b"] for line in lines], figure.data["theta"][9:12])


# ---- lines and their scores


def test_a_lines_score_is_course_libs_and_the_most_that_the_titles_claim_is_true(page):
    lines = np.random.default_rng(0).normal(size=(3000, 3))
    imports = 'import { MOST, rowsOf, score } from "limits/scores.js";'
    scores, most = page(imports, "[Object.keys(MOST).map((name) => { const { X, y } = rowsOf(name, {}); return given.map(([w1, w2, b]) => score(X, y, [w1, w2], b).good); }), MOST]", lines.tolist())
    for name, page_scores in zip(most, scores):
        y = gate(name)[1]
        assert page_scores == [int(np.sum(predict(X, w[:2], w[2])[2] == y)) for w in lines]
        assert max(page_scores) == most[name]


def test_only_two_of_the_sixteen_tables_are_out_of_a_lines_reach():
    lines = np.random.default_rng(0).normal(size=(20_000, 3))
    drawn = {tuple(row) for row in (lines[:, :2] @ X.T + lines[:, 2:] >= 0).astype(int).tolist()}
    assert set(product([0, 1], repeat=4)) - drawn == {(0, 1, 1, 0), (1, 0, 0, 1)}


# ---- bumps


def test_the_page_builds_the_network_that_course_lib_builds(page):
    imports = 'import { CURVES, build, places, sumOf, worst } from "limits/bumps.js";'
    cases = [(1, 20), (4, 20), (4, 5), (10, 3), (37, 0.5), (100, 200)]
    sums = page(imports, 'given.map(([bins, k]) => { const network = build(Math.sin, bins, k); return places(101).map((x) => sumOf(network, x)); })', cases)
    x = np.linspace(0, 4, 101)[:, None]
    for (bins, k), values in zip(cases, sums):
        # sums of up to 200 sigmoids: a few units of the last place each
        np.testing.assert_allclose(values, bump_network(np.sin, 0, 4, bins, steepness=k).predict(x)[:, 0], rtol=1e-9, atol=1e-12)


def test_more_bins_draw_better_and_the_interval_is_as_high_as_the_lecture_says(page):
    imports = 'import { bump, build, places, worst } from "limits/bumps.js";'
    errors, bumps = page(imports, "[[4, 10, 40, 100].map((n) => worst(Math.sin, build(Math.sin, n, 20), places(601)).error), [5, 20].map((k) => bump(2.5, 2, 3, k))]")
    for bins, error in zip((4, 10, 40, 100), errors):
        assert 1.8 / bins < error < 2.1 / bins, "half a stair of slope 1 is 2/n"
    np.testing.assert_allclose(bumps, [bump(2.5, 2, 3, k) for k in (5, 20)], rtol=1e-12)
    np.testing.assert_allclose(bumps, [0.8483, 0.9999], atol=5e-5)


# ---- structure and coins

PROBLEMS = """
import { draw, learner, share, STEPS } from "limits/problems.js";
function run(problem, kind, seed) {
  const { seen, fresh } = draw(problem, seed);
  const who = learner(kind, seen, seed);
  for (let k = 0; k < STEPS; k++) who.learn();
  return [share(who.says(seen.X), seen.y), share(who.says(fresh.X), fresh.y)];
}
"""


def test_on_coins_a_network_knows_what_it_has_seen_and_nobody_knows_what_is_new(page):
    kinds = ("neuron", "network", "neighbour")
    seen, new = np.array(page(PROBLEMS, "given.map((kind) => [0, 1, 2, 3].map((seed) => run('coins', kind, seed)))", kinds)).transpose(2, 0, 1)
    assert seen[1:].mean() > 0.97 > 0.85 > seen[0].mean(), "twenty-four coins are too many for one line"
    assert np.abs(new - 0.5).max() < 0.06, "1000 coins: four standard deviations are .063"


def test_with_structure_the_network_is_right_about_new_points_and_a_line_only_where_a_line_will_do(page):
    right = page(PROBLEMS, "['line', 'xor', 'moons'].map((problem) => ['neuron', 'network'].map((kind) => [0, 1, 2].map((seed) => run(problem, kind, seed)[1])))")
    (line, line_net), (xor, xor_net), (moons, moons_net) = np.mean(right, axis=2)
    assert min(line, line_net, xor_net) > 0.8 and moons_net > 0.9
    assert xor < 0.65 and moons < moons_net


def test_the_same_seed_draws_the_same_points(page):
    one, two, three = page(PROBLEMS, "[draw('moons', 3).seen, draw('moons', 3).seen, draw('moons', 4).seen]")
    assert one == two != three


# ---- Python's side


@pytest.mark.parametrize(
    "make, says",
    [
        (lambda: LineScore([[0, 1]]), "X and y together"),
        (lambda: LineScore([[0, 1, 2]], [1]), "X must be rows of 2 numbers"),
        (lambda: LineScore([[0, 1]], [1, 0]), "1 rows and y has 2"),
        (lambda: LineScore([[0, 1]], [2]), "classes 0 and 1; got 2"),
        (lambda: LineScore(np.zeros((51, 2)), [0] * 51), "draws 1 to 50"),
        (lambda: LineScore(w=[1, 2, 3]), "w must be 2 numbers"),
        (lambda: LineScore(table="NOR"), "no table 'NOR'; there are XOR, AND, OR"),
        (lambda: XorTraining(hidden=9), "draws 0 to 8"),
        (lambda: XorTraining(hidden=-1), "1 or larger"),
        (lambda: XorTraining(eta=0), "rates from 0.001 to 1000"),
        (lambda: XorTraining(eta=float("nan")), "eta"),
        (lambda: BumpBuilder(bins=101), "1 to 100 bins"),
        (lambda: BumpBuilder(k=0), "steepnesses from 0.1"),
        (lambda: BumpBuilder(curve="square"), "there are wave, hills, roof, cliff"),
        (lambda: Structure(problem="x"), "there are line, xor, moons, coins"),
        (lambda: Structure(learner="x"), "there are neuron, network, neighbour"),
        (lambda: Structure(seed=-1), "0 or larger"),
    ],
)
def test_values_that_cannot_be_shown_get_a_sentence(make, says):
    with pytest.raises((ValueError, TypeError), match=says):
        make()


def test_the_readers_own_rows_are_shown_and_can_be_set_from_python():
    figure = LineScore([[0, 0], [1, 2]], [0, 1], w=[1, 1])
    assert figure.values["table"] == "yours" and figure.data == {"X": [[0, 0], [1, 2]], "y": [0, 1]}
    figure.values = {"b": 2}
    assert figure.values["b"] == 2 and figure.values["w1"] == 1
