"""What a playground can try at once: 32 learning rates, and a race of optimizers over the loss surface."""

from __future__ import annotations

import numpy as np

from course_lib.losses import SigmoidCrossEntropy
from course_lib.training import Diverged, fit
from course_lib.widgets.playground.settings import checked
from course_lib.widgets.playground.trainer import OPTIMIZERS, Trainer, make_network, make_penalty

RATES, FAN_EPOCHS = 32, 60
RACE_EPOCHS, SURFACE = 40, 25
RACERS = ("SGD", "momentum", "RMSprop", "Adam")


def run(name: str, values: dict):
    """Header and arrays of the experiment with this name."""
    if name not in ("rates", "race"):
        raise ValueError(f"There is no experiment {name!r}; there are rates and race.")
    return {"rates": rates, "race": race}[name](values)


def rates(values: dict):
    """The loss of 32 networks with the same first weights and 32 learning rates, from η/300 to 100 η (within what the
    slider has), as replicas of one network in one call of fit: rates (32,), losses (epochs, 32).
    """
    one = Trainer(values)
    etas = np.geomspace(max(1e-5, one.eta / 300), min(30, 100 * one.eta), RATES)
    many = make_network(values, replicas=RATES)
    many.theta[...] = one.network.theta
    losses = []
    try:
        fit(
            many, SigmoidCrossEntropy(), one.seen[0], one.y, OPTIMIZERS[values["optimizer"]](etas[:, None]), epochs=FAN_EPOCHS, rng=one.order,
            batch_size=values["batch"], regularizer=make_penalty(values), callbacks=[lambda run: losses.append(run.history.loss[-1])],
        )  # fmt: skip
    except Diverged:
        pass  # all of them, in the end: the losses until then say it
    return {"epochs": len(losses)}, [np.float32(etas), np.float32(losses)]


def race(values: dict):
    """Four optimizers from the same θ₀ with the same batches, seen from above: their ways projected on the plane that
    holds most of them, and the loss over that plane. Li et al., Visualizing the loss landscape (2018), without the filters.

    Arrays: the ways (4, epochs + 1, 2), the loss at the ends of each epoch (4, epochs + 1), the surface (25 × 25, its top
    row first). The box of the plane is in the header.
    """
    ways, losses = [], []
    for name in RACERS:
        one = Trainer(checked({**values, "optimizer": name, "dropout": 0}))
        loss = SigmoidCrossEntropy()
        way, values_of = [one.network.theta.copy()], [loss.value(one.network.predict(one.seen[0]), one.y)]
        for _ in range(RACE_EPOCHS):
            one.train(epochs=1)
            if one.problem:
                break
            way.append(one.network.theta.copy())
            values_of.append(loss.value(one.network.predict(one.seen[0]), one.y))
        short = RACE_EPOCHS + 1 - len(way)
        ways.append(np.array(way + [np.full_like(way[0], np.nan)] * short))
        losses.append(values_of + [np.nan] * short)
    ways = np.array(ways)
    steps = (ways - ways[0, 0]).reshape(-1, ways.shape[-1])
    steps = steps[np.isfinite(steps).all(axis=1)]
    _, size, axes = np.linalg.svd(steps, full_matrices=False)
    plane = axes[:2]
    flat = (ways - ways[0, 0]) @ plane.T
    seen = flat[np.isfinite(flat).all(axis=-1)]
    middle, half = (seen.min(axis=0) + seen.max(axis=0)) / 2, 0.6 * max(np.ptp(seen, axis=0).max(), 1e-3)
    box = [middle[0] - half, middle[0] + half, middle[1] - half, middle[1] + half]
    along = np.linspace(-half, half, SURFACE)
    grid = np.stack(np.meshgrid(middle[0] + along, middle[1] - along), axis=-1).reshape(-1, 2)
    many = make_network({**values, "dropout": 0}, replicas=len(grid))
    many.theta[...] = ways[0, 0] + grid @ plane
    surface = SigmoidCrossEntropy().value(many.predict(one.seen[0]), one.y)
    share = float((size[:2] ** 2).sum() / max((size**2).sum(), 1e-12))
    header = {"names": list(RACERS), "box": [float(v) for v in box], "share": share}
    return header, [np.float32(flat), np.float32(losses), np.float32(surface)]
