"""The still figures of lecture L03."""

import numpy as np
from contourpy import contour_generator

from course_lib.perceptron import gradients, predict
from course_lib.widgets.learning import ErrorSurface, RateFan
from course_lib.widgets.learning.still import GROUND, LIGHT, Axes, path, ramp, sheet, text

X, y = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 1])


def figures() -> dict[str, tuple[str, str]]:
    """File name -> (SVG text, description in words)."""
    return {"L03_chain.svg": chain(), "L03_surface.svg": surface(), "L03_fan.svg": fan()}


def chain():
    """Row 2, slope for w₂, no factor lit."""
    (h,), (p,), _ = predict(X[1:2], [1, -1], -0.5)
    boxes = [("x", "(0, 1)"), ("h", f"{h:.2f}"), ("p", f"{p:.2f}"), ("ℓ", f"{(1 - p) ** 2:.2f}")]
    links = [("add up →", "h = x₁ − x₂ − 0.50", "∂h/∂w₂", "= x₂"), ("bend →", "p = σ(h)", "∂p/∂h", "= p(1 − p)"), ("compare →", "ℓ = (y − p)², y = 1", "∂ℓ/∂p", "= 2(p − y)")]
    parts = []
    for i, (symbol, value) in enumerate(boxes):
        left = 16 + 284 * i
        parts.append(f'<rect x="{left}" y="60" width="76" height="166" rx="10" fill="{LIGHT["panel"]}" stroke="{LIGHT["border"]}" stroke-width="2"/>')
        parts += [text(left + 38, 92, symbol, size=20, weight=650, anchor="middle"), text(left + 38, 124, value.replace("-", "−"), size=17, anchor="middle")]
    for i, (word, formula, symbol, factor) in enumerate(links):
        middle = 196 + 284 * i
        parts += [text(middle, y_, words, size=13, anchor="middle", fill=LIGHT["quiet"]) for y_, words in ((72, word), (90, formula))]
        parts.append(f'<rect x="{middle - 96}" y="118" width="192" height="108" rx="10" fill="none" stroke="{LIGHT["rule"]}" stroke-width="2" stroke-dasharray="7 5"/>')
        parts += [text(middle, y_, words, size=size, weight=650, anchor="middle", fill=LIGHT["quiet"]) for y_, words, size in ((145, symbol, 17), (170, factor, 15), (204, "?", 22))]
    parts.append(text(16, 262, "∂ℓ/∂w₂ = ∂ℓ/∂p · ∂p/∂h · ∂h/∂w₂", size=19, weight=650))
    words = (
        f"A strip of four boxes for row 2, from left to right: x = (0, 1), the weighted sum h = {h:.2f}, the probability p = {p:.2f} and the loss ℓ = {(1 - p) ** 2:.2f}. "
        "Between them stand the three factors, still unlit: ∂h/∂w₂, ∂p/∂h and ∂ℓ/∂p. They light up one after the other, from the loss back to the weight, when the cell is run."
    ).replace("-", "−")
    return sheet("Three links, one slope: ∂ℓ/∂w₂ is the product of what each link passes on", words, parts, height=284)


