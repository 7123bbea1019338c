"""What students hand in for A6, Loops to matrices to GPU, in the term without a name: right in five ways, each mistake once, as typed.

There X has an example in each column, the neuron is a sigmoid with the cross-entropy, float32 and the median are asked for.
"""

SHAPES = ("shape_z", "shape_dw", "shape_db", "shape_one", "shape_difference")

RIGHT = {
    "reference": {},
    "rows first, and methods": {
        "gradients": """
def gradients(X, y, w, b, xp):
    rows = X.T
    a = 1 / (xp.exp(-1 * (rows @ w) - b) + 1)
    error = a - y
    return (-(y * xp.log(a) + (1 - y) * xp.log(1 - a))).mean(), error @ rows / len(y), error.mean()
""",
        "fit": """
def fit(X, y, eta, steps, xp):
    import warnings
    warnings.warn("is this slow?")
    rows = xp.asarray(X.T, dtype=np.float32)
    y = xp.asarray(y).astype("f4")
    m, n = rows.shape
    w = xp.zeros_like(rows[0])
    b = 0.0
    for step in range(steps):
        error = 1 / (1 + xp.exp(-(rows @ w + b))) - y
        w = w - eta * (rows.T @ error) / m
        b = b - eta * error.mean()
    print("done", w.shape)
    return w, b
""",
        "benchmark": """
import statistics

def benchmark(compute, X, bring, synchronize, clock, runs):
    def once():
        synchronize()
        before = clock()
        compute(data)
        synchronize()
        return clock() - before
    data = bring(X)
    once()
    return statistics.median([once() for _ in range(runs)])
""",
        "shapes": "shape_z, shape_dw, shape_db, shape_one, shape_difference = [shape.replace(' ', '') + ' ' for shape in (TRUTH)]",
    },
    "in place": {
        "gradients": """
def gradients(X, y, w, b, xp):
    z = (X * w.reshape(-1, 1)).sum(axis=0)
    z += b
    a = 1 / (1 + xp.exp(-z))
    dz = a - y
    J = xp.mean(xp.where(y == 1, -xp.log(a), -xp.log(1 - a)))
    return [J, xp.mean(X * dz, axis=1), dz.mean()]
""",
        "fit": """
def fit(X, y, eta, steps, xp):
    X, y = xp.array(X, dtype="float32"), xp.array(y, dtype="float32")
    n, m = X.shape
    w, b = xp.zeros((n,), dtype=X.dtype), xp.zeros(1, dtype=X.dtype)
    while steps > 0:
        z = xp.dot(w, X)
        z += b
        dz = 1 / (1 + xp.exp(-z))
        dz -= y
        dz *= eta / m
        w -= X @ dz
        b -= dz.sum()
        steps -= 1
    return [w, b]
""",
        "benchmark": """
def benchmark(compute, X, bring, synchronize, clock, runs):
    data = bring(X)
    for _ in range(3):
        compute(data)
    synchronize()
    times = np.zeros(runs)
    for run in range(runs):
        times[run] = -clock()
        compute(data)
        synchronize()
        times[run] += clock()
    return np.median(times)
""",
        "shapes": "shape_z, shape_dw, shape_db, shape_one, shape_difference = map(eval, TRUTH)",
    },
    "with float64 numbers around, tanh, and a class": {
        "gradients": """
class Neuron:
    def __call__(self, X, y, w, b, xp):
        m = X.shape[1]
        p = 0.5 + 0.5 * xp.tanh((xp.dot(w, X) + np.float64(b)) / 2)
        J = float(-(xp.dot(y, xp.log(p)) + xp.dot(1 - y, xp.log(1 - p)))) / m
        d = (p - y).reshape(m, 1)
        return J, xp.matmul(X, d).reshape(-1) / m, float(d.sum()) / m

gradients = Neuron()
""",
        "fit": """
def sigmoid(z, xp):
    return 0.5 * (1 + xp.tanh(z / 2))

def fit(X, y, eta, steps, xp):
    data = xp.ones((len(X) + 1, len(y)), np.float32)
    data[:-1] = X
    y = xp.asarray(y, dtype=np.float32)
    theta = xp.asarray([0.0] * len(data), dtype=xp.float32)
    for _ in range(steps):
        theta = theta - np.float32(eta) * (data @ (sigmoid(theta @ data, xp) - y)) / y.size
    return theta[:-1], theta[-1]
""",
        "benchmark": """
class Stopwatch:
    def __init__(self, clock, wait):
        self.clock, self.wait = clock, wait
    def __enter__(self):
        self.wait()
        self.began = self.clock()
        return self
    def __exit__(self, *error):
        self.wait()
        self.time = self.clock() - self.began

def benchmark(compute, X, bring, synchronize, clock, runs):
    times = []
    for run in range(runs + 1):
        data = bring(X)
        with Stopwatch(clock, synchronize) as watch:
            compute(data)
        times.append(watch.time)
    print(times)
    return sorted(times[1:])[runs // 2]
""",
        "shapes": "[shape_z, shape_dw, shape_db, shape_one, shape_difference] = (f' {shape}' for shape in (TRUTH))",
    },
    "step by step": {
        "gradients": """
def gradients(X, y, w, b, xp):
    n, m = X.shape
    z = xp.matmul(X.T, w)
    z = xp.add(z, b)
    e = xp.exp(xp.negative(z))
    a = xp.divide(1, xp.add(1, e))
    dz = xp.subtract(a, y)
    both = xp.sum(xp.log1p(e)) + xp.sum((1 - y) * z)
    dw = xp.sum(xp.multiply(X, dz), axis=1) / m
    return both / m, dw, xp.sum(dz) / m
""",
        "fit": """
def fit(X, y, eta, steps, xp):
    device_X = xp.asarray(X, xp.float32)
    device_y = xp.asarray(y, xp.float32)
    m = len(device_y)
    w = xp.full(X.shape[0], 0, dtype=xp.float32)
    b = xp.full((), 0.0, dtype=xp.float32)
    history = []
    for step in range(steps):
        a = xp.exp(-xp.logaddexp(0, -(w @ device_X + b)))
        dz = (a - device_y) / m
        history.append(abs(dz).max())
        grad = xp.outer(dz, xp.ones(1, dtype=xp.float32)).T @ device_X.T
        w = w - eta * grad[0]
        b = b - eta * dz.sum()
    largest = float(history[-1])
    return w, b
""",
        "benchmark": """
def benchmark(compute, X, bring, synchronize, clock, runs):
    synchronize()
    data = bring(X)
    synchronize()
    compute(data)
    synchronize()
    stamps = [clock()]
    while len(stamps) <= runs:
        compute(data)
        synchronize()
        stamps.append(clock())
    return float(np.quantile(np.diff(stamps), 0.5))
""",
        "shapes": "shape_z, shape_dw, shape_db, shape_one, shape_difference = tuple(shape.replace(', ', ',  ') for shape in (TRUTH))",
    },
}

