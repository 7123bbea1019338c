"""Leaks: what happens to a reported accuracy when the test rows help to train, and what the truth is.

    hospital_table(rng)        the breast cancer data with a column that should not be there
    alone(X, y)                how well each column alone tells the classes apart: the first place to look for a leak
    trial(*leaks)              one small project, many times over: the accuracy it reports, and the one on new patients
"""

from functools import lru_cache

import numpy as np

from course_lib.checks import floats
from course_lib.data import breast_cancer, diabetes
from course_lib.data.real import DataSet
from course_lib.data.rows import generator
from course_lib.losses import SigmoidCrossEntropy
from course_lib.network import mlp
from course_lib.optimizers import Adam
from course_lib.preprocessing import standardize
from course_lib.training import fit

LEAKS = {
    "twice": "each patient stands in the table twice, and nobody looked before the split",
    "columns": "the 10 best columns are chosen on all rows, before the split",
    "later": "a column is kept that is known only after the answer",
    "stop": "training stops where the accuracy on the test rows is best",
}
ROWS, NOISE, KEPT, EPOCHS = 100, 200, 10, 40


def hospital_table(rng):
    """The breast cancer data as a hospital might hand them over: 569 tumours, 11 columns, 0 malignant, 1 benign.

    Ten are means over the cells of a sample (the data have their spread and their extremes too, which are left out here).

    One column should not be among them. Lecture L16 is about finding it, so do not read on before: the last one, how often
    a patient came in the year after. Who was ill came about 12 times, who was well about once; on the day nobody knows.

    >>> hospital_table(np.random.default_rng(0))
    DataSet(569 rows, 11 columns, 2 classes)
    """
    data = breast_cancer()
    visits = generator(rng).poisson(np.where(data.y == 0, 12, 1))
    return DataSet(np.column_stack([data.X[:, :10], visits]), data.y, [*data.columns[:10], "visits"], data.classes)


def alone(X, y):
    """The accuracy of the best threshold on each column alone, (D,), in either direction, on the rows given.

    >>> alone([[1, 5], [2, 5], [3, 5], [4, 5]], [0, 0, 1, 1])
    array([1. , 0.5])
    """
    _, X, y = floats(X=X, y=y)
    if X.ndim != 2 or y.shape != X.shape[:1] or not np.isin(y, (0, 1)).all():
        raise ValueError(f"X has shape {X.shape}, y {y.shape}: alone needs a table, and one class 0 or 1 for each of its rows")
    order = np.argsort(X, axis=0, kind="stable")
    sorted_x, sorted_y = np.take_along_axis(X, order, axis=0), y[order]
    ones_below = np.vstack([np.zeros(X.shape[1]), np.cumsum(sorted_y, axis=0)])
    places = np.arange(len(y) + 1)[:, None]
    right = (places - ones_below) + (y.sum() - ones_below)  # zeros below the threshold, ones above
    possible = np.vstack([np.ones(X.shape[1], bool), np.diff(sorted_x, axis=0) > 0, np.ones(X.shape[1], bool)])
    share = np.where(possible, np.maximum(right, len(y) - right), 0) / len(y)
    return share.max(axis=0)


@lru_cache(maxsize=32)
def trial(*leaks, replicas=20, seed=0):
    """(reported, true): two accuracies, each a mean over `replicas` small projects with the leaks named, of LEAKS.

    A project: 100 patients of the diabetes data, 50 to train and 50 to test; will the disease go further than the median?
    10 measurements and 200 columns of pure noise, of which the 10 that go best with y are kept; standardized; a small
    network, 40 epochs. (With the leak "twice" the 100 rows are 50 patients.) The report is the accuracy on the 50 test rows. The truth is that on the patients left over, for
    whom nothing is known that is not known on the day. Raises ValueError for a leak that it does not know.
    """
    unknown = [leak for leak in leaks if leak not in LEAKS]
    if unknown:
        raise ValueError(f"there is no leak {unknown[0]!r}; there are {', '.join(LEAKS)}")
    rngs = np.random.default_rng(seed).spawn(replicas)
    train, test, new = (list(part) for part in zip(*(_tables(rng, leaks) for rng in rngs)))
    (X, y), (X_test, y_test), (X_new, y_new) = map(_stack, (train, test, new))
    network, loss = mlp([X.shape[-1], 16, 1], rng=seed, replicas=replicas), SigmoidCrossEntropy()
    history = []

    def look(run):
        if "stop" in leaks or run.epoch == EPOCHS:
            history.append((_accuracy(network, X_test, y_test), _accuracy(network, X_new, y_new)))

    fit(network, loss, X, y, Adam(0.01), epochs=EPOCHS, batch_size=10, rng=seed, callbacks=[look])
    reported, true = np.array(history).transpose(1, 0, 2)  # epochs × replicas
    epoch, which = reported.argmax(axis=0), np.arange(replicas)  # without the leak there is one epoch to choose from
    return float(reported[epoch, which].mean()), float(true[epoch, which].mean())


def _tables(rng, leaks):
    """(X, y) to train, to test, and of new patients, for one project."""
    X, y = _patients()
    order = rng.permutation(len(y))
    rows, left = order[:ROWS], order[ROWS:]
    if "twice" in leaks:
        rows = np.concatenate([rows[: ROWS // 2], rows[: ROWS // 2]])
        rows = rng.permutation(rows)
    noise = rng.normal(size=(len(y), NOISE))
    later = rng.poisson(np.where(y == 1, 5, 2))[:, None].astype(float)
    table = np.hstack([X, noise, later]) if "later" in leaks else np.hstack([X, noise])
    here, new = table[rows], table[left].copy()
    if "later" in leaks:
        new[:, -1] = 0  # no visits yet
    train = np.arange(ROWS) < ROWS // 2
    seen = slice(None) if "columns" in leaks else train
    keep = np.argsort(-np.abs(_correlation(here[seen], y[rows][seen])))[:KEPT]
    scale = standardize(here[train][:, keep])
    return (scale(here[train][:, keep]), y[rows][train]), (scale(here[~train][:, keep]), y[rows][~train]), (scale(new[:, keep]), y[left])


@lru_cache(maxsize=1)
def _patients():
    X, y = diabetes()
    return X, (y > np.median(y)).astype(float)


def _correlation(X, y):
    X, y = X - X.mean(axis=0), y - y.mean()
    return (X * y[:, None]).sum(axis=0) / np.sqrt((X**2).sum(axis=0) * (y**2).sum() + 1e-12)


def _stack(parts):
    X, y = zip(*parts)
    return np.array(X, np.float32), np.array(y, np.float32)[..., None]


def _accuracy(network, X, y):
    return ((network.predict(X) >= 0) == (y >= 0.5)).mean(axis=(1, 2))
