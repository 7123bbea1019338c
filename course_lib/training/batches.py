"""Minibatches: the rows in a new order each epoch, a few at a time."""

CHUNK_BYTES = 2**18  # rows are put in order for several minibatches at once, as many as stay in a processor's cache


class Batches:
    """The minibatches (X_b, y_b) of X and y, for one epoch after the other.

    X is (N, …), or (R, N, …) with one X for each replica; y is what a loss made of its targets, or a tuple of such.
    The last minibatch of an epoch has the rows that are left. Without `size` there is one batch, all rows.
    """

    def __init__(self, xp, X, y, size, rng):
        self.xp, self.X, self.y, self.rng = xp, X, y, rng
        self.axis, self.axis_y = X.ndim % 2, axis_of_targets(y)
        self.rows = X.shape[self.axis]
        self.size = min(size or self.rows, self.rows)
        self.share, self.last_share = self.size / self.rows, (self.rows % self.size or self.size) / self.rows
        per_row = X.nbytes // self.rows
        self.chunk = self.size * max(1, CHUNK_BYTES // max(1, per_row * self.size))

    def epoch(self):
        """Every row once."""
        if self.size == self.rows:
            return ((self.X, self.y),)  # all rows in one batch: their order makes no difference to a mean
        return self._shuffled()

    def _shuffled(self):
        order = self.xp.asarray(self.rng.permutation(self.rows))
        for start in range(0, self.rows, self.chunk):
            places = order[start:start + self.chunk]
            X, y = take(self.X, places, self.axis), take(self.y, places, self.axis_y)
            for first in range(0, len(places), self.size):
                last = first + self.size
                yield part(X, first, last, self.axis), part(y, first, last, self.axis_y)


def axis_of_targets(y):
    """Where the rows are: before the columns, or last for classes, which are whole numbers without columns."""
    if isinstance(y, tuple):
        return tuple(map(axis_of_targets, y))
    return y.ndim - (1 if y.dtype.kind == "i" else 2)


def take(a, places, axis):
    """The rows at these places, of an array or of each in a tuple."""
    if isinstance(a, tuple):
        return tuple(take(each, places, its_axis) for each, its_axis in zip(a, axis))
    return a.take(places, axis=axis)


def part(a, first, last, axis):
    """The rows from first to last: a view."""
    if isinstance(a, tuple):
        return tuple(part(each, first, last, its_axis) for each, its_axis in zip(a, axis))
    return a[first:last] if axis == 0 else a[:, first:last]
