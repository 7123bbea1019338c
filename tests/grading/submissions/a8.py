"""What students hand in for A8: right in five ways, each mistake once as a student would type it, and broken in four ways.

Question → what the student's cell says instead of the solution. `WRONG` gives beside each mistake's code the points that
its question still earns, worked out by hand from the question's groups.
"""

_L2, _L1 = "def add_l2(w, b, loss, d_w, d_b, lam):\n    ", "def l1_step(w, d_w, lam, eta):\n    "
_U, _SOFT = "u = w - eta * d_w\n    ", "return np.sign(u) * np.maximum(abs(u) - eta * lam, 0)"
_BN = "def batch_norm(X, gamma, beta, running_mean, running_var, eps, train):\n    "
_MODE = "if train:\n        mean, var = X.mean(axis=1), X.var(axis=1)\n    else:\n        mean, var = running_mean, running_var\n    "
_HAT = "x_hat = (X - mean[:, None]) / np.sqrt(var[:, None] + eps)\n    "
_Y = "return gamma[:, None] * x_hat + beta[:, None]"
_FOLLOW = "def follow(running_mean, running_var, X, momentum):\n    "
_NEW, _MOVED = "mean, var = X.mean(axis=1), X.var(axis=1)\n    ", "return momentum * running_mean + (1 - momentum) * mean, momentum * running_var + (1 - momentum) * var"


def _dropout(training="return X * self.mask / (1 - self.p)", use="return X", mask="self.mask = u >= self.p", back="return d_Y * self.mask / (1 - self.p)"):
    """A layer as most students write it, with one of its four lines changed."""
    return f"""
class Dropout:
    def __init__(self, p):
        self.p = p

    def forward(self, X, u, train):
        if not train:
            {use}
        {mask}
        {training}

    def backward(self, d_Y):
        {back}
"""


def _stop(better="loss < best_loss", ends="waited >= patience", returned="return last, best", start="best, best_loss, waited = 0, np.inf, 0", after="", reset="waited = 0"):
    """Early stopping as most students write it, with one of its lines changed."""
    return f"""
def early_stop(losses, patience):
    {start}
    for last, loss in enumerate(losses):
        if {better}:
            best, best_loss = last, loss
            {reset}
        else:
            waited += 1
        {after or f'if {ends}:'}
            break
    {returned}
"""


def _read(**changed):
    answers = {"left_panel": "L1", "right_panel": "L2", "zeros_l1": "4", "zeros_l2": "0", "first_zero": "w1", "best_lambda": "c", **changed}
    return "\n".join(f"{name} = {word!r}" for name, word in answers.items())


