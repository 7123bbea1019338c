"""The figures of L15: sliding a kernel and two networks in the page against course_lib and loops; bad values."""


import numpy as np
import pytest

from course_lib.activations import ReLU, Sigmoid
from course_lib.layers import Conv2D, Dense, Flatten, MaxPool2D
from course_lib.network import Network, mlp
from course_lib.widgets import FOLDER
from course_lib.widgets.convolution import ShiftedDigits, SlideKernel, layers_of, on_canvas, shift_accuracy


@pytest.fixture
def node(printed):
    """The value of an expression in conv.js's names, as m; arrays that `given` holds arrive with their shape."""

    def run(expression, given):
        program = f"""
            import * as m from "{(FOLDER / "convolution" / "conv.js").as_uri()}";
            let text = "";
            for await (const part of process.stdin) text += part;
            const whole = (value) => (value?.shape ? Object.assign(Float64Array.from(value.values), {{ shape: value.shape }}) : value);
            const given = JSON.parse(text, (_, value) => whole(value));
            console.log(JSON.stringify({expression}));
        """
        return printed(program, given, default=as_values)

    return run


def unpacked(value):
    """A packed array as numbers that JSON can carry; everything else as it is."""
    if isinstance(value, dict) and "bytes" in value:
        return {"shape": value["shape"], "values": np.frombuffer(value["bytes"], value["dtype"]).tolist()}
    if isinstance(value, dict):
        return {key: unpacked(each) for key, each in value.items()}
    return [unpacked(each) for each in value] if isinstance(value, list) else value


def as_values(value):
    return value.tolist()


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("padding", [0, 1, 2])
def test_the_sums_in_the_page_are_those_of_the_layer_for_every_stride_and_padding(node, stride, padding):
    rng = np.random.default_rng(10 * stride + padding)
    image, kernel = rng.normal(size=(8, 8)), rng.normal(size=(3, 3))  # not symmetric, so that a flip would show
    layer = Conv2D(1, 1, 3, stride=stride, padding=padding).build(rng=0, dtype=np.float64)
    layer.W[..., 0, 0] = kernel
    expected = layer.forward(image[None, :, :, None])[0, :, :, 0]
    given = {"image": image.ravel(), "kernel": kernel.ravel()}
    sums, upside = node(f"[m.convolve(given.image, 8, given.kernel, 3, {stride}, {padding}), m.convolve(given.image, 8, m.flipped(given.kernel), 3, {stride}, {padding})]", given)
    np.testing.assert_allclose(sums, expected, rtol=1e-12, atol=1e-12)  # nine products, in another order
    layer.W[..., 0, 0] = kernel[::-1, ::-1]
    np.testing.assert_allclose(upside, layer.forward(image[None, :, :, None])[0, :, :, 0], rtol=1e-12, atol=1e-12)


def test_a_window_is_nine_pixels_in_reading_order(node):
    given = {"image": list(range(16))}
    window = node("m.windowAt({ image: given.image, side: 4 }, 3, 1, [1, 1])", given)
    assert window["pixels"] == [5, 6, 7, 9, 10, 11, 13, 14, 15]
    assert window["cells"][0] == [1, 1] and window["cells"][-1] == [3, 3]


def test_both_networks_say_in_the_page_what_they_say_in_python(node):
    rng = np.random.default_rng(0)
    image = rng.random((12, 12))
    conv = Network(Conv2D(1, 4, 5, padding=4), ReLU(), MaxPool2D(4), Conv2D(4, 3, 2), ReLU(), MaxPool2D(3), Flatten(), Dense(3, 10), rng=1, dtype=np.float64)
    dense = mlp([144, 7, 10], rng=2, dtype=np.float64)
    for network, X in ((conv, image[None, :, :, None]), (dense, image.reshape(1, -1))):
        o = network.predict(X)[0]
        p = np.exp(o - o.max()) / np.exp(o - o.max()).sum()
        page = node("m.predict(given.layers, given.image, 12)", {"layers": unpacked(layers_of(network)), "image": image.ravel()})
        np.testing.assert_allclose(page, p, rtol=1e-10)  # sums of a few hundred float64 products


def test_shifting_in_the_page_is_shifting_on_the_canvas(node):
    X = np.random.default_rng(3).random((1, 64))
    for down, right in ((0, 0), (2, -1), (-2, 2)):
        page = node(f"m.shifted(given, 12, {down}, {right})", on_canvas(X).ravel())
        np.testing.assert_array_equal(page, on_canvas(X, down, right).ravel())


def test_a_maximum_over_all_places_does_not_see_a_shift_and_a_dense_network_does():
    X, y = on_canvas(np.random.default_rng(4).random((30, 64))), np.arange(30) % 10
    conv = Network(Conv2D(1, 6, 5, padding=4), ReLU(), MaxPool2D(16), Flatten(), Dense(6, 10), rng=0, dtype=np.float64)
    np.testing.assert_allclose(conv.predict(np.roll(X, (2, -2), (1, 2))), conv.predict(X), rtol=1e-12, atol=1e-12)
    grid = shift_accuracy(conv, X, y)
    assert grid.shape == (5, 5) and np.ptp(grid) == 0
    dense = mlp([144, 6, 10], rng=0)
    assert not np.allclose(dense.predict(np.roll(X, 1, 2).reshape(30, -1)), dense.predict(X.reshape(30, -1)), atol=0.01)


def two(**changes):
    networks = {"a": Network(Flatten(), Dense(144, 10), rng=0), "b": mlp([144, 10], rng=0)}
    return {"networks": networks, "X": np.zeros((4, 12, 12, 1)), "y": np.arange(4), **changes}


@pytest.mark.parametrize(
    "make, says",
    [
        (lambda: SlideKernel(images=[[1, 2, 3]], labels=[0]), "side × side pixels"),
        (lambda: SlideKernel(images=np.zeros((2, 16)), labels=[0]), "one label each"),
        (lambda: SlideKernel(images=np.zeros((1, 16))), "images and labels together"),
        (lambda: SlideKernel(kernel=[1, 2]), "kernel must be 9 numbers"),
        (lambda: ShiftedDigits(**two(X=np.zeros((4, 144)))), "give pictures"),
        (lambda: ShiftedDigits(**two(networks={"a": mlp([144, 10])})), "a dict of two"),
        (lambda: ShiftedDigits(**two(networks={"a": mlp([144, 10]), "b": Network(Dense(144, 10), Sigmoid())})), "knows Dense, ReLU"),
        (lambda: on_canvas(np.zeros((1, 64)), down=3), "only 2 empty pixels"),
    ],
)
def test_what_cannot_be_shown_gets_a_sentence(make, says):
    with pytest.raises((ValueError, TypeError), match=says):
        make()
