"""Figures of a plane: where a network finds which class, and the ways of optimizers."""

import numpy as np

from course_lib.activations import activation
from course_lib.backend import to_cpu
from course_lib.checks import count, floats
from course_lib.plots.style import class_colour, label_ends, limits, new_figure, run_colours
from course_lib.widgets.palette import palette

MARKERS = "osD^vPX*<>"


def decision_boundary(model, X, y, *, title=None, labels=("x₁", "x₂"), steps=150):
    """The plane, shaded by what the model finds likely at each place, the border between the classes, and the data.

    model is a network with two inputs, or a function from X (N, 2) to the probability of class 1, (N,), or of each
    class, (N, K). A network without a sigmoid or softmax at its end is taken to give logits. y holds classes 0, 1, ….
    """
    X, y = _points(X, y)
    probabilities = _probabilities(model)
    (low, high), (low2, high2) = (limits(X[:, i]) for i in (0, 1))
    across, upwards = np.linspace(low, high, steps), np.linspace(low2, high2, steps)
    grid = np.stack(np.meshgrid(across, upwards), axis=-1).reshape(-1, 2)
    p, here = probabilities(grid), probabilities(X)
    K = max(p.shape[1], int(y.max()) + 1)
    right = int(np.sum(np.argmax(here, axis=1) == y))
    title = title or f"{right} of {len(y)} points are on the right side"

    figure, axes = new_figure(title, (6.2, 5))
    axes.imshow(
        _shade(p, K).reshape(steps, steps, 3),
        origin="lower",
        extent=(low, high, low2, high2),
        aspect="auto",
        interpolation="bilinear",
    )
    regions = np.argmax(p, axis=1).reshape(steps, steps)
    for k in range(1, p.shape[1]):
        lead = (p[:, k] - np.delete(p, k, axis=1).max(axis=1)).reshape(steps, steps)  # over the next likely class
        if lead.min() < 0 < lead.max():
            axes.contour(across, upwards, lead, levels=[0], colors=palette()["picture"]["ink"], linewidths=1.2)
    for k in range(K):
        axes.scatter(
            *X[y == k].T,
            s=34,
            color=class_colour(k),
            marker=MARKERS[k % len(MARKERS)],
            edgecolor=palette()["picture"]["ink"],
            linewidth=0.8,
            zorder=3,
        )
    axes.set(xlabel=labels[0], ylabel=labels[1], xlim=(low, high), ylim=(low2, high2))
    share = [f"class {k} on {np.mean(regions == k):.0%}" for k in range(K)]
    return figure.described(
        f"{title}. A plane with {labels[0]} from {low:.2g} to {high:.2g} across and {labels[1]} from {low2:.2g} to "
        f"{high2:.2g} upwards, shaded by the likely class: {', '.join(share)} of it. "
        f"{len(y)} points, {', '.join(f'{int(np.sum(y == k))} of class {k}' for k in range(K))}; "
        f"{right} of them lie where their own class is the likely one."
    )


