"""The figures of L07: the page computes the 2-3-1 network, trains two hidden neurons and differentiates layers as course_lib does."""


import numpy as np
import pytest

from course_lib.activations import activation
from course_lib.data import gate
from course_lib.gradcheck import numerical_gradient
from course_lib.losses import SquaredError
from course_lib.network import mlp
from course_lib.optimizers import SGD
from course_lib.training import fit
from course_lib.widgets import FOLDER
from course_lib.widgets.network import HiddenFeatures, JacobianMap, LoopTimes, NetByHand, SeedTable
from course_lib.widgets.network.features import starts
from course_lib.widgets.network.jacobian import LAYERS

ROOM = FOLDER / "network"
PAIR = np.array([[0.3, 0.3], [0.25, 0.01]]), np.array([False, True])


@pytest.fixture
def node(javascript):
    imports = f"""
        import {{ backward, forward, nudged, relativeError }} from "{(ROOM / "formulas.js").as_uri()}";
        import {{ counted, layers }} from "{(ROOM / "jacobians.js").as_uri()}";
        import {{ at, inTime }} from "{(ROOM / "times.js").as_uri()}";
        import {{ flat, mlp, optimizer, trainStep }} from "{(FOLDER / "shared" / "net.js").as_uri()}";
    """
    return lambda expression, given=None: javascript(imports, expression, given)


def network_of(theta, hidden, sizes=(2, 3, 1)):
    network = mlp(list(sizes), hidden=hidden, output="sigmoid", rng=0, dtype=np.float64)
    network.theta[:] = theta
    return network


# ---- 2-3-1 by hand


