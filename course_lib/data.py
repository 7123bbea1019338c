"""Data to learn from: small ones drawn on the spot, real ones that travel with scikit-learn, and how to split them.

Every data set comes as X (N, D), one example per row, and y (N,): whole numbers 0, 1, … for classes, decimal
numbers for a regression.  `X, y = moons(200, rng)`.  What is drawn is drawn from the `numpy.random.Generator`
passed in as `rng`, so the same generator gives the same data:  `rng = np.random.default_rng(0)`.
"""

import math
import threading
import warnings
from pathlib import Path

import numpy as np

from course_lib.backend import array_module, to_cpu
from course_lib.checks import count, floats, number

# ---- logic gates ----

GATES = {
    "AND": (0, 0, 0, 1),
    "OR": (0, 1, 1, 1),
    "XOR": (0, 1, 1, 0),
    "NAND": (1, 1, 1, 0),
    "NOR": (1, 0, 0, 0),
    "XNOR": (1, 0, 0, 1),
}


def gate(name):
    """The four rows of a logic gate of two inputs: AND, OR, XOR, NAND, NOR or XNOR.

    >>> X, y = gate("XOR")
    >>> X.tolist(), y.tolist()
    ([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 1, 1, 0])
    """
    outputs = GATES.get(str(name).upper())
    if outputs is None:
        raise ValueError(f"there is no gate {name!r}; there are {', '.join(GATES)}")
    return np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]]), np.array(outputs)


# ---- points on a plane ----


def blobs(n, rng, *, classes=2, noise=0.5):
    """n points around `classes` centres, evenly placed on a circle of radius 2; `noise` is their standard deviation.

    >>> X, y = blobs(6, np.random.default_rng(0), classes=3)
    >>> X.shape, y.tolist()
    ((6, 2), [0, 0, 1, 1, 2, 2])
    """
    y = _labels(n, rng, classes)
    angle = 2 * np.pi * y / classes
    return _noisy(2 * _on_circle(angle), noise, rng), y


def circles(n, rng, *, noise=0.1, inner=0.5):
    """A ring of class 0 with radius 1 around a ring of class 1 with radius `inner`."""
    y = _labels(n, rng, 2)
    radius = np.where(y == 0, 1, number(inner, "inner"))
    return _noisy(radius[:, None] * _on_circle(rng.uniform(0, 2 * np.pi, n)), noise, rng), y


def moons(n, rng, *, noise=0.1):
    """Two half circles that reach into each other."""
    y = _labels(n, rng, 2)
    arc = _on_circle(rng.uniform(0, np.pi, n))
    return _noisy(np.where(y[:, None] == 0, arc, [1, 0.5] - arc), noise, rng), y


def spirals(n, rng, *, classes=2, noise=0.05, turns=1.0):
    """`classes` arms that wind `turns` times around the origin, from radius .1 to 1."""
    y = _labels(n, rng, classes)
    along = rng.uniform(0, 1, n)
    angle = 2 * np.pi * (number(turns, "turns") * along + y / classes)
    return _noisy((0.1 + 0.9 * along)[:, None] * _on_circle(angle), noise, rng), y


def regression_curve(n, rng, *, noise=0.1):
    """y = sin(2πx) + x + noise, x even at random on [0, 1]: X is (n, 1), y is (n,)."""
    _check_draw(n, rng)
    X = rng.uniform(0, 1, (n, 1))
    return X, _noisy(curve(X[:, 0]), noise, rng)


def curve(x):
    """What `regression_curve` is without noise: sin(2πx) + x."""
    return np.sin(2 * np.pi * x) + x


def _labels(n, rng, classes):
    """n classes in order, as equally many of each as n allows."""
    _check_draw(n, rng)
    if not isinstance(classes, (int, np.integer)) or classes < 1:
        raise ValueError(f"classes is {classes!r}; it must be a whole number, 1 or larger")
    return np.arange(n) * classes // max(n, 1)


def _on_circle(angle):
    return np.stack([np.cos(angle), np.sin(angle)], axis=1)


def _noisy(X, noise, rng):
    noise = number(noise, "noise")
    if noise < 0:
        raise ValueError(f"noise is {noise:g}; a standard deviation is 0 or larger")
    return X + noise * rng.normal(size=X.shape)


def _check_draw(n, rng):
    check_rng(rng)
    if not isinstance(n, (int, np.integer)) or isinstance(n, bool) or n < 1:
        raise ValueError(f"n is {n!r}; the number of examples is a whole number, 1 or larger")


