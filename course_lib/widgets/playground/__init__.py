"""A playground: data, features, layers, optimizer, regularization, all to be moved while the network trains."""

from __future__ import annotations

from collections import OrderedDict

import numpy as np

from course_lib.widgets import css, esm
from course_lib.widgets.figure import Fed, packed
from course_lib.widgets.playground import experiments
from course_lib.widgets.playground.settings import SCHEMA, START, as_text, checked, parse
from course_lib.widgets.playground.trainer import GRID, MAP, Trainer

__all__ = ["Playground"]

MOST_PICTURES = 8  # in one answer
RUNS = 4  # views of one playground that keep a run of their own


class Playground(Fed):
    """A network to play with. It is trained by course_lib, here in the kernel, some milliseconds for each picture.

    Settings by name, as in `Playground(data="spirals", layers="8-8", eta=.03)`, or a copied state,
    `Playground("data=spirals&layers=8-8")`. `state` is what the page shows now, as such a text.

    Raises `ValueError` for a setting that the playground does not have, or a value outside of its range.

    >>> playground = Playground(data="XOR", layers="2")
    >>> playground.state
    'data=XOR&layers=2'
    >>> header, (loss, test_loss, field, *_) = playground.answer({"run": "a", "begin": playground.values})
    >>> header["epochs"], len(field)
    (0, 2304)
    """

    _esm = esm("playground/playground.js")
    _css = css("playground/playground.css")

    def __init__(self, state: str = "", **settings):
        values = checked({**(parse(state) if state else {}), **settings})
        self._runs: OrderedDict[str, Trainer] = OrderedDict()
        super().__init__(values={**values, "where": "python"}, data={"schema": SCHEMA, "usual": START, "grid": GRID, "map": MAP})

    @property
    def state(self) -> str:
        """The settings that the page shows, as text."""
        return as_text({name: value for name, value in self.values.items() if name in START})

    def answer(self, request: dict) -> tuple[dict, list]:
        """Begin a run, train it for a while, look at it; or one of the experiments."""
        if "experiment" in request:
            return experiments.run(request["experiment"], checked(_settings(request["values"])))
        run = str(request["run"])
        if "begin" in request:
            self._runs[run] = Trainer(_settings(request["begin"]))
            while len(self._runs) > RUNS:
                self._runs.popitem(last=False)
        if run not in self._runs:
            raise ValueError("Python has forgotten this run (the kernel was restarted?). Press Reset.")
        self._runs.move_to_end(run)
        trainer = self._runs[run]
        if "eta" in request:
            trainer.move_rate(request["eta"])
        if "pictures" in request:
            return _train(trainer, request)
        return _picture(trainer, request)


def _train(trainer: Trainer, request: dict) -> tuple[dict, list]:
    """Train and look, train and look: `pictures` says what each look asks for. Several travel in one answer, since the way takes longer than the work."""
    headers, arrays, have = [], [], int(request.get("have", 0))
    for wants in request["pictures"][:MOST_PICTURES]:
        trainer.train(epochs=int(request["epochs"]), seconds=float(request.get("seconds", 0.015)))
        header, seen = _picture(trainer, {"have": have, "wants": wants})
        headers.append({**header, "wants": wants, "arrays": len(seen)})
        arrays += seen
        have = len(trainer.loss)
        if trainer.problem:
            break
    return {"pictures": headers}, arrays


def _picture(trainer: Trainer, request: dict) -> tuple[dict, list]:
    """What the page draws: the losses that it does not have yet, the field, and what it asks for besides."""
    have = int(request.get("have", 0))
    header = {"epochs": len(trainer.loss), "steps": trainer.optimizer.k, "problem": trainer.problem, "rates": [list(each) for each in trainer.rates]}
    arrays = [np.float32(trainer.loss[have:]), np.float32(trainer.test_loss[have:]), trainer.field()]
    if "begin" in request:
        header["box"], header["sizes"] = trainer.box, [W.shape[0] for W in _weights(trainer)] + [1]
        arrays += [np.float32(a) for a in (trainer.X, trainer.y, trainer.X_test, trainer.y_test)]
    wants = request.get("wants", [])
    if "units" in wants:
        arrays += [trainer.maps(), np.concatenate([W.ravel() for W in _weights(trainer)])]
    if "histograms" in wants:
        arrays += trainer.histograms()
    return header, arrays


def _weights(trainer: Trainer) -> list:
    return [layer.W for layer in trainer.network.layers if hasattr(layer, "W")]


def _settings(values) -> dict:
    return {name: value for name, value in dict(values).items() if name in START}
