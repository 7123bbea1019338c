"""What students hand in for A1: right in five ways, each mistake once as a student would type it, and broken in six ways.

Question → what the student's cell says instead of the solution. `WRONG` gives beside each mistake's code the points that
its question still earns, worked out by hand from the question's groups.
"""

RIGHT = {
    "reference": {},
    "loops": {
        "weighted_sum": """
def weighted_sum(X, w, b):
    h = []
    for row in X:
        total = b
        for j in range(len(w)):
            total = total + w[j] * row[j]
        h.append(total)
    return h
""",
        "sigmoid": """
import math

def sigmoid(h):
    p = []
    for value in h:
        if value >= 0:
            p.append(1 / (1 + math.exp(-value)))
        else:
            p.append(math.exp(value) / (1 + math.exp(value)))
    return p
""",
        "predict": """
def predict(X, w, b):
    h = weighted_sum(X, w, b)
    p = sigmoid(h)
    y_hat = []
    for value in p:
        if value >= 0.5:
            y_hat.append(1)
        else:
            y_hat.append(0)
    return h, p, y_hat
""",
        "squared_error": """
def squared_error(y, p):
    total = 0
    for i in range(len(y)):
        total += (y[i] - p[i]) ** 2
    return total / len(y)
""",
        "and_weights": "w_and = (2, 2)\nb_and = -3",
    },
    "float32": {
        "weighted_sum": "def weighted_sum(X, w, b):\n    return (X.astype('float32') @ w.astype('float32') + b).astype(np.float32)",
        "sigmoid": "sigmoid = lambda h: (0.5 * (1 + np.tanh(np.float32(h) / 2)))",
        "predict": "def predict(X, w, b):\n    h = weighted_sum(X, w, b)\n    p = sigmoid(h)\n    return h, p, np.float32(h >= 0)",
        "squared_error": "def squared_error(y, p):\n    return np.float32(np.mean(np.square(np.float32(y) - np.float32(p))))",
        "and_weights": "w_and = np.array([10, 10], dtype=np.float32)\nb_and = np.float32(-15)",
    },
    "with a warning": {
        "weighted_sum": "def weighted_sum(X, w, b):\n    import warnings, sys\n    warnings.warn('slow?')\n    print('working', file=sys.stderr)\n    return np.sum(X * w, axis=1) + b",
        "sigmoid": "def sigmoid(h):\n    return 1 / (1 + np.exp(-h))",
        "predict": "def predict(X, w, b):\n    h = weighted_sum(X, w, b)\n    p = sigmoid(h)\n    return [h, p, p >= 0.5]",
        "squared_error": "def squared_error(y, p):\n    print('y', y)\n    return sum((p - y) ** 2) / y.shape[0]",
        "and_weights": "w_and = [0.6, 0.6]\nb_and = [-1.0]",
    },
    "magics and classes": {
        "weighted_sum": "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([0, 1])\n\ndef weighted_sum(X, w, b):\n    return np.einsum('nd,d->n', X, w) + b",
        "sigmoid": "class Sigmoid:\n    def __call__(self, h):\n        z = np.exp(-np.abs(h))\n        return np.where(h >= 0, 1 / (1 + z), z / (1 + z))\n\nsigmoid = Sigmoid()",
        "predict": "from collections import namedtuple\nTable = namedtuple('Table', 'h p y_hat')\n\ndef predict(X, w, b):\n    h = weighted_sum(X, w, b)\n    p = sigmoid(h)\n    return Table(h, p, (p >= .5).astype(np.int8))",
        "squared_error": "def squared_error(*columns):\n    y, p = map(np.asarray, columns)\n    return ((y - p) @ (y - p)) / y.size",
        "and_weights": "w_and = np.ones(2)\nb_and = -1.75",
    },
}

_SUM, _SIGMOID, _PREDICT, _ERROR = (f"def {line}:\n    " for line in ("weighted_sum(X, w, b)", "sigmoid(h)", "predict(X, w, b)", "squared_error(y, p)"))
_TIDY = "h = X @ w + b\n    p = np.where(h >= 0, 1, np.exp(-abs(h))) / (1 + np.exp(-abs(h)))\n    "

