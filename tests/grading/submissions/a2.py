"""What students hand in for A2: right in five ways, and each mistake once as a student would type it.

Question → what the student's cell says instead of the solution. `WRONG` gives beside each mistake's code the points that
its question still earns, worked out by hand from the question's groups.
"""

RIGHT = {
    "reference": {},
    "loops": {
        "local_slopes": """
def local_slopes(x, y, h, p):
    d_p = 2 * p - 2 * y
    p_h = p - p ** 2
    h_w = []
    for value in x:
        h_w.append(value)
    return d_p, p_h, h_w
""",
        "gradients": """
import math

def gradients(X, y, w, b):
    N, D = len(X), len(w)
    d_w, d_b = [0.0] * D, 0.0
    for i in range(N):
        h = b
        for j in range(D):
            h += w[j] * X[i][j]
        p = 1 / (1 + math.exp(-h))
        d_h = 2 * (p - y[i]) * p * (1 - p)
        for j in range(D):
            d_w[j] += d_h * X[i][j] / N
        d_b += d_h / N
    return d_b, d_w
""",
        "numerical_gradient": """
def numerical_gradient(f, w, b, nudge):
    w = list(w)
    d_w = []
    for j in range(len(w)):
        kept = w[j]
        w[j] = kept + nudge
        up = f(w, b)
        w[j] = kept - nudge
        down = f(w, b)
        w[j] = kept
        d_w.append((up - down) / 2 / nudge)
    return (f(w, b + nudge) - f(w, b - nudge)) / 2 / nudge, d_w
""",
        "good_nudge": "good_nudge = 1e-6",
        "step": """
def step(w, b, slopes, eta):
    both = slopes(w, b)
    new_w = []
    for weight, slope in zip(w, both[1]):
        new_w.append(weight - eta * slope)
    return b - eta * both[0], new_w
""",
        "fit": """
def fit(X, y, eta, epochs):
    import math
    w, b, losses = [0.0 for _ in X[0]], 0.0, []
    for epoch in range(epochs):
        d_w, d_b, loss = [0.0 for _ in w], 0.0, 0.0
        for row, label in zip(X, y):
            p = 1 / (1 + math.exp(-sum(v * x for v, x in zip(w, row)) - b))
            loss += (label - p) ** 2 / len(y)
            d_h = 2 * (p - label) * p * (1 - p) / len(y)
            d_w = [d + d_h * x for d, x in zip(d_w, row)]
            d_b += d_h
        losses.append(loss)
        w, b = [v - eta * d for v, d in zip(w, d_w)], b - eta * d_b
    return b, w, losses
""",
    },
    "float32": {
        "local_slopes": "def local_slopes(x, y, h, p):\n    p = np.float32(p)\n    return np.float32(2) * (p - np.float32(y)), p * (1 - p), x.astype(np.float32)",
        "gradients": "def gradients(X, y, w, b):\n    X, y, w, b = X.astype('float32'), np.float32(y), np.float32(w), np.float32(b)\n    p = np.float32(1) / (1 + np.exp(-(X @ w + b)))\n"
                     "    d_h = (p - y) * p * (1 - p)\n    return 2 * np.mean(d_h), 2 * np.mean(X * d_h[:, None], axis=0)",
        "numerical_gradient": "def numerical_gradient(f, w, b, nudge):\n    d_w = [f(w + nudge * e, b) - f(w - nudge * e, b) for e in np.eye(len(w))]\n"
                              "    return np.float32(0.5 / nudge * (f(w, b + nudge) - f(w, b - nudge))), np.float32(d_w) / np.float32(2 * nudge)",
        "good_nudge": "good_nudge = 10 ** -5.5",
        "step": "def step(w, b, slopes, eta):\n    d_b, d_w = slopes(w, b)\n    return np.float32(b) - np.float32(eta) * np.float32(d_b), np.float32(w) - np.float32(eta) * np.float32(d_w)",
        "fit": "def fit(X, y, eta, epochs):\n    X, y = np.float32(X), np.float32(y)\n    theta, losses = np.zeros(X.shape[1] + 1, dtype=np.float32), []\n    A = np.hstack([X, np.ones((len(X), 1), np.float32)])\n"
               "    for k in range(epochs):\n        p = 1 / (1 + np.exp(-(A @ theta)))\n        losses += [np.mean((y - p) ** 2)]\n        theta = theta - np.float32(eta) * (A.T @ (2 * (p - y) * p * (1 - p)) / np.float32(len(y)))\n"
               "    return theta[-1], theta[:-1], losses",
    },
    "with a warning": {
        "local_slopes": "def local_slopes(x, y, h, p):\n    import warnings\n    warnings.warn('is this right?')\n    print('p', p)\n    return -2 * (y - p), np.exp(-h) / (1 + np.exp(-h)) ** 2, x * 1",
        "gradients": "def gradients(X, y, w, b):\n    import warnings, sys\n    warnings.warn('slow?')\n    print('shape', X.shape, file=sys.stderr)\n    p = 1 / (1 + np.exp(-np.dot(X, w) - b))\n"
                     "    d = -2 * (y - p) * p * (1 - p)\n    return d.mean(), (d @ X) / X.shape[0]",
        "numerical_gradient": "def numerical_gradient(f, w, b, nudge):\n    print('nudging')\n    d_w = np.zeros_like(w)\n    for j in range(w.size):\n        up, down = w.copy(), w.copy()\n        up[j] += nudge\n        down[j] -= nudge\n"
                              "        d_w[j] = (f(up, b) - f(down, b)) / (up[j] - down[j])\n    d_b = f(w, b + nudge) - f(w, b - nudge)\n    return [d_b / (nudge * 2), d_w]",
        "good_nudge": "good_nudge = 0.00002",
        "step": "def step(w, b, slopes, eta):\n    print(w)\n    d_b, d_w = slopes(w, b)\n    d_w = np.array(d_w) * eta\n    return [b - eta * d_b, w - d_w]",
        "fit": "def fit(X, y, eta, epochs):\n    w, b = np.zeros(X.shape[1]), 0\n    losses = np.zeros(epochs)\n    for k in range(epochs):\n        p = 1 / (1 + np.exp(-(X @ w + b)))\n        losses[k] = np.mean((p - y) ** 2)\n"
               "        print(k, losses[k])\n        d_h = 2 / len(y) * (p - y) * p * (1 - p)\n        w -= eta * d_h @ X\n        b -= eta * sum(d_h)\n    return b, w, losses",
    },
    "classes": {
        "local_slopes": "from collections import namedtuple\nSlopes = namedtuple('Slopes', 'd_p p_h h_w')\n\ndef local_slopes(x, y, h, p):\n    return Slopes(2 * (p - y), p * (1 - p), tuple(x))",
        "gradients": "class Neuron:\n    def __init__(self, w, b):\n        self.w, self.b = w, b\n\n    def forward(self, X):\n        return 1 / (1 + np.exp(-(X @ self.w + self.b)))\n\n    def backward(self, X, y):\n        p = self.forward(X)\n"
                     "        A = np.column_stack([np.ones(len(X)), X])\n        both = np.einsum('nd,n->d', A, 2 * (p - y) * p * (1 - p)) / len(X)\n        return both[0], both[1:]\n\n"
                     "def gradients(X, y, w, b):\n    return Neuron(w, b).backward(X, y)",
        "numerical_gradient": "def numerical_gradient(f, w, b, nudge):\n    def slope(g):\n        return (g(nudge) - g(-nudge)) / (2 * nudge)\n    d_w = tuple(slope(lambda t, j=j: f(np.where(np.arange(len(w)) == j, w + t, w), b)) for j in range(len(w)))\n"
                              "    return slope(lambda t: f(w, b + t)), d_w",
        "good_nudge": "good_nudge = np.float32(3e-5)",
        "step": "step = lambda w, b, slopes, eta: tuple(old - eta * np.asarray(slope) for old, slope in zip((b, w), slopes(w, b)))",
        "fit": "class Training:\n    def __init__(self, D):\n        self.w, self.b, self.losses = np.zeros(D), 0.0, []\n\n    def epoch(self, X, y, eta):\n        def loss(w, b):\n            return float(np.mean((1 / (1 + np.exp(-(X @ np.asarray(w) + b))) - y) ** 2))\n"
               "        self.losses.append(loss(self.w, self.b))\n        e = 1e-5\n        d_w = np.array([(loss(self.w + e * v, self.b) - loss(self.w - e * v, self.b)) / (2 * e) for v in np.eye(len(self.w))])\n"
               "        d_b = (loss(self.w, self.b + e) - loss(self.w, self.b - e)) / (2 * e)\n        self.w, self.b = self.w - eta * d_w, self.b - eta * d_b\n\n"
               "def fit(X, y, eta, epochs):\n    run = Training(X.shape[1])\n    for _ in range(epochs):\n        run.epoch(X, y, eta)\n    return run.b, run.w, run.losses",
    },
}

