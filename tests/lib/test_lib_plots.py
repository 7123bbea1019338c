"""Still figures: each says in words what it shows, proves its title from the numbers, and keeps the colours' one meaning."""

import re
from html.parser import HTMLParser

import numpy as np
import pytest
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure

from course_lib import plots
from course_lib.bumps import bump_network
from course_lib.data import gate, moons, spirals
from course_lib.initializers import normal
from course_lib.losses import SigmoidCrossEntropy, SoftmaxCrossEntropy
from course_lib.network import mlp
from course_lib.optimizers import SGD, Adam
from course_lib.regularizers import shrinkage_path
from course_lib.training import History, fit
from course_lib.widgets.palette import palette


def rng(seed=0):
    return np.random.default_rng(seed)


def line(X):
    """The probability of class 1 of a neuron with w = (4, 4), b = −2: it solves OR."""
    return 1 / (1 + np.exp(-(4 * X[:, 0] + 4 * X[:, 1] - 2)))


def bowl(theta):
    return 0.5 * (theta[:, 0] ** 2 + 10 * theta[:, 1] ** 2)


def history(loss, validation=()):
    h = History()
    h.loss, h.validation_loss = list(loss), list(validation)
    return h


OR = gate("OR")
MAKE = {
    "decision_boundary": lambda: plots.decision_boundary(line, *OR),
    "loss_curves": lambda: plots.loss_curves(history([3, 2, 1], [3, 2, 2.5])),
    "shrinkage_paths": lambda: plots.shrinkage_paths([0.1, 1, 10], [[2.0, -1], [1, -0.5], [0.2, 0]]),
    "activation_histograms": lambda: plots.activation_histograms(
        [rng().normal(size=(50, 5)) * s for s in (1, 0.1, 0.01)]
    ),
    "contour_with_paths": lambda: plots.contour_with_paths(bowl, [[-3.0, 1], [-1, -0.5], [0, 0.1]], minimum=(0, 0)),
    "learning_rate_fan": lambda: plots.learning_rate_fan([0.1, 1, 10], [[3, 3, 3], [2.5, 1, np.inf], [2, 0.5, np.nan]]),
    "cybenko_bumps": lambda: plots.cybenko_bumps(np.sin, 0, 3, bins=6),
}
each_figure = pytest.mark.parametrize("make", MAKE.values(), ids=MAKE)


def title(figure):
    return " ".join(figure.get_suptitle().split())


# ---- every figure ----


@each_figure
def test_a_figure_comes_with_its_description(make, tmp_path):
    figure, words = make()
    assert isinstance(figure, Figure) and words == figure.description
    assert words.startswith(f"{title(figure)}. ") and words.endswith(".") and len(words) > 80
    assert "nan" not in words and not re.search(r"\d\.\d{5,}", words)
    figure.savefig(tmp_path / "figure.png")
    assert (tmp_path / "figure.png").stat().st_size > 5000


@each_figure
def test_in_a_notebook_the_words_are_the_alternative_text(make):
    figure, words = make()

    class Images(HTMLParser):
        found = []

        def handle_starttag(self, tag, attributes):
            self.found.append((tag, dict(attributes)))

    parser = Images()
    parser.found = []
    parser.feed(figure._repr_html_())
    [(tag, attributes)] = parser.found
    assert tag == "img" and attributes["alt"] == words and attributes["src"].startswith("data:image/png;base64,")


@each_figure
def test_no_words_leave_the_figure_or_lie_on_each_other(make):
    figure, _ = make()
    figure.canvas.draw()
    axes = figure.axes
    words = [text for ax in axes for text in ax.texts if text.get_text()]
    boxes = [text.get_window_extent() for text in words]
    for i, box in enumerate(boxes):
        assert figure.bbox.x0 - 1 <= box.x0 and box.x1 <= figure.bbox.x1 + 1, words[i].get_text()
        for j in range(i):
            assert not box.shrunk(1, 0.7).overlaps(boxes[j].shrunk(1, 0.7)), words[
                i
            ].get_text()  # margins above the letters may touch


@each_figure
def test_a_title_of_ones_own_replaces_the_sentence(make, monkeypatch):
    name = next(name for name, known in MAKE.items() if known is make)
    original = getattr(plots, name)
    monkeypatch.setattr(plots, name, lambda *args, **options: original(*args, title="My own <sentence>", **options))
    figure, words = make()
    assert title(figure) == "My own <sentence>" and words.startswith("My own <sentence>. ")


