"""What students hand in for A3: right in five ways, each mistake once as a student would type it.

Question → what the student's cell says instead of the solution. `WRONG` gives beside each mistake's code the points that
its question still earns, worked out by hand from the question's groups. Without a term, scores and vectors stand in
columns, losses are means, the right classes are whole numbers, and `cross_entropy` returns loss and gradient.
"""


def _outputs(style=str, **changed):
    """The choices cell; `changed` answers one kind of problem otherwise."""
    from autograder.assignments.A3_losses.outputs import MATCH, problems
    from autograder.variants import Variant
    lines = []
    for letter, (kind, _) in zip("abcd", problems(Variant("A3"))):
        given = changed.get(kind.replace(" ", "_"), MATCH[kind])
        lines.append(f"output_{letter}, loss_{letter} = {style(given[0])!r}, {style(given[1])!r}")
    return "\n".join(lines)


RIGHT = {
    "reference": {},
    "loops": {
        "bce": """
import math

def bce(y, p, eps):
    total = 0
    for i in range(len(y)):
        forecast = min(max(p[i], eps), 1 - eps)
        if y[i] == 1:
            total -= math.log(forecast)
        else:
            total -= math.log(1 - forecast)
    return total / len(y)
""",
        "softmax": """
import math

def softmax(o):
    C, N = o.shape
    p = [[0.0] * N for k in range(C)]
    for n in range(N):
        largest = max(o[k][n] for k in range(C))
        below = sum(math.exp(o[k][n] - largest) for k in range(C))
        for k in range(C):
            p[k][n] = math.exp(o[k][n] - largest) / below
    return p
""",
        "cross_entropy": """
import math

def cross_entropy(y, o):
    C, N = o.shape
    loss = 0
    d_o = np.zeros((C, N))
    for n in range(N):
        scores = o[:, n]
        m = max(scores)
        log_sum = m + math.log(sum(math.exp(s - m) for s in scores))
        loss += log_sum - scores[y[n]]
        for k in range(C):
            d_o[k, n] = (math.exp(scores[k] - log_sum) - (k == y[n])) / N
    return loss / N, d_o
""",
        "cosine": """
def cosine(a, b):
    answers = []
    for j in range(a.shape[1]):
        dot = aa = bb = 0
        for i in range(a.shape[0]):
            dot += a[i, j] * b[i, j]
            aa += a[i, j] ** 2
            bb += b[i, j] ** 2
        answers.append(1 - dot / (aa ** .5 * bb ** .5))
    return answers
""",
        "slopes": """
import math

def slopes(h, y):
    squared, cross = [], []
    for value in h:
        if value >= 0:
            p = 1 / (1 + math.exp(-value))
        else:
            p = math.exp(value) / (1 + math.exp(value))
        squared.append(2 * (p - y) * p * (1 - p))
        cross.append(p - y)
    return squared, cross
""",
        "outputs": _outputs(str.upper),
    },
    "float32": {
        "bce": "def bce(y, p, eps):\n    y, p = np.float32(y), np.clip(np.float32(p), np.float32(eps), 1 - np.float32(eps))\n    return np.float32(-np.mean(y * np.log(p) + (1 - y) * np.log1p(-p)))",
        "softmax": "def softmax(o):\n    o = o.astype(np.float32)\n    e = np.exp(o - np.max(o, axis=0))\n    return e / np.sum(e, axis=0)",
        "cross_entropy": "def cross_entropy(y, o):\n    o = np.float32(o)\n    N = o.shape[1]\n    e = np.exp(o - o.max(0))\n    loss = np.mean(o.max(0) + np.log(e.sum(0)) - o[y, np.arange(N)])\n    d = e / e.sum(0)\n    d[y, np.arange(N)] -= 1\n    return loss, d / np.float32(N)",
        "cosine": "def cosine(a, b):\n    a, b = np.float32(a), np.float32(b)\n    return 1 - (a / np.linalg.norm(a, axis=0) * (b / np.linalg.norm(b, axis=0))).sum(0)",
        "slopes": "def slopes(h, y):\n    p = (0.5 * (1 + np.tanh(np.float32(h) / 2))).astype(np.float32)\n    return np.float32(2 * (p - y) * (p - p ** 2)), p - np.float32(y)",
        "outputs": _outputs(lambda word: word.replace(" ", "_")),
    },
    "with a warning": {
        "bce": "def bce(y, p, eps):\n    with np.errstate(all='warn'):\n        np.log(p)\n    q = np.where(p < eps, eps, np.where(p > 1 - eps, 1 - eps, p))\n    print(q)\n    return -sum(np.log(np.abs(1 - y - q))) / len(q)",
        "softmax": "def softmax(o):\n    import warnings\n    warnings.warn('careful')\n    m = np.amax(o, axis=0)[None, :]\n    return np.exp(o - m - np.log(np.exp(o - m).sum(axis=0)[None, :]))",
        "cross_entropy": "def cross_entropy(y, o):\n    print(o.shape)\n    log_sum = np.logaddexp.reduce(o, axis=0)\n    Y = (np.arange(len(o))[:, None] == y) * 1\n    return [np.average(log_sum - (Y * o).sum(axis=0)), (np.exp(o - log_sum) - Y) / len(y)]",
        "cosine": "def cosine(a, b):\n    print('cosine')\n    return 1 - np.diag(a.T @ b) / np.sqrt(np.diag(a.T @ a) * np.diag(b.T @ b))",
        "slopes": "def slopes(h, y):\n    p = 1 / (1 + np.exp(-h))\n    return [2 * (p - y) * p * (1 - p), p - y]",
        "outputs": _outputs(lambda word: f"  {word.title()} "),
    },
    "matrices and classes": {
        "bce": "def bce(y, p, eps):\n    p = np.maximum(eps, np.minimum(p, 1 - eps))\n    return -(y @ np.log(p) + (1 - y) @ np.log(1 - p)) / y.size",
        "softmax": "class Softmax:\n    def __call__(self, o):\n        rows = o.T - o.T.max(axis=1, keepdims=True)\n        return (np.exp(rows) / np.exp(rows).sum(axis=1, keepdims=True)).T\n\nsoftmax = Softmax()",
        "cross_entropy": "from collections import namedtuple\nResult = namedtuple('Result', 'loss d_o')\n\ndef cross_entropy(y, o):\n    Y = np.eye(o.shape[0])[:, y]\n    m = np.max(o, axis=0, keepdims=True)\n    log_p = o - m - np.log(np.sum(np.exp(o - m), axis=0, keepdims=True))\n    return Result(-np.einsum('cn,cn->', Y, log_p) / o.shape[1], (np.exp(log_p) - Y) / o.shape[1])",
        "cosine": "def cosine(a, b):\n    return np.array([1 - np.dot(u, v) / (np.sqrt(u @ u) * np.sqrt(v @ v)) for u, v in zip(a.T, b.T)])",
        "slopes": "def slopes(h, y):\n    p = np.exp(-np.logaddexp(0, -h))\n    q = np.exp(-np.logaddexp(0, h))\n    return np.array([2 * (p - y) * p * q, p - y])",
        "outputs": _outputs(str.capitalize),
    },
}

