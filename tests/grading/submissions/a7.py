"""What students hand in for A7: right in five ways, each mistake once as a student would type it, and broken in four ways.

Question → what the student's cell says instead of the solution. `WRONG` gives beside each mistake's code the points that
its question still earns, worked out by hand from the question's groups.
"""


def _class(name, made_with, remembers, *lines):
    """A class as students write it: settings and memory in `__init__`, the lines of one step in `step`."""
    settings = "".join(f"        self.{word} = {word}\n" for word in made_with.split(", "))
    memory = "".join(f"        {line}\n" for line in remembers)
    return f"class {name}:\n    def __init__(self, {made_with}):\n{settings}{memory}\n    def step(self, theta, grad, eta):\n" + "".join(f"        {line}\n" for line in lines)


def _momentum(*lines):
    return _class("Momentum", "beta", ["self.v = 0"], *lines)


def _adagrad(*lines):
    return _class("Adagrad", "eps", ["self.s = 0"], *lines)


def _rmsprop(*lines):
    return _class("RMSprop", "rho, eps", ["self.s = 0"], *lines)


def _adam(*lines):
    return _class("Adam", "beta_1, beta_2, eps", ["self.m = 0", "self.v = 0", "self.t = 0"], *lines)


_S, _BY_S = "self.s = self.s + grad ** 2", "return theta - eta * grad / (np.sqrt(self.s) + self.eps)"
_R = "self.s = self.rho * self.s + (1 - self.rho) * grad ** 2"
_T, _M, _V = "self.t += 1", "self.m = self.beta_1 * self.m + (1 - self.beta_1) * grad", "self.v = self.beta_2 * self.v + (1 - self.beta_2) * grad ** 2"
_MH, _VH, _BY_V = "m_hat = self.m / (1 - self.beta_1 ** self.t)", "v_hat = self.v / (1 - self.beta_2 ** self.t)", "return theta - eta * m_hat / (np.sqrt(v_hat) + self.eps)"

_RATE, _GLOROT, _HE = "def rate(k, tau, eta_0, eta_tau):\n    ", "def glorot(n_in, n_out, seed):\n    ", "def he(n_in, n_out, seed):\n    "
_LINE = "return (1 - alpha) * eta_0 + alpha * eta_tau"
_RNG = "rng = np.random.default_rng(seed)\n    "
_ORTHOGONAL = "def orthogonal(n_in, n_out, gain, seed):\n    " + _RNG
_TALL = "A = rng.normal(size=(max(n_in, n_out), min(n_in, n_out)))\n    Q, R = np.linalg.qr(A)\n    "
_SIGNS = "Q = Q * np.sign(np.diag(R))\n    "
_TURN = "if n_out < n_in:\n        Q = Q.T\n    "
_SPREADS = "def spreads(X, weights):\n    a = X\n    found = []\n    for W in weights:\n        "

