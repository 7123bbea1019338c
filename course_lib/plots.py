"""Still figures. Each function returns the figure and its description in words:

    figure, words = decision_boundary(network, X, y)

In a notebook the figure shows itself, with the words as its alternative text. Its title is the sentence that it
proves, found from the numbers, unless you give another. Colours and line styles are those of the moving figures:
class 0 blue circles, class 1 orange squares, the loss black, validation dashed, many runs from violet to yellow.
"""

import base64
import io
from functools import lru_cache
from html import escape
from textwrap import fill

import numpy as np

from course_lib.activations import activation
from course_lib.backend import to_cpu
from course_lib.bumps import bump, bump_network
from course_lib.checks import count, floats
from course_lib.widgets.palette import palette

# Okabe and Ito's colours, after those of classes 0 and 1
MORE_CLASSES = ("#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#000000", "#888888", "#6A3D9A")
MARKERS = "osD^vPX*<>"


def decision_boundary(model, X, y, *, title=None, labels=("x₁", "x₂"), steps=150):
    """The plane, shaded by what the model finds likely at each place, the border between the classes, and the data.

    model is a network with two inputs, or a function from X (N, 2) to the probability of class 1, (N,), or of each
    class, (N, K). A network without a sigmoid or softmax at its end is taken to give logits. y holds classes 0, 1, ….
    """
    X, y = _points(X, y)
    probabilities = _probabilities(model)
    (low, high), (low2, high2) = (_box(X[:, i]) for i in (0, 1))
    across, upwards = np.linspace(low, high, steps), np.linspace(low2, high2, steps)
    grid = np.stack(np.meshgrid(across, upwards), axis=-1).reshape(-1, 2)
    p, here = probabilities(grid), probabilities(X)
    K = max(p.shape[1], int(y.max()) + 1)
    right = int(np.sum(np.argmax(here, axis=1) == y))
    title = title or f"{right} of {len(y)} points are on the right side"

    figure, axes = _figure(title, (6.2, 5))
    axes.imshow(_shade(p, K).reshape(steps, steps, 3), origin="lower", extent=(low, high, low2, high2), aspect="auto", interpolation="bilinear")
    regions = np.argmax(p, axis=1).reshape(steps, steps)
    for k in range(1, p.shape[1]):
        lead = (p[:, k] - np.delete(p, k, axis=1).max(axis=1)).reshape(steps, steps)  # over the next likely class
        if lead.min() < 0 < lead.max():
            axes.contour(across, upwards, lead, levels=[0], colors=palette()["picture"]["ink"], linewidths=1.2)
    for k in range(K):
        axes.scatter(*X[y == k].T, s=34, color=_class_colour(k), marker=MARKERS[k % len(MARKERS)], edgecolor=palette()["picture"]["ink"], linewidth=0.8, zorder=3)
    axes.set(xlabel=labels[0], ylabel=labels[1], xlim=(low, high), ylim=(low2, high2))
    share = [f"class {k} on {np.mean(regions == k):.0%}" for k in range(K)]
    return figure.described(
        f"{title}. A plane with {labels[0]} from {low:.2g} to {high:.2g} across and {labels[1]} from {low2:.2g} to {high2:.2g} upwards, shaded by "
        f"the likely class: {', '.join(share)} of it. {len(y)} points, {', '.join(f'{int(np.sum(y == k))} of class {k}' for k in range(K))}; "
        f"{right} of them lie where their own class is the likely one."
    )


