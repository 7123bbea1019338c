"""What A4's probes are made of: networks with their rows and what forward says of them. No number is so special that a mistake could hide behind it."""

import numpy as np

from .convention import MEAN
from .model import SLOPE, WEIGHED, forward, output_slope

LECTURE = "L07, MLPs: from three hidden units to matrices"
INPUTS = "leaves its arguments as they were"
MORE_PHI, SINGLE, WIDTHS = "tanh and ReLU", "a single row", "other widths"


def network(rng, rows, inputs, hidden, phi):
    """A network, its rows and what forward says of them, by name."""
    while True:
        X, W1 = rng.normal(size=(rows, inputs)).round(2), rng.normal(size=(inputs, hidden)).round(2)
        b1, b_o = _away_from_zero(rng, hidden), float(_away_from_zero(rng, 1)[0])
        w_o = rng.choice(WEIGHTS, size=hidden, replace=False)
        y = rng.permutation((np.arange(rows) + rng.integers(2)) % 2).astype(float)
        h, p = (value.round(3) for value in forward(X, W1, b1, w_o, b_o, phi))
        a = X @ W1 + b1
        lively = (h > .05).any(axis=0).all() and (rows * hidden < 6 or (h == 0).any()) if phi == "relu" else np.abs(a).max() < 3
        d_o = output_slope(p, y, MEAN)
        told = np.abs(h.T @ d_o).max() > .02 and np.abs(X.T @ (WEIGHED(d_o, w_o) * SLOPE[phi](h))).max() > .02
        if lively and told and np.abs(a).min() > .01 and np.abs(p - .5).min() > .02 and .03 < p.min() and p.max() < .97:
            return {"X": X, "y": y, "W1": W1, "b1": b1, "w_o": w_o, "b_o": b_o, "phi": phi, "h": h, "p": p}


WEIGHTS = np.array([-1.8, -1.5, -1.2, -.8, -.6, -.4, .3, .5, .7, 1.3, 1.6, 1.9])        # none of size 1: a missing factor would not show


def _away_from_zero(rng, size):
    return rng.uniform(.2, 1.2, size=size).round(2) * rng.choice([-1, 1], size=size)


def another_order(values, rng):
    """The same network with its hidden neurons in another order."""
    places = np.roll(np.arange(len(values["w_o"])), int(rng.integers(1, len(values["w_o"]))))
    return {**values, "W1": values["W1"][:, places], "b1": values["b1"][places], "w_o": values["w_o"][places], "h": values["h"][:, places]}


def open_network(rows, inputs, hidden, phi):
    """A network of the public probes: the same in every term."""
    return network(np.random.default_rng([rows, inputs, hidden, len(phi)]), rows, inputs, hidden, phi)
