"""Cross-validation: every row is held back once."""

import numpy as np

from course_lib.backend import to_cpu
from course_lib.checks import generator, whole
from course_lib.data.rows import pick, spread_evenly


def k_fold(n, k, rng, *, y=None):
    """k pairs (train, validation) of row numbers: each of the n rows is in the validation part of exactly one pair.

    With y, classes, each part has them in the same shares as the whole.

    >>> [len(validation) for train, validation in k_fold(10, 3, np.random.default_rng(0))]
    [4, 3, 3]
    """
    rng = generator(rng)
    n, k = whole(n, "n"), whole(k, "k", at_least=2)
    if k > n:
        raise ValueError(
            f"k is {k}, but there {'is 1 row' if n == 1 else f'are {n} rows'}: each part needs at least one"
        )
    order = rng.permutation(n)
    if y is not None:
        y = to_cpu(y)
        if y.shape != (n,):
            raise ValueError(f"y has shape {y.shape}; it needs one class for each of the {n} rows")
        order = order[spread_evenly(y[order])]
    parts = np.array_split(order, k)
    return [(np.concatenate(parts[:i] + parts[i + 1 :]), parts[i]) for i in range(k)]


def cross_validate(score, X, y, *, k=5, rng, stratified=False):
    """The scores of k parts, an array (k,), or (k, R) where score returns R numbers, as a network with replicas has.

    score(X_train, y_train, X_validation, y_validation) -> a number. What is fitted to data, such as the mean that is
    subtracted, must be fitted inside it, on the training part.

    >>> X, y = np.arange(12.)[:, None], np.arange(12.)
    >>> scores = cross_validate(lambda X, y, Xv, yv: np.mean((yv - y.mean()) ** 2), X, y, k=3, rng=np.random.default_rng(0))
    >>> scores.shape
    (3,)
    """
    X, y = (a if hasattr(a, "shape") else np.asarray(a) for a in (X, y))
    if X.shape[0] != y.shape[0]:
        raise ValueError(f"X has {X.shape[0]} rows, y has {y.shape[0]}: they need one for each example")
    folds = k_fold(X.shape[0], k, rng, y=y if stratified else None)
    scores = []
    for fold in folds:
        (X_train, X_part), (y_train, y_part) = pick(X, *fold), pick(y, *fold)
        scores.append(to_cpu(score(X_train, y_train, X_part, y_part)))
    return np.array(scores)
