"""Figures of curves: losses, penalties, activations, bumps."""

import numpy as np

from course_lib.backend import to_cpu
from course_lib.bumps import bump, bump_network
from course_lib.checks import floats
from course_lib.plots.style import in_epochs, label_ends, new_figure, room_for_labels, run_colours
from course_lib.widgets.palette import palette


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
        title = f"The validation loss is lowest after {in_epochs(int(np.argmin(validation)) + 1)} and rises again"
    title = (
        title
        or f"The loss {'falls' if last[-1] < last[0] else 'rises'} from {last[0]:.3g} to {last[-1]:.3g} "
        f"in {in_epochs(len(last))}"
    )

    figure, axes = new_figure(title, (7, 4.2))
    colours, sentences, ends = run_colours(len(histories)), [], []
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
                axes.plot(
                    epochs[best], curve[best], "o", color=colours[place], markerfacecolor=palette()["light"]["paper"]
                )
                sentence += f", lowest {curve[best]:.3g} after {in_epochs(best + 1)}"
            sentences.append(sentence)
    if log and all(np.all(curve > 0) for curve in curves.values()):
        axes.set_yscale("log")
    axes.set(xlabel="epoch", ylabel=label)
    room_for_labels(axes)
    label_ends(axes, *zip(*ends))
    longest = max(len(curve) for curve in curves.values())
    return figure.described(
        f"{title}. Curves over {in_epochs(longest)}{', logarithmic upwards' if axes.get_yscale() == 'log' else ''}: "
        f"{'; '.join(sentences)}."
    )


def learning_rate_fan(etas, losses, *, chosen=None, title=None):
    """The loss curves of many learning rates, from violet (small) to yellow (large), with the chosen one drawn thick.

    etas is (R,), losses (T, R), a row for each epoch: the History of a run with replicas has it as `history.loss`. Without
    `chosen` the rate with the lowest last loss is the chosen one. Losses that are not finite are left out.
    """
    etas, losses = np.ravel(to_cpu(floats(etas=etas)[1])), np.array([np.ravel(to_cpu(row)) for row in losses], float)
    if losses.ndim != 2 or losses.shape[1] != len(etas):
        raise ValueError(
            f"losses has shape {losses.shape}, but there are {len(etas)} rates: give one column for each rate"
        )
    last = np.where(np.isfinite(losses[-1]), losses[-1], np.inf)
    pick = int(np.argmin(last)) if chosen is None else int(np.argmin(np.abs(etas - chosen)))
    lost = int(np.sum(~np.isfinite(losses).all(axis=0)))
    if chosen is None and title is None:
        inside = etas.min() < etas[pick] < etas.max()
        title = f"η = {etas[pick]:.2g} gets lowest" + (
            ": smaller is slower, larger does not get there" if inside else ", at the end of the rates tried"
        )
    title = title or f"η = {etas[pick]:.2g} ends at {losses[-1, pick]:.3g}"

    figure, axes = new_figure(title, (7, 4.4))
    epochs = np.arange(1, len(losses) + 1)
    for r, colour in enumerate(run_colours(len(etas), ranks=np.argsort(np.argsort(etas)))):
        axes.plot(
            epochs,
            np.where(np.isfinite(losses[:, r]), losses[:, r], np.nan),
            color=colour,
            linewidth=3.2 if r == pick else 1.1,
            zorder=3 if r == pick else 2,
        )
    finite = losses[np.isfinite(losses) & (losses > 0)]
    if finite.size:
        axes.set_yscale("log")
        axes.set_ylim(finite.min() / 1.5, min(finite.max(), 100 * np.nanmax(losses[0][np.isfinite(losses[0])])) * 1.5)
    axes.set(xlabel="epoch", ylabel="loss")
    room_for_labels(axes)
    label_ends(axes, [(epochs[-1], losses[-1, pick])], [f"η = {etas[pick]:.2g}"], [palette()["light"]["ink"]])
    words = "; ".join(
        f"η = {eta:.2g} ends at {end:.3g}" if np.isfinite(end) else f"η = {eta:.2g} diverges"
        for eta, end in zip(etas, losses[-1])
    )
    return figure.described(
        f"{title}. {len(etas)} loss curves over {in_epochs(len(losses))}, logarithmic upwards: {words}."
        + (f" {lost} of them diverged." if lost else "")
    )


