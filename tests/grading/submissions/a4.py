"""What students hand in for A4, the 2-3-1 network, in the term without a name: right in five ways, each mistake once, as typed.

There W1 has a row for each hidden neuron, the loss is the mean of the squares, and XOR's hidden neurons bend by the sigmoid.
"""

TRUTH = ("right", "right", "2 is missing", "right", "index j is missing", "slope is missing", "w_oj is missing")

RIGHT = {
    "reference": {},
    "loops": {
        "forward": """
import math

def bend(phi, a):
    if phi == "sigmoid":
        return 1 / (1 + math.exp(-a))
    if phi == "tanh":
        return math.tanh(a)
    return a if a > 0 else 0.0

def forward(X, W1, b1, w_o, b_o, phi):
    h, p = [], []
    for x in X:
        row = []
        for w, b in zip(W1, b1):
            a = b
            for i in range(len(x)):
                a += w[i] * x[i]
            row.append(bend(phi, a))
        o = b_o
        for value, w in zip(row, w_o):
            o += value * w
        h.append(row)
        p.append(1 / (1 + math.exp(-o)))
    return h, p
""",
        "output_gradient": """
def output_gradient(h, p, y):
    N, H = h.shape
    d_w_o = [0.0] * H
    for n in range(N):
        d_o = 2 * (p[n] - y[n]) * p[n] * (1 - p[n]) / N
        for j in range(H):
            d_w_o[j] += d_o * h[n][j]
    return d_w_o
""",
        "hidden_gradient": """
def hidden_gradient(X, h, p, y, w_o, phi):
    N, D = X.shape
    d_W1 = np.zeros((len(w_o), D))
    for n in range(N):
        d_o = 2 * (p[n] - y[n]) * p[n] * (1 - p[n]) / N
        for j in range(len(w_o)):
            if phi == "sigmoid":
                slope = h[n, j] * (1 - h[n, j])
            elif phi == "tanh":
                slope = 1 - h[n, j] ** 2
            elif h[n, j] > 0:
                slope = 1
            else:
                slope = 0
            for i in range(D):
                d_W1[j, i] += d_o * w_o[j] * slope * X[n, i]
    return d_W1.tolist()
""",
        "bias_gradients": """
def bias_gradients(h, p, y, w_o, phi):
    d_b1, d_b_o = [0.0 for _ in w_o], 0.0
    for n in range(len(y)):
        d_o = 2 * (p[n] - y[n]) * p[n] * (1 - p[n]) / len(y)
        d_b_o += d_o
        for j in range(len(w_o)):
            value = h[n, j]
            slope = value * (1 - value) if phi == "sigmoid" else 1 - value * value if phi == "tanh" else float(value > 0)
            d_b1[j] += d_o * w_o[j] * slope
    return [d_b1, d_b_o]
""",
        "fit": """
def fit(X, y, W1, b1, w_o, b_o, eta, steps):
    for step in range(steps):
        h, p = (np.array(part) for part in forward(X, W1, b1, w_o, b_o, "sigmoid"))
        d_W1 = np.array(hidden_gradient(X, h, p, y, w_o, "sigmoid"))
        d_w_o = np.array(output_gradient(h, p, y))
        d_b1, d_b_o = bias_gradients(h, p, y, w_o, "sigmoid")
        W1 = W1 - eta * d_W1
        b1 = b1 - eta * np.array(d_b1)
        w_o = w_o - eta * d_w_o
        b_o = b_o - eta * d_b_o
    return W1, b1, w_o, b_o
""",
        "slide_lines": "line_1, line_2, line_3, line_4, line_5, line_6, line_7 = [line.replace(' ', '_') for line in (TRUTH)]",
    },
    "float32": {
        "forward": """
def forward(X, W1, b1, w_o, b_o, phi):
    X, W1, b1, w_o = (np.float32(value) for value in (X, W1, b1, w_o))
    a = np.einsum("nd,hd->nh", X, W1) + b1
    h = {"sigmoid": lambda: 0.5 * (1 + np.tanh(a / 2)), "tanh": lambda: np.tanh(a), "relu": lambda: a * (a >= 0)}[phi]()
    return h, np.float32(1) / (1 + np.exp(-(h @ w_o + np.float32(b_o))))
""",
        "output_gradient": "def output_gradient(h, p, y):\n    h, p, y = np.float32(h), np.float32(p), np.float32(y)\n    return np.einsum('n,nj->j', 2 * (p - y) * p * (1 - p), h) / np.float32(len(y))",
        "hidden_gradient": """
def hidden_gradient(X, h, p, y, w_o, phi):
    X, h, p, y, w_o = (np.float32(value) for value in (X, h, p, y, w_o))
    slope = {"sigmoid": h - h * h, "tanh": 1 - h * h, "relu": np.sign(h)}[phi]
    return np.einsum("n,j,nj,ni->ji", 2 * (p - y) * (p - p * p), w_o, slope, X) / np.float32(len(X))
""",
        "bias_gradients": """
def bias_gradients(h, p, y, w_o, phi):
    h, p, y, w_o = (np.float32(value) for value in (h, p, y, w_o))
    slope = {"sigmoid": h - h * h, "tanh": (1 - h) * (1 + h), "relu": np.where(h > 0, 1, 0)}[phi]
    d_o = np.float32(2) * (p - y) * p * (1 - p)
    return np.mean(d_o[:, None] * w_o[None, :] * slope, axis=0), np.mean(d_o)
""",
        "fit": """
def fit(X, y, W1, b1, w_o, b_o, eta, steps):
    X, y, W1, b1, w_o, b_o, eta = (np.float32(value) for value in (X, y, W1, b1, w_o, b_o, eta))
    for _ in range(steps):
        h = 1 / (1 + np.exp(-(X @ W1.T + b1)))
        p = 1 / (1 + np.exp(-(h @ w_o + b_o)))
        d_o = 2 * (p - y) * p * (1 - p) / np.float32(len(y))
        d_a = np.outer(d_o, w_o) * h * (1 - h)
        W1, b1, w_o, b_o = W1 - eta * (d_a.T @ X), b1 - eta * d_a.sum(0), w_o - eta * (d_o @ h), b_o - eta * d_o.sum()
    return W1, b1, w_o, b_o
""",
        "slide_lines": "line_1, line_2, line_3, line_4, line_5, line_6, line_7 = [line.upper() for line in (TRUTH)]",
    },
    "matrices, with warnings and prints": {
        "forward": """
def forward(X, W1, b1, w_o, b_o, phi):
    import warnings
    warnings.warn("is this slow?")
    with_one = np.hstack([X, np.ones((len(X), 1))])
    a = with_one @ np.vstack([W1.T, b1])
    print("a has shape", a.shape)
    h = 1 / (1 + np.exp(-a)) if phi == "sigmoid" else np.tanh(a) if phi == "tanh" else a.clip(0)
    return [h, 1 / (1 + np.exp(-(np.dot(h, w_o) + b_o)))]
""",
        "output_gradient": "def output_gradient(h, p, y):\n    print(h.shape)\n    return (h * (2 * (p - y) * p * (1 - p))[:, np.newaxis]).mean(axis=0)",
        "hidden_gradient": """
def hidden_gradient(X, h, p, y, w_o, phi):
    N = X.shape[0]
    D_o = (-2 / N * (y - p) * p * (1 - p)).reshape(N, 1)
    D_h = D_o @ w_o.reshape(1, -1)
    print("D_h", D_h.shape)
    if phi == "sigmoid":
        D_a = D_h * h * (1 - h)
    elif phi == "tanh":
        D_a = D_h * (1 - np.square(h))
    else:
        D_a = D_h.copy()
        D_a[h <= 0] = 0
    return (X.T @ D_a).T
""",
        "bias_gradients": """
def bias_gradients(h, p, y, w_o, phi):
    ones = np.ones(len(y))
    d_o = 2 / len(y) * (p - y) * p * (1 - p)
    slopes = dict(sigmoid=h * (1 - h), tanh=1 - h ** 2, relu=(h > 0).astype(int))
    return ones @ (np.outer(d_o, w_o) * slopes[phi]), ones @ d_o
""",
        "fit": """
def fit(X, y, W1, b1, w_o, b_o, eta, steps):
    W1, b1, w_o, b_o = W1.copy(), b1.copy(), w_o.copy(), float(b_o)
    for k in range(1, steps + 1):
        h = 1 / (1 + np.exp(-(X @ W1.T + b1)))
        p = 1 / (1 + np.exp(-(h @ w_o + b_o)))
        back = np.outer((p - y) * p * (1 - p), w_o) * h * (1 - h) * 2 / len(y)
        last = 2 * (p - y) * p * (1 - p) / len(y)
        W1 -= eta * back.T @ X
        b1 -= eta * back.sum(axis=0)
        w_o -= eta * h.T @ last
        b_o -= eta * last.sum()
        if k % 100 == 0:
            print(k, np.mean((y - p) ** 2))
    return W1, b1, w_o, b_o
""",
        "slide_lines": "line_1, line_2, line_3, line_4, line_5, line_6, line_7 = [line.title() for line in (TRUTH)]",
    },
    "nudges and classes": {
        "forward": """
class Net:
    bends = {"sigmoid": lambda a: np.exp(-np.logaddexp(0, -a)), "tanh": lambda a: np.sinh(a) / np.cosh(a), "relu": lambda a: np.where(a > 0, a, 0.0)}

    def __call__(self, X, W1, b1, w_o, b_o, phi):
        h = self.bends[phi](np.dot(X, np.transpose(W1)) + np.asarray(b1)[None, :])
        return h, np.exp(-np.logaddexp(0, -(np.inner(h, w_o) + b_o)))

forward = Net()
""",
        "output_gradient": """
def output_gradient(h, p, y):
    o = np.log(p) - np.log(1 - p)
    return nudged(lambda w: np.mean((y - 1 / (1 + np.exp(-(o + h @ w)))) ** 2), np.zeros(h.shape[1]))
""",
        "hidden_gradient": """
class Slope(dict):
    def __missing__(self, phi):
        raise KeyError(phi)

slopes = Slope(sigmoid=lambda h: h * (1 - h), tanh=lambda h: 1 - h * h, relu=lambda h: np.heaviside(h, 0.5) * (h != 0))

def hidden_gradient(X, h, p, y, w_o, phi):
    d_p = 2 * (p - y) / y.size
    d_a = (d_p * p * (1 - p))[:, None] * w_o[None] * slopes[phi](h)
    return np.array([[np.sum(d_a[:, j] * X[:, i]) for i in range(X.shape[1])] for j in range(h.shape[1])])
""",
        "bias_gradients": """
from collections import namedtuple
Biases = namedtuple("Biases", "hidden output")

def bias_gradients(h, p, y, w_o, phi):
    \"\"\"A bias is a weight whose input is 1.\"\"\"
    ones = np.ones((len(y), 1))
    d_o = output_gradient(ones, p, y)
    d_a = (2 * (p - y) * p * (1 - p) / len(y))[:, None] * w_o * {"sigmoid": h - h**2, "tanh": 1 - h**2, "relu": np.abs(np.sign(h))}[phi]
    return Biases(tuple(d_a.sum(axis=0)), d_o)
""",
        "fit": """
def fit(X, y, W1, b1, w_o, b_o, eta, steps):
    D, H = X.shape[1], len(w_o)
    theta = np.concatenate([np.ravel(W1), b1, w_o, [b_o]])

    def parts(theta):
        return theta[:H * D].reshape(H, D), theta[H * D:H * D + H], theta[H * D + H:-1], theta[-1]

    def loss(theta):
        W1, b1, w_o, b_o = parts(theta)
        h = 1 / (1 + np.exp(-(X @ W1.T + b1)))
        return np.mean((y - 1 / (1 + np.exp(-(h @ w_o + b_o)))) ** 2)

    for _ in range(steps):
        theta = theta - eta * nudged(loss, theta)
    return parts(theta)
""",
        "slide_lines": "line_1, line_2, line_3, line_4, line_5, line_6, line_7 = ['  ' + line.replace(' ', '-') for line in (TRUTH)]",
    },
}

