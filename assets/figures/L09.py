"""The still figures of lecture L09."""

import numpy as np

from course_lib import schedules
from course_lib.widgets.batches import MinibatchFan
from course_lib.widgets.learning.still import LIGHT, Axes, path, sheet, text

STEPS, X0 = 300, 5.0


def figures() -> dict[str, tuple[str, str]]:
    """File name -> (SVG text, description in words)."""
    return {"L09_noise.svg": noise(), "L09_fan.svg": fan(), "L09_schedule.svg": schedule(), "L09_robbins.svg": robbins()}


def noise():
    """The cloud and the start; the noise is the reader's to find out."""
    X = np.random.default_rng(0).normal([2, 1], 3, size=(60_000, 2))
    middle, start = X.mean(axis=0), np.array([-8.0, 8.0])
    map_ = Axes((54, 62, 424, 440), (-11, 13), (-11, 13))
    cx, cy = map_.at(*middle)
    unit = map_.at(1, 0)[0] - map_.at(0, 0)[0]
    parts = ['<clipPath id="map"><rect x="54" y="62" width="370" height="378"/></clipPath><rect x="54" y="62" width="370" height="378" fill="#F7F7F3"/><g clip-path="url(#map)">']
    parts += [f'<circle cx="{cx:.1f}" cy="{cy:.1f}" r="{unit * r:.1f}" fill="none" stroke="#4A5A68"/>' for r in (1, 2, 4, 6, 8, 10, 12)]
    parts += ['<circle cx="{:.1f}" cy="{:.1f}" r="2" fill="#6B7A88" opacity="0.45"/>'.format(*map_.at(*x)) for x in X[:300]]
    parts += [f'<circle cx="{cx:.1f}" cy="{cy:.1f}" r="5" fill="#0072B2"/>', text(cx + 9, cy + 5, "middle", weight=600)]
    parts += ['<circle cx="{:.1f}" cy="{:.1f}" r="5" fill="{}"/>'.format(*map_.at(*start), LIGHT["ink"]), "</g>"]
    parts += [map_.frame("θ₁", "", (-10, 0, 10), (-10, 0, 10), grid=False), text(22, 76, "θ₂", size=17, weight=650)]
    quiet, work = Axes((546, 80, 900, 224), (1, 60_000), (0.005, 5), log=(True, True)), Axes((546, 292, 900, 464), (1, 120_000), (0.01, 20), log=(True, True))
    parts += [quiet.frame("B, batch size", "noise of the slope", (1, 100, 10_000), (0.01, 0.1, 1)), work.frame("rows looked at", "distance from the middle", (1, 100, 10_000), (0.01, 0.1, 1, 10))]
    away = np.linalg.norm(start - middle)
    words = (
        "Left, a plane, θ₁ and θ₂ from −11 to 13: a cloud of points around its middle near (2, 1), with circles, the level lines of the loss, and the start of θ at (−8, 8), "
        f"{away:.1f} from the middle. Right, two charts still empty, both axes logarithmic: the noise of the slope over the batch size B, and the distance from the middle over the rows looked at."
    )
    return sheet("The larger the batch, the quieter the slope, and the fewer the steps", words, parts, height=516)


def fan():
    """The fan before it is trained."""
    figure = MinibatchFan()
    X, y, etas = np.array(figure.data["X"]), np.array(figure.data["y"]), figure.data["etas"]
    h = X @ figure.data["theta"][:2] + figure.data["theta"][2]
    start = float(np.mean(np.logaddexp(0, h) - y * h))
    left, right = Axes((70, 84, 430, 356), (0, 10), (0.3, 6), log=(False, True)), Axes((546, 84, 905, 356), (etas[0], etas[-1]), (0.3, 6), log=(True, True))
    (x0, y0), (x1, y1) = left.at(0, start), right.at(0.1, start)
    parts = [
        left.frame("epochs", "loss over all rows", (0, 5, 10), (0.5, 1, 2, 5)), right.frame("η, learning rate", "loss over all rows, the last 10", (0.001, 0.1, 10), (0.5, 1, 2, 5)),
        f'<circle cx="{x0:.1f}" cy="{y0:.1f}" r="6" fill="{LIGHT["ink"]}"/>', text(x0 + 11, y0 - 8, "all start here", weight=600),
        path([(x1, 84), (x1, 356)], LIGHT["ink"]), f'<circle cx="{x1:.1f}" cy="{y1:.1f}" r="4.5" fill="{LIGHT["ink"]}"/>',
        f'<circle cx="{x1:.1f}" cy="356" r="9" fill="{LIGHT["paper"]}" stroke="{LIGHT["ink"]}" stroke-width="2.5"/>',
    ]  # fmt: skip
    words = (
        f"Left, the loss over ten epochs: nothing but the point from which 32 curves start, {start:.2f}; they fan out when the cell is run. "
        "Right, the loss over the learning rate η, logarithmic from 0.001 to 100, with one mark that can be dragged, at η = 0.1."
    )
    return sheet("Batch size and learning rate belong together", words, parts, height=404)


