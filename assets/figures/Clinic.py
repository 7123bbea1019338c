"""The still figures of the clinic, each as its moving figure looks at rest."""

import numpy as np
from matplotlib.patches import FancyBboxPatch

from course_lib.initializers import he_normal, zeros
from course_lib.losses import SoftmaxCrossEntropy
from course_lib.network import mlp
from course_lib.optimizers import SGD
from course_lib.plots import svg_text
from course_lib.plots.style import new_figure
from course_lib.training import fit
from course_lib.widgets.clinic import PATIENTS, TESTS, ward
from course_lib.widgets.clinic.board import ETAS, LAMBDAS
from course_lib.widgets.palette import palette

LIGHT = palette()["light"]


def figures() -> dict[str, tuple[str, str]]:
    """File name -> (SVG text, description in words)."""
    return {"Clinic_rounds.svg": rounds(), "Clinic_board.svg": board()}


def drawn(figure, title, words):
    description = f"{title}. {words}"
    return svg_text(figure, title, description), description


def run(init):
    """The ward's run in float64, so that the picture is the same on every machine."""
    X, X_val, y, y_val = ward()
    network = mlp([64, 50, 10], hidden="relu", init=init, rng=0, dtype=np.float64)
    return fit(network, SoftmaxCrossEntropy(), X, y, SGD(0.2), epochs=30, batch_size=40, rng=0, validation=(X_val, y_val))


def rounds():
    patient = PATIENTS[2]  # all weights begin at zero
    title = f"Every sick run has a cause that a test can show: “{patient.complaint}”"
    figure, (chart, card) = new_figure(title, (8.6, 3.6), columns=2)
    healthy, sick = run(he_normal), run(zeros)
    epochs = np.arange(1, 31)
    for curves, colour, width in ((healthy, LIGHT["border"], 1.5), (sick, LIGHT["loss"], 2.6)):
        chart.semilogy(epochs, curves.loss, color=colour, lw=width)
        chart.semilogy(epochs, curves.validation_loss, "--", color=colour, lw=1.2)
    chart.text(30, 2.75, "this run", ha="right", fontsize=10, fontweight="bold")
    chart.text(30, 0.24, "a healthy run", ha="right", fontsize=10, color=LIGHT["quiet"])
    chart.set(xlabel="epoch", ylabel="loss", ylim=(0.05, 10), xlim=(1, 30.5))
    lines = patient.setup.code().replace(', hidden="relu"', ',\n    hidden="relu"').replace(" SGD(0.2),", "\n    SGD(0.2),").replace(" validation=", "\n    validation=").split("\n")
    card.add_patch(FancyBboxPatch((0.01, 0.38), 0.98, 0.6, boxstyle="round,pad=0.005", fc=LIGHT["panel"], ec="none"))
    for i, line in enumerate(lines):
        card.text(0.03, 0.92 - 0.077 * i, line, family="monospace", fontsize=8, va="center", color=LIGHT["ink"])
    for i, (words, _) in enumerate(TESTS.values()):
        x, y = (i % 2) * 0.5 + 0.01, 0.22 - 0.12 * (i // 2)
        card.add_patch(FancyBboxPatch((x, y), 0.47, 0.08, boxstyle="round,pad=0.005", fc=LIGHT["panel"], ec=LIGHT["border"], lw=0.8))
        card.text(x + 0.235, y + 0.04, words, ha="center", va="center", fontsize=8.5, color=LIGHT["ink"])
    card.set(xlim=(0, 1), ylim=(-0.05, 1))
    card.set_axis_off()
    return drawn(figure, title,
        "Left the loss of a sick run over 30 epochs, training and validation, flat at 2.3, and in grey how a healthy run falls to 0.1. Right the lines of code that ran, "
        f"and under them the six tests that can be ordered: {', '.join(words for words, _ in TESTS.values())}.")  # fmt: skip


def board():
    title = "Spread the first runs wide, spend the last ones near the best"
    figure, axes = new_figure(title, (8.6, 3.6))
    for x in range(ETAS.size):
        for y in range(LAMBDAS.size):
            axes.add_patch(FancyBboxPatch((x + 0.06, y + 0.08), 0.88, 0.84, boxstyle="round,pad=0,rounding_size=0.08", fc=LIGHT["panel"], ec=LIGHT["rule"], lw=0.8))
    axes.set(xlim=(0, ETAS.size), ylim=(0, LAMBDAS.size), xlabel="η, learning rate", ylabel="λ, penalty")
    axes.set_xticks(np.arange(0, ETAS.size, 2) + 0.5, [f"{eta:.2g}" for eta in ETAS[::2]])
    axes.set_yticks(np.arange(0, LAMBDAS.size, 2) + 0.5, [f"{lam:.1g}" for lam in LAMBDAS[::2]])
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    return drawn(figure, title,
        f"A board of {ETAS.size * LAMBDAS.size} covered cells, the learning rate across from {ETAS[0]:.2g} to {ETAS[-1]:.2g}, the penalty upwards from {LAMBDAS[0]:.1g} to {LAMBDAS[-1]:.1g}, "
        "both on logarithmic scales. Sixteen cells may be opened, each with the validation loss of a run.")  # fmt: skip