_BCE, _SOFTMAX, _CROSS, _COSINE, _SLOPES = (f"def {line}:\n    " for line in ("bce(y, p, eps)", "softmax(o)", "cross_entropy(y, o)", "cosine(a, b)", "slopes(h, y)"))
_CLIP = _BCE + "p = np.clip(p, eps, 1 - eps)\n    "
_P = _CROSS + "N = o.shape[1]\n    Y = np.eye(len(o))[y].T\n    z = o - o.max(axis=0)\n    log_p = z - np.log(np.exp(z).sum(axis=0))\n    p = np.exp(log_p)\n    "
_NORM = "np.linalg.norm(a, axis=0) * np.linalg.norm(b, axis=0)"
_DOT = _COSINE + "dot = (a * b).sum(axis=0)\n    "
_S = _SLOPES + "p = np.exp(-np.logaddexp(0, -h))\n    "

WRONG = {
    "bce": {
        "log(0)": (_BCE + "return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))", 9),
        "Cut off at one end only": (_BCE + "p = np.maximum(p, eps)\n    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))", 9),
        "Added eps instead of cutting off": (_BCE + "return -np.mean(y * np.log(p + eps) + (1 - y) * np.log(1 - p + eps))", 0),
        "Cut off inside each logarithm only": (_BCE + "return -np.mean(y * np.log(np.maximum(p, eps)) + (1 - y) * np.log(np.maximum(1 - p, eps)))", 9),
        "Cut off elsewhere": (_BCE + "p = np.clip(p, 1e-12, 1 - 1e-12)\n    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))", 9),
        "Sum instead of mean": (_CLIP + "return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p))", 7),
        "No sum and no mean": (_CLIP + "return -(y * np.log(p) + (1 - y) * np.log(1 - p))", 7),
        "Log₂": (_CLIP + "return -np.mean(y * np.log2(p) + (1 - y) * np.log2(1 - p))", 0),
        "The logarithm to base 10": (_CLIP + "return -np.mean(y * np.log10(p) + (1 - y) * np.log10(1 - p))", 0),
        "The minus is missing": (_CLIP + "return np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))", 0),
        "Only where y is 1": (_CLIP + "return np.mean(-y * np.log(p))", 0),
        "The classes are turned round": (_CLIP + "return -np.mean((1 - y) * np.log(p) + y * np.log(1 - p))", 0),
        "y and p exchanged": ("def bce(p, y, eps):\n    p = np.clip(p, eps, 1 - eps)\n    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))", 0),
        "Squashed once more": (_BCE + "p = 1 / (1 + np.exp(-p))\n    p = np.clip(p, eps, 1 - eps)\n    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))", 0),
        "Decided before measuring": (_BCE + "p = np.clip(p.round(), eps, 1 - eps)\n    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))", 5),
        "The squared error": (_BCE + "return np.mean((p - y) ** 2)", 0),
        "Only the first example": (_CLIP + "for a, b in zip(y, p):\n        return -(a * np.log(b) + (1 - a) * np.log(1 - b))", 7),
        "The library's own convention": (_BCE + "log_p = np.maximum(np.log(p), -100)\n    log_q = np.maximum(np.log(1 - p), -100)\n    return np.mean((y - 1) * log_q - y * log_p)", 9),
    },
    "softmax": {
        "Softmax over the wrong axis, or the library's own convention": (_SOFTMAX + "y = np.exp(o - o.max(axis=-1, keepdims=True))\n    y /= np.sum(y, axis=-1, keepdims=True)\n    return y", 0),
        "No max shift": (_SOFTMAX + "return np.exp(o) / np.exp(o).sum(axis=0)", 10),
        "One shift for all examples": (_SOFTMAX + "e = np.exp(o - np.max(o))\n    return e / e.sum(axis=0)", 10),
        "Divided by the sum of everything": (_SOFTMAX + "e = np.exp(o - np.max(o, axis=0))\n    return e / e.sum()", 0),
        "Softmax twice": (_SOFTMAX + "for _ in range(2):\n        o = np.exp(o - o.max(axis=0))\n        o = o / o.sum(axis=0)\n    return o", 0),
        "A sigmoid for each class": (_SOFTMAX + "return np.exp(-np.logaddexp(0, -o))", 0),
        "Divided without exp": (_SOFTMAX + "return o / o.sum(axis=0)", 0),
        "Never divided": (_SOFTMAX + "return np.exp(o)", 0),
        "The sign in the exponent": (_SOFTMAX + "e = np.exp(-(o - o.min(axis=0)))\n    return e / e.sum(axis=0)", 0),
        "All or nothing": (_SOFTMAX + "p = np.zeros(o.shape)\n    p[o.argmax(axis=0), np.arange(o.shape[1])] = 1\n    return p", 0),
        "Powers of 2": (_SOFTMAX + "e = 2 ** (o - o.max(axis=0))\n    return e / e.sum(axis=0)", 0),
        "The logarithm of it": (_SOFTMAX + "z = o - o.max(axis=0)\n    return z - np.log(np.exp(z).sum(axis=0))", 0),
    },
    "cross_entropy": {
        "Softmax twice": (_CROSS + "N = o.shape[1]\n    for _ in range(2):\n        o = np.exp(o - o.max(axis=0))\n        o = o / o.sum(axis=0)\n    d = o.copy()\n    d[y, np.arange(N)] -= 1\n    return -np.mean(np.log(o[y, np.arange(N)])), d / N", 0),
        "Softmax over the wrong axis": (_P.replace("axis=0)", "axis=1, keepdims=True)") + "return -np.sum(Y * log_p) / N, (p - Y) / N", 0),
        "No max shift": (_CROSS + "N = o.shape[1]\n    p = np.exp(o) / np.exp(o).sum(axis=0)\n    Y = np.eye(len(o))[y].T\n    return -np.sum(Y * np.log(p)) / N, (p - Y) / N", 25),
        "log(0)": (_P + "p = np.exp(z) / np.exp(z).sum(axis=0)\n    return -np.mean(np.log(p[y, np.arange(N)])), (p - Y) / N", 25),
        "Hid the infinity": (_P + "return -np.mean(np.log(p[y, np.arange(N)] + 1e-12)), (p - Y) / N", 25),
        "The loss is the sum": (_P + "return -np.sum(Y * log_p), (p - Y) / N", 21),
        "p − y without the mean": (_P + "return -np.sum(Y * log_p) / N, p - Y", 17),
        "Divided by the number of classes too": (_P + "return -np.mean(Y * log_p), (p - Y) / N", 12),
        "One loss for each example": (_P + "return -log_p[y, np.arange(N)], (p - Y) / N", 21),
        "The gradient has the wrong sign": (_P + "return -np.sum(Y * log_p) / N, (Y - p) / N", 8),
        "The minus is missing": (_P + "return np.sum(Y * log_p) / N, (p - Y) / N", 12),
        "The logarithm to base 2": (_P + "return -np.sum(Y * log_p) / np.log(2) / N, (p - Y) / N", 12),
        "The sigmoid's slope is still there": (_P + "return -np.sum(Y * log_p) / N, (p - Y) * p * (1 - p) / N", 8),
        "The slope in p, not in o": (_P + "return -np.sum(Y * log_p) / N, -Y / p / N", 8),
        "y is missing in the gradient": (_P + "return -np.sum(Y * log_p) / N, p / N", 8),
        "Squashed by sigmoids": (_CROSS + "N = o.shape[1]\n    p = 1 / (1 + np.exp(-o))\n    Y = np.eye(len(o))[y].T\n    return -np.mean(np.log(p[y, np.arange(N)])), (p - Y) / N", 0),
        "The other classes are counted too": (_P + "return -np.sum(np.where(Y == 1, log_p, np.log(1 - p))) / N, (p - Y) / N", 12),
        "The likeliest class instead of the right one": (_P + "best = o.argmax(axis=0)\n    Y = np.eye(len(o))[best].T\n    return -np.sum(Y * log_p) / N, (p - Y) / N", 0),
        "Counted the classes from 1": (_CROSS + "y = y - 1\n    N = o.shape[1]\n    z = o - o.max(axis=0)\n    log_p = z - np.log(np.exp(z).sum(axis=0))\n    d = np.exp(log_p)\n    d[y, np.arange(N)] -= 1\n    return -np.mean(log_p[y, np.arange(N)]), d / N", 0),
        "Subtracted the 1 from every example": (_P + "d = p.copy()\n    d[y] -= 1\n    return -np.sum(Y * log_p) / N, d / N", 17),
        "Returned in another order": (_P + "return (p - Y) / N, -np.sum(Y * log_p) / N", 0),
        "Returned only one of the two": (_P + "return -np.sum(Y * log_p) / N", 0),
        "The library's own convention": (_CROSS + "o = o - o.max(axis=-1, keepdims=True)\n    log_p = o - np.log(np.exp(o).sum(axis=-1, keepdims=True))\n    d_o = np.exp(log_p)\n    d_o[np.arange(len(o)), y] -= 1\n    return -np.mean(log_p[np.arange(len(o)), y]), d_o / len(o)", 0),
    },
    "cosine": {
        "The similarity instead of the distance": (_DOT + f"return dot / ({_NORM})", 0),
        "The lengths are missing": (_DOT + "return 1 - dot", 0),
        "Divided by one length only": (_DOT + "return 1 - dot / np.linalg.norm(a, axis=0)", 0),
        "The root is missing": (_DOT + "return 1 - dot / ((a ** 2).sum(axis=0) * (b ** 2).sum(axis=0))", 0),
        "The root of the product only once": (_DOT + "return 1 - dot / ((a ** 2).sum(axis=0) * np.sqrt((b ** 2).sum(axis=0)))", 0),
        "Lengths as sums of absolute values": (_DOT + "return 1 - dot / (abs(a).sum(axis=0) * abs(b).sum(axis=0))", 0),
        "One length for the whole table": (_DOT + "return 1 - dot / (np.linalg.norm(a) * np.linalg.norm(b))", 2),
        "Along the wrong axis, or the library's rows": (_COSINE + "return 1 - (a * b).sum(axis=1) / (np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1))", 0),
        "The angle itself": (_DOT + f"return np.arccos(np.clip(dot / ({_NORM}), -1, 1))", 0),
        "The sign is lost": (_DOT + f"return 1 - abs(dot / ({_NORM}))", 0),
        "Centred first": (_COSINE + "return [1 - np.corrcoef(a[:, j], b[:, j])[0, 1] for j in range(a.shape[1])]", 0),
        "The distance between the tips": (_COSINE + "return np.sqrt(((a - b) ** 2).sum(axis=0))", 0),
        "Each with each": (_COSINE + "return 1 - (a.T @ b) / np.outer(np.linalg.norm(a, axis=0), np.linalg.norm(b, axis=0))", 2),
        "The mean of all pairs": (_DOT + f"return np.mean(1 - dot / ({_NORM}))", 2),
        "The library's own convention": (_COSINE + "o = a / np.sqrt(np.sum(a * a, axis=-1, keepdims=True))\n    y = b / np.sqrt(np.sum(b * b, axis=-1, keepdims=True))\n    return np.mean(1 - np.sum(o * y, axis=-1))", 0),
    },
    "slopes": {
        "The 2 is missing": (_S + "return (p - y) * p * (1 - p), p - y", 8),
        "The slope in p, not in h": (_S + "return 2 * (p - y), p - y", 5),
        "h (1 − h) instead of p (1 − p)": (_S + "return 2 * (p - y) * h * (1 - h), p - y", 5),
        "Only p, without 1 − p": (_S + "return 2 * (p - y) * p, p - y", 5),
        "tanh's slope": (_S + "return 2 * (p - y) * (1 - p ** 2), p - y", 5),
        "The sign": (_S + "return 2 * (y - p) * p * (1 - p), y - p", 0),
        "The cross-entropy keeps p (1 − p)": (_S + "return 2 * (p - y) * p * (1 - p), (p - y) * p * (1 - p)", 6),
        "The cross-entropy's slope in p": (_S + "return 2 * (p - y) * p * (1 - p), (p - y) / (p * (1 - p))", 6),
        "The losses instead of their slopes": (_S + "return (y - p) ** 2, y * np.logaddexp(0, -h) + (1 - y) * np.logaddexp(0, h)", 0),
        "The sizes of the slopes": (_S + "return abs(2 * (p - y) * p * (1 - p)), abs(p - y)", 0),
        "Measured between the points": (_S + "return np.gradient((y - p) ** 2, h), np.gradient(y * np.logaddexp(0, -h) + (1 - y) * np.logaddexp(0, h), h)", 0),
        "Divided by the number of points, the library's own convention": (_S + "return 2 * (p - y) / len(h) * p * (1 - p), (p - y) / len(h)", 0),
        "Returned in another order": (_S + "return p - y, 2 * (p - y) * p * (1 - p)", 0),
        "Returned only one of the two": (_S + "return 2 * (p - y) * p * (1 - p)", 0),
        "Forgot y": (_S + "return 2 * (p - 1) * p * (1 - p), p - 1", 0),
        "Forgot the sigmoid": (_SLOPES + "return 2 * (h - y) * h * (1 - h), h - y", 0),
        "Overflow": (_SLOPES + "p = np.exp(h) / (1 + np.exp(h))\n    return 2 * (p - y) * p * (1 - p), p - y", 11 + 0),
    },
    "outputs": {
        "A squared error for yes or no": (_outputs(yes_or_no=("one sigmoid", "squared error")), 13),
        "A plain unit for yes or no": (_outputs(yes_or_no=("one plain", "binary cross-entropy")), 13.25),
        "A softmax for yes or no": (_outputs(yes_or_no=("softmax", "binary cross-entropy")), 13.25),
        "Classes as numbers": (_outputs(a_class=("one plain", "squared error")), 11.25),
        "A yes-or-no loss for many classes": (_outputs(a_class=("softmax", "binary cross-entropy")), 13),
        "A squared error for a class": (_outputs(a_class=("softmax", "squared error")), 13),
        "A squashed number": (_outputs(a_number=("one sigmoid", "squared error")), 13.25),
        "A cross-entropy for a number": (_outputs(a_number=("one plain", "cross-entropy")), 13),
        "Lengths count where only directions should": (_outputs(a_direction=("several plain", "squared error")), 13),
        "One unit for a direction": (_outputs(a_direction=("one plain", "cosine")), 13.25),
        "A softmax for a direction": (_outputs(a_direction=("softmax", "cosine")), 13.25),
    },
}