def loss_curves(histories, *, title=None, log=True, label="loss"):
    """The loss of each epoch, solid, and the loss on validation data, dashed, with its lowest point marked.

    histories is one History, or a dict of several by name; of runs with replicas the mean is drawn.
    """
    if not isinstance(histories, dict):
        histories = {"": histories}
    if not histories:
        raise ValueError("histories is empty: give a History, or a dict of several by name")
    curves = {}
    for name, history in histories.items():
        for series, words in (("loss", "training"), ("validation_loss", "validation")):
            values = getattr(history, series)
            if len(values):
                curves[name, words] = np.array([np.mean(v) for v in values])
    if not curves:
        raise ValueError("the history holds no epochs: train first")
    first, last = next(iter(histories)), next(iter(curves.values()))
    validation = curves.get((first, "validation"))
    if title is None and validation is not None and np.argmin(validation) < len(validation) - 1:
        title = f"The validation loss is lowest after {_epochs(int(np.argmin(validation)) + 1)} and rises again"
    title = title or f"The loss {'falls' if last[-1] < last[0] else 'rises'} from {last[0]:.3g} to {last[-1]:.3g} in {_epochs(len(last))}"

    figure, axes = _figure(title, (7, 4.2))
    colours, sentences, ends = _run_colours(len(histories)), [], []
    for place, name in enumerate(histories):
        for words, style in (("training", "-"), ("validation", "--")):
            curve = curves.get((name, words))
            if curve is None:
                continue
            epochs = np.arange(1, len(curve) + 1)
            axes.plot(epochs, curve, style, color=colours[place], linewidth=1.8)
            ends.append(((epochs[-1], curve[-1]), " ".join(filter(None, (name, words))), colours[place]))
            sentence = f"{name + ' ' if name else ''}{words} {label} from {curve[0]:.3g} to {curve[-1]:.3g}"
            if words == "validation":
                best = int(np.argmin(curve))
                axes.plot(epochs[best], curve[best], "o", color=colours[place], markerfacecolor=palette()["light"]["paper"])
                sentence += f", lowest {curve[best]:.3g} after {_epochs(best + 1)}"
            sentences.append(sentence)
    if log and all(np.all(curve > 0) for curve in curves.values()):
        axes.set_yscale("log")
    axes.set(xlabel="epoch", ylabel=label)
    _room_for_labels(axes)
    _label_ends(axes, *zip(*ends))
    longest = max(len(curve) for curve in curves.values())
    return figure.described(f"{title}. Curves over {_epochs(longest)}{', logarithmic upwards' if axes.get_yscale() == 'log' else ''}: {'; '.join(sentences)}.")


def shrinkage_paths(lambdas, coefficients, *, names=None, effective_df=None, chosen=None, title=None):
    """Each coefficient as the penalty grows to the left: coefficients is (L, D), one row for each of the L lambdas.

    The axis is the effective degrees of freedom where they are given (as for ridge), else the share Σ|w| / max Σ|w|. `chosen` is a
    λ to be marked. What `regularizers.shrinkage_path` returns fits.
    """
    _, lambdas, coefficients = floats(lambdas=lambdas, coefficients=coefficients)
    lambdas, coefficients = to_cpu(lambdas), to_cpu(coefficients)
    if coefficients.ndim != 2 or lambdas.shape != coefficients.shape[:1]:
        raise ValueError(f"coefficients has shape {coefficients.shape}, lambdas {lambdas.shape}: one row of coefficients for each λ")
    size = np.abs(coefficients).sum(axis=1)
    x = size / (size.max() or 1) if effective_df is None else np.asarray(effective_df, float)
    names = names or [f"w{j + 1}" for j in range(coefficients.shape[1])]
    order = np.argsort(x)
    zeros = int(np.sum(coefficients[np.argmax(lambdas)] == 0))
    title = title or (
        f"The largest penalty leaves {zeros} of {len(names)} weights exactly 0" if zeros else "Every weight shrinks, and none becomes exactly 0"
    )

    figure, axes = _figure(title, (7, 4.6))
    axes.axhline(0, color=palette()["light"]["rule"], linewidth=1)
    colours = _run_colours(len(names))
    for j, (name, colour) in enumerate(zip(names, colours)):
        axes.plot(x[order], coefficients[order, j], "-", color=colour, linewidth=1.8, marker="." if len(x) < 40 else None)
    end = order[-1]
    if chosen is not None:
        at = x[np.argmin(np.abs(lambdas - chosen))]
        axes.axvline(at, color=palette()["light"]["ink"], linestyle=":", linewidth=1.4)
    axes.set(xlabel="Σ|w| / max Σ|w|" if effective_df is None else "effective degrees of freedom", ylabel="weight")
    _room_for_labels(axes)
    _label_ends(axes, [(x[end], w) for w in coefficients[end]], names, colours)
    paths = "; ".join(f"{name} from {c[0]:.2g} to {c[-1]:.2g}" for name, c in zip(names, coefficients[np.argsort(lambdas)].T))
    return figure.described(f"{title}. The weights for {len(lambdas)} penalties, λ from {lambdas.min():.3g} to {lambdas.max():.3g}: {paths}.")