RIGHT = {
    "reference": {},
    "loops": {
        "add_l2": """
def add_l2(w, b, loss, d_w, d_b, lam):
    new = np.zeros(w.shape)
    total = loss
    for place in np.ndindex(w.shape):
        total += lam * w[place] ** 2
        new[place] = d_w[place] + 2 * lam * w[place]
    return total, new, d_b
""",
        "l1_step": """
def l1_step(w, d_w, lam, eta):
    new = np.zeros(w.shape)
    for place in np.ndindex(w.shape):
        u = w[place] - eta * d_w[place]
        if u > eta * lam:
            new[place] = u - eta * lam
        elif u < -eta * lam:
            new[place] = u + eta * lam
        else:
            new[place] = 0
    return new
""",
        "dropout": """
class Dropout:
    def __init__(self, p):
        self.p = p
        self.kept = None

    def forward(self, X, u, train):
        Y = np.zeros(X.shape)
        if train:
            self.kept = []
        for i in range(X.shape[0]):
            for j in range(X.shape[1]):
                if not train:
                    Y[i, j] = X[i, j]
                elif u[i, j] > self.p:
                    self.kept.append((i, j))
                    Y[i, j] = X[i, j] / (1 - self.p)
        return Y

    def backward(self, d_Y):
        d_X = np.zeros(d_Y.shape)
        for i, j in self.kept:
            d_X[i, j] = d_Y[i, j] / (1 - self.p)
        return d_X
""",
        "batch_norm": """
def batch_norm(X, gamma, beta, running_mean, running_var, eps, train):
    rows = []
    for d in range(len(X)):
        if train:
            mean = sum(X[d]) / len(X[d])
            var = sum((x - mean) ** 2 for x in X[d]) / len(X[d])
        else:
            mean, var = running_mean[d], running_var[d]
        rows.append([gamma[d] * (x - mean) / (var + eps) ** 0.5 + beta[d] for x in X[d]])
    return rows
""",
        "follow": """
def follow(running_mean, running_var, X, momentum):
    means, variances = [], []
    for d, row in enumerate(X):
        mean = sum(row) / len(row)
        var = sum((x - mean) ** 2 for x in row) / len(row)
        means.append(momentum * running_mean[d] + (1 - momentum) * mean)
        variances.append(momentum * running_var[d] + (1 - momentum) * var)
    return means, variances
""",
        "early_stop": """
def early_stop(losses, patience):
    k = 0
    while k < len(losses):
        best = losses.index(min(losses[:k + 1]))
        if k - best >= patience:
            return [k, best]
        k += 1
    return [len(losses) - 1, best]
""",
        "read_figure": _read(left_panel="l1"),
    },
    "other formulas": {
        "add_l2": _L2 + "return loss + lam * np.linalg.norm(w) ** 2, d_w + lam * (w + w), d_b + 0 * b",
        "l1_step": _L1 + _U + "return u - np.clip(u, -eta * lam, eta * lam)",
        "dropout": _dropout(mask="self.mask = np.where(u < self.p, 0.0, 1.0) / (1 - self.p)", training="return np.multiply(X, self.mask)", back="return np.einsum('ij,ij->ij', self.mask, d_Y)"),
        "batch_norm": """
def batch_norm(X, gamma, beta, running_mean, running_var, eps, train):
    rows = X.T
    mean, var = (rows.mean(0), (rows ** 2).mean(0) - rows.mean(0) ** 2) if train else (running_mean, running_var)
    scale = gamma / np.sqrt(var + eps)
    return (rows * scale + (beta - mean * scale)).T
""",
        "follow": _FOLLOW + _NEW + "return running_mean + (1 - momentum) * (mean - running_mean), running_var + (1 - momentum) * (var - running_var)",
        "early_stop": """
def early_stop(losses, patience):
    lowest = np.minimum.accumulate(losses)
    for last in range(len(losses)):
        best = int(np.argmin(losses[:last + 1]))
        if last >= patience and lowest[last] == lowest[last - patience]:
            break
    return np.array([last, best])
""",
        "read_figure": _read(best_lambda=" C "),
    },
    "float32": {
        "add_l2": _L2 + "w32 = np.float32(w)\n    return np.float32(loss) + np.float32(lam) * np.sum(w32 * w32), np.float32(d_w) + np.float32(2 * lam) * w32, np.float32(d_b)",
        "l1_step": _L1 + "u = np.float32(w) - np.float32(eta) * np.float32(d_w)\n    return np.maximum(u - np.float32(eta * lam), 0) + np.minimum(u + np.float32(eta * lam), 0)",
        "dropout": _dropout(mask="self.mask = (u > self.p).astype(np.float32) / np.float32(1 - self.p)", training="return X.astype(np.float32) * self.mask", back="return np.float32(d_Y) * self.mask", use="return np.float32(X)"),
        "batch_norm": _BN + "X, running_mean, running_var = (np.float32(value) for value in (X, running_mean, running_var))\n    " + _MODE + _HAT + "return np.float32(gamma[:, None]) * x_hat + np.float32(beta[:, None])",
        "follow": _FOLLOW + "X = X.astype(np.float32)\n    " + _NEW + "return [np.float32(momentum * running_mean) + np.float32(1 - momentum) * mean, np.float32(momentum * running_var) + np.float32(1 - momentum) * var]",
        "early_stop": _stop(start="losses = np.float32(losses)\n    best, best_loss, waited = 0, np.inf, 0", returned="return np.float32(last), np.int32(best)"),
        "read_figure": _read(first_zero=" W1"),
    },
    "talkative": {
        "add_l2": _L2 + "price = 0.0\n    for row in np.atleast_2d(w):\n        price = price + lam * row @ row\n    print('price', price)\n    return [loss + price, (d_w + 2 * lam * w).tolist(), d_b]",
        "l1_step": _L1 + "u = w - eta * d_w\n    print('before', u)\n    size = np.abs(u) - eta * lam\n    size[size < 0] = 0\n    return (np.where(u > 0, 1, -1) * size).tolist()",
        "dropout": """
import warnings


class Layer:
    def backward(self, d_Y):
        out = d_Y.copy()
        out[~self.mask] = 0
        return out / self.keep


class Dropout(Layer):
    def __init__(self, p):
        self.drop, self.keep = p, 1 - p

    def forward(self, X, u, train):
        warnings.warn("forward")
        print("train" if train else "in use")
        if train:
            self.mask = u >= self.drop
            out = X.copy()
            out[~self.mask] = 0
            return out / self.keep
        return X.copy()
""",
        "batch_norm": _BN + "print(X.shape)\n    Y = np.zeros(X.shape)\n    for d, row in enumerate(X):\n        m, v = (np.mean(row), np.var(row)) if train else (running_mean[d], running_var[d])\n        Y[d] = gamma[d] * ((row - m) / np.sqrt(v + eps)) + beta[d]\n    np.log(np.zeros(1))\n    return Y",
        "follow": _FOLLOW + "print(momentum)\n    " + _NEW + "both = momentum * np.array([running_mean, running_var]) + (1 - momentum) * np.array([mean, var])\n    return both",
        "early_stop": _stop(after="print(last, loss, waited)\n        if waited == patience:", returned="return (last, losses.index(min(losses[:last + 1])))"),
        "read_figure": _read(zeros_l2="0 "),
    },
}

