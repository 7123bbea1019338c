"""Moving figures on the stage of shared/stage.js: a class of a few lines gives a figure its numbers.

    Figure    the page computes; `values` are what its controls show, `data` is what does not change
    Fed       the kernel computes: the page asks, `answer` works for some milliseconds and answers with arrays
    packed    an array that travels as bytes
"""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Mapping

import anywidget
import numpy as np
import traitlets

from course_lib.widgets import css

KINDS = ("float32", "float64", "int32", "uint8")


class Figure(anywidget.AnyWidget):
    """A figure of the course: its ES module in `_esm`, its numbers in `values` and `data`.

    `values`  name -> number, text, True or False, or a list of numbers: what the controls show. In step with the page
              both ways; `figure.values = {"eta": 1}` moves one of them and leaves the others.
    `data`    whatever the picture needs and no control changes; arrays become lists, `packed` arrays stay arrays.
    `title`   the sentence above the picture, if it is to be another than the figure's own.

    Raises `ValueError` or `TypeError` for a value that is not finite, or a name that the figure does not have.

    >>> figure = Figure(values={"eta": 0.5, "rule": "sgd"})
    >>> figure.values = {"eta": np.float32(2)}
    >>> figure.values
    {'eta': 2.0, 'rule': 'sgd'}
    >>> figure.values = {"etta": 1}
    Traceback (most recent call last):
    ValueError: The figure has no value 'etta'; it has eta, rule.
    """

    _esm = "export default { render() {} }"
    _css = css()

    values = traitlets.Dict().tag(sync=True)
    data = traitlets.Dict().tag(sync=True)
    start = traitlets.Dict(read_only=True).tag(sync=True)
    title = traitlets.Unicode("").tag(sync=True)

    def __init__(self, *, values: Mapping | None = None, data: Mapping | None = None, title: str = "", **options):
        values = {name: _value(value, name) for name, value in (values or {}).items()}
        super().__init__(data=_plain(dict(data or {}), "data"), title=title, **options)
        self.set_trait("start", values)
        self.values = values

    @traitlets.validate("values")
    def _known_and_finite(self, proposal):
        names = {*self.start, "seed"}
        for name in proposal["value"]:
            if name not in names:
                raise ValueError(f"The figure has no value {name!r}; it has {', '.join(self.start) or 'none'}.")
        return {**self.start, **self.values, **{name: _value(value, name) for name, value in proposal["value"].items()}}


class Fed(Figure):
    """A figure whose numbers come from the kernel. Write `answer`; the page's module calls `feed.ask({…})`.

    Questions come one at a time, and only while someone looks; one that is sent twice is answered once. They may arrive
    while a cell runs, on another thread: `answer` is called under `self.lock`; take it too where a cell touches the same
    model. A `ValueError` or `TypeError` becomes a sentence in the figure.

    >>> class Doubled(Fed):
    ...     def answer(self, request):
    ...         return {"n": 1}, [2 * np.array(request["x"], dtype=np.float32)]
    >>> Doubled().answer({"x": [1, 2]})[1][0].tolist()
    [2.0, 4.0]
    """

    def __init__(self, **options):
        self.lock = threading.RLock()
        self._answered: dict = {}  # page -> number of its last question
        super().__init__(**options)
        self.on_msg(self._asked)

    def answer(self, request: dict) -> tuple[dict, list]:
        """Header (JSON) and arrays in reply to `request`."""
        raise NotImplementedError(f"{type(self).__name__} must say what it answers: def answer(self, request)")

    def _asked(self, _, message, buffers):
        if not isinstance(message, dict) or "request" not in message:
            return
        back = {"page": message.get("page"), "id": message.get("id")}
        with self.lock:
            if back["id"] is not None and back["id"] <= self._answered.get(back["page"], 0):
                return  # asked twice, because the first time waited behind a cell
            self._answered[back["page"]] = back["id"]
        try:
            with self.lock:
                header, arrays = self.answer(message["request"])
            packs = [packed(array) for array in arrays]
            kinds = [{"dtype": pack["dtype"], "shape": pack["shape"]} for pack in packs]
            self.send({**back, "header": _plain(header, "header"), "arrays": kinds}, [pack["bytes"] for pack in packs])
        except Exception as problem:  # the page must hear of it, whatever it is
            if not isinstance(problem, (ValueError, TypeError)):
                logging.getLogger(__name__).exception("A figure's question went wrong")
            self.send({**back, "error": _sentence(problem)})


def packed(array) -> dict:
    """An array that travels as bytes and arrives as a typed array with its `shape` (row by row).

    float32, float64, int32 and uint8 stay; other whole numbers become int32, everything else float32.

    >>> packed([[1, 2], [3, 4]])["dtype"], packed(np.eye(3))["shape"]
    ('int32', [3, 3])
    """
    array = np.asarray(array)
    if array.dtype.name not in KINDS:
        array = array.astype(np.int32 if array.dtype.kind in "bui" else np.float32)
    array = np.ascontiguousarray(array)
    return {"dtype": array.dtype.name, "shape": list(array.shape), "bytes": array.tobytes()}


def _value(value, name: str):
    """One value of a control, as JSON has it."""
    if isinstance(value, (str, bool, np.bool_)) or value is None:
        return bool(value) if isinstance(value, np.bool_) else value
    if isinstance(value, Mapping):
        return {str(key): _value(each, f"{name}[{key!r}]") for key, each in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)) and np.ndim(value):
        return [_value(each, f"{name}[{i}]") for i, each in enumerate(value)]
    try:
        number = value.item() if hasattr(value, "item") else value
        finite = not isinstance(number, complex) and math.isfinite(number)
    except (TypeError, ValueError, OverflowError):
        raise TypeError(f"{name} must be a number, a text, or True or False; got {value!r}.") from None
    if not finite:
        raise ValueError(f"{name} must be a finite number; got {value!r}.")
    return number


def _plain(value, name: str):
    """As `_value`, all the way down; bytes that `packed` made stay."""
    if isinstance(value, Mapping):
        return value if set(value) == {"dtype", "shape", "bytes"} else {str(k): _plain(v, f"{name}[{k!r}]") for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each, f"{name}[{i}]") for i, each in enumerate(value)]
    return _value(value, name)


def _sentence(problem: Exception) -> str:
    words = str(problem) or type(problem).__name__
    return words if words[-1] in ".!?" else f"{words}."
