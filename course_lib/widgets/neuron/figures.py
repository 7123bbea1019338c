"""The four figures of lecture L01."""

from __future__ import annotations

import numpy as np

from course_lib.checks import number, whole
from course_lib.widgets import css, esm
from course_lib.widgets.figure import Figure
from course_lib.widgets.numbers import numbers

BENDS = ("sigmoid", "tanh", "relu", "leakyrelu", "step", "identity")
MOST_LAYERS, DRAWS, WIDTH = 10, 8, 4


class NeuronLine(Figure):
    """One neuron with one input: set w and b, drag the boundary h = 0, and read h and φ(h) at any x.

    h = w x + b,  output φ(h),  boundary x = −b/w

    w and b lie between −10 and 10, x between −5 and 5; `phi` is "sigmoid", "tanh", "relu", "step" or "identity".
    Raises `ValueError` for other numbers and names.

    >>> figure = NeuronLine(w=2, b=-3)
    >>> figure.values["b"]
    -3.0
    """

    _esm = esm("neuron/line.js")
    _css = css("neuron/neuron.css")

    def __init__(self, w=1, b=0, *, x=1, phi="sigmoid", title=""):
        values = {"w": within(w, "w", -10, 10), "b": within(b, "b", -10, 10), "x": within(x, "x", -5, 5)}
        known = [name for name in BENDS if name != "leakyrelu"]
        super().__init__(values={**values, "phi": bend(phi, known)}, title=title)


class ActivationGallery(Figure):
    """The bends φ and their slopes φ′ for h from −10 to 10, with a place h to drag.

    `phi` is "sigmoid", "tanh", "relu", "leakyrelu", "step" or "identity"; h lies between −10 and 10.
    Raises `ValueError` for others.

    >>> ActivationGallery("tanh").values
    {'phi': 'tanh', 'h': 0.0}
    """

    _esm = esm("neuron/gallery.js")
    _css = css("neuron/neuron.css")

    def __init__(self, phi="sigmoid", *, h=0, title=""):
        super().__init__(values={"phi": bend(phi, BENDS), "h": within(h, "h", -10, 10)}, title=title)


class NetReader(Figure):
    """A small net with its numbers: press a unit, and its weighted sum and its output are worked out beside it.

    h = x₁ w₁ + x₂ w₂ + … + b,  output φ(h)

    `layers` holds a pair (W, b) for each layer after the inputs, W (n_in, n_out), b (n_out,): two inputs, then up to
    five units a layer and three layers. `phi` is the bend of every unit. A 2-3-2-1 net unless you say otherwise.
    Raises `ValueError` for shapes that do not fit together.

    >>> NetReader([([[1], [-1]], [-.5])]).values["unit"]
    '1,0'
    """

    _esm = esm("neuron/reader.js")
    _css = css("neuron/neuron.css")

    EXAMPLE = [
        ([[1.5, -1, 0.5], [0.5, 1, -2]], [-0.5, 0.5, 1]),
        ([[2, -1], [-1.5, 1], [0.5, 1]], [0, -0.5]),
        ([[1.5], [-2]], [0.25]),
    ]

    def __init__(self, layers=None, *, x=(1, 0.5), phi="sigmoid", title=""):
        layers = [dense(W, b, i) for i, (W, b) in enumerate(self.EXAMPLE if layers is None else layers, 1)]
        if not 1 <= len(layers) <= 3:
            raise ValueError(f"layers holds {len(layers)} pairs (W, b); the figure draws 1 to 3.")
        n_in = 2
        for i, layer in enumerate(layers, 1):
            if len(layer["W"]) != n_in:
                raise ValueError(f"W of layer {i} has {len(layer['W'])} rows, one for each number that comes in: {n_in} are needed.")
            n_in = len(layer["b"])
        x1, x2 = (within(value, "x", -3, 3) for value in numbers(x, (2,), "x"))
        values = {"x1": x1, "x2": x2, "phi": bend(phi, [name for name in BENDS if name != "leakyrelu"]), "unit": "1,0"}
        super().__init__(values=values, data={"layers": layers}, title=title)


class StackedLayers(Figure):
    """A stack of layers with one number in and one out; choose what stands between them, and how many there are.

    Without a bend the stack is w x + b, one neuron, whatever its weights: the figure shows which. The weights of its
    eight networks are drawn from `seed`. `depth` is 2 to 10 layers; `phi` "identity", "tanh", "relu" or "sigmoid".

    >>> StackedLayers(depth=5).values["phi"]
    'identity'
    """

    _esm = esm("neuron/stacked.js")
    _css = css("neuron/neuron.css")

    def __init__(self, phi="identity", *, depth=10, seed=0, title=""):
        values = {
            "phi": bend(phi, ["identity", "tanh", "relu", "sigmoid"]),
            "depth": int(within(whole(depth, "depth"), "depth", 2, MOST_LAYERS)),
            "draw": 1,
        }
        rngs = np.random.default_rng(seed).spawn(DRAWS)
        super().__init__(values=values, data={"networks": [drawn_stack(rng) for rng in rngs]}, title=title)


def drawn_stack(rng: np.random.Generator) -> list[dict]:
    """Ten layers 1-4-…-4-1 with normal weights, their variance 2/n_in, so that ten layers neither die out nor explode.

    >>> stack = drawn_stack(np.random.default_rng(0))
    >>> len(stack), len(stack[0]["W"]), len(stack[-1]["b"])
    (10, 1, 1)
    """
    sizes = [1] + [WIDTH] * (MOST_LAYERS - 1) + [1]
    return [
        {"W": rng.normal(0, np.sqrt(2 / n_in), (n_in, n_out)).tolist(), "b": rng.normal(0, 0.5, n_out).tolist()}
        for n_in, n_out in zip(sizes, sizes[1:])
    ]


def dense(W, b, place: int) -> dict:
    """One layer's (W, b) as lists, or a sentence about what does not fit."""
    b = numbers(b, (None,), f"b of layer {place}")
    if not 1 <= len(b) <= 5:
        raise ValueError(f"Layer {place} has {len(b)} units; the figure draws 1 to 5.")
    return {"W": numbers(W, (None, len(b)), f"W of layer {place}"), "b": b}


def bend(phi, known) -> str:
    if phi not in known:
        raise ValueError(f"phi is {phi!r}; this figure knows {', '.join(known)}.")
    return phi


def within(value, name: str, low: float, high: float) -> float:
    value = number(value, name)
    if not low <= value <= high:
        raise ValueError(f"{name} is {value:g}; the figure shows {low:g} to {high:g}.".replace("-", "−"))
    return value
