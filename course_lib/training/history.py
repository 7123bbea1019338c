"""What a training run leaves behind."""

import numpy as np


class History:
    """One entry for each epoch, in lists; with replicas each entry is an array with one number for each.

    loss                  mean of the loss over the epoch's steps, while the network was changing, without the penalty
    penalty               the regularizer's, after the epoch; empty without one
    validation_loss       the loss on the validation data after the epoch; empty without them
    validation_accuracy   the share that is right there, where the loss knows what right means
    steps                 updates made until the end of the epoch
    eta                   the learning rate of the epoch's last step
    diverged              {replica: step} for replicas whose loss was not finite; the others went on
    stopped               why the run ended before its last epoch; None when it did not
    """

    SERIES = ("loss", "penalty", "validation_loss", "validation_accuracy", "steps", "eta")

    def __init__(self):
        for name in self.SERIES:
            setattr(self, name, [])
        self.diverged, self.stopped = {}, None

    @property
    def epochs(self):
        """How many epochs were made."""
        return len(self.loss)

    def as_arrays(self):
        """Every series that is not empty, as an array with one row for each epoch."""
        return {name: np.asarray(getattr(self, name)) for name in self.SERIES if getattr(self, name)}

    def restore(self, arrays):
        """Take over what `as_arrays` gave."""
        for name, values in arrays.items():
            setattr(self, name, values.tolist() if values.ndim == 1 else list(values))

    def __repr__(self):
        if not self.loss:
            return "History(no epochs)"
        def shown(value):
            return f"{np.mean(value):.4g}" + (" (mean of the replicas)" if np.ndim(value) else "")

        parts = [f"{self.epochs} epochs", f"loss {shown(self.loss[0])} → {shown(self.loss[-1])}"]
        if self.validation_loss:
            parts.append(f"validation loss {shown(self.validation_loss[-1])}")
        if self.stopped:
            parts.append(self.stopped)
        return f"History({', '.join(parts)})"
