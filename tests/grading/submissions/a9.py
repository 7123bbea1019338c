"""What students hand in for A9, convolution, clinic and report, in the term without a name: right in five ways, each mistake once, as typed.

There the kernel is laid on as it is, `padding` zeros stand on each side, W is (K, rows, columns) and a map (N, K, R, C).
The six runs: first weights too large; inputs not scaled; zeros and a strong penalty; learned by heart; a large rate on inputs that are not scaled; a strong penalty.
"""

TRUTH = ("first weights too large", "inputs not scaled", "all weights zero", "learned by heart", "rate too large", "penalty too strong")
CURED = ({"weights": "glorot"}, {"inputs": "standardized"}, {"weights": "he", "penalty": 0}, {"penalty": .03}, {"eta": .1, "inputs": "standardized"}, {"penalty": 0})


def _diagnosed(**other):
    """The right diagnoses with others for some runs."""
    return "\n".join(f"run_{place} = {other.get(f'run_{place}', truth)!r}" for place, truth in enumerate(TRUTH, 1))


def _cured(**other):
    """The right cures with others for some runs."""
    return "\n".join(f"cure_{place} = {other.get(f'cure_{place}', cure)!r}" for place, cure in enumerate(CURED, 1))


RIGHT = {
    "reference": {},
    "loops and lists": {
        "convolve": """
def convolve(X, W, b, stride, padding):
    (up, side), (down, right) = padding, stride
    N, H, B = X.shape
    K, kr, kc = W.shape

    def pixel(n, r, c):
        r, c = r - up, c - side
        return X[n, r, c] if 0 <= r < H and 0 <= c < B else 0.0

    R = (H + 2 * up - kr) // down + 1
    C = (B + 2 * side - kc) // right + 1
    maps = []
    for n in range(N):
        maps.append([])
        for k in range(K):
            rows = []
            for r in range(R):
                row = []
                for c in range(C):
                    total = b[k]
                    for i in range(kr):
                        for j in range(kc):
                            total += W[k, i, j] * pixel(n, r * down + i, c * right + j)
                    row.append(total)
                rows.append(row)
            maps[n].append(rows)
    return maps
""",
        "gradients": """
def gradients(X, W, stride, padding, d_h):
    N, H, B = X.shape
    K, kr, kc = W.shape
    d_W, d_b, d_X = np.zeros(W.shape), [0.0] * K, np.zeros(X.shape)
    for n, k, r, c in np.ndindex(*d_h.shape):
        slope = d_h[n, k, r, c]
        d_b[k] += slope
        for i in range(kr):
            for j in range(kc):
                y, x = r * stride[0] + i - padding[0], c * stride[1] + j - padding[1]
                if 0 <= y < H and 0 <= x < B:
                    d_W[k, i, j] += slope * X[n, y, x]
                    d_X[n, y, x] += slope * W[k, i, j]
    return [d_W.tolist(), d_b, d_X.tolist()]
""",
        "diagnoses": "run_1, run_2, run_3, run_4, run_5, run_6 = [word.upper() for word in (TRUTH)]",
        "cures": """
cure_1 = dict(weights="small")
cure_2 = dict(inputs="Standardized", eta=0.2)
cure_3 = dict(weights="glorot", penalty=0.003)
cure_4 = dict(epochs=5)
cure_5 = dict(inputs="standardized", rule="Adam", eta=0.005)
cure_6 = dict(penalty=0.01)
""",
    },
    "shifted pictures": {
        "convolve": """
def convolve(X, W, b, stride, padding):
    P = np.pad(X, ((0, 0), (padding[0],) * 2, (padding[1],) * 2))
    K, kr, kc = W.shape
    full = np.zeros((X.shape[0], K, P.shape[1] - kr + 1, P.shape[2] - kc + 1))
    for i in range(kr):
        for j in range(kc):
            full += W[:, i, j][None, :, None, None] * P[:, None, i:i + full.shape[2], j:j + full.shape[3]]
    return full[:, :, ::stride[0], ::stride[1]] + b.reshape(1, -1, 1, 1)
""",
        "gradients": """
def gradients(X, W, stride, padding, d_h):
    P = np.pad(X, ((0, 0), (padding[0],) * 2, (padding[1],) * 2))
    dP, dW = np.zeros(P.shape), np.zeros(W.shape)
    for i in range(W.shape[1]):
        for j in range(W.shape[2]):
            where = np.s_[:, i:i + stride[0] * d_h.shape[2]:stride[0], j:j + stride[1] * d_h.shape[3]:stride[1]]
            seen = P[where][:, :d_h.shape[2], :d_h.shape[3]]
            dW[:, i, j] = (d_h * seen[:, None]).sum(axis=(0, 2, 3))
            dP[where] += (d_h * W[None, :, i, j, None, None]).sum(axis=1)
    return dW, np.sum(d_h, axis=(0, 2, 3)), dP[:, padding[0]:P.shape[1] - padding[0], padding[1]:P.shape[2] - padding[1]]
""",
        "diagnoses": "run_1, run_2, run_3, run_4, run_5, run_6 = ['  ' + word.replace(' ', '_') for word in (TRUTH)]\nrun_3, run_5 = 'penalty too strong', 'inputs not scaled'",
        "cures": """
cure_1 = {"weights": "he", "activation": "relu"}
cure_2 = {"inputs": "standardized", "rule": "momentum", "eta": 0.01}
cure_3 = {"weights": "small", "penalty": 1e-4, "epochs": 40}
cure_4 = {"dropout": 0.5}
cure_5 = {"inputs": "standardized", "eta": 0.03, "epochs": 40}
cure_6 = {"penalty": 0.0, "epochs": 40}
""",
    },
    "float32, rows of windows": {
        "convolve": """
def convolve(X, W, b, stride, padding):
    X, W, b = np.float32(X), np.float32(W), np.float32(b)
    print("shapes", X.shape, W.shape)
    P = np.pad(X, [(0, 0)] + [(p, p) for p in padding])
    kr, kc = W.shape[1:]
    starts_r = range(0, P.shape[1] - kr + 1, stride[0])
    starts_c = range(0, P.shape[2] - kc + 1, stride[1])
    windows = np.array([[P[:, r:r + kr, c:c + kc].reshape(len(X), -1) for c in starts_c] for r in starts_r])
    return np.transpose(windows @ W.reshape(len(W), -1).T + b, (2, 3, 0, 1))
""",
        "gradients": """
import warnings

def gradients(X, W, stride, padding, d_h):
    warnings.warn("slow")
    X, W, d_h = np.float32(X), np.float32(W), np.float32(d_h)
    kr, kc = W.shape[1:]
    P = np.pad(X, [(0, 0)] + [(p, p) for p in padding])
    V, d_V, d_P = W.reshape(len(W), -1), np.zeros((len(W), kr * kc), np.float32), np.zeros_like(P)
    for r in range(d_h.shape[2]):
        for c in range(d_h.shape[3]):
            y, x = stride[0] * r, stride[1] * c
            d_V += d_h[:, :, r, c].T @ P[:, y:y + kr, x:x + kc].reshape(len(X), -1)
            d_P[:, y:y + kr, x:x + kc] += (d_h[:, :, r, c] @ V).reshape(-1, kr, kc)
    H, B = X.shape[1:]
    return d_V.reshape(W.shape), np.einsum("nkrc->k", d_h), d_P[:, padding[0]:padding[0] + H, padding[1]:padding[1] + B]
""",
        "diagnoses": "run_1, run_2, run_3, run_4, run_5, run_6 = [word.replace(' ', '-') for word in (TRUTH)]",
        "cures": """
cure_1 = {"weights": "glorot", "eta": 0.1, "units": 50}
cure_2 = {"inputs": "standardized", "hidden_layers": 1}
cure_3 = {"weights": "glorot", "penalty": 0, "activation": "tanh"}
cure_4 = {"penalty": 0.05}
cure_5 = {"eta": np.float64(0.05), "inputs": "standardized"}
cure_6 = {"penalty": 0.03, "units": 60}
""",
    },
    "classes and a matrix of the whole": {
        "convolve": """
class Convolution:
    def __call__(self, X, W, b, stride, padding):
        N, H, B = X.shape
        self.places(H, B, W.shape[1:], stride, padding)
        M = np.zeros((len(W), self.R, self.C, H, B))
        for k, r, c, i, j in np.ndindex(len(W), self.R, self.C, *W.shape[1:]):
            y, x = r * stride[0] + i - padding[0], c * stride[1] + j - padding[1]
            if 0 <= y < H and 0 <= x < B:
                M[k, r, c, y, x] = W[k, i, j]
        return np.tensordot(X, M, axes=([1, 2], [3, 4])) + np.reshape(b, (-1, 1, 1))

    def places(self, H, B, size, stride, padding):
        self.R, self.C = ((n + 2 * p - k) // s + 1 for n, p, k, s in zip((H, B), padding, size, stride))

convolve = Convolution()
""",
        "gradients": """
def gradients(X, W, stride, padding, d_h):
    # The convolution is linear in W and in X: push every unit through it.
    def forward(X, W):
        P = np.pad(X, ((0, 0), (padding[0],) * 2, (padding[1],) * 2))
        v = np.lib.stride_tricks.sliding_window_view(P, W.shape[1:], axis=(1, 2))[:, ::stride[0], ::stride[1]]
        return np.einsum("nrcij,kij->nkrc", v, W)

    d_W, d_X = np.zeros(W.shape), np.zeros(X.shape)
    for place in np.ndindex(W.shape):
        unit = np.zeros(W.shape)
        unit[place] = 1
        d_W[place] = np.sum(forward(X, unit) * d_h)
    for y, x in np.ndindex(X.shape[1:]):
        unit = np.zeros(X.shape)
        unit[:, y, x] = 1
        d_X[:, y, x] = np.sum(forward(unit, W) * d_h, axis=(1, 2, 3))
    return tuple([d_W, tuple(d_h.sum(axis=(0, 2, 3))), d_X])
""",
        "diagnoses": "run_1, run_2, run_3, run_4, run_5, run_6 = [word.title() for word in (TRUTH)]",
        "cures": """
healthy = {"inputs": "standardized", "weights": "he"}
cure_1 = {"weights": healthy["weights"], "epochs": 30}
cure_2 = {"inputs": "standardized", "hidden_layers": 2, "units": 40, "penalty": 0.001, "eta": 0.1, "weights": "he"}      # what is as it was does not count
cure_3 = {"weights": "he", "penalty": 0, "rule": "momentum"}
cure_4 = {"eta": 0.005}
cure_5 = {"inputs": "standardized", "eta": 0.2, "hidden_layers": 1}
cure_6 = {"penalty": 0.001}
""",
    },
}

