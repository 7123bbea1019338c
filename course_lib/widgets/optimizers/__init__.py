"""The figures of lecture L10: how a gradient becomes a step.

    MomentumMap      every (η, β) on one map, and the way that the chosen pair takes down a ravine
    StepBars         how far each rule moves parameters whose gradients are 100, 1, .01 and .0001
    OptimizerRace    five rules from one start, on a bowl, a ravine, a turned ravine or a saddle
    CliffClip        a run at a cliff, with and without a limit on the length of the gradient

All is computed in the page: rules.js has the five rules, surfaces.js the losses, rates.js what theory says.
"""

from __future__ import annotations

from course_lib.checks import number
from course_lib.widgets import esm
from course_lib.widgets.figure import Figure
from course_lib.widgets.numbers import numbers

RULES = ("gd", "momentum", "adagrad", "rmsprop", "adam")
SURFACES = ("bowl", "ravine", "turned", "saddle")
GRADIENTS = ("steady", "noisy", "rare")


class MomentumMap(Figure):
    """What is left of the distance after a step, for every η and β, and one pair's way down the ravine.

    ℓ(θ) = ½ (λ₁ θ₁² + λ₂ θ₂²),  v ← β v + ∂ℓ/∂θ,  θ ← θ − η v.  `lambdas` are the two curvatures, each from .01 to
    1000. Without `eta` the figure begins at 2 / (λ₁ + λ₂), to three digits: the best rate without momentum.

    Raises `ValueError` for curvatures, a rate or a β that cannot be drawn. Source: Polyak (1964).

    >>> figure = MomentumMap(lambdas=(1, 10))
    >>> figure.values["eta"], figure.values["beta"]
    (0.182, 0.0)
    >>> figure.values = {"beta": .27}
    """

    _esm = esm("optimizers/momentum_map.js")

    def __init__(self, *, lambdas=(1, 10), eta=None, beta=0, **options):
        low, high = sorted(numbers(lambdas, (2,), "lambdas"))
        between(low, "the smaller curvature", 0.01, 1000)
        between(high, "the larger curvature", 0.01, 1000)
        eta = float(f"{2 / (low + high):.3g}") if eta is None else between(eta, "eta", 1e-6, 4 / high)
        beta = between(beta, "beta", 0, 0.99)
        super().__init__(values={"eta": eta, "beta": beta, "x": 4, "y": 3}, data={"lambdas": [low, high]}, **options)


class OptimizerRace(Figure):
    """Five rules from one start: gradient descent, momentum, Adagrad, RMSprop and Adam, step by step.

    `surface` is "bowl", "ravine", "turned" or "saddle" ("turned ravine" is understood); `start` a pair from −5 to 5.
    `eta` is the rate of all rules, `beta` what momentum and Adam keep of the gradients before (Adam's β₂ is .999,
    RMSprop's ρ .9).

    Raises `ValueError` for another surface, and for numbers outside of the picture.

    >>> race = OptimizerRace(surface="saddle", start=(4, -.5), eta=.05)
    >>> race.values["surface"], race.values["x"]
    ('saddle', 4.0)
    """

    _esm = esm("optimizers/race.js")

    def __init__(self, *, surface="ravine", start=None, eta=0.1, beta=0.9, rule="momentum", **options):
        surface = one_of("turned" if surface == "turned ravine" else surface, "surface", SURFACES)
        x, y = STARTS[surface] if start is None else numbers(start, (2,), "start")
        values = {
            "surface": surface, "rule": one_of(rule, "rule", RULES),
            "eta": between(eta, "eta", 1e-4, 10), "beta": between(beta, "beta", 0, 0.99), "own": False,
            "x": between(x, "the start's first number", -5, 5), "y": between(y, "the start's second number", -5, 5),
        }  # fmt: skip
        super().__init__(values=values, **options)


class StepBars(Figure):
    """How far each parameter moves when the gradients are 100, 1, .01 and .0001: steadily, with noise, or rarely.

    `rule` is "gd", "momentum", "adagrad", "rmsprop" or "adam", `gradients` "steady", "noisy" or "rare" (one step in
    ten), `corrected` whether Adam takes the bias out of its averages.

    >>> StepBars(rule="adagrad").values["rule"]
    'adagrad'
    """

    _esm = esm("optimizers/step_bars.js")

    def __init__(self, *, rule="adam", gradients="steady", eta=0.01, beta=0.9, corrected=True, **options):
        values = {
            "rule": one_of(rule, "rule", RULES), "gradients": one_of(gradients, "gradients", GRADIENTS),
            "eta": between(eta, "eta", 1e-4, 10), "beta": between(beta, "beta", 0, 0.99), "corrected": bool(corrected), "seed": 0,
        }  # fmt: skip
        super().__init__(values=values, **options)


class CliffClip(Figure):
    """Gradient descent on the loss of a neuron that is fed its own output fifty times, which has a cliff.

    h ← w σ(h) + b from h = ½, fifty times, then ℓ = (σ(h) − 0.7)².  `clip` says whether gradients longer than `longest`
    are shortened to it; `start` is (w, b).

    Source: Pascanu, Mikolov and Bengio (2013), On the difficulty of training recurrent neural networks, figure 6.

    >>> CliffClip(clip=True, longest=.5).values["longest"]
    0.5
    """

    _esm = esm("optimizers/cliff.js")

    def __init__(self, *, clip=False, longest=1, eta=0.1, start=(5, -2.2), **options):
        w, b = numbers(start, (2,), "start")
        values = {
            "clip": bool(clip), "longest": between(longest, "longest", 0.01, 1000), "eta": between(eta, "eta", 1e-3, 1),
            "x": between(w, "w", 3.5, 6), "y": between(b, "b", -3.2, -1.2),
        }  # fmt: skip
        super().__init__(values=values, **options)


STARTS = {"bowl": (-4, 3), "ravine": (-4, 1.5), "turned": (-4, -2), "saddle": (-4, 0.001)}


def between(value, name: str, low: float, high: float) -> float:
    value = number(value, name)
    if not low <= value <= high:
        raise ValueError(f"{name} is {value:g}; the figure takes {low:g} to {high:g}.")
    return value


def one_of(value, name: str, known: tuple) -> str:
    if value not in known:
        raise ValueError(f"{name} is {value!r}; the figure knows {', '.join(known)}.")
    return value