def check_rng(rng):
    """TypeError unless rng is a numpy.random.Generator."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"rng is {type(rng).__name__}, but random numbers come from a numpy.random.Generator: pass rng=np.random.default_rng(0)"
        )


# ---- real data ----


class DataSet(tuple):
    """X and y as a pair, `X, y = digits()`, with the names of the `columns` and of the `classes` (None in a regression)."""

    def __new__(cls, X, y, columns, classes=None):
        pair = super().__new__(cls, (X, y))
        pair.columns, pair.classes = list(map(str, columns)), None if classes is None else list(map(str, classes))
        return pair

    @property
    def X(self):
        return self[0]

    @property
    def y(self):
        return self[1]

    def __repr__(self):
        kind = "regression" if self.classes is None else count(len(self.classes), "class").replace("classs", "classes")
        return f"DataSet({count(len(self.X), 'row')}, {count(self.X.shape[1], 'column')}, {kind})"


def digits():
    """1797 handwritten digits, 8 × 8 pixels from 0 to 1: X is (1797, 64), y the digit.

    Source: scikit-learn's copy of the UCI set "Optical recognition of handwritten digits".

    >>> digits()
    DataSet(1797 rows, 64 columns, 10 classes)
    """
    bundled = _bundled("load_digits")
    return DataSet(bundled.data / 16, bundled.target, bundled.feature_names, bundled.target_names)


def diabetes():
    """442 patients, 10 measurements, and how far the disease has gone a year later: a regression.

    The measurements are the raw ones: standardize them on the rows you train on.
    Source: Efron, Hastie, Johnstone and Tibshirani, Least angle regression, 2004.

    >>> X, y = diabetes()
    >>> X.shape, y.min(), y.max()
    ((442, 10), np.float64(25.0), np.float64(346.0))
    """
    bundled = _bundled("load_diabetes", scaled=False)
    return DataSet(bundled.data, bundled.target, bundled.feature_names)


def breast_cancer():
    """569 tumours, 30 measurements of their cells' nuclei, class 0 malignant, 1 benign.

    Source: scikit-learn's copy of the UCI set "Breast cancer Wisconsin (diagnostic)".

    >>> breast_cancer().classes
    ['malignant', 'benign']
    """
    bundled = _bundled("load_breast_cancer")
    return DataSet(bundled.data, bundled.target, bundled.feature_names, bundled.target_names)


def _bundled(loader, **options):
    import sklearn.datasets  # only here: it takes a second to import

    return getattr(sklearn.datasets, loader)(**options)


def mnist(*, patience=120):
    """70 000 handwritten digits, 28 × 28 pixels from 0 to 1, fetched once from openml.org and kept by scikit-learn.

    Where they cannot be fetched within `patience` seconds, a warning says so and `digits()` comes instead.
    """
    if not _kept_from_openml() and not _openml_answers():
        return _digits_instead("openml.org does not answer")
    fetched, failure = [], []

    def fetch():
        from sklearn.datasets import fetch_openml

        try:
            fetched.append(fetch_openml("mnist_784", version=1, as_frame=False, parser="liac-arff", n_retries=0))
        except Exception as error:  # whatever the network, the disk or a proxy may come up with
            failure.append(error)

    thread = threading.Thread(target=fetch, daemon=True)
    thread.start()
    thread.join(patience)
    if failure:
        return _digits_instead(f"fetching them failed ({failure[0]})")
    if not fetched:
        return _digits_instead(f"fetching them took longer than {patience:g} seconds")
    X, y = fetched[0].data, fetched[0].target
    return DataSet(np.asarray(X, np.float32) / 255, np.asarray(y, np.int64), [f"pixel{i}" for i in range(X.shape[1])], range(10))


def _kept_from_openml():
    from sklearn.datasets import get_data_home

    return any((Path(get_data_home()) / "openml").rglob("*52667*"))  # the number of MNIST's file there


def _openml_answers(seconds=5):
    from urllib.error import HTTPError
    from urllib.request import urlopen

    answers = []

    def ask():
        try:
            urlopen("https://api.openml.org", timeout=seconds).close()
            answers.append(True)
        except HTTPError:  # an answer, if not a friendly one
            answers.append(True)
        except (OSError, ValueError):
            pass

    thread = threading.Thread(target=ask, daemon=True)  # looking up a name may take longer than any timeout
    thread.start()
    thread.join(2 * seconds)
    return bool(answers)


def _digits_instead(why):
    warnings.warn(f"MNIST is not here: {why}. These are scikit-learn's 1797 digits of 8 × 8 pixels instead.", stacklevel=3)
    return digits()


# ---- split, shuffle, augment ----


def train_test_split(X, y, *, test=0.25, rng, stratified=False):
    """X_train, X_test, y_train, y_test: the rows in random order, a share `test` of them (or that many) held back.

    `stratified=True` keeps the share of each class the same in both parts, which matters for small or rare classes.

    >>> X, y = gate("OR")
    >>> X_train, X_test, y_train, y_test = train_test_split(X, y, test=1, rng=np.random.default_rng(0))
    >>> X_train.shape, X_test.shape
    ((3, 2), (1, 2))
    """
    check_rng(rng)
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

    >>> X, y = gate("OR")
    >>> [len(y_batch) for X_batch, y_batch in minibatches(X, y, 3, np.random.default_rng(0))]
    [3, 1]
    """
    X, y = _rows(X, y)
    if not isinstance(batch_size, (int, np.integer)) or batch_size < 1:
        raise ValueError(f"batch_size is {batch_size!r}; a batch has a whole number of rows, 1 or more")
    if rng is not None:
        check_rng(rng)
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
    check_rng(rng)
    xp, X = floats(X=X)
    new = to_cpu(X)
    if shift or flip:
        new = _moved(new.reshape(len(X), *_image(image, X)), rng, shift, flip).reshape(X.shape)
    new = _noisy(new, noise, rng).astype(new.dtype)
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
        raise ValueError(f"X has shape {tuple(X.shape)}, y has shape {tuple(y.shape)}: they need one row for each example")
    return X, y


def pick(a, *choices):
    """The rows of a that each choice names, wherever a lives."""
    xp = array_module(a)
    return tuple(a[xp.asarray(rows)] for rows in choices)