def activation_histograms(layers, *, title=None, bins=41):
    """How the activations of each layer are spread, one small histogram a layer, all on the same axis.

    layers is a list of arrays, one for each layer, as `network.activations()` gives; or a dict of such by name.
    """
    if not isinstance(layers, dict):
        layers = {f"layer {i + 1}": a for i, a in enumerate(layers)}
    if not layers:
        raise ValueError("layers is empty: give the activations of at least one layer")
    layers = {name: to_cpu(a).ravel() for name, a in layers.items()}
    spreads = {name: float(a.std()) for name, a in layers.items()}
    first, last = list(spreads.values())[0], list(spreads.values())[-1]
    title = title or (
        f"From the first layer to the last the spread {'shrinks' if last < first else 'grows'} {_times(first, last)}"
        if max(first, last) > 2 * min(first, last) else "The spread stays about the same from layer to layer"
    )
    figure, axes = _figure(title, (1.35 * len(layers) + 1, 2.7), columns=len(layers))
    widest = max(float(np.abs(a).max()) for a in layers.values()) or 1.0
    for ax, (name, a) in zip(axes, layers.items()):
        ax.hist(np.clip(a, -widest, widest), bins=np.linspace(-widest, widest, bins), color=palette()["light"]["zero"], density=True)
        ax.set_title(f"{name}\n±{spreads[name]:.2g}", fontsize=9, loc="center", fontweight="normal")
        ax.set_yticks([])
        ax.set_xlim(-1.05 * widest, 1.05 * widest)
    words = "; ".join(f"{name} {spread:.3g}" for name, spread in spreads.items())
    return figure.described(f"{title}. {len(layers)} histograms of activations between {-widest:.3g} and {widest:.3g}. Standard deviations: {words}.")


def contour_with_paths(f, paths, *, box=None, title=None, minimum=None, labels=("θ₁", "θ₂"), levels=14):
    """The level lines of a function of two parameters, and the ways that optimizers took on it.

    f takes θ (N, 2) and returns (N,); paths is an array (T, 2), or a dict of such by name. `box` is ((low, high), (low, high)).
    """
    paths = paths if isinstance(paths, dict) else {"": paths}
    paths = {name: to_cpu(floats(path=path)[1]) for name, path in paths.items()}
    for name, path in paths.items():
        if path.ndim != 2 or path.shape[1] != 2:
            raise ValueError(f"the path {name!r} has shape {path.shape}; it needs one row of two parameters for each step")
    everything = np.concatenate([*paths.values(), *([np.atleast_2d(minimum)] if minimum is not None else [])])
    (low, high), (low2, high2) = box or [_box(everything[:, i]) for i in (0, 1)]
    across, upwards = np.linspace(low, high, 200), np.linspace(low2, high2, 200)
    values = np.asarray(f(np.stack(np.meshgrid(across, upwards), axis=-1).reshape(-1, 2)), float).reshape(200, 200)
    ends = {name: (float(np.ravel(f(path[:1]))[0]), float(np.ravel(f(path[-1:]))[0])) for name, path in paths.items()}
    best = min(ends, key=lambda name: ends[name][1])
    title = title or (f"{best} gets lowest: {ends[best][1]:.3g}" if len(paths) > 1 else f"From {ends[best][0]:.3g} down to {ends[best][1]:.3g} in {count(len(paths[best]) - 1, 'step')}")

    figure, axes = _figure(title, (6.2, 5))
    heights = values - min(values.min(), 0)
    axes.contour(across, upwards, heights, levels=np.quantile(heights, np.linspace(0.01, 0.97, levels) ** 2), colors=palette()["light"]["rule"], linewidths=0.9)
    for (name, path), colour in zip(paths.items(), _run_colours(len(paths))):
        axes.plot(*path.T, "-", color=colour, linewidth=1.6, marker="o", markersize=2.5)
        axes.plot(*path[0], "s", color=colour, markersize=6)
    if minimum is not None:
        axes.plot(*minimum, "*", color=palette()["light"]["ink"], markersize=13)
    axes.set(xlabel=labels[0], ylabel=labels[1], xlim=(low, high), ylim=(low2, high2))
    _label_ends(axes, [tuple(path[-1]) for path in paths.values()], list(paths), _run_colours(len(paths)))
    words = "; ".join(f"{name or 'the path'}, {count(len(path) - 1, 'step')}, from {ends[name][0]:.3g} to {ends[name][1]:.3g}" for name, path in paths.items())
    return figure.described(f"{title}. Level lines over {labels[0]} from {low:.2g} to {high:.2g} and {labels[1]} from {low2:.2g} to {high2:.2g}, with the ways: {words}.")