def shrinkage_paths(lambdas, coefficients, *, names=None, effective_df=None, chosen=None, title=None):
    """Each coefficient as the penalty grows to the left: coefficients is (L, D), one row for each of the L lambdas.

    The axis is the effective degrees of freedom where they are given (as for ridge), else the share Σ|w| / max Σ|w|.
    `chosen` is a λ to be marked. What `regularizers.shrinkage_path` returns fits.
    """
    _, lambdas, coefficients = floats(lambdas=lambdas, coefficients=coefficients)
    lambdas, coefficients = to_cpu(lambdas), to_cpu(coefficients)
    if coefficients.ndim != 2 or lambdas.shape != coefficients.shape[:1]:
        raise ValueError(
            f"coefficients has shape {coefficients.shape}, lambdas {lambdas.shape}: one row of coefficients for each λ"
        )
    size = np.abs(coefficients).sum(axis=1)
    x = size / (size.max() or 1) if effective_df is None else np.asarray(effective_df, float)
    names = names or [f"w{j + 1}" for j in range(coefficients.shape[1])]
    order = np.argsort(x)
    zeros = int(np.sum(coefficients[np.argmax(lambdas)] == 0))
    title = title or (
        f"The largest penalty leaves {zeros} of {len(names)} weights exactly 0"
        if zeros
        else "Every weight shrinks, and none becomes exactly 0"
    )

    figure, axes = new_figure(title, (7, 4.6))
    axes.axhline(0, color=palette()["light"]["rule"], linewidth=1)
    colours = run_colours(len(names))
    for j, (name, colour) in enumerate(zip(names, colours)):
        axes.plot(
            x[order], coefficients[order, j], "-", color=colour, linewidth=1.8, marker="." if len(x) < 40 else None
        )
    end = order[-1]
    if chosen is not None:
        at = x[np.argmin(np.abs(lambdas - chosen))]
        axes.axvline(at, color=palette()["light"]["ink"], linestyle=":", linewidth=1.4)
    axes.set(xlabel="Σ|w| / max Σ|w|" if effective_df is None else "effective degrees of freedom", ylabel="weight")
    room_for_labels(axes)
    label_ends(axes, [(x[end], w) for w in coefficients[end]], names, colours)
    paths = "; ".join(
        f"{name} from {c[0]:.2g} to {c[-1]:.2g}" for name, c in zip(names, coefficients[np.argsort(lambdas)].T)
    )
    return figure.described(
        f"{title}. The weights for {len(lambdas)} penalties, λ from {lambdas.min():.3g} to {lambdas.max():.3g}: {paths}."
    )


def cybenko_bumps(f, low, high, *, bins=8, steepness=20, title=None):
    """A curve, the bumps that one hidden layer of 2·bins sigmoids makes, and their sum: see `course_lib.bumps`."""
    network = bump_network(f, low, high, bins, steepness=steepness)
    x = np.linspace(low, high, 800)
    target, drawn = np.asarray(f(x), float), network.predict(x[:, None])[:, 0]
    error = float(np.abs(target - drawn).max())
    title = title or f"{2 * bins} sigmoids draw the curve to within {error:.2g}"

    figure, axes = new_figure(title, (7, 4.2))
    width = (high - low) / bins
    for i in range(bins):
        a = low + i * width
        height = float(np.ravel(f(np.array([a + width / 2])))[0])
        axes.fill_between(
            x,
            0,
            height * bump(x, a, a + width, steepness / width),
            color=palette()["light"]["zero"],
            alpha=0.25,
            linewidth=0,
        )
    axes.plot(x, target, "--", color=palette()["light"]["loss"], linewidth=1.6)
    axes.plot(x, drawn, "-", color=palette()["class0"], linewidth=2.2)
    axes.set(xlabel="x", ylabel="y")
    room_for_labels(axes)
    label_ends(
        axes,
        [(high, target[-1]), (high, drawn[-1])],
        ["curve", "sum"],
        [palette()["light"]["loss"], palette()["class0"]],
    )
    return figure.described(
        f"{title}. A dashed curve for x from {low:g} to {high:g}, {bins} grey bumps under it, each made of two sigmoids "
        f"and as high as the curve in its middle, and their sum, solid: off by {error:.2g} at most."
    )


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
        if max(first, last) > 2 * min(first, last)
        else "The spread stays about the same from layer to layer"
    )
    figure, axes = new_figure(title, (1.35 * len(layers) + 1, 2.7), columns=len(layers))
    widest = max(float(np.abs(a).max()) for a in layers.values()) or 1.0
    for ax, (name, a) in zip(axes, layers.items()):
        ax.hist(
            np.clip(a, -widest, widest),
            bins=np.linspace(-widest, widest, bins),
            color=palette()["light"]["zero"],
            density=True,
        )
        ax.set_title(f"{name}\n±{spreads[name]:.2g}", fontsize=9, loc="center", fontweight="normal")
        ax.set_yticks([])
        ax.set_xlim(-1.05 * widest, 1.05 * widest)
    words = "; ".join(f"{name} {spread:.3g}" for name, spread in spreads.items())
    return figure.described(
        f"{title}. {len(layers)} histograms of activations between {-widest:.3g} and {widest:.3g}. "
        f"Standard deviations: {words}."
    )


def _times(a, b):
    """How many times one is the other, in words."""
    ratio = max(a, b) / min(a, b) if min(a, b) > 0 else float("inf")
    return f"{ratio:.2g} times" if np.isfinite(ratio) else "to nothing"