for _cells in RIGHT.values():
    if "diagnoses" in _cells:
        _cells["diagnoses"] = _cells["diagnoses"].replace("(TRUTH)", repr(TRUTH))

_FORWARD = """def convolve(X, W, b, stride, padding):
    P = np.pad(X, ((0, 0), (padding[0], padding[0]), (padding[1], padding[1])))
    K, kr, kc = W.shape
    R = (P.shape[1] - kr) // stride[0] + 1
    C = (P.shape[2] - kc) // stride[1] + 1
    h = np.zeros((len(X), K, R, C))
    for n in range(len(X)):
        for k in range(K):
            for r in range(R):
                for c in range(C):
                    window = P[n, r * stride[0]:r * stride[0] + kr, c * stride[1]:c * stride[1] + kc]
                    h[n, k, r, c] = np.sum(window * W[k]) + b[k]
    return h"""

_BACK = """def gradients(X, W, stride, padding, d_h):
    P = np.pad(X, ((0, 0), (padding[0], padding[0]), (padding[1], padding[1])))
    N, K, R, C = d_h.shape
    kr, kc = W.shape[1:]
    d_W, d_P = np.zeros(W.shape), np.zeros(P.shape)
    for n in range(N):
        for r in range(R):
            for c in range(C):
                y, x = r * stride[0], c * stride[1]
                slopes = d_h[n, :, r, c]
                d_W += slopes[:, None, None] * P[n, y:y + kr, x:x + kc]
                d_P[n, y:y + kr, x:x + kc] += np.tensordot(slopes, W, 1)
    d_b = d_h.sum(axis=(0, 2, 3))
    d_X = d_P[:, padding[0]:padding[0] + X.shape[1], padding[1]:padding[1] + X.shape[2]]
    return d_W, d_b, d_X"""