WRONG = {
    "add_l2": {
        "The library's own convention": (_L2 + "return loss + lam * np.sum(w ** 2) / 2, d_w + lam * w, d_b", 2),
        "λ for 2λ": (_L2 + "return loss + lam * np.sum(w ** 2), d_w + lam * w, d_b", 5),
        "A ½ in the loss": (_L2 + "return loss + 0.5 * lam * np.sum(w ** 2), d_w + 2 * lam * w, d_b", 6),
        "The bias pays too": (_L2 + "return loss + lam * (np.sum(w ** 2) + b ** 2), d_w + 2 * lam * w, d_b + 2 * lam * b", 5),
        "The price is missing in the loss": (_L2 + "return loss, d_w + 2 * lam * w, d_b", 6),
        "The price is missing in the slopes": (_L2 + "return loss + lam * np.sum(w ** 2), d_w, d_b", 5),
        "The price alone": (_L2 + "return lam * np.sum(w ** 2), 2 * lam * w, d_b", 1),
        "Minus instead of plus": (_L2 + "return loss - lam * np.sum(w ** 2), d_w - 2 * lam * w, d_b", 2),
        "The norm without its square": (_L2 + "norm = np.sqrt(np.sum(w ** 2))\n    return loss + lam * norm, d_w + lam * w / norm, d_b", 2),
        "The mean of the squares": (_L2 + "return loss + lam * np.mean(w ** 2), d_w + 2 * lam * w / w.size, d_b", 2),
        "A slope without w": (_L2 + "return loss + lam * np.sum(w ** 2), d_w + 2 * lam, d_b", 5),
        "L1 instead of L2": (_L2 + "return loss + lam * np.sum(abs(w)), d_w + lam * np.sign(w), d_b", 2),
        "Changed d_w in place, as the library does": (_L2 + "d_w += 2 * lam * w\n    return loss + lam * np.sum(w ** 2), d_w, d_b", 9),
    },
    "l1_step": {
        "The threshold without η": (_L1 + _U + "return np.sign(u) * np.maximum(abs(u) - lam, 0)", 1),
        "Past zero": (_L1 + _U + "return u - eta * lam * np.sign(u)", 4),
        "The sign is lost": (_L1 + _U + "return np.maximum(abs(u) - eta * lam, 0)", 0),
        "Negative weights become 0": (_L1 + _U + "return np.maximum(u - eta * lam, 0)", 0),
        "Cut, and not shrunk": (_L1 + _U + "return np.where(abs(u) <= eta * lam, 0, u)", 1),
        "Shrunk as by L2": (_L1 + _U + "return u / (1 + eta * lam)", 1),
        "The subgradient": (_L1 + "return w - eta * (d_w + lam * np.sign(w))", 1),
        "The library's own convention": (_L1 + "return np.sign(w) * np.maximum(np.abs(w) - eta * lam, 0)", 0),
        "The price before the step": (_L1 + "w = np.sign(w) * np.maximum(np.abs(w) - eta * lam, 0)\n    return w - eta * d_w", 1),
        "Up the slope": (_L1 + "u = w + eta * d_w\n    " + _SOFT, 0),
        "The old weight's sign": (_L1 + _U + "return np.sign(w) * np.maximum(abs(u) - eta * lam, 0)", 0),
        "A factor 2": (_L1 + _U + "return np.sign(u) * np.maximum(abs(u) - 2 * eta * lam, 0)", 1),
        "What was taken off": (_L1 + _U + "return np.clip(u, -eta * lam, eta * lam)", 0),
        "The mean instead of the sum": (_L1 + _U + "return np.sign(u) * np.maximum(abs(u) - eta * lam / w.size, 0)", 1),
        "Changed w in place": (_L1 + "w -= eta * d_w\n    small = abs(w) <= eta * lam\n    w -= eta * lam * np.sign(w)\n    w[small] = 0\n    return w", 9),
    },
    "dropout": {
        "Keep and drop are exchanged": (_dropout("return X * self.mask / self.p", mask="self.mask = u >= 1 - self.p", back="return d_Y * self.mask / self.p"), 15),
        "The mask is turned round": (_dropout(mask="self.mask = u < self.p"), 15),
        "Small u kept, as the library does": (_dropout(mask="self.mask = u < 1 - self.p"), 15),
        "Scaled by drop": (_dropout("return X * self.mask / self.p", back="return d_Y * self.mask / self.p"), 15),
        "Multiplied instead of divided": (_dropout("return X * self.mask * (1 - self.p)", back="return d_Y * self.mask * (1 - self.p)"), 15),
        "Not scaled at all": (_dropout("return X * self.mask", back="return d_Y * self.mask"), 15),
        "Scaled twice": (_dropout(use="return X * (1 - self.p)"), 19),
        "Scaled in use instead of training": (_dropout("return X * self.mask", use="return X * (1 - self.p)", back="return d_Y * self.mask"), 10),
        "Dropout in use": (_dropout(use="pass"), 19),
        "Backward without the mask": (_dropout(back="return d_Y"), 14),
        "The mask is drawn anew in backward": (_dropout(back="return d_Y * (np.random.default_rng(1).random(d_Y.shape) >= self.p) / (1 - self.p)"), 14),
        "One mask for all layers": (_dropout(mask="Dropout.mask = u >= self.p"), 21),
        "Changed X in place": (_dropout("X *= self.mask / (1 - self.p)\n        return X"), 24),
        "Backward without the factor": (_dropout(back="return d_Y * self.mask"), 14),
    },
    "batch_norm": {
        "Running numbers in training": (_BN + "mean, var = running_mean, running_var\n    " + _HAT + _Y, 9),
        "The batch's numbers in use": (_BN + "mean, var = X.mean(axis=1), X.var(axis=1)\n    " + _HAT + _Y, 10),
        "The two modes are exchanged": (_BN + _MODE.replace("if train", "if not train") + _HAT + _Y, 0),
        "Divided by N − 1": (_BN + _MODE.replace("X.var(axis=1)", "X.var(axis=1, ddof=1)") + _HAT + _Y, 9),
        "The wrong axis": (_BN + _MODE.replace("axis=1", "axis=0") + _HAT + _Y, 9),
        "One mean for everything": (_BN + "if train:\n        x_hat = (X - X.mean()) / np.sqrt(X.var() + eps)\n    else:\n        x_hat = (X - running_mean[:, None]) / np.sqrt(running_var[:, None] + eps)\n    " + _Y, 9),
        "ε outside the root": (_BN + _MODE + "x_hat = (X - mean[:, None]) / (np.sqrt(var[:, None]) + eps)\n    " + _Y, 0),
        "ε left out": (_BN + _MODE + "x_hat = (X - mean[:, None]) / np.sqrt(var[:, None])\n    " + _Y, 0),
        "Forgot the root": (_BN + _MODE + "x_hat = (X - mean[:, None]) / (var[:, None] + eps)\n    " + _Y, 0),
        "The mean is not taken away": (_BN + _MODE + "x_hat = X / np.sqrt(var[:, None] + eps)\n    " + _Y, 0),
        "γ and β are exchanged": (_BN + _MODE + _HAT + "return beta[:, None] * x_hat + gamma[:, None]", 0),
        "γ is left out": (_BN + _MODE + _HAT + "return x_hat + beta[:, None]", 0),
        "β is left out": (_BN + _MODE + _HAT + "return gamma[:, None] * x_hat", 0),
        "The shift is scaled too": (_BN + _MODE + _HAT + "return gamma[:, None] * (x_hat + beta[:, None])", 0),
        "Changed X in place": (_BN + _MODE + "X -= mean[:, None]\n    X /= np.sqrt(var[:, None] + eps)\n    X *= gamma[:, None]\n    X += beta[:, None]\n    return X", 19),
    },
    "follow": {
        "The library's own convention": (_FOLLOW + _NEW + "return (1 - momentum) * running_mean + momentum * mean, (1 - momentum) * running_var + momentum * var", 0),
        "Divided by N − 1, as in the library": (_FOLLOW + _NEW.replace("X.var(axis=1)", "X.var(axis=1, ddof=1)") + _MOVED, 4),
        "Nothing old is kept": (_FOLLOW + _NEW + "return mean, var", 0),
        "The old counts in full": (_FOLLOW + _NEW + "return running_mean + (1 - momentum) * mean, running_var + (1 - momentum) * var", 0),
        "The new counts in full": (_FOLLOW + _NEW + "return momentum * running_mean + mean, momentum * running_var + var", 0),
        "A plain average": (_FOLLOW + _NEW + "return (running_mean + mean) / 2, (running_var + var) / 2", 0),
        "The standard deviation follows": (_FOLLOW + _NEW.replace("X.var", "X.std") + _MOVED, 4),
        "The mean of the squares": (_FOLLOW + _NEW.replace("X.var(axis=1)", "(X ** 2).mean(axis=1)") + _MOVED, 4),
        "Around the running mean": (_FOLLOW + _NEW.replace("X.var(axis=1)", "((X - running_mean[:, None]) ** 2).mean(axis=1)") + _MOVED, 4),
        "The variance stays as it was": (_FOLLOW + _NEW + "return momentum * running_mean + (1 - momentum) * mean, running_var", 4),
        "Nothing follows": (_FOLLOW + "return running_mean, running_var", 0),
        "Variance first": (_FOLLOW + _NEW + "return momentum * running_var + (1 - momentum) * var, momentum * running_mean + (1 - momentum) * mean", 0),
        "The wrong axis": (_FOLLOW + _NEW.replace("axis=1", "axis=0") + _MOVED, 0),
        "One mean for everything": (_FOLLOW + "mean, var = X.mean(), X.var()\n    " + _MOVED, 0),
        "Changed the running numbers in place, as the library does": (_FOLLOW + _NEW + "running_mean += (1 - momentum) * (mean - running_mean)\n    running_var += (1 - momentum) * (var - running_var)\n    return running_mean, running_var", 9),
    },
    "early_stop": {
        "The last epoch for the best": (_stop(returned="return last, last"), 4),
        "Looks into the future": (_stop(returned="return last, int(np.argmin(losses))"), 6),
        "Never stops": ("def early_stop(losses, patience):\n    return len(losses) - 1, losses.index(min(losses))", 2),
        "No patience": (_stop(ends="waited > 0"), 0),
        "One epoch too early": (_stop(ends="waited >= patience - 1 and waited > 0"), 0),
        "One epoch too late": (_stop(ends="waited > patience"), 2),
        "The count never starts anew": (_stop(reset="pass"), 0),
        "A tie counts as better": (_stop(better="loss <= best_loss"), 0),
        "Compared with the epoch before": ("""
def early_stop(losses, patience):
    rises, best = 0, 0
    for last in range(1, len(losses)):
        if losses[last] < losses[best]:
            best = last
        rises = rises + 1 if losses[last] > losses[last - 1] else 0
        if rises == patience:
            break
    return last, best
""", 2),
        "Counts from 1": (_stop(returned="return last + 1, best + 1"), 0),
        "The two are exchanged": (_stop(returned="return best, last"), 0),
        "The loss instead of the epoch": (_stop(returned="return last, best_loss"), 4),
        "Patience counted back": (_stop(returned="return last, last - patience"), 8),
        "The largest loss": (_stop(returned="return last, losses.index(max(losses[:last + 1]))"), 4),
    },
    "read_figure": {
        "The two panels are exchanged": (_read(left_panel="L2", right_panel="L1"), 11),
        "Both panels the same": (_read(left_panel="L1", right_panel="L1"), 13),
        "Small is taken for 0": (_read(zeros_l2="2"), 12.5),
        "Those that are left are counted": (_read(zeros_l1="1"), 12.5),
        "The largest weight first": (_read(first_zero="w5"), 12),
        "The λ that the training rows like": (_read(best_lambda="a"), 12),
        "The largest λ": (_read(best_lambda="d"), 12),
    },
}

BROKEN = {
    "raises": {"add_l2": _L2 + "return loss + price"},
    "loops for ever": {"early_stop": "def early_stop(losses, patience):\n    while True:\n        pass"},
    "returns a function": {"dropout": "Dropout = lambda p: np.sqrt"},
    "patches": {"batch_norm": _BN + "return np.zeros(X.shape)\n\nnp.ndarray.mean = None\nnp.array_equal = lambda *a: True"},
}