RIGHT = {
    "reference": {},
    "loops": {
        "momentum": """
class Momentum:
    def __init__(self, beta):
        self.beta = beta
        self.velocity = None

    def step(self, theta, grad, eta):
        if self.velocity is None:
            self.velocity = np.zeros(theta.shape)
        new = np.zeros(theta.shape)
        for place in np.ndindex(theta.shape):
            self.velocity[place] = self.beta * self.velocity[place] - eta * grad[place]
            new[place] = theta[place] + self.velocity[place]
        return new
""",
        "adagrad": """
class Adagrad:
    def __init__(self, eps):
        self.eps = eps
        self.past = []

    def step(self, theta, grad, eta):
        self.past.append(grad)
        new = theta.copy()
        for place in np.ndindex(theta.shape):
            total = 0
            for old in self.past:
                total += old[place] ** 2
            new[place] = theta[place] - eta * grad[place] / (total ** 0.5 + self.eps)
        return new
""",
        "rmsprop": """
class RMSprop:
    def __init__(self, rho, eps):
        self.rho, self.eps = rho, eps
        self.s = {}

    def step(self, theta, grad, eta):
        new = np.array(theta)
        for place, g in np.ndenumerate(grad):
            s = self.s.get(place, 0)
            s += (1 - self.rho) * (g * g - s)
            self.s[place] = s
            new[place] -= eta * g / (s ** 0.5 + self.eps)
        return new.tolist()
""",
        "adam": """
class Adam:
    def __init__(self, beta_1, beta_2, eps):
        self.settings = beta_1, beta_2, eps
        self.grads = []

    def step(self, theta, grad, eta):
        beta_1, beta_2, eps = self.settings
        self.grads.append(np.array(grad))
        t = len(self.grads)
        m = sum((1 - beta_1) * beta_1 ** (t - 1 - i) * g for i, g in enumerate(self.grads))
        v = sum((1 - beta_2) * beta_2 ** (t - 1 - i) * g ** 2 for i, g in enumerate(self.grads))
        return theta - eta * (m / (1 - beta_1 ** t)) / ((v / (1 - beta_2 ** t)) ** 0.5 + eps)
""",
        "schedule": """
def rate(k, tau, eta_0, eta_tau):
    if k >= tau:
        return eta_tau
    return eta_0 + (eta_tau - eta_0) * k / tau
""",
        "xavier": """
import random

def glorot(n_in, n_out, seed):
    random.seed(seed)
    a = (6 / (n_in + n_out)) ** 0.5
    return [[random.uniform(-a, a) for i in range(n_in)] for o in range(n_out)]
""",
        "he": """
def he(n_in, n_out, seed):
    rng = np.random.RandomState(seed)
    W = []
    for o in range(n_out):
        W.append(rng.randn(n_in) * np.sqrt(2 / n_in))
    return W
""",
        "orthogonal": """
def orthogonal(n_in, n_out, gain, seed):
    rng = np.random.default_rng(seed)
    few, many = sorted((n_in, n_out))
    found = []
    while len(found) < few:
        v = rng.normal(size=many)
        for u in found + found:
            v = v - (v @ u) * u
        found.append(v / np.sqrt(v @ v))
    W = gain * np.array(found)
    return W if n_out == few else W.T
""",
        "spreads": """
import math

def spreads(X, weights):
    a = X.tolist()
    result = []
    for W in weights:
        a = [[math.tanh(sum(w * x for w, x in zip(unit, row))) for unit in W] for row in a]
        values = [value for row in a for value in row]
        mean = sum(values) / len(values)
        result.append(math.sqrt(sum((value - mean) ** 2 for value in values) / len(values)))
    return result
""",
        "read_tables": "net_a, net_b = 'LeCun', 'He'\nnet_c, net_d = 'Tiny', 'Huge'",
        "choose_rates": "eta_descent = 0.05\neta_second = 0.2",
    },
    "float32": {
        "momentum": _momentum("grad = np.float32(grad)", "self.v = np.float32(self.beta) * self.v - np.float32(eta) * grad", "return np.float32(theta) + self.v"),
        "adagrad": _adagrad("self.s = self.s + np.float32(grad) ** 2", "return np.float32(theta) - np.float32(eta) * np.float32(grad) / (np.sqrt(self.s) + np.float32(self.eps))"),
        "rmsprop": _rmsprop("self.s = np.float32(self.rho * self.s + (1 - self.rho) * grad ** 2)", "return np.float32(theta - eta * grad / (np.sqrt(self.s) + self.eps))"),
        "adam": _adam(_T, "self.m = np.float32(self.beta_1 * self.m + (1 - self.beta_1) * grad)", "self.v = np.float32(self.beta_2 * self.v + (1 - self.beta_2) * grad ** 2)", _MH, _VH, "return np.float32(theta - eta * m_hat / (np.sqrt(v_hat) + self.eps))"),
        "schedule": "rate = lambda k, tau, eta_0, eta_tau: np.float32(np.interp(k, [0, tau], [eta_0, eta_tau]))",
        "xavier": _GLOROT + "a = np.sqrt(6 / (n_in + n_out))\n    return np.random.default_rng(seed).random((n_out, n_in), dtype=np.float32) * np.float32(2 * a) - np.float32(a)",
        "he": _HE + "return np.random.default_rng(seed).standard_normal((n_out, n_in), dtype=np.float32) * np.float32(np.sqrt(2 / n_in))",
        "orthogonal": _ORTHOGONAL + "A = np.float32(rng.normal(size=(max(n_in, n_out), min(n_in, n_out))))\n    Q, R = np.linalg.qr(A)\n    Q = np.float32(gain) * Q * np.sign(np.diag(R))\n    return Q if n_out >= n_in else Q.T",
        "spreads": "def spreads(X, weights):\n    a, found = np.float32(X), []\n    for W in weights:\n        a = np.tanh(a @ np.float32(W).T)\n        found.append(np.sqrt(np.mean(a ** 2) - np.mean(a) ** 2))\n    return np.array(found)",
        "read_tables": "net_a = 'lecun '\nnet_b = 'HE'\nnet_c = ' tiny'\nnet_d = 'huge'",
        "choose_rates": "eta_descent = np.float32(0.1)\neta_second = np.float32(0.05)",
    },
    "with warnings and prints": {
        "momentum": _momentum("print('step', eta)", "new = theta - (eta * grad - self.beta * self.v)", "self.v = new - theta", "return new"),
        "adagrad": _adagrad("import warnings", "warnings.warn('slow?')", "self.s = np.hypot(np.sqrt(self.s), grad) ** 2", "step = grad / (np.sqrt(self.s) + self.eps)", "return theta + -eta * step"),
        "rmsprop": _rmsprop("import sys", "print('working', file=sys.stderr)", "self.s *= self.rho", "self.s = self.s + (1 - self.rho) * np.square(grad)", "return theta - np.divide(eta * grad, self.s ** 0.5 + self.eps)"),
        "adam": _adam("np.log(np.zeros(1))", _T, _M, _V, "rate = eta * np.sqrt(1 - self.beta_2 ** self.t) / (1 - self.beta_1 ** self.t)", "small = self.eps * np.sqrt(1 - self.beta_2 ** self.t)", "return theta - rate * self.m / (np.sqrt(self.v) + small)"),
        "schedule": "def rate(k, tau, eta_0, eta_tau):\n    print(k)\n    np.log(np.zeros(1))\n    return max(eta_tau, eta_0 - k * (eta_0 - eta_tau) / tau)",
        "xavier": "def glorot(n_in, n_out, seed):\n    np.random.seed(seed)\n    print('drawing')\n    a = np.sqrt(6) / np.sqrt(n_in + n_out)\n    return np.random.uniform(low=-a, high=a, size=(n_out, n_in))",
        "he": "def he(n_in, n_out, seed):\n    np.random.seed(seed)\n    np.log(np.zeros(1))\n    return np.random.randn(n_out, n_in) * (2 / n_in) ** .5",
        "orthogonal": _ORTHOGONAL + "print('turning')\n    n = max(n_in, n_out)\n    Q, R = np.linalg.qr(rng.standard_normal((n, n)))\n    Q = Q * np.where(np.diag(R) < 0, -1, 1)\n    return gain * Q[:n_out, :n_in]",
        "spreads": _SPREADS + "a = 2 / (1 + np.exp(-2 * (a @ W.T))) - 1\n        print(a.std())\n        found.append(float(a.std()))\n    np.log(np.zeros(1))\n    return tuple(found)",
        "read_tables": "print('A?')\nnet_a = 'LECUN'\nnet_b = 'he'\nnet_c = 'tiny'\nnet_d = 'huge'",
        "choose_rates": "print('slow and safe')\neta_descent = 0.03\neta_second = [0.3]",
    },
    "other tools": {
        "momentum": "def Momentum(beta):\n    class Optimizer:\n        pass\n    optimizer, memory = Optimizer(), {'v': 0}\n\n    def step(theta, grad, eta):\n        memory['v'] = beta * memory['v'] - eta * grad\n        return theta + memory['v']\n\n    optimizer.step = step\n    return optimizer",
        "adagrad": "from dataclasses import dataclass\n\n@dataclass\nclass Adagrad:\n    eps: float\n    s: float = 0\n\n    def step(self, theta, grad, eta):\n        self.s = self.s + np.abs(grad) ** 2\n        return theta - grad * (eta / (np.sqrt(self.s) + self.eps))",
        "rmsprop": "class Base:\n    def __init__(self, *settings):\n        self.settings, self.s = settings, 0\n\nclass RMSprop(Base):\n    def step(self, theta, grad, eta):\n        rho, eps = self.settings\n        self.s = np.average([self.s + 0 * grad, grad * grad], axis=0, weights=[rho, 1 - rho])\n        return np.subtract(theta, eta * grad / (np.sqrt(self.s) + eps))",
        "adam": _adam("t = self.t = self.t + 1", "m = self.m = self.m + (1 - self.beta_1) * (grad - self.m)", "v = self.v = self.v + (1 - self.beta_2) * (grad ** 2 - self.v)", "theta = theta.copy()", "theta -= eta * m / (1 - self.beta_1 ** t) / (np.sqrt(v / (1 - self.beta_2 ** t)) + self.eps)", "return theta"),
        "schedule": _RATE + "alpha = np.clip(k / tau, 0, 1)\n    return np.array([eta_0 * (1 - alpha) + eta_tau * alpha])",
        "xavier": "from numpy.random import Generator, PCG64\n\ndef glorot(n_in, n_out, seed):\n    W = Generator(PCG64(seed)).uniform(-1, 1, size=(n_in, n_out)).T\n    return W * np.sqrt(3) * np.sqrt(2 / (n_in + n_out))",
        "he": _HE + _RNG + "return rng.normal(scale=np.sqrt(2 / n_in), size=n_in * n_out).reshape(n_out, n_in)",
        "orthogonal": _ORTHOGONAL + "U, s, Vt = np.linalg.svd(rng.normal(size=(n_out, n_in)), full_matrices=False)\n    return gain * (U @ Vt)",
        "spreads": "from functools import reduce\n\ndef spreads(X, weights):\n    layers = [X]\n    for W in weights:\n        layers.append(np.tanh(np.einsum('ni,oi->no', layers[-1], W)))\n    return [np.var(a) ** 0.5 for a in layers[1:]]",
        "read_tables": "order = dict(A='lecun', B='he', C='tiny', D='huge')\nnet_a, net_b, net_c, net_d = order.values()",
        "choose_rates": "eta_descent = 1 / 15\neta_second = .4 / 2",
    },
}

