"""The callback behind the live figure: what happens in `fit`, told to the page a few times a second."""

from __future__ import annotations

import time

import numpy as np
import traitlets

from course_lib.training import Callback, EarlyStopping
from course_lib.widgets import esm
from course_lib.widgets.figure import Figure, packed

MOST_POINTS = 400  # of one curve: more than there are pixels to see them with
MOST_CURVES = 32
BETWEEN = 0.08  # seconds: twelve pictures a second are a moving picture, and cost the run nothing
NAMES = {"loss": "training", "validation_loss": "validation"}


class LiveTraining(Callback):
    """Watch a run while it goes on: fit(…, callbacks=[LiveTraining()]).

    The figure appears under the cell when the run starts: a bar with the epochs made and the time left, the loss (and
    on validation data the loss and the share right) over the epochs, and, with EarlyStopping among the callbacks, a
    mark at the epoch to which the network went back. *Stop* ends the run after the epoch in progress. The figure stays
    when the run is over. With replicas there is a curve for each of the first 32.

    `seconds` is the least time between two pictures. Without a notebook nothing is shown, and the run is the same.

    >>> from course_lib.losses import SquaredError
    >>> from course_lib.network import mlp
    >>> from course_lib.optimizers import SGD
    >>> from course_lib.training import fit
    >>> live = LiveTraining()
    >>> history = fit(mlp([1, 1]), SquaredError(), [[0.], [1.]], [1, 3], SGD(.1), epochs=20, callbacks=[live])
    >>> live.figure.progress["epoch"], live.figure.progress["state"]
    (20, 'done')
    """

    def __init__(self, title: str = "", *, seconds: float = BETWEEN):
        self.figure = LiveFigure(title=title)
        self.seconds = seconds

    def start(self, run):
        self.began, self.began_at, self.shown = time.monotonic(), run.epoch, 0.0
        self.figure.stop_asked = False
        self.tell(run, "running")
        _display(self.figure)

    def epoch_end(self, run):
        if self.figure.stop_asked and run.goes_on():
            run.stop(f"stopped by hand after {run.epoch} epochs")
        if time.monotonic() - self.shown >= self.seconds:
            self.tell(run, "running")

    def finish(self, run):
        self.tell(run, "done")

    def tell(self, run, state: str):
        """Bring the figure up to the epoch."""
        self.shown = time.monotonic()
        made, history = run.epoch - self.began_at, run.history
        best = [early.best_epoch.tolist() for early in run.callbacks if isinstance(early, EarlyStopping) and run.epoch]
        with self.figure.hold_sync():
            self.figure.curves = {name: _thinned(getattr(history, name)) for name in (*NAMES, "validation_accuracy") if getattr(history, name)}
            self.figure.progress = {
                "epoch": run.epoch,
                "epochs": run.epochs,
                "seconds": self.shown - self.began,
                "left": (self.shown - self.began) / made * (run.epochs - run.epoch) if made else None,
                "best": best[0] if best else [],
                "diverged": {str(replica): step for replica, step in history.diverged.items()},
                "stopped": history.stopped,
                "state": state,
            }


class LiveFigure(Figure):
    """The figure of one run. `curves` are thinned series, `progress` says how far the run is."""

    _esm = esm("live/live.js")

    curves = traitlets.Dict().tag(sync=True)
    progress = traitlets.Dict().tag(sync=True)
    stop_asked = traitlets.Bool(False).tag(sync=True)


def _thinned(series: list) -> dict:
    """Epochs (counted from 1) and values, at most MOST_POINTS of them, the last always among them; (points, curves)."""
    every = -(-len(series) // MOST_POINTS)
    places = np.unique(np.r_[np.arange(0, len(series), every), len(series) - 1])
    values = np.array([np.atleast_1d(series[place])[:MOST_CURVES] for place in places], dtype=np.float32)
    return {"epochs": packed((places + 1).astype(np.int32)), "values": packed(values)}


def _display(figure):
    """Under the running cell, if there is one."""
    try:
        from IPython import get_ipython
        from IPython.display import display
    except ImportError:
        return
    if getattr(get_ipython(), "kernel", None) is not None:
        display(figure)