WRONG = {
    "weighted_sum": {
        "Forgot the bias": (_SUM + "return X @ w", 0),
        "Took the bias away": (_SUM + "return X @ w - b", 0),
        "The weights are swapped": (_SUM + "return sum(X[:, j] * w[len(w) - 1 - j] for j in range(len(w))) + b", 0),
        "Added the bias once for every input": (_SUM + "return (X * w + b).sum(axis=1)", 0),
        "Multiplied without adding up": (_SUM + "return w * X + b", 0),
        "Summed over the rows": (_SUM + "return np.sum(X * w, axis=0) + b", 0),
        "Summed everything into one number": (_SUM + "return np.sum(X * w) + b", 2),
        "Only the first row": (_SUM + "for row in X:\n        return row @ w + b", 2),
        "Counts on two inputs": (_SUM + "return w[0] * X[:, 0] + w[1] * X[:, 1] + b", 7),
        "Forgot the weights": (_SUM + "return X.sum(axis=1) + b", 0),
        "Averaged instead of adding up": (_SUM + "return np.mean(X * w, axis=1) + b", 0),
    },
    "sigmoid": {
        "exp(+h) instead of exp(−h)": (_SIGMOID + "return 1 / (1 + np.exp(h))", 0),
        "Overflow": (_SIGMOID + "return np.exp(h) / (np.exp(h) + 1)", 9),
        "Left the 1 out of the denominator": (_SIGMOID + "return 1 / np.exp(-h)", 0),
        "Brackets missing around the denominator": (_SIGMOID + "return 1 / 1 + np.exp(-h)", 0),
        "A minus in the denominator": (_SIGMOID + "return 1 / (1 - np.exp(-h))", 0),
        "tanh instead of the sigmoid": (_SIGMOID + "return np.tanh(h)", 0),
        "The slope instead of the value": (_SIGMOID + "p = np.where(h >= 0, 1, np.exp(-abs(h))) / (1 + np.exp(-abs(h)))\n    return p * (1 - p)", 0),
        "Rounded": (_SIGMOID + "p = np.where(h >= 0, 1, np.exp(-abs(h))) / (1 + np.exp(-abs(h)))\n    return np.round(p, 2)", 5),
        "Whole-number division": (_SIGMOID + "return 1 // (1 + np.exp(-h))", 0),
        "The same for every input": (_SIGMOID + "return 1 / (1 + np.exp(-0 * h))", 0),
    },
    "predict": {
        "Rounded at one half": (_PREDICT + _TIDY + "return h, p, np.round(p)", 12),
        "Decided by h ≥ ½": (_PREDICT + _TIDY + "return h, p, (h >= 0.5) * 1", 7),
        "The predictions are turned round": (_PREDICT + _TIDY + "return h, p, p < 0.5", 7),
        "Cut off instead of decided": (_PREDICT + _TIDY + "return h, p, [int(value) for value in p]", 7),
        "Returned p instead of deciding": (_PREDICT + _TIDY + "return h, p, p", 7),
        "−1 and 1 instead of 0 and 1": (_PREDICT + _TIDY + "return h, p, np.where(p >= 0.5, 1, -1)", 7),
        "exp(+h) instead of exp(−h)": (_PREDICT + "h = X @ w + b\n    p = 1 / (1 + np.exp(h))\n    return h, p, p >= 0.5", 3),
        "Forgot the bias": (_PREDICT + _TIDY.replace("+ b", "", 1) + "return h, p, (p >= 0.5).astype(int)", 2),
        "Took the bias away": (_PREDICT + _TIDY.replace("+ b", "- b", 1) + "return h, p, (p >= 0.5).astype(int)", 2),
        "The weights are swapped": (_PREDICT + _TIDY.replace("w + b", "w[::-1] + b", 1) + "return h, p, (p >= 0.5).astype(int)", 0),
        "Returned in another order": (_PREDICT + _TIDY + "return (p >= 0.5).astype(int), p, h", 4),
        "Returned only the prediction": (_PREDICT + _TIDY + "return (p >= 0.5).astype(int)", 0),
        "Returned p and ŷ without h": (_PREDICT + _TIDY + "return p, (p >= 0.5).astype(int)", 0),
    },
    "squared_error": {
        "Sum instead of mean": (_ERROR + "return np.sum((y - p) ** 2)", 2),
        "An extra ½": (_ERROR + "return np.mean((y - p) ** 2) / 2", 0),
        "Forgot the square": (_ERROR + "return np.mean(np.abs(y - p))", 0),
        "Added up the differences with their signs": (_ERROR + "return np.mean(y - p)", 0),
        "Squared the mean": (_ERROR + "return np.mean(y - p) ** 2", 2),
        "Took the root": (_ERROR + "return np.sqrt(((y - p) ** 2).mean())", 0),
        "No mean at all": (_ERROR + "return (y - p) ** 2", 2),
        "Decided before measuring": (_ERROR + "return np.mean((y - np.round(p)) ** 2)", 0),
        "Divided by N − 1": (_ERROR + "return np.sum((y - p) ** 2) / (len(y) - 1)", 0),
        "Whole-number division": (_ERROR + "return np.sum((y - p) ** 2) // len(y)", 0),
        "Squares of the parts": (_ERROR + "return np.mean(y ** 2 - p ** 2)", 0),
        "The wrong sign": (_ERROR + "return -np.mean((y - p) ** 2)", 0),
        "The first row only": (_ERROR + "for a, b in zip(y, p):\n        return (a - b) ** 2", 2),
    },
    "and_weights": {
        "A tie counts as 1": ("w_and = [1, 1]\nb_and = -1", 9),
        "That is OR": ("w_and = [1, 1]\nb_and = -0.5", 9),
        "Everything is turned round": ("w_and = [-1, -1]\nb_and = 1.5", 0),
        "Looks at one input only": ("w_and = [1, 0]\nb_and = -0.5", 12),
        "Never fires": ("w_and = [1, 1]\nb_and = -5", 0),
        "Always fires": ("w_and = [1, 1]\nb_and = 2", 0),
    },
}

BROKEN = {
    "raises": {"squared_error": "def squared_error(y, p):\n    return np.mean((y - prob) ** 2)"},
    "loops for ever": {"squared_error": "def squared_error(y, p):\n    while True:\n        pass"},
    "loops in its cell": {"squared_error": "while True:\n    pass"},
    "patches": {"sigmoid": "def sigmoid(h):\n    return np.zeros_like(h)\n\nimport numpy.testing\nnp.testing.assert_allclose = lambda *a, **k: None\nnp.allclose = lambda *a, **k: True\nnp.array_equal = lambda *a: True",
                "predict": "def predict(X, w, b):\n    h = weighted_sum(X, w, b)\n    return h, np.zeros_like(h), np.zeros_like(h)"},
}
