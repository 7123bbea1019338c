"""The figures of lecture L12: data that are easy to learn from, and layers that stay so.

    CloudAndBowl    a cloud of data to move, stretch and turn, four ways to prepare it, and the loss bowl that it makes
    NormRace        a deep net twice on the same minibatches: without and with batch normalization
    BatchRows       the rows of one batch on their way through batch normalization, in training and in use

All is computed in the page: clouds.js, bn_net.js and rows.js hold the arithmetic.
"""

from __future__ import annotations

from course_lib.checks import number
from course_lib.widgets import esm
from course_lib.widgets.figure import Figure
from course_lib.widgets.numbers import numbers

PREPARATIONS = ("raw", "center", "standardize", "pca", "whiten")
STARTS = ("0.01", "0.1", "he", "1")
RACE_BATCHES, ROW_BATCHES = (1, 2, 4, 10, 50, 200), (1, 2, 4, 8, 16)


class CloudAndBowl(Figure):
    """Data as a cloud of points, and the bowl that the squared error of a linear neuron makes of them.

    ℓ(w) = ½ mean (w·x − t)² is, around its lowest place, ½ δᵀHδ with H = mean of x xᵀ: only the data decide its shape.
    `prepare` is "raw", "center", "standardize", "pca" or "whiten"; `mean` the cloud's middle, from −5 to 5; `stretch`
    from 1 to 5 its standard deviation along an axis turned by `angle` degrees, across it is 1.

    >>> CloudAndBowl(prepare="whiten").values["prepare"]
    'whiten'
    """

    _esm = esm("preprocessing/cloud_and_bowl.js")

    def __init__(self, *, prepare="raw", mean=(4, 3), stretch=2.5, angle=35, **options):
        m1, m2 = numbers(mean, (2,), "mean")
        values = {
            "prepare": one_of(prepare, "prepare", PREPARATIONS),
            "stretch": between(stretch, "stretch", 1, 5), "angle": between(angle, "angle", -90, 90),
            "m1": between(m1, "the mean's first number", -5, 5), "m2": between(m2, "the mean's second number", -5, 5),
        }  # fmt: skip
        super().__init__(values=values, **options)


class NormRace(Figure):
    """A net of `depth` hidden layers of 12 ReLU units learns two moons twice, from the same weights on the same batches:
    as it is, and with batch normalization before each ReLU.

    `init` is "0.01", "0.1" or "1", a standard deviation, or "he"; `B` is 1, 2, 4, 10, 50 or 200 rows; `eta` from .01 to 10.
    With one row Python's `BatchNorm` refuses to train; the figure shows why: every normalized number is 0.

    >>> NormRace(init="1", eta=.1).values["B"]
    50
    """

    _esm = esm("preprocessing/norm_race.js")

    def __init__(self, *, init="0.01", eta=0.1, B=50, depth=6, seed=0, **options):
        values = {
            "eta": between(eta, "eta", 0.01, 10), "init": one_of(init, "init", STARTS), "B": one_of(B, "B", RACE_BATCHES),
            "depth": one_of(depth, "depth", tuple(range(1, 9))), "byBatch": False, "seed": seed,
        }  # fmt: skip
        super().__init__(values=values, **options)


class BatchRows(Figure):
    """What batch normalization makes of the rows of one batch: y = γ (h − mean) / √(var + ε) + β.

    `mode` "train" takes mean and variance of the batch, "use" the running ones (mean 2, variance 4). `first` is h of the
    first row, from −8 to 12; `B` is 1, 2, 4, 8 or 16 rows.

    >>> BatchRows(B=1).values["mode"]
    'train'
    """

    _esm = esm("preprocessing/batch_rows.js")

    def __init__(self, *, first=2, B=8, mode="train", gamma=1, beta=0, seed=0, **options):
        values = {
            "first": between(first, "first", -8, 12), "B": one_of(B, "B", ROW_BATCHES), "mode": one_of(mode, "mode", ("train", "use")),
            "gamma": between(gamma, "gamma", -3, 3), "beta": between(beta, "beta", -5, 5), "seed": seed,
        }  # fmt: skip
        super().__init__(values=values, **options)


def between(value, name: str, low: float, high: float) -> float:
    value = number(value, name)
    if not low <= value <= high:
        raise ValueError(f"{name} is {value:g}; the figure takes {low:g} to {high:g}.")
    return value


def one_of(value, name: str, known: tuple):
    if value not in known:
        raise ValueError(f"{name} is {value!r}; the figure knows {', '.join(map(str, known))}.")
    return value