_LOCAL, _GRADIENTS, _NUMERICAL, _STEP, _FIT = (f"def {line}:\n    " for line in (
    "local_slopes(x, y, h, p)", "gradients(X, y, w, b)", "numerical_gradient(f, w, b, nudge)", "step(w, b, slopes, eta)", "fit(X, y, eta, epochs)"))
_FORWARD = _GRADIENTS + "p = 1 / (1 + np.exp(-(X @ w + b)))\n    "
_CHAIN = _FORWARD + "d_h = 2 * (p - y) * p * (1 - p)\n    "
_BACK = "return d_h.mean(), X.T @ d_h / len(y)"


def _trained(start="w, b = np.zeros(X.shape[1]), 0.0", turns="range(epochs)", note="losses.append(np.mean((y - p) ** 2))", d_h="2 * (p - y) * p * (1 - p) / len(y)", move="w = w - eta * (X.T @ d_h)\n        b = b - eta * d_h.sum()",
             after="", end="return b, w, losses"):
    lines = [start, "losses = []", f"for k in {turns}:", "    p = 1 / (1 + np.exp(-(X @ w + b)))", f"    {note}", f"    d_h = {d_h}", f"    {move}", *([f"    {after}"] if after else []), end]
    return _FIT + "\n    ".join(lines)


