"""The figures of L01: their arithmetic in the page against course_lib, and what Python makes of bad values."""


import numpy as np
import pytest

from course_lib.activations import Identity, LeakyReLU, ReLU, Sigmoid, Step, Tanh
from course_lib.network import mlp
from course_lib.perceptron import predict
from course_lib.widgets import FOLDER
from course_lib.widgets.neuron import ActivationGallery, NetReader, NeuronLine, StackedLayers

ROOM = FOLDER / "neuron"
BENDS = {"sigmoid": Sigmoid(), "tanh": Tanh(), "relu": ReLU(), "leakyrelu": LeakyReLU(slope=0.1), "step": Step(), "identity": Identity()}


@pytest.fixture
def in_node(javascript):
    """Runs a few lines of JavaScript on `given` and returns what they leave in `answer`."""
    modules = "".join(f'import * as {name} from "{(ROOM / f"{name}.js").as_uri()}";' for name in ("bends", "single", "stack", "layers"))

    def run(lines, given):
        return javascript(modules, "answer", given, before=f"let answer;\n{lines}")

    return run


def test_every_bend_and_its_slope_is_the_librarys(in_node):
    h = np.concatenate([np.linspace(-10, 10, 401), [-1000, 1000, 1e-9]])
    pages = in_node("answer = Object.entries(bends.bends).map(([name, { f, slope }]) => [name, given.map(f), given.map(slope)]);", h.tolist())
    assert {name for name, *_ in pages} == set(BENDS)
    for name, values, slopes in pages:
        phi = BENDS[name]
        # the same formulas in doubles: a few units of the last place apart
        np.testing.assert_allclose(values, phi.forward(h[None])[0], rtol=1e-12, atol=1e-300, err_msg=name)
        np.testing.assert_allclose(slopes, phi.backward(np.ones_like(h)[None])[0], rtol=1e-9, atol=1e-15, err_msg=name)


def test_one_neuron_says_what_the_library_says_and_changes_its_mind_at_minus_b_over_w(in_node):
    rng = np.random.default_rng(1)
    given = [{"x": x, "w": w, "b": b, "phi": "sigmoid"} for x, w, b in rng.normal(0, 3, (50, 3)).tolist()]
    answers = in_node("answer = given.map(({ x, ...neuron }) => ({ ...single.answer(x, neuron), at: single.boundary(neuron.w, neuron.b) }));", given)
    for case, page in zip(given, answers, strict=True):
        h, p, _ = predict([[case["x"]]], [case["w"]], case["b"])
        np.testing.assert_allclose([page["h"], page["out"]], [h[0], p[0]], rtol=1e-12)
        np.testing.assert_allclose(predict([[page["at"]]], [case["w"]], case["b"])[0], 0, atol=1e-12)
    assert in_node("answer = single.boundary(0, 1);", None) is None


def test_the_nets_numbers_are_the_networks(in_node):
    network = mlp([2, 3, 2, 1], hidden="sigmoid", output="sigmoid", rng=0, dtype="float64")
    dense = network.layers[::2]
    for layer, (W, b) in zip(dense, NetReader.EXAMPLE, strict=True):
        layer.W[:], layer.b[:] = W, b
    network.forward([[1, 0.5]])
    data = NetReader().data["layers"]
    columns = in_node("answer = layers.readNet([1, .5], given, bends.bends.sigmoid.f);", data)
    outputs = network.activations()
    for column, h, out in zip(columns[1:], outputs[::2], outputs[1::2], strict=True):
        np.testing.assert_allclose([unit["h"] for unit in column], h[0], rtol=1e-12)
        np.testing.assert_allclose([unit["out"] for unit in column], out[0], rtol=1e-12)
        for unit in column:
            assert sum(term["product"] for term in unit["terms"]) + unit["bias"] == pytest.approx(unit["h"], abs=1e-12)


def test_without_a_bend_a_stack_is_one_line_and_with_one_it_is_not(in_node):
    networks, x = StackedLayers().data["networks"], np.linspace(-3, 3, 13)
    lines = "answer = given.networks.map((net) => ({ ...stack.collapsed(net), ...Object.fromEntries(['identity', 'tanh', 'relu'].map((phi) => [phi, given.x.map((x) => stack.throughStack(x, net, bends.bends[phi].f))])) }));"
    for page, stack in zip(in_node(lines, {"networks": networks, "x": x.tolist()}), networks, strict=True):
        row = x[:, None]
        for i, layer in enumerate(stack):
            row = (np.tanh(row) if i else row) @ np.array(layer["W"]) + layer["b"]
        np.testing.assert_allclose(page["tanh"], row[:, 0], rtol=1e-9, atol=1e-12)
        line = page["w"] * x + page["b"]
        np.testing.assert_allclose(page["identity"], line, rtol=1e-9, atol=1e-9)
        assert np.abs(page["tanh"] - line).max() > 0.1 and np.abs(page["relu"] - line).max() > 0.1


def test_a_unit_has_a_name_and_its_layer_one_too(in_node):
    answer = in_node("answer = [layers.unitName([0, 1], 3, 2), layers.unitName([1, 2], 3, 3), layers.unitName([3, 0], 3, 1), layers.layerName(1, 2), layers.layerName(2, 3)];", None)
    assert answer == ["x₂", "u₃", "y", "hidden layer", "2nd hidden layer"]


@pytest.mark.parametrize(
    "make, says",
    [
        (lambda: NeuronLine(w=11), "w is 11; the figure shows −10 to 10"),
        (lambda: NeuronLine(b=float("nan")), "b"),
        (lambda: NeuronLine(x=-6), "x is −6"),
        (lambda: NeuronLine(phi="leakyrelu"), "knows sigmoid, tanh, relu, step, identity"),
        (lambda: ActivationGallery("softplus"), "phi is 'softplus'"),
        (lambda: ActivationGallery(h=20), "h is 20"),
        (lambda: NetReader([]), "holds 0 pairs"),
        (lambda: NetReader([([[1], [1], [1]], [0])]), "W of layer 1 has 3 rows, .* 2 are needed"),
        (lambda: NetReader([([[1, 2], [1, 2]], [0])]), "rows of 1 numbers"),
        (lambda: NetReader([([[1] * 6] * 2, [0] * 6)]), "has 6 units; the figure draws 1 to 5"),
        (lambda: NetReader(x=(1, 2, 3)), "x must be 2 numbers"),
        (lambda: StackedLayers(depth=1), "depth is 1; the figure shows 2 to 10"),
        (lambda: StackedLayers("step"), "phi is 'step'"),
    ],
)  # fmt: skip
def test_values_that_cannot_be_drawn_get_a_sentence(make, says):
    with pytest.raises((ValueError, TypeError), match=says):
        make()


def test_a_figure_says_what_the_page_shows_and_refuses_names_it_does_not_have():
    figure = NeuronLine(w=2, b=-3)
    figure.values = {"w": 4}
    assert figure.values["w"] == 4 and figure.values["b"] == -3 and figure.start["w"] == 2
    with pytest.raises(ValueError, match="no value 'W'"):
        figure.values = {"W": 1}
