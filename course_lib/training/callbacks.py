"""What may happen after each epoch: stopping early, saving, logging."""

import json
import os
from pathlib import Path

import numpy as np

from course_lib.backend import to_cpu
from course_lib.checks import number, whole


class Callback:
    """Something to do while a network trains. Overwrite what you need; each gets the Run.

    A plain function of the Run will do for epoch_end: fit(…, callbacks=[lambda run: print(run.history)]).
    """

    comes_last = False  # after the callbacks whose memory it saves

    def start(self, run):
        """Before the first epoch."""

    def epoch_end(self, run):
        """After every epoch."""

    def finish(self, run):
        """After the last epoch, unless an error came before."""

    def state(self):
        """What a checkpoint should remember of this callback: NumPy arrays by name."""
        return {}

    def restore(self, state):
        """Go on from what `state()` gave."""


class EarlyStopping(Callback):
    """Stop when the validation loss has not become smaller for `patience` epochs, and go back to the epoch where it
    was best.

    Smaller means by more than `min_delta`. With replicas each has its own best epoch, and the run ends when all have
    waited long enough. After the run `best` and `best_epoch` say how low the loss was, and where (counted from 1).
    Source: Prechelt, Early stopping, but when? (1998).
    """

    def __init__(self, patience=10, *, min_delta=0):
        self.patience, self.min_delta = whole(patience, "patience"), number(min_delta, "min_delta")

    def start(self, run):
        if run.validation is None:
            raise ValueError(
                "EarlyStopping watches the loss on data that are not learned from: give fit validation=(X, y)"
            )
        network, R = run.network, run.network.replicas or 1
        self.best, self.best_epoch, self.waited = np.full(R, np.inf), np.zeros(R, int), np.zeros(R, int)
        self.theta, self.network_state = to_cpu(network.theta) + 0, to_cpu(network.state) + 0

    def epoch_end(self, run):
        loss = np.atleast_1d(run.history.validation_loss[-1])
        better = loss < self.best - self.min_delta
        self.best = np.where(better, loss, self.best)
        self.best_epoch[better] = run.epoch
        self.waited = np.where(better, 0, self.waited + 1)
        if better.any():
            for best, now in ((self.theta, run.network.theta), (self.network_state, run.network.state)):
                best.reshape(len(loss), -1)[better] = to_cpu(now).reshape(len(loss), -1)[better]
        if (self.waited >= self.patience).all():
            run.stop(f"stopped early after {run.epoch} epochs: no better validation loss for {self.patience}")

    def finish(self, run):
        network = run.network
        if run.epoch:
            network.theta[...] = network.xp.asarray(self.theta, dtype=network.dtype)
            network.state[...] = network.xp.asarray(self.network_state, dtype=network.dtype)

    def state(self):
        return {name: getattr(self, name) for name in ("best", "best_epoch", "waited", "theta", "network_state")}

    def restore(self, state):
        for name, value in state.items():
            setattr(self, name, value)