def _nudging(up="w + e", down="w - e", over="(2 * nudge)", b_up="b + nudge", b_down="b - nudge", first="", end="return d_b, d_w"):
    return (_NUMERICAL + first + f"d_w = np.zeros(len(w))\n    for j in range(len(w)):\n        e = np.zeros(len(w))\n        e[j] = nudge\n        d_w[j] = (f({up}, b) - f({down}, b)) / {over}\n"
            f"    d_b = (f(w, {b_up}) - f(w, {b_down})) / {over}\n    {end}")


WRONG = {
    "local_slopes": {
        "Dropped the 2": (_LOCAL + "return p - y, p * (1 - p), x", 9),
        "The sign is turned round": (_LOCAL + "return 2 * (y - p), p * (1 - p), x", 9),
        "The loss itself instead of its slope": (_LOCAL + "return (y - p) ** 2, p * (1 - p), x", 9),
        "h (1 − h) instead of p (1 − p)": (_LOCAL + "return 2 * (p - y), h * (1 - h), x", 9),
        "The activation's slope is taken at p": (_LOCAL + "def sigmoid(h):\n        return 1 / (1 + np.exp(-h))\n    return 2 * (p - y), sigmoid(p) * (1 - sigmoid(p)), x", 9),
        "Half of the slope is missing": (_LOCAL + "return 2 * (p - y), p, x", 9),
        "The slope of another activation": (_LOCAL + "return 2 * (p - y), 1 - p * p, x", 9),
        "No slope of the activation": (_LOCAL + "return 2 * (p - y), 1, x", 9),
        "Forgot the input": (_LOCAL + "return 2 * (p - y), p * (1 - p), np.ones(len(x))", 10),
        "One number for all weights": (_LOCAL + "return 2 * (p - y), p * (1 - p), sum(x)", 10),
        "Multiplied along the chain already": (_LOCAL + "d_p = 2 * (p - y)\n    d_h = d_p * p * (1 - p)\n    return d_p, d_h, d_h * x", 5),
        "Only their product": (_LOCAL + "return 2 * (p - y) * p * (1 - p) * x", 0),
        "Returned from the weight on": (_LOCAL + "return x, p * (1 - p), 2 * (p - y)", 5),
    },
    "gradients": {
        "Dropped the 2": (_FORWARD + "d_h = (p - y) * p * (1 - p)\n    " + _BACK, 0),
        "The sign is turned round": (_FORWARD + "d_h = 2 * (y - p) * p * (1 - p)\n    " + _BACK, 0),
        "Sum instead of mean": (_CHAIN + "return d_h.sum(), X.T @ d_h", 4),
        "No slope of the activation": (_FORWARD + "d_h = 2 * (p - y)\n    " + _BACK, 0),
        "h (1 − h) instead of p (1 − p)": (_GRADIENTS + "h = X @ w + b\n    p = 1 / (1 + np.exp(-h))\n    d_h = 2 * (p - y) * h * (1 - h)\n    " + _BACK, 0),
        "The activation's slope is taken at p": (_GRADIENTS + "sigmoid = lambda h: 1 / (1 + np.exp(-h))\n    p = sigmoid(X @ w + b)\n    d_h = 2 * (p - y) * sigmoid(p) * (1 - sigmoid(p))\n    " + _BACK, 0),
        "Half of the slope is missing": (_FORWARD + "d_h = 2 * (p - y) * p\n    " + _BACK, 0),
        "The slope of another activation": (_FORWARD + "d_h = 2 * (p - y) * (1 - p ** 2)\n    " + _BACK, 0),
        "ŷ instead of p": (_FORWARD + "y_hat = np.round(p)\n    d_h = 2 * (y_hat - y) * p * (1 - p)\n    " + _BACK, 0),
        "Forgot the inputs": (_CHAIN + "return d_h.mean(), np.array([d_h.mean() for _ in w])", 4),
        "The inputs are swapped": (_CHAIN + "return d_h.mean(), (X.T @ d_h / len(y))[::-1]", 4),
        "The bias's slope times an input": (_CHAIN + "return np.mean(d_h * X[:, 0]), X.T @ d_h / len(y)", 10),
        "η is inside": (_FORWARD + "d_h = eta * 2 * (p - y) * p * (1 - p)\n    " + _BACK, 0),
        "The last row only": (_GRADIENTS + "for i in range(len(y)):\n        p = 1 / (1 + np.exp(-(X[i] @ w + b)))\n        d_h = 2 * (p - y[i]) * p * (1 - p)\n        d_w = d_h * X[i]\n        d_b = d_h\n    return d_b / len(y), d_w / len(y)", 4),
        "The first row only": (_GRADIENTS + "for i in range(len(y)):\n        p = 1 / (1 + np.exp(-(X[i] @ w + b)))\n        d_h = 2 * (p - y[i]) * p * (1 - p)\n        return d_h, d_h * X[i]", 4),
        "Nothing is added up": (_CHAIN + "return d_h, d_h[:, None] * X", 0),
        "Added up along the wrong axis": (_CHAIN + "return d_h.mean(), (d_h[:, None] * X).sum(axis=1) / len(y)", 4),
        "One number for all weights": (_CHAIN + "return d_h.mean(), np.sum(d_h[:, None] * X) / len(y)", 4),
        "Averaged each factor by itself": (_FORWARD + "d_h = 2 * np.mean(p - y) * np.mean(p * (1 - p))\n    return d_h, d_h * X.mean(axis=0)", 4),
        "Divided by the number of inputs": (_CHAIN + "return d_h.sum() / len(w), X.T @ d_h / len(w)", 0),
        "Forgot the bias in h": (_GRADIENTS + "p = 1 / (1 + np.exp(-X @ w))\n    d_h = 2 * (p - y) * p * (1 - p)\n    " + _BACK, 0),
        "Only one of the two is averaged": (_CHAIN + "return d_h.sum(), X.T @ d_h / len(y)", 14),
        "exp(+h) instead of exp(−h)": (_GRADIENTS + "p = 1 / (1 + np.exp(X @ w + b))\n    d_h = 2 * (p - y) * p * (1 - p)\n    " + _BACK, 0),
        "Took the step already": (_CHAIN + "return b - eta * d_h.mean(), w - eta * X.T @ d_h / len(y)", 0),
        "Only one of the two": (_CHAIN + "return X.T @ d_h / len(y)", 0),
        "The library's own convention": (_GRADIENTS + "p = 1 / (1 + np.exp(-(X @ w + b)))\n    d_p = 2 / X.shape[0] * (p - y)\n    d_h = d_p * p * (1 - p)\n    return d_h @ X, np.sum(d_h)", 0),
    },
    "numerical_gradient": {
        "One-sided difference": (_nudging(down="w", b_down="b", over="nudge"), 0),
        "Divided by one nudge": (_nudging(over="nudge"), 0),
        "Forgot to divide": (_nudging(over="1"), 0),
        "Multiplied instead of divided": (_nudging(over="2 * nudge"), 0),
        "Down minus up": (_nudging(up="w - e", down="w + e", b_up="b - nudge", b_down="b + nudge"), 0),
        "Half a nudge to each side": (_nudging(up="w + e / 2", down="w - e / 2", b_up="b + nudge / 2", b_down="b - nudge / 2", over="nudge"), 0),
        "A nudge of its own": (_nudging(first="nudge = 1e-5\n    "), 0),
        "A nudge that is too small": (_nudging(first="nudge = 1e-16\n    "), 0),
        "All weights nudged together": (_nudging(up="w + nudge", down="w - nudge"), 3),
        "The bias is nudged along": (_NUMERICAL + "d_w = []\n    for e in np.eye(len(w)) * nudge:\n        d_w.append((f(w + e, b + nudge) - f(w - e, b - nudge)) / (2 * nudge))\n    return (f(w, b + nudge) - f(w, b - nudge)) / (2 * nudge), d_w", 3),
        "Not put back": (_NUMERICAL + "d_w = np.zeros(len(w))\n    for j in range(len(w)):\n        w[j] += nudge\n        up = f(w, b)\n        w[j] -= 2 * nudge\n        d_w[j] = (up - f(w, b)) / (2 * nudge)\n"
                         "    return (f(w, b + nudge) - f(w, b - nudge)) / (2 * nudge), d_w", 0),
        "The first weight only": (_NUMERICAL + "d_w = np.zeros(len(w))\n    for j in range(len(w)):\n        e = np.zeros(len(w))\n        e[j] = nudge\n        d_w[j] = (f(w + e, b) - f(w - e, b)) / (2 * nudge)\n        break\n"
                                  "    return (f(w, b + nudge) - f(w, b - nudge)) / (2 * nudge), d_w", 3),
        "Only one of the two": (_nudging(end="return d_w"), 0),
        "Returned in another order": (_nudging(end="return d_w, d_b"), 0),
    },
    "good_nudge": {
        "Too large: the curve bends": ("good_nudge = 0.01", 0),
        "Too small: only rounding is left": ("good_nudge = 1e-15", 0),
        "No nudge at all": ("good_nudge = 0", 0),
    },
    "step": {
        "Uphill": (_STEP + "d_b, d_w = slopes(w, b)\n    return b + eta * d_b, w + eta * d_w", 0),
        "Forgot η": (_STEP + "d_b, d_w = slopes(w, b)\n    return b - d_b, w - d_w", 0),
        "η twice": (_STEP + "d_b, d_w = slopes(w, b)\n    d_b, d_w = eta * d_b, eta * d_w\n    return b - eta * d_b, w - eta * d_w", 0),
        "Divided by η": (_STEP + "d_b, d_w = slopes(w, b)\n    return b - d_b / eta, w - d_w / eta", 0),
        "Moved before all slopes were taken": (_STEP + "w = w - eta * slopes(w, b)[1]\n    b = b - eta * slopes(w, b)[0]\n    return b, w", 5),
        "Never moves b": (_STEP + "d_b, d_w = slopes(w, b)\n    return b, w - eta * d_w", 5),
        "Never moves w": (_STEP + "d_b, d_w = slopes(w, b)\n    return b - eta * d_b, w", 4),
        "Only how far, not where to": (_STEP + "d_b, d_w = slopes(w, b)\n    return -eta * d_b, -eta * d_w", 0),
        "Changed w where it stands": (_STEP + "d_b, d_w = slopes(w, b)\n    w -= eta * d_w\n    b -= eta * d_b\n    return b, w", 9),
        "Two steps in one": (_STEP + "for k in range(2):\n        d_b, d_w = slopes(w, b)\n        b, w = b - eta * d_b, w - eta * d_w\n    return b, w", 0),
        "The library's own convention": (_STEP + "d_w, d_b = slopes(w, b)\n    return w - eta * d_w, b - eta * d_b", 0),
        "Returned in another order": (_STEP + "d_b, d_w = slopes(w, b)\n    return w - eta * d_w, b - eta * d_b", 0),
        "Only one of the two": (_STEP + "d_b, d_w = slopes(w, b)\n    return w - eta * d_w", 0),
    },
    "fit": {
        "One epoch too few": (_trained(turns="range(1, epochs)"), 0),
        "One epoch too many": (_trained(turns="range(epochs + 1)"), 0),
        "Uphill": (_trained(move="w = w + eta * (X.T @ d_h)\n        b = b + eta * d_h.sum()"), 0),
        "Forgot η": (_trained(move="w = w - X.T @ d_h\n        b = b - d_h.sum()"), 0),
        "η twice": (_trained(d_h="eta * 2 * (p - y) * p * (1 - p) / len(y)"), 0),
        "Row after row": (_FIT + "w, b, losses = np.zeros(X.shape[1]), 0.0, []\n    for k in range(epochs):\n        losses.append(np.mean((y - 1 / (1 + np.exp(-(X @ w + b)))) ** 2))\n        for row, label in zip(X, y):\n"
                          "            p = 1 / (1 + np.exp(-(row @ w + b)))\n            d_h = 2 * (p - label) * p * (1 - p)\n            w, b = w - eta * d_h * row, b - eta * d_h\n    return b, w, losses", 0),
        "Starts anew in every epoch": (_FIT + "losses = []\n    for k in range(epochs):\n        w, b = np.zeros(X.shape[1]), 0.0\n        p = 1 / (1 + np.exp(-(X @ w + b)))\n        losses.append(np.mean((y - p) ** 2))\n"
                                       "        d_h = 2 * (p - y) * p * (1 - p) / len(y)\n        w, b = w - eta * (X.T @ d_h), b - eta * d_h.sum()\n    return b, w, losses", 0),
        "Another start": (_trained(start="w, b = np.ones(X.shape[1]), 1.0"), 0),
        "Moved before all slopes were taken": (_FIT + "w, b, losses = np.zeros(X.shape[1]), 0.0, []\n    for k in range(epochs):\n        p = 1 / (1 + np.exp(-(X @ w + b)))\n        losses.append(np.mean((y - p) ** 2))\n"
                                               "        w = w - eta * 2 * ((p - y) * p * (1 - p)) @ X / len(y)\n        p = 1 / (1 + np.exp(-(X @ w + b)))\n        b = b - eta * 2 * np.mean((p - y) * p * (1 - p))\n    return b, w, losses", 0),
        "Never moves b": (_trained(move="w = w - eta * (X.T @ d_h)"), 0),
        "Dropped the 2": (_trained(d_h="(p - y) * p * (1 - p) / len(y)"), 0),
        "Sum instead of mean": (_trained(d_h="2 * (p - y) * p * (1 - p)"), 0),
        "Noted after the step": (_trained(note="pass", after="losses.append(np.mean((y - 1 / (1 + np.exp(-(X @ w + b)))) ** 2))"), 10),
        "The loss of the decisions": (_trained(note="losses.append(np.mean((y - (p >= 0.5)) ** 2))"), 10),
        "Losses added up": (_trained(note="losses.append(np.sum((y - p) ** 2))"), 10),
        "Only the last loss": (_trained(end="return b, w, losses[-1]"), 10),
        "Done after one epoch": (_trained(after="return b, w, losses"), 0),
        "Returned without the losses": (_trained(end="return b, w"), 0),
        "Returned in another order": (_trained(end="return w, b, losses"), 4),
    },
}