def test_values_and_gradients_are_those_of_course_lib(node):
    rng = np.random.default_rng(7)
    cases = [
        {"theta": rng.normal(0, 1.5, 13).tolist(), "x": rng.normal(size=2).tolist(), "y": int(rng.integers(2)), "phi": phi}
        for phi in ("sigmoid", "tanh", "relu")
        for _ in range(30)
    ]
    pages = node("given.map(({ theta, x, y, phi }) => backward(theta, x, y, phi))", cases)
    for case, page in zip(cases, pages, strict=True):
        network = network_of(case["theta"], case["phi"])
        p = network.forward([case["x"]], train=True)
        network.backward(SquaredError().gradient(p, [case["y"]]))
        # the same dozen operations in another order: some units of the last place
        np.testing.assert_allclose(page["p"], p[0, 0], rtol=1e-12)
        np.testing.assert_allclose(page["h"], network.activations()[1][0], rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(page["grad"], network.grad, rtol=1e-10, atol=1e-14)


def test_the_figure_takes_a_networks_theta_as_it_is(node):
    network = mlp([2, 3, 1], hidden="tanh", output="sigmoid", rng=1, dtype=np.float64)
    figure = NetByHand(network, x=(0.5, -1), y=1, phi="tanh")
    (page,) = node("given.map(({ theta, x1, x2, phi }) => forward(theta, [x1, x2], phi))", [figure.values])
    np.testing.assert_allclose(page["p"], network.predict([[0.5, -1]])[0, 0], rtol=1e-12)


def test_without_w_o_each_column_is_off_by_its_own_factor_and_nudging_sees_it(node):
    values = NetByHand().values
    right, wrong, by, errors = node(
        "(() => { const { theta, x1, x2, y, phi } = given, x = [x1, x2];"
        " const a = backward(theta, x, y, phi), b = backward(theta, x, y, phi, { withWo: false }), by = nudged(theta, x, y, phi);"
        " return [a.grad, b.grad, by, [relativeError(a.grad, by), relativeError(b.grad, by)]]; })()",
        values,
    )
    hidden = [0, 1, 2, 3, 4, 5, 9, 10, 11]
    np.testing.assert_allclose(np.divide(right, wrong)[hidden], np.tile([2, -1.5, 0.5], 3), rtol=1e-12)
    np.testing.assert_allclose(np.delete(right, hidden), np.delete(wrong, hidden))
    np.testing.assert_allclose(right, by, atol=1e-9)
    assert errors[0] < 1e-6 < 1 < errors[1] < 2


def test_the_pencils_numbers_and_the_learned_network_are_what_they_are_said_to_be(node):
    (page,) = node("given.map(({ theta, x1, x2, phi }) => forward(theta, [x1, x2], phi))", [NetByHand().values])
    assert page["a"] == [1, 0, 0] and [round(h, 2) for h in page["h"]] == [0.73, 0.5, 0.5]
    assert (round(page["o"], 2), round(page["p"], 2)) == (0.46, 0.61)
    X, y = gate("XOR")
    learned = network_of(NetByHand().data["learned"], "sigmoid").predict(X)[:, 0]
    np.testing.assert_array_equal(learned >= 0.5, y == 1)


# ---- hidden features


@pytest.mark.parametrize("hidden", ["sigmoid", "tanh"])
def test_after_100_steps_the_page_stands_where_fit_stands(node, hidden):
    X, y = gate("XOR")
    data = HiddenFeatures().data
    given = {"X": data["X"], "y": data["y"], "theta": data["thetas"][hidden][4], "hidden": hidden}
    page = node(
        "(() => { const { X, y, theta, hidden } = given, net = mlp([2, 2, 1], { hidden, output: 'sigmoid', theta }), rule = optimizer('sgd');"
        " for (let i = 0; i < 100; i++) trainStep(net, 'squared', flat(X), y, rule, { eta: 1 }); return Array.from(net.theta); })()",
        given,
    )
    network = mlp([2, 2, 1], hidden=hidden, output="sigmoid", rng=0, dtype=np.float64)
    network.theta[:] = starts(hidden)[4]
    fit(network, SquaredError(), X, y, SGD(1.0), epochs=100)
    np.testing.assert_allclose(page, network.theta, atol=1e-6)


# ---- Jacobians


@pytest.mark.parametrize("layer", LAYERS)
def test_a_jacobian_is_what_nudging_finds(node, layer):
    data = JacobianMap(layer).data
    x, W = np.array(data["x"]), np.array(data["W"])
    page = np.array(node(f"layers.{layer}.jacobian(given.x, given.W)", data))
    forward = (lambda x: x @ W) if layer == "dense" else (lambda x: activation(layer).forward(x[None])[0])
    nudged = np.array([numerical_gradient(lambda x: float(forward(x)[i]), x) for i in range(6)])
    np.testing.assert_allclose(page, nudged, atol=1e-8)  # a central difference is that exact


def test_relu_has_three_entries_and_a_dense_layer_all(node):
    data = JacobianMap().data
    assert node("counted(layers.relu.jacobian(given.x))", data) == {"entries": 36, "nonzero": 3, "most": 1}
    assert node("counted(layers.dense.jacobian(given.x, given.W)).nonzero", data) == 36
    assert node("counted(layers.sigmoid.jacobian(given.x)).most", data) < 0.25


# ---- tables and times


def test_times_between_the_measured_sizes_are_read_off_a_straight_line_on_logarithmic_axes(node):
    assert node("given.map((m) => at([10, 100, 1000], [1, 10, 10], m))", [10, 1000, 10**1.5, 10**2.5]) == pytest.approx([1, 10, 10**0.5, 10])
    assert node("given.map(inTime)", [2.5, 0.0123, 1.62e-4, 3e-9]) == ["2.5 s", "12.3 ms", "162 µs", "3 ns"]


def test_a_seed_table_holds_its_runs_in_the_order_of_its_cells():
    figure = SeedTable({(3, "relu"): PAIR, (1, "relu"): (PAIR[0] + 1, ~PAIR[1]), (1, "tanh"): PAIR, (3, "tanh"): PAIR})
    assert figure.data["rows"] == ["H = 1", "H = 3"] and figure.data["columns"] == ["relu", "tanh"]
    losses = np.frombuffer(figure.data["losses"]["bytes"], np.float32).reshape(figure.data["losses"]["shape"])
    np.testing.assert_allclose(losses[0], PAIR[0] + 1, rtol=1e-6)
    assert figure.data["right"][0] == [True, False] and figure.data["solved"] == [[1, 1], [1, 1]]


@pytest.mark.parametrize(
    "make, says",
    [
        (lambda: NetByHand([1, 2, 3]), "must be 13 numbers"),
        (lambda: NetByHand(np.full(13, 11.0)), "between −10 and 10"),
        (lambda: NetByHand(x=(1, 2, 3)), "two numbers between −2 and 2"),
        (lambda: NetByHand(y=2), "class 0 or 1"),
        (lambda: NetByHand(phi="step"), "no bend 'step'"),
        (lambda: HiddenFeatures(seed=20), "from 0 to 19"),
        (lambda: HiddenFeatures("MAYBE"), "no gate 'MAYBE'"),
        (lambda: HiddenFeatures(eta=100), "eta must lie between"),
        (lambda: JacobianMap("conv"), "no layer 'conv'"),
        (lambda: JacobianMap(x=[1, 2]), "six numbers"),
        (lambda: JacobianMap(shift=9), "between −3 and 3"),
        (lambda: SeedTable({}), "all are missing"),
        (lambda: SeedTable({(1, "tanh"): PAIR, (2, "relu"): PAIR}), r"\(1, 'relu'\)"),
        (lambda: SeedTable({(1, "tanh"): (PAIR[0], [True])}), "same number of steps"),
        (lambda: LoopTimes([10], [1], [1], n=3), "two measurements"),
        (lambda: LoopTimes([10, 5], [1, 1], [1, 1], n=3), "must grow"),
        (lambda: LoopTimes([10, 50], [1, 0], [1, 1], n=3), "above 0"),
    ],
)
def test_what_cannot_be_drawn_gets_a_sentence(make, says):
    with pytest.raises(ValueError, match=says):
        make()