def test_plots_leave_pyplot_alone():
    import matplotlib.pyplot as plt

    before = plt.get_fignums()
    for make in MAKE.values():
        make()
    assert plt.get_fignums() == before  # a long lecture does not fill the memory with open figures


# ---- each figure ----


def test_the_plane_is_shaded_by_class_and_counts_the_right_ones():
    X = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    figure, words = plots.decision_boundary(line, X, [0, 1, 1, 0])  # XOR's targets: a line gets three
    assert title(figure) == "3 of 4 points are on the right side" and "2 of class 0, 2 of class 1; 3 of them" in words
    [axes] = figure.axes
    [picture] = axes.get_images()
    pixels = picture.get_array()
    blue, orange = (np.array(to_rgb(palette()[name])) for name in ("class0", "class1"))
    corner0, corner1 = pixels[0, 0], pixels[-1, -1]
    assert np.linalg.norm(corner0 - blue) < np.linalg.norm(corner0 - orange)
    assert np.linalg.norm(corner1 - orange) < np.linalg.norm(corner1 - blue)
    classes = axes.collections[-2:]
    assert [to_hex(c.get_facecolor()[0]).upper() for c in classes] == [palette()["class0"], palette()["class1"]]
    shapes = [c.get_paths()[0].vertices.shape for c in classes]
    assert shapes[0] != shapes[1]  # a circle and a square: shape repeats what colour says


def test_where_nothing_is_sure_the_plane_is_near_white():
    figure, _ = plots.decision_boundary(lambda X: np.full(len(X), 0.5), *OR)
    pixels = figure.axes[0].get_images()[0].get_array()
    np.testing.assert_allclose(pixels, np.broadcast_to(to_rgb(palette()["half"]), pixels.shape), atol=1e-9)


@pytest.mark.parametrize("output", [None, "sigmoid"])
def test_a_network_may_give_logits_or_probabilities(output):
    network = mlp([2, 1], output=output, rng=0, dtype=np.float64)
    network.layers[0].W[:], network.layers[0].b[:] = [[4], [4]], -2
    figure, _ = plots.decision_boundary(network, *OR)
    by_function, _ = plots.decision_boundary(line, *OR)
    pixels, expected = (f.axes[0].get_images()[0].get_array() for f in (figure, by_function))
    np.testing.assert_allclose(pixels, expected, atol=1e-9)
    assert title(figure) == "4 of 4 points are on the right side"


def test_three_classes():
    X, y = spirals(60, rng(), classes=3)
    network = mlp([2, 16, 3], hidden="tanh", rng=0)
    fit(network, SoftmaxCrossEntropy(), X, y, Adam(0.05), epochs=300)
    figure, words = plots.decision_boundary(network, X, y)
    right = int(np.sum(np.argmax(network.predict(X), axis=1) == y))
    assert f"{right} of 60 points" in title(figure) and "20 of class 2" in words


def test_loss_curves_mark_where_the_validation_loss_was_lowest():
    figure, words = MAKE["loss_curves"]()
    assert title(figure) == "The validation loss is lowest after 2 epochs and rises again"
    assert "lowest 2 after 2 epochs" in words
    solid, dashed, _ = figure.axes[0].get_lines()
    assert (solid.get_linestyle(), dashed.get_linestyle()) == ("-", "--")
    assert solid.get_color() == palette()["light"]["loss"]
    assert [text.get_text() for text in figure.axes[0].texts] == [
        "training",
        "validation",
    ]  # labelled at their ends, no legend
    assert figure.axes[0].get_legend() is None


def test_loss_curves_of_several_runs_and_of_replicas():
    X, y = moons(40, rng())
    network = mlp([2, 4, 1], rng=0, replicas=3)
    run = fit(network, SigmoidCrossEntropy(), X, y, SGD(0.1), epochs=5)
    figure, words = plots.loss_curves({"three at once": run, "other": history([1, 0.5])})
    assert (
        f"three at once training loss from {np.mean(run.loss[0]):.3g}" in words
        and "other training loss from 1 to 0.5" in words
    )
    assert len({line.get_color() for line in figure.axes[0].get_lines()}) == 2


def test_a_loss_that_rises_is_not_said_to_fall():
    assert title(plots.loss_curves(history([1, 2]))[0]) == "The loss rises from 1 to 2 in 2 epochs"