def surface():
    """The map of OR over w₁ and b with w₂ = 1, and 60 steps with η = 10."""
    (low, high), (low2, high2) = ErrorSurface.BOX["x"], ErrorSurface.BOX["y"]
    map_ = Axes((54, 62, 424, 440), (low, high), (low2, high2))
    across, upwards = np.linspace(low, high, 81), np.linspace(low2, high2, 81)
    error = lambda w1, b: np.mean((y - predict(X, [w1, 1], b)[1]) ** 2)  # noqa: E731
    heights = np.array([[error(w1, b) for w1 in across] for b in upwards])
    levels = [0.07, 0.08, 0.09, 0.11, 0.13, 0.16, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.75]
    lines = contour_generator(across, upwards, heights)
    parts = [f'<rect x="54" y="62" width="370" height="378" fill="{ramp(GROUND, 0.1)}"/>']
    shades = np.linspace(0.06, 0.78, 25)
    for bottom, top in zip(shades, shades[1:]):
        for points, offsets in zip(*contour_generator(across, upwards, heights, fill_type="OuterOffset").filled(bottom, top)):
            outline = "".join("M" + "L".join("{:.1f} {:.1f}".format(*map_.at(*q)) for q in points[a:b]) + "Z" for a, b in zip(offsets, offsets[1:]))
            parts.append(f'<path d="{outline}" fill="{ramp(GROUND, (bottom + top) / 2 / 0.6)}" fill-rule="evenodd"/>')
    parts += [map_.path(line, "#4A5A68", wide=1) for level in levels for line in lines.lines(level)]

    w1, b, steps, losses = -2.0, 2.0, [(-2, 2)], [error(-2, 2)]
    for _ in range(60):
        d_w, d_b = gradients(X, y, [w1, 1], b)
        w1, b = w1 - 10 * d_w[0], b - 10 * d_b
        steps.append((w1, b))
        losses.append(error(w1, b))
    parts += [map_.path(steps, wide=2.2, dots=2.6), map_.frame("w₁", "", (0, 5), (-2, 0, 2), grid=False), text(34, 76, "b", size=17, weight=650)]
    x0, y0 = map_.at(-2, 2)
    parts.append(f'<circle cx="{x0:.1f}" cy="{y0:.1f}" r="10" fill="#fff" stroke="{LIGHT["ink"]}" stroke-width="2.5"/>')
    chart = Axes((546, 80, 930, 314), (0, 60), (0, 0.5))
    parts += [chart.frame("steps", "mean squared error", (0, 20, 40, 60), (0, 0.1, 0.2, 0.3, 0.4, 0.5)), chart.path(list(enumerate(losses)), wide=3.5)]
    words = (
        f"Left, a map of the error of OR over w₁ from −3 to 7 across and b from −3 to 4 upwards, w₂ held at 1, with level lines, pale in a valley that runs to the right near b = −0.5. "
        f"From the start at w₁ = −2, b = 2, a path of 60 steps with η = 10 comes down into the valley and follows it. Right, the error over these steps, from {losses[0]:.2f} to {losses[-1]:.2f}."
    )
    return sheet("The step is η times the slope: long where it is steep, short where it is flat", words, parts, height=480)


def fan():
    """The fan before it is trained: what it shows is the reader's to find out."""
    etas = RateFan().data["etas"]
    start = float(np.mean((y - predict(X, [1, -1], -0.5)[1]) ** 2))
    left = Axes((70, 84, 430, 356), (0, 100), (2e-4, 0.6), log=(False, True))
    right = Axes((546, 84, 905, 356), (etas[0], etas[-1]), (2e-4, 0.6), log=(True, True))
    ticks = (0.001, 0.01, 0.1)
    (x0, y0), (x1, y1), (x2, _) = left.at(0, start), right.at(1, start), right.at(1, 1)
    parts = [
        left.frame("steps", "mean squared error", (0, 50, 100), ticks),
        right.frame("η, learning rate", "mean squared error, the last 10", (0.01, 1, 100), ticks),
        f'<circle cx="{x0:.1f}" cy="{y0:.1f}" r="6" fill="{LIGHT["ink"]}"/>', text(x0 + 11, y0 - 8, "all start here", weight=600),
        path([(x2, 84), (x2, 356)], LIGHT["ink"]), f'<circle cx="{x1:.1f}" cy="{y1:.1f}" r="4.5" fill="{LIGHT["ink"]}"/>',
        f'<circle cx="{x2:.1f}" cy="356" r="9" fill="{LIGHT["paper"]}" stroke="{LIGHT["ink"]}" stroke-width="2.5"/>',
    ]  # fmt: skip
    words = (
        f"Left, the error over 100 steps: nothing but the point from which all 32 curves start, {start:.3f}; they fan out when the cell is run. "
        "Right, the error over the learning rate η, logarithmic from 0.01 to 1000, with one mark that can be dragged, at η = 1."
    )
    return sheet("32 learning rates, one start: too small creeps, too large never arrives", words, parts, height=404)