def contour_with_paths(f, paths, *, box=None, title=None, minimum=None, labels=("θ₁", "θ₂"), levels=14):
    """The level lines of a function of two parameters, and the ways that optimizers took on it.

    f takes θ (N, 2) and returns (N,); paths is an array (T, 2), or a dict of such by name.
    `box` is ((low, high), (low, high)).
    """
    paths = paths if isinstance(paths, dict) else {"": paths}
    paths = {name: to_cpu(floats(path=path)[1]) for name, path in paths.items()}
    for name, path in paths.items():
        if path.ndim != 2 or path.shape[1] != 2:
            raise ValueError(
                f"the path {name!r} has shape {path.shape}; it needs one row of two parameters for each step"
            )
    everything = np.concatenate([*paths.values(), *([np.atleast_2d(minimum)] if minimum is not None else [])])
    (low, high), (low2, high2) = box or [limits(everything[:, i]) for i in (0, 1)]
    across, upwards = np.linspace(low, high, 200), np.linspace(low2, high2, 200)
    values = np.asarray(f(np.stack(np.meshgrid(across, upwards), axis=-1).reshape(-1, 2)), float).reshape(200, 200)
    ends = {name: (float(np.ravel(f(path[:1]))[0]), float(np.ravel(f(path[-1:]))[0])) for name, path in paths.items()}
    best = min(ends, key=lambda name: ends[name][1])
    title = title or (
        f"{best} gets lowest: {ends[best][1]:.3g}"
        if len(paths) > 1
        else f"From {ends[best][0]:.3g} down to {ends[best][1]:.3g} in {count(len(paths[best]) - 1, 'step')}"
    )

    figure, axes = new_figure(title, (6.2, 5))
    heights = values - min(values.min(), 0)
    axes.contour(
        across,
        upwards,
        heights,
        levels=np.quantile(heights, np.linspace(0.01, 0.97, levels) ** 2),
        colors=palette()["light"]["rule"],
        linewidths=0.9,
    )
    for (name, path), colour in zip(paths.items(), run_colours(len(paths))):
        axes.plot(*path.T, "-", color=colour, linewidth=1.6, marker="o", markersize=2.5)
        axes.plot(*path[0], "s", color=colour, markersize=6)
    if minimum is not None:
        axes.plot(*minimum, "*", color=palette()["light"]["ink"], markersize=13)
    axes.set(xlabel=labels[0], ylabel=labels[1], xlim=(low, high), ylim=(low2, high2))
    label_ends(axes, [tuple(path[-1]) for path in paths.values()], list(paths), run_colours(len(paths)))
    words = "; ".join(
        f"{name or 'the path'}, {count(len(path) - 1, 'step')}, from {ends[name][0]:.3g} to {ends[name][1]:.3g}"
        for name, path in paths.items()
    )
    return figure.described(
        f"{title}. Level lines over {labels[0]} from {low:.2g} to {high:.2g} and {labels[1]} from {low2:.2g} to "
        f"{high2:.2g}, with the ways: {words}."
    )


def _shade(p, K):
    """The colour of each place: near-white where nothing is sure, the likely class's colour where it is certain."""
    from matplotlib.colors import to_rgb

    white = np.array(to_rgb(palette()["half"]))
    colours = np.array([to_rgb(class_colour(k)) for k in range(K)])
    likely = np.argmax(p, axis=1)
    sure = (p.max(axis=1) - 1 / K) / (1 - 1 / K) if K > 1 else np.ones(len(p))
    return white + 0.75 * np.clip(sure, 0, 1)[:, None] * (colours[likely] - white)


def _probabilities(model):
    """X (N, 2) -> the probability of each class, (N, K)."""
    if hasattr(model, "predict"):
        if getattr(model, "replicas", None) is not None:
            raise ValueError("model has replicas: give one network, or a function that averages them")
        last = repr(model.layers[-1]).partition("(")[0] if hasattr(model, "layers") else ""

        def p_of(X):
            o = to_cpu(model.predict(X))
            return (
                o
                if last in ("Sigmoid", "Softmax")
                else activation("sigmoid" if o.shape[1] == 1 else "softmax").forward(o)
            )
    elif callable(model):
        p_of = model
    else:
        raise TypeError(
            f"model is {type(model).__name__}: give a network, or a function from X (N, 2) to probabilities"
        )

    def of_each_class(X):
        p = to_cpu(p_of(X))
        p = p.reshape(len(X), -1)
        return np.concatenate([1 - p, p], axis=1) if p.shape[1] == 1 else p

    return of_each_class


def _points(X, y):
    _, X = floats(X=X)
    X, y = to_cpu(X), to_cpu(y)
    y = y[:, 0] if y.ndim == 2 and y.shape[1] == 1 else y
    if X.ndim != 2 or X.shape[1] != 2 or y.shape != X.shape[:1]:
        raise ValueError(
            f"X has shape {X.shape}, y has shape {y.shape}: a plane needs X (N, 2) and one class for each row, y (N,)"
        )
    if not np.array_equal(y, np.round(y)) or y.min() < 0:
        raise ValueError("y must hold classes, whole numbers from 0 up")
    return X, y.astype(int)