_GRADIENTS = """def gradients(X, y, w, b, xp):
    n, m = X.shape
    z = w @ X + b
    a = 1 / (1 + xp.exp(-z))
    J = -xp.sum(y * xp.log(a) + (1 - y) * xp.log(1 - a)) / m
    dz = a - y
    dw = X @ dz / m
    db = xp.sum(dz) / m
    return J, dw, db"""
_FIT = """def fit(X, y, eta, steps, xp):
    X, y = X.astype(xp.float32), y.astype(xp.float32)
    n, m = X.shape
    w, b = xp.zeros(n, dtype=xp.float32), xp.zeros((), dtype=xp.float32)
    for step in range(steps):
        z = w @ X + b
        a = 1 / (1 + xp.exp(-z))
        dz = a - y
        w = w - eta * (X @ dz) / m
        b = b - eta * dz.sum() / m
    return w, b"""
_BENCHMARK = """def benchmark(compute, X, bring, synchronize, clock, runs):
    data = bring(X)
    compute(data)
    times = []
    for run in range(runs):
        synchronize()
        start = clock()
        compute(data)
        synchronize()
        times.append(clock() - start)
    return sorted(times)[runs // 2]"""


def _with(code, *changes):
    """The code with each (old, new) pair of changes made."""
    for old, new in zip(changes[::2], changes[1::2]):
        assert old in code, old
        code = code.replace(old, new)
    return code


def _solved():
    """The five shapes of the term without a name, from its solution."""
    from autograder.assignments import load
    return load("A6")["shapes"].example


def _shapes(**chosen):
    return "\n".join(f"{name} = {shape!r}" for name, shape in {**_solved(), **chosen}.items())


