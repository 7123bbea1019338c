"""Data to learn from: small ones drawn on the spot, real ones that travel with scikit-learn, and how to split them.

Every data set comes as X (N, D), one example per row, and y (N,): whole numbers 0, 1, … for classes, decimal numbers
for a regression.  `X, y = moons(200, rng)`.  What is drawn comes from `rng`, a numpy.random.Generator or a seed, so the
same seed gives the same data; one generator for several sets, `rng = np.random.default_rng(0)`, keeps them different.

    drawn.py   logic gates, points on a plane, a curve
    real.py    digits, diabetes, breast cancer, and MNIST where there is a network
    rows.py    training and test rows, minibatches, new examples from old ones
"""

from course_lib.data.drawn import blobs, circles, curve, gate, moons, regression_curve, spirals
from course_lib.data.real import DataSet, breast_cancer, diabetes, digits, mnist
from course_lib.data.rows import augment, minibatches, train_test_split

__all__ = [
    "gate", "blobs", "circles", "moons", "spirals", "regression_curve", "curve",
    "digits", "diabetes", "breast_cancer", "mnist", "DataSet",
    "train_test_split", "minibatches", "augment",
]  # fmt: skip
