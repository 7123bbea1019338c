"""The still figures of lecture L13, each as its moving figure looks before it is touched."""

import numpy as np

from course_lib.plots import new_figure, svg_text
from course_lib.plots.style import run_colours
from course_lib.regularizers import L1
from course_lib.widgets.palette import palette
from course_lib.widgets.regularization import Overfit, Shrinkage, ShrinkagePaths

LIGHT, COLOURS = palette()["light"], palette()


def figures() -> dict[str, tuple[str, str]]:
    """File name -> (SVG text, description in words)."""
    return {
        "L13_overfit.svg": overfit(),
        "L13_shrinkage.svg": shrinkage(),
        "L13_paths.svg": paths(),
        "L13_exact_zero.svg": exact_zero(),
    }


def overfit():
    title = "The network learns its points; what about new ones?"
    data = Overfit().data
    X, y = np.array(data["X"]), np.array(data["y"])
    figure, (left, right) = new_figure(title, (8.4, 4.2), columns=2)
    left.set_facecolor(COLOURS["half"])
    for y_i, marker in ((0, "o"), (1, "s")):
        left.scatter(*X[y == y_i].T, s=42, marker=marker, color=COLOURS[f"class{y_i}"], edgecolor=LIGHT["ink"], linewidth=0.9)
    left.set(xlim=(-1.7, 2.7), ylim=(-1.95, 2.45), xlabel="x₁", ylabel="x₂")
    right.set(xlim=(0, 1000), ylim=(0, 1.5), xlabel="step k", ylabel="loss")
    return drawn(figure, title,
        "On the left sixty points of two noisy half moons that reach into each other, thirty blue and thirty orange. On the right an empty chart of the loss over 1000 steps. "
        "When the figure is played two curves grow, solid for its own points and dashed for new ones, and a mark stands where the dashed one is lowest.")  # fmt: skip


def shrinkage():
    title = "A penalty pulls the weights from the least-squares point towards 0"
    data = Shrinkage().data
    flat, place = data["problems"]["flat"], 20
    b, G = np.array(flat["b"]), np.array(flat["G"])
    figure, sides = new_figure(title, (8.4, 4.4), columns=2)
    across = np.linspace(-1.4, 2.2, 200)
    grid = np.stack(np.meshgrid(across, across), axis=-1) - b
    bowl = 0.5 * np.einsum("...i,ij,...j", grid, G, grid)
    for axes, kind, name in zip(sides, ("ridge", "lasso"), ("L2, the circle", "L1, the diamond")):
        path = np.array(flat[kind])
        w = path[place]
        axes.set_facecolor(COLOURS["half"])
        axes.contour(across, across, bowl, levels=[0.02, 0.1, 0.3, 0.7, 1.4], colors="#4a5a68", linewidths=0.8, alpha=0.75)
        axes.contour(across, across, bowl, levels=[0.5 * (w - b) @ G @ (w - b)], colors="#4a5a68", linewidths=1.8, linestyles="--")
        axes.plot(*ball(kind, w).T, color=LIGHT["ink"], lw=2.8)
        axes.plot(*np.vstack([b, path[: place + 1]]).T, color=LIGHT["positive"], lw=2.8)
        axes.plot(*b, "o", color=LIGHT["ink"])
        axes.plot(*w, "o", color=LIGHT["positive"])
        axes.annotate("least squares", b, xytext=(0, 9), textcoords="offset points", ha="center", fontweight="bold")
        axes.set(xlim=(-1.4, 2.2), ylim=(-1.4, 2.2), xlabel="w₁", ylabel="w₂", title=name, aspect="equal", xticks=[-1, 0, 1, 2], yticks=[-1, 0, 1, 2])
    ridge, lasso = (", ".join(f"{v:.2f}" for v in flat[kind][place]) for kind in ("ridge", "lasso"))
    return drawn(figure, title,
        "Two planes of the weights w₁ and w₂, each with the same flat ellipses of equal loss around the least-squares point (1.5, 1.2). On the left the circle of L2 touches "
        f"a dashed ellipse at ({ridge}), on the right the diamond of L1 touches one at ({lasso}), both for λ = {data['lambdas'][place]:.2f}. A short path leads from the least-squares point to each.")  # fmt: skip


def paths():
    title = "L2 shrinks every weight, L1 drops one after the other"
    data = ShrinkagePaths().data
    figure, sides = new_figure(title, (9, 4.2), columns=2)
    colours = run_colours(len(data["names"]))
    for axes, kind, x, name, label in zip(sides, ("ridge", "lasso"), ("df", "share"), ("L2, ridge", "L1, lasso"), ("degrees of freedom", "Σ|w| left")):
        w = np.array(data[kind]["w"])
        for j, colour in enumerate(colours):
            axes.plot(data[kind][x], w[:, j], color=colour, lw=1.8)
        last = 1e9
        for j in np.argsort(-w[0]):
            if np.sum(np.abs(w[0]) > abs(w[0, j])) < 6:
                last = min(w[0, j], last - 11)
                axes.annotate(data["names"][j], (data[kind][x][0], last), xytext=(5, 0), textcoords="offset points", va="center", color=colours[j], fontweight="bold")
        axes.set(xlabel=label, ylabel="weight", title=name)
    return drawn(figure, title,
        "Two charts of the ten weights of a linear model for the diabetes patients. On the left, with L2, all weights run together towards 0 as the degrees of freedom fall from 10 to 0, "
        "and none is 0 before the end. On the right, with L1, one weight after the other reaches 0 and stays there as Σ|w| shrinks. The largest weights, s1 and s2, are of opposite sign.")  # fmt: skip


def exact_zero():
    title = "The subgradient circles around zero, the proximal step lands on it"
    c, lam, eta = 0.5, 0.8, 0.1
    slope, prox = [c], [c]
    for _ in range(60):
        slope.append(slope[-1] - eta * (slope[-1] - c + lam * np.sign(slope[-1])))
        prox.append(float(L1(lam).prox([prox[-1] - eta * (prox[-1] - c)], eta)[0]))
    figure, axes = new_figure(title, (8.4, 3.4))
    axes.axhline(0, color=LIGHT["quiet"], ls=":", lw=1.2)
    axes.plot(slope, color=LIGHT["wrong"], lw=1.8)
    axes.plot(prox, color=LIGHT["good"], lw=3)
    axes.text(60.6, 0.06, "subgradient", color=LIGHT["wrong"], fontweight="bold")
    axes.text(60.6, -0.02, "proximal", color=LIGHT["good"], fontweight="bold")
    axes.set(xlim=(0, 69), xlabel="step k", ylabel="weight w", xticks=range(0, 61, 10))
    return drawn(figure, title,
        "One weight over 60 steps, from 0.5, with λ = 0.8 and η = 0.1. Both curves fall; after ten steps the proximal one is exactly 0 and stays, "
        "while the subgradient's goes on in teeth between about −0.03 and 0.13.")  # fmt: skip


# ---- what they share


def drawn(figure, title, words):
    description = f"{title}{'' if title[-1] in '?!' else '.'} {words}"
    return svg_text(figure, title, description), description


def ball(kind, w):
    """The circle or the diamond around 0 through w, closed."""
    angle = np.linspace(0, 2 * np.pi, 5 if kind == "lasso" else 121)
    r = np.abs(w).sum() if kind == "lasso" else np.linalg.norm(w)
    return r * np.stack([np.cos(angle), np.sin(angle)], axis=1)