_M, _N, _H = (int(_solved()["shape_one"].strip("(),")), int(_solved()["shape_dw"].strip("()").split(",")[1]), int(_solved()["shape_z"].strip("()").split(",")[0]))
_TRUTH = repr(tuple(_solved().values()))
for _cells in RIGHT.values():
    if "shapes" in _cells:
        _cells["shapes"] = _cells["shapes"].replace("TRUTH", _TRUTH)

WRONG = {
    "gradients": {
        "j = j / m": (_with(_GRADIENTS, "(1 - a)) / m", "(1 - a))"), 12),
        "dw is a sum": (_with(_GRADIENTS, "X @ dz / m", "X @ dz"), 10),
        "db is a sum": (_with(_GRADIENTS, "xp.sum(dz) / m", "xp.sum(dz)"), 14),
        "Divided by m twice": (_with(_GRADIENTS, "a - y\n", "(a - y) / m\n"), 6),
        "b is missing": (_with(_GRADIENTS, "w @ X + b", "w @ X"), 0),
        "The activation is missing": (_with(_GRADIENTS, "1 / (1 + xp.exp(-z))", "z"), 0),
        "y − a instead of a − y": (_with(_GRADIENTS, "dz = a - y", "dz = y - a"), 6),
        "The activation's slope once too often": (_with(_GRADIENTS, "dz = a - y", "dz = (a - y) * a * (1 - a)"), 6),
        "The minus of the loss": (_with(_GRADIENTS, "-xp.sum", "xp.sum"), 12),
        "Only the ones are counted": (_with(_GRADIENTS, " + (1 - y) * xp.log(1 - a)", ""), 12),
        "The library's own convention": (_with(_GRADIENTS, "w @ X", "X @ w", "X @ dz", "X.T @ dz"), 0),
        "A loop over the examples": ("""def gradients(X, y, w, b, xp):
    n, m = X.shape
    J, dw, db = 0, xp.zeros(n), 0
    for i in range(m):
        a = 1 / (1 + xp.exp(-(xp.dot(w, X[:, i]) + b)))
        J = J - (y[i] * xp.log(a) + (1 - y[i]) * xp.log(1 - a))
        dw = dw + X[:, i] * (a - y[i])
        db = db + a - y[i]
    return J / m, dw / m, db / m""", 18),
        "A loop over the features": (_with(_GRADIENTS, "dw = X @ dz / m", "dw = xp.zeros(n)\n    for j in range(n):\n        dw[j] = xp.sum(X[j] * dz) / m"), 18),
        "Computed at home": ("""def gradients(X, y, w, b, xp):
    X, y, w = X.get(), y.tolist(), w.tolist()
    n, m = X.shape
    J, dw, db = 0, np.zeros(n), 0
    for i in range(m):
        a = 1 / (1 + np.exp(-(np.dot(w, X[:, i]) + b)))
        J -= y[i] * np.log(a) + (1 - y[i]) * np.log(1 - a)
        for j in range(n):
            dw[j] += X[j, i] * (a - y[i])
        db += a - y[i]
    return J / m, dw / m, db / m""", 18),
        "np. inside": (_with(_GRADIENTS, "xp.exp", "np.exp"), 0),
        "Added up along the wrong axis": (_with(_GRADIENTS, "X @ dz / m", "xp.mean(X * dz, axis=0)"), 10),
        "db is not added up": (_with(_GRADIENTS, "db = xp.sum(dz) / m", "db = dz"), 14),
        "Returned in another order": (_with(_GRADIENTS, "return J, dw, db", "return dw, db, J"), 0),
    },
    "fit": {
        "np. inside": (_with(_FIT, "xp.exp", "np.exp"), 0),
        ".get() in the loop": (_with(_FIT, "        w = w -", "        if float(dz.sum()) > 1e9:\n            break\n        w = w -"), 18),
        "Something is brought over in every step": (_with(_FIT, "w - eta *", "w - xp.asarray(eta, dtype=xp.float32) *"), 18),
        "Computed at home": (_with(_FIT, "    X, y = X.astype(xp.float32), y.astype(xp.float32)", "    device, xp, X, y = xp, np, np.float32(X.get()), np.float32(y.get())", "return w, b", "return device.asarray(w), device.asarray(b)"), 18),
        "There and back in every step": (_with(_FIT, "a = 1 / (1 + xp.exp(-z))", "a = xp.asarray(1 / (1 + np.exp(-z.get())))"), 18),
        "Came home at the end": (_with(_FIT, "return w, b", "return w.get(), b.get()"), 18),
        "float64 where float32 is asked": (_with(_FIT, "xp.zeros(n, dtype=xp.float32), xp.zeros((), dtype=xp.float32)", "xp.zeros(n), xp.zeros(())"), 21),
        "A loop over the examples": (_with(_FIT, "        w = w - eta * (X @ dz) / m", "        dw = 0 * w\n        for i in range(m):\n            dw = dw + X[:, i] * dz[i]\n        w = w - eta * dw / m"), 21),
        "The library's own convention": (_with(_FIT, "n, m = X.shape", "m, n = X.shape", "w @ X", "X @ w", "X @ dz", "X.T @ dz"), 0),
        "Uphill": (_with(_FIT, "- eta", "+ eta"), 0),
        "η is missing": (_with(_FIT, "eta * ", ""), 0),
        "b stands still": (_with(_FIT, "        b = b - eta * dz.sum() / m\n", ""), 0),
        "Sum instead of mean": (_with(_FIT, " / m", ""), 0),
        "The activation's slope once too often": (_with(_FIT, "dz = a - y", "dz = (a - y) * a * (1 - a)"), 0),
        "One step too many": (_with(_FIT, "range(steps)", "range(steps + 1)"), 0),
        "One step too few": (_with(_FIT, "range(steps)", "range(1, steps)"), 0),
        "Only one step": (_with(_FIT, "    return", "        return"), 0),
        "Begins elsewhere": (_with(_FIT, "xp.zeros(n", "xp.ones(n"), 0),
        "Returned in another order": (_with(_FIT, "return w, b", "return b, w"), 0),
    },
    "benchmark": {
        "The old benchmark": ("def benchmark(compute, X, bring, synchronize, clock, runs):\n    start = clock()\n    data = bring(X)\n    for run in range(runs):\n        compute(data)\n    return (clock() - start) / runs", 0),
        "The end is not waited for": (_with(_BENCHMARK, "        synchronize()\n        times", "        times"), 8),
        "Begins while the card still works": (_with(_BENCHMARK, "        synchronize()\n        start", "        start"), 8),
        "The transfer is timed": (_with(_BENCHMARK, "        compute(data)", "        compute(bring(X))"), 12),
        "The first call is timed": (_with(_BENCHMARK, "    compute(data)\n    times", "    times"), 12),
        "The mean of the runs": (_with(_BENCHMARK, "sorted(times)[runs // 2]", "sum(times) / len(times)"), 0),
        "The smallest of the runs": (_with(_BENCHMARK, "sorted(times)[runs // 2]", "min(times)"), 0),
        "The sum of all runs": (_with(_BENCHMARK, "sorted(times)[runs // 2]", "sum(times)"), 0),
        "A list comes back": (_with(_BENCHMARK, "sorted(times)[runs // 2]", "times"), 0),
        "One run too few": (_with(_BENCHMARK, "range(runs)", "range(1, runs)", "sorted(times)[runs // 2]", "float(np.median(times))"), 0),
        "One run too many": (_with(_BENCHMARK, "range(runs)", "range(runs + 1)", "sorted(times)[runs // 2]", "float(np.median(times))"), 0),
        "Only one run": (_with(_BENCHMARK, "sorted(times)[runs // 2]", "times[0]", "    return", "        return"), 0),
        "Start minus end": (_with(_BENCHMARK, "clock() - start", "start - clock()"), 0),
    },
    "shapes": {
        "The shapes of the other layout": (_shapes(shape_z=f"({_M}, {_H})", shape_dw=f"({_N}, {_H})"), 6),
        "z is turned round": (_shapes(shape_z=f"({_M}, {_H})"), 8),
        "dW is turned round": (_shapes(shape_dw=f"({_N}, {_H})"), 8),
        "dW has the examples in it": (_shapes(shape_dw=f"({_M}, {_N})"), 8),
        "db has the examples in it": (_shapes(shape_db=f"({_M},)"), 8),
        "db is a number for each feature": (_shapes(shape_db=f"({_N},)"), 8),
        "A column minus a row": (_shapes(shape_difference=f"({_M},)"), 8),
        "A column came out": (_shapes(shape_difference=f"({_M}, 1)"), 8),
        "An error was hoped for": (_shapes(shape_difference="error"), 8),
        "A column for a single neuron": (_shapes(shape_one=f"({_M}, 1)"), 8),
        "A number for each feature": (_shapes(shape_one=f"({_N},)"), 8),
        "One neuron, an error": (_shapes(shape_one="error"), 8),
    },
}
