"""What can be ordered for a run before anything is prescribed: six tests, each computed on the run's own lines."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache

import numpy as np

from course_lib.activations import Activation
from course_lib.gradcheck import check_gradients
from course_lib.layers import Dense
from course_lib.losses import SoftmaxCrossEntropy
from course_lib.training import Diverged, fit
from course_lib.widgets.clinic.setup import CLASSES, Setup, run

TINY, BINS, SHOWN = 10, 25, 16


@lru_cache(maxsize=None)
def examine(setup: Setup, test: str) -> dict:
    """The result of one test: {"says": a sentence, …numbers that the figure draws}. The tests are the keys of TESTS.

    >>> examine(Setup(), "first loss")["says"]
    'Before the first step the loss is 2.35. Guessing among 10 classes costs ln 10 = 2.30.'
    """
    if test not in TESTS:
        raise ValueError(f"There is no test {test!r}; there are {', '.join(TESTS)}.")
    return TESTS[test][1](setup)


def before_training(setup):
    """network, X and y as they are when training begins."""
    kept = {}
    run(setup, lambda network, loss, X, y, optimizer, **options: kept.update(network=network, X=X, y=y, optimizer=optimizer, options=options))
    return kept["network"], kept["X"], kept["y"], kept["optimizer"], kept["options"]


def first_loss(setup):
    network, X, y, *_ = before_training(setup)
    loss = SoftmaxCrossEntropy().value(network.predict(X), y)
    return {"says": f"Before the first step the loss is {loss:.2f}. Guessing among {CLASSES} classes costs ln {CLASSES} = {math.log(CLASSES):.2f}.", "loss": loss}


def tiny_set(setup):
    """Can it learn ten pictures by heart, without a penalty?"""
    curve = []
    def small(network, loss, X, y, optimizer, *, epochs, batch_size, rng, validation, regularizer=None):
        try:
            fit(network, loss, X[:TINY], y[:TINY], optimizer, epochs=400, callbacks=[lambda run: curve.append(run.history.loss[-1])])
        except Diverged:
            pass

    run(setup, small)
    end = curve[-1] if curve else math.inf
    says = f"{TINY} pictures alone, no penalty, 400 steps: the loss goes from {curve[0]:.2f} to {end:.2g}." if curve else "It diverged."
    return {"says": says, "curve": curve, "loss": min(end, 1e9)}


def gradients(setup):
    """Backward against nudging, with four units a layer and three pictures, so that it takes a moment only."""
    narrow = replace(setup, sizes=(64, *(4 for _ in setup.sizes[1:-1]), 10))
    network, X, y, *_ = before_training(narrow)
    report = check_gradients(network, SoftmaxCrossEntropy(), X[:3] / max(1.0, float(np.abs(X).max())), y[:3])
    wrong = sorted({difference.parameter.split(",")[0] for difference in report.differences} - {"X"})
    if report.ok:
        says = f"Backward and nudging agree in all {report.checked} places; the worst relative error is {report.worst:.0e}."
    else:
        says = f"Backward and nudging disagree in {len(report.differences)} of {report.checked} places: {'; '.join(wrong)}."
    return {"says": says, "ok": report.ok, "worst": min(report.worst, 1e9)}


def histograms(setup):
    """Activations and gradients of each hidden layer after the first epoch."""
    network, X, y, optimizer, options = before_training(setup)
    try:
        fit(network, SoftmaxCrossEntropy(), X, y, optimizer, epochs=1, batch_size=options["batch_size"], rng=0, regularizer=options.get("regularizer"))
    except Diverged:
        pass
    loss = SoftmaxCrossEntropy()
    with np.errstate(all="ignore"):
        network.backward(loss.gradient(network.forward(X), y))
    dense = [layer for layer in network.layers if isinstance(layer, Dense)]
    hidden = [a for layer, a in zip(network.layers, network.activations()) if isinstance(layer, Activation)][: len(dense) - 1]
    slopes = [float(np.sqrt(np.mean(layer.d_W**2))) for layer in dense]
    layers = [_layer(a, slope) for a, slope in zip(hidden, slopes)]
    ratio = slopes[0] / slopes[-1] if slopes[-1] else math.nan
    dead = np.mean([layer["dead"] for layer in layers])
    says = (
        f"After one epoch {dead:.0%} of the hidden units are 0 for every picture. "
        + (f"The first layer's gradient is {ratio:.2g} times the last one's." if slopes[-1] and ratio else "The first layer's gradient is 0.")
    )
    return {"says": says, "layers": layers, "gradients": slopes}


def _layer(a, slope):
    a = np.nan_to_num(a, posinf=0, neginf=0)
    low, high = float(min(a.min(), 0)), float(max(a.max(), 1e-12))
    counts, edges = np.histogram(a, bins=BINS, range=(low, high))
    return {"counts": (counts / counts.max()).round(4).tolist(), "from": low, "to": high, "dead": float(np.mean(np.all(a == 0, axis=0))), "gradient": slope}


def data(setup):
    """Range of the inputs, and the first pictures with their labels."""
    _, X, y, *_ = before_training(setup)
    low, high = float(X.min()), float(X.max())
    shown = (X[:SHOWN] - low) / (high - low or 1)
    return {
        "says": f"X is {X.shape[0]} × {X.shape[1]}, from {low:.4g} to {high:.4g}, mean {X.mean():.3g}. The first {SHOWN} pictures, and what their labels say:",
        "pictures": shown.round(3).tolist(), "labels": y[:SHOWN].tolist(),
    }  # fmt: skip


def step_size(setup):
    """How much the first step changes the weights, relative to their size."""
    network, X, y, optimizer, options = before_training(setup)
    before, B = network.weights + 0, options["batch_size"]
    try:
        fit(network, SoftmaxCrossEntropy(), X[:B], y[:B], optimizer, epochs=1, regularizer=options.get("regularizer"))
    except Diverged:
        pass
    size, change = float(np.linalg.norm(before)), float(np.linalg.norm(network.weights - before))
    if not math.isfinite(change):
        return {"says": "The first step leads to numbers that are not finite.", "ratio": 1e9}
    if size == 0:
        return {"says": f"The weights are all 0, and the first step changes them by {change:.2g}.", "ratio": None}
    return {"says": f"The first step changes the weights by {change / size:.1e} of their size. About 1e-3 to 1e-2 is usual.", "ratio": change / size}


TESTS = {
    "first loss": ("the first loss", first_loss),
    "tiny set": ("learn 10 pictures by heart", tiny_set),
    "gradients": ("check the gradients", gradients),
    "histograms": ("histograms by layer", histograms),
    "data": ("look at the data", data),
    "step": ("the size of a step", step_size),
}
