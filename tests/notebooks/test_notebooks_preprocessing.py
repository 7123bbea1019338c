"""The figures of L12: preparations and bowls against course_lib.preprocessing, the normalized net against course_lib's layers."""


import numpy as np
import pytest

from course_lib import preprocessing
from course_lib.activations import ReLU
from course_lib.data import moons
from course_lib.layers import BatchNorm, Dense
from course_lib.losses import SigmoidCrossEntropy
from course_lib.network import Network
from course_lib.optimizers import SGD
from course_lib.widgets import FOLDER
from course_lib.widgets.preprocessing import BatchRows, CloudAndBowl, NormRace

ROOM = FOLDER / "preprocessing"


@pytest.fixture
def node(printed):
    """Runs a few lines of JavaScript with these names imported from the room's modules; what they print is JSON."""
    imports = "\n".join(
        f'import {{ {names} }} from "{(FOLDER / module).as_uri()}";'
        for module, names in (
            ("preprocessing/clouds.js", "PREPARATIONS, bowl, cloud, ellipse, hessian, slope, speed"), ("preprocessing/bn_net.js", "make, forward, trainStep"),
            ("preprocessing/rows.js", "normalized"), ("shared/random.js", "generator"),
        )
    )  # fmt: skip
    reading = "let text = '';\nfor await (const part of process.stdin) text += part;\nconst given = JSON.parse(text);"
    return lambda program, **given: printed(f"{imports}\n{reading}\n{program}", given)


# ---- clouds and bowls


@pytest.mark.parametrize("name", ["center", "standardize", "pca", "whiten"])
def test_a_preparation_in_the_page_is_course_libs(node, name):
    X = np.random.default_rng(1).normal(size=(80, 2)) * [2.5, 1] @ [[0.8, 0.6], [-0.6, 0.8]] + [4, 3]
    page = np.array(node(f"console.log(JSON.stringify(PREPARATIONS.{name}.apply(given.X)))", X=X.tolist()))
    expected = getattr(preprocessing, name)(X)(X)
    if name in ("pca", "whiten"):  # an axis may point either way
        page, expected = page * np.sign(page[0]), expected * np.sign(expected[0])
    np.testing.assert_allclose(page, expected, atol=1e-9)


def test_a_cloud_has_the_mean_and_the_spread_that_its_sliders_say(node):
    Z = preprocessing.whiten(np.random.default_rng(0).normal(size=(80, 2)), eps=0)
    Z = Z(np.random.default_rng(0).normal(size=(80, 2))).tolist()
    X = np.array(node("console.log(JSON.stringify(cloud(given.Z, { stretch: 2.5, angle: 35, m1: 4, m2: 3 })))", Z=Z))
    along = np.array([np.cos(np.radians(35)), np.sin(np.radians(35))])
    np.testing.assert_allclose(X.mean(axis=0), [4, 3], atol=1e-9)
    np.testing.assert_allclose([(X @ along).std(), (X @ [-along[1], along[0]]).std()], [2.5, 1], rtol=1e-9)


def test_the_bowl_is_the_squared_error_and_its_numbers_are_numpys(node):
    rng = np.random.default_rng(2)
    X, w_best, delta = rng.normal(size=(30, 2)) + [2, 1], rng.normal(size=2), np.array([0.7, -1.2])
    t = X @ w_best
    page = node("const H = hessian(given.X); console.log(JSON.stringify({ H, at: bowl(H)(given.delta), ring: ellipse(H, 0.3).map(bowl(H)), slope: slope(H)(given.delta), speed: speed(H) }))", X=X.tolist(), delta=delta.tolist())
    assert page["at"] == pytest.approx(0.5 * np.mean((X @ (w_best + delta) - t) ** 2))
    np.testing.assert_allclose(page["ring"], 0.3)
    np.testing.assert_allclose(page["slope"], X.T @ (X @ (w_best + delta) - t) / len(X))
    low, high = np.linalg.eigvalsh(X.T @ X / len(X))
    assert page["speed"]["kappa"] == pytest.approx(high / low) and page["speed"]["eta"] == pytest.approx(2 / (low + high))
    steps, theta, left = 0, np.linalg.eigh(X.T @ X / len(X))[1].sum(axis=1), 1.0  # as far in both directions
    start = np.linalg.norm(theta)
    while left > 0.01:
        theta = theta - 2 / (low + high) * (X.T @ X / len(X) @ theta)
        steps, left = steps + 1, np.linalg.norm(theta) / start
    assert page["speed"]["steps"] == steps


def test_centring_a_round_cloud_makes_the_bowl_round(node):
    Z = np.random.default_rng(0).normal(size=(400, 2))
    X = (preprocessing.whiten(Z, eps=0)(Z) + [4, 3]).tolist()
    page = node("console.log(JSON.stringify(Object.values(PREPARATIONS).map(({ apply }) => speed(hessian(apply(given.X))).kappa)))", X=X)
    np.testing.assert_allclose(page, [26, 1, 1, 1, 1], rtol=1e-4)


# ---- the normalized net