def learning_rate_fan(etas, losses, *, chosen=None, title=None):
    """The loss curves of many learning rates, from violet (small) to yellow (large), with the chosen one drawn thick.

    etas is (R,), losses (T, R), a row for each epoch: the History of a run with replicas has it as `history.loss`. Without
    `chosen` the rate with the lowest last loss is the chosen one. Losses that are not finite are left out.
    """
    etas, losses = np.ravel(to_cpu(floats(etas=etas)[1])), np.array([np.ravel(to_cpu(row)) for row in losses], float)
    if losses.ndim != 2 or losses.shape[1] != len(etas):
        raise ValueError(f"losses has shape {losses.shape}, but there are {len(etas)} rates: give one column for each rate")
    last = np.where(np.isfinite(losses[-1]), losses[-1], np.inf)
    pick = int(np.argmin(last)) if chosen is None else int(np.argmin(np.abs(etas - chosen)))
    lost = int(np.sum(~np.isfinite(losses).all(axis=0)))
    if chosen is None and title is None:
        inside = etas.min() < etas[pick] < etas.max()
        title = f"η = {etas[pick]:.2g} gets lowest" + (": smaller is slower, larger does not get there" if inside else ", at the end of the rates tried")
    title = title or f"η = {etas[pick]:.2g} ends at {losses[-1, pick]:.3g}"

    figure, axes = _figure(title, (7, 4.4))
    epochs = np.arange(1, len(losses) + 1)
    for r, colour in enumerate(_run_colours(len(etas), ranks=np.argsort(np.argsort(etas)))):
        axes.plot(epochs, np.where(np.isfinite(losses[:, r]), losses[:, r], np.nan), color=colour, linewidth=3.2 if r == pick else 1.1, zorder=3 if r == pick else 2)
    finite = losses[np.isfinite(losses) & (losses > 0)]
    if finite.size:
        axes.set_yscale("log")
        axes.set_ylim(finite.min() / 1.5, min(finite.max(), 100 * np.nanmax(losses[0][np.isfinite(losses[0])])) * 1.5)
    axes.set(xlabel="epoch", ylabel="loss")
    _room_for_labels(axes)
    _label_ends(axes, [(epochs[-1], losses[-1, pick])], [f"η = {etas[pick]:.2g}"], [palette()["light"]["ink"]])
    words = "; ".join(f"η = {eta:.2g} ends at {end:.3g}" if np.isfinite(end) else f"η = {eta:.2g} diverges" for eta, end in zip(etas, losses[-1]))
    return figure.described(f"{title}. {len(etas)} loss curves over {_epochs(len(losses))}, logarithmic upwards: {words}." + (f" {lost} of them diverged." if lost else ""))


def cybenko_bumps(f, low, high, *, bins=8, steepness=20, title=None):
    """A curve, the bumps that one hidden layer of 2·bins sigmoids makes, and their sum: see `course_lib.bumps`."""
    network = bump_network(f, low, high, bins, steepness=steepness)
    x = np.linspace(low, high, 800)
    target, drawn = np.asarray(f(x), float), network.predict(x[:, None])[:, 0]
    error = float(np.abs(target - drawn).max())
    title = title or f"{2 * bins} sigmoids draw the curve to within {error:.2g}"

    figure, axes = _figure(title, (7, 4.2))
    width = (high - low) / bins
    for i in range(bins):
        a = low + i * width
        height = float(np.ravel(f(np.array([a + width / 2])))[0])
        axes.fill_between(x, 0, height * bump(x, a, a + width, steepness / width), color=palette()["light"]["zero"], alpha=0.25, linewidth=0)
    axes.plot(x, target, "--", color=palette()["light"]["loss"], linewidth=1.6)
    axes.plot(x, drawn, "-", color=palette()["class0"], linewidth=2.2)
    axes.set(xlabel="x", ylabel="y")
    _room_for_labels(axes)
    _label_ends(axes, [(high, target[-1]), (high, drawn[-1])], ["curve", "sum"], [palette()["light"]["loss"], palette()["class0"]])
    return figure.described(
        f"{title}. A dashed curve for x from {low:g} to {high:g}, {bins} grey bumps under it, each made of two sigmoids and as high as the curve in its "
        f"middle, and their sum, solid: off by {error:.2g} at most."
    )