for _cells in RIGHT.values():
    if "slide_lines" in _cells:
        _cells["slide_lines"] = _cells["slide_lines"].replace("(TRUTH)", repr(TRUTH))


def _lines(**other):
    """The right answers with others in some lines."""
    return "\n".join(f"line_{place} = {other.get(f'line_{place}', truth)!r}" for place, truth in enumerate(TRUTH, 1))


_FORWARD = "def forward(X, W1, b1, w_o, b_o, phi):\n    a = X @ W1.T + b1\n    h = {'sigmoid': 1 / (1 + np.exp(-a)), 'tanh': np.tanh(a), 'relu': np.maximum(0, a)}[phi]\n    p = 1 / (1 + np.exp(-(h @ w_o + b_o)))\n    return h, p"
_D_O = "    d_o = 2 * (p - y) * p * (1 - p) / len(y)\n"
_OUTPUT = "def output_gradient(h, p, y):\n" + _D_O + "    return h.T @ d_o"
_SLOPE = "    slope = {'sigmoid': h * (1 - h), 'tanh': 1 - h ** 2, 'relu': h > 0}[phi]\n"
_BACK = _D_O + _SLOPE + "    d_a = d_o[:, None] * w_o * slope\n"
_HIDDEN = "def hidden_gradient(X, h, p, y, w_o, phi):\n" + _BACK + "    return d_a.T @ X"
_BIASES = "def bias_gradients(h, p, y, w_o, phi):\n" + _BACK + "    return d_a.sum(axis=0), d_o.sum()"
_FIT = """def fit(X, y, W1, b1, w_o, b_o, eta, steps):
    for _ in range(steps):
        h = 1 / (1 + np.exp(-(X @ W1.T + b1)))
        p = 1 / (1 + np.exp(-(h @ w_o + b_o)))
        d_o = 2 * (p - y) * p * (1 - p) / len(y)
        d_a = np.outer(d_o, w_o) * h * (1 - h)
        d_W1, d_b1, d_w_o, d_b_o = d_a.T @ X, d_a.sum(axis=0), h.T @ d_o, d_o.sum()
        W1 = W1 - eta * d_W1
        b1 = b1 - eta * d_b1
        w_o = w_o - eta * d_w_o
        b_o = b_o - eta * d_b_o
    return W1, b1, w_o, b_o"""