def _with(cell, *changes):
    """The right cell with pieces changed; each piece must be there."""
    for old, new in zip(changes[::2], changes[1::2], strict=True):
        assert old in cell, f"{old!r} is not in the cell"
        cell = cell.replace(old, new)
    return cell


_PAD = "((0, 0), (padding[0], padding[0]), (padding[1], padding[1]))"


def _forward_steps(down, right):
    """The right forward with other strides."""
    return _with(_FORWARD.replace("stride[0]", "DOWN").replace("stride[1]", "RIGHT"), "DOWN", down, "RIGHT", right)


def _back_steps(down, right):
    return _with(_BACK, "r * stride[0]", f"r * {down}", "c * stride[1]", f"c * {right}")


WRONG = {
    "convolve": {
        "The kernel is turned round": (_with(_FORWARD, "window * W[k]", "window * W[k][::-1, ::-1]"), 0),
        "The kernel is mirrored along one axis": (_with(_FORWARD, "window * W[k]", "window * np.fliplr(W[k])"), 0),
        "The padding in total": (_with(_FORWARD, _PAD, "((0, 0), (padding[0] // 2, padding[0] - padding[0] // 2), (padding[1] // 2, padding[1] - padding[1] // 2))"), 6),     # where there is padding
        "Forgot the padding": (_with(_FORWARD, f"np.pad(X, {_PAD})", "X"), 6),
        "The padding on one side only": (_with(_FORWARD, _PAD, "((0, 0), (padding[0], 0), (padding[1], 0))"), 6),
        "Padding off by one": (_with(_FORWARD, "    P = ", "    padding = [p + 1 if p else 0 for p in padding]\n    P = "), 6),
        "Row and column of the padding exchanged": (_with(_FORWARD, "    P = ", "    padding = padding[1], padding[0]\n    P = "), 6),
        "The window walks by one": (_forward_steps("1", "1"), 6),                                                        # where the stride is not 1
        "The stride on one axis only": (_forward_steps("1", "stride[1]"), 6),
        "The same stride for both axes": (_forward_steps("stride[0]", "stride[0]"), 6),
        "Row and column of the stride exchanged": (_forward_steps("stride[1]", "stride[0]"), 6),
        "One place too few": (_FORWARD.replace(" + 1\n", "\n"), 0),
        "The frame is not counted": (_with(_FORWARD, "R = (P.shape[1] - kr)", "R = (X.shape[1] - kr)", "C = (P.shape[2] - kc)", "C = (X.shape[2] - kc)"), 6),
        "The bias is added with every product": (_with(_FORWARD, "np.sum(window * W[k]) + b[k]", "np.sum(window * W[k] + b[k])"), 0),
        "Forgot the bias": (_with(_FORWARD, " + b[k]", ""), 0),
        "The bias is taken away": (_with(_FORWARD, " + b[k]", " - b[k]"), 0),
        "One bias for all kernels": (_with(_FORWARD, " + b[k]", " + b[0]"), 1),                                          # one kernel
        "The mean of the window in place of the sum": (_with(_FORWARD, "np.sum", "np.mean"), 0),
        "The kernel lies on its side": (_with(_FORWARD, "window * W[k]", "window * W[k].T"), 0),
        "The first picture only": (_with(_FORWARD, "np.zeros((len(X), K", "np.zeros((1, K", "range(len(X))", "range(1)"), 1),       # one picture
        "The kernels' maps are added up": (_with(_FORWARD, "(len(X), K, R, C)", "(len(X), R, C)", "h[n, k, r, c] =", "h[n, r, c] +="), 0),
        "The library's own convention": (_with(_FORWARD, "(len(X), K, R, C)", "(len(X), R, C, K)", "h[n, k, r, c]", "h[n, r, c, k]"), 0),
    },
    "gradients": {
        "= instead of +=: the overlap is lost": (_with(_BACK, "x:x + kc] += np", "x:x + kc] = np"), 5),                   # kernels and biases
        "The way back of a turned kernel": (_with(_BACK, "np.tensordot(slopes, W, 1)", "np.tensordot(slopes, W[:, ::-1, ::-1], 1)", "return d_W,", "return d_W[:, ::-1, ::-1],"), 1),
        "d_X with the kernel the other way round": (_with(_BACK, "np.tensordot(slopes, W, 1)", "np.tensordot(slopes, W[:, ::-1, ::-1], 1)"), 5),
        "d_W the other way round": (_with(_BACK, "return d_W,", "return np.rot90(d_W, 2, axes=(1, 2)),"), 5),
        "The frame is not cut off": (_with(_BACK, "    d_X = d_P[:, padding[0]:padding[0] + X.shape[1], padding[1]:padding[1] + X.shape[2]]\n", "", "d_b, d_X", "d_b, d_P"), 12),
        "The frame is cut off on the wrong side": (_with(_BACK, "d_P[:, padding[0]:padding[0] + X.shape[1], padding[1]:padding[1] + X.shape[2]]", "d_P[:, :X.shape[1], :X.shape[2]]"), 12),
        "The stride on one axis only": (_back_steps("1", "stride[1]"), 10),
        "The stride is forgotten on the way back": (_back_steps("1", "1"), 10),
        "The padding the other way": (_with(_BACK, _PAD, "((0, 0), (0, 2 * padding[0]), (0, 2 * padding[1]))", "d_P[:, padding[0]:padding[0] + X.shape[1], padding[1]:padding[1] + X.shape[2]]", "d_P[:, :X.shape[1], :X.shape[2]]"), 12),
        "Forgot the padding on the way back": (_with(_BACK, f"np.pad(X, {_PAD})", "X", "d_P[:, padding[0]:padding[0] + X.shape[1], padding[1]:padding[1] + X.shape[2]]", "d_P"), 12),
        "The mean over the pictures": (_with(_BACK, "return d_W, d_b, d_X", "return d_W / N, d_b / N, d_X / N"), 1),
        "The last picture only": (_with(_BACK, "    for n in range(N):\n", "    for n in range(N):\n        d_W = np.zeros(W.shape)\n"), 6),
        "The sign is turned round": (_with(_BACK, "return d_W, d_b, d_X", "return -d_W, -d_b, -d_X"), 0),
        "All biases together": (_with(_BACK, "d_h.sum(axis=(0, 2, 3))", "np.full(K, d_h.sum())"), 9),                     # kernels, pictures, one kernel
        "The bias counted with every product": (_with(_BACK, "d_h.sum(axis=(0, 2, 3))", "d_h.sum(axis=(0, 2, 3)) * kr * kc"), 8),
        "The mean of the slopes for the bias": (_with(_BACK, "d_h.sum(axis=(0, 2, 3))", "d_h.mean(axis=(0, 2, 3))"), 8),
        "The kernels' axis in another place": (_with(_BACK, "return d_W,", "return d_W.transpose(1, 2, 0),"), 5),
        "Returned in another order": (_with(_BACK, "return d_W, d_b, d_X", "return d_X, d_b, d_W"), 1),                   # the biases stand where they should
    },
    "diagnoses": {                                                                                                        # five of six
        "Too slow and too fast exchanged": (_diagnosed(run_5="rate too small"), 10),
        "A brake named where nothing is held back": (_diagnosed(run_4="network too small"), 10),
        "Two parting curves are one sign": (_diagnosed(run_4="rate too large"), 10),
        "Learned by heart, with both curves high": (_diagnosed(run_6="learned by heart"), 10),
        "A flat curve is not always the rate": (_diagnosed(run_3="rate too small", run_6="rate too small"), 8),
        "The inputs were blamed": (_diagnosed(run_1="inputs not scaled"), 10),
        "The network was blamed for its inputs": (_diagnosed(run_2="network too small"), 10),
        "Another fault of the start": (_diagnosed(run_3="vanishing gradient"), 10),
        "Another brake": (_diagnosed(run_6="dropout too strong"), 10),
        "Another cause": (_diagnosed(run_6="all weights zero"), 10),
    },
    "cures": {                                                                                                            # five of six are well; the sixth may be better than it was
        "Only more epochs": (_cured(cure_6={"epochs": 60}), 15),
        "A smaller rate for inputs that are not scaled": (_cured(cure_2={"eta": 1e-5}), 15),
        "A brake for a run that does not learn": (_cured(cure_2={"dropout": .5, "penalty": .1}), 15),
        "Another rate, where the rate is not the cause": (_cured(cure_1={"eta": 10}), 16),
        "A larger network for one that learns by heart": (_cured(cure_4={"units": 60}), 16),
        "A larger network, where its size is not the cause": (_cured(cure_1={"units": 100}), 15),
        "Fewer epochs for a run that has not learned": (_cured(cure_2={"epochs": 3}), 15),
        "One of two causes": (_cured(cure_5={"inputs": "standardized"}), 15),
        "The right medicine, the wrong dose": (_cured(cure_6={"penalty": .3}), 16),
        "Nothing was changed": (_cured(cure_3={"weights": "zeros"}), 15),
        "Everything was changed": (_cured(cure_1={"weights": "he", "activation": "relu", "rule": "Adam", "eta": .005}), 15),
        "Another cause was treated": (_cured(cure_2={"rule": "Adam"}), 15),
    },
}