def test_the_lassos_zeros_and_the_ridges_shrinking_are_told_apart():
    X = rng().normal(size=(50, 3))
    y = X @ [2.0, -1, 0.1] + rng(1).normal(size=50)
    lambdas = np.logspace(-2, 0, 8)
    lasso, _ = shrinkage_path(X, y, "lasso", lambdas)
    ridge, df = shrinkage_path(X, y, "ridge", lambdas)
    figure, _ = plots.shrinkage_paths(lambdas, lasso, names=["a", "b", "c"])
    zeros = int(np.sum(lasso[-1] == 0))
    assert zeros >= 1 and title(figure) == f"The largest penalty leaves {zeros} of 3 weights exactly 0"
    figure, words = plots.shrinkage_paths(lambdas, ridge, effective_df=df, chosen=0.1)
    assert (
        title(figure) == "Every weight shrinks, and none becomes exactly 0" and "8 penalties, λ from 0.01 to 1" in words
    )
    assert figure.axes[0].get_xlabel() == "effective degrees of freedom"


def test_histograms_say_how_the_spread_changes():
    network = mlp([50] * 6, hidden="tanh", output="tanh", init=normal(0.02), rng=0)
    network.forward(rng().normal(size=(20, 50)))
    layers = network.activations()[1::2]
    figure, words = plots.activation_histograms(layers)
    assert len(figure.axes) == 5 and len({ax.get_xlim() for ax in figure.axes}) == 1  # the same axis everywhere
    ratio = layers[0].std() / layers[-1].std()
    assert title(figure) == f"From the first layer to the last the spread shrinks {ratio:.2g} times"
    assert f"layer 5 {layers[-1].std():.3g}" in words
    assert "stays about the same" in title(plots.activation_histograms([np.array([-1, 1.0])] * 2)[0])


def test_paths_are_told_with_where_they_end():
    ways = {"slow": [[-3.0, 1], [-2.9, 0.9]], "fast": [[-3.0, 1], [0, 0.1], [0, 0]]}
    figure, words = plots.contour_with_paths(bowl, ways)
    assert title(figure) == "fast gets lowest: 0"
    assert "slow, 1 step, from 9.5" in words and "fast, 2 steps, from 9.5 to 0" in words


def test_the_fan_draws_the_chosen_rate_thick_and_counts_the_lost():
    figure, words = MAKE["learning_rate_fan"]()
    assert title(figure) == "η = 1 gets lowest: smaller is slower, larger does not get there"
    widths = [line.get_linewidth() for line in figure.axes[0].get_lines()]
    assert np.argmax(widths) == 1 and "η = 10 diverges" in words and "1 of them diverged" in words
    at_the_end, _ = plots.learning_rate_fan([0.1, 1], [[3, 3], [2, 1]])
    assert "at the end of the rates tried" in title(at_the_end)


def test_bumps_tell_their_error():
    figure, words = MAKE["cybenko_bumps"]()
    x = np.linspace(0, 3, 800)
    drawn = bump_network(np.sin, 0, 3, 6).predict(x[:, None])[:, 0]
    assert title(figure) == f"12 sigmoids draw the curve to within {np.abs(np.sin(x) - drawn).max():.2g}"
    assert "6 grey bumps" in words


@pytest.mark.parametrize(
    "wrong, error, words",
    [
        (lambda: plots.decision_boundary(line, [[1, 2, 3]], [0]), ValueError, r"\(N, 2\)"),
        (lambda: plots.decision_boundary(line, *gate("OR")[:1], [0.5, 0, 1, 1]), ValueError, "whole numbers"),
        (lambda: plots.decision_boundary(3, *OR), TypeError, "network, or a function"),
        (lambda: plots.decision_boundary(mlp([2, 1], rng=0, replicas=2), *OR), ValueError, "replicas"),
        (lambda: plots.loss_curves({}), ValueError, "empty"),
        (lambda: plots.loss_curves(History()), ValueError, "no epochs"),
        (lambda: plots.shrinkage_paths([1, 2], [[1, 2]]), ValueError, "one row of coefficients"),
        (lambda: plots.activation_histograms([]), ValueError, "empty"),
        (lambda: plots.contour_with_paths(bowl, [1, 2]), ValueError, "two parameters"),
        (lambda: plots.learning_rate_fan([1, 2], [[1, 2, 3]]), ValueError, "one column for each rate"),
    ],
)
def test_bad_input_gets_a_sentence(wrong, error, words):
    with pytest.raises(error, match=words):
        wrong()