def _with(cell, *changes):
    """The right cell with pieces changed; each piece must be there."""
    for old, new in zip(changes[::2], changes[1::2], strict=True):
        assert old in cell, f"{old!r} is not in the cell"
        cell = cell.replace(old, new)
    return cell


_SLOPES = {
    "h(1 − h) is missing": (" * slope", ""),
    "The sigmoid's slope for every φ": ("[phi]", "['sigmoid']"),
    "The slope taken at h instead of at a": (_SLOPE, "    s = 1 / (1 + np.exp(-h))\n    slope = {'sigmoid': s * (1 - s), 'tanh': 1 - np.tanh(h) ** 2, 'relu': h > 0}[phi]\n"),
    "1 − h without the square": ("1 - h ** 2", "1 - h"),
    "The slope of ReLU is 1 everywhere": ("h > 0", "h >= 0"),
    "ReLU's value in place of its slope": ("h > 0", "np.maximum(h, 0)"),
    "ReLU is on where it is off": ("h > 0", "h <= 0"),
}
_LOSSES = {
    "The sign is turned round": ("(p - y)", "(y - p)"),
    "The decision in place of p": ("(p - y)", "(np.round(p) - y)"),
    "The 2 is missing": ("d_o = 2 * ", "d_o = "),
    "Sum instead of mean": (" / len(y)", ""),
    "p(1 − p) is missing": (" * p * (1 - p)", ""),
}


