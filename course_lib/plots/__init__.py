"""Still figures. Each function returns the figure and its description in words:

    figure, words = decision_boundary(network, X, y)

In a notebook the figure shows itself, with the words as its alternative text. Its title is the sentence that it
proves, found from the numbers, unless you give another. Colours and line styles are those of the moving figures:
class 0 blue circles, class 1 orange squares, the loss black, validation dashed, many runs from violet to yellow.

    planes.py   decision_boundary, contour_with_paths
    curves.py   loss_curves, learning_rate_fan, shrinkage_paths, activation_histograms, cybenko_bumps
    style.py    what all figures share: new_figure for one of your own, svg_text to keep one in a file
"""

from course_lib.plots.curves import (
    activation_histograms,
    cybenko_bumps,
    learning_rate_fan,
    loss_curves,
    shrinkage_paths,
)
from course_lib.plots.planes import contour_with_paths, decision_boundary
from course_lib.plots.style import new_figure, svg_text

__all__ = [
    "decision_boundary", "contour_with_paths",
    "loss_curves", "learning_rate_fan", "shrinkage_paths", "activation_histograms", "cybenko_bumps",
    "new_figure", "svg_text",
]  # fmt: skip
