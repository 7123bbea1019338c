"""Rows of data: held back for the test, drawn in minibatches, changed into new examples."""

import math

import numpy as np

from course_lib.backend import array_module, to_cpu
from course_lib.checks import count, floats, generator, number


def train_test_split(X, y, *, test=0.25, rng, stratified=False):
    """X_train, X_test, y_train, y_test: the rows in random order, a share `test` of them (or that many) held back.

    `stratified=True` keeps the share of each class the same in both parts, which matters for small or rare classes.

    >>> X, y = np.eye(4), np.array([0, 1, 1, 1])
    >>> X_train, X_test, y_train, y_test = train_test_split(X, y, test=1, rng=np.random.default_rng(0))
    >>> X_train.shape, X_test.shape
    ((3, 4), (1, 4))
    """
    rng = generator(rng)
    X, y = _rows(X, y)
    n = len(X)
    n_test = test if isinstance(test, (int, np.integer)) and test >= 1 else round(number(test, "test") * n)
    if not 0 < n_test < n:
        raise ValueError(f"test is {test!r}, {n_test} of {count(n, 'row')}: both parts need at least one row")
    order = rng.permutation(n)
    if stratified:
        order = order[spread_evenly(to_cpu(y)[order])]
    return *pick(X, order[n_test:], order[:n_test]), *pick(y, order[n_test:], order[:n_test])


def spread_evenly(y):
    """An order of the rows in which each class is spread evenly: any stretch of it has the classes in their shares."""
    place = np.empty(len(y))
    for c in np.unique(y):
        rows = np.flatnonzero(y == c)
        place[rows] = (np.arange(len(rows)) + 0.5) / len(rows)
    return np.argsort(place, kind="stable")


def minibatches(X, y, batch_size, rng=None):
    """One epoch: all rows, `batch_size` at a time, in random order; without rng in the order in which they stand.

    Yields pairs (X_batch, y_batch). When the rows do not divide evenly, the last batch is smaller.

    >>> X, y = np.eye(4), np.array([0, 1, 1, 1])
    >>> [len(y_batch) for X_batch, y_batch in minibatches(X, y, 3, np.random.default_rng(0))]
    [3, 1]
    """
    X, y = _rows(X, y)
    if not isinstance(batch_size, (int, np.integer)) or batch_size < 1:
        raise ValueError(f"batch_size is {batch_size!r}; a batch has a whole number of rows, 1 or more")
    if rng is not None:
        rng = generator(rng)
    return _batches(X, y, int(batch_size), rng)


def _batches(X, y, batch_size, rng):
    order = np.arange(len(X)) if rng is None else rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size]
        yield *pick(X, rows), *pick(y, rows)


def augment(X, rng, *, noise=0.0, shift=0, flip=False, image=None):
    """New examples from old ones: each row of X changed at random in ways that leave its class as it is.

    noise    standard deviation of what is added to each number
    shift    each picture moves by up to so many pixels, up or down and left or right; what comes in is 0
    flip     each picture is mirrored left to right with probability ½ (not for digits: a mirrored 3 is none)
    image    (height, width) of the pictures that the rows of X hold; only needed for shift and flip

    Returns a new array of X's shape. Source: S2 322-334.

    >>> augment([[1., 2, 3, 4]], np.random.default_rng(2), shift=1, image=(2, 2))
    array([[0., 3., 0., 0.]])
    """
    rng = generator(rng)
    xp, X = floats(X=X)
    new = to_cpu(X)
    if shift or flip:
        new = _moved(new.reshape(len(X), *_image(image, X)), rng, shift, flip).reshape(X.shape)
    new = noisy(new, noise, rng).astype(new.dtype)
    return xp.asarray(new)


def _moved(pictures, rng, shift, flip):
    n, height, width = pictures.shape
    if flip:
        mirror = rng.random(n) < 0.5
        pictures = np.where(mirror[:, None, None], pictures[:, :, ::-1], pictures)
    padded = np.pad(pictures, ((0, 0), (shift, shift), (shift, shift)))
    down, right = rng.integers(0, 2 * shift + 1, (2, n, 1, 1))
    return padded[np.arange(n)[:, None, None], down + np.arange(height)[:, None], right + np.arange(width)]


def _image(image, X):
    if image is None or len(image) != 2 or math.prod(image) != X.shape[-1]:
        raise ValueError(
            f"image is {image}, X has {count(X.shape[-1], 'column')}: shift and flip need the (height, width) of the "
            "pictures in the rows of X, as image=(8, 8) for the digits"
        )
    return image


def _rows(X, y):
    """X and y as arrays with equally many rows."""
    xp = array_module(X, y)
    X, y = (a if hasattr(a, "shape") else xp.asarray(a) for a in (X, y))
    if X.ndim < 1 or y.ndim < 1 or X.shape[0] != y.shape[0]:
        raise ValueError(
            f"X has shape {tuple(X.shape)}, y has shape {tuple(y.shape)}: they need one row for each example"
        )
    return X, y


def pick(a, *choices):
    """The rows of a that each choice names, wherever a lives."""
    xp = array_module(a)
    return tuple(a[xp.asarray(rows)] for rows in choices)


def noisy(X, noise, rng):
    noise = number(noise, "noise")
    if noise < 0:
        raise ValueError(f"noise is {noise:g}; a standard deviation is 0 or larger")
    return X + noise * rng.normal(size=X.shape)
