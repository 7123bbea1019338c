"""Moving figures and small questions for the lectures.

    PerceptronFigure   one neuron on a plane: drag the line or the weights, the table follows   (perceptron/)
    predict_first      write a guess down before you look, and find it beside what happened     (prediction.py)
    self_check         a question with hints in steps and a worked solution                     (selfcheck.py)

Each is an ES module without a build step. The pieces that they share live once in shared/; `esm` joins them.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from course_lib.widgets.joining import joined

FOLDER = Path(__file__).parent

_WHERE = {
    "PerceptronFigure": "course_lib.widgets.perceptron",
    "predict_first": "course_lib.widgets.prediction",
    "Prediction": "course_lib.widgets.prediction",
    "self_check": "course_lib.widgets.selfcheck",
    "SelfCheck": "course_lib.widgets.selfcheck",
}
__all__ = ["FOLDER", "css", "esm", *_WHERE]


def __getattr__(name: str):
    """Import a figure when it is first asked for, so that this package itself needs no Jupyter."""
    if name not in _WHERE:
        raise AttributeError(f"course_lib.widgets has no {name!r}; it has {', '.join(_WHERE)}.")
    return getattr(import_module(_WHERE[name]), name)


def esm(path: str | Path) -> str:
    """The ES module at `path` (relative to this folder) joined with all that it imports into one; see joining.py.

    >>> "import" in esm("shared/numbers.js")
    False
    """
    return joined(FOLDER / path)


def css(*paths: str | Path) -> str:
    """The named style sheets, the shared one first."""
    return "\n".join((FOLDER / path).read_text(encoding="utf-8") for path in ("shared/figure.css", *paths))