# ---- what all figures share ----


def _figure(title, size, columns=1):
    """A figure with its sentence above it, and its axes (a list, with several columns)."""
    light = palette()["light"]
    figure = _still_class()(figsize=size, layout="constrained", facecolor=light["paper"])
    grid = figure.subplots(1, columns, squeeze=False)[0]
    for axes in grid:
        axes.set_facecolor(light["paper"])
        axes.spines[["top", "right"]].set_visible(False)
        axes.spines[["left", "bottom"]].set_color(light["border"])
        axes.tick_params(colors=light["quiet"], labelsize=9)
        axes.xaxis.label.set_color(light["ink"])
        axes.yaxis.label.set_color(light["ink"])
    figure.suptitle(fill(title, int(size[0] * 10)), x=0.01, ha="left", fontsize=12, fontweight="bold", color=light["ink"])
    return figure, grid[0] if columns == 1 else grid


@lru_cache(maxsize=1)
def _still_class():
    from matplotlib.figure import Figure

    class Still(Figure):
        """A figure that shows itself in a notebook, with its description as alternative text."""

        description = ""

        def described(self, words):
            self.description = words
            return self, words

        def _repr_html_(self):
            file = io.BytesIO()
            self.savefig(file, format="png", dpi=110)
            picture = base64.b64encode(file.getvalue()).decode()
            return f'<img style="max-width:100%" alt="{escape(self.description)}" src="data:image/png;base64,{picture}">'

    return Still


def _run_colours(n, ranks=None):
    """The ink for one run; for several a perceptual ramp, in the order of their ranks."""
    if n == 1:
        return [palette()["light"]["loss"]]
    from matplotlib import colormaps

    places = np.arange(n) if ranks is None else np.asarray(ranks)
    return [colormaps["viridis"](0.9 * place / (n - 1)) for place in places]


def _class_colour(k):
    return (palette()["class0"], palette()["class1"], *MORE_CLASSES)[k % (2 + len(MORE_CLASSES))]


def _shade(p, K):
    """The colour of each place: near-white where nothing is sure, the likely class's colour where it is certain."""
    from matplotlib.colors import to_rgb

    white = np.array(to_rgb(palette()["half"]))
    colours = np.array([to_rgb(_class_colour(k)) for k in range(K)])
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
            return o if last in ("Sigmoid", "Softmax") else activation("sigmoid" if o.shape[1] == 1 else "softmax").forward(o)
    elif callable(model):
        p_of = model
    else:
        raise TypeError(f"model is {type(model).__name__}: give a network, or a function from X (N, 2) to probabilities")

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
        raise ValueError(f"X has shape {X.shape}, y has shape {y.shape}: a plane needs X (N, 2) and one class for each row, y (N,)")
    if not np.array_equal(y, np.round(y)) or y.min() < 0:
        raise ValueError("y must hold classes, whole numbers from 0 up")
    return X, y.astype(int)


def _box(values):
    low, high = float(values.min()), float(values.max())
    more = 0.15 * (high - low) or 0.5
    return low - more, high + more


def _label_ends(axes, ends, names, colours):
    """The names of curves at their ends [(x, y), …], moved apart where they would touch. Call it when the axes are final."""
    finite = [i for i, (x, y) in enumerate(ends) if names[i] and np.isfinite(y)]
    heights = {i: axes.transData.transform(ends[i])[1] * 72 / axes.figure.dpi for i in finite}  # in points
    last = -np.inf
    for i in sorted(finite, key=heights.get):
        place = last = max(heights[i], last + 11)
        axes.annotate(names[i], ends[i], xytext=(6, place - heights[i]), textcoords="offset points", va="center",
                      color=colours[i], fontsize=9, annotation_clip=False)  # fmt: skip


def _room_for_labels(axes):
    """What stands at the ends of curves needs room on the right."""
    low, high = axes.get_xlim()
    axes.set_xlim(low, high + 0.17 * (high - low))


def _epochs(n):
    return count(n, "epoch")


def _times(a, b):
    """How many times one is the other, in words."""
    ratio = max(a, b) / min(a, b) if min(a, b) > 0 else float("inf")
    return f"{ratio:.2g} times" if np.isfinite(ratio) else "to nothing"
