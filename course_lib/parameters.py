"""One flat vector for all parameters, one for all gradients, one for running statistics.

    θ = [ all weights | all biases, γ and β ]        shape (P,), or (R, P) with R replicas

A layer says with `Slot`s what it needs; here the vectors are made, and each layer gets its views into them
(W and d_W, b and d_b, …), so that an optimizer is one rule on one vector, as on the slide: θ ← θ − η ∂ℓ/∂θ.
"""

from dataclasses import dataclass
from math import prod
from typing import Callable

import numpy as np

WEIGHT, OTHER, STATE = "weight", "other", "state"


@dataclass(frozen=True)
class Slot:
    """One array that a layer needs: its name, its shape without replicas, how it starts, and what it is.

    `init(shape, rng)` gives the first values. `role` is WEIGHT (regularized), OTHER (a bias, γ or β) or STATE
    (a running statistic: no gradient).
    """

    name: str
    shape: tuple
    init: Callable
    role: str = OTHER


def generators(rng, replicas):
    """The random generators of a network: `rng` itself, or with replicas its children `rng.spawn(R)`, so that
    replica r equals the single network whose rng is `rng.spawn(R)[r]`.

    >>> len(generators(0, replicas=3))
    3
    """
    rng = np.random.default_rng(rng)
    return [rng] if replicas is None else rng.spawn(replicas)


class Parameters:
    """θ, its gradient and the running statistics of some layers, and the layers' views into them."""

    def __init__(self, layers, dtype, replicas=None):
        self.replicas = replicas
        self.replace_layers(layers)
        self.n_weights = sum(prod(slot.shape) for _, slot, _ in self.places if slot.role == WEIGHT)
        n = sum(prod(slot.shape) for _, slot, _ in self.places if slot.role != STATE)
        n_state = sum(prod(slot.shape) for _, slot, _ in self.places if slot.role == STATE)
        lead = () if replicas is None else (replicas,)
        theta, grad, state = (np.zeros((*lead, size), dtype=dtype) for size in (n, n, n_state))
        self.bind(theta, grad, state)

    def replace_layers(self, layers):
        """Serve these layers from now on: the same ones, or copies of them."""
        self.layers, self.places = layers, list(_places(layers))

    def bind(self, theta, grad, state):
        """Give every layer its views into these three vectors."""
        self.theta, self.grad, self.state = theta, grad, state
        for layer, slot, place in self.places:
            vector = state if slot.role == STATE else theta
            layer.hold(**{slot.name: self.view(vector, slot, place)})
            if slot.role != STATE:
                layer.hold(**{f"d_{slot.name}": self.view(grad, slot, place)})
        for layer in self.layers:
            layer.replicas = self.replicas
            layer.bound()

    def view(self, vector, slot, place):
        return vector[..., place:place + prod(slot.shape)].reshape((*vector.shape[:-1], *slot.shape))

    def draw(self, rngs):
        """First values for every slot, layer by layer, each replica's from its own generator."""
        for layer in self.layers:
            layer.generators = rngs
            for slot in layer.slots:
                values = getattr(layer, slot.name)
                for r, rng in enumerate(rngs):
                    (values if self.replicas is None else values[r])[...] = slot.init(slot.shape, rng)


def _places(layers):
    """(layer, slot, first index) for every slot: weights first, then what else is learned; state counts on its own."""
    place = 0
    for role in (WEIGHT, OTHER, STATE):
        place = 0 if role == STATE else place
        for layer in layers:
            for slot in layer.slots:
                if slot.role == role:
                    yield layer, slot, place
                    place += prod(slot.shape)
