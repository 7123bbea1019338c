"""The figures of lecture L15: convolution.

    SlideKernel      a 3 × 3 kernel slides over a digit, nine products and a sum at every place   (slide_kernel.js)
    ShiftedDigits    a digit is moved; a dense network and a convolution say what they see        (shifted_digits.js)
"""

from __future__ import annotations

import numpy as np

from course_lib.activations import ReLU
from course_lib.data import digits
from course_lib.layers import Conv2D, Dense, Flatten, MaxPool2D
from course_lib.network import Network
from course_lib.widgets import css, esm
from course_lib.widgets.figure import Figure, packed
from course_lib.widgets.numbers import numbers

__all__ = ["SlideKernel", "ShiftedDigits", "on_canvas"]

EDGE = (-1, 0, 1, -1, 0, 1, -1, 0, 1)
REACH = 2  # pixels that a digit is moved at most


class SlideKernel(Figure):
    """A 3 × 3 kernel over a square picture: at each place nine products and their sum, number by number.

    h[r, c] = Σ_{i, j} x[r · stride + i, c · stride + j] W[i, j], with `padding` zeros around x. Not flipped, unless asked.

    images is (N, side²), row by row, numbers from 0 to 16, labels (N,); ten digits unless you say otherwise. kernel has
    nine numbers. `values`: digit, kernel, stride, padding, flip, and the place `at` (row, column).

    >>> SlideKernel().values["kernel"][:3]
    [-1.0, 0.0, 1.0]
    """

    _esm = esm("convolution/slide_kernel.js")
    _css = css("convolution/convolution.css")

    def __init__(self, images=None, labels=None, kernel=EDGE, **options):
        if (images is None) != (labels is None):
            raise ValueError("Give images and labels together: the pictures and what they show.")
        if images is None:
            X, y = digits()
            first = [int(np.argmax(y == digit)) for digit in (1, 7, 4, 0, 8)]
            images, labels = 16 * X[first], y[first]
        images, labels, kernel = numbers(images, (None, None), "images"), numbers(labels, (None,), "labels"), numbers(np.ravel(kernel), (9,), "kernel")
        side = round(len(images[0]) ** 0.5) if images else 0
        if side * side != len(images[0] if images else [0]) or not 3 <= side <= 12 or len(labels) != len(images):
            raise ValueError("images must be rows of side × side pixels, with a side from 3 to 12, and one label each.")
        values = {"digit": 0, "kernel": kernel, "cell": 4, "weight": kernel[4], "stride": 1, "padding": 0, "flip": False, "at": [0, 0]}
        super().__init__(values=values, data={"images": images, "labels": [round(label) for label in labels], "side": side}, **options)


class ShiftedDigits(Figure):
    """A digit to move by up to two pixels, and what two networks make of it; beside it their accuracy for every shift.

    networks is a dict of two, name -> Network: of Dense, ReLU, Conv2D (square, stride 1), MaxPool2D and Flatten. X is
    (N, side, side, 1), pictures with two empty pixels all around, y their classes; the first ten different classes are shown.
    `accuracy[name]` is (5, 5): the share of right answers for pictures moved −2 … 2 down (rows) and right (columns).

    >>> X, y = digits()
    >>> nets = {"dense": Network(Dense(144, 10), rng=0), "other": Network(Flatten(), Dense(144, 10), rng=0)}
    >>> ShiftedDigits(nets, on_canvas(X[:50]), y[:50]).accuracy["dense"].shape
    (5, 5)
    """

    _esm = esm("convolution/shifted_digits.js")
    _css = css("convolution/convolution.css")

    def __init__(self, networks: dict, X, y, **options):
        X, y = np.asarray(X, dtype=float), np.asarray(y)
        if X.ndim != 4 or X.shape[1] != X.shape[2] or X.shape[3] != 1 or len(y) != len(X) or not len(X):
            raise ValueError(f"X has shape {X.shape} and y {y.shape}; give pictures (N, side, side, 1) and a class for each.")
        if not isinstance(networks, dict) or len(networks) != 2:
            raise ValueError("networks must be a dict of two, as {'dense network': …, 'convolution': …}.")
        self.accuracy = {name: shift_accuracy(network, X, y) for name, network in networks.items()}
        shown = [int(np.argmax(y == label)) for label in np.unique(y)[:10]]
        nets = [
            {"name": name, "numbers": int(network.theta.size), "layers": layers_of(network), "accuracy": self.accuracy[name].tolist()} for name, network in networks.items()
        ]
        data = {"images": X[shown, :, :, 0].reshape(len(shown), -1).tolist(), "labels": y[shown].tolist(), "side": X.shape[1], "nets": nets}
        super().__init__(values={"digit": 0, "down": 0, "right": 0}, data=data, **options)


def on_canvas(X, down=0, right=0, *, side=8, margin=REACH):
    """Rows of side² pixels as pictures with `margin` empty pixels all around, moved: (N, side + 2 margin, side + 2 margin, 1).

    >>> on_canvas([[1, 2, 3, 4]], down=1, side=2, margin=1)[0, :, :, 0]
    array([[0., 0., 0., 0.],
           [0., 0., 0., 0.],
           [0., 1., 2., 0.],
           [0., 3., 4., 0.]])
    """
    X = np.asarray(X, dtype=float).reshape(-1, side, side)
    if max(abs(down), abs(right)) > margin:
        raise ValueError(f"The picture is moved by ({down}, {right}), but there are only {margin} empty pixels around it.")
    canvas = np.zeros((len(X), side + 2 * margin, side + 2 * margin, 1))
    canvas[:, margin + down : margin + down + side, margin + right : margin + right + side, 0] = X
    return canvas


def shift_accuracy(network, X, y):
    """The share of right answers for each shift, −2 … 2 down (rows) and right (columns), (5, 5)."""
    steps = range(-REACH, REACH + 1)
    return np.array([[np.mean(_answers(network, np.roll(X, (down, right), (1, 2))) == y) for right in steps] for down in steps])


def _answers(network, X):
    rows = isinstance(network.layers[0], Dense)
    return network.predict(X.reshape(len(X), -1) if rows else X).argmax(axis=1)


def layers_of(network: Network) -> list:
    """The layers as conv.js reads them, in float64."""
    found = []
    for layer in network.astype(np.float64).layers:
        if isinstance(layer, Dense):
            found.append({"dense": packed(layer.W), "b": packed(layer.b)})
        elif isinstance(layer, Conv2D) and layer.stride == (1, 1) and layer.padding[0] == layer.padding[1] and layer.size[0] == layer.size[1]:
            found.append({"conv": packed(layer.W), "b": packed(layer.b), "padding": layer.padding[0]})
        elif isinstance(layer, MaxPool2D) and layer.size[0] == layer.size[1]:
            found.append({"pool": layer.size[0]})
        elif isinstance(layer, (ReLU, Flatten)):
            found.append(type(layer).__name__.lower())
        else:
            raise ValueError(f"The network has a layer {layer!r}; this figure knows Dense, ReLU, Flatten, square MaxPool2D, and square Conv2D without stride.")
    return found
