"""The still figures of L10: the moving ones at rest, with what the reader is to guess left out."""

import numpy as np

from course_lib.optimizers import SGD
from course_lib.plots import svg_text
from course_lib.plots.style import new_figure
from course_lib.widgets.palette import palette

INK, RULE = palette()["light"]["ink"], palette()["light"]["rule"]
GROUND = ("#FBFBF8", "#E3E8EC", "#BCCAD6", "#8FA5B8", "#7E96AB")


def figures() -> dict[str, tuple[str, str]]:
    """File name -> (SVG text, description in words)."""
    return {
        "L10_momentum_map.svg": momentum_map(),
        "L10_step_bars.svg": step_bars(),
        "L10_race.svg": race(),
        "L10_cliff.svg": cliff(),
    }


def momentum_map():
    title = "Every η and every β has a place on this map: which is fastest down the ravine?"
    lam = np.array([1.0, 10.0])
    path = walk(lambda theta: lam * theta, (4, 3), eta=2 / 11, steps=60)
    figure, (map_, bowl) = new_figure(title, (9, 4.3), columns=2)
    map_.plot([2 / 11], [0], "o", color="white", markeredgecolor=INK, markersize=12, markeredgewidth=2, clip_on=False)
    map_.set(xlim=(0, 0.4), ylim=(0, 1), xlabel="η, learning rate", ylabel="β, memory")
    map_.grid(color=RULE)
    ground(bowl, lambda x, y: np.log(0.5 * (x**2 + 10 * y**2) + 0.3), (-5, 5), (-5, 5))
    bowl.plot(*path.T, "-o", color=INK, linewidth=1.6, markersize=3)
    bowl.set(xlabel="θ₁, flat direction (λ = 1)", ylabel="θ₂, steep direction (λ = 10)")
    return still(
        figure, title,
        "Left, a plane of learning rates η from 0 to 0.4 across and memories β from 0 to 1 upwards, still empty, with a handle at "
        "η = 0.18, β = 0. Right, the ravine seen from above with the way of gradient descent from (4, 3): it jumps from wall to "
        "wall, a little nearer to the middle with each step.",
    )  # fmt: skip


def step_bars():
    title = "Four parameters, four gradients, a million times apart: how far does each one move?"
    figure, axes = new_figure(title, (7, 3))
    sizes, colours = (100, 1, 0.01, 0.0001), ("#D55E00", "#B8578F", "#0072B2", "#00855F")
    axes.barh(range(4), sizes, left=1e-9, height=0.35, color=colours, alpha=0.35, log=True)
    axes.axvline(0.01, color=INK, linestyle=":", linewidth=1.5)
    axes.annotate("η", (0.01, -0.55), xytext=(4, 0), textcoords="offset points", color=INK)
    axes.set(xlim=(1e-9, 1e3), ylim=(3.6, -0.8), yticks=range(4), yticklabels=["θ₁", "θ₂", "θ₃", "θ₄"], xlabel="size of the gradient")
    return still(
        figure, title,
        "Bars on a scale of ratios show the gradients of four parameters: 100, 1, 0.01 and 0.0001. A dotted line stands at the "
        "learning rate, 0.01. The bars of the steps are still missing; they appear when the cell is run.",
    )  # fmt: skip


def race():
    title = "Five rules, one start: what a rule remembers decides how it travels"
    lam = np.array([0.1, 10.0])
    path = walk(lambda theta: lam * theta, (-4, 1.5), eta=0.1, steps=100)
    figure, axes = new_figure(title, (6, 5))
    ground(axes, lambda x, y: np.log(0.5 * (0.1 * x**2 + 10 * y**2) + 0.1), (-5, 5), (-5, 5))
    axes.plot(*path.T, "-o", color="#6B6B6B", linewidth=2, markersize=3)
    axes.plot(*path[0], "o", color="white", markeredgecolor=INK, markersize=12, markeredgewidth=2)
    axes.annotate("gradient descent", path[-1], xytext=(8, -14), textcoords="offset points", color=INK)
    axes.set(xlabel="θ₁", ylabel="θ₂")
    return still(
        figure, title,
        "A ravine seen from above, a hundred times as curved upwards as across, with θ₁ and θ₂ from −5 to 5. From the start at "
        f"(−4, 1.5) gradient descent drops to the floor in one step and then creeps along it; after 100 steps it is at θ₁ = −{-path[-1, 0]:.2f}. "
        "The four other ways appear when the cell is run.",
    )  # fmt: skip


def cliff():
    title = "A loss with a cliff: what happens at the edge?"
    figure, axes = new_figure(title, (6, 5))
    ground(axes, lambda w, b: np.log(loop(w, b)[0] + 1e-3), (3.5, 6), (-3.2, -1.2), columns=110)
    path = walk(lambda theta: np.array(loop(*theta)[1:]), (5, -2.2), eta=0.1, steps=30)
    axes.plot(*path.T, "-o", color=INK, linewidth=2, markersize=3)
    axes.plot(*path[0], "o", color="white", markeredgecolor=INK, markersize=12, markeredgewidth=2)
    axes.set(xlabel="w", ylabel="b")
    return still(
        figure, title,
        "The loss of a neuron that is fed its own output fifty times, over w from 3.5 to 6 across and b from −3.2 to −1.2 upwards. "
        "A valley runs from the upper left to the lower right, and its lower left wall is a cliff, where the level lines crowd. "
        "From w = 5, b = −2.2 gradient descent has come down to the edge in 30 steps.",
    )  # fmt: skip


def still(figure, title, words):
    description = f"{title} {words}" if title[-1] in "?:" else f"{title}. {words}"
    return svg_text(figure, title, description), description


def walk(gradient, start, *, eta, steps):
    theta, optimizer = np.array(start, float), SGD(eta)
    return np.array([theta.copy(), *(optimizer.step(theta, gradient(theta)).copy() for _ in range(steps))])


def ground(axes, height, across, upwards, columns=70):
    x, y = np.meshgrid(np.linspace(*across, columns), np.linspace(*upwards, columns))
    h = height(x, y)
    axes.contourf(x, y, h, levels=np.linspace(h.min(), h.max(), len(GROUND) + 1), colors=GROUND)
    axes.contour(x, y, h, levels=np.linspace(h.min(), h.max(), 13)[1:-1], colors="#4A5A68", linewidths=0.7, linestyles="solid")


def loop(w, b):
    """(loss, ∂ℓ/∂w, ∂ℓ/∂b) of h ← w σ(h) + b, fifty times from ½, at the end (σ(h) − 0.7)²."""
    h, d_w, d_b = 0.5, 0.0, 0.0
    for _ in range(50):
        s = 1 / (1 + np.exp(-h))
        d_w, d_b, h = s + w * s * (1 - s) * d_w, 1 + w * s * (1 - s) * d_b, w * s + b
    p = 1 / (1 + np.exp(-h))
    d_h = 2 * (p - 0.7) * p * (1 - p)
    return (p - 0.7) ** 2, d_h * d_w, d_h * d_b
