"""Six sick runs: which illnesses there are, what each changes in a healthy run, and whose runs have which."""

from __future__ import annotations

import dataclasses
from typing import Callable, Mapping

from .ward import HEALTHY, train

SLOW, FAST, UNSCALED, ZEROS, HUGE, VANISHING, TWICE, PENALTY, DROPOUT, SMALL, HEART = CAUSES = (
    "rate too small", "rate too large", "inputs not scaled", "all weights zero", "first weights too large", "vanishing gradient", "softmax twice", "penalty too strong", "dropout too strong",
    "network too small", "learned by heart")

# Healthy runs, each in a way of its own: unusual settings that do no harm stand among those that do.
BASES = ({}, {"rule": "momentum", "eta": .02, "batch": 25}, {"hidden_layers": 2, "units": 40, "penalty": .001}, {"units": 60, "batch": 10, "eta": .05, "dropout": .1},
         {"activation": "tanh", "weights": "glorot", "units": 50}, {"rule": "Adam", "eta": .005, "units": 40})
LEARNED = ({"rule": "momentum", "eta": .05, "epochs": 60}, {"rule": "Adam", "eta": .01, "epochs": 60})
PLAIN, ALL = BASES[:4], BASES


@dataclasses.dataclass(frozen=True)
class Illness:
    """What it changes in a healthy run's settings, by how much in a term, and in which healthy runs it does harm."""

    change: Callable[[Mapping, float], dict]
    severities: tuple[float, ...] = (1.,)
    bases: tuple[dict, ...] = ALL
    cure: Mapping = dataclasses.field(default_factory=dict)         # where it is another than taking the change back


ILLNESSES = {
    SLOW: Illness(lambda base, by: {"eta": float(f"{base['eta'] / by:.3g}")}, (100., 200.)),
    FAST: Illness(lambda base, by: {"eta": base["eta"] * by}, (100., 60.), PLAIN),
    UNSCALED: Illness(lambda base, by: {"inputs": "as measured"}),
    ZEROS: Illness(lambda base, by: {"weights": "zeros"}),
    HUGE: Illness(lambda base, by: {"weights": "huge"}),
    VANISHING: Illness(lambda base, by: {"hidden_layers": int(by), "activation": "sigmoid", "weights": "glorot"}, (5., 6.), BASES[:5], {"activation": "tanh"}),
    TWICE: Illness(lambda base, by: {"loss_gets": "probabilities"}, bases=BASES[:5]),
    PENALTY: Illness(lambda base, by: {"penalty": by}, (.4, 1.)),
    DROPOUT: Illness(lambda base, by: {"dropout": by}, (.97, .98), (*BASES[:2], BASES[3])),
    SMALL: Illness(lambda base, by: {"units": int(by)}, (2., 1.)),
    HEART: Illness(lambda base, by: {}, bases=LEARNED, cure={"penalty": .03}),
}
STARTS, BRAKES = (ZEROS, HUGE, VANISHING, TWICE), (PENALTY, DROPOUT, SMALL)
TWO = ((SLOW, PENALTY), (SLOW, DROPOUT), (SLOW, SMALL), (FAST, SMALL), (FAST, UNSCALED), (UNSCALED, SMALL), (UNSCALED, ZEROS), (ZEROS, PENALTY), (TWICE, SMALL), (VANISHING, PENALTY), (HUGE, SMALL))


@dataclasses.dataclass(frozen=True)
class Sick:
    """A run that does not learn as it should, of one cause or of two."""

    causes: tuple[str, ...]
    base: Mapping
    severities: tuple[float, ...]

    @property
    def heart(self) -> bool:
        return HEART in self.causes

    def changes(self, cause) -> dict:
        """What this cause has changed."""
        return ILLNESSES[cause].change(self.base, self.severities[self.causes.index(cause)])

    @property
    def settings(self) -> dict:
        found = dict(self.base)
        for cause in self.causes:
            found.update(self.changes(cause))
        return found

    def cure(self, *causes) -> dict:
        """One of the cures of these causes; of all of them where none is named."""
        return {name: value for cause in causes or self.causes for name, value in (ILLNESSES[cause].cure or {name: self.base[name] for name in self.changes(cause)}).items()}

    def curves(self, changes=None) -> dict:
        return train({**self.settings, **(changes or {})}, self.heart)


def sick(variant, *causes) -> Sick:
    """This term's run with these causes."""
    possible = [base for base in ILLNESSES[causes[0]].bases if all(base in ILLNESSES[cause].bases for cause in causes)]
    turn = CAUSES.index(causes[-1]) % len(possible)                        # also without a term they are not all alike
    base = variant.choose(f"healthy run of {causes}", possible[turn:] + possible[:turn])
    return Sick(causes, {**HEALTHY, **base}, tuple(variant.choose(f"how much {cause}", ILLNESSES[cause].severities) for cause in causes))


def ward_of(variant) -> tuple[Sick, ...]:
    """A student's six: the inputs, a start, a brake, one that learns by heart, and two runs of two causes; no cause but the inputs' comes in twice where that can be."""
    rng = variant.rng("patients")
    start, brake = STARTS[rng.integers(len(STARTS))], BRAKES[rng.integers(len(BRAKES))]
    rates = [pair for pair in TWO if pair[0] in (SLOW, FAST) and brake not in pair]
    first = rates[rng.integers(len(rates))]
    others = [pair for pair in TWO if pair[0] not in (SLOW, FAST) and start not in pair and not set(pair) & set(first)] or [(TWICE, SMALL)]
    second = others[rng.integers(len(others))]
    return tuple(sick(variant, *((UNSCALED,), (start,), (brake,), (HEART,), first, second)[place]) for place in rng.permutation(6))