class Checkpoint(Callback):
    """Save everything that the rest of the run depends on, every `every` epochs and at its end: θ, running
    statistics, the optimizer's memory, k, the random generators, the history and the other callbacks' memory.

    If there is such a file already when a run starts, the run goes on from there and ends with the same bits as one
    that was never interrupted; delete the file, or say resume=False, to start anew. The file is NumPy's .npz, with no
    code inside, and is replaced only when it is complete.
    """

    comes_last = True

    def __init__(self, path, *, every=1, resume=True):
        path = Path(path)
        self.path = path if path.suffix == ".npz" else path.with_name(path.name + ".npz")
        self.every, self.resume = whole(every, "every"), resume

    def start(self, run):
        if self.resume and self.path.exists():
            self.load(run)

    def epoch_end(self, run):
        if run.epoch % self.every == 0 or not run.goes_on():
            self.save(run)

    def save(self, run):
        network = run.network
        parts = {"": {"theta": to_cpu(network.theta), "state": to_cpu(network.state)},
                 "optimizer.": run.optimizer.state(), "history.": run.history.as_arrays()}
        for place, callback in enumerate(run.callbacks):
            parts[f"callback{place}."] = callback.state()
        about = {
            "layers": network.description(), "optimizer": repr(run.optimizer), "epoch": run.epoch,
            "stopped": run.history.stopped, "diverged": run.history.diverged,
            "generators": [rng.bit_generator.state for rng in (run.rng, *network.generators)],
        }
        arrays = {prefix + name: a for prefix, part in parts.items() for name, a in part.items()}
        unfinished = self.path.with_name(self.path.name + ".unfinished")
        with open(unfinished, "wb") as file:
            np.savez(file, about=np.array(json.dumps(about, default=_array_as_list)), **arrays)
        os.replace(unfinished, self.path)

    def load(self, run):
        network = run.network
        try:
            with np.load(self.path, allow_pickle=False) as file:
                arrays = dict(file)
            about = json.loads(str(arrays.pop("about")))
        except (KeyError, OSError, ValueError) as error:
            raise ValueError(
                f"{self.path} is no checkpoint that a run can go on from ({error}): delete it, or give another path"
            ) from error
        network.check_same(about["layers"], arrays["theta"])
        if about["optimizer"] != repr(run.optimizer):
            raise ValueError(
                f"{self.path} was saved with {about['optimizer']}, this run has {run.optimizer!r}: "
                "use the same one, or delete the file"
            )
        for name in ("theta", "state"):
            getattr(network, name)[...] = network.xp.asarray(arrays[name], dtype=network.dtype)
        run.optimizer.restore(_with_prefix("optimizer.", arrays), network.theta, network.grad)
        run.history.restore(_with_prefix("history.", arrays))
        run.history.stopped = about["stopped"]
        run.history.diverged = {int(r): step for r, step in about["diverged"].items()}
        run.epoch = about["epoch"]
        for rng, state in zip((run.rng, *network.generators), about["generators"]):
            rng.bit_generator.state = _list_as_array(state)
        for place, callback in enumerate(run.callbacks):
            callback.restore(_with_prefix(f"callback{place}.", arrays))


class TensorBoardLogger(Callback):
    """Write the history's series, and histograms of weights and gradients, as event files for TensorBoard.

    Needs the package tensorboardX. Look at them with `tensorboard --logdir folder`.
    """

    def __init__(self, folder, *, histograms=True):
        try:
            from tensorboardX import SummaryWriter
        except ImportError:
            raise ImportError(
                "TensorBoardLogger needs the package tensorboardX, which is not installed here: "
                "`pip install tensorboardX`, or leave this callback out; the History has the same numbers"
            ) from None
        self.writer, self.histograms = SummaryWriter(str(folder)), histograms

    def epoch_end(self, run):
        for name in run.history.SERIES:
            series = getattr(run.history, name)
            if series:
                for r, value in enumerate(np.atleast_1d(series[-1])):
                    tag = name if run.network.replicas is None else f"{name}/replica {r}"
                    self.writer.add_scalar(tag, float(value), run.epoch)
        if self.histograms:
            for name in ("weights", "d_weights"):
                self.writer.add_histogram(name, to_cpu(getattr(run.network, name)).ravel(), run.epoch)

    def finish(self, run):
        self.writer.close()


class Function(Callback):
    """A plain function as a callback."""

    def __init__(self, function):
        self.epoch_end = function


def as_callback(callback):
    if isinstance(callback, Callback):
        return callback
    if callable(callback) and not isinstance(callback, type):
        return Function(callback)
    raise TypeError(f"{callback!r} is no callback: give a Callback, as EarlyStopping(), or a function of the run")


def _with_prefix(prefix, arrays):
    return {name.removeprefix(prefix): a for name, a in arrays.items() if name.startswith(prefix)}


def _array_as_list(a):
    return {"array": a.tolist(), "dtype": str(a.dtype)} if isinstance(a, np.ndarray) else a.item()


def _list_as_array(state):
    """Undo `_array_as_list` wherever it was."""
    if not isinstance(state, dict):
        return state
    if set(state) == {"array", "dtype"}:
        return np.array(state["array"], dtype=state["dtype"])
    return {name: _list_as_array(value) for name, value in state.items()}
