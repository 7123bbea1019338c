"""The figures of L03: their arithmetic in the page against course_lib, and what Python makes of bad values."""


import numpy as np
import pytest

from course_lib.gradcheck import numerical_gradient
from course_lib.losses import SquaredError
from course_lib.network import mlp
from course_lib.optimizers import SGD
from course_lib.perceptron import gradients, predict, step
from course_lib.training import fit
from course_lib.widgets import FOLDER
from course_lib.widgets.learning import ChainStrip, ErrorSurface, RateFan

GATE = [[0, 0], [0, 1], [1, 0], [1, 1]]
ROOM = FOLDER / "learning"


@pytest.fixture
def in_node(javascript):
    """Runs a few lines of JavaScript on `given` and returns what they leave in `answer`."""

    def run(module, lines, given):
        return javascript(f'import * as room from "{(ROOM / module).as_uri()}";', "answer", given, before=f"let answer;\n{lines}")

    return run


def cases(count=12):
    rng = np.random.default_rng(3)
    for _ in range(count):
        N = int(rng.integers(1, 9))
        yield {
            "X": rng.normal(size=(N, 2)).tolist(), "y": rng.integers(0, 2, N).tolist(),
            "theta": rng.normal(size=3).tolist(), "eta": float(rng.uniform(0.05, 5)),
        }  # fmt: skip


def test_the_page_trains_as_the_network_does_for_a_hundred_steps(in_node):
    # The same sums in another order: each step adds an error of a few units in the last place, and none of these runs is chaotic.
    given = list(cases())
    pages = in_node("fan.js", "answer = given.map(({ X, y, theta, eta }) => room.train(X, y, theta, eta, 100));", given)
    for case, page in zip(given, pages, strict=True):
        network = mlp([2, 1], output="sigmoid", dtype="float64", rng=0)
        network.theta[:] = case["theta"]
        history = fit(network, SquaredError(), case["X"], case["y"], SGD(case["eta"]), epochs=100)
        np.testing.assert_allclose(page["losses"][:-1], history.loss, rtol=0, atol=1e-6)
        np.testing.assert_allclose(page["theta"], network.theta, rtol=0, atol=1e-6)


def test_the_page_finds_the_steps_of_the_lecture(in_node):
    given = {"X": GATE, "etas": [0.1, 0.5, 1, 2, 5, 10], "theta": [1, -1, -0.5]}
    lines = "answer = given.etas.map((eta) => room.train(given.X, [0, 1, 1, 1], given.theta, eta, 300).first);"
    assert in_node("fan.js", lines, given) == [257, 52, 26, 14, 6, 3]


def test_a_fan_is_its_rates_trained_one_by_one(in_node):
    given = {"X": GATE, "y": [0, 1, 1, 0], "theta": [1, -1, -0.5], "etas": RateFan().data["etas"]}
    lines = """
        const fan = room.beginFan(given.X, given.y, given.theta, given.etas);
        for (let k = 0; k < 30; k++) room.stepFan(fan);
        answer = [fan.all.map(({ losses }) => losses), given.etas.map((eta) => room.train(given.X, given.y, given.theta, eta, 30).losses)];
    """
    together, alone = in_node("fan.js", lines, given)
    assert together == alone and len(together) == 32 and len(together[0]) == 31


@pytest.mark.parametrize(
    "y, eta, does",
    [
        ([0, 1, 1, 1], 0.01, "creeps"),
        ([0, 1, 1, 1], 1, "walks"),
        ([0, 1, 1, 1], 1000, "stuck"),
        ([0, 1, 1, 0], 11, "leaps"),
        ([0, 1, 1, 0], 30, "leaps"),
        ([0, 1, 1, 0], 1000, "stuck"),
    ],
)
def test_what_a_rate_does_is_named(in_node, y, eta, does):
    given = {"X": GATE, "y": y, "eta": eta, "best": 0.25 if y[3] == 0 else 0}
    lines = "answer = room.habit(room.train(given.X, given.y, [1, -1, -0.5], given.eta, 100), given.best);"
    assert in_node("fan.js", lines, given) == does


def test_the_chain_is_the_gradient_of_its_row_and_two_nudges_agree(in_node):
    given = list(cases(20))
    lines = """
        answer = given.map(({ X, y, theta }) => [0, 1, 2].map((j) => ({
            ...room.chain(X[0], y[0], theta, j), measured: room.centralDifference(X[0], y[0], theta, j, 1e-4) })));
    """
    for case, links in zip(given, in_node("neuron.js", lines, given), strict=True):
        X, y, (w1, w2, b) = case["X"][:1], case["y"][:1], case["theta"]
        d_w, d_b = gradients(X, y, [w1, w2], b)
        h, p, _ = predict(X, [w1, w2], b)
        for link, slope in zip(links, [*d_w, d_b], strict=True):
            np.testing.assert_allclose([link["h"], link["p"], link["product"]], [h[0], p[0], slope], rtol=1e-12, atol=1e-14)
            # a central difference with nudge ε is off by about ε² times the third derivative, which is below 1 here
            assert abs(link["measured"] - slope) < 1e-7 * max(1, np.abs(X).max() ** 3)
            assert link["product"] == pytest.approx(link["d_p"] * link["p_h"] * link["h_theta"])


