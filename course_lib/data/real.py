"""Real data. Three sets travel with scikit-learn and need no network; MNIST is fetched where there is one."""

import threading
import warnings
from pathlib import Path

import numpy as np

from course_lib.checks import count


class DataSet(tuple):
    """X and y as a pair, `X, y = digits()`, with the names of the `columns` and of the `classes` (or None)."""

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
    return DataSet(
        np.asarray(X, np.float32) / 255, np.asarray(y, np.int64), [f"pixel{i}" for i in range(X.shape[1])], range(10)
    )


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
    warnings.warn(
        f"MNIST is not here: {why}. These are scikit-learn's 1797 digits of 8 × 8 pixels instead.", stacklevel=3
    )
    return digits()