def network_of(page):
    """course_lib's layers with the page's numbers."""
    layers = []
    for each in page:
        layers.append(Dense(each["n_in"], each["n_out"]))
        layers += [BatchNorm(each["n_out"])] * bool(each["normalized"]) + [ReLU()] * bool(each["bends"])
    network = Network(*layers, rng=0, dtype=np.float64)
    dense = (layer for layer in network.layers if isinstance(layer, Dense))
    for layer, each in zip(dense, page, strict=True):
        layer.W[:], layer.b[:] = np.reshape(each["W"], layer.W.shape), each["b"]
    return network


@pytest.mark.parametrize("bn", [False, True])
@pytest.mark.parametrize("init", ["he_normal", 0.1])
def test_a_hundred_steps_in_the_page_are_course_libs(node, bn, init):
    rng = np.random.default_rng(3)
    X, y = moons(100, rng)
    batches = [rng.choice(100, 20, replace=False).tolist() for _ in range(100)]
    page = node(
        """
        const list = (net) => net.layers.map((layer) => Object.fromEntries(Object.entries(layer).map(([name, value]) => [name, ArrayBuffer.isView(value) ? [...value] : value])));
        const net = make({ depth: 3, width: 7, bn: given.bn, init: given.init }, generator(1));
        const start = list(net);
        const losses = given.batches.map((rows) => trainStep(net, Float64Array.from(rows.flatMap((row) => given.X[row])), Float64Array.from(rows, (row) => given.y[row]), rows.length, 0.3));
        const use = [...forward(net, Float64Array.from(given.X.flat()), given.X.length, false).o];
        console.log(JSON.stringify({ start, end: list(net), losses, use }));
        """,
        X=X.tolist(), y=y.tolist(), batches=batches, bn=bn, init=init,
    )  # fmt: skip
    network, loss, optimizer, losses = network_of(page["start"]), SigmoidCrossEntropy(), SGD(0.3), []
    for rows in batches:
        value, d_o = loss.value_and_gradient(network.forward(X[rows], train=True), y[rows])
        network.backward(d_o)
        optimizer.step(network.theta, network.grad)
        losses.append(value)
    np.testing.assert_allclose(page["losses"], losses, atol=1e-6)
    np.testing.assert_allclose(page["use"], network.predict(X)[:, 0], atol=1e-6)
    for layer, each in zip((layer for layer in network.layers if isinstance(layer, BatchNorm)), page["end"]):
        np.testing.assert_allclose(each["gamma"], layer.gamma, atol=1e-6)
        np.testing.assert_allclose(each["mean"], layer.running_mean, atol=1e-6)
        np.testing.assert_allclose(each["variance"], layer.running_var, atol=1e-6)


def test_one_row_leaves_nothing_in_the_page_and_a_sentence_in_python(node):
    page = node(
        """
        const net = make({ depth: 2, width: 5, bn: true, init: "he_normal" }, generator(1));
        const answers = given.X.map((x) => forward(net, Float64Array.from(x), 1, true).o[0]);
        console.log(JSON.stringify({ answers, variance: [...net.layers[0].variance] }));
        """,
        X=[[0.0, 1.0], [5.0, -3.0], [100.0, 2.0]],
    )
    assert np.ptp(page["answers"]) == 0 and page["variance"] == [1] * 5
    with pytest.raises(ValueError, match="minibatch of 1 row"):
        BatchNorm(2).build(rng=0).forward([[1, 2]], train=True)


@pytest.mark.parametrize("train", [True, False])
def test_the_rows_of_a_batch_go_where_the_layer_sends_them(node, train):
    h = [2.0, -1.0, 4.5, 0.3]
    page = node("console.log(JSON.stringify(normalized(given.h, { train: given.train, running: { mean: 2, variance: 4 }, gamma: -1.5, beta: 0.7 })))", h=h, train=train)
    layer = BatchNorm(1).build(dtype=np.float64)
    layer.gamma[:], layer.beta[:], layer.running_mean[:], layer.running_var[:] = -1.5, 0.7, 2, 4
    np.testing.assert_allclose(page, layer.forward(np.reshape(h, (4, 1)), train=train)[:, 0], rtol=1e-12)


@pytest.mark.parametrize(
    "make, says",
    [
        (lambda: CloudAndBowl(prepare="wash"), "prepare is 'wash'; the figure knows raw, center"),
        (lambda: CloudAndBowl(mean=(9, 0)), "first number is 9; the figure takes -5 to 5"),
        (lambda: CloudAndBowl(mean=4), "mean must be 2 numbers"),
        (lambda: CloudAndBowl(stretch=0), "stretch is 0; the figure takes 1 to 5"),
        (lambda: NormRace(B=3), "B is 3; the figure knows 1, 2, 4, 10, 50, 200"),
        (lambda: NormRace(init="xavier"), "init is 'xavier'"),
        (lambda: NormRace(depth=40), "depth is 40; the figure knows 1, 2"),
        (lambda: NormRace(eta=0), "eta is 0; the figure takes 0.01 to 10"),
        (lambda: BatchRows(mode="test"), "mode is 'test'; the figure knows train, use"),
        (lambda: BatchRows(first=float("inf")), "finite"),
        (lambda: BatchRows(B=0), "B is 0"),
    ],
)
def test_values_that_cannot_be_drawn_get_a_sentence(make, says):
    with pytest.raises(ValueError, match=says):
        make()