def test_the_path_on_the_map_moves_two_numbers_and_holds_the_third(in_node):
    given = {"X": GATE, "y": [0, 1, 1, 1], "theta": [-2, 1, 2], "eta": 10}
    lines = "const run = room.begin(given.X, given.y, given.theta); for (let k = 0; k < 100; k++) room.advance(run, given.eta); answer = run;"
    run = in_node("descent.js", lines, given)
    w1, b, path = -2.0, 2.0, [[-2.0, 2.0]]
    for _ in range(100):
        slope = numerical_gradient(lambda q: np.mean((np.array(given["y"]) - predict(GATE, [q[0], 1], q[1])[1]) ** 2), np.array([w1, b]))
        w1, b = w1 - 10 * slope[0], b - 10 * slope[1]
        path.append([w1, b])
    # the oracle is made of finite differences, good to about 1e-10 each, times η, over 100 steps
    np.testing.assert_allclose(run["path"], path, rtol=0, atol=1e-5)
    assert run["theta"][1] == 1 and run["k"] == 100


def test_learning_an_untouched_row_leaves_its_weight_alone(in_node):
    given = {"X": [[0, 1]], "y": [1], "theta": [1, -1, -0.5]}
    d_theta = in_node("neuron.js", "answer = room.gradients(given.X, given.y, given.theta);", given)
    assert d_theta[0] == 0 and d_theta[1] < 0 and d_theta[2] == d_theta[1]


# ---- Python's side


def test_figures_keep_what_they_are_given():
    assert ChainStrip(row=3, weight="b").values == {"row": 3, "weight": 2, "w1": 1, "w2": -1, "b": -0.5}
    assert RateFan(GATE, [0, 0, 0, 1], eta=5).values == {"gate": "AND", "eta": 5}
    assert RateFan([[1, 2], [3, 4]], [0, 1]).values["gate"] == "mine"
    assert RateFan([[1, 2], [3, 4]], [0, 1]).data["choices"] == ["mine"]
    assert RateFan().data["choices"] == ["OR", "AND", "XOR"]
    assert RateFan(GATE, [1, 0, 0, 1]).data["choices"] == ["OR", "AND", "XOR", "mine"]
    etas = RateFan().data["etas"]
    assert etas[0] == 0.01 and etas[-1] == pytest.approx(1000) and np.ptp(np.diff(np.log(etas))) < 1e-12
    assert ErrorSurface(eta=30, w1=1, b=0).values == {"eta": 30, "w2": 1, "w1": 1, "b": 0}


@pytest.mark.parametrize(
    "make, says",
    [
        (lambda: ChainStrip(row=5), "there are rows 1 to 4"),
        (lambda: ChainStrip(row=True), "row is True"),
        (lambda: ChainStrip(weight=3), 'it is 1 for w₁, 2 for w₂ or "b"'),
        (lambda: ChainStrip([[1, 2]]), "X and y together"),
        (lambda: ChainStrip([[1, 2, 3]], [1]), "X must be rows of 2 numbers"),
        (lambda: RateFan([[1, 2]], [2]), "classes 0 and 1; got 2"),
        (lambda: RateFan([[1, 2]], [0, 1]), "1 rows and y has 2"),
        (lambda: RateFan(np.zeros((0, 2)), []), "takes 1 to 50"),
        (lambda: RateFan(eta=0), "rates go from 0.01 to 1000"),
        (lambda: RateFan(eta=float("nan")), "finite"),
        (lambda: RateFan(steps=0), "makes 1 to 1000"),
        (lambda: RateFan(w=[1, 1000]), "between −100 and 100"),
        (lambda: ErrorSurface(w1=20), "the figure takes -3 to 7"),
        (lambda: ErrorSurface(eta=-1), "eta is -1"),
    ],
)
def test_values_that_cannot_be_shown_get_a_sentence(make, says):
    with pytest.raises((ValueError, TypeError), match=says):
        make()


# ---- the lecture's own arithmetic, from another side


def test_the_new_tables_numbers_are_those_of_a_step_by_finite_differences():
    X, y = np.array(GATE), np.array([0, 1, 1, 1])
    error = lambda theta: np.mean((y - predict(X, theta[:2], theta[2])[1]) ** 2)  # noqa: E731
    theta = np.array([1, -1, -0.5])
    slope = numerical_gradient(error, theta)
    np.testing.assert_allclose(slope, [-0.117502, -0.134109, -0.134109], atol=5e-7)
    w, b = step(theta[:2], theta[2], *gradients(X, y, theta[:2], theta[2]), eta=1)
    np.testing.assert_allclose([*w, b], theta - slope, atol=1e-8)
    np.testing.assert_allclose(predict(X, w, b)[1].round(4), [0.4095, 0.2259, 0.6795, 0.4715], atol=1e-12)