def expected(eta, steps, sigma):
    """Root of the mean of x² over all noise, of x ← x − η_k (x + σ z_k), exactly."""
    squares = [X0**2]
    for k in range(steps):
        squares.append((1 - eta(k)) ** 2 * squares[-1] + eta(k) ** 2 * sigma**2)
    return np.sqrt(squares)


def schedule():
    """linear(0.3, 0.003, tau=200), and what it does with minibatches of 10."""
    eta, sigma = schedules.linear(0.3, 0.003, tau=200), 3 / np.sqrt(10)
    yours, large, small = (expected(rule, STEPS, sigma) for rule in (eta, schedules.constant(0.3), schedules.constant(0.003)))
    rates, away = Axes((70, 84, 456, 308), (0, STEPS), (0, 0.33)), Axes((546, 84, 846, 308), (0, STEPS), (0.02, 20), log=(False, True))
    end = lambda curve, words, **style: text(*(a + d for a, d in zip(away.at(STEPS, curve[-1]), (6, 5))), words, weight=600, **style)  # noqa: E731
    parts = [
        rates.frame("k, steps made", "η, learning rate", (0, 100, 200, 300), (0, 0.1, 0.2, 0.3)), rates.path([(k, eta(k)) for k in range(STEPS + 1)], wide=3.5),
        rates.path([(200, 0), (200, 0.33)], LIGHT["ink"], dash=True, wide=1.5), text(rates.at(200, 0)[0] - 6, 96, "τ", anchor="end", weight=600),
        away.frame("k, steps made", "distance from the best θ", (0, 100, 200, 300), (0.1, 1, 10)),
        away.path(list(enumerate(large)), LIGHT["quiet"], dash=True), away.path(list(enumerate(small)), LIGHT["quiet"], dash=True), away.path(list(enumerate(yours)), wide=3.5),
        end(yours, "yours"), end(large, "η₀ always", fill=LIGHT["quiet"]), end(small, "η(τ) always", fill=LIGHT["quiet"]),
        text(16, 362, "In Python: eta = linear(0.3, 0.003, tau=200)", fill=LIGHT["quiet"]),
    ]  # fmt: skip
    words = (
        "Left, the learning rate over 300 steps: a straight line from 0.3 down to 0.003 at τ = 200, level after it. Right, the expected distance from the best parameter, logarithmic, "
        f"from {X0:g}: with this schedule it ends at {yours[-1]:.3f}, with the first rate all the time at {large[-1]:.2f}, with the last rate all the time at {small[-1]:.1f}."
    )
    return sheet("Large steps first, to get there; small steps last, to stay there", words, parts, height=378)


def robbins():
    """η = 1/k: the expected distance and the two sums."""
    steps = 20_000
    distance = expected(lambda k: 1 / (k + 1), steps, 1)
    k = np.unique(np.round(np.geomspace(1, steps, 140)).astype(int))
    rates = 1 / np.arange(1, steps + 1)
    first, second = np.cumsum(rates), np.cumsum(rates**2)
    away, sums = Axes((70, 84, 400, 336), (1, steps), (0.001, 10), log=(True, True)), Axes((546, 84, 890, 336), (1, steps), (0.1, 2000), log=(True, True))
    parts = [
        away.frame("k, steps", "distance from the best θ", (1, 100, 10_000), (0.001, 0.01, 0.1, 1, 10)), away.path(list(zip(k, distance[k])), wide=3.5), text(*(a + d for a, d in zip(away.at(steps, distance[-1]), (6, 5))), "typical", weight=600),
        sums.frame("k, steps", "sums so far", (1, 100, 10_000), (1, 10, 100, 1000)), sums.path(list(zip(k, first[k - 1])), wide=3.5), sums.path(list(zip(k, second[k - 1])), wide=3.5, dash=True),
        *(text(*(a + d for a, d in zip(sums.at(steps, total[-1]), (6, 5))), words, weight=600) for total, words in ((first, "Σ η"), (second, "Σ η²"))),
    ]  # fmt: skip
    words = (
        f"For the rate 1/k over 20 000 steps, everything logarithmic. Left, the typical distance from the best parameter, from {X0:g} at the start in a straight line down to {distance[-1]:.4f}. "
        f"Right, the sum of the rates, which goes on growing, at {first[-1]:.1f} by now, and the sum of their squares, which stays below π²/6, at {second[-1]:.2f}."
    )
    return sheet("Σ η is infinite and Σ η² finite: in the end it gets there, and the noise dies out", words, parts, height=386)
