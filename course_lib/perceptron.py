"""One neuron by hand: a weighted sum, a sigmoid, and one step downhill.

    h = X w + b        p = 1 / (1 + exp(−h))        ŷ = [p ≥ .5]        ℓ = mean of (y − p)²

X is (N, D), one example per row; y is (N,), w is (D,), b a single number. (The field says "perceptron";
Rosenblatt's own had a step where this one has a sigmoid, and another rule to learn by.)

Every function takes lists, NumPy or CuPy arrays and returns fresh arrays where X lives, float32 for
float32 and float64 for everything else. Each raises TypeError for what is not a real number, and
ValueError for shapes that do not fit, for NaN and for infinity.
"""

from course_lib.activations import stable_sigmoid
from course_lib.checks import floats, floats_like, neuron, rate, targets
from course_lib.hand_table import HandTable

__all__ = ["weighted_sum", "predict", "gradients", "step", "HandTable"]


def weighted_sum(X, w, b):
    """h = X w + b, shape (N,): row i is w₁ X[i, 1] + … + w_D X[i, D] + b.

    >>> weighted_sum([[0, 0], [0, 1], [1, 0], [1, 1]], w=[1, -1], b=-.5)
    array([-0.5, -1.5,  0.5, -0.5])
    """
    _, X, w, b = neuron(X, w, b)
    return X @ w + b


def predict(X, w, b):
    """h, p and ŷ, each of shape (N,): weighted sum, probability of class 1, and decision.

    ŷ = [p ≥ .5] as integers, so a tie, p = .5, counts as class 1. Rounding would not do: `np.round`
    takes halves to the even neighbour, .5 to 0 but 1.5 to 2, and no one means that by a decision.

    >>> h, p, y_hat = predict([[0, 0], [0, 1], [1, 0], [1, 1]], w=[1, -1], b=-.5)
    >>> p.round(2)
    array([0.38, 0.18, 0.62, 0.38])
    >>> y_hat
    array([0, 0, 1, 0])
    """
    xp, X, w, b = neuron(X, w, b)
    h = X @ w + b
    p = stable_sigmoid(xp, h)
    return h, p, xp.asarray(p >= .5, dtype=xp.int64)


def gradients(X, y, w, b):
    """∂ℓ/∂w, shape (D,), and ∂ℓ/∂b, a single number, of the mean squared error ℓ = (1/N) Σ (y − p)².

    By the chain rule, with ∂ℓ/∂p = (2/N)(p − y), ∂p/∂h = p (1 − p), ∂h/∂w = X, ∂h/∂b = 1. Both keep the 2
    that the square brings; leaving it out gives the gradient of half the error, and half the step.

    >>> d_w, d_b = gradients([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 1], w=[1, -1], b=-.5)
    >>> d_w.round(4), round(float(d_b), 4)
    (array([-0.1175, -0.1341]), -0.1341)
    """
    xp, X, w, b = neuron(X, w, b)
    y = targets(y, X)
    p = stable_sigmoid(xp, X @ w + b)
    d_p = 2 / X.shape[0] * (p - y)
    d_h = d_p * p * (1 - p)
    return d_h @ X, xp.sum(d_h)


def step(w, b, d_w, d_b, eta):
    """One step downhill: w − eta · d_w and b − eta · d_b, both new; the arguments stay as they were.

    eta is the learning rate, 0 or larger, a plain number: it belongs here and nowhere else. A rate that
    is also multiplied into the gradient becomes eta².

    >>> w, b = step([1, -1], -.5, d_w=[-.1175, -.1341], d_b=-.1341, eta=.1)
    >>> w, float(b)
    (array([ 1.01175, -0.98659]), -0.48659)
    """
    _, w, b = floats(w=w, b=b)
    d_w, d_b = floats_like(w, d_w=d_w, d_b=d_b)
    eta = rate(eta)
    for name, value, d_name, d_value in (("w", w, "d_w", d_w), ("b", b, "d_b", d_b)):
        if value.shape != d_value.shape:
            raise ValueError(
                f"{d_name} has shape {tuple(d_value.shape)}, {name} has shape {tuple(value.shape)}: "
                "a gradient has one number for each number it moves"
            )
    return w - eta * d_w, b - eta * d_b