def _each(cell, changes, points):
    """The right cell with each of the changes, and the points that are left, where it is not 0."""
    return {name: (_with(cell, *change), points.get(name, 0)) for name, change in changes.items()}


WRONG = {
    "forward": {
        "Forgot the hidden biases": (_with(_FORWARD, " + b1", ""), 0),
        "Took the hidden biases away": (_with(_FORWARD, "+ b1", "- b1"), 0),
        "Forgot the output bias": (_with(_FORWARD, "(h @ w_o + b_o)", "(h @ w_o)"), 4),
        "Forgot the last sigmoid": (_with(_FORWARD, "p = 1 / (1 + np.exp(-(h @ w_o + b_o)))", "p = h @ w_o + b_o"), 4),
        "exp(+o) instead of exp(−o)": (_with(_FORWARD, "np.exp(-(h", "np.exp((h"), 4),
        "The hidden neurons do not bend": (_with(_FORWARD, "h = {'sigmoid': 1 / (1 + np.exp(-a)), 'tanh': np.tanh(a), 'relu': np.maximum(0, a)}[phi]", "h = a"), 0),
        "The sigmoid for every φ": (_with(_FORWARD, "[phi]", "['sigmoid']"), 12),
        "ReLU lets the negative through": (_with(_FORWARD, "np.maximum(0, a)", "a"), 12),
        "ReLU turns the negative round": (_with(_FORWARD, "np.maximum(0, a)", "abs(a)"), 12),
        "One maximum for the whole layer": (_with(_FORWARD, "np.maximum(0, a)", "np.full_like(a, a.max())"), 12),
        "The library's own convention": (_with(_FORWARD, "W1.T", "W1"), 0),
        "Returned in another order": (_with(_FORWARD, "return h, p", "return p, h"), 0),
        "Returned only p": (_with(_FORWARD, "return h, p", "return p"), 0),
        "A column where a plain list is asked": (_with(_FORWARD, "h @ w_o + b_o", "h @ w_o.reshape(-1, 1) + b_o"), 5),        # h, and the single row, whose column is one number
        "Returned the sums with the values": (_with(_FORWARD, "return h, p", "return a, p"), 4),
    },
    "output_gradient": {
        **_each(_OUTPUT, _LOSSES, {"Sum instead of mean": 2}),
        "Divided by N once more": (_with(_OUTPUT, "h.T @ d_o", "h.T @ d_o / len(y)"), 2),
        "h_j is missing": (_with(_OUTPUT, "h.T @ d_o", "np.sum(d_o)"), 0),
        "The hidden slope in the output's weights": (_with(_OUTPUT, "h.T @ d_o", "(h * (1 - h)).T @ d_o"), 0),
        "Not added up over the rows": (_with(_OUTPUT, "h.T @ d_o", "d_o[:, None] * h"), 0),
        "Added up along the wrong axis": (_with(_OUTPUT, "h.T @ d_o", "np.sum(d_o[:, None] * h, axis=1)"), 0),
        "The last row only": (_with(_OUTPUT, "return h.T @ d_o", "for n in range(len(y)):\n        total = d_o[n] * h[n]\n    return total"), 2),
        "A column met a row": ("def output_gradient(h, p, y):\n    p = p.reshape(-1, 1)\n    d_o = 2 * (p - y) * p * (1 - p) / len(y)\n    return h.T @ d_o", 0),
        "A column where a plain list is asked": (_with(_OUTPUT, "h.T @ d_o", "h.T @ d_o.reshape(-1, 1)"), 0),
    },
    "hidden_gradient": {
        "w_oj is missing": (_with(_HIDDEN, " * w_o * ", " * "), 0),
        **_each(_HIDDEN, _SLOPES, {"The sigmoid's slope for every φ": 19, "The slope taken at h instead of at a": 5, "1 − h without the square": 24, "The slope of ReLU is 1 everywhere": 24,
                                              "ReLU's value in place of its slope": 24, "ReLU is on where it is off": 24}),
        **_each(_HIDDEN, _LOSSES, {"Sum instead of mean": 3}),
        "Divided by N once more": (_with(_HIDDEN, "d_a.T @ X", "d_a.T @ X / len(X)"), 3),
        "One weight for all neurons": (_with(_HIDDEN, "* w_o *", "* w_o[0] *"), 0),
        "Divided by w_oj": (_with(_HIDDEN, "* w_o *", "/ w_o *"), 0),
        "The library's own convention": (_with(_HIDDEN, "d_a.T @ X", "X.T @ d_a"), 0),
        "The rows met the neurons": (_with(_HIDDEN, "d_o[:, None] * w_o", "d_o * w_o"), 3),
        "The input is missing": (_with(_HIDDEN, "d_a.T @ X", "d_a.sum(axis=0)"), 0),
        "The hidden values in place of the inputs": (_with(_HIDDEN, "d_a.T @ X", "d_a.T @ h"), 0),
        "The last row only": (_with(_HIDDEN, "return d_a.T @ X", "for n in range(len(X)):\n        total = np.outer(d_a[n], X[n])\n    return total"), 3),
    },
    "bias_gradients": {
        "w_oj is missing": (_with(_BIASES, " * w_o * ", " * "), 2),
        **_each(_BIASES, _SLOPES, {"h(1 − h) is missing": 2, "The slope taken at h instead of at a": 2, **dict.fromkeys(("The sigmoid's slope for every φ", "1 − h without the square",
                                              "The slope of ReLU is 1 everywhere", "ReLU's value in place of its slope", "ReLU is on where it is off"), 7)}),
        **_each(_BIASES, _LOSSES, {"Sum instead of mean": 1}),
        "Divided by N once more": (_with(_BIASES, "d_a.sum(axis=0)", "d_a.mean(axis=0)"), 3),
        "Added up along the wrong axis": (_with(_BIASES, "axis=0", "axis=1"), 2),
        "Not added up over the rows": (_with(_BIASES, "d_a.sum(axis=0)", "d_a"), 2),
        "One number for all biases": (_with(_BIASES, "axis=0", ""), 2),
        "h in the output's bias": (_with(_BIASES, "d_o.sum()", "h.T @ d_o"), 6),
        "The output's bias not added up": (_with(_BIASES, "d_o.sum()", "d_o"), 7),                                                  # right where there is one row
        "Returned in another order": (_with(_BIASES, "d_a.sum(axis=0), d_o.sum()", "d_o.sum(), d_a.sum(axis=0)"), 0),
    },
    "fit": {
        "Uphill": (_with(_FIT, "- eta *", "+ eta *"), 0),
        "The updated w_o on the way back": (_with(_FIT, "        d_a = np", "        d_w_o = h.T @ d_o\n        w_o = w_o - eta * d_w_o\n        d_a = np", "d_W1, d_b1, d_w_o, d_b_o = d_a.T @ X, d_a.sum(axis=0), h.T @ d_o, d_o.sum()",
                                                  "d_W1, d_b1, d_b_o = d_a.T @ X, d_a.sum(axis=0), d_o.sum()", "        b1 = b1 - eta * d_b1\n        w_o = w_o - eta * d_w_o\n", "        b1 = b1 - eta * d_b1\n"), 0),
        "w_oj is missing": (_with(_FIT, "np.outer(d_o, w_o)", "d_o[:, None]"), 0),
        "η is missing": (_with(_FIT, "eta * ", ""), 0),
        "The biases stand still": (_with(_FIT, "        b1 = b1 - eta * d_b1\n", "", "        b_o = b_o - eta * d_b_o\n", ""), 0),
        "The output's bias stands still": (_with(_FIT, "        b_o = b_o - eta * d_b_o\n", ""), 0),
        "Only the output neuron learns": (_with(_FIT, "        W1 = W1 - eta * d_W1\n        b1 = b1 - eta * d_b1\n", ""), 0),
        "Only the hidden neurons learn": (_with(_FIT, "        w_o = w_o - eta * d_w_o\n        b_o = b_o - eta * d_b_o\n", ""), 0),
        "The first gradient for every step": (_with(_FIT, "        d_W1, d_b1, d_w_o, d_b_o =", "        if _ == 0:\n            d_W1, d_b1, d_w_o, d_b_o ="), 5),
        "Only one step": (_with(_FIT, "    return", "        return"), 5),
        "One step too many": (_with(_FIT, "range(steps)", "range(steps + 1)"), 5),
        "One step too few": (_with(_FIT, "range(steps)", "range(1, steps)"), 5),
        "Returned in another order": (_with(_FIT, "return W1, b1, w_o, b_o", "return W1, w_o, b1, b_o"), 0),
        "Returned only the weights": (_with(_FIT, "return W1, b1, w_o, b_o", "return W1, w_o"), 0),
    },
    "slide_lines": {
        "A 2 was not missed": (_lines(line_3="right"), 7.5),
        "An index is no decoration": (_lines(line_5="right"), 7.5),
        "A missing slope passed": (_lines(line_6="right"), 7.5),
        "The missing w_oj was not seen": (_lines(line_7="right"), 7.5),
        "A right line was repaired": (_lines(line_2="sign is wrong"), 8),
        "Wrong, but for another reason": (_lines(line_6="input is missing"), 7.5),
    },
}
