"""Dropout's masks: all of them, and some of them."""

from __future__ import annotations

from itertools import product

import numpy as np

from course_lib.activations import ReLU
from course_lib.checks import number
from course_lib.layers import Dense, Dropout
from course_lib.network import Network
from course_lib.widgets import css, esm
from course_lib.widgets.figure import Figure
from course_lib.widgets.numbers import numbers

MOST_INPUTS, MOST_UNITS = 4, 10


class MaskTable(Figure):
    """One neuron, a = Σ w_i x_i, whose inputs are dropped: every mask with its chance and a, their mean, and a in use.

    E[a] = Σ over masks of chance · a = keep · Σ w_i x_i, and with the division by keep (inverted dropout) Σ w_i x_i.

    x and w are equally many numbers, 1 to 4; keep is the probability that an input stays, between 0 and 1.
    `values`: p, and `means` whether p is the chance of "keep" or "drop"; `divide` by keep while training; the `seed`.

    >>> figure = MaskTable(x=[2, 3], w=[.5, -1], keep=.8)
    >>> figure.values["p"], figure.values["means"]
    (0.8, 'keep')
    """

    _esm = esm("dropout/mask_table.js")
    _css = css("dropout/dropout.css")

    def __init__(self, x=(2, 3), w=(0.5, -1), *, keep=0.5, divide=False, **options):
        x, w, keep = numbers(x, (None,), "x"), numbers(w, (None,), "w"), number(keep, "keep")
        if len(x) != len(w) or not 1 <= len(x) <= MOST_INPUTS:
            raise ValueError(f"x has {len(x)} numbers and w has {len(w)}; give equally many, 1 to {MOST_INPUTS}, so that all masks fit a table.")
        if not 0 < keep < 1:
            raise ValueError(f"keep is {keep:g}; the probability of keeping an input lies between 0 and 1.")
        super().__init__(values={"p": keep, "means": "keep", "divide": bool(divide), "seed": 0}, data={"x": x, "w": w}, **options)


class MaskAverage(Figure):
    """The running average of a network's output over random masks, beside the average over all of them and one pass.

    networks is a dict, name -> Network of Dense, ReLU and Dropout layers with one output and at most 10 dropped units;
    x its one input. Without networks: one hidden layer (a linear output follows the mask), where the two are equal, and
    two hidden layers (a ReLU follows a mask), the one of 200 random networks with the widest gap.

    `exact` has, for each network, the mean over "all masks" and what "one pass" says.

    >>> figure = MaskAverage()
    >>> one = figure.exact["one hidden layer"]
    >>> bool(abs(one["all masks"] - one["one pass"]) < 1e-12)
    True
    """

    _esm = esm("dropout/mask_average.js")
    _css = css("dropout/dropout.css")

    def __init__(self, networks: dict | None = None, x=(1, 2), **options):
        x = numbers(x, (None,), "x")
        networks = networks or {"one hidden layer": _network(2, 6, 1, seed=0), "two hidden layers": _unluckiest(x)}
        if not isinstance(networks, dict):
            raise TypeError(f"networks is {type(networks).__name__}; it must be a dict from a name to a network, as {{'mine': network}}.")
        self.exact = {name: {"all masks": mean_over_masks(network, x), "one pass": float(network.predict([x])[0, 0])} for name, network in networks.items()}
        data = {"x": x, "nets": {name: as_lists(network) for name, network in networks.items()}}
        super().__init__(values={"net": next(iter(networks)), "seed": 0}, data=data, **options)


def mean_over_masks(network: Network, x) -> float:
    """The network's output, averaged over all its dropout masks, each with its probability; exact, by enumeration.

    >>> network = Network(Dense(2, 3), ReLU(), Dropout(drop=.5), Dense(3, 1), rng=0, dtype=np.float64)
    >>> bool(np.isclose(mean_over_masks(network, [1, 2]), network.predict([[1, 2]])[0, 0]))
    True
    """
    sizes = dropped_units(network)
    masks = np.array(list(product((0, 1), repeat=sum(sizes))))
    chance, at, X = np.ones(len(masks)), 0, np.tile(np.asarray(x, float), (len(masks), 1))
    for layer in network.layers:
        if isinstance(layer, Dropout):
            mask, at = masks[:, at : at + X.shape[1]], at + X.shape[1]
            chance *= np.where(mask, layer.keep, layer.drop).prod(axis=1)
            X = X * mask / layer.keep
        else:
            X = np.maximum(X, 0) if isinstance(layer, ReLU) else X @ np.float64(layer.W) + layer.b
    return float(chance @ X[:, 0])


def dropped_units(network: Network) -> list[int]:
    """How many numbers each dropout layer sees; a sentence for a network that the figure cannot show."""
    sizes, width = [], None
    for layer in network.layers:
        if isinstance(layer, Dropout) and width:
            sizes.append(width)
        elif isinstance(layer, Dense):
            width = layer.n_out
        elif not isinstance(layer, ReLU):
            raise ValueError(f"The network has a layer {layer!r}; this figure knows Dense, ReLU, and Dropout after one of them.")
    if network.replicas is not None or width != 1:
        raise ValueError("The figure draws one number: give a single network with one output, without replicas.")
    if not 1 <= sum(sizes) <= MOST_UNITS:
        raise ValueError(f"The network drops {sum(sizes)} units; 1 to {MOST_UNITS} leave few enough masks to average over all of them.")
    return sizes


def as_lists(network: Network) -> list[dict]:
    """The layers as masks.js reads them."""
    sizes = iter(dropped_units(network))
    kinds = {Dense: lambda layer: {"W": layer.W.tolist(), "b": layer.b.tolist()}, ReLU: lambda layer: {"relu": True},
             Dropout: lambda layer: {"keep": layer.keep, "n": next(sizes)}}  # fmt: skip
    return [kinds[type(layer)](layer) for layer in network.layers]


def _network(*sizes, seed):
    layers = []
    for n_in, n_out in zip(sizes, sizes[1:]):
        layers += [Dense(n_in, n_out), ReLU(), Dropout(drop=0.5)]
    return Network(*layers[:-2], rng=seed, dtype=np.float64)


def _unluckiest(x):
    """Of 200 random networks with two hidden layers the one where a single pass is furthest from the average."""
    candidates = (_network(len(x), 4, 4, 1, seed=seed) for seed in range(200))
    return max(candidates, key=lambda network: abs(mean_over_masks(network, x) - network.predict([x])[0, 0]))
