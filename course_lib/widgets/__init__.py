"""Moving figures and small questions for the lectures.

    PerceptronFigure   one neuron on a plane: drag the line or the weights, the table follows   (perceptron/)
    predict_first      write a guess down before you look, and find it beside what happened     (prediction.py)
    self_check         a question with hints in steps and a worked solution                     (selfcheck.py)

Each is an ES module without a build step. The pieces that they share live once in shared/; `esm` joins them.
"""

from __future__ import annotations

import base64
import re
from importlib import import_module
from pathlib import Path

FOLDER = Path(__file__).parent

_WHERE = {
    "PerceptronFigure": "course_lib.widgets.perceptron",
    "predict_first": "course_lib.widgets.prediction",
    "Prediction": "course_lib.widgets.prediction",
    "self_check": "course_lib.widgets.selfcheck",
    "SelfCheck": "course_lib.widgets.selfcheck",
}
__all__ = ["FOLDER", "css", "esm", *_WHERE]

# import … from "./x.js"  ·  export … from "./x.js"  ·  import "./x.js"
_IMPORT = re.compile(r"""(?P<before>^\s*(?:import|export)\b[^'";]*?)(?P<quote>["'])(?P<path>\.{1,2}/[^"']+)(?P=quote)""", re.MULTILINE)


def __getattr__(name: str):
    """Import a figure when it is first asked for, so that this package itself needs no Jupyter."""
    if name not in _WHERE:
        raise AttributeError(f"course_lib.widgets has no {name!r}; it has {', '.join(_WHERE)}.")
    return getattr(import_module(_WHERE[name]), name)


def esm(path: str | Path) -> str:
    """The ES module at `path` (relative to this folder) with every relative import replaced by the module itself, as a data: URL.

    A notebook loads a figure as one string, which has no neighbours to import from. So the same files run as they are
    in Node and on a web page, and joined in a notebook.

    Raises `FileNotFoundError` if an imported file is missing and `ValueError` if modules import each other in a circle.

    >>> "./" in esm("shared/numbers.js")
    False
    """
    return _joined((FOLDER / path).resolve(), ())


def css(*paths: str | Path) -> str:
    """The named style sheets, the shared one first."""
    return "\n".join((FOLDER / path).read_text(encoding="utf-8") for path in ("shared/figure.css", *paths))


def _joined(path: Path, importers: tuple[Path, ...]) -> str:
    if path in importers:
        circle = " → ".join(module.name for module in (*importers[importers.index(path) :], path))
        raise ValueError(f"These modules import each other in a circle: {circle}. Move what both need into a third.")
    if not path.is_file():
        raise FileNotFoundError(f"{importers[-1].name if importers else 'The caller'} imports {path}, which is not there.")

    def as_data_url(found: re.Match) -> str:
        module = _joined((path.parent / found["path"]).resolve(), (*importers, path))
        encoded = base64.b64encode(module.encode()).decode()
        return f'{found["before"]}"data:text/javascript;base64,{encoded}"'

    return _IMPORT.sub(as_data_url, path.read_text(encoding="utf-8"))
