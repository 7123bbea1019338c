"""The search board: every cell is a run with its own learning rate and penalty."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from course_lib.checks import whole
from course_lib.losses import SoftmaxCrossEntropy
from course_lib.network import mlp
from course_lib.optimizers import SGD
from course_lib.regularizers import L2
from course_lib.training import fit
from course_lib.widgets import css, esm
from course_lib.widgets.clinic.setup import ward
from course_lib.widgets.figure import Figure

ETAS = np.logspace(-3, 0.5, 15)
LAMBDAS = np.logspace(-4.5, -0.5, 9)
WORST = 9.99  # what stands for a run that diverged


class SearchBoard(Figure):
    """A game: η across, λ upwards, each cell a run that was really trained; find the best with a budget of runs.

    All cells are trained together when the board is first made, one replica each. `values`: the `budget`, and the cells
    `tried`, counted row by row from 0. `scores` is (λ, η), the validation loss of each run.

    >>> board = SearchBoard(budget=12)
    >>> board.scores.shape, board.values["tried"]
    ((9, 15), [])
    """

    _esm = esm("clinic/board.js")
    _css = css("clinic/board.css")

    def __init__(self, budget: int = 16, **options):
        budget = whole(budget, "budget")
        if not 4 <= budget <= ETAS.size * LAMBDAS.size:
            raise ValueError(f"budget is {budget}; it needs 4 runs at least, and there are {ETAS.size * LAMBDAS.size} cells.")
        self.scores = all_scores()
        data = {"etas": ETAS, "lambdas": LAMBDAS, "scores": self.scores.ravel(), "worst": WORST}
        data = {name: value.tolist() if hasattr(value, "tolist") else value for name, value in data.items()}
        super().__init__(values={"budget": budget, "tried": [], "cell": ETAS.size * (LAMBDAS.size // 2) + ETAS.size // 2, "map": False, "seed": 0}, data=data, **options)


@lru_cache(maxsize=1)
def all_scores():
    """The validation loss of every cell, (λ, η): 20 hidden units, 400 digits, 15 epochs, each cell a replica."""
    X, X_val, y, y_val = ward(spoiled=0.2)
    eta, lam = (grid.reshape(-1, 1).astype(np.float32) for grid in np.meshgrid(ETAS, LAMBDAS))
    network = mlp([64, 20, 10], rng=0, replicas=eta.size)
    history = fit(network, SoftmaxCrossEntropy(), X, y, SGD(eta), epochs=15, batch_size=20, rng=0, regularizer=L2(lam), validation=(X_val, y_val))
    last = np.array(history.validation_loss[-1], dtype=float)
    return np.minimum(np.where(np.isfinite(last), last, WORST), WORST).reshape(LAMBDAS.size, ETAS.size)
