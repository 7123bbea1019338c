"""A net of up to twenty layers of 500 units, drawn anew for every gain, and what its layers look like before training."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from course_lib.checks import number, whole
from course_lib.layers import Dense
from course_lib.losses import SoftmaxCrossEntropy
from course_lib.network import mlp
from course_lib.widgets import esm
from course_lib.widgets.figure import Fed, packed

WIDTH, ROWS, CLASSES, ETA = 500, 64, 10, 0.1
BINS, POWERS = 40, (-14, 6)
RANGES = {"tanh": (-1, 1), "sigmoid": (0, 1), "relu": (0, 3)}
MOST_LAYERS, GAINS = 20, (0.1, 30)
MOST = 1e30  # larger is shown as this: the page's numbers must be finite
PRESETS = (  # the gains to three digits: .01·√500 = .224, √500 = 22.4, 1/√3 = .577, √2 = 1.41
    ("tanh, std .01", "tanh", 0.224),
    ("tanh, std 1", "tanh", 22.4),
    ("tanh, 1/√n", "tanh", 1.0),
    ("tanh, as nn.Linear", "tanh", 0.577),
    ("ReLU, 1/√n", "relu", 1.0),
    ("ReLU, √(2/n), He", "relu", 1.41),
    ("sigmoid, 1/√n", "sigmoid", 1.0),
)


class LayerSpread(Fed):
    """How activations, gradients and updates are spread, layer by layer, in a net 500 wide before it learns.

    Weights are normal with standard deviation g/√n, n = 500; biases are 0; 64 examples of 500 normal numbers, ten random
    classes, softmax and cross-entropy. An update is η ∂ℓ/∂W with η = .1, measured against W.

    `phi` is "tanh", "relu" or "sigmoid", `gain` g from .1 to 30, `depth` 2 to 20 hidden layers.
    Raises `ValueError` for anything else. Sources: Glorot and Bengio (2010), figures 6 and 7; He et al. (2015).

    >>> figure = LayerSpread(phi="relu", gain=2**.5)
    >>> header, arrays = figure.answer({"phi": "tanh", "gain": 1, "depth": 2, "seed": 0})
    >>> [round(std, 1) for std in header["std"]], arrays[0].shape
    ([0.6, 0.5], (2, 40))
    """

    _esm = esm("initialization/layer_spread.js")

    def __init__(self, *, phi="tanh", gain=1.0, depth=10, seed=0, **options):
        values = {"phi": phi, "gain": gain, "depth": depth, "seed": seed}
        _checked(**values)
        data = {"known": _known_runs(phi, float(gain), depth, seed), "width": WIDTH, "rows": ROWS, "eta": ETA, "bins": BINS, "powers": POWERS}
        super().__init__(values=values, data=data, **options)

    def answer(self, request):
        return spread(**_checked(**{name: request.get(name) for name in ("phi", "gain", "depth", "seed")}))


def spread(phi: str, gain: float, depth: int, seed: int):
    """(numbers by layer, [histograms of activations (depth, 40), of log10 |∂ℓ/∂W| (depth, 40)])."""

    def init(shape, rng):
        return gain / shape[0] ** 0.5 * next(draws)[:, : shape[1]]

    draws = (_normal(seed, layer) for layer in range(depth + 1))
    network = mlp([WIDTH] * (depth + 1) + [CLASSES], hidden=phi, init=init, rng=0)
    X, y = _examples(seed)
    o = network.forward(X, train=True)
    network.backward(SoftmaxCrossEntropy().gradient(o, y))
    activations = network.activations()[1:-1:2]
    dense = [layer for layer in network.layers if isinstance(layer, Dense)][:-1]
    low, high = RANGES[phi]
    header = {
        "std": [_size(a.std(dtype=np.float64)) for a in activations],
        "saturated": [_share((a < low + 0.01) | (a > high - 0.01)) for a in activations],
        "dead": [_share(a == 0) for a in activations],
        "gradient": [_size(layer.d_W.std(dtype=np.float64)) for layer in dense],
        "ratio": [_size(ETA * _length(layer.d_W) / _length(layer.W)) for layer in dense],
    }
    return header, [
        np.array([_counts(np.clip(a[:, ::4], low, high), low, high) for a in activations]),
        np.array([_counts(_powers(layer.d_W[::25]), *POWERS) for layer in dense]),
    ]


def _checked(phi, gain, depth, seed):
    if phi not in RANGES:
        raise ValueError(f"phi is {phi!r}; the figure knows {', '.join(RANGES)}.")
    gain, depth, seed = number(gain, "gain"), whole(depth, "depth"), whole(seed, "seed", at_least=0)
    if not GAINS[0] <= gain <= GAINS[1]:
        raise ValueError(f"gain is {gain:g}; the figure takes {GAINS[0]} to {GAINS[1]}.")
    if not 2 <= depth <= MOST_LAYERS:
        raise ValueError(f"depth is {depth}; the figure takes 2 to {MOST_LAYERS} hidden layers.")
    return {"phi": phi, "gain": gain, "depth": depth, "seed": seed}


def _known_runs(phi, gain, depth, seed):
    """The start and the presets, worked out once, so that they show without a kernel."""
    runs = [("as it began", phi, gain, depth, seed)] if (phi, gain) not in [preset[1:] for preset in PRESETS] or (depth, seed) != (10, 0) else []
    return [_known(*run) for run in (*runs, *((*preset, 10, 0) for preset in PRESETS))]


@lru_cache(maxsize=32)
def _known(name, phi, gain, depth, seed):
    header, (activations, gradients) = spread(phi, gain, depth, seed)
    return {
        "name": name, "values": {"phi": phi, "gain": gain, "depth": depth, "seed": seed},
        "header": header, "activations": packed(activations), "gradients": packed(gradients),
    }  # fmt: skip


@lru_cache(maxsize=2 * MOST_LAYERS)
def _normal(seed, layer):
    return np.random.default_rng([seed, layer]).standard_normal((WIDTH, WIDTH), dtype=np.float32)


@lru_cache(maxsize=2)
def _examples(seed):
    rng = np.random.default_rng([seed, 1000])
    return rng.standard_normal((ROWS, WIDTH), dtype=np.float32), rng.integers(CLASSES, size=ROWS)


def _counts(values, low, high):
    return np.histogram(values, bins=BINS, range=(low, high))[0].astype(np.float32)


def _powers(values):
    """log10 |value|, what is 0 or too small at the lower end."""
    size = np.abs(values)
    return np.log10(np.clip(size, 10.0 ** POWERS[0], 10.0 ** POWERS[1]))


def _length(a):
    return float(np.sqrt(np.sum(np.square(a, dtype=np.float64))))


def _size(value):
    return float(min(np.nan_to_num(value, nan=MOST, posinf=MOST), MOST))


def _share(mask):
    return float(np.mean(mask))