WRONG = {
    "momentum": {
        "The library's own convention": (_momentum("self.v = self.beta * self.v + grad", "return theta - eta * self.v"), 0),
        "Plus instead of minus": (_momentum("self.v = self.beta * self.v + eta * grad", "return theta + self.v"), 0),
        "Nothing is remembered": (_momentum("v = self.beta * self.v - eta * grad", "return theta + v"), 0),
        "η counted twice": (_momentum("self.v = self.beta * self.v - eta * grad", "return theta + eta * self.v"), 0),
        "The velocity never fades": (_momentum("self.v = self.v - eta * grad", "return theta + self.v"), 0),
        "β and 1 − β exchanged": (_momentum("self.v = (1 - self.beta) * self.v - eta * grad", "return theta + self.v"), 0),
        "One memory for all parameters": (_momentum("self.v = self.beta * self.v - eta * np.mean(grad)", "return theta + self.v"), 0),
        "The step comes before the velocity": (_momentum("new = theta + self.v", "self.v = self.beta * self.v - eta * grad", "return new"), 0),
        "An extra 1 − β": (_momentum("self.v = self.beta * self.v - eta * (1 - self.beta) * grad", "return theta + self.v"), 0),
        "Changed θ in place, as the library does": (_momentum("self.v = self.beta * self.v - eta * grad", "theta += self.v", "return theta"), 9),
    },
    "adagrad": {
        "Adagrad that forgets": (_adagrad("self.s = 0.9 * self.s + 0.1 * grad ** 2", _BY_S), 0),
        "Nothing is remembered": (_adagrad("s = self.s + grad ** 2", "return theta - eta * grad / (np.sqrt(s) + self.eps)"), 0),
        "Plus instead of minus": (_adagrad(_S, "return theta + eta * grad / (np.sqrt(self.s) + self.eps)"), 0),
        "Forgot the root": (_adagrad(_S, "return theta - eta * grad / (self.s + self.eps)"), 0),
        "Forgot the square": (_adagrad("self.s = self.s + grad", _BY_S), 0),
        "Sizes instead of squares": (_adagrad("self.s = self.s + abs(grad)", _BY_S), 0),
        "ε inside the root": (_adagrad(_S, "return theta - eta * grad / np.sqrt(self.s + self.eps)"), 0),
        "ε left out": (_adagrad(_S, "return theta - eta * grad / np.sqrt(self.s)"), 0),
        "One memory for all parameters": (_adagrad("self.s = self.s + np.sum(grad ** 2)", _BY_S), 0),
        "A mean instead of a sum": (_class("Adagrad", "eps", ["self.s = 0", "self.t = 0"], _T, _S, "return theta - eta * grad / (np.sqrt(self.s / self.t) + self.eps)"), 0),
        "The sum is squared, not the gradients": (_adagrad("self.s = self.s + grad", "return theta - eta * grad / (np.sqrt(self.s ** 2) + self.eps)"), 0),
        "The square moves too": (_adagrad(_S, "return theta - eta * grad ** 2 / (np.sqrt(self.s) + self.eps)"), 0),
        "The step comes before the memory": (_adagrad("new = theta - eta * grad / (np.sqrt(self.s) + self.eps)", _S, "return new"), 0),
        "Changed θ in place, as the library does": (_adagrad(_S, "theta -= eta * grad / (np.sqrt(self.s) + self.eps)", "return theta"), 9),
    },
    "rmsprop": {
        "ρ and 1 − ρ exchanged": (_rmsprop("self.s = (1 - self.rho) * self.s + self.rho * grad ** 2", _BY_S), 0),
        "RMSprop that never forgets": (_rmsprop(_S, _BY_S), 0),
        "The new square counts in full": (_rmsprop("self.s = self.rho * self.s + grad ** 2", _BY_S), 0),
        "Nothing is remembered": (_rmsprop("s = self.rho * self.s + (1 - self.rho) * grad ** 2", "return theta - eta * grad / (np.sqrt(s) + self.eps)"), 0),
        "Plus instead of minus": (_rmsprop(_R, "return theta + eta * grad / (np.sqrt(self.s) + self.eps)"), 0),
        "Forgot the root": (_rmsprop(_R, "return theta - eta * grad / (self.s + self.eps)"), 0),
        "Forgot the square": (_rmsprop("self.s = self.rho * self.s + (1 - self.rho) * grad", _BY_S), 0),
        "Sizes instead of squares": (_rmsprop("self.s = self.rho * self.s + (1 - self.rho) * np.abs(grad)", _BY_S), 0),
        "ε inside the root": (_rmsprop(_R, "return theta - eta * grad / np.sqrt(self.s + self.eps)"), 0),
        "ε left out": (_rmsprop(_R, "return theta - eta * grad / self.s ** 0.5"), 0),
        "One memory for all parameters": (_rmsprop("self.s = self.rho * self.s + (1 - self.rho) * np.mean(grad ** 2)", _BY_S), 0),
        "Corrected as in Adam": (_class("RMSprop", "rho, eps", ["self.s = 0", "self.t = 0"], _T, _R, "s_hat = self.s / (1 - self.rho ** self.t)", "return theta - eta * grad / (np.sqrt(s_hat) + self.eps)"), 0),
        "The square moves too": (_rmsprop(_R, "return theta - eta * grad ** 2 / (np.sqrt(self.s) + self.eps)"), 0),
        "The step comes before the memory": (_rmsprop("new = theta - eta * grad / (np.sqrt(self.s) + self.eps)", _R, "return new"), 0),
        "Changed θ in place, as the library does": (_rmsprop(_R, "theta -= eta * grad / (np.sqrt(self.s) + self.eps)", "return theta"), 9),
    },
    "adam": {
        "No correction for the start": (_adam(_M, _V, "return theta - eta * self.m / (np.sqrt(self.v) + self.eps)"), 0),
        "Only m is corrected": (_adam(_T, _M, _V, _MH, "return theta - eta * m_hat / (np.sqrt(self.v) + self.eps)"), 0),
        "Only v is corrected": (_adam(_T, _M, _V, _VH, "return theta - eta * self.m / (np.sqrt(v_hat) + self.eps)"), 0),
        "The two decays are exchanged": (_adam(_T, *(line.replace("beta_1", "beta_3").replace("beta_2", "beta_1").replace("beta_3", "beta_2") for line in (_M, _V, _MH, _VH)), _BY_V), 0),
        "β and 1 − β exchanged": (_adam("beta_1, beta_2 = 1 - self.beta_1, 1 - self.beta_2", _T, *(line.replace("self.beta", "beta") for line in (_M, _V, _MH, _VH)), _BY_V), 0),
        "t never moves on": (_adam("t = 1", _M, _V, _MH.replace("self.t", "t"), _VH.replace("self.t", "t"), _BY_V), 0),
        "t starts at 0": (_adam(_M, _V, _MH, _VH, _T, _BY_V), 0),
        "t is one ahead": (_class("Adam", "beta_1, beta_2, eps", ["self.m = self.v = 0", "self.t = 1"], _T, _M, _V, _MH, _VH, _BY_V), 0),
        "The corrected averages are kept": (_adam(_T, _M, _V, "self.m = self.m / (1 - self.beta_1 ** self.t)", "self.v = self.v / (1 - self.beta_2 ** self.t)", "return theta - eta * self.m / (np.sqrt(self.v) + self.eps)"), 0),
        "The new counts in full": (_adam(_T, "self.m = self.beta_1 * self.m + grad", "self.v = self.beta_2 * self.v + grad ** 2", _MH, _VH, _BY_V), 0),
        "v is made of m": (_adam(_T, _M, "self.v = self.beta_2 * self.v + (1 - self.beta_2) * self.m ** 2", _MH, _VH, _BY_V), 0),
        "The gradient instead of m̂": (_adam(_T, _M, _V, _VH, "return theta - eta * grad / (np.sqrt(v_hat) + self.eps)"), 0),
        "Nothing is remembered": (_adam("self.m = self.v = 0", "self.t = 1", _M, _V, _MH, _VH, _BY_V), 0),
        "Plus instead of minus": (_adam(_T, _M, _V, _MH, _VH, "return theta + eta * m_hat / (np.sqrt(v_hat) + self.eps)"), 0),
        "Forgot the root": (_adam(_T, _M, _V, _MH, _VH, "return theta - eta * m_hat / (v_hat + self.eps)"), 0),
        "Forgot the square": (_adam(_T, _M, "self.v = self.beta_2 * self.v + (1 - self.beta_2) * grad", _MH, _VH, _BY_V), 0),
        "Sizes instead of squares": (_adam(_T, _M, "self.v = self.beta_2 * self.v + (1 - self.beta_2) * abs(grad)", _MH, _VH, _BY_V), 0),
        "ε inside the root": (_adam(_T, _M, _V, _MH, _VH, "return theta - eta * m_hat / np.sqrt(v_hat + self.eps)"), 0),
        "ε left out": (_adam(_T, _M, _V, _MH, _VH, "return theta - eta * m_hat / np.sqrt(v_hat)"), 0),
        "One memory for all parameters": (_adam(_T, _M, "self.v = self.beta_2 * self.v + (1 - self.beta_2) * (grad ** 2).sum()", _MH, _VH, _BY_V), 0),
        "Changed θ in place, as the library does": (_adam(_T, _M, _V, _MH, _VH, "theta -= eta * m_hat / (np.sqrt(v_hat) + self.eps)", "return theta"), 9),
    },
    "schedule": {
        "Not clamped": (_RATE + "alpha = k / tau\n    " + _LINE, 6),
        "The ends are exchanged": (_RATE + "alpha = min(k / tau, 1)\n    return alpha * eta_0 + (1 - alpha) * eta_tau", 0),
        "Counts k from 1": (_RATE + "alpha = min((k + 1) / tau, 1)\n    " + _LINE, 4),
        "One step too short": (_RATE + "alpha = min(k / (tau - 1), 1)\n    " + _LINE, 6),
        "Whole-number division": (_RATE + "alpha = min(k // tau, 1)\n    " + _LINE, 6),
        "The wrong way of clamping": (_RATE + "alpha = max(k / tau, 1)\n    " + _LINE, 0),
        "Clamped k, not k/τ": (_RATE + "alpha = min(k, 1) / tau\n    " + _LINE, 0),
        "Nothing after τ": (_RATE + "if k > tau:\n        return 0\n    alpha = k / tau\n    " + _LINE, 6),
        "Starts anew after τ": (_RATE + "alpha = (k % tau) / tau\n    " + _LINE, 4),
        "A factor instead of a straight line": (_RATE + "return eta_0 * (eta_tau / eta_0) ** min(k / tau, 1)", 6),
        "The library's own order of arguments": ("def rate(eta_0, eta_tau, tau, k):\n    alpha = min(k / tau, 1)\n    " + _LINE, 0),
        "Down to 0": (_RATE + "return max(1 - k / tau, 0) * eta_0", 0),
    },
    "xavier": {
        "Rows and columns are exchanged": (_GLOROT + _RNG + "a = np.sqrt(6 / (n_in + n_out))\n    return rng.uniform(-a, a, (n_in, n_out))", 3),
        "Forgot the 2": (_GLOROT + _RNG + "a = np.sqrt(3 / (n_in + n_out))\n    return rng.uniform(-a, a, (n_out, n_in))", 3),
        "The inputs only": (_GLOROT + _RNG + "a = np.sqrt(3 / n_in)\n    return rng.uniform(-a, a, (n_out, n_in))", 3),
        "The outputs only": (_GLOROT + _RNG + "a = np.sqrt(6 / n_out)\n    return rng.uniform(-a, a, (n_out, n_in))", 3),
        "The standard deviation as bound": (_GLOROT + _RNG + "std = np.sqrt(2 / (n_in + n_out))\n    return rng.uniform(-std, std, (n_out, n_in))", 3),
        "Forgot the root": (_GLOROT + _RNG + "a = 3 * 2 / (n_in + n_out)\n    return rng.uniform(-a, a, (n_out, n_in))", 3),
        "Variance for bound": (_GLOROT + _RNG + "var = 2 / (n_in + n_out)\n    return rng.uniform(-var, var, (n_out, n_in))", 3),
        "A normal draw": (_GLOROT + _RNG + "return rng.normal(0, np.sqrt(2 / (n_in + n_out)), (n_out, n_in))", 7),
        "The seed is ignored": (_GLOROT + "a = np.sqrt(6 / (n_in + n_out))\n    return np.random.uniform(-a, a, (n_out, n_in))", 6),
        "The same for every seed": (_GLOROT + "rng = np.random.default_rng(42)\n    a = np.sqrt(6 / (n_in + n_out))\n    return rng.uniform(-a, a, (n_out, n_in))", 6),
        "Only positive weights": (_GLOROT + _RNG + "return rng.uniform(0, np.sqrt(6 / (n_in + n_out)), (n_out, n_in))", 3),
        "Not scaled at all": (_GLOROT + _RNG + "return rng.uniform(-1, 1, (n_out, n_in))", 3),
        "The 2 below the fraction bar": (_GLOROT + _RNG + "a = np.sqrt(3 / (2 * (n_in + n_out)))\n    return rng.uniform(-a, a, (n_out, n_in))", 3),
    },
    "he": {
        "Rows and columns are exchanged": (_HE + _RNG + "return rng.normal(0, np.sqrt(2 / n_in), (n_in, n_out))", 3),
        "fan_out for fan_in": (_HE + _RNG + "return rng.normal(0, np.sqrt(2 / n_out), (n_out, n_in))", 3),
        "Forgot the 2": (_HE + _RNG + "return rng.normal(0, 1 / np.sqrt(n_in), (n_out, n_in))", 3),
        "Glorot instead of He": (_HE + _RNG + "return rng.normal(0, np.sqrt(2 / (n_in + n_out)), (n_out, n_in))", 3),
        "Variance for standard deviation": (_HE + _RNG + "return rng.normal(0, 2 / n_in, (n_out, n_in))", 3),
        "The root twice": (_HE + _RNG + "std = np.sqrt(2 / n_in)\n    return rng.normal(0, np.sqrt(std), (n_out, n_in))", 3),
        "A uniform draw": (_HE + _RNG + "a = np.sqrt(6 / n_in)\n    return rng.uniform(-a, a, (n_out, n_in))", 7),
        "The seed is ignored": (_HE + "return np.sqrt(2 / n_in) * np.random.randn(n_out, n_in)", 6),
        "The same for every seed": (_HE + "np.random.seed(1)\n    return np.sqrt(2 / n_in) * np.random.randn(n_out, n_in)", 6),
        "Only positive weights": (_HE + _RNG + "return np.sqrt(2 / n_in) * rng.random((n_out, n_in))", 2),
        "Not scaled at all": (_HE + _RNG + "return rng.normal(size=(n_out, n_in))", 3),
        "The 2 below the fraction bar": (_HE + _RNG + "return rng.normal(0, 1 / np.sqrt(2 * n_in), (n_out, n_in))", 3),
    },
    "orthogonal": {
        "Rows and columns are exchanged": (_ORTHOGONAL + _TALL + _SIGNS + "return gain * (Q if n_in >= n_out else Q.T)", 3),
        "Plain random numbers": (_ORTHOGONAL + "return gain * rng.normal(size=(n_out, n_in))", 3),
        "Unit length only": (_ORTHOGONAL + "A = rng.normal(size=(n_out, n_in))\n    return gain * A / np.linalg.norm(A, axis=0 if n_out >= n_in else 1, keepdims=True)", 3),
        "Forgot the gain": (_ORTHOGONAL + _TALL + _SIGNS + _TURN + "return Q", 3),
        "The gain twice": (_ORTHOGONAL + _TALL + _SIGNS + _TURN + "return gain ** 2 * Q", 3),
        "The root of the gain": (_ORTHOGONAL + _TALL + _SIGNS + _TURN + "return np.sqrt(gain) * Q", 3),
        "Too few columns for a wide matrix": (_ORTHOGONAL + "Q, R = np.linalg.qr(rng.normal(size=(n_out, n_in)))\n    " + _SIGNS + "return gain * Q", 3),
        "A full square for a tall matrix": (_ORTHOGONAL + "Q, R = np.linalg.qr(rng.normal(size=(n_out, n_in)), mode='complete')\n    return gain * Q", 1),
        "R instead of Q": (_ORTHOGONAL + "R, Q = np.linalg.qr(rng.normal(size=(n_out, n_in)))\n    return gain * Q", 3),
        "Without the signs": (_ORTHOGONAL + _TALL + _TURN + "return gain * Q", 7),
        "Neither signs nor wide shapes": (_ORTHOGONAL + "Q, R = np.linalg.qr(rng.normal(size=(n_out, n_in)))\n    return gain * Q", 1),
        "Scaled by the connections too": (_ORTHOGONAL + _TALL + _SIGNS + _TURN + "return gain * Q / np.sqrt(n_in)", 3),
        "The seed is ignored": (_ORTHOGONAL.replace("(seed)", "()", 1) + _TALL + _SIGNS + _TURN + "return gain * Q", 8),
        "The same for every seed": (_ORTHOGONAL.replace("default_rng(seed)", "default_rng(7)") + _TALL + _SIGNS + _TURN + "return gain * Q", 6),
    },
    "spreads": {
        "Measured before the activation": (_SPREADS + "h = a @ W.T\n        found.append(h.std())\n        a = np.tanh(h)\n    return found", 0),
        "The activation is missing": (_SPREADS + "a = a @ W.T\n        found.append(a.std())\n    return found", 0),
        "Every layer sees the inputs": (_SPREADS + "a = np.tanh(X @ W.T)\n        found.append(a.std())\n    return found", 1),
        "The inputs counted as a layer": (_SPREADS.replace("found = []", "found = [X.std()]") + "a = np.tanh(a @ W.T)\n        found.append(a.std())\n    return found", 0),
        "The last layer only": (_SPREADS + "a = np.tanh(a @ W.T)\n    return a.std()", 1),
        "Forgot the root": (_SPREADS + "a = np.tanh(a @ W.T)\n        found.append(a.var())\n    return found", 0),
        "The mean is not taken away": (_SPREADS + "a = np.tanh(a @ W.T)\n        found.append(np.sqrt((a ** 2).mean()))\n    return found", 0),
        "The mean instead of the spread": (_SPREADS + "a = np.tanh(a @ W.T)\n        found.append(a.mean())\n    return found", 0),
        "The mean size": (_SPREADS + "a = np.tanh(a @ W.T)\n        found.append(np.abs(a).mean())\n    return found", 0),
        "One number for each unit": (_SPREADS + "a = np.tanh(a @ W.T)\n        found.append(a.std(axis=0))\n    return found", 0),
        "Averaged unit by unit": (_SPREADS + "a = np.tanh(a @ W.T)\n        found.append(a.std(axis=0).mean())\n    return found", 0),
        "The spread of the weights": (_SPREADS + "a = np.tanh(a @ W.T)\n        found.append(W.std())\n    return found", 0),
        "The library's own shape of W": (_SPREADS + "a = np.tanh(a @ W)\n        found.append(a.std())\n    return found", 0),
        "Divided by n − 1": (_SPREADS + "a = np.tanh(a @ W.T)\n        found.append(np.std(a, ddof=1))\n    return found", 0),
        "ReLU instead of tanh": (_SPREADS + "a = np.maximum(a @ W.T, 0)\n        found.append(a.std())\n    return found", 0),
        "leaky ReLU instead of tanh": (_SPREADS + "h = a @ W.T\n        a = np.where(h > 0, h, 0.1 * h)\n        found.append(a.std())\n    return found", 0),
    },
    "read_tables": {
        "He and LeCun are exchanged": ("net_a, net_b, net_c, net_d = 'he', 'lecun', 'tiny', 'huge'", 2),
        "Tiny and huge are exchanged": ("net_a, net_b, net_c, net_d = 'lecun', 'he', 'huge', 'tiny'", 3),
        "Tiny and LeCun are exchanged": ("net_a, net_b, net_c, net_d = 'tiny', 'he', 'lecun', 'huge'", 2.5),
        "Huge and He are exchanged": ("net_a, net_b, net_c, net_d = 'lecun', 'huge', 'tiny', 'he'", 2.5),
        "One word for several nets": ("net_a, net_b, net_c, net_d = 'lecun', 'lecun', 'tiny', 'huge'", 3.5),
    },
    "choose_rates": {
        "A rate that is not above 0": ("eta_descent = -0.05\neta_second = 0.1", 5),
        "Descent leaps out of the valley": ("eta_descent = 0.5\neta_second = 0.1", 5),
        "Descent does not arrive": ("eta_descent = 0.001\neta_second = 0.1", 5),
        "RMSprop does not arrive": ("eta_descent = 0.05\neta_second = 0.001", 5),
        "RMSprop does not settle": ("eta_descent = 0.05\neta_second = 5", 5),
    },
}

BROKEN = {
    "raises": {"momentum": _momentum("return theta + velocity")},
    "loops for ever": {"schedule": _RATE + "while k < tau:\n        pass\n    return eta_tau"},
    "returns a function": {"adam": "Adam = lambda beta_1, beta_2, eps: np.sqrt"},
    "patches": {"he": _HE + "return np.zeros((n_out, n_in))\n\nnp.ndarray.std = None\nnp.array_equal = lambda *a: True"},
}
